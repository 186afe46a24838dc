//! The one room that turns local time into instants and back (P3.3).
//!
//! `chrono_tz::Tz` names a zone everywhere; its own rules are those of 2025b, which are wrong for some zones. The rules in
//! here are those of the database that `jiff` bundles, 2026f or later. The tests list every zone in which the two differ:
//! when the list is empty, this room can ask chrono-tz again.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Offset as _, TimeDelta, Utc};
use chrono_tz::Tz;
use jiff::Timestamp;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

/// The rules of one zone: which offset holds when. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

/// Each zone is parsed when it is first asked for.
static ZONES: LazyLock<HashMap<Tz, OnceLock<Zone>>> =
    LazyLock::new(|| chrono_tz::TZ_VARIANTS.iter().map(|tz| (*tz, OnceLock::new())).collect());

static UTC: Zone = Zone(TimeZone::UTC);

impl Zone {
    /// The rules of a named zone.
    pub fn of(tz: Tz) -> &'static Self {
        // A name that the bundled database lacks would be one that chrono-tz alone knows; a test shows that there is none.
        ZONES.get(&tz).map_or(&UTC, |zone| zone.get_or_init(|| TimeZone::get(tz.name()).map_or(UTC.clone(), Zone)))
    }

    /// The zone of an IANA name, or of a fixed offset such as `+10:00`.
    pub fn named(text: &str) -> Option<Self> {
        match text.starts_with(['+', '-']) {
            true => offset(text).and_then(Self::fixed),
            false => TimeZone::get(text).ok().map(Self),
        }
    }

    /// A zone that keeps one offset from UTC, e.g. `+10:00`; `None` beyond a day.
    pub fn fixed(offset: FixedOffset) -> Option<Self> {
        Offset::from_seconds(offset.local_minus_utc()).ok().map(|offset| Self(TimeZone::fixed(offset)))
    }

    /// The offset that holds at an instant.
    pub fn offset_at(&self, at: DateTime<Utc>) -> FixedOffset {
        let seconds = Timestamp::from_second(at.timestamp()).map_or(0, |at| self.0.to_offset(at).seconds());
        FixedOffset::east_opt(seconds).unwrap_or_else(|| Utc.fix())
    }

    /// What a clock on the wall shows at an instant.
    pub fn local(&self, at: DateTime<Utc>) -> NaiveDateTime {
        at.with_timezone(&self.offset_at(at)).naive_local()
    }

    /// The local day of an instant.
    pub fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        self.local(at).date()
    }

    /// The instant of a wall-clock time. A time that happens twice is taken the second time (nobody loses the hour); one
    /// that is skipped, at the end of the gap.
    pub fn instant(&self, local: NaiveDateTime) -> DateTime<Utc> {
        match self.offsets(local) {
            Offsets::One(offset) => before(local, offset),
            Offsets::Two { again, .. } => before(local, again),
            Offsets::Gap { after } => self.next_change(before(local, after)).unwrap_or_else(|| before(local, after)),
        }
    }

    /// The first instant of a local day: where the day before ends. Where clocks jump over midnight, the first instant that
    /// exists; where midnight happens twice because clocks go back from 01:00 (Havana, the Azores), the first of the two.
    pub fn start_of_day(&self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN);
        match self.offsets(midnight) {
            Offsets::Two { first, again } if self.day(before(midnight, again) - TimeDelta::microseconds(1)) >= day => {
                before(midnight, first)
            }
            _ => self.instant(midnight),
        }
    }

    fn offsets(&self, local: NaiveDateTime) -> Offsets {
        match civil(local).map(|civil| self.0.to_ambiguous_timestamp(civil).offset()) {
            Some(AmbiguousOffset::Unambiguous { offset }) => Offsets::One(offset.seconds()),
            Some(AmbiguousOffset::Fold { before, after }) => Offsets::Two { first: before.seconds(), again: after.seconds() },
            Some(AmbiguousOffset::Gap { after, .. }) => Offsets::Gap { after: after.seconds() },
            // Beyond the year 9999 nothing is known of clocks.
            None => Offsets::One(0),
        }
    }

    /// The first instant after `at` at which the offset changes.
    fn next_change(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let change = self.0.following(Timestamp::from_second(at.timestamp()).ok()?).next()?;
        DateTime::from_timestamp(change.timestamp().as_second(), 0)
    }
}

/// `+10:00` or `-03:30` and nothing else: chrono's own parser takes whatever follows.
fn offset(text: &str) -> Option<FixedOffset> {
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let number = |digits: &str, limit: i32| match digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit()) {
        true => digits.parse::<i32>().ok().filter(|n| *n < limit),
        false => None,
    };
    let seconds = number(hours, 24)? * 3_600 + number(minutes, 60)? * 60;
    FixedOffset::east_opt(if text.starts_with('-') { -seconds } else { seconds })
}

/// The offsets, in seconds, that a wall-clock time may have.
enum Offsets {
    One(i32),
    Two { first: i32, again: i32 },
    Gap { after: i32 },
}

fn before(local: NaiveDateTime, offset_seconds: i32) -> DateTime<Utc> {
    let shift = TimeDelta::seconds(i64::from(offset_seconds));
    local.checked_sub_signed(shift).unwrap_or(local).and_utc()
}

fn civil(local: NaiveDateTime) -> Option<jiff::civil::DateTime> {
    use chrono::{Datelike, Timelike};
    let (year, month, day) = (i16::try_from(local.year()).ok()?, i8::try_from(local.month()).ok()?, i8::try_from(local.day()).ok()?);
    let small = |n: u32| i8::try_from(n).ok();
    let nanosecond = i32::try_from(local.nanosecond() % 1_000_000_000).ok()?;
    jiff::civil::DateTime::new(year, month, day, small(local.hour())?, small(local.minute())?, small(local.second())?, nanosecond).ok()
}

/// An instant as the clocks of a zone show it, with its offset: the form to write it in.
pub fn local(zone: Tz, at: DateTime<Utc>) -> DateTime<FixedOffset> {
    at.with_timezone(&Zone::of(zone).offset_at(at))
}

/// The local day of an instant.
pub fn local_day(zone: Tz, at: DateTime<Utc>) -> NaiveDate {
    Zone::of(zone).day(at)
}

/// The abbreviation that people know for a zone at an instant, e.g. `EST`; the offset where there is none.
pub fn abbreviation(zone: Tz, at: DateTime<Utc>) -> String {
    let known = Timestamp::from_second(at.timestamp()).ok().map(|at| Zone::of(zone).0.to_offset_info(at).abbreviation().to_owned());
    known.unwrap_or_else(|| "UTC".to_owned())
}

#[cfg(test)]
mod tests;
