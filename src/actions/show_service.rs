//! With which tier sites and appliances are served now (P5.4).

use super::issue_rma::contract_facts;
use super::keep::Keep;
use super::keep::service_centers::ServiceCenters;
use super::{Context, Done};
use crate::rules::entitlement::ContractFacts;
use crate::rules::record::{Appliance, Site};
use crate::rules::served::{Served, SiteService, at_site, served};
use crate::store::{Conn, Id, Stand, Ts, appliances, certificates, contracts};

/// How Gold Plus stands at a site.
pub fn of_site(conn: &mut Conn, ctx: &Context, site: &Stand<Site>) -> Done<SiteService> {
    stands_at(conn, ctx, site.id)
}

/// The same, by the identifier of the site.
pub(super) fn stands_at(conn: &mut Conn, ctx: &Context, site: Id) -> Done<SiteService> {
    let certificate = certificates::current(conn, site)?;
    let since = match &certificate {
        Some(certificate) => certificates::verdict_since(conn, site, certificate.verdict)?,
        None => None,
    };
    let nearest = certificate.as_ref().and_then(|c| c.nearest.as_ref()).map(|near| near.center.to_string());
    let center = nearest.map(|code| ServiceCenters::find(conn, ctx, &code)).transpose()?.flatten();
    let has_courier = center.is_some_and(|center| !center.record.couriers.is_empty());
    Ok(at_site(certificate.as_ref(), since.map(Ts::at), has_courier))
}

/// How an appliance is served; `None` where it isn't.
pub fn of_appliance(conn: &mut Conn, ctx: &Context, appliance: &Stand<Appliance>) -> Done<Option<Served>> {
    let listed: Vec<ContractFacts> = contracts::listing(conn, appliance.id)?.iter().map(contract_facts).collect();
    let site = appliances::links(conn, appliance.id)?.and_then(|(_, _, site)| site);
    let site = site.map(|id| stands_at(conn, ctx, id)).transpose()?;
    Ok(served(&listed, appliance.record.end_of_maintenance_on, site.as_ref(), ctx.now))
}
