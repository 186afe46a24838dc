//! What is about to be lost (P4): how long an RMA whose replacement hasn't left, or hasn't arrived, has until it loses a business
//! day or misses the four hours.

use super::calendar::Calendars;
use super::deadline::{Basis, DeadlineKind, DeadlineState, Target};
use super::term::terms;
use super::zone::Zone;
use chrono::{DateTime, Utc};

terms! {
    /// What is lost at that instant.
    Loss, "loss" {
        /// A business day: what leaves later leaves a day later.
        BusinessDay => "business_day",
        /// The deadline itself.
        Deadline => "deadline",
        /// Nothing more: the deadline is missed already.
        MissedAlready => "missed_already",
    }
}

/// A risk with its instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Risk {
    /// The deadline.
    pub kind: DeadlineKind,
    /// What is lost.
    pub loses: Loss,
    /// When.
    pub at: DateTime<Utc>,
    /// When the deadline is due.
    pub due_at: DateTime<Utc>,
}

impl Risk {
    /// Whole minutes that are left; negative where the instant is over.
    pub fn minutes(&self, now: DateTime<Utc>) -> i64 {
        (self.at - now).num_seconds().div_euclid(60)
    }
}

/// What a replacement's deadline is about to lose: of business days the one that is under way (or the next one, where it is over
/// or closed), at the time at which the last day would be due; of hours the deadline. A clock that stands loses nothing.
pub fn risk(
    basis: &Basis,
    state: DeadlineState,
    due_at: Option<DateTime<Utc>>,
    calendars: &dyn Calendars,
    now: DateTime<Utc>,
) -> Option<Risk> {
    let (kind, due_at) = (basis.kind, due_at?);
    let found = |loses, at| Some(Risk { kind, loses, at, due_at });
    match (kind, state, &basis.target) {
        (DeadlineKind::ShipBy | DeadlineKind::DeliverBy, DeadlineState::Missed, _) => found(Loss::MissedAlready, due_at),
        (DeadlineKind::ShipBy, DeadlineState::Running, Target::BusinessDays { due, .. }) => {
            let (zone, calendar) = (Zone::of(basis.zone), calendars.edition(&basis.calendar, &basis.edition));
            let today = zone.day(now);
            let open_today = calendar.closed(today).is_none() && due.on(zone, today) > now;
            let day = if open_today { Some(today) } else { calendar.business_day(today, 1).ok() };
            match day.map(|day| due.on(zone, day)) {
                Some(at) if at < due_at => found(Loss::BusinessDay, at),
                _ => found(Loss::Deadline, due_at),
            }
        }
        (DeadlineKind::ShipBy | DeadlineKind::DeliverBy, DeadlineState::Running, _) => found(Loss::Deadline, due_at),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
