//! A certificate of destruction is handed in for a unit that the customer keeps (P4.6).

use super::dossier::Dossier;
use super::{ActionError, Context, Done, charge_unit};
use crate::rules::destruction::{self, Facts};
use crate::rules::notice::NoticeKind;
use crate::rules::number::RmaNumber;
use crate::rules::rma::{ReturnState, RmaState};
use crate::rules::text::Line;
use crate::store::{Conn, Word, returns};
use chrono::NaiveDate;

/// The certificate.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The line of the unit.
    pub line: i32,
    /// Its number.
    pub certificate_number: Line,
    /// When the unit was destroyed, on the customer's calendar.
    pub destroyed_on: NaiveDate,
    /// Who destroyed it.
    pub destroyed_by: Line,
}

/// Records the certificate: the line waits for nothing any more, and a charge for the unit is withdrawn or taken back.
pub fn certify_destruction(conn: &mut Conn, ctx: &Context, number: RmaNumber, ask: &Ask) -> Done<Dossier> {
    let mut dossier = Dossier::lock(conn, ctx, number)?;
    if !dossier.returns.iter().any(|unit| unit.line == ask.line) {
        return Err(ActionError::NotFound("line"));
    }
    let facts = Facts { rma: dossier.facts()?, keeps_media: dossier.rma.keeps_media, zone: dossier.reader_zone() };
    let certified = destruction::certify(&facts, ask.line, ask.destroyed_on, ctx.now)?;
    for unit in dossier.returns.iter_mut().filter(|unit| unit.line == ask.line) {
        unit.state = Word(ReturnState::Destroyed);
        unit.certificate = Some(ask.certificate_number.to_string());
        unit.destroyed_on = Some(ask.destroyed_on);
        unit.destroyed_by = Some(ask.destroyed_by.to_string());
        returns::update(conn, unit)?;
    }
    charge_unit::certified(conn, ctx, &dossier, ask.line)?;
    dossier.save_deadlines(conn, ctx, certified.deadlines)?;
    if certified.complete && dossier.rma.state.0 == RmaState::Delivered {
        dossier.advance(conn, ctx, RmaState::Returned)?;
    }
    let told = serde_json::json!({
        "line": ask.line, "certificate_number": ask.certificate_number, "destroyed_on": ask.destroyed_on, "destroyed_by": ask.destroyed_by,
    });
    dossier.record(conn, ctx, "destruction_certified", &told)?;
    let (kind, suffix) = match certified.complete {
        true => (NoticeKind::ReturnReceived, "return-received".to_owned()),
        false => (NoticeKind::ReturnPartial, format!("return-partial/{}", ask.line)),
    };
    dossier.tell_customer(conn, ctx, kind, &suffix, None)?;
    Ok(dossier)
}
