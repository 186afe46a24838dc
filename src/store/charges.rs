//! Charges for defective units that never came back (P4.6).

use super::conn::on;
use super::schema::{carrier_events, charges, dispatches, dock_scans, expected_returns, parts, proofs, rma_lines, rmas};
use super::{Conn, Id, Page, Stored, Ts, Word};
use crate::rules::carrier::EventKind;
use crate::rules::charge::{Arrived, ChargeState, DeliveryProof};
use crate::rules::dock::DockOutcome;
use crate::rules::rma::ReturnState;
use diesel::prelude::*;

/// Scans of one line that are looked at, the latest ones.
const SCANS_MOST: i64 = 100;

/// A charge's row.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = charges, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
#[expect(missing_docs, reason = "columns; see migrations/")]
pub struct Charge {
    pub id: Id,
    pub rma_id: Id,
    pub rma_line_id: Id,
    pub state: Word<ChargeState>,
    pub reason: String,
    pub proof: Word<DeliveryProof>,
    pub amount: Option<String>,
    pub currency: Option<String>,
    pub proposed_at: Ts,
    pub proposed_by: String,
    pub decided_at: Option<Ts>,
    pub decided_by: Option<String>,
    pub decision: Option<String>,
    pub ended_at: Option<Ts>,
}

/// What a charge is about.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
#[expect(missing_docs, reason = "columns of the RMA, its line and the part")]
pub struct About {
    pub rma: i64,
    pub line: i32,
    pub serial_number: String,
    pub part_number: String,
}

/// Adds a charge.
pub fn insert(conn: &mut Conn, charge: &Charge) -> Stored<()> {
    on!(conn, c => diesel::insert_into(charges::table).values(charge).execute(c))?;
    Ok(())
}

/// Stores a charge's new facts. The caller holds the RMA's row and has asked the state table.
pub fn update(conn: &mut Conn, charge: &Charge) -> Stored<()> {
    on!(conn, c => diesel::update(charges::table.find(charge.id)).set(charge).execute(c))?;
    Ok(())
}

/// The charges of an RMA that stand.
pub fn standing(conn: &mut Conn, rma: Id) -> Stored<Vec<Charge>> {
    let stands = [Word(ChargeState::Proposed), Word(ChargeState::Confirmed)];
    Ok(on!(conn, c => charges::table.filter(charges::rma_id.eq(rma)).filter(charges::state.eq_any(stands)).order(charges::id)
        .select(Charge::as_select()).load(c))?)
}

/// Which charges are wanted.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "filters by column")]
pub struct Filter {
    pub id: Option<Id>,
    pub rma: Option<i64>,
    pub state: Option<ChargeState>,
}

/// A page of charges, oldest first.
pub fn page(conn: &mut Conn, filter: &Filter, after: Option<Id>, limit: i64) -> Stored<Page<(Charge, About)>> {
    let rows = on!(conn, c => {
        let mut q = charges::table
            .inner_join(rmas::table.on(rmas::id.eq(charges::rma_id)))
            .inner_join(rma_lines::table.on(rma_lines::id.eq(charges::rma_line_id)))
            .inner_join(parts::table.on(parts::id.eq(rma_lines::part_id)))
            .select((Charge::as_select(), (rmas::number, rma_lines::line, rma_lines::serial_number, parts::number)))
            .into_boxed();
        if let Some(id) = filter.id { q = q.filter(charges::id.eq(id)); }
        if let Some(rma) = filter.rma { q = q.filter(rmas::number.eq(rma)); }
        if let Some(state) = filter.state { q = q.filter(charges::state.eq(Word(state))); }
        if let Some(after) = after { q = q.filter(charges::id.gt(after)); }
        q.order(charges::id).limit(limit + 1).load(c)
    })?;
    Ok(Page::of(rows, limit))
}

/// A page of the units that are overdue: the number of the RMA and the line, by the return. Not those that were dead on arrival:
/// nobody is ever charged for them.
pub fn overdue(conn: &mut Conn, after: Option<Id>, limit: i64) -> Stored<Page<(Id, i64, i32)>> {
    use expected_returns as e;
    let owed = [Word(ReturnState::Overdue), Word(ReturnState::ReceivedWrong)];
    let rows = on!(conn, c => {
        let mut q = e::table.inner_join(rmas::table.on(rmas::id.eq(e::rma_id)))
            .inner_join(rma_lines::table.on(rma_lines::id.eq(e::rma_line_id)))
            .filter(e::state.eq_any(owed)).filter(rma_lines::replaces_line_id.is_null())
            .select((e::id, rmas::number, e::line)).into_boxed();
        if let Some(after) = after { q = q.filter(e::id.gt(after)); }
        q.order(e::id).limit(limit + 1).load(c)
    })?;
    Ok(Page::of(rows, limit))
}

/// What was scanned for a line, the latest first.
pub fn arrived(conn: &mut Conn, rma: Id, line: i32) -> Stored<Vec<Arrived>> {
    let rows: Vec<(Word<DockOutcome>, Option<Ts>)> = on!(conn, c => dock_scans::table.filter(dock_scans::rma_id.eq(rma)).filter(dock_scans::line.eq(line))
        .order(dock_scans::id.desc()).limit(SCANS_MOST).select((dock_scans::outcome, dock_scans::disposed_at)).load(c))?;
    Ok(rows.into_iter().map(|(outcome, disposed)| Arrived { outcome: outcome.0, disposed: disposed.is_some() }).collect())
}

/// True if a courier sent a picture of this shipment.
pub fn has_picture(conn: &mut Conn, shipment: Id) -> Stored<bool> {
    let found: Option<Id> = on!(conn, c => proofs::table.inner_join(dispatches::table.on(dispatches::id.eq(proofs::dispatch_id)))
        .filter(dispatches::shipment_id.eq(shipment)).select(proofs::id).first(c).optional())?;
    Ok(found.is_some())
}

/// True if the carrier told that the parcel with this tracking number was handed over.
pub fn carrier_delivered(conn: &mut Conn, tracking_number: &str) -> Stored<bool> {
    let found: Option<Id> = on!(conn, c => carrier_events::table.filter(carrier_events::tracking_number.eq(tracking_number))
        .filter(carrier_events::kind.eq(Word(EventKind::Delivered))).select(carrier_events::id).first(c).optional())?;
    Ok(found.is_some())
}
