//! Contracts.

use super::{Context, Done, Keep, resolve};
use crate::reference::Reference;
use crate::rules::four_hour;
use crate::rules::record::Contract;
use crate::rules::refusal::Refusal;
use crate::rules::tier::Region;
use crate::store::{Conn, Id, Stand, Stored, Ts, contracts, organizations};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// The kind.
#[derive(Debug)]
pub enum Contracts {}

impl Keep for Contracts {
    type Record = Contract;
    const KIND: &'static str = "contract";
    fn key(record: &Contract) -> &str {
        record.number.as_str()
    }
    fn find(conn: &mut Conn, ctx: &Context, key: &str) -> Stored<Option<Stand<Contract>>> {
        let organization = ctx.actor.scope.organization();
        let filter = contracts::Filter { number: Some(key.to_ascii_uppercase()), organization, ..Default::default() };
        Ok(contracts::page(conn, &filter, None, 1)?.rows.pop())
    }
    fn store(conn: &mut Conn, ctx: &Context, stand: &Stand<Contract>, before: Option<&Contract>) -> Done<bool> {
        let record = &stand.record;
        if record.ends_on < record.starts_on {
            return Err(Refusal::input("ends_before_start", "/ends_on", "a contract ends on or after the day it starts").into());
        }
        if before.is_some_and(|b| b.organization != record.organization) {
            return Err(Refusal::input("organization_fixed", "/organization", "a contract can't move to another organization").into());
        }
        let terms = ctx.program().map(|program| &program.gold_plus);
        if let Some(terms) = terms {
            four_hour::check(record, before, terms.offered_since)?;
        }
        let offer_at = terms.and_then(|terms| four_hour::offer_at(record, terms.four_hour_offer_days)).map(Ts::from);
        let code = record.organization.as_str();
        let organization = resolve(organizations::id_of(conn, code)?, "unknown_organization", "/organization", "organization", code)?;
        Ok(contracts::save(conn, stand, organization, offer_at)?)
    }
    fn erase(conn: &mut Conn, _ctx: &Context, id: Id, was: i32) -> Stored<bool> {
        contracts::remove(conn, id, was)
    }
}

/// The zone of a contract that names none: the one of its region's coverage hours (P3.2).
pub fn zone_of(reference: &Reference, region: Region, now: DateTime<Utc>) -> Tz {
    let program = reference.programs.in_force(now.date_naive());
    program.and_then(|p| p.coverage_hours.get(&region)).map_or(Tz::UTC, |window| window.zone)
}
