//! The page of a dispatch: what the link is for, what is to be carried, and where it stands.

use crate::actions::show_dispatch::Shown;
use crate::http::Shared;
use crate::http::problem::Problem;
use crate::mail::words;
use crate::rules::deadline::{DeadlineKind, DeadlineState};
use crate::rules::dispatch::{DispatchState, Step, step};
use crate::rules::link::{Link, Purpose};
use crate::rules::record::Address;
use crate::store::Ts;
use crate::web::{assets, house};
use actix_web::{HttpResponse, HttpResponseBuilder};
use askama::Template;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// What every page has.
pub(super) struct Common {
    pub vendor: String,
    /// The RMA; empty where there is none.
    pub about: String,
    pub title: &'static str,
    pub css: &'static str,
    pub js: &'static str,
}

impl Common {
    pub(super) fn of(shared: &Shared, about: String, title: &'static str) -> Self {
        Self { vendor: words::line(&shared.sender.mailbox.name), about, title, css: assets::css(), js: assets::js() }
    }
}

/// One step of a run, with its instant once it is done.
pub(super) struct StepView {
    pub label: &'static str,
    pub at: Option<String>,
}

/// What was entered, shown again beside what is wrong with it.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub error: Option<String>,
    pub serial_numbers: Vec<String>,
    pub received_by: String,
    pub reason: String,
}

/// Where a page is shown.
pub(super) struct Frame<'a> {
    pub shared: &'a Shared,
    pub link: Link,
    /// What the form sends back.
    pub secret: String,
}

struct Serial {
    part: String,
    value: String,
}

enum Form {
    Accept,
    PickUp { serials: Vec<Serial> },
    HandOver { received_by: String },
    Report { reason: String },
}

struct PartView {
    title: String,
    serial: String,
}

struct PlaceView {
    label: &'static str,
    lines: Vec<String>,
}

/// What the courier needs while there is something to do; nobody needs it afterwards.
struct Job {
    parts: Vec<PartView>,
    places: Vec<PlaceView>,
    contact: Option<(String, String)>,
    notes: Vec<String>,
}

#[derive(Template)]
#[template(path = "page_dispatch.html")]
struct Dispatched {
    p: Common,
    secret: String,
    error: Option<String>,
    said: Option<String>,
    mood: &'static str,
    due: Vec<(String, String)>,
    late: bool,
    accept_by: String,
    form: Option<Form>,
    wants_script: bool,
    job: Option<Job>,
    steps: Vec<StepView>,
}

#[derive(Template)]
#[template(path = "page_note.html")]
struct Note {
    p: Common,
    said: &'static str,
}

/// The page of a link that leads nowhere, or not any more.
pub(super) fn note(shared: &Shared, problem: &Problem) -> HttpResponse {
    let (title, said) = match problem.code() {
        "link_expired" => ("This link has expired", "If the run is not done yet, reply to the letter or call us."),
        "body_too_large" => ("That was too large", "A photo may have at most 2 MB. Go back and send a smaller one, or none."),
        "too_many_requests" => ("Too many tries", "Please wait a minute, then load this page again."),
        "not_found" => ("There is nothing here", "Please open the link from the letter itself: it may have been cut off."),
        "broken_form" | "body_too_slow" => ("That did not arrive whole", "Go back and send it again."),
        _ => ("That did not work", "Please try again in a moment."),
    };
    house::html(&Note { p: Common::of(shared, String::new(), title), said }, problem.answer())
}

/// The page of a dispatch.
pub(super) fn answer(frame: &Frame<'_>, shown: &Shown, told: &Told, answer: HttpResponseBuilder) -> HttpResponse {
    let (dossier, dispatch) = (&shown.dossier, &shown.dispatch);
    let (zone, now) = (dossier.reader_zone(), frame.shared.clock.now());
    let next = frame.link.purpose.leads_to().map(|next| step(dispatch.standing(), next));
    let form = matches!(next, Some(Ok(Step::Do))).then(|| form(frame.link.purpose, shown, told));
    // What is to be done before this is said instead of a form that can't work.
    let too_early = frame.link.purpose == Purpose::Delivered && form.is_some() && dossier.awaits_pick_up();
    let form = form.filter(|_| !too_early);
    let (said, mood) = match (too_early, dispatch.state.0) {
        (true, _) => (Some("First follow the link “You have the part” of the same letter.".to_owned()), "warn"),
        (false, state) => standing(state, frame.link.purpose, form.is_some()),
    };
    let page = Dispatched {
        p: Common::of(frame.shared, format!("RMA {}", dossier.number), title(frame.link.purpose, form.is_some())),
        secret: frame.secret.clone(),
        error: told.error.clone(),
        said,
        mood,
        due: due(shown_deadline(shown), zone),
        late: shown_deadline(shown).is_some_and(|(at, _)| at < now) && dispatch.state.0.is_open(),
        accept_by: words::clock_and_day(dispatch.accept_by.at(), zone).0,
        wants_script: matches!(form, Some(Form::HandOver { .. } | Form::Report { .. })),
        form,
        job: dispatch.state.0.is_open().then(|| job(shown)),
        steps: steps(shown, zone),
    };
    house::html(&page, answer)
}

fn title(purpose: Purpose, to_do: bool) -> &'static str {
    match (purpose, to_do) {
        (Purpose::Accept, true) => "Do you take this run?",
        (Purpose::PickedUp, true) => "Do you have the part?",
        (Purpose::Delivered, true) => "Is it delivered?",
        (Purpose::Problem, true) => "What is in the way?",
        _ => "Your run",
    }
}

/// How the dispatch stands, in a sentence; nothing where the form says enough.
fn standing(state: DispatchState, purpose: Purpose, to_do: bool) -> (Option<String>, &'static str) {
    let (said, mood) = match state {
        DispatchState::Sent => ("", "good"),
        DispatchState::Accepted => ("You have accepted this run.", "good"),
        DispatchState::PickedUp => ("You have picked up the part.", "good"),
        DispatchState::Delivered => ("It is delivered. Thank you.", "good"),
        DispatchState::Problem => ("You have reported a problem. We look into it; if it is solved, go on with your links.", "warn"),
        DispatchState::Cancelled => ("This run is cancelled. Please don't deliver it.", "bad"),
        DispatchState::Superseded => ("This run has changed. Please use the links of the newest letter.", "bad"),
    };
    // Before the first step there is nothing to say beside the question.
    let silent = said.is_empty() || (to_do && purpose != Purpose::Problem && state != DispatchState::Problem);
    ((!silent).then(|| said.to_owned()), mood)
}

fn form(purpose: Purpose, shown: &Shown, told: &Told) -> Form {
    match purpose {
        Purpose::Accept | Purpose::Track => Form::Accept,
        Purpose::PickedUp => {
            let serial = |(at, (line, part, description)): (usize, &(crate::store::rmas::RmaLine, String, String))| {
                let entered = told.serial_numbers.get(at).cloned();
                let value = entered.or_else(|| line.replacement_serial_number.clone()).unwrap_or_default();
                Serial { part: words::line(&format!("{part}, {description}")), value }
            };
            let lines = shown.dossier.live_lines().enumerate().filter(|_| shown.dossier.awaits_pick_up());
            Form::PickUp { serials: lines.map(serial).collect() }
        }
        Purpose::Delivered => Form::HandOver { received_by: told.received_by.clone() },
        Purpose::Problem => Form::Report { reason: told.reason.clone() },
    }
}

fn shown_deadline(shown: &Shown) -> Option<(DateTime<Utc>, Tz)> {
    deadline(shown.dossier.deadlines.iter().map(|k| &k.deadline))
}

/// The instant at which the part is due, with the zone that it was promised in.
pub(super) fn deadline<'a>(mut all: impl Iterator<Item = &'a crate::rules::deadline::Deadline>) -> Option<(DateTime<Utc>, Tz)> {
    let due = all.find(|d| d.basis.kind == DeadlineKind::DeliverBy && d.state != DeadlineState::Void)?;
    Some((due.due_at?, due.basis.zone))
}

/// In the reader's zone and, where its wall clock differs, in the zone of the deadline; each as time of day and day.
pub(super) fn due(deadline: Option<(DateTime<Utc>, Tz)>, zone: Tz) -> Vec<(String, String)> {
    let Some((at, there)) = deadline else { return Vec::new() };
    let mut said = vec![words::clock_and_day(at, zone)];
    if !words::same_wall_clock(at, zone, there) {
        said.push(words::clock_and_day(at, there));
    }
    said
}

/// An instant in one line.
pub(super) fn instant(ts: Ts, zone: Tz) -> String {
    let (clock, day) = words::clock_and_day(ts.at(), zone);
    format!("{clock}, {day}")
}

fn steps(shown: &Shown, zone: Tz) -> Vec<StepView> {
    let (dispatch, shipment) = (&shown.dispatch, &shown.dossier.shipment);
    let at = |ts: Option<Ts>| ts.map(|ts| instant(ts, zone));
    let mut steps = vec![
        StepView { label: "Sent to you", at: at(Some(dispatch.sent_at)) },
        StepView { label: "Accepted", at: at(dispatch.accepted_at) },
        StepView { label: "Picked up", at: at(dispatch.picked_up_at) },
    ];
    if let Some(problem) = dispatch.problem_at {
        steps.push(StepView { label: "Problem reported", at: at(Some(problem)) });
    }
    let delivered = shipment.delivered_at.filter(|_| dispatch.state.0 == DispatchState::Delivered);
    steps.push(StepView { label: "Delivered", at: at(delivered) });
    steps
}

fn job(shown: &Shown) -> Job {
    let dossier = &shown.dossier;
    let part = |(line, part, description): &(crate::store::rmas::RmaLine, String, String)| PartView {
        title: words::line(&format!("{part}, {description}")),
        serial: match &line.replacement_serial_number {
            Some(serial) => format!("Serial number {serial}, for appliance {}", line.serial_number),
            None => format!("For appliance {}", line.serial_number),
        },
    };
    let center = dossier.center.as_ref().map(|c| ("Pick up at", c.record.name.as_str(), &c.record.address));
    let site = dossier.site.as_ref().map(|s| ("Deliver to", s.record.name.as_str(), &s.record.address));
    let place = |(label, name, address): (&'static str, &str, &Address)| PlaceView { label, lines: lines(name, address) };
    let contact = dossier.contact().ok().flatten().map(|c| (words::line(&c.name), words::line(&c.phone)));
    let notes = dossier.site.as_ref().and_then(|s| s.record.receiving_notes.as_ref()).map(|n| words::lines(n.as_str()));
    Job {
        parts: dossier.live_lines().map(part).collect(),
        places: center.into_iter().chain(site).map(place).collect(),
        contact,
        notes: notes.unwrap_or_default(),
    }
}

fn lines(name: &str, address: &Address) -> Vec<String> {
    let place = crate::actions::dossier::place("", name, address);
    let mut lines = vec![words::line(&place.name)];
    lines.extend(place.address.iter().map(|line| words::line(line)));
    lines
}
