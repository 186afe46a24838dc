//! Serial numbers that an appliance had before its whole unit was exchanged, and the unit that is about to take its place.

use super::conn::on;
use super::schema::{appliances, former_serials, parts, rma_lines, rmas, shipments};
use super::{Conn, Id, Stored, Ts, Word};
use crate::rules::rma::RmaState;
use diesel::prelude::*;

/// Former serial numbers of one appliance that are told, the latest ones.
const MOST: i64 = 200;

/// A serial number that an appliance had.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = former_serials, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
#[expect(missing_docs, reason = "columns; see migrations/")]
pub struct Former {
    pub id: Id,
    pub serial_number: String,
    pub appliance_id: Id,
    pub rma_id: Id,
    pub from_at: Ts,
    pub to_at: Ts,
    pub successor_from: Ts,
}

/// A whole unit that was delivered in exchange for an appliance, of an RMA that is not closed.
#[derive(Debug, Clone, PartialEq, Queryable)]
#[expect(missing_docs, reason = "columns of appliance, line, RMA and shipment")]
pub struct Pending {
    pub appliance: Id,
    pub serial_number: Option<String>,
    pub rma: i64,
    pub delivered_at: Option<Ts>,
}

/// Adds a former serial number.
pub fn insert(conn: &mut Conn, former: &Former) -> Stored<()> {
    on!(conn, c => diesel::insert_into(former_serials::table).values(former).execute(c))?;
    Ok(())
}

/// The former serial numbers of an appliance with the RMAs that ended them, oldest first.
pub fn of_appliance(conn: &mut Conn, appliance: Id) -> Stored<Vec<(Former, i64)>> {
    let mut rows: Vec<(Former, i64)> = on!(conn, c => former_serials::table.inner_join(rmas::table.on(rmas::id.eq(former_serials::rma_id)))
        .filter(former_serials::appliance_id.eq(appliance)).select((Former::as_select(), rmas::number))
        .order((former_serials::to_at.desc(), former_serials::id.desc())).limit(MOST).load(c))?;
    rows.reverse();
    Ok(rows)
}

/// The present serial number of the appliance, within an organization or of any, that had this one last.
pub fn present_of(conn: &mut Conn, serial_number: &str, organization: Option<Id>) -> Stored<Option<String>> {
    Ok(on!(conn, c => {
        let mut q = former_serials::table.inner_join(appliances::table.on(appliances::id.eq(former_serials::appliance_id)))
            .filter(former_serials::serial_number.eq(serial_number)).select(appliances::serial_number).into_boxed();
        if let Some(organization) = organization { q = q.filter(appliances::organization_id.eq(organization)); }
        q.order((former_serials::to_at.desc(), former_serials::id.desc())).first(c).optional()
    })?)
}

/// The whole units that were delivered and have not taken their appliance's place yet: with this serial number, or for this
/// appliance; oldest RMA first.
pub fn pending(conn: &mut Conn, serial_number: Option<&str>, appliance: Option<Id>) -> Stored<Vec<Pending>> {
    let states = [Word(RmaState::Delivered), Word(RmaState::Returned)];
    Ok(on!(conn, c => {
        let mut q = rma_lines::table
            .inner_join(rmas::table.on(rmas::id.eq(rma_lines::rma_id)))
            .inner_join(parts::table.on(parts::id.eq(rma_lines::part_id)))
            .inner_join(shipments::table.on(shipments::rma_id.eq(rmas::id)))
            .filter(rmas::state.eq_any(states)).filter(parts::whole_unit.eq(true)).filter(diesel::dsl::not(rma_lines::void))
            .filter(rma_lines::replacement_serial_number.is_not_null())
            .select((rmas::appliance_id, rma_lines::replacement_serial_number, rmas::number, shipments::delivered_at)).into_boxed();
        if let Some(serial) = serial_number { q = q.filter(rma_lines::replacement_serial_number.eq(serial)); }
        if let Some(appliance) = appliance { q = q.filter(rmas::appliance_id.eq(appliance)); }
        q.order((rmas::number, rma_lines::line)).limit(MOST).load(c)
    })?)
}

/// The lines of an RMA whose part is the whole appliance.
pub fn whole_units(conn: &mut Conn, rma: Id) -> Stored<Vec<i32>> {
    Ok(on!(conn, c => rma_lines::table.inner_join(parts::table.on(parts::id.eq(rma_lines::part_id)))
        .filter(rma_lines::rma_id.eq(rma)).filter(parts::whole_unit.eq(true)).select(rma_lines::line).load(c))?)
}

/// Gives an appliance its new serial number, as a new version of its record.
pub fn rename(conn: &mut Conn, appliance: Id, serial_number: &str, now: Ts) -> Stored<()> {
    on!(conn, c => diesel::update(appliances::table.find(appliance)).set((
        appliances::serial_number.eq(serial_number), appliances::version.eq(appliances::version + 1), appliances::updated_at.eq(now),
    )).execute(c))?;
    Ok(())
}
