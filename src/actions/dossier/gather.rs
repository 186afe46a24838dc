//! How a dossier comes about: read from the store, or made of rows that were just written.

use super::{DeadLinks, Dossier, LineUnit, gone};
use crate::rules::number::RmaNumber;
use crate::rules::record::{Courier, Organization, ServiceCenter, Site};
use crate::store::deadlines::Kept;
use crate::store::returns::ExpectedReturn;
use crate::store::rmas::{Names, Rma, RmaLine};
use crate::store::shipments::Shipment;
use crate::store::{self, Conn, Stand, Stored};

/// What belongs to an RMA's row; the fields are those of [`Dossier`].
#[derive(Debug)]
pub(in crate::actions) struct Belongings {
    pub names: Names,
    pub lines: Vec<(RmaLine, String, String)>,
    pub units: Vec<LineUnit>,
    pub dead: DeadLinks,
    pub returns: Vec<ExpectedReturn>,
    pub shipment: Shipment,
    pub deadlines: Vec<Kept>,
    pub organization: Stand<Organization>,
    pub site: Option<Stand<Site>>,
    pub center: Option<Stand<ServiceCenter>>,
    pub courier: Option<Stand<Courier>>,
}

impl Dossier {
    /// An RMA of its row and what belongs to it.
    pub(in crate::actions) fn of(rma: Rma, own: Belongings) -> Stored<Self> {
        let mut dossier = Self {
            number: RmaNumber::of(rma.number).ok_or_else(|| gone("number"))?,
            contract_zone: store::types::zone(&own.names.contract_zone)?,
            rma,
            names: own.names,
            lines: own.lines,
            units: own.units,
            dead: own.dead,
            returns: own.returns,
            shipment: own.shipment,
            deadlines: own.deadlines,
            organization: own.organization,
            site: own.site,
            center: own.center,
            courier: own.courier,
            loaded: serde_json::Value::Null,
        };
        dossier.loaded = dossier.standing();
        Ok(dossier)
    }

    /// Loads what belongs to an RMA's row.
    pub fn gather(conn: &mut Conn, rma: Rma) -> Stored<Self> {
        let (_, names) = store::rmas::find(conn, rma.number)?.ok_or_else(|| gone("names"))?;
        Self::gather_named(conn, rma, names)
    }

    /// Loads what belongs to an RMA's row, where the names of what it refers to are known.
    pub fn gather_named(conn: &mut Conn, rma: Rma, names: Names) -> Stored<Self> {
        let shipment = store::shipments::of_rma(conn, rma.id)?.ok_or_else(|| gone("shipment"))?;
        let lines = store::rmas::lines(conn, rma.id)?;
        let own = Belongings {
            names,
            units: Self::load_units(conn, rma.id, &lines)?,
            dead: DeadLinks::load(conn, rma.state.0, &lines)?,
            lines,
            returns: store::returns::of_rma(conn, rma.id)?,
            deadlines: store::deadlines::of_rma(conn, rma.id)?,
            organization: store::organizations::get(conn, rma.organization_id)?.ok_or_else(|| gone("organization"))?,
            site: rma.site_id.map(|id| store::sites::get(conn, id)).transpose()?.flatten(),
            center: rma.service_center_id.map(|id| store::centers::get(conn, id)).transpose()?.flatten(),
            courier: shipment.courier_id.map(|id| store::couriers::get(conn, id)).transpose()?.flatten(),
            shipment,
        };
        Self::of(rma, own)
    }
}
