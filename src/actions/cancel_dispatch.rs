//! Calling a courier off before it has the part (P4.2), and sending it again or the next one where that is wanted.

use super::dossier::Dossier;
use super::{ActionError, Context, Done, chase_couriers};
use crate::rules::dispatch::{self, Afterwards};
use crate::rules::number::RmaNumber;
use crate::rules::text::Note;
use crate::store::dispatches::Dispatch;
use crate::store::{self, Conn, Id};

/// Cancels a dispatch: the courier is told, its links end. The RMA, and the dispatch that is in force then, or else the cancelled one.
pub fn cancel_dispatch(conn: &mut Conn, ctx: &Context, id: Id, reason: &Note, afterwards: Afterwards) -> Done<(Dossier, Dispatch)> {
    let missing = || ActionError::NotFound("dispatch");
    let number = store::dispatches::rma_of(conn, id)?.and_then(RmaNumber::of).ok_or_else(missing)?;
    let mut dossier = Dossier::lock(conn, ctx, number)?;
    // Read with the row of the RMA held: the courier may have picked the part up meanwhile.
    let open = store::dispatches::get(conn, id)?.ok_or_else(missing)?;
    let asked = chase_couriers::unanswered(conn, &dossier, &open)?;
    dispatch::cancel(open.standing())?;
    let next = dispatch::after_cancelling(afterwards, dossier.courier.as_ref().map(|c| &c.record.code), &asked)?;
    dossier.call_off(conn, ctx, reason.as_str())?;
    let told = serde_json::json!({"dispatch": open.number, "reason": reason, "next": next});
    dossier.record(conn, ctx, "dispatch_called_off", &told)?;
    if let Some(code) = next {
        chase_couriers::send(conn, ctx, &mut dossier, &code)?;
    }
    let in_force = dossier.open_dispatch(conn)?;
    let shown = in_force.map_or_else(|| store::dispatches::get(conn, id), |dispatch| Ok(Some(dispatch)))?;
    Ok((dossier, shown.ok_or_else(missing)?))
}
