//! `/sites/check`: would Gold Plus reach an address (P5.2, P5.3)? Stores nothing.

use crate::actions::check_site::{Answer, Place, check_site};
use crate::http::address::{PositionBody, Stated, tenths};
use crate::http::body::{self, Faults};
use crate::http::call::Call;
use crate::http::fields::Bounded;
use crate::http::problem::{Problem, ProblemBody, Success};
use crate::http::rma_view::ReasonView;
use crate::rules::coverage::{Candidate, Verdict};
use crate::rules::position::Grade;
use crate::rules::role::Permission;
use crate::rules::text::{Country, Line, PostalCode};
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// Most centers that are shown besides the nearest one.
const CANDIDATES: usize = 5;

/// The place that is asked about.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct CheckBody {
    /// ISO 3166-1 alpha-2.
    #[schema(value_type = String, example = "US")]
    country: Country,
    /// The address, as far as known: without coordinates it is located by its postal code, else by its city.
    #[deserr(default)]
    #[schema(required = false)]
    address: CheckAddressBody,
    /// Coordinates, where known.
    #[deserr(default)]
    #[schema(value_type = Option<PositionBody>)]
    position: Option<Stated>,
    /// True if the coordinates are right for this address, whatever speaks against it (P5.3).
    #[deserr(default)]
    #[schema(required = false)]
    position_confirmed: bool,
}

/// The place that the body of a request asks about.
pub fn read(bytes: &[u8]) -> Result<Place, Problem> {
    Ok(body::parse::<CheckBody>(bytes)?.place())
}

impl CheckBody {
    /// The place.
    fn place(self) -> Place {
        let Self { country, address: CheckAddressBody { city, region, postal_code, .. }, position, position_confirmed } = self;
        Place { country, region, city, postal_code, stated: position.map(|stated| stated.0), confirmed: position_confirmed }
    }
}

/// An address without its country.
#[derive(Debug, Clone, Default, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct CheckAddressBody {
    /// Street lines, at most 5; they don't help to locate it.
    #[deserr(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 5)]
    #[expect(dead_code, reason = "an address may be sent whole")]
    lines: Bounded<Line, 0, 5>,
    /// City.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "Fort Lauderdale")]
    city: Option<Line>,
    /// State, province or region: tells cities of one name apart.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "FL")]
    region: Option<Line>,
    /// Postal code.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "33309")]
    postal_code: Option<PostalCode>,
}

/// The answer, with the figures behind it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CheckView {
    /// `eligible`, `out_of_range`, `confirm_position`, `no_center_in_country` or `position_unknown`.
    #[schema(example = "eligible")]
    pub verdict: String,
    /// Why it isn't eligible; empty if it is.
    pub reasons: Vec<ReasonView>,
    /// The position that was judged.
    pub position: CheckedPositionView,
    /// The nearest open center of the country.
    pub nearest: Option<NearestView>,
    /// How far a center may be, in statute miles.
    #[schema(example = 70)]
    pub limit_miles: f64,
    /// Miles left to the limit; negative out of range.
    #[schema(example = 60.9)]
    pub margin_miles: Option<f64>,
    /// The rule that was applied.
    #[schema(example = "P5.2")]
    pub rule: String,
    /// Up to 5 other open centers of the country, nearest first.
    pub candidates: Vec<CandidateView>,
    /// The nearest center that would reach it once it opens (P5.4).
    pub opening: Option<OpeningView>,
}

/// The position that was judged.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CheckedPositionView {
    /// Degrees north; null where nothing is known.
    pub latitude: Option<f64>,
    /// Degrees east; null where nothing is known.
    pub longitude: Option<f64>,
    /// `given`, `postal_code`, `city` or `none`.
    #[schema(example = "given")]
    pub grade: String,
    /// What it was located by: `given`, `postal_code`, `postal_prefix` (the start of a code that isn't known), `city_region`
    /// or `city`; null where nothing is known.
    #[schema(example = "given")]
    pub method: Option<String>,
    /// How far the true place may be from the point.
    pub radius_meters: f64,
}

/// The nearest center.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct NearestView {
    /// Its code.
    #[schema(example = "SC-FLL")]
    pub service_center: String,
    /// Its distance in statute miles.
    pub distance_miles: f64,
    /// Its distance in meters.
    pub distance_meters: f64,
}

/// Another center.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CandidateView {
    /// Its code.
    #[schema(example = "SC-MIA")]
    pub service_center: String,
    /// Its distance in statute miles.
    pub distance_miles: f64,
}

/// A center that isn't open yet.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OpeningView {
    /// Its code.
    #[schema(example = "SC-JAX")]
    pub service_center: String,
    /// Its distance in statute miles.
    pub distance_miles: f64,
    /// Its first day of service.
    pub opens_on: NaiveDate,
}

impl From<Answer> for CheckView {
    fn from(Answer { coverage, reasons, position }: Answer) -> Self {
        let miles = |c: &Candidate| tenths(c.miles());
        let nearest = |c: &Candidate| NearestView {
            service_center: c.center.to_string(),
            distance_miles: miles(c),
            distance_meters: tenths(c.meters),
        };
        let candidate = |c: &Candidate| CandidateView { service_center: c.center.to_string(), distance_miles: miles(c) };
        let opening = |c: &Candidate| OpeningView { service_center: c.center.to_string(), distance_miles: miles(c), opens_on: c.opens_on };
        Self {
            verdict: coverage.verdict.to_string(),
            reasons: reasons.into_iter().map(ReasonView::from).collect(),
            position: CheckedPositionView {
                latitude: position.map(|p| p.point.latitude()),
                longitude: position.map(|p| p.point.longitude()),
                grade: position.map_or(Grade::None, |p| p.grade).to_string(),
                method: position.map(|p| p.method.to_string()),
                radius_meters: position.map_or(0.0, |p| tenths(p.radius_meters)),
            },
            nearest: coverage.nearest().map(nearest),
            limit_miles: coverage.limit_miles,
            margin_miles: coverage.margin_miles().map(tenths),
            rule: "P5.2".to_owned(),
            candidates: coverage.candidates.iter().skip(1).take(CANDIDATES).map(candidate).collect(),
            // P5.4 is about places that no center serves yet.
            opening: coverage.opening.as_ref().filter(|_| coverage.verdict != Verdict::Eligible).map(opening),
        }
    }
}

/// Tells whether Gold Plus would reach an address.
///
/// With the distance of the nearest open center, the margin, and what is missing (P5.3). Stores nothing: it needs no
/// `Idempotency-Key`.
#[utoipa::path(tag = "sites", operation_id = "check_site",
    params(("dry_run" = Option<bool>, Query, description = "Makes no difference here")), request_body = CheckBody,
    responses((status = 200, description = "The verdict", body = CheckView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/sites/check")]
pub async fn check(call: Call) -> Result<HttpResponse, Problem> {
    call.allow(Permission::CheckCoverage)?;
    call.query(&["dry_run"])?.flag("dry_run")?;
    let place = call.body::<CheckBody>()?.place();
    let answer = call.read(move |conn, ctx| check_site(conn, ctx, &place)).await?;
    Ok(Success::Ok.answer().json(CheckView::from(answer)))
}

#[cfg(test)]
mod tests;
