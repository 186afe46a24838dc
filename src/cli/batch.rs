//! What the batch commands share: files or pipes, faults by line on stderr, a bar on a terminal.

use super::say;
use crate::feeds::Fault;
use crate::feeds::stream::{self, Row, Shape};
use anyhow::Context as _;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// From where to where.
#[derive(Debug, Args)]
pub struct Pipe {
    /// The CSV file to read; `-` for standard input
    #[arg(long = "in", value_name = "FILE")]
    pub input: PathBuf,
    /// The CSV file to write; `-` for standard output
    #[arg(long = "out", value_name = "FILE")]
    pub output: PathBuf,
}

/// Sends a table through `work`. Each bad row is a line on stderr, and then the exit code is 1.
pub fn run(pipe: &Pipe, shape: Shape, work: impl FnMut(&Row<'_>, &mut Vec<String>) -> Result<(), Fault>) -> anyhow::Result<ExitCode> {
    let (input, bar) = open(&pipe.input)?;
    let output = create(&pipe.output)?;
    let told = |fault: &Fault| bar.suspend(|| say::note(fault));
    let count = stream::run(shape, bar.wrap_read(input), output, work, told).with_context(|| pipe.input.display().to_string());
    bar.finish_and_clear();
    let count = count?;
    if count.bad > 0 {
        say::note(format_args!("{} rows written, {} bad rows left out", count.good, count.bad));
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// Opens what is to be read, with a bar of its bytes where somebody is watching.
pub fn open(path: &Path) -> anyhow::Result<(Box<dyn Read>, ProgressBar)> {
    if path == Path::new("-") {
        return Ok((Box::new(io::stdin().lock()), ProgressBar::hidden()));
    }
    let file = File::open(path).with_context(|| format!("can't open {}", path.display()))?;
    let bytes = file.metadata().map_or(0, |meta| meta.len());
    let bar = if io::stderr().is_terminal() { ProgressBar::new(bytes) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes}, {eta} left") {
        bar.set_style(style);
    }
    Ok((Box::new(file), bar))
}

fn create(path: &Path) -> anyhow::Result<Box<dyn Write>> {
    if path == Path::new("-") {
        return Ok(Box::new(BufWriter::new(io::stdout().lock())));
    }
    let file = File::create(path).with_context(|| format!("can't write {}", path.display()))?;
    Ok(Box::new(BufWriter::new(file)))
}
