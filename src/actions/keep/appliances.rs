//! Appliances and the contract lines that list them (P1).

use super::{Context, Done, Keep, all, resolve};
use crate::rules::record::Appliance;
use crate::rules::refusal::Refusal;
use crate::rules::text::SerialNumber;
use crate::rules::tier::ApplianceKind;
use crate::store::{Conn, Id, Stand, Stored, appliances, contracts, lineage, models, organizations, sites};

/// The kind.
#[derive(Debug)]
pub enum Appliances {}

impl Keep for Appliances {
    type Record = Appliance;
    const KIND: &'static str = "appliance";
    fn key(record: &Appliance) -> &str {
        record.serial_number.as_str()
    }
    fn find(conn: &mut Conn, ctx: &Context, key: &str) -> Stored<Option<Stand<Appliance>>> {
        let organization = ctx.actor.scope.organization();
        let filter = appliances::Filter { serial_number: Some(key.to_ascii_uppercase()), organization, ..Default::default() };
        Ok(appliances::page(conn, &filter, None, 1)?.rows.pop())
    }
    fn find_former(conn: &mut Conn, ctx: &Context, key: &str) -> Stored<Option<Stand<Appliance>>> {
        let present = lineage::present_of(conn, &key.to_ascii_uppercase(), ctx.actor.scope.organization())?;
        present.map(|serial| Self::find(conn, ctx, &serial)).transpose().map(Option::flatten)
    }
    fn store(conn: &mut Conn, _ctx: &Context, stand: &Stand<Appliance>, before: Option<&Appliance>) -> Done<bool> {
        let links = links(conn, &stand.record)?;
        if before.is_none() {
            refuse_exchanged(conn, &stand.record.serial_number, links.organization)?;
        }
        Ok(appliances::save(conn, stand, &links)?)
    }
    fn erase(conn: &mut Conn, _ctx: &Context, id: Id, was: i32) -> Stored<bool> {
        appliances::remove(conn, id, was)
    }
}

/// A unit that was exchanged has no cover any more, and one that takes an appliance's place has that appliance's: neither is a
/// new appliance of its customer (P4).
fn refuse_exchanged(conn: &mut Conn, serial: &SerialNumber, organization: Id) -> Done<()> {
    if let Some(present) = lineage::present_of(conn, serial.as_str(), Some(organization))? {
        let detail = format!("{serial} was exchanged for {present}, which has its contracts and site");
        return Err(Refusal::refused("serial_number_replaced", "P4", detail).at("/serial_number").into());
    }
    if !lineage::pending(conn, Some(serial.as_str()), None)?.is_empty() {
        let detail = format!("{serial} is a replacement: it takes its appliance's place when its RMA is closed");
        return Err(Refusal::refused("serial_number_is_replacement", "P4", detail).at("/serial_number").into());
    }
    Ok(())
}

/// Resolves what an appliance refers to; everything must be the same organization's.
fn links(conn: &mut Conn, record: &Appliance) -> Done<appliances::Links> {
    let owner = record.organization.as_str();
    let organization = organizations::id_of(conn, owner)?;
    let model = models::id_of(conn, record.model.as_str())?;
    let mut found = vec![
        resolve(organization, "unknown_organization", "/organization", "organization", owner),
        resolve(model, "unknown_model", "/model", "model", record.model.as_str()),
    ];
    if let Some(site) = &record.site {
        let filter = sites::Filter { code: Some(site.to_string()), organization, ..Default::default() };
        let id = sites::page(conn, &filter, None, 1)?.rows.pop().map(|s| s.id);
        found.push(resolve(id, "unknown_site", "/site", &format!("site of {owner}"), site.as_str()));
    }
    for (index, number) in record.contracts.iter().enumerate() {
        let field = format!("/contracts/{index}");
        if record.kind == ApplianceKind::Virtual {
            let detail = "a virtual appliance can't be under Appliance Maintenance; software support is the way";
            found.push(Err(Refusal::refused("virtual_appliance", "P1", detail).at(field)));
            continue;
        }
        let filter = contracts::Filter { number: Some(number.to_string()), organization, ..Default::default() };
        let id = contracts::page(conn, &filter, None, 1)?.rows.pop().map(|c| c.id);
        found.push(resolve(id, "unknown_contract", &field, &format!("contract of {owner}"), number.as_str()));
    }
    let mut ids = all(found)?.into_iter();
    let (Some(organization), Some(model)) = (ids.next(), ids.next()) else {
        return Err(crate::actions::ActionError::NotFound("organization"));
    };
    let site = if record.site.is_some() { ids.next() } else { None };
    Ok(appliances::Links { organization, model, site, contracts: ids.collect() })
}
