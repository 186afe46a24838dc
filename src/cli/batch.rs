//! What the batch commands share: files or pipes, faults by line on stderr, a bar on a terminal.

use super::say;
use crate::feeds::Fault;
use crate::feeds::stream::{self, Row, Shape, StreamError};
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
    let (output, draft) = create(&pipe.output)?;
    let told = |fault: &Fault| bar.suspend(|| say::note(fault));
    let count = stream::run(shape, bar.wrap_read(input), output, work, told);
    bar.finish_and_clear();
    if pipe.output == Path::new("-") && matches!(&count, Err(StreamError::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe) {
        // Nobody reads on (`| head`): they have what they wanted.
        return Ok(ExitCode::SUCCESS);
    }
    let count = count.with_context(|| pipe.input.display().to_string());
    let kept = match (count, draft) {
        (Ok(count), Some((from, to))) => std::fs::rename(from, to).map(|()| count).map_err(Into::into),
        (Err(error), Some((from, _))) => {
            let _gone = std::fs::remove_file(from);
            Err(error)
        }
        (count, None) => count,
    };
    let count = kept?;
    if count.bad > 0 {
        say::note(format_args!("{} rows written, {} bad rows left out", count.good, count.bad));
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// Opens what is to be read, with a bar of its bytes where somebody is watching.
pub fn open(path: &Path) -> anyhow::Result<(Box<dyn Read>, ProgressBar)> {
    if path == Path::new("-") {
        // How much there is, nobody knows.
        let bar = if io::stderr().is_terminal() && !io::stdin().is_terminal() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {bytes} read, {bytes_per_sec}, {elapsed}") {
            bar.set_style(style);
        }
        return Ok((Box::new(io::stdin().lock()), bar));
    }
    let file = File::open(path).with_context(|| format!("can't open {}", path.display()))?;
    let bytes = file.metadata().map_or(0, |meta| meta.len());
    let bar = if io::stderr().is_terminal() { ProgressBar::new(bytes) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes}, {eta} left") {
        bar.set_style(style);
    }
    Ok((Box::new(file), bar))
}

/// A file under the name that it has while it is written, and the one that it gets.
type Draft = (PathBuf, PathBuf);

/// Where to write. A file is written under another name beside it, and gets its own once all is written (the second
/// value): so a table may be written over the one that is read, and a header that won't do destroys nothing.
fn create(path: &Path) -> anyhow::Result<(Box<dyn Write>, Option<Draft>)> {
    if path == Path::new("-") {
        return Ok((Box::new(BufWriter::new(io::stdout().lock())), None));
    }
    let failed = || format!("can't write {}", path.display());
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if std::fs::metadata(&target).is_ok_and(|meta| !meta.is_file()) {
        // A device or a named pipe keeps its place.
        return Ok((Box::new(File::create(path).with_context(failed)?), None));
    }
    let mut name = target.file_name().with_context(failed)?.to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let draft = target.with_file_name(name);
    let file = File::create(&draft).with_context(failed)?;
    Ok((Box::new(BufWriter::new(file)), Some((draft, target))))
}
