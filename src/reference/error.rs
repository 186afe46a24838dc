//! Why reference data could not be loaded. Only a vendor's own file can fail: what is embedded is checked by the tests.

use std::path::PathBuf;

/// Why a program file was refused; the message is for the person who wrote the file.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    /// The file could not be read.
    #[error("cannot read the program file {path}: {source}", path = .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is larger than any program could be.
    #[error("the program file {path} is larger than {limit_bytes} bytes", path = .path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// How large it may be.
        limit_bytes: u64,
    },
    /// Not TOML, an unknown or missing key, or a value of the wrong type; the source has line and column.
    #[error("the program {origin} does not load: {source}")]
    Syntax {
        /// The file, or `data/program.toml`.
        origin: String,
        /// Where and what.
        source: Box<toml::de::Error>,
    },
    /// The values are well formed but contradict the rules or one another.
    #[error("the program {origin} does not load: {key} = {value}: {detail}")]
    Contradiction {
        /// The file, or `data/program.toml`.
        origin: String,
        /// Path of the key, e.g. `version "2026-01": coverage_hours.europe.closes`.
        key: String,
        /// The value that was found.
        value: String,
        /// What is wrong with it.
        detail: String,
    },
}
