//! `swapline due days` and `swapline due hours`: deadlines of a whole table, by the clocks that RMAs have.

use super::batch::{self, Pipe};
use crate::feeds::Fault;
use crate::feeds::stream::{Row, Shape};
use crate::reference::calendars::{Calendars as Embedded, Folder};
use crate::rules::calendar::Calendars;
use crate::rules::clock::{self, DayCount, DueAt};
use crate::rules::hours::Schedule;
use crate::rules::text::TextFault;
use crate::rules::zone::Zone;
use chrono::{DateTime, NaiveTime, SecondsFormat, TimeDelta, Utc, Weekday};
use clap::{Args, Subcommand};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::PathBuf;
use std::process::ExitCode;

/// Schedules and zones that are kept ready: as many as a table may use without having to make them again.
const KEPT_MOST: usize = 4_096;

/// Which clock.
#[derive(Debug, Subcommand)]
pub enum DueCommand {
    /// Business days: id,country,subdivision,tz,event_at,business_days to id,due_on,due_at
    Days(DueArgs),
    /// Business hours: id,tz,weekdays,open,close,holiday_calendar,start_at,hours to id,due_at
    Hours(DueArgs),
}

/// From where to where, by which calendars.
#[derive(Debug, Args)]
pub struct DueArgs {
    /// Input and output.
    #[command(flatten)]
    pub pipe: Pipe,
    /// Use holidays.csv and weekends.csv of this folder instead of the built-in calendars
    #[arg(long, value_name = "DIR")]
    pub calendars: Option<PathBuf>,
}

const DAYS: Shape =
    Shape { reads: &["id*", "country*", "subdivision", "tz*", "event_at*", "business_days*"], writes: &["id", "due_on", "due_at"] };
const HOURS: Shape =
    Shape { reads: &["id*", "tz*", "weekdays*", "open*", "close*", "holiday_calendar", "start_at*", "hours*"], writes: &["id", "due_at"] };

/// Works a table out.
pub fn run(command: &DueCommand) -> anyhow::Result<ExitCode> {
    let (DueCommand::Days(args) | DueCommand::Hours(args)) = command;
    let calendars: Box<dyn Calendars> = match &args.calendars {
        Some(folder) => Box::new(Folder::read(folder)?),
        None => Box::new(Embedded),
    };
    let calendars = calendars.as_ref();
    match command {
        DueCommand::Days(args) => {
            let mut zones = HashMap::new();
            batch::run(&args.pipe, DAYS, |row, cells| days(row, calendars, &mut zones, cells))
        }
        DueCommand::Hours(args) => {
            let mut schedules = HashMap::new();
            batch::run(&args.pipe, HOURS, |row, cells| hours(row, calendars, &mut schedules, cells))
        }
    }
}

fn days(row: &Row<'_>, calendars: &dyn Calendars, zones: &mut HashMap<String, Zone>, cells: &mut Vec<String>) -> Result<(), Fault> {
    let zone = kept(zones, row.text(3)?, || row.read(3, zone))?;
    let event_at = row.read(4, instant)?;
    let count: u32 = row.read(5, |text| text.parse().map_err(|_| TextFault::new("bad_number", "must be a whole number of days")))?;
    let country = row.read(1, |text| match text.len() {
        2 => Ok(text.to_ascii_uppercase()),
        _ => Err(TextFault::new("bad_country", "must be a country code of two letters")),
    })?;
    let subdivision = Some(row.text(2)?).filter(|text| !text.is_empty());
    let calendar = calendars.of(&country, subdivision);
    let due_on = clock::due_on(event_at, DayCount::new(count, DueAt::EndOfDay), zone, &calendar, &[])
        .map_err(|error| row.refuse(TextFault::new("not_countable", error.to_string())))?;
    let due_at = DueAt::EndOfDay.on(zone, due_on);
    cells.extend([row.text(0)?.to_owned(), due_on.to_string(), written(due_at)]);
    Ok(())
}

fn hours(
    row: &Row<'_>,
    calendars: &dyn Calendars,
    schedules: &mut HashMap<String, Schedule>,
    cells: &mut Vec<String>,
) -> Result<(), Fault> {
    let key = [row.text(1)?, row.text(2)?, row.text(3)?, row.text(4)?, row.text(5)?].join("\n");
    let start_at = row.read(6, instant)?;
    let target = row.read(7, duration)?;
    let schedule = kept(schedules, &key, || schedule(row, calendars))?;
    let due_at = schedule.due_at(start_at, target, &[]).map_err(|error| row.refuse(TextFault::new("not_countable", error.to_string())))?;
    cells.extend([row.text(0)?.to_owned(), written(due_at)]);
    Ok(())
}

fn schedule(row: &Row<'_>, calendars: &dyn Calendars) -> Result<Schedule, Fault> {
    let zone = row.read(1, zone)?;
    let weekday = |word: &str| word.parse().map_err(|_| TextFault::new("bad_weekday", "must be weekdays such as `Mon Tue`"));
    let weekdays: Vec<Weekday> = row.read(2, |text| text.split_whitespace().map(weekday).collect())?;
    let opens = row.read(3, time)?;
    let closes = row.read(4, |text| if text == "24:00" { Ok(None) } else { time(text).map(Some) })?;
    let calendar = Some(row.text(5)?).filter(|text| !text.is_empty()).map(|key| calendars.by_key(key));
    Schedule::new(zone, &weekdays, opens, closes, calendar)
        .ok_or_else(|| row.fault(4, TextFault::new("closes_before_opening", "must be later than the opening")))
}

/// What is kept under a key, made where it is missing; all is made anew where too much was kept.
fn kept<'a, T>(all: &'a mut HashMap<String, T>, key: &str, make: impl FnOnce() -> Result<T, Fault>) -> Result<&'a mut T, Fault> {
    if all.len() >= KEPT_MOST && !all.contains_key(key) {
        all.clear();
    }
    Ok(match all.entry(key.to_owned()) {
        Entry::Occupied(found) => found.into_mut(),
        Entry::Vacant(free) => free.insert(make()?),
    })
}

fn zone(text: &str) -> Result<Zone, TextFault> {
    Zone::named(text).ok_or_else(|| TextFault::new("unknown_zone", "must be an IANA zone or an offset such as +10:00"))
}

fn instant(text: &str) -> Result<DateTime<Utc>, TextFault> {
    let read = DateTime::parse_from_rfc3339(text).map(|at| at.to_utc());
    read.map_err(|_| TextFault::new("bad_instant", "must be an instant such as 2026-11-24T09:30:00Z"))
}

fn time(text: &str) -> Result<NaiveTime, TextFault> {
    let read = NaiveTime::parse_from_str(text, "%H:%M");
    read.map_err(|_| TextFault::new("bad_time", "must be a time such as 08:30"))
}

/// Hours with a fraction, e.g. `4` or `0.5`, to the second.
fn duration(text: &str) -> Result<TimeDelta, TextFault> {
    const LONGEST: f64 = 1_000_000.0;
    let hours: Option<f64> = text.parse().ok().filter(|hours| (0.0..=LONGEST).contains(hours));
    let span = hours.and_then(|hours| std::time::Duration::try_from_secs_f64((hours * 3_600.0).round()).ok());
    let span = span.and_then(|span| TimeDelta::from_std(span).ok());
    span.ok_or_else(|| TextFault::new("bad_number", "must be a number of hours from 0 to 1,000,000"))
}

fn written(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
