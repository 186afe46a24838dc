//! What if the network were another (P5.2)? Centers added, moved or closed, or another radius: a network and a program to judge by.
//! Nothing is stored.

use super::coverage::{self, Center, Coverage, Evidence, Inquiry, Network, Verdict};
use super::notice::Reason;
use super::position::{Point, Position};
use super::program::Program;
use super::refusal::Refusal;
use super::text::Code;
use super::tier::Tier;
use chrono::NaiveDate;

/// Changes that one question may have.
pub const CHANGES_MOST: usize = 100;
/// Half the way around the Earth.
const RADIUS_MOST_MILES: f64 = 12_450.0;

/// What would be another.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    /// Centers that would be there: their codes, countries and places.
    pub add: Vec<(Code, String, Point)>,
    /// Centers that would be elsewhere.
    pub moves: Vec<(Code, Point)>,
    /// Centers that would be gone.
    pub close: Vec<Code>,
    /// The radius in the United States, in statute miles.
    pub us_miles: Option<f64>,
    /// The radius elsewhere.
    pub other_miles: Option<f64>,
}

/// The centers as they would be, open where they are open now, or everything that is wrong with the question.
pub fn centers(now: &[Center], changes: &Changes) -> Result<Vec<Center>, Vec<Refusal>> {
    let mut refusals = Vec::new();
    let mut then = now.to_vec();
    for (index, (code, to)) in changes.moves.iter().enumerate() {
        match then.iter_mut().find(|center| center.code == *code) {
            Some(center) => center.point = *to,
            None => refusals.push(unknown(code, format!("/move/{index}/code"))),
        }
    }
    for (index, code) in changes.close.iter().enumerate() {
        let before = then.len();
        then.retain(|center| center.code != *code);
        if then.len() == before {
            refusals.push(unknown(code, format!("/close/{index}")));
        }
    }
    for (index, (code, country, point)) in changes.add.iter().enumerate() {
        if then.iter().any(|center| center.code == *code) || now.iter().any(|center| center.code == *code) {
            refusals.push(Refusal::input("exists", format!("/add/{index}/code"), format!("there is a service center {code} already")));
        }
        let (code, country) = (code.clone(), country.clone());
        then.push(Center { code, country, point: *point, opens_on: NaiveDate::MIN, closes_on: None });
    }
    let count = changes.add.len() + changes.moves.len() + changes.close.len();
    if count > CHANGES_MOST {
        refusals.push(Refusal::input("too_many", "", format!("at most {CHANGES_MOST} changes in one question")));
    }
    if count == 0 && changes.us_miles.is_none() && changes.other_miles.is_none() {
        refusals.push(Refusal::input("no_change", "", "nothing would be another"));
    }
    for (miles, field) in [(changes.us_miles, "/radius_miles/US"), (changes.other_miles, "/radius_miles/other")] {
        if miles.is_some_and(|miles| !(miles > 0.0 && miles <= RADIUS_MOST_MILES)) {
            let detail = format!("must be more than 0 and at most {RADIUS_MOST_MILES} statute miles");
            refusals.push(Refusal::input("bad_radius", field, detail));
        }
    }
    if refusals.is_empty() { Ok(then) } else { Err(refusals) }
}

fn unknown(code: &Code, field: String) -> Refusal {
    Refusal::input("unknown_service_center", field, format!("there is no service center {code}"))
}

/// The program with the radii that are asked about.
pub fn program(now: &Program, changes: &Changes) -> Program {
    let mut then = now.clone();
    if let Some(miles) = changes.us_miles {
        then.gold_plus.radius_miles_by_country.insert("US".to_owned(), miles);
    }
    if let Some(miles) = changes.other_miles {
        then.gold_plus.radius_miles_by_country.retain(|country, _| country == "US");
        then.gold_plus.radius_miles_elsewhere = miles;
    }
    then
}

/// A network with the program that it is judged by.
#[derive(Debug)]
pub struct World {
    network: Network,
    program: Program,
}

impl World {
    /// Indexes the centers.
    pub fn new(centers: Vec<Center>, program: Program) -> Self {
        Self { network: Network::of(centers, &program), program }
    }
    /// True if Gold Plus reaches a place (P5.2), whatever is doubted about its position.
    pub fn reaches(&self, place: &Inquiry<'_>, day: NaiveDate) -> bool {
        reached(&self.judge(&Inquiry { confirmed: true, only_nearest: true, ..*place }, day, |_| Evidence::default()))
    }
    fn judge(&self, place: &Inquiry<'_>, day: NaiveDate, evidence: impl FnOnce(&Position) -> Evidence) -> Coverage {
        coverage::judge(&self.network, place, &self.program, day, evidence)
    }
}

/// Judges a place in both worlds (P5.2); `None` where it makes no difference whether Gold Plus reaches it. What is doubted about
/// a position is the same in both (P5.3), and is asked for only where the distance makes a difference.
pub fn compare(
    worlds: (&World, &World),
    place: &Inquiry<'_>,
    day: NaiveDate,
    evidence: impl Fn(&Position) -> Evidence,
) -> Option<(Coverage, Coverage)> {
    if worlds.0.reaches(place, day) == worlds.1.reaches(place, day) {
        return None;
    }
    let place = Inquiry { only_nearest: true, ..*place };
    let judged = (worlds.0.judge(&place, day, &evidence), worlds.1.judge(&place, day, &evidence));
    (reached(&judged.0) != reached(&judged.1)).then_some(judged)
}

fn reached(coverage: &Coverage) -> bool {
    coverage.verdict == Verdict::Eligible
}

/// Reasons for Gold that lie with distance and position: another network may end them.
const COVERAGE_REASONS: [&str; 7] = [
    "site_out_of_range",
    "no_center_in_country",
    "center_not_open_yet",
    "center_requested",
    "position_too_coarse",
    "position_in_other_country",
    "position_far_from_postal_code",
];

/// The tier (P5.2) by which an RMA would have been delivered where Gold Plus reaches its site, or doesn't any more.
pub fn would_be(delivered: Tier, reasons: &[Reason], reaches: bool) -> Tier {
    let others = |r: &Reason| !COVERAGE_REASONS.contains(&r.code.as_str()) && ["P4.4", "P5.1", "P5.5"].contains(&r.rule.as_str());
    match reaches {
        false => delivered.min(Tier::Gold),
        true if delivered == Tier::Gold && reasons.iter().any(others) => Tier::Gold,
        true => Tier::GoldPlus,
    }
}

#[cfg(test)]
mod tests;
