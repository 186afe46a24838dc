//! Days that an operator has added to the holidays, or struck from them (P3.4): from then on, for what is issued later.
//!
//! Changes are numbered in the order in which they were made and are never edited: an edition of a calendar is the built-in
//! one with the changes up to a number, so that a deadline can be replayed by the days that it was promised with.

use super::{Calendar, Calendars, Holiday};
use crate::rules::refusal::Refusal;
use crate::rules::term::{Term, terms};
use crate::rules::text::{Code, Country, Subdivision, TextFault};
use crate::rules::tier::Region;
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};

/// Whose days a change is about, from the widest to the narrowest: where two disagree, the narrower one holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum DaysOf {
    /// Everything under contracts of a region.
    Region(Region),
    /// A country.
    Country(Country),
    /// A subdivision of a country.
    Subdivision(Country, Subdivision),
    /// One service center.
    ServiceCenter(Code),
}

/// As it is stored and written: `region:europe`, `country:US`, `subdivision:US-FL`, `service_center:SC-FLL`.
impl fmt::Display for DaysOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Region(region) => write!(f, "region:{region}"),
            Self::Country(country) => write!(f, "country:{country}"),
            Self::Subdivision(country, subdivision) => write!(f, "subdivision:{country}-{subdivision}"),
            Self::ServiceCenter(code) => write!(f, "service_center:{code}"),
        }
    }
}

impl FromStr for DaysOf {
    type Err = TextFault;

    fn from_str(text: &str) -> Result<Self, TextFault> {
        let wrong = || {
            let forms = "region:europe, country:US, subdivision:US-FL or service_center:SC-FLL";
            TextFault::new("bad_days_of", format!("must be of the form {forms}"))
        };
        let (scope, name) = text.split_once(':').ok_or_else(wrong)?;
        match scope {
            "region" => Region::parse(name).map(Self::Region).ok_or_else(wrong),
            "country" => Country::parse(name).map(Self::Country),
            "subdivision" => {
                let (country, subdivision) = name.split_once('-').ok_or_else(wrong)?;
                Ok(Self::Subdivision(Country::parse(country)?, Subdivision::parse(subdivision)?))
            }
            "service_center" => Code::parse(name).map(Self::ServiceCenter),
            _ => Err(wrong()),
        }
    }
}

impl TryFrom<String> for DaysOf {
    type Error = TextFault;
    fn try_from(text: String) -> Result<Self, TextFault> {
        text.parse()
    }
}

impl From<DaysOf> for String {
    fn from(whose: DaysOf) -> Self {
        whose.to_string()
    }
}

terms! {
    /// What a change does to a day.
    ChangeKind, "calendar change" {
        /// The day is a holiday.
        Add => "add",
        /// The day is no holiday; if it lies on a weekend, it stays closed.
        Strike => "strike",
    }
}

/// A change of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayChange {
    /// Its number: later changes have larger ones.
    pub number: i64,
    /// Whose day it is.
    pub days_of: DaysOf,
    /// The day.
    pub day: NaiveDate,
    /// Added or struck.
    pub kind: ChangeKind,
    /// The holiday, or why it is struck.
    pub name: String,
}

/// Which changes count for a deadline: stored with it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Edition {
    /// Whose days count.
    pub days_of: Vec<DaysOf>,
    /// The last change before the promise; 0 for none.
    pub revision: i64,
    /// Later changes that the deadline was made to follow.
    #[serde(default)]
    pub also: Vec<i64>,
}

impl DayChange {
    /// Whether the change can be made to the calendar of its place, if that has one (P3.4); `today` is the earliest day on earth.
    pub fn check(&self, calendar: Option<&Calendar>, today: NaiveDate) -> Result<(), Refusal> {
        let (day, whose) = (self.day, &self.days_of);
        let no = |code, detail: String| Err(Refusal::refused(code, "P3.4", detail).at("/day"));
        if day < today {
            return no("day_past", format!("{day} is over: a change holds from now on"));
        }
        // A region has many calendars: the day may be a holiday in some.
        let Some(calendar) = calendar else { return Ok(()) };
        match (self.kind, calendar.holidays.get(&day)) {
            _ if !calendar.knows(day) => no("calendar_unknown", format!("the holidays of {whose} are not known for {}", day.year())),
            (ChangeKind::Add, Some(holiday)) => no("already_a_holiday", format!("{day} is a holiday of {whose} already: {}", holiday.name)),
            (ChangeKind::Strike, None) => no("not_a_holiday", format!("{day} is no holiday of {whose}")),
            (ChangeKind::Add, None) | (ChangeKind::Strike, Some(_)) => Ok(()),
        }
    }
}

impl Edition {
    /// True if a change counts.
    pub fn has(&self, change: &DayChange) -> bool {
        (change.number <= self.revision || self.also.contains(&change.number)) && self.days_of.contains(&change.days_of)
    }
}

/// The built-in calendars with what operators have changed.
#[derive(Clone)]
pub struct Changed<'a> {
    built_in: &'a dyn Calendars,
    changes: Vec<DayChange>,
}

impl<'a> Changed<'a> {
    /// Lays changes over calendars.
    pub fn new(built_in: &'a dyn Calendars, mut changes: Vec<DayChange>) -> Self {
        changes.sort_by(|a, b| a.days_of.cmp(&b.days_of).then(a.number.cmp(&b.number)));
        Self { built_in, changes }
    }
}

impl Calendars for Changed<'_> {
    fn of(&self, country: &str, subdivision: Option<&str>) -> Arc<Calendar> {
        self.built_in.of(country, subdivision)
    }
    fn with_makeup_days(&self, country: &str, subdivision: Option<&str>) -> Arc<Calendar> {
        self.built_in.with_makeup_days(country, subdivision)
    }
    fn by_key(&self, key: &str) -> Arc<Calendar> {
        self.built_in.by_key(key)
    }
    fn edition(&self, key: &str, edition: &Edition) -> Arc<Calendar> {
        let calendar = self.by_key(key);
        let mut counting = self.changes.iter().filter(|change| edition.has(change)).peekable();
        if counting.peek().is_none() {
            return calendar;
        }
        let mut calendar = Calendar { table: OnceLock::new(), ..Calendar::clone(&calendar) };
        counting.for_each(|change| calendar.change(change));
        Arc::new(calendar)
    }
    fn revision(&self) -> i64 {
        self.changes.iter().map(|change| change.number).max().unwrap_or_default()
    }
}

impl Calendar {
    /// Makes one change; the step of the day names it.
    fn change(&mut self, change: &DayChange) {
        match change.kind {
            ChangeKind::Add => {
                self.makeup.remove(&change.day);
                self.struck.remove(&change.day);
                let name = format!("{} (calendar change {})", change.name, change.number);
                self.holidays.insert(change.day, Holiday { name, estimated: false });
            }
            ChangeKind::Strike => {
                if let Some(holiday) = self.holidays.remove(&change.day) {
                    self.struck.insert(change.day, format!("{} doesn't count (calendar change {})", holiday.name, change.number));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
