//! Coverage certificates (P5.2, P5.3): those of a site, and the report of the borderline ones.

use super::address::PositionView;
use super::call::Call;
use super::crud::{self, printable, shown};
use super::fields::word;
use super::lists::{self, ListBody, Listed};
use super::problem::{Problem, ProblemBody};
use super::rma_view::ReasonView;
use crate::actions::keep::{self, sites::Sites};
use crate::rules::certificate::Considered;
use crate::rules::coverage::METERS_PER_MILE;
use crate::rules::role::Permission;
use crate::rules::text::{Code, Country, TextFault};
use crate::store::certificates::{self, Filter, Kept, Reported};
use crate::store::{Id, Ts};
use actix_web::web::Path;
use actix_web::{HttpResponse, get};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// What the coverage check of a site found, dated.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CertificateView {
    /// When it was made.
    pub certified_at: DateTime<Utc>,
    /// When another took its place; null for the current one.
    pub replaced_at: Option<DateTime<Utc>>,
    /// `registered`, `site_changed`, `program_changed` or `network_changed`.
    #[schema(example = "registered")]
    pub cause: String,
    /// `eligible`, `out_of_range`, `confirm_position`, `no_center_in_country` or `position_unknown`.
    #[schema(example = "eligible")]
    pub verdict: String,
    /// The nearest open center of the country.
    #[schema(example = "SC-FLL")]
    pub nearest: Option<String>,
    /// Its distance, to the millimeter.
    pub distance_meters: Option<f64>,
    /// Its distance in statute miles.
    pub distance_miles: Option<f64>,
    /// How far a center may be, in statute miles.
    #[schema(example = 70)]
    pub limit_miles: f64,
    /// Miles left to the limit; negative out of range.
    pub margin_miles: Option<f64>,
    /// How distances were measured.
    #[schema(example = "wgs84_geodesic")]
    pub method: String,
    /// The position that was judged, with its grade and radius; null where nothing is known.
    pub position: Option<PositionView>,
    /// True if somebody had confirmed that position for the address.
    pub position_confirmed: bool,
    /// The version of the program.
    #[schema(example = "2026-01")]
    pub program_version: String,
    /// Up to 10 open centers of the country, nearest first.
    pub considered: Vec<ConsideredView>,
    /// Why it isn't eligible; empty if it is.
    pub reasons: Vec<ReasonView>,
    #[serde(skip)]
    key: String,
}

/// A center that was considered.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConsideredView {
    /// Its code.
    #[schema(example = "SC-FLL")]
    pub service_center: String,
    /// Its distance.
    pub distance_meters: f64,
}

/// The current certificate of a site, in the report.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReportedView {
    /// The site's code.
    #[schema(example = "HARBOR-HQ")]
    pub site: String,
    /// The code of its organization.
    #[schema(example = "HARBOR")]
    pub organization: String,
    /// Its country.
    #[schema(example = "US")]
    pub country: String,
    /// The certificate.
    #[serde(flatten)]
    pub certificate: CertificateView,
}

impl Listed for CertificateView {
    const COLUMNS: &'static [&'static str] = &[
        "certified_at",
        "replaced_at",
        "cause",
        "verdict",
        "nearest",
        "distance_meters",
        "distance_miles",
        "limit_miles",
        "margin_miles",
        "method",
        "position",
        "position_confirmed",
        "program_version",
        "considered",
        "reasons",
    ];
    fn key(&self) -> String {
        self.key.clone()
    }
}

impl Listed for ReportedView {
    const COLUMNS: &'static [&'static str] = &[
        "site",
        "organization",
        "country",
        "verdict",
        "nearest",
        "distance_meters",
        "distance_miles",
        "limit_miles",
        "margin_miles",
        "method",
        "position",
        "position_confirmed",
        "program_version",
        "considered",
        "reasons",
        "cause",
        "certified_at",
    ];
    fn key(&self) -> String {
        self.certificate.key.clone()
    }
}

/// To the thousandth: distances in meters to the millimeter; never `-0.0`.
fn thousandths(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0 + 0.0
}

fn view(kept: Kept, key: String) -> CertificateView {
    let certificate = kept.certificate;
    let margin_miles = certificate.margin_miles().map(thousandths);
    let considered = |c: Considered| ConsideredView { service_center: c.center.into(), distance_meters: thousandths(c.meters) };
    let meters = certificate.nearest.as_ref().map(|near| near.meters);
    CertificateView {
        certified_at: shown(kept.certified_at),
        replaced_at: kept.replaced_at.map(shown),
        cause: kept.cause.to_string(),
        verdict: certificate.verdict.to_string(),
        nearest: certificate.nearest.map(|near| near.center.into()),
        distance_meters: meters.map(thousandths),
        distance_miles: meters.map(|meters| thousandths(meters / METERS_PER_MILE)),
        limit_miles: certificate.limit_miles,
        margin_miles,
        method: kept.method,
        position: certificate.position.map(PositionView::from),
        position_confirmed: certificate.position_confirmed,
        program_version: certificate.program_version,
        considered: certificate.considered.into_iter().map(considered).collect(),
        reasons: certificate.reasons.into_iter().map(ReasonView::from).collect(),
        key,
    }
}

/// Reads the key of a certificate in the history of its site.
fn dated(key: &str) -> Option<(Ts, Id)> {
    use chrono::Datelike;
    let (micros, id) = key.split_once(' ')?;
    let at = DateTime::from_timestamp_micros(micros.parse().ok()?)?;
    (1970..=9999).contains(&at.year()).then_some((at.into(), Id::parse(id)?))
}

/// Reads the key of a certificate in the report.
fn ranked(key: &str) -> Option<(f64, Id)> {
    let (miles, id) = key.split_once(' ')?;
    let miles = miles.parse().ok().filter(|miles: &f64| miles.is_finite())?;
    Some((miles, Id::parse(id)?))
}

fn reported(row: Reported) -> ReportedView {
    // Rust writes a number with as many digits as bring the same one back.
    let key = format!("{} {}", row.kept.certificate.closeness_miles(), row.kept.id);
    ReportedView { site: row.site, organization: row.organization, country: row.country, certificate: view(row.kept, key) }
}

/// A distance in miles that is asked for.
fn miles(text: &str) -> Result<f64, TextFault> {
    let fault = || TextFault::new("bad_number", "must be a number of miles from 0 to 10000");
    text.parse().ok().filter(|miles| (0.0..=10_000.0).contains(miles)).ok_or_else(fault)
}

/// Lists the coverage certificates of a site, newest first: the current one, and those before it.
#[utoipa::path(tag = "sites", operation_id = "list_certificates", params(("code" = String, Path),
    ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page; all pages as CSV with `Accept: text/csv`", body = ListBody<CertificateView>),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/sites/{code}/certificates")]
pub async fn list(call: Call, code: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ReadOwn)?;
    let query = call.list_query(&[])?;
    let code = printable::<Sites>(code.into_inner())?;
    let site = call.read(move |conn, ctx| keep::get::<Sites>(conn, ctx, &code)).await?.id;
    lists::answer_by(&call, &query, dated, move |conn, _, after, limit| {
        let key = |kept: &Kept| format!("{} {}", kept.certified_at.at().timestamp_micros(), kept.id);
        Ok(certificates::of_site(conn, site, after, limit)?.map(|kept| {
            let key = key(&kept);
            view(kept, key)
        }))
    })
    .await
}

/// Lists the current coverage certificates, the most borderline first; those without a margin come last.
#[utoipa::path(tag = "reports", operation_id = "report_coverage", params(
    ("margin_below" = Option<f64>, Query, description = "Only those whose margin is less than so many miles from the limit, on either side"),
    ("country" = Option<String>, Query, description = "Only in this country (ISO 3166-1 alpha-2)"),
    ("verdict" = Option<String>, Query, description = "Only with this verdict, e.g. confirm_position"),
    ("organization" = Option<String>, Query, description = "Only of the organization with this code"),
    ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page; all pages as CSV with `Accept: text/csv`", body = ListBody<ReportedView>),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/reports/coverage")]
pub async fn report(call: Call) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ReadOwn)?;
    let query = call.list_query(&["margin_below", "country", "verdict", "organization"])?;
    let (margin_below, verdict) = (query.get("margin_below", miles)?, query.get("verdict", word)?);
    let country = query.get("country", Country::parse)?.map(|country| country.to_string());
    let asked = query.get("organization", Code::parse)?;
    lists::answer_by(&call, &query, ranked, move |conn, ctx, after, limit| {
        let country = country.clone();
        crud::owned(conn, ctx, asked.as_ref(), |conn, organization| {
            let filter = Filter { organization, country, verdict, margin_below };
            Ok(certificates::report(conn, &filter, after, limit)?.map(reported))
        })
    })
    .await
}
