//! Pictures that couriers sent: what was handed over, who signed, what was in the way.

use super::conn::on;
use super::schema::{dispatches, proofs};
use super::{Conn, Id, Stored, Ts, Word};
use crate::rules::image::MediaType;
use crate::rules::term::terms;
use diesel::prelude::*;

terms! {
    /// What a picture shows.
    Shows, "picture" {
        /// The delivery.
        DeliveryPhoto => "delivery_photo",
        /// The signature of whoever took it.
        Signature => "signature",
        /// What was in the way.
        ProblemPhoto => "problem_photo",
    }
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = proofs, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
#[expect(missing_docs, reason = "columns; see migrations/")]
pub struct Proof {
    pub id: Id,
    pub dispatch_id: Id,
    pub shows: Word<Shows>,
    pub media_type: Word<MediaType>,
    pub sha256: String,
    pub content: Vec<u8>,
    pub recorded_at: Ts,
}

/// Adds a picture.
pub fn insert(conn: &mut Conn, proof: &Proof) -> Stored<()> {
    on!(conn, c => diesel::insert_into(proofs::table).values(proof).execute(c))?;
    Ok(())
}

/// The pictures of a shipment with the numbers of their dispatches, oldest first; at most `limit`.
pub fn of_shipment(conn: &mut Conn, shipment: Id, limit: i64) -> Stored<Vec<(Proof, i32)>> {
    Ok(on!(conn, c => proofs::table.inner_join(dispatches::table.on(dispatches::id.eq(proofs::dispatch_id)))
        .filter(dispatches::shipment_id.eq(shipment)).select((Proof::as_select(), dispatches::number))
        .order((dispatches::number, proofs::id)).limit(limit).load(c))?)
}
