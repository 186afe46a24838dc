//! Reminding customers of defective units (P4.6). Each deadline knows when it is to be looked at next.

use super::dossier::{Dossier, reminder_terms};
use super::{Context, Done};
use crate::rules::deadline::Deadline;
use crate::rules::reminder::{self, Awaited};
use crate::rules::rma::ReturnState;
use crate::store::deadlines::Kept;
use crate::store::{Conn, Ts, deadlines, rmas};

/// Promises the reminders that are due, for at most `limit` deadlines; how many were looked at.
pub fn remind_returns(conn: &mut Conn, ctx: &Context, limit: i64) -> Done<usize> {
    let due = deadlines::to_remind(conn, ctx.ts(), limit)?;
    for kept in &due {
        remind(conn, ctx, kept)?;
    }
    Ok(due.len())
}

fn remind(conn: &mut Conn, ctx: &Context, kept: &Kept) -> Done<()> {
    let Some(rma) = rmas::get(conn, kept.rma_id)? else { return Ok(()) };
    let Deadline { basis, due_at, .. } = &kept.deadline;
    let (Some(terms), Some(due_at), Some(started_at)) = (reminder_terms(ctx, &rma.program_version), *due_at, basis.reminds_since()) else {
        return Ok(deadlines::set_remind_at(conn, kept.id, None)?);
    };
    let awaited = Awaited { started_at, due_at, zone: basis.zone, tier: rma.delivered_tier.0 };
    let plan = reminder::plan(terms, &awaited, ctx.now);
    if let Some(reminder) = plan.send {
        let dossier = Dossier::gather(conn, rma)?;
        // A unit that the customer has sent needs no reminder, only patience.
        if dossier.returns.iter().any(|u| u.state.0.is_open() && u.state.0 != ReturnState::Shipped) {
            let suffix = basis.reminder_key(reminder.ordinal);
            dossier.tell_customer(conn, ctx, reminder.kind, &suffix, None)?;
        }
    }
    Ok(deadlines::set_remind_at(conn, kept.id, plan.look_at.map(Ts::from))?)
}
