//! What the reports count (P3.5, P4.6), so that a figure can be replayed: by instants that are recorded, as of an instant.

use super::deadline::DeadlineKind;
use super::refusal::Refusal;
use super::term::terms;
use chrono::{DateTime, TimeDelta, Utc};

terms! {
    /// The reports about deadlines.
    Report, "report" {
        /// Replacements that left in time.
        OnTimeShipping => "on-time-shipping",
        /// Replacements that a courier delivered in time.
        OnTimeDelivery => "on-time-delivery",
        /// Defective units that are not back, by age.
        ReturnsOverdue => "returns-overdue",
        /// Deadlines of replacements that were missed, by whose hands had the time.
        Breaches => "breaches",
    }
}

terms! {
    /// How a deadline stood at an instant.
    Standing, "standing" {
        /// Its RMA was cancelled: excluded.
        Void => "void",
        /// Its instant had not passed, and its thing was not done: excluded.
        NotDueYet => "not_due_yet",
        /// Done in time.
        Met => "met",
        /// Done late, or not done and past its instant.
        Missed => "missed",
    }
}

impl Report {
    /// The deadlines that it is about.
    pub fn kinds(self) -> &'static [DeadlineKind] {
        match self {
            Self::OnTimeShipping => &[DeadlineKind::ShipBy],
            Self::OnTimeDelivery => &[DeadlineKind::DeliverBy],
            Self::ReturnsOverdue => &[DeadlineKind::ReturnBy],
            Self::Breaches => &[DeadlineKind::ShipBy, DeadlineKind::DeliverBy],
        }
    }

    /// What is counted, in words.
    pub fn definition(self) -> &'static str {
        match self {
            Self::OnTimeShipping => {
                "Of the ship_by deadlines that were due in the period and are decided (done, or past their instant), those whose replacement \
                 left at or before the instant."
            }
            Self::OnTimeDelivery => {
                "Of the deliver_by deadlines that were due in the period and are decided (done, or past their instant), those whose \
                 replacement was delivered at or before the instant."
            }
            Self::ReturnsOverdue => {
                "Of the return_by deadlines that were due in the period and whose instant has passed, those whose units were not all back. \
                 Age counts days of 24 hours since the instant, the first one being day 1."
            }
            Self::Breaches => {
                "Of the ship_by and deliver_by deadlines that were due in the period and are decided, those that were missed. Each is \
                 attributed to the segment of its RMA that took longest, of equals the later: authorization (defect verified to issue), \
                 customer (issue until the clock starts), stock (until the replacement leaves), courier (until it is delivered)."
            }
        }
    }
}

/// How a deadline with an instant stood at `as_of`; `void_at` is when it became void.
pub fn standing(due_at: DateTime<Utc>, done_at: Option<DateTime<Utc>>, void_at: Option<DateTime<Utc>>, as_of: DateTime<Utc>) -> Standing {
    match done_at.filter(|done| *done <= as_of) {
        _ if void_at.is_some_and(|at| at <= as_of) => Standing::Void,
        Some(done) if done <= due_at => Standing::Met,
        None if due_at >= as_of => Standing::NotDueYet,
        _ => Standing::Missed,
    }
}

/// The most breaches that one report attributes.
pub const BREACHES_MOST: i64 = 200_000;
/// The most service centers by which a report is grouped.
pub const CENTERS_MOST: i64 = 200;

/// Refuses a report with more breaches than are attributed one by one (P3.5).
pub fn attributable(missed: i64) -> Result<(), Refusal> {
    match missed <= BREACHES_MOST {
        true => Ok(()),
        false => {
            let detail =
                format!("the period has {missed} breaches, and a report attributes {BREACHES_MOST} at most: ask for a shorter period");
            Err(Refusal::refused("too_many_breaches", "P3.5", detail))
        }
    }
}

/// The days by which something is overdue, the first 24 hours being day 1; 0 if it isn't.
pub fn days_overdue(due_at: DateTime<Utc>, as_of: DateTime<Utc>) -> i64 {
    match (as_of - due_at).num_seconds() {
        ..=0 => 0,
        seconds => (seconds - 1) / 86_400 + 1,
    }
}

/// The ages that overdue returns are counted by: their name and the first and the last day, `None` without an end.
pub const AGES: [(&str, i64, Option<i64>); 5] =
    [("1-7", 1, Some(7)), ("8-14", 8, Some(14)), ("15-30", 15, Some(30)), ("31-60", 31, Some(60)), (">60", 61, None)];

/// The instants between which something was due that has an age now: from the first, which is `None` without an end, before the second.
pub fn due_between(first: i64, last: Option<i64>, as_of: DateTime<Utc>) -> (Option<DateTime<Utc>>, DateTime<Utc>) {
    (last.map(|last| as_of - TimeDelta::days(last)), as_of - TimeDelta::days(first - 1))
}

#[cfg(test)]
mod tests;
