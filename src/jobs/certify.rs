//! The certifier: renews the coverage certificates that are due (P5.2).

use super::Desk;
use crate::actions::certify_sites::{certify_sites, flag_program};
use crate::actions::{ActionError, Actor, Context};
use std::sync::Arc;

fn context(desk: &Desk) -> Context {
    Context { actor: Actor::program("job:certifier"), now: desk.clock.now(), reference: Arc::clone(&desk.reference), request_id: None }
}

/// Has the sites looked at again whose limit the program changed. A program comes with the start of the program that
/// reads it, so once a start is enough.
pub async fn begin(desk: &Desk) -> Result<usize, ActionError> {
    let ctx = context(desk);
    desk.db.write(move |conn| flag_program(conn, &ctx)).await
}

/// Renews what is due now, a batch a transaction; how many sites were looked at.
pub async fn certify(desk: &Desk) -> Result<usize, ActionError> {
    let (ctx, batch, mut looked_at) = (context(desk), desk.pace.batch, 0);
    loop {
        let ctx = ctx.clone();
        let found = desk.db.write(move |conn| certify_sites(conn, &ctx, batch)).await?;
        looked_at += found;
        if found < usize::try_from(batch).unwrap_or(usize::MAX) {
            return Ok(looked_at);
        }
    }
}
