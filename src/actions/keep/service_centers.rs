//! Service centers and their couriers.

use super::{Context, Done, Keep, all, known_country, resolve};
use crate::rules::record::ServiceCenter;
use crate::rules::refusal::Refusal;
use crate::store::{Conn, Id, Stand, Stored, centers, certificates, couriers};

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
    fn store(conn: &mut Conn, ctx: &Context, stand: &Stand<ServiceCenter>, before: Option<&ServiceCenter>) -> Done<bool> {
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
        if !centers::save(conn, stand, &all(resolved)?)? {
            return Ok(false);
        }
        let matters = |c: &ServiceCenter| (c.point, c.address.country.clone(), c.opens_on, c.closes_on);
        if before.is_none_or(|before| matters(before) != matters(record)) {
            before.into_iter().chain([record]).try_for_each(|center| flag(conn, ctx, center))?;
        }
        Ok(true)
    }
    fn erase(conn: &mut Conn, ctx: &Context, id: Id, was: i32) -> Stored<bool> {
        let center = centers::get(conn, id)?;
        let gone = centers::remove(conn, id, was)?;
        if let Some(center) = center.filter(|_| gone) {
            flag(conn, ctx, &center.record)?;
        }
        Ok(gone)
    }
}

/// Has the certificates looked at again to which this center, here and on these days, may make a difference (P5.2).
fn flag(conn: &mut Conn, ctx: &Context, center: &ServiceCenter) -> Stored<()> {
    certificates::flag_near(conn, &ctx.counted_with(center.address.country.as_str()), &center.code, center.point)?;
    Ok(())
}
