//! Which country a point is in, from the borders that the crate `country-boundaries` embeds (© OpenStreetMap contributors).

use crate::rules::position::Point;
use country_boundaries::{BOUNDARIES_ODBL_360X180, CountryBoundaries, LatLon};
use std::sync::LazyLock;

/// Read when first asked for; `None` could only be a damaged crate, which the tests would find.
static BORDERS: LazyLock<Option<CountryBoundaries>> = LazyLock::new(|| CountryBoundaries::from_reader(BOUNDARIES_ODBL_360X180).ok());

/// The embedded borders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Borders;

impl Borders {
    /// The country of a point, ISO 3166-1 alpha-2; territories with a code of their own (PR, GU, HK) have that. `None` on
    /// the high seas: waters belong to their country for up to 200 nautical miles.
    pub fn country_at(&self, point: Point) -> Option<&'static str> {
        let here = LatLon::new(point.latitude(), point.longitude()).ok()?;
        // The smallest area comes first: subdivisions, territories, then countries.
        BORDERS.as_ref()?.ids(here).into_iter().find(|id| id.len() == 2)
    }
}

#[cfg(test)]
mod tests;
