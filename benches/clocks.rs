//! How fast deadlines are counted, single-threaded, against numpy's `busday_offset` and Perl's `Business::Hours` in the same run.
//!
//! `bash benches/run.sh` installs the peers; `cargo bench --bench clocks` alone says which of them it lacks.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "a bench prints figures, and stops where it can't go on"
)]

mod measure;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use measure::{best, heading, peer, random, report};
use std::fmt::Write as _;
use std::hint::black_box;
use std::sync::Arc;
use swapline::reference::calendars::Calendars as Embedded;
use swapline::rules::calendar::{Calendar, Calendars};
use swapline::rules::clock::{self, DayCount, DueAt};
use swapline::rules::hours::Schedule;
use swapline::rules::zone::Zone;

/// Rows of a measurement.
const ROWS: usize = 200_000;
/// Rows that Perl gets: it is so much slower.
const PERL_ROWS: usize = 400;

const PLACES: [(&str, Tz); 8] = [
    ("US", Tz::America__New_York),
    ("DE", Tz::Europe__Berlin),
    ("JP", Tz::Asia__Tokyo),
    ("BR", Tz::America__Sao_Paulo),
    ("AU", Tz::Australia__Sydney),
    ("IN", Tz::Asia__Kolkata),
    ("SA", Tz::Asia__Riyadh),
    ("GB", Tz::Europe__London),
];

fn main() {
    heading("rows/s");
    due_instants();
    for (name, ahead) in [("day count, 1-10 days ahead", 1..=10), ("day count, 100-1,000 days ahead", 100..=1_000)] {
        day_counts(name, ahead);
    }
    business_hours();
}

/// Instant -> local day -> due day -> due instant.
fn due_instants() {
    let mut random = random();
    let places: Vec<(Zone, Arc<Calendar>)> =
        PLACES.iter().map(|(country, zone)| (Zone::of(*zone).clone(), Embedded.of(country, None))).collect();
    let rows: Vec<(usize, DateTime<Utc>, u32)> = (0..ROWS)
        .map(|_| {
            let at = DateTime::from_timestamp(1_767_225_600 + random(94_000_000) as i64, 0).unwrap();
            (random(places.len() as u64) as usize, at, 1 + random(10) as u32)
        })
        .collect();
    let seconds = best(|| {
        for (place, at, days) in &rows {
            let (zone, calendar) = &places[*place];
            let day = clock::due_on(*at, DayCount::new(*days, DueAt::EndOfDay), zone, calendar, &[]).unwrap();
            black_box(DueAt::EndOfDay.on(zone, day));
        }
    });
    report("instant to due instant", ROWS as f64 / seconds, None, "goal: 5 million/s");
}

/// The day count alone, against numpy with the same holidays.
fn day_counts(name: &str, ahead: std::ops::RangeInclusive<u64>) {
    let mut random = random();
    let calendar = Embedded.of("US", None);
    let first: NaiveDate = "2024-01-01".parse().unwrap();
    let (least, most) = (*ahead.start(), *ahead.end());
    let rows: Vec<(NaiveDate, u32)> =
        (0..ROWS).map(|_| (first + TimeDelta::days(random(1_000) as i64), (least + random(most - least + 1)) as u32)).collect();
    let count = || rows.iter().map(|(day, days)| i64::from(calendar.business_day(*day, *days).unwrap().num_days_from_ce())).sum::<i64>();
    let seconds = best(|| {
        black_box(count());
    });
    let mut text = String::new();
    for day in calendar.holidays.keys() {
        writeln!(text, "holiday,{day}").unwrap();
    }
    for (day, days) in &rows {
        writeln!(text, "{day},{days}").unwrap();
    }
    let there = peer("numpy", "busday_offset.py", &text).map(|(seconds, check)| {
        assert_eq!(check, count().to_string(), "numpy counts other days");
        ROWS as f64 / seconds
    });
    report(name, ROWS as f64 / seconds, there.map(|t| ("numpy.busday_offset", t)), if most > 10 { "goal: 10 x" } else { "goal: 3 x" });
}

/// Business hours, Monday to Friday, 09:00 to 18:00, against Perl in the same zone with the same holidays.
fn business_hours() {
    let mut random = random();
    let weekdays = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    let calendar = Embedded.of("US", None);
    let zone = Zone::of(Tz::America__New_York).clone();
    let mut schedule = Schedule::new(zone, &weekdays, time(9), Some(time(18)), Some(Arc::clone(&calendar))).unwrap();
    let rows: Vec<(DateTime<Utc>, i64)> = (0..ROWS)
        .map(|_| (DateTime::from_timestamp(1_735_707_600 + random(60_000_000) as i64, 0).unwrap(), 1_800 + 3_600 * random(80) as i64))
        .collect();
    let mut due = |rows: &[(DateTime<Utc>, i64)]| -> i64 {
        rows.iter().map(|(at, seconds)| schedule.due_at(*at, TimeDelta::seconds(*seconds), &[]).unwrap().timestamp()).sum()
    };
    let seconds = best(|| {
        black_box(due(&rows));
    });
    let some = &rows[..PERL_ROWS];
    let mut text = String::new();
    for day in calendar.holidays.keys() {
        writeln!(text, "holiday,{day}").unwrap();
    }
    for (at, target) in some {
        writeln!(text, "{},{target}", at.timestamp()).unwrap();
    }
    let there = peer("perl", "business_hours.pl", &text).map(|(seconds, check)| {
        // Perl takes the second in which a window ends as open: a second a window. Half hours keep clear of closing times,
        // where it goes on to the next opening and P3.3 doesn't.
        let (ours, perls) = (due(some), check.parse::<i64>().unwrap());
        assert!((ours - perls).abs() < 60 * PERL_ROWS as i64, "Perl counts otherwise: {ours} {perls}");
        PERL_ROWS as f64 / seconds
    });
    report("business hours", ROWS as f64 / seconds, there.map(|t| ("Business::Hours", t)), "goals: 2 million/s, 100 x");
}
