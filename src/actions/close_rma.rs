//! Closing an RMA: the replacement arrived, the defective unit is back and looked at.

use super::dossier::Dossier;
use super::{Context, Done, succeed_appliance};
use crate::rules::notice::NoticeKind;
use crate::rules::number::RmaNumber;
use crate::rules::rma::RmaState;
use crate::store::Conn;

/// Closes the RMA and tells the customer.
pub fn close_rma(conn: &mut Conn, ctx: &Context, number: RmaNumber) -> Done<Dossier> {
    let mut dossier = Dossier::lock(conn, ctx, number)?;
    dossier.facts()?.may_become(RmaState::Closed)?;
    let succession = succeed_appliance::succeed(conn, ctx, &dossier)?;
    dossier.advance(conn, ctx, RmaState::Closed)?;
    let told = succession.map(|s| serde_json::json!({"succession": {"from": s.from, "to": s.to}}));
    dossier.record(conn, ctx, "closed", &told.unwrap_or_else(|| serde_json::json!({})))?;
    dossier.tell_customer(conn, ctx, NoticeKind::Closed, "closed", None)?;
    Ok(dossier)
}
