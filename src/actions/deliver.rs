//! The replacement arrives (P4): proof of delivery, and the days for the defective unit begin.

use super::dossier::Dossier;
use super::{Context, Done};
use crate::rules::dispatch::DispatchState;
use crate::rules::moves;
use crate::rules::notice::NoticeKind;
use crate::rules::number::RmaNumber;
use crate::rules::rma::{RmaState, ShipmentState};
use crate::rules::text::Line;
use crate::store::{Conn, Word, shipments};
use chrono::{DateTime, Utc};

/// What is recorded.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Who took it.
    pub received_by: Line,
    /// When, if not now.
    pub delivered_at: Option<DateTime<Utc>>,
}

/// Records the delivery, and tells the customer the date for the return. Units that are back already end the RMA's wait.
pub fn deliver(conn: &mut Conn, ctx: &Context, number: RmaNumber, ask: &Ask) -> Done<Dossier> {
    let mut dossier = Dossier::lock(conn, ctx, number)?;
    let facts = dossier.facts()?;
    facts.may_become(RmaState::Delivered)?;
    let at = moves::happened_at(ask.delivered_at, facts.shipped_at.unwrap_or(facts.issued_at), ctx.now, "/delivered_at")?;
    let changes = moves::deliver(&facts, at, &ctx.calendars(conn)?)?;
    dossier.save_deadlines(conn, ctx, changes)?;
    dossier.advance(conn, ctx, RmaState::Delivered)?;
    dossier.shipment.state = Word(ShipmentState::Delivered);
    dossier.shipment.delivered_at = Some(at.into());
    dossier.shipment.received_by = Some(ask.received_by.to_string());
    shipments::update(conn, &dossier.shipment)?;
    dossier.tell_customer(conn, ctx, NoticeKind::Delivered, "delivered", None)?;
    if facts.all_returned() {
        dossier.advance(conn, ctx, RmaState::Returned)?;
    }
    dossier.dispatch_follows(conn, ctx, DispatchState::Delivered)?;
    dossier.record(conn, ctx, "delivered", &serde_json::json!({"received_by": ask.received_by, "delivered_at": at}))?;
    Ok(dossier)
}
