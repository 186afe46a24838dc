//! CSV in: bytes become typed rows, and faults by line and column. CSV out: tables for spreadsheets.
//!
//! Knows the shapes of the seven imports and the types of `rules`; knows nothing of what is stored, so whether an
//! organization or a site that a row names exists is asked later. One file a feed, each reading like the table it is.

pub mod appliances;
mod cells;
pub mod contracts;
pub mod couriers;
mod fields;
mod lexer;
pub mod organizations;
pub mod parts;
mod read;
pub mod service_centers;
pub mod sites;
pub mod stock_units;
pub mod stream;
pub mod table;

pub use fields::Fields;
pub use read::{Reading, read};

use std::fmt;

/// One kind of import: which columns it has, and how a record of them becomes a row.
pub trait Feed: Sized {
    /// The import's name as people type it, e.g. `service-centers`.
    const NAME: &'static str;
    /// The columns in the order of documentation; `*` at the end marks those that the header must have.
    const COLUMNS: &'static [&'static str];
    /// The column that must be unique within a file. Its text is compared trimmed and without regard to case.
    const KEY: &'static str;
    /// Reads one record; `None` when `fields` has noted a fault.
    fn parse(fields: &mut Fields<'_>) -> Option<Self>;
}

/// The names of a feed's columns without their marks, as a header writes them.
pub fn columns<R: Feed>() -> impl Iterator<Item = &'static str> {
    R::COLUMNS.iter().map(|column| column.trim_end_matches('*'))
}

/// A row with the line (1-based, as editors count) on which its record begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered<R> {
    /// The line.
    pub line: u64,
    /// The row.
    pub row: R,
}

/// Something wrong with a file, for the person who wrote it. Quotes no cell (an
/// unknown column's name at most, shortened and escaped), so that it can be logged.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Fault {
    /// The line, 1-based as in the file.
    pub line: u64,
    /// The column, where one is to blame.
    pub column: Option<String>,
    /// Stable snake_case code, e.g. `bad_date`.
    pub code: &'static str,
    /// A human sentence.
    pub detail: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some(column) => write!(f, "line {}, column {column}: {} ({})", self.line, self.detail, self.code),
            None => write!(f, "line {}: {} ({})", self.line, self.detail, self.code),
        }
    }
}

/// How much of a file is taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Rows, without the header and blank lines.
    pub rows: usize,
    /// Bytes of one cell, after unquoting.
    pub cell_bytes: usize,
    /// Faults after which reading stops.
    pub faults: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { rows: 1_000_000, cell_bytes: 10_000, faults: 1_000 }
    }
}

#[cfg(test)]
mod tests;
