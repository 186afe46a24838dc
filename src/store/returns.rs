//! The defective units that are expected back, one a line.

use super::conn::{add, of_each, on};
use super::schema::{expected_returns, rma_lines, rmas};
use super::{Conn, Id, Stored, Ts, Word};
use crate::rules::rma::{Condition, ReturnState};
use crate::rules::term::Term;
use chrono::NaiveDate;
use diesel::prelude::*;

/// The return of one defective unit.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = expected_returns, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
#[expect(missing_docs, reason = "columns; see migrations/")]
pub struct ExpectedReturn {
    pub id: Id,
    pub rma_id: Id,
    pub rma_line_id: Id,
    pub line: i32,
    pub serial_number: String,
    pub state: Word<ReturnState>,
    pub carrier: Option<String>,
    pub tracking_number: Option<String>,
    pub shipped_at: Option<Ts>,
    pub received_at: Option<Ts>,
    pub received_serial_number: Option<String>,
    pub condition: Option<Word<Condition>>,
    pub certificate: Option<String>,
    pub destroyed_on: Option<NaiveDate>,
    pub destroyed_by: Option<String>,
}

/// Adds the returns of an RMA.
pub fn insert(conn: &mut Conn, rows: &[ExpectedReturn]) -> Stored<()> {
    add!(conn, expected_returns::table, rows);
    Ok(())
}

/// The returns of RMAs, by line.
pub fn of_rmas(conn: &mut Conn, rmas: &[Id]) -> Stored<Vec<ExpectedReturn>> {
    let by_line = || expected_returns::table.order(expected_returns::line);
    Ok(of_each!(conn, by_line().select(ExpectedReturn::as_select()), expected_returns::rma_id, rmas))
}

/// Stores a return's new facts. The caller holds the RMA's row and has asked the state table.
pub fn update(conn: &mut Conn, row: &ExpectedReturn) -> Stored<()> {
    on!(conn, c => diesel::update(expected_returns::table.find(row.id)).set(row).execute(c))?;
    Ok(())
}

/// The RMA, oldest first, that waits for this serial number, or whose replacement has it; with its organization.
pub fn awaiting(conn: &mut Conn, serial_number: &str) -> Stored<Option<(i64, Id)>> {
    use expected_returns as e;
    let open: Vec<Word<ReturnState>> =
        ReturnState::ALL.iter().filter(|s| s.is_open() || **s == ReturnState::Kept).map(|s| Word(*s)).collect();
    let expected = on!(conn, c => e::table.inner_join(rmas::table.on(rmas::id.eq(e::rma_id)))
        .filter(e::serial_number.eq(serial_number)).filter(e::state.eq_any(open.clone()))
        .order(rmas::number).select((rmas::number, rmas::organization_id)).first(c).optional())?;
    if expected.is_some() {
        return Ok(expected);
    }
    Ok(
        on!(conn, c => e::table.inner_join(rmas::table.on(rmas::id.eq(e::rma_id))).inner_join(rma_lines::table.on(rma_lines::id.eq(e::rma_line_id)))
        .filter(rma_lines::replacement_serial_number.eq(serial_number)).filter(e::state.eq_any(open))
        .order(rmas::number).select((rmas::number, rmas::organization_id)).first(c).optional())?,
    )
}
