//! The defective units that are expected back, one a line.

use super::conn::on;
use super::schema::expected_returns;
use super::{Conn, Id, Stored, Ts, Word};
use crate::rules::rma::{Condition, ReturnState};
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
}

/// Adds the returns of an RMA.
pub fn insert(conn: &mut Conn, rows: &[ExpectedReturn]) -> Stored<()> {
    on!(conn, c => diesel::insert_into(expected_returns::table).values(rows).execute(c))?;
    Ok(())
}

/// The returns of an RMA, by line.
pub fn of_rma(conn: &mut Conn, rma: Id) -> Stored<Vec<ExpectedReturn>> {
    Ok(
        on!(conn, c => expected_returns::table.filter(expected_returns::rma_id.eq(rma)).order(expected_returns::line).select(ExpectedReturn::as_select()).load(c))?,
    )
}

/// Stores a return's new facts. The caller holds the RMA's row and has asked the state table.
pub fn update(conn: &mut Conn, row: &ExpectedReturn) -> Stored<()> {
    on!(conn, c => diesel::update(expected_returns::table.find(row.id)).set(row).execute(c))?;
    Ok(())
}
