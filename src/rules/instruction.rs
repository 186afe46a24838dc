//! Return instructions (P4.6): which letters carry them, when their papers can be had, and how often they are sent again.

use super::notice::NoticeKind;
use super::refusal::Refusal;
use super::rma::{ReturnState, RmaState};
use super::tier::Tier;

/// How often the instructions of an RMA are sent again in 24 hours.
pub const AGAIN_PER_DAY: usize = 5;

/// True for the letters that ask for the unit and carry its papers: the issue where the customer sends first, the delivery where
/// we did, and the instructions sent again.
pub fn instructs(kind: NoticeKind, delivered: Tier) -> bool {
    match kind {
        NoticeKind::RmaIssued => !delivered.is_advance_exchange(),
        NoticeKind::Delivered => delivered.is_advance_exchange(),
        NoticeKind::ReturnInstructions => true,
        _ => false,
    }
}

/// Refuses papers where nothing is to come back, or nowhere to.
pub fn may_have(state: RmaState, units: &[ReturnState], has_dock: bool) -> Result<(), Refusal> {
    if !state.is_open() || !units.iter().any(|unit| unit.is_open()) {
        return Err(Refusal::clash("nothing_expected_back", "P4.6", "no unit is expected back on this RMA"));
    }
    match has_dock {
        true => Ok(()),
        false => Err(Refusal::refused("no_return_address", "P4.6", "no service center takes this return: please ask for the address")),
    }
}

/// Refuses label and slip to who keeps the units: a certificate of destruction is what is asked for.
pub fn may_print(keeps_media: bool) -> Result<(), Refusal> {
    let detail = "this contract keeps defective units: nothing is sent back, hand in a certificate of destruction";
    if keeps_media { Err(Refusal::clash("media_kept", "P4.6", detail)) } else { Ok(()) }
}

/// Refuses to send the instructions once more where `lately`, in the last 24 hours, they were sent often enough.
pub fn may_send_again(lately: usize) -> Result<(), Refusal> {
    let detail =
        format!("the instructions were sent again {AGAIN_PER_DAY} times in 24 hours; the label and the slip can be fetched at any time");
    if lately < AGAIN_PER_DAY { Ok(()) } else { Err(Refusal::refused("too_many_return_instructions", "P4.6", detail)) }
}

#[cfg(test)]
mod tests;
