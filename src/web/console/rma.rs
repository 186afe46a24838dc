//! The page of an RMA: where it stands, what can be done next, and why each deadline is when it is.

mod moves;

use super::figures::{Cell, at, cell};
use super::words;
use crate::actions::dossier::Dossier;
use crate::actions::{Context, Done};
use crate::http::letters;
use crate::http::problem::{Problem, Success};
use crate::http::rma_view::{self, DeadlineView, LineView, RmaView};
use crate::http::rmas::number;
use crate::mail::letters::Sender;
use crate::rules::number::RmaNumber;
use crate::rules::role::Permission;
use crate::store::{Conn, Id, events, outbox, people};
use crate::web::house::{self, Frame};
use crate::web::member::Member;
use actix_web::web::Path;
use actix_web::{HttpResponse, get};
use askama::Template;
use chrono_tz::Tz;
use moves::{Kind, Move};
use serde_json::Value;
use std::collections::BTreeMap;

/// Events and letters on the page; an RMA has a few dozen.
const MOST: i64 = 200;

struct Line {
    line: i32,
    part: String,
    serials: Vec<(&'static str, Cell)>,
    state: Cell,
}

struct Due {
    kind: String,
    state: Cell,
    running: bool,
    due: Cell,
    note: String,
    rules: String,
    steps: Vec<(Cell, Cell, String, String, String)>,
}

struct Event {
    at: Cell,
    actor: String,
    what: String,
}

struct Letter {
    id: String,
    kind: String,
    state: Cell,
    to: String,
    at: Cell,
    subject: String,
    text: String,
    stuck: bool,
}

#[derive(Template)]
#[template(path = "console_rma.html")]
struct Page {
    p: Frame,
    number: String,
    state: Cell,
    facts: Vec<(&'static str, Cell)>,
    reasons: Vec<(String, String)>,
    sourcing: Vec<String>,
    lines: Vec<Line>,
    deadlines: Vec<Due>,
    moves: Vec<Move>,
    events: Vec<Event>,
    letters: Vec<Letter>,
    may_retry: bool,
    papers: bool,
    /// What makes a form that is sent twice one deed.
    key: String,
    script: &'static str,
}

/// What the store has for the page.
struct Found {
    rma: RmaView,
    events: Vec<events::Event>,
    /// Who the actors are that the audit knows by their id.
    people: BTreeMap<String, String>,
    letters: Vec<letters::LetterView>,
}

/// The page.
#[get("/rmas/{number}")]
pub async fn show(member: Member, raw: Path<String>) -> HttpResponse {
    let found = async {
        let number = number(&raw)?;
        member.allow(Permission::ReadOwn)?;
        let (ctx, sender) = (member.context(), member.shared.sender.clone());
        Ok::<_, Problem>(member.shared.db.read(move |conn| gather(conn, &ctx, &sender, number)).await?)
    };
    match found.await {
        Ok(found) => page(&member, found),
        Err(problem) => member.failed(&problem),
    }
}

fn gather(conn: &mut Conn, ctx: &Context, sender: &Sender, number: RmaNumber) -> Done<Found> {
    let dossier = Dossier::read(conn, ctx, number)?;
    let events = events::page(conn, "rma", &number.to_string(), None, MOST)?.rows;
    let people = names(conn, &events)?;
    let filter = outbox::Filter { rma: Some(dossier.rma.id), ..Default::default() };
    let letters = outbox::page(conn, &filter, None, MOST)?.rows.into_iter().map(|row| letters::view(row, sender));
    Ok(Found { letters: letters.collect::<Result<_, _>>()?, events, people, rma: rma_view::rma(dossier)? })
}

/// The names of the people who did things.
fn names(conn: &mut Conn, events: &[events::Event]) -> Done<BTreeMap<String, String>> {
    let mut names = BTreeMap::new();
    for event in events {
        let person = event.actor.strip_prefix("person:").and_then(Id::parse);
        if let (Some(id), false) = (person, names.contains_key(&event.actor))
            && let Some(person) = people::get(conn, id)?
        {
            names.insert(event.actor.clone(), person.name);
        }
    }
    Ok(names)
}

fn page(member: &Member, found: Found) -> HttpResponse {
    let (rma, zone) = (found.rma, member.zone);
    let page = Page {
        p: Frame::of(member, &format!("RMA {}", rma.number), "/c/rmas"),
        state: word("state", &rma.state, zone),
        facts: facts(&rma, zone),
        reasons: rma.promise.reasons.iter().map(|r| (r.detail.clone(), r.rule.clone())).collect(),
        sourcing: rma.promise.sourcing.iter().map(|asked| asked.detail.clone()).collect(),
        lines: rma.lines.iter().map(|line| self::line(line, zone)).collect(),
        deadlines: rma.deadlines.iter().map(|deadline| due(deadline, zone)).collect(),
        moves: moves::of(&rma, member.role),
        events: found.events.iter().rev().map(|event| self::event(event, &found.people, zone)).collect(),
        letters: found.letters.into_iter().rev().map(|letter| self::letter(letter, zone)).collect(),
        may_retry: member.role.may(Permission::HandleRmas),
        papers: rma.state != "cancelled",
        key: crate::web::posted::key(),
        script: crate::web::assets::house_js(),
        number: rma.number,
    };
    house::html(&page, Success::Ok.answer())
}

fn word(name: &str, text: &str, zone: Tz) -> Cell {
    cell(name, &Value::from(text), zone)
}

fn facts(rma: &RmaView, zone: Tz) -> Vec<(&'static str, Cell)> {
    let named = |name: &str, text: &Option<String>| text.as_ref().map_or(Cell::Empty, |text| word(name, text, zone));
    let mut facts = vec![
        ("Customer", word("organization", &rma.organization, zone)),
        ("Contract", word("contract", &rma.contract, zone)),
        ("Case", word("case", &rma.case, zone)),
        ("Site", named("site", &rma.site)),
        ("Entitled to", word("tier", &rma.promise.entitled_tier, zone)),
        ("Delivered as", word("tier", &rma.promise.delivered_tier, zone)),
        ("Ships from", named("ships_from", &rma.promise.ships_from)),
        ("Courier", named("courier", &rma.shipment.courier)),
        ("Carrier", named("carrier", &rma.shipment.carrier)),
        ("Tracking number", named("tracking_number", &rma.shipment.tracking_number)),
        ("Received by", named("received_by", &rma.shipment.received_by)),
        ("Issued", at(rma.issued_at, zone)),
        ("Program", word("program_version", &rma.program_version, zone)),
    ];
    if let Some(contact) = &rma.contact {
        let consent = if contact.accepts_delivery { "accepts delivery" } else { "has not accepted delivery yet" };
        facts.push(("Local contact", Cell::Text(format!("{}, {}: {consent}", contact.name, contact.phone))));
    }
    facts.extend(rma.ended_at.map(|ended| ("Ended", at(ended, zone))));
    facts.extend(rma.cancel_reason.clone().map(|reason| ("Cancelled because", Cell::Text(reason))));
    facts.retain(|(_, cell)| *cell != Cell::Empty);
    facts
}

fn line(line: &LineView, zone: Tz) -> Line {
    let text = |text: &Option<String>| text.clone().map_or(Cell::Empty, Cell::Text);
    let back = &line.expected_return;
    let mut serials = vec![
        ("Defective unit", Cell::Text(line.serial_number.clone())),
        ("Replacement", text(&line.replacement_serial_number.clone().or_else(|| line.reserved_serial_number.clone()))),
        ("Stock", word("supply", &line.supply, zone)),
        ("Return", word("state", &back.state, zone)),
        ("Return tracking", text(&back.tracking_number)),
        ("Came back instead", text(&back.received_serial_number)),
        ("Condition", back.condition.as_ref().map_or(Cell::Empty, |condition| word("condition", condition, zone))),
    ];
    serials.retain(|(_, cell)| *cell != Cell::Empty);
    Line {
        line: line.line,
        part: format!("{} · {}", line.part_number, line.part_description),
        serials,
        state: word("state", &line.state, zone),
    }
}

fn due(deadline: &DeadlineView, zone: Tz) -> Due {
    let own: Tz = deadline.zone.parse().unwrap_or(zone);
    let note = match (&deadline.paused_because, deadline.waits_for.is_empty()) {
        (Some(because), _) => format!("Stands still: {because}."),
        (None, false) => format!("Waits for {}.", deadline.waits_for.join(", ").replace('_', " ")),
        (None, true) => format!("Counted in {} by the calendar {}.", deadline.zone, deadline.calendar),
    };
    let step = |s: &rma_view::StepView| (at(s.from, own), at(s.to, own), s.counted.clone(), s.note.clone(), s.rule.clone());
    Due {
        kind: words::label(&deadline.kind),
        state: word("state", &deadline.state, zone),
        running: deadline.state == "running",
        due: deadline.due_at.map_or(Cell::Empty, |due| at(due, own)),
        note,
        rules: deadline.rules.join(" "),
        steps: deadline.steps.iter().map(step).collect(),
    }
}

fn event(event: &events::Event, people: &BTreeMap<String, String>, zone: Tz) -> Event {
    let name = || event.actor.split_once(':').map_or(event.actor.as_str(), |(_, name)| name).to_owned();
    let actor = people.get(&event.actor).cloned().unwrap_or_else(name);
    Event { at: at(event.at.at(), zone), actor, what: words::label(&event.action) }
}

fn letter(letter: letters::LetterView, zone: Tz) -> Letter {
    Letter {
        kind: words::label(&letter.kind),
        state: word("state", &letter.state, zone),
        to: letter.to.join(", "),
        at: at(letter.sent_at.unwrap_or(letter.promised_at), zone),
        stuck: letter.state == "stuck",
        id: letter.id,
        subject: letter.subject,
        text: letter.text,
    }
}
