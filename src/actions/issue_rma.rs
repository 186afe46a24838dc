//! Issuing an RMA (P4): the facts are gathered, `rules::intake` decides, and the plan is stored with its letters.

mod stock;

use super::dossier::{Dossier, first_reminder};
use super::{ActionError, Context, Done};
use crate::rules::entitlement::{ApplianceFacts, ContractFacts, LineFacts, PartFacts};
use crate::rules::intake::{self, CenterFacts, Facts, Plan, SiteFacts};
use crate::rules::notice::{LocalContact, NoticeKind};
use crate::rules::number::{CaseNumber, RmaNumber};
use crate::rules::position::Grade;
use crate::rules::program::Program;
use crate::rules::record::{Appliance, ServiceCenter, Site};
use crate::rules::refusal::Refusal;
use crate::rules::rma::{ReturnState, RmaState, ShipmentState};
use crate::rules::text::{Code, PartNumber, PostalCode, SerialNumber};
use crate::rules::tier::Region;
use crate::rules::tier::Tier;
use crate::rules::zone::local_day;
use crate::store::cases::Case;
use crate::store::deadlines::Kept;
use crate::store::returns::ExpectedReturn;
use crate::store::rmas::{Rma, RmaLine};
use crate::store::shipments::Shipment;
use crate::store::stock_units::Held;
use crate::store::{self, Conn, Id, Json, Stand, StoreError, Word};
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

/// The rows that the facts came from.
struct Found {
    case: Case,
    appliance: Stand<Appliance>,
    site: Option<Stand<Site>>,
    /// Part and verification of each line.
    lines: Vec<Option<(Id, Id)>>,
    contracts: Vec<(String, Id)>,
    /// The rows of the parts that may be sent, where units of them are kept.
    acceptable: KeptParts,
}

/// Issues an RMA, or refuses with every reason.
pub fn issue_rma(conn: &mut Conn, ctx: &Context, ask: &Ask) -> Done<Dossier> {
    let case = store::cases::lock(conn, ask.case.serial())?.filter(|c| ctx.actor.scope.sees(c.organization_id));
    let case = case.ok_or_else(|| Refusal::input("unknown_case", "/case", format!("there is no case {}", ask.case)))?;
    let program = ctx.program().ok_or_else(|| Refusal::refused("no_program", "P4", "no program is in force"))?;
    let (mut facts, found) = gather(conn, ctx, ask, case, program)?;
    let (plan, held) = decide(conn, ctx, program, &mut facts, &found)?;
    let rma = store_plan(conn, ctx, ask, &found, (&plan, &held))?;
    let mut dossier = Dossier::gather(conn, rma)?;
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
        let plan = intake::decide(facts, program, &calendars, ctx.now)?;
        match hold_units(conn, &plan, &found.acceptable)? {
            Some(held) => return Ok((plan, held)),
            None => facts.shelves = shelves(conn, &found.acceptable)?,
        }
    }
    Err(StoreError::Busy.into())
}

fn gather(conn: &mut Conn, ctx: &Context, ask: &Ask, case: Case, program: &Program) -> Done<(Facts, Found)> {
    let (organization_id, model_id, site_id) =
        store::appliances::links(conn, case.appliance_id)?.ok_or(ActionError::NotFound("appliance"))?;
    let serial = ask
        .lines
        .first()
        .map(|l| l.serial_number.clone())
        .ok_or_else(|| Refusal::input("empty", "/lines", "at least one line is needed"))?;
    let appliance = appliance_of(conn, ctx, &case, &serial)?;
    let contracts = store::contracts::listing(conn, appliance.id)?;
    let site = site_id.map(|id| store::sites::get(conn, id)).transpose()?.flatten();
    let organization = store::organizations::get(conn, organization_id)?.ok_or(ActionError::NotFound("organization"))?.record;
    let country = site.as_ref().map_or(organization.country.as_str(), |s| s.record.address.country.as_str());
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
        lines.push(facts);
        rows.push(row);
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
        home: (organization.country.to_string(), organization.subdivision.map(|s| s.to_string())),
        centers: centers.iter().map(|c| center_facts(&c.record)).collect(),
        contact: ask.contact.clone(),
    };
    let contracts = contracts.iter().map(|c| (c.record.number.to_string(), c.id)).collect();
    Ok((facts, Found { case, appliance, site, lines: rows, contracts, acceptable }))
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
pub(super) fn contract_facts(stand: &Stand<crate::rules::record::Contract>) -> ContractFacts {
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

fn line_facts(conn: &mut Conn, case: &Case, model: Id, line: &AskLine) -> Done<(LineFacts, Option<(Id, Id)>)> {
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
    Ok((facts, Some((part.id, verification.id))))
}

fn store_plan(conn: &mut Conn, ctx: &Context, ask: &Ask, found: &Found, (plan, held): (&Plan, &[Option<Held>])) -> Done<Rma> {
    let lost = |what: &str| ActionError::Store(StoreError::Other(format!("the {what} of the plan is gone")));
    let contract = found.contracts.iter().find(|(number, _)| number == plan.contract.as_str()).ok_or_else(|| lost("contract"))?;
    let center_id = |conn: &mut Conn, code: &Option<Code>| code.as_ref().map(|c| store::centers::id_of(conn, c.as_str())).transpose();
    let service_center_id = center_id(conn, &plan.ships_from)?.flatten();
    let courier_id = plan.courier.as_ref().map(|c| store::couriers::id_of(conn, c.as_str())).transpose()?.flatten();
    let rma = Rma {
        id: Id::new(),
        number: store::numbers::next(conn, store::numbers::Series::Rma)?,
        case_id: found.case.id,
        organization_id: found.case.organization_id,
        contract_id: contract.1,
        appliance_id: found.appliance.id,
        site_id: found.site.as_ref().map(|s| s.id),
        service_center_id,
        state: Word(RmaState::Issued),
        entitled_tier: Word(plan.entitled_tier),
        delivered_tier: Word(plan.delivered_tier),
        reasons: Json::of(&plan.reasons)?,
        program_version: plan.program_version.clone(),
        contact: ask.contact.as_ref().map(Json::of).transpose()?,
        issued_at: ctx.ts(),
        ended_at: None,
        cancel_reason: None,
        sourcing: Some(Json::of(&plan.asked)?),
    };
    let mut lines = Vec::new();
    let mut returns = Vec::new();
    for (((line, ask), rows), pick) in (1_i32..).zip(&ask.lines).zip(&found.lines).zip(&plan.picks) {
        let (part_id, verification_id) = rows.ok_or_else(|| lost("verification"))?;
        let (id, serial_number) = (Id::new(), ask.serial_number.to_string());
        lines.push(RmaLine {
            id,
            rma_id: rma.id,
            line,
            verification_id,
            part_id,
            serial_number: serial_number.clone(),
            replacement_serial_number: None,
            void: false,
            supply: Word(pick.supply),
        });
        returns.push(expected(rma.id, id, line, serial_number));
    }
    store::rmas::insert(conn, &rma, &lines)?;
    for (line, unit) in lines.iter().zip(held) {
        unit.as_ref().map(|unit| store::stock_units::reserve(conn, unit, line.id, ctx.ts())).transpose()?;
    }
    store::returns::insert(conn, &returns)?;
    store::shipments::insert(conn, &planned(rma.id, service_center_id, courier_id))?;
    for deadline in &plan.deadlines {
        let remind_at = first_reminder(ctx, (&plan.program_version, plan.delivered_tier), deadline);
        let kept = Kept { id: Id::new(), rma_id: rma.id, rma: rma.number, deadline: deadline.clone(), done_at: None, remind_at };
        store::deadlines::save(conn, &kept)?;
    }
    Ok(rma)
}

fn expected(rma_id: Id, rma_line_id: Id, line: i32, serial_number: String) -> ExpectedReturn {
    ExpectedReturn {
        id: Id::new(),
        rma_id,
        rma_line_id,
        line,
        serial_number,
        state: Word(ReturnState::Expected),
        carrier: None,
        tracking_number: None,
        shipped_at: None,
        received_at: None,
        received_serial_number: None,
        condition: None,
    }
}

fn planned(rma_id: Id, service_center_id: Option<Id>, courier_id: Option<Id>) -> Shipment {
    Shipment {
        id: Id::new(),
        rma_id,
        service_center_id,
        courier_id,
        state: Word(ShipmentState::Planned),
        dispatches: 0,
        carrier: None,
        tracking_number: None,
        shipped_at: None,
        delivered_at: None,
        received_by: None,
    }
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
