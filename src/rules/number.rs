//! The numbers that people read out: `R10000017-3` with a check digit, `C10000012` without.
//!
//! The check digit is Damm's (H. M. Damm, "Total anti-symmetrische Quasigruppen", Marburg 2004): it finds every
//! single wrong digit and every swap of neighbors, the two mistakes people make on the phone.

use super::text::TextFault;
use std::fmt;

/// Damm's quasigroup of order 10, weakly totally anti-symmetric, zeros on the diagonal.
const DAMM: [[u8; 10]; 10] = [
    [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
    [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
    [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
    [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
    [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
    [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
    [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
    [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
    [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
    [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
];

/// The first number of either series; eight digits, so that none starts with a zero.
pub const FIRST: i64 = 10_000_000;
const LAST: i64 = 99_999_999;

fn damm(digits: &str) -> u8 {
    digits.bytes().filter(u8::is_ascii_digit).fold(0, |interim, digit| DAMM[usize::from(interim)][usize::from(digit - b'0')])
}

fn serial(digits: &str) -> Option<i64> {
    let eight = digits.len() == 8 && digits.bytes().all(|b| b.is_ascii_digit());
    eight.then(|| digits.parse().ok()).flatten().filter(|n| (FIRST..=LAST).contains(n))
}

/// The number of an RMA.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RmaNumber(i64);

impl RmaNumber {
    /// The number with this place in the series, `None` outside eight digits.
    pub fn of(serial: i64) -> Option<Self> {
        (FIRST..=LAST).contains(&serial).then_some(Self(serial))
    }
    /// The place in the series, as the store keeps it.
    pub fn serial(self) -> i64 {
        self.0
    }
    /// `R10000017`: the number without its check digit, as keys and headings use it.
    pub fn stem(self) -> String {
        format!("R{}", self.0)
    }
    /// Reads `R10000017-3`; case and blanks around it don't matter. A number that fails its check digit is
    /// refused as `mistyped_number`, one of another shape (or without its check digit) as `malformed_number`.
    pub fn parse(raw: &str) -> Result<Self, TextFault> {
        let shape = || TextFault::new("malformed_number", "an RMA number looks like R10000017-3");
        let text = raw.trim().to_ascii_uppercase();
        let (digits, check) = text.strip_prefix('R').and_then(|t| t.split_once('-')).ok_or_else(shape)?;
        let serial = serial(digits).ok_or_else(shape)?;
        let [check @ b'0'..=b'9'] = check.as_bytes() else { return Err(shape()) };
        match damm(digits) == check - b'0' {
            true => Ok(Self(serial)),
            false => Err(TextFault::new(
                "mistyped_number",
                "this RMA number is mistyped: its check digit does not match; please compare it with the letter",
            )),
        }
    }
}

impl fmt::Display for RmaNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "R{}-{}", self.0, damm(&self.0.to_string()))
    }
}

/// The number of a support case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseNumber(i64);

impl CaseNumber {
    /// The number with this place in the series, `None` outside eight digits.
    pub fn of(serial: i64) -> Option<Self> {
        (FIRST..=LAST).contains(&serial).then_some(Self(serial))
    }
    /// The place in the series, as the store keeps it.
    pub fn serial(self) -> i64 {
        self.0
    }
    /// Reads `C10000012`.
    pub fn parse(raw: &str) -> Result<Self, TextFault> {
        let text = raw.trim().to_ascii_uppercase();
        let digits = text.strip_prefix('C').and_then(serial);
        digits.map(Self).ok_or_else(|| TextFault::new("malformed_number", "a case number looks like C10000012"))
    }
}

impl fmt::Display for CaseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "C{}", self.0)
    }
}

macro_rules! serde_by_text {
    ($($name:ident),+) => { $(
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.collect_str(self) }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(d)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    )+ };
}
serde_by_text!(RmaNumber, CaseNumber);

#[cfg(test)]
mod tests;
