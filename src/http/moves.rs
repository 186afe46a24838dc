//! The moves of an RMA: `/rmas/{number}/ship` and its sisters. Each answers with the RMA as it is then.

use super::body::Faults;
use super::call::{Call, Reply};
use super::fields::{At, Bounded};
use super::problem::{FieldError, Problem, ProblemBody};
use super::rma_view::{self, RmaView};
use super::rmas::{LocalContactBody, number};
use crate::actions::dossier::Dossier;
use crate::actions::{Context, Done, cancel_rma, close_rma, deliver, hold_export, name_contact, receive_return, report_return, ship};
use crate::rules::dock::Scan;
use crate::rules::number::RmaNumber;
use crate::rules::rma::Condition;
use crate::rules::role::Permission;
use crate::rules::text::{Line, Note, SerialNumber};
use crate::store::Conn;
use actix_web::web::Path;
use actix_web::{HttpResponse, post};
use chrono::{DateTime, Utc};
use deserr::Deserr;
use utoipa::ToSchema;

/// The replacement leaves.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ShipBody {
    /// Carrier or courier.
    #[schema(value_type = String)]
    carrier: Line,
    /// Tracking number, if there is one.
    #[deserr(default)]
    #[schema(value_type = Option<String>)]
    tracking_number: Option<Line>,
    /// The replacement's serial number, for an RMA of one line; without it the unit that is reserved leaves.
    #[deserr(default)]
    #[schema(value_type = Option<String>)]
    replacement_serial_number: Option<SerialNumber>,
    /// The replacements' serial numbers in the order of the lines.
    #[deserr(default)]
    #[schema(value_type = Option<Vec<String>>)]
    replacement_serial_numbers: Option<Bounded<SerialNumber, 1, 20>>,
    /// When, if not now: operations may record the past.
    #[deserr(default)]
    #[schema(value_type = Option<DateTime<Utc>>)]
    shipped_at: Option<At>,
}

/// The replacement arrives.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct DeliverBody {
    /// Who took it.
    #[schema(value_type = String)]
    received_by: Line,
    /// When, if not now: operations may record the past.
    #[deserr(default)]
    #[schema(value_type = Option<DateTime<Utc>>)]
    delivered_at: Option<At>,
}

/// The customer sent the defective unit.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ReturnShippedBody {
    /// Which line; all that are expected without it.
    #[deserr(default)]
    line: Option<i32>,
    /// Carrier.
    #[deserr(default)]
    #[schema(value_type = Option<String>)]
    carrier: Option<Line>,
    /// Tracking number.
    #[deserr(default)]
    #[schema(value_type = Option<String>)]
    tracking_number: Option<Line>,
    /// When, if not now: operations may record the past.
    #[deserr(default)]
    #[schema(value_type = Option<DateTime<Utc>>)]
    shipped_at: Option<At>,
}

/// A unit arrives at the dock.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ReturnReceivedBody {
    /// What the unit says.
    #[schema(value_type = String)]
    serial_number: SerialNumber,
    /// `as_described`, `damaged` or `incomplete`.
    #[schema(value_type = String, example = "as_described")]
    condition: Condition,
    /// Which line, where several are open.
    #[deserr(default)]
    line: Option<i32>,
    /// When, if not now: operations may record the past.
    #[deserr(default)]
    #[schema(value_type = Option<DateTime<Utc>>)]
    received_at: Option<At>,
}

/// Why.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ReasonBody {
    /// A sentence.
    #[schema(value_type = String)]
    reason: Note,
}

impl ReasonBody {
    /// The sentence.
    pub(super) fn reason(self) -> Note {
        self.reason
    }
}

/// Nothing.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct EmptyBody {}

/// An instant in the past, from those who may record it.
pub(super) fn stated(call: &Call, at: Option<At>, field: &str) -> Result<Option<DateTime<Utc>>, Problem> {
    match at {
        Some(_) if !call.role().may(Permission::RecordPast) => Err(Problem::invalid(vec![FieldError::new(
            field,
            "not_allowed",
            format!("a {} token can't record instants: leave it out", call.role()),
        )])),
        at => Ok(at.map(|at| at.0)),
    }
}

pub(super) async fn answer(
    call: Call,
    raw: Path<String>,
    act: impl Fn(&mut Conn, &Context, RmaNumber) -> Done<Dossier> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    let number = number(&raw)?;
    call.write(move |conn, ctx| Ok(Reply::ok(rma_view::rma(act(conn, ctx, number)?)?))).await
}

/// Names the local contact: with a name, a number and consent the four-hour clock starts (P4.2).
#[utoipa::path(tag = "rmas", operation_id = "name_contact", params(("number" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = LocalContactBody, responses((status = 200, description = "As it is then", body = RmaView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/rmas/{number}/contact")]
pub async fn contact(call: Call, number: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::AnswerRmas)?;
    let contact = call.body::<LocalContactBody>()?.contact();
    answer(call, number, move |conn, ctx, number| name_contact::name_contact(conn, ctx, number, &contact)).await
}

/// Records that the replacement left.
#[utoipa::path(tag = "rmas", operation_id = "ship", params(("number" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = ShipBody, responses((status = 200, description = "As it is then", body = RmaView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/rmas/{number}/ship")]
pub async fn ship_replacement(call: Call, number: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::HandleRmas)?;
    let body: ShipBody = call.body()?;
    let replacement_serial_numbers = match (body.replacement_serial_number, body.replacement_serial_numbers) {
        (Some(one), None) => Some(vec![one]),
        (None, Some(many)) => Some(many.0),
        (None, None) => None,
        (Some(_), Some(_)) => {
            let detail = "give replacement_serial_number or replacement_serial_numbers, not both";
            return Err(Problem::invalid(vec![FieldError::new("/replacement_serial_numbers", "conflict", detail)]));
        }
    };
    let shipped_at = stated(&call, body.shipped_at, "/shipped_at")?;
    let ask = ship::Ask { carrier: body.carrier, tracking_number: body.tracking_number, replacement_serial_numbers, shipped_at };
    answer(call, number, move |conn, ctx, number| ship::ship(conn, ctx, number, &ask)).await
}

/// Records the delivery; couriers record their own.
#[utoipa::path(tag = "rmas", operation_id = "deliver", params(("number" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = DeliverBody, responses((status = 200, description = "As it is then", body = RmaView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/rmas/{number}/deliver")]
pub async fn deliver_replacement(call: Call, number: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::Deliver)?;
    let body: DeliverBody = call.body()?;
    let ask = deliver::Ask { received_by: body.received_by, delivered_at: stated(&call, body.delivered_at, "/delivered_at")? };
    answer(call, number, move |conn, ctx, number| deliver::deliver(conn, ctx, number, &ask)).await
}

/// Records that the customer sent the defective unit.
#[utoipa::path(tag = "rmas", operation_id = "report_return", params(("number" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = ReturnShippedBody, responses((status = 200, description = "As it is then", body = RmaView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/rmas/{number}/return-shipped")]
pub async fn return_shipped(call: Call, number: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::AnswerRmas)?;
    let body: ReturnShippedBody = call.body()?;
    let shipped_at = stated(&call, body.shipped_at, "/shipped_at")?;
    let ask = report_return::Ask { line: body.line, carrier: body.carrier, tracking_number: body.tracking_number, shipped_at };
    answer(call, number, move |conn, ctx, number| report_return::report_return(conn, ctx, number, &ask)).await
}

/// Books a unit that arrived. Another serial number than expected is booked as wrong; the right one is still expected.
#[utoipa::path(tag = "rmas", operation_id = "receive_return", params(("number" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = ReturnReceivedBody, responses((status = 200, description = "As it is then", body = RmaView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/rmas/{number}/return-received")]
pub async fn return_received(call: Call, number: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::HandleRmas)?;
    let body: ReturnReceivedBody = call.body()?;
    let received_at = stated(&call, body.received_at, "/received_at")?;
    let scan = Scan { serial_number: body.serial_number, condition: body.condition, line: body.line };
    answer(call, number, move |conn, ctx, number| receive_return::receive_return(conn, ctx, number, &scan, received_at)).await
}

/// Calls the RMA off, as long as nothing has left.
#[utoipa::path(tag = "rmas", operation_id = "cancel_rma", params(("number" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = ReasonBody, responses((status = 200, description = "As it is then", body = RmaView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/rmas/{number}/cancel")]
pub async fn cancel(call: Call, number: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::HandleRmas)?;
    let reason = call.body::<ReasonBody>()?.reason;
    answer(call, number, move |conn, ctx, number| cancel_rma::cancel_rma(conn, ctx, number, &reason)).await
}

/// Closes an RMA whose units are all back.
#[utoipa::path(tag = "rmas", operation_id = "close_rma", params(("number" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = EmptyBody, responses((status = 200, description = "As it is then", body = RmaView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/rmas/{number}/close")]
pub async fn close(call: Call, number: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::HandleRmas)?;
    call.body::<EmptyBody>()?;
    answer(call, number, close_rma::close_rma).await
}

/// Stops the ship-by clock until export papers are there (P4.5).
#[utoipa::path(tag = "rmas", operation_id = "hold_export", params(("number" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = ReasonBody, responses((status = 200, description = "As it is then", body = RmaView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/rmas/{number}/export-hold")]
pub async fn export_hold(call: Call, number: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::HandleRmas)?;
    let reason = call.body::<ReasonBody>()?.reason;
    answer(call, number, move |conn, ctx, number| hold_export::hold_export(conn, ctx, number, &reason)).await
}

/// Lets the ship-by clock run on (P4.5).
#[utoipa::path(tag = "rmas", operation_id = "release_export", params(("number" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = EmptyBody, responses((status = 200, description = "As it is then", body = RmaView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/rmas/{number}/export-release")]
pub async fn export_release(call: Call, number: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::HandleRmas)?;
    call.body::<EmptyBody>()?;
    answer(call, number, hold_export::release_export).await
}
