//! Product models.

use super::catalog::catalog;
use super::conn::on;
use super::schema::models;
use super::{Conn, Id, Page, Stand, Stored, Ts, parsed};
use crate::rules::record::Model;
use crate::rules::text::{Code, Line};
use diesel::prelude::*;

/// A product model.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = models, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
struct ModelRow {
    id: Id,
    code: String,
    name: String,
    version: i32,
    created_at: Ts,
    updated_at: Ts,
}
catalog!(models, ModelRow, code);

/// A page of models, by code.
pub fn page(conn: &mut Conn, code: Option<&str>, after: Option<&str>, limit: i64) -> Stored<Page<Stand<Model>>> {
    let rows: Vec<ModelRow> = on!(conn, c => {
        let mut q = models::table.select(ModelRow::as_select()).into_boxed();
        if let Some(code) = code { q = q.filter(models::code.eq(code)); }
        if let Some(after) = after { q = q.filter(models::code.gt(after)); }
        q.order(models::code).limit(limit + 1).load(c)
    })?;
    Page::of(rows, limit).try_map(|row| {
        let record = Model { code: parsed(Code::parse(&row.code))?, name: parsed(Line::parse(&row.name))? };
        Ok(Stand { id: row.id, version: row.version, created_at: row.created_at, updated_at: row.updated_at, record })
    })
}

/// Stores a model; false if the version before it isn't there any more.
pub fn save(conn: &mut Conn, stand: &Stand<Model>) -> Stored<bool> {
    let Model { code, name } = &stand.record;
    let row = ModelRow {
        id: stand.id,
        code: code.to_string(),
        name: name.to_string(),
        version: stand.version,
        created_at: stand.created_at,
        updated_at: stand.updated_at,
    };
    write(conn, &row)
}
