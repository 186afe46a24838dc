//! The tier with which an appliance is served now: what its contract entitles to, or Gold where Gold Plus doesn't reach (P5.4).
//!
//! The standing answer, for lists and letters. What one RMA gets also depends on its parts (P4.4): that is `intake`.

use super::certificate::Certificate;
use super::coverage::Verdict;
use super::entitlement::{ContractFacts, active_contract};
use super::four_hour::{self, delivered_as};
use super::notice::Reason;
use super::text::ContractNumber;
use super::tier::Tier;
use super::zone::{Zone, local_day};
use chrono::{DateTime, NaiveDate, Utc};

/// How Gold Plus stands at a site.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteService {
    /// `GoldPlus`, or `Gold` meanwhile.
    pub tier: Tier,
    /// Since when; `None` before the first certificate.
    pub since: Option<DateTime<Utc>>,
    /// Why it isn't Gold Plus; empty if it is.
    pub reasons: Vec<Reason>,
}

/// How an appliance is served.
#[derive(Debug, Clone, PartialEq)]
pub struct Served {
    /// The contract that entitles.
    pub contract: ContractNumber,
    /// The tier of that contract.
    pub entitled_tier: Tier,
    /// The tier with which it is served now.
    pub served_tier: Tier,
    /// Since when: the later of the contract's first day and what the site's coverage allows.
    pub since: DateTime<Utc>,
    /// Why the two differ; empty if they don't.
    pub reasons: Vec<Reason>,
}

fn reason(code: &str, rule: &str, detail: &str) -> Reason {
    Reason { code: code.into(), rule: rule.into(), detail: detail.into() }
}

/// How Gold Plus stands at a site (P5.2, P5.4), by its certificate, the day since which that is so, and whether the nearest
/// center has a courier.
pub fn at_site(certificate: Option<&Certificate>, since: Option<DateTime<Utc>>, has_courier: bool) -> SiteService {
    let Some(certificate) = certificate else {
        let reasons = vec![reason("not_certified_yet", "P5.2", "the coverage of the site has not been looked at yet")];
        return SiteService { tier: Tier::Gold, since: None, reasons };
    };
    if certificate.verdict != Verdict::Eligible {
        return SiteService { tier: Tier::Gold, since, reasons: certificate.reasons.clone() };
    }
    match has_courier {
        true => SiteService { tier: Tier::GoldPlus, since, reasons: Vec::new() },
        false => {
            let reasons = vec![reason("no_courier", "P4.2", "the service center has no approved courier")];
            SiteService { tier: Tier::Gold, since, reasons }
        }
    }
}

/// How an appliance is served now; `None` where no contract is active or maintenance has ended (P4.1).
pub fn served(
    contracts: &[ContractFacts],
    end_of_maintenance_on: Option<NaiveDate>,
    site: Option<&SiteService>,
    now: DateTime<Utc>,
) -> Option<Served> {
    let contract = active_contract(contracts, now).ok()?;
    if end_of_maintenance_on.is_some_and(|end| local_day(contract.zone, now) > end) {
        return None;
    }
    let begun = Zone::of(contract.zone).start_of_day(contract.starts_on);
    let (served_tier, since, mut reasons) = match (delivered_as(contract.tier, contract.four_hour), site) {
        (Tier::GoldPlus, Some(site)) => (site.tier, site.since.map_or(begun, |since| since.max(begun)), site.reasons.clone()),
        (Tier::GoldPlus, None) => {
            let missing = reason("site_not_registered", "P5.1", "no site address is registered for this appliance");
            (Tier::Gold, begun, vec![missing])
        }
        (tier, _) => (tier, begun, Vec::new()),
    };
    reasons.extend((served_tier > contract.tier).then(four_hour::honored));
    Some(Served { contract: contract.number.clone(), entitled_tier: contract.tier, served_tier, since, reasons })
}

#[cfg(test)]
mod tests;
