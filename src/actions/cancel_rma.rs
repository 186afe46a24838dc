//! Calling an RMA off before anything left (P4).

use super::dossier::Dossier;
use super::{Context, Done};
use crate::rules::moves;
use crate::rules::notice::NoticeKind;
use crate::rules::number::RmaNumber;
use crate::rules::rma::{ReturnState, RmaState, ShipmentState};
use crate::rules::text::Note;
use crate::store::{Conn, Word, returns, rmas, shipments};

/// Cancels the RMA: its deadlines are void, its verifications free again, customer and courier are told.
pub fn cancel_rma(conn: &mut Conn, ctx: &Context, number: RmaNumber, reason: &Note) -> Done<Dossier> {
    let mut dossier = Dossier::lock(conn, ctx, number)?;
    let changes = moves::cancel(&dossier.facts()?)?;
    dossier.save_deadlines(conn, ctx, changes)?;
    dossier.advance(conn, ctx, RmaState::Cancelled)?;
    rmas::void_lines(conn, dossier.rma.id, reason.as_str())?;
    dossier.rma.cancel_reason = Some(reason.to_string());
    for unit in &mut dossier.returns {
        unit.state = Word(ReturnState::Void);
        returns::update(conn, unit)?;
    }
    let lines: Vec<_> = dossier.lines.iter().map(|(line, ..)| line.id).collect();
    dossier.put_back(conn, ctx, &lines)?;
    dossier.shipment.state = Word(ShipmentState::Cancelled);
    shipments::update(conn, &dossier.shipment)?;
    dossier.record(conn, ctx, "cancelled", &serde_json::json!({"reason": reason}))?;
    dossier.tell_customer(conn, ctx, NoticeKind::Cancelled, "cancelled", Some(reason.to_string()))?;
    dossier.call_off(conn, ctx, reason.as_str())?;
    Ok(dossier)
}
