use super::*;
use crate::rules::coverage::{METERS_PER_MILE, distance_meters};

fn at(latitude: f64, longitude: f64) -> Point {
    Point::new(latitude, longitude).unwrap()
}

#[test]
fn p5_2_each_point_of_a_circle_lies_at_the_radius_within_a_meter() {
    let places = [(25.76, -80.19), (69.65, 18.96), (89.9, 12.0), (-90.0, 0.0), (-17.7, 179.9), (64.7, -179.99), (0.0, 0.0)];
    for (north, east) in places {
        for miles in [50.0, 70.0, 500.0] {
            let (center, meters) = (at(north, east), miles * METERS_PER_MILE);
            let points = circle(center, meters, 96);
            assert_eq!(points.len(), 96);
            for point in points {
                let off = (distance_meters(center, point) - meters).abs();
                assert!(off < 1.0, "{center:?} {miles}: {point:?} is off by {off} m");
            }
        }
    }
}

#[test]
fn p5_2_a_reach_across_the_180th_meridian_is_one_area() {
    let ring = rings(at(-17.7, 179.9), 50.0 * METERS_PER_MILE, 64);
    assert_eq!(ring.len(), 64);
    let (west, east) = ring.iter().fold((f64::MAX, f64::MIN), |(w, e), s| (w.min(s.x), e.max(s.x)));
    assert!(west < WORLD && east > WORLD && east - west < WORLD / 100.0, "{west} to {east}");
    // Around both sides of the meridian it is the same area in two copies of the world.
    let other = rings(at(-17.7, -179.9), 50.0 * METERS_PER_MILE, 64);
    assert!(other.iter().any(|s| s.x < 0.0) && other.iter().all(|s| s.x < WORLD / 100.0));
}

#[test]
fn p5_2_a_reach_around_a_pole_ends_at_the_edge_of_the_map() {
    for (north, edge) in [(88.0, 0.0), (-88.0, WORLD)] {
        let ring = rings(at(north, 20.0), 600.0 * METERS_PER_MILE, 64);
        let (west, east) = ring.iter().fold((f64::MAX, f64::MIN), |(w, e), s| (w.min(s.x), e.max(s.x)));
        assert!((east - west - WORLD).abs() < 1e-6, "{north}: once around, {}", east - west);
        assert_eq!(ring.iter().rev().take(2).map(|s| s.y).collect::<Vec<_>>(), [edge, edge]);
        // What lies between the pole and the ring is in it: the ring is nowhere on the edge itself.
        let inner = ring.iter().take(64).map(|s| (s.y - edge).abs()).fold(f64::MAX, f64::min);
        assert!(inner > 0.0, "{north}");
    }
    let beyond = rings(at(86.0, 0.0), 1_000.0, 16);
    assert!(beyond.iter().all(|s| s.y < 1e-9 && s.x.is_finite()), "a small one beyond the edge lies on it");
}

#[test]
fn p5_2_circles_grow_towards_the_poles_as_the_map_does() {
    let wide = |north: f64| {
        let ring = rings(at(north, 10.0), 80_000.0, 64);
        let (west, east) = ring.iter().fold((f64::MAX, f64::MIN), |(w, e), s| (w.min(s.x), e.max(s.x)));
        east - west
    };
    // 80 km are twice as many degrees of longitude at 60 degrees, but for the ellipsoid's flattening.
    assert!((wide(60.0) / wide(0.0) - 2.0).abs() < 0.02, "{}", wide(60.0) / wide(0.0));
}

#[test]
fn places_are_where_the_map_has_them_and_back() {
    assert_eq!(project(at(0.0, 0.0)), Spot { x: WORLD / 2.0, y: WORLD / 2.0 });
    let (first, last) = (project(at(90.0, -180.0)), project(at(-90.0, 180.0)));
    assert!(first.x == 0.0 && first.y < 1e-9 && last.x == WORLD && (last.y - WORLD).abs() < 1e-9, "{first:?} {last:?}");
    for (north, east) in [(25.76, -80.19), (-33.9, 151.2), (84.9, 179.5), (0.0, -179.999)] {
        let spot = project(at(north, east));
        assert!((latitude(spot.y) - north).abs() < 1e-9 && (longitude(spot.x) - east).abs() < 1e-9);
    }
}

#[test]
fn a_view_shows_every_place_and_crosses_the_180th_meridian_where_that_is_shorter() {
    for places in [
        vec![at(25.76, -80.19), at(47.6, -122.3), at(40.7, -74.0)],
        vec![at(-17.7, 178.0), at(-16.8, -179.9)],
        vec![at(-36.8, 174.7), at(-43.5, 172.6), at(-13.8, -171.8)],
        vec![at(89.9, 0.0), at(-89.9, 170.0)],
    ] {
        let view = View::of(&places, 1_000.0, 600.0, 20.0);
        for place in &places {
            let (x, y) = view.pixels(*place);
            assert!((19.0..981.0).contains(&x) && (19.0..581.0).contains(&y), "{place:?} is at {x}, {y} of {view:?}");
        }
    }
    let fiji = View::of(&[at(-17.7, 178.0), at(-16.8, -179.9)], 1_000.0, 600.0, 20.0);
    assert!(fiji.zoom > 7.0 && fiji.bounds().west > fiji.bounds().east, "{fiji:?}");
    let one = View::of(&[at(48.0, 11.0)], 1_000.0, 600.0, 20.0);
    assert_eq!(one.zoom, ZOOM_MOST);
    assert_eq!(View::of(&[], 1_000.0, 600.0, 20.0).bounds().wide(), 351.5625);
}

#[test]
fn a_view_moves_and_zooms_and_never_leaves_the_earth() {
    let view = View { middle: at(25.0, 179.0), zoom: 5.0, width: 1_000.0, height: 600.0 };
    let east = view.moved(500.0, 0.0);
    assert!(east.middle.longitude() < -150.0 && (east.middle.latitude() - 25.0).abs() < 1e-9, "{east:?}");
    assert!((east.moved(-500.0, 0.0).middle.longitude() - 179.0).abs() < 1e-9);
    assert_eq!(view.moved(0.0, 1e12).middle.latitude(), -NORTHMOST);
    assert_eq!((view.zoomed(99.0).zoom, view.zoomed(-99.0).zoom), (ZOOM_MOST, 0.0));
    assert_eq!(view.zoomed(-99.0).bounds().ranges(), [(-180.0, 180.0)]);
}

#[test]
fn bounds_are_checked_and_part_at_the_180th_meridian() {
    let bounds = Bounds::new(170.0, -20.0, -170.0, 10.0).unwrap();
    assert_eq!((bounds.wide(), bounds.ranges()), (20.0, vec![(170.0, 180.0), (-180.0, -170.0)]));
    assert!(
        bounds.contains(at(0.0, 175.0))
            && bounds.contains(at(10.0, -175.0))
            && !bounds.contains(at(0.0, 165.0))
            && !bounds.contains(at(11.0, 175.0))
    );
    let grown = bounds.grown(110_567.0);
    assert!((grown.south + 21.0).abs() < 1e-9 && grown.west < 169.0 && grown.east > -169.0, "{grown:?}");
    assert_eq!(Bounds::new(-170.0, -80.0, 170.0, 89.0).unwrap().grown(500_000.0).ranges(), [(-180.0, 180.0)]);
    for (west, south, east, north) in [(0.0, 1.0, 1.0, 1.0), (f64::NAN, 0.0, 1.0, 1.0), (0.0, -91.0, 1.0, 1.0), (0.0, 0.0, 181.0, 1.0)] {
        assert!(Bounds::new(west, south, east, north).is_err(), "{west} {south} {east} {north}");
    }
    assert!(Bounds::new(0.0, 0.0, f64::INFINITY, 1.0).is_err());
}

#[test]
fn cells_of_a_grid_are_about_square_and_a_screen_has_a_bounded_number_of_them() {
    for (north, zoom) in [(0.0, 2.0), (40.0, 6.5), (60.0, 9.0), (78.0, 12.0)] {
        let view = View { middle: at(north, 10.0), zoom, width: 3_840.0, height: 2_160.0 };
        let (bounds, grid) = (view.bounds(), Grid::of(&view.bounds(), zoom));
        let cell = (grid.east / 360.0 * WORLD * view.scale(), grid.north / 360.0 * WORLD * view.scale() / north.to_radians().cos());
        assert!((64.0..=91.0).contains(&cell.0.round()) && (0.45..2.1).contains(&(cell.1 / cell.0)), "{north}: {cell:?}");
        assert!(grid.cells(&bounds) < 6_000.0, "{north}: {}", grid.cells(&bounds));
    }
}
