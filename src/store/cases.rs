//! Support cases and the verifications of their defects.

use super::conn::on;
use super::schema::{appliances, cases, former_serials, organizations, parts, rma_lines, rmas, verifications};
use super::{Conn, Id, Page, Stored, Ts, Word};
use crate::rules::tier::Channel;
use diesel::prelude::*;

/// A support case.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = cases, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
#[expect(missing_docs, reason = "columns; see migrations/")]
pub struct Case {
    pub id: Id,
    pub number: i64,
    pub organization_id: Id,
    pub appliance_id: Id,
    pub severity: i16,
    pub channel: Word<Channel>,
    pub summary: String,
    pub opened_at: Ts,
    pub opened_by: String,
}

/// Support's finding about one part.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = verifications, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
#[expect(missing_docs, reason = "columns; see migrations/")]
pub struct Verification {
    pub id: Id,
    pub case_id: Id,
    pub part_id: Id,
    pub replacement_needed: bool,
    pub failure_code: String,
    pub note: Option<String>,
    pub verified_at: Ts,
    pub verified_by: String,
}

/// A case with the names of what it refers to.
#[derive(Debug, Clone, PartialEq)]
pub struct Detail {
    /// The row.
    pub case: Case,
    /// The organization's code.
    pub organization: String,
    /// The appliance's serial number.
    pub serial_number: String,
    /// The verifications with their part numbers, oldest first.
    pub verifications: Vec<(Verification, String)>,
}

/// Adds a case.
pub fn insert(conn: &mut Conn, case: &Case) -> Stored<()> {
    on!(conn, c => diesel::insert_into(cases::table).values(case).execute(c))?;
    Ok(())
}

/// Adds a verification.
pub fn insert_verification(conn: &mut Conn, verification: &Verification) -> Stored<()> {
    on!(conn, c => diesel::insert_into(verifications::table).values(verification).execute(c))?;
    Ok(())
}

/// The case with this number. On PostgreSQL its row is locked, so that two RMAs for one verification can't be issued at once.
pub fn lock(conn: &mut Conn, number: i64) -> Stored<Option<Case>> {
    Ok(match conn {
        Conn::Pg(c) => cases::table.filter(cases::number.eq(number)).select(Case::as_select()).for_update().get_result(c).optional()?,
        Conn::Sqlite(c) => cases::table.filter(cases::number.eq(number)).select(Case::as_select()).get_result(c).optional()?,
    })
}

/// Which cases are wanted.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "filters by column")]
pub struct Filter {
    pub number: Option<i64>,
    pub organization: Option<Id>,
    pub serial_number: Option<String>,
}

/// A page of cases, by number.
pub fn page(conn: &mut Conn, filter: &Filter, after: Option<i64>, limit: i64) -> Stored<Page<Detail>> {
    let rows: Vec<(Case, String, String)> = on!(conn, c => {
        let mut q = cases::table
            .inner_join(organizations::table.on(organizations::id.eq(cases::organization_id)))
            .inner_join(appliances::table.on(appliances::id.eq(cases::appliance_id)))
            .select((Case::as_select(), organizations::code, appliances::serial_number)).into_boxed();
        if let Some(number) = filter.number { q = q.filter(cases::number.eq(number)); }
        if let Some(organization) = filter.organization { q = q.filter(cases::organization_id.eq(organization)); }
        if let Some(serial) = &filter.serial_number {
            let former = former_serials::table.filter(former_serials::serial_number.eq(serial)).select(former_serials::appliance_id);
            q = q.filter(appliances::serial_number.eq(serial).or(appliances::id.eq_any(former)));
        }
        if let Some(after) = after { q = q.filter(cases::number.gt(after)); }
        q.order(cases::number).limit(limit + 1).load(c)
    })?;
    let page = Page::of(rows, limit);
    let ids: Vec<Id> = page.rows.iter().map(|(case, ..)| case.id).collect();
    let found: Vec<(Verification, String)> = on!(conn, c => verifications::table.inner_join(parts::table.on(parts::id.eq(verifications::part_id)))
        .filter(verifications::case_id.eq_any(ids)).order((verifications::verified_at, verifications::id))
        .select((Verification::as_select(), parts::number)).load(c))?;
    Ok(page.map(|(case, organization, serial_number)| {
        let verifications = found.iter().filter(|(v, _)| v.case_id == case.id).cloned().collect();
        Detail { case, organization, serial_number, verifications }
    }))
}

/// Support's latest word on a part of a case, and the RMA that already replaces it.
pub fn latest_verification(conn: &mut Conn, case: Id, part: Id) -> Stored<Option<(Verification, Option<i64>)>> {
    let found: Option<Verification> = on!(conn, c => verifications::table.filter(verifications::case_id.eq(case)).filter(verifications::part_id.eq(part))
        .order((verifications::verified_at.desc(), verifications::id.desc())).select(Verification::as_select()).get_result(c).optional())?;
    let Some(found) = found else { return Ok(None) };
    let replaced_by: Option<i64> = on!(conn, c => rma_lines::table.inner_join(rmas::table.on(rmas::id.eq(rma_lines::rma_id)))
        .filter(rma_lines::verification_id.eq(found.id)).filter(diesel::dsl::not(rma_lines::void)).select(rmas::number).get_result(c).optional())?;
    Ok(Some((found, replaced_by)))
}
