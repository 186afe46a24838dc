//! `/people`: who may sign in. Passwords, second factors and links are their own business: nothing of them is shown or set here.

use super::body::Faults;
use super::call::{Call, Reply};
use super::crud::shown;
use super::fields::Zone;
use super::lists::{self, ListBody, Listed};
use super::moves::EmptyBody;
use super::problem::{Problem, ProblemBody, Success};
use super::query;
use crate::actions::disable_person::disable_person;
use crate::actions::invite_person::{Ask, Way, invite_person};
use crate::actions::reset_person::reset_person;
use crate::actions::{ActionError, Done};
use crate::rules::role::{Permission, Role};
use crate::rules::text::{Code, Email, Line};
use crate::store::people::{self, Named};
use crate::store::sessions::{self, Session};
use crate::store::{Conn, Id};
use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Utc};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// A person, as they are invited.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct PersonBody {
    /// They sign in with it, and the invitation goes there. One account an address, however it is written.
    #[schema(value_type = String, example = "ana.ruiz@example.com")]
    email: Email,
    /// Their name.
    #[schema(value_type = String, example = "Ana Ruiz")]
    name: Line,
    /// `admin`, `operations`, `support`, `customer` or `auditor`. Couriers have links and don't sign in.
    #[schema(value_type = String, example = "customer")]
    role: Role,
    /// Code of the organization: for customers, and only for them.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "HARBOR")]
    organization: Option<Code>,
    /// True for a customer who may invite colleagues of the organization.
    #[deserr(default)]
    #[schema(required = false, default = false)]
    administrator: bool,
    /// IANA time zone that pages are shown in; UTC where none is given.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "America/New_York")]
    zone: Option<Zone>,
}

/// A person.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the members of PersonBody, and how they stand")]
pub struct PersonView {
    pub id: String,
    pub email: String,
    pub name: String,
    pub role: String,
    pub organization: Option<String>,
    pub administrator: bool,
    pub zone: String,
    /// `invited`, `active` or `disabled`.
    pub state: String,
    /// True where a second factor is asked for.
    pub second_factor: bool,
    pub created_at: DateTime<Utc>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub disabled_at: Option<DateTime<Utc>>,
}

impl From<Named> for PersonView {
    fn from(Named { person, organization }: Named) -> Self {
        let state = match (person.disabled_at, person.confirmed_at) {
            (Some(_), _) => "disabled",
            (None, None) => "invited",
            (None, Some(_)) => "active",
        };
        Self {
            second_factor: person.has_factor(),
            id: person.id.to_string(),
            email: person.email,
            name: person.name,
            role: person.role.0.to_string(),
            organization,
            administrator: person.administrator,
            zone: person.zone,
            state: state.to_owned(),
            created_at: shown(person.created_at),
            confirmed_at: person.confirmed_at.map(shown),
            disabled_at: person.disabled_at.map(shown),
        }
    }
}

impl Listed for PersonView {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "email",
        "name",
        "role",
        "organization",
        "administrator",
        "zone",
        "state",
        "second_factor",
        "created_at",
        "confirmed_at",
        "disabled_at",
    ];
    fn key(&self) -> String {
        self.id.clone()
    }
}

/// A session of a browser.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the names say it")]
pub struct SessionView {
    pub id: String,
    /// `full`; `code` and `enroll` where the second factor is still to come.
    pub stage: String,
    /// What the browser calls itself.
    pub user_agent: String,
    pub created_at: DateTime<Utc>,
    pub seen_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// The sessions of a person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SessionsView {
    /// Those that were not ended and have not expired, the newest first; at most 200.
    pub items: Vec<SessionView>,
}

impl From<Session> for SessionView {
    fn from(session: Session) -> Self {
        Self {
            id: session.id.to_string(),
            stage: session.stage.0.to_string(),
            user_agent: session.user_agent,
            created_at: shown(session.created_at),
            seen_at: shown(session.seen_at),
            expires_at: shown(session.expires_at),
        }
    }
}

fn load(conn: &mut Conn, id: Id) -> Done<PersonView> {
    people::page(conn, Some(id), None, None, 1)?.rows.pop().map(Into::into).ok_or(ActionError::NotFound("person"))
}

fn id_of(path: &str) -> Result<Id, Problem> {
    Id::parse(path).ok_or_else(|| Problem::not_found("person"))
}

/// Lists people, oldest first, disabled ones too.
#[utoipa::path(tag = "people", operation_id = "list_people", params(
    ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page; all pages as CSV with `Accept: text/csv`", body = ListBody<PersonView>),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/people")]
pub async fn list(call: Call) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ManagePeople)?;
    let query = call.list_query(&[])?;
    if query.cursor()?.is_some_and(|key| Id::parse(&key).is_none()) {
        return Err(query::bad_cursor());
    }
    lists::answer(&call, &query, |conn, _, after, limit| {
        Ok(people::page(conn, None, None, after.and_then(Id::parse), limit)?.map(PersonView::from))
    })
    .await
}

/// Invites a person: the account is made, and a letter with a link is promised.
#[utoipa::path(tag = "people", operation_id = "invite_person", params(
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = PersonBody,
    responses((status = 201, description = "Invited", body = PersonView, headers(("Location" = String))),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/people")]
pub async fn invite(call: Call) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ManagePeople)?;
    let PersonBody { email, name, role, organization, administrator, zone }: PersonBody = call.body()?;
    let zone = zone.map_or(chrono_tz::Tz::UTC, |zone| zone.0);
    let ask = Ask { email, name, role, organization, administrator, zone };
    call.write(move |conn, ctx| {
        let (person, _) = invite_person(conn, ctx, &ask, Way::Letter)?;
        Ok(Reply::created(format!("/api/v1/people/{}", person.id), load(conn, person.id)?))
    })
    .await
}

/// Shows a person.
#[utoipa::path(tag = "people", operation_id = "show_person", params(("id" = String, Path)),
    responses((status = 200, description = "As it is now", body = PersonView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/people/{id}")]
pub async fn show(call: Call, id: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ManagePeople)?;
    call.query(&[])?;
    let id = id_of(&id)?;
    Ok(Success::Ok.answer().json(call.read(move |conn, _| load(conn, id)).await?))
}

/// Shows where a person is signed in.
#[utoipa::path(tag = "people", operation_id = "list_sessions", params(("id" = String, Path)),
    responses((status = 200, description = "As it is now", body = SessionsView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/people/{id}/sessions")]
pub async fn list_sessions(call: Call, id: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ManagePeople)?;
    call.query(&[])?;
    let id = id_of(&id)?;
    let all = call.read(move |conn, ctx| {
        people::get(conn, id)?.ok_or(ActionError::NotFound("person"))?;
        Ok(sessions::of_person(conn, id, ctx.ts())?)
    });
    Ok(Success::Ok.answer().json(SessionsView { items: all.await?.into_iter().map(Into::into).collect() }))
}

/// Keeps a person out: sessions end and links are used up at once. Done again, it stays so.
#[utoipa::path(tag = "people", operation_id = "disable_person", params(("id" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = EmptyBody, responses((status = 200, description = "As it is then", body = PersonView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/people/{id}/disable")]
pub async fn disable(call: Call, id: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ManagePeople)?;
    call.body::<EmptyBody>()?;
    let id = id_of(&id)?;
    call.write(move |conn, ctx| {
        disable_person(conn, ctx, id)?;
        Ok(Reply::ok(load(conn, id)?))
    })
    .await
}

/// Takes password and second factor away, ends every session, and promises a letter with a new link.
#[utoipa::path(tag = "people", operation_id = "reset_person", params(("id" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = EmptyBody, responses((status = 200, description = "As it is then", body = PersonView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/people/{id}/reset")]
pub async fn reset(call: Call, id: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ManagePeople)?;
    call.body::<EmptyBody>()?;
    let id = id_of(&id)?;
    call.write(move |conn, ctx| {
        reset_person(conn, ctx, id, Way::Letter)?;
        Ok(Reply::ok(load(conn, id)?))
    })
    .await
}
