//! What a carrier tells about a parcel: the moves that people make, made once for each event. Nothing here is refused: a carrier
//! can't do anything about it.

use super::dossier::Dossier;
use super::{ActionError, Context, Done, deliver};
use crate::rules::carrier::{EventKind, Outcome};
use crate::rules::dispatch::DispatchState;
use crate::rules::number::RmaNumber;
use crate::rules::text::Line;
use crate::store::carriers::{self, CarrierEvent};
use crate::store::conn::{Ending, Mode};
use crate::store::{Conn, Word};

/// Takes an event in: what became of it, then or when it came before.
pub fn carrier_event(conn: &mut Conn, ctx: &Context, event: &CarrierEvent) -> Done<Outcome> {
    let known = !carriers::rmas_of(conn, &event.tracking_number)?.is_empty();
    if !known && !carriers::has_room(conn)? {
        return Ok(Outcome::UnknownTrackingNumber);
    }
    if let Some(before) = carriers::claim(conn, &CarrierEvent { outcome: Word(Outcome::UnknownTrackingNumber), ..event.clone() })? {
        return Ok(before);
    }
    settle(conn, ctx, event)
}

/// Makes up for events that came before anybody had said that the parcel is ours.
pub fn replay(conn: &mut Conn, ctx: &Context, tracking_number: &Line) -> Done<()> {
    for event in carriers::unknown_of(conn, tracking_number.as_str())? {
        settle(conn, ctx, &event)?;
    }
    Ok(())
}

/// Makes up for events that came in the same moment as their tracking number, at most `limit`; how many.
pub fn catch_up(conn: &mut Conn, ctx: &Context, limit: i64) -> Done<usize> {
    let late = carriers::unknown_no_more(conn, limit)?;
    for event in &late {
        settle(conn, ctx, event)?;
    }
    Ok(late.len())
}

fn settle(conn: &mut Conn, ctx: &Context, event: &CarrierEvent) -> Done<Outcome> {
    let outcome = match carriers::rmas_of(conn, &event.tracking_number)?.as_slice() {
        [] => Outcome::UnknownTrackingNumber,
        [one] => {
            // A savepoint: what is refused half-way leaves nothing behind.
            let done = conn.tx(Mode::Write, Ending::Commit, |conn| act(conn, ctx, *one, event));
            match done {
                Ok(outcome) => outcome,
                Err(ActionError::Refused(_) | ActionError::NotFound(_)) => Outcome::NoChange,
                Err(error) => return Err(error),
            }
        }
        // Two parcels with one number: somebody has to look, and nobody is served by a guess.
        _ => Outcome::NoChange,
    };
    carriers::set_outcome(conn, event.id, outcome)?;
    Ok(outcome)
}

fn act(conn: &mut Conn, ctx: &Context, rma: i64, event: &CarrierEvent) -> Done<Outcome> {
    let number = RmaNumber::of(rma).ok_or(ActionError::NotFound("RMA"))?;
    let dossier = Dossier::lock(conn, ctx, number)?;
    match event.kind.0 {
        // The parcel has a tracking number since somebody recorded that it left: the courier's dispatch may not know yet.
        EventKind::PickedUp => match dossier.open_dispatch(conn)? {
            Some(open) if DispatchState::PickedUp.may_follow(open.state.0) => {
                dossier.move_dispatch(conn, ctx, open, DispatchState::PickedUp)?;
                Ok(Outcome::Done)
            }
            _ => Ok(Outcome::NoChange),
        },
        EventKind::Delivered => {
            let carrier = dossier.shipment.carrier.clone().unwrap_or_default();
            let received_by = event.said.clone().unwrap_or_else(|| format!("As {carrier} reports"));
            let received_by = Line::parse(&received_by).or_else(|_| Line::parse("As the carrier reports"));
            let received_by = received_by.map_err(|_| ActionError::NotFound("name"))?;
            // The carrier's clock is not ours: never in the future, never before it left.
            let earliest = dossier.shipment.shipped_at.map_or(dossier.rma.issued_at.at(), |ts| ts.at());
            let delivered_at = Some(event.happened_at.at().min(ctx.now).max(earliest));
            deliver::deliver(conn, ctx, number, &deliver::Ask { received_by, delivered_at })?;
            Ok(Outcome::Done)
        }
        EventKind::Exception => {
            let carrier = dossier.shipment.carrier.as_deref().unwrap_or("The carrier");
            let why = event.said.as_deref().unwrap_or("no reason is given");
            let suffix = format!("carrier-exception/{}", event.id);
            dossier.alert(conn, ctx, &suffix, format!("{carrier} reports about parcel {}: {why}", event.tracking_number))?;
            Ok(Outcome::Done)
        }
    }
}
