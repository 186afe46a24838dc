//! What the holder of a link sees: a dispatch, or how a courier's run stands.

use super::dossier::Dossier;
use super::{ActionError, Context, Done};
use crate::rules::dispatch::DispatchState;
use crate::rules::number::RmaNumber;
use crate::rules::record::Courier;
use crate::store::dispatches::{self, Dispatch};
use crate::store::{self, Conn, Id, Stand, Ts};

/// A dispatch with its RMA.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The RMA.
    pub dossier: Dossier,
    /// The dispatch.
    pub dispatch: Dispatch,
    /// Whose it is.
    pub courier: Stand<Courier>,
}

/// The dispatch of a link.
pub fn show_dispatch(conn: &mut Conn, ctx: &Context, id: Id) -> Done<Shown> {
    let missing = || ActionError::NotFound("dispatch");
    let number = dispatches::rma_of(conn, id)?.and_then(RmaNumber::of).ok_or_else(missing)?;
    let dossier = Dossier::read(conn, ctx, number)?;
    let dispatch = dispatches::get(conn, id)?.ok_or_else(missing)?;
    let courier = store::couriers::get(conn, dispatch.courier_id)?.ok_or_else(missing)?;
    Ok(Shown { dossier, dispatch, courier })
}

/// A courier's run as customers and operations follow it.
#[derive(Debug, Clone)]
pub struct Run {
    /// The RMA.
    pub dossier: Dossier,
    /// When a courier was first sent for.
    pub sent_at: Option<Ts>,
    /// When the one that is on its way took it.
    pub accepted_at: Option<Ts>,
    /// The name of the courier, once it has taken the run.
    pub courier: Option<String>,
    /// True while a problem is open.
    pub has_problem: bool,
}

/// The run of a shipment.
pub fn show_tracking(conn: &mut Conn, ctx: &Context, shipment: Id) -> Done<Run> {
    let missing = || ActionError::NotFound("shipment");
    let filter = store::shipments::Filter { id: Some(shipment), ..Default::default() };
    let found = store::shipments::page(conn, &filter, None, 1)?.rows.pop().ok_or_else(missing)?;
    let dossier = Dossier::read(conn, ctx, RmaNumber::of(found.rma).ok_or_else(missing)?)?;
    let all = dispatches::of_shipment(conn, shipment)?;
    let current = all.iter().rfind(|d| d.state.0 != DispatchState::Superseded && d.state.0 != DispatchState::Cancelled);
    let taken = current.filter(|d| d.accepted_at.is_some() || d.picked_up_at.is_some() || d.state.0 == DispatchState::Delivered);
    let courier = taken.map(|d| store::couriers::get(conn, d.courier_id)).transpose()?.flatten();
    Ok(Run {
        sent_at: all.first().map(|d| d.sent_at),
        accepted_at: current.and_then(|d| d.accepted_at),
        courier: courier.map(|c| c.record.name.to_string()),
        has_problem: current.is_some_and(|d| d.state.0 == DispatchState::Problem),
        dossier,
    })
}
