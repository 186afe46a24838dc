//! A part of the earth between two meridians and two parallels, and the cells of a grid over it.

use super::TILE;
use crate::rules::position::Point;
use crate::rules::text::TextFault;

/// Between two parallels, and from a meridian to the east until another: across the 180th one where `west` is greater than `east`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Where it begins, going east.
    pub west: f64,
    /// The lower parallel.
    pub south: f64,
    /// Where it ends.
    pub east: f64,
    /// The upper parallel.
    pub north: f64,
}

impl Bounds {
    /// Degrees that are finite and in range, south below north; anything else is refused.
    pub fn new(west: f64, south: f64, east: f64, north: f64) -> Result<Self, TextFault> {
        Point::new(south, west)?;
        Point::new(north, east)?;
        match south < north {
            true => Ok(Self { west, south, east, north }),
            false => Err(TextFault::new("bad_box", "south must be less than north")),
        }
    }

    /// How many degrees of longitude it has.
    pub fn wide(&self) -> f64 {
        if self.west <= self.east { self.east - self.west } else { self.east - self.west + 360.0 }
    }

    /// The ranges of longitude that it has, from west to east: two where it crosses the 180th meridian.
    pub fn ranges(&self) -> Vec<(f64, f64)> {
        match self.west <= self.east {
            true => vec![(self.west, self.east)],
            false => vec![(self.west, 180.0), (-180.0, self.east)],
        }
    }

    /// True for what lies within.
    pub fn contains(&self, point: Point) -> bool {
        let in_range = |(west, east): (f64, f64)| (west..=east).contains(&point.longitude());
        (self.south..=self.north).contains(&point.latitude()) && self.ranges().into_iter().any(in_range)
    }

    /// With everything that is so many meters around it, and perhaps some more.
    pub fn grown(&self, meters: f64) -> Self {
        let north_south = meters / 110_567.0;
        let (south, north) = ((self.south - north_south).max(-90.0), (self.north + north_south).min(90.0));
        let narrow = south.abs().max(north.abs()).to_radians().cos();
        let east_west = north_south / narrow.max(1e-6);
        if self.wide() + 2.0 * east_west >= 360.0 {
            return Self { west: -180.0, south, east: 180.0, north };
        }
        let around = |degrees: f64| (degrees + 180.0).rem_euclid(360.0) - 180.0;
        Self { west: around(self.west - east_west), south, east: around(self.east + east_west), north }
    }
}

/// A grid of cells that are some pixels wide at a zoom. It lies on the earth, not on the view: what is in a cell stays in it when
/// the view moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    /// Degrees of longitude of a cell.
    pub east: f64,
    /// Degrees of latitude of a cell.
    pub north: f64,
}

/// Pixels from one cell to the next.
const CELL: f64 = 64.0;

impl Grid {
    /// The grid for what is within bounds at a zoom. Cells are about as high as wide: degrees of latitude are halved as often as the
    /// middle of the view needs it.
    pub fn of(bounds: &Bounds, zoom: f64) -> Self {
        let east = 360.0 * CELL / TILE / zoom.floor().exp2();
        let middle = f64::midpoint(bounds.south, bounds.north);
        let halved = (-middle.to_radians().cos().max(0.1).log2()).round();
        Self { east, north: east / halved.exp2() }
    }

    /// The most cells that bounds can have.
    pub fn cells(&self, bounds: &Bounds) -> f64 {
        ((bounds.wide() / self.east).ceil() + 2.0) * (((bounds.north - bounds.south) / self.north).ceil() + 1.0)
    }
}
