//! Naming the local contact (P4.2): with a name, a number and consent the courier's clock starts.

use super::dossier::Dossier;
use super::{Context, Done};
use crate::rules::deadline::{DeadlineKind, DeadlineState};
use crate::rules::intake;
use crate::rules::moves;
use crate::rules::notice::LocalContact;
use crate::rules::number::RmaNumber;
use crate::store::{Conn, Json, rmas};

/// Stores the contact, starts the clock if it waited for this, and dispatches the courier, again if the contact changed.
pub fn name_contact(conn: &mut Conn, ctx: &Context, number: RmaNumber, contact: &LocalContact) -> Done<Dossier> {
    let mut dossier = Dossier::lock(conn, ctx, number)?;
    let known = dossier.contact()?;
    let changes = moves::contact(&dossier.facts()?, contact, &ctx.calendars(conn)?, ctx.now)?;
    dossier.save_deadlines(conn, ctx, changes)?;
    rmas::set_contact(conn, dossier.rma.id, &Json::of(contact)?)?;
    dossier.rma.contact = Some(Json::of(contact)?);
    // What the clock waits for now takes the place of what it waited for before.
    let deadlines: Vec<_> = dossier.deadlines.iter().map(|k| k.deadline.clone()).collect();
    let mut reasons = dossier.reasons()?;
    reasons.retain(|r| !matches!(r.code.as_str(), "contact_missing" | "contact_has_not_accepted"));
    reasons.extend(intake::waits(&deadlines));
    dossier.set_reasons(conn, &reasons)?;
    let running =
        dossier.deadlines.iter().any(|k| k.deadline.basis.kind == DeadlineKind::DeliverBy && k.deadline.state == DeadlineState::Running);
    if running && known.as_ref() != Some(contact) {
        dossier.dispatch(conn, ctx)?;
    }
    dossier.record(conn, ctx, "contact_named", &serde_json::json!({"contact": contact}))?;
    Ok(dossier)
}
