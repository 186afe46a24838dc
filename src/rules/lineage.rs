//! An appliance that is exchanged whole (P4): the replacement takes its place, with contract, tier, site and history.
//!
//! There is no gap: the replacement counts as the appliance from its delivery on, and the defective unit until the RMA is closed.

use super::refusal::Refusal;
use super::text::SerialNumber;

/// A line as the succession sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineFacts {
    /// The unit that is exchanged.
    pub serial_number: SerialNumber,
    /// What was sent for it.
    pub replacement: Option<SerialNumber>,
    /// True if the part is the whole appliance.
    pub whole_unit: bool,
    /// True if the line was called off.
    pub void: bool,
}

/// Who follows whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Succession {
    /// The serial number until now.
    pub from: SerialNumber,
    /// The serial number from now on.
    pub to: SerialNumber,
}

/// Who follows the appliance when an RMA closes; nobody where only a component was exchanged, or where the unit of the RMA has
/// already been followed by another. Units are followed in order: first the one that this one itself replaced.
pub fn succession(present: &SerialNumber, former: &[SerialNumber], lines: &[LineFacts]) -> Result<Option<Succession>, Refusal> {
    let whole = lines.iter().filter(|l| l.whole_unit && !l.void);
    let Some((from, to)) = whole.filter_map(|l| Some((&l.serial_number, l.replacement.as_ref()?))).next() else { return Ok(None) };
    if from == to || former.contains(from) {
        return Ok(None);
    }
    match from == present {
        true => Ok(Some(Succession { from: from.clone(), to: to.clone() })),
        false => {
            let detail = format!("{from} has not taken the place of {present} yet: close the RMA that delivered it first");
            Err(Refusal::clash("earlier_rma_open", "P4", detail))
        }
    }
}

#[cfg(test)]
mod tests;
