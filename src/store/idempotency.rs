//! What was answered to a request with an idempotency key, kept in the same transaction as its effect.

use super::conn::on;
use super::schema::idempotency_keys;
use super::{Conn, Id, Stored, Ts};
use diesel::prelude::*;

/// A request that was answered.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency_keys, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
#[expect(missing_docs, reason = "columns; see migrations/")]
pub struct Answered {
    pub asker: Id,
    pub key: String,
    pub request_hash: String,
    pub status: i32,
    pub location: Option<String>,
    pub version: Option<i32>,
    pub body: String,
    pub created_at: Ts,
}

/// Claims a key for this transaction: `None` if it is ours now, else the answer that was given. Where two transactions
/// claim it at once, the second one waits here for the first.
pub fn claim(conn: &mut Conn, row: &Answered) -> Stored<Option<Answered>> {
    let ours = on!(conn, c => diesel::insert_into(idempotency_keys::table).values(row)
        .on_conflict((idempotency_keys::asker, idempotency_keys::key)).do_nothing().execute(c))?;
    if ours == 1 {
        return Ok(None);
    }
    Ok(on!(conn, c => idempotency_keys::table.find((row.asker, &row.key)).select(Answered::as_select()).get_result(c).optional())?)
}

/// Stores the answer of a claimed key.
pub fn answer(conn: &mut Conn, row: &Answered) -> Stored<()> {
    on!(conn, c => diesel::update(idempotency_keys::table.find((row.asker, &row.key)))
        .set((idempotency_keys::status.eq(row.status), idempotency_keys::location.eq(&row.location), idempotency_keys::version.eq(row.version), idempotency_keys::body.eq(&row.body))).execute(c))?;
    Ok(())
}

/// Forgets keys older than `before`; how many.
pub fn forget(conn: &mut Conn, before: Ts) -> Stored<usize> {
    Ok(on!(conn, c => diesel::delete(idempotency_keys::table.filter(idempotency_keys::created_at.lt(before))).execute(c))?)
}
