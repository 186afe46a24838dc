//! Export papers (P4.5): the ship-by clock is stopped for them, and runs on when they are there.

use super::dossier::Dossier;
use super::{Context, Done};
use crate::rules::moves;
use crate::rules::number::RmaNumber;
use crate::rules::text::Note;
use crate::store::Conn;

/// Stops the ship-by clock, with the reason.
pub fn hold_export(conn: &mut Conn, ctx: &Context, number: RmaNumber, reason: &Note) -> Done<Dossier> {
    let mut dossier = Dossier::lock(conn, ctx, number)?;
    let changes = moves::export_hold(&dossier.facts()?, reason.as_str(), &ctx.calendars(conn)?, ctx.now)?;
    dossier.save_deadlines(conn, ctx, changes)?;
    dossier.record(conn, ctx, "export_held", &serde_json::json!({"reason": reason}))?;
    Ok(dossier)
}

/// Lets the ship-by clock run on.
pub fn release_export(conn: &mut Conn, ctx: &Context, number: RmaNumber) -> Done<Dossier> {
    let mut dossier = Dossier::lock(conn, ctx, number)?;
    let changes = moves::export_release(&dossier.facts()?, &ctx.calendars(conn)?, ctx.now)?;
    dossier.save_deadlines(conn, ctx, changes)?;
    let mut reasons = dossier.reasons()?;
    reasons.retain(|r| r.code != "export_papers_needed");
    dossier.set_reasons(conn, &reasons)?;
    dossier.record(conn, ctx, "export_released", &serde_json::json!({}))?;
    Ok(dossier)
}
