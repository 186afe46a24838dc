//! A whole unit takes its appliance's place (P4): the appliance keeps contract, tier, site and history, and gets the serial number.

use super::dossier::Dossier;
use super::{ActionError, Context, Done};
use crate::rules::lineage::{self, LineFacts, Succession};
use crate::rules::refusal::Refusal;
use crate::rules::text::SerialNumber;
use crate::store::lineage::{Former, Pending};
use crate::store::{self, Conn, Id, Stand, StoreError, Ts};

/// An appliance with the units that it was, oldest first, and those that are about to follow.
#[derive(Debug, Clone)]
pub struct Lineage {
    /// What it is now, and since when.
    pub present: Stand<crate::rules::record::Appliance>,
    /// What it was, with the RMAs that ended it.
    pub former: Vec<(Former, i64)>,
    /// What follows when its RMA is closed.
    pub pending: Vec<Pending>,
}

/// Lets the replacement of a closing RMA follow its appliance, where it is one for the whole unit.
pub(super) fn succeed(conn: &mut Conn, ctx: &Context, dossier: &Dossier) -> Done<Option<Succession>> {
    let whole = store::lineage::whole_units(conn, dossier.rma.id)?;
    if whole.is_empty() {
        return Ok(None);
    }
    let mut facts = Vec::new();
    for (line, ..) in &dossier.lines {
        facts.push(LineFacts {
            serial_number: serial(&line.serial_number)?,
            replacement: line.replacement_serial_number.as_deref().map(serial).transpose()?,
            whole_unit: whole.contains(&line.line),
            void: line.void,
        });
    }
    let appliance = store::appliances::get(conn, dossier.rma.appliance_id)?.ok_or(ActionError::NotFound("appliance"))?;
    let former = store::lineage::of_appliance(conn, appliance.id)?;
    let before = former.iter().map(|(f, _)| serial(&f.serial_number)).collect::<Result<Vec<_>, _>>()?;
    let Some(found) = lineage::succession(&appliance.record.serial_number, &before, &facts)? else { return Ok(None) };
    if store::appliances::id_of(conn, found.to.as_str())?.is_some() {
        let detail = format!("{} is on record as an appliance of its own: remove that record, then close", found.to);
        return Err(Refusal::clash("replacement_on_record", "P4", detail).into());
    }
    let delivered = dossier.shipment.delivered_at.unwrap_or_else(|| ctx.ts());
    let row = Former {
        id: Id::new(),
        serial_number: found.from.to_string(),
        appliance_id: appliance.id,
        rma_id: dossier.rma.id,
        from_at: former.last().map_or(appliance.created_at, |(f, _)| f.successor_from),
        to_at: ctx.ts(),
        successor_from: delivered,
    };
    store::lineage::insert(conn, &row)?;
    store::lineage::rename(conn, appliance.id, found.to.as_str(), ctx.ts())?;
    let told = |serial: &SerialNumber| serde_json::json!({"serial_number": serial, "rma": dossier.number});
    ctx.record(conn, "replaced", ("appliance", found.to.as_str()), Some(&told(&found.from)), Some(&told(&found.to)))?;
    Ok(Some(found))
}

/// The lineage of the appliance that has this serial number, had it, or is about to have it.
pub fn lineage(conn: &mut Conn, ctx: &Context, serial: &SerialNumber) -> Done<Lineage> {
    let present = match store::appliances::find(conn, serial)? {
        Some(found) => store::appliances::get(conn, found.id)?,
        None => {
            let named = store::lineage::present_of(conn, serial.as_str(), ctx.actor.scope.organization())?;
            let filter = store::appliances::Filter { serial_number: named.clone(), ..Default::default() };
            named.map(|_| store::appliances::page(conn, &filter, None, 1)).transpose()?.and_then(|mut page| page.rows.pop())
        }
    };
    let present = present.ok_or(ActionError::NotFound("appliance"))?;
    let (organization, ..) = store::appliances::links(conn, present.id)?.ok_or(ActionError::NotFound("appliance"))?;
    if !ctx.actor.scope.sees(organization) {
        return Err(ActionError::NotFound("appliance"));
    }
    let former = store::lineage::of_appliance(conn, present.id)?;
    let pending = store::lineage::pending(conn, None, Some(present.id))?;
    Ok(Lineage { present, former, pending })
}

impl Lineage {
    /// Since when the present unit is entitled.
    pub fn present_from(&self) -> Ts {
        self.former.last().map_or(self.present.created_at, |(f, _)| f.successor_from)
    }
}

fn serial(text: &str) -> Result<SerialNumber, StoreError> {
    SerialNumber::parse(text).map_err(|fault| StoreError::Unreadable(fault.detail))
}
