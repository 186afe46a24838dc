//! Couriers.

use super::catalog::catalog;
use super::conn::{of_each, on};
use super::schema::couriers;
use super::{Conn, Id, Page, Stand, Stored, Ts, Word, parsed};
use crate::rules::record::Courier;
use crate::rules::text::{Code, Email, Line, Phone};
use crate::rules::tier::Language;
use diesel::prelude::*;

/// A courier.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = couriers, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
struct CourierRow {
    id: Id,
    code: String,
    name: String,
    email: String,
    phone: String,
    language: Word<Language>,
    version: i32,
    created_at: Ts,
    updated_at: Ts,
}
catalog!(couriers, CourierRow, code);

impl CourierRow {
    fn stand(self) -> Stored<Stand<Courier>> {
        let record = Courier {
            code: parsed(Code::parse(&self.code))?,
            name: parsed(Line::parse(&self.name))?,
            email: parsed(Email::parse(&self.email))?,
            phone: parsed(Phone::parse(&self.phone))?,
            language: self.language.0,
        };
        Ok(Stand { id: self.id, version: self.version, created_at: self.created_at, updated_at: self.updated_at, record })
    }
}

/// A page of couriers, by code.
pub fn page(conn: &mut Conn, code: Option<&str>, after: Option<&str>, limit: i64) -> Stored<Page<Stand<Courier>>> {
    let rows: Vec<CourierRow> = on!(conn, c => {
        let mut q = couriers::table.select(CourierRow::as_select()).into_boxed();
        if let Some(code) = code { q = q.filter(couriers::code.eq(code)); }
        if let Some(after) = after { q = q.filter(couriers::code.gt(after)); }
        q.order(couriers::code).limit(limit + 1).load(c)
    })?;
    Page::of(rows, limit).try_map(CourierRow::stand)
}

/// The courier with this code.
pub fn find(conn: &mut Conn, code: &Code) -> Stored<Option<Stand<Courier>>> {
    let row: Option<CourierRow> =
        on!(conn, c => couriers::table.filter(couriers::code.eq(code.as_str())).select(CourierRow::as_select()).get_result(c).optional())?;
    row.map(CourierRow::stand).transpose()
}

/// The courier with this identifier.
pub fn get(conn: &mut Conn, id: Id) -> Stored<Option<Stand<Courier>>> {
    Ok(all(conn, &[id])?.pop())
}

/// The couriers with these identifiers.
pub fn all(conn: &mut Conn, ids: &[Id]) -> Stored<Vec<Stand<Courier>>> {
    let rows: Vec<CourierRow> = of_each!(conn, couriers::table.select(CourierRow::as_select()), couriers::id, ids);
    rows.into_iter().map(CourierRow::stand).collect()
}

/// Stores a courier; false if the version before it isn't there any more.
pub fn save(conn: &mut Conn, stand: &Stand<Courier>) -> Stored<bool> {
    let record = &stand.record;
    let row = CourierRow {
        id: stand.id,
        code: record.code.to_string(),
        name: record.name.to_string(),
        email: record.email.to_string(),
        phone: record.phone.to_string(),
        language: Word(record.language),
        version: stand.version,
        created_at: stand.created_at,
        updated_at: stand.updated_at,
    };
    write(conn, &row)
}
