//! Reminders about a defective unit (P4.6): before the deadline, on its day, and after it.

use super::notice::NoticeKind;
use super::program::ReminderTerms;
use super::zone::{Zone, local_day};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

/// One reminder of the series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reminder {
    /// Its place in the series, 1, 2, …: part of the letter's key, so that none goes out twice.
    pub ordinal: usize,
    /// Which letter.
    pub kind: NoticeKind,
    /// When it goes out.
    pub at: DateTime<Utc>,
}

/// The local day on which something is due. A deadline at the end of a day is stored as the following midnight.
pub fn due_day(due_at: DateTime<Utc>, zone: Tz) -> NaiveDate {
    local_day(zone, due_at - TimeDelta::microseconds(1))
}

/// The whole series for a return that is due at `due_at`.
pub fn series(terms: &ReminderTerms, due_at: DateTime<Utc>, zone: Tz) -> Vec<Reminder> {
    let day = due_day(due_at, zone);
    let dated = terms.days.iter().enumerate().filter_map(|(index, offset)| {
        let on = day.checked_add_signed(TimeDelta::try_days(*offset)?)?;
        let kind = match offset {
            ..0 => NoticeKind::ReturnDueSoon,
            0 => NoticeKind::ReturnDueToday,
            _ => NoticeKind::ReturnOverdue,
        };
        Some(Reminder { ordinal: index + 1, kind, at: Zone::of(zone).instant(on.and_time(terms.at)) })
    });
    dated.collect()
}

/// The reminder that is to be sent at `now`: the latest whose time has come since the clock started. Earlier ones that
/// were missed (the service was off, the unit went out late) are not sent after the fact: a customer gets one letter.
pub fn due(terms: &ReminderTerms, started_at: DateTime<Utc>, due_at: DateTime<Utc>, zone: Tz, now: DateTime<Utc>) -> Option<Reminder> {
    series(terms, due_at, zone).into_iter().rfind(|r| r.at <= now && r.at > started_at)
}

/// When the next reminder after `now` is to be looked at, `None` after the last.
pub fn next(terms: &ReminderTerms, due_at: DateTime<Utc>, zone: Tz, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    series(terms, due_at, zone).into_iter().map(|r| r.at).find(|at| *at > now)
}

#[cfg(test)]
mod tests;
