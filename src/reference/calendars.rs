//! Weekends and public holidays of countries and their subdivisions (P3.4), from `data/calendars/`.
//!
//! A subdivision keeps the national days, plus its own, minus those that it doesn't keep.

mod folder;

use super::by_country::{ByCountry, rows};
use crate::rules::calendar::{self, Calendar, Holiday, WeekendRule};
use chrono::{Datelike, NaiveDate, Weekday};
pub use folder::Folder;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

/// The embedded calendars; each country is read when it is first asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendars;

#[derive(Default)]
struct Country {
    national: BTreeMap<NaiveDate, Holiday>,
    /// By subdivision: a day of its own, or `None` for a national day that is not kept there.
    local: BTreeMap<String, Vec<(NaiveDate, Option<Holiday>)>>,
    known: Option<(NaiveDate, NaiveDate)>,
}

/// By country, subdivision, and whether make-up working days count.
type Made = BTreeMap<(String, Option<String>, bool), Arc<Calendar>>;

/// Every calendar that was asked for, with its table of open days.
static MADE: RwLock<Made> = RwLock::new(Made::new());

type Weekends = BTreeMap<(&'static str, &'static str), Vec<WeekendRule>>;

static HOLIDAYS: LazyLock<ByCountry<Country>> = LazyLock::new(|| {
    let index = include_str!("../../data/calendars/holidays.index.csv");
    ByCountry::new(index, include_bytes!("../../data/calendars/holidays.csv.gz"), read_country)
});

static WEEKENDS: LazyLock<Weekends> = LazyLock::new(|| read_weekends(include_str!("../../data/calendars/weekends.csv")));

static MAKEUP: LazyLock<BTreeMap<&'static str, Vec<NaiveDate>>> =
    LazyLock::new(|| read_makeup(include_str!("../../data/calendars/makeup_workdays.csv")));

/// Days of a country's weekends that are worked in exchange for another day off (P3.4), ascending; none where none is known.
pub fn makeup_days(country: &str) -> &'static [NaiveDate] {
    MAKEUP.get(country).map_or(&[], Vec::as_slice)
}

impl calendar::Calendars for Calendars {
    fn of(&self, country: &str, subdivision: Option<&str>) -> Arc<Calendar> {
        kept(country, subdivision, false)
    }

    fn with_makeup_days(&self, country: &str, subdivision: Option<&str>) -> Arc<Calendar> {
        kept(country, subdivision, !makeup_days(country).is_empty())
    }
}

/// The calendar of a place, made when it is first asked for.
fn kept(country: &str, subdivision: Option<&str>, makeup: bool) -> Arc<Calendar> {
    let own =
        |place: &&str| WEEKENDS.contains_key(&(country, place)) || HOLIDAYS.get(country).is_some_and(|c| c.local.contains_key(*place));
    let key = (country.to_owned(), subdivision.filter(own).map(str::to_owned), makeup);
    let made = || MADE.read().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
    if let Some(calendar) = made() {
        return calendar;
    }
    let mut calendar = make(country, key.1.as_deref());
    if makeup {
        calendar.key.push_str(calendar::MAKEUP);
        calendar.makeup = makeup_days(country).iter().copied().collect();
    }
    let calendar = Arc::new(calendar);
    // What has a table only: the names of places that don't exist would fill the memory.
    if HOLIDAYS.get(country).is_some() {
        MADE.write().unwrap_or_else(PoisonError::into_inner).insert(key, calendar.clone());
    }
    calendar
}

/// The calendar of a country, or of a subdivision that has days of its own.
fn make(country: &str, subdivision: Option<&str>) -> Calendar {
    let own_weekend = subdivision.and_then(|s| WEEKENDS.get(&(country, s)));
    let table = HOLIDAYS.get(country);
    let own_days = subdivision.and_then(|s| table?.local.get(s));
    let mut calendar = Calendar::weekends_only(country);
    if let Some(subdivision) = subdivision {
        calendar.key = format!("{country}-{subdivision}");
    }
    calendar.weekends = own_weekend.or_else(|| WEEKENDS.get(&(country, ""))).cloned().unwrap_or_default();
    if let Some(table) = table {
        calendar.holidays = table.national.clone();
        calendar.known = table.known;
    }
    for (day, holiday) in own_days.into_iter().flatten() {
        match holiday {
            Some(holiday) => calendar.holidays.insert(*day, holiday.clone()),
            None => calendar.holidays.remove(day),
        };
    }
    calendar
}

/// Columns: country, subdivision, date, op, estimated, name.
fn read_country(csv: &[u8]) -> Country {
    let mut country = Country::default();
    for row in rows(csv) {
        let cell = |i: usize| row.get(i).unwrap_or_default();
        let Ok(day) = cell(2).parse::<NaiveDate>() else { continue };
        let holiday = Holiday { name: cell(5).to_owned(), estimated: cell(4) == "1" };
        // Lists are whole calendar years: a list that stops early says nothing about later years.
        let (first, last) = (NaiveDate::from_ymd_opt(day.year(), 1, 1), NaiveDate::from_ymd_opt(day.year(), 12, 31));
        if let (Some(first), Some(last)) = (first, last) {
            country.known = Some(country.known.map_or((first, last), |(from, to)| (from.min(first), to.max(last))));
        }
        match (cell(1), cell(3)) {
            ("", _) => drop(country.national.insert(day, holiday)),
            (place, op) => country.local.entry(place.to_owned()).or_default().push((day, (op == "+").then_some(holiday))),
        }
    }
    country
}

/// The weekdays of a cell, such as `Fri Sat`; an empty one is a place without a weekend.
fn weekdays(cell: &str) -> Option<Vec<Weekday>> {
    cell.split_whitespace().map(|word| word.parse().ok()).collect()
}

/// Columns: country, subdivision, from_date, weekend_days; a row that can't be read is left out (the tests find it).
fn read_weekends(csv: &'static str) -> Weekends {
    let mut weekends = Weekends::new();
    for row in csv.lines().skip(1) {
        let mut cells = row.split(',');
        let (Some(country), Some(place), Some(from), Some(days)) = (cells.next(), cells.next(), cells.next(), cells.next()) else {
            continue;
        };
        if let (Ok(from), Some(days)) = (from.parse(), weekdays(days)) {
            weekends.entry((country, place)).or_default().push(WeekendRule { from, days });
        }
    }
    weekends.values_mut().for_each(|rules| rules.sort_by_key(|rule| rule.from));
    weekends
}

/// Columns: country, subdivision, date. No subdivision has days of its own, and a row of one would not be its country's.
fn read_makeup(csv: &'static str) -> BTreeMap<&'static str, Vec<NaiveDate>> {
    let mut days: BTreeMap<_, Vec<NaiveDate>> = BTreeMap::new();
    for row in csv.lines().skip(1) {
        let mut cells = row.split(',');
        if let (Some(country), Some(""), Some(Ok(day))) = (cells.next(), cells.next(), cells.next().map(str::parse)) {
            days.entry(country).or_default().push(day);
        }
    }
    days.values_mut().for_each(|days| days.sort_unstable());
    days
}

#[cfg(test)]
mod tests;
