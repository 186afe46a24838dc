//! `/tokens`: who may ask. A secret is shown once, in the answer that made it, and is kept nowhere.

use super::body::Faults;
use super::call::{Call, Reply};
use super::crud::shown;
use super::lists::{self, ListBody, Listed};
use super::problem::{Problem, ProblemBody, Success};
use super::query;
use crate::actions::create_token::{Ask, create_token, hash, secret};
use crate::actions::revoke_token::revoke_token;
use crate::actions::{ActionError, Done};
use crate::rules::role::{Permission, Role};
use crate::rules::text::{Code, Line};
use crate::store::tokens::{self, Named};
use crate::store::{Conn, Id, StoreError};
use actix_web::body::BoxBody;
use actix_web::web::Path;
use actix_web::{HttpResponse, delete, get, post};
use chrono::{DateTime, Utc};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// A token, as it is asked for.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct TokenBody {
    /// What it is for; the audit names it.
    #[schema(value_type = String, example = "operations desk")]
    label: Line,
    /// `admin`, `operations`, `support`, `customer`, `courier` or `auditor`.
    #[schema(value_type = String, example = "operations")]
    role: Role,
    /// Code of the organization: for customers, and only for them.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "HARBOR")]
    organization: Option<Code>,
    /// Code of the courier: for couriers, and only for them.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "SWIFT-MIA")]
    courier: Option<Code>,
}

/// A token, as it is shown: without its secret.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the members of TokenBody, and when")]
pub struct TokenView {
    pub id: String,
    pub label: String,
    pub role: String,
    pub organization: Option<String>,
    pub courier: Option<String>,
    pub created_at: DateTime<Utc>,
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A token that was made.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NewTokenView {
    /// The secret for the `Authorization` header. Only this answer has it: null in a rehearsal, and where an
    /// `Idempotency-Key` is repeated.
    #[schema(example = "swl_…")]
    pub token: Option<String>,
    /// The token.
    #[serde(flatten)]
    pub view: TokenView,
}

impl From<Named> for TokenView {
    fn from(Named { token, organization, courier }: Named) -> Self {
        Self {
            id: token.id.to_string(),
            label: token.label,
            role: token.role.0.to_string(),
            organization,
            courier,
            created_at: shown(token.created_at),
            revoked_at: token.revoked_at.map(shown),
        }
    }
}

impl Listed for TokenView {
    const COLUMNS: &'static [&'static str] = &["id", "label", "role", "organization", "courier", "created_at", "revoked_at"];
    fn key(&self) -> String {
        self.id.clone()
    }
}

fn load(conn: &mut Conn, id: Id) -> Done<TokenView> {
    tokens::page(conn, Some(id), None, 1)?.rows.pop().map(Into::into).ok_or(ActionError::NotFound("token"))
}

/// Lists tokens, oldest first, revoked ones too.
#[utoipa::path(tag = "tokens", operation_id = "list_tokens", params(
    ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page; all pages as CSV with `Accept: text/csv`", body = ListBody<TokenView>),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/tokens")]
pub async fn list(call: Call) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ManageTokens)?;
    let query = call.list_query(&[])?;
    if query.cursor()?.is_some_and(|key| Id::parse(&key).is_none()) {
        return Err(query::bad_cursor());
    }
    lists::answer(&call, &query, |conn, _, after, limit| {
        Ok(tokens::page(conn, None, after.and_then(Id::parse), limit)?.map(TokenView::from))
    })
    .await
}

/// Makes a token. Its secret is in this answer and nowhere else.
#[utoipa::path(tag = "tokens", operation_id = "add_token", params(
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key makes no second token; its answer has no secret"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given, without a secret; nothing is stored")),
    request_body = TokenBody,
    responses((status = 201, description = "Made", body = NewTokenView, headers(("Location" = String))),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/tokens")]
pub async fn add(call: Call) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ManageTokens)?;
    let TokenBody { label, role, organization, courier }: TokenBody = call.body()?;
    let ask = Ask { label, role, organization, courier };
    let secret = secret();
    let hash = hash(&secret);
    let stored = secret.clone();
    // The answer is kept with its idempotency key, so the secret is not in it yet.
    let answer = call.write(move |conn, ctx| {
        let token = create_token(conn, ctx, &ask, &stored)?;
        let view = NewTokenView { token: None, view: load(conn, token.id)? };
        Ok(Reply::created(format!("/api/v1/tokens/{}", token.id), view))
    });
    let answer = answer.await?;
    // A rehearsal, or a repetition, has stored no token of this secret.
    let made = call.read(move |conn, _| tokens::by_hash(conn, &hash)?.map(|token| load(conn, token.id)).transpose()).await?;
    let Some(view) = made else { return Ok(answer) };
    let body = serde_json::to_string(&NewTokenView { token: Some(secret), view }).map_err(|e| StoreError::Other(e.to_string()))?;
    Ok(answer.set_body(BoxBody::new(body)))
}

/// Shows a token, without its secret.
#[utoipa::path(tag = "tokens", operation_id = "show_token", params(("id" = String, Path)),
    responses((status = 200, description = "As it is now", body = TokenView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/tokens/{id}")]
pub async fn show(call: Call, id: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ManageTokens)?;
    call.query(&[])?;
    let id = Id::parse(&id).ok_or_else(|| Problem::not_found("token"))?;
    Ok(Success::Ok.answer().json(call.read(move |conn, _| load(conn, id)).await?))
}

/// Revokes a token, from its next request on; one that is revoked stays so.
#[utoipa::path(tag = "tokens", operation_id = "revoke_token",
    params(("id" = String, Path), ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is revoked")),
    responses((status = 204, description = "Revoked"),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[delete("/tokens/{id}")]
pub async fn revoke(call: Call, id: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ManageTokens)?;
    let id = Id::parse(&id).ok_or_else(|| Problem::not_found("token"))?;
    call.write(move |conn, ctx| {
        revoke_token(conn, ctx, id)?;
        Ok(Reply::<()>::gone())
    })
    .await
}
