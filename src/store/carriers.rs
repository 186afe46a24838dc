//! Carriers whose events are believed, and what they told: each event once.

use super::conn::on;
use super::schema::{carrier_events, carriers, rmas, shipments};
use super::{Conn, Id, Stored, Ts, Word};
use crate::rules::carrier::{EventKind, Outcome};
use diesel::prelude::*;

/// Events without a parcel of ours that are remembered at most.
const UNKNOWN_MOST: i64 = 10_000;

/// What a carrier told.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = carrier_events, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
#[expect(missing_docs, reason = "columns; see migrations/")]
pub struct CarrierEvent {
    pub id: Id,
    pub carrier_id: Id,
    pub event: String,
    pub tracking_number: String,
    pub kind: Word<EventKind>,
    pub happened_at: Ts,
    pub received_at: Ts,
    pub outcome: Word<Outcome>,
    pub said: Option<String>,
}

/// Keeps the secret that is shared with a carrier; a new one takes the place of the one before.
pub fn keep(conn: &mut Conn, code: &str, secret: &str, now: Ts) -> Stored<()> {
    let row = (carriers::id.eq(Id::new()), carriers::code.eq(code), carriers::secret.eq(secret), carriers::created_at.eq(now));
    on!(conn, c => diesel::insert_into(carriers::table).values(row).on_conflict(carriers::code).do_update()
        .set((carriers::secret.eq(secret), carriers::created_at.eq(now))).execute(c))?;
    Ok(())
}

/// The carrier of a code, and the secret that is shared with it.
pub fn find(conn: &mut Conn, code: &str) -> Stored<Option<(Id, String)>> {
    Ok(on!(conn, c => carriers::table.filter(carriers::code.eq(code)).select((carriers::id, carriers::secret)).get_result(c).optional())?)
}

/// Remembers an event: `None` if it is new, else what became of it before. Of two at once, the second waits here for the first.
pub fn claim(conn: &mut Conn, event: &CarrierEvent) -> Stored<Option<Outcome>> {
    let new = on!(conn, c => diesel::insert_into(carrier_events::table).values(event)
        .on_conflict((carrier_events::carrier_id, carrier_events::event)).do_nothing().execute(c))?;
    if new == 1 {
        return Ok(None);
    }
    let before: Option<Word<Outcome>> = on!(conn, c => carrier_events::table.filter(carrier_events::carrier_id.eq(event.carrier_id))
        .filter(carrier_events::event.eq(&event.event)).select(carrier_events::outcome).get_result(c).optional())?;
    Ok(before.map(|word| word.0))
}

/// Stores what became of an event.
pub fn set_outcome(conn: &mut Conn, id: Id, outcome: Outcome) -> Stored<()> {
    on!(conn, c => diesel::update(carrier_events::table.find(id)).set(carrier_events::outcome.eq(Word(outcome))).execute(c))?;
    Ok(())
}

/// Remembered events about a tracking number that nothing had, in the order in which they happened.
pub fn unknown_of(conn: &mut Conn, tracking_number: &str) -> Stored<Vec<CarrierEvent>> {
    Ok(on!(conn, c => carrier_events::table.filter(carrier_events::tracking_number.eq(tracking_number))
        .filter(carrier_events::outcome.eq(Word(Outcome::UnknownTrackingNumber)))
        .select(CarrierEvent::as_select()).order((carrier_events::happened_at, carrier_events::id)).limit(100).load(c))?)
}

/// Remembered events whose tracking number somebody has recorded meanwhile: one that came while it was being recorded.
pub fn unknown_no_more(conn: &mut Conn, limit: i64) -> Stored<Vec<CarrierEvent>> {
    Ok(
        on!(conn, c => carrier_events::table.inner_join(shipments::table.on(shipments::tracking_number.eq(carrier_events::tracking_number.nullable())))
        .filter(carrier_events::outcome.eq(Word(Outcome::UnknownTrackingNumber)))
        .select(CarrierEvent::as_select()).order((carrier_events::happened_at, carrier_events::id)).limit(limit).load(c))?,
    )
}

/// True while more of them may be remembered.
pub fn has_room(conn: &mut Conn) -> Stored<bool> {
    let unknown: i64 = on!(conn, c => carrier_events::table.filter(carrier_events::outcome.eq(Word(Outcome::UnknownTrackingNumber))).count().get_result(c))?;
    Ok(unknown < UNKNOWN_MOST)
}

/// Forgets events without a parcel of ours from before an instant.
pub fn forget_unknown(conn: &mut Conn, before: Ts) -> Stored<usize> {
    Ok(on!(conn, c => diesel::delete(carrier_events::table.filter(carrier_events::outcome.eq(Word(Outcome::UnknownTrackingNumber)))
        .filter(carrier_events::received_at.lt(before))).execute(c))?)
}

/// The numbers of the RMAs whose replacement has this tracking number, newest first, at most two: one is meant, two are a riddle.
pub fn rmas_of(conn: &mut Conn, tracking_number: &str) -> Stored<Vec<i64>> {
    Ok(on!(conn, c => shipments::table.inner_join(rmas::table.on(rmas::id.eq(shipments::rma_id)))
        .filter(shipments::tracking_number.eq(tracking_number)).select(rmas::number).order(rmas::number.desc()).limit(2).load(c))?)
}
