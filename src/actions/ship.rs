//! The replacement leaves (P4).

use super::dossier::Dossier;
use super::{Context, Done, carrier_event};
use crate::rules::dispatch::DispatchState;
use crate::rules::moves;
use crate::rules::notice::NoticeKind;
use crate::rules::number::RmaNumber;
use crate::rules::refusal::Refusal;
use crate::rules::rma::{RmaState, ShipmentState};
use crate::rules::text::{Line, SerialNumber};
use crate::store::{Conn, Word, rmas, shipments};
use chrono::{DateTime, Utc};

/// What is recorded.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Carrier or courier.
    pub carrier: Line,
    /// Tracking number, if there is one.
    pub tracking_number: Option<Line>,
    /// The replacements' serial numbers, one a line, in their order; without them the units that are reserved leave.
    pub replacement_serial_numbers: Option<Vec<SerialNumber>>,
    /// When, if not now.
    pub shipped_at: Option<DateTime<Utc>>,
}

/// Records that the replacement left, and tells the customer.
pub fn ship(conn: &mut Conn, ctx: &Context, number: RmaNumber, ask: &Ask) -> Done<Dossier> {
    let mut dossier = Dossier::lock(conn, ctx, number)?;
    let facts = dossier.facts()?;
    facts.may_become(RmaState::Shipped)?;
    let at = moves::happened_at(ask.shipped_at, facts.earliest_shipping(), ctx.now, "/shipped_at")?;
    let changes = moves::ship(&facts, at)?;
    let serials = match &ask.replacement_serial_numbers {
        Some(serials) => serials.clone(),
        None => dossier.reserved_serials()?,
    };
    let lines = dossier.live_lines().count();
    if serials.len() != lines {
        let detail = format!("this RMA has {lines} lines: each needs its replacement's serial number");
        return Err(Refusal::input("replacement_count", "/replacement_serial_numbers", detail).into());
    }
    dossier.take_units(conn, ctx, &serials)?;
    dossier.save_deadlines(conn, ctx, changes)?;
    dossier.advance(conn, ctx, RmaState::Shipped)?;
    for ((line, ..), serial) in dossier.lines.iter_mut().filter(|(line, ..)| !line.void).zip(&serials) {
        rmas::set_replacement(conn, line.id, serial.as_str())?;
        line.replacement_serial_number = Some(serial.to_string());
    }
    dossier.shipment.state = Word(ShipmentState::InTransit);
    dossier.shipment.carrier = Some(ask.carrier.to_string());
    dossier.shipment.tracking_number = ask.tracking_number.as_ref().map(ToString::to_string);
    dossier.shipment.shipped_at = Some(at.into());
    shipments::update(conn, &dossier.shipment)?;
    let after = serde_json::json!({"carrier": ask.carrier, "tracking_number": ask.tracking_number, "replacement_serial_numbers": serials, "shipped_at": at});
    dossier.record(conn, ctx, "shipped", &after)?;
    dossier.dispatch_follows(conn, ctx, DispatchState::PickedUp)?;
    dossier.tell_customer(conn, ctx, NoticeKind::Shipped, "shipped", None)?;
    if let Some(tracking_number) = &ask.tracking_number {
        carrier_event::replay(conn, ctx, tracking_number)?;
    }
    Ok(dossier)
}
