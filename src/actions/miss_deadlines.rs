//! Marking deadlines that passed (P3.5). A return that is missed makes its units overdue (P4.6).

use super::{Context, Done};
use crate::rules::deadline::{DeadlineKind, DeadlineState};
use crate::rules::number::RmaNumber;
use crate::rules::rma::ReturnState;
use crate::store::returns::{self, ExpectedReturn};
use crate::store::{Conn, Word, deadlines};

/// Marks at most `limit` deadlines; how many there were. Several nodes may do this at once: each deadline is one node's.
pub fn miss_deadlines(conn: &mut Conn, ctx: &Context, limit: i64) -> Done<usize> {
    let missed = deadlines::miss(conn, ctx.ts(), limit)?;
    for kept in &missed {
        let kind = kept.deadline.basis.kind;
        if kind == DeadlineKind::ReturnBy {
            // A unit that the customer has sent is late, not overdue: the missed deadline shows it to operations.
            let owed = |u: &ExpectedReturn| matches!(u.state.0, ReturnState::Expected | ReturnState::ReceivedWrong);
            for mut unit in returns::of_rmas(conn, &[kept.rma_id])?.into_iter().filter(owed) {
                unit.state = Word(ReturnState::Overdue);
                returns::update(conn, &unit)?;
            }
        }
        let number = RmaNumber::of(kept.rma).map_or_else(|| kept.rma.to_string(), |n| n.to_string());
        let told = |state| serde_json::json!({"kind": kind, "due_at": kept.deadline.due_at, "state": state});
        ctx.record(conn, "deadline_missed", ("rma", &number), Some(&told(DeadlineState::Running)), Some(&told(DeadlineState::Missed)))?;
    }
    Ok(missed.len())
}
