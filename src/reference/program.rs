//! Reads the program (`data/program.toml`, or a vendor's file) into `rules::program`.
//!
//! `file` knows how the file is written, `check` what makes sense; this door knows where the text comes from.

mod check;
mod file;

use super::ReferenceError;
use crate::rules::program::Programs;
use std::io::Read;
use std::path::Path;

const EMBEDDED: &str = include_str!("../../data/program.toml");
const EMBEDDED_NAME: &str = "data/program.toml";
/// The embedded program has 5 KB; a vendor with a hundred versions stays under this.
const LIMIT_BYTES: u64 = 1 << 20;

/// The program that is embedded in the binary.
pub fn embedded() -> Result<Programs, ReferenceError> {
    parse(EMBEDDED, EMBEDDED_NAME)
}

/// The program of a vendor's file.
pub fn load(path: &Path) -> Result<Programs, ReferenceError> {
    let read = |source| ReferenceError::Read { path: path.to_owned(), source };
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(read)?;
    file.take(LIMIT_BYTES + 1).read_to_string(&mut text).map_err(read)?;
    if u64::try_from(text.len()).is_ok_and(|bytes| bytes > LIMIT_BYTES) {
        return Err(ReferenceError::TooLarge { path: path.to_owned(), limit_bytes: LIMIT_BYTES });
    }
    parse(&text, &path.display().to_string())
}

/// The program of a text; `origin` names the text in messages.
pub fn parse(text: &str, origin: &str) -> Result<Programs, ReferenceError> {
    let file: file::File =
        toml::from_str(text).map_err(|source| ReferenceError::Syntax { origin: origin.to_owned(), source: Box::new(source) })?;
    check::programs(file).map_err(|fault| ReferenceError::Contradiction {
        origin: origin.to_owned(),
        key: fault.key,
        value: fault.value,
        detail: fault.detail,
    })
}

#[cfg(test)]
mod tests;
