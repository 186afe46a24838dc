//! The coverage certificate of a site: what the check (P5.2, P5.3) found, with all that it rests on.

use super::coverage::{self, Center, Coverage, Inquiry, METERS_PER_MILE, Verdict};
use super::notice::Reason;
use super::position::Position;
use super::program::Program;
use super::term::terms;
use super::text::Code;
use chrono::NaiveDate;

/// How distances are measured (P5.2).
pub const METHOD: &str = "wgs84_geodesic";

/// Stands for the distance of a margin from nothing where there is no margin: farther than any place on Earth.
pub const NO_MARGIN_MILES: f64 = 1_000_000.0;

terms! {
    /// Why a certificate was made.
    Cause, "cause" {
        /// It is the first one of its site.
        Registered => "registered",
        /// The site's position is another.
        SiteChanged => "site_changed",
        /// Another version of the program is in force.
        ProgramChanged => "program_changed",
        /// A service center opened, closed, moved, came or went.
        NetworkChanged => "network_changed",
    }
}

/// A center that was considered.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Considered {
    /// Its code.
    pub center: Code,
    /// Its geodesic distance in meters.
    pub meters: f64,
}

/// What is certified.
#[derive(Debug, Clone, PartialEq)]
pub struct Certificate {
    /// The verdict.
    pub verdict: Verdict,
    /// The nearest open center of the country and its distance in meters.
    pub nearest: Option<Considered>,
    /// The radius of the country in statute miles.
    pub limit_miles: f64,
    /// The position that was judged.
    pub position: Option<Position>,
    /// True if somebody had confirmed that position for the address (P5.3).
    pub position_confirmed: bool,
    /// The version of the program.
    pub program_version: String,
    /// From how far a given position was questioned, in kilometers (P5.3).
    pub question_beyond_km: f64,
    /// True if territories counted as their sovereigns' countries (P5.2).
    pub territories_count: bool,
    /// The nearest open centers of the country, nearest first.
    pub considered: Vec<Considered>,
    /// Why it isn't eligible; empty if it is.
    pub reasons: Vec<Reason>,
}

impl Certificate {
    /// Miles left to the limit; negative when out of range.
    pub fn margin_miles(&self) -> Option<f64> {
        self.nearest.as_ref().map(|near| self.limit_miles - near.meters / METERS_PER_MILE)
    }
    /// How far the margin is from nothing, for lists of the borderline ones.
    pub fn closeness_miles(&self) -> f64 {
        self.margin_miles().map_or(NO_MARGIN_MILES, f64::abs)
    }
    /// How far away a center may be that could make a difference: nearer than the nearest one, or within the limit, where
    /// one that is to open is named (P5.4).
    pub fn reach_meters(&self) -> f64 {
        self.nearest.as_ref().map_or(0.0, |near| near.meters).max(self.limit_miles * METERS_PER_MILE)
    }
}

/// Certifies what the check found (P5.2, P5.3).
pub fn certify(coverage: &Coverage, place: &Inquiry<'_>, program: &Program) -> Certificate {
    let considered: Vec<Considered> =
        coverage.candidates.iter().map(|c| Considered { center: c.center.clone(), meters: c.meters }).collect();
    Certificate {
        verdict: coverage.verdict,
        nearest: considered.first().cloned(),
        limit_miles: coverage.limit_miles,
        position: place.position.copied(),
        position_confirmed: place.confirmed,
        program_version: program.version.clone(),
        question_beyond_km: program.gold_plus.question_beyond_km,
        territories_count: !program.gold_plus.territories.is_empty(),
        considered,
        reasons: coverage::reasons(coverage),
    }
}

/// True if the site needs a new certificate: anything but the centers beyond the nearest one is another.
pub fn changed(before: &Certificate, after: &Certificate) -> bool {
    let considered = Vec::new;
    Certificate { considered: considered(), ..before.clone() } != Certificate { considered: considered(), ..after.clone() }
}

/// Why a certificate takes the place of the one before it; `site_changed` where the site is stored just now.
pub fn cause(before: Option<&Certificate>, after: &Certificate, site_changed: bool) -> Cause {
    let terms = |c: &Certificate| (c.limit_miles, c.question_beyond_km, c.territories_count);
    match before {
        None => Cause::Registered,
        Some(before) if site_changed || before.position != after.position => Cause::SiteChanged,
        Some(before) if before.program_version != after.program_version || terms(before) != terms(after) => Cause::ProgramChanged,
        Some(_) => Cause::NetworkChanged,
    }
}

/// The next day after `day` on which the network may give another certificate (P5.4): the nearest center closes, or one
/// opens within reach. Centers that are neither now can't matter before that day.
pub fn next_day(certificate: &Certificate, centers: &[Center], day: NaiveDate) -> Option<NaiveDate> {
    let closes = centers.iter().filter(|c| match (&certificate.position, &certificate.nearest) {
        (Some(_), Some(near)) => c.code == near.center,
        _ => true,
    });
    let within = |c: &&Center| match (&certificate.position, &certificate.nearest) {
        (Some(position), Some(_)) => coverage::distance_meters(position.point, c.point) <= certificate.reach_meters(),
        _ => true,
    };
    let closing = closes.filter_map(|c| c.closes_on).filter(|closes| *closes > day);
    let opening = centers.iter().filter(|c| c.opens_on > day).filter(within).map(|c| c.opens_on);
    closing.chain(opening).min()
}

#[cfg(test)]
mod tests;
