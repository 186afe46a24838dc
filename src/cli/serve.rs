//! `swapline serve`.

use super::{open, say};
use crate::actions::use_sign_in_link;
use crate::actions::{Actor, Context};
use crate::app::{self, StopSignals};
use crate::clock::Clock;
use crate::config::Config;
use crate::jobs::Desk;
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
    let base = config.http.public_url.clone().unwrap_or_else(|| format!("http://{}", running.address));
    if let Some(link) = first_link(&desk).await? {
        say::out(format_args!("Nobody can sign in yet. Make the first account, within 24 hours, at\n  {base}/sign-in/link/{link}"))?;
    }
    running.until(stop.come()).await?;
    say::note("swapline has stopped");
    Ok(())
}

/// The token of the link of the first start, where there is nobody yet. It goes to stdout and not into the log.
pub(super) async fn first_link(desk: &Desk) -> anyhow::Result<Option<String>> {
    let actor = Actor::program("command:serve");
    let ctx = Context { actor, now: desk.clock.now(), reference: Arc::clone(&desk.reference), request_id: None };
    let link = desk.db.write(move |conn| use_sign_in_link::first_link(conn, &ctx)).await.context("the link of the first start")?;
    Ok(link.map(|link| desk.keys.sign_in_token(link.id.uuid())))
}
