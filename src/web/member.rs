//! Who is at the browser. [`Member`] is for pages behind the sign-in: it turns everybody else away before a handler begins.

use super::house;
use crate::actions::person::{Entrance, actor};
use crate::actions::{Context, Scope};
use crate::http::problem::Problem;
use crate::http::{Shared, finish};
use crate::rules::role::{Permission, Role};
use crate::rules::sign_in::{SEEN_EVERY, Stage, ages, is_alive};
use crate::store::people::Person;
use crate::store::sessions::{self, Session};
use crate::store::{Id, StoreError};
use actix_web::dev::Payload;
use actix_web::error::InternalError;
use actix_web::http::Method;
use actix_web::http::header::USER_AGENT;
use actix_web::web::Data;
use actix_web::{Error, FromRequest, HttpRequest, HttpResponse};
use chrono_tz::Tz;
use futures_util::future::LocalBoxFuture;
use std::sync::Arc;

/// The cookie of a session.
pub const SESSION: &str = "swapline";
/// The cookie that binds forms before there is a session.
pub const FORM: &str = "swaplineform";

/// Somebody at a browser, signed in, halfway in, or not at all.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// What every request can reach.
    pub shared: Shared,
    /// The session and whose it is, if it holds.
    pub session: Option<(Session, Person)>,
    /// What forms are bound to, and whether the browser has it already.
    cookie: (String, bool),
    /// From where.
    pub address: String,
    /// What the browser calls itself.
    pub user_agent: String,
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Member {
    /// What every request can reach.
    pub shared: Shared,
    /// Their session.
    pub session: Session,
    /// Who they are.
    pub person: Person,
    /// What they may do.
    pub role: Role,
    /// The organization that they belong to.
    pub organization: Option<Id>,
    /// The zone that they read times in.
    pub zone: Tz,
    cookie: String,
    /// What the browser calls itself.
    pub user_agent: String,
    /// From where.
    pub address: String,
}

/// A page in place of what was asked for.
pub(super) fn turned(page: HttpResponse) -> Error {
    InternalError::from_response("turned away", page).into()
}

fn shared(request: &HttpRequest) -> Result<Shared, Error> {
    Ok(request.app_data::<Data<Shared>>().ok_or_else(|| Problem::unavailable("starting"))?.get_ref().clone())
}

/// What the forms of this browser are bound to.
pub(super) fn bound_to(shared: &Shared, request: &HttpRequest) -> Option<String> {
    let (door, headers) = (&shared.door, request.headers());
    door.cookie(headers, SESSION).or_else(|| door.cookie(headers, FORM))
}

/// The session of a cookie, if it holds; it is written when it was last seen, from time to time.
async fn session_of(shared: &Shared, cookie: &str) -> Result<Option<(Session, Person)>, StoreError> {
    let (hash, now) = (crate::actions::create_token::hash(cookie), shared.clock.now());
    let found = shared.db.read(move |conn| sessions::by_hash(conn, &hash)).await?;
    let holds = |(session, person): &(Session, Person)| {
        is_alive(ages(person.role.0, session.stage.0), session.seen_at.at(), session.expires_at.at(), now)
    };
    let Some((session, person)) = found.filter(holds) else { return Ok(None) };
    if now - session.seen_at.at() >= SEEN_EVERY {
        let id = session.id;
        // Nobody is kept from reading because there is much to write.
        if let Err(error) = shared.db.write(move |conn| sessions::touch(conn, id, now.into())).await {
            tracing::warn!(error = %error, "a session could not be kept awake");
        }
    }
    Ok(Some((session, person)))
}

impl FromRequest for Visitor {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let shared = shared(&request)?;
            let session = match shared.door.cookie(request.headers(), SESSION) {
                Some(cookie) => {
                    session_of(&shared, &cookie).await.map_err(|error| turned(house::failed(&shared, &Problem::from(error))))?
                }
                None => None,
            };
            let cookie = bound_to(&shared, &request).map_or_else(|| (fresh(), false), |cookie| (cookie, true));
            let user_agent = request.headers().get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
            Ok(Self { session, cookie, address: shared.door.address(&request), user_agent, shared })
        })
    }
}

/// The value of a cookie that forms are bound to.
fn fresh() -> String {
    let bits: [u8; 16] = rand::random();
    crate::actions::create_token::hex(&bits)
}

impl Visitor {
    /// What a form of this page sends back.
    pub fn form(&self) -> String {
        self.shared.door.signer.page(&self.cookie.0)
    }
    /// The cookie that the forms are bound to, where the browser has none yet.
    pub fn new_cookie(&self) -> Option<String> {
        (!self.cookie.1).then(|| self.shared.door.set_cookie(FORM, &self.cookie.0))
    }
    /// The circumstances of what is done before anybody is signed in.
    pub fn context(&self) -> Context {
        Context {
            actor: crate::actions::Actor { name: "visitor".to_owned(), role: Role::Customer, scope: Scope::Everything },
            now: self.shared.clock.now(),
            reference: Arc::clone(&self.shared.reference),
            request_id: Some(finish::request_id()),
        }
    }
    /// For letting this browser in, in place of whatever session it had.
    pub fn entrance(&self) -> Entrance {
        let entrance = Entrance::new(&self.user_agent).staff_needs_factor(self.shared.door.staff_needs_factor());
        entrance.replacing(self.session.as_ref().map(|(session, _)| session.id))
    }
    /// The session of somebody who is at this step of signing in.
    pub fn at(&self, stage: Stage) -> Option<&(Session, Person)> {
        self.session.as_ref().filter(|(session, _)| session.stage.0 == stage)
    }
}

/// The page on which somebody at this step goes on.
pub(super) fn page_of(stage: Stage) -> &'static str {
    match stage {
        Stage::Code => "/sign-in/code",
        Stage::Enroll => "/sign-in/second-factor",
        Stage::Full => "/account",
    }
}

impl FromRequest for Member {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, visitor) = (request.clone(), Visitor::from_request(request, payload));
        Box::pin(async move {
            let visitor = visitor.await?;
            let Some((session, person)) = visitor.session else { return Err(turned(to_sign_in(&request))) };
            if session.stage.0 != Stage::Full {
                return Err(turned(house::go(page_of(session.stage.0), &[])));
            }
            tracing::Span::current().record("actor", actor(&person).name.as_str());
            Ok(Self {
                role: person.role.0,
                organization: person.organization_id,
                zone: person.zone.parse().unwrap_or(Tz::UTC),
                cookie: visitor.cookie.0,
                shared: visitor.shared,
                user_agent: visitor.user_agent,
                address: visitor.address,
                session,
                person,
            })
        })
    }
}

/// To the sign-in, and back to this page afterwards; what a form sent is not sent again.
fn to_sign_in(request: &HttpRequest) -> HttpResponse {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let next = (request.method() == Method::GET).then(|| crate::rules::sign_in::next(path));
    house::go(&next.map_or_else(|| "/sign-in".to_owned(), |next| format!("/sign-in?next={}", encoded(next))), &[])
}

/// A text as the value of a parameter.
pub(super) fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

impl Member {
    /// What the forms of a page send back.
    pub fn form(&self) -> String {
        self.shared.door.signer.page(&self.cookie)
    }
    /// The circumstances of what they do: the audit names them.
    pub fn context(&self) -> Context {
        Context {
            actor: actor(&self.person),
            now: self.shared.clock.now(),
            reference: Arc::clone(&self.shared.reference),
            request_id: Some(finish::request_id()),
        }
    }
    /// Turns a role away that may not.
    pub fn allow(&self, permission: Permission) -> Result<(), Problem> {
        match self.role.may(permission) {
            true => Ok(()),
            false => Err(Problem::denied("forbidden", "this account may not do this")),
        }
    }
    /// True for who may make accounts for others: administrators, and of customers those who administer their organization.
    pub fn may_invite(&self) -> bool {
        self.role.may(Permission::ManagePeople) || self.person.administrator
    }
    /// A page in place of a problem.
    pub fn failed(&self, problem: &Problem) -> HttpResponse {
        house::failed(&self.shared, problem)
    }
}
