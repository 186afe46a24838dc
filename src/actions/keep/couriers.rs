//! Couriers.

use super::{Context, Done, Keep};
use crate::rules::record::Courier;
use crate::store::{Conn, Id, Stand, Stored, couriers};

/// The kind.
#[derive(Debug)]
pub enum Couriers {}

impl Keep for Couriers {
    type Record = Courier;
    const KIND: &'static str = "courier";
    fn key(record: &Courier) -> &str {
        record.code.as_str()
    }
    fn find(conn: &mut Conn, _ctx: &Context, key: &str) -> Stored<Option<Stand<Courier>>> {
        Ok(couriers::page(conn, Some(&key.to_ascii_uppercase()), None, 1)?.rows.pop())
    }
    fn store(conn: &mut Conn, _ctx: &Context, stand: &Stand<Courier>, _before: Option<&Courier>) -> Done<bool> {
        Ok(couriers::save(conn, stand)?)
    }
    fn erase(conn: &mut Conn, _ctx: &Context, id: Id, was: i32) -> Stored<bool> {
        couriers::remove(conn, id, was)
    }
}
