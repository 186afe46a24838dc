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
#[diesel(table_name = contracts, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
struct ContractRow {
    id: Id,
    number: String,
    organization_id: Id,
    region: Word<Region>,
    tier: Word<Tier>,
    zone: String,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
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
        };
        Ok(Stand { id: self.id, version: self.version, created_at: self.created_at, updated_at: self.updated_at, record })
    }
}

/// Stores a contract of an organization; false if the version before it isn't there any more.
pub fn save(conn: &mut Conn, stand: &Stand<Contract>, organization: Id) -> Stored<bool> {
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
