//! Reminders about a defective unit (P4.6): before the deadline, on its day, and after it; never at night but under Gold Plus.

use super::notice::NoticeKind;
use super::program::{Quiet, ReminderTerms};
use super::tier::Tier;
use super::zone::{Zone, local_day};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

/// A return whose clock runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Awaited {
    /// When its clock started.
    pub started_at: DateTime<Utc>,
    /// When it is due.
    pub due_at: DateTime<Utc>,
    /// The customer's zone: the site's, or the contract's where there is no site.
    pub zone: Tz,
    /// What is delivered: Gold Plus customers are reminded at any hour.
    pub tier: Tier,
}

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

/// What is to be done about a return now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// The reminder to send; it may have been sent before.
    pub send: Option<Reminder>,
    /// When to look again, `None` after the last one.
    pub look_at: Option<DateTime<Utc>>,
}

impl Quiet {
    /// True at this time of day; never where both ends are the same.
    pub fn has(&self, time: NaiveTime) -> bool {
        match self.from <= self.until {
            true => self.from <= time && time < self.until,
            false => time >= self.from || time < self.until,
        }
    }

    /// How much of a day isn't quiet.
    pub fn open(&self) -> TimeDelta {
        match self.from <= self.until {
            true => TimeDelta::days(1) - (self.until - self.from),
            false => self.from - self.until,
        }
    }

    /// The first instant, from `at` on, that isn't quiet on a clock of the zone.
    pub fn ends(&self, zone: Tz, at: DateTime<Utc>) -> DateTime<Utc> {
        let zone = Zone::of(zone);
        let mut at = at;
        // Where clocks jump over the end of the night, or over a whole day, what comes next may be quiet again.
        for _ in 0..3 {
            let local = zone.local(at);
            if !self.has(local.time()) {
                break;
            }
            let later = if local.time() < self.until { Some(local.date()) } else { local.date().succ_opt() };
            at = later.map_or(at, |day| zone.instant(day.and_time(self.until)));
        }
        at
    }
}

/// The local day on which something is due. A deadline at the end of a day is stored as the following midnight.
pub fn due_day(due_at: DateTime<Utc>, zone: Tz) -> NaiveDate {
    local_day(zone, due_at - TimeDelta::microseconds(1))
}

/// What a reminder of this day says, for what is due on that one.
fn kind(day: NaiveDate, due: NaiveDate) -> NoticeKind {
    match day.cmp(&due) {
        std::cmp::Ordering::Less => NoticeKind::ReturnDueSoon,
        std::cmp::Ordering::Equal => NoticeKind::ReturnDueToday,
        std::cmp::Ordering::Greater => NoticeKind::ReturnOverdue,
    }
}

/// The whole series for a return. A time that is quiet is moved to the end of the quiet hours on the same day, even where that is
/// earlier: a reminder on the day is on the day.
pub fn series(terms: &ReminderTerms, awaited: &Awaited) -> Vec<Reminder> {
    let day = due_day(awaited.due_at, awaited.zone);
    let at = if awaited.may_be_woken() || !terms.quiet.has(terms.at) { terms.at } else { terms.quiet.until };
    let dated = terms.days.iter().enumerate().filter_map(|(index, offset)| {
        let on = day.checked_add_signed(TimeDelta::try_days(*offset)?)?;
        Some(Reminder { ordinal: index + 1, kind: kind(on, day), at: Zone::of(awaited.zone).instant(on.and_time(at)) })
    });
    dated.collect()
}

impl Awaited {
    fn may_be_woken(&self) -> bool {
        self.tier == Tier::GoldPlus
    }
}

/// The reminder whose turn it is at `now`: the latest whose time has come since the clock started. Earlier ones that were missed
/// (the service was off, the unit went out late) are not sent after the fact: a customer gets one letter, which says how the
/// return stands on the day on which it goes out.
pub fn due(terms: &ReminderTerms, awaited: &Awaited, now: DateTime<Utc>) -> Option<Reminder> {
    let latest = series(terms, awaited).into_iter().rfind(|r| r.at <= now && r.at > awaited.started_at)?;
    Some(Reminder { kind: kind(local_day(awaited.zone, now), due_day(awaited.due_at, awaited.zone)), ..latest })
}

/// When the next reminder after `now` is to be looked at, `None` after the last.
pub fn next(terms: &ReminderTerms, awaited: &Awaited, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    series(terms, awaited).into_iter().map(|r| r.at).find(|at| *at > now)
}

/// What is to be done at `now`. At night nothing is sent but under Gold Plus: what is late waits for the morning, and is looked at
/// afresh then.
pub fn plan(terms: &ReminderTerms, awaited: &Awaited, now: DateTime<Utc>) -> Plan {
    let next = next(terms, awaited, now);
    let Some(reminder) = due(terms, awaited, now) else { return Plan { send: None, look_at: next } };
    match terms.quiet.ends(awaited.zone, now) {
        morning if morning > now && !awaited.may_be_woken() => Plan { send: None, look_at: Some(morning) },
        _ => Plan { send: Some(reminder), look_at: next },
    }
}

#[cfg(test)]
mod tests;
