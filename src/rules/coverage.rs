//! Is a site within reach of a service center (P5.2, P5.3)?
//!
//! Distances run along the WGS84 ellipsoid (Karney's geodesic, as the `geo` crate has it), in meters and statute miles.

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
        /// The position is too coarse to tell (P5.3).
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
    /// Open centers of the country, nearest first.
    pub candidates: Vec<Candidate>,
    /// The nearest center that would bring the site into range once it opens (P5.4).
    pub opening: Option<Candidate>,
}

impl Coverage {
    /// The nearest open center of the country.
    pub fn nearest(&self) -> Option<&Candidate> {
        self.candidates.first()
    }
    /// Miles left to the limit; negative when out of range.
    pub fn margin_miles(&self) -> Option<f64> {
        self.nearest().map(|c| self.limit_miles - c.miles())
    }
}

/// Geodesic distance in meters.
pub fn distance_meters(a: Point, b: Point) -> f64 {
    let point = |p: Point| geo::Point::new(p.longitude(), p.latitude());
    Geodesic.distance(point(a), point(b))
}

/// Judges a position against the centers of its country (P5.2) on `day`. Centers of other countries are ignored.
pub fn check(position: Option<&Position>, country: &str, limit_miles: f64, centers: &[Center], day: NaiveDate) -> Coverage {
    let here: Vec<&Center> = centers.iter().filter(|c| c.country == country).collect();
    let limit = limit_miles * METERS_PER_MILE;
    let mut coverage = Coverage { verdict: Verdict::PositionUnknown, limit_miles, candidates: Vec::new(), opening: None };
    if let Some(position) = position {
        let ranked = |open: bool| {
            let fits = |c: &&&Center| if open { c.is_open(day) } else { c.opens_on > day };
            let measure =
                |c: &&Center| Candidate { center: c.code.clone(), meters: distance_meters(position.point, c.point), opens_on: c.opens_on };
            let mut list: Vec<Candidate> = here.iter().filter(fits).map(measure).collect();
            list.sort_by(|a, b| a.meters.total_cmp(&b.meters).then_with(|| a.center.cmp(&b.center)));
            list
        };
        coverage.candidates = ranked(true);
        coverage.opening = ranked(false).into_iter().find(|c| c.meters <= limit);
        coverage.verdict = match coverage.candidates.first() {
            None => Verdict::NoCenterInCountry,
            Some(c) if c.meters + position.radius_meters <= limit => Verdict::Eligible,
            Some(c) if c.meters - position.radius_meters > limit => Verdict::OutOfRange,
            Some(_) => Verdict::ConfirmPosition,
        };
    } else if !here.iter().any(|c| c.is_open(day)) {
        coverage.verdict = Verdict::NoCenterInCountry;
    }
    coverage
}

#[cfg(test)]
mod tests;
