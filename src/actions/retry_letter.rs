//! Putting a stuck letter back into the queue, once what held it up is put right.

use super::{ActionError, Context, Done};
use crate::rules::refusal::Refusal;
use crate::store::outbox::{self, Filter};
use crate::store::{Conn, Id};

/// Queues the letter again, with a fresh count of tries.
pub fn retry_letter(conn: &mut Conn, ctx: &Context, id: Id) -> Done<()> {
    let filter = Filter { id: Some(id), ..Filter::default() };
    let (row, _) = outbox::page(conn, &filter, None, 1)?.rows.pop().ok_or(ActionError::NotFound("letter"))?;
    if !outbox::requeue(conn, id, ctx.ts())? {
        return Err(Refusal::clash("not_stuck", "P4.6", "only a letter that is stuck can be queued again").into());
    }
    ctx.record::<(), ()>(conn, "queued_again", ("letter", &row.key), None, None)?;
    Ok(())
}
