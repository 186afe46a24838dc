//! What operations decide about lines and returns: more time, another replacement for a dead one, a line less.

use super::body::Faults;
use super::call::{Call, Reply};
use super::fields::{At, Day};
use super::moves::{ReasonBody, answer, stated};
use super::problem::{Problem, ProblemBody};
use super::rma_view::{self, RmaView};
use super::rmas::number;
use crate::actions::cancel_line::cancel_line;
use crate::actions::certify_destruction::{self, certify_destruction};
use crate::actions::extend_return;
use crate::actions::report_dead::{self, report_dead};
use crate::rules::dead::Which;
use crate::rules::role::Permission;
use crate::rules::text::{Code, Line, Note, SerialNumber, TextFault};
use actix_web::web::Path;
use actix_web::{HttpResponse, post};
use deserr::Deserr;
use utoipa::ToSchema;

/// More time for a return.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ExtendBody {
    /// The new last day, local to the return's clock.
    #[schema(value_type = chrono::NaiveDate, example = "2026-12-18")]
    until: Day,
    /// Why; the customer reads it.
    #[schema(value_type = String)]
    reason: Note,
}

/// Gives the return of an RMA, all units that are still expected, until the end of a later day (P4.6). What was overdue is
/// expected again, and reminders count from the new date.
#[utoipa::path(tag = "rmas", operation_id = "extend_return", params(("number" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = ExtendBody, responses((status = 200, description = "As it is then", body = RmaView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/rmas/{number}/extend")]
pub async fn extend(call: Call, number: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::HandleRmas)?;
    let body: ExtendBody = call.body()?;
    let ask = extend_return::Ask { until: body.until.0, reason: body.reason };
    answer(call, number, move |conn, ctx, number| extend_return::extend_return(conn, ctx, number, &ask)).await
}

/// A replacement that is dead on arrival.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct DeadBody {
    /// The line whose replacement it is; this or the serial number.
    #[deserr(default)]
    line: Option<i32>,
    /// What it says on the replacement.
    #[deserr(default)]
    #[schema(value_type = Option<String>)]
    replacement_serial_number: Option<SerialNumber>,
    /// What failed, a word of letters, digits and `_`.
    #[schema(value_type = String, example = "no_power")]
    failure_code: Code,
    /// What was seen.
    #[deserr(default)]
    #[schema(value_type = Option<String>)]
    note: Option<Note>,
    /// When the customer told, if not now: operations may record the past.
    #[deserr(default)]
    #[schema(value_type = Option<chrono::DateTime<chrono::Utc>>)]
    reported_at: Option<At>,
}

/// Replaces a replacement that was dead within the program's `doa_days` of its delivery (P4.6): issues an RMA of the same case,
/// under the same contract and tier, linked to the first. The dead unit is expected back there and never charged for; what is
/// expected back of the first RMA stays as it is.
#[utoipa::path(tag = "rmas", operation_id = "report_dead_on_arrival", params(("number" = String, Path),
    ("Idempotency-Key" = String, Header, description = "Needed here: a repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = DeadBody, responses((status = 201, description = "Made: the linked RMA", body = RmaView, headers(("Location" = String))),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/rmas/{number}/dead-on-arrival")]
pub async fn dead_on_arrival(call: Call, raw: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::HandleRmas)?;
    call.require_key()?;
    let number = number(&raw)?;
    let body: DeadBody = call.body()?;
    let ask = report_dead::Ask {
        which: Which { line: body.line, serial_number: body.replacement_serial_number },
        failure_code: body.failure_code.as_str().to_ascii_lowercase(),
        note: body.note,
        reported_at: stated(&call, body.reported_at, "/reported_at")?,
    };
    call.write(move |conn, ctx| {
        let dossier = report_dead(conn, ctx, number, &ask)?;
        let location = format!("/api/v1/rmas/{}", dossier.number);
        Ok(Reply::created(location, rma_view::rma(dossier)?))
    })
    .await
}

/// Calls one line off, as long as the replacements have not left (P4): its unit is free again, nothing is expected back on it, and the
/// other lines go on as promised. The last line that is left is refused: cancel the RMA instead.
#[utoipa::path(tag = "rmas", operation_id = "cancel_rma_line", params(("number" = String, Path), ("line" = i32, Path, description = "1, 2, …"),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = ReasonBody, responses((status = 200, description = "As it is then", body = RmaView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/rmas/{number}/lines/{line}/cancel")]
pub async fn cancel_one(call: Call, path: Path<(String, String)>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::HandleRmas)?;
    let (raw, line) = path.into_inner();
    let (number, line) = (number(&raw)?, line_number(&line)?);
    let reason = call.body::<ReasonBody>()?.reason();
    call.write(move |conn, ctx| Ok(Reply::ok(rma_view::rma(cancel_line(conn, ctx, number, line, &reason)?)?))).await
}

/// The line in a path. What is no number is refused as mistyped, not as unknown.
fn line_number(raw: &str) -> Result<i32, Problem> {
    let digits = (1..=9).contains(&raw.len()) && raw.bytes().all(|b| b.is_ascii_digit());
    let line = raw.parse().ok().filter(|_| digits);
    line.ok_or_else(|| Problem::path(&TextFault::new("bad_line", "a line is a number: 1, 2, …")))
}

/// A certificate of destruction.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct DestructionBody {
    /// The number of the certificate.
    #[schema(value_type = String, example = "CD-2026-0815")]
    certificate_number: Line,
    /// When the unit was destroyed, on the customer's calendar.
    #[schema(value_type = chrono::NaiveDate, example = "2026-12-01")]
    destroyed_on: Day,
    /// The company that destroyed it.
    #[schema(value_type = String)]
    destroyed_by: Line,
}

/// Hands in the certificate of destruction of a line's defective unit (P4.6), where the contract keeps media: it takes the place of the
/// return.
#[utoipa::path(tag = "rmas", operation_id = "certify_destruction", params(("number" = String, Path), ("line" = i32, Path, description = "1, 2, …"),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = DestructionBody, responses((status = 200, description = "As it is then", body = RmaView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/rmas/{number}/lines/{line}/destruction")]
pub async fn destruction(call: Call, path: Path<(String, String)>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::AnswerRmas)?;
    let (raw, line) = path.into_inner();
    let (number, line) = (number(&raw)?, line_number(&line)?);
    let DestructionBody { certificate_number, destroyed_on, destroyed_by } = call.body()?;
    let ask = certify_destruction::Ask { line, certificate_number, destroyed_on: destroyed_on.0, destroyed_by };
    call.write(move |conn, ctx| Ok(Reply::ok(rma_view::rma(certify_destruction(conn, ctx, number, &ask)?)?))).await
}
