//! What reports count: deadlines by how they stood at an instant, in SQL, and pages of the same rows.

use super::conn::on;
use super::schema::{contracts, deadlines, organizations, rma_lines, rmas, service_centers, shipments, verifications};
use super::{Conn, Id, Page, Stored, Ts, Word};
use crate::rules::deadline::{DeadlineKind, DeadlineState};
use crate::rules::report::Standing;
use crate::rules::tier::{Region, Tier};
use diesel::dsl::count_star;
use diesel::prelude::*;
use std::collections::HashMap;

/// Which deadlines are counted: those of RMAs that were issued by `as_of`, and have an instant.
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

/// How the deadlines that are wanted stood at the filter's instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    /// As `rules::report::standing` says.
    Standing(Standing),
    /// Done, or past their instant.
    Decided,
    /// Past their instant, done or not.
    Due,
    /// Past their instant and not done.
    Overdue,
    /// Neither void nor past their instant.
    NotDue,
}

/// Narrows a query to what a filter and a standing leave.
macro_rules! narrowed {
    ($query:expr, $filter:expr, $only:expr) => {{
        let (filter, as_of) = ($filter, $filter.as_of);
        let kinds: Vec<Word<DeadlineKind>> = filter.kinds.iter().copied().map(Word).collect();
        let mut q = $query.filter(deadlines::kind.eq_any(kinds)).filter(deadlines::due_at.is_not_null()).filter(rmas::issued_at.le(as_of));
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
        let void = Word(DeadlineState::Void);
        q = match $only {
            Only::Standing(Standing::Void) => {
                q.filter(deadlines::state.eq(void)).filter(rmas::ended_at.is_null().or(rmas::ended_at.le(as_of)))
            }
            _ => q.filter(deadlines::state.ne(void).or(rmas::ended_at.gt(as_of))),
        };
        let late = deadlines::done_at.is_null().or(deadlines::done_at.gt(deadlines::due_at));
        let in_time = deadlines::done_at.le(deadlines::due_at);
        let open = deadlines::done_at.is_null().or(deadlines::done_at.gt(as_of));
        match $only {
            Only::Standing(Standing::Void) => q,
            Only::Standing(Standing::Met) => q.filter(deadlines::done_at.le(as_of)).filter(in_time),
            Only::Standing(Standing::Missed) => q.filter(deadlines::due_at.lt(as_of)).filter(late),
            Only::Standing(Standing::NotDueYet) => q.filter(deadlines::due_at.ge(as_of)).filter(open),
            Only::Decided => q.filter(deadlines::due_at.lt(as_of).or(deadlines::done_at.le(as_of))),
            Only::Due => q.filter(deadlines::due_at.lt(as_of)),
            Only::Overdue => q.filter(deadlines::due_at.lt(as_of)).filter(open),
            Only::NotDue => q.filter(deadlines::due_at.ge(as_of)),
        }
    }};
}

/// How many there are.
pub fn count(conn: &mut Conn, filter: &Filter, only: Only) -> Stored<i64> {
    Ok(on!(conn, c => {
        let all = deadlines::table.inner_join(rmas::table.on(rmas::id.eq(deadlines::rma_id))).select(count_star()).into_boxed();
        narrowed!(all, filter, only).first(c)
    })?)
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
    let rows: Vec<Row> = on!(conn, c => {
        let all = deadlines::table
            .inner_join(rmas::table.on(rmas::id.eq(deadlines::rma_id)))
            .inner_join(organizations::table.on(organizations::id.eq(rmas::organization_id)))
            .inner_join(shipments::table.on(shipments::rma_id.eq(rmas::id)))
            .left_join(service_centers::table.on(rmas::service_center_id.eq(service_centers::id.nullable())))
            .select((deadlines::id, deadlines::kind, deadlines::starts_at, deadlines::due_at, deadlines::done_at, rmas::id, rmas::number,
                rmas::delivered_tier, rmas::issued_at, organizations::code, service_centers::code.nullable(), shipments::shipped_at))
            .into_boxed();
        let mut q = narrowed!(all, filter, only);
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
