//! CSV out: lists as spreadsheets open them, a chunk at a time, with cells that can't be taken for formulas.
//!
//! A spreadsheet runs a cell that begins with `=` (and some other characters) as a formula, even one that a customer
//! typed into a name. Such cells get an apostrophe in front, which spreadsheets take for "text follows".

use std::io;

/// The header line, ending in CRLF (RFC 4180).
pub fn header(columns: &[&str]) -> io::Result<Vec<u8>> {
    encode([columns.iter().map(|name| (*name).to_owned()).collect()])
}

/// A chunk of rows, a line each, ending in CRLF; chunks can be sent one after another. The only error is that of the
/// memory that is written to.
pub fn encode(rows: impl IntoIterator<Item = Vec<String>>) -> io::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.into_iter().map(guard))?;
    }
    writer.into_inner().map_err(|error| error.into_error())
}

/// Puts an apostrophe before what a spreadsheet would run.
fn guard(cell: String) -> String {
    let text = cell.trim_start_matches(' ');
    let runs = match text.chars().next() {
        Some('=' | '@' | '\t' | '\r' | '\n' | '＝' | '＠' | '＋' | '－') => true,
        Some('+' | '-') => !is_number_or_phone(text.get(1..).unwrap_or_default()),
        _ => false,
    };
    if runs { format!("'{cell}") } else { cell }
}

/// What may follow a sign: `5`, `80.15`, `34911234567`, `44 20 7946 0123`.
fn is_number_or_phone(unsigned: &str) -> bool {
    let digits = unsigned.bytes().filter(u8::is_ascii_digit).count();
    let points = unsigned.bytes().filter(|b| *b == b'.').count();
    let blanks = unsigned.bytes().filter(|b| *b == b' ').count();
    digits > 0 && digits + points + blanks == unsigned.len() && points <= 1
}

#[cfg(test)]
mod tests;
