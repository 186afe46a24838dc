//! Service centers and their couriers.

use super::{Context, Done, Keep, all, known_country, resolve};
use crate::rules::record::ServiceCenter;
use crate::rules::refusal::Refusal;
use crate::store::{Conn, Id, Stand, Stored, centers, couriers};

/// The kind.
#[derive(Debug)]
pub enum ServiceCenters {}

impl Keep for ServiceCenters {
    type Record = ServiceCenter;
    const KIND: &'static str = "service center";
    fn key(record: &ServiceCenter) -> &str {
        record.code.as_str()
    }
    fn find(conn: &mut Conn, _ctx: &Context, key: &str) -> Stored<Option<Stand<ServiceCenter>>> {
        let filter = centers::Filter { code: Some(key.to_ascii_uppercase()), ..Default::default() };
        Ok(centers::page(conn, &filter, None, 1)?.rows.pop())
    }
    fn store(conn: &mut Conn, _ctx: &Context, stand: &Stand<ServiceCenter>, _before: Option<&ServiceCenter>) -> Done<bool> {
        let record = &stand.record;
        known_country(&record.address.country, "/address/country")?;
        if record.closes_on.is_some_and(|closes| closes <= record.opens_on) {
            return Err(Refusal::input("closes_before_opening", "/closes_on", "a center closes after the day it opens").into());
        }
        let mut resolved: Vec<Result<Id, Refusal>> = Vec::new();
        for (index, code) in record.couriers.iter().enumerate() {
            let id = couriers::id_of(conn, code.as_str())?;
            resolved.push(resolve(id, "unknown_courier", &format!("/couriers/{index}"), "courier", code.as_str()));
        }
        Ok(centers::save(conn, stand, &all(resolved)?)?)
    }
    fn erase(conn: &mut Conn, id: Id, was: i32) -> Stored<bool> {
        centers::remove(conn, id, was)
    }
}
