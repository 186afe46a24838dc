//! What the decision sees of stock, and the units that its plan holds.

use super::{Found, FoundPart};
use crate::rules::entitlement::LineFacts;
use crate::rules::intake::Plan;
use crate::rules::sourcing::{Acceptable, Shelves};
use crate::rules::stock::Supply;
use crate::rules::text::PartNumber;
use crate::store::stock_units::Held;
use crate::store::{self, Conn, Id, StoreError, Stored};
use std::collections::BTreeMap;

/// The rows of the parts that may be sent and that are kept in stock.
pub(super) type Kept = BTreeMap<PartNumber, Id>;

/// Fills in what may be sent for each line, and gives the rows of what is kept in stock of that.
pub(super) fn fill_in(conn: &mut Conn, lines: &mut [LineFacts], rows: &[Option<FoundPart>]) -> Stored<Kept> {
    let part_ids: Vec<Id> = rows.iter().flatten().map(|row| row.id).collect();
    let substitutes = store::substitutes::of_parts(conn, &part_ids)?;
    let mut all = part_ids;
    all.extend(substitutes.iter().map(|s| s.id));
    let tracked = store::stock_units::tracked(conn, &all)?;
    let mut kept = Kept::new();
    for (line, row) in lines.iter_mut().zip(rows) {
        let (Some(part), Some(FoundPart { id: part_id, .. })) = (&mut line.part, row) else { continue };
        part.tracked = tracked.contains(part_id);
        if part.tracked {
            kept.insert(line.part_number.clone(), *part_id);
        }
        for substitute in substitutes.iter().filter(|s| s.part_id == *part_id) {
            let is_tracked = tracked.contains(&substitute.id);
            if is_tracked {
                kept.insert(substitute.acceptable.part.clone(), substitute.id);
            }
            part.substitutes.push(Acceptable { tracked: is_tracked, ..substitute.acceptable.clone() });
        }
    }
    Ok(kept)
}

/// What is free now of parts that are kept in stock.
pub(super) fn shelves(conn: &mut Conn, kept: &Kept) -> Stored<Shelves> {
    let mut shelves = Shelves::default();
    if !kept.is_empty() {
        let ids: Vec<Id> = kept.values().copied().collect();
        for (center, part, units) in store::stock_units::free(conn, &ids)? {
            shelves.put(center, part, units);
        }
    }
    Ok(shelves)
}

/// Holds a unit for every line that is to have one; nothing if one of them was taken meanwhile.
pub(super) fn hold_units(conn: &mut Conn, plan: &Plan, found: &Found) -> Stored<Option<Vec<Option<Held>>>> {
    let mut units: Vec<Option<Held>> = Vec::new();
    let mut held: Vec<Held> = Vec::new();
    let center = found.centers.iter().find(|c| plan.ships_from.as_ref() == Some(&c.record.code)).map(|c| c.id);
    for pick in &plan.picks {
        if pick.supply != Supply::Reserved {
            units.push(None);
            continue;
        }
        let (Some(center), Some(part)) = (center, found.acceptable.get(&pick.part)) else {
            return Err(StoreError::Other("the unit of the plan is nowhere".to_owned()));
        };
        let Some(unit) = store::stock_units::hold(conn, *part, center, &held)? else { return Ok(None) };
        held.push(unit.clone());
        units.push(Some(unit));
    }
    Ok(Some(units))
}

/// What operations has to know of a plan: a courier was owed and nobody near has the part, or nobody has it at all.
pub(super) fn shortage(plan: &Plan) -> Option<String> {
    let short = plan.reasons.iter().filter(|r| matches!(r.code.as_str(), "no_stock_within_radius" | "backordered"));
    let sentences: Vec<&str> = short.map(|r| r.detail.as_str()).collect();
    (!sentences.is_empty()).then(|| sentences.join("; "))
}
