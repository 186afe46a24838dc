//! Is a site within reach of a service center (P5.2, P5.3)?
//!
//! Distances run along the WGS84 ellipsoid (Karney's geodesic, as the `geo` crate has it), in meters and statute miles.

mod network;
mod question;
mod reasons;

pub use network::Network;
pub(super) use network::{ROUNDING_METERS, in_space, longest_way};
pub use question::{Evidence, Inquiry, Question, judge, question};
pub use reasons::reasons;

use super::center_request::{RequestedCenter, RequestedNearby, nearest_requested};
use super::position::{Point, Position};
use super::term::terms;
use super::text::Code;
use chrono::NaiveDate;
use geo::{Distance, Geodesic};

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
    /// The nearest center that is asked for and would bring the site into range (P5.4), where none is set to open.
    pub requested: Option<RequestedNearby>,
}

impl Coverage {
    fn unknown(limit_miles: f64, radius_meters: f64) -> Self {
        let (verdict, candidates, questions) = (Verdict::PositionUnknown, Vec::new(), Vec::new());
        Self { verdict, limit_miles, candidates, opening: None, radius_meters, questions, requested: None }
    }
    /// With the nearest of the centers that are asked for, where the site is out of reach and none is set to open (P5.4).
    pub fn with_requested(mut self, requests: &[RequestedCenter], position: Option<&Position>) -> Self {
        let wanted = matches!(self.verdict, Verdict::OutOfRange | Verdict::NoCenterInCountry) && self.opening.is_none();
        self.requested = position.filter(|_| wanted).and_then(|p| nearest_requested(requests, p.point, self.limit_miles));
        self
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

/// In range, out of range, or too coarse to tell: `|limit − distance| ≤ radius`. What is known exactly may lie on the limit.
pub(super) fn in_reach(meters: f64, limit: f64, radius: f64) -> Verdict {
    match (limit - meters).abs() <= radius && radius > 0.0 {
        true => Verdict::ConfirmPosition,
        false if meters <= limit => Verdict::Eligible,
        false => Verdict::OutOfRange,
    }
}

/// Judges one position (P5.2); who has many makes a [`Network`] once.
pub fn check(position: Option<&Position>, country: &str, limit_miles: f64, centers: &[Center], day: NaiveDate) -> Coverage {
    Network::new(centers.to_vec()).check(position, country, limit_miles, day)
}

#[cfg(test)]
mod tests;
