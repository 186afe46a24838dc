//! Service centers that are asked for (P5.4).

use super::{Context, Done, Keep, all, known_country, resolve};
use crate::rules::center_request::CenterRequest;
use crate::rules::refusal::Refusal;
use crate::store::{Conn, Id, Stand, Stored, center_requests, centers, certificates, organizations, sites};

/// The kind.
#[derive(Debug)]
pub enum CenterRequests {}

impl Keep for CenterRequests {
    type Record = CenterRequest;
    const KIND: &'static str = "center request";
    fn key(record: &CenterRequest) -> &str {
        record.code.as_str()
    }
    fn find(conn: &mut Conn, _ctx: &Context, key: &str) -> Stored<Option<Stand<CenterRequest>>> {
        let filter = center_requests::Filter { code: Some(key.to_ascii_uppercase()), ..Default::default() };
        Ok(center_requests::page(conn, &filter, None, 1)?.rows.pop())
    }
    fn store(conn: &mut Conn, ctx: &Context, stand: &Stand<CenterRequest>, before: Option<&CenterRequest>) -> Done<bool> {
        let record = &stand.record;
        known_country(&record.country, "/country")?;
        let links = links(conn, record)?;
        if !center_requests::save(conn, stand, &links)? {
            return Ok(false);
        }
        if before.is_none_or(|before| before.state != record.state) {
            // No certificate has the code of a request as its nearest center: what counts is how far away it is.
            certificates::flag_near(conn, &ctx.counted_with(record.country.as_str()), &record.code, record.position.point)?;
        }
        Ok(true)
    }
    fn erase(conn: &mut Conn, _ctx: &Context, id: Id, was: i32) -> Stored<bool> {
        center_requests::remove(conn, id, was)
    }
}

/// Resolves what a request refers to; its sites are the organization's, where one is named.
fn links(conn: &mut Conn, record: &CenterRequest) -> Done<center_requests::Links> {
    let organization = match &record.organization {
        None => None,
        Some(code) => {
            let id = organizations::id_of(conn, code.as_str())?;
            Some(resolve(id, "unknown_organization", "/organization", "organization", code.as_str())?)
        }
    };
    let mut found: Vec<Result<Id, Refusal>> = Vec::new();
    for (index, code) in record.sites.iter().enumerate() {
        let filter = sites::Filter { code: Some(code.to_string()), organization, ..Default::default() };
        let id = sites::page(conn, &filter, None, 1)?.rows.pop().map(|site| site.id);
        found.push(resolve(id, "unknown_site", &format!("/sites/{index}"), "site", code.as_str()));
    }
    let service_center = record.service_center.as_ref().map(|code| centers::id_of(conn, code.as_str())).transpose()?.flatten();
    Ok(center_requests::Links { organization, service_center, sites: all(found)? })
}
