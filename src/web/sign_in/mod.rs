//! The sign-in and what belongs to one's own account: password, second factor, sessions, colleagues.
//!
//! Whether an address has an account is told to nobody: the same words, the same time, the same letter box.

mod account;
mod enter;
mod factor;
mod link;
mod people;

use super::guard;
use super::house::{self, Frame};
use super::member::{SESSION, Visitor};
use crate::actions::ActionError;
use crate::actions::person::Entrance;
use crate::http::Shared;
use crate::http::problem::{Problem, Success};
use crate::rules::text::TextFault;
use crate::store::sessions::Session;
use actix_web::http::header::SET_COOKIE;
use actix_web::middleware::from_fn;
use actix_web::web::{ServiceConfig, scope};
use actix_web::{HttpResponse, HttpResponseBuilder};

/// The pages.
pub fn pages(app: &mut ServiceConfig) {
    let sign_in = scope("/sign-in").wrap(from_fn(guard::house));
    app.service(
        sign_in
            .service(enter::show)
            .service(enter::act)
            .service(enter::show_ask)
            .service(enter::ask)
            .service(factor::show_code)
            .service(factor::act_code)
            .service(factor::show_enroll)
            .service(factor::act_enroll)
            .service(link::show)
            .service(link::act),
    );
    app.service(scope("/sign-out").wrap(from_fn(guard::house)).service(enter::sign_out));
    app.service(
        scope("/account")
            .wrap(from_fn(guard::house))
            .service(account::show)
            .service(account::password)
            .service(account::zone)
            .service(account::end)
            .service(account::end_others),
    );
    app.service(
        scope("/people")
            .wrap(from_fn(guard::house))
            .service(people::show)
            .service(people::invite)
            .service(people::disable)
            .service(people::reset),
    );
}

/// An answer that a page comes with: with the cookie that its forms are bound to, where the browser has none.
fn answer(visitor: &Visitor, mut answer: HttpResponseBuilder) -> HttpResponseBuilder {
    if let Some(cookie) = visitor.new_cookie() {
        answer.append_header((SET_COOKIE, cookie));
    }
    answer
}

/// A page for who isn't signed in.
fn frame(visitor: &Visitor, title: &str) -> Frame {
    Frame::outside(&visitor.shared, title, visitor.form())
}

/// Sends a browser on with its new session.
fn let_in(shared: &Shared, session: &Session, entrance: &Entrance, next: &str) -> HttpResponse {
    let to = match session.stage.0 {
        crate::rules::sign_in::Stage::Full => next.to_owned(),
        stage => format!("{}?next={}", super::member::page_of(stage), super::member::encoded(next)),
    };
    house::go(&to, &[shared.door.set_cookie(SESSION, &entrance.secret)])
}

/// Refused input in the words of the first rule that says no; anything else is a problem.
fn refused(error: ActionError) -> Result<String, Problem> {
    match error {
        ActionError::Refused(refusals) => Ok(refusals.first().map_or_else(String::new, |refusal| crate::web::sentence(&refusal.detail))),
        error => Err(error.into()),
    }
}

/// What is wrong with a field.
fn fault(what: &str, fault: &TextFault) -> String {
    format!("{what} {}.", fault.detail)
}

/// The status of a form that is shown again.
fn again() -> HttpResponseBuilder {
    Problem::refuse("invalid_input", "").answer()
}

/// The status of a page that is shown as asked.
fn ok() -> HttpResponseBuilder {
    Success::Ok.answer()
}
