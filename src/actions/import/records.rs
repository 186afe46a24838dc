//! What each feed's row is as a record. Lists that the store keeps sorted are sorted here, so that a file that is imported
//! again changes nothing.

use super::{Import, RecordOf};
use crate::actions::keep::{self, add};
use crate::actions::{Context, Done};
use crate::feeds::{appliances, contracts, couriers, organizations, parts, service_centers, sites, stock_units};
use crate::rules::record::{Contract, Model, Site};
use crate::rules::refusal::Refusal;
use crate::rules::text::Line;
use crate::store::{Conn, models};

impl Import for organizations::Row {
    type Kind = keep::organizations::Organizations;
    fn record(self, _ctx: &Context) -> RecordOf<Self> {
        self
    }
}

impl Import for parts::Row {
    type Kind = keep::parts::Parts;
    fn record(self, _ctx: &Context) -> RecordOf<Self> {
        parts::Row { fits_models: sorted(self.fits_models), ..self }
    }
    /// A model is known by being named: the ones that are missing are added, called by their code.
    fn prepare(conn: &mut Conn, ctx: &Context, record: &RecordOf<Self>) -> Done<()> {
        for code in &record.fits_models {
            if models::id_of(conn, code.as_str())?.is_none() {
                let name = Line::parse(code.as_str()).map_err(|fault| Refusal::input(fault.code, "/fits_models", fault.detail))?;
                add::<keep::models::Models>(conn, ctx, Model { code: code.clone(), name })?;
            }
        }
        Ok(())
    }
}

impl Import for couriers::Row {
    type Kind = keep::couriers::Couriers;
    fn record(self, _ctx: &Context) -> RecordOf<Self> {
        self
    }
}

impl Import for service_centers::Row {
    type Kind = keep::service_centers::ServiceCenters;
    fn record(self, _ctx: &Context) -> RecordOf<Self> {
        service_centers::Row { warehouse_for: sorted(self.warehouse_for), ..self }
    }
}

impl Import for stock_units::Row {
    type Kind = keep::stock_units::StockUnits;
    fn record(self, _ctx: &Context) -> RecordOf<Self> {
        self
    }
}

impl Import for sites::Row {
    type Kind = keep::sites::Sites;
    fn record(self, ctx: &Context) -> RecordOf<Self> {
        let position = keep::sites::locate(&ctx.reference, &self.address, self.position);
        Site {
            code: self.code,
            organization: self.organization,
            name: self.name,
            zone: keep::sites::zone_of(&ctx.reference, position.as_ref(), self.zone),
            address: self.address,
            subdivision: self.subdivision,
            position,
            position_confirmed: self.position_confirmed,
            contact: self.contact,
            receiving_notes: self.receiving_notes,
        }
    }
}

impl Import for contracts::Row {
    type Kind = keep::contracts::Contracts;
    fn record(self, ctx: &Context) -> RecordOf<Self> {
        Contract {
            number: self.number,
            organization: self.organization,
            region: self.region,
            tier: self.tier,
            zone: self.zone.unwrap_or_else(|| keep::contracts::zone_of(&ctx.reference, self.region, ctx.now)),
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            four_hour_service_center: self.four_hour_service_center.unwrap_or(false),
            keeps_media: self.keeps_media.unwrap_or(false),
        }
    }
}

impl Import for appliances::Row {
    type Kind = keep::appliances::Appliances;
    fn record(self, _ctx: &Context) -> RecordOf<Self> {
        appliances::Row { contracts: sorted(self.contracts), ..self }
    }
}

/// Codes in the order in which the store gives them: by bytes.
fn sorted<T: Ord>(mut codes: Vec<T>) -> Vec<T> {
    codes.sort();
    codes
}
