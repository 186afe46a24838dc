//! What if the network were another: which contracts would gain or lose Gold Plus, and what the RMAs of the last months would
//! have done. Reads by pages, stores nothing.

use super::{Context, Done};
use crate::rules::coverage::{Coverage, Inquiry, Verdict};
use crate::rules::notice::Reason;
use crate::rules::number::RmaNumber;
use crate::rules::position::Position;
use crate::rules::program::Program;
use crate::rules::refusal::Refusal;
use crate::rules::tier::Tier;
use crate::rules::what_if::{Changes, World, centers, compare, program, would_be};
use crate::rules::zone::local_day;
use crate::store::network::{self, Placed};
use crate::store::{Conn, Id, centers as stored};
use chrono::{DateTime, Months, Utc};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Rows that are read at once.
const PIECE: i64 = 5_000;
/// Identifiers that one query names.
const NAMES: usize = 500;
/// RMAs that are looked at.
const RMAS_MOST: usize = 200_000;
/// Rows that a list of the answer has.
pub const SHOWN: usize = 200;

/// A contract at a site that gains or loses Gold Plus.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Shift {
    pub contract: String,
    pub organization: String,
    pub site: String,
    pub appliances: i64,
    pub now: Coverage,
    pub then: Coverage,
}

/// What the RMAs of the last months would have done.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Past {
    /// How many were issued.
    pub looked_at: usize,
    /// True where there were more than are looked at.
    pub truncated: bool,
    /// How many were delivered by each tier.
    pub delivered: BTreeMap<Tier, usize>,
    /// How many would have been.
    pub what_if: BTreeMap<Tier, usize>,
    /// Those that would have been delivered by another tier: number, site, tier then and now.
    pub changed: Vec<(RmaNumber, String, Tier, Tier)>,
}

/// The whole answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The version of the program.
    pub program_version: String,
    /// Who gains.
    pub gained: Vec<Shift>,
    /// Who loses.
    pub lost: Vec<Shift>,
    /// From when on RMAs are looked at.
    pub since: DateTime<Utc>,
    /// What they would have done.
    pub past: Past,
}

/// Sites for which it makes a difference, by identifier: the code, the coverage now and then.
type Differences = HashMap<Id, (String, Coverage, Coverage)>;

/// Answers what would be another.
pub fn what_if(conn: &mut Conn, ctx: &Context, changes: &Changes, months: u32) -> Done<Answer> {
    let today = ctx.program().ok_or_else(|| Refusal::refused("no_program", "P5.2", "no program is in force"))?;
    let (added, known) = (&changes.add, stored::all(conn)?);
    added.iter().enumerate().try_for_each(|(index, (_, country, _))| {
        let known = crate::reference::countries::exists(country);
        let field = format!("/add/{index}/country");
        if known { Ok(()) } else { Err(Refusal::input("unknown_country", field, format!("{country} is no ISO 3166-1 country"))) }
    })?;
    let then = centers(&known, changes)?;
    let worlds = (World::new(known, today.clone()), World::new(then, program(today, changes)));
    let differences = differences(conn, ctx, today, &worlds)?;
    let (gained, lost) = shifts(conn, ctx, &differences)?;
    let since = ctx.now.checked_sub_months(Months::new(months)).unwrap_or(ctx.now);
    let past = past(conn, since, &differences)?;
    Ok(Answer { program_version: today.version.clone(), gained, lost, since, past })
}

fn differences(conn: &mut Conn, ctx: &Context, program: &Program, worlds: &(World, World)) -> Done<Differences> {
    let (mut found, mut after) = (Differences::new(), None);
    loop {
        let page = network::places(conn, None, after, PIECE)?;
        let Some(last) = page.last().map(|place| place.id) else { return Ok(found) };
        after = Some(last);
        for Placed { id, code, country, postal_code, position, confirmed, zone } in page {
            let place = Inquiry { position: Some(&position), country: &country, confirmed, only_nearest: true };
            let evidence = |position: &Position| ctx.reference.evidence(position, &country, postal_code.as_deref(), program);
            if let Some((now, then)) = compare((&worlds.0, &worlds.1), &place, local_day(zone, ctx.now), evidence) {
                found.insert(id, (code, now, then));
            }
        }
    }
}

fn shifts(conn: &mut Conn, ctx: &Context, differences: &Differences) -> Done<(Vec<Shift>, Vec<Shift>)> {
    let ids: Vec<Id> = differences.keys().copied().collect();
    let mut all = Vec::new();
    for piece in ids.chunks(NAMES) {
        for (site, contract, organization, appliances) in network::gold_plus_at(conn, piece, ctx.now.date_naive())? {
            let Some((code, now, then)) = differences.get(&site).cloned() else { continue };
            all.push(Shift { contract, organization, site: code, appliances, now, then });
        }
    }
    all.sort_by(|a, b| (&a.contract, &a.site).cmp(&(&b.contract, &b.site)));
    Ok(all.into_iter().partition(|shift| shift.then.verdict == Verdict::Eligible))
}

fn past(conn: &mut Conn, since: DateTime<Utc>, differences: &Differences) -> Done<Past> {
    let (mut past, mut before) = (Past::default(), None);
    loop {
        let page = network::issued(conn, before, PIECE)?;
        let Some(last) = page.last() else { return Ok(past) };
        before = Some(last.0);
        let over = last.4.at() < since;
        for (number, site, delivered, reasons, issued_at, entitled, four_hour) in page {
            if issued_at.at() < since {
                continue;
            }
            if past.looked_at == RMAS_MOST {
                past.truncated = true;
                return Ok(past);
            }
            past.looked_at += 1;
            let delivered = delivered.0;
            let by_courier = entitled.0 == Tier::GoldPlus || four_hour;
            let difference = site.filter(|_| by_courier).and_then(|site| differences.get(&site));
            let other = match difference {
                Some((_, _, then)) => would_be(delivered, &reasons.read::<Vec<Reason>>()?, then.verdict == Verdict::Eligible),
                None => delivered,
            };
            *past.delivered.entry(delivered).or_default() += 1;
            *past.what_if.entry(other).or_default() += 1;
            if let Some(((code, ..), number)) = difference.zip(RmaNumber::of(number)).filter(|_| other != delivered) {
                past.changed.push((number, code.clone(), delivered, other));
            }
        }
        if over {
            return Ok(past);
        }
    }
}

/// How many contracts these are, each counted once.
pub fn contracts_of(shifts: &[Shift]) -> usize {
    shifts.iter().map(|shift| shift.contract.as_str()).collect::<BTreeSet<_>>().len()
}
