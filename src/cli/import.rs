//! `swapline import`.

use super::{context, open, say, word};
use crate::actions::import::{self, Batch, ImportError, ImportKind, ImportReport};
use crate::config::Config;
use crate::feeds::Fault;
use anyhow::Context as _;
use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fs::File;
use std::io::{BufReader, IsTerminal};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Rows from which on a bar is worth its lines.
const LONG_ROWS: u64 = 1_000;
const TICK: Duration = Duration::from_millis(100);

/// Which file, and of what.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// What the file holds. Files refer to one another in this order
    #[arg(value_name = "WHAT", value_parser = word::<ImportKind>())]
    pub kind: ImportKind,
    /// The CSV file: UTF-8, commas, a header with the names of the columns
    #[arg(value_name = "FILE.csv")]
    pub file: PathBuf,
    /// Tell what would happen, write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Imports a file. Its faults go to stderr, one a line; then the exit code is 1 and nothing was written.
pub async fn run(config: &Config, args: ImportArgs) -> anyhow::Result<ExitCode> {
    let name = args.file.display().to_string();
    let file = File::open(&args.file).with_context(|| format!("can't open {name}"))?;
    let db = open(config).await?;
    let ctx = context(config, "import")?;
    let reading = {
        let (ctx, kind) = (ctx.clone(), args.kind);
        tokio::task::spawn_blocking(move || import::read(&ctx, kind, BufReader::new(file)))
    };
    let batch = reading.await?;
    let total = u64::try_from(batch.len()).unwrap_or(u64::MAX);
    let done = Arc::new(AtomicU64::new(0));
    let work = {
        let (batch, done): (Batch, _) = (batch, Arc::clone(&done));
        move |conn: &mut _| import::import(conn, &ctx, &batch, &done)
    };
    let imported = match args.dry_run {
        true => watched(db.rehearse(work), &done, total).await,
        false => watched(db.write(work), &done, total).await,
    };
    match imported {
        Ok(report) => {
            say::out(told(&name, args.kind, report, args.dry_run))?;
            Ok(ExitCode::SUCCESS)
        }
        Err(ImportError::Faults(faults)) => {
            faults.iter().for_each(|fault| say::note(located(&args.file, fault)));
            let count = if faults.len() == 1 { "1 fault".to_owned() } else { format!("{} faults", faults.len()) };
            say::note(format_args!("{name}: {count}; nothing was imported"));
            Ok(ExitCode::FAILURE)
        }
        Err(ImportError::Store(error)) => Err(error).with_context(|| format!("nothing of {name} was imported")),
    }
}

/// A fault as compilers write theirs, so that editors find the line.
fn located(file: &Path, fault: &Fault) -> String {
    let column = fault.column.as_ref().map_or(String::new(), |column| format!(" column {column}:"));
    format!("{}:{}:{column} {} ({})", file.display(), fault.line, fault.detail, fault.code)
}

fn told(name: &str, kind: ImportKind, report: ImportReport, dry_run: bool) -> String {
    let ImportReport { added, changed, unchanged } = report;
    let ending = if dry_run { " (dry run: nothing was written)" } else { "" };
    format!("{name}: {kind}: {added} added, {changed} changed, {unchanged} unchanged{ending}")
}

/// Waits for `work` with a bar on stderr, where somebody watches and there is something to wait for.
async fn watched<T>(work: impl Future<Output = T>, done: &AtomicU64, total: u64) -> T {
    if total < LONG_ROWS || !std::io::stderr().is_terminal() {
        return work.await;
    }
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos}/{len} rows, {eta} left") {
        bar.set_style(style);
    }
    let mut work = pin!(work);
    let mut tick = tokio::time::interval(TICK);
    loop {
        tokio::select! {
            result = &mut work => {
                bar.finish_and_clear();
                return result;
            }
            _ = tick.tick() => bar.set_position(done.load(Ordering::Relaxed)),
        }
    }
}
