//! Service centers, indexed: the nearest one of a country is found without measuring all.
//!
//! A k-d tree of points in space, and two bounds. The way along the earth is never shorter than the chord through it, and
//! never longer than the arc of that chord on the most curved circle that the ellipsoid has. Between the two lies a meter
//! at a hundred kilometers: whoever isn't in it needs no geodesic, so nearly always one is measured.

use super::{Candidate, Center, Coverage, METERS_PER_MILE, Verdict, distance_meters, in_reach};
use crate::rules::position::{Point, Position};
use crate::rules::program::Program;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Centers that are looked at besides the nearest one.
const OTHERS: usize = 5;
/// So few points are looked at one by one.
const LEAF: usize = 8;
/// A millimeter of rounding mustn't decide.
pub(in crate::rules) const ROUNDING_METERS: f64 = 0.001;

/// Service centers by country.
#[derive(Debug, Default)]
pub struct Network {
    countries: BTreeMap<String, Tree>,
}

impl Network {
    /// Indexes centers by country.
    pub fn new(centers: Vec<Center>) -> Self {
        let mut groups: BTreeMap<String, Vec<Center>> = BTreeMap::new();
        for center in centers {
            groups.entry(center.country.clone()).or_default().push(center);
        }
        Self { countries: groups.into_iter().map(|(country, centers)| (country, Tree::new(centers))).collect() }
    }

    /// Indexes centers by the country that theirs counts as (P5.2): what [`judge`](super::judge) looks for.
    pub fn of(centers: impl IntoIterator<Item = Center>, program: &Program) -> Self {
        let counted = |center: Center| Center { country: program.home_of(&center.country).to_owned(), ..center };
        Self::new(centers.into_iter().map(counted).collect())
    }

    /// The nearest centers that are open on `day`, at most so many: of the country, else of all.
    pub fn nearest_to(&self, from: Point, country: &str, day: NaiveDate, most: usize) -> Vec<Candidate> {
        let of_country = |tree: &Tree| tree.candidates(from, most, f64::INFINITY, &|center| center.is_open(day));
        let own = self.countries.get(country).map(of_country).unwrap_or_default();
        if !own.is_empty() {
            return own;
        }
        let mut all: Vec<Candidate> = self.countries.values().flat_map(of_country).collect();
        all.sort_by(|a, b| a.meters.total_cmp(&b.meters).then_with(|| a.center.cmp(&b.center)));
        all.truncate(most);
        all
    }

    /// The centers of a country within a radius (P5.2), open or not, nearest first, at most so many.
    pub fn within(&self, from: Point, country: &str, limit_miles: f64, most: usize) -> Vec<Candidate> {
        let tree = self.countries.get(country);
        tree.map(|tree| tree.candidates(from, most, limit_miles * METERS_PER_MILE, &|_| true)).unwrap_or_default()
    }

    /// Judges a position against the centers of its country (P5.2) on `day`: the nearest open one, the next five, and the
    /// nearest one that opens.
    pub fn check(&self, position: Option<&Position>, country: &str, limit_miles: f64, day: NaiveDate) -> Coverage {
        self.look(position, country, limit_miles, day, OTHERS + 1)
    }

    /// The same verdict with nothing but the nearest open center: for tables of many places.
    pub fn reach(&self, position: Option<&Position>, country: &str, limit_miles: f64, day: NaiveDate) -> Coverage {
        self.look(position, country, limit_miles, day, 1)
    }

    fn look(&self, position: Option<&Position>, country: &str, limit_miles: f64, day: NaiveDate, most: usize) -> Coverage {
        let mut coverage = Coverage::unknown(limit_miles, position.map_or(0.0, |p| p.radius_meters));
        let here = self.countries.get(country);
        let Some(position) = position else {
            if !here.is_some_and(|tree| tree.centers.iter().any(|center| center.is_open(day))) {
                coverage.verdict = Verdict::NoCenterInCountry;
            }
            return coverage;
        };
        let limit = limit_miles * METERS_PER_MILE;
        if let Some(tree) = here {
            coverage.candidates = tree.candidates(position.point, most, f64::INFINITY, &|center| center.is_open(day));
            if most > 1 {
                coverage.opening = tree.candidates(position.point, 1, limit, &|center| center.opens_on > day).pop();
            }
        }
        coverage.verdict = match coverage.candidates.first() {
            None => Verdict::NoCenterInCountry,
            Some(c) => in_reach(c.meters, limit, position.radius_meters),
        };
        coverage
    }
}

/// The centers of one country as a k-d tree: the middle of a range parts it along its axis.
#[derive(Debug, Default)]
struct Tree {
    spots: Vec<Spot>,
    centers: Vec<Center>,
}

/// Meters from the middle of the earth, and the axis along which the point parts its range.
#[derive(Debug, Clone, Copy)]
struct Spot {
    at: [f64; 3],
    axis: usize,
}

impl Tree {
    fn new(centers: Vec<Center>) -> Self {
        let mut places: Vec<(Spot, Center)> =
            centers.into_iter().map(|center| (Spot { at: in_space(center.point), axis: 0 }, center)).collect();
        part(&mut places);
        let (spots, centers) = places.into_iter().unzip();
        Self { spots, centers }
    }

    /// [`Tree::nearest`] with what is told of a center.
    fn candidates(&self, from: Point, most: usize, limit: f64, wanted: &dyn Fn(&Center) -> bool) -> Vec<Candidate> {
        let told = |(meters, center): (f64, &Center)| Candidate { center: center.code.clone(), meters, opens_on: center.opens_on };
        self.nearest(from, most, limit, wanted).into_iter().map(told).collect()
    }

    /// The nearest centers that are `wanted` and lie within `limit` meters, nearest first, by code where two are as near.
    fn nearest(&self, from: Point, most: usize, limit: f64, wanted: &dyn Fn(&Center) -> bool) -> Vec<(f64, &Center)> {
        let reach = (limit + ROUNDING_METERS).powi(2);
        let mut search = Search { tree: self, from: in_space(from), most, wanted, reach, near: Vec::with_capacity(most + 3) };
        search.range(0, self.spots.len());
        let measured = |(_, center): (f64, &'_ Center)| distance_meters(from, center.point);
        let mut found: Vec<(f64, &Center)> = search.near;
        for place in &mut found {
            place.0 = measured(*place);
        }
        found.retain(|(meters, _)| *meters <= limit);
        found.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.code.cmp(&b.1.code)));
        found.truncate(most);
        found
    }
}

/// Puts the middle of a range along its widest axis in the middle, and so on for both halves.
fn part(places: &mut [(Spot, Center)]) {
    if places.len() <= LEAF {
        return;
    }
    let width = |axis: usize| {
        let along = places.iter().map(|(spot, _)| spot.at[axis]);
        along.clone().fold(f64::NEG_INFINITY, f64::max) - along.fold(f64::INFINITY, f64::min)
    };
    let axis = (0..3).max_by(|a, b| width(*a).total_cmp(&width(*b))).unwrap_or_default();
    let middle = places.len() / 2;
    let (before, parting, after) = places.select_nth_unstable_by(middle, |a, b| a.0.at[axis].total_cmp(&b.0.at[axis]));
    parting.0.axis = axis;
    part(before);
    part(after);
}

/// A search under way: those that may be among the nearest, by the square of their chord.
struct Search<'a, 'w> {
    tree: &'a Tree,
    from: [f64; 3],
    most: usize,
    wanted: &'w dyn Fn(&Center) -> bool,
    /// The square of the longest chord that still counts.
    reach: f64,
    near: Vec<(f64, &'a Center)>,
}

impl Search<'_, '_> {
    fn range(&mut self, low: usize, high: usize) {
        if high - low <= LEAF {
            (low..high).for_each(|index| self.look(index));
            return;
        }
        let middle = low + (high - low) / 2;
        let Spot { at, axis } = self.tree.spots[middle];
        let beyond = self.from[axis] - at[axis];
        let (near, far) = if beyond < 0.0 { ((low, middle), (middle + 1, high)) } else { ((middle + 1, high), (low, middle)) };
        self.range(near.0, near.1);
        if beyond * beyond <= self.reach {
            self.look(middle);
            self.range(far.0, far.1);
        }
    }

    fn look(&mut self, index: usize) {
        let at = self.tree.spots[index].at;
        let square = (0..3).map(|axis| (self.from[axis] - at[axis]).powi(2)).sum();
        let center = &self.tree.centers[index];
        if square > self.reach || !(self.wanted)(center) {
            return;
        }
        self.near.insert(self.near.partition_point(|(other, _)| *other <= square), (square, center));
        if let Some((last, _)) = self.near.get(self.most - 1) {
            let reach = (longest_way(last.sqrt()) + ROUNDING_METERS).powi(2);
            if reach < self.reach {
                self.reach = reach;
                self.near.truncate(self.near.partition_point(|(square, _)| *square <= reach));
            }
        }
    }
}

/// The longest that the shortest way between two points can be, by their chord: a line that is nowhere more curved than a
/// circle is, between points as far apart, no longer than the arc of that circle (Schur). Nothing on the ellipsoid is more
/// curved than a meridian where it crosses the equator.
pub(in crate::rules) fn longest_way(chord: f64) -> f64 {
    const SMALLEST_RADIUS: f64 = 6_335_439.0;
    // Beyond, the arc would have to be more than half a circle for some, and says nothing.
    const FAR: f64 = 12_000_000.0;
    if chord < FAR { 2.0 * SMALLEST_RADIUS * (chord / (2.0 * SMALLEST_RADIUS)).asin() } else { f64::INFINITY }
}

/// A point of the WGS84 ellipsoid as meters from its middle.
pub(in crate::rules) fn in_space(point: Point) -> [f64; 3] {
    const EQUATOR: f64 = 6_378_137.0;
    const SQUARED_ECCENTRICITY: f64 = 0.006_694_379_990_141_316;
    let ((sin, cos), (east_sin, east_cos)) = (point.latitude().to_radians().sin_cos(), point.longitude().to_radians().sin_cos());
    let normal = EQUATOR / (1.0 - SQUARED_ECCENTRICITY * sin * sin).sqrt();
    [normal * cos * east_cos, normal * cos * east_sin, normal * (1.0 - SQUARED_ECCENTRICITY) * sin]
}
