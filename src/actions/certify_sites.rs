//! Renewing coverage certificates (P5.2, P5.3) where a site, the network or the program changed, and telling the customer
//! of another verdict then, not when something fails.

use super::dossier::place;
use super::{Context, Done};
use crate::rules::center_request::RequestedCenter;
use crate::rules::certificate::{self, Certificate};
use crate::rules::coverage::{self, Center, Inquiry, Network, Verdict};
use crate::rules::notice::{CoverageChange, Mailbox, Notice, NoticeFacts, NoticeKind};
use crate::rules::position::Position;
use crate::rules::program::Program;
use crate::rules::record::{Contact, Site};
use crate::rules::text::PostalCode;
use crate::rules::tier::Tier;
use crate::rules::zone::{Zone, local_day};
use crate::store::{Conn, Id, Stand, Stored, Ts, appliances, center_requests, centers, certificates, organizations, outbox, sites};
use chrono::{NaiveDate, NaiveTime, Utc};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// The centers that count for a country (P5.2): indexed once for all of its sites, and as a list for the days on which they open
/// and close; and those that are asked for (P5.4).
struct Centers {
    list: Vec<Center>,
    network: Network,
    requests: Vec<RequestedCenter>,
}

impl Centers {
    fn of(conn: &mut Conn, ctx: &Context, country: &str) -> Stored<Self> {
        let countries = ctx.counted_with(country);
        let (list, requests) = (centers::network(conn, &countries)?, center_requests::open(conn, &countries)?);
        let network = ctx.program().map_or_else(Network::default, |program| Network::of(list.clone(), program));
        Ok(Self { network, list, requests })
    }
}

/// Renews the certificates that are due, at most `limit`; how many were looked at. Several nodes may do this at once.
pub fn certify_sites(conn: &mut Conn, ctx: &Context, limit: i64) -> Done<usize> {
    centers::hold(conn)?;
    let due = certificates::due(conn, ctx.ts(), limit)?;
    let mut networks: HashMap<String, Centers> = HashMap::new();
    for (id, organization) in &due {
        let Some(site) = sites::get(conn, *id)? else { continue };
        let country = ctx.home_of(site.record.address.country.as_str());
        let known = match networks.entry(country.to_owned()) {
            Entry::Occupied(found) => found.into_mut(),
            Entry::Vacant(free) => free.insert(Centers::of(conn, ctx, country)?),
        };
        certify(conn, ctx, &site, *organization, (known, false))?;
    }
    Ok(due.len())
}

/// Certifies a site that was registered or changed just now.
pub fn certify_site(conn: &mut Conn, ctx: &Context, site: &Stand<Site>, organization: Id) -> Done<()> {
    let known = Centers::of(conn, ctx, site.record.address.country.as_str())?;
    certify(conn, ctx, site, organization, (&known, true))
}

/// Has the sites looked at again whose certificate rests on other terms than those of the program that is in force now; how
/// many those are.
pub fn flag_program(conn: &mut Conn, ctx: &Context) -> Done<usize> {
    match ctx.program() {
        Some(program) => Ok(certificates::flag_terms(conn, &program.gold_plus)?),
        None => Ok(0),
    }
}

/// Judges a registered site (P5.2, P5.3).
fn judge(ctx: &Context, site: &Site, known: &Centers, program: &Program, day: NaiveDate) -> Certificate {
    let (country, postal_code) = (site.address.country.as_str(), site.address.postal_code.as_ref().map(PostalCode::as_str));
    let place =
        Inquiry { position: site.position.as_ref(), country, confirmed: site.position_confirmed == Some(true), only_nearest: false };
    let evidence = |position: &Position| ctx.reference.evidence(position, country, postal_code, program);
    let coverage = coverage::judge(&known.network, &place, program, day, evidence).with_requested(&known.requests, place.position);
    certificate::certify(&coverage, &place, program)
}

/// `known` is what counts for the site's country; with true where the site is stored just now.
fn certify(conn: &mut Conn, ctx: &Context, site: &Stand<Site>, organization: Id, known: (&Centers, bool)) -> Done<()> {
    let (known, stored_now) = known;
    let zone = &site.record.zone;
    let programs = &ctx.reference.programs;
    let day = local_day(*zone, ctx.now);
    let starts = programs.all().iter().map(|p| p.effective_from.and_time(NaiveTime::MIN).and_local_timezone(Utc));
    let mut next = starts.filter_map(|at| at.single()).filter(|at| *at > ctx.now).min();
    if let Some(program) = ctx.program() {
        let after = judge(ctx, &site.record, known, program, day);
        let before = certificates::current(conn, site.id)?;
        if before.as_ref().is_none_or(|before| certificate::changed(before, &after)) {
            let id = certificates::replace(conn, site.id, &after, certificate::cause(before.as_ref(), &after, stored_now), ctx.ts())?;
            if let Some(before) = before.filter(|before| before.verdict != after.verdict) {
                let key = format!("site/{}/coverage/{id}", site.record.code);
                tell(conn, ctx, site, organization, Told { key, was: before.verdict, now: &after, comes_on: None })?;
            }
        }
        if let Some((ends_on, then)) = ending(ctx, &site.record, known, program, &after, day) {
            warn(conn, ctx, site, organization, (ends_on, &after, &then))?;
        }
        let opens = certificate::next_day(&after, &known.list, day).map(|day| Zone::of(*zone).start_of_day(day));
        next = next.into_iter().chain(opens).min();
    }
    Ok(certificates::set_due(conn, site.id, next.map(Ts::from))?)
}

/// The day on which the nearest center closes, and the certificate that the site will have then, where that one isn't eligible
/// any more (P5.4).
fn ending(
    ctx: &Context,
    site: &Site,
    known: &Centers,
    program: &Program,
    now: &Certificate,
    day: NaiveDate,
) -> Option<(NaiveDate, Certificate)> {
    let near = now.nearest.as_ref().filter(|_| now.verdict == Verdict::Eligible)?;
    let closes_on = known.list.iter().find(|center| center.code == near.center)?.closes_on.filter(|closes| *closes > day)?;
    let then = judge(ctx, site, known, program, closes_on);
    (then.verdict != Verdict::Eligible).then_some((closes_on, then))
}

/// Tells the customer ahead of the day on which Gold Plus ends; once for each center and day.
fn warn(conn: &mut Conn, ctx: &Context, site: &Stand<Site>, owner: Id, told: (NaiveDate, &Certificate, &Certificate)) -> Done<()> {
    let (ends_on, now, then) = told;
    let closing = now.nearest.as_ref().map(|near| near.center.to_string()).unwrap_or_default();
    let key = format!("site/{}/coverage-ending/{closing}/{ends_on}", site.record.code);
    tell(conn, ctx, site, owner, Told { key, was: now.verdict, now: then, comes_on: Some(ends_on) })
}

/// What a letter tells about a site.
struct Told<'a> {
    key: String,
    was: Verdict,
    now: &'a Certificate,
    comes_on: Option<NaiveDate>,
}

/// Appliances that a letter names.
const NAMED_MOST: i64 = 20;

/// Promises the letter about another verdict; its key keeps it from being promised twice.
fn tell(conn: &mut Conn, ctx: &Context, site: &Stand<Site>, owner: Id, told: Told<'_>) -> Done<()> {
    let Told { key, was, now, comes_on } = told;
    let Some(organization) = organizations::get(conn, owner)? else { return Ok(()) };
    let (record, customer) = (&site.record, organization.record);
    let contact = |c: &Contact| Mailbox { name: c.name.to_string(), email: c.email.clone() };
    let day = comes_on.unwrap_or_else(|| local_day(record.zone, ctx.now));
    let (appliances, appliances_total) = appliances::under_gold_plus(conn, site.id, day, NAMED_MOST)?;
    let notice = Notice {
        key,
        kind: if comes_on.is_some() { NoticeKind::CoverageEnding } else { NoticeKind::CoverageChanged },
        to: customer.contacts.iter().map(contact).collect(),
        language: customer.language,
        zone: record.zone,
        facts: NoticeFacts {
            rma: None,
            case: None,
            organization: customer.name.to_string(),
            written_at: ctx.now,
            entitled_tier: Tier::GoldPlus,
            delivered_tier: if now.verdict == Verdict::Eligible { Tier::GoldPlus } else { Tier::Gold },
            reasons: now.reasons.clone(),
            lines: Vec::new(),
            ships_from: None,
            ship_to: Some(place(record.code.as_str(), record.name.as_str(), &record.address)),
            contact: None,
            receiving_notes: None,
            deadlines: Vec::new(),
            shipment: None,
            remark: None,
            scanned: Vec::new(),
            coverage: Some(CoverageChange {
                site: record.code.clone(),
                was,
                now: now.verdict,
                nearest: now.nearest.clone(),
                limit_miles: now.limit_miles,
                appliances,
                appliances_total,
                comes_on,
            }),
            dispatch: None,
            tracking: None,
            sign_in: None,
            keeps_media: false,
        },
    };
    outbox::promise(conn, &notice, None, Some(owner))?;
    Ok(())
}
