//! `GET /reports/coverage-gaps`: places for new service centers, by contracts that would gain Gold Plus.

use super::call::Call;
use super::lists::wants_csv;
use super::problem::{Problem, ProblemBody, Success};
use super::query::Query;
use crate::actions::coverage_gaps::{Answer, Example, coverage_gaps};
use crate::feeds::table;
use crate::reference::countries;
use crate::rules::gaps::{Gain, PROPOSALS_MOST, Proposal};
use crate::rules::role::Permission;
use crate::rules::text::{Country, TextFault};
use actix_web::{HttpResponse, get};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// Places that are proposed where nobody says how many.
const DEFAULT: usize = 10;

const DEFINITION: &str = "Of the contracts that entitle to Gold Plus delivery today and have a located site that it does not reach, those that would gain it \
     at one of these sites by service centers at the places below. Each place is the one by which most contracts gain after those before \
     it; of equals that with more appliances, then sites, then people. A center serves the sites of its own country within the radius of the program.";

/// Places for new service centers.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GapsView {
    /// `coverage-gaps`.
    #[schema(example = "coverage-gaps")]
    report: &'static str,
    /// What is counted, in words.
    definition: &'static str,
    /// The country that was asked for; null for all.
    country: Option<String>,
    /// The version of the program.
    #[schema(example = "2026-01")]
    program_version: String,
    /// As the network stood at this instant.
    as_of: DateTime<Utc>,
    /// Contracts that would gain by all of the places.
    numerator: usize,
    /// Contracts with a located site that Gold Plus does not reach.
    denominator: usize,
    /// Their ratio; null if there is nothing to divide by.
    ratio: Option<f64>,
    /// Everything that is without Gold Plus at a located site.
    without: GainView,
    /// Sites of such contracts that are not counted, and why.
    excluded: Vec<ExcludedSites>,
    /// The places, the one that brings most first.
    items: Vec<GapView>,
}

/// Sites that are not counted.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExcludedSites {
    /// `position_unknown` or `position_questioned`.
    #[schema(example = "position_unknown")]
    reason: &'static str,
    /// How many sites.
    count: i64,
}

/// What gains Gold Plus.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct GainView {
    /// Contracts.
    contracts: usize,
    /// Appliances.
    appliances: i64,
    /// Sites.
    sites: usize,
}

/// A place.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GapView {
    /// 1 for the place that brings most.
    rank: usize,
    /// Its name; null for the position of a site that has no named place in reach.
    #[schema(example = "Key West")]
    place: Option<String>,
    /// Its region, where that is known as an ISO 3166-2 suffix.
    #[schema(example = "FL")]
    region: Option<String>,
    /// Its country.
    #[schema(example = "US")]
    country: String,
    /// How many people live there.
    people: u32,
    /// Where it is; as `position` for `POST /reports/what-if`.
    position: PlaceView,
    /// What it brings after those before it.
    gain: GainView,
    /// What all up to this one bring.
    cumulative: GainView,
    /// Up to five contracts at sites that it brings.
    examples: Vec<ExampleView>,
}

/// A position.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct PlaceView {
    /// Degrees north.
    latitude: f64,
    /// Degrees east.
    longitude: f64,
}

/// A contract at a site.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExampleView {
    /// The contract's number.
    contract: String,
    /// The code of its organization.
    organization: String,
    /// The site's code.
    site: String,
    /// How many of the contract's appliances are there.
    appliances: i64,
}

impl From<Gain> for GainView {
    fn from(gain: Gain) -> Self {
        Self { contracts: gain.contracts, appliances: gain.appliances, sites: gain.sites }
    }
}

fn item(rank: usize, proposal: Proposal, examples: Vec<Example>) -> GapView {
    let Proposal { place, gain, cumulative, .. } = proposal;
    let example = |e: Example| ExampleView { contract: e.contract, organization: e.organization, site: e.site, appliances: e.appliances };
    GapView {
        rank,
        place: place.name,
        region: place.region,
        country: place.country,
        people: place.people,
        position: PlaceView { latitude: place.point.latitude(), longitude: place.point.longitude() },
        gain: gain.into(),
        cumulative: cumulative.into(),
        examples: examples.into_iter().map(example).collect(),
    }
}

fn view(answer: Answer, country: Option<String>, as_of: DateTime<Utc>) -> GapsView {
    let numerator = answer.proposals.last().map_or(0, |(last, _)| last.cumulative.contracts);
    let denominator = answer.without.contracts;
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let questioned = count(answer.questioned);
    GapsView {
        report: "coverage-gaps",
        definition: DEFINITION,
        country,
        program_version: answer.program_version,
        as_of,
        numerator,
        denominator,
        ratio: super::report_view::ratio(count(numerator), count(denominator)),
        without: answer.without.into(),
        excluded: vec![
            ExcludedSites { reason: "position_unknown", count: answer.not_located },
            ExcludedSites { reason: "position_questioned", count: questioned },
        ],
        items: (1..).zip(answer.proposals).map(|(rank, (proposal, examples))| item(rank, proposal, examples)).collect(),
    }
}

const COLUMNS: [&str; 16] = [
    "report",
    "rank",
    "place",
    "region",
    "country",
    "latitude",
    "longitude",
    "people",
    "contracts",
    "appliances",
    "sites",
    "cumulative_contracts",
    "cumulative_appliances",
    "cumulative_sites",
    "denominator",
    "as_of",
];

/// The places as a table, a line each.
fn table_of(view: &GapsView) -> Vec<u8> {
    let numbers = |gain: GainView| [gain.contracts.to_string(), gain.appliances.to_string(), gain.sites.to_string()];
    let line = |item: &GapView| {
        let mut cells = vec![view.report.to_owned(), item.rank.to_string()];
        cells.extend([item.place.clone().unwrap_or_default(), item.region.clone().unwrap_or_default(), item.country.clone()]);
        cells.extend([item.position.latitude.to_string(), item.position.longitude.to_string(), item.people.to_string()]);
        cells.extend(numbers(item.gain).into_iter().chain(numbers(item.cumulative)));
        cells.extend([view.denominator.to_string(), view.as_of.format("%Y-%m-%dT%H:%M:%SZ").to_string()]);
        cells
    };
    // Memory is written to: that doesn't fail.
    [table::header(&COLUMNS), table::encode(view.items.iter().map(line))].into_iter().flatten().flatten().collect()
}

fn limit(query: &Query) -> Result<usize, Problem> {
    let wrong = || TextFault::new("bad_limit", format!("must be a number from 1 to {PROPOSALS_MOST}"));
    let limit = query.get("limit", |text| text.parse().ok().filter(|n| (1..=PROPOSALS_MOST).contains(n)).ok_or_else(wrong))?;
    Ok(limit.unwrap_or(DEFAULT))
}

/// Proposes places for new service centers, by the contracts that would gain Gold Plus.
#[utoipa::path(tag = "reports", operation_id = "report_coverage_gaps", params(
    ("country" = Option<String>, Query, description = "Only in this country (ISO 3166-1 alpha-2), with the territories that count as it"),
    ("limit" = Option<i64>, Query, description = "How many places, 1 to 50, default 10")),
    responses((status = 200, description = "The places; as CSV with `Accept: text/csv`", body = GapsView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/reports/coverage-gaps")]
pub async fn report(call: Call) -> Result<HttpResponse, Problem> {
    call.allow(Permission::PlanNetwork)?;
    let query = call.query(&["country", "limit"])?;
    let most = limit(&query)?;
    let country = query.get("country", Country::parse)?.map(|country| country.to_string());
    if let Some(unknown) = country.as_deref().filter(|country| !countries::exists(country)) {
        return Err(Problem::parameter("country", "unknown_country", format!("{unknown} is no ISO 3166-1 country")));
    }
    let view = call.read(move |conn, ctx| Ok(view(coverage_gaps(conn, ctx, country.as_deref(), most)?, country, ctx.now))).await?;
    match wants_csv(&call) {
        true => Ok(Success::Ok.answer().content_type("text/csv; charset=utf-8").body(table_of(&view))),
        false => Ok(Success::Ok.answer().json(view)),
    }
}
