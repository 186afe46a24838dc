//! What a cell can hold, beyond the texts of `rules::text`: words, dates, degrees, zones, lists.

use crate::rules::position::Point;
use crate::rules::term::Term;
use crate::rules::text::TextFault;
use crate::rules::tier::Language;
use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;

/// Years in which a contract, a center or an end of maintenance can lie; anything else is a slip of the pen.
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2100;

/// A word as vocabularies spell it: `Gold Plus` is `gold_plus`.
pub(super) fn word(text: &str) -> String {
    text.trim().to_lowercase().replace([' ', '-'], "_")
}

/// A word of a vocabulary.
pub(super) fn term<T: Term>(text: &str) -> Result<T, TextFault> {
    T::parse(&word(text)).ok_or_else(|| match text.is_empty() {
        true => empty(),
        false => {
            let words = T::ALL.iter().map(|t| t.as_str()).collect::<Vec<_>>().join(", ");
            TextFault::new("unknown_word", format!("is no {}; must be one of {words}", T::NAME))
        }
    })
}

/// A language by the first part of its BCP 47 tag: `pt-BR` is Portuguese.
pub(super) fn language(text: &str) -> Result<Language, TextFault> {
    term(text.split(['-', '_']).next().unwrap_or_default())
}

/// A day as `2026-11-24`.
pub(super) fn date(text: &str) -> Result<NaiveDate, TextFault> {
    if text.is_empty() {
        return Err(empty());
    }
    let shape = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let day = shape.then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten();
    match day {
        None => Err(TextFault::new("bad_date", "must be a day of the calendar, such as 2026-11-24")),
        Some(day) if YEARS.contains(&day.year()) => Ok(day),
        Some(_) => Err(TextFault::new("date_out_of_range", format!("must lie in the years {} to {}", YEARS.start(), YEARS.end()))),
    }
}

/// A time zone by its IANA name.
pub(super) fn zone(text: &str) -> Result<Tz, TextFault> {
    match text.is_empty() {
        true => Err(empty()),
        false => text.parse().map_err(|_| TextFault::new("unknown_zone", "must be an IANA time zone, such as America/New_York")),
    }
}

/// True or false.
pub(super) fn boolean(text: &str) -> Result<bool, TextFault> {
    match word(text).as_str() {
        "true" | "yes" | "1" => Ok(true),
        "false" | "no" | "0" => Ok(false),
        _ => Err(TextFault::new("bad_boolean", "must be true or false (or yes or no, 1 or 0)")),
    }
}

/// Degrees north.
pub(super) fn latitude(text: &str) -> Result<f64, TextFault> {
    degrees(text).and_then(|value| Point::new(value, 0.0)).map(|point| point.latitude())
}

/// Degrees east.
pub(super) fn longitude(text: &str) -> Result<f64, TextFault> {
    degrees(text).and_then(|value| Point::new(0.0, value)).map(|point| point.longitude())
}

fn degrees(text: &str) -> Result<f64, TextFault> {
    if text.is_empty() {
        return Err(empty());
    }
    // Plain decimals only: `inf`, `nan` and `1e300` are numbers to Rust, but not what anybody means.
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b"+-.".contains(&b));
    plain
        .then(|| text.parse().ok())
        .flatten()
        .ok_or_else(|| TextFault::new("bad_number", "must be decimal degrees with a point, such as -80.15"))
}

/// Items separated by `|`, none empty, none twice.
pub(super) fn list<T: PartialEq>(text: &str, parse: impl Fn(&str) -> Result<T, TextFault>) -> Result<Vec<T>, TextFault> {
    let mut items = Vec::new();
    for (index, raw) in text.split('|').enumerate() {
        let place = index + 1;
        let item = parse(raw.trim()).map_err(|fault| TextFault::new(fault.code, format!("item {place} {}", fault.detail)))?;
        if items.contains(&item) {
            return Err(TextFault::new("duplicate_item", format!("item {place} stands earlier in the list")));
        }
        items.push(item);
    }
    Ok(items)
}

fn empty() -> TextFault {
    TextFault::new("empty", "must not be empty")
}

#[cfg(test)]
mod tests;
