//! Which country a point is in, from the borders that the crate `country-boundaries` embeds (© OpenStreetMap contributors).

use super::countries::exists;
use crate::rules::position::Point;
use country_boundaries::{BOUNDARIES_ODBL_360X180, CountryBoundaries, LatLon};
use std::sync::LazyLock;

/// Read when first asked for; `None` could only be a damaged crate, which the tests would find.
static BORDERS: LazyLock<Option<CountryBoundaries>> = LazyLock::new(|| CountryBoundaries::from_reader(BOUNDARIES_ODBL_360X180).ok());

/// How many points of a ring around a point are looked at.
const DIRECTIONS: u8 = 16;
/// Meters of a degree of latitude where it is shortest.
const METERS_PER_DEGREE: f64 = 110_567.0;

/// A point so many meters away in one of the directions; on a plane, which is good enough near a border. `None` beyond a pole.
fn beside(point: Point, meters: f64, direction: u8) -> Option<Point> {
    let angle = f64::from(direction) * std::f64::consts::TAU / f64::from(DIRECTIONS);
    let degrees = meters / METERS_PER_DEGREE;
    let narrow = point.latitude().to_radians().cos().max(0.01);
    let longitude = point.longitude() + degrees * angle.sin() / narrow;
    Point::new(point.latitude() + degrees * angle.cos(), (longitude + 540.0).rem_euclid(360.0) - 180.0).ok()
}

/// The embedded borders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Borders;

impl Borders {
    /// The country of a point, ISO 3166-1 alpha-2; territories with a code of their own (PR, GU, HK) have that. `None` on
    /// the high seas: waters belong to their country for up to 200 nautical miles.
    pub fn country_at(&self, point: Point) -> Option<&'static str> {
        let here = LatLon::new(point.latitude(), point.longitude()).ok()?;
        // The smallest area comes first: subdivisions, territories, then countries. Some areas have a code that ISO 3166-1
        // only reserves (IC, EA) within a country; Kosovo has nothing but one that is the users' own.
        let ids = BORDERS.as_ref()?.ids(here);
        let mut codes = ids.into_iter().filter(|id| id.len() == 2);
        let first = codes.next()?;
        Some(if exists(first) { first } else { codes.find(|code| exists(code)).unwrap_or(first) })
    }

    /// The country of a point, unless it or a country within so many meters is the one that is looked for: so near to a
    /// border it mustn't decide. `None`, too, where there is no country with a code of ISO 3166-1.
    pub fn elsewhere(&self, point: Point, meters: f64, is_here: impl Fn(&str) -> bool) -> Option<&'static str> {
        let there = self.country_at(point).filter(|code| exists(code) && !is_here(code))?;
        let rings = [0.25, 0.5, 0.75, 1.0];
        let mut around = rings.into_iter().flat_map(|part| (0..DIRECTIONS).filter_map(move |n| beside(point, meters * part, n)));
        let here_is_near = around.any(|near| self.country_at(near).is_some_and(&is_here));
        (!here_is_near).then_some(there)
    }
}

#[cfg(test)]
mod tests;
