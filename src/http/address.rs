//! Addresses and positions, as they are sent and shown.

use super::body::Faults;
use super::fields::{Bounded, Degrees};
use crate::rules::position::{Point, Position};
use crate::rules::record::Address;
use crate::rules::text::{Country, Line, PostalCode};
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::Serialize;
use utoipa::ToSchema;

/// A postal address, as it is sent.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct AddressBody {
    /// Street lines, at most 5.
    #[deserr(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 5)]
    lines: Bounded<Line, 0, 5>,
    /// City.
    #[schema(value_type = String, example = "Fort Lauderdale")]
    city: Line,
    /// State, province or region.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "FL")]
    region: Option<Line>,
    /// Postal code.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "33309")]
    postal_code: Option<PostalCode>,
    /// ISO 3166-1 alpha-2.
    #[schema(value_type = String, example = "US")]
    country: Country,
}

impl AddressBody {
    /// The address.
    pub fn address(&self) -> Address {
        Address {
            lines: self.lines.0.clone(),
            city: self.city.clone(),
            region: self.region.clone(),
            postal_code: self.postal_code.clone(),
            country: self.country.clone(),
        }
    }
}

/// A postal address, as it is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the members of AddressBody")]
pub struct AddressView {
    pub lines: Vec<String>,
    pub city: String,
    pub region: Option<String>,
    pub postal_code: Option<String>,
    pub country: String,
}

impl From<Address> for AddressView {
    fn from(address: Address) -> Self {
        Self {
            lines: address.lines.into_iter().map(Into::into).collect(),
            city: address.city.into(),
            region: address.region.map(Into::into),
            postal_code: address.postal_code.map(Into::into),
            country: address.country.into(),
        }
    }
}

/// Coordinates, as they are sent.
#[derive(Debug, Clone, Copy, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct PositionBody {
    /// Degrees north, -90 to 90.
    #[schema(value_type = f64, example = 26.2, minimum = -90, maximum = 90)]
    latitude: Degrees,
    /// Degrees east, -180 to 180.
    #[schema(value_type = f64, example = -80.15, minimum = -180, maximum = 180)]
    longitude: Degrees,
    /// As it is shown; where it is sent it can only be `given`. Leave the position out to have the address located.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "given")]
    #[expect(dead_code, reason = "it can say one thing only")]
    method: Option<GivenOnly>,
}

/// The only method of coordinates that are sent: those that were located aren't given by being sent back.
#[derive(Debug, Clone, Copy, Deserr)]
#[deserr(error = Faults, rename_all = lowercase)]
enum GivenOnly {
    Given,
}

/// A point that was sent as a [`PositionBody`]; both coordinates are judged.
#[derive(Debug, Clone, Copy)]
pub struct Stated(pub Point);

impl Deserr<Faults> for Stated {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<Self, Faults> {
        let PositionBody { latitude: Degrees(latitude), longitude: Degrees(longitude), .. } =
            PositionBody::deserialize_from_value(value, at)?;
        let mut faults = Faults::default();
        for (field, judged) in [("latitude", Point::new(latitude, 0.0)), ("longitude", Point::new(0.0, longitude))] {
            if let Err(fault) = judged {
                faults = faults.and(Faults::at(at.push_key(field), fault.code, fault.detail));
            }
        }
        Point::new(latitude, longitude).map(Self).map_err(|_| faults)
    }
}

/// A point, as it is shown.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct PointView {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

impl From<Point> for PointView {
    fn from(point: Point) -> Self {
        Self { latitude: point.latitude(), longitude: point.longitude() }
    }
}

/// A position, as it is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PositionView {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// How it came to be known: `given`, `postal_code` or `city`.
    #[schema(example = "given")]
    pub grade: String,
    /// What it was located by: `given`, `postal_code`, `postal_prefix` (the start of a code that isn't known), `city_region`
    /// or `city`.
    #[schema(example = "given")]
    pub method: String,
    /// How far the true place may be from the point; 0 for coordinates that were given.
    pub radius_meters: f64,
}

impl From<Position> for PositionView {
    fn from(position: Position) -> Self {
        let PointView { latitude, longitude } = position.point.into();
        Self {
            latitude,
            longitude,
            grade: position.grade.to_string(),
            method: position.method.to_string(),
            radius_meters: tenths(position.radius_meters),
        }
    }
}

/// Rounds to one decimal, as distances are shown; never `-0.0`.
pub fn tenths(distance: f64) -> f64 {
    (distance * 10.0).round() / 10.0 + 0.0
}

#[cfg(test)]
mod tests;
