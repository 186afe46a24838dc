//! A replacement that is dead on arrival (P4.6): another one is sent at once, by an RMA of the same case that is linked to the first.

use super::dossier::Dossier;
use super::issue_rma::{self, AskLine, Dead, issue};
use super::{ActionError, Context, Done};
use crate::rules::dead::{self, DeadLine, Facts, Which};
use crate::rules::moves;
use crate::rules::number::{CaseNumber, RmaNumber};
use crate::rules::record::Contract;
use crate::rules::text::{Note, PartNumber, SerialNumber};
use crate::store::cases::Verification;
use crate::store::{self, Conn, Id, Stand, StoreError, Stored, Ts, cases, contracts};
use chrono::{DateTime, Utc};

/// The report.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Which unit.
    pub which: Which,
    /// What failed: a stable word such as `no_power`.
    pub failure_code: String,
    /// What was seen.
    pub note: Option<Note>,
    /// When the customer told, if not now.
    pub reported_at: Option<DateTime<Utc>>,
}

/// Issues the RMA that replaces the dead unit; what is expected back of the first one stays as it is.
pub fn report_dead(conn: &mut Conn, ctx: &Context, number: RmaNumber, ask: &Ask) -> Done<Dossier> {
    let first = Dossier::lock(conn, ctx, number)?;
    let facts = facts(ctx, &first)?;
    let not_before = facts.delivered_at.unwrap_or_else(|| first.rma.issued_at.at());
    let at = moves::happened_at(ask.reported_at, not_before, ctx.now, "/reported_at")?;
    let (line, serial_number) = dead::report(&facts, &ask.which, at)?;
    let lost = |what: &str| ActionError::Store(StoreError::Other(format!("an RMA without its {what}")));
    let (row, part_number, _) = first.lines.iter().find(|(l, ..)| l.line == line).ok_or_else(|| lost("line"))?;
    let case = CaseNumber::of(first.names.case).ok_or_else(|| lost("case"))?;
    // In the order in which issuing locks: whoever verifies at the same time is done, or waits.
    cases::lock(conn, case.serial())?;
    let verification = verification(ctx, &first, row.part_id, ask);
    cases::insert_verification(conn, &verification)?;
    let dead = Dead { line: row.id, row: (row.part_id, verification.id), contract: contract(conn, &first)? };
    let part_number = PartNumber::parse(part_number).map_err(|f| StoreError::Unreadable(f.detail))?;
    let wanted =
        issue_rma::Ask { case, lines: vec![AskLine { serial_number: serial_number.clone(), part_number }], contact: first.contact()? };
    let second = issue(conn, ctx, &wanted, Some(dead))?;
    let told = serde_json::json!({
        "line": line, "serial_number": serial_number, "failure_code": ask.failure_code, "replaced_by": second.number, "reported_at": at,
    });
    first.record(conn, ctx, "dead_on_arrival", &told)?;
    Ok(second)
}

fn facts(ctx: &Context, first: &Dossier) -> Stored<Facts> {
    let programs = &ctx.reference.programs;
    let program = programs.version(&first.rma.program_version).or_else(|| programs.in_force(ctx.now.date_naive()));
    let line = |(line, ..): &(store::rmas::RmaLine, String, String)| {
        let replacement = line.replacement_serial_number.as_deref().map(SerialNumber::parse).transpose();
        Ok(DeadLine {
            line: line.line,
            replacement: replacement.map_err(|f| StoreError::Unreadable(f.detail))?,
            void: line.void,
            replaced_by: first.dead.successor_of(line.id).and_then(|(rma, _)| RmaNumber::of(rma)),
        })
    };
    Ok(Facts {
        state: first.rma.state.0,
        delivered_at: first.shipment.delivered_at.map(Ts::at),
        zone: first.reader_zone(),
        days: program.map_or(0, |p| p.doa_days),
        lines: first.lines.iter().map(line).collect::<Stored<_>>()?,
    })
}

/// Whoever reports the unit dead verifies the defect by that.
fn verification(ctx: &Context, first: &Dossier, part_id: Id, ask: &Ask) -> Verification {
    Verification {
        id: Id::new(),
        case_id: first.rma.case_id,
        part_id,
        replacement_needed: true,
        failure_code: ask.failure_code.clone(),
        note: ask.note.as_ref().map(ToString::to_string),
        verified_at: ctx.ts(),
        verified_by: ctx.actor.name.clone(),
    }
}

/// The contract of the first RMA with the tier that it was judged to entitle to: it may have ended, or changed, since.
fn contract(conn: &mut Conn, first: &Dossier) -> Done<Stand<Contract>> {
    let filter = contracts::Filter { number: Some(first.names.contract.clone()), ..Default::default() };
    let found = contracts::page(conn, &filter, None, 1)?.rows.pop().ok_or(ActionError::NotFound("contract"))?;
    let record = Contract { tier: first.rma.entitled_tier.0, keeps_media: first.rma.keeps_media, ..found.record };
    Ok(Stand { id: found.id, version: found.version, created_at: found.created_at, updated_at: found.updated_at, record })
}
