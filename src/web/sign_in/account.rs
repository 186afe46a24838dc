//! `/account`: one's own password, second factor, zone and sessions.

use super::{again, fault, ok, refused};
use crate::actions::ActionError;
use crate::actions::change_account::{change_password, change_zone};
use crate::actions::end_session::{end_other_sessions, end_session};
use crate::actions::person::Entrance;
use crate::actions::sign_in::{Try, begin_sign_in};
use crate::http::problem::Problem;
use crate::mail::words;
use crate::rules::password::Password;
use crate::rules::sign_in::{Stage, ages, is_alive};
use crate::store::{Id, Ts, sessions, sign_in};
use crate::web::house::{self, Frame, html};
use crate::web::member::{Member, SESSION};
use crate::web::posted::Posted;
use actix_web::web::Query;
use actix_web::{HttpResponse, HttpResponseBuilder, get, post};
use askama::Template;
use chrono_tz::{TZ_VARIANTS, Tz};
use std::collections::HashMap;

struct SessionView {
    id: String,
    browser: String,
    since: String,
    seen: String,
    this: bool,
}

#[derive(Template)]
#[template(path = "house_account.html")]
struct Account {
    p: Frame,
    email: String,
    zone: String,
    zones: Vec<&'static str>,
    has_password: bool,
    has_factor: bool,
    recovery_left: i64,
    sessions: Vec<SessionView>,
}

/// What a parameter says that was done before the page was loaded anew.
fn done(word: &str) -> Option<&'static str> {
    Some(match word {
        "password" => "Your password is changed, and every other session has ended.",
        "zone" => "Times are shown in this zone now.",
        "ended" => "The session has ended.",
        "others" => "Every other session has ended.",
        _ => return None,
    })
}

/// The page.
#[get("")]
pub async fn show(member: Member, parameters: Result<Query<HashMap<String, String>>, actix_web::Error>) -> HttpResponse {
    let said = parameters.ok().and_then(|all| all.get("done").and_then(|word| done(word)));
    let p = Frame::of(&member, "Your account", "/account");
    let p = said.map_or(p.clone(), |said| p.said(said));
    page(&member, p, ok()).await
}

async fn page(member: &Member, p: Frame, status: HttpResponseBuilder) -> HttpResponse {
    let (id, now) = (member.person.id, Ts::from(member.shared.clock.now()));
    let read = member
        .shared
        .db
        .read(move |conn| Ok::<_, ActionError>((sessions::of_person(conn, id, now)?, sign_in::recovery_codes_left(conn, id)?)));
    let (all, recovery_left) = match read.await {
        Ok(read) => read,
        Err(error) => return member.failed(&error.into()),
    };
    let alive = all.into_iter().filter(|session| {
        let ages = ages(member.role, session.stage.0);
        session.stage.0 == Stage::Full && is_alive(ages, session.seen_at.at(), session.expires_at.at(), now.at())
    });
    let view = |session: sessions::Session| SessionView {
        this: session.id == member.session.id,
        id: session.id.to_string(),
        browser: browser(&session.user_agent),
        since: words::time(session.created_at.at(), member.zone),
        seen: words::time(session.seen_at.at(), member.zone),
    };
    let person = &member.person;
    let account = Account {
        p,
        email: words::line(&person.email),
        zone: member.zone.name().to_owned(),
        zones: TZ_VARIANTS.iter().map(|each| each.name()).filter(|name| name.contains('/') || *name == "UTC").collect(),
        has_password: person.password_hash.is_some(),
        has_factor: person.has_factor(),
        recovery_left,
        sessions: alive.map(view).collect(),
    };
    html(&account, status)
}

/// A browser's own name as people know it. The order matters: most of them call themselves by each other's names.
fn browser(agent: &str) -> String {
    let has = |word: &&(&str, &str)| agent.contains(word.0);
    let name = [("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari")];
    let system =
        [("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux")];
    let find = |list: &[(&str, &'static str)]| list.iter().find(has).map(|(_, name)| *name);
    match (find(&name), find(&system)) {
        (Some(name), Some(system)) => format!("{name} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) if agent.is_empty() => "A browser without a name".to_owned(),
        (None, None) => words::line(&agent.chars().take(60).collect::<String>()),
    }
}

async fn refuse(member: &Member, said: &str) -> HttpResponse {
    page(member, Frame::of(member, "Your account", "/account").error(said), again()).await
}

/// Changes the password, or sets the first one.
#[post("/password")]
pub async fn password(member: Member, posted: Posted) -> HttpResponse {
    match changed(&member, &posted).await {
        Ok(Ok(entrance)) => house::go("/account?done=password", &[member.shared.door.set_cookie(SESSION, &entrance.secret)]),
        Ok(Err(said)) => refuse(&member, &said).await,
        Err(problem) => member.failed(&problem),
    }
}

async fn changed(member: &Member, posted: &Posted) -> Result<Result<Entrance, String>, Problem> {
    let (db, door, person) = (&member.shared.db, &member.shared.door, member.person.clone());
    if person.password_hash.is_some() {
        // Counted like signing in: an open browser is no place to guess at.
        let (ctx, email, address) = (member.context(), person.email.clone(), member.address.clone());
        let tried = db.write(move |conn| begin_sign_in(conn, &ctx, &email, &address)).await?;
        let open = matches!(tried, Try::Open(Some(_)));
        if !open || !door.is_password(posted.text("old").to_owned(), person.password_hash.clone()).await? {
            return Ok(Err("Your present password is another one, or there were too many tries.".to_owned()));
        }
    }
    let chosen = match Password::choose(posted.text("password"), &person.email, &person.name) {
        Ok(chosen) => chosen,
        Err(f) => return Ok(Err(fault("The new password", &f))),
    };
    let hash = door.hash(chosen).await?;
    let entrance = Entrance::new(&member.user_agent);
    let (ctx, new) = (member.context(), entrance.clone());
    match db.write(move |conn| change_password(conn, &ctx, &person, &hash, &new)).await {
        Ok(_) => Ok(Ok(entrance)),
        Err(ActionError::Changed(_)) => Ok(Err("Your password was changed elsewhere meanwhile.".to_owned())),
        Err(error) => refused(error).map(Err),
    }
}

/// Sets the zone.
#[post("/zone")]
pub async fn zone(member: Member, posted: Posted) -> HttpResponse {
    let Ok(chosen) = posted.text("zone").trim().parse::<Tz>() else {
        return refuse(&member, "There is no such time zone; it has a name such as Europe/Madrid.").await;
    };
    let (ctx, person) = (member.context(), member.person.clone());
    match member.shared.db.write(move |conn| change_zone(conn, &ctx, &person, chosen)).await {
        Ok(()) => house::go("/account?done=zone", &[]),
        Err(error) => member.failed(&error.into()),
    }
}

/// Ends one of one's own sessions.
#[post("/sessions/end")]
pub async fn end(member: Member, posted: Posted) -> HttpResponse {
    let Some(id) = Id::parse(posted.text("session")) else { return member.failed(&Problem::not_found("session")) };
    let (ctx, person) = (member.context(), member.person.clone());
    match member.shared.db.write(move |conn| end_session(conn, &ctx, &person, id)).await {
        Ok(()) => house::go("/account?done=ended", &[]),
        Err(error) => member.failed(&error.into()),
    }
}

/// Ends all of one's own sessions but this one.
#[post("/sessions/end-others")]
pub async fn end_others(member: Member, _posted: Posted) -> HttpResponse {
    let (ctx, person, this) = (member.context(), member.person.clone(), member.session.id);
    match member.shared.db.write(move |conn| end_other_sessions(conn, &ctx, &person, this)).await {
        Ok(_) => house::go("/account?done=others", &[]),
        Err(error) => member.failed(&error.into()),
    }
}
