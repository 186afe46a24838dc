//! A unit arrives at the dock (P4.6): the right one, one of several, or another one.

use super::dossier::Dossier;
use super::{Context, Done};
use crate::rules::moves;
use crate::rules::notice::NoticeKind;
use crate::rules::number::RmaNumber;
use crate::rules::rma::{Condition, ReturnState, RmaState};
use crate::rules::text::SerialNumber;
use crate::store::{Conn, Id, Word, returns};
use chrono::{DateTime, Utc};

/// What is recorded.
#[derive(Debug, Clone)]
pub struct Ask {
    /// What the unit says.
    pub serial_number: SerialNumber,
    /// How it looks.
    pub condition: Condition,
    /// Which line, where several are open.
    pub line: Option<i32>,
    /// When, if not now.
    pub received_at: Option<DateTime<Utc>>,
}

/// Books a unit to its line, and tells the customer what that means.
pub fn receive_return(conn: &mut Conn, ctx: &Context, number: RmaNumber, ask: &Ask) -> Done<Dossier> {
    let mut dossier = Dossier::lock(conn, ctx, number)?;
    let facts = dossier.facts()?;
    let at = moves::happened_at(ask.received_at, facts.issued_at, ctx.now, "/received_at")?;
    let receipt = moves::receive(&facts, ask.line, &ask.serial_number, at)?;
    for unit in dossier.returns.iter_mut().filter(|r| r.line == receipt.line) {
        unit.state = Word(receipt.state);
        unit.received_at = Some(at.into());
        unit.received_serial_number = Some(ask.serial_number.to_string());
        unit.condition = Some(Word(ask.condition));
        returns::update(conn, unit)?;
    }
    dossier.save_deadlines(conn, ctx, receipt.deadlines)?;
    if receipt.complete && facts.state == RmaState::Delivered {
        dossier.advance(conn, ctx, RmaState::Returned)?;
    }
    let after = serde_json::json!({"line": receipt.line, "serial_number": ask.serial_number, "condition": ask.condition, "state": receipt.state, "received_at": at});
    dossier.record(conn, ctx, "return_received", &after)?;
    match (receipt.state, receipt.complete) {
        (ReturnState::Received, true) => dossier.tell_customer(conn, ctx, NoticeKind::ReturnReceived, "return-received", None)?,
        (ReturnState::Received, false) => {
            dossier.tell_customer(conn, ctx, NoticeKind::ReturnPartial, &format!("return-partial/{}", receipt.line), None)?
        }
        // Every wrong unit is told of, however often: its key can't repeat.
        _ => dossier.tell_customer(
            conn,
            ctx,
            NoticeKind::ReturnWrong,
            &format!("return-wrong/{}", Id::new()),
            Some(ask.serial_number.to_string()),
        )?,
    }
    Ok(dossier)
}
