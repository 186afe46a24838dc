//! Contracts and their lines.

use super::catalog::catalog;
use super::conn::on;
use super::schema::{contract_lines, contracts, organizations};
use super::{Conn, Id, Page, Stand, Stored, Ts, Word, parsed};
use crate::rules::record::Contract;
use crate::rules::text::{Code, ContractNumber};
use crate::rules::tier::{Region, Tier};
use chrono::NaiveDate;
use diesel::prelude::*;

/// A contract.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = contracts, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
struct ContractRow {
    id: Id,
    number: String,
    organization_id: Id,
    region: Word<Region>,
    tier: Word<Tier>,
    zone: String,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    four_hour_service_center: bool,
    keeps_media: bool,
    offer_at: Option<Ts>,
    version: i32,
    created_at: Ts,
    updated_at: Ts,
}
catalog!(contracts, ContractRow, number);

/// Which contracts are wanted.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "filters by column")]
pub struct Filter {
    pub number: Option<String>,
    pub organization: Option<Id>,
    pub tier: Option<Tier>,
}

/// A page of contracts by number.
pub fn page(conn: &mut Conn, filter: &Filter, after: Option<&str>, limit: i64) -> Stored<Page<Stand<Contract>>> {
    let rows: Vec<(ContractRow, String)> = on!(conn, c => {
        let mut q = contracts::table.inner_join(organizations::table.on(organizations::id.eq(contracts::organization_id)))
            .select((ContractRow::as_select(), organizations::code)).into_boxed();
        if let Some(number) = &filter.number { q = q.filter(contracts::number.eq(number)); }
        if let Some(organization) = filter.organization { q = q.filter(contracts::organization_id.eq(organization)); }
        if let Some(tier) = filter.tier { q = q.filter(contracts::tier.eq(Word(tier))); }
        if let Some(after) = after { q = q.filter(contracts::number.gt(after)); }
        q.order(contracts::number).limit(limit + 1).load(c)
    })?;
    Page::of(rows, limit).try_map(|(row, organization)| row.stand(&organization))
}

impl ContractRow {
    fn stand(self, organization: &str) -> Stored<Stand<Contract>> {
        let record = Contract {
            number: parsed(ContractNumber::parse(&self.number))?,
            organization: parsed(Code::parse(organization))?,
            region: self.region.0,
            tier: self.tier.0,
            zone: super::types::zone(&self.zone)?,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            four_hour_service_center: self.four_hour_service_center,
            keeps_media: self.keeps_media,
        };
        Ok(Stand { id: self.id, version: self.version, created_at: self.created_at, updated_at: self.updated_at, record })
    }
}

/// Stores a contract of an organization, with when Gold Plus is offered for it (P5.5); false if the version before it isn't there any more.
pub fn save(conn: &mut Conn, stand: &Stand<Contract>, organization: Id, offer_at: Option<Ts>) -> Stored<bool> {
    let record = &stand.record;
    let row = ContractRow {
        id: stand.id,
        number: record.number.to_string(),
        organization_id: organization,
        region: Word(record.region),
        tier: Word(record.tier),
        zone: record.zone.name().to_owned(),
        starts_on: record.starts_on,
        ends_on: record.ends_on,
        four_hour_service_center: record.four_hour_service_center,
        keeps_media: record.keeps_media,
        offer_at,
        version: stand.version,
        created_at: stand.created_at,
        updated_at: stand.updated_at,
    };
    write(conn, &row)
}

/// The contracts that list an appliance.
pub fn listing(conn: &mut Conn, appliance: Id) -> Stored<Vec<Stand<Contract>>> {
    let rows: Vec<(ContractRow, String)> = on!(conn, c => contract_lines::table
        .inner_join(contracts::table.on(contracts::id.eq(contract_lines::contract_id)))
        .inner_join(organizations::table.on(organizations::id.eq(contracts::organization_id)))
        .filter(contract_lines::appliance_id.eq(appliance)).order(contracts::number).select((ContractRow::as_select(), organizations::code)).load(c))?;
    rows.into_iter().map(|(row, organization)| row.stand(&organization)).collect()
}

/// Records that a contract renews another one.
pub fn set_renews(conn: &mut Conn, contract: Id, renewed: Id) -> Stored<()> {
    on!(conn, c => diesel::update(contracts::table.find(contract)).set(contracts::renews_id.eq(Some(renewed))).execute(c))?;
    Ok(())
}

/// The number of the contract that renews this one.
pub fn renewal_of(conn: &mut Conn, contract: Id) -> Stored<Option<String>> {
    Ok(on!(conn, c => contracts::table.filter(contracts::renews_id.eq(Some(contract))).select(contracts::number).get_result(c).optional())?)
}

/// Lists the appliances of a contract under another one too; how many those are.
pub fn copy_lines(conn: &mut Conn, from: Id, to: Id) -> Stored<usize> {
    let listed: Vec<Id> =
        on!(conn, c => contract_lines::table.filter(contract_lines::contract_id.eq(from)).select(contract_lines::appliance_id).load(c))?;
    for piece in listed.chunks(500) {
        let rows: Vec<_> = piece.iter().map(|id| (contract_lines::contract_id.eq(to), contract_lines::appliance_id.eq(*id))).collect();
        on!(conn, c => diesel::insert_into(contract_lines::table).values(&rows).execute(c))?;
    }
    Ok(listed.len())
}

/// A site of a contract's appliances: its identifier, its code, and how many of them are there.
pub type SiteOfContract = (Id, String, i64);

/// The first sites of a contract's appliances, by code.
pub fn sites_of(conn: &mut Conn, contract: Id, limit: i64) -> Stored<Vec<SiteOfContract>> {
    use super::schema::{appliances, sites};
    use diesel::dsl::count_star;
    Ok(on!(conn, c => contract_lines::table.inner_join(appliances::table.on(appliances::id.eq(contract_lines::appliance_id)))
        .inner_join(sites::table.on(appliances::site_id.eq(sites::id.nullable()))).filter(contract_lines::contract_id.eq(contract))
        .group_by((sites::id, sites::code)).order(sites::code).limit(limit).select((sites::id, sites::code, count_star())).load(c))?)
}

/// Contracts for which Gold Plus is to be offered now: their identifiers, numbers and organizations.
pub fn to_offer(conn: &mut Conn, now: Ts, limit: i64) -> Stored<Vec<(Id, String, Id)>> {
    Ok(on!(conn, c => contracts::table.filter(contracts::offer_at.le(now)).order(contracts::offer_at).limit(limit)
        .select((contracts::id, contracts::number, contracts::organization_id)).load(c))?)
}

/// Records that Gold Plus was offered.
pub fn set_offered(conn: &mut Conn, contract: Id) -> Stored<()> {
    on!(conn, c => diesel::update(contracts::table.find(contract)).set(contracts::offer_at.eq(None::<Ts>)).execute(c))?;
    Ok(())
}
