//! The frame of every page behind the sign-in: who is there, where they can go, and the one way that templates become answers.

use super::assets;
use super::member::Member;
use crate::http::Shared;
use crate::http::problem::{Problem, Success};
use crate::mail::words;
use crate::rules::role::{Permission, Role};
use actix_web::http::header::{LOCATION, SET_COOKIE};
use actix_web::{HttpResponse, HttpResponseBuilder};
use askama::Template;

/// A place to go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its path.
    pub path: &'static str,
    /// What it is called.
    pub label: &'static str,
}

/// Whether somebody may go to a place.
type May = fn(&Member) -> bool;

/// Every place that there is, and who may go there: pages add themselves here.
const PLACES: &[(Place, May)] = &[
    (Place { path: "/my", label: "Home" }, is_customer),
    (Place { path: "/my/sites", label: "Sites" }, is_customer),
    (Place { path: "/c", label: "Today" }, is_staff),
    (Place { path: "/c/issue", label: "Issue an RMA" }, |member| member.role.may(Permission::HandleRmas)),
    (Place { path: "/c/rmas", label: "RMAs" }, |_| true),
    (Place { path: "/c/deadlines", label: "Deadlines" }, is_staff),
    (Place { path: "/c/map", label: "Map" }, is_staff),
    (Place { path: "/c/reports", label: "Reports" }, |_| true),
    (Place { path: "/c/cases", label: "Cases" }, is_staff),
    (Place { path: "/c/letters", label: "Letters" }, is_staff),
    (Place { path: "/c/organizations", label: "Customers" }, is_staff),
    (Place { path: "/c/contracts", label: "Contracts" }, |_| true),
    (Place { path: "/c/appliances", label: "Appliances" }, |_| true),
    (Place { path: "/c/sites", label: "Sites" }, is_staff),
    (Place { path: "/c/service-centers", label: "Network" }, is_staff),
    (Place { path: "/c/stock-units", label: "Stock" }, is_staff),
    (Place { path: "/c/charges", label: "Charges" }, is_staff),
    (Place { path: "/c/calendars", label: "Calendars" }, is_staff),
    (Place { path: "/c/programs", label: "Program" }, is_staff),
    (Place { path: "/people", label: "People" }, Member::may_invite),
    (Place { path: "/account", label: "Account" }, |_| true),
];

fn is_staff(member: &Member) -> bool {
    member.role.may(Permission::ReadCases)
}

fn is_customer(member: &Member) -> bool {
    member.organization.is_some() && !is_staff(member)
}

/// Where somebody begins.
pub fn home(member: &Member) -> &'static str {
    match (is_customer(member), is_staff(member)) {
        (true, _) => "/my",
        (_, true) => "/c",
        _ => "/account",
    }
}

/// Every place.
pub fn places() -> impl Iterator<Item = &'static Place> {
    PLACES.iter().map(|(place, _)| place)
}

/// Places that are seen at once: what is needed all day is in front.
const IN_SIGHT: usize = 6;

/// Whoever is signed in, as the head of the page shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// Their name.
    pub name: String,
    /// What they may do, in words.
    pub role: &'static str,
}

/// What every page has.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Whose service it is.
    pub vendor: String,
    /// The heading.
    pub title: String,
    /// The style sheet.
    pub css: &'static str,
    /// The picture in the browser's tab.
    pub icon: &'static str,
    /// What its forms send back.
    pub form: String,
    /// Who is signed in.
    pub who: Option<Who>,
    /// Where they can go.
    pub places: Vec<Place>,
    /// The path of this page.
    pub here: &'static str,
    /// What went well, or what is to be known.
    pub said: Option<String>,
    /// What went wrong.
    pub error: Option<String>,
}

impl Frame {
    /// For somebody who isn't signed in yet.
    pub fn outside(shared: &Shared, title: &str, form: String) -> Self {
        Self {
            vendor: words::line(&shared.sender.mailbox.name),
            title: title.to_owned(),
            css: assets::house_css(),
            icon: assets::icon(),
            form,
            who: None,
            places: Vec::new(),
            here: "",
            said: None,
            error: None,
        }
    }
    /// For somebody who is.
    pub fn of(member: &Member, title: &str, here: &'static str) -> Self {
        let places = PLACES.iter().filter(|(_, may)| may(member)).map(|(place, _)| *place).collect();
        let who = Who { name: words::line(&member.person.name), role: role(member.person.role.0) };
        Self { who: Some(who), places, here, ..Self::outside(&member.shared, title, member.form()) }
    }
    /// The places in the head of the page.
    pub fn in_sight(&self) -> &[Place] {
        self.places.get(..IN_SIGHT).unwrap_or(&self.places)
    }
    /// The places behind the button for more.
    pub fn further(&self) -> &[Place] {
        self.places.get(IN_SIGHT..).unwrap_or_default()
    }
    /// With what went wrong.
    pub fn error(self, error: impl Into<String>) -> Self {
        Self { error: Some(error.into()), ..self }
    }
    /// With what went well.
    pub fn said(self, said: impl Into<String>) -> Self {
        Self { said: Some(said.into()), ..self }
    }
}

/// A role in words.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::Admin => "Administrator",
        Role::Operations => "Operations",
        Role::Support => "Support",
        Role::Customer => "Customer",
        Role::Courier => "Courier",
        Role::Auditor => "Auditor",
    }
}

#[derive(Template)]
#[template(path = "house_note.html")]
struct Note {
    p: Frame,
    lines: Vec<String>,
    link: Option<Place>,
}

/// A page that only says something.
pub fn note(p: Frame, lines: &[&str], link: Option<Place>, answer: HttpResponseBuilder) -> HttpResponse {
    html(&Note { p, lines: lines.iter().map(|line| (*line).to_owned()).collect(), link }, answer)
}

/// A template as an answer; none of ours is known to fail.
pub fn html(template: &impl Template, mut answer: HttpResponseBuilder) -> HttpResponse {
    let text = template.render().unwrap_or_else(|error| {
        tracing::error!(error = %error, "a page could not be written");
        String::new()
    });
    answer.content_type("text/html; charset=utf-8").body(text)
}

/// The page of what went wrong and is nobody's input.
pub fn failed(shared: &Shared, problem: &Problem) -> HttpResponse {
    let (title, said) = match problem.code() {
        "form_expired" => ("This page is too old", "Go back, load the page again, and send it once more."),
        "other_site" => ("This came from somewhere else", "The form was not sent from this site, so nothing was done."),
        "forbidden" => ("This is not for you", "Your account may not do this. Ask an administrator if it should."),
        "not_found" => ("There is nothing here", "It was never here, or it is gone."),
        "body_too_large" | "broken_form" => ("That did not arrive whole", "Go back and send it again."),
        "unavailable" => ("One moment, please", "There is a lot to do just now. Please try again."),
        _ => ("That did not work", "Please try again in a moment."),
    };
    let home = Place { path: "/account", label: "To your account" };
    note(Frame::outside(shared, title, String::new()), &[said], Some(home), problem.answer())
}

/// Sends the browser on, with cookies.
pub fn go(to: &str, cookies: &[String]) -> HttpResponse {
    let mut answer = Success::SeeOther.answer();
    for cookie in cookies {
        answer.append_header((SET_COOKIE, cookie.as_str()));
    }
    answer.insert_header((LOCATION, to)).finish()
}
