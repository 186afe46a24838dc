//! Return instructions on request (P4.6): the facts of their papers, and the letter that carries them, again.

use super::dossier::Dossier;
use super::{Context, Done};
use crate::rules::instruction;
use crate::rules::notice::{NoticeFacts, NoticeKind};
use crate::rules::number::RmaNumber;
use crate::rules::rma::ReturnState;
use crate::store::{Conn, Ts, outbox};
use chrono::TimeDelta;
use chrono_tz::Tz;

/// What the papers of a return say now, and in whose zone.
pub fn papers(conn: &mut Conn, ctx: &Context, number: RmaNumber) -> Done<(NoticeFacts, Tz)> {
    let dossier = Dossier::read(conn, ctx, number)?;
    may_have(&dossier)?;
    instruction::may_print(dossier.rma.keeps_media)?;
    Ok((dossier.notice_facts(ctx, None)?, dossier.reader_zone()))
}

/// Promises the letter with the instructions once more.
pub fn send_instructions(conn: &mut Conn, ctx: &Context, number: RmaNumber) -> Done<Dossier> {
    let dossier = Dossier::lock(conn, ctx, number)?;
    may_have(&dossier)?;
    let sent = outbox::sent(conn, dossier.rma.id, &[NoticeKind::ReturnInstructions])?;
    let since = Ts::from(ctx.now - TimeDelta::hours(24));
    instruction::may_send_again(sent.iter().filter(|letter| letter.promised_at > since).count())?;
    let ordinal = sent.len() + 1;
    dossier.tell_customer(conn, ctx, NoticeKind::ReturnInstructions, &format!("return-instructions/{ordinal}"), None)?;
    dossier.record(conn, ctx, "return_instructions_sent", &serde_json::json!({"ordinal": ordinal}))?;
    Ok(dossier)
}

fn may_have(dossier: &Dossier) -> Done<()> {
    let units: Vec<ReturnState> = dossier.returns.iter().map(|unit| unit.state.0).collect();
    Ok(instruction::may_have(dossier.rma.state.0, &units, dossier.rma.keeps_media || dossier.center.is_some())?)
}
