//! The one reader of all imports: header, records, rows, and every fault on the way.

use super::fields::{Columns, Faults, Fields};
use super::lexer::{Lexer, Record};
use super::{Fault, Feed, Limits, Numbered};
use crate::rules::text::TextFault;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io::{self, Read};

/// What a file holds. Rows are worth something only if there are no faults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading<R> {
    /// The rows that could be read, in the order of the file.
    pub rows: Vec<Numbered<R>>,
    /// Everything that is wrong, by line; the last says so if reading stopped early (`too_many_faults`, `too_many_rows`,
    /// `unreadable`).
    pub faults: Vec<Fault>,
}

/// Reads a whole file: UTF-8 with or without a byte order mark, commas, LF or CRLF, a header, quotes as RFC 4180 has
/// them. Lines without content are skipped. Keeps the rows and at most one record of the file in memory.
pub fn read<R: Feed>(input: impl Read, limits: Limits) -> Reading<R> {
    let mut reader = Reader { rows: Vec::new(), faults: Faults::new(limits.faults), lines_by_key: HashMap::new(), line: 1 };
    let end = match reader.run(input, limits) {
        Ok(()) => None,
        Err(Stop::Rows) => Some(TextFault::new("too_many_rows", format!("a file can have at most {} rows: split it", limits.rows))),
        Err(Stop::Faults) => {
            Some(TextFault::new("too_many_faults", format!("reading stopped after {} faults; there may be more", limits.faults)))
        }
        Err(Stop::Io(error)) => Some(TextFault::new("unreadable", format!("the file can't be read on: {error}"))),
    };
    let Reader { rows, faults, line, .. } = reader;
    let mut faults = faults.list;
    // Only a cell of several lines can put faults out of order; the sort is stable.
    faults.sort_by_key(|fault| fault.line);
    faults.extend(end.map(|fault| Fault { line, column: None, code: fault.code, detail: fault.detail }));
    Reading { rows, faults }
}

/// Why reading ended before the file did.
enum Stop {
    Rows,
    Faults,
    Io(io::Error),
}

struct Reader<R> {
    rows: Vec<Numbered<R>>,
    faults: Faults,
    /// The first line of each key.
    lines_by_key: HashMap<String, u64>,
    /// The line that is being read.
    line: u64,
}

impl<R: Feed> Reader<R> {
    fn run(&mut self, input: impl Read, limits: Limits) -> Result<(), Stop> {
        let mut lexer = Lexer::new(input, limits.cell_bytes).map_err(Stop::Io)?;
        let mut record = Record::default();
        if !self.next(&mut lexer, &mut record)? {
            self.faults.push(1, None, TextFault::new("empty_file", "the file has no header and no rows"));
            return Ok(());
        }
        let Some(columns) = Columns::of(R::COLUMNS, &record, &mut self.faults) else { return Ok(()) };
        let mut count = 0;
        while self.next(&mut lexer, &mut record)? {
            if self.faults.is_full() {
                return Err(Stop::Faults);
            }
            if count == limits.rows {
                return Err(Stop::Rows);
            }
            count += 1;
            self.take(&columns, &record);
        }
        // The record that filled the list may have been the last one, cut short: better one warning too many.
        if self.faults.is_full() { Err(Stop::Faults) } else { Ok(()) }
    }
    /// The next record that is not blank.
    fn next(&mut self, lexer: &mut Lexer<impl Read>, record: &mut Record) -> Result<bool, Stop> {
        loop {
            self.line = lexer.line();
            match lexer.read(record).map_err(Stop::Io)? {
                true if record.is_blank() => {}
                more => {
                    self.line = if more { record.line } else { lexer.line() };
                    return Ok(more);
                }
            }
        }
    }
    fn take(&mut self, columns: &Columns, record: &Record) {
        let mut fields = Fields { columns, record, faults: &mut self.faults };
        if !fields.check_shape() {
            return;
        }
        if let Some(key) = fields.key(R::KEY) {
            match self.lines_by_key.entry(key) {
                Entry::Occupied(first) => {
                    fields.refuse(R::KEY, "duplicate", format!("stands already on line {}", first.get()));
                }
                Entry::Vacant(new) => {
                    new.insert(record.line);
                }
            }
        }
        if let Some(row) = R::parse(&mut fields) {
            self.rows.push(Numbered { line: record.line, row });
        }
    }
}
