//! CSV in, CSV out, a row at a time: for tables of any length. A bad row is told by its line and the next one is read;
//! memory doesn't grow with the file.

use super::Fault;
use super::fields::{Columns, Faults, misspelled};
use super::lexer::{Lexer, Record};
use crate::rules::text::TextFault;
use std::io::{self, Read, Write};

/// Bytes of one cell: longer than any address line.
const CELL_BYTES: usize = 4_096;

/// How a table is read and written.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// The columns that are read, in any order among others; `*` at the end marks those that the header must have.
    pub reads: &'static [&'static str],
    /// The columns that are written.
    pub writes: &'static [&'static str],
}

/// Why a table can't be read at all.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// Reading or writing failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The header won't do.
    #[error("{0}")]
    Header(Fault),
}

/// What became of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// Rows that were written.
    pub good: u64,
    /// Rows that were told as faults.
    pub bad: u64,
}

/// One row under way.
#[derive(Debug)]
pub struct Row<'a> {
    columns: &'a Columns,
    record: &'a Record,
}

impl<'a> Row<'a> {
    /// The text of the declared column with this number, trimmed; empty where the header lacks it.
    pub fn text(&self, column: usize) -> Result<&'a str, Fault> {
        let Some(index) = self.columns.place(column) else { return Ok("") };
        let cell = std::str::from_utf8(self.record.cell(index));
        cell.map(str::trim).map_err(|_| self.fault(column, TextFault::new("not_utf8", "is not UTF-8")))
    }

    /// What `parse` makes of a column; its complaint becomes a fault of this column.
    pub fn read<T>(&self, column: usize, parse: impl FnOnce(&str) -> Result<T, TextFault>) -> Result<T, Fault> {
        parse(self.text(column)?).map_err(|fault| self.fault(column, fault))
    }

    /// A fault of a column.
    pub fn fault(&self, column: usize, fault: TextFault) -> Fault {
        let column = self.columns.declared(column).map(str::to_owned);
        Fault { line: self.record.line, column, code: fault.code, detail: fault.detail }
    }

    /// A fault of the whole row.
    pub fn refuse(&self, fault: TextFault) -> Fault {
        Fault { line: self.record.line, column: None, code: fault.code, detail: fault.detail }
    }

    fn shape(&self) -> Result<(), Fault> {
        if let Some(flaw) = self.record.flaws.first() {
            let fault = misspelled(flaw);
            return Err(Fault {
                line: flaw.line,
                column: self.columns.name(flaw.cell).map(str::to_owned),
                code: fault.code,
                detail: fault.detail,
            });
        }
        match self.record.cells == self.columns.width {
            true => Ok(()),
            false => {
                let detail = format!("has {} cells, the header has {}", self.record.cells, self.columns.width);
                Err(self.refuse(TextFault::new("wrong_cell_count", detail)))
            }
        }
    }
}

/// Reads every row, writes what `work` makes of it, and hands each fault to `told`.
pub fn run(
    shape: Shape,
    input: impl Read,
    output: impl Write,
    mut work: impl FnMut(&Row<'_>, &mut Vec<String>) -> Result<(), Fault>,
    mut told: impl FnMut(&Fault),
) -> Result<Count, StreamError> {
    let mut lexer = Lexer::new(input, CELL_BYTES)?;
    let mut record = Record::default();
    let columns = header(shape, &mut lexer, &mut record)?;
    let mut writer = csv::WriterBuilder::new().buffer_capacity(1 << 16).from_writer(output);
    writer.write_record(shape.writes).map_err(unwritten)?;
    let (mut count, mut cells) = (Count::default(), Vec::with_capacity(shape.writes.len()));
    while lexer.read(&mut record)? {
        if record.is_blank() {
            continue;
        }
        cells.clear();
        let row = Row { columns: &columns, record: &record };
        match row.shape().and_then(|()| work(&row, &mut cells)) {
            Ok(()) => {
                writer.write_record(&cells).map_err(unwritten)?;
                count.good += 1;
            }
            Err(fault) => {
                told(&fault);
                count.bad += 1;
            }
        }
    }
    writer.flush()?;
    Ok(count)
}

/// What the output said. The crate's own conversion would lose its kind, by which a closed pipe is told.
fn unwritten(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

fn header<R: Read>(shape: Shape, lexer: &mut Lexer<R>, record: &mut Record) -> Result<Columns, StreamError> {
    let mut faults = Faults::new(1_000);
    while lexer.read(record)? && record.is_blank() {}
    let columns = Columns::of(shape.reads, record, &mut faults);
    // Columns of somebody else's may stand in between.
    let fault = faults.list.into_iter().find(|fault| !matches!(fault.code, "unknown_column" | "unnamed_column"));
    match (columns, fault) {
        (Some(columns), None) => Ok(columns),
        (_, Some(fault)) => Err(StreamError::Header(fault)),
        (None, None) => Err(StreamError::Io(io::ErrorKind::InvalidData.into())),
    }
}

#[cfg(test)]
mod tests;
