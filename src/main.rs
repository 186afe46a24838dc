//! The program: reads the command line and the settings, starts logging and the runtime, runs the command.

use anyhow::Context as _;
use clap::Parser as _;
use std::io::IsTerminal as _;
use std::process::ExitCode;
use swapline::cli::{self, Cli, Command, say};
use swapline::config::{Config, Log, LogFormat};
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    // Ends the process by itself: with 2 for a command line that makes no sense, with 0 after --help.
    let cli = Cli::parse();
    start(cli).unwrap_or_else(|error| {
        say::failure(&error);
        ExitCode::FAILURE
    })
}

fn start(cli: Cli) -> anyhow::Result<ExitCode> {
    let mut config = Config::load(&cli.sources())?;
    if matches!(cli.command, Command::Demo(_)) && config.log == Config::default().log {
        // The demonstration tells its story on the same terminal.
        config.log.filter = "warn".to_owned();
    }
    log_to_stderr(&config.log)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("can't start the runtime")?;
    runtime.block_on(cli::run(cli.command, config))
}

fn log_to_stderr(log: &Log) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&log.filter).context("log.filter")?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match log.format {
        LogFormat::Json => lines.json().try_init(),
        LogFormat::Text => lines.with_ansi(std::io::stderr().is_terminal()).try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("can't start logging: {error}"))
}
