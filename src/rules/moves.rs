//! The moves of an RMA (P4): what each changes, when it may be made, and what becomes of the deadlines.

use super::calendar::Calendars;
use super::clock::Hold;
use super::deadline::{self, Basis, Deadline, DeadlineKind, DeadlineState};
use super::intake::waits_for_contact;
use super::notice::LocalContact;
use super::refusal::Refusal;
use super::rma::{ReturnState, RmaState};
use super::text::SerialNumber;
use chrono::{DateTime, Utc};

/// An RMA as its moves see it.
#[derive(Debug, Clone, PartialEq)]
pub struct RmaFacts {
    /// Where it stands.
    pub state: RmaState,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// When the replacement left.
    pub shipped_at: Option<DateTime<Utc>>,
    /// The lines.
    pub lines: Vec<UnitFacts>,
    /// The deadlines as stored, at most one of a kind.
    pub deadlines: Vec<Deadline>,
}

/// The unit of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitFacts {
    /// 1, 2, …
    pub line: i32,
    /// The serial number that is expected back.
    pub serial_number: SerialNumber,
    /// The replacement's serial number, once it has left.
    pub replacement_serial_number: Option<SerialNumber>,
    /// Where its return stands.
    pub state: ReturnState,
    /// When a unit came back on this line.
    pub received_at: Option<DateTime<Utc>>,
}

/// What becomes of a deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadlineChange {
    /// The deadline after the move.
    pub deadline: Deadline,
    /// When its thing was done, once it is.
    pub done_at: Option<DateTime<Utc>>,
}

/// When something happened: now, or the instant that operations record, never in the future and never before the step
/// that precedes it.
pub fn happened_at(
    stated: Option<DateTime<Utc>>,
    not_before: DateTime<Utc>,
    now: DateTime<Utc>,
    field: &str,
) -> Result<DateTime<Utc>, Refusal> {
    let at = stated.unwrap_or(now);
    if at > now {
        return Err(Refusal::refused("instant_in_future", "P4", "an instant in the future can't be recorded").at(field));
    }
    if at < not_before {
        let detail = format!("this can't have happened before the step that precedes it, at {}", not_before.format("%Y-%m-%dT%H:%M:%SZ"));
        return Err(Refusal::refused("instant_before_previous_step", "P4", detail).at(field));
    }
    Ok(at)
}

/// The refusal of a move that the state table doesn't have.
pub fn state_clash(state: RmaState, next: RmaState) -> Refusal {
    Refusal::clash("state_clash", "P4", format!("an RMA that is {state} can't become {next}"))
}

impl RmaFacts {
    /// Refuses a move to `next` that the state table doesn't have.
    pub fn may_become(&self, next: RmaState) -> Result<(), Refusal> {
        match next.may_follow(self.state) {
            true => Ok(()),
            false => Err(state_clash(self.state, next)),
        }
    }
    /// The deadline of a kind.
    pub fn deadline(&self, kind: DeadlineKind) -> Option<&Deadline> {
        self.deadlines.iter().find(|d| d.basis.kind == kind)
    }
    /// Before this the replacement can't have left: the issue, or for a courier the authorization (P4.2).
    pub fn earliest_shipping(&self) -> DateTime<Utc> {
        let authorized_at = self.deadline(DeadlineKind::DeliverBy).and_then(|d| d.basis.starts_at);
        authorized_at.map_or(self.issued_at, |at| at.max(self.issued_at))
    }
    /// True once no unit is expected back any more.
    pub fn all_returned(&self) -> bool {
        self.lines.iter().all(|l| l.state.is_back())
    }
    /// What becomes of the return's deadline when the last unit is back.
    pub fn returned(&self, at: DateTime<Utc>) -> Vec<DeadlineChange> {
        self.done(DeadlineKind::ReturnBy, at).into_iter().collect()
    }
    fn done(&self, kind: DeadlineKind, at: DateTime<Utc>) -> Option<DeadlineChange> {
        let mut deadline = self.deadline(kind).filter(|d| d.state != DeadlineState::Void && d.state != DeadlineState::Met)?.clone();
        deadline.state = deadline::outcome(deadline.due_at, at);
        deadline.basis.waits_for.clear();
        Some(DeadlineChange { deadline, done_at: Some(at) })
    }
    fn restart(&self, kind: DeadlineKind, calendars: &dyn Calendars, change: impl FnOnce(&mut Basis)) -> Option<DeadlineChange> {
        let mut basis = self.deadline(kind).filter(|d| d.state.is_open())?.basis.clone();
        change(&mut basis);
        Some(DeadlineChange { deadline: deadline::compute(basis, calendars), done_at: None })
    }
}

/// The replacement leaves at `at`. Not while a courier still lacks a contact (P4.2), nor on an export hold (P4.5).
pub fn ship(rma: &RmaFacts, at: DateTime<Utc>) -> Result<Vec<DeadlineChange>, Refusal> {
    rma.may_become(RmaState::Shipped)?;
    let waits = |kind, state| rma.deadline(kind).is_some_and(|d| d.state == state);
    if waits(DeadlineKind::DeliverBy, DeadlineState::Waiting) {
        return Err(Refusal::clash(
            "awaiting_contact",
            "P4.2",
            "the courier can't leave before a local contact is named and accepts delivery",
        ));
    }
    if waits(DeadlineKind::ShipBy, DeadlineState::Paused) {
        return Err(Refusal::clash("export_hold", "P4.5", "the part can't leave before its export papers are there"));
    }
    Ok(rma.done(DeadlineKind::ShipBy, at).into_iter().collect())
}

/// The replacement arrives at `at`; the days for the return begin (P4).
pub fn deliver(rma: &RmaFacts, at: DateTime<Utc>, calendars: &dyn Calendars) -> Result<Vec<DeadlineChange>, Refusal> {
    rma.may_become(RmaState::Delivered)?;
    let begin = |basis: &mut Basis| {
        basis.starts_at = Some(at);
        basis.waits_for.clear();
    };
    let waits = rma.deadline(DeadlineKind::ReturnBy).is_some_and(|d| d.state == DeadlineState::Waiting);
    let returning = waits.then(|| rma.restart(DeadlineKind::ReturnBy, calendars, begin)).flatten();
    Ok(rma.done(DeadlineKind::DeliverBy, at).into_iter().chain(returning).collect())
}

/// A contact is named, or changes its mind, before the replacement arrives. With a name, a number and consent the
/// courier's clock starts (P4.2): that instant is the authorization. A clock that runs is not stopped again.
pub fn contact(
    rma: &RmaFacts,
    contact: &LocalContact,
    calendars: &dyn Calendars,
    now: DateTime<Utc>,
) -> Result<Vec<DeadlineChange>, Refusal> {
    if !matches!(rma.state, RmaState::Issued | RmaState::Shipped) {
        return Err(Refusal::clash("state_clash", "P4.2", format!("the contact of an RMA that is {} can't change", rma.state)));
    }
    let waiting = rma.deadline(DeadlineKind::DeliverBy).is_some_and(|d| d.state == DeadlineState::Waiting);
    let authorize = |basis: &mut Basis| {
        basis.waits_for = waits_for_contact(Some(contact));
        basis.starts_at = basis.waits_for.is_empty().then_some(now);
    };
    Ok(waiting.then(|| rma.restart(DeadlineKind::DeliverBy, calendars, authorize)).flatten().into_iter().collect())
}

/// The customer has sent units back: the lines that are on their way now.
pub fn return_shipped(rma: &RmaFacts, line: Option<i32>) -> Result<Vec<i32>, Refusal> {
    let open = |l: &&UnitFacts| ReturnState::Shipped.may_follow(l.state) && line.is_none_or(|n| n == l.line);
    let lines: Vec<i32> = rma.lines.iter().filter(open).map(|l| l.line).collect();
    match lines.is_empty() || rma.state == RmaState::Cancelled {
        true => Err(Refusal::clash("nothing_expected_back", "P4.6", "no unit is expected back on this RMA")),
        false => Ok(lines),
    }
}

/// Calls the RMA off: every open deadline is void.
pub fn cancel(rma: &RmaFacts) -> Result<Vec<DeadlineChange>, Refusal> {
    rma.may_become(RmaState::Cancelled)?;
    if rma.lines.iter().any(|l| l.state == ReturnState::Received) {
        return Err(Refusal::clash("unit_already_back", "P4.6", "a defective unit is already back: its replacement is owed"));
    }
    let open = rma.deadlines.iter().filter(|d| d.state.is_open());
    Ok(open.map(|d| DeadlineChange { deadline: Deadline { state: DeadlineState::Void, ..d.clone() }, done_at: None }).collect())
}

/// Calls one line off before the replacements leave; the others stay as they are. Their deadlines do, too: only a return of which
/// nothing is left to wait for is done. The last line is not called off: that is what calling off the RMA is for.
pub fn cancel_line(rma: &RmaFacts, line: i32, now: DateTime<Utc>) -> Result<Vec<DeadlineChange>, Refusal> {
    let no = |code, detail: String| Err(Refusal::clash(code, "P4", detail));
    let Some(unit) = rma.lines.iter().find(|l| l.line == line) else {
        return Err(Refusal::input("unknown_line", "/line", format!("the RMA has no line {line}")));
    };
    match (rma.state, unit.state) {
        (RmaState::Cancelled, _) => return Err(state_clash(rma.state, RmaState::Cancelled)),
        (_, ReturnState::Void) => return no("line_cancelled_already", format!("line {line} was called off before")),
        (RmaState::Issued, _) => {}
        (state, _) => return no("line_shipped", format!("the replacement of line {line} has left: the RMA is {state}")),
    }
    if !ReturnState::Void.may_follow(unit.state) {
        let detail = format!("the defective unit of line {line} is already back: its replacement is owed");
        return Err(Refusal::clash("unit_already_back", "P4.6", detail));
    }
    let rest: Vec<&UnitFacts> = rma.lines.iter().filter(|l| l.line != line && l.state != ReturnState::Void).collect();
    if rest.is_empty() {
        return no("last_line", format!("line {line} is the last one that is left: cancel the RMA instead"));
    }
    let last = rest.iter().filter_map(|l| l.received_at).max();
    Ok(if rest.iter().all(|l| l.state.is_back()) { rma.returned(last.unwrap_or(now)) } else { Vec::new() })
}

/// Stops the ship-by clock until the export papers are there (P4.5).
pub fn export_hold(rma: &RmaFacts, reason: &str, calendars: &dyn Calendars, now: DateTime<Utc>) -> Result<Vec<DeadlineChange>, Refusal> {
    let hold = Hold { from: now, to: None, reason: reason.to_owned() };
    match rma.deadline(DeadlineKind::ShipBy).map(|d| d.state) {
        Some(DeadlineState::Running) => Ok(rma.restart(DeadlineKind::ShipBy, calendars, |b| b.holds.push(hold)).into_iter().collect()),
        _ => Err(Refusal::clash("no_running_ship_by", "P4.5", "there is no ship-by clock that runs")),
    }
}

/// Lets the ship-by clock run on (P4.5).
pub fn export_release(rma: &RmaFacts, calendars: &dyn Calendars, now: DateTime<Utc>) -> Result<Vec<DeadlineChange>, Refusal> {
    let release = |basis: &mut Basis| basis.holds.iter_mut().filter(|h| h.to.is_none()).for_each(|h| h.to = Some(now));
    match rma.deadline(DeadlineKind::ShipBy).map(|d| d.state) {
        Some(DeadlineState::Paused) => Ok(rma.restart(DeadlineKind::ShipBy, calendars, release).into_iter().collect()),
        _ => Err(Refusal::clash("no_export_hold", "P4.5", "the ship-by clock is not on hold")),
    }
}

#[cfg(test)]
mod tests;
