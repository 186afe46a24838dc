//! Stock beyond single units: levels by part and center, and what may stand in for a part.

use super::body::Faults;
use super::call::{Call, Reply};
use super::crud::printable;
use super::lists::{self, ListBody, Listed};
use super::problem::{Problem, ProblemBody, Success};
use crate::actions::keep::parts::Parts;
use crate::actions::set_substitute::{of_part, remove_substitute, set_substitute};
use crate::rules::role::Permission;
use crate::rules::sourcing::Acceptable;
use crate::rules::stock::{Fit, StockState};
use crate::rules::text::{Code, PartNumber};
use crate::store::stock_units::{self, Filter, Level};
use actix_web::web::Path;
use actix_web::{HttpResponse, delete, get, post};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// How many units of a part lie at a center.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the states of a unit")]
pub struct LevelView {
    pub part_number: String,
    pub service_center: String,
    pub received: i64,
    pub reserved: i64,
    pub shipped: i64,
    pub quarantined: i64,
    pub written_off: i64,
}

impl Listed for LevelView {
    const COLUMNS: &'static [&'static str] =
        &["part_number", "service_center", "received", "reserved", "shipped", "quarantined", "written_off"];
    fn key(&self) -> String {
        format!("{} {}", self.part_number, self.service_center)
    }
}

impl From<Level> for LevelView {
    fn from(level: Level) -> Self {
        let units = |state| level.units.iter().find(|(s, _)| *s == state).map_or(0, |(_, units)| *units);
        Self {
            received: units(StockState::Received),
            reserved: units(StockState::Reserved),
            shipped: units(StockState::Shipped),
            quarantined: units(StockState::Quarantined),
            written_off: units(StockState::WrittenOff),
            part_number: level.part_number.clone(),
            service_center: level.service_center.clone(),
        }
    }
}

/// The key by which pages of levels are turned.
fn level_key(cursor: &str) -> Option<(String, String)> {
    let (part, center) = cursor.rsplit_once(' ')?;
    Some((part.to_owned(), center.to_owned()))
}

/// Lists how many units of each part lie at each center, by state.
#[utoipa::path(tag = "stock", operation_id = "list_stock_levels", params(
    ("part_number" = Option<String>, Query, description = "Only of this part"), ("service_center" = Option<String>, Query, description = "Only at this center"),
    ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page; all pages as CSV with `Accept: text/csv`", body = ListBody<LevelView>),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/stock-levels")]
pub async fn levels(call: Call) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ReadCatalog)?;
    let query = call.list_query(&["part_number", "service_center"])?;
    let filter = Filter {
        part_number: query.get("part_number", PartNumber::parse)?.map(Into::into),
        service_center: query.get("service_center", Code::parse)?.map(Into::into),
        ..Filter::default()
    };
    lists::answer_by(&call, &query, level_key, move |conn, _, after, limit| {
        let after = after.as_ref().map(|(part, center)| (part.as_str(), center.as_str()));
        Ok(stock_units::levels(conn, &filter, after, limit)?.map(LevelView::from))
    })
    .await
}

/// A part that may be sent in place of another one.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct SubstituteBody {
    /// Its number.
    #[schema(value_type = String, example = "PSU-450-B")]
    part_number: PartNumber,
    /// `newer_revision` or `approved_substitute`; newer revisions are sent first.
    #[schema(value_type = String, example = "newer_revision")]
    fit: Fit,
}

/// A part that may be sent in place of another one, as it is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the members of SubstituteBody")]
pub struct SubstituteView {
    pub part_number: String,
    pub fit: String,
}

/// What may be sent in place of a part, in the order in which it is looked for.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the name says it")]
pub struct SubstitutesView {
    pub substitutes: Vec<SubstituteView>,
}

fn shown(substitutes: Vec<Acceptable>) -> SubstitutesView {
    let one = |a: Acceptable| SubstituteView { part_number: a.part.into(), fit: a.fit.to_string() };
    SubstitutesView { substitutes: substitutes.into_iter().map(one).collect() }
}

/// What may be sent in place of a part.
#[utoipa::path(tag = "stock", operation_id = "list_substitutes", params(("part_number" = String, Path)),
    responses((status = 200, description = "At most 50", body = SubstitutesView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/parts/{part_number}/substitutes")]
pub async fn list_substitutes(call: Call, part: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ReadCatalog)?;
    call.query(&[])?;
    let part = printable::<Parts>(part.into_inner())?;
    Ok(Success::Ok.answer().json(shown(call.read(move |conn, ctx| of_part(conn, ctx, &part)).await?)))
}

/// Lets a part be sent in place of another one.
#[utoipa::path(tag = "stock", operation_id = "set_substitute", params(("part_number" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored")),
    request_body = SubstituteBody, responses((status = 200, description = "All that may be sent then", body = SubstitutesView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/parts/{part_number}/substitutes")]
pub async fn set_substitute_of(call: Call, part: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::WriteCatalog)?;
    let part = printable::<Parts>(part.into_inner())?;
    let body: SubstituteBody = call.body()?;
    call.write(move |conn, ctx| Ok(Reply::ok(shown(set_substitute(conn, ctx, &part, &body.part_number, body.fit)?)))).await
}

/// Takes it back that a part may be sent in place of another one.
#[utoipa::path(tag = "stock", operation_id = "remove_substitute", params(("part_number" = String, Path), ("substitute" = String, Path),
    ("If-Match" = String, Header, description = "The ETag of the part"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is removed")),
    responses((status = 204, description = "Removed"),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[delete("/parts/{part_number}/substitutes/{substitute}")]
pub async fn remove_substitute_of(call: Call, path: Path<(String, String)>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::WriteCatalog)?;
    let (part, substitute) = path.into_inner();
    let (part, substitute) = (printable::<Parts>(part)?, printable::<Parts>(substitute)?);
    let was = call.if_match()?;
    call.write(move |conn, ctx| {
        remove_substitute(conn, ctx, &part, was, &substitute)?;
        Ok(Reply::<()>::gone())
    })
    .await
}
