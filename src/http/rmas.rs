//! `/rmas`: issuing, reading, and what belongs to an RMA: deadlines, events, letters.

use super::body::Faults;
use super::call::{Call, Reply};
use super::crud;
use super::deadlines::Row;
use super::fields::{Bounded, word};
use super::letters::{self, LetterView};
use super::lists::{self, ListBody, Listed};
use super::problem::{Problem, ProblemBody, Success};
use super::rma_view::{self, DeadlineView, RiskView, RmaView};
use crate::actions::dossier::Dossier;
use crate::actions::issue_rma::{self, issue_rma};
use crate::actions::scan_radar::scan_radar;
use crate::actions::{ActionError, Context, Done};
use crate::rules::notice::LocalContact;
use crate::rules::number::{CaseNumber, RmaNumber};
use crate::rules::role::Permission;
use crate::rules::text::{Code, Line, PartNumber, Phone, SerialNumber};
use crate::store::deadlines;
use crate::store::events::{self, Event};
use crate::store::rmas::{self, Filter};
use crate::store::{Conn, Id, Page};
use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Utc};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// An RMA to issue.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct RmaBody {
    /// The case with the verified defect.
    #[schema(value_type = String, example = "C10000012")]
    case: CaseNumber,
    /// What is to be replaced, 1 to 20 components of the case's appliance.
    #[schema(value_type = Vec<RmaLineBody>)]
    lines: Bounded<RmaLineBody, 1, 20>,
    /// The local contact; the four-hour clock of Gold Plus waits for it.
    #[deserr(default)]
    contact: Option<LocalContactBody>,
}

/// One component.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct RmaLineBody {
    /// The appliance.
    #[schema(value_type = String, example = "SN123")]
    serial_number: SerialNumber,
    /// The component.
    #[schema(value_type = String, example = "PSU-450")]
    part_number: PartNumber,
}

/// Who receives the courier.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct LocalContactBody {
    /// Name.
    #[schema(value_type = String)]
    name: Line,
    /// Telephone number with its country code.
    #[schema(value_type = String, example = "+34911234567")]
    phone: Phone,
    /// Whether they accept delivery.
    #[deserr(default)]
    #[schema(required = false, default = false)]
    accepts_delivery: bool,
}

impl LocalContactBody {
    /// The contact as the rules know it.
    pub fn contact(&self) -> LocalContact {
        LocalContact { name: self.name.to_string(), phone: self.phone.to_string(), accepts_delivery: self.accepts_delivery }
    }
}

/// An entry of the audit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventView {
    /// Its identifier.
    pub id: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor: String,
    /// What.
    pub action: String,
    /// What was before.
    #[schema(value_type = Option<Object>)]
    pub before: Option<serde_json::Value>,
    /// What was after.
    #[schema(value_type = Option<Object>)]
    pub after: Option<serde_json::Value>,
    /// The request that did it.
    pub request_id: Option<String>,
}

impl Listed for EventView {
    const COLUMNS: &'static [&'static str] = &["id", "at", "actor", "action", "before", "after", "request_id"];
    fn key(&self) -> String {
        self.id.clone()
    }
}

impl Listed for RmaView {
    const COLUMNS: &'static [&'static str] = &[
        "number",
        "case",
        "organization",
        "contract",
        "site",
        "state",
        "issued_at",
        "ended_at",
        "cancel_reason",
        "program_version",
        "promise",
        "contact",
        "keeps_media",
        "lines",
        "shipment",
        "deadlines",
        "risk",
    ];
    fn key(&self) -> String {
        match &self.risk {
            Some(risk) => format!("{} {}", risk.at.timestamp(), self.number),
            None => self.number.clone(),
        }
    }
}

/// The number in a path. A mistyped one is refused as mistyped, not as unknown.
pub fn number(raw: &str) -> Result<RmaNumber, Problem> {
    RmaNumber::parse(raw).map_err(|fault| Problem::path(&fault))
}

/// Lists RMAs by number.
#[utoipa::path(tag = "rmas", operation_id = "list_rmas", params(
    ("state" = Option<String>, Query, description = "Only in this state"), ("organization" = Option<String>, Query, description = "Only of this organization"),
    ("case" = Option<String>, Query, description = "Only of this case"), ("serial_number" = Option<String>, Query, description = "Only about this appliance"),
    ("at_risk" = Option<bool>, Query, description = "Those whose replacement hasn't left or arrived, by the minutes until they lose a business day or miss their hours; with `organization` only"),
    ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page; all pages as CSV with `Accept: text/csv`", body = ListBody<RmaView>),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/rmas")]
pub async fn list(call: Call) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ReadOwn)?;
    let query = call.list_query(&["state", "organization", "case", "serial_number", "at_risk"])?;
    if query.flag("at_risk")? {
        return radar(&call).await;
    }
    let state = query.get("state", word)?;
    let organization = query.get("organization", Code::parse)?;
    let case = query.get("case", CaseNumber::parse)?.map(CaseNumber::serial);
    let serial_number = query.get("serial_number", SerialNumber::parse)?.map(String::from);
    let key = |cursor: &str| RmaNumber::parse(cursor).ok().map(RmaNumber::serial);
    lists::answer_by(&call, &query, key, move |conn, ctx, after, limit| {
        crud::owned(conn, ctx, organization.as_ref(), |conn, organization| {
            let filter = Filter { number: None, organization, state, case, serial_number: serial_number.clone() };
            let page = rmas::page(conn, &filter, after, limit)?;
            let dossiers = Dossier::gather_all(conn, page.rows)?;
            Ok(Page { rows: dossiers.into_iter().map(rma_view::rma).collect::<Result<_, _>>()?, more: page.more })
        })
    })
    .await
}

/// The list with `at_risk=true`: what is lost next comes first.
async fn radar(call: &Call) -> Result<HttpResponse, Problem> {
    let query = call.list_query(&["organization", "at_risk"])?;
    let organization = query.get("organization", Code::parse)?;
    let key = |cursor: &str| {
        let (at, number) = cursor.split_once(' ')?;
        Some((DateTime::from_timestamp(at.parse().ok()?, 0)?, RmaNumber::parse(number).ok()?.serial()))
    };
    lists::answer_by(call, &query, key, move |conn, ctx, after, limit| {
        let view = |(dossier, risk)| Ok(RmaView { risk: Some(RiskView::of(&risk, ctx.now)), ..rma_view::rma(dossier)? });
        crud::owned(conn, ctx, organization.as_ref(), |conn, organization| {
            Ok(scan_radar(conn, ctx, organization, after, limit)?.try_map(view)?)
        })
    })
    .await
}

/// Issues an RMA and answers with the promise.
#[utoipa::path(tag = "rmas", operation_id = "issue_rma", params(("Idempotency-Key" = String, Header, description = "Needed here: a repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = RmaBody,
    responses((status = 201, description = "Made", body = RmaView, headers(("Location" = String))), 
        (status = 422, description = "Not entitled, with every reason", body = ProblemBody, content_type = "application/problem+json"),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/rmas")]
pub async fn issue(call: Call) -> Result<HttpResponse, Problem> {
    call.allow(Permission::HandleRmas)?;
    call.require_key()?;
    let body: RmaBody = call.body()?;
    let line = |l: RmaLineBody| issue_rma::AskLine { serial_number: l.serial_number, part_number: l.part_number };
    let ask =
        issue_rma::Ask { case: body.case, lines: body.lines.0.into_iter().map(line).collect(), contact: body.contact.map(|c| c.contact()) };
    call.write(move |conn, ctx| {
        let dossier = issue_rma(conn, ctx, &ask)?;
        let location = format!("/api/v1/rmas/{}", dossier.number);
        Ok(Reply::created(location, rma_view::rma(dossier)?))
    })
    .await
}

/// Shows an RMA.
#[utoipa::path(tag = "rmas", operation_id = "show_rma", params(("number" = String, Path)),
    responses((status = 200, description = "As it is now", body = RmaView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/rmas/{number}")]
pub async fn show(call: Call, raw: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ReadOwn)?;
    call.query(&[])?;
    let number = number(&raw)?;
    Ok(Success::Ok.answer().json(call.read(move |conn, ctx| Ok(rma_view::rma(Dossier::read(conn, ctx, number)?)?)).await?))
}

/// The deadlines of an RMA, with their working.
#[utoipa::path(tag = "rmas", operation_id = "list_rma_deadlines", params(("number" = String, Path), ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page; all pages as CSV with `Accept: text/csv`", body = ListBody<DeadlineView>),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/rmas/{number}/deadlines")]
pub async fn list_deadlines(call: Call, raw: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ReadOwn)?;
    let query = call.list_query(&[])?;
    let number = number(&raw)?;
    let rma = call.read(move |conn, ctx| seen(conn, ctx, number)).await?;
    // There is at most one of a kind: all are read, and the page is cut from them.
    lists::answer_by(&call, &query, Id::parse, move |conn, _, after, limit| {
        let mut rows = deadlines::of_rma(conn, rma)?;
        rows.retain(|kept| after.is_none_or(|after| kept.id > after));
        let keep = usize::try_from(limit).unwrap_or(0);
        let more = rows.len() > keep;
        rows.truncate(keep);
        Ok(Page { rows, more }.map(Row::by_id))
    })
    .await
}

/// The RMA's row, if the asker may see it: what lists below an RMA start from. Found before the answer begins: a CSV
/// answer can't tell any more that there is no such RMA.
fn seen(conn: &mut Conn, ctx: &Context, number: RmaNumber) -> Done<Id> {
    let filter = Filter { number: Some(number.serial()), organization: ctx.actor.scope.organization(), ..Filter::default() };
    let found = rmas::page(conn, &filter, None, 1)?.rows.pop();
    found.map(|(row, _)| row.id).ok_or(ActionError::NotFound("RMA"))
}

/// The audit of an RMA.
#[utoipa::path(tag = "rmas", operation_id = "list_rma_events", params(("number" = String, Path), ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page; all pages as CSV with `Accept: text/csv`", body = ListBody<EventView>),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/rmas/{number}/events")]
pub async fn list_events(call: Call, raw: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ReadOwn)?;
    let query = call.list_query(&[])?;
    let number = number(&raw)?;
    let view = |e: Event| EventView {
        id: e.id.to_string(),
        at: e.at.at(),
        actor: e.actor,
        action: e.action,
        before: e.before.map(|j| j.0),
        after: e.after.map(|j| j.0),
        request_id: e.request_id,
    };
    call.read(move |conn, ctx| seen(conn, ctx, number)).await?;
    lists::answer_by(&call, &query, Id::parse, move |conn, _, after, limit| {
        Ok(events::page(conn, "rma", &number.to_string(), after, limit)?.map(view))
    })
    .await
}

/// The letters of an RMA, as they were or will be sent. Customers see those to customers.
#[utoipa::path(tag = "rmas", operation_id = "list_rma_letters", params(("number" = String, Path), ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page; all pages as CSV with `Accept: text/csv`", body = ListBody<LetterView>),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/rmas/{number}/letters")]
pub async fn list_letters(call: Call, raw: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ReadOwn)?;
    let query = call.list_query(&[])?;
    let number = number(&raw)?;
    let sender = std::sync::Arc::clone(&call.shared.sender);
    let rma = call.read(move |conn, ctx| seen(conn, ctx, number)).await?;
    let filter = crate::store::outbox::Filter { rma: Some(rma), organization: call.scope().organization(), ..Default::default() };
    lists::answer_by(&call, &query, Id::parse, move |conn, _, after, limit| {
        Ok(crate::store::outbox::page(conn, &filter, after, limit)?.try_map(|row| letters::view(row, &sender))?)
    })
    .await
}
