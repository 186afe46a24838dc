//! The series of numbers that people read out. A row a series, advanced in the transaction that uses the number: no gaps.

use super::conn::on;
use super::schema::numbers;
use super::{Conn, Stored};
use diesel::prelude::*;

/// A series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Series {
    /// Support cases.
    Case,
    /// RMAs.
    Rma,
    /// Sites that customers registered.
    Site,
    /// Changes of calendars. Who takes one keeps the next one waiting until the transaction ends: they are seen in their order.
    CalendarChange,
}

/// Takes the next number of a series.
pub fn next(conn: &mut Conn, series: Series) -> Stored<i64> {
    let name = match series {
        Series::Case => "case",
        Series::Rma => "rma",
        Series::Site => "site",
        Series::CalendarChange => "calendar_change",
    };
    Ok(
        on!(conn, c => diesel::update(numbers::table.find(name)).set(numbers::last.eq(numbers::last + 1)).returning(numbers::last).get_result(c))?,
    )
}
