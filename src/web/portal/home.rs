//! `/my`: where everything stands.

use super::{Next, day, own};
use crate::actions::dossier::Dossier;
use crate::actions::issue_rma::contract_facts;
use crate::actions::{ActionError, Context, Done};
use crate::http::problem::{Problem, Success};
use crate::rules::entitlement::active_contract;
use crate::rules::record::{Appliance, Contract};
use crate::rules::rma::RmaState;
use crate::rules::term::Term;
use crate::rules::text::ContractNumber;
use crate::rules::zone::local_day;
use crate::store::{Conn, Id, Stand, appliances, contracts, organizations, rmas};
use crate::web::console::figures::Cell;
use crate::web::console::words;
use crate::web::house::{self, Frame};
use crate::web::member::Member;
use actix_web::{HttpResponse, get};
use askama::Template;
use chrono_tz::Tz;
use std::collections::BTreeMap;

/// RMAs of a state on the page, contracts that are looked at, and appliances on the page; the rest is in the lists.
const RMAS: i64 = 10;
const CONTRACTS: i64 = 200;
const APPLIANCES: i64 = 50;

struct Open {
    number: String,
    what: String,
    next: Next,
}

/// Something with its cover.
struct Covered {
    name: String,
    about: String,
    tone: &'static str,
    cover: String,
}

#[derive(Template)]
#[template(path = "my_home.html")]
struct Page {
    p: Frame,
    organization: String,
    rmas: Vec<Open>,
    appliances: Vec<Covered>,
    more: bool,
    contracts: Vec<Covered>,
}

struct Found {
    organization: String,
    rmas: Vec<Open>,
    appliances: Vec<Covered>,
    more: bool,
    contracts: Vec<Covered>,
}

/// The page.
#[get("")]
pub async fn show(member: Member) -> HttpResponse {
    let found = async {
        let (organization, ctx, zone) = (own(&member)?, member.context(), member.zone);
        Ok::<_, Problem>(member.shared.db.read(move |conn| gather(conn, &ctx, organization, zone)).await?)
    };
    let Found { organization, rmas, appliances, more, contracts } = match found.await {
        Ok(found) => found,
        Err(problem) => return member.failed(&problem),
    };
    let page = Page { p: Frame::of(&member, "Your service", "/my"), organization, rmas, appliances, more, contracts };
    house::html(&page, Success::Ok.answer())
}

fn gather(conn: &mut Conn, ctx: &Context, organization: Id, zone: Tz) -> Done<Found> {
    let owner = organizations::get(conn, organization)?.ok_or(ActionError::NotFound("organization"))?;
    let filter = contracts::Filter { organization: Some(organization), ..Default::default() };
    let mut all = contracts::page(conn, &filter, None, CONTRACTS)?.rows;
    let by_number: BTreeMap<ContractNumber, Stand<Contract>> =
        all.iter().map(|stand| (stand.record.number.clone(), stand.clone())).collect();
    let filter = appliances::Filter { organization: Some(organization), ..Default::default() };
    let page = appliances::page(conn, &filter, None, APPLIANCES)?;
    // What ends last comes first; what is over is at the end.
    all.sort_by_key(|stand| std::cmp::Reverse(stand.record.ends_on));
    Ok(Found {
        organization: owner.record.name.to_string(),
        rmas: open(conn, organization, zone)?,
        more: page.more,
        appliances: page.rows.iter().map(|stand| appliance(&stand.record, &by_number, ctx)).collect(),
        contracts: all.iter().map(|stand| contract(&stand.record, ctx)).collect(),
    })
}

/// The RMAs that go on, those that wait for the customer in front.
fn open(conn: &mut Conn, organization: Id, zone: Tz) -> Done<Vec<Open>> {
    let mut all = Vec::new();
    for state in [RmaState::Delivered, RmaState::Issued, RmaState::Shipped, RmaState::Returned] {
        let filter = rmas::Filter { organization: Some(organization), state: Some(state), ..Default::default() };
        for (row, names) in rmas::page(conn, &filter, None, RMAS)?.rows {
            let dossier = Dossier::gather_named(conn, row, names)?;
            let parts: Vec<&str> = dossier.lines.iter().filter(|(line, ..)| !line.void).map(|(_, _, what)| what.as_str()).collect();
            let serial = dossier.lines.first().map_or("", |(line, ..)| line.serial_number.as_str());
            let what = format!("{} for {serial}", parts.join(", "));
            all.push(Open { number: dossier.number.to_string(), what, next: Next::of(&dossier, zone) });
        }
    }
    all.sort_by_key(|rma| !rma.next.whose.starts_with("Your"));
    Ok(all)
}

fn appliance(record: &Appliance, contracts: &BTreeMap<ContractNumber, Stand<Contract>>, ctx: &Context) -> Covered {
    let facts: Vec<_> = record.contracts.iter().filter_map(|number| contracts.get(number)).map(contract_facts).collect();
    let (tone, cover) = match active_contract(&facts, ctx.now) {
        Ok(best) => {
            let upto = record.end_of_maintenance_on.map_or(best.ends_on, |end| end.min(best.ends_on));
            let tier = words::label(best.tier.as_str());
            match upto < local_day(best.zone, ctx.now) {
                true => ("bad", format!("Maintenance ended {}", day(upto))),
                false => ("good", format!("{tier} until {}", day(upto))),
            }
        }
        Err(refusal) => match facts.iter().map(|facts| facts.starts_on).filter(|_| refusal.code == "contract_not_started").min() {
            Some(starts_on) => ("wait", format!("Cover starts {}", day(starts_on))),
            None => (
                "bad",
                facts.iter().map(|facts| facts.ends_on).max().map_or("No cover".to_owned(), |end| format!("Cover ended {}", day(end))),
            ),
        },
    };
    let site = record.site.as_ref().map_or("no site registered".to_owned(), |site| format!("at {site}"));
    Covered { name: record.serial_number.to_string(), about: format!("{}, {site}", record.model), tone, cover }
}

fn contract(record: &Contract, ctx: &Context) -> Covered {
    let today = local_day(record.zone, ctx.now);
    let (tone, cover) = match (record.starts_on > today, record.ends_on < today) {
        (true, _) => ("wait", format!("Starts {}, ends {}", day(record.starts_on), day(record.ends_on))),
        (_, true) => ("bad", format!("Ended {}", day(record.ends_on))),
        _ => ("good", format!("{} to {}", day(record.starts_on), day(record.ends_on))),
    };
    Covered { name: record.number.to_string(), about: words::label(record.tier.as_str()), tone, cover }
}
