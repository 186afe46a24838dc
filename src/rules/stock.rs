//! Units on the shelf: the states of one, and what may stand in for a part.

use super::record::StockUnit;
use super::refusal::Refusal;
use super::term::terms;
use super::text::SerialNumber;

terms! {
    /// The states of a unit in stock.
    StockState, "stock state" {
        /// On the shelf, free.
        Received => "received",
        /// Promised to a line of an RMA; nobody else gets it.
        Reserved => "reserved",
        /// Gone to the customer of its line.
        Shipped => "shipped",
        /// In the house, but not fit to be sent: it came back, or somebody doubts it.
        Quarantined => "quarantined",
        /// Gone otherwise: scrapped, lost, miscounted.
        WrittenOff => "written_off",
    }
}

impl StockState {
    /// True if the unit belongs to a line of an RMA: only moves of that RMA change it.
    pub fn has_line(self) -> bool {
        matches!(self, Self::Reserved | Self::Shipped)
    }
}

terms! {
    /// How a part stands in for the one that failed.
    Fit, "fit" {
        /// The same part.
        Same => "same",
        /// A newer revision of it.
        NewerRevision => "newer_revision",
        /// Another part that was approved in its place.
        ApprovedSubstitute => "approved_substitute",
    }
}

terms! {
    /// What an RMA's line has to be sent.
    Supply, "supply" {
        /// No unit of the part was ever booked: whoever ships finds one.
        Untracked => "untracked",
        /// A unit is reserved.
        Reserved => "reserved",
        /// None is free: the line waits for the next one.
        Backordered => "backordered",
    }
}

/// Judges a change that somebody makes by hand: a unit that belongs to an RMA stays as it is, and no hand makes one belong to it.
pub fn may_change(before: Option<&StockUnit>, after: &StockUnit) -> Result<(), Vec<Refusal>> {
    let mut refusals = Vec::new();
    if let Some((before, rma)) = before.and_then(|b| Some((b, b.rma?))) {
        let detail = format!("unit {} is {} for RMA {rma}", before.serial_number, before.state);
        refusals.push(Refusal::clash("unit_in_use", "P4", detail));
    } else if after.state.has_line() {
        let detail = format!("{} is what an RMA makes of a unit: give received, quarantined or written_off", after.state);
        refusals.push(Refusal::input("bad_stock_state", "/state", detail));
    }
    if before.is_some_and(|before| before.part_number != after.part_number) {
        refusals.push(Refusal::input("part_fixed", "/part_number", "a unit stays what it is: write it off and book another one"));
    }
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}

/// Judges whether a unit leaves with a line. `unit` is what stock knows of its serial number, `fits` whether its part may be sent
/// for the line, `own` whether the RMA that leaves has it.
pub fn may_leave(serial: &SerialNumber, supply: Supply, unit: Option<StockState>, fits: bool, own: bool) -> Result<(), Refusal> {
    let field = "/replacement_serial_numbers";
    match unit {
        Some(StockState::Reserved) if own => Ok(()),
        Some(state) if state.has_line() => {
            Err(Refusal::clash("unit_in_use", "P4", format!("unit {serial} is {state} for another RMA")).at(field))
        }
        Some(StockState::Received) if fits => Ok(()),
        Some(StockState::Received) => {
            Err(Refusal::input("wrong_part", field, format!("unit {serial} is a part that can't stand in for this line's")))
        }
        Some(state) => Err(Refusal::input("unit_not_fit", field, format!("unit {serial} is {state}"))),
        None if supply == Supply::Reserved => Err(Refusal::input(
            "unit_not_in_stock",
            field,
            format!("stock knows no unit {serial}: book it first, or send the unit that is reserved"),
        )),
        // What nobody keeps in stock leaves as it is; so does what came in just now and goes on at once.
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
