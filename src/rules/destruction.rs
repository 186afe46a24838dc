//! Media that the customer keeps (P4.6): a certificate of destruction takes the place of the return.

use super::moves::{DeadlineChange, RmaFacts};
use super::refusal::Refusal;
use super::rma::{ReturnState, RmaState};
use super::zone::local_day;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

/// What a certificate is judged by.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// The RMA.
    pub rma: RmaFacts,
    /// True if its customer keeps the defective units.
    pub keeps_media: bool,
    /// The customer's zone: days are counted on its clock.
    pub zone: Tz,
}

/// What a certificate makes of the RMA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certified {
    /// True once nothing more is expected.
    pub complete: bool,
    /// What becomes of the return's deadline.
    pub deadlines: Vec<DeadlineChange>,
}

/// Takes a certificate for the defective unit of a line, handed in now.
pub fn certify(facts: &Facts, line: i32, destroyed_on: NaiveDate, now: DateTime<Utc>) -> Result<Certified, Refusal> {
    if !facts.keeps_media {
        let detail = "this contract asks for the defective unit itself: a certificate doesn't take its place";
        return Err(Refusal::clash("media_not_kept", "P4.6", detail));
    }
    if facts.rma.state == RmaState::Cancelled {
        return Err(Refusal::clash("state_clash", "P4.6", "a cancelled RMA expects no certificate"));
    }
    let Some(unit) = facts.rma.lines.iter().find(|l| l.line == line) else {
        return Err(Refusal::input("unknown_line", "/line", format!("the RMA has no line {line}")));
    };
    if !ReturnState::Destroyed.may_follow(unit.state) {
        return Err(Refusal::clash("nothing_expected_back", "P4.6", format!("no certificate is expected for line {line}")));
    }
    if destroyed_on > local_day(facts.zone, now) {
        return Err(Refusal::refused("destroyed_in_future", "P4.6", "a unit can't be destroyed in the future").at("/destroyed_on"));
    }
    let issued = local_day(facts.zone, facts.rma.issued_at);
    if destroyed_on < issued {
        let detail = format!("the unit was there when the RMA was issued, on {issued}");
        return Err(Refusal::refused("destroyed_before_issue", "P4.6", detail).at("/destroyed_on"));
    }
    let complete = facts.rma.lines.iter().all(|l| l.line == line || l.state.is_back());
    Ok(Certified { complete, deadlines: if complete { facts.rma.returned(now) } else { Vec::new() } })
}

#[cfg(test)]
mod tests;
