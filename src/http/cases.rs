//! `/cases`: support cases up to the verified defect.

use super::body::Faults;
use super::call::{Call, Reply};
use super::crud;
use super::fields::SeverityField;
use super::lists::{self, ListBody, Listed};
use super::problem::{Problem, ProblemBody, Success};
use crate::actions::open_case::{self, open_case};
use crate::actions::verify_defect::{self, verify_defect};
use crate::actions::{ActionError, Context, Done};
use crate::rules::number::CaseNumber;
use crate::rules::role::Permission;
use crate::rules::text::{Code, Note, PartNumber, SerialNumber};
use crate::rules::tier::Channel;
use crate::store::Conn;
use crate::store::cases::{self, Detail, Filter};
use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Utc};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// A case to open.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct CaseBody {
    /// The appliance.
    #[schema(value_type = String, example = "SN123")]
    serial_number: SerialNumber,
    /// 1 (production down) to 4 (a question).
    #[schema(value_type = i16, minimum = 1, maximum = 4)]
    severity: SeverityField,
    /// How it came in; severity 1 by phone only.
    #[schema(value_type = String, example = "phone")]
    channel: Channel,
    /// What is wrong.
    #[schema(value_type = String)]
    summary: Note,
}

/// Support's finding about a part.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct VerificationBody {
    /// Whether the part has to be replaced.
    replacement_needed: bool,
    /// The part.
    #[schema(value_type = String, example = "PSU-450")]
    part_number: PartNumber,
    /// What failed, a word of letters, digits and `_`.
    #[schema(value_type = String, example = "power_supply")]
    failure_code: Code,
    /// What was seen.
    #[deserr(default)]
    #[schema(value_type = Option<String>)]
    note: Option<Note>,
}

/// A case.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the members of CaseBody and who opened it when")]
pub struct CaseView {
    pub number: String,
    pub organization: String,
    pub serial_number: String,
    pub severity: i16,
    pub channel: String,
    pub summary: String,
    /// `open`, or `verified` once support found that a replacement is needed.
    pub state: String,
    pub opened_at: DateTime<Utc>,
    pub opened_by: String,
    pub verifications: Vec<VerificationView>,
}

/// A finding.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the members of VerificationBody and who verified it when")]
pub struct VerificationView {
    pub part_number: String,
    pub replacement_needed: bool,
    pub failure_code: String,
    pub note: Option<String>,
    pub verified_at: DateTime<Utc>,
    pub verified_by: String,
}

impl Listed for CaseView {
    const COLUMNS: &'static [&'static str] =
        &["number", "organization", "serial_number", "severity", "channel", "summary", "state", "opened_at", "opened_by", "verifications"];
    fn key(&self) -> String {
        self.number.clone()
    }
}

fn view(detail: Detail) -> CaseView {
    let verified = detail.verifications.iter().any(|(v, _)| v.replacement_needed);
    let finding = |(v, part_number): (cases::Verification, String)| VerificationView {
        part_number,
        replacement_needed: v.replacement_needed,
        failure_code: v.failure_code,
        note: v.note,
        verified_at: v.verified_at.at(),
        verified_by: v.verified_by,
    };
    let case = detail.case;
    CaseView {
        number: CaseNumber::of(case.number).map(|n| n.to_string()).unwrap_or_default(),
        organization: detail.organization,
        serial_number: detail.serial_number,
        severity: case.severity,
        channel: case.channel.0.to_string(),
        summary: case.summary,
        state: if verified { "verified" } else { "open" }.to_owned(),
        opened_at: case.opened_at.at(),
        opened_by: case.opened_by,
        verifications: detail.verifications.into_iter().map(finding).collect(),
    }
}

fn load(conn: &mut Conn, ctx: &Context, number: CaseNumber) -> Done<CaseView> {
    let filter = Filter { number: Some(number.serial()), organization: ctx.actor.scope.organization(), serial_number: None };
    let found = cases::page(conn, &filter, None, 1)?.rows.pop();
    found.map(view).ok_or(ActionError::NotFound("case"))
}

/// Lists cases by number.
#[utoipa::path(tag = "cases", operation_id = "list_cases", params(
    ("organization" = Option<String>, Query, description = "Only of this organization"), ("serial_number" = Option<String>, Query, description = "Only about this appliance"),
    ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page; all pages as CSV with `Accept: text/csv`", body = ListBody<CaseView>),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/cases")]
pub async fn list(call: Call) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ReadCases)?;
    let query = call.list_query(&["organization", "serial_number"])?;
    let (organization, serial) = (query.get("organization", Code::parse)?, query.get("serial_number", SerialNumber::parse)?);
    let key = |cursor: &str| CaseNumber::parse(cursor).ok().map(CaseNumber::serial);
    lists::answer_by(&call, &query, key, move |conn, ctx, after, limit| {
        crud::owned(conn, ctx, organization.as_ref(), |conn, organization| {
            let filter = Filter { number: None, organization, serial_number: serial.as_ref().map(ToString::to_string) };
            Ok(cases::page(conn, &filter, after, limit)?.map(view))
        })
    })
    .await
}

/// Opens a case.
#[utoipa::path(tag = "cases", operation_id = "open_case", params(("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = CaseBody,
    responses((status = 201, description = "Made", body = CaseView, headers(("Location" = String))),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/cases")]
pub async fn open(call: Call) -> Result<HttpResponse, Problem> {
    call.allow(Permission::WriteCases)?;
    let body: CaseBody = call.body()?;
    let ask = open_case::Ask { serial_number: body.serial_number, severity: body.severity.0, channel: body.channel, summary: body.summary };
    call.write(move |conn, ctx| {
        let number = open_case(conn, ctx, &ask)?;
        Ok(Reply::created(format!("/api/v1/cases/{number}"), load(conn, ctx, number)?))
    })
    .await
}

/// Shows a case.
#[utoipa::path(tag = "cases", operation_id = "show_case", params(("number" = String, Path)),
    responses((status = 200, description = "As it is now", body = CaseView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/cases/{number}")]
pub async fn show(call: Call, number: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ReadCases)?;
    call.query(&[])?;
    let number = CaseNumber::parse(&number).map_err(|fault| Problem::path(&fault))?;
    Ok(Success::Ok.answer().json(call.read(move |conn, ctx| load(conn, ctx, number)).await?))
}

/// Adds support's finding about a part.
#[utoipa::path(tag = "cases", operation_id = "verify_defect", params(("number" = String, Path), ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = VerificationBody,
    responses((status = 200, description = "As it is then", body = CaseView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/cases/{number}/verification")]
pub async fn verify(call: Call, number: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::WriteCases)?;
    let number = CaseNumber::parse(&number).map_err(|fault| Problem::path(&fault))?;
    let body: VerificationBody = call.body()?;
    let failure_code = body.failure_code.as_str().to_ascii_lowercase();
    let ask =
        verify_defect::Ask { replacement_needed: body.replacement_needed, part_number: body.part_number, failure_code, note: body.note };
    call.write(move |conn, ctx| {
        verify_defect(conn, ctx, number, &ask)?;
        Ok(Reply::ok(load(conn, ctx, number)?))
    })
    .await
}
