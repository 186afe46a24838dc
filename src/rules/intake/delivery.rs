//! Which tier can be delivered, and from where: Gold Plus from the nearest center within the radius that has the part, all else
//! from the warehouse of the region.

use super::super::coverage::{self, Candidate, METERS_PER_MILE, Network, Verdict};
use super::super::entitlement::{ContractFacts, LineFacts};
use super::super::four_hour::delivered_as;
use super::super::notice::Reason;
use super::super::position::Position;
use super::super::program::Program;
use super::super::sourcing::{self, Acceptable, Asked, Offer, Pick, Rejection, Source, Sourced};
use super::super::stock::Supply;
use super::super::tier::Tier;
use super::{CenterFacts, Facts, reason, site_coverage};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

/// Centers that are asked for one RMA, at most.
const MOST_ASKED: usize = 50;

/// What is delivered, and from where.
pub(super) struct Delivery<'a> {
    pub(super) tier: Tier,
    pub(super) reasons: Vec<Reason>,
    pub(super) center: Option<&'a CenterFacts>,
    pub(super) picks: Vec<Pick>,
    pub(super) asked: Vec<Asked>,
}

/// What the choice is made for.
pub(super) struct Wanted<'a> {
    facts: &'a Facts,
    contract: &'a ContractFacts,
    /// The zone of the customer: what is open is what is open on their day.
    zone: Tz,
    program: &'a Program,
    now: DateTime<Utc>,
    /// What may be sent for each line.
    lines: Vec<Vec<Acceptable>>,
}

impl<'a> Wanted<'a> {
    pub(super) fn new(facts: &'a Facts, contract: &'a ContractFacts, zone: Tz, program: &'a Program, now: DateTime<Utc>) -> Self {
        let lines = facts.lines.iter().map(sourcing::acceptable).collect();
        Self { facts, contract, zone, program, now, lines }
    }
}

/// The tier that can be delivered: what is entitled, or Gold where Gold Plus can't be had (P4.4, P5.4).
pub(super) fn choose<'a>(wanted: &Wanted<'a>) -> Delivery<'a> {
    let network = Network::of(wanted.facts.centers.iter().map(|c| c.center.clone()), wanted.program);
    let owed = delivered_as(wanted.contract.tier, wanted.contract.four_hour);
    if owed != Tier::GoldPlus {
        return wanted.by_parcel(&network, owed, Vec::new(), Vec::new());
    }
    let mut reasons: Vec<Reason> = wanted.facts.lines.iter().filter_map(excluded_component).collect();
    let offered_since = wanted.program.gold_plus.offered_since;
    if wanted.now.date_naive() < offered_since {
        reasons.push(reason("gold_plus_not_offered", "P5.5", format!("Gold Plus is offered since {offered_since}")));
    }
    let Some(site) = &wanted.facts.site else {
        reasons.push(reason("site_not_registered", "P5.1", "no site address is registered for this appliance".into()));
        return wanted.by_parcel(&network, Tier::Gold, reasons, Vec::new());
    };
    let coverage = site_coverage(site, &network, wanted.program, wanted.now);
    reasons.extend(coverage::reasons(&coverage));
    let (Verdict::Eligible, true, Some(position)) = (coverage.verdict, reasons.is_empty(), site.position) else {
        return wanted.by_parcel(&network, Tier::Gold, reasons, Vec::new());
    };
    let sourced = wanted.by_courier(&network, &position, coverage.limit_miles);
    match sourced.found {
        Some((code, picks)) => Delivery { tier: Tier::GoldPlus, reasons, center: wanted.facts.center(&code), picks, asked: sourced.asked },
        None => {
            reasons.push(nobody_near(&sourced.asked));
            wanted.by_parcel(&network, Tier::Gold, reasons, sourced.asked)
        }
    }
}

impl<'a> Wanted<'a> {
    fn day(&self) -> NaiveDate {
        super::super::zone::local_day(self.zone, self.now)
    }

    /// The country that the replacement goes to, as the program counts it.
    fn country(&self) -> &'a str {
        self.program.home_of(self.facts.site.as_ref().map_or(self.facts.home.0.as_str(), |s| s.country.as_str()))
    }

    /// Gold Plus: the centers within the radius, nearest first (P4.2, P5.2).
    fn by_courier(&self, network: &Network, position: &Position, limit_miles: f64) -> Sourced {
        let near = network.within(position.point, self.country(), limit_miles, MOST_ASKED);
        let day = self.day();
        let sure = limit_miles * METERS_PER_MILE - position.radius_meters;
        let offer = |found: &'_ Candidate| {
            let center = self.facts.center(&found.center)?;
            let hindrance = match () {
                () if !center.center.is_open(day) => Some(Rejection::NotOpen),
                () if found.meters > sure => Some(Rejection::PositionTooCoarse),
                () if center.couriers.is_empty() => Some(Rejection::NoCourier),
                () => None,
            };
            Some(Offer { center: &center.center.code, source: Source::ServiceCenter, meters: Some(found.meters), hindrance })
        };
        sourcing::source(Tier::GoldPlus, &self.lines, near.iter().filter_map(offer), &self.facts.shelves)
    }

    /// The other tiers, and what a courier can't bring: the warehouse of the region, then the nearest center.
    fn by_parcel(&self, network: &Network, tier: Tier, mut reasons: Vec<Reason>, mut asked: Vec<Asked>) -> Delivery<'a> {
        let warehouses = self.warehouses();
        let others = self.others(network);
        let offers = warehouses.iter().chain(&others).take(MOST_ASKED);
        let sourced = sourcing::source(tier, &self.lines, offers.clone().cloned(), &self.facts.shelves);
        asked.extend(sourced.asked);
        let (code, picks) = match sourced.found {
            Some((code, picks)) => (Some(code), picks),
            None => {
                let first = offers.clone().find(|o| o.hindrance.is_none()).map(|o| o.center.clone());
                (first, sourcing::backorder(&self.lines))
            }
        };
        reasons.extend(backordered(&picks));
        Delivery { tier, reasons, center: code.and_then(|code| self.facts.center(&code)), picks, asked }
    }

    /// The warehouses of the contract's region: nearest first, or by code where nothing is known of distances.
    fn warehouses(&self) -> Vec<Offer<'a>> {
        let position = self.facts.site.as_ref().and_then(|s| s.position);
        let day = self.day();
        let offer = |c: &'a CenterFacts| Offer {
            center: &c.center.code,
            source: Source::RegionalWarehouse,
            meters: position.map(|p| coverage::distance_meters(p.point, c.center.point)),
            hindrance: (!c.center.is_open(day)).then_some(Rejection::NotOpen),
        };
        let mut offers: Vec<_> = self.facts.centers.iter().filter(|c| c.warehouse_for.contains(&self.contract.region)).map(offer).collect();
        let far = |o: &Offer<'_>| o.meters.unwrap_or_default();
        offers.sort_by(|a, b| far(a).total_cmp(&far(b)).then_with(|| a.center.cmp(b.center)));
        offers
    }

    /// The open centers of the country, or of what the country counts as, nearest first; of all where it has none. By code where
    /// nothing is known of distances. Open is what is open on the customer's day, as in the coverage check.
    fn others(&self, network: &Network) -> Vec<Offer<'a>> {
        let (day, country) = (self.day(), self.country());
        let offer =
            |center: &'a CenterFacts, meters| Offer { center: &center.center.code, source: Source::ServiceCenter, meters, hindrance: None };
        let mut offers: Vec<Offer<'a>> = match self.facts.site.as_ref().and_then(|s| s.position) {
            Some(position) => {
                let near = network.nearest_to(position.point, country, day, MOST_ASKED);
                near.iter().filter_map(|found| Some(offer(self.facts.center(&found.center)?, Some(found.meters)))).collect()
            }
            None => {
                let abroad = |c: &CenterFacts| self.program.home_of(&c.center.country) != country;
                let mut open: Vec<&CenterFacts> = self.facts.centers.iter().filter(|c| c.center.is_open(day)).collect();
                open.sort_by(|a, b| abroad(a).cmp(&abroad(b)).then_with(|| a.center.code.cmp(&b.center.code)));
                open.into_iter().map(|center| offer(center, None)).collect()
            }
        };
        offers.retain(|o| self.facts.center(o.center).is_none_or(|c| !c.warehouse_for.contains(&self.contract.region)));
        offers
    }
}

fn excluded_component(line: &LineFacts) -> Option<Reason> {
    let excluded = line.part.as_ref().is_some_and(|p| p.excluded_from_gold_plus);
    excluded.then(|| {
        reason("component_excluded", "P4.4", format!("part {} is excluded from Gold Plus and gets Gold treatment", line.part_number))
    })
}

/// Why no center within the radius sends a courier.
fn nobody_near(asked: &[Asked]) -> Reason {
    let empty = asked.iter().filter(|a| a.rejected == Some(Rejection::OutOfStock)).count();
    match empty {
        0 => reason("no_courier", "P4.2", "no open service center within the radius has an approved courier".into()),
        1 => reason("no_stock_within_radius", "P4.2", "the only service center within the radius has no unit that is free".into()),
        n => reason("no_stock_within_radius", "P4.2", format!("none of the {n} service centers within the radius has a unit that is free")),
    }
}

/// What nobody has is sent when somebody has it again: the promise says so.
fn backordered(picks: &[Pick]) -> Option<Reason> {
    let waiting: Vec<&str> = picks.iter().filter(|p| p.supply == Supply::Backordered).map(|p| p.part.as_str()).collect();
    let detail = || format!("no unit of {} is free: the next one that is received is reserved for this RMA", waiting.join(", "));
    (!waiting.is_empty()).then(|| reason("backordered", "P4", detail()))
}
