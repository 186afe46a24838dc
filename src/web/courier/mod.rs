//! `/d/{token}`: what a link of a letter opens. GET shows and never changes anything, so that mail scanners and previews which
//! follow links do no harm; POST acts, once.
//!
//! A request needs no login and no cookie: the link is the authorization, for one purpose of one dispatch. The form sends back a
//! secret of its own, which only the page tells, so whatever posts to the bare link has no effect. There is no session that
//! another site could ride on.

mod form;
mod page;
mod track;

use crate::actions::answer_dispatch::answer_dispatch;
use crate::actions::show_dispatch::{Shown, show_dispatch, show_tracking};
use crate::actions::{ActionError, Actor, Context, Scope};
use crate::http::problem::{Problem, Success};
use crate::http::{Shared, finish};
use crate::mail::links::Links;
use crate::rules::link::{Link, Purpose, Signer};
use crate::rules::role::Role;
use crate::store::Id;
use actix_multipart::Multipart;
use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use form::Sent;
use page::{Frame, Told};
use std::sync::Arc;

/// What a link of ours says, and what reads it.
fn read(shared: &Shared, token: &str) -> Result<(Link, Signer), Problem> {
    let Links::Live { signer, .. } = &shared.sender.links else { return Err(Problem::not_found("page")) };
    signer.read(token).map(|link| (link, signer.clone())).ok_or_else(|| Problem::not_found("page"))
}

/// Who holds a link may do what it is for, and nothing else: the actions are called for its dispatch only.
fn context(shared: &Shared) -> Context {
    Context {
        actor: Actor { name: "link".to_owned(), role: Role::Courier, scope: Scope::Everything },
        now: shared.clock.now(),
        reference: Arc::clone(&shared.reference),
        request_id: Some(finish::request_id()),
    }
}

/// A link that leaked is not hammered on.
fn count(shared: &Shared, link: Link) -> Result<(), Problem> {
    shared.limiter.count(Id::from(link.about)).map(drop).map_err(|(_, wait_seconds)| Problem::too_many(wait_seconds))
}

async fn shown(shared: &Shared, link: Link) -> Result<Shown, Problem> {
    let ctx = context(shared);
    let now = ctx.now;
    let shown = shared.db.read(move |conn| show_dispatch(conn, &ctx, link.about.into())).await?;
    match now < shown.dispatch.links_expire_at.at() {
        true => Ok(shown),
        false => Err(Problem::gone("link_expired", "this link has expired")),
    }
}

/// Shows where the dispatch stands, and the form of the link's purpose where it can still be done.
#[get("/{token}")]
pub async fn show(shared: Data<Shared>, token: Path<String>) -> HttpResponse {
    page_of(&shared, &token).await.unwrap_or_else(|problem| page::note(&shared, &problem))
}

async fn page_of(shared: &Shared, token: &str) -> Result<HttpResponse, Problem> {
    let (link, signer) = read(shared, token)?;
    count(shared, link)?;
    if link.purpose == Purpose::Track {
        let ctx = context(shared);
        let now = ctx.now;
        let run = shared.db.read(move |conn| show_tracking(conn, &ctx, link.about.into())).await?;
        return track::answer(shared, &run, now);
    }
    let shown = shown(shared, link).await?;
    let frame = Frame { shared, link, secret: signer.form(link) };
    Ok(page::answer(&frame, &shown, &Told::default(), Success::Ok.answer()))
}

/// Does what the link is for, and shows how it stands then.
#[post("/{token}")]
pub async fn act(shared: Data<Shared>, token: Path<String>, body: Multipart) -> HttpResponse {
    done(&shared, &token, body).await.unwrap_or_else(|problem| page::note(&shared, &problem))
}

async fn done(shared: &Shared, token: &str, body: Multipart) -> Result<HttpResponse, Problem> {
    let (link, signer) = read(shared, token)?;
    count(shared, link)?;
    if link.purpose == Purpose::Track {
        return Err(Problem::not_found("form"));
    }
    let shown = shown(shared, link).await?;
    let frame = Frame { shared, link, secret: signer.form(link) };
    let sent = Sent::read(body).await?;
    let again = |told: Told, problem: Problem| Ok(page::answer(&frame, &shown, &told, problem.answer()));
    if !signer.is_form_of(link, &sent.form) {
        let problem = Problem::refuse("form_expired", "please send the form of this page");
        return again(sent.told("Please send the form of this page."), problem);
    }
    let answer = match sent.answer(link.purpose, &shown) {
        Ok(answer) => answer,
        Err(fault) => return again(sent.told(&fault), Problem::refuse("invalid_input", fault.clone())),
    };
    let ctx = context(shared);
    let acted = shared.db.write(move |conn| answer_dispatch(conn, &ctx, link.about.into(), &answer).map(drop)).await;
    match acted {
        // The page is loaded anew, so that loading it again sends nothing again.
        Ok(()) => Ok(Success::SeeOther.answer().insert_header((LOCATION, token)).finish()),
        Err(ActionError::Refused(refusals)) => {
            let said = refusals.first().map_or_else(String::new, |r| crate::web::sentence(&r.detail));
            again(sent.told(&said), Problem::from(ActionError::Refused(refusals)))
        }
        Err(error) => Err(error.into()),
    }
}
