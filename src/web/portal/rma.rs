//! `/my/rmas/{number}`: what happens next, what the customer does for it, and what is exchanged.

use super::{Next, instant, own};
use crate::actions::dossier::Dossier;
use crate::actions::{Context, Done};
use crate::http::problem::{Problem, Success};
use crate::http::rma_view::{self, LineView, RmaView};
use crate::http::rmas::number;
use crate::rules::deadline::{DeadlineKind, DeadlineState};
use crate::rules::instruction;
use crate::rules::link::{Link, Purpose};
use crate::rules::number::RmaNumber;
use crate::rules::rma::{ReturnState, RmaState};
use crate::store::Conn;
use crate::store::deadlines::Kept;
use crate::web::console::figures::{Cell, cell};
use crate::web::console::words;
use crate::web::house::{self, Frame};
use crate::web::member::Member;
use actix_web::web::Path;
use actix_web::{HttpResponse, get};
use askama::Template;
use chrono_tz::Tz;
use serde_json::Value;

struct Line {
    line: i32,
    what: String,
    state: Cell,
    facts: Vec<(&'static str, String)>,
    /// A certificate of destruction is handed in for it.
    certificate: bool,
    /// It may be sent back now.
    sends: bool,
}

/// Who takes the delivery, as far as somebody said.
struct Contact {
    name: String,
    phone: String,
    accepts: bool,
}

#[derive(Template)]
#[template(path = "my_rma.html")]
struct Page {
    p: Frame,
    number: String,
    next: Next,
    /// The form of the contact, while one can be named for a courier.
    contact: Option<Contact>,
    /// True while something can be sent back.
    sends: bool,
    papers: bool,
    /// Where the courier's run can be followed.
    follow: Option<String>,
    lines: Vec<Line>,
    dates: Vec<(&'static str, Cell)>,
    facts: Vec<(&'static str, String)>,
    /// What makes a form that is sent twice one deed.
    key: String,
    /// The customer's day, for the date of a certificate.
    today: String,
    script: &'static str,
}

struct Found {
    rma: RmaView,
    next: Next,
    names_contact: bool,
    papers: bool,
    run: Option<Link>,
    sending: Vec<i32>,
    certifying: Vec<i32>,
    today: String,
}

/// The page.
#[get("/rmas/{number}")]
pub async fn show(member: Member, raw: Path<String>) -> HttpResponse {
    let found = async {
        let number = number(&raw)?;
        own(&member)?;
        let (ctx, zone) = (member.context(), member.zone);
        Ok::<_, Problem>(member.shared.db.read(move |conn| gather(conn, &ctx, number, zone)).await?)
    };
    match found.await {
        Ok(found) => page(&member, found),
        Err(problem) => member.failed(&problem),
    }
}

fn gather(conn: &mut Conn, ctx: &Context, number: RmaNumber, zone: Tz) -> Done<Found> {
    let dossier = Dossier::read(conn, ctx, number)?;
    let (state, keeps_media) = (dossier.rma.state.0, dossier.rma.keeps_media);
    let units: Vec<ReturnState> = dossier.returns.iter().map(|unit| unit.state.0).collect();
    let lines = |next: ReturnState, wanted: bool| -> Vec<i32> {
        let open = dossier.returns.iter().filter(|unit| wanted && next.may_follow(unit.state.0) && state != RmaState::Cancelled);
        open.map(|unit| unit.line).collect()
    };
    let by_courier =
        dossier.deadlines.iter().any(|kept| kept.deadline.basis.kind == DeadlineKind::DeliverBy && kept.deadline.state.is_open());
    // Nobody is asked to say that it was sent before it is asked for.
    let waits = |kept: &&Kept| kept.deadline.basis.kind == DeadlineKind::ReturnBy && kept.deadline.state == DeadlineState::Waiting;
    let asked = !dossier.deadlines.iter().any(|kept| waits(&kept));
    let courier = dossier.shipment.dispatches > 0 && matches!(state, RmaState::Issued | RmaState::Shipped);
    Ok(Found {
        next: Next::of(&dossier, zone),
        names_contact: by_courier && matches!(state, RmaState::Issued | RmaState::Shipped),
        papers: !keeps_media && instruction::may_have(state, &units, dossier.center.is_some()).is_ok(),
        run: courier.then(|| Link { purpose: Purpose::Track, about: dossier.shipment.id.uuid() }),
        sending: lines(ReturnState::Shipped, !keeps_media && asked),
        certifying: lines(ReturnState::Destroyed, keeps_media),
        today: crate::rules::zone::local_day(dossier.reader_zone(), ctx.now).to_string(),
        rma: rma_view::rma(dossier)?,
    })
}

fn page(member: &Member, found: Found) -> HttpResponse {
    let (rma, zone) = (found.rma, member.zone);
    let known = rma.contact.as_ref();
    let contact = found.names_contact.then(|| Contact {
        name: known.map_or_else(String::new, |contact| contact.name.clone()),
        phone: known.map_or_else(String::new, |contact| contact.phone.clone()),
        accepts: known.is_some_and(|contact| contact.accepts_delivery),
    });
    let page = Page {
        p: Frame::of(member, &format!("RMA {}", rma.number), "/my"),
        next: found.next,
        contact,
        sends: !found.sending.is_empty(),
        papers: found.papers,
        follow: found.run.map(|run| format!("/d/{}", member.shared.door.signer.token(run))),
        lines: rma.lines.iter().map(|line| self::line(line, zone, &found.sending, &found.certifying)).collect(),
        dates: dates(&rma, zone),
        facts: facts(&rma),
        key: crate::web::posted::key(),
        today: found.today,
        script: crate::web::assets::house_js(),
        number: rma.number,
    };
    house::html(&page, Success::Ok.answer())
}

fn facts(rma: &RmaView) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("Case", Some(rma.case.clone())),
        ("Contract", Some(rma.contract.clone())),
        ("Service", Some(words::label(&rma.promise.delivered_tier))),
        ("Goes to", rma.site.clone()),
        ("Carrier", rma.shipment.carrier.clone()),
        ("Tracking number", rma.shipment.tracking_number.clone()),
        ("Received by", rma.shipment.received_by.clone()),
    ];
    facts.extend(rma.contact.as_ref().map(|contact| ("Takes the delivery", Some(format!("{}, {}", contact.name, contact.phone)))));
    facts.into_iter().filter_map(|(name, text)| text.map(|text| (name, text))).collect()
}

/// What has happened, and what is due.
fn dates(rma: &RmaView, zone: Tz) -> Vec<(&'static str, Cell)> {
    let mut dates =
        vec![("Issued", Some(rma.issued_at)), ("Sent to you", rma.shipment.shipped_at), ("Delivered", rma.shipment.delivered_at)];
    for deadline in rma.deadlines.iter().filter(|deadline| matches!(deadline.state.as_str(), "running" | "missed")) {
        let name = match deadline.kind.as_str() {
            "ship_by" => "Leaves us by",
            "deliver_by" => "With you by",
            "return_by" => "Back with us by",
            _ => continue,
        };
        dates.push((name, deadline.due_at));
    }
    dates.push((if rma.state == "cancelled" { "Cancelled" } else { "Closed" }, rma.ended_at));
    dates.into_iter().filter_map(|(name, at)| at.map(|at| (name, instant(at, zone)))).collect()
}

fn line(line: &LineView, zone: Tz, sending: &[i32], certifying: &[i32]) -> Line {
    let back = &line.expected_return;
    let certificate = back.certificate.as_ref().map(|certificate| certificate.certificate_number.clone());
    let facts = [
        ("Defective unit", Some(line.serial_number.clone())),
        ("Replacement", line.replacement_serial_number.clone()),
        ("You sent it with", back.carrier.clone()),
        ("Tracking number", back.tracking_number.clone()),
        ("Came back instead", back.received_serial_number.clone()),
        ("Certificate of destruction", certificate),
    ];
    Line {
        line: line.line,
        what: format!("{} · {}", line.part_number, line.part_description),
        state: cell("state", &Value::from(line.state.as_str()), zone),
        facts: facts.into_iter().filter_map(|(name, text)| text.map(|text| (name, text))).collect(),
        certificate: certifying.contains(&line.line),
        sends: sending.contains(&line.line),
    }
}
