//! What reports count: deadlines by how they stood at an instant, in SQL, and pages of the same rows.

use super::conn::on;
use super::schema::{contracts, deadlines, organizations, rma_lines, rmas, service_centers, shipments, verifications};
use super::{Conn, Id, Page, Stored, Ts, Word};
use crate::rules::deadline::{DeadlineKind, DeadlineState};
use crate::rules::report::{AGES, due_between};
use crate::rules::tier::{Region, Tier};
use chrono::DateTime;
use diesel::dsl::{case_when, sum};
use diesel::prelude::*;
use diesel::sql_types::Integer;
use std::collections::HashMap;

/// Which deadlines are counted: those whose clock had started by `as_of`, and that have an instant.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "filters by column")]
pub struct Filter {
    pub kinds: &'static [DeadlineKind],
    pub due_from: Option<Ts>,
    pub due_before: Option<Ts>,
    pub as_of: Ts,
    pub organization: Option<Id>,
    pub service_center: Option<Id>,
    pub tier: Option<Tier>,
    pub region: Option<Region>,
}

/// Which of the deadlines that a filter leaves are listed; void ones never are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    /// Done, or past their instant.
    Decided,
    /// Past their instant, done or not.
    Due,
    /// Done late, or past their instant and not done.
    Missed,
}

/// How the deadlines that a filter leaves stood at its instant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Of cancelled RMAs; none of them is in any other figure.
    pub void: i64,
    /// Done in time.
    pub met: i64,
    /// Done late, or past their instant and not done.
    pub missed: i64,
    /// Neither done nor past their instant.
    pub not_due_yet: i64,
    /// Past their instant.
    pub due: i64,
    /// Not past it, done or not.
    pub not_due: i64,
    /// Past their instant and not done.
    pub overdue: i64,
    /// The same by `rules::report::AGES`.
    pub ages: [i64; 5],
}

/// Narrows a query to what a filter leaves.
macro_rules! narrowed {
    ($query:expr, $filter:expr) => {{
        let filter = $filter;
        let kinds: Vec<Word<DeadlineKind>> = filter.kinds.iter().copied().map(Word).collect();
        let mut q = $query.filter(deadlines::kind.eq_any(kinds)).filter(deadlines::due_at.is_not_null());
        // Before its clock had started there was no deadline with an instant.
        q = q.filter(deadlines::starts_at.le(filter.as_of));
        if let Some(from) = filter.due_from {
            q = q.filter(deadlines::due_at.ge(from));
        }
        if let Some(before) = filter.due_before {
            q = q.filter(deadlines::due_at.lt(before));
        }
        if let Some(organization) = filter.organization {
            q = q.filter(rmas::organization_id.eq(organization));
        }
        if let Some(center) = filter.service_center {
            q = q.filter(rmas::service_center_id.eq(center));
        }
        if let Some(tier) = filter.tier {
            q = q.filter(rmas::delivered_tier.eq(Word(tier)));
        }
        if let Some(region) = filter.region {
            q = q.filter(rmas::contract_id.eq_any(contracts::table.filter(contracts::region.eq(Word(region))).select(contracts::id)));
        }
        q
    }};
}

/// Not void at an instant.
macro_rules! live {
    ($as_of:expr) => {
        deadlines::state.ne(Word(DeadlineState::Void)).or(rmas::ended_at.is_not_null().and(rmas::ended_at.gt($as_of)))
    };
}

/// Past its instant and not done.
macro_rules! overdue {
    ($as_of:expr) => {
        live!($as_of).and(deadlines::due_at.lt($as_of)).and(deadlines::done_at.is_null().or(deadlines::done_at.gt($as_of)))
    };
}

/// Past its instant and not done in time.
macro_rules! missed {
    ($as_of:expr) => {
        live!($as_of).and(deadlines::due_at.lt($as_of)).and(deadlines::done_at.is_null().or(deadlines::done_at.gt(deadlines::due_at)))
    };
}

type Sums = (Option<i64>, Option<i64>, Option<i64>, Option<i64>, Option<i64>, Option<i64>, Option<i64>);
type Ages = (Option<i64>, Option<i64>, Option<i64>, Option<i64>, Option<i64>);

/// Counts what a filter leaves, in one pass over it.
pub fn tally(conn: &mut Conn, filter: &Filter) -> Stored<Tally> {
    let as_of = filter.as_of;
    macro_rules! how_many {
        ($condition:expr) => {
            sum(case_when($condition, 1_i32.into_sql::<Integer>()).otherwise(0_i32.into_sql::<Integer>()))
        };
    }
    macro_rules! aged {
        ($index:literal) => {{
            let (_, first, last) = AGES[$index];
            let (from, before) = due_between(first, last, as_of.at());
            let from = from.map_or(Ts::from(DateTime::UNIX_EPOCH), Ts::from);
            how_many!(overdue!(as_of).and(deadlines::due_at.ge(from)).and(deadlines::due_at.lt(Ts::from(before))))
        }};
    }
    let (sums, ages): (Sums, Ages) = on!(conn, c => {
        let open = deadlines::done_at.is_null().or(deadlines::done_at.gt(as_of));
        let in_time = deadlines::done_at.le(as_of).and(deadlines::done_at.le(deadlines::due_at));
        let void = rmas::ended_at.is_null().or(rmas::ended_at.le(as_of));
        let all = deadlines::table.inner_join(rmas::table.on(rmas::id.eq(deadlines::rma_id))).select((
            (
                how_many!(deadlines::state.eq(Word(DeadlineState::Void)).and(void)),
                how_many!(live!(as_of).and(in_time)),
                how_many!(missed!(as_of)),
                how_many!(live!(as_of).and(deadlines::due_at.ge(as_of)).and(open)),
                how_many!(live!(as_of).and(deadlines::due_at.lt(as_of))),
                how_many!(live!(as_of).and(deadlines::due_at.ge(as_of))),
                how_many!(overdue!(as_of)),
            ),
            (aged!(0), aged!(1), aged!(2), aged!(3), aged!(4)),
        )).into_boxed();
        narrowed!(all, filter).first(c)
    })?;
    // Nothing to sum is no sum.
    let [void, met, missed, not_due_yet, due, not_due, overdue] =
        [sums.0, sums.1, sums.2, sums.3, sums.4, sums.5, sums.6].map(Option::unwrap_or_default);
    let ages = [ages.0, ages.1, ages.2, ages.3, ages.4].map(Option::unwrap_or_default);
    Ok(Tally { void, met, missed, not_due_yet, due, not_due, overdue, ages })
}

/// The service centers of what a filter leaves, void or not, by code.
pub fn centers(conn: &mut Conn, filter: &Filter, limit: i64) -> Stored<Page<String>> {
    let rows: Vec<String> = on!(conn, c => {
        let all = deadlines::table
            .inner_join(rmas::table.on(rmas::id.eq(deadlines::rma_id)))
            .inner_join(service_centers::table.on(rmas::service_center_id.eq(service_centers::id.nullable())))
            .select(service_centers::code).distinct().into_boxed();
        narrowed!(all, filter).order(service_centers::code).limit(limit + 1).load(c)
    })?;
    Ok(Page::of(rows, limit))
}

/// A deadline that was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "columns; see migrations/")]
pub struct Counted {
    pub id: Id,
    pub rma: i64,
    pub kind: DeadlineKind,
    pub organization: String,
    pub service_center: Option<String>,
    pub tier: Tier,
    pub issued_at: Ts,
    pub starts_at: Option<Ts>,
    pub due_at: Ts,
    pub done_at: Option<Ts>,
    pub shipped_at: Option<Ts>,
    pub verified_at: Option<Ts>,
}

type Row = (Id, Word<DeadlineKind>, Option<Ts>, Option<Ts>, Option<Ts>, Id, i64, Word<Tier>, Ts, String, Option<String>, Option<Ts>);

/// A page of them by the instant they were due.
pub fn page(conn: &mut Conn, filter: &Filter, only: Only, after: Option<(Ts, Id)>, limit: i64) -> Stored<Page<Counted>> {
    let as_of = filter.as_of;
    let rows: Vec<Row> = on!(conn, c => {
        let all = deadlines::table
            .inner_join(rmas::table.on(rmas::id.eq(deadlines::rma_id)))
            .inner_join(organizations::table.on(organizations::id.eq(rmas::organization_id)))
            .inner_join(shipments::table.on(shipments::rma_id.eq(rmas::id)))
            .left_join(service_centers::table.on(rmas::service_center_id.eq(service_centers::id.nullable())))
            .select((deadlines::id, deadlines::kind, deadlines::starts_at, deadlines::due_at, deadlines::done_at, rmas::id, rmas::number,
                rmas::delivered_tier, rmas::issued_at, organizations::code, service_centers::code.nullable(), shipments::shipped_at))
            .into_boxed();
        let mut q = narrowed!(all, filter).filter(live!(as_of));
        q = match only {
            Only::Decided => q.filter(deadlines::due_at.lt(as_of).or(deadlines::done_at.le(as_of))),
            Only::Due => q.filter(deadlines::due_at.lt(as_of)),
            Only::Missed => q.filter(missed!(as_of)),
        };
        if let Some((at, id)) = after { q = q.filter(deadlines::due_at.ge(at).and(deadlines::due_at.gt(at).or(deadlines::id.gt(id)))); }
        q.order((deadlines::due_at, deadlines::id)).limit(limit + 1).load(c)
    })?;
    let page = Page::of(rows, limit);
    let verified = verified(conn, page.rows.iter().map(|row| row.5).collect())?;
    Ok(page.map(|(id, kind, starts_at, due_at, done_at, rma_id, rma, tier, issued_at, organization, service_center, shipped_at)| Counted {
        id,
        rma,
        kind: kind.0,
        organization,
        service_center,
        tier: tier.0,
        issued_at,
        starts_at,
        // The filter leaves none without.
        due_at: due_at.unwrap_or(issued_at),
        done_at,
        shipped_at,
        verified_at: verified.get(&rma_id).copied(),
    }))
}

/// When the last defect of each RMA was verified.
fn verified(conn: &mut Conn, mut ids: Vec<Id>) -> Stored<HashMap<Id, Ts>> {
    ids.dedup();
    let rows: Vec<(Id, Ts)> = on!(conn, c => rma_lines::table
        .inner_join(verifications::table.on(verifications::id.eq(rma_lines::verification_id)))
        .filter(rma_lines::rma_id.eq_any(&ids)).select((rma_lines::rma_id, verifications::verified_at)).load(c))?;
    let mut last: HashMap<Id, Ts> = HashMap::new();
    for (rma, at) in rows {
        last.entry(rma).and_modify(|known| *known = (*known).max(at)).or_insert(at);
    }
    Ok(last)
}
