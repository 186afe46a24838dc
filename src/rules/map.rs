//! The map that people look at: where a place is on it, what a view shows, how far a service center reaches, and the grid that
//! sites are counted by where there are too many to show.
//!
//! Web Mercator: it keeps angles, so that what is near a place keeps its shape at every zoom and a circle looks like one. Its price
//! is that scale grows with latitude; circles are therefore drawn from geodesics, and no distance is ever read from the map.

mod bounds;
mod circle;

pub use bounds::{Bounds, Grid};
pub use circle::{circle, rings};

use super::position::Point;

/// The width of the world in the units of the map.
pub const WORLD: f64 = 16_384.0;
/// The latitude at which the map ends, so that it is a square.
pub const NORTHMOST: f64 = 85.051_128_779_806_59;
/// The closest zoom. Every step doubles the scale; at none the world is [`TILE`] pixels wide.
pub const ZOOM_MOST: f64 = 12.0;
/// The width of the world in pixels at zoom 0.
pub const TILE: f64 = 256.0;

/// A place on the map: units east of the 180th meridian and south of the northern edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// Units from the west.
    pub x: f64,
    /// Units from the north.
    pub y: f64,
}

/// Where a point is on the map; beyond [`NORTHMOST`] on its edge.
pub fn project(point: Point) -> Spot {
    let north = point.latitude().clamp(-NORTHMOST, NORTHMOST).to_radians();
    let y = 0.5 - north.sin().atanh() / std::f64::consts::TAU;
    Spot { x: (point.longitude() + 180.0) / 360.0 * WORLD, y: (y * WORLD).clamp(0.0, WORLD) }
}

/// The latitude of units from the north.
fn latitude(y: f64) -> f64 {
    ((0.5 - y / WORLD) * std::f64::consts::TAU).sinh().atan().to_degrees().clamp(-NORTHMOST, NORTHMOST)
}

/// The longitude of units from the west, whichever copy of the world they are in.
fn longitude(x: f64) -> f64 {
    (x / WORLD * 360.0).rem_euclid(360.0) - 180.0
}

/// A part of the map as it is shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// What is in the middle.
    pub middle: Point,
    /// How close, from 0 to [`ZOOM_MOST`].
    pub zoom: f64,
    /// Pixels from left to right.
    pub width: f64,
    /// Pixels from top to bottom.
    pub height: f64,
}

impl View {
    /// The view that shows all of these places, and pixels around them; the world where there are none.
    pub fn of(places: &[Point], width: f64, height: f64, around: f64) -> Self {
        let whole = Self { middle: Point::default(), zoom: 2.0, width, height };
        let Some((west, east)) = span(places) else { return Self { middle: Point::clamped(30.0, 5.0), ..whole } };
        let all = places.iter().map(|place| project(*place).y);
        let (north, south) = (all.clone().fold(WORLD, f64::min), all.fold(0.0, f64::max));
        let fits = |pixels: f64, units: f64| ((pixels - 2.0 * around).max(1.0) * WORLD / TILE / units.max(1e-6)).log2();
        let zoom = fits(width, east - west).min(fits(height, south - north)).clamp(0.0, ZOOM_MOST);
        let middle = Point::clamped(latitude((north + south) / 2.0), longitude((west + east) / 2.0));
        // Half steps: the same places make the same view when one of them moves a little.
        Self { middle, zoom: (zoom * 2.0).floor() / 2.0, ..whole }
    }

    /// Pixels of a unit.
    pub fn scale(&self) -> f64 {
        TILE * self.zoom.exp2() / WORLD
    }

    /// Where the map's corner is, in pixels from the view's.
    pub fn offset(&self) -> (f64, f64) {
        let (middle, scale) = (project(self.middle), self.scale());
        (self.width / 2.0 - middle.x * scale, self.height / 2.0 - middle.y * scale)
    }

    /// Where a point is, in pixels from the view's corner: in the copy of the world that is nearest to the middle.
    pub fn pixels(&self, point: Point) -> (f64, f64) {
        let (middle, spot, scale) = (project(self.middle), project(point), self.scale());
        let east = nearest(spot.x - middle.x);
        (self.width / 2.0 + east * scale, self.height / 2.0 + (spot.y - middle.y) * scale)
    }

    /// The view so many pixels further east and south.
    pub fn moved(&self, east: f64, south: f64) -> Self {
        let (middle, scale) = (project(self.middle), self.scale());
        Self { middle: Point::clamped(latitude(middle.y + south / scale), longitude(middle.x + east / scale)), ..*self }
    }

    /// The view so many steps closer, or further away.
    pub fn zoomed(&self, steps: f64) -> Self {
        Self { zoom: (self.zoom + steps).clamp(0.0, ZOOM_MOST), ..*self }
    }

    /// What of the earth it shows.
    pub fn bounds(&self) -> Bounds {
        let (middle, scale) = (project(self.middle), self.scale());
        let (half, tall) = (self.width / 2.0 / scale, self.height / 2.0 / scale);
        let (north, south) = (latitude(middle.y - tall), latitude(middle.y + tall));
        match half * 2.0 >= WORLD {
            true => Bounds { west: -180.0, south, east: 180.0, north },
            false => Bounds { west: longitude(middle.x - half), south, east: longitude(middle.x + half), north },
        }
    }
}

/// A difference of units in the copy of the world where it is smallest.
fn nearest(units: f64) -> f64 {
    (units + WORLD / 2.0).rem_euclid(WORLD) - WORLD / 2.0
}

/// The narrowest strip of the map that has all of these places in it, by its western and eastern edges: the eastern one lies beyond
/// the 180th meridian where the strip crosses it.
fn span(places: &[Point]) -> Option<(f64, f64)> {
    let mut all: Vec<f64> = places.iter().map(|place| project(*place).x).collect();
    all.sort_by(f64::total_cmp);
    let (first, last) = (*all.first()?, *all.last()?);
    // The widest gap is left out: at first that across the 180th meridian.
    let mut widest = (first + WORLD - last, first, last);
    for (west, east) in all.iter().zip(all.iter().skip(1)) {
        if east - west > widest.0 {
            widest = (east - west, *east, west + WORLD);
        }
    }
    Some((widest.1, widest.2))
}

#[cfg(test)]
mod tests;
