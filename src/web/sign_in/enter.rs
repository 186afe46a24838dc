//! `/sign-in`: by address and password, or by asking for a link; and the way out.

use super::{again, answer, frame, let_in, ok};
use crate::actions::ActionError;
use crate::actions::ask_sign_in_link::ask_sign_in_link;
use crate::actions::end_session::end_session;
use crate::actions::person::Entrance;
use crate::actions::sign_in::{Try, begin_sign_in, sign_in};
use crate::http::problem::Problem;
use crate::mail::links::Links;
use crate::rules::sign_in::{Stage, next};
use crate::web::house::{self, Frame, html};
use crate::web::member::{FORM, Member, SESSION, Visitor, page_of};
use crate::web::posted::Posted;
use actix_web::web::Query;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use std::collections::HashMap;
use std::time::Duration;

/// The one answer to everything that doesn't let somebody in.
const NO: &str = "That didn't work. Either address and password don't belong together, or there were too many tries: then wait a quarter of an hour, or ask for a link.";
/// How long asking for a link takes: for a known address there is a letter to write, for an unknown one nothing.
const ASKING: Duration = Duration::from_millis(250);
/// Longest address that is looked for.
const EMAIL_MOST: usize = 254;

#[derive(Template)]
#[template(path = "house_sign_in.html")]
struct SignIn {
    p: Frame,
    email: String,
    next: String,
    links: bool,
}

#[derive(Template)]
#[template(path = "house_ask.html")]
struct Ask {
    p: Frame,
}

type Parameters = Result<Query<HashMap<String, String>>, actix_web::Error>;

/// Where the parameters say that somebody wants to go.
pub(super) fn wanted(parameters: &Parameters) -> String {
    let asked = parameters.as_ref().ok().and_then(|all| all.get("next"));
    next(asked.map_or("", String::as_str)).to_owned()
}

fn links(visitor: &Visitor) -> bool {
    matches!(visitor.shared.sender.links, Links::Live { .. })
}

/// The form.
#[get("")]
pub async fn show(visitor: Visitor, parameters: Parameters) -> HttpResponse {
    let next = wanted(&parameters);
    if let Some((session, _)) = &visitor.session {
        let to = if session.stage.0 == Stage::Full { &next } else { page_of(session.stage.0) };
        return house::go(to, &[]);
    }
    let page = SignIn { p: frame(&visitor, "Sign in"), email: String::new(), next, links: links(&visitor) };
    html(&page, answer(&visitor, ok()))
}

/// Lets somebody in, or doesn't and says as little as possible.
#[post("")]
pub async fn act(visitor: Visitor, posted: Posted) -> HttpResponse {
    let next = next(posted.text("next")).to_owned();
    match entered(&visitor, &posted).await {
        Ok(Some((session, entrance))) => let_in(&visitor.shared, &session, &entrance, &next),
        Ok(None) => {
            let email = posted.text("email").chars().take(EMAIL_MOST).collect();
            let page = SignIn { p: frame(&visitor, "Sign in").error(NO), email, next, links: links(&visitor) };
            html(&page, answer(&visitor, again()))
        }
        Err(problem) => house::failed(&visitor.shared, &problem),
    }
}

async fn entered(visitor: &Visitor, posted: &Posted) -> Result<Option<(crate::store::sessions::Session, Entrance)>, Problem> {
    let (db, door) = (&visitor.shared.db, &visitor.shared.door);
    let (ctx, address) = (visitor.context(), visitor.address.clone());
    let email: String = posted.text("email").chars().take(EMAIL_MOST).collect();
    let tried = db.write(move |conn| begin_sign_in(conn, &ctx, &email, &address)).await?;
    let Try::Open(person) = tried else { return Ok(None) };
    // Compared even where there is nobody, so that it takes the same time.
    let hash = person.as_ref().and_then(|person| person.password_hash.clone());
    let right = door.is_password(posted.text("password").to_owned(), hash).await?;
    let Some(person) = person.filter(|_| right) else { return Ok(None) };
    let entrance = visitor.entrance();
    let (ctx, new) = (visitor.context(), entrance.clone());
    match db.write(move |conn| sign_in(conn, &ctx, &person, &new)).await {
        Ok(session) => Ok(Some((session, entrance))),
        Err(ActionError::NotFound(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The form that asks for a link.
#[get("/ask")]
pub async fn show_ask(visitor: Visitor) -> HttpResponse {
    html(&Ask { p: frame(&visitor, "A link to sign in") }, answer(&visitor, ok()))
}

/// Promises a link, or doesn't: the page is the same.
#[post("/ask")]
pub async fn ask(visitor: Visitor, posted: Posted) -> HttpResponse {
    let (ctx, address) = (visitor.context(), visitor.address.clone());
    let email: String = posted.text("email").chars().take(EMAIL_MOST).collect();
    let asked = visitor.shared.db.write(move |conn| ask_sign_in_link(conn, &ctx, &email, &address));
    let (asked, ()) = tokio::join!(asked, tokio::time::sleep(ASKING));
    match asked {
        Ok(()) => {
            let lines = [
                "If the address has an account, a letter with a link is on its way. It works once, and not for long.",
                "Nothing there after a few minutes? Look into the spam folder, then ask again.",
            ];
            house::note(frame(&visitor, "Look into your mail"), &lines, None, answer(&visitor, ok()))
        }
        Err(error) => house::failed(&visitor.shared, &error.into()),
    }
}

/// Ends the session, whether or not it still held.
#[post("")]
pub async fn sign_out(member: Member, _posted: Posted) -> HttpResponse {
    let (ctx, person, id) = (member.context(), member.person.clone(), member.session.id);
    let ended = member.shared.db.write(move |conn| end_session(conn, &ctx, &person, id)).await;
    match ended {
        Ok(()) | Err(ActionError::NotFound(_)) => {
            let door = &member.shared.door;
            house::go("/sign-in", &[door.set_cookie(SESSION, ""), door.set_cookie(FORM, "")])
        }
        Err(error) => member.failed(&error.into()),
    }
}
