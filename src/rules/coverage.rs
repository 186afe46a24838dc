//! Is a site within reach of a service center (P5.2, P5.3)?
//!
//! Distances run along the WGS84 ellipsoid (Karney's geodesic, as the `geo` crate has it), in meters and statute miles.

mod question;
mod reasons;

pub use question::{Evidence, Inquiry, Question, judge, question};
pub use reasons::reasons;

use super::position::{Point, Position};
use super::program::Program;
use super::term::terms;
use super::text::Code;
use chrono::NaiveDate;
use geo::{Distance, Geodesic};
use rstar::RTree;
use rstar::primitives::GeomWithData;
use std::collections::BTreeMap;

/// A statute mile in meters (P5.2).
pub const METERS_PER_MILE: f64 = 1_609.344;

terms! {
    /// The answer to the coverage check.
    Verdict, "verdict" {
        /// Within reach of a center that is open, whatever the position's uncertainty.
        Eligible => "eligible",
        /// Out of reach, whatever the position's uncertainty.
        OutOfRange => "out_of_range",
        /// The position is too coarse to tell, or it is questioned (P5.3).
        ConfirmPosition => "confirm_position",
        /// No open center in the site's country.
        NoCenterInCountry => "no_center_in_country",
        /// Nothing is known about where the site is.
        PositionUnknown => "position_unknown",
    }
}

/// A service center as the check sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Center {
    /// Its code.
    pub code: Code,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Where it is.
    pub point: Point,
    /// First day of service.
    pub opens_on: NaiveDate,
    /// First day without service, if one is set.
    pub closes_on: Option<NaiveDate>,
}

impl Center {
    /// True if the center serves on `day`.
    pub fn is_open(&self, day: NaiveDate) -> bool {
        serves(self.opens_on, self.closes_on, day)
    }
}

/// True if a center with these days serves on `day`: from the first day on, until the day before it closes.
pub fn serves(opens_on: NaiveDate, closes_on: Option<NaiveDate>, day: NaiveDate) -> bool {
    opens_on <= day && closes_on.is_none_or(|closes| day < closes)
}

/// A center with its distance from the site.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The center's code.
    pub center: Code,
    /// Geodesic distance in meters.
    pub meters: f64,
    /// First day of service.
    pub opens_on: NaiveDate,
}

impl Candidate {
    /// The distance in statute miles.
    pub fn miles(&self) -> f64 {
        self.meters / METERS_PER_MILE
    }
}

/// The whole answer: verdict and the figures behind it (P5.3: distance, nearest center, margin).
#[derive(Debug, Clone, PartialEq)]
pub struct Coverage {
    /// The verdict.
    pub verdict: Verdict,
    /// The radius of the site's country in statute miles.
    pub limit_miles: f64,
    /// The nearest open centers of the country, nearest first: at most six.
    pub candidates: Vec<Candidate>,
    /// The nearest center that would bring the site into range once it opens (P5.4).
    pub opening: Option<Candidate>,
    /// The uncertainty of the position in meters; 0 where it is exact or none is known.
    pub radius_meters: f64,
    /// Why the position is questioned; empty if it isn't (P5.3).
    pub questions: Vec<Question>,
}

impl Coverage {
    fn unknown(limit_miles: f64, radius_meters: f64) -> Self {
        let (verdict, candidates, questions) = (Verdict::PositionUnknown, Vec::new(), Vec::new());
        Self { verdict, limit_miles, candidates, opening: None, radius_meters, questions }
    }
    /// The nearest open center of the country.
    pub fn nearest(&self) -> Option<&Candidate> {
        self.candidates.first()
    }
    /// Miles left to the limit; negative when out of range.
    pub fn margin_miles(&self) -> Option<f64> {
        self.nearest().map(|c| self.limit_miles - c.miles())
    }
    /// True if the position is too coarse to tell whether the nearest center is in reach (P5.3).
    pub fn is_too_coarse(&self) -> bool {
        let near = self.nearest();
        near.is_some_and(|c| in_reach(c.meters, self.limit_miles * METERS_PER_MILE, self.radius_meters) == Verdict::ConfirmPosition)
    }
}

/// Geodesic distance in meters.
pub fn distance_meters(a: Point, b: Point) -> f64 {
    let point = |p: Point| geo::Point::new(p.longitude(), p.latitude());
    Geodesic.distance(point(a), point(b))
}

/// Centers that are looked at besides the nearest one.
const OTHERS: usize = 5;

/// Service centers, indexed: the nearest one of a country is found without measuring all.
#[derive(Debug, Default)]
pub struct Network {
    countries: BTreeMap<String, RTree<Place>>,
}

/// A center where it is in space: meters from the middle of the earth.
type Place = GeomWithData<[f64; 3], Center>;

impl Network {
    /// Indexes centers by country.
    pub fn new(centers: Vec<Center>) -> Self {
        let mut groups: BTreeMap<String, Vec<Place>> = BTreeMap::new();
        for center in centers {
            groups.entry(center.country.clone()).or_default().push(Place::new(in_space(center.point), center));
        }
        Self { countries: groups.into_iter().map(|(country, places)| (country, RTree::bulk_load(places))).collect() }
    }

    /// Indexes centers by the country that theirs counts as (P5.2): what [`judge`] looks for.
    pub fn of(centers: impl IntoIterator<Item = Center>, program: &Program) -> Self {
        let counted = |center: Center| Center { country: program.home_of(&center.country).to_owned(), ..center };
        Self::new(centers.into_iter().map(counted).collect())
    }

    /// The nearest center that is open on `day`: of the country, else of all.
    pub fn nearest_to(&self, from: Point, country: &str, day: NaiveDate) -> Option<Candidate> {
        let of_country = |tree: &RTree<Place>| nearest(tree, from, 1, f64::INFINITY, |center| center.is_open(day)).pop();
        let of_all = || {
            let found = self.countries.values().filter_map(of_country);
            found.min_by(|a, b| a.meters.total_cmp(&b.meters).then_with(|| a.center.cmp(&b.center)))
        };
        self.countries.get(country).and_then(of_country).or_else(of_all)
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
            if !here.is_some_and(|tree| tree.iter().any(|place| place.data.is_open(day))) {
                coverage.verdict = Verdict::NoCenterInCountry;
            }
            return coverage;
        };
        let limit = limit_miles * METERS_PER_MILE;
        if let Some(tree) = here {
            coverage.candidates = nearest(tree, position.point, most, f64::INFINITY, |center| center.is_open(day));
            if most > 1 {
                coverage.opening = nearest(tree, position.point, 1, limit, |center| center.opens_on > day).pop();
            }
        }
        coverage.verdict = match coverage.candidates.first() {
            None => Verdict::NoCenterInCountry,
            Some(c) => in_reach(c.meters, limit, position.radius_meters),
        };
        coverage
    }
}

/// In range, out of range, or too coarse to tell: `|limit − distance| ≤ radius`. What is known exactly may lie on the limit.
fn in_reach(meters: f64, limit: f64, radius: f64) -> Verdict {
    match (limit - meters).abs() <= radius && radius > 0.0 {
        true => Verdict::ConfirmPosition,
        false if meters <= limit => Verdict::Eligible,
        false => Verdict::OutOfRange,
    }
}

/// The nearest centers that are `wanted` and lie within `limit` meters, nearest first, by code where two are as near.
///
/// The chord through the earth is never longer than the way along its surface: once it is longer than the last way that
/// counts, no further center can be nearer, so few are measured.
fn nearest(tree: &RTree<Place>, from: Point, most: usize, limit: f64, wanted: impl Fn(&Center) -> bool) -> Vec<Candidate> {
    let mut found: Vec<(f64, &Center)> = Vec::with_capacity(most + 1);
    for (place, square) in tree.nearest_neighbor_iter_with_distance_2(&in_space(from)) {
        let worst = if found.len() < most { limit } else { found.last().map_or(limit, |(meters, _)| *meters) };
        // A millimeter of rounding mustn't decide.
        if square.sqrt() > worst + 0.001 {
            break;
        }
        if !wanted(&place.data) {
            continue;
        }
        let meters = distance_meters(from, place.data.point);
        if meters > limit {
            continue;
        }
        let before = |(other, center): &(f64, &Center)| other.total_cmp(&meters).then_with(|| center.code.cmp(&place.data.code)).is_lt();
        found.insert(found.partition_point(before), (meters, &place.data));
        found.truncate(most);
    }
    let candidate = |(meters, center): (f64, &Center)| Candidate { center: center.code.clone(), meters, opens_on: center.opens_on };
    found.into_iter().map(candidate).collect()
}

/// A point of the WGS84 ellipsoid as meters from its middle.
fn in_space(point: Point) -> [f64; 3] {
    const EQUATOR: f64 = 6_378_137.0;
    const SQUARED_ECCENTRICITY: f64 = 0.006_694_379_990_141_316;
    let ((sin, cos), (east_sin, east_cos)) = (point.latitude().to_radians().sin_cos(), point.longitude().to_radians().sin_cos());
    let normal = EQUATOR / (1.0 - SQUARED_ECCENTRICITY * sin * sin).sqrt();
    [normal * cos * east_cos, normal * cos * east_sin, normal * (1.0 - SQUARED_ECCENTRICITY) * sin]
}

/// Judges one position (P5.2); who has many makes a [`Network`] once.
pub fn check(position: Option<&Position>, country: &str, limit_miles: f64, centers: &[Center], day: NaiveDate) -> Coverage {
    Network::new(centers.to_vec()).check(position, country, limit_miles, day)
}

#[cfg(test)]
mod tests;
