//! Calendars of a folder instead of the built-in ones: `holidays.csv` and `weekends.csv`.

use super::weekdays;
use crate::rules::calendar::{Calendar, Calendars, Holiday, WeekendRule};
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result};
use std::path::Path;
use std::sync::Arc;

/// The largest file that is read; the lists of every country for ten years have some 10 MB.
const LIMIT_BYTES: u64 = 256 << 20;

/// The calendars of a folder. A subdivision's list is complete: the national one is not added. Countries and subdivisions
/// without a row in `weekends.csv` rest on Saturday and Sunday.
#[derive(Debug, Default)]
pub struct Folder {
    calendars: BTreeMap<(String, String), Arc<Calendar>>,
}

impl Calendars for Folder {
    fn of(&self, country: &str, subdivision: Option<&str>) -> Arc<Calendar> {
        let find = |place: &str| self.calendars.get(&(country.to_owned(), place.to_owned())).cloned();
        let found = subdivision.and_then(find).or_else(|| find(""));
        found.unwrap_or_else(|| Arc::new(Calendar::weekends_only(country)))
    }
}

impl Folder {
    /// Reads `holidays.csv` (`country,subdiv,date,estimated,name`) and `weekends.csv`
    /// (`country,subdiv,from_date,weekend_days`); the error names file and line.
    pub fn read(folder: &Path) -> Result<Self> {
        let open = |name: &str| {
            let path = folder.join(name);
            let named = |error: Error| Error::new(error.kind(), format!("{}: {error}", path.display()));
            let file = File::open(&path).map_err(named)?;
            match file.metadata().map_err(named)?.len() > LIMIT_BYTES {
                true => Err(Error::new(ErrorKind::InvalidData, format!("{}: is larger than {LIMIT_BYTES} bytes", path.display()))),
                false => Ok(file),
            }
        };
        let (holidays, weekends) = (open("holidays.csv")?, open("weekends.csv")?);
        Self::of(holidays, weekends).map_err(|error| Error::new(error.kind(), format!("{}/{error}", folder.display())))
    }

    /// The same from what the two files hold.
    pub fn of(holidays: impl Read, weekends: impl Read) -> Result<Self> {
        let mut made: BTreeMap<(String, String), Calendar> = BTreeMap::new();
        let mut known: BTreeMap<String, (i32, i32)> = BTreeMap::new();
        each("holidays.csv", holidays, ["country", "subdiv", "date", "estimated", "name"], |[country, place, date, estimated, name]| {
            let day: NaiveDate = date.parse().ok()?;
            let years = known.entry(country.to_owned()).or_insert((day.year(), day.year()));
            *years = (years.0.min(day.year()), years.1.max(day.year()));
            let holiday = Holiday { name: name.to_owned(), estimated: matches!(estimated, "1" | "true" | "True") };
            entry(&mut made, country, place).holidays.insert(day, holiday);
            Some(())
        })?;
        let mut resting: Vec<(String, String, WeekendRule)> = Vec::new();
        each("weekends.csv", weekends, ["country", "subdiv", "from_date", "weekend_days"], |[country, place, from, days]| {
            resting.push((country.to_owned(), place.to_owned(), WeekendRule { from: from.parse().ok()?, days: weekdays(days)? }));
            Some(())
        })?;
        for (country, place, rule) in resting {
            // A subdivision that differs in its weekend only keeps the national holidays.
            let national = made.get(&(country.clone(), String::new())).map(|c| c.holidays.clone()).unwrap_or_default();
            let calendar = made
                .entry((country.clone(), place.clone()))
                .or_insert_with(|| Calendar { holidays: national, ..Calendar::weekends_only(key(&country, &place)) });
            calendar.weekends.push(rule);
        }
        let year_day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day);
        for ((country, _), calendar) in &mut made {
            calendar.weekends.sort_by_key(|rule| rule.from);
            let years = known.get(country);
            calendar.known = years.and_then(|(first, last)| year_day(*first, 1, 1).zip(year_day(*last, 12, 31)));
        }
        Ok(Self { calendars: made.into_iter().map(|(place, calendar)| (place, Arc::new(calendar))).collect() })
    }
}

fn key(country: &str, place: &str) -> String {
    if place.is_empty() { country.to_owned() } else { format!("{country}-{place}") }
}

fn entry<'a>(made: &'a mut BTreeMap<(String, String), Calendar>, country: &str, place: &str) -> &'a mut Calendar {
    let at = (country.to_owned(), place.to_owned());
    made.entry(at).or_insert_with(|| Calendar::weekends_only(key(country, place)))
}

/// Hands the named columns of every row to `take`; `None` from it is a fault of the row.
fn each<const N: usize>(name: &str, input: impl Read, columns: [&str; N], mut take: impl FnMut([&str; N]) -> Option<()>) -> Result<()> {
    let wrong = |detail: String| Error::new(ErrorKind::InvalidData, format!("{name}: {detail}"));
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(input);
    let header = reader.headers().map_err(|error| wrong(error.to_string()))?.clone();
    let mut places = [0; N];
    for (place, name) in places.iter_mut().zip(columns) {
        let found = header.iter().position(|h| h.trim_start_matches('\u{feff}') == name);
        *place = found.ok_or_else(|| wrong(format!("has no column {name}")))?;
    }
    for row in reader.records() {
        let row = row.map_err(|error| wrong(error.to_string()))?;
        let line = row.position().map_or(0, csv::Position::line);
        take(places.map(|place| row.get(place).unwrap_or_default())).ok_or_else(|| wrong(format!("line {line} can't be read")))?;
    }
    Ok(())
}
