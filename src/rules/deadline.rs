//! Deadlines (P3.5): what is due, on which clock, in which state, and how it was worked out.
//!
//! [`compute`] is the one function that says when something is due: every row, answer, mail and report shows its result.

use super::calendar::{Calendars, Edition, Uncounted};
use super::clock::{self, DayCount, DueAt, Hold, Step};
use super::hours::Schedule;
use super::term::terms;
use super::zone::Zone;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;

terms! {
    /// What is due.
    DeadlineKind, "deadline kind" {
        /// First response to a case (P2).
        ResponseBy => "response_by",
        /// Next update to the customer (P2.2).
        UpdateBy => "update_by",
        /// The replacement leaves (P4: Bronze, Silver, Gold).
        ShipBy => "ship_by",
        /// The courier is at the door (P4: Gold Plus).
        DeliverBy => "deliver_by",
        /// The defective unit is back (P4).
        ReturnBy => "return_by",
        /// A manager acknowledges an escalation (P2.7).
        AcknowledgeBy => "acknowledge_by",
        /// A case or RMA is closed.
        CloseBy => "close_by",
    }
}

terms! {
    /// Where a deadline stands.
    DeadlineState, "deadline state" {
        /// Not started: something has to happen first.
        Waiting => "waiting",
        /// The clock runs.
        Running => "running",
        /// The clock was stopped, with a reason.
        Paused => "paused",
        /// Done in time.
        Met => "met",
        /// Not done in time.
        Missed => "missed",
        /// No longer wanted.
        Void => "void",
    }
}

impl DeadlineState {
    /// True if a deadline in state `before` may go to `self`.
    pub fn may_follow(self, before: Self) -> bool {
        use DeadlineState::{Met, Missed, Paused, Running, Void, Waiting};
        match before {
            Waiting => matches!(self, Running | Paused | Met | Void),
            Running => matches!(self, Paused | Met | Missed | Void),
            Paused => matches!(self, Running | Met | Void),
            // A record made late can show that it was done in time; an extension gives more time (P4.6).
            Missed => matches!(self, Met | Running),
            Met | Void => false,
        }
    }
    /// True while it can still be met or missed.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Running | Self::Paused)
    }
}

terms! {
    /// What a waiting deadline waits for.
    WaitsFor, "wait" {
        /// The name and phone number of a local contact (P4.2).
        Contact => "contact",
        /// The contact's word that they accept delivery (P4.2).
        ContactAccepts => "contact_accepts_delivery",
        /// The delivery of the replacement (P4).
        Delivery => "delivery",
    }
}

impl WaitsFor {
    /// The wait as a clause after "waits for".
    pub fn phrase(self) -> &'static str {
        match self {
            Self::Contact => "a local contact's name and phone number",
            Self::ContactAccepts => "the contact's word that they accept delivery",
            Self::Delivery => "the delivery of the replacement",
        }
    }
}

/// How much time, on which clock.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "clock", rename_all = "snake_case")]
pub enum Target {
    /// Elapsed hours, around the clock.
    Elapsed {
        /// How many.
        hours: u32,
    },
    /// Business days of a calendar.
    BusinessDays {
        /// How many.
        days: u32,
        /// When on the last day.
        due: DueAt,
        /// From when on an event counts as of the next day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cut_off: Option<NaiveTime>,
    },
    /// Time inside a daily window on some weekdays; the holidays of the calendar are closed (P3.3).
    BusinessHours {
        /// How much.
        minutes: u32,
        /// The open weekdays.
        weekdays: Vec<Weekday>,
        /// Opening time, wall clock of the zone.
        opens: NaiveTime,
        /// Closing time; `None`: at the end of the day.
        closes: Option<NaiveTime>,
    },
}

impl Target {
    /// The clock's name: `elapsed`, `business_days` or `business_hours`.
    pub fn clock(&self) -> &'static str {
        match self {
            Self::Elapsed { .. } => "elapsed",
            Self::BusinessDays { .. } => "business_days",
            Self::BusinessHours { .. } => "business_hours",
        }
    }
}

/// More time that operations gave (P4.6).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Extension {
    /// When it was given.
    pub at: DateTime<Utc>,
    /// The new last day, local to the deadline's zone.
    pub until: NaiveDate,
    /// Why, for a person.
    pub reason: String,
}

/// Everything a deadline is computed from; stored with it, so that it can be replayed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Basis {
    /// What is due.
    pub kind: DeadlineKind,
    /// How much time.
    pub target: Target,
    /// The zone of days and closing times.
    pub zone: Tz,
    /// The key of the calendar, e.g. `US-FL`.
    pub calendar: String,
    /// Which of the operators' changes to it count.
    #[serde(default)]
    pub edition: Edition,
    /// When the clock started, `None` while it waits.
    pub starts_at: Option<DateTime<Utc>>,
    /// What it waits for; empty once started.
    pub waits_for: Vec<WaitsFor>,
    /// Stretches in which it stood still.
    pub holds: Vec<Hold>,
    /// More time that was given, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<Extension>,
    /// The rules that make it, e.g. `P4`, `P3.4`.
    pub rules: Vec<String>,
}

impl Basis {
    /// Since when the reminders of the present date count: the clock's start, or the last extension (P4.6).
    pub fn reminds_since(&self) -> Option<DateTime<Utc>> {
        let extended = self.extensions.last().map(|e| e.at);
        self.starts_at.map(|start| extended.map_or(start, |at| at.max(start)))
    }
    /// The end of the key of a reminder's letter: each new date has reminders of its own (P4.6).
    pub fn reminder_key(&self, ordinal: usize) -> String {
        match self.extensions.len() {
            0 => format!("return-reminder/{ordinal}"),
            n => format!("return-reminder/extended-{n}/{ordinal}"),
        }
    }
}

/// A computed deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// What it was computed from.
    pub basis: Basis,
    /// Waiting, running or paused.
    pub state: DeadlineState,
    /// The instant; `None` while waiting or paused.
    pub due_at: Option<DateTime<Utc>>,
    /// The working, in order.
    pub steps: Vec<Step>,
}

/// Computes a deadline from its basis. Waiting without a start; paused while a hold is open; else running, with the
/// instant and the working. Days that can't be counted (a calendar without open days, a year whose holidays are not known)
/// give a paused deadline that says so.
pub fn compute(basis: Basis, calendars: &dyn Calendars) -> Deadline {
    let Some(start) = basis.starts_at else {
        return Deadline { basis, state: DeadlineState::Waiting, due_at: None, steps: Vec::new() };
    };
    if let Some(hold) = basis.holds.iter().find(|h| h.to.is_none()) {
        let step = Step {
            from: start,
            to: hold.from.max(start),
            counted: "paused".into(),
            note: format!("on hold: {}", hold.reason),
            rule: "P4.5".into(),
        };
        return Deadline { state: DeadlineState::Paused, due_at: None, steps: vec![step], basis };
    }
    let calendar = || calendars.edition(&basis.calendar, &basis.edition);
    let zone = Zone::of(basis.zone);
    let worked = match &basis.target {
        Target::Elapsed { hours } => Ok(clock::elapsed(start, *hours, &basis.holds)),
        Target::BusinessDays { days, due, cut_off } => {
            let count = DayCount { days: *days, due: *due, cut_off: *cut_off };
            clock::business_days(start, count, zone, &calendar(), &basis.holds)
        }
        Target::BusinessHours { minutes, weekdays, opens, closes } => {
            Schedule::new(zone.clone(), weekdays, *opens, *closes, Some(calendar()))
                .ok_or(Uncounted::NeverOpen)
                .and_then(|mut schedule| schedule.worked(start, TimeDelta::minutes((*minutes).into()), &basis.holds))
        }
    };
    match worked {
        Ok((due_at, steps)) => {
            let (due_at, steps) = extended(&basis, zone, due_at, steps);
            Deadline { basis, state: DeadlineState::Running, due_at: Some(due_at), steps }
        }
        Err(uncounted) => {
            let (counted, rule) = match basis.target {
                Target::BusinessHours { .. } => ("0 h", "P3.3"),
                _ => ("0 business days", "P3.4"),
            };
            let step = Step { from: start, to: start, counted: counted.into(), note: uncounted.to_string(), rule: rule.into() };
            Deadline { basis, state: DeadlineState::Paused, due_at: None, steps: vec![step] }
        }
    }
}

/// What was counted, and the time that was given after it. An extension that ends before what was counted (a calendar has
/// moved the date since) takes nothing away.
fn extended(basis: &Basis, zone: &Zone, counted: DateTime<Utc>, mut steps: Vec<Step>) -> (DateTime<Utc>, Vec<Step>) {
    let due = match basis.target {
        Target::BusinessDays { due, .. } => due,
        Target::Elapsed { .. } | Target::BusinessHours { .. } => DueAt::EndOfDay,
    };
    let mut due_at = counted;
    for extension in &basis.extensions {
        let to = due.on(zone, extension.until);
        if to > due_at {
            let note = format!("extended until {}: {}", extension.until.format("%A, %Y-%m-%d"), extension.reason);
            steps.push(Step { from: due_at, to, counted: "extended".into(), note, rule: "P4.6".into() });
            due_at = to;
        }
    }
    (due_at, steps)
}

/// An open deadline as it is when it follows a change of its calendar that was made after the promise (P3.4).
pub fn follow(deadline: &Deadline, change: i64, calendars: &dyn Calendars) -> Deadline {
    let mut basis = deadline.basis.clone();
    basis.edition.also.push(change);
    compute(basis, calendars)
}

/// What became of a deadline whose thing was done at `done_at`: met on the instant itself, missed after it.
pub fn outcome(due_at: Option<DateTime<Utc>>, done_at: DateTime<Utc>) -> DeadlineState {
    match due_at {
        Some(due) if done_at > due => DeadlineState::Missed,
        _ => DeadlineState::Met,
    }
}

#[cfg(test)]
mod tests;
