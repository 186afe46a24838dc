//! Dispatches of couriers: one row each time that one is sent for, or told anew. At most one of a shipment is open.

use super::conn::on;
use super::schema::{couriers, dispatches, rmas, service_centers, shipments};
use super::{Conn, Id, Page, Stored, Ts, Word};
use crate::rules::dispatch::{DispatchState, Standing};
use diesel::prelude::*;

/// A dispatch.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = dispatches, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
#[expect(missing_docs, reason = "columns; see migrations/")]
pub struct Dispatch {
    pub id: Id,
    pub shipment_id: Id,
    pub number: i32,
    pub courier_id: Id,
    pub state: Word<DispatchState>,
    pub sequence: i32,
    pub sent_at: Ts,
    pub accept_by: Ts,
    pub reminded_at: Option<Ts>,
    pub look_at: Option<Ts>,
    pub links_expire_at: Ts,
    pub accepted_at: Option<Ts>,
    pub picked_up_at: Option<Ts>,
    pub ended_at: Option<Ts>,
    pub problem_at: Option<Ts>,
    pub problem: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub accuracy_meters: Option<f64>,
}

impl Dispatch {
    /// What the rules see.
    pub fn standing(&self) -> Standing {
        Standing { state: self.state.0, accepted_at: self.accepted_at.map(Ts::at), picked_up_at: self.picked_up_at.map(Ts::at) }
    }
}

/// Adds a dispatch.
pub fn insert(conn: &mut Conn, dispatch: &Dispatch) -> Stored<()> {
    on!(conn, c => diesel::insert_into(dispatches::table).values(dispatch).execute(c))?;
    Ok(())
}

/// Stores a dispatch's new facts. The caller holds the RMA's row and has asked the state table.
pub fn update(conn: &mut Conn, dispatch: &Dispatch) -> Stored<()> {
    on!(conn, c => diesel::update(dispatches::table.find(dispatch.id)).set(dispatch).execute(c))?;
    Ok(())
}

/// A dispatch.
pub fn get(conn: &mut Conn, id: Id) -> Stored<Option<Dispatch>> {
    Ok(on!(conn, c => dispatches::table.find(id).select(Dispatch::as_select()).get_result(c).optional())?)
}

/// The number of the RMA that a dispatch is for.
pub fn rma_of(conn: &mut Conn, id: Id) -> Stored<Option<i64>> {
    Ok(on!(conn, c => dispatches::table.inner_join(shipments::table.on(shipments::id.eq(dispatches::shipment_id)))
        .inner_join(rmas::table.on(rmas::id.eq(shipments::rma_id)))
        .filter(dispatches::id.eq(id)).select(rmas::number).get_result(c).optional())?)
}

/// Which dispatches are wanted.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "filters by column")]
pub struct Filter {
    /// Only of the courier with this identifier, whatever else is asked for.
    pub own: Option<Id>,
    pub state: Option<DispatchState>,
    pub rma: Option<i64>,
    pub service_center: Option<String>,
    pub courier: Option<String>,
}

/// A dispatch with the names of what it refers to.
#[derive(Debug, Clone, PartialEq)]
pub struct Detail {
    /// The row.
    pub dispatch: Dispatch,
    /// The RMA's number.
    pub rma: i64,
    /// The center's code.
    pub service_center: Option<String>,
    /// The courier's code.
    pub courier: String,
}

/// A page of dispatches, oldest first.
pub fn page(conn: &mut Conn, filter: &Filter, after: Option<Id>, limit: i64) -> Stored<Page<Detail>> {
    let rows: Vec<(Dispatch, i64, Option<String>, String)> = on!(conn, c => {
        let mut q = dispatches::table
            .inner_join(shipments::table.on(shipments::id.eq(dispatches::shipment_id)))
            .inner_join(rmas::table.on(rmas::id.eq(shipments::rma_id)))
            .inner_join(couriers::table.on(couriers::id.eq(dispatches::courier_id)))
            .left_join(service_centers::table.on(shipments::service_center_id.eq(service_centers::id.nullable())))
            .select((Dispatch::as_select(), rmas::number, service_centers::code.nullable(), couriers::code)).into_boxed();
        if let Some(own) = filter.own { q = q.filter(dispatches::courier_id.eq(own)); }
        if let Some(state) = filter.state { q = q.filter(dispatches::state.eq(Word(state))); }
        if let Some(rma) = filter.rma { q = q.filter(rmas::number.eq(rma)); }
        if let Some(center) = &filter.service_center { q = q.filter(service_centers::code.eq(center)); }
        if let Some(courier) = &filter.courier { q = q.filter(couriers::code.eq(courier)); }
        if let Some(after) = after { q = q.filter(dispatches::id.gt(after)); }
        q.order(dispatches::id).limit(limit + 1).load(c)
    })?;
    let detail = |(dispatch, rma, service_center, courier)| Detail { dispatch, rma, service_center, courier };
    Ok(Page::of(rows, limit).map(detail))
}

/// The dispatches of a shipment, in their order.
pub fn of_shipment(conn: &mut Conn, shipment: Id) -> Stored<Vec<Dispatch>> {
    Ok(
        on!(conn, c => dispatches::table.filter(dispatches::shipment_id.eq(shipment)).select(Dispatch::as_select()).order(dispatches::number).load(c))?,
    )
}

/// Dispatches that are to be looked at, longest waiting first.
pub fn to_look_at(conn: &mut Conn, now: Ts, limit: i64) -> Stored<Vec<Dispatch>> {
    Ok(on!(conn, c => dispatches::table.filter(dispatches::look_at.le(now)).select(Dispatch::as_select())
        .order((dispatches::look_at, dispatches::id)).limit(limit).load(c))?)
}
