//! What proves a delivery.

use super::{ActionError, Done};
use crate::rules::dispatch::DispatchState;
use crate::store::dispatches::{self, Dispatch};
use crate::store::proofs::{self, Proof};
use crate::store::shipments::{self, Detail, Filter};
use crate::store::{Conn, Id};

/// More pictures than a run can bring.
const PICTURES_MOST: i64 = 20;

/// The proof of a shipment.
#[derive(Debug, Clone)]
pub struct Found {
    /// The shipment.
    pub detail: Detail,
    /// The dispatch by which it was delivered.
    pub delivered: Option<Dispatch>,
    /// The pictures with the numbers of their dispatches.
    pub pictures: Vec<(Proof, i32)>,
}

/// The proof of a shipment; empty where nothing has arrived yet.
pub fn show_proof(conn: &mut Conn, shipment: Id) -> Done<Found> {
    let filter = Filter { id: Some(shipment), ..Filter::default() };
    let detail = shipments::page(conn, &filter, None, 1)?.rows.pop().ok_or(ActionError::NotFound("shipment"))?;
    let delivered = dispatches::of_shipment(conn, shipment)?.into_iter().rfind(|d| d.state.0 == DispatchState::Delivered);
    Ok(Found { detail, delivered, pictures: proofs::of_shipment(conn, shipment, PICTURES_MOST)? })
}
