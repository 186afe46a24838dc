//! A replacement that is dead on arrival (P4.6): until when it may be reported, and what it is never charged for.

use super::number::RmaNumber;
use super::refusal::Refusal;
use super::rma::RmaState;
use super::text::SerialNumber;
use super::zone::local_day;
use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;

/// A line of the RMA that sent the replacement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLine {
    /// 1, 2, …
    pub line: i32,
    /// The replacement, once it has left.
    pub replacement: Option<SerialNumber>,
    /// True if the line was called off.
    pub void: bool,
    /// The RMA that replaces the dead unit already.
    pub replaced_by: Option<RmaNumber>,
}

/// What a report depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Where the RMA that sent the replacement stands.
    pub state: RmaState,
    /// When the replacement arrived.
    pub delivered_at: Option<DateTime<Utc>>,
    /// The customer's zone: days are counted on its clock.
    pub zone: Tz,
    /// The days of the program.
    pub days: u32,
    /// The lines.
    pub lines: Vec<DeadLine>,
}

/// Which unit is reported: by its line, its serial number, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Which {
    /// The line.
    pub line: Option<i32>,
    /// What it says on the dead unit.
    pub serial_number: Option<SerialNumber>,
}

/// The last local day on which a replacement that arrived then may be reported.
pub fn last_day(delivered_at: DateTime<Utc>, zone: Tz, days: u32) -> NaiveDate {
    let day = local_day(zone, delivered_at);
    day.checked_add_days(Days::new(days.into())).unwrap_or(NaiveDate::MAX)
}

/// The line and the serial number of the dead unit, or why it can't be replaced at once.
pub fn report(facts: &Facts, which: &Which, at: DateTime<Utc>) -> Result<(i32, SerialNumber), Refusal> {
    if facts.state == RmaState::Cancelled {
        return Err(Refusal::clash("rma_cancelled", "P4.6", "a cancelled RMA sent no replacement"));
    }
    let line = find(&facts.lines, which)?;
    if line.void {
        return Err(Refusal::clash("line_cancelled", "P4.6", format!("line {} was called off: nothing was sent for it", line.line)));
    }
    let (Some(delivered_at), Some(serial)) = (facts.delivered_at, &line.replacement) else {
        return Err(Refusal::clash("not_delivered_yet", "P4.6", "the replacement has not arrived yet"));
    };
    if let Some(rma) = line.replaced_by {
        return Err(Refusal::clash("already_reported_dead", "P4.6", format!("RMA {rma} replaces {serial} already")));
    }
    let last = last_day(delivered_at, facts.zone, facts.days);
    if local_day(facts.zone, at) > last {
        let detail = format!(
            "a replacement may be reported as dead on arrival until {last} ({} days after its delivery): open a case for it",
            facts.days
        );
        return Err(Refusal::refused("dead_on_arrival_period_over", "P4.6", detail));
    }
    Ok((line.line, serial.clone()))
}

fn find<'a>(lines: &'a [DeadLine], which: &Which) -> Result<&'a DeadLine, Refusal> {
    let named = |l: &&DeadLine| which.line.is_none_or(|n| n == l.line);
    let is = |l: &&DeadLine| which.serial_number.as_ref().is_none_or(|s| l.replacement.as_ref() == Some(s));
    match (which.line, &which.serial_number) {
        (None, None) => Err(Refusal::input("required", "/line", "say which: the line, or the serial number of the replacement")),
        (Some(number), _) if !lines.iter().any(|l| l.line == number) => {
            Err(Refusal::input("unknown_line", "/line", format!("the RMA has no line {number}")))
        }
        (_, serial) => lines.iter().filter(named).find(is).ok_or_else(|| {
            let serial = serial.as_ref().map(ToString::to_string).unwrap_or_default();
            Refusal::input("unknown_replacement", "/replacement_serial_number", format!("{serial} was not sent with this line of the RMA"))
        }),
    }
}

#[cfg(test)]
mod tests;
