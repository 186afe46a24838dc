//! `/charges`: what is charged for units that never came back (P4.6). Proposed, and decided by operations; nothing charges by itself.

use super::body::Faults;
use super::call::{Call, Reply};
use super::crud::shown;
use super::fields::word;
use super::lists::{self, ListBody, Listed};
use super::problem::{FieldError, Problem, ProblemBody, Success};
use super::rma_view::{ReasonView, number};
use super::rmas;
use crate::actions::charge_unit::{self, Candidate, Charged};
use crate::rules::charge::Money;
use crate::rules::number::RmaNumber;
use crate::rules::refusal::Refusal;
use crate::rules::role::Permission;
use crate::rules::text::Note;
use crate::store::Id;
use crate::store::charges::{self, Filter};
use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Utc};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// A charge to propose.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ChargeBody {
    /// Which line of the RMA.
    line: i32,
    /// Why, for whoever decides.
    #[schema(value_type = String)]
    reason: Note,
    /// How much, as a decimal, if that is known; with `currency`.
    #[deserr(default)]
    #[schema(example = "450.00")]
    amount: Option<String>,
    /// ISO 4217.
    #[deserr(default)]
    #[schema(example = "USD")]
    currency: Option<String>,
}

/// A charge to confirm.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ConfirmBody {
    /// How much, as a decimal, in place of what was proposed; with `currency`.
    #[deserr(default)]
    #[schema(example = "450.00")]
    amount: Option<String>,
    /// ISO 4217.
    #[deserr(default)]
    #[schema(example = "USD")]
    currency: Option<String>,
}

/// A charge to decline.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct DeclineBody {
    /// Why not.
    #[schema(value_type = String)]
    reason: Note,
}

/// A charge.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChargeView {
    /// Its identifier.
    pub id: String,
    /// The RMA.
    pub rma: String,
    /// Its line.
    pub line: i32,
    /// The appliance.
    pub serial_number: String,
    /// The component.
    pub part_number: String,
    /// `proposed`, `confirmed`, `declined`, `withdrawn` or `reversed`.
    pub state: String,
    /// Why it was proposed.
    pub reason: String,
    /// How the delivery of the replacement is known: `picture`, `carrier_event` or `received_by`.
    pub proof: String,
    /// How much, as a decimal; null where the invoice says it.
    pub amount: Option<String>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// When it was proposed.
    pub proposed_at: DateTime<Utc>,
    /// By whom.
    pub proposed_by: String,
    /// When it was confirmed or declined.
    pub decided_at: Option<DateTime<Utc>>,
    /// By whom.
    pub decided_by: Option<String>,
    /// Why it was declined.
    pub decision: Option<String>,
    /// When it ended: declined, withdrawn or reversed.
    pub ended_at: Option<DateTime<Utc>>,
}

impl Listed for ChargeView {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "rma",
        "line",
        "serial_number",
        "part_number",
        "state",
        "reason",
        "proof",
        "amount",
        "currency",
        "proposed_at",
        "proposed_by",
        "decided_at",
        "decided_by",
        "decision",
        "ended_at",
    ];
    fn key(&self) -> String {
        self.id.clone()
    }
}

/// A unit that is overdue.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CandidateView {
    /// Its place in the list.
    pub id: String,
    /// The RMA.
    pub rma: String,
    /// Its line.
    pub line: i32,
    /// The appliance.
    pub serial_number: String,
    /// The component.
    pub part_number: String,
    /// True if a charge can be proposed now.
    pub proposable: bool,
    /// Every reason why not.
    pub obstacles: Vec<ReasonView>,
}

impl Listed for CandidateView {
    const COLUMNS: &'static [&'static str] = &["id", "rma", "line", "serial_number", "part_number", "proposable", "obstacles"];
    fn key(&self) -> String {
        self.id.clone()
    }
}

fn view((charge, about): Charged) -> ChargeView {
    ChargeView {
        id: charge.id.to_string(),
        rma: number(about.rma),
        line: about.line,
        serial_number: about.serial_number,
        part_number: about.part_number,
        state: charge.state.0.to_string(),
        reason: charge.reason,
        proof: charge.proof.0.to_string(),
        amount: charge.amount,
        currency: charge.currency,
        proposed_at: shown(charge.proposed_at),
        proposed_by: charge.proposed_by,
        decided_at: charge.decided_at.map(shown),
        decided_by: charge.decided_by,
        decision: charge.decision,
        ended_at: charge.ended_at.map(shown),
    }
}

fn candidate(found: Candidate) -> CandidateView {
    let reason = |r: Refusal| ReasonView { code: r.code.to_owned(), rule: r.rule.unwrap_or_default().to_owned(), detail: r.detail };
    CandidateView {
        id: found.id.to_string(),
        rma: number(found.about.rma),
        line: found.about.line,
        serial_number: found.about.serial_number,
        part_number: found.about.part_number,
        proposable: found.obstacles.is_empty(),
        obstacles: found.obstacles.into_iter().map(reason).collect(),
    }
}

/// Amount and currency come together.
fn money(amount: Option<&str>, currency: Option<&str>) -> Result<Option<Money>, Problem> {
    let fault = |refusal: Refusal| {
        let field = refusal.field.clone().unwrap_or_default();
        Problem::invalid(vec![FieldError::new(&field, refusal.code, refusal.detail)])
    };
    let missing = |field: &str| Problem::invalid(vec![FieldError::new(field, "required", "amount and currency come together")]);
    match (amount, currency) {
        (None, None) => Ok(None),
        (Some(_), None) => Err(missing("/currency")),
        (None, Some(_)) => Err(missing("/amount")),
        (Some(amount), Some(currency)) => Money::parse(amount, currency).map(Some).map_err(fault),
    }
}

fn id(raw: &str) -> Result<Id, Problem> {
    Id::parse(raw).ok_or_else(|| Problem::not_found("charge"))
}

/// Lists charges, oldest first.
#[utoipa::path(tag = "returns", operation_id = "list_charges", params(
    ("state" = Option<String>, Query, description = "Only in this state"), ("rma" = Option<String>, Query, description = "Only of this RMA"),
    ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page; all pages as CSV with `Accept: text/csv`", body = ListBody<ChargeView>),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/charges")]
pub async fn list(call: Call) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ReadCatalog)?;
    let query = call.list_query(&["state", "rma"])?;
    let rma = query.get("rma", RmaNumber::parse)?.map(RmaNumber::serial);
    let filter = Filter { id: None, rma, state: query.get("state", word)? };
    lists::answer_by(&call, &query, Id::parse, move |conn, _, after, limit| Ok(charges::page(conn, &filter, after, limit)?.map(view))).await
}

/// Lists the units that are overdue, each with every reason why it can't be charged for yet.
#[utoipa::path(tag = "returns", operation_id = "list_charge_candidates", params(
    ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page; all pages as CSV with `Accept: text/csv`", body = ListBody<CandidateView>),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/charges/candidates")]
pub async fn list_candidates(call: Call) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ReadCatalog)?;
    let query = call.list_query(&[])?;
    lists::answer_by(&call, &query, Id::parse, move |conn, ctx, after, limit| {
        Ok(charge_unit::candidates(conn, ctx, after, limit)?.map(candidate))
    })
    .await
}

/// Shows a charge.
#[utoipa::path(tag = "returns", operation_id = "show_charge", params(("id" = String, Path)),
    responses((status = 200, description = "The charge", body = ChargeView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/charges/{id}")]
pub async fn show(call: Call, raw: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ReadCatalog)?;
    let id = id(&raw)?;
    Ok(Success::Ok.answer().json(call.read(move |conn, _| Ok(view(charge_unit::find(conn, id)?))).await?))
}

/// Proposes a charge for a line whose unit never came back (P4.6); refused with every reason.
#[utoipa::path(tag = "returns", operation_id = "propose_charge", params(("number" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = ChargeBody, responses((status = 201, description = "Proposed", body = ChargeView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/rmas/{number}/charges")]
pub async fn propose(call: Call, raw: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::HandleRmas)?;
    let number = rmas::number(&raw)?;
    let body: ChargeBody = call.body()?;
    let money = money(body.amount.as_deref(), body.currency.as_deref())?;
    let ask = charge_unit::Ask { line: body.line, reason: body.reason, money };
    call.write(move |conn, ctx| {
        let charge = view(charge_unit::propose(conn, ctx, number, &ask)?);
        Ok(Reply::created(format!("/api/v1/charges/{}", charge.id), charge))
    })
    .await
}

/// Confirms a charge: the customer keeps the unit, is charged, and is told. Refused where something has changed since.
#[utoipa::path(tag = "returns", operation_id = "confirm_charge", params(("id" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = ConfirmBody, responses((status = 200, description = "As it is then", body = ChargeView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/charges/{id}/confirm")]
pub async fn confirm(call: Call, raw: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::HandleRmas)?;
    let id = id(&raw)?;
    let body: ConfirmBody = call.body()?;
    let money = money(body.amount.as_deref(), body.currency.as_deref())?;
    call.write(move |conn, ctx| Ok(Reply::ok(view(charge_unit::confirm(conn, ctx, id, money.as_ref())?)))).await
}

/// Declines a charge.
#[utoipa::path(tag = "returns", operation_id = "decline_charge", params(("id" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = DeclineBody, responses((status = 200, description = "As it is then", body = ChargeView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/charges/{id}/decline")]
pub async fn decline(call: Call, raw: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::HandleRmas)?;
    let id = id(&raw)?;
    let body: DeclineBody = call.body()?;
    call.write(move |conn, ctx| Ok(Reply::ok(view(charge_unit::decline(conn, ctx, id, &body.reason)?)))).await
}
