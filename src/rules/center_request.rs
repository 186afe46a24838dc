//! A service center that is asked for (P5.4): by when it is expected, and where it stands.

use super::coverage::{METERS_PER_MILE, distance_meters};
use super::position::{Point, Position};
use super::program::{LeadTime, Program, Span};
use super::refusal::Refusal;
use super::term::terms;
use super::text::{Code, Country, Line, Note};
use super::zone::Zone;
use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::Serialize;
use std::fmt;

terms! {
    /// Where a request stands.
    RequestState, "center request state" {
        /// Asked for.
        Requested => "requested",
        /// A service center has opened for it.
        Opened => "opened",
        /// It is not wanted any more.
        Withdrawn => "withdrawn",
    }
}

impl RequestState {
    /// The table of moves: both ends are final.
    pub fn may_follow(self, before: Self) -> bool {
        before == Self::Requested && self != Self::Requested
    }
}

/// A service center that is asked for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CenterRequest {
    /// Unique code.
    pub code: Code,
    /// The place.
    pub name: Line,
    /// The customer who asks, if it is one.
    pub organization: Option<Code>,
    /// The sites for which it is asked for.
    pub sites: Vec<Code>,
    /// Country of the place.
    pub country: Country,
    /// The place, as exactly as known.
    pub position: Position,
    /// The zone of the place: its days begin and end there.
    pub zone: Tz,
    /// What else there is to say.
    pub note: Option<Note>,
    /// The day on which it was asked for.
    pub requested_on: NaiveDate,
    /// When it is expected.
    pub expected: Expected,
    /// The version of the program that says so.
    pub program_version: String,
    /// Where it stands.
    pub state: RequestState,
    /// The center that opened for it.
    pub service_center: Option<Code>,
    /// Its first day of service.
    pub opened_on: Option<NaiveDate>,
    /// When it was opened or withdrawn.
    pub ended_at: Option<DateTime<Utc>>,
    /// Why it was withdrawn.
    pub reason: Option<Line>,
}

impl CenterRequest {
    /// The end of the last day on which it is expected, local to the place.
    pub fn due_at(&self) -> DateTime<Utc> {
        Zone::of(self.zone).start_of_day(self.expected.latest.succ_opt().unwrap_or(self.expected.latest))
    }
    /// True if nothing has opened by the last day.
    pub fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        self.state == RequestState::Requested && self.due_at() <= now
    }
}

/// When a center is expected that was asked for, with how that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Expected {
    /// No sooner than this day, where the program says so.
    pub earliest: Option<NaiveDate>,
    /// On this day at the latest.
    pub latest: NaiveDate,
    /// What was counted, a sentence each.
    pub steps: Vec<String>,
}

/// When a center is expected that is asked for in `country` on `requested_on` (P5.4): at most six weeks later in the United
/// States, three to six months elsewhere, unless the program says otherwise. `None` past the end of the calendar.
pub fn expected(country: &str, requested_on: NaiveDate, program: &Program) -> Option<Expected> {
    let home = program.home_of(country);
    let (LeadTime { least, most }, whose) = match program.lead_times.by_country.get(home) {
        Some(time) => (*time, home),
        None => (program.lead_times.elsewhere, "elsewhere"),
    };
    let earliest = match least {
        Some(span) => Some(after(requested_on, span)?),
        None => None,
    };
    let latest = after(requested_on, most)?;
    let counts = if home == country { String::new() } else { format!(", which counts as {home}") };
    let mut steps = vec![format!("asked for on {requested_on} in {country}{counts}; the lead time is that of {whose} (P5.4)")];
    steps.extend(least.zip(earliest).map(|(span, day)| format!("at least {span}: not before {day}")));
    steps.push(format!("at most {most}: by {latest}"));
    Some(Expected { earliest, latest, steps })
}

fn after(day: NaiveDate, span: Span) -> Option<NaiveDate> {
    match span {
        Span::Weeks(weeks) => day.checked_add_days(Days::new(u64::from(weeks) * 7)),
        Span::Months(months) => day.checked_add_months(Months::new(months)),
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, word) = match self {
            Self::Weeks(count) => (count, "week"),
            Self::Months(count) => (count, "month"),
        };
        write!(f, "{count} {word}{}", if *count == 1 { "" } else { "s" })
    }
}

/// A request as the coverage check sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestedCenter {
    /// The request's code.
    pub code: Code,
    /// Where it is asked for.
    pub point: Point,
    /// See [`Expected::earliest`].
    pub earliest: Option<NaiveDate>,
    /// See [`Expected::latest`].
    pub latest: NaiveDate,
}

/// A request that would bring a site into range, with its distance.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestedNearby {
    /// The request.
    pub center: RequestedCenter,
    /// Geodesic distance in meters.
    pub meters: f64,
}

impl fmt::Display for RequestedNearby {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RequestedCenter { code, earliest, latest, .. } = &self.center;
        write!(f, "a service center is asked for {:.1} miles away ({code}), expected ", self.meters / METERS_PER_MILE)?;
        match earliest {
            Some(earliest) => write!(f, "between {earliest} and {latest}")?,
            None => write!(f, "by {latest}")?,
        }
        f.write_str("; until it opens the appliance has Gold")
    }
}

/// The nearest request within the limit; by code where two are as near. The requests are those that count for the site's
/// country.
pub fn nearest_requested(requests: &[RequestedCenter], from: Point, limit_miles: f64) -> Option<RequestedNearby> {
    let measured = requests.iter().map(|request| (distance_meters(from, request.point), request));
    let within = measured.filter(|(meters, _)| *meters <= limit_miles * METERS_PER_MILE);
    let nearest = within.min_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.code.cmp(&b.1.code)));
    nearest.map(|(meters, center)| RequestedNearby { center: center.clone(), meters })
}

/// Refuses a move that the state doesn't allow.
pub fn advance(before: RequestState, after: RequestState) -> Result<(), Refusal> {
    match after.may_follow(before) {
        true => Ok(()),
        false => Err(Refusal::clash("state_clash", "P5.4", format!("the request is {before} already"))),
    }
}

/// Refuses a service center that doesn't answer the request: it must be open, in a country that counts as the request's.
pub fn opens(request: (&str, NaiveDate), center: (&str, NaiveDate), today: NaiveDate, program: &Program) -> Result<(), Refusal> {
    let ((wanted, requested_on), (country, opens_on)) = (request, center);
    let refuse = |code, detail: String| Err(Refusal::refused(code, "P5.4", detail).at("/service_center"));
    if program.home_of(country) != program.home_of(wanted) {
        return refuse("center_in_other_country", format!("the center is in {country}, asked for was one in {wanted}"));
    }
    if opens_on > today {
        return refuse("center_not_open_yet", format!("the center opens on {opens_on}"));
    }
    if opens_on < requested_on {
        return refuse(
            "center_open_before",
            format!("the center has been open since {opens_on}, before it was asked for on {requested_on}"),
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests;
