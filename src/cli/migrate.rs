//! `swapline migrate`.

use super::say;
use crate::config::Config;
use crate::store::migrate;
use anyhow::Context as _;

/// Runs what is pending and names it.
pub async fn run(config: &Config) -> anyhow::Result<()> {
    let url = config.database.url.clone();
    let names = tokio::task::spawn_blocking(move || migrate::up(url.as_str())).await?;
    let names = names.with_context(|| format!("database {}", config.database.url))?;
    for name in &names {
        say::out(format_args!("done: {name}"))?;
    }
    match names.len() {
        0 => say::out("nothing to do: the schema is up to date")?,
        count => say::out(format_args!("{count} migrations done: the schema is up to date"))?,
    }
    Ok(())
}
