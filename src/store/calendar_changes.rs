//! Holidays that operators have added or struck. Append-only: a change is undone by another one.

use super::conn::on;
use super::schema::calendar_changes;
use super::{Conn, Page, Stored, Ts, Word, parsed};
use crate::rules::calendar::{ChangeKind, DayChange, DaysOf};
use chrono::NaiveDate;
use diesel::prelude::*;

/// Most changes that there may be: all are read for each deadline that is computed.
pub const MOST: i64 = 5_000;

#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = calendar_changes, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
struct Row {
    number: i64,
    days_of: String,
    day: NaiveDate,
    kind: Word<ChangeKind>,
    name: String,
    made_at: Ts,
    made_by: String,
}

/// A change as it was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// What.
    pub change: DayChange,
    /// When.
    pub at: Ts,
    /// By whom, as the audit names them.
    pub by: String,
}

impl Row {
    fn made(self) -> Stored<Made> {
        let change =
            DayChange { number: self.number, days_of: parsed(self.days_of.parse())?, day: self.day, kind: self.kind.0, name: self.name };
        Ok(Made { change, at: self.made_at, by: self.made_by })
    }
}

/// Stores a change.
pub fn insert(conn: &mut Conn, made: &Made) -> Stored<()> {
    let change = &made.change;
    let row = Row {
        number: change.number,
        days_of: change.days_of.to_string(),
        day: change.day,
        kind: Word(change.kind),
        name: change.name.clone(),
        made_at: made.at,
        made_by: made.by.clone(),
    };
    on!(conn, c => diesel::insert_into(calendar_changes::table).values(&row).execute(c))?;
    Ok(())
}

/// Every change, in order.
pub fn all(conn: &mut Conn) -> Stored<Vec<DayChange>> {
    let rows: Vec<Row> = on!(conn, c => calendar_changes::table.select(Row::as_select()).order(calendar_changes::number).load(c))?;
    rows.into_iter().map(|row| row.made().map(|made| made.change)).collect()
}

/// A page of changes, oldest first; `days_of` narrows it to one place.
pub fn page(conn: &mut Conn, days_of: Option<&DaysOf>, after: Option<i64>, limit: i64) -> Stored<Page<Made>> {
    let rows: Vec<Row> = on!(conn, c => {
        let mut q = calendar_changes::table.select(Row::as_select()).into_boxed();
        if let Some(days_of) = days_of { q = q.filter(calendar_changes::days_of.eq(days_of.to_string())); }
        if let Some(after) = after { q = q.filter(calendar_changes::number.gt(after)); }
        q.order(calendar_changes::number).limit(limit + 1).load(c)
    })?;
    Page::of(rows, limit).try_map(Row::made)
}
