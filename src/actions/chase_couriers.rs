//! Dispatches that nobody accepts (P4.2): a reminder at half of the time, then the next courier, and operations is told.

use super::dossier::Dossier;
use super::{ActionError, Context, Done};
use crate::rules::dispatch::{self, Chase, DispatchState, Unanswered};
use crate::rules::number::RmaNumber;
use crate::rules::text::Code;
use crate::store::dispatches::{self, Dispatch};
use crate::store::{Conn, Id, couriers};

/// Does what is due about unanswered dispatches, at most `limit`; how many were looked at. Several nodes may do this at once: the
/// RMA's row keeps them apart.
pub fn chase_couriers(conn: &mut Conn, ctx: &Context, limit: i64) -> Done<usize> {
    let due = dispatches::to_look_at(conn, ctx.ts(), limit)?;
    for found in &due {
        chase(conn, ctx, found.id)?;
    }
    Ok(due.len())
}

fn chase(conn: &mut Conn, ctx: &Context, id: Id) -> Done<()> {
    let Some(number) = dispatches::rma_of(conn, id)?.and_then(RmaNumber::of) else { return Ok(()) };
    let mut dossier = Dossier::lock(conn, ctx, number)?;
    // Read again: the courier may have answered while the row was somebody else's.
    let Some(mut open) = dispatches::get(conn, id)? else { return Ok(()) };
    if open.state.0 != DispatchState::Sent {
        open.look_at = None;
        return Ok(dispatches::update(conn, &open)?);
    }
    let name = dossier.courier.as_ref().map_or_else(String::new, |c| c.record.name.to_string());
    match dispatch::chase(&unanswered(conn, &dossier, &open)?, ctx.now) {
        Chase::Wait(at) => open.look_at = Some(at.into()),
        Chase::Remind(at) => {
            dossier.remind_courier(conn, ctx, &open)?;
            (open.reminded_at, open.look_at) = (Some(ctx.ts()), Some(at.into()));
        }
        Chase::Next(code) => return hand_on(conn, ctx, &mut dossier, &open, &code),
        Chase::Nobody => {
            open.look_at = None;
            let why =
                format!("{name} has not accepted dispatch {}, and no other courier of the service center is left to ask.", open.number);
            dossier.alert(conn, ctx, &format!("dispatch/{}/alert", open.number), why)?;
        }
    }
    Ok(dispatches::update(conn, &open)?)
}

/// What is known of a dispatch that may not be answered.
pub(super) fn unanswered(conn: &mut Conn, dossier: &Dossier, open: &Dispatch) -> Done<Unanswered> {
    let mut asked = Vec::new();
    for earlier in dispatches::of_shipment(conn, open.shipment_id)? {
        asked.extend(couriers::get(conn, earlier.courier_id)?.map(|c| c.record.code));
    }
    Ok(Unanswered {
        sent_at: open.sent_at.at(),
        accept_by: open.accept_by.at(),
        reminded: open.reminded_at.is_some(),
        approved: dossier.center.as_ref().map(|c| c.record.couriers.clone()).unwrap_or_default(),
        asked,
    })
}

/// Calls the courier off and sends the next one.
fn hand_on(conn: &mut Conn, ctx: &Context, dossier: &mut Dossier, open: &Dispatch, code: &Code) -> Done<()> {
    let former = dossier.courier.as_ref().map_or_else(String::new, |c| c.record.name.to_string());
    dossier.call_off(conn, ctx, "It was not accepted in time; another courier brings the part.")?;
    let next = send(conn, ctx, dossier, code)?;
    let why = format!("{former} has not accepted dispatch {}; {next} is asked now.", open.number);
    dossier.alert(conn, ctx, &format!("dispatch/{}/alert", open.number), why)
}

/// Sends a courier; its name.
pub(super) fn send(conn: &mut Conn, ctx: &Context, dossier: &mut Dossier, code: &Code) -> Done<String> {
    let id = couriers::id_of(conn, code.as_str())?.ok_or(ActionError::NotFound("courier"))?;
    let next = couriers::get(conn, id)?.ok_or(ActionError::NotFound("courier"))?;
    let name = next.record.name.to_string();
    dossier.shipment.courier_id = Some(id);
    dossier.courier = Some(next);
    dossier.dispatch(conn, ctx)?;
    Ok(name)
}
