//! `swapline serve`.

use super::{open, say};
use crate::app::{self, StopSignals};
use crate::clock::Clock;
use crate::config::Config;
use crate::reference::Reference;
use anyhow::Context as _;
use std::net::TcpListener;
use std::sync::Arc;

/// Serves the API, posts letters and watches deadlines until told to stop.
pub async fn run(config: Config) -> anyhow::Result<()> {
    let reference = Reference::load(config.program.file.as_deref()).context("reference data")?;
    let db = open(&config).await?;
    let desk = app::desk(&config, db, reference, Arc::new(Clock::System)).await?;
    let listener = TcpListener::bind(config.listen).with_context(|| format!("can't listen on {}", config.listen))?;
    let stop = StopSignals::listen()?;
    let running = app::start(&desk, listener, app::listening(&config))?;
    running.start_jobs(&desk);
    say::note(format_args!("swapline listens on http://{}", running.address));
    running.until(stop.come()).await?;
    say::note("swapline has stopped");
    Ok(())
}
