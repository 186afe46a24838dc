//! Sites (P5.1, P4.3).

use super::super::certify_sites::certify_site;
use super::{ActionError, Context, Done, Keep, known_country, resolve};
use crate::reference::Reference;
use crate::rules::number::RmaNumber;
use crate::rules::position::{Grade, Point, Position};
use crate::rules::record::{Address, Site};
use crate::rules::refusal::Refusal;
use crate::rules::text::Code;
use crate::store::{Conn, Id, Stand, StoreError, Stored, centers, numbers, organizations, sites};
use chrono_tz::Tz;

/// The kind.
#[derive(Debug)]
pub enum Sites {}

impl Keep for Sites {
    type Record = Site;
    const KIND: &'static str = "site";
    fn key(record: &Site) -> &str {
        record.code.as_str()
    }
    fn find(conn: &mut Conn, ctx: &Context, key: &str) -> Stored<Option<Stand<Site>>> {
        let organization = ctx.actor.scope.organization();
        let filter = sites::Filter { code: Some(key.to_ascii_uppercase()), organization, ..Default::default() };
        Ok(sites::page(conn, &filter, None, 1)?.rows.pop())
    }
    /// A confirmation holds for the position and the address for which it was given (P5.3).
    fn settle(mut record: Site, before: Option<&Site>) -> Site {
        let same = before.filter(|before| before.position == record.position && before.address == record.address);
        let kept = || same.and_then(|before| before.position_confirmed);
        record.position_confirmed = Some(record.position_confirmed.or_else(kept).unwrap_or(false));
        record
    }
    fn store(conn: &mut Conn, ctx: &Context, stand: &Stand<Site>, before: Option<&Site>) -> Done<bool> {
        let record = &stand.record;
        known_country(&record.address.country, "/address/country")?;
        if record.position_confirmed == Some(true) && record.position.is_none_or(|p| p.grade != Grade::Given) {
            return Err(nothing_to_confirm().into());
        }
        let code = record.organization.as_str();
        let organization = organizations::id_of(conn, code)?.filter(|id| ctx.actor.scope.sees(*id));
        let organization = resolve(organization, "unknown_organization", "/organization", "organization", code)?;
        if let Some(before) = before {
            if before.organization != record.organization {
                return Err(Refusal::input("organization_fixed", "/organization", "a site can't move to another organization").into());
            }
            refuse_while_open(conn, stand, before)?;
        }
        // Before the site's row is taken: who changes a center takes that table first, too.
        centers::hold(conn)?;
        if !sites::save(conn, stand, organization)? {
            return Ok(false);
        }
        // What no certificate rests on changes none.
        let rests_on = |s: &Site| (s.position, s.position_confirmed, s.zone, s.address.country.clone(), s.address.postal_code.clone());
        if before.is_none_or(|before| rests_on(before) != rests_on(record)) {
            certify_site(conn, ctx, stand, organization)?;
        }
        Ok(true)
    }
    fn erase(conn: &mut Conn, _ctx: &Context, id: Id, was: i32) -> Stored<bool> {
        sites::remove(conn, id, was)
    }
}

/// The refusal of a confirmation without coordinates.
pub fn nothing_to_confirm() -> Refusal {
    Refusal::input("nothing_to_confirm", "/position_confirmed", "only coordinates that are given can be confirmed")
}

/// P4.3: the address stays as it is while an RMA for the site is open.
fn refuse_while_open(conn: &mut Conn, stand: &Stand<Site>, before: &Site) -> Done<()> {
    if stand.record.address == before.address && stand.record.position == before.position {
        return Ok(());
    }
    match sites::open_rma(conn, stand.id)?.and_then(RmaNumber::of) {
        None => Ok(()),
        Some(rma) => {
            let detail = format!("RMA {rma} goes to this address: it can't change until that RMA is closed or cancelled");
            Err(Refusal::clash("site_has_open_rma", "P4.3", detail).at("/address").into())
        }
    }
}

/// How many codes of the series may have been taken by hand before the next one that is free.
const TAKEN_MOST: usize = 1_000;

/// The code of a site that a customer registers without one. Codes that somebody chose to look like it are passed over.
pub fn next_code(conn: &mut Conn) -> Done<Code> {
    for _ in 0..TAKEN_MOST {
        let code = format!("SITE-{}", numbers::next(conn, numbers::Series::Site)?);
        if sites::id_of(conn, &code)?.is_none() {
            return Code::parse(&code).map_err(|fault| ActionError::Store(StoreError::Other(fault.detail)));
        }
    }
    Err(Refusal::input("required", "/code", "no free code was found: please choose one").into())
}

/// Where a site is: as stated, else as far as its address tells (offline).
pub fn locate(reference: &Reference, address: &Address, stated: Option<Point>) -> Option<Position> {
    match stated {
        Some(point) => Some(Position::given(point)),
        None => {
            let (region, postal_code) = (address.region.as_ref().map(|r| r.as_str()), address.postal_code.as_ref().map(|p| p.as_str()));
            reference.gazetteer.locate(address.country.as_str(), region, Some(address.city.as_str()), postal_code)
        }
    }
}

/// The zone of a site: as stated, else that of its position; UTC where neither is known.
pub fn zone_of(reference: &Reference, position: Option<&Position>, stated: Option<Tz>) -> Tz {
    stated.or_else(|| position.and_then(|p| reference.zones.at(p.point))).unwrap_or(Tz::UTC)
}
