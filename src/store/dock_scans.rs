//! What was scanned at the dock: every unit that came back, whoever's it was, and where it went from there.

use super::conn::on;
use super::schema::{dock_scans, rmas, service_centers};
use super::{Conn, Id, Page, Stored, Ts, Word};
use crate::rules::dock::{Disposition, DockOutcome, Finding};
use crate::rules::rma::Condition;
use diesel::prelude::*;

/// A scan.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = dock_scans, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
#[expect(missing_docs, reason = "columns; see migrations/")]
pub struct DockScan {
    pub id: Id,
    pub rma_id: Option<Id>,
    pub line: Option<i32>,
    pub service_center_id: Option<Id>,
    pub serial_number: String,
    pub condition: Word<Condition>,
    pub outcome: Word<DockOutcome>,
    pub scanned_at: Ts,
    pub scanned_by: String,
    pub disposition: Word<Disposition>,
    pub finding: Option<Word<Finding>>,
    pub note: Option<String>,
    pub disposed_at: Option<Ts>,
    pub disposed_by: Option<String>,
}

/// A scan with the names of what it refers to.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the row, the RMA's number and the center's code")]
pub struct Detail {
    pub scan: DockScan,
    pub rma: Option<i64>,
    pub service_center: Option<String>,
}

/// Adds a scan.
pub fn insert(conn: &mut Conn, scan: &DockScan) -> Stored<()> {
    on!(conn, c => diesel::insert_into(dock_scans::table).values(scan).execute(c))?;
    Ok(())
}

/// What was decided about a unit.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the columns")]
pub struct Disposed {
    pub disposition: Disposition,
    pub finding: Option<Finding>,
    pub note: Option<String>,
    pub at: Ts,
    pub by: String,
}

/// Stores what was decided about a unit; false if there is no such scan.
pub fn dispose(conn: &mut Conn, id: Id, disposed: &Disposed) -> Stored<bool> {
    use dock_scans as d;
    let changed = on!(conn, c => diesel::update(d::table.find(id)).set((
        d::disposition.eq(Word(disposed.disposition)), d::finding.eq(disposed.finding.map(Word)), d::note.eq(disposed.note.as_deref()),
        d::disposed_at.eq(Some(disposed.at)), d::disposed_by.eq(Some(disposed.by.as_str())),
    )).execute(c))?;
    Ok(changed == 1)
}

/// Which scans are wanted.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "filters by column")]
pub struct Filter {
    pub id: Option<Id>,
    pub rma: Option<i64>,
    pub outcome: Option<DockOutcome>,
    /// Only units about which nobody has decided yet.
    pub undecided: bool,
}

/// A page of scans, oldest first.
pub fn page(conn: &mut Conn, filter: &Filter, after: Option<Id>, limit: i64) -> Stored<Page<Detail>> {
    let rows: Vec<(DockScan, Option<i64>, Option<String>)> = on!(conn, c => {
        let mut q = dock_scans::table.left_join(rmas::table.on(dock_scans::rma_id.eq(rmas::id.nullable())))
            .left_join(service_centers::table.on(dock_scans::service_center_id.eq(service_centers::id.nullable())))
            .select((DockScan::as_select(), rmas::number.nullable(), service_centers::code.nullable())).into_boxed();
        if let Some(id) = filter.id { q = q.filter(dock_scans::id.eq(id)); }
        if let Some(rma) = filter.rma { q = q.filter(rmas::number.eq(rma)); }
        if let Some(outcome) = filter.outcome { q = q.filter(dock_scans::outcome.eq(Word(outcome))); }
        if filter.undecided { q = q.filter(dock_scans::disposed_at.is_null()); }
        if let Some(after) = after { q = q.filter(dock_scans::id.gt(after)); }
        q.order(dock_scans::id).limit(limit + 1).load(c)
    })?;
    Ok(Page::of(rows, limit).map(|(scan, rma, service_center)| Detail { scan, rma, service_center }))
}
