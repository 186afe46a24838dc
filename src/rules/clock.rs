//! Counting time (P3): business days and elapsed hours, each with the working that led to the result.
//!
//! Pure functions of a start, a zone, a calendar and holds. What is counted for which deadline is decided in `deadline`.

use super::calendar::{Calendar, weekday_name};
use chrono::{DateTime, Datelike, Days, LocalResult, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

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

/// No open day was found within ten years: a calendar that is closed for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no open day within ten years")]
pub struct NeverOpen;

/// The first instant of a local day: where the day before ends. Where clocks jump over midnight, the first instant that
/// exists; where midnight happens twice because clocks go back from 01:00 (Havana, the Azores), the first of the two.
pub fn start_of_day(zone: Tz, day: NaiveDate) -> DateTime<Utc> {
    match zone.from_local_datetime(&day.and_time(NaiveTime::MIN)) {
        LocalResult::Ambiguous(first, again) if local_day(zone, again.to_utc() - TimeDelta::microseconds(1)) >= day => first.to_utc(),
        _ => wall(zone, day, NaiveTime::MIN),
    }
}

/// The instant of a wall-clock time. A time that happens twice is taken the second time (nobody loses the hour);
/// one that is skipped, at the end of the gap.
pub fn wall(zone: Tz, day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    let local = day.and_time(time);
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) => at.to_utc(),
        LocalResult::Ambiguous(_, later) => later.to_utc(),
        LocalResult::None => {
            // Gaps are at most a day (Samoa, 2011): walk forward by minutes to the first wall time that exists.
            let exists = (1..=1_441).find_map(|m| zone.from_local_datetime(&(local + TimeDelta::minutes(m))).earliest());
            exists.map_or_else(|| Utc.from_utc_datetime(&local), |at| at.to_utc())
        }
    }
}

/// The local day of an instant.
pub fn local_day(zone: Tz, at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&zone).date_naive()
}

/// Counts `days` business days from `start` (P3.4): the local day of the event is day 0, due on day `days` (P3.5).
/// A day that a hold touches doesn't count (P4.5); on the last day, only a hold that begins before it is due. Weekends and holidays in a row become steps of their own.
pub fn business_days(
    start: DateTime<Utc>,
    days: u32,
    due: DueAt,
    zone: Tz,
    calendar: &Calendar,
    holds: &[Hold],
) -> Result<(DateTime<Utc>, Vec<Step>), NeverOpen> {
    let mut day = local_day(zone, start);
    let mut steps = vec![Step {
        from: start,
        to: start_of_day(zone, next(day)).max(start),
        counted: days_counted(0),
        note: format!("{} {day}: day 0, the day of the event", weekday_name(day.weekday())),
        rule: "P3.4".into(),
    }];
    let mut counted = 0;
    for _ in 0..3_660 {
        day = next(day);
        let (from, to) = (start_of_day(zone, day), start_of_day(zone, next(day)));
        if from >= to {
            continue; // A day that doesn't exist in the zone (Samoa, 30 December 2011) is neither open nor closed.
        }
        let (due_at, when) = match due {
            DueAt::CloseOfBusiness(time) => (wall(zone, day, time), format!("due at close of business, {}", time.format("%H:%M"))),
            DueAt::EndOfDay => (to, "due at the end of the day".to_owned()),
        };
        // What is stopped after it was due doesn't become due later.
        let until = if counted + 1 < days { to } else { due_at };
        let held = holds.iter().find(|h| h.from < until && h.to.is_none_or(|end| end > from));
        let skipped = match (calendar.closed(day), held) {
            (Some(closed), _) => Some((closed.note(), "P3.4")),
            (None, Some(hold)) => Some((format!("on hold: {}", hold.reason), "P4.5")),
            (None, None) => None,
        };
        if let Some((note, rule)) = skipped {
            steps.push(Step { from, to, counted: days_counted(0), note: format!("{day} {note}"), rule: rule.into() });
            continue;
        }
        counted += 1;
        let unknown = if calendar.knows(day) { "" } else { " (holidays of this year are not known)" };
        let note = format!("{} {day}: business day {counted} of {days}{unknown}", weekday_name(day.weekday()));
        if counted < days {
            steps.push(Step { from, to, counted: days_counted(1), note, rule: "P3.4".into() });
            continue;
        }
        steps.push(Step { from, to: due_at, counted: days_counted(1), note: format!("{note}; {when}"), rule: "P3.5".into() });
        return Ok((due_at, steps));
    }
    Err(NeverOpen)
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

/// `4 h`, or `1 h 30 min`.
fn hours_counted(span: TimeDelta) -> String {
    match (span.num_hours(), span.num_minutes() % 60) {
        (hours, 0) => format!("{hours} h"),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

fn days_counted(days: u32) -> String {
    format!("{days} business day{}", if days == 1 { "" } else { "s" })
}

fn next(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests;
