//! Text and times as a letter shows them: cleaned, bounded, local to the reader.
//!
//! Texts were parsed at the door already; they are cleaned again here because a letter leaves the house, and an outbox
//! row written by an older version must not be able to smuggle a header or turn a line around.

use crate::rules::zone::{self, Zone};
use chrono::{DateTime, Datelike, FixedOffset, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;

/// The longest single line of a letter in characters; anything longer is cut, visibly.
const LINE_MAX: usize = 500;
/// The most lines that a note may bring.
const NOTE_LINES_MAX: usize = 60;

/// True for characters that change the direction or the shape of the text around them without being seen.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}')
        || ('\u{202A}'..='\u{202E}').contains(&c)
        || ('\u{2066}'..='\u{2069}').contains(&c)
}

/// One printable line: control characters become blanks, runs of blanks one blank, direction marks vanish, and what is
/// longer than 500 characters ends in an ellipsis.
pub(super) fn line(raw: &str) -> String {
    let mut text = String::new();
    let visible = raw.chars().filter(|c| !is_invisible(*c)).map(|c| if c.is_control() { ' ' } else { c });
    for (count, word) in visible.collect::<String>().split_whitespace().enumerate() {
        if count > 0 {
            text.push(' ');
        }
        text.push_str(word);
    }
    match text.char_indices().nth(LINE_MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// The lines of a note, each as [`line`] makes it, without empty ones; at most 60.
pub(super) fn lines(raw: &str) -> Vec<String> {
    raw.lines().map(line).filter(|l| !l.is_empty()).take(NOTE_LINES_MAX).collect()
}

/// Keeps an instant within the years 1970 to 9999, which calendars and mail headers can say.
pub(super) fn sayable(at: DateTime<Utc>) -> DateTime<Utc> {
    let last = DateTime::from_timestamp(253_402_214_400, 0).unwrap_or(DateTime::UNIX_EPOCH);
    at.clamp(DateTime::UNIX_EPOCH, last)
}

/// `Friday, November 27, 2026, 21:00 (EST, UTC-05:00)`; without the abbreviation where the zone has none.
pub(super) fn time(at: DateTime<Utc>, zone: Tz) -> String {
    let local = zone::local(zone, sayable(at));
    format!("{}, {} ({})", day_of(&local), local.format("%H:%M"), offset(zone, &local))
}

/// As [`time`], for what is due by the end of a day: midnight is said as the end of the day before, because
/// "Saturday, 00:00" is read as a day later than it is.
pub(super) fn day_end_or_time(at: DateTime<Utc>, zone: Tz) -> String {
    let local = zone::local(zone, sayable(at));
    if (local.hour(), local.minute(), local.second()) != (0, 0, 0) {
        return time(at, zone);
    }
    let before = zone::local(zone, sayable(at) - TimeDelta::seconds(1));
    format!("end of {} ({})", day_of(&before), offset(zone, &before))
}

/// `Friday, November 27, 2026`: the day on which [`day_end_or_time`] falls.
pub(super) fn day(at: DateTime<Utc>, zone: Tz) -> String {
    day_of(&zone::local(zone, sayable(at) - TimeDelta::seconds(1)))
}

/// True if both zones show the same wall-clock time at this instant.
pub(super) fn same_wall_clock(at: DateTime<Utc>, a: Tz, b: Tz) -> bool {
    let at = sayable(at);
    Zone::of(a).local(at) == Zone::of(b).local(at)
}

fn day_of(local: &DateTime<FixedOffset>) -> String {
    format!("{} {}, {}", local.format("%A, %B"), local.day(), local.year())
}

fn offset(zone: Tz, local: &DateTime<FixedOffset>) -> String {
    let (name, offset) = (zone::abbreviation(zone, local.to_utc()), local.format("%:z"));
    match name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        true if name == "UTC" => name,
        true => format!("{name}, UTC{offset}"),
        false => format!("UTC{offset}"),
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [start @ .., last] => format!("{} and {last}", start.join(", ")),
    }
}

#[cfg(test)]
mod tests;
