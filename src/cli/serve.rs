//! `swapline serve`.

use crate::config::Config;

/// Serves until told to stop.
pub async fn run(_config: Config) -> anyhow::Result<()> {
    anyhow::bail!("not built in this branch")
}
