//! A unit is free: it goes to the line that waits for it, the one that is due first (P4).

use super::dossier::Dossier;
use super::{Context, Done};
use crate::rules::stock::Supply;
use crate::store::stock_units::Held;
use crate::store::{Conn, Id, rmas, stock_units};

/// Reserves a free unit for the line that waits for one there, if there is one. What the promise said about waiting goes.
pub fn fill_backorder(conn: &mut Conn, ctx: &Context, unit: &Held, part: Id, center: Id) -> Done<()> {
    let Some(waiting) = stock_units::next_waiting(conn, part, center)? else { return Ok(()) };
    let Some(rma) = rmas::get(conn, waiting.rma)? else { return Ok(()) };
    let mut dossier = Dossier::gather(conn, rma)?;
    stock_units::reserve(conn, unit, waiting.line, ctx.ts())?;
    dossier.set_supply(conn, waiting.line, Supply::Reserved)?;
    let told = serde_json::json!({"serial_number": unit.serial_number});
    dossier.record(conn, ctx, "unit_reserved", &told)?;
    Ok(())
}
