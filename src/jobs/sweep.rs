//! The sweeper: deadlines that passed, reminders that are due, keys that are old.

use super::Desk;
use crate::actions::carrier_event::catch_up;
use crate::actions::chase_couriers::chase_couriers;
use crate::actions::miss_deadlines::miss_deadlines;
use crate::actions::offer_gold_plus::offer_gold_plus;
use crate::actions::remind_returns::remind_returns;
use crate::actions::{ActionError, Actor, Context};
use crate::rules::sign_in::TRIES_SPAN;
use crate::store::{Ts, carriers, idempotency, sessions, sign_in};
use chrono::TimeDelta;
use std::sync::Arc;

/// How long an idempotency key is remembered.
const KEYS_KEPT: TimeDelta = TimeDelta::days(7);

/// How long a carrier's event about a parcel that is nobody's is remembered.
const UNKNOWN_KEPT: TimeDelta = TimeDelta::days(30);

/// How long sessions and links are remembered that have run out.
const SIGN_IN_KEPT: TimeDelta = TimeDelta::days(30);

/// Does what is due now; how many rows were touched. Repeats until a round finds less than a full batch.
pub async fn sweep(desk: &Desk) -> Result<usize, ActionError> {
    let ctx =
        Context { actor: Actor::program("job:sweeper"), now: desk.clock.now(), reference: Arc::clone(&desk.reference), request_id: None };
    let (batch, mut touched) = (desk.pace.batch, 0);
    loop {
        let ctx = ctx.clone();
        // Missed first: a reminder of the same round tells of units that are overdue.
        let dated = ctx.clone();
        let (missed, reminded) = desk
            .db
            .write(move |conn| Ok::<_, ActionError>((miss_deadlines(conn, &dated, batch)?, remind_returns(conn, &dated, batch)?)))
            .await?;
        // Apart from deadlines: these lock RMAs, and whoever holds one may wait for a deadline's row.
        let chased = desk
            .db
            .write(move |conn| {
                Ok::<_, ActionError>(
                    chase_couriers(conn, &ctx, batch)? + catch_up(conn, &ctx, batch)? + offer_gold_plus(conn, &ctx, batch)?,
                )
            })
            .await?;
        touched += missed + reminded + chased;
        let full = usize::try_from(batch).unwrap_or(usize::MAX);
        if missed < full && reminded < full && chased < full {
            break;
        }
    }
    let before = Ts::from(desk.clock.now() - KEYS_KEPT);
    let unknown_before = Ts::from(desk.clock.now() - UNKNOWN_KEPT);
    let (tries_before, ended_before) = (Ts::from(desk.clock.now() - TRIES_SPAN), Ts::from(desk.clock.now() - SIGN_IN_KEPT));
    desk.db
        .write(move |conn| {
            sign_in::forget(conn, tries_before, ended_before)?;
            sessions::forget(conn, ended_before)?;
            idempotency::forget(conn, before)?;
            carriers::forget_unknown(conn, unknown_before)?;
            Ok::<_, ActionError>(())
        })
        .await?;
    Ok(touched)
}
