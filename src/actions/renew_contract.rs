//! Renewing a contract (P5.5): the next one lists the same appliances, without the older four-hour option; Gold Plus is offered
//! with what it would mean at each site.

use super::keep::{self, contracts::Contracts};
use super::show_service::stands_at;
use super::{ActionError, Context, Done};
use crate::rules::four_hour::{self, RenewalAsk};
use crate::rules::record::Contract;
use crate::rules::refusal::Refusal;
use crate::rules::served::SiteService;
use crate::rules::tier::Tier;
use crate::store::{Conn, Id, Stand, contracts};

/// Sites that an offer names.
pub const SITES_MOST: i64 = 200;

/// What Gold Plus would mean at a site of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct OfferedSite {
    /// Its code.
    pub site: String,
    /// How many of the contract's appliances are there.
    pub appliances: i64,
    /// How Gold Plus stands there.
    pub service: SiteService,
}

/// A contract that was renewed.
#[derive(Debug, Clone, PartialEq)]
pub struct Renewed {
    /// The contract before, perhaps ending earlier.
    pub before: Stand<Contract>,
    /// The contract from then on.
    pub after: Stand<Contract>,
    /// How many appliances it lists.
    pub appliances: usize,
    /// What Gold Plus would mean, where the contract after isn't Gold Plus.
    pub offer: Vec<OfferedSite>,
}

/// Renews a contract; each is renewed once.
pub fn renew_contract(conn: &mut Conn, ctx: &Context, number: &str, ask: &RenewalAsk) -> Done<Renewed> {
    let before = keep::get::<Contracts>(conn, ctx, number)?;
    if let Some(next) = contracts::renewal_of(conn, before.id)? {
        return Err(Refusal::clash("renewed_already", "P5.5", format!("contract {next} renews it already")).into());
    }
    let plan = four_hour::renew(&before.record, ask)?;
    let before = match plan.before == before.record {
        true => before,
        false => keep::change::<Contracts>(conn, ctx, number, Some(before.version), plan.before)?,
    };
    let after = keep::add::<Contracts>(conn, ctx, plan.after)?;
    contracts::set_renews(conn, after.id, before.id)?;
    let appliances = contracts::copy_lines(conn, before.id, after.id)?;
    let told = serde_json::json!({"renewed_by": after.record.number, "appliances": appliances});
    ctx.record::<(), _>(conn, "renewed", ("contract", before.record.number.as_str()), None, Some(&told))?;
    let offer = if after.record.tier == Tier::GoldPlus { Vec::new() } else { offer(conn, ctx, after.id)? };
    Ok(Renewed { before, after, appliances, offer })
}

/// What Gold Plus would mean at each site of a contract.
pub fn offer(conn: &mut Conn, ctx: &Context, contract: Id) -> Result<Vec<OfferedSite>, ActionError> {
    let sites = contracts::sites_of(conn, contract, SITES_MOST)?;
    sites.into_iter().map(|(id, site, appliances)| Ok(OfferedSite { site, appliances, service: stands_at(conn, ctx, id)? })).collect()
}
