//! Postal codes of one country, in one sorted block.

use super::Spot;
use crate::reference::by_country::rows;
use crate::rules::position::{Grade, Position};

/// Where GeoNames' postal positions are poor; measured against independent positions.
const COARSE: [&str; 5] = ["AR", "DZ", "IN", "LK", "TR"];
const COARSE_RADIUS_KM: f64 = 15.0;
/// Longer than any code; what is longer is none.
const MAX_CODE: usize = 16;

/// The codes of a country, ascending, end to end in one string.
#[derive(Default)]
pub(super) struct Postal {
    codes: String,
    /// Where code `i` ends in `codes`.
    ends: Vec<usize>,
    spots: Vec<(Spot, f32)>,
}

impl Postal {
    /// Columns: country, code, latitude, longitude, radius_km; ascending by code.
    pub(super) fn read(csv: &[u8]) -> Self {
        let mut table = Self::default();
        for row in rows(csv) {
            let cell = |i: usize| row.get(i).unwrap_or_default();
            if let (Some(spot), Ok(radius_km)) = (Spot::read(cell(2), cell(3)), cell(4).parse()) {
                table.codes.push_str(cell(1));
                table.ends.push(table.codes.len());
                table.spots.push((spot, radius_km));
            }
        }
        table.codes.shrink_to_fit();
        table.ends.shrink_to_fit();
        table.spots.shrink_to_fit();
        table
    }

    /// The position of a code as a person wrote it.
    pub(super) fn locate(&self, country: &str, written: &str) -> Option<Position> {
        let (spot, radius_km) = readings(country, written).iter().find_map(|code| self.find(code).or_else(|| self.find_prefix(code)))?;
        let floor = if COARSE.contains(&country) { COARSE_RADIUS_KM } else { 0.0 };
        // One decimal in the file: four bytes hold 10.9 as 10.899999.
        let radius_km = ((f64::from(radius_km) * 10.0).round() / 10.0).max(floor);
        spot.position(Grade::PostalCode, radius_km * 1_000.0)
    }

    /// How many codes there are; 0 if they are not in the order that the search needs.
    #[cfg(test)]
    pub(super) fn len_if_ascending(&self) -> usize {
        let ascending = (1..self.ends.len()).all(|i| self.code(i - 1) < self.code(i));
        if ascending { self.ends.len() } else { 0 }
    }

    fn code(&self, i: usize) -> &str {
        let start = i.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        self.ends.get(i).and_then(|end| self.codes.get(start..*end)).unwrap_or_default()
    }

    fn find(&self, code: &str) -> Option<(Spot, f32)> {
        let (mut low, mut high) = (0, self.ends.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.code(middle).cmp(code) {
                std::cmp::Ordering::Less => low = middle + 1,
                _ => high = middle,
            }
        }
        (self.code(low) == code).then(|| self.spots.get(low).copied()).flatten()
    }

    /// The longest row `1228*` that `code` starts with.
    fn find_prefix(&self, code: &str) -> Option<(Spot, f32)> {
        (1..=code.len()).rev().find_map(|n| self.find(&format!("{}*", code.get(..n)?)))
    }
}

/// What a written code may stand for in the table, best first: upper case without blanks and hyphens, shortened to what
/// the country's table knows. Empty when it can't be a code.
pub(super) fn readings(country: &str, written: &str) -> Vec<String> {
    let code: String = written.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
    let code = code.replace("CEDEX", "");
    if !(1..=MAX_CODE).contains(&code.len()) || !code.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Vec::new();
    }
    let mut readings = vec![code.clone()];
    // `D-10117` is history, `CH-8001` and `LV-1010` are not.
    let bare = code.strip_prefix(country).filter(|rest| !rest.is_empty()).unwrap_or(&code);
    readings.push(bare.to_owned());
    let start = |n: usize| bare.get(..n).map(str::to_owned);
    readings.extend(match country {
        "GB" | "GG" | "IM" | "JE" => outward(bare),
        "CA" | "IE" | "MT" => start(3),
        "NL" => start(4),
        "BR" => start(5).map(|five| five + "000"),
        "US" | "AS" | "FM" | "GU" | "MH" | "MP" | "PR" | "PW" | "VI" => start(5),
        "AR" => argentine(bare),
        _ => None,
    });
    readings.dedup();
    readings
}

/// `EC1A1BB` → `EC1A`: the inward code is a digit and two letters.
fn outward(code: &str) -> Option<String> {
    let at = code.len().checked_sub(3)?;
    let (outward, inward) = code.split_at_checked(at)?;
    match inward.as_bytes() {
        [digit, a, b] if digit.is_ascii_digit() && a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => Some(outward.to_owned()),
        _ => None,
    }
}

/// `C1425DKA` → `1425`: the table has the four digits only.
fn argentine(code: &str) -> Option<String> {
    let digits = code.strip_prefix(|c: char| c.is_ascii_alphabetic())?.get(..4)?;
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.to_owned())
}
