//! `/dispatches`: what couriers were sent for, and calling one off.

use super::body::Faults;
use super::call::{Call, Reply};
use super::dispatches::{DispatchView, row, view};
use super::fields::word;
use super::lists::{self, ListBody, Listed};
use super::problem::{Problem, ProblemBody};
use super::rma_view;
use crate::actions::Scope;
use crate::actions::cancel_dispatch::cancel_dispatch;
use crate::rules::dispatch::Afterwards;
use crate::rules::number::RmaNumber;
use crate::rules::role::Permission;
use crate::rules::text::{Code, Note};
use crate::store::Id;
use crate::store::dispatches::{self, Detail, Filter};
use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use deserr::Deserr;
use utoipa::ToSchema;

/// Why a courier is called off, and who brings the part then.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct CancelDispatchBody {
    /// A sentence; the courier reads it.
    #[schema(value_type = String)]
    reason: Note,
    /// `nobody` (yet; when absent), `same_courier` or `next_courier`.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "next_courier")]
    afterwards: Option<Afterwards>,
}

impl Listed for DispatchView {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "shipment",
        "rma",
        "service_center",
        "dispatch",
        "courier",
        "state",
        "sent_at",
        "accept_by",
        "accepted_at",
        "picked_up_at",
        "ended_at",
        "problem_at",
        "problem",
    ];
    fn key(&self) -> String {
        self.id.clone()
    }
}

/// Lists dispatches, oldest first; a courier sees its own.
#[utoipa::path(tag = "shipments", operation_id = "list_dispatches", params(
    ("state" = Option<String>, Query, description = "Only in this state"), ("rma" = Option<String>, Query, description = "Only for this RMA"),
    ("service_center" = Option<String>, Query, description = "Only from the center with this code"),
    ("courier" = Option<String>, Query, description = "Only of the courier with this code"),
    ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page; all pages as CSV with `Accept: text/csv`", body = ListBody<DispatchView>),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/dispatches")]
pub async fn list(call: Call) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ReadShipments)?;
    let query = call.list_query(&["state", "rma", "service_center", "courier"])?;
    let code = |name: &str| query.get(name, Code::parse).map(|code| code.map(|code| code.to_string()));
    let own = match call.scope() {
        Scope::Courier(own) => Some(own),
        Scope::Everything | Scope::Organization(_) => None,
    };
    let filter = Filter {
        own,
        state: query.get("state", word)?,
        rma: query.get("rma", RmaNumber::parse)?.map(RmaNumber::serial),
        service_center: code("service_center")?,
        courier: code("courier")?,
    };
    let shown = |found: Detail| row(found.dispatch, rma_view::number(found.rma), found.service_center, Some(found.courier));
    lists::answer_by(&call, &query, Id::parse, move |conn, _, after, limit| Ok(dispatches::page(conn, &filter, after, limit)?.map(shown)))
        .await
}

/// Calls a courier off that does not have the part yet: it is told by letter, and its links end. The answer is the dispatch that is
/// in force then, or the cancelled one where nobody is sent.
#[utoipa::path(tag = "shipments", operation_id = "cancel_dispatch", params(("id" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = CancelDispatchBody, responses((status = 200, description = "As it is then", body = DispatchView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/dispatches/{id}/cancel")]
pub async fn cancel(call: Call, id: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::HandleRmas)?;
    let body: CancelDispatchBody = call.body()?;
    let afterwards = body.afterwards.unwrap_or(Afterwards::Nobody);
    let id = Id::parse(&id).ok_or_else(|| Problem::not_found("dispatch"))?;
    call.write(move |conn, ctx| {
        let (dossier, dispatch) = cancel_dispatch(conn, ctx, id, &body.reason, afterwards)?;
        Ok(Reply::ok(view(&dossier, dispatch)))
    })
    .await
}
