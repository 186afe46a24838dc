//! `/center-requests`: service centers that are asked for, and when they are expected (P5.4).

use super::address::{PositionBody, PositionView, Stated};
use super::body::Faults;
use super::call::{Call, Reply, etag};
use super::crud::{printable, shown};
use super::fields::{Day, Distinct, Zone, word};
use super::lists::{self, ListBody, Listed};
use super::problem::{Problem, ProblemBody, Success};
use crate::actions::answer_center_request::{expected, opened, withdraw};
use crate::actions::keep::center_requests::CenterRequests;
use crate::actions::keep::sites::zone_of;
use crate::actions::{Context, Done, keep};
use crate::rules::center_request::{CenterRequest, RequestState};
use crate::rules::position::Position;
use crate::rules::refusal::Refusal;
use crate::rules::role::Permission;
use crate::rules::text::{Code, Country, Line, Note, PostalCode};
use crate::store::Stand;
use crate::store::center_requests::{self, Filter};
use actix_web::http::header::ETAG;
use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, NaiveDate, Utc};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// A service center that is asked for, as it is sent.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct RequestBody {
    /// Unique code.
    #[schema(value_type = String, example = "ASK-KEYS")]
    code: Code,
    /// The place.
    #[schema(value_type = String, example = "Florida Keys")]
    name: Line,
    /// Country of the place, ISO 3166-1 alpha-2.
    #[schema(value_type = String, example = "US")]
    country: Country,
    /// City, where no position is given.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "Key West")]
    city: Option<Line>,
    /// State, province or region of the city.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "FL")]
    region: Option<Line>,
    /// Postal code, where no position is given.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "33040")]
    postal_code: Option<PostalCode>,
    /// Coordinates of the place; where none are given, it is located by its postal code or city.
    #[deserr(default)]
    #[schema(value_type = Option<PositionBody>)]
    position: Option<Stated>,
    /// IANA time zone; the one of its position where none is given.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "America/New_York")]
    zone: Option<Zone>,
    /// The day on which it was asked for.
    #[schema(value_type = String, format = Date, example = "2026-11-24")]
    requested_on: Day,
    /// Code of the organization that asked, if one did.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "HARBOR")]
    organization: Option<Code>,
    /// Codes of the sites for which it is asked for, at most 200; the organization's, where one is named.
    #[deserr(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 200)]
    sites: Distinct<Code, 0, 200>,
    /// What else there is to say.
    #[deserr(default)]
    #[schema(value_type = Option<String>)]
    note: Option<Note>,
}

/// The service center that opened.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct OpenedBody {
    /// Its code.
    #[schema(value_type = String, example = "SC-KEY")]
    service_center: Code,
}

/// Why a center isn't wanted any more.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct WithdrawBody {
    /// The reason.
    #[schema(value_type = String, example = "The site moves to Miami.")]
    reason: Line,
}

/// A service center that is asked for, as it is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RequestView {
    /// Unique code.
    pub code: String,
    /// The place.
    pub name: String,
    /// Its country.
    pub country: String,
    /// Where it is.
    pub position: PositionView,
    /// Its zone.
    pub zone: String,
    /// The organization that asked.
    pub organization: Option<String>,
    /// The sites for which it is asked for.
    pub sites: Vec<String>,
    /// What else there is to say.
    pub note: Option<String>,
    /// The day on which it was asked for.
    pub requested_on: NaiveDate,
    /// No sooner than this day; null where the program only says how long at most.
    pub expected_from: Option<NaiveDate>,
    /// On this day at the latest.
    pub expected_by: NaiveDate,
    /// The end of that day, where the place is.
    pub due_at: DateTime<Utc>,
    /// How the days were found.
    pub steps: Vec<String>,
    /// The version of the program.
    #[schema(example = "2026-01")]
    pub program_version: String,
    /// `requested`, `opened` or `withdrawn`.
    #[schema(example = "requested")]
    pub state: String,
    /// True where nothing has opened by the last day.
    pub overdue: bool,
    /// The service center that opened.
    pub service_center: Option<String>,
    /// Its first day of service.
    pub opened_on: Option<NaiveDate>,
    /// True if that was by the last day, null until it has opened.
    pub opened_in_time: Option<bool>,
    /// When it was opened or withdrawn.
    pub ended_at: Option<DateTime<Utc>>,
    /// Why it was withdrawn.
    pub reason: Option<String>,
    /// Its version.
    pub version: i32,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

impl Listed for RequestView {
    const COLUMNS: &'static [&'static str] = &[
        "code",
        "name",
        "country",
        "position",
        "zone",
        "organization",
        "sites",
        "requested_on",
        "expected_from",
        "expected_by",
        "due_at",
        "state",
        "overdue",
        "service_center",
        "opened_on",
        "opened_in_time",
        "ended_at",
        "reason",
        "note",
        "program_version",
        "version",
    ];
    fn key(&self) -> String {
        self.code.clone()
    }
}

fn view(stand: Stand<CenterRequest>, now: DateTime<Utc>) -> RequestView {
    let r = stand.record;
    RequestView {
        overdue: r.is_overdue(now),
        due_at: r.due_at(),
        opened_in_time: r.opened_on.map(|day| day <= r.expected.latest),
        code: r.code.into(),
        name: r.name.into(),
        country: r.country.into(),
        position: r.position.into(),
        zone: r.zone.name().to_owned(),
        organization: r.organization.map(Into::into),
        sites: r.sites.into_iter().map(Into::into).collect(),
        note: r.note.map(Into::into),
        requested_on: r.requested_on,
        expected_from: r.expected.earliest,
        expected_by: r.expected.latest,
        steps: r.expected.steps,
        program_version: r.program_version,
        state: r.state.to_string(),
        service_center: r.service_center.map(Into::into),
        opened_on: r.opened_on,
        ended_at: r.ended_at,
        reason: r.reason.map(Into::into),
        version: stand.version,
        created_at: shown(stand.created_at),
        updated_at: shown(stand.updated_at),
    }
}

impl RequestBody {
    fn record(&self, ctx: &Context) -> Done<CenterRequest> {
        let text = |line: &Option<Line>| line.as_ref().map(|l| l.as_str().to_owned());
        let (region, city) = (text(&self.region), text(&self.city));
        let postal_code = self.postal_code.as_ref().map(PostalCode::as_str);
        let located = || ctx.reference.gazetteer.locate(self.country.as_str(), region.as_deref(), city.as_deref(), postal_code);
        let position = self.position.map(|stated| Position::given(stated.0)).or_else(located);
        let unknown = || Refusal::input("position_unknown", "/position", "the place can't be located: give its coordinates");
        let position = position.ok_or_else(unknown)?;
        let zone = zone_of(&ctx.reference, Some(&position), self.zone.map(|zone| zone.0));
        let (expected, program_version) = expected(ctx, &self.country, self.requested_on.0, zone)?;
        // As they are shown: by code.
        let mut sites = self.sites.0.clone();
        sites.sort();
        Ok(CenterRequest {
            code: self.code.clone(),
            name: self.name.clone(),
            organization: self.organization.clone(),
            sites,
            country: self.country.clone(),
            position,
            zone,
            note: self.note.clone(),
            requested_on: self.requested_on.0,
            expected,
            program_version,
            state: RequestState::Requested,
            service_center: None,
            opened_on: None,
            ended_at: None,
            reason: None,
        })
    }
}

/// Lists service centers that are asked for, by code.
#[utoipa::path(tag = "center requests", operation_id = "list_center_requests", params(
    ("country" = Option<String>, Query, description = "Only in this country (ISO 3166-1 alpha-2)"),
    ("state" = Option<String>, Query, description = "`requested`, `opened` or `withdrawn`"),
    ("overdue" = Option<bool>, Query, description = "Only those for which nothing has opened by the last day"),
    ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page; all pages as CSV with `Accept: text/csv`", body = ListBody<RequestView>),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/center-requests")]
pub async fn list(call: Call) -> Result<HttpResponse, Problem> {
    call.allow(Permission::PlanNetwork)?;
    let query = call.list_query(&["country", "state", "overdue"])?;
    let (country, state) = (query.get("country", Country::parse)?.map(|c| c.to_string()), query.get("state", word)?);
    let overdue = query.flag("overdue")?;
    lists::answer(&call, &query, move |conn, ctx, after, limit| {
        let filter = Filter { code: None, country: country.clone(), state, overdue_at: overdue.then(|| ctx.ts()) };
        Ok(center_requests::page(conn, &filter, after, limit)?.map(|stand| view(stand, ctx.now)))
    })
    .await
}

/// Records that a service center is asked for; the answer has the days on which it is expected (P5.4).
#[utoipa::path(tag = "center requests", operation_id = "add_center_request", params(
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored")),
    request_body = RequestBody,
    responses((status = 201, description = "Recorded", body = RequestView, headers(("Location" = String), ("ETag" = String))),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/center-requests")]
pub async fn add(call: Call) -> Result<HttpResponse, Problem> {
    call.allow(Permission::PlanNetwork)?;
    let body: RequestBody = call.body()?;
    call.write(move |conn, ctx| {
        let stand = keep::add::<CenterRequests>(conn, ctx, body.record(ctx)?)?;
        let (location, version) = (format!("/api/v1/center-requests/{}", stand.record.code), stand.version);
        Ok(Reply::created(location, view(stand, ctx.now)).version(version))
    })
    .await
}

/// Shows a service center that is asked for.
#[utoipa::path(tag = "center requests", operation_id = "show_center_request", params(("code" = String, Path)),
    responses((status = 200, description = "As it is now", body = RequestView, headers(("ETag" = String))),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/center-requests/{code}")]
pub async fn show(call: Call, code: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::PlanNetwork)?;
    call.query(&[])?;
    let code = printable::<CenterRequests>(code.into_inner())?;
    let shown = move |stand: Stand<CenterRequest>, ctx: &Context| (stand.version, view(stand, ctx.now));
    let (version, body) = call.read(move |conn, ctx| Ok(shown(keep::get::<CenterRequests>(conn, ctx, &code)?, ctx))).await?;
    Ok(Success::Ok.answer().insert_header((ETAG, etag(version))).json(body))
}

/// Records that a service center has opened for the request.
#[utoipa::path(tag = "center requests", operation_id = "open_center_request", params(("code" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored")),
    request_body = OpenedBody,
    responses((status = 200, description = "Opened", body = RequestView, headers(("ETag" = String))),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/center-requests/{code}/opened")]
pub async fn open(call: Call, code: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::PlanNetwork)?;
    let code = printable::<CenterRequests>(code.into_inner())?;
    let body: OpenedBody = call.body()?;
    call.write(move |conn, ctx| {
        let stand = opened(conn, ctx, &code, &body.service_center)?;
        let version = stand.version;
        Ok(Reply::ok(view(stand, ctx.now)).version(version))
    })
    .await
}

/// Records that a service center isn't wanted any more.
#[utoipa::path(tag = "center requests", operation_id = "withdraw_center_request", params(("code" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored")),
    request_body = WithdrawBody,
    responses((status = 200, description = "Withdrawn", body = RequestView, headers(("ETag" = String))),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/center-requests/{code}/withdraw")]
pub async fn take_back(call: Call, code: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::PlanNetwork)?;
    let code = printable::<CenterRequests>(code.into_inner())?;
    let body: WithdrawBody = call.body()?;
    call.write(move |conn, ctx| {
        let stand = withdraw(conn, ctx, &code, &body.reason)?;
        let version = stand.version;
        Ok(Reply::ok(view(stand, ctx.now)).version(version))
    })
    .await
}
