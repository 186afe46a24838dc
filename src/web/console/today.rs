//! Today: what needs a hand now, what is lost first in front. The page keeps itself up to date.

use super::figures::{Cell, at, cell};
use super::words;
use crate::actions::dossier::Dossier;
use crate::actions::scan_radar::scan_radar;
use crate::actions::{Context, Done};
use crate::http::problem::{Problem, Success};
use crate::http::rma_view;
use crate::rules::coverage::Verdict;
use crate::rules::deadline::{DeadlineKind, DeadlineState};
use crate::rules::radar::Risk;
use crate::rules::role::Permission;
use crate::rules::term::Term;
use crate::store::outbox::LetterState;
use crate::store::{Conn, certificates, deadlines, dispatches, outbox};
use crate::web::house::{self, Frame};
use crate::web::member::Member;
use actix_web::web::Bytes;
use actix_web::{HttpResponse, get};
use askama::Template;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use futures_util::stream;
use serde_json::Value;
use std::time::Duration;

/// Rows of a part of the page: what is further off is in the lists.
const ROWS: i64 = 25;
/// How often the page asks what is new, and how long it listens before it comes again.
const EVERY: Duration = Duration::from_secs(5);
const TURNS: u32 = 120;

/// An RMA whose replacement is on its way, or should be.
struct Running {
    to: String,
    rma: String,
    organization: String,
    tier: Cell,
    what: String,
    due: Cell,
    /// How long is left, as machines read it and in words.
    left: Left,
    courier: Option<Cell>,
}

/// What is left of a time.
struct Left {
    iso: String,
    words: String,
    tone: &'static str,
}

/// Something else that waits for somebody.
struct Item {
    to: String,
    name: String,
    about: String,
    since: Cell,
}

/// A part of the page.
struct Part {
    title: &'static str,
    empty: &'static str,
    items: Vec<Item>,
    /// Where the rest is.
    all: &'static str,
}

#[derive(Template)]
#[template(path = "console_today_parts.html")]
struct Parts {
    running: Vec<Running>,
    others: Vec<Part>,
}

#[derive(Template)]
#[template(path = "console_today.html")]
struct Page {
    p: Frame,
    parts: String,
    script: &'static str,
    zone: &'static str,
}

/// The page.
#[get("")]
pub async fn show(member: Member) -> HttpResponse {
    let parts = match parts(&member).await {
        Ok(parts) => parts,
        Err(problem) => return member.failed(&problem),
    };
    let page = Page { p: Frame::of(&member, "Today", "/c"), parts, script: crate::web::assets::house_js(), zone: member.zone.name() };
    house::html(&page, Success::Ok.answer())
}

/// The same parts, whenever they have changed, as server-sent events.
#[get("/live")]
pub async fn live(member: Member) -> HttpResponse {
    let turns = stream::unfold((member, String::new(), 0_u32), |(member, before, turn)| async move {
        if turn >= TURNS {
            return None;
        }
        if turn > 0 {
            tokio::time::sleep(EVERY).await;
        }
        // Where the store is busy, the page stays as it is until the next turn.
        let now = parts(&member).await.unwrap_or_else(|_| before.clone());
        let event = match now == before {
            true => ":\n\n".to_owned(),
            false => format!("event: parts\n{}\n\n", now.lines().map(|line| format!("data: {line}")).collect::<Vec<_>>().join("\n")),
        };
        Some((Ok::<_, Problem>(Bytes::from(event)), (member, now, turn + 1)))
    });
    Success::Ok.answer().content_type("text/event-stream").streaming(Box::pin(turns))
}

async fn parts(member: &Member) -> Result<String, Problem> {
    member.allow(Permission::ReadCases)?;
    let (ctx, zone) = (member.context(), member.zone);
    let parts = member.shared.db.read(move |conn| gather(conn, &ctx, zone)).await?;
    Ok(parts.render().unwrap_or_default())
}

fn gather(conn: &mut Conn, ctx: &Context, zone: Tz) -> Done<Parts> {
    let mut running = Vec::new();
    for (dossier, risk) in scan_radar(conn, ctx, None, None, ROWS)?.rows {
        let last = dispatches::of_shipment(conn, dossier.shipment.id)?.pop();
        let courier = last.map(|d| Cell::Word { text: words::label(d.state.0.as_str()), tone: words::tone(d.state.0.as_str()) });
        running.push(self::running(&dossier, &risk, courier, zone, ctx.now));
    }
    Ok(Parts { running, others: vec![overdue(conn, zone)?, stuck(conn, zone)?, unsure(conn, zone)?] })
}

fn running(dossier: &Dossier, risk: &Risk, courier: Option<Cell>, zone: Tz, now: DateTime<Utc>) -> Running {
    let number = dossier.number.to_string();
    Running {
        to: format!("/c/rmas/{number}"),
        rma: number,
        organization: dossier.organization.record.name.to_string(),
        tier: cell("tier", &Value::from(dossier.rma.delivered_tier.0.as_str()), zone),
        what: match risk.loses.as_str() {
            "business_day" => format!("{}: a day is lost", words::label(risk.kind.as_str())),
            "missed_already" => format!("{}: missed", words::label(risk.kind.as_str())),
            _ => words::label(risk.kind.as_str()),
        },
        due: at(risk.at, zone),
        left: left(risk.at, now),
        courier,
    }
}

/// What is left until an instant; negative once it is over.
fn left(until: DateTime<Utc>, now: DateTime<Utc>) -> Left {
    let minutes = (until - now).num_minutes();
    let (days, hours, rest) = (minutes.abs() / 1_440, minutes.abs() / 60 % 24, minutes.abs() % 60);
    let words = match (days, hours) {
        (0, 0) => format!("{rest} min"),
        (0, hours) => format!("{hours} h {rest:02} min"),
        (days, hours) => format!("{days} d {hours} h"),
    };
    let tone = match minutes {
        ..0 => "bad",
        0..240 => "wait",
        _ => "",
    };
    Left { iso: until.to_rfc3339(), words: if minutes < 0 { format!("{words} over") } else { words }, tone }
}

fn overdue(conn: &mut Conn, zone: Tz) -> Done<Part> {
    let filter = deadlines::Filter { state: Some(DeadlineState::Missed), kind: Some(DeadlineKind::ReturnBy), ..Default::default() };
    let item = |kept: deadlines::Kept| {
        let number = rma_view::number(kept.rma);
        let since = kept.deadline.due_at.map_or(Cell::Empty, |due| at(due, zone));
        Item { to: format!("/c/rmas/{number}"), name: number, about: "The defective unit was due".to_owned(), since }
    };
    let rows = deadlines::page(conn, &filter, None, ROWS)?.rows;
    let items = rows.into_iter().filter(|kept| kept.done_at.is_none()).map(item).collect();
    Ok(Part {
        title: "Overdue returns",
        empty: "Every defective unit is back or still has time.",
        items,
        all: "/c/deadlines?state=missed&kind=return_by",
    })
}

fn stuck(conn: &mut Conn, zone: Tz) -> Done<Part> {
    let filter = outbox::Filter { state: Some(LetterState::Stuck), ..Default::default() };
    let item = |(row, rma): (outbox::LetterRow, Option<i64>)| Item {
        to: rma.map_or_else(|| "/c/letters?state=stuck".to_owned(), |rma| format!("/c/rmas/{}", rma_view::number(rma))),
        name: words::label(row.kind.0.as_str()),
        about: row.last_error.unwrap_or_default(),
        since: at(row.promised_at.at(), zone),
    };
    let items = outbox::page(conn, &filter, None, ROWS)?.rows.into_iter().map(item).collect();
    Ok(Part { title: "Stuck mail", empty: "Every letter found its way.", items, all: "/c/letters?state=stuck" })
}

fn unsure(conn: &mut Conn, zone: Tz) -> Done<Part> {
    let filter = certificates::Filter { verdict: Some(Verdict::ConfirmPosition), ..Default::default() };
    let item = |row: certificates::Reported| Item {
        to: format!("/c/sites/{}", crate::web::member::encoded(&row.site)),
        name: row.site,
        about: format!("{}, {}: nobody knows whether a courier reaches it in time", row.organization, row.country),
        since: at(row.kept.certified_at.at(), zone),
    };
    let items = certificates::report(conn, &filter, None, ROWS)?.rows.into_iter().map(item).collect();
    Ok(Part {
        title: "Sites to confirm",
        empty: "Every site has a position that coverage can be judged by.",
        items,
        all: "/c/reports/coverage?verdict=confirm_position",
    })
}
