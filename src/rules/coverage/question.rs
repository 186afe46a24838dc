//! Is a position that somebody gave to be believed (P5.3)? And the whole judgment of a place, which every caller asks for.

use super::{Coverage, Network, Verdict, distance_meters};
use crate::rules::position::{Grade, Point, Position};
use crate::rules::program::Program;
use chrono::NaiveDate;

/// What is known otherwise about where a given position should be.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evidence {
    /// The country that the position lies in; `None` where none is known there, or the border is so near that it mustn't
    /// decide.
    pub country_there: Option<String>,
    /// Where the address's postal code is.
    pub postal_area: Option<Position>,
}

/// A doubt about a position.
#[derive(Debug, Clone, PartialEq)]
pub enum Question {
    /// It lies in another country than the address says.
    OtherCountry {
        /// The country of the address.
        stated: String,
        /// The country that the position lies in.
        found: String,
    },
    /// It lies far from the address's postal code.
    FarFromPostalCode {
        /// Geodesic distance from the point of the postal code.
        meters: f64,
        /// Radius of the postal code's area.
        area_meters: f64,
        /// Beyond which distance from that area a position is questioned.
        limit_km: f64,
    },
}

/// A place that is judged.
#[derive(Debug, Clone, Copy)]
pub struct Inquiry<'a> {
    /// Where it is, if anything is known.
    pub position: Option<&'a Position>,
    /// The country of its address, ISO 3166-1 alpha-2.
    pub country: &'a str,
    /// True if somebody confirmed this position for this address.
    pub confirmed: bool,
    /// True if nothing but the nearest center is wanted.
    pub only_nearest: bool,
}

/// Questions coordinates that somebody gave (P5.3): those in another country than the address says (a territory may count as
/// its sovereign's), and those too far from the address's postal code.
///
/// What is known only roughly counts in favor of the position: its own radius and that of the postal code's area are taken
/// off the distance between the two.
pub fn question(
    position: &Position,
    country: &str,
    postal_area: Option<&Position>,
    country_there: Option<&str>,
    program: &Program,
) -> Vec<Question> {
    if position.grade != Grade::Given {
        return Vec::new();
    }
    let abroad = country_there.filter(|found| program.home_of(found) != program.home_of(country));
    let abroad = abroad.map(|found| Question::OtherCountry { stated: country.to_owned(), found: found.to_owned() });
    let limit_km = program.gold_plus.question_beyond_km;
    let far = postal_area.filter(|area| reach_meters(position.point, area.point) > limit_km * 1_000.0).and_then(|area| {
        let meters = distance_meters(position.point, area.point);
        let far = meters - area.radius_meters - position.radius_meters > limit_km * 1_000.0;
        far.then_some(Question::FarFromPostalCode { meters, area_meters: area.radius_meters, limit_km })
    });
    abroad.into_iter().chain(far).collect()
}

/// How far apart two points are at most: along the meridian of the one, then along the parallel of the other. Most positions
/// are near their postal code, which this tells without a geodesic.
fn reach_meters(a: Point, b: Point) -> f64 {
    // A degree of a great circle at its longest: of the meridian at a pole, where the ellipsoid is flattest.
    const METERS_PER_DEGREE: f64 = 111_695.0;
    let east = (a.longitude() - b.longitude()).abs();
    let east = east.min(360.0 - east) * a.latitude().to_radians().cos();
    ((a.latitude() - b.latitude()).abs() + east) * METERS_PER_DEGREE
}

/// Judges a place on `day` (P5.2, P5.3), by a network that [`Network::of`] made for the program. Every caller judges here, so
/// that check, certificate and promise can't disagree.
///
/// `evidence` is asked for only where it could make a difference.
pub fn judge(
    network: &Network,
    place: &Inquiry<'_>,
    program: &Program,
    day: NaiveDate,
    evidence: impl FnOnce(&Position) -> Evidence,
) -> Coverage {
    let (home, limit_miles) = (program.home_of(place.country), program.radius_miles(place.country));
    let mut coverage = match place.only_nearest {
        true => network.reach(place.position, home, limit_miles, day),
        false => network.check(place.position, home, limit_miles, day),
    };
    let judged = matches!(coverage.verdict, Verdict::Eligible | Verdict::OutOfRange | Verdict::ConfirmPosition);
    let Some(position) = place.position.filter(|p| judged && !place.confirmed && p.grade == Grade::Given) else { return coverage };
    let Evidence { country_there, postal_area } = evidence(position);
    coverage.questions = question(position, place.country, postal_area.as_ref(), country_there.as_deref(), program);
    if !coverage.questions.is_empty() {
        coverage.verdict = Verdict::ConfirmPosition;
    }
    coverage
}

#[cfg(test)]
mod tests;
