//! Text and days as pages and letters show them: cleaned, bounded, local to the reader.
//!
//! Texts were parsed at the door already; they are cleaned again here because what is made of them leaves the house, and a
//! row written by an older version must not be able to smuggle a header or turn a line around.

use crate::rules::zone;
use chrono::{DateTime, Datelike, FixedOffset, TimeDelta, Utc};
use chrono_tz::Tz;

/// The longest single line in characters; anything longer is cut, visibly.
pub(crate) const LINE_MAX: usize = 500;
/// The most lines that a note may bring.
const NOTE_LINES_MAX: usize = 60;

/// True for characters that change the direction or the shape of the text around them without being seen.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}')
        || ('\u{202A}'..='\u{202E}').contains(&c)
        || ('\u{2066}'..='\u{2069}').contains(&c)
}

/// One printable line: control characters become blanks, runs of blanks one blank, direction marks vanish, and what is
/// longer than 500 characters ends in an ellipsis.
pub(crate) fn line(raw: &str) -> String {
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
pub(crate) fn lines(raw: &str) -> Vec<String> {
    raw.lines().map(line).filter(|l| !l.is_empty()).take(NOTE_LINES_MAX).collect()
}

/// Keeps an instant within the years 1970 to 9999, which calendars and mail headers can say.
pub(crate) fn sayable(at: DateTime<Utc>) -> DateTime<Utc> {
    let last = DateTime::from_timestamp(253_402_214_400, 0).unwrap_or(DateTime::UNIX_EPOCH);
    at.clamp(DateTime::UNIX_EPOCH, last)
}

/// `Friday, November 27, 2026`: the last day on which something is in time that is due at this instant. Midnight ends the day
/// before.
pub(crate) fn day(at: DateTime<Utc>, zone: Tz) -> String {
    day_of(&zone::local(zone, sayable(at) - TimeDelta::seconds(1)))
}

/// `Friday, November 27, 2026`.
pub(crate) fn day_of(local: &DateTime<FixedOffset>) -> String {
    format!("{} {}, {}", local.format("%A, %B"), local.day(), local.year())
}

#[cfg(test)]
mod tests;
