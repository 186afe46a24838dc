//! What the program itself keeps secret.

use super::conn::on;
use super::schema::secrets;
use super::{Conn, StoreError, Stored, Ts};
use diesel::prelude::*;

/// The secret of a name; `fresh` becomes it where there is none. Of several nodes that start at once, all get the same.
pub fn keep(conn: &mut Conn, name: &str, fresh: &[u8; 32], now: Ts) -> Stored<[u8; 32]> {
    let digits: String = fresh.iter().map(|byte| format!("{byte:02x}")).collect();
    let row = (secrets::name.eq(name), secrets::value.eq(digits), secrets::created_at.eq(now));
    on!(conn, c => diesel::insert_into(secrets::table).values(row).on_conflict(secrets::name).do_nothing().execute(c))?;
    let kept: String = on!(conn, c => secrets::table.find(name).select(secrets::value).get_result(c))?;
    let byte = |at: usize| kept.get(at * 2..at * 2 + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let mut bytes = [0; 32];
    for (at, place) in bytes.iter_mut().enumerate() {
        // Not told what it is instead: it is a secret.
        *place = byte(at).ok_or_else(|| StoreError::Unreadable("a secret".to_owned()))?;
    }
    Ok(bytes)
}
