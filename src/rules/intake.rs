//! Issuing an RMA (P4): facts in, the promise with its deadlines out, or every refusal there is.

mod delivery;

use super::calendar::{Calendars, DaysOf, Edition};
use super::center_request::RequestedCenter;
use super::clock::Hold;
use super::coverage::{self, Center, Coverage, Evidence, Inquiry, Network};
use super::deadline::{self, Basis, Deadline, DeadlineKind, DeadlineState, Target, WaitsFor};
use super::entitlement::{self, ApplianceFacts, ContractFacts, LineFacts};
use super::four_hour;
use super::notice::{LocalContact, Reason};
use super::position::Position;
use super::program::{Program, Replacement, ReturnStart};
use super::refusal::Refusal;
use super::sourcing::{self, Acceptable, Asked, Pick, Shelves};
use super::text::{Code, ContractNumber, Country, Subdivision};
use super::tier::{Region, Tier};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use delivery::Wanted;

/// Where the appliance stands (P5.1).
#[derive(Debug, Clone, PartialEq)]
pub struct SiteFacts {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// ISO 3166-2 suffix, where known.
    pub subdivision: Option<String>,
    /// Its zone.
    pub zone: Tz,
    /// Where it is, if anything is known.
    pub position: Option<Position>,
    /// True if somebody confirmed this position for this address (P5.3).
    pub position_confirmed: bool,
    /// What is known otherwise about where a given position should be (P5.3).
    pub evidence: Evidence,
    /// Centers that are asked for and count for its country (P5.4).
    pub requests: Vec<RequestedCenter>,
}

/// A center that could ship.
#[derive(Debug, Clone, PartialEq)]
pub struct CenterFacts {
    /// What the coverage check sees.
    pub center: Center,
    /// ISO 3166-2 suffix, where known.
    pub subdivision: Option<String>,
    /// Its approved couriers, the preferred one first.
    pub couriers: Vec<Code>,
    /// The regions whose warehouse it is.
    pub warehouse_for: Vec<Region>,
}

/// Everything that the decision depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// The case's appliance with its contracts.
    pub appliance: ApplianceFacts,
    /// The lines asked for, at least one.
    pub lines: Vec<LineFacts>,
    /// The registered site.
    pub site: Option<SiteFacts>,
    /// The customer's country and subdivision: the calendar where no site is registered.
    pub home: (String, Option<String>),
    /// The centers that may ship, of the site's country (or what that counts as) or, where it has none, of all; and the
    /// warehouses of the contracts' regions.
    pub centers: Vec<CenterFacts>,
    /// What they have.
    pub shelves: Shelves,
    /// The local contact, as far as known.
    pub contact: Option<LocalContact>,
}

impl Facts {
    fn center(&self, code: &Code) -> Option<&CenterFacts> {
        self.centers.iter().find(|c| c.center.code == *code)
    }
}

/// What is promised.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The contract that entitles.
    pub contract: ContractNumber,
    /// The program version that the RMA is pinned to.
    pub program_version: String,
    /// The tier of the contract.
    pub entitled_tier: Tier,
    /// The tier that will be delivered.
    pub delivered_tier: Tier,
    /// Every difference and every wait.
    pub reasons: Vec<Reason>,
    /// The center that ships.
    pub ships_from: Option<Code>,
    /// The courier, for Gold Plus.
    pub courier: Option<Code>,
    /// The deadlines.
    pub deadlines: Vec<Deadline>,
    /// What each line is sent.
    pub picks: Vec<Pick>,
    /// The centers that were asked for it, in order, with why they don't send.
    pub asked: Vec<Asked>,
}

/// Decides whether an RMA is issued, and what it promises.
pub fn decide(facts: &Facts, program: &Program, calendars: &dyn Calendars, now: DateTime<Utc>) -> Result<Plan, Vec<Refusal>> {
    let contract = entitlement::judge(&facts.appliance, &facts.lines, now)?;
    promise(facts, contract, program, calendars, now)
}

/// What is promised under a contract that was judged to entitle: where a replacement was dead on arrival, with the first one (P4.6).
pub fn promise(
    facts: &Facts,
    contract: &ContractFacts,
    program: &Program,
    calendars: &dyn Calendars,
    now: DateTime<Utc>,
) -> Result<Plan, Vec<Refusal>> {
    let clocks = Clocks { facts, contract, program, calendars, now };
    let zone = clocks.customer_zone();
    let delivery = delivery::choose(&Wanted::new(facts, contract, zone, program, now));
    let mut reasons = delivery.reasons;
    reasons.extend((delivery.tier > contract.tier).then(four_hour::honored));
    let mut deadlines = clocks.replacement(delivery.tier, delivery.center, &delivery.picks)?;
    deadlines.push(clocks.defective_unit(delivery.tier)?);
    reasons.extend(waits(&deadlines));
    reasons.extend(paused(&deadlines));
    Ok(Plan {
        contract: contract.number.clone(),
        program_version: program.version.clone(),
        entitled_tier: contract.tier,
        delivered_tier: delivery.tier,
        reasons,
        ships_from: delivery.center.map(|c| c.center.code.clone()),
        courier: (delivery.tier == Tier::GoldPlus).then(|| delivery.center.and_then(|c| c.couriers.first().cloned())).flatten(),
        deadlines,
        picks: delivery.picks,
        asked: delivery.asked,
    })
}

/// What a contact that is missing, or has not accepted, makes the courier's clock wait for (P4.2).
pub fn waits_for_contact(contact: Option<&LocalContact>) -> Vec<WaitsFor> {
    match contact {
        None => vec![WaitsFor::Contact, WaitsFor::ContactAccepts],
        Some(contact) if !contact.accepts_delivery => vec![WaitsFor::ContactAccepts],
        Some(_) => Vec::new(),
    }
}

/// The coverage of a site (P5.2) on the day of `now`, local to the site.
pub fn site_coverage(site: &SiteFacts, network: &Network, program: &Program, now: DateTime<Utc>) -> Coverage {
    let place =
        Inquiry { position: site.position.as_ref(), country: &site.country, confirmed: site.position_confirmed, only_nearest: false };
    let coverage = coverage::judge(network, &place, program, super::zone::local_day(site.zone, now), |_| site.evidence.clone());
    coverage.with_requested(&site.requests, site.position.as_ref())
}

fn reason(code: &str, rule: &str, detail: String) -> Reason {
    Reason { code: code.into(), rule: rule.into(), detail }
}

/// A wait is part of an honest promise: the tier stays, the clock does not run yet (P4.2).
pub fn waits(deadlines: &[Deadline]) -> Option<Reason> {
    let courier = deadlines.iter().find(|d| d.basis.kind == DeadlineKind::DeliverBy)?;
    let (code, detail) = match courier.basis.waits_for.as_slice() {
        [] => return None,
        [WaitsFor::Contact, ..] => ("contact_missing", "the four-hour clock starts when a local contact is named and accepts delivery"),
        _ => ("contact_has_not_accepted", "the four-hour clock starts when the local contact accepts delivery"),
    };
    Some(reason(code, "P4.2", detail.into()))
}

fn paused(deadlines: &[Deadline]) -> Vec<Reason> {
    let papers = deadlines.iter().find_map(|d| d.basis.holds.first());
    let papers = papers.map(|hold| reason("export_papers_needed", "P4.5", format!("the ship-by clock is paused: {}", hold.reason)));
    let uncounted = deadlines.iter().filter(|d| d.state == DeadlineState::Paused && d.basis.holds.is_empty());
    let unknown = uncounted.filter_map(|d| Some((d.basis.kind, d.steps.first()?)));
    let unknown = unknown.map(|(kind, step)| reason("calendar_unknown", "P3.4", format!("the {kind} clock stands: {}", step.note)));
    papers.into_iter().chain(unknown).collect()
}

struct Clocks<'a> {
    facts: &'a Facts,
    contract: &'a ContractFacts,
    program: &'a Program,
    calendars: &'a dyn Calendars,
    now: DateTime<Utc>,
}

impl Clocks<'_> {
    fn terms(&self, tier: Tier) -> Result<(&super::program::TierTerms, &super::program::Window), Vec<Refusal>> {
        let known = self.program.tier(tier).zip(self.program.coverage_hours.get(&self.contract.region));
        known.ok_or_else(|| {
            vec![Refusal::refused("program_incomplete", "P4", format!("program {} has no terms for tier {tier}", self.program.version))]
        })
    }

    /// The place whose days count for the customer: the site, or the customer's home.
    fn destination(&self) -> (&str, Option<&str>) {
        match &self.facts.site {
            Some(site) => (site.country.as_str(), site.subdivision.as_deref()),
            None => (self.facts.home.0.as_str(), self.facts.home.1.as_deref()),
        }
    }

    /// The key of the calendar of a place (P3.4), with its make-up working days where the program counts them.
    fn calendar(&self, country: &str, subdivision: Option<&str>) -> String {
        let calendar = match self.program.makeup_workdays.contains(country) {
            true => self.calendars.with_makeup_days(country, subdivision),
            false => self.calendars.of(country, subdivision),
        };
        calendar.key.clone()
    }

    /// Whose days count at a place: its own, those of the contract's region, and those of the center that ships.
    fn edition(&self, (country, subdivision): (&str, Option<&str>), center: Option<&CenterFacts>) -> Edition {
        let country = Country::parse(country).ok();
        let subdivision = country.clone().zip(subdivision.and_then(|s| Subdivision::parse(s).ok()));
        let days_of = [
            Some(DaysOf::Region(self.contract.region)),
            country.map(DaysOf::Country),
            subdivision.map(|(country, subdivision)| DaysOf::Subdivision(country, subdivision)),
            center.map(|c| DaysOf::ServiceCenter(c.center.code.clone())),
        ];
        Edition { days_of: days_of.into_iter().flatten().collect(), revision: self.calendars.revision(), also: Vec::new() }
    }

    fn customer_zone(&self) -> Tz {
        self.facts.site.as_ref().map_or(self.contract.zone, |s| s.zone)
    }

    fn replacement(&self, tier: Tier, center: Option<&CenterFacts>, picks: &[Pick]) -> Result<Vec<Deadline>, Vec<Refusal>> {
        let (terms, window) = self.terms(tier)?;
        let target = terms.replacement.target(window);
        let basis = match terms.replacement {
            Replacement::Ships { .. } | Replacement::ShipsInHours { .. } => {
                let days = matches!(target, Target::BusinessDays { .. });
                let (country, subdivision) = match center {
                    Some(c) => (c.center.country.as_str(), c.subdivision.as_deref()),
                    None => self.destination(),
                };
                let edition = self.edition((country, subdivision), center);
                Basis {
                    kind: DeadlineKind::ShipBy,
                    target,
                    zone: window.zone,
                    calendar: self.calendar(country, subdivision),
                    edition,
                    starts_at: Some(self.now),
                    waits_for: Vec::new(),
                    holds: self.export_hold(country, picks).into_iter().collect(),
                    extensions: Vec::new(),
                    rules: rules(if days { &["P4", "P3.4", "P3.5"] } else { &["P4", "P3.2", "P3.3"] }),
                }
            }
            Replacement::Delivered { .. } => {
                let waits_for = waits_for_contact(self.facts.contact.as_ref());
                let (country, subdivision) = self.destination();
                Basis {
                    kind: DeadlineKind::DeliverBy,
                    target,
                    zone: self.customer_zone(),
                    calendar: self.calendar(country, subdivision),
                    edition: self.edition((country, subdivision), None),
                    starts_at: waits_for.is_empty().then_some(self.now),
                    waits_for,
                    holds: Vec::new(),
                    extensions: Vec::new(),
                    rules: rules(&["P4", "P4.2"]),
                }
            }
        };
        Ok(vec![deadline::compute(basis, self.calendars)])
    }

    fn defective_unit(&self, tier: Tier) -> Result<Deadline, Vec<Refusal>> {
        let (terms, window) = self.terms(tier)?;
        let (country, subdivision) = self.destination();
        let from_issue = terms.return_counts_from == ReturnStart::Issue;
        let basis = Basis {
            kind: DeadlineKind::ReturnBy,
            target: terms.return_target(window),
            zone: self.customer_zone(),
            calendar: self.calendar(country, subdivision),
            edition: self.edition((country, subdivision), None),
            starts_at: from_issue.then_some(self.now),
            waits_for: if from_issue { Vec::new() } else { vec![WaitsFor::Delivery] },
            holds: Vec::new(),
            extensions: Vec::new(),
            rules: rules(&["P4", "P3.4", "P3.5"]),
        };
        Ok(deadline::compute(basis, self.calendars))
    }

    /// P4.5: papers are needed first where a controlled part crosses a border.
    fn export_hold(&self, from_country: &str, picks: &[Pick]) -> Option<Hold> {
        let (to_country, _) = self.destination();
        let sent = |a: &Acceptable| picks.iter().any(|p| p.part == a.part);
        let sendable = self.facts.lines.iter().flat_map(sourcing::acceptable);
        let controlled = sendable.filter(sent).find(|a| a.export_controlled)?;
        let reason = format!("the export of {} from {from_country} to {to_country} needs papers", controlled.part);
        (from_country != to_country).then_some(Hold { from: self.now, to: None, reason })
    }
}

fn rules(ids: &[&str]) -> Vec<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

#[cfg(test)]
mod tests;
