//! Appliances.

use super::catalog::catalog;
use super::conn::{of_each, on};
use super::schema::{appliances, contract_lines, contracts, models, organizations, sites};
use super::{Conn, Id, Page, Stand, Stored, Ts, Word, parsed, parsed_if};
use crate::rules::record::Appliance;
use crate::rules::text::{Code, ContractNumber, SerialNumber};
use crate::rules::tier::{ApplianceKind, Tier};
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::HashMap;

/// An appliance.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = appliances, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
struct ApplianceRow {
    id: Id,
    serial_number: String,
    organization_id: Id,
    model_id: Id,
    kind: Word<ApplianceKind>,
    site_id: Option<Id>,
    end_of_maintenance_on: Option<NaiveDate>,
    version: i32,
    created_at: Ts,
    updated_at: Ts,
}
catalog!(appliances, ApplianceRow, serial_number);

/// Which appliances are wanted.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "filters by column")]
pub struct Filter {
    pub id: Option<Id>,
    pub serial_number: Option<String>,
    pub organization: Option<Id>,
    pub model: Option<String>,
    pub site: Option<String>,
    pub contract: Option<Id>,
}

/// Appliances with the codes of what they refer to.
macro_rules! named {
    () => {
        appliances::table
            .inner_join(organizations::table.on(organizations::id.eq(appliances::organization_id)))
            .inner_join(models::table.on(models::id.eq(appliances::model_id)))
            .left_join(sites::table.on(appliances::site_id.eq(sites::id.nullable())))
            .select((ApplianceRow::as_select(), organizations::code, models::code, sites::code.nullable()))
    };
}
type Named = (ApplianceRow, String, String, Option<String>);

/// A page of appliances, by serial number.
pub fn page(conn: &mut Conn, filter: &Filter, after: Option<&str>, limit: i64) -> Stored<Page<Stand<Appliance>>> {
    let rows: Vec<Named> = on!(conn, c => {
        let mut q = named!().into_boxed();
        if let Some(id) = filter.id { q = q.filter(appliances::id.eq(id)); }
        if let Some(serial) = &filter.serial_number { q = q.filter(appliances::serial_number.eq(serial)); }
        if let Some(organization) = filter.organization { q = q.filter(appliances::organization_id.eq(organization)); }
        if let Some(model) = &filter.model { q = q.filter(models::code.eq(model)); }
        if let Some(site) = &filter.site { q = q.filter(sites::code.eq(site)); }
        if let Some(contract) = filter.contract {
            let listed = contract_lines::table.filter(contract_lines::contract_id.eq(contract)).select(contract_lines::appliance_id);
            q = q.filter(appliances::id.eq_any(listed));
        }
        if let Some(after) = after { q = q.filter(appliances::serial_number.gt(after)); }
        q.order(appliances::serial_number).limit(limit + 1).load(c)
    })?;
    with_contracts(conn, Page::of(rows, limit))
}

fn with_contracts(conn: &mut Conn, page: Page<Named>) -> Stored<Page<Stand<Appliance>>> {
    let ids: Vec<Id> = page.rows.iter().map(|(a, ..)| a.id).collect();
    let numbers = contract_lines::table
        .inner_join(contracts::table.on(contracts::id.eq(contract_lines::contract_id)))
        .order(contracts::number)
        .select((contract_lines::appliance_id, contracts::number));
    let listed: Vec<(Id, String)> = of_each!(conn, numbers, contract_lines::appliance_id, ids);
    let mut by_appliance: HashMap<Id, Vec<ContractNumber>> = HashMap::new();
    for (appliance, contract) in listed {
        by_appliance.entry(appliance).or_default().push(parsed(ContractNumber::parse(&contract))?);
    }
    page.try_map(|(row, organization, model, site)| {
        let record = Appliance {
            serial_number: parsed(SerialNumber::parse(&row.serial_number))?,
            organization: parsed(Code::parse(&organization))?,
            model: parsed(Code::parse(&model))?,
            kind: row.kind.0,
            site: parsed_if(site.as_ref(), Code::parse)?,
            contracts: by_appliance.remove(&row.id).unwrap_or_default(),
            end_of_maintenance_on: row.end_of_maintenance_on,
        };
        Ok(Stand { id: row.id, version: row.version, created_at: row.created_at, updated_at: row.updated_at, record })
    })
}

/// The appliance with this serial number, or the one whose whole unit was exchanged for it: from its delivery on the replacement
/// counts as the appliance (P4), and is called by its own serial number here.
pub fn find(conn: &mut Conn, serial_number: &SerialNumber) -> Stored<Option<Stand<Appliance>>> {
    let row: Option<Named> =
        on!(conn, c => named!().filter(appliances::serial_number.eq(serial_number.as_str())).get_result(c).optional())?;
    if row.is_some() {
        return Ok(with_contracts(conn, Page::single(row))?.rows.pop());
    }
    let Some(pending) = super::lineage::pending(conn, Some(serial_number.as_str()), None)?.pop() else { return Ok(None) };
    let mut found = get(conn, pending.appliance)?;
    if let Some(stand) = &mut found {
        stand.record.serial_number = serial_number.clone();
    }
    Ok(found)
}

/// The appliance with this identifier.
pub fn get(conn: &mut Conn, id: Id) -> Stored<Option<Stand<Appliance>>> {
    let row: Option<Named> = on!(conn, c => named!().filter(appliances::id.eq(id)).get_result(c).optional())?;
    Ok(with_contracts(conn, Page::single(row))?.rows.pop())
}

/// What an appliance refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Links {
    /// Its organization.
    pub organization: Id,
    /// Its model.
    pub model: Id,
    /// Its site.
    pub site: Option<Id>,
    /// The contracts that list it.
    pub contracts: Vec<Id>,
}

/// Stores an appliance and the contract lines that list it; false if the version before it isn't there any more.
pub fn save(conn: &mut Conn, stand: &Stand<Appliance>, links: &Links) -> Stored<bool> {
    let row = ApplianceRow {
        id: stand.id,
        serial_number: stand.record.serial_number.to_string(),
        organization_id: links.organization,
        model_id: links.model,
        kind: Word(stand.record.kind),
        site_id: links.site,
        end_of_maintenance_on: stand.record.end_of_maintenance_on,
        version: stand.version,
        created_at: stand.created_at,
        updated_at: stand.updated_at,
    };
    if !write(conn, &row)? {
        return Ok(false);
    }
    on!(conn, c => diesel::delete(contract_lines::table.filter(contract_lines::appliance_id.eq(stand.id))).execute(c))?;
    let rows: Vec<_> = links
        .contracts
        .iter()
        .map(|contract| (contract_lines::contract_id.eq(*contract), contract_lines::appliance_id.eq(stand.id)))
        .collect();
    on!(conn, c => diesel::insert_into(contract_lines::table).values(&rows).execute(c))?;
    Ok(true)
}

/// The first appliances at a site that a Gold Plus contract lists which is active on `day`, by serial number, and how many
/// there are.
pub fn under_gold_plus(conn: &mut Conn, site: Id, day: NaiveDate, limit: i64) -> Stored<(Vec<SerialNumber>, i64)> {
    let (first, total): (Vec<String>, i64) = on!(conn, c => {
        let listed = || {
            let active = contract_lines::table.inner_join(contracts::table.on(contracts::id.eq(contract_lines::contract_id)))
                .filter(contracts::tier.eq(Word(Tier::GoldPlus)).or(contracts::four_hour_service_center.eq(true))).filter(contracts::starts_on.le(day)).filter(contracts::ends_on.ge(day))
                .select(contract_lines::appliance_id);
            appliances::table.filter(appliances::site_id.eq(site)).filter(appliances::id.eq_any(active))
        };
        let first = listed().order(appliances::serial_number).select(appliances::serial_number).limit(limit).load(c)?;
        (first, listed().count().get_result(c)?)
    });
    Ok((first.iter().map(|serial| parsed(SerialNumber::parse(serial))).collect::<Stored<_>>()?, total))
}

/// The organization, model and site of an appliance.
pub fn links(conn: &mut Conn, id: Id) -> Stored<Option<(Id, Id, Option<Id>)>> {
    Ok(
        on!(conn, c => appliances::table.find(id).select((appliances::organization_id, appliances::model_id, appliances::site_id)).get_result(c).optional())?,
    )
}
