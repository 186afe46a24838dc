//! More time for a return (P4.6): operations say until when and why; the clock keeps it among what it is computed from.

use super::calendar::Calendars;
use super::deadline::{self, DeadlineKind, DeadlineState, Extension};
use super::moves::{DeadlineChange, RmaFacts};
use super::refusal::Refusal;
use super::rma::ReturnState;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// How far ahead a return may be extended: a date beyond it is a slip of the pen.
pub const MOST_DAYS: i64 = 366;

/// How often the return of one RMA may be extended.
pub const MOST_TIMES: usize = 20;

/// What follows from an extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extended {
    /// The clock of the return with its new date.
    pub change: DeadlineChange,
    /// The lines that were overdue and are expected again.
    pub lines: Vec<i32>,
    /// 1, 2, …: which extension of this return it is.
    pub ordinal: usize,
}

/// Gives the whole return until the end of a day. Every unit of an RMA has the same clock, so an extension is one for all that
/// are still expected. It only ever gives: the new date is later than the present one, and not over yet.
pub fn extend(rma: &RmaFacts, until: NaiveDate, reason: &str, calendars: &dyn Calendars, now: DateTime<Utc>) -> Result<Extended, Refusal> {
    if !rma.state.is_open() || rma.all_returned() {
        return Err(Refusal::clash("nothing_expected_back", "P4.6", "no unit is expected back on this RMA"));
    }
    let clock = rma.deadline(DeadlineKind::ReturnBy).filter(|d| matches!(d.state, DeadlineState::Running | DeadlineState::Missed));
    let Some((clock, due_at)) = clock.and_then(|d| Some((d, d.due_at?))) else {
        return Err(Refusal::clash("no_running_return_by", "P4.6", "the days for the return have not begun: there is nothing to extend"));
    };
    if clock.basis.extensions.len() >= MOST_TIMES {
        return Err(Refusal::refused("too_many_extensions", "P4.6", format!("a return is extended {MOST_TIMES} times at most")));
    }
    let mut basis = clock.basis.clone();
    basis.extensions.push(Extension { at: now, until, reason: reason.to_owned() });
    let ordinal = basis.extensions.len();
    let deadline = deadline::compute(basis, calendars);
    match deadline.due_at {
        Some(new) if new > due_at && new > now && new <= now + TimeDelta::days(MOST_DAYS) => {}
        Some(new) if new > now + TimeDelta::days(MOST_DAYS) => {
            let detail = format!("a return is extended by {MOST_DAYS} days from now at most");
            return Err(Refusal::refused("extension_too_long", "P4.6", detail).at("/until"));
        }
        _ => {
            let detail = format!("an extension ends after now and after the present date, {}", due_at.format("%Y-%m-%dT%H:%M:%SZ"));
            return Err(Refusal::refused("not_an_extension", "P4.6", detail).at("/until"));
        }
    }
    let overdue = rma.lines.iter().filter(|l| l.state == ReturnState::Overdue);
    Ok(Extended { change: DeadlineChange { deadline, done_at: None }, lines: overdue.map(|l| l.line).collect(), ordinal })
}

#[cfg(test)]
mod tests;
