//! Where a replacement comes from (P4, P4.2): the centers that could send it are asked in order, and each that can't says why.
//!
//! A part of which no unit was ever booked is taken to be everywhere: who keeps no stock in the service is promised as before.

use super::entitlement::LineFacts;
use super::stock::{Fit, Supply};
use super::term::{Term, terms};
use super::text::{Code, PartNumber};
use super::tier::Tier;
use std::collections::BTreeMap;

terms! {
    /// What a center is to a replacement.
    Source, "source" {
        /// A service center, from which a courier or a parcel leaves.
        ServiceCenter => "service_center",
        /// The warehouse of the contract's region.
        RegionalWarehouse => "regional_warehouse",
    }
}

terms! {
    /// Why a center doesn't send.
    Rejection, "rejection" {
        /// It isn't open on that day.
        NotOpen => "not_open",
        /// It may be out of the radius: the site's position is too coarse to tell (P5.3).
        PositionTooCoarse => "position_too_coarse",
        /// It has no approved courier (P4.2).
        NoCourier => "no_courier",
        /// Not all the lines' parts are free there.
        OutOfStock => "out_of_stock",
    }
}

/// A part that may be sent for a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptable {
    /// Its number.
    pub part: PartNumber,
    /// How it stands in.
    pub fit: Fit,
    /// True once a unit of it was booked anywhere.
    pub tracked: bool,
    /// True if no courier may bring it (P4.4).
    pub excluded_from_gold_plus: bool,
    /// True if its export may need papers (P4.5).
    pub export_controlled: bool,
}

/// What may be sent for a line, in the order in which it is looked for: the part that failed, then what stands in for it.
pub fn acceptable(line: &LineFacts) -> Vec<Acceptable> {
    let part = line.part.as_ref();
    let same = Acceptable {
        part: line.part_number.clone(),
        fit: Fit::Same,
        tracked: part.is_some_and(|p| p.tracked),
        excluded_from_gold_plus: part.is_some_and(|p| p.excluded_from_gold_plus),
        export_controlled: part.is_some_and(|p| p.export_controlled),
    };
    std::iter::once(same).chain(part.iter().flat_map(|p| p.substitutes.iter().cloned())).collect()
}

/// Free units by center and part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shelves(BTreeMap<Code, BTreeMap<PartNumber, u32>>);

impl Shelves {
    /// Counts `units` of a part at a center.
    pub fn put(&mut self, center: Code, part: PartNumber, units: u32) {
        let shelf = self.0.entry(center).or_default().entry(part).or_default();
        *shelf = shelf.saturating_add(units);
    }
    fn free(&self, center: &Code, part: &PartNumber) -> u32 {
        self.0.get(center).and_then(|shelf| shelf.get(part)).copied().unwrap_or_default()
    }
}

/// A center that could send.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer<'a> {
    /// Which.
    pub center: &'a Code,
    /// What it is here.
    pub source: Source,
    /// How far it is, where that is known.
    pub meters: Option<f64>,
    /// Why it can't, whatever it has.
    pub hindrance: Option<Rejection>,
}

/// A center that was asked.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Asked {
    /// Which.
    pub service_center: Code,
    /// What it is here.
    pub source: Source,
    /// For which tier it was asked: what Gold Plus doesn't find is looked for as Gold.
    pub tier: Tier,
    /// Geodesic meters to the site, where known.
    pub meters: Option<f64>,
    /// Why it doesn't send; nothing for the one that does.
    pub rejected: Option<Rejection>,
    /// A sentence.
    pub detail: String,
}

/// What a line is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    /// The part.
    pub part: PartNumber,
    /// How it stands in for the one that failed.
    pub fit: Fit,
    /// Whether a unit of it is to be reserved.
    pub supply: Supply,
}

/// What the centers answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Sourced {
    /// The first that has everything, with what it sends for each line.
    pub found: Option<(Code, Vec<Pick>)>,
    /// Who was asked, in order; the last one is the one that was found.
    pub asked: Vec<Asked>,
}

/// Asks centers in order for all the lines, until one has them: one RMA leaves in one parcel.
pub fn source<'a>(tier: Tier, lines: &[Vec<Acceptable>], offers: impl Iterator<Item = Offer<'a>>, shelves: &Shelves) -> Sourced {
    let mut asked = Vec::new();
    for offer in offers {
        let answer = match offer.hindrance {
            Some(hindrance) => Err((hindrance, hindrance_detail(hindrance))),
            None => pick(tier, lines, offer.center, shelves).map_err(|missing| (Rejection::OutOfStock, missing)),
        };
        let mut told = |rejected, detail| {
            let Offer { center, source, meters, .. } = offer;
            asked.push(Asked { service_center: center.clone(), source, tier, meters, rejected, detail });
        };
        match answer {
            Err((rejection, detail)) => told(Some(rejection), detail),
            Ok(picks) => {
                told(None, picks.iter().map(pick_detail).collect::<Vec<_>>().join("; "));
                return Sourced { found: Some((offer.center.clone(), picks)), asked };
            }
        }
    }
    Sourced { found: None, asked }
}

/// What is sent where nothing is free: the parts that failed, when there are some again.
pub fn backorder(lines: &[Vec<Acceptable>]) -> Vec<Pick> {
    let wanted = |line: &Vec<Acceptable>| {
        let first = line.first()?;
        let supply = if first.tracked { Supply::Backordered } else { Supply::Untracked };
        Some(Pick { part: first.part.clone(), fit: first.fit, supply })
    };
    lines.iter().filter_map(wanted).collect()
}

/// Picks a unit for each line from what is free at a center, or says what is missing. Every line gets the same part if it can;
/// only then do newer revisions and substitutes go to those that are left.
fn pick(tier: Tier, lines: &[Vec<Acceptable>], center: &Code, shelves: &Shelves) -> Result<Vec<Pick>, String> {
    let mut taken: BTreeMap<&PartNumber, u32> = BTreeMap::new();
    let mut picks: Vec<Option<Pick>> = vec![None; lines.len()];
    for fit in Fit::ALL {
        for (line, pick) in lines.iter().zip(&mut picks).filter(|(_, pick)| pick.is_none()) {
            let fitting = line.iter().filter(|a| a.fit == *fit && !(tier == Tier::GoldPlus && a.excluded_from_gold_plus));
            *pick = fitting.clone().find_map(|a| take(a, center, shelves, &mut taken));
        }
    }
    let missing = |(line, pick): (&Vec<Acceptable>, &Option<Pick>)| pick.is_none().then(|| names(line));
    let missing: Vec<String> = lines.iter().zip(&picks).filter_map(missing).collect();
    match missing.as_slice() {
        [] => Ok(picks.into_iter().flatten().collect()),
        missing => Err(format!("no unit is free of {}", missing.join(", nor of "))),
    }
}

fn take<'a>(part: &'a Acceptable, center: &Code, shelves: &Shelves, taken: &mut BTreeMap<&'a PartNumber, u32>) -> Option<Pick> {
    let picked = |supply| Some(Pick { part: part.part.clone(), fit: part.fit, supply });
    if !part.tracked {
        // A substitute that nobody keeps is no unit; the part itself is with whoever ships.
        return if part.fit == Fit::Same { picked(Supply::Untracked) } else { None };
    }
    let gone = taken.entry(&part.part).or_default();
    if shelves.free(center, &part.part) <= *gone {
        return None;
    }
    *gone = gone.saturating_add(1);
    picked(Supply::Reserved)
}

fn names(line: &[Acceptable]) -> String {
    line.iter().map(|a| a.part.as_str()).collect::<Vec<_>>().join(" or ")
}

fn pick_detail(pick: &Pick) -> String {
    match (pick.supply, pick.fit) {
        (Supply::Reserved, Fit::Same) => format!("a unit of {} is reserved", pick.part),
        (Supply::Reserved, Fit::NewerRevision) => format!("a unit of {}, a newer revision, is reserved", pick.part),
        (Supply::Reserved, Fit::ApprovedSubstitute) => format!("a unit of {}, an approved substitute, is reserved", pick.part),
        _ => format!("no stock of {} is kept: it is taken to be here", pick.part),
    }
}

fn hindrance_detail(hindrance: Rejection) -> String {
    let why = match hindrance {
        Rejection::NotOpen => "not open on this day",
        Rejection::PositionTooCoarse => "the site's position is too coarse to tell whether this center is within the radius",
        Rejection::NoCourier => "no approved courier",
        Rejection::OutOfStock => "nothing is free",
    };
    why.to_owned()
}

#[cfg(test)]
mod tests;
