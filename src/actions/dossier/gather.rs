//! How a dossier comes about: read from the store, or made of rows that were just written.

use super::{DeadLinks, Dossier, LineUnit, gone};
use crate::rules::number::RmaNumber;
use crate::rules::record::{Courier, Organization, ServiceCenter, Site};
use crate::rules::rma::RmaState;
use crate::store::deadlines::Kept;
use crate::store::returns::ExpectedReturn;
use crate::store::rmas::{Names, Rma, RmaLine};
use crate::store::shipments::Shipment;
use crate::store::{self, Conn, Id, Stand, Stored};
use std::collections::{BTreeMap, BTreeSet};

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
        Self::gather_all(conn, vec![(rma, names)])?.pop().ok_or_else(|| gone("row"))
    }

    /// Loads what belongs to the rows of RMAs, for all of them at once: as many queries for a page as for one.
    pub fn gather_all(conn: &mut Conn, rows: Vec<(Rma, Names)>) -> Stored<Vec<Self>> {
        let ids: Vec<Id> = rows.iter().map(|(rma, _)| rma.id).collect();
        let all_lines = store::rmas::lines(conn, &ids)?;
        let units = Self::load_units(conn, &all_lines)?;
        let states: BTreeMap<Id, RmaState> = rows.iter().map(|(rma, _)| (rma.id, rma.state.0)).collect();
        let dead = DeadLinks::load(conn, |rma| states.get(&rma).copied(), &all_lines)?;
        let mut lines = sorted(all_lines, |(line, ..)| line.rma_id);
        let mut returns = sorted(store::returns::of_rmas(conn, &ids)?, |unit| unit.rma_id);
        let mut deadlines = sorted(store::deadlines::of_rmas(conn, &ids)?, |kept| kept.rma_id);
        let mut shipments = sorted(store::shipments::of_rmas(conn, &ids)?, |shipment| shipment.rma_id);
        let organizations = stands(store::organizations::all(conn, &distinct(rows.iter().map(|(rma, _)| rma.organization_id)))?);
        let sites = stands(store::sites::all(conn, &distinct(rows.iter().filter_map(|(rma, _)| rma.site_id)))?);
        let centers = stands(store::centers::with_ids(conn, &distinct(rows.iter().filter_map(|(rma, _)| rma.service_center_id)))?);
        let carried = shipments.values().flatten().filter_map(|shipment| shipment.courier_id);
        let couriers = stands(store::couriers::all(conn, &distinct(carried))?);
        let whole = |(rma, names): (Rma, Names)| {
            let shipment = shipments.remove(&rma.id).and_then(|mut of_rma| of_rma.pop()).ok_or_else(|| gone("shipment"))?;
            let lines = lines.remove(&rma.id).unwrap_or_default();
            let own = |line: Id| lines.iter().any(|(row, ..): &(RmaLine, String, String)| row.id == line);
            let belongings = Belongings {
                names,
                units: units.iter().filter(|unit| own(unit.line)).cloned().collect(),
                dead: dead.of(own),
                returns: returns.remove(&rma.id).unwrap_or_default(),
                deadlines: deadlines.remove(&rma.id).unwrap_or_default(),
                organization: organizations.get(&rma.organization_id).cloned().ok_or_else(|| gone("organization"))?,
                site: rma.site_id.and_then(|id| sites.get(&id)).cloned(),
                center: rma.service_center_id.and_then(|id| centers.get(&id)).cloned(),
                courier: shipment.courier_id.and_then(|id| couriers.get(&id)).cloned(),
                shipment,
                lines,
            };
            Self::of(rma, belongings)
        };
        rows.into_iter().map(whole).collect()
    }
}

/// Rows by the RMA that they belong to, in their order.
fn sorted<T>(rows: Vec<T>, rma: impl Fn(&T) -> Id) -> BTreeMap<Id, Vec<T>> {
    let mut by_rma: BTreeMap<Id, Vec<T>> = BTreeMap::new();
    for row in rows {
        by_rma.entry(rma(&row)).or_default().push(row);
    }
    by_rma
}

fn stands<R>(all: Vec<Stand<R>>) -> BTreeMap<Id, Stand<R>> {
    all.into_iter().map(|stand| (stand.id, stand)).collect()
}

fn distinct(ids: impl Iterator<Item = Id>) -> Vec<Id> {
    Vec::from_iter(ids.collect::<BTreeSet<_>>())
}
