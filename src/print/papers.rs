//! The facts of a return as its papers tell them, and the papers themselves.

use super::{PrintError, label, page, slip, words, zpl};
use crate::reference::countries;
use crate::rules::deadline::{DeadlineKind, DeadlineState};
use crate::rules::notice::{NoticeFacts, Place};
use crate::rules::number::{CaseNumber, RmaNumber};
use chrono_tz::Tz;

/// The paper that a country prints on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    /// A4, and A6 for labels.
    Iso,
    /// Letter, and 4 by 6 inches for labels.
    American,
}

/// Where Letter is the paper, by CLDR.
const AMERICAN: [&str; 14] = ["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"];

impl Paper {
    /// By the English name of the country, as the last line of an address has it.
    fn of(country: &str) -> Self {
        match AMERICAN.into_iter().any(|code| countries::name(code) == Some(country)) {
            true => Self::American,
            false => Self::Iso,
        }
    }
}

/// A unit that is to come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// 1, 2, …
    pub line: i32,
    /// What the dock will scan.
    pub serial_number: String,
    /// The component.
    pub part_number: String,
    /// What it is.
    pub description: String,
}

/// When the units are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// By this day, local to the customer.
    Day(String),
    /// They were due on this day, and aren't back.
    Past(String),
    /// The replacement comes first; its delivery makes the day.
    AfterDelivery,
    /// Now: the day isn't known.
    Now,
}

impl By {
    fn of(facts: &NoticeFacts, zone: Tz) -> Self {
        let returning = facts.deadlines.iter().find(|d| d.kind == DeadlineKind::ReturnBy && d.state != DeadlineState::Void);
        let delivered = facts.shipment.as_ref().is_some_and(|s| s.delivered_at.is_some());
        match returning.and_then(|d| d.due_at) {
            Some(at) if returning.is_some_and(|d| d.state == DeadlineState::Missed) => Self::Past(words::day(at, zone)),
            Some(at) => Self::Day(words::day(at, zone)),
            None if facts.delivered_tier.is_advance_exchange() && !delivered => Self::AfterDelivery,
            None => Self::Now,
        }
    }
}

impl std::fmt::Display for By {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Day(day) => f.write_str(day),
            Self::Past(day) => write!(f, "{day}: overdue"),
            Self::AfterDelivery => f.write_str("the day in our letter about the delivery"),
            Self::Now => f.write_str("now"),
        }
    }
}

/// What the papers of a return say: cleaned words, in the customer's zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Papers {
    pub(super) rma: RmaNumber,
    pub(super) case: Option<CaseNumber>,
    pub(super) vendor: String,
    /// The customer, and where they are if a site is registered.
    pub(super) from: Vec<String>,
    /// False where the sender has to write the address by hand.
    pub(super) from_is_known: bool,
    pub(super) contact: Option<String>,
    pub(super) dock: Vec<String>,
    pub(super) return_by: By,
    pub(super) units: Vec<Unit>,
    /// True where the replacement comes first.
    pub(super) advance: bool,
    pub(super) paper: Paper,
}

impl Papers {
    /// The papers of a return; `None` where nothing is to come back, nowhere to, or the customer keeps the units.
    pub fn of(facts: &NoticeFacts, zone: Tz, vendor: &str) -> Option<Self> {
        let dock = facts.ships_from.as_ref().filter(|_| !facts.keeps_media)?;
        let unit = |line: &crate::rules::notice::NoticeLine| Unit {
            line: line.line,
            serial_number: line.serial_number.to_string(),
            part_number: line.part_number.to_string(),
            description: words::line(&line.part_description),
        };
        let units: Vec<Unit> = facts.lines.iter().filter(|line| !line.returned).map(unit).collect();
        let country = facts.ship_to.as_ref().unwrap_or(dock).address.last().map(String::as_str).unwrap_or_default();
        let papers = Self {
            rma: facts.rma?,
            case: facts.case,
            vendor: words::line(vendor),
            from: from(facts),
            from_is_known: facts.ship_to.is_some(),
            contact: facts.contact.as_ref().map(|c| format!("{}, {}", words::line(&c.name), words::line(&c.phone))),
            dock: place(dock),
            return_by: By::of(facts, zone),
            units,
            advance: facts.delivered_tier.is_advance_exchange(),
            paper: Paper::of(country),
        };
        (!papers.units.is_empty()).then_some(papers)
    }

    /// The label as PDF, to print and to stick.
    pub fn label_pdf(&self) -> Result<Vec<u8>, PrintError> {
        label::pdf(self)
    }
    /// The label as a page for browsers.
    pub fn label_html(&self) -> Result<String, PrintError> {
        page::label(self)
    }
    /// The label for a label printer of 203 dots an inch.
    pub fn label_zpl(&self) -> Result<String, PrintError> {
        zpl::label(self)
    }
    /// The packing slip as PDF.
    pub fn slip_pdf(&self) -> Result<Vec<u8>, PrintError> {
        slip::pdf(self)
    }
    /// The packing slip as a page for browsers.
    pub fn slip_html(&self) -> Result<String, PrintError> {
        page::slip(self)
    }

    /// What the customer does, a sentence or two each.
    pub(super) fn steps(&self) -> Vec<String> {
        let one = self.units.len() == 1;
        let (check, the_units, they_are) = match one {
            true => ("Check that the unit has the serial number above: no other one is expected.", "the unit", "it is"),
            false => ("Check that the units have the serial numbers above: no others are expected.", "the units", "they are"),
        };
        let safely = if self.advance { "safely; the box of the replacement will do" } else { "safely" };
        let send = match &self.return_by {
            By::Day(day) => format!("Send the box to the address above, so that it is there by {day}."),
            By::Past(day) => format!("Send the box to the address above now: it was due there on {day}."),
            By::AfterDelivery => "Wait until the replacement has arrived, then send the box to the address above. The letter about the \
                                  delivery names the day."
                .to_owned(),
            By::Now => "Send the box to the address above now.".to_owned(),
        };
        vec![
            check.to_owned(),
            format!("Pack {the_units} {safely}. Keep cables, rails and other accessories of yours."),
            "Put this sheet into the box and the return label on the outside, flat, over no edge. Take old labels off.".to_owned(),
            send,
            format!("Reply to our letter with the carrier and the tracking number, so that we know when {they_are} on the way."),
        ]
    }

    /// `1 unit`.
    pub(super) fn count(&self) -> String {
        format!("{} {}", self.units.len(), if self.units.len() == 1 { "unit" } else { "units" })
    }
}

fn place(place: &Place) -> Vec<String> {
    let (name, code) = (words::line(&place.name), words::line(&place.code));
    let mut lines = vec![if code.is_empty() { name } else { format!("{name} ({code})") }];
    lines.extend(place.address.iter().map(|line| words::line(line)).filter(|line| !line.is_empty()));
    lines
}

/// The customer's name, unless the site's begins with it, and the site.
fn from(facts: &NoticeFacts) -> Vec<String> {
    let organization = words::line(&facts.organization);
    let mut lines = facts.ship_to.as_ref().map(place).unwrap_or_default();
    if !lines.first().is_some_and(|name| name.starts_with(&organization)) {
        lines.insert(0, organization);
    }
    lines
}

#[cfg(test)]
mod tests;
