//! The customer has sent the defective unit back (P4.6).

use super::dossier::Dossier;
use super::{Context, Done};
use crate::rules::moves;
use crate::rules::number::RmaNumber;
use crate::rules::rma::ReturnState;
use crate::rules::text::Line;
use crate::store::{Conn, Word, returns};
use chrono::{DateTime, Utc};

/// What is reported.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Which line; all that are expected without it.
    pub line: Option<i32>,
    /// Carrier.
    pub carrier: Option<Line>,
    /// Tracking number.
    pub tracking_number: Option<Line>,
    /// When, if not now.
    pub shipped_at: Option<DateTime<Utc>>,
}

/// Records that units are on their way back.
pub fn report_return(conn: &mut Conn, ctx: &Context, number: RmaNumber, ask: &Ask) -> Done<Dossier> {
    let mut dossier = Dossier::lock(conn, ctx, number)?;
    let facts = dossier.facts()?;
    let lines = moves::return_shipped(&facts, ask.line)?;
    let at = moves::happened_at(ask.shipped_at, facts.issued_at, ctx.now, "/shipped_at")?;
    for unit in dossier.returns.iter_mut().filter(|r| lines.contains(&r.line)) {
        unit.state = Word(ReturnState::Shipped);
        unit.carrier = ask.carrier.as_ref().map(ToString::to_string);
        unit.tracking_number = ask.tracking_number.as_ref().map(ToString::to_string);
        unit.shipped_at = Some(at.into());
        returns::update(conn, unit)?;
    }
    let after = serde_json::json!({"lines": lines, "carrier": ask.carrier, "tracking_number": ask.tracking_number, "shipped_at": at});
    dossier.record(conn, ctx, "return_shipped", &after)?;
    Ok(dossier)
}
