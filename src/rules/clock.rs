//! Counting time (P3): business days and elapsed hours, each with the working that led to the result.
//!
//! Pure functions of a start, a zone, a calendar and holds. What is counted for which deadline is decided in `deadline`.

use super::calendar::{Calendar, Uncounted, weekday_name};
use super::zone::Zone;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};

/// One line of a deadline's working: a stretch of time and what was counted in it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Step {
    /// Start of the stretch.
    pub from: DateTime<Utc>,
    /// End of the stretch, not before `from`.
    pub to: DateTime<Utc>,
    /// What was counted, e.g. `1 business day`, `4 h`.
    pub counted: String,
    /// Why, for a person.
    pub note: String,
    /// The rule that says so, e.g. `P3.4`.
    pub rule: String,
}

/// When on its day a deadline of business days is due (P3.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DueAt {
    /// At closing time, wall clock of the zone.
    CloseOfBusiness(NaiveTime),
    /// At the last instant of the local day: the following midnight.
    EndOfDay,
}

/// A stretch in which the clock stood still, with the reason (P4.5). Open ended while it lasts.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Hold {
    /// When it began.
    pub from: DateTime<Utc>,
    /// When it ended, `None` while it lasts.
    pub to: Option<DateTime<Utc>>,
    /// Why, for a person.
    pub reason: String,
}

impl DueAt {
    /// The instant at which a local day is due.
    pub fn on(self, zone: &Zone, day: NaiveDate) -> DateTime<Utc> {
        match self {
            Self::CloseOfBusiness(time) => zone.instant(day.and_time(time)),
            Self::EndOfDay => zone.start_of_day(next(day)),
        }
    }
    fn note(self) -> String {
        match self {
            Self::CloseOfBusiness(time) => format!("due at close of business, {}", time.format("%H:%M")),
            Self::EndOfDay => "due at the end of the day".to_owned(),
        }
    }
}

/// How many business days, and when on the first and on the last of them (P3.4, P3.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayCount {
    /// How many.
    pub days: u32,
    /// When on the last day.
    pub due: DueAt,
    /// From when on an event counts as of the next day; `None`: never.
    pub cut_off: Option<NaiveTime>,
}

impl DayCount {
    /// So many days without a cut-off time.
    pub fn new(days: u32, due: DueAt) -> Self {
        Self { days, due, cut_off: None }
    }
}

/// Day 0 of an event (P3.4): its local day or, at or after a cut-off time, the local day after it. The cut-off is an
/// instant of the day: where clocks repeat it, the later one, so that a later event never has an earlier day 0.
pub fn day_zero(start: DateTime<Utc>, cut_off: Option<NaiveTime>, zone: &Zone) -> NaiveDate {
    let day = zone.day(start);
    let late = cut_off.is_some_and(|time| start >= zone.instant(day.and_time(time)));
    if late { next(day) } else { day }
}

/// The day on which so many business days from `start` are over (P3.4): [`day_zero`] is day 0, days 1..N are the next N
/// open days. A day that a hold touches doesn't count (P4.5); on the last day, only a hold that begins before it is due.
pub fn due_on(start: DateTime<Utc>, count: DayCount, zone: &Zone, calendar: &Calendar, holds: &[Hold]) -> Result<NaiveDate, Uncounted> {
    let DayCount { days, due, cut_off } = count;
    let mut day = day_zero(start, cut_off, zone);
    let plain = calendar.business_day(day, days)?;
    if holds.is_empty() && !misses_a_day(zone, day, plain) {
        return Ok(plain);
    }
    let mut counted = 0;
    while counted < days {
        day = calendar.business_day(day, 1)?;
        let last = counted + 1 == days;
        // A day that doesn't exist in the zone (Samoa, 30 December 2011) is neither open nor closed.
        let exists = zone.start_of_day(day) < zone.start_of_day(next(day));
        counted += u32::from(exists && touching(holds, day, due, zone, last).is_none());
    }
    Ok(day)
}

/// The first year of which no zone misses a day: Samoa's 30 December 2011 was the last that didn't exist. A test holds this
/// against every zone, so that a later one can't be overlooked.
const ALL_DAYS_SINCE: i32 = 2012;

/// True if a local day between two others doesn't exist: the zone has moved over the date line.
fn misses_a_day(zone: &Zone, first: NaiveDate, last: NaiveDate) -> bool {
    first.year() < ALL_DAYS_SINCE && lacks_a_day(zone, first, last)
}

fn lacks_a_day(zone: &Zone, first: NaiveDate, last: NaiveDate) -> bool {
    let there = zone.start_of_day(next(last)) - zone.start_of_day(first);
    there < (last - first) + TimeDelta::hours(12)
}

/// The hold that keeps an open day from counting. What is stopped after it was due doesn't become due later.
fn touching<'a>(holds: &'a [Hold], day: NaiveDate, due: DueAt, zone: &Zone, last: bool) -> Option<&'a Hold> {
    let (from, until) = (zone.start_of_day(day), if last { due.on(zone, day) } else { zone.start_of_day(next(day)) });
    holds.iter().find(|h| h.from < until && h.to.is_none_or(|end| end > from))
}

/// Counts business days from `start`: when they are over ([`due_on`], P3.5), and the working, day by day.
pub fn business_days(
    start: DateTime<Utc>,
    count: DayCount,
    zone: &Zone,
    calendar: &Calendar,
    holds: &[Hold],
) -> Result<(DateTime<Utc>, Vec<Step>), Uncounted> {
    let last = due_on(start, count, zone, calendar, holds)?;
    let DayCount { days, due, cut_off } = count;
    let mut day = day_zero(start, cut_off, zone);
    let mut steps = first_day(start, day, cut_off, zone);
    let mut counted = 0;
    while day < last {
        day = next(day);
        let (from, to) = (zone.start_of_day(day), zone.start_of_day(next(day)));
        if from >= to {
            continue;
        }
        let skipped = match (calendar.closed(day), touching(holds, day, due, zone, day == last)) {
            (Some(closed), _) => Some((closed.note(), "P3.4")),
            (None, Some(hold)) => Some((format!("on hold: {}", hold.reason), "P4.5")),
            (None, None) => None,
        };
        if let Some((note, rule)) = skipped {
            steps.push(Step { from, to, counted: days_counted(0), note: format!("{day} {note}"), rule: rule.into() });
            continue;
        }
        counted += 1;
        let struck = calendar.struck.get(&day).map_or(String::new(), |struck| format!("; {struck}"));
        let note = format!("{} {day}: business day {counted} of {days}{struck}", weekday_name(day.weekday()));
        steps.push(match day == last {
            false => Step { from, to, counted: days_counted(1), note, rule: "P3.4".into() },
            true => {
                Step { from, to: due.on(zone, day), counted: days_counted(1), note: format!("{note}; {}", due.note()), rule: "P3.5".into() }
            }
        });
    }
    Ok((due.on(zone, last), steps))
}

/// The steps up to the end of day 0: why the event counts as of the next day, where it does, and day 0 itself.
fn first_day(start: DateTime<Utc>, zero: NaiveDate, cut_off: Option<NaiveTime>, zone: &Zone) -> Vec<Step> {
    let step =
        |from: DateTime<Utc>, to: DateTime<Utc>, note| Step { from, to: to.max(from), counted: days_counted(0), note, rule: "P3.4".into() };
    let weekday = |day: NaiveDate| format!("{} {day}", weekday_name(day.weekday()));
    let (from, to, local) = (zone.start_of_day(zero).max(start), zone.start_of_day(next(zero)), zone.local(start));
    match cut_off.filter(|_| local.date() < zero) {
        None => vec![step(start, to, format!("{}: day 0, the day of the event", weekday(zero)))],
        Some(cut_off) => {
            let (event, time) = (weekday(local.date()), local.format(if local.second() == 0 { "%H:%M" } else { "%H:%M:%S" }));
            let why = format!("{event} {time}: after the cut-off at {}, counts as {}", cut_off.format("%H:%M"), weekday(zero));
            vec![step(start, from, why), step(from, to, format!("{}: day 0", weekday(zero)))]
        }
    }
}

/// Counts `hours` elapsed hours from `start`, around the clock; holds that lie after the start stop it.
pub fn elapsed(start: DateTime<Utc>, hours: u32, holds: &[Hold]) -> (DateTime<Utc>, Vec<Step>) {
    let mut left = TimeDelta::hours(i64::from(hours));
    let mut at = start;
    let mut steps = Vec::new();
    let mut ordered: Vec<&Hold> = holds.iter().filter(|h| h.to.is_some_and(|to| to > start)).collect();
    ordered.sort_by_key(|h| h.from);
    for hold in ordered {
        let (begins, Some(ends)) = (hold.from.max(at), hold.to) else { continue };
        if begins >= at + left {
            break;
        }
        if ends <= at {
            continue; // It lies within one that came before.
        }
        if begins > at {
            steps.push(running(at, begins));
            left -= begins - at;
        }
        steps.push(Step { from: begins, to: ends, counted: "0 h".into(), note: format!("on hold: {}", hold.reason), rule: "P4.5".into() });
        at = at.max(ends);
    }
    let due = at + left;
    steps.push(running(at, due));
    (due, steps)
}

fn running(from: DateTime<Utc>, to: DateTime<Utc>) -> Step {
    Step { from, to, counted: hours_counted(to - from), note: "24x7x365: every hour counts".into(), rule: "P4".into() }
}

/// `4 h`, or `1 h 30 min 5 s`: to the second, so that what was counted adds up to the target.
pub(super) fn hours_counted(span: TimeDelta) -> String {
    let parts = [(span.num_hours(), "h"), (span.num_minutes() % 60, "min"), (span.num_seconds() % 60, "s")];
    let parts: Vec<String> = parts.into_iter().filter(|(n, _)| *n != 0).map(|(n, unit)| format!("{n} {unit}")).collect();
    if parts.is_empty() { "0 h".to_owned() } else { parts.join(" ") }
}

fn days_counted(days: u32) -> String {
    format!("{days} business day{}", if days == 1 { "" } else { "s" })
}

fn next(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests;
