//! Customers.

use super::{Context, Done, Keep, known_country};
use crate::actions::Scope;
use crate::rules::record::Organization;
use crate::store::{Conn, Id, Stand, Stored, organizations};

/// The kind.
#[derive(Debug)]
pub enum Organizations {}

impl Keep for Organizations {
    type Record = Organization;
    const KIND: &'static str = "organization";
    fn key(record: &Organization) -> &str {
        record.code.as_str()
    }
    fn find(conn: &mut Conn, ctx: &Context, key: &str) -> Stored<Option<Stand<Organization>>> {
        let filter = organizations::Filter { code: Some(key.to_ascii_uppercase()), ..Default::default() };
        let found = organizations::page(conn, &filter, None, 1)?.rows.pop();
        Ok(found.filter(|o| ctx.actor.scope == Scope::Everything || ctx.actor.scope.sees(o.id)))
    }
    fn store(conn: &mut Conn, _ctx: &Context, stand: &Stand<Organization>, _before: Option<&Organization>) -> Done<bool> {
        known_country(&stand.record.country, "/country")?;
        Ok(organizations::save(conn, stand)?)
    }
    fn erase(conn: &mut Conn, _ctx: &Context, id: Id, was: i32) -> Stored<bool> {
        organizations::remove(conn, id, was)
    }
}
