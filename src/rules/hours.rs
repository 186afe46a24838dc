//! Business hours (P3.1, P3.2, P3.3): time that counts only inside the windows of open days.
//!
//! A schedule keeps the openings of a year as prefix sums, made when the year is first asked for: how far away the target
//! is doesn't matter within a year, and costs one step for each year in between.

mod steps;

use super::calendar::{Calendar, Uncounted};
use super::clock::{Hold, Step};
use super::zone::Zone;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The longest target in years: what is due later is not counted.
const MAX_YEARS: i32 = 100;

/// When a place is open, on the wall clock of its zone.
#[derive(Debug, Clone)]
pub struct Schedule {
    zone: Zone,
    weekdays: Vec<Weekday>,
    opens: NaiveTime,
    /// `None`: at the end of the day.
    closes: Option<NaiveTime>,
    /// Its holidays are closed; without one, no day is. Its weekend doesn't matter: the weekdays say what is open,
    /// and make-up working days where the calendar counts them (P3.4).
    calendar: Option<Arc<Calendar>>,
    years: BTreeMap<i32, Year>,
}

/// The openings of a year, as seconds since 1970, with the seconds open before each.
#[derive(Debug, Clone, Default)]
struct Year {
    opens: Vec<i64>,
    closes: Vec<i64>,
    before: Vec<i64>,
    total: i64,
}

/// A stretch in which the clock ran, or was held.
struct Stretch<'h> {
    from: i64,
    to: i64,
    hold: Option<&'h Hold>,
}

impl Schedule {
    /// A window on some weekdays; `closes` is `None` for the end of the day. `None` if it would close before it opens.
    pub fn new(
        zone: Zone,
        weekdays: &[Weekday],
        opens: NaiveTime,
        closes: Option<NaiveTime>,
        calendar: Option<Arc<Calendar>>,
    ) -> Option<Self> {
        let sound = closes.is_none_or(|closes| closes > opens);
        sound.then(|| Self { zone, weekdays: weekdays.to_vec(), opens, closes, calendar, years: BTreeMap::new() })
    }

    /// True if it is open around the clock, every day of the year: holidays don't matter then (P3.2, 24x7x365).
    pub fn is_always_open(&self) -> bool {
        let days = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
        self.opens == NaiveTime::MIN && self.closes.is_none() && days.iter().all(|day| self.weekdays.contains(day))
    }

    /// When `target` of open time is over (P3.3). A start outside a window counts from the next opening; a target that is
    /// reached exactly at closing is due at closing. Holds that have ended stop the clock, and the rest is kept to the second.
    pub fn due_at(&mut self, start: DateTime<Utc>, target: TimeDelta, holds: &[Hold]) -> Result<DateTime<Utc>, Uncounted> {
        self.run(start, target, holds, |_| ()).map(|due| instant(due, start))
    }

    /// [`Schedule::due_at`] with its working: a step for each window, closed stretch and hold, in a row; what the steps
    /// counted is the target.
    pub fn worked(&mut self, start: DateTime<Utc>, target: TimeDelta, holds: &[Hold]) -> Result<(DateTime<Utc>, Vec<Step>), Uncounted> {
        let mut stretches = Vec::new();
        let due = self.run(start, target, holds, |stretch| stretches.push(stretch))?;
        let mut working = steps::Working::new(start);
        for stretch in stretches {
            match stretch.hold {
                Some(hold) => working.hold(stretch.to, hold),
                None => self.show(&mut working, stretch.from, stretch.to)?,
            }
        }
        Ok((instant(due, start), working.steps))
    }

    /// Counts `target` from `start`, and hands over the stretches in which the clock ran or was held, in a row.
    fn run<'h>(
        &mut self,
        start: DateTime<Utc>,
        target: TimeDelta,
        holds: &'h [Hold],
        mut each: impl FnMut(Stretch<'h>),
    ) -> Result<i64, Uncounted> {
        let ended = |hold: &'h Hold| Some((hold.from.timestamp(), hold.to?.timestamp(), hold));
        let mut stops: Vec<(i64, i64, &Hold)> = holds.iter().filter_map(ended).collect();
        stops.sort_unstable_by_key(|(from, to, _)| (*from, *to));
        let (mut at, mut left) = (start.timestamp(), target.num_seconds());
        for (from, to, hold) in stops {
            if to <= at {
                continue;
            }
            if from > at {
                let due = self.advance(at, left)?;
                if due <= from {
                    each(Stretch { from: at, to: due, hold: None });
                    return Ok(due);
                }
                left -= self.between(at, from)?;
                each(Stretch { from: at, to: from, hold: None });
            }
            each(Stretch { from: at.max(from), to, hold: Some(hold) });
            at = to;
        }
        let due = self.advance(at, left)?;
        each(Stretch { from: at, to: due, hold: None });
        Ok(due)
    }

    /// The windows of a stretch in which the clock ran, and what was closed between them.
    fn show(&mut self, working: &mut steps::Working, from: i64, to: i64) -> Result<(), Uncounted> {
        if self.is_always_open() {
            working.open(to, "open around the clock".to_owned());
            return Ok(());
        }
        let mut windows = Vec::new();
        for number in self.year_of(from)..=self.year_of(to - 1) {
            windows.extend(self.year(number)?.windows(from, to));
        }
        let mut at = from;
        for (opens, closes) in windows {
            if opens > at {
                working.closed(opens, self.closed_note(at, opens, true));
            }
            working.open(closes, format!("{}: open {}", self.named(opens), self.window_words()));
            at = closes;
        }
        if to > at {
            working.closed(to, self.closed_note(at, to, false));
        }
        Ok(())
    }

    /// The open time between two instants; nothing if the second comes first.
    pub fn open_between(&mut self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<TimeDelta, Uncounted> {
        self.between(from.timestamp(), to.timestamp()).map(TimeDelta::seconds)
    }

    fn between(&mut self, from: i64, to: i64) -> Result<i64, Uncounted> {
        if self.is_always_open() {
            return Ok((to - from).max(0));
        }
        let (first, last) = (self.year_of(from), self.year_of(to));
        let mut open = 0;
        for year in first..=last {
            let year = self.year(year)?;
            open += year.open_before(to) - year.open_before(from);
        }
        Ok(open.max(0))
    }

    fn advance(&mut self, at: i64, seconds: i64) -> Result<i64, Uncounted> {
        if seconds <= 0 || self.is_always_open() {
            return Ok(at + seconds.max(0));
        }
        let first = self.year_of(at);
        let mut left = seconds;
        for number in first..first + MAX_YEARS {
            let year = self.year(number)?;
            let wanted = year.open_before(at) + left;
            if let Some(due) = year.reached(wanted) {
                return Ok(due);
            }
            left = wanted - year.total;
            if year.total == 0 && number > first + 10 {
                break;
            }
        }
        Err(Uncounted::NeverOpen)
    }

    fn year_of(&self, seconds: i64) -> i32 {
        DateTime::from_timestamp(seconds, 0).map_or(i32::MAX - MAX_YEARS, |at| self.zone.day(at).year())
    }

    fn year(&mut self, number: i32) -> Result<&Year, Uncounted> {
        if !self.years.contains_key(&number) {
            let year = self.make(number)?;
            self.years.insert(number, year);
        }
        self.years.get(&number).ok_or(Uncounted::NeverOpen)
    }

    fn make(&self, number: i32) -> Result<Year, Uncounted> {
        let first = NaiveDate::from_ymd_opt(number, 1, 1).ok_or(Uncounted::NeverOpen)?;
        if let Some(calendar) = self.calendar.as_deref().filter(|calendar| !calendar.knows(first)) {
            return Err(Uncounted::UnknownYear { calendar: calendar.key.clone(), year: number });
        }
        let mut year = Year::default();
        let works = |day: &NaiveDate| match self.calendar.as_deref() {
            Some(calendar) if calendar.makeup.contains(day) => true,
            Some(calendar) if calendar.holidays.contains_key(day) => false,
            _ => self.weekdays.contains(&day.weekday()),
        };
        for day in first.iter_days().take_while(|day| day.year() == number).filter(works) {
            let opens = match self.opens {
                NaiveTime::MIN => self.zone.start_of_day(day),
                opens => self.zone.instant(day.and_time(opens)),
            };
            let closes = match self.closes {
                Some(closes) => self.zone.instant(day.and_time(closes)),
                None => self.zone.start_of_day(day.checked_add_days(Days::new(1)).unwrap_or(day)),
            };
            year.push(opens.timestamp(), closes.timestamp());
        }
        Ok(year)
    }
}

impl Year {
    /// A window that a change of clocks has swallowed is none.
    fn push(&mut self, opens: i64, closes: i64) {
        if closes > opens {
            self.opens.push(opens);
            self.closes.push(closes);
            self.before.push(self.total);
            self.total += closes - opens;
        }
    }

    /// Open seconds of the year before an instant.
    fn open_before(&self, at: i64) -> i64 {
        let windows = self.opens.partition_point(|opens| *opens <= at);
        let Some(last) = windows.checked_sub(1) else { return 0 };
        let cell = |list: &[i64]| list.get(last).copied().unwrap_or_default();
        cell(&self.before) + at.min(cell(&self.closes)) - cell(&self.opens)
    }

    /// The windows that have time in a stretch, cut to it.
    fn windows(&self, from: i64, to: i64) -> impl Iterator<Item = (i64, i64)> {
        let first = self.closes.partition_point(|closes| *closes <= from);
        let windows = self.opens.iter().zip(&self.closes).skip(first).take_while(move |(opens, _)| **opens < to);
        windows.map(move |(opens, closes)| ((*opens).max(from), (*closes).min(to)))
    }

    /// The first instant at which so many seconds (more than none) were open.
    fn reached(&self, seconds: i64) -> Option<i64> {
        if seconds > self.total {
            return None;
        }
        let window = self.before.partition_point(|before| *before < seconds).checked_sub(1)?;
        Some(self.opens.get(window)? + seconds - self.before.get(window)?)
    }
}

fn instant(seconds: i64, start: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC).max(start)
}

#[cfg(test)]
mod tests;
