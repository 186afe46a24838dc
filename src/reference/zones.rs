//! Which IANA zone a point is in, from the zone areas that the crate `tzf-rs` embeds (© OpenStreetMap contributors).

use crate::rules::position::Point;
use chrono_tz::Tz;
use std::sync::LazyLock;
use tzf_rs::EmbeddedFinder;

/// The embedded zone areas; opened when first asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zones;

/// Queried in place: opening takes next to no time and memory, and a site is located once.
static FINDER: LazyLock<EmbeddedFinder> = LazyLock::new(EmbeddedFinder::new);

impl Zones {
    /// The IANA name of a point's zone; `Etc/…` at sea.
    pub fn name_at(&self, point: Point) -> &'static str {
        FINDER.get_tz_name(point.longitude(), point.latitude())
    }

    /// The zone of a point; `Etc/…` at sea. `None` where no area covers the point, or its zone is newer than the rules
    /// that `chrono-tz` carries.
    pub fn at(&self, point: Point) -> Option<Tz> {
        self.name_at(point).parse().ok()
    }
}

#[cfg(test)]
mod tests;
