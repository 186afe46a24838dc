//! What operations decide about a return: more time for it. Each answers with the RMA as it is then.

use super::body::Faults;
use super::call::Call;
use super::fields::Day;
use super::moves::answer;
use super::problem::{Problem, ProblemBody};
use super::rma_view::RmaView;
use crate::actions::extend_return;
use crate::rules::role::Permission;
use crate::rules::text::Note;
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
