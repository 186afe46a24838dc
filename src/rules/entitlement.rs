//! Who is entitled to a replacement (P4.1, P1), judged at the instant of the request in the contract's zone.
//!
//! Knows nothing of tiers beyond which is the highest, nor of deadlines: that is `intake`.

use super::number::RmaNumber;
use super::refusal::Refusal;
use super::sourcing::Acceptable;
use super::text::{ContractNumber, PartNumber, SerialNumber};
use super::tier::{ApplianceKind, Region, Tier};
use super::zone::local_day;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

/// A contract that lists the appliance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractFacts {
    /// Its number.
    pub number: ContractNumber,
    /// Its region: gives the coverage hours.
    pub region: Region,
    /// Its tier.
    pub tier: Tier,
    /// Its zone: its days are local to it.
    pub zone: Tz,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day, inclusive.
    pub ends_on: NaiveDate,
    /// True with the older four-hour option of Gold (P5.5).
    pub four_hour: bool,
}

/// The appliance of the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplianceFacts {
    /// Its serial number.
    pub serial_number: SerialNumber,
    /// Its model's code.
    pub model: String,
    /// Physical or virtual.
    pub kind: ApplianceKind,
    /// Last day of maintenance, if announced.
    pub end_of_maintenance_on: Option<NaiveDate>,
    /// Every contract that lists it.
    pub contracts: Vec<ContractFacts>,
}

/// A part of the catalog, seen from the appliance's model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartFacts {
    /// What it is.
    pub description: String,
    /// True if it exists on the model.
    pub fits_model: bool,
    /// True if Gold Plus excludes it (P4.4).
    pub excluded_from_gold_plus: bool,
    /// True if maintenance doesn't cover it at all.
    pub excluded_from_maintenance: bool,
    /// True if its export needs papers (P4.5).
    pub export_controlled: bool,
    /// True once a unit of it was booked into stock anywhere.
    pub tracked: bool,
    /// What may be sent in its place, in the order in which it is looked for.
    pub substitutes: Vec<Acceptable>,
}

/// One line that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineFacts {
    /// The appliance as the request names it.
    pub serial_number: SerialNumber,
    /// The part as the request names it.
    pub part_number: PartNumber,
    /// The catalog's entry, if there is one.
    pub part: Option<PartFacts>,
    /// True if support verified this defect and found replacement necessary.
    pub verified: bool,
    /// The RMA that already replaces it.
    pub replaced_by: Option<RmaNumber>,
}

/// The contract that entitles, or every reason why none does.
pub fn judge<'a>(appliance: &'a ApplianceFacts, lines: &[LineFacts], now: DateTime<Utc>) -> Result<&'a ContractFacts, Vec<Refusal>> {
    let mut refusals = Vec::new();
    if appliance.kind == ApplianceKind::Virtual {
        let detail = "a virtual appliance can't be under Appliance Maintenance; software support is the way";
        refusals.push(Refusal::refused("virtual_appliance", "P1", detail));
    }
    let contract = active_contract(&appliance.contracts, now);
    match &contract {
        Err(refusal) => refusals.push(refusal.clone()),
        Ok(contract) => refusals.extend(past_end_of_maintenance(appliance, contract.zone, now)),
    }
    for (index, line) in lines.iter().enumerate() {
        if let Some(refusal) = asked_twice(line, lines.get(..index).unwrap_or_default()) {
            refusals.push(refusal.at(format!("/lines/{index}/part_number")));
            continue;
        }
        refusals.extend(judge_line(appliance, line).into_iter().map(|(field, refusal)| refusal.at(format!("/lines/{index}/{field}"))));
    }
    match contract {
        Ok(contract) if refusals.is_empty() => Ok(contract),
        _ => Err(refusals),
    }
}

/// The active contract of the highest tier; of two equal ones the one with the four-hour option, then the one that ends last (P4.1).
pub fn active_contract(contracts: &[ContractFacts], now: DateTime<Utc>) -> Result<&ContractFacts, Refusal> {
    let today = |c: &ContractFacts| local_day(c.zone, now);
    let active = contracts.iter().filter(|c| c.starts_on <= today(c) && today(c) <= c.ends_on);
    if let Some(best) = active.max_by_key(|c| (c.tier, c.four_hour, c.ends_on, std::cmp::Reverse(c.number.clone()))) {
        return Ok(best);
    }
    let upcoming = contracts.iter().filter(|c| c.starts_on > today(c)).min_by_key(|c| c.starts_on);
    let ended = contracts.iter().max_by_key(|c| c.ends_on);
    Err(match (upcoming, ended) {
        (Some(c), _) => {
            Refusal::refused("contract_not_started", "P4.1", format!("contract {} starts on {} ({})", c.number, c.starts_on, c.zone))
        }
        (None, Some(c)) => Refusal::refused("contract_ended", "P4.1", format!("contract {} ended on {} ({})", c.number, c.ends_on, c.zone)),
        (None, None) => Refusal::refused("no_contract", "P4.1", "no contract lists this appliance"),
    })
}

fn past_end_of_maintenance(appliance: &ApplianceFacts, zone: Tz, now: DateTime<Utc>) -> Option<Refusal> {
    let end = appliance.end_of_maintenance_on.filter(|end| local_day(zone, now) > *end)?;
    Some(Refusal::refused("end_of_maintenance", "P4.1", format!("model {} reached end of maintenance on {end}", appliance.model)))
}

/// One verification is good for one replacement: a part can't be asked for by two lines.
fn asked_twice(line: &LineFacts, before: &[LineFacts]) -> Option<Refusal> {
    let same = |l: &&LineFacts| l.serial_number == line.serial_number && l.part_number == line.part_number;
    before.iter().find(same)?;
    Some(Refusal::refused("part_asked_twice", "P4.1", format!("another line asks for part {} already", line.part_number)))
}

fn judge_line(appliance: &ApplianceFacts, line: &LineFacts) -> Vec<(&'static str, Refusal)> {
    let mut refusals = Vec::new();
    let part_number = &line.part_number;
    if line.serial_number != appliance.serial_number {
        let detail = format!("the case is about {}, not about {}", appliance.serial_number, line.serial_number);
        return vec![("serial_number", Refusal::refused("serial_number_not_in_case", "P4.1", detail))];
    }
    match &line.part {
        None => refusals.push(("part_number", Refusal::refused("part_unknown", "P4.1", format!("there is no part {part_number}")))),
        Some(part) => {
            if !part.fits_model {
                let detail = format!("part {part_number} does not exist on model {}", appliance.model);
                refusals.push(("part_number", Refusal::refused("part_does_not_fit", "P4.1", detail)));
            }
            if part.excluded_from_maintenance {
                let detail = format!("part {part_number} is excluded from maintenance");
                refusals.push(("part_number", Refusal::refused("component_not_covered", "P4.1", detail)));
            }
        }
    }
    if let Some(rma) = line.replaced_by {
        refusals.push(("part_number", Refusal::clash("already_replaced", "P4.1", format!("RMA {rma} already replaces this part"))));
    } else if !line.verified {
        let detail = format!("support has not verified that {part_number} is defective");
        refusals.push(("part_number", Refusal::refused("defect_not_verified", "P4.1", detail)));
    }
    refusals
}

#[cfg(test)]
mod tests;
