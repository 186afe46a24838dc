//! Giving a return more time (P4.6).

use super::dossier::Dossier;
use super::{Context, Done};
use crate::rules::extension;
use crate::rules::notice::NoticeKind;
use crate::rules::number::RmaNumber;
use crate::rules::rma::ReturnState;
use crate::rules::text::Note;
use crate::store::{Conn, Word, returns};
use chrono::NaiveDate;

/// What is given.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The new last day.
    pub until: NaiveDate,
    /// Why.
    pub reason: Note,
}

/// Extends the return, has overdue units expected again, and tells the customer the new day.
pub fn extend_return(conn: &mut Conn, ctx: &Context, number: RmaNumber, ask: &Ask) -> Done<Dossier> {
    let mut dossier = Dossier::lock(conn, ctx, number)?;
    let extended = extension::extend(&dossier.facts()?, ask.until, ask.reason.as_str(), &ctx.calendars(conn)?, ctx.now)?;
    let due_at = extended.change.deadline.due_at;
    dossier.save_deadlines(conn, ctx, vec![extended.change])?;
    for unit in dossier.returns.iter_mut().filter(|r| extended.lines.contains(&r.line)) {
        unit.state = Word(ReturnState::Expected);
        returns::update(conn, unit)?;
    }
    super::charge_unit::extended(conn, ctx, &dossier)?;
    let told = serde_json::json!({"until": ask.until, "due_at": due_at, "reason": ask.reason, "lines": extended.lines});
    dossier.record(conn, ctx, "return_extended", &told)?;
    let suffix = format!("return-extended/{}", extended.ordinal);
    dossier.tell_customer(conn, ctx, NoticeKind::ReturnExtended, &suffix, Some(ask.reason.to_string()))?;
    Ok(dossier)
}
