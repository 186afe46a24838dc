//! Which days are open (P3.4): weekends by date range, public holidays of a country and its subdivision.
//!
//! Knows days; the data comes from `reference::calendars`, the counting is in `clock`.

mod change;
mod table;

pub use change::{ChangeKind, Changed, DayChange, DaysOf, Edition};
use chrono::{Datelike, NaiveDate, Weekday};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};
pub use table::{OpenDays, Uncounted};

/// Why a day is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closed {
    /// The weekend of the country.
    Weekend(Weekday),
    /// A public holiday; `estimated` when the date is a forecast (lunar calendars).
    Holiday {
        /// The holiday's English name.
        name: String,
        /// True if the date may still move.
        estimated: bool,
    },
}

impl Closed {
    /// The note of a step, e.g. `Thanksgiving Day: closed`.
    pub fn note(&self) -> String {
        match self {
            Self::Weekend(day) => format!("{}: weekend", weekday_name(*day)),
            Self::Holiday { name, estimated: false } => format!("{name}: closed"),
            Self::Holiday { name, estimated: true } => format!("{name} (estimated date): closed"),
        }
    }
}

/// A weekend that is in force from a date on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeekendRule {
    /// First day on which it holds.
    pub from: NaiveDate,
    /// The closed weekdays.
    pub days: Vec<Weekday>,
}

/// A holiday of one date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holiday {
    /// English name.
    pub name: String,
    /// True if the date is a forecast.
    pub estimated: bool,
}

/// The open and closed days of one place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    /// `US`, or `US-FL` where the subdivision has days of its own; `CN+makeup` where make-up working days count.
    pub key: String,
    /// Weekends, ascending by `from`; before the first, or with none, Saturday and Sunday.
    pub weekends: Vec<WeekendRule>,
    /// Holidays by date.
    pub holidays: BTreeMap<NaiveDate, Holiday>,
    /// Days of the weekend that are worked in exchange for another day off; empty unless the program wants them to count.
    pub makeup: BTreeSet<NaiveDate>,
    /// Holidays that an operator has struck, with the sentence that a step says about it.
    pub struck: BTreeMap<NaiveDate, String>,
    /// First and last day for which holidays are known; on other days nothing can be said.
    pub known: Option<(NaiveDate, NaiveDate)>,
    /// The open days as a table, made when first asked for.
    pub table: OnceLock<OpenDays>,
}

impl Calendar {
    /// A calendar that knows Saturdays and Sundays only.
    pub fn weekends_only(key: impl Into<String>) -> Self {
        Self { key: key.into(), ..Self::default() }
    }
    /// Why `day` is closed, `None` if it is open.
    pub fn closed(&self, day: NaiveDate) -> Option<Closed> {
        if self.makeup.contains(&day) {
            return None;
        }
        if let Some(holiday) = self.holidays.get(&day) {
            return Some(Closed::Holiday { name: holiday.name.clone(), estimated: holiday.estimated });
        }
        let in_force = self.weekends.iter().rev().find(|w| w.from <= day);
        let weekend = match in_force {
            Some(rule) => rule.days.contains(&day.weekday()),
            None => matches!(day.weekday(), Weekday::Sat | Weekday::Sun),
        };
        weekend.then(|| Closed::Weekend(day.weekday()))
    }
    /// True if holidays are known for `day`.
    pub fn knows(&self, day: NaiveDate) -> bool {
        self.known.is_some_and(|(first, last)| (first..=last).contains(&day))
    }
    /// The day that lies `days` open days after `day` (P3.4). A day whose holidays are not known is an error that names
    /// calendar and year: it is never taken for open.
    pub fn business_day(&self, day: NaiveDate, days: u32) -> Result<NaiveDate, Uncounted> {
        self.table.get_or_init(|| OpenDays::of(self)).after(&self.key, day, days)
    }
}

/// How the key of a calendar ends in which make-up working days are open.
pub const MAKEUP: &str = "+makeup";

/// Gives the calendar of a place; `reference::calendars` is the real one.
pub trait Calendars {
    /// The calendar of a country and, where it has days of its own, the subdivision.
    fn of(&self, country: &str, subdivision: Option<&str>) -> Arc<Calendar>;
    /// The same with the country's make-up working days open. Its key ends in [`MAKEUP`] where the country has any.
    fn with_makeup_days(&self, country: &str, subdivision: Option<&str>) -> Arc<Calendar> {
        self.of(country, subdivision)
    }
    /// The calendar of a key that [`Calendar::key`] gave.
    fn by_key(&self, key: &str) -> Arc<Calendar> {
        let place = key.strip_suffix(MAKEUP);
        let (country, subdivision) = match place.unwrap_or(key).split_once('-') {
            Some((country, subdivision)) => (country, Some(subdivision)),
            None => (place.unwrap_or(key), None),
        };
        match place {
            Some(_) => self.with_makeup_days(country, subdivision),
            None => self.of(country, subdivision),
        }
    }
    /// The calendar of a key with the changes of an edition.
    fn edition(&self, key: &str, _edition: &Edition) -> Arc<Calendar> {
        self.by_key(key)
    }
    /// The number of the last change; 0 where there is none.
    fn revision(&self) -> i64 {
        0
    }
}

/// The English name of a weekday.
pub fn weekday_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

#[cfg(test)]
mod tests;
