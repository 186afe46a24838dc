//! Records of a CSV file (RFC 4180), strictly quoted, bounded in memory, with the line of each.
//!
//! Not the `csv` crate, which `table` writes with: its reader is lenient by design. It takes an unclosed quote for a long
//! field, so one missing character could silently turn the rest of a file into somebody's receiving notes; it has no limit
//! on a field; and it counts the blank lines before a record to that record. The tests hold the two against each other.

use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};

/// Cells kept of one record; further ones are counted only.
pub(super) const MAX_CELLS: usize = 256;
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// What is wrong with the writing of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FlawKind {
    /// A quote where none may be.
    StrayQuote,
    /// A quote that is open at the end of the file.
    UnclosedQuote,
    /// More bytes than allowed; the cell was cut.
    TooLong,
}

/// A flaw, and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Flaw {
    pub cell: usize,
    pub line: u64,
    pub kind: FlawKind,
}

/// One record; reused for all, so that a file costs one allocation.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// The line on which it begins.
    pub line: u64,
    /// How many cells it has, those that were not kept included.
    pub cells: usize,
    /// At most one a cell.
    pub flaws: Vec<Flaw>,
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Record {
    /// The bytes of a cell, unquoted; empty beyond the last.
    pub fn cell(&self, index: usize) -> &[u8] {
        let start = index.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        start.zip(self.ends.get(index)).and_then(|(start, end)| self.bytes.get(start..*end)).unwrap_or_default()
    }
    /// True where every cell is empty: spreadsheets end files with such lines.
    pub fn is_blank(&self) -> bool {
        self.flaws.is_empty() && self.cells <= MAX_CELLS && self.bytes.iter().all(|b| matches!(b, b' ' | b'\t'))
    }
    fn clear(&mut self) {
        (self.line, self.cells) = (0, 0);
        self.bytes.clear();
        self.ends.clear();
        self.flaws.clear();
    }
    fn push(&mut self, byte: u8, line: u64, limit: usize) {
        let start = self.ends.last().copied().unwrap_or_default();
        match self.bytes.len() - start < limit {
            true => self.bytes.push(byte),
            false => self.blame(line, FlawKind::TooLong),
        }
    }
    fn end_cell(&mut self) {
        match self.ends.len() < MAX_CELLS {
            true => self.ends.push(self.bytes.len()),
            false => self.bytes.truncate(self.ends.last().copied().unwrap_or_default()),
        }
        self.cells += 1;
    }
    fn blame(&mut self, line: u64, kind: FlawKind) {
        let cell = self.cells;
        if cell < MAX_CELLS && self.flaws.last().is_none_or(|flaw| flaw.cell != cell) {
            self.flaws.push(Flaw { cell, line, kind });
        }
    }
}

/// Where in a cell the next byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before its first byte.
    Start,
    /// In a cell that is not quoted.
    Bare,
    /// Between quotes.
    Quoted,
    /// After a quote that either ends the cell or is the first of a pair.
    Quote,
}

/// Reads records.
pub(super) struct Lexer<R> {
    input: BufReader<Chain<Cursor<Vec<u8>>, R>>,
    scan: Scan,
}

/// What the lexer knows between two bytes.
struct Scan {
    place: Place,
    line: u64,
    opened_on: u64,
    after_return: bool,
    cell_bytes: usize,
}

impl<R: Read> Lexer<R> {
    /// Begins, dropping a byte order mark.
    pub fn new(mut input: R, cell_bytes: usize) -> io::Result<Self> {
        let mut head = Vec::with_capacity(BYTE_ORDER_MARK.len());
        input.by_ref().take(3).read_to_end(&mut head)?;
        if head == BYTE_ORDER_MARK {
            head.clear();
        }
        let scan = Scan { place: Place::Start, line: 1, opened_on: 1, after_return: false, cell_bytes };
        Ok(Self { input: BufReader::with_capacity(64 * 1024, Cursor::new(head).chain(input)), scan })
    }
    /// The line that is read next.
    pub fn line(&self) -> u64 {
        self.scan.line
    }
    /// Reads the next record into `record`; false at the end of the file.
    pub fn read(&mut self, record: &mut Record) -> io::Result<bool> {
        record.clear();
        loop {
            let chunk = match self.input.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if chunk.is_empty() {
                return Ok(self.scan.finish(record));
            }
            let ended = chunk.iter().position(|byte| self.scan.step(*byte, record));
            let used = ended.map_or(chunk.len(), |index| index + 1);
            self.input.consume(used);
            if ended.is_some() {
                return Ok(true);
            }
        }
    }
}

impl Scan {
    /// Takes one byte; true when it ends the record.
    fn step(&mut self, byte: u8, record: &mut Record) -> bool {
        if std::mem::take(&mut self.after_return) && byte == b'\n' {
            return false;
        }
        if record.line == 0 {
            record.line = self.line;
        }
        let here = self.line;
        let breaks = matches!(byte, b'\r' | b'\n');
        if breaks {
            self.line += 1;
            self.after_return = byte == b'\r';
        }
        match (self.place, byte) {
            (Place::Start, b'"') => (self.place, self.opened_on) = (Place::Quoted, here),
            (Place::Quoted, b'"') => self.place = Place::Quote,
            (Place::Quote, b'"') => {
                record.push(byte, here, self.cell_bytes);
                self.place = Place::Quoted;
            }
            // A line break within a cell is stored as one character, whichever way it was written.
            (Place::Quoted, _) => record.push(if breaks { b'\n' } else { byte }, here, self.cell_bytes),
            (_, b',') => {
                record.end_cell();
                self.place = Place::Start;
            }
            _ if breaks => {
                record.end_cell();
                self.place = Place::Start;
                return true;
            }
            (place, _) => {
                if place == Place::Quote || byte == b'"' {
                    record.blame(here, FlawKind::StrayQuote);
                }
                record.push(byte, here, self.cell_bytes);
                self.place = Place::Bare;
            }
        }
        false
    }
    /// Ends the file; true if it ended within a record.
    fn finish(&mut self, record: &mut Record) -> bool {
        if record.line == 0 {
            return false;
        }
        if self.place == Place::Quoted {
            record.blame(self.opened_on, FlawKind::UnclosedQuote);
        }
        record.end_cell();
        self.place = Place::Start;
        true
    }
}

#[cfg(test)]
mod tests;
