//! What a unit that arrives at the dock is, and what follows from it (P4.6): the serial number that was scanned decides.

use super::moves::{DeadlineChange, RmaFacts, UnitFacts};
use super::notice::NoticeKind;
use super::refusal::Refusal;
use super::rma::{Condition, ReturnState, RmaState};
use super::term::terms;
use super::text::SerialNumber;
use chrono::{DateTime, Utc};

terms! {
    /// What arrived.
    DockOutcome, "dock outcome" {
        /// The defective unit that was expected.
        ExpectedUnit => "expected_unit",
        /// The replacement: the customer has sent back the wrong one of the two.
        ReplacementReturned => "replacement_returned",
        /// Another appliance of this customer.
        OtherUnitOfCustomer => "other_unit_of_customer",
        /// An appliance of another customer.
        UnitOfAnotherCustomer => "unit_of_another_customer",
        /// A serial number that nobody knows.
        UnknownSerial => "unknown_serial",
        /// The expected unit without all of its parts.
        PartsMissing => "parts_missing",
        /// The expected unit, damaged on its way.
        DamagedInTransit => "damaged_in_transit",
        /// A unit that was booked before.
        AlreadyReceived => "already_received",
    }
}

terms! {
    /// Where a unit goes from the dock.
    Disposition, "disposition" {
        /// Back into stock.
        Restock => "restock",
        /// To the repair shop.
        Repair => "repair",
        /// To be scrapped.
        Scrap => "scrap",
        /// Back to whoever sent it.
        ReturnToSender => "return_to_sender",
        /// Somebody has to look at it first.
        Investigate => "investigate",
    }
}

terms! {
    /// What the inspection of a unit found.
    Finding, "finding" {
        /// The defect that the case describes.
        DefectConfirmed => "defect_confirmed",
        /// Another defect.
        OtherDefect => "other_defect",
        /// No fault found.
        NoFaultFound => "no_fault_found",
        /// Damage by whoever had it.
        CustomerDamage => "customer_damage",
    }
}

/// What becomes of the charge for a unit that was not back in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChargeEffect {
    /// A proposal is withdrawn, a charge is reversed.
    Reversed,
    /// None is proposed while the unit at the dock is not cleared up.
    Blocked,
    /// As it is.
    Untouched,
}

/// The fixed consequences of an outcome: a row of the table in docs/rules.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect {
    /// Where the line's return stands then; as it is where `None`.
    pub unit: Option<ReturnState>,
    /// The charge.
    pub charge: ChargeEffect,
    /// The letter to the customer, for a parcel of one unit.
    pub letter: Option<NoticeKind>,
    /// Where the unit goes until somebody says otherwise.
    pub disposition: Disposition,
}

impl DockOutcome {
    /// The row of the table. The clock of the return ends when every line is back; cover moves when the RMA closes, never here.
    pub fn effect(self) -> Effect {
        use ReturnState::{Received, ReceivedShort, ReceivedWrong};
        let (unit, charge, letter, disposition) = match self {
            Self::ExpectedUnit => (Some(Received), ChargeEffect::Reversed, Some(NoticeKind::ReturnReceived), Disposition::Repair),
            Self::PartsMissing => (Some(ReceivedShort), ChargeEffect::Reversed, Some(NoticeKind::ReturnParcel), Disposition::Investigate),
            Self::DamagedInTransit => (Some(Received), ChargeEffect::Reversed, Some(NoticeKind::ReturnParcel), Disposition::Investigate),
            Self::ReplacementReturned | Self::OtherUnitOfCustomer => {
                (Some(ReceivedWrong), ChargeEffect::Blocked, Some(NoticeKind::ReturnParcel), Disposition::ReturnToSender)
            }
            Self::UnitOfAnotherCustomer | Self::UnknownSerial => {
                (Some(ReceivedWrong), ChargeEffect::Blocked, Some(NoticeKind::ReturnWrong), Disposition::Investigate)
            }
            Self::AlreadyReceived => (None, ChargeEffect::Untouched, None, Disposition::Investigate),
        };
        Effect { unit, charge, letter, disposition }
    }
}

/// Whose a serial number is, as the records say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// An appliance of the RMA's customer.
    Customer,
    /// An appliance of somebody else.
    Other,
    /// No appliance has it.
    Nobody,
}

/// What was scanned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// What the unit says.
    pub serial_number: SerialNumber,
    /// How it looks.
    pub condition: Condition,
    /// Which line, where the dock knows it.
    pub line: Option<i32>,
}

/// What came back, and what that makes of the line and the RMA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The line it was booked to.
    pub line: i32,
    /// What it is.
    pub outcome: DockOutcome,
    /// Where the line's return stands now.
    pub state: ReturnState,
    /// True once nothing more is expected.
    pub complete: bool,
    /// What becomes of the return's deadline.
    pub deadlines: Vec<DeadlineChange>,
}

/// Books a unit to a line of an RMA (P4.6). Another unit than the expected one is an ordinary case: the right one is still
/// expected.
pub fn receive(rma: &RmaFacts, scan: &Scan, owner: Owner, at: DateTime<Utc>) -> Result<Receipt, Refusal> {
    if rma.state == RmaState::Cancelled {
        return Err(Refusal::clash("state_clash", "P4.6", "a cancelled RMA expects no unit back"));
    }
    let (outcome, unit) = judge(&rma.lines, scan, owner)
        .ok_or_else(|| Refusal::clash("nothing_expected_back", "P4.6", "no unit is expected back on this line"))?;
    let state = outcome.effect().unit.unwrap_or(unit.state);
    let others = || rma.lines.iter().filter(|l| l.line != unit.line);
    let complete = state.is_back() && others().all(|l| l.state.is_back());
    // Everything is back when the last unit is, in whatever order the receipts are recorded.
    let last = others().filter(|l| l.state == ReturnState::Received).filter_map(|l| l.received_at).fold(at, DateTime::max);
    let ends = complete && outcome != DockOutcome::AlreadyReceived;
    Ok(Receipt { line: unit.line, outcome, state, complete, deadlines: if ends { rma.returned(last) } else { Vec::new() } })
}

/// What a unit is, and the line that it belongs to; `None` where the RMA expects nothing that it could be.
fn judge<'a>(lines: &'a [UnitFacts], scan: &Scan, owner: Owner) -> Option<(DockOutcome, &'a UnitFacts)> {
    let serial = &scan.serial_number;
    let wanted = || lines.iter().filter(|l| scan.line.is_none_or(|n| n == l.line));
    let open = || wanted().filter(|l| l.state.is_open());
    // What was charged may still arrive.
    let awaited = || wanted().filter(|l| l.state.is_open() || l.state == ReturnState::Kept);
    if let Some(unit) = awaited().find(|l| l.serial_number == *serial) {
        let outcome = match scan.condition {
            Condition::AsDescribed => DockOutcome::ExpectedUnit,
            Condition::Damaged => DockOutcome::DamagedInTransit,
            Condition::Incomplete => DockOutcome::PartsMissing,
        };
        return Some((outcome, unit));
    }
    if let Some(unit) = open().find(|l| l.replacement_serial_number.as_ref() == Some(serial)) {
        return Some((DockOutcome::ReplacementReturned, unit));
    }
    if let Some(unit) = wanted().find(|l| l.state == ReturnState::Received && l.serial_number == *serial) {
        return Some((DockOutcome::AlreadyReceived, unit));
    }
    let outcome = match owner {
        Owner::Customer => DockOutcome::OtherUnitOfCustomer,
        Owner::Other => DockOutcome::UnitOfAnotherCustomer,
        Owner::Nobody => DockOutcome::UnknownSerial,
    };
    open().next().map(|unit| (outcome, unit))
}

#[cfg(test)]
mod tests;
