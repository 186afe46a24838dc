//! What a courier tells of its dispatch (P4.2), by a link of the letter or by the API: the same moves, each done once.

use super::create_token::hex;
use super::dossier::Dossier;
use super::{ActionError, Context, Done, Scope, deliver, ship};
use crate::rules::dispatch::{self, DispatchState, Step};
use crate::rules::image::Image;
use crate::rules::number::RmaNumber;
use crate::rules::position::Point;
use crate::rules::refusal::Refusal;
use crate::rules::rma::RmaState;
use crate::rules::text::{Line, Note, SerialNumber};
use crate::store::dispatches::Dispatch;
use crate::store::proofs::{self, Proof, Shows};
use crate::store::{self, Conn, Id, Word};
use sha2::{Digest, Sha256};

/// What the courier tells.
#[derive(Debug, Clone)]
pub enum Answer {
    /// It takes the run.
    Accept,
    /// It has the part.
    PickUp {
        /// The replacements' serial numbers in the order of the lines; none where operations recorded them.
        replacement_serial_numbers: Vec<SerialNumber>,
    },
    /// It handed the part over.
    Deliver {
        /// Who took it.
        received_by: Line,
        /// The proof.
        proof: Handover,
    },
    /// It can't go on as things are.
    Problem {
        /// Why.
        reason: Note,
        /// What it looks like.
        photo: Option<Image>,
    },
}

/// What proves a delivery beside the name and the instant.
#[derive(Debug, Clone, Default)]
pub struct Handover {
    /// A photo.
    pub photo: Option<Image>,
    /// A drawn signature.
    pub signature: Option<Image>,
    /// Where the phone was, and how exactly it knew, in meters.
    pub position: Option<(Point, Option<f64>)>,
}

impl Answer {
    fn leads_to(&self) -> DispatchState {
        match self {
            Self::Accept => DispatchState::Accepted,
            Self::PickUp { .. } => DispatchState::PickedUp,
            Self::Deliver { .. } => DispatchState::Delivered,
            Self::Problem { .. } => DispatchState::Problem,
        }
    }
}

/// Does what the courier tells, unless it is done already; the RMA and the dispatch as they stand then.
pub fn answer_dispatch(conn: &mut Conn, ctx: &Context, id: Id, answer: &Answer) -> Done<(Dossier, Dispatch)> {
    let missing = || ActionError::NotFound("dispatch");
    let number = store::dispatches::rma_of(conn, id)?.and_then(RmaNumber::of).ok_or_else(missing)?;
    // The row of the RMA is what two taps on a phone wait for.
    let dossier = Dossier::lock(conn, ctx, number)?;
    let dispatch = store::dispatches::get(conn, id)?.ok_or_else(missing)?;
    if dispatch::step(dispatch.standing(), answer.leads_to())? == Step::Done {
        return Ok((dossier, dispatch));
    }
    match answer {
        Answer::Accept => drop(dossier.move_dispatch(conn, ctx, dispatch, DispatchState::Accepted)?),
        Answer::PickUp { replacement_serial_numbers } => pick_up(conn, ctx, &dossier, dispatch, replacement_serial_numbers)?,
        Answer::Deliver { received_by, proof } => hand_over(conn, ctx, &dossier, dispatch, received_by, proof)?,
        Answer::Problem { reason, photo } => report(conn, ctx, &dossier, dispatch, reason, photo.as_ref())?,
    }
    let dispatch = store::dispatches::get(conn, id)?.ok_or_else(missing)?;
    Ok((Dossier::lock(conn, ctx, number)?, dispatch))
}

/// The same for the newest dispatch of a shipment.
pub fn answer_shipment(conn: &mut Conn, ctx: &Context, shipment: Id, answer: &Answer) -> Done<(Dossier, Dispatch)> {
    let filter = store::shipments::Filter { id: Some(shipment), ..Default::default() };
    let detail = store::shipments::page(conn, &filter, None, 1)?.rows.pop();
    let own = |courier| !matches!(ctx.actor.scope, Scope::Courier(own) if Some(own) != courier);
    let detail = detail.filter(|d| own(d.shipment.courier_id)).ok_or(ActionError::NotFound("shipment"))?;
    let newest = store::dispatches::of_shipment(conn, detail.shipment.id)?.pop();
    let newest = newest.ok_or_else(|| Refusal::clash("no_dispatch", "P4.2", "no courier was sent for on this shipment"))?;
    answer_dispatch(conn, ctx, newest.id, answer)
}

/// The part leaves with the courier: the RMA's own move, which needs the serial numbers that the customer will have. Where
/// operations recorded it before, only the dispatch moves.
fn pick_up(conn: &mut Conn, ctx: &Context, dossier: &Dossier, dispatch: Dispatch, serials: &[SerialNumber]) -> Done<()> {
    if !dossier.awaits_pick_up() {
        dossier.move_dispatch(conn, ctx, dispatch, DispatchState::PickedUp)?;
        return Ok(());
    }
    let courier = dossier.courier.as_ref().ok_or(ActionError::NotFound("courier"))?;
    let ask = ship::Ask {
        carrier: courier.record.name.clone(),
        tracking_number: None,
        // Without any, what is reserved is what the courier was handed.
        replacement_serial_numbers: (!serials.is_empty() || dossier.reserved_serials().is_err()).then(|| serials.to_vec()),
        shipped_at: None,
    };
    ship::ship(conn, ctx, dossier.number, &ask).map(drop)
}

fn hand_over(conn: &mut Conn, ctx: &Context, dossier: &Dossier, dispatch: Dispatch, received_by: &Line, proof: &Handover) -> Done<()> {
    if dossier.rma.state.0 == RmaState::Issued {
        return Err(Refusal::clash("not_picked_up", "P4.2", "the pick-up is not recorded yet: record that first").into());
    }
    let dispatch = Dispatch {
        latitude: proof.position.map(|(point, _)| point.latitude()),
        longitude: proof.position.map(|(point, _)| point.longitude()),
        accuracy_meters: proof.position.and_then(|(_, meters)| meters),
        ..dispatch
    };
    store::dispatches::update(conn, &dispatch)?;
    keep(conn, ctx, dispatch.id, Shows::DeliveryPhoto, proof.photo.as_ref())?;
    keep(conn, ctx, dispatch.id, Shows::Signature, proof.signature.as_ref())?;
    let ask = deliver::Ask { received_by: received_by.clone(), delivered_at: None };
    deliver::deliver(conn, ctx, dossier.number, &ask).map(drop)
}

fn report(conn: &mut Conn, ctx: &Context, dossier: &Dossier, dispatch: Dispatch, reason: &Note, photo: Option<&Image>) -> Done<()> {
    keep(conn, ctx, dispatch.id, Shows::ProblemPhoto, photo)?;
    let dispatch = Dispatch { problem_at: Some(ctx.ts()), problem: Some(reason.to_string()), ..dispatch };
    let dispatch = dossier.move_dispatch(conn, ctx, dispatch, DispatchState::Problem)?;
    let name = dossier.courier.as_ref().map_or("The courier", |c| c.record.name.as_str());
    let suffix = format!("dispatch/{}/problem/{}", dispatch.number, ctx.now.format("%Y%m%dT%H%M%SZ"));
    dossier.alert(conn, ctx, &suffix, format!("{name} reports a problem with dispatch {}: {reason}", dispatch.number))
}

fn keep(conn: &mut Conn, ctx: &Context, dispatch_id: Id, shows: Shows, image: Option<&Image>) -> Done<()> {
    let Some(image) = image else { return Ok(()) };
    let proof = Proof {
        id: Id::new(),
        dispatch_id,
        shows: Word(shows),
        media_type: Word(image.media_type()),
        sha256: hex(&Sha256::digest(image.bytes())),
        content: image.bytes().to_vec(),
        recorded_at: ctx.ts(),
    };
    Ok(proofs::insert(conn, &proof)?)
}
