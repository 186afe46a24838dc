//! A request as handlers see it: who asks, their body and parameters, and the ways to answer.

use super::body::{self, Faults};
use super::problem::{Problem, Success};
use super::query::Query;
use super::{Shared, finish};
use crate::actions::create_token::{hash, hex};
use crate::actions::{ActionError, Actor, Context, Done, Scope};
use crate::rules::role::{Permission, Role};
use crate::store::idempotency::{self, Answered};
use crate::store::tokens::{self, Token};
use crate::store::{Conn, Id, StoreError};
use actix_web::dev::Payload;
use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE, ETAG, IF_MATCH, LOCATION};
use actix_web::web::{Bytes, BytesMut, Data};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse};
use deserr::Deserr;
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// Longest time that a body may take.
pub(super) const BODY_TIME: Duration = Duration::from_secs(30);
/// Longest idempotency key.
const KEY_MOST: usize = 255;

/// Somebody who was let in otherwise than by a token: what lets them in puts this into the request.
#[derive(Debug, Clone)]
pub struct Asker {
    /// Who they are, and what they may do and see.
    pub actor: Actor,
    /// What their requests and their idempotency keys are counted under.
    pub id: Id,
}

/// An authenticated request.
#[derive(Debug, Clone)]
pub struct Call {
    /// What every request can reach.
    pub shared: Shared,
    actor: Actor,
    asker: Id,
    method: String,
    path: String,
    query: String,
    headers: Arc<HashMap<&'static str, String>>,
    body: Bytes,
}

/// What a write gives back.
#[derive(Debug, Clone)]
pub struct Reply<T> {
    /// How it went well.
    pub success: Success,
    /// Where the new thing is.
    pub location: Option<String>,
    /// The version, as ETag.
    pub version: Option<i32>,
    /// The body.
    pub body: Option<T>,
}

impl<T> Reply<T> {
    /// The thing as it is now.
    pub fn ok(body: T) -> Self {
        Self { success: Success::Ok, location: None, version: None, body: Some(body) }
    }
    /// A new thing.
    pub fn created(location: String, body: T) -> Self {
        Self { success: Success::Created, location: Some(location), version: None, body: Some(body) }
    }
    /// Nothing is left.
    pub fn gone() -> Self {
        Self { success: Success::NoContent, location: None, version: None, body: None }
    }
    /// With its version.
    pub fn version(self, version: i32) -> Self {
        Self { version: Some(version), ..self }
    }
}

/// The headers that handlers look at.
const HEADERS: [&str; 4] = ["accept", "idempotency-key", "if-match", "content-type"];

impl FromRequest for Call {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let shared = request.app_data::<Data<Shared>>().ok_or_else(|| Problem::unavailable("starting"))?.get_ref().clone();
            let let_in = request.extensions().get::<Asker>().cloned();
            let Asker { actor, id } = match let_in {
                Some(asker) => asker,
                None => asker(&authenticate(&request, &shared).await?),
            };
            let counted = shared.limiter.count(id);
            if let Ok(Some(standing)) | Err((standing, _)) = counted {
                request.extensions_mut().insert(standing);
            }
            counted.map_err(|(_, wait_seconds)| Problem::too_many(wait_seconds))?;
            let body = tokio::time::timeout(BODY_TIME, read(&mut payload, shared.body_bytes)).await.map_err(|_| Problem::too_slow())??;
            // Not dropped where it is no text: a key that can't be read is refused, not ignored.
            let text = |name: &'static str| request.headers().get(name).map(|v| (name, String::from_utf8_lossy(v.as_bytes()).into_owned()));
            tracing::Span::current().record("actor", actor.name.as_str());
            Ok(Self {
                actor,
                asker: id,
                method: request.method().to_string(),
                path: request.path().to_owned(),
                query: request.query_string().to_owned(),
                headers: Arc::new(HEADERS.into_iter().filter_map(text).collect()),
                body,
                shared,
            })
        })
    }
}

async fn authenticate(request: &HttpRequest, shared: &Shared) -> Result<Token, Problem> {
    let header = request.headers().get(AUTHORIZATION).and_then(|v| v.to_str().ok()).ok_or_else(Problem::unauthorized)?;
    let (scheme, secret) = header.split_once(' ').ok_or_else(Problem::unauthorized)?;
    let secret = secret.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || !secret.starts_with("swl_") || secret.len() > 200 {
        return Err(Problem::unauthorized());
    }
    let hash = hash(secret);
    let token = shared.db.read(move |conn| tokens::by_hash(conn, &hash)).await?;
    token.ok_or_else(Problem::unauthorized)
}

fn asker(token: &Token) -> Asker {
    let scope = match (token.organization_id, token.courier_id) {
        (Some(organization), _) => Scope::Organization(organization),
        (None, Some(courier)) => Scope::Courier(courier),
        (None, None) => Scope::Everything,
    };
    Asker { actor: Actor { name: format!("token:{}", token.label), role: token.role.0, scope }, id: token.id }
}

pub(super) async fn read(payload: &mut Payload, most: usize) -> Result<Bytes, Problem> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Problem::malformed("broken_body", "the body broke off"))?;
        if body.len() + chunk.len() > most {
            return Err(Problem::too_large(most));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

impl Call {
    /// Refuses a role that may not.
    pub fn allow(&self, permission: Permission) -> Result<(), Problem> {
        match self.actor.role.may(permission) {
            true => Ok(()),
            false => Err(Problem::forbidden(self.actor.role)),
        }
    }
    /// The role that asks.
    pub fn role(&self) -> Role {
        self.actor.role
    }
    /// What the asker sees.
    pub fn scope(&self) -> Scope {
        self.actor.scope
    }
    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
    /// The body in its shape; every fault is reported.
    pub fn body<T: Deserr<Faults>>(&self) -> Result<T, Problem> {
        let kind = self.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        let essence = kind.split(';').next().unwrap_or_default().trim();
        if !self.body.is_empty() && !essence.eq_ignore_ascii_case("application/json") {
            return Err(Problem::not_json());
        }
        body::parse(&self.body)
    }
    /// The parameters of a read.
    pub fn query(&self, known: &[&str]) -> Result<Query, Problem> {
        Query::parse(&self.query, known)
    }
    /// The parameters of a list: its own filters, `limit` and `cursor`.
    pub fn list_query(&self, filters: &[&str]) -> Result<Query, Problem> {
        Query::parse(&self.query, &[filters, &["limit", "cursor"]].concat())
    }
    /// The version of `If-Match`; `None` for `*`, which any version matches (RFC 9110, 13.1.1).
    pub fn if_match(&self) -> Result<Option<i32>, Problem> {
        let tag = self.header(IF_MATCH.as_str()).ok_or_else(Problem::precondition_required)?.trim();
        if tag == "*" {
            return Ok(None);
        }
        let version = tag.trim_start_matches("W/").trim_matches('"').parse();
        version.map(Some).map_err(|_| Problem::from(ActionError::Changed("resource")))
    }
    /// An `Idempotency-Key`, where a request has to have one.
    pub fn require_key(&self) -> Result<(), Problem> {
        match self.key()? {
            Some(_) => Ok(()),
            None => Err(Problem::malformed("idempotency_key_required", "this request needs the Idempotency-Key header")),
        }
    }

    fn key(&self) -> Result<Option<&str>, Problem> {
        let Some(key) = self.header("idempotency-key") else { return Ok(None) };
        let good = !key.is_empty() && key.len() <= KEY_MOST && key.chars().all(|c| c.is_ascii_graphic() || c == ' ');
        match good {
            true => Ok(Some(key)),
            false => {
                Err(Problem::malformed("bad_idempotency_key", format!("an Idempotency-Key has 1 to {KEY_MOST} printable ASCII characters")))
            }
        }
    }

    pub(super) fn context(&self) -> Context {
        Context {
            actor: self.actor.clone(),
            now: self.shared.clock.now(),
            reference: Arc::clone(&self.shared.reference),
            request_id: Some(finish::request_id()),
        }
    }

    /// Reads.
    pub async fn read<T: Send + 'static>(&self, body: impl FnOnce(&mut Conn, &Context) -> Done<T> + Send + 'static) -> Result<T, Problem> {
        let ctx = self.context();
        Ok(self.shared.db.read(move |conn| body(conn, &ctx)).await?)
    }

    /// Writes in one transaction, once per idempotency key; with `?dry_run=true` everything is undone at the end.
    pub async fn write<T: Serialize>(
        &self,
        body: impl Fn(&mut Conn, &Context) -> Done<Reply<T>> + Send + 'static,
    ) -> Result<HttpResponse, Problem> {
        let ctx = self.context();
        let rehearsal = Query::parse(&self.query, &["dry_run"])?.flag("dry_run")?;
        let key = self.key()?.filter(|_| !rehearsal);
        let claim = self.claim(key.unwrap_or_default(), &ctx);
        let (keyed, hash) = (key.is_some(), claim.request_hash.clone());
        let work = move |conn: &mut Conn| {
            if keyed && let Some(earlier) = idempotency::claim(conn, &claim)? {
                return Ok(earlier);
            }
            let answered = answered(body(conn, &ctx)?, claim.clone())?;
            if keyed {
                idempotency::answer(conn, &answered)?;
            }
            Ok::<_, ActionError>(answered)
        };
        let answered = match rehearsal {
            true => self.shared.db.rehearse(work).await?,
            false => self.shared.db.write(work).await?,
        };
        if hash != answered.request_hash {
            return Err(Problem::key_reused());
        }
        Ok(response(&answered))
    }

    fn claim(&self, key: &str, ctx: &Context) -> Answered {
        let mut hash = Sha256::new();
        for part in [self.method.as_bytes(), self.path.as_bytes(), self.query.as_bytes(), &self.body] {
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        let request_hash = hex(&hash.finalize());
        Answered {
            asker: self.asker,
            key: key.to_owned(),
            request_hash,
            status: 0,
            location: None,
            version: None,
            body: String::new(),
            created_at: ctx.ts(),
        }
    }
}

/// A reply as it is kept: the text that every repetition gets.
fn answered<T: Serialize>(reply: Reply<T>, claim: Answered) -> Result<Answered, StoreError> {
    let body = reply.body.map(|body| serde_json::to_string(&body)).transpose().map_err(|e| StoreError::Other(e.to_string()))?;
    let (status, location, version, body) = (reply.success.number(), reply.location, reply.version, body.unwrap_or_default());
    Ok(Answered { status, location, version, body, ..claim })
}

fn response(answered: &Answered) -> HttpResponse {
    let mut response = Success::of(answered.status).answer();
    if let Some(location) = &answered.location {
        response.insert_header((LOCATION, location.as_str()));
    }
    if let Some(version) = answered.version {
        response.insert_header((ETAG, etag(version)));
    }
    match answered.body.is_empty() {
        true => response.finish(),
        false => response.content_type("application/json").body(answered.body.clone()),
    }
}

/// A version as an ETag.
pub fn etag(version: impl std::fmt::Display) -> String {
    format!("\"{version}\"")
}
