//! The shipment of an RMA's replacement.

use super::conn::{of_each, on};
use super::schema::{couriers, rmas, service_centers, shipments};
use super::{Conn, Id, Page, Stored, Ts, Word};
use crate::rules::rma::ShipmentState;
use diesel::prelude::*;

/// A shipment.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = shipments, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
#[expect(missing_docs, reason = "columns; see migrations/")]
pub struct Shipment {
    pub id: Id,
    pub rma_id: Id,
    pub service_center_id: Option<Id>,
    pub courier_id: Option<Id>,
    pub state: Word<ShipmentState>,
    pub dispatches: i32,
    pub carrier: Option<String>,
    pub tracking_number: Option<String>,
    pub shipped_at: Option<Ts>,
    pub delivered_at: Option<Ts>,
    pub received_by: Option<String>,
}

/// A shipment with the names of what it refers to.
#[derive(Debug, Clone, PartialEq)]
pub struct Detail {
    /// The row.
    pub shipment: Shipment,
    /// The RMA's number.
    pub rma: i64,
    /// The center's code.
    pub service_center: Option<String>,
    /// The courier's code.
    pub courier: Option<String>,
}

/// Adds a shipment.
pub fn insert(conn: &mut Conn, shipment: &Shipment) -> Stored<()> {
    on!(conn, c => diesel::insert_into(shipments::table).values(shipment).execute(c))?;
    Ok(())
}

/// The shipments of RMAs: each has one.
pub fn of_rmas(conn: &mut Conn, rmas: &[Id]) -> Stored<Vec<Shipment>> {
    Ok(of_each!(conn, shipments::table.select(Shipment::as_select()), shipments::rma_id, rmas))
}

/// Stores a shipment's new facts. The caller holds the RMA's row and has asked the state table.
pub fn update(conn: &mut Conn, shipment: &Shipment) -> Stored<()> {
    on!(conn, c => diesel::update(shipments::table.find(shipment.id)).set(shipment).execute(c))?;
    Ok(())
}

/// Which shipments are wanted.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "filters by column")]
pub struct Filter {
    pub id: Option<Id>,
    pub organization: Option<Id>,
    pub courier: Option<Id>,
    pub state: Option<ShipmentState>,
    pub rma: Option<i64>,
}

/// A page of shipments, oldest first.
pub fn page(conn: &mut Conn, filter: &Filter, after: Option<Id>, limit: i64) -> Stored<Page<Detail>> {
    let rows: Vec<(Shipment, i64, Option<String>, Option<String>)> = on!(conn, c => {
        let mut q = shipments::table
            .inner_join(rmas::table.on(rmas::id.eq(shipments::rma_id)))
            .left_join(service_centers::table.on(shipments::service_center_id.eq(service_centers::id.nullable())))
            .left_join(couriers::table.on(shipments::courier_id.eq(couriers::id.nullable())))
            .select((Shipment::as_select(), rmas::number, service_centers::code.nullable(), couriers::code.nullable())).into_boxed();
        if let Some(id) = filter.id { q = q.filter(shipments::id.eq(id)); }
        if let Some(organization) = filter.organization { q = q.filter(rmas::organization_id.eq(organization)); }
        if let Some(courier) = filter.courier { q = q.filter(shipments::courier_id.eq(courier)); }
        if let Some(state) = filter.state { q = q.filter(shipments::state.eq(Word(state))); }
        if let Some(rma) = filter.rma { q = q.filter(rmas::number.eq(rma)); }
        if let Some(after) = after { q = q.filter(shipments::id.gt(after)); }
        q.order(shipments::id).limit(limit + 1).load(c)
    })?;
    Ok(Page::of(rows, limit).map(|(shipment, rma, service_center, courier)| Detail { shipment, rma, service_center, courier }))
}
