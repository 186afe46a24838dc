//! `/shipments`: replacements on their way; couriers see their own dispatches.

use super::call::Call;
use super::fields::word;
use super::lists::{self, ListBody};
use super::problem::{Problem, ProblemBody, Success};
use super::rma_view::{ShipmentView, shipment_view};
use crate::actions::{ActionError, Scope};
use crate::rules::number::RmaNumber;
use crate::rules::role::Permission;
use crate::store::Id;
use crate::store::shipments::{self, Filter};
use actix_web::web::Path;
use actix_web::{HttpResponse, get};

/// What the asker may see.
fn scoped(scope: Scope, filter: Filter) -> Filter {
    let courier = match scope {
        Scope::Courier(own) => Some(own),
        Scope::Everything | Scope::Organization(_) => None,
    };
    Filter { organization: scope.organization(), courier, ..filter }
}

/// Lists shipments, oldest first.
#[utoipa::path(tag = "shipments", operation_id = "list_shipments", params(
    ("state" = Option<String>, Query, description = "Only in this state"), ("rma" = Option<String>, Query, description = "Only of this RMA"),
    ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page; all pages as CSV with `Accept: text/csv`", body = ListBody<ShipmentView>),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/shipments")]
pub async fn list(call: Call) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ReadShipments)?;
    let query = call.list_query(&["state", "rma"])?;
    let rma = query.get("rma", RmaNumber::parse)?.map(RmaNumber::serial);
    let filter = scoped(call.scope(), Filter { state: query.get("state", word)?, rma, ..Filter::default() });
    lists::answer_by(&call, &query, Id::parse, move |conn, _, after, limit| {
        Ok(shipments::page(conn, &filter, after, limit)?.map(shipment_view))
    })
    .await
}

/// Shows a shipment.
#[utoipa::path(tag = "shipments", operation_id = "show_shipment", params(("id" = String, Path)),
    responses((status = 200, description = "As it is now", body = ShipmentView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/shipments/{id}")]
pub async fn show(call: Call, id: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ReadShipments)?;
    call.query(&[])?;
    let id = Id::parse(&id).ok_or_else(|| Problem::not_found("shipment"))?;
    let filter = scoped(call.scope(), Filter { id: Some(id), ..Filter::default() });
    let found =
        call.read(move |conn, _| shipments::page(conn, &filter, None, 1)?.rows.pop().ok_or(ActionError::NotFound("shipment"))).await?;
    Ok(Success::Ok.answer().json(shipment_view(found)))
}
