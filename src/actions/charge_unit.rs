//! Charging for a unit that never came back (P4.6): proposed, decided by operations, taken back when it comes after all.

use super::dossier::{Dossier, reminder_terms};
use super::{ActionError, Context, Done};
use crate::rules::charge::{self, ChargeState, DeliveryProof, Facts, Money};
use crate::rules::deadline::DeadlineKind;
use crate::rules::dock::ChargeEffect;
use crate::rules::instruction::instructs;
use crate::rules::notice::NoticeKind;
use crate::rules::number::RmaNumber;
use crate::rules::refusal::Refusal;
use crate::rules::reminder::{self, Awaited};
use crate::rules::rma::{ReturnState, RmaState};
use crate::rules::text::Note;
use crate::store::charges::{self, About, Charge, Filter};
use crate::store::{Conn, Id, Stored, Word, outbox, returns};

/// A charge that is asked for.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Which line.
    pub line: i32,
    /// Why, for whoever decides.
    pub reason: Note,
    /// How much, if that is known already.
    pub money: Option<Money>,
}

/// A unit that is overdue, and what stands in the way of a charge.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The return that it is about.
    pub id: Id,
    /// RMA, line, appliance and part.
    pub about: About,
    /// Every reason why it can't be proposed; none where it can.
    pub obstacles: Vec<Refusal>,
}

/// A charge with what it is about.
pub type Charged = (Charge, About);

/// Proposes a charge for a line, or refuses with every reason.
pub fn propose(conn: &mut Conn, ctx: &Context, number: RmaNumber, ask: &Ask) -> Done<Charged> {
    let dossier = Dossier::lock(conn, ctx, number)?;
    let facts = facts(conn, ctx, &dossier, ask.line)?;
    let obstacles = charge::obstacles(&facts);
    let (true, Some(proof), Some((line, ..))) =
        (obstacles.is_empty(), facts.proof, dossier.lines.iter().find(|(l, ..)| l.line == ask.line))
    else {
        return Err(obstacles.into());
    };
    let row = Charge {
        id: Id::new(),
        rma_id: dossier.rma.id,
        rma_line_id: line.id,
        state: Word(ChargeState::Proposed),
        reason: ask.reason.to_string(),
        proof: Word(proof),
        amount: ask.money.as_ref().map(|m| m.amount().to_owned()),
        currency: ask.money.as_ref().map(|m| m.currency().to_owned()),
        proposed_at: ctx.ts(),
        proposed_by: ctx.actor.name.clone(),
        decided_at: None,
        decided_by: None,
        decision: None,
        ended_at: None,
    };
    charges::insert(conn, &row)?;
    let told =
        serde_json::json!({"charge": row.id.to_string(), "line": ask.line, "reason": ask.reason, "money": ask.money, "proof": proof});
    dossier.record(conn, ctx, "charge_proposed", &told)?;
    find(conn, row.id)
}

/// Confirms a charge, as long as everything that allowed it still holds: the customer keeps the unit and is told.
pub fn confirm(conn: &mut Conn, ctx: &Context, id: Id, money: Option<&Money>) -> Done<Charged> {
    let (mut dossier, mut row, about) = open(conn, ctx, id)?;
    charge::may_become(row.state.0, ChargeState::Confirmed)?;
    let now = Facts { charge: None, ..facts(conn, ctx, &dossier, about.line)? };
    let obstacles = charge::obstacles(&now);
    if !obstacles.is_empty() {
        return Err(obstacles.into());
    }
    if let Some(money) = money {
        (row.amount, row.currency) = (Some(money.amount().to_owned()), Some(money.currency().to_owned()));
    }
    decide(conn, ctx, &mut row, ChargeState::Confirmed, None)?;
    for unit in dossier.returns.iter_mut().filter(|unit| unit.line == about.line) {
        unit.state = Word(ReturnState::Kept);
        returns::update(conn, unit)?;
    }
    if dossier.rma.state.0 == RmaState::Delivered && dossier.facts()?.all_returned() {
        dossier.advance(conn, ctx, RmaState::Returned)?;
    }
    dossier.record(conn, ctx, "charge_confirmed", &told(&row, &about))?;
    dossier.tell_customer(conn, ctx, NoticeKind::ChargeConfirmed, &format!("charge-confirmed/{}", row.id), Some(words(&row, &about)))?;
    find(conn, id)
}

/// Declines a charge: the unit stays overdue.
pub fn decline(conn: &mut Conn, ctx: &Context, id: Id, reason: &Note) -> Done<Charged> {
    let (dossier, mut row, about) = open(conn, ctx, id)?;
    charge::may_become(row.state.0, ChargeState::Declined)?;
    decide(conn, ctx, &mut row, ChargeState::Declined, Some(reason.to_string()))?;
    dossier.record(conn, ctx, "charge_declined", &told(&row, &about))?;
    find(conn, id)
}

/// What a scan at the dock makes of the charge of a line: in the transaction of the scan.
pub(super) fn arrived(conn: &mut Conn, ctx: &Context, dossier: &Dossier, line: i32, effect: ChargeEffect) -> Done<()> {
    settle(conn, ctx, dossier, Some(line), |state| state.after(effect), "a unit came to the dock")
}

/// A certificate of destruction is as good as the unit.
pub(super) fn certified(conn: &mut Conn, ctx: &Context, dossier: &Dossier, line: i32) -> Done<()> {
    settle(conn, ctx, dossier, Some(line), |state| state.after(ChargeEffect::Reversed), "a certificate of destruction was handed in")
}

/// More time withdraws what was only proposed.
pub(super) fn extended(conn: &mut Conn, ctx: &Context, dossier: &Dossier) -> Done<()> {
    settle(conn, ctx, dossier, None, |state| (state == ChargeState::Proposed).then_some(ChargeState::Withdrawn), "more time was given")
}

fn settle(
    conn: &mut Conn,
    ctx: &Context,
    dossier: &Dossier,
    line: Option<i32>,
    next: impl Fn(ChargeState) -> Option<ChargeState>,
    why: &str,
) -> Done<()> {
    for mut row in charges::standing(conn, dossier.rma.id)? {
        let Some((found, part, _)) = dossier.lines.iter().find(|(l, ..)| l.id == row.rma_line_id) else { continue };
        let (true, Some(state)) = (line.is_none_or(|line| line == found.line), next(row.state.0)) else { continue };
        charge::may_become(row.state.0, state)?;
        (row.state, row.ended_at) = (Word(state), Some(ctx.ts()));
        charges::update(conn, &row)?;
        let about =
            About { rma: dossier.rma.number, line: found.line, serial_number: found.serial_number.clone(), part_number: part.clone() };
        let mut told = told(&row, &about);
        told["why"] = why.into();
        dossier.record(conn, ctx, &format!("charge_{state}"), &told)?;
        if state == ChargeState::Reversed {
            let suffix = format!("charge-reversed/{}", row.id);
            dossier.tell_customer(conn, ctx, NoticeKind::ChargeReversed, &suffix, Some(words(&row, &about)))?;
        }
    }
    Ok(())
}

/// A page of the units that are overdue, each with what stands in the way of a charge.
pub fn candidates(conn: &mut Conn, ctx: &Context, after: Option<Id>, limit: i64) -> Done<crate::store::Page<Candidate>> {
    let page = charges::overdue(conn, after, limit)?;
    let mut rows = Vec::new();
    for (id, rma, line) in page.rows {
        let number = RmaNumber::of(rma).ok_or(ActionError::NotFound("RMA"))?;
        let dossier = Dossier::read(conn, ctx, number)?;
        let obstacles = charge::obstacles(&facts(conn, ctx, &dossier, line)?);
        let Some((found, part_number, _)) = dossier.lines.iter().find(|(l, ..)| l.line == line) else { continue };
        let about = About { rma, line, serial_number: found.serial_number.clone(), part_number: part_number.clone() };
        rows.push(Candidate { id, about, obstacles });
    }
    Ok(crate::store::Page { rows, more: page.more })
}

/// The charge with this identifier.
pub fn find(conn: &mut Conn, id: Id) -> Done<Charged> {
    let filter = Filter { id: Some(id), ..Filter::default() };
    charges::page(conn, &filter, None, 1)?.rows.pop().ok_or(ActionError::NotFound("charge"))
}

fn open(conn: &mut Conn, ctx: &Context, id: Id) -> Done<(Dossier, Charge, About)> {
    let (_, about) = find(conn, id)?;
    let number = RmaNumber::of(about.rma).ok_or(ActionError::NotFound("RMA"))?;
    let dossier = Dossier::lock(conn, ctx, number)?;
    // Read again: whoever held the RMA may have settled it.
    let (row, about) = find(conn, id)?;
    Ok((dossier, row, about))
}

fn decide(conn: &mut Conn, ctx: &Context, row: &mut Charge, state: ChargeState, decision: Option<String>) -> Stored<()> {
    row.state = Word(state);
    (row.decided_at, row.decided_by, row.decision) = (Some(ctx.ts()), Some(ctx.actor.name.clone()), decision);
    row.ended_at = (!state.stands()).then(|| ctx.ts());
    charges::update(conn, row)
}

fn told(row: &Charge, about: &About) -> serde_json::Value {
    serde_json::json!({
        "charge": row.id.to_string(), "line": about.line, "state": row.state.0,
        "amount": row.amount, "currency": row.currency, "decision": row.decision,
    })
}

/// The charge in one sentence of a letter.
fn words(row: &Charge, about: &About) -> String {
    let how_much = match (&row.amount, &row.currency) {
        (Some(amount), Some(currency)) => format!("{amount} {currency}"),
        _ => "the invoice names the amount".to_owned(),
    };
    format!("Line {}, {} of appliance {}: {how_much}", about.line, about.part_number, about.serial_number)
}

fn facts(conn: &mut Conn, ctx: &Context, dossier: &Dossier, line: i32) -> Done<Facts> {
    let unit = dossier.returns.iter().find(|unit| unit.line == line);
    let unit = unit.ok_or_else(|| Refusal::input("unknown_line", "/line", format!("the RMA has no line {line}")))?;
    let clock = dossier.deadlines.iter().find(|k| k.deadline.basis.kind == DeadlineKind::ReturnBy).map(|k| &k.deadline);
    let terms = reminder_terms(ctx, &dossier.rma.program_version);
    let awaited = clock.and_then(|clock| {
        let (started_at, due_at) = clock.basis.starts_at.zip(clock.due_at)?;
        Some(Awaited { started_at, due_at, zone: clock.basis.zone, tier: dossier.rma.delivered_tier.0 })
    });
    let series = awaited.zip(terms).map(|(awaited, terms)| reminder::series(terms, &awaited));
    let letters = [NoticeKind::RmaIssued, NoticeKind::Delivered, NoticeKind::ReturnInstructions];
    let told = outbox::sent(conn, dossier.rma.id, &letters)?;
    let reminders = [NoticeKind::ReturnDueSoon, NoticeKind::ReturnDueToday, NoticeKind::ReturnOverdue];
    let reminded = outbox::sent(conn, dossier.rma.id, &reminders)?;
    let standing = charges::standing(conn, dossier.rma.id)?.into_iter().find(|charge| charge.rma_line_id == unit.rma_line_id);
    let dead = dossier.lines.iter().any(|(l, ..)| l.line == line && l.replaces_line_id.is_some());
    Ok(Facts {
        dead_on_arrival: dead,
        unit: unit.state.0,
        delivered: dossier.shipment.delivered_at.is_some(),
        proof: proof(conn, dossier)?,
        instructed: told.iter().any(|l| l.sent_at.is_some() && instructs(l.kind.0, dossier.rma.delivered_tier.0)),
        clock: clock.map(|clock| clock.state),
        extended: clock.is_some_and(|clock| !clock.basis.extensions.is_empty()),
        last_reminder_at: series.and_then(|series| series.into_iter().map(|r| r.at).max()),
        reminded_at: reminded.iter().filter(|l| l.sent_at.is_some()).map(|l| l.promised_at.at()).max(),
        arrived: charges::arrived(conn, dossier.rma.id, line)?,
        charge: standing.map(|charge| charge.state.0),
    })
}

fn proof(conn: &mut Conn, dossier: &Dossier) -> Stored<Option<DeliveryProof>> {
    let shipment = &dossier.shipment;
    if shipment.delivered_at.is_none() {
        return Ok(None);
    }
    if charges::has_picture(conn, shipment.id)? {
        return Ok(Some(DeliveryProof::Picture));
    }
    let told = shipment.tracking_number.as_deref().map(|number| charges::carrier_delivered(conn, number)).transpose()?;
    Ok(match told {
        Some(true) => Some(DeliveryProof::CarrierEvent),
        _ => shipment.received_by.as_deref().is_some_and(|name| !name.is_empty()).then_some(DeliveryProof::ReceivedBy),
    })
}
