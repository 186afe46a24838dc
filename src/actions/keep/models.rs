//! Product models.

use super::{Context, Done, Keep};
use crate::rules::record::Model;
use crate::store::{Conn, Id, Stand, Stored, models};

/// The kind.
#[derive(Debug)]
pub enum Models {}

impl Keep for Models {
    type Record = Model;
    const KIND: &'static str = "model";
    fn key(record: &Model) -> &str {
        record.code.as_str()
    }
    fn find(conn: &mut Conn, _ctx: &Context, key: &str) -> Stored<Option<Stand<Model>>> {
        Ok(models::page(conn, Some(&key.to_ascii_uppercase()), None, 1)?.rows.pop())
    }
    fn store(conn: &mut Conn, _ctx: &Context, stand: &Stand<Model>, _before: Option<&Model>) -> Done<bool> {
        Ok(models::save(conn, stand)?)
    }
    fn erase(conn: &mut Conn, _ctx: &Context, id: Id, was: i32) -> Stored<bool> {
        models::remove(conn, id, was)
    }
}
