//! Charging for a defective unit that never came back (P4.6): what has to be true before it may be proposed, and nothing that
//! charges by itself.

use super::deadline::DeadlineState;
use super::dock::{ChargeEffect, DockOutcome};
use super::refusal::Refusal;
use super::rma::ReturnState;
use super::term::terms;
use chrono::{DateTime, Utc};

terms! {
    /// Where a charge stands.
    ChargeState, "charge state" {
        /// Waits for operations.
        Proposed => "proposed",
        /// Operations confirmed it: the customer keeps the unit and is charged.
        Confirmed => "confirmed",
        /// Operations said no.
        Declined => "declined",
        /// The unit came, or more time was given, before anybody decided.
        Withdrawn => "withdrawn",
        /// The unit came after all: the charge is taken back.
        Reversed => "reversed",
    }
}

impl ChargeState {
    /// True if a charge in state `before` may go to `self`.
    pub fn may_follow(self, before: Self) -> bool {
        use ChargeState::{Confirmed, Declined, Proposed, Reversed, Withdrawn};
        matches!((before, self), (Proposed, Confirmed | Declined | Withdrawn) | (Confirmed, Reversed))
    }
    /// True while it stands: a line has one such charge at most.
    pub fn stands(self) -> bool {
        matches!(self, Self::Proposed | Self::Confirmed)
    }
    /// What becomes of it when a unit is scanned at the dock; `None`: it stays as it is.
    pub fn after(self, effect: ChargeEffect) -> Option<Self> {
        match (self, effect) {
            (Self::Proposed, ChargeEffect::Reversed | ChargeEffect::Blocked) => Some(Self::Withdrawn),
            (Self::Confirmed, ChargeEffect::Reversed) => Some(Self::Reversed),
            _ => None,
        }
    }
}

terms! {
    /// How we know that the replacement arrived.
    DeliveryProof, "proof" {
        /// A picture or a signature that the courier sent.
        Picture => "picture",
        /// The carrier's own event.
        CarrierEvent => "carrier_event",
        /// Who took it is recorded.
        ReceivedBy => "received_by",
    }
}

/// A unit that was scanned for the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrived {
    /// What it was.
    pub outcome: DockOutcome,
    /// True once somebody decided where it goes.
    pub disposed: bool,
}

/// What a charge for one line depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// True if the unit is a replacement that was dead on arrival.
    pub dead_on_arrival: bool,
    /// Where the line's return stands.
    pub unit: ReturnState,
    /// True once the replacement was delivered.
    pub delivered: bool,
    /// How that is known.
    pub proof: Option<DeliveryProof>,
    /// True once a letter with the return instructions has left.
    pub instructed: bool,
    /// Where the return's clock stands.
    pub clock: Option<DeadlineState>,
    /// True if more time was given for the present date.
    pub extended: bool,
    /// The last reminder of the program's series, `None` where it has none.
    pub last_reminder_at: Option<DateTime<Utc>>,
    /// When a reminder left for the last time.
    pub reminded_at: Option<DateTime<Utc>>,
    /// What was scanned for the line.
    pub arrived: Vec<Arrived>,
    /// The charge that stands, if one does.
    pub charge: Option<ChargeState>,
}

/// Every reason why the line can't be charged for now; none where it can be proposed.
pub fn obstacles(facts: &Facts) -> Vec<Refusal> {
    let no = |code, detail: &str| Refusal::clash(code, "P4.6", detail);
    let mut found = Vec::new();
    if facts.dead_on_arrival {
        found.push(no("dead_on_arrival", "a replacement that was dead on arrival is never charged for"));
    }
    if facts.unit.is_back() {
        found.push(no("nothing_expected_back", "no unit is expected back on this line"));
    }
    if facts.unit == ReturnState::Shipped {
        found.push(no("return_on_its_way", "the customer has sent the unit: it is late, not kept"));
    }
    match (facts.delivered, facts.proof) {
        (false, _) => found.push(no("not_delivered", "the replacement was not delivered")),
        (true, None) => found.push(no("no_proof_of_delivery", "nothing proves that the replacement was delivered")),
        (true, Some(_)) => {}
    }
    if !facts.instructed {
        found.push(no("instructions_not_sent", "no letter with the return instructions has left"));
    }
    match facts.clock {
        Some(DeadlineState::Missed) => {}
        _ if facts.extended => found.push(no("extension_open", "more time was given for the return, and it is not over")),
        _ => found.push(no("not_overdue", "the date of the return is not over")),
    }
    if facts.last_reminder_at.is_some_and(|last| facts.reminded_at.is_none_or(|sent| sent < last)) {
        found.push(no("reminders_not_sent", "not every reminder of the program was sent"));
    }
    let blocks = |a: &&Arrived| a.outcome.effect().charge == ChargeEffect::Blocked && !a.disposed;
    if facts.arrived.iter().any(|a| a.outcome.effect().charge == ChargeEffect::Reversed) {
        found.push(no("unit_received", "the unit, or a part of it, was scanned at the dock"));
    }
    if facts.arrived.iter().any(|a| blocks(&a)) {
        found.push(no("unit_at_dock", "another unit came back on this line, and nobody has decided yet what becomes of it"));
    }
    match facts.charge {
        Some(ChargeState::Proposed) => found.push(no("charge_proposed_already", "a charge is proposed for this line already")),
        Some(ChargeState::Confirmed) => found.push(no("charged_already", "this line is charged already")),
        _ => {}
    }
    found
}

/// Refuses a move that the state table doesn't have.
pub fn may_become(before: ChargeState, next: ChargeState) -> Result<(), Refusal> {
    match next.may_follow(before) {
        true => Ok(()),
        false => Err(Refusal::clash("state_clash", "P4.6", format!("a charge that is {before} can't become {next}"))),
    }
}

/// An amount of money: digits with at most four decimals, and an ISO 4217 code.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Money {
    amount: String,
    currency: String,
}

impl Money {
    /// Reads an amount greater than zero and a currency's code.
    pub fn parse(amount: &str, currency: &str) -> Result<Self, Refusal> {
        let (whole, decimals) = amount.split_once('.').map_or((amount, None), |(whole, decimals)| (whole, Some(decimals)));
        let digits = |text: &str, most| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let shaped = digits(whole, 9) && decimals.is_none_or(|d| digits(d, 4)) && (whole == "0" || !whole.starts_with('0'));
        if !shaped || amount.bytes().all(|b| matches!(b, b'0' | b'.')) {
            let detail = "must be an amount greater than zero such as 450.00, with at most nine digits before the point and four after it";
            return Err(Refusal::input("bad_amount", "/amount", detail));
        }
        match currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase()) {
            true => Ok(Self { amount: amount.to_owned(), currency: currency.to_owned() }),
            false => Err(Refusal::input("bad_currency", "/currency", "must be an ISO 4217 code such as EUR")),
        }
    }
    /// The amount as a decimal.
    pub fn amount(&self) -> &str {
        &self.amount
    }
    /// The currency's code.
    pub fn currency(&self) -> &str {
        &self.currency
    }
}

#[cfg(test)]
mod tests;
