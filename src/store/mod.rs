//! What is remembered: the only room with SQL. One file a table (or a table with its children), plural like the tables.
//!
//! `Db::read` and `Db::write` are the only doors. Functions take `&mut Conn`, run the same on SQLite and PostgreSQL, and
//! know nothing of who asks or why.
//!
//! The row of a unique key is read with `get_result`, not `first`: SQLite compiles a statement anew for each value of its `LIMIT`,
//! and `get_result` has none. Conditions of partial indexes are written out (`not(void)`), for no plan uses them for a value that
//! it doesn't know.

pub mod appliances;
pub mod calendar_changes;
pub mod carriers;
pub mod cases;
mod catalog;
pub mod center_requests;
pub mod centers;
pub mod certificates;
pub mod charges;
pub mod conn;
pub mod contracts;
pub mod couriers;
pub mod db;
pub mod deadlines;
pub mod dispatches;
pub mod dock_scans;
pub mod error;
pub mod events;
pub mod idempotency;
pub mod lineage;
pub mod map;
pub mod migrate;
pub mod models;
pub mod network;
pub mod numbers;
pub mod organizations;
pub mod outbox;
pub mod parts;
pub mod people;
pub mod proofs;
pub mod reports;
pub mod returns;
pub mod rmas;
pub mod schema;
pub mod secrets;
pub mod sessions;
pub mod shipments;
pub mod sign_in;
pub mod sites;
pub mod stock_units;
pub mod substitutes;
pub mod tokens;
pub mod types;

pub use conn::Conn;
pub use db::Db;
pub use error::StoreError;
pub use types::{Id, Json, Ts, Word};

use crate::rules::position::{Grade, Method, Point, Position};

/// What a store function gives.
pub type Stored<T> = Result<T, StoreError>;

/// One page of a list and the key after which the next one starts.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The rows, at most as many as were asked for.
    pub rows: Vec<T>,
    /// True if there are more.
    pub more: bool,
}

impl<T> Page<T> {
    /// Cuts the one row too many that tells whether there are more.
    fn of(mut rows: Vec<T>, limit: i64) -> Self {
        let keep = usize::try_from(limit).unwrap_or(0);
        let more = rows.len() > keep;
        rows.truncate(keep);
        Self { rows, more }
    }
    /// The page of at most one row.
    fn single(row: Option<T>) -> Self {
        Self { rows: row.into_iter().collect(), more: false }
    }
    /// Turns the rows into something else.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { rows: self.rows.into_iter().map(f).collect(), more: self.more }
    }
    /// Turns the rows into something else, or stops at the first that is unreadable.
    pub fn try_map<U>(self, f: impl FnMut(T) -> Stored<U>) -> Stored<Page<U>> {
        Ok(Page { rows: self.rows.into_iter().map(f).collect::<Stored<_>>()?, more: self.more })
    }
}

/// A record as it stands in the store.
#[derive(Debug, Clone, PartialEq)]
pub struct Stand<R> {
    /// Its identifier inside.
    pub id: Id,
    /// 1 when new, one more with every change: the ETag.
    pub version: i32,
    /// When it was added.
    pub created_at: Ts,
    /// When it was last changed.
    pub updated_at: Ts,
    /// The record.
    pub record: R,
}

impl<R> Stand<R> {
    /// A record that is new at `now`.
    pub fn new(record: R, now: Ts) -> Self {
        Self { id: Id::new(), version: 1, created_at: now, updated_at: now, record }
    }
    /// The record changed at `now`: the next version.
    pub fn changed(&self, record: R, now: Ts) -> Self {
        Self { id: self.id, version: self.version.saturating_add(1), created_at: self.created_at, updated_at: now, record }
    }
}

/// A value that was valid when it was written: anything else is a row from elsewhere.
fn parsed<T>(value: Result<T, crate::rules::text::TextFault>) -> Stored<T> {
    value.map_err(|fault| StoreError::Unreadable(fault.detail))
}

/// The same for a column that may be empty.
fn parsed_if<T>(value: Option<&String>, parse: impl Fn(&str) -> Result<T, crate::rules::text::TextFault>) -> Stored<Option<T>> {
    parsed(value.map(|v| parse(v)).transpose())
}

/// The columns of a position. A row of a program that didn't know what it was located by has the last step of its grade.
fn position(point: Point, grade: Word<Grade>, located_by: Option<Word<Method>>, radius_meters: f64) -> Position {
    let by_grade = match grade.0 {
        Grade::Given => Method::Given,
        Grade::PostalCode => Method::PostalCode,
        Grade::City | Grade::None => Method::City,
    };
    Position::located(point, located_by.map_or(by_grade, |word| word.0), radius_meters)
}

/// The columns of an address, as tables of places have them.
fn address(
    lines: &Json,
    city: &str,
    region: Option<&String>,
    postal_code: Option<&String>,
    country: &str,
) -> Stored<crate::rules::record::Address> {
    use crate::rules::text::{Country, Line, PostalCode};
    Ok(crate::rules::record::Address {
        lines: lines.read()?,
        city: parsed(Line::parse(city))?,
        region: parsed_if(region, Line::parse)?,
        postal_code: parsed_if(postal_code, PostalCode::parse)?,
        country: parsed(Country::parse(country))?,
    })
}
