//! The cells of one record by column name, noting every fault instead of stopping at the first.

use super::lexer::{Flaw, FlawKind, MAX_CELLS, Record};
use super::{Fault, cells};
use crate::rules::text::TextFault;

/// Faults up to a limit.
#[derive(Debug)]
pub(super) struct Faults {
    pub list: Vec<Fault>,
    limit: usize,
}

impl Faults {
    pub fn new(limit: usize) -> Self {
        Self { list: Vec::new(), limit }
    }
    /// Notes a fault; beyond the limit it is dropped.
    pub fn push(&mut self, line: u64, column: Option<&str>, fault: TextFault) {
        if !self.is_full() {
            self.list.push(Fault { line, column: column.map(str::to_owned), code: fault.code, detail: fault.detail });
        }
    }
    pub fn is_full(&self) -> bool {
        self.list.len() >= self.limit
    }
}

/// Which cell of a record belongs to which declared column.
#[derive(Debug)]
pub(super) struct Columns {
    /// Declared name without its mark, and the index of its cell where the header has it.
    places: Vec<(&'static str, Option<usize>)>,
    /// How many cells the header has.
    pub width: usize,
}

impl Columns {
    /// Matches the header with the declared columns; names are compared without regard to case, blanks count as `_`.
    /// `None` when it has none of them, which is no header at all.
    pub fn of(declared: &'static [&'static str], header: &Record, faults: &mut Faults) -> Option<Self> {
        let mut places: Vec<(&'static str, Option<usize>)> = declared.iter().map(|name| (name.trim_end_matches('*'), None)).collect();
        let mut strangers = Vec::new();
        for index in 0..header.cells.min(MAX_CELLS) {
            let name = cells::word(&String::from_utf8_lossy(header.cell(index)));
            match places.iter_mut().find(|(known, _)| *known == name) {
                Some((_, place @ None)) => *place = Some(index),
                Some((known, Some(_))) => {
                    strangers.push((Some(*known), TextFault::new("duplicate_column", "the header has this column twice")))
                }
                None => strangers.push((None, stranger(&name, index))),
            }
        }
        for flaw in &header.flaws {
            faults.push(flaw.line, None, misspelled(flaw));
        }
        if places.iter().all(|(_, place)| place.is_none()) {
            let names = places.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
            let detail = format!("the first line must name columns, in UTF-8 and separated by commas: {names}");
            faults.push(header.line, None, TextFault::new("missing_header", detail));
            return None;
        }
        if header.cells > MAX_CELLS {
            faults.push(header.line, None, TextFault::new("too_many_columns", format!("the header has {} columns", header.cells)));
        }
        let missing = places.iter().zip(declared).filter(|((_, place), mark)| place.is_none() && mark.ends_with('*'));
        for ((name, _), _) in missing {
            faults.push(header.line, Some(name), TextFault::new("missing_column", "the header must have this column"));
        }
        for (column, fault) in strangers {
            faults.push(header.line, column, fault);
        }
        Some(Self { places, width: header.cells })
    }
    /// The name of a declared column.
    pub fn declared(&self, column: usize) -> Option<&'static str> {
        self.places.get(column).map(|(name, _)| *name)
    }
    /// The cell of a declared column.
    pub fn place(&self, column: usize) -> Option<usize> {
        self.places.get(column).and_then(|(_, place)| *place)
    }
    pub fn name(&self, cell: usize) -> Option<&'static str> {
        self.places.iter().find(|(_, place)| *place == Some(cell)).map(|(name, _)| *name)
    }
}

/// The fault of a header's name that is no column.
fn stranger(name: &str, index: usize) -> TextFault {
    match name.is_empty() {
        true => TextFault::new("unnamed_column", format!("column {} has no name", index + 1)),
        false => {
            let shown: String = name.chars().take(40).flat_map(char::escape_debug).collect();
            TextFault::new("unknown_column", format!("there is no column \"{shown}\""))
        }
    }
}

/// The fault of a cell that is not written as CSV wants it.
pub(super) fn misspelled(flaw: &Flaw) -> TextFault {
    match flaw.kind {
        FlawKind::StrayQuote => TextFault::new(
            "stray_quote",
            "has a quote out of place: a cell with quotes must be in quotes, and the quotes within it doubled",
        ),
        FlawKind::UnclosedQuote => TextFault::new("unclosed_quote", "opens a quote that nothing closes: the rest of the file is in it"),
        FlawKind::TooLong => TextFault::new("too_long", "is too long for a cell"),
    }
}

/// What a column holds in this record.
enum Cell<'a> {
    /// Text, perhaps empty.
    Text(&'a str),
    /// The header lacks the column.
    Absent,
    /// Nothing that can be read; the fault is noted.
    Blamed,
}

/// The cells of one record. Every method answers `None` once it has noted a fault, so that a feed asks for all its columns
/// first and builds its row with `?` afterwards.
#[derive(Debug)]
pub struct Fields<'a> {
    pub(super) columns: &'a Columns,
    pub(super) record: &'a Record,
    pub(super) faults: &'a mut Faults,
}

impl<'a> Fields<'a> {
    /// Notes a fault of `column` in this record.
    pub fn refuse(&mut self, column: &str, code: &'static str, detail: impl Into<String>) {
        self.faults.push(self.record.line, Some(column), TextFault::new(code, detail));
    }
    /// A cell that must not be empty.
    pub fn required<T>(&mut self, column: &str, parse: impl Fn(&str) -> Result<T, TextFault>) -> Option<T> {
        match self.cell(column) {
            Cell::Text(text) => self.judge(column, parse(text)),
            Cell::Absent | Cell::Blamed => None,
        }
    }
    /// A cell that may be empty: `Some(None)`.
    pub fn optional<T>(&mut self, column: &str, parse: impl Fn(&str) -> Result<T, TextFault>) -> Option<Option<T>> {
        match self.cell(column) {
            Cell::Text(text) if !text.is_empty() => self.judge(column, parse(text)).map(Some),
            Cell::Text(_) | Cell::Absent => Some(None),
            Cell::Blamed => None,
        }
    }
    /// A cell that means `default` when it is empty.
    pub fn or<T>(&mut self, default: T, column: &str, parse: impl Fn(&str) -> Result<T, TextFault>) -> Option<T> {
        self.optional(column, parse).map(|value| value.unwrap_or(default))
    }
    /// True or false; an empty cell is false.
    pub fn flag(&mut self, column: &str) -> Option<bool> {
        self.or(false, column, cells::boolean)
    }
    /// Items separated by `|`, perhaps none, none twice.
    pub fn list<T: PartialEq>(&mut self, column: &str, parse: impl Fn(&str) -> Result<T, TextFault>) -> Option<Vec<T>> {
        self.or(Vec::new(), column, |text| cells::list(text, &parse))
    }
    /// Two cells that are given together or not at all.
    pub fn pair<A, B>(
        &mut self,
        (first, parse_first): (&str, impl Fn(&str) -> Result<A, TextFault>),
        (second, parse_second): (&str, impl Fn(&str) -> Result<B, TextFault>),
    ) -> Option<Option<(A, B)>> {
        let (a, b) = (self.optional(first, parse_first), self.optional(second, parse_second));
        match (a?, b?) {
            (Some(a), Some(b)) => Some(Some((a, b))),
            (None, None) => Some(None),
            (a, _) => {
                let (empty, given) = if a.is_some() { (second, first) } else { (first, second) };
                self.refuse(empty, "half_a_pair", format!("must be given with {given}, or neither"));
                None
            }
        }
    }
    /// The text of the key, as it is compared; `None` where it is empty or can't be read.
    pub(super) fn key(&self, column: &str) -> Option<String> {
        let index = self.index(column)?;
        let text = std::str::from_utf8(self.record.cell(index)).ok()?.trim();
        (!text.is_empty()).then(|| text.to_ascii_uppercase())
    }
    /// Notes the record's flaws and whether it is as wide as the header.
    pub(super) fn check_shape(&mut self) -> bool {
        for flaw in &self.record.flaws {
            self.faults.push(flaw.line, self.columns.name(flaw.cell), misspelled(flaw));
        }
        let (has, wants) = (self.record.cells, self.columns.width);
        // A quote out of place moves commas, so the count would only repeat what was said.
        let misquoted = self.record.flaws.iter().any(|flaw| flaw.kind != FlawKind::TooLong);
        if has != wants && !misquoted {
            let detail = format!("the header has {wants} cells, this line has {has}");
            self.faults.push(self.record.line, None, TextFault::new("ragged_row", detail));
        }
        has == wants && !misquoted
    }

    fn judge<T>(&mut self, column: &str, result: Result<T, TextFault>) -> Option<T> {
        result.map_err(|fault| self.faults.push(self.record.line, Some(column), fault)).ok()
    }
    fn index(&self, column: &str) -> Option<usize> {
        self.columns.places.iter().find(|(name, _)| *name == column).and_then(|(_, place)| *place)
    }
    fn cell(&mut self, column: &str) -> Cell<'a> {
        if !self.columns.places.iter().any(|(name, _)| *name == column) {
            self.refuse(column, "undeclared_column", "is read, but not among the columns of this import");
            return Cell::Blamed;
        }
        let Some(index) = self.index(column) else { return Cell::Absent };
        if self.record.flaws.iter().any(|flaw| flaw.cell == index) {
            return Cell::Blamed;
        }
        match std::str::from_utf8(self.record.cell(index)) {
            Ok(text) => Cell::Text(text.trim()),
            Err(_) => {
                self.refuse(column, "not_utf8", "is not UTF-8; in a spreadsheet, save as \"CSV UTF-8\"");
                Cell::Blamed
            }
        }
    }
}
