//! Calling one line of an RMA off before anything left (P4): the others go on as promised.

use super::dossier::Dossier;
use super::{ActionError, Context, Done};
use crate::rules::moves;
use crate::rules::notice::NoticeKind;
use crate::rules::number::RmaNumber;
use crate::rules::rma::ReturnState;
use crate::rules::text::Note;
use crate::store::{Conn, Word, returns, rmas};

/// Cancels one line: its unit is free again, nothing is expected back on it, customer and courier are told.
pub fn cancel_line(conn: &mut Conn, ctx: &Context, number: RmaNumber, line: i32, reason: &Note) -> Done<Dossier> {
    let mut dossier = Dossier::lock(conn, ctx, number)?;
    let (row, part, _) = dossier.lines.iter().find(|(l, ..)| l.line == line).ok_or(ActionError::NotFound("line"))?.clone();
    let changes = moves::cancel_line(&dossier.facts()?, line, ctx.now)?;
    dossier.save_deadlines(conn, ctx, changes)?;
    rmas::void_line(conn, row.id)?;
    for (l, ..) in dossier.lines.iter_mut().filter(|(l, ..)| l.id == row.id) {
        l.void = true;
    }
    for unit in dossier.returns.iter_mut().filter(|unit| unit.line == line) {
        unit.state = Word(ReturnState::Void);
        returns::update(conn, unit)?;
    }
    dossier.forget_backorder(conn)?;
    dossier.record(conn, ctx, "line_cancelled", &serde_json::json!({"line": line, "reason": reason}))?;
    dossier.put_back(conn, ctx, &[row.id])?;
    // The unit may have gone to another line of this RMA: what is told now is how it stands then.
    let now = rmas::get(conn, dossier.rma.id)?.ok_or(ActionError::NotFound("RMA"))?;
    let mut dossier = Dossier::gather(conn, now)?;
    let words = format!("Line {line}, {part} of appliance {}: {reason}", row.serial_number);
    dossier.tell_customer(conn, ctx, NoticeKind::LineCancelled, &format!("line-cancelled/{line}"), Some(words))?;
    if dossier.open_dispatch(conn)?.is_some() {
        dossier.dispatch(conn, ctx)?;
    }
    Ok(dossier)
}
