//! The reach of a service center on the map.

use super::{NORTHMOST, Spot, WORLD, nearest, project};
use crate::rules::position::Point;
use geo::{Destination, Geodesic};

/// Points at so many meters from a place, in equal steps of the direction that one sets out in, from north by east (P5.2): each the
/// end of a geodesic on the ellipsoid that distances are measured on.
pub fn circle(center: Point, meters: f64, points: u16) -> Vec<Point> {
    let from = geo::Point::new(center.longitude(), center.latitude());
    let step = 360.0 / f64::from(points.max(1));
    let end = |n: u16| {
        let end = Geodesic.destination(from, f64::from(n) * step, meters);
        Point::clamped(end.y(), end.x())
    };
    (0..points).map(end).collect()
}

/// What of the map lies within so many meters of a place, as an area whose last point joins its first. It goes on beyond the map's
/// sides where it crosses the 180th meridian; around a pole it goes once around the world and then along the map's edge.
pub fn rings(center: Point, meters: f64, points: u16) -> Vec<Spot> {
    let mut at = project(center).x;
    let ends = circle(center, meters, points);
    let mut ring: Vec<Spot> = Vec::with_capacity(ends.len() + 3);
    for end in &ends {
        let spot = project(*end);
        at += nearest(spot.x - at);
        ring.push(Spot { x: at, y: spot.y });
    }
    let Some(first) = ring.first().copied() else { return ring };
    let closing = at + nearest(first.x - at);
    if (closing - first.x).abs() > WORLD / 2.0 {
        let north = ends.iter().any(|end| end.latitude() > NORTHMOST) || center.latitude() > 0.0;
        let edge = if north { 0.0 } else { WORLD };
        ring.extend([Spot { x: closing, y: first.y }, Spot { x: closing, y: edge }, Spot { x: first.x, y: edge }]);
    }
    ring
}
