//! Issuing an RMA (P4): the facts are gathered, `rules::intake` decides, and the plan is stored with its letters.

mod draft;
mod stock;

use super::dossier::{Dossier, first_reminder};
use super::{ActionError, Context, Done};
use crate::rules::entitlement::{ApplianceFacts, ContractFacts, LineFacts, PartFacts};
use crate::rules::intake::{self, CenterFacts, Facts, Plan, SiteFacts};
use crate::rules::notice::{LocalContact, NoticeKind};
use crate::rules::number::{CaseNumber, RmaNumber};
use crate::rules::position::Grade;
use crate::rules::program::Program;
use crate::rules::record::{Appliance, Contract, Organization, ServiceCenter, Site};
use crate::rules::refusal::Refusal;
use crate::rules::text::{PartNumber, PostalCode, SerialNumber};
use crate::rules::tier::Region;
use crate::rules::tier::Tier;
use crate::rules::zone::local_day;
use crate::store::cases::Case;
use crate::store::stock_units::Held;
use crate::store::{self, Conn, Id, Stand, StoreError};
use draft::store_plan;
use std::collections::BTreeSet;
use stock::{Kept as KeptParts, fill_in, hold_units, shelves};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The case with the verified defect.
    pub case: CaseNumber,
    /// What is to be replaced.
    pub lines: Vec<AskLine>,
    /// The local contact, as far as known.
    pub contact: Option<LocalContact>,
}

/// One line that is asked for.
#[derive(Debug, Clone)]
pub struct AskLine {
    /// The appliance.
    pub serial_number: SerialNumber,
    /// The component.
    pub part_number: PartNumber,
}

/// A replacement that was dead on arrival, for which another one is sent at once (P4.6).
pub(super) struct Dead {
    /// The line that it was sent for.
    pub(super) line: Id,
    /// The part of that line, and the finding that it is dead.
    pub(super) row: (Id, Id),
    /// The contract that the first RMA was judged by, with the tier of then.
    pub(super) contract: Stand<Contract>,
}

/// The rows that the facts came from.
struct Found {
    case: Case,
    appliance: Stand<Appliance>,
    organization: Stand<Organization>,
    site: Option<Stand<Site>>,
    /// What each line is about, as far as it is there.
    lines: Vec<Option<FoundPart>>,
    contracts: Vec<Stand<Contract>>,
    centers: Vec<Stand<ServiceCenter>>,
    /// The rows of the parts that may be sent, where units of them are kept.
    acceptable: KeptParts,
    /// The line whose replacement was dead on arrival.
    replaces: Option<Id>,
}

/// The rows of a line's part.
struct FoundPart {
    id: Id,
    description: String,
    verification: Id,
}

/// Issues an RMA, or refuses with every reason.
pub fn issue_rma(conn: &mut Conn, ctx: &Context, ask: &Ask) -> Done<Dossier> {
    issue(conn, ctx, ask, None)
}

/// The same, or for a replacement that was dead on arrival: then nobody judges again whether it is entitled.
pub(super) fn issue(conn: &mut Conn, ctx: &Context, ask: &Ask, dead: Option<Dead>) -> Done<Dossier> {
    let case = store::cases::lock(conn, ask.case.serial())?.filter(|c| ctx.actor.scope.sees(c.organization_id));
    let case = case.ok_or_else(|| Refusal::input("unknown_case", "/case", format!("there is no case {}", ask.case)))?;
    let program = ctx.program().ok_or_else(|| Refusal::refused("no_program", "P4", "no program is in force"))?;
    let (mut facts, found) = gather(conn, ctx, ask, (case, dead), program)?;
    let (plan, held) = decide(conn, ctx, program, &mut facts, &found)?;
    let mut dossier = store_plan(conn, ctx, ask, found, (&plan, &held))?;
    ctx.record::<(), _>(conn, "issued", ("rma", &dossier.number.to_string()), None, Some(&audit(&plan, ask)))?;
    dossier.tell_customer(conn, ctx, NoticeKind::RmaIssued, "issued", None)?;
    if let Some(short) = stock::shortage(&plan) {
        dossier.alert_stock(conn, ctx, short)?;
    }
    if plan.courier.is_some() && intake::waits_for_contact(ask.contact.as_ref()).is_empty() {
        dossier.dispatch(conn, ctx)?;
    }
    Ok(dossier)
}

/// How often the shelves are looked at again because somebody else was quicker.
const LOOKS: usize = 64;

/// Decides, and holds the units that the plan wants until the transaction ends. What somebody else took in between is not there
/// at the next look.
fn decide(conn: &mut Conn, ctx: &Context, program: &Program, facts: &mut Facts, found: &Found) -> Done<(Plan, Vec<Option<Held>>)> {
    let calendars = ctx.calendars(conn)?;
    for _ in 0..LOOKS {
        let plan = match (found.replaces, facts.appliance.contracts.first()) {
            (Some(_), Some(contract)) => intake::promise(facts, contract, program, &calendars, ctx.now)?,
            _ => intake::decide(facts, program, &calendars, ctx.now)?,
        };
        match hold_units(conn, &plan, found)? {
            Some(held) => return Ok((plan, held)),
            None => facts.shelves = shelves(conn, &found.acceptable)?,
        }
    }
    Err(StoreError::Busy.into())
}

fn gather(conn: &mut Conn, ctx: &Context, ask: &Ask, (case, dead): (Case, Option<Dead>), program: &Program) -> Done<(Facts, Found)> {
    let (organization_id, model_id, site_id) =
        store::appliances::links(conn, case.appliance_id)?.ok_or(ActionError::NotFound("appliance"))?;
    let serial = ask
        .lines
        .first()
        .map(|l| l.serial_number.clone())
        .ok_or_else(|| Refusal::input("empty", "/lines", "at least one line is needed"))?;
    let appliance = appliance_of(conn, ctx, &case, &serial)?;
    let contracts = match &dead {
        Some(dead) => vec![dead.contract.clone()],
        None => store::contracts::listing(conn, appliance.id)?,
    };
    let site = site_id.map(|id| store::sites::get(conn, id)).transpose()?.flatten();
    let organization = store::organizations::get(conn, organization_id)?.ok_or(ActionError::NotFound("organization"))?;
    let country = site.as_ref().map_or(organization.record.country.as_str(), |s| s.record.address.country.as_str());
    // The day on which the rules look at centers: the site's, or the contract's.
    let zone = site.as_ref().map(|s| s.record.zone).or_else(|| contracts.first().map(|c| c.record.zone));
    let mut centers = store::centers::serving(conn, &program.counted_with(country), local_day(zone.unwrap_or_default(), ctx.now))?;
    let regions: BTreeSet<Region> = contracts.iter().map(|c| c.record.region).collect();
    let warehouses = store::centers::warehouses(conn, &Vec::from_iter(regions))?;
    centers.extend(warehouses.into_iter().filter(|w| !centers.iter().any(|c| c.id == w.id)).collect::<Vec<_>>());
    let mut lines = Vec::new();
    let mut rows = Vec::new();
    for line in &ask.lines {
        let (facts, row) = line_facts(conn, &case, model_id, line)?;
        let found = |dead: &Dead| FoundPart { id: dead.row.0, verification: dead.row.1, description: description(&facts) };
        rows.push(dead.as_ref().map(found).or(row));
        lines.push(facts);
    }
    let acceptable = fill_in(conn, &mut lines, &rows)?;
    let requests = match contracts.iter().any(|c| c.record.tier == Tier::GoldPlus || c.record.four_hour_service_center) {
        true => store::center_requests::open(conn, &program.counted_with(country))?,
        false => Vec::new(),
    };
    let facts = Facts {
        shelves: shelves(conn, &acceptable)?,
        appliance: ApplianceFacts {
            serial_number: appliance.record.serial_number.clone(),
            model: appliance.record.model.to_string(),
            kind: appliance.record.kind,
            end_of_maintenance_on: appliance.record.end_of_maintenance_on,
            contracts: contracts.iter().map(contract_facts).collect(),
        },
        lines,
        site: site.as_ref().map(|s| SiteFacts { requests, ..site_facts(ctx, &s.record, program) }),
        home: (organization.record.country.to_string(), organization.record.subdivision.as_ref().map(ToString::to_string)),
        centers: centers.iter().map(|c| center_facts(&c.record)).collect(),
        contact: ask.contact.clone(),
    };
    let replaces = dead.map(|dead| dead.line);
    Ok((facts, Found { case, appliance, organization, site, lines: rows, contracts, centers, acceptable, replaces }))
}

/// The appliance of the case: usually the one that the first line names.
fn appliance_of(conn: &mut Conn, ctx: &Context, case: &Case, serial: &SerialNumber) -> Done<Stand<Appliance>> {
    if let Some(found) = store::appliances::find(conn, serial)?.filter(|a| a.id == case.appliance_id) {
        return Ok(found);
    }
    let filter = store::cases::Filter { number: Some(case.number), organization: ctx.actor.scope.organization(), ..Default::default() };
    let detail = store::cases::page(conn, &filter, None, 1)?.rows.pop().ok_or(ActionError::NotFound("case"))?;
    let own = SerialNumber::parse(&detail.serial_number).map_err(|f| StoreError::Unreadable(f.detail))?;
    store::appliances::find(conn, &own)?.ok_or(ActionError::NotFound("appliance"))
}

/// A contract as the rules of entitlement see it.
pub fn contract_facts(stand: &Stand<Contract>) -> ContractFacts {
    let c = &stand.record;
    ContractFacts {
        number: c.number.clone(),
        region: c.region,
        tier: c.tier,
        zone: c.zone,
        starts_on: c.starts_on,
        ends_on: c.ends_on,
        four_hour: c.four_hour_service_center,
    }
}

fn site_facts(ctx: &Context, site: &Site, program: &Program) -> SiteFacts {
    let (country, postal_code) = (site.address.country.as_str(), site.address.postal_code.as_ref().map(PostalCode::as_str));
    let confirmed = site.position_confirmed == Some(true);
    let evidence = site
        .position
        .filter(|p| p.grade == Grade::Given && !confirmed)
        .map(|position| ctx.reference.evidence(&position, country, postal_code, program));
    SiteFacts {
        country: site.address.country.to_string(),
        subdivision: site.subdivision.as_ref().map(ToString::to_string),
        zone: site.zone,
        position: site.position,
        position_confirmed: confirmed,
        evidence: evidence.unwrap_or_default(),
        requests: Vec::new(),
    }
}

fn center_facts(record: &ServiceCenter) -> CenterFacts {
    CenterFacts {
        center: super::check_site::center(record),
        subdivision: record.subdivision.as_ref().map(ToString::to_string),
        couriers: record.couriers.clone(),
        warehouse_for: record.warehouse_for.clone(),
    }
}

fn description(facts: &LineFacts) -> String {
    facts.part.as_ref().map_or_else(String::new, |part| part.description.clone())
}

fn line_facts(conn: &mut Conn, case: &Case, model: Id, line: &AskLine) -> Done<(LineFacts, Option<FoundPart>)> {
    let part = store::parts::find(conn, &line.part_number)?;
    let mut facts = LineFacts {
        serial_number: line.serial_number.clone(),
        part_number: line.part_number.clone(),
        part: None,
        verified: false,
        replaced_by: None,
    };
    let Some(part) = part else { return Ok((facts, None)) };
    facts.part = Some(PartFacts {
        description: part.record.description.to_string(),
        fits_model: store::parts::fits(conn, part.id, model)?,
        excluded_from_gold_plus: part.record.excluded_from_gold_plus,
        excluded_from_maintenance: part.record.excluded_from_maintenance,
        export_controlled: part.record.export_controlled,
        tracked: false,
        substitutes: Vec::new(),
    });
    let Some((verification, replaced_by)) = store::cases::latest_verification(conn, case.id, part.id)? else { return Ok((facts, None)) };
    facts.verified = verification.replacement_needed;
    facts.replaced_by = replaced_by.and_then(RmaNumber::of);
    let found = FoundPart { id: part.id, description: description(&facts), verification: verification.id };
    Ok((facts, Some(found)))
}

fn audit(plan: &Plan, ask: &Ask) -> serde_json::Value {
    let lines: Vec<_> =
        ask.lines.iter().map(|l| serde_json::json!({"serial_number": l.serial_number, "part_number": l.part_number})).collect();
    serde_json::json!({
        "case": ask.case, "lines": lines, "contract": plan.contract, "program_version": plan.program_version,
        "entitled_tier": plan.entitled_tier, "delivered_tier": plan.delivered_tier, "reasons": plan.reasons, "ships_from": plan.ships_from,
        "asked": plan.asked,
    })
}
