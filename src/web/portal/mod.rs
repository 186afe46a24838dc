//! The pages of customers, below `/my`: what they have, what happens next, and what they have to do for it.
//!
//! What is entered here goes to the API, below `/c` (see `console::desk`): the same checks, the same audit.

mod home;
mod rma;
mod sites;

use super::console::figures::{self, Cell};
use super::guard;
use super::house;
use super::member::Member;
use crate::actions::dossier::Dossier;
use crate::http::problem::Problem;
use crate::rules::next_step::Turn;
use crate::rules::role::Permission;
use crate::rules::zone;
use crate::store::Id;
use actix_web::HttpResponse;
use actix_web::middleware::from_fn;
use actix_web::web::{ServiceConfig, get, resource, scope};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

/// The pages.
pub fn pages(app: &mut ServiceConfig) {
    app.service(resource("/").wrap(from_fn(guard::house)).route(get().to(begin)));
    app.service(
        scope("/my")
            .wrap(from_fn(guard::house))
            .service(home::show)
            .service(rma::show)
            .service(sites::list)
            .service(sites::register)
            .service(sites::look_up)
            .service(sites::correct),
    );
}

/// Where somebody begins, by who they are.
async fn begin(member: Member) -> HttpResponse {
    house::go(house::home(&member), &[])
}

/// The organization whose pages these are; staff have others.
fn own(member: &Member) -> Result<Id, Problem> {
    member.allow(Permission::ReadOwn)?;
    member.organization.ok_or_else(|| Problem::denied("forbidden", "these pages are for customers"))
}

/// What happens next, as it is shown.
#[derive(Debug, Clone)]
struct Next {
    whose: &'static str,
    tone: &'static str,
    said: String,
    /// "by", or since when it is late.
    when: Option<(&'static str, Cell)>,
}

impl Next {
    fn of(dossier: &Dossier, zone: Tz) -> Self {
        let next = dossier.next_step();
        let (whose, tone) = match (next.turn, next.late) {
            (Turn::Yours, true) => ("Your turn, overdue", "bad"),
            (Turn::Yours, false) => ("Your turn", "wait"),
            (Turn::Ours, true) => ("We are late", "bad"),
            (Turn::Ours, false) => ("Our turn", ""),
            (Turn::Nobodys, _) => ("Done", "good"),
        };
        let when = if next.late { "It was due" } else { "By" };
        Self { whose, tone, said: next.said, when: next.by.map(|by| (when, instant(by, zone))) }
    }
}

/// An instant as people read it: midnight is the end of the day before.
fn instant(at: DateTime<Utc>, zone: Tz) -> Cell {
    let local = zone::local(zone, at);
    match (figures::at(at, zone), local.date_naive().pred_opt()) {
        (Cell::At { iso, .. }, Some(before)) if local.time() == NaiveTime::MIN => {
            Cell::At { iso, shown: format!("the end of {} ({})", before.format("%a %-d %b %Y"), zone::abbreviation(zone, at)) }
        }
        (shown, _) => shown,
    }
}

/// A day as people read it.
fn day(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}
