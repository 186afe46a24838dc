//! `/people`: accounts of others. Administrators see everybody; a customer's administrator sees and invites colleagues.

use super::{again, fault, ok, refused};
use crate::actions::ActionError;
use crate::actions::disable_person::disable_person;
use crate::actions::invite_person::{Ask, Way, invite_person};
use crate::actions::reset_person::reset_person;
use crate::http::problem::Problem;
use crate::mail::words;
use crate::rules::role::Role;
use crate::rules::term::Term;
use crate::rules::text::{Code, Email, Line};
use crate::store::people::{self, Named};
use crate::store::{Id, organizations};
use crate::web::house::{self, Frame, html};
use crate::web::member::{Member, encoded};
use crate::web::posted::Posted;
use actix_web::web::Query;
use actix_web::{HttpResponse, HttpResponseBuilder, get, post};
use askama::Template;
use std::collections::HashMap;

/// People on a page.
const LIMIT: i64 = 50;

struct PersonView {
    id: String,
    name: String,
    email: String,
    role: &'static str,
    organization: String,
    state: &'static str,
    /// True for who is not disabled and somebody else.
    can_change: bool,
}

#[derive(Template)]
#[template(path = "house_people.html")]
struct People {
    p: Frame,
    people: Vec<PersonView>,
    more: Option<String>,
    /// What may be chosen; a customer's administrator chooses nothing.
    roles: Vec<(&'static str, &'static str)>,
    entered: Entered,
}

/// What was entered, shown again.
#[derive(Default)]
struct Entered {
    name: String,
    email: String,
    role: String,
    organization: String,
}

fn allow(member: &Member) -> Result<(), Problem> {
    match member.may_invite() {
        true => Ok(()),
        false => Err(Problem::denied("forbidden", "this account may not see others")),
    }
}

fn view(member: &Member, Named { person, organization }: Named) -> PersonView {
    let state = match (person.disabled_at, person.confirmed_at) {
        (Some(_), _) => "Disabled",
        (None, None) => "Invited",
        (None, Some(_)) => "Active",
    };
    PersonView {
        can_change: person.disabled_at.is_none() && person.id != member.person.id,
        id: person.id.to_string(),
        name: words::line(&person.name),
        email: words::line(&person.email),
        role: match (person.role.0, person.administrator) {
            (Role::Customer, true) => "Customer administrator",
            (role, _) => house::role(role),
        },
        organization: organization.unwrap_or_default(),
        state,
    }
}

type Parameters = Result<Query<HashMap<String, String>>, actix_web::Error>;

/// The list, and the form for one more.
#[get("")]
pub async fn show(member: Member, parameters: Parameters) -> HttpResponse {
    let parameters = parameters.map(Query::into_inner).unwrap_or_default();
    let p = Frame::of(&member, "People", "/people");
    let p = match parameters.get("done").map(String::as_str) {
        Some("invited") => p.said("The invitation is on its way."),
        Some("disabled") => p.said("The account is disabled, and every session of it has ended."),
        Some("reset") => p.said("A letter with a new link is on its way; the old password is of no use any more."),
        _ => p,
    };
    let after = parameters.get("after").and_then(|after| Id::parse(after));
    page(&member, p, after, Entered::default(), ok()).await.unwrap_or_else(|problem| member.failed(&problem))
}

async fn page(
    member: &Member,
    p: Frame,
    after: Option<Id>,
    entered: Entered,
    status: HttpResponseBuilder,
) -> Result<HttpResponse, Problem> {
    allow(member)?;
    let organization = member.organization;
    let read = member.shared.db.read(move |conn| people::page(conn, None, organization, after, LIMIT)).await?;
    let last = read.rows.last().map(|named| named.person.id.to_string()).filter(|_| read.more);
    let roles = Role::ALL.iter().copied().filter(|role| *role != Role::Courier);
    let page = People {
        p,
        people: read.rows.into_iter().map(|named| view(member, named)).collect(),
        more: last.map(|id| format!("/people?after={}", encoded(&id))),
        roles: roles.filter(|_| organization.is_none()).map(|role| (role.as_str(), house::role(role))).collect(),
        entered,
    };
    Ok(html(&page, status))
}

/// Invites somebody.
#[post("")]
pub async fn invite(member: Member, posted: Posted) -> HttpResponse {
    invited(&member, &posted).await.unwrap_or_else(|problem| member.failed(&problem))
}

async fn invited(member: &Member, posted: &Posted) -> Result<HttpResponse, Problem> {
    allow(member)?;
    let own = member.organization;
    let own = match own {
        Some(id) => member.shared.db.read(move |conn| organizations::get(conn, id)).await?.map(|stand| stand.record.code),
        None => None,
    };
    let said = match read(posted, own) {
        Ok(ask) => {
            let ctx = member.context();
            match member.shared.db.write(move |conn| invite_person(conn, &ctx, &ask, Way::Letter).map(drop)).await {
                Ok(()) => return Ok(house::go("/people?done=invited", &[])),
                Err(ActionError::Exists(_)) => "This address can't be invited: it has an account already.".to_owned(),
                Err(error) => refused(error)?,
            }
        }
        Err(said) => said,
    };
    let text = |name: &str| posted.text(name).to_owned();
    let entered = Entered { name: text("name"), email: text("email"), role: text("role"), organization: text("organization") };
    page(member, Frame::of(member, "People", "/people").error(said), None, entered, again()).await
}

fn read(posted: &Posted, own: Option<Code>) -> Result<Ask, String> {
    let customer = own.is_some();
    let organization = match (own, posted.text("organization").trim()) {
        (Some(own), _) => Some(own),
        (None, "") => None,
        (None, code) => Some(Code::parse(code).map_err(|f| fault("The organization", &f))?),
    };
    let role = match customer {
        true => Role::Customer,
        false => Role::parse(posted.text("role")).ok_or("Choose a role.")?,
    };
    Ok(Ask {
        email: Email::parse(posted.text("email")).map_err(|f| fault("The email address", &f))?,
        name: Line::parse(posted.text("name")).map_err(|f| fault("The name", &f))?,
        role,
        organization,
        administrator: posted.ticked("administrator"),
        zone: chrono_tz::Tz::UTC,
    })
}

/// Keeps somebody out.
#[post("/disable")]
pub async fn disable(member: Member, posted: Posted) -> HttpResponse {
    changed(&member, &posted, "disabled").await.unwrap_or_else(|problem| member.failed(&problem))
}

/// Helps somebody who can't enter.
#[post("/reset")]
pub async fn reset(member: Member, posted: Posted) -> HttpResponse {
    changed(&member, &posted, "reset").await.unwrap_or_else(|problem| member.failed(&problem))
}

async fn changed(member: &Member, posted: &Posted, what: &'static str) -> Result<HttpResponse, Problem> {
    allow(member)?;
    let id = Id::parse(posted.text("person")).ok_or_else(|| Problem::not_found("person"))?;
    let ctx = member.context();
    let done = member.shared.db.write(move |conn| match what {
        "disabled" => disable_person(conn, &ctx, id).map(drop),
        _ => reset_person(conn, &ctx, id, Way::Letter).map(drop),
    });
    match done.await {
        Ok(()) => Ok(house::go(&format!("/people?done={what}"), &[])),
        Err(error @ ActionError::Refused(_)) => {
            let said = refused(error)?;
            page(member, Frame::of(member, "People", "/people").error(said), None, Entered::default(), again()).await
        }
        Err(error) => Err(error.into()),
    }
}
