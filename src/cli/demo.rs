//! `swapline demo`.

use super::DemoArgs;
use crate::config::Config;

/// Plays the demonstration with its settings.
pub async fn run(_config: Config, _args: DemoArgs) -> anyhow::Result<()> {
    anyhow::bail!("not built in this branch")
}
