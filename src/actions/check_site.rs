//! The coverage check (P5): dry, stores nothing.

use super::keep::sites;
use super::{Context, Done};
use crate::rules::clock::local_day;
use crate::rules::coverage::{self, Center, Coverage};
use crate::rules::intake::coverage_reasons;
use crate::rules::notice::Reason;
use crate::rules::position::{Point, Position};
use crate::rules::record::{Address, ServiceCenter};
use crate::rules::refusal::Refusal;
use crate::store::{Conn, centers};

/// What the check found.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Verdict, distances, candidates.
    pub coverage: Coverage,
    /// Why it isn't eligible, if it isn't.
    pub reasons: Vec<Reason>,
    /// The position that was judged.
    pub position: Option<Position>,
}

/// Judges an address, with stated coordinates or located by what it says.
pub fn check_site(conn: &mut Conn, ctx: &Context, address: &Address, stated: Option<Point>) -> Done<Answer> {
    super::keep::known_country(&address.country, "/country")?;
    let program = ctx
        .reference
        .programs
        .in_force(ctx.now.date_naive())
        .ok_or_else(|| Refusal::refused("no_program", "P4", "no program is in force"))?;
    let position = sites::locate(&ctx.reference, address, stated);
    let zone = sites::zone_of(&ctx.reference, position.as_ref(), None);
    let country = address.country.as_str();
    let rows = centers::page(conn, &centers::Filter { code: None, country: Some(country.to_owned()) }, None, centers::MOST)?.rows;
    let known: Vec<Center> = rows.iter().map(|s| center(&s.record)).collect();
    let coverage = coverage::check(position.as_ref(), country, program.radius_miles(country), &known, local_day(zone, ctx.now));
    Ok(Answer { reasons: coverage_reasons(&coverage), coverage, position })
}

/// A service center as the rules see it.
pub fn center(record: &ServiceCenter) -> Center {
    let country = record.address.country.to_string();
    Center { code: record.code.clone(), country, point: record.point, opens_on: record.opens_on, closes_on: record.closes_on }
}
