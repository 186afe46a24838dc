//! Where a unit goes from the dock, and what its inspection found (P4.6).

use super::fill_backorder::fill_backorder;
use super::{ActionError, Context, Done};
use crate::rules::dock::{Disposition, Finding};
use crate::rules::stock::StockState;
use crate::rules::text::Note;
use crate::store::dock_scans::{self, Detail, Disposed, Filter};
use crate::store::stock_units;
use crate::store::{Conn, Id};

/// What was decided.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Where the unit goes.
    pub disposition: Disposition,
    /// What the inspection found, if there was one.
    pub finding: Option<Finding>,
    /// What else there is to say.
    pub note: Option<Note>,
}

/// Records the decision about a unit; a later one takes its place.
pub fn dispose(conn: &mut Conn, ctx: &Context, id: Id, ask: &Ask) -> Done<Detail> {
    let filter = Filter { id: Some(id), ..Filter::default() };
    let before = dock_scans::page(conn, &filter, None, 1)?.rows.pop().ok_or(ActionError::NotFound("scan"))?;
    let note = ask.note.as_ref().map(ToString::to_string);
    let disposed = Disposed { disposition: ask.disposition, finding: ask.finding, note, at: ctx.ts(), by: ctx.actor.name.clone() };
    if !dock_scans::dispose(conn, id, &disposed)? {
        return Err(ActionError::NotFound("scan"));
    }
    restock(conn, ctx, &before.scan.serial_number, ask.disposition)?;
    let told = |disposition, finding| serde_json::json!({"disposition": disposition, "finding": finding});
    let was = told(before.scan.disposition.0, before.scan.finding.map(|f| f.0));
    ctx.record(conn, "disposed", ("scan", &id.to_string()), Some(&was), Some(&told(ask.disposition, ask.finding)))?;
    dock_scans::page(conn, &filter, None, 1)?.rows.pop().ok_or(ActionError::NotFound("scan"))
}

/// A unit that came out of stock goes where the decision says: back on the shelf, to whoever waits for it, or out of the books.
/// What is repaired, sent on or looked at stays in quarantine.
fn restock(conn: &mut Conn, ctx: &Context, serial: &str, disposition: Disposition) -> Done<()> {
    let state = match disposition {
        Disposition::Restock => StockState::Received,
        Disposition::Scrap => StockState::WrittenOff,
        Disposition::Repair | Disposition::ReturnToSender | Disposition::Investigate => return Ok(()),
    };
    match stock_units::leave_quarantine(conn, serial, state, ctx.ts())? {
        Some(unit) if state == StockState::Received => {
            let (part, center) = (unit.part_id, unit.service_center_id);
            fill_backorder(conn, ctx, &unit.into(), part, center)
        }
        _ => Ok(()),
    }
}
