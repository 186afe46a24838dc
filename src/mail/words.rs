//! Times and lists as a letter shows them, local to the reader. Lines and days are cleaned and written as on printed pages.

use crate::print::words::day_of;
pub(super) use crate::print::words::{day, sayable};
pub(crate) use crate::print::words::{line, lines};
use crate::rules::zone::{self, Zone};
use chrono::{DateTime, FixedOffset, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;

/// `Friday, November 27, 2026, 21:00 (EST, UTC-05:00)`; without the abbreviation where the zone has none.
pub fn time(at: DateTime<Utc>, zone: Tz) -> String {
    let local = zone::local(zone, sayable(at));
    format!("{}, {} ({})", day_of(&local), local.format("%H:%M"), offset(zone, &local))
}

/// `21:00 EST`, and `Friday, November 27, 2026`: the two halves of [`time`] for where there is little room.
pub fn clock_and_day(at: DateTime<Utc>, zone: Tz) -> (String, String) {
    let local = zone::local(zone, sayable(at));
    let name = zone::abbreviation(zone, local.to_utc());
    let name = if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name } else { format!("UTC{}", local.format("%:z")) };
    (format!("{} {name}", local.format("%H:%M")), day_of(&local))
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

/// True if both zones show the same wall-clock time at this instant.
pub fn same_wall_clock(at: DateTime<Utc>, a: Tz, b: Tz) -> bool {
    let at = sayable(at);
    Zone::of(a).local(at) == Zone::of(b).local(at)
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
