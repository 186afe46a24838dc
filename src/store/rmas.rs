//! RMAs and their lines.

use super::conn::{add, of_each, on};
use super::schema::{appliances, cases, contracts, former_serials, organizations, parts, rma_lines, rmas, service_centers, sites};
use super::{Conn, Id, Json, Page, Stored, Ts, Word};
use crate::rules::rma::RmaState;
use crate::rules::stock::Supply;
use crate::rules::tier::Tier;
use diesel::prelude::*;

/// An RMA.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = rmas, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
#[expect(missing_docs, reason = "columns; see migrations/")]
pub struct Rma {
    pub id: Id,
    pub number: i64,
    pub case_id: Id,
    pub organization_id: Id,
    pub contract_id: Id,
    pub appliance_id: Id,
    pub site_id: Option<Id>,
    pub service_center_id: Option<Id>,
    pub state: Word<RmaState>,
    pub entitled_tier: Word<Tier>,
    pub delivered_tier: Word<Tier>,
    pub reasons: Json,
    pub program_version: String,
    pub contact: Option<Json>,
    pub issued_at: Ts,
    pub ended_at: Option<Ts>,
    pub cancel_reason: Option<String>,
    pub sourcing: Option<Json>,
    pub keeps_media: bool,
}

/// A line of an RMA.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = rma_lines, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
#[expect(missing_docs, reason = "columns; see migrations/")]
pub struct RmaLine {
    pub id: Id,
    pub rma_id: Id,
    pub line: i32,
    pub verification_id: Id,
    pub part_id: Id,
    pub serial_number: String,
    pub replacement_serial_number: Option<String>,
    pub void: bool,
    pub supply: Word<Supply>,
    pub replaces_line_id: Option<Id>,
}

/// The names of what an RMA refers to.
#[derive(Debug, Clone, PartialEq, Queryable)]
pub struct Names {
    /// The case's number.
    pub case: i64,
    /// The organization's code.
    pub organization: String,
    /// The contract's number.
    pub contract: String,
    /// The contract's zone.
    pub contract_zone: String,
    /// The site's code.
    pub site: Option<String>,
    /// The shipping center's code.
    pub service_center: Option<String>,
}

/// What became of a state move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    /// The RMA is in the new state.
    Advanced,
    /// There is no such RMA.
    Missing,
    /// It is in a state from which the new one can't be reached.
    Clash(RmaState),
}

/// Adds an RMA with its lines.
pub fn insert(conn: &mut Conn, rma: &Rma, lines: &[RmaLine]) -> Stored<()> {
    on!(conn, c => diesel::insert_into(rmas::table).values(rma).execute(c))?;
    add!(conn, rma_lines::table, lines);
    Ok(())
}

/// The RMA with this number; on PostgreSQL its row is locked until the transaction ends.
pub fn lock(conn: &mut Conn, number: i64) -> Stored<Option<Rma>> {
    Ok(match conn {
        Conn::Pg(c) => rmas::table.filter(rmas::number.eq(number)).select(Rma::as_select()).for_update().get_result(c).optional()?,
        Conn::Sqlite(c) => rmas::table.filter(rmas::number.eq(number)).select(Rma::as_select()).get_result(c).optional()?,
    })
}

/// The RMA with this identifier.
pub fn get(conn: &mut Conn, id: Id) -> Stored<Option<Rma>> {
    Ok(on!(conn, c => rmas::table.find(id).select(Rma::as_select()).get_result(c).optional())?)
}

/// Moves an RMA to `next` if the state table lets it; `ended_at` is set for the final states.
pub fn advance(conn: &mut Conn, id: Id, next: RmaState, at: Ts) -> Stored<Moved> {
    let from: Vec<Word<RmaState>> = next.predecessors().into_iter().map(Word).collect();
    let ended = (!next.is_open()).then_some(at);
    let changed = on!(conn, c => diesel::update(rmas::table.filter(rmas::id.eq(id)).filter(rmas::state.eq_any(from)))
        .set((rmas::state.eq(Word(next)), rmas::ended_at.eq(ended))).execute(c))?;
    if changed == 1 {
        return Ok(Moved::Advanced);
    }
    let state: Option<Word<RmaState>> = on!(conn, c => rmas::table.find(id).select(rmas::state).get_result(c).optional())?;
    Ok(state.map_or(Moved::Missing, |s| Moved::Clash(s.0)))
}

/// Stores the local contact.
pub fn set_contact(conn: &mut Conn, id: Id, contact: &Json) -> Stored<()> {
    on!(conn, c => diesel::update(rmas::table.find(id)).set(rmas::contact.eq(contact)).execute(c))?;
    Ok(())
}

/// Stores the reasons of the promise as they stand now.
pub fn set_reasons(conn: &mut Conn, id: Id, reasons: &Json) -> Stored<()> {
    on!(conn, c => diesel::update(rmas::table.find(id)).set(rmas::reasons.eq(reasons)).execute(c))?;
    Ok(())
}

/// Stores why the RMA was called off and frees its verifications.
pub fn void_lines(conn: &mut Conn, id: Id, reason: &str) -> Stored<()> {
    on!(conn, c => diesel::update(rmas::table.find(id)).set(rmas::cancel_reason.eq(reason)).execute(c))?;
    on!(conn, c => diesel::update(rma_lines::table.filter(rma_lines::rma_id.eq(id))).set(rma_lines::void.eq(true)).execute(c))?;
    Ok(())
}

/// The lines of RMAs with part number and description, in order.
pub fn lines(conn: &mut Conn, rmas: &[Id]) -> Stored<Vec<(RmaLine, String, String)>> {
    let by_line = || rma_lines::table.inner_join(parts::table.on(parts::id.eq(rma_lines::part_id))).order(rma_lines::line);
    Ok(of_each!(conn, by_line().select((RmaLine::as_select(), parts::number, parts::description)), rma_lines::rma_id, rmas))
}

/// Stores the serial number of a line's replacement.
pub fn set_replacement(conn: &mut Conn, line: Id, serial_number: &str) -> Stored<()> {
    on!(conn, c => diesel::update(rma_lines::table.find(line)).set(rma_lines::replacement_serial_number.eq(serial_number)).execute(c))?;
    Ok(())
}

/// The RMA with this number, and the names of what it refers to.
pub fn find(conn: &mut Conn, number: i64) -> Stored<Option<(Rma, Names)>> {
    let filter = Filter { number: Some(number), ..Filter::default() };
    Ok(page(conn, &filter, None, 1)?.rows.pop())
}

/// Stores what a line has to be sent.
pub fn set_supply(conn: &mut Conn, line: Id, supply: Supply) -> Stored<()> {
    on!(conn, c => diesel::update(rma_lines::table.find(line)).set(rma_lines::supply.eq(Word(supply))).execute(c))?;
    Ok(())
}

/// Calls one line off and frees its verification.
pub fn void_line(conn: &mut Conn, line: Id) -> Stored<()> {
    on!(conn, c => diesel::update(rma_lines::table.find(line)).set(rma_lines::void.eq(true)).execute(c))?;
    Ok(())
}

/// What became of a replacement that was dead on arrival: a line of one RMA, with the number and the line of the other one.
pub type DeadLink = (Id, i64, i32);

/// The lines, of which RMAs, that sent the dead units that these lines replace.
pub fn replaced_dead(conn: &mut Conn, lines: &[Id]) -> Stored<Vec<DeadLink>> {
    let sent = rma_lines::table.inner_join(rmas::table.on(rmas::id.eq(rma_lines::rma_id)));
    Ok(of_each!(conn, sent.select((rma_lines::id, rmas::number, rma_lines::line)), rma_lines::id, lines))
}

/// The lines, of which RMAs, that replace what these lines sent dead.
pub fn replacing(conn: &mut Conn, lines: &[Id]) -> Stored<Vec<DeadLink>> {
    let dead: Vec<Option<Id>> = lines.iter().map(|id| Some(*id)).collect();
    let sent = rma_lines::table.inner_join(rmas::table.on(rmas::id.eq(rma_lines::rma_id))).filter(diesel::dsl::not(rma_lines::void));
    let by_number = sent.order(rmas::number).select((rma_lines::replaces_line_id, rmas::number, rma_lines::line));
    let rows: Vec<(Option<Id>, i64, i32)> = of_each!(conn, by_number, rma_lines::replaces_line_id, &dead);
    Ok(rows.into_iter().filter_map(|(line, rma, number)| Some((line?, rma, number))).collect())
}

/// Which RMAs are wanted.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "filters by column")]
pub struct Filter {
    pub number: Option<i64>,
    pub organization: Option<Id>,
    pub state: Option<RmaState>,
    pub case: Option<i64>,
    pub serial_number: Option<String>,
}

/// A page of RMAs, by number.
pub fn page(conn: &mut Conn, filter: &Filter, after: Option<i64>, limit: i64) -> Stored<Page<(Rma, Names)>> {
    let rows: Vec<(Rma, Names)> = on!(conn, c => {
        let mut q = rmas::table
            .inner_join(cases::table.on(cases::id.eq(rmas::case_id)))
            .inner_join(organizations::table.on(organizations::id.eq(rmas::organization_id)))
            .inner_join(contracts::table.on(contracts::id.eq(rmas::contract_id)))
            .inner_join(appliances::table.on(appliances::id.eq(rmas::appliance_id)))
            .left_join(sites::table.on(rmas::site_id.eq(sites::id.nullable())))
            .left_join(service_centers::table.on(rmas::service_center_id.eq(service_centers::id.nullable())))
            .select((Rma::as_select(), (cases::number, organizations::code, contracts::number, contracts::zone, sites::code.nullable(), service_centers::code.nullable())))
            .into_boxed();
        if let Some(number) = filter.number { q = q.filter(rmas::number.eq(number)); }
        if let Some(organization) = filter.organization { q = q.filter(rmas::organization_id.eq(organization)); }
        if let Some(state) = filter.state { q = q.filter(rmas::state.eq(Word(state))); }
        if let Some(case) = filter.case { q = q.filter(cases::number.eq(case)); }
        if let Some(serial) = &filter.serial_number {
            let former = former_serials::table.filter(former_serials::serial_number.eq(serial)).select(former_serials::appliance_id);
            q = q.filter(appliances::serial_number.eq(serial).or(appliances::id.eq_any(former)));
        }
        if let Some(after) = after { q = q.filter(rmas::number.gt(after)); }
        q.order(rmas::number).limit(limit + 1).load(c)
    })?;
    Ok(Page::of(rows, limit))
}
