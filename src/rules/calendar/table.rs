//! Open days as prefix sums: what lies N open days ahead costs the same for one day and for a thousand.

use super::Calendar;
use chrono::{Datelike, NaiveDate};

/// Why days can't be counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Uncounted {
    /// The holidays of a year are not known.
    #[error("the holidays of calendar {calendar} are not known for {year}")]
    UnknownYear {
        /// The calendar's key.
        calendar: String,
        /// The first year that would be needed.
        year: i32,
    },
    /// A calendar or a schedule that is closed for good.
    #[error("no open day within ten years")]
    NeverOpen,
}

/// The open days of the years that a calendar knows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OpenDays {
    /// The day before the first known one, as days of the common era.
    base: i32,
    /// Day `base + i` has `rank[i]` open days at or before it.
    rank: Vec<u16>,
    /// Day `base + open[k - 1]` is the k-th open day.
    open: Vec<u16>,
}

impl OpenDays {
    /// Counts the open days of a calendar once, for at most 65,535 days (179 years).
    pub fn of(calendar: &Calendar) -> Self {
        let Some((first, last)) = calendar.known else { return Self::default() };
        let mut table = Self { base: first.num_days_from_ce() - 1, rank: vec![0], open: Vec::new() };
        for (index, day) in (1..=u16::MAX).zip(first.iter_days().take_while(|day| *day <= last)) {
            if calendar.closed(day).is_none() {
                table.open.push(index);
            }
            table.rank.push(u16::try_from(table.open.len()).unwrap_or(u16::MAX));
        }
        table
    }

    /// The day that lies `days` open days after `day`; `key` names the calendar in the error.
    pub fn after(&self, key: &str, day: NaiveDate, days: u32) -> Result<NaiveDate, Uncounted> {
        let unknown = |year| Uncounted::UnknownYear { calendar: key.to_owned(), year };
        let index = usize::try_from(i64::from(day.num_days_from_ce()) - i64::from(self.base)).ok();
        let Some(rank) = index.and_then(|index| self.rank.get(index)) else { return Err(unknown(day.year())) };
        if days == 0 {
            return Ok(day);
        }
        let wanted = usize::from(*rank) + usize::try_from(days).unwrap_or(usize::MAX - usize::from(u16::MAX)) - 1;
        let found = self.open.get(wanted).and_then(|offset| NaiveDate::from_num_days_from_ce_opt(self.base + i32::from(*offset)));
        found.ok_or_else(|| match self.open.is_empty() {
            true => Uncounted::NeverOpen,
            false => unknown(self.last().map_or(day.year(), |last| last.year() + 1)),
        })
    }

    fn last(&self) -> Option<NaiveDate> {
        let days = i32::try_from(self.rank.len()).ok()? - 1;
        NaiveDate::from_num_days_from_ce_opt(self.base + days)
    }
}
