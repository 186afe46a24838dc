//! What commands tell people: results on stdout, everything else on stderr.

use crate::config::ConfigError;
use std::fmt::Display;
use std::io::{self, Write};

/// Writes a line to stdout. That nobody reads on (`| head`) is no failure.
pub fn out(line: impl Display) -> io::Result<()> {
    match write(io::stdout().lock(), &line) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// Writes a line to stderr. Where that fails there is nobody left to tell.
pub fn note(line: impl Display) {
    let _unheard = write(io::stderr().lock(), &line);
}

/// Writes an error to stderr: what failed, then a line for each cause.
pub fn failure(error: &anyhow::Error) {
    if let Some(ConfigError { faults }) = error.downcast_ref() {
        faults.iter().for_each(|fault| note(format_args!("swapline: {fault}")));
        return;
    }
    let mut said = String::new();
    for (depth, cause) in error.chain().enumerate() {
        let text = cause.to_string().lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
        // A library's error often repeats its cause.
        if depth == 0 || !said.contains(&text) {
            note(format_args!("{}{text}", if depth == 0 { "swapline: " } else { "  because: " }));
        }
        said = text;
    }
}

fn write(mut stream: impl Write, line: &impl Display) -> io::Result<()> {
    writeln!(stream, "{line}")?;
    stream.flush()
}
