//! Tables with one gzip member a country: a lookup inflates one country, once, for the whole process.

use std::collections::BTreeMap;
use std::io::Read;
use std::ops::Range;
use std::sync::OnceLock;

/// The largest country of any table inflates to some 6 MB; this bounds a damaged file.
const LIMIT_BYTES: u64 = 64 << 20;

/// A table that is read country by country when first asked for.
pub(super) struct ByCountry<T> {
    packed: &'static [u8],
    members: BTreeMap<&'static str, Member<T>>,
    read: fn(&[u8]) -> T,
}

struct Member<T> {
    range: Range<usize>,
    table: OnceLock<T>,
}

impl<T> ByCountry<T> {
    /// `index` is CSV (country, offset, bytes, rows) and `packed` what it points into, both made by `data/derive/grouped.py`;
    /// `read` gets the CSV rows of a country, without a header.
    pub(super) fn new(index: &'static str, packed: &'static [u8], read: fn(&[u8]) -> T) -> Self {
        let member = |row: &'static str| {
            let mut cells = row.split(',');
            let country = cells.next()?;
            let offset: usize = cells.next()?.parse().ok()?;
            let bytes: usize = cells.next()?.parse().ok()?;
            Some((country, Member { range: offset..offset.checked_add(bytes)?, table: OnceLock::new() }))
        };
        Self { packed, members: index.lines().skip(1).filter_map(member).collect(), read }
    }

    /// The table of a country, `None` if the file has none.
    pub(super) fn get(&self, country: &str) -> Option<&T> {
        let member = self.members.get(country)?;
        Some(member.table.get_or_init(|| (self.read)(&inflate(self.packed.get(member.range.clone()).unwrap_or_default()))))
    }

    /// Every country of the index.
    #[cfg(test)]
    pub(super) fn countries(&self) -> impl Iterator<Item = &'static str> {
        self.members.keys().copied()
    }
}

/// A damaged member inflates to what can be read of it; the tests compare every member with its index.
fn inflate(member: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    match flate2::read::GzDecoder::new(member).take(LIMIT_BYTES).read_to_end(&mut text) {
        Ok(_) => text,
        Err(_) => Vec::new(),
    }
}

/// The rows of a member; a row that is no CSV is left out.
pub(super) fn rows(csv: &[u8]) -> impl Iterator<Item = csv::StringRecord> {
    csv::ReaderBuilder::new().has_headers(false).from_reader(csv).into_records().filter_map(Result::ok)
}
