//! Deadlines and the steps of their working.

use super::conn::{add, of_each, on};
use super::schema::{deadline_steps, deadlines, rmas};
use super::{Conn, Id, Json, Page, Stored, Ts, Word};
use crate::rules::clock::Step;
use crate::rules::deadline::{Deadline, DeadlineKind, DeadlineState};
use crate::rules::rma::RmaState;
use diesel::prelude::*;
use std::collections::HashMap;

/// A deadline's row. `basis` is all that it was computed from, so that it can be replayed.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = deadlines, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
#[expect(missing_docs, reason = "columns; see migrations/")]
pub struct DeadlineRow {
    pub id: Id,
    pub rma_id: Id,
    pub kind: Word<DeadlineKind>,
    pub clock: String,
    pub state: Word<DeadlineState>,
    pub starts_at: Option<Ts>,
    pub due_at: Option<Ts>,
    pub done_at: Option<Ts>,
    pub remind_at: Option<Ts>,
    pub zone: String,
    pub calendar: String,
    pub basis: Json,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = deadline_steps, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
struct StepRow {
    deadline_id: Id,
    position: i32,
    from_at: Ts,
    to_at: Ts,
    counted: String,
    note: String,
    rule: String,
}

/// A deadline as it was stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// Its identifier.
    pub id: Id,
    /// Its RMA.
    pub rma_id: Id,
    /// The RMA's number.
    pub rma: i64,
    /// The deadline with basis, state, instant and steps.
    pub deadline: Deadline,
    /// When its thing was done.
    pub done_at: Option<Ts>,
    /// When the next reminder is to be looked at.
    pub remind_at: Option<Ts>,
}

fn row(kept: &Kept) -> Stored<DeadlineRow> {
    let deadline = &kept.deadline;
    Ok(DeadlineRow {
        id: kept.id,
        rma_id: kept.rma_id,
        kind: Word(deadline.basis.kind),
        clock: deadline.basis.target.clock().to_owned(),
        state: Word(deadline.state),
        starts_at: deadline.basis.starts_at.map(Ts::from),
        due_at: deadline.due_at.map(Ts::from),
        done_at: kept.done_at,
        remind_at: kept.remind_at,
        zone: deadline.basis.zone.name().to_owned(),
        calendar: deadline.basis.calendar.clone(),
        basis: Json::of(&deadline.basis)?,
    })
}

fn steps(kept: &Kept) -> impl Iterator<Item = StepRow> {
    (1_i32..).zip(&kept.deadline.steps).map(|(position, step)| StepRow {
        deadline_id: kept.id,
        position,
        from_at: step.from.into(),
        to_at: step.to.into(),
        counted: step.counted.clone(),
        note: step.note.clone(),
        rule: step.rule.clone(),
    })
}

/// Stores new deadlines with their steps.
pub fn insert(conn: &mut Conn, new: &[Kept]) -> Stored<()> {
    let rows = new.iter().map(row).collect::<Stored<Vec<_>>>()?;
    let steps: Vec<StepRow> = new.iter().flat_map(steps).collect();
    add!(conn, deadlines::table, &rows);
    add!(conn, deadline_steps::table, &steps);
    Ok(())
}

/// Stores what became of a deadline, with its steps.
pub fn update(conn: &mut Conn, kept: &Kept) -> Stored<()> {
    let (row, steps) = (row(kept)?, steps(kept).collect::<Vec<_>>());
    on!(conn, c => diesel::update(deadlines::table.find(kept.id)).set(&row).execute(c))?;
    on!(conn, c => diesel::delete(deadline_steps::table.filter(deadline_steps::deadline_id.eq(kept.id))).execute(c))?;
    add!(conn, deadline_steps::table, &steps);
    Ok(())
}

/// Which deadlines are wanted.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "filters by column")]
pub struct Filter {
    pub rma: Option<Id>,
    pub organization: Option<Id>,
    pub state: Option<DeadlineState>,
    pub kind: Option<DeadlineKind>,
    pub due_from: Option<Ts>,
    pub due_before: Option<Ts>,
}

/// The deadlines of an RMA, in the order in which they were made.
pub fn of_rma(conn: &mut Conn, rma: Id) -> Stored<Vec<Kept>> {
    of_rmas(conn, &[rma])
}

/// The deadlines of RMAs, in the order in which they were made.
pub fn of_rmas(conn: &mut Conn, ids: &[Id]) -> Stored<Vec<Kept>> {
    let rows: Vec<(DeadlineRow, i64)> = of_each!(
        conn,
        deadlines::table
            .inner_join(rmas::table.on(rmas::id.eq(deadlines::rma_id)))
            .order(deadlines::id)
            .select((DeadlineRow::as_select(), rmas::number)),
        deadlines::rma_id,
        ids
    );
    with_steps(conn, rows)
}

/// The rows that a filter leaves, with the number of their RMA.
macro_rules! filtered {
    ($filter:expr) => {{
        let filter = $filter;
        let mut q = deadlines::table
            .inner_join(rmas::table.on(rmas::id.eq(deadlines::rma_id)))
            .select((DeadlineRow::as_select(), rmas::number))
            .into_boxed();
        if let Some(rma) = filter.rma {
            q = q.filter(deadlines::rma_id.eq(rma));
        }
        if let Some(organization) = filter.organization {
            q = q.filter(rmas::organization_id.eq(organization));
        }
        if let Some(state) = filter.state {
            q = q.filter(deadlines::state.eq(Word(state)));
        }
        if let Some(kind) = filter.kind {
            q = q.filter(deadlines::kind.eq(Word(kind)));
        }
        if let Some(from) = filter.due_from {
            q = q.filter(deadlines::due_at.ge(from));
        }
        if let Some(before) = filter.due_before {
            q = q.filter(deadlines::due_at.lt(before));
        }
        q
    }};
}

/// A page of deadlines that have an instant, by it.
pub fn page(conn: &mut Conn, filter: &Filter, after: Option<(Ts, Id)>, limit: i64) -> Stored<Page<Kept>> {
    let rows: Vec<(DeadlineRow, i64)> = on!(conn, c => {
        let mut q = filtered!(filter).filter(deadlines::due_at.is_not_null());
        if let Some((at, id)) = after { q = q.filter(deadlines::due_at.ge(at).and(deadlines::due_at.gt(at).or(deadlines::id.gt(id)))); }
        q.order((deadlines::due_at, deadlines::id)).limit(limit + 1).load(c)
    })?;
    page_of(conn, rows, limit)
}

/// A page of deadlines without an instant (waiting, paused), oldest first.
pub fn page_undated(conn: &mut Conn, filter: &Filter, after: Option<Id>, limit: i64) -> Stored<Page<Kept>> {
    let rows: Vec<(DeadlineRow, i64)> = on!(conn, c => {
        let mut q = filtered!(filter).filter(deadlines::due_at.is_null());
        if let Some(after) = after { q = q.filter(deadlines::id.gt(after)); }
        q.order(deadlines::id).limit(limit + 1).load(c)
    })?;
    page_of(conn, rows, limit)
}

/// A page of deadlines, oldest first, whether they have an instant or not.
pub fn page_by_age(conn: &mut Conn, filter: &Filter, after: Option<Id>, limit: i64) -> Stored<Page<Kept>> {
    let rows: Vec<(DeadlineRow, i64)> = on!(conn, c => {
        let mut q = filtered!(filter);
        if let Some(after) = after { q = q.filter(deadlines::id.gt(after)); }
        q.order(deadlines::id).limit(limit + 1).load(c)
    })?;
    page_of(conn, rows, limit)
}

fn page_of(conn: &mut Conn, rows: Vec<(DeadlineRow, i64)>, limit: i64) -> Stored<Page<Kept>> {
    let page = Page::of(rows, limit);
    Ok(Page { more: page.more, rows: with_steps(conn, page.rows)? })
}

/// Deadlines of replacements that haven't left, or haven't arrived, by their instant, without their steps.
pub fn of_replacements(conn: &mut Conn, organization: Option<Id>, limit: i64) -> Stored<Vec<Kept>> {
    let rows: Vec<(DeadlineRow, i64)> = on!(conn, c => {
        let mut q = deadlines::table.inner_join(rmas::table.on(rmas::id.eq(deadlines::rma_id)))
            .filter(deadlines::done_at.is_null())
            .filter(deadlines::kind.eq_any([Word(DeadlineKind::ShipBy), Word(DeadlineKind::DeliverBy)]))
            .filter(deadlines::due_at.is_not_null())
            .filter(rmas::state.eq_any([Word(RmaState::Issued), Word(RmaState::Shipped)]))
            .select((DeadlineRow::as_select(), rmas::number)).into_boxed();
        if let Some(organization) = organization { q = q.filter(rmas::organization_id.eq(organization)); }
        q.order((deadlines::due_at, deadlines::id)).limit(limit).load(c)
    })?;
    rows.into_iter().map(|(row, rma)| kept(row, rma, Vec::new())).collect()
}

fn kept(row: DeadlineRow, rma: i64, steps: Vec<Step>) -> Stored<Kept> {
    let deadline = Deadline { basis: row.basis.read()?, state: row.state.0, due_at: row.due_at.map(Ts::at), steps };
    Ok(Kept { id: row.id, rma_id: row.rma_id, rma, deadline, done_at: row.done_at, remind_at: row.remind_at })
}

fn with_steps(conn: &mut Conn, rows: Vec<(DeadlineRow, i64)>) -> Stored<Vec<Kept>> {
    let ids: Vec<Id> = rows.iter().map(|(d, _)| d.id).collect();
    let steps: Vec<StepRow> = of_each!(
        conn,
        deadline_steps::table.order((deadline_steps::deadline_id, deadline_steps::position)).select(StepRow::as_select()),
        deadline_steps::deadline_id,
        ids
    );
    let mut by_deadline: HashMap<Id, Vec<Step>> = HashMap::new();
    for s in steps {
        let step = Step { from: s.from_at.at(), to: s.to_at.at(), counted: s.counted, note: s.note, rule: s.rule };
        by_deadline.entry(s.deadline_id).or_default().push(step);
    }
    let whole = |(row, rma): (DeadlineRow, i64)| {
        let steps = by_deadline.remove(&row.id).unwrap_or_default();
        kept(row, rma, steps)
    };
    rows.into_iter().map(whole).collect()
}

/// Running deadlines that are past `now`, with the identifiers of their RMAs; on PostgreSQL locked, and those that another
/// node holds are skipped. Marks them missed.
pub fn miss(conn: &mut Conn, now: Ts, limit: i64) -> Stored<Vec<Kept>> {
    let d = diesel::alias!(deadlines as d);
    macro_rules! overdue {
        () => {
            d.filter(d.field(deadlines::state).eq(Word(DeadlineState::Running)))
                .filter(d.field(deadlines::due_at).lt(now))
                .order(d.field(deadlines::due_at))
                .limit(limit)
                .select(d.field(deadlines::id))
        };
    }
    macro_rules! mark {
        ($c:expr, $ids:expr) => {
            diesel::update(deadlines::table.filter(deadlines::id.eq_any($ids)))
                .set(deadlines::state.eq(Word(DeadlineState::Missed)))
                .returning(deadlines::id)
                .get_results::<Id>($c)
        };
    }
    let ids = match conn {
        Conn::Pg(c) => mark!(c, overdue!().for_update().skip_locked())?,
        Conn::Sqlite(c) => mark!(c, overdue!())?,
    };
    by_ids(conn, ids)
}

/// Deadlines whose next reminder is to be looked at; on PostgreSQL locked, and those that another node holds are skipped.
pub fn to_remind(conn: &mut Conn, now: Ts, limit: i64) -> Stored<Vec<Kept>> {
    macro_rules! due {
        () => {
            deadlines::table.filter(deadlines::remind_at.le(now)).order(deadlines::remind_at).limit(limit).select(deadlines::id)
        };
    }
    let ids: Vec<Id> = match conn {
        Conn::Pg(c) => due!().for_update().skip_locked().load(c)?,
        Conn::Sqlite(c) => due!().load(c)?,
    };
    by_ids(conn, ids)
}

/// Sets when the next reminder is to be looked at.
pub fn set_remind_at(conn: &mut Conn, id: Id, at: Option<Ts>) -> Stored<()> {
    on!(conn, c => diesel::update(deadlines::table.find(id)).set(deadlines::remind_at.eq(at)).execute(c))?;
    Ok(())
}

fn by_ids(conn: &mut Conn, ids: Vec<Id>) -> Stored<Vec<Kept>> {
    let rows: Vec<(DeadlineRow, i64)> = on!(conn, c => deadlines::table.inner_join(rmas::table.on(rmas::id.eq(deadlines::rma_id)))
        .filter(deadlines::id.eq_any(ids)).order(deadlines::id).select((DeadlineRow::as_select(), rmas::number)).load(c))?;
    with_steps(conn, rows)
}
