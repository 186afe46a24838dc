//! The working of business hours (P3.3), for a reader with a wall calendar.

use super::super::calendar::weekday_name;
use super::super::clock::{Hold, Step, hours_counted};
use super::{Schedule, instant};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};

/// Holidays that a closed stretch names; further ones are counted.
const NAMED_HOLIDAYS: usize = 5;

/// Steps in a row: each begins where the one before it ends.
pub(super) struct Working {
    start: DateTime<Utc>,
    /// Whole seconds, as they are counted.
    at: i64,
    pub(super) steps: Vec<Step>,
}

impl Working {
    pub(super) fn new(start: DateTime<Utc>) -> Self {
        Self { start, at: start.timestamp(), steps: Vec::new() }
    }

    pub(super) fn open(&mut self, to: i64, note: String) {
        self.push(to, hours_counted(TimeDelta::seconds(to - self.at)), note, "P3.3");
    }

    pub(super) fn closed(&mut self, to: i64, note: String) {
        self.push(to, hours_counted(TimeDelta::zero()), note, "P3.3");
    }

    pub(super) fn hold(&mut self, to: i64, hold: &Hold) {
        self.push(to, hours_counted(TimeDelta::zero()), format!("on hold: {}", hold.reason), "P4.5");
    }

    fn push(&mut self, to: i64, counted: String, note: String, rule: &str) {
        // Parts of a second, which no clock of the service has, belong to the first step.
        let from = self.steps.last().map_or(self.start, |step| step.to);
        self.steps.push(Step { from, to: instant(to, self.start), counted, note, rule: rule.to_owned() });
        self.at = to;
    }
}

impl Schedule {
    /// The local day of an instant with its weekday.
    pub(super) fn named(&self, at: i64) -> String {
        let day = self.day(at);
        format!("{} {day}", weekday_name(day.weekday()))
    }

    /// `08:00-21:00`.
    pub(super) fn window_words(&self) -> String {
        let closes = self.closes.map_or_else(|| "24:00".to_owned(), |closes| closes.format("%H:%M").to_string());
        format!("{}-{closes}", self.opens.format("%H:%M"))
    }

    /// Until when a stretch is closed, and the holidays for which it is.
    pub(super) fn closed_note(&self, from: i64, to: i64, opens: bool) -> String {
        let until = match opens {
            true => format!("closed until {} {}", self.named(to), self.local(to).format("%H:%M")),
            false => "closed".to_owned(),
        };
        let first = self.day(from);
        let days = first.iter_days().take_while(|day| *day <= self.day(to));
        let names: Vec<String> = days.filter_map(|day| self.holiday(day)).collect();
        match names.len() {
            0 => until,
            n if n > NAMED_HOLIDAYS => format!("{until} ({n} holidays)"),
            _ => format!("{until} ({})", names.join(", ")),
        }
    }

    /// The holiday that closes a day which would be open without it.
    fn holiday(&self, day: NaiveDate) -> Option<String> {
        let calendar = self.calendar.as_deref()?;
        let holiday = calendar.holidays.get(&day)?;
        let closes = self.weekdays.contains(&day.weekday()) && !calendar.makeup.contains(&day);
        let estimated = if holiday.estimated { ", estimated date" } else { "" };
        closes.then(|| format!("{} on {day}{estimated}", holiday.name))
    }

    fn local(&self, at: i64) -> chrono::NaiveDateTime {
        self.zone.local(DateTime::from_timestamp(at, 0).unwrap_or_default())
    }

    fn day(&self, at: i64) -> NaiveDate {
        self.local(at).date()
    }
}
