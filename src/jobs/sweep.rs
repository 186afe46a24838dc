//! The sweeper: deadlines that passed, reminders that are due, keys that are old.

use super::Desk;
use crate::actions::miss_deadlines::miss_deadlines;
use crate::actions::remind_returns::remind_returns;
use crate::actions::{ActionError, Actor, Context};
use crate::store::{Ts, idempotency};
use chrono::TimeDelta;
use std::sync::Arc;

/// How long an idempotency key is remembered.
const KEYS_KEPT: TimeDelta = TimeDelta::days(7);

/// Does what is due now; how many rows were touched. Repeats until a round finds less than a full batch.
pub async fn sweep(desk: &Desk) -> Result<usize, ActionError> {
    let ctx =
        Context { actor: Actor::program("job:sweeper"), now: desk.clock.now(), reference: Arc::clone(&desk.reference), request_id: None };
    let (batch, mut touched) = (desk.pace.batch, 0);
    loop {
        let ctx = ctx.clone();
        // Missed first: a reminder of the same round tells of units that are overdue.
        let (missed, reminded) = desk
            .db
            .write(move |conn| Ok::<_, ActionError>((miss_deadlines(conn, &ctx, batch)?, remind_returns(conn, &ctx, batch)?)))
            .await?;
        touched += missed + reminded;
        let full = usize::try_from(batch).unwrap_or(usize::MAX);
        if missed < full && reminded < full {
            break;
        }
    }
    let before = Ts::from(desk.clock.now() - KEYS_KEPT);
    desk.db.write(move |conn| Ok::<_, ActionError>(idempotency::forget(conn, before)?)).await?;
    Ok(touched)
}
