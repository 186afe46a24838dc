//! Parts and the models they fit.

use super::catalog::catalog;
use super::conn::{of_each, on};
use super::schema::{models, part_models, parts};
use super::{Conn, Id, Page, Stand, Stored, Ts, parsed};
use crate::rules::record::Part;
use crate::rules::text::{Code, Line, PartNumber};
use diesel::prelude::*;
use std::collections::HashMap;

/// A part of the catalog.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = parts, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
struct PartRow {
    id: Id,
    number: String,
    description: String,
    excluded_from_gold_plus: bool,
    excluded_from_maintenance: bool,
    export_controlled: bool,
    whole_unit: bool,
    version: i32,
    created_at: Ts,
    updated_at: Ts,
}
catalog!(parts, PartRow, number);

/// Which parts are wanted.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "filters by column")]
pub struct Filter {
    pub number: Option<String>,
    pub model: Option<String>,
}

/// A page of parts with the codes of the models they fit, by number.
pub fn page(conn: &mut Conn, filter: &Filter, after: Option<&str>, limit: i64) -> Stored<Page<Stand<Part>>> {
    let rows: Vec<PartRow> = on!(conn, c => {
        let mut q = parts::table.select(PartRow::as_select()).into_boxed();
        if let Some(number) = &filter.number { q = q.filter(parts::number.eq(number)); }
        if let Some(model) = &filter.model {
            let fitting = part_models::table.inner_join(models::table.on(models::id.eq(part_models::model_id)))
                .filter(models::code.eq(model)).select(part_models::part_id);
            q = q.filter(parts::id.eq_any(fitting));
        }
        if let Some(after) = after { q = q.filter(parts::number.gt(after)); }
        q.order(parts::number).limit(limit + 1).load(c)
    })?;
    with_models(conn, Page::of(rows, limit))
}

fn with_models(conn: &mut Conn, page: Page<PartRow>) -> Stored<Page<Stand<Part>>> {
    let ids: Vec<Id> = page.rows.iter().map(|p| p.id).collect();
    let fitted = part_models::table
        .inner_join(models::table.on(models::id.eq(part_models::model_id)))
        .order(models::code)
        .select((part_models::part_id, models::code));
    let fits: Vec<(Id, String)> = of_each!(conn, fitted, part_models::part_id, ids);
    let mut by_part: HashMap<Id, Vec<Code>> = HashMap::new();
    for (part, model) in fits {
        by_part.entry(part).or_default().push(parsed(Code::parse(&model))?);
    }
    page.try_map(|row| {
        let record = Part {
            number: parsed(PartNumber::parse(&row.number))?,
            description: parsed(Line::parse(&row.description))?,
            fits_models: by_part.remove(&row.id).unwrap_or_default(),
            excluded_from_gold_plus: row.excluded_from_gold_plus,
            excluded_from_maintenance: row.excluded_from_maintenance,
            export_controlled: row.export_controlled,
            whole_unit: row.whole_unit,
        };
        Ok(Stand { id: row.id, version: row.version, created_at: row.created_at, updated_at: row.updated_at, record })
    })
}

/// The part with this number.
pub fn find(conn: &mut Conn, number: &PartNumber) -> Stored<Option<Stand<Part>>> {
    let row: Option<PartRow> =
        on!(conn, c => parts::table.filter(parts::number.eq(number.as_str())).select(PartRow::as_select()).get_result(c).optional())?;
    Ok(with_models(conn, Page::single(row))?.rows.pop())
}

/// True if the part exists on the model.
pub fn fits(conn: &mut Conn, part: Id, model: Id) -> Stored<bool> {
    use diesel::dsl::{exists, select};
    Ok(on!(conn, c => select(exists(part_models::table.find((part, model)))).get_result(c))?)
}

/// Counts a change of what belongs to a part as one of the part; false if it hasn't version `was` any more.
pub fn touch(conn: &mut Conn, part: Id, was: i32, now: Ts) -> Stored<bool> {
    let same = parts::table.filter(parts::id.eq(part)).filter(parts::version.eq(was));
    let changed = on!(conn, c => diesel::update(same).set((parts::version.eq(parts::version + 1), parts::updated_at.eq(now))).execute(c))?;
    Ok(changed == 1)
}

/// Stores a part and the models it fits; false if the version before it isn't there any more.
pub fn save(conn: &mut Conn, stand: &Stand<Part>, models: &[Id]) -> Stored<bool> {
    let record = &stand.record;
    let row = PartRow {
        id: stand.id,
        number: record.number.to_string(),
        description: record.description.to_string(),
        excluded_from_gold_plus: record.excluded_from_gold_plus,
        excluded_from_maintenance: record.excluded_from_maintenance,
        export_controlled: record.export_controlled,
        whole_unit: record.whole_unit,
        version: stand.version,
        created_at: stand.created_at,
        updated_at: stand.updated_at,
    };
    if !write(conn, &row)? {
        return Ok(false);
    }
    on!(conn, c => diesel::delete(part_models::table.filter(part_models::part_id.eq(stand.id))).execute(c))?;
    let rows: Vec<_> = models.iter().map(|model| (part_models::part_id.eq(stand.id), part_models::model_id.eq(*model))).collect();
    on!(conn, c => diesel::insert_into(part_models::table).values(&rows).execute(c))?;
    Ok(true)
}
