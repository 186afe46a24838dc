//! Parts and the models they fit.

use super::{Context, Done, Keep, all, resolve};
use crate::rules::record::Part;
use crate::rules::refusal::Refusal;
use crate::store::{Conn, Id, Stand, Stored, models, parts};

/// The kind.
#[derive(Debug)]
pub enum Parts {}

impl Keep for Parts {
    type Record = Part;
    const KIND: &'static str = "part";
    fn key(record: &Part) -> &str {
        record.number.as_str()
    }
    fn find(conn: &mut Conn, _ctx: &Context, key: &str) -> Stored<Option<Stand<Part>>> {
        let filter = parts::Filter { number: Some(key.to_ascii_uppercase()), ..Default::default() };
        Ok(parts::page(conn, &filter, None, 1)?.rows.pop())
    }
    fn store(conn: &mut Conn, _ctx: &Context, stand: &Stand<Part>, _before: Option<&Part>) -> Done<bool> {
        let mut resolved: Vec<Result<Id, Refusal>> = Vec::new();
        for (index, code) in stand.record.fits_models.iter().enumerate() {
            let id = models::id_of(conn, code.as_str())?;
            resolved.push(resolve(id, "unknown_model", &format!("/fits_models/{index}"), "model", code.as_str()));
        }
        Ok(parts::save(conn, stand, &all(resolved)?)?)
    }
    fn erase(conn: &mut Conn, _ctx: &Context, id: Id, was: i32) -> Stored<bool> {
        parts::remove(conn, id, was)
    }
}
