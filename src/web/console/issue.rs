//! Issuing an RMA on one page: who calls, what is broken, what is promised, what they will read; then it is issued.

use super::figures::{Cell, at, cell};
use super::words;
use crate::actions::issue_rma::contract_facts;
use crate::actions::{Context, Done};
use crate::http::problem::{Problem, Success};
use crate::rules::entitlement::active_contract;
use crate::rules::record::{Appliance, Contract};
use crate::rules::role::Permission;
use crate::rules::term::Term;
use crate::rules::text::{Code, ContractNumber, SerialNumber};
use crate::rules::tier::Channel;
use crate::store::{Conn, Stand, appliances, contracts, lineage, organizations, parts};
use crate::web::house::{self, Frame};
use crate::web::member::{Member, encoded};
use actix_web::web::Query;
use actix_web::{HttpResponse, get};
use askama::Template;
use chrono_tz::Tz;
use serde::Deserialize;
use serde_json::Value;

/// Appliances that a search shows.
const FOUND: i64 = 20;
/// Parts to choose from.
const PARTS: i64 = 200;

/// What the address says.
#[derive(Debug, Deserialize)]
pub struct Asked {
    /// What was searched for.
    q: Option<String>,
    /// The appliance that was chosen.
    serial: Option<String>,
}

struct Hit {
    to: String,
    serial: String,
    about: String,
}

/// The appliance that is called about.
struct Subject {
    serial: String,
    facts: Vec<(&'static str, Cell)>,
    contracts: Vec<(String, Cell, String, bool)>,
    parts: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "console_issue.html")]
struct Page {
    p: Frame,
    q: String,
    hits: Option<Vec<Hit>>,
    subject: Option<Subject>,
    channels: Vec<(&'static str, String)>,
    key: String,
    script: &'static str,
}

/// The page.
#[get("/issue")]
pub async fn show(member: Member, asked: Query<Asked>) -> HttpResponse {
    let asked = asked.into_inner();
    let q = asked.q.unwrap_or_default().trim().chars().take(100).collect::<String>();
    let (serial, search) = (asked.serial.and_then(|serial| SerialNumber::parse(&serial).ok()), q.clone());
    let found = async {
        member.allow(Permission::HandleRmas)?;
        let (ctx, zone) = (member.context(), member.zone);
        let work = move |conn: &mut Conn| match serial {
            Some(serial) => Ok::<_, crate::actions::ActionError>((None, subject(conn, &ctx, &serial, zone)?)),
            None if search.is_empty() => Ok((None, None)),
            None => {
                let hits = hits(conn, &search)?;
                // One hit is what was meant.
                match hits.as_slice() {
                    [one] => Ok((None, subject(conn, &ctx, &one.record.serial_number.clone(), zone)?)),
                    _ => Ok((Some(hits), None)),
                }
            }
        };
        Ok::<_, Problem>(member.shared.db.read(work).await?)
    };
    let (hits, subject) = match found.await {
        Ok(found) => found,
        Err(problem) => return member.failed(&problem),
    };
    let hit = |stand: Stand<Appliance>| {
        let serial = stand.record.serial_number.to_string();
        let site = stand.record.site.as_ref().map_or_else(String::new, |site| format!(" at {site}"));
        Hit {
            to: format!("/c/issue?serial={}", encoded(&serial)),
            about: format!("{} of {}{site}", stand.record.model, stand.record.organization),
            serial,
        }
    };
    let page = Page {
        p: Frame::of(&member, "Issue an RMA", "/c/issue"),
        q,
        hits: hits.map(|hits| hits.into_iter().map(hit).collect()),
        subject,
        channels: Channel::ALL.iter().map(|c| (c.as_str(), words::label(c.as_str()))).collect(),
        key: crate::web::posted::key(),
        script: crate::web::assets::house_js(),
    };
    house::html(&page, Success::Ok.answer())
}

/// The appliances that somebody may mean: by serial number (a former one too), contract, or customer.
fn hits(conn: &mut Conn, q: &str) -> Done<Vec<Stand<Appliance>>> {
    if let Ok(serial) = SerialNumber::parse(q) {
        if let Some(found) = appliances::find(conn, &serial)? {
            return Ok(vec![found]);
        }
        if let Some(present) = lineage::present_of(conn, q, None)?
            && let Ok(present) = SerialNumber::parse(&present)
        {
            return Ok(appliances::find(conn, &present)?.into_iter().collect());
        }
    }
    let mut filter = appliances::Filter::default();
    if let Ok(number) = ContractNumber::parse(q) {
        filter.contract = contracts::id_of(conn, number.as_str())?;
    }
    if filter.contract.is_none() {
        let code = Code::parse(q).ok().map(|code| organizations::id_of(conn, code.as_str())).transpose()?.flatten();
        filter.organization = code.or(organizations::by_name(conn, q)?);
    }
    match (filter.contract, filter.organization) {
        (None, None) => Ok(Vec::new()),
        _ => Ok(appliances::page(conn, &filter, None, FOUND)?.rows),
    }
}

fn subject(conn: &mut Conn, ctx: &Context, serial: &SerialNumber, zone: Tz) -> Done<Option<Subject>> {
    let Some(stand) = appliances::find(conn, serial)? else { return Ok(None) };
    let record = &stand.record;
    let contract = |stand: Stand<Contract>| {
        let facts = contract_facts(&stand);
        let contract = stand.record;
        let (said, covers) = match active_contract(std::slice::from_ref(&facts), ctx.now) {
            Ok(_) => (format!("covered from {} to {}", contract.starts_on, contract.ends_on), true),
            Err(refusal) => (refusal.detail, false),
        };
        (contract.number.to_string(), cell("tier", &Value::from(contract.tier.as_str()), zone), said, covers)
    };
    let named = |name: &str, text: Option<String>| text.map_or(Cell::Empty, |text| cell(name, &Value::from(text), zone));
    let mut facts = vec![
        ("Customer", named("organization", Some(record.organization.to_string()))),
        ("Model", named("model", Some(record.model.to_string()))),
        ("Site", named("site", record.site.as_ref().map(ToString::to_string))),
        ("Maintained until", named("", record.end_of_maintenance_on.map(|day| day.to_string()))),
    ];
    facts.retain(|(_, cell)| *cell != Cell::Empty);
    let fitting = parts::Filter { model: Some(record.model.to_string()), ..Default::default() };
    let parts = parts::page(conn, &fitting, None, PARTS)?.rows.into_iter();
    Ok(Some(Subject {
        serial: serial.to_string(),
        facts,
        contracts: contracts::listing(conn, stand.id)?.into_iter().map(contract).collect(),
        parts: parts.map(|part| (part.record.number.to_string(), part.record.description.to_string())).collect(),
    }))
}

struct Letter {
    subject: String,
    to: String,
    text: String,
}

#[derive(Template)]
#[template(path = "console_preview.html")]
struct Preview {
    p: Frame,
    tiers: (Cell, Cell),
    reasons: Vec<(String, String)>,
    deadlines: Vec<(String, Cell, Cell)>,
    ships_from: String,
    letters: Vec<Letter>,
}

/// What would be promised and written.
pub(super) fn preview(member: &Member, view: &Value) -> HttpResponse {
    let (zone, rma) = (member.zone, &view["rma"]);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let deadline = |d: &Value| {
        let own: Tz = text(&d["zone"]).parse().unwrap_or(zone);
        let due = d["due_at"].as_str().and_then(|due| due.parse().ok()).map_or(Cell::Empty, |due| at(due, own));
        (words::label(&text(&d["kind"])), cell("state", &d["state"], zone), due)
    };
    let page = Preview {
        p: Frame::of(member, "What would be promised", "/c/issue"),
        tiers: (cell("tier", &rma["promise"]["entitled_tier"], zone), cell("tier", &rma["promise"]["delivered_tier"], zone)),
        reasons: list(&rma["promise"]["reasons"]).iter().map(|r| (text(&r["detail"]), text(&r["rule"]))).collect(),
        deadlines: list(&rma["deadlines"]).iter().map(deadline).collect(),
        ships_from: text(&rma["promise"]["ships_from"]),
        letters: list(&view["letters"])
            .iter()
            .map(|l| Letter {
                subject: text(&l["subject"]),
                to: list(&l["to"]).iter().map(&text).collect::<Vec<_>>().join(", "),
                text: text(&l["text"]),
            })
            .collect(),
    };
    house::html(&page, Success::Ok.answer())
}
