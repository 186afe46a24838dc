//! A plan becomes an RMA with all that belongs to it, and its rows. Nothing is read back: what was written is known.

use super::{Ask, Found, first_reminder};
use crate::actions::dossier::{Belongings, DeadLinks, Dossier, LineUnit};
use crate::actions::{ActionError, Context, Done};
use crate::rules::intake::Plan;
use crate::rules::rma::{ReturnState, RmaState, ShipmentState};
use crate::rules::stock::StockState;
use crate::store::deadlines::Kept;
use crate::store::returns::ExpectedReturn;
use crate::store::rmas::{Names, Rma, RmaLine};
use crate::store::shipments::Shipment;
use crate::store::stock_units::Held;
use crate::store::{self, Conn, Id, Json, StoreError, Stored, Word};

/// Makes the RMA of a plan with its next number, and stores it; each line that is to have a unit of stock gets the one held for it.
pub(super) fn store_plan(conn: &mut Conn, ctx: &Context, ask: &Ask, found: Found, (plan, held): (&Plan, &[Option<Held>])) -> Done<Dossier> {
    let dossier = draft(conn, ctx, ask, found, (plan, held))?;
    let lines: Vec<RmaLine> = dossier.lines.iter().map(|(line, ..)| line.clone()).collect();
    store::rmas::insert(conn, &dossier.rma, &lines)?;
    for (line, unit) in lines.iter().zip(held) {
        unit.as_ref().map(|unit| store::stock_units::reserve(conn, unit, line.id, ctx.ts())).transpose()?;
    }
    store::returns::insert(conn, &dossier.returns)?;
    store::shipments::insert(conn, &dossier.shipment)?;
    store::deadlines::insert(conn, &dossier.deadlines)?;
    Ok(dossier)
}

fn lost(what: &str) -> ActionError {
    ActionError::Store(StoreError::Other(format!("the {what} of the plan is gone")))
}

fn draft(conn: &mut Conn, ctx: &Context, ask: &Ask, found: Found, (plan, held): (&Plan, &[Option<Held>])) -> Done<Dossier> {
    let contract = found.contracts.iter().find(|c| c.record.number == plan.contract).ok_or_else(|| lost("contract"))?;
    let center = plan.ships_from.as_ref().and_then(|code| found.centers.iter().find(|c| c.record.code == *code)).cloned();
    let courier = plan.courier.as_ref().map(|code| store::couriers::find(conn, code)).transpose()?.flatten();
    let rma = Rma {
        id: Id::new(),
        number: store::numbers::next(conn, store::numbers::Series::Rma)?,
        case_id: found.case.id,
        organization_id: found.case.organization_id,
        contract_id: contract.id,
        appliance_id: found.appliance.id,
        site_id: found.site.as_ref().map(|s| s.id),
        service_center_id: center.as_ref().map(|c| c.id),
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
        keeps_media: contract.record.keeps_media,
    };
    let lines = lines(rma.id, ask, &found, plan)?;
    let unit = |((line, ..), (held, pick)): (&(RmaLine, String, String), (&Option<Held>, &crate::rules::sourcing::Pick))| {
        let serial_number = held.as_ref()?.serial_number.clone();
        Some(LineUnit { line: line.id, serial_number, part_number: pick.part.to_string(), state: StockState::Reserved })
    };
    let belongings = Belongings {
        names: Names {
            case: found.case.number,
            organization: found.organization.record.code.to_string(),
            contract: contract.record.number.to_string(),
            contract_zone: contract.record.zone.name().to_owned(),
            site: found.site.as_ref().map(|s| s.record.code.to_string()),
            service_center: center.as_ref().map(|c| c.record.code.to_string()),
        },
        units: lines.iter().zip(held.iter().zip(&plan.picks)).filter_map(unit).collect(),
        dead: DeadLinks::load(conn, |_| Some(RmaState::Issued), &lines)?,
        returns: lines.iter().map(|(line, ..)| expected(line)).collect(),
        lines,
        shipment: planned(rma.id, rma.service_center_id, courier.as_ref().map(|c| c.id)),
        deadlines: kept(ctx, &rma, plan),
        organization: found.organization,
        site: found.site,
        center,
        courier,
    };
    Ok(Dossier::of(rma, belongings)?)
}

fn lines(rma: Id, ask: &Ask, found: &Found, plan: &Plan) -> Stored<Vec<(RmaLine, String, String)>> {
    let mut lines = Vec::new();
    for (((line, ask), part), pick) in (1_i32..).zip(&ask.lines).zip(&found.lines).zip(&plan.picks) {
        let part = part.as_ref().ok_or_else(|| StoreError::Other("the verification of the plan is gone".to_owned()))?;
        let row = RmaLine {
            id: Id::new(),
            rma_id: rma,
            line,
            verification_id: part.verification,
            part_id: part.id,
            serial_number: ask.serial_number.to_string(),
            replacement_serial_number: None,
            void: false,
            supply: Word(pick.supply),
            replaces_line_id: found.replaces,
        };
        lines.push((row, ask.part_number.to_string(), part.description.clone()));
    }
    Ok(lines)
}

fn kept(ctx: &Context, rma: &Rma, plan: &Plan) -> Vec<Kept> {
    let kept = |deadline: &crate::rules::deadline::Deadline| Kept {
        id: Id::new(),
        rma_id: rma.id,
        rma: rma.number,
        deadline: deadline.clone(),
        done_at: None,
        remind_at: first_reminder(ctx, (&plan.program_version, plan.delivered_tier), deadline),
    };
    plan.deadlines.iter().map(kept).collect()
}

fn expected(line: &RmaLine) -> ExpectedReturn {
    ExpectedReturn {
        id: Id::new(),
        rma_id: line.rma_id,
        rma_line_id: line.id,
        line: line.line,
        serial_number: line.serial_number.clone(),
        state: Word(ReturnState::Expected),
        carrier: None,
        tracking_number: None,
        shipped_at: None,
        received_at: None,
        received_serial_number: None,
        condition: None,
        certificate: None,
        destroyed_by: None,
        destroyed_on: None,
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
