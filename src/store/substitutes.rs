//! What may be sent in place of a part.

use super::conn::{of_each, on};
use super::schema::{part_substitutes, parts};
use super::{Conn, Id, Stored, Word, parsed};
use crate::rules::sourcing::Acceptable;
use crate::rules::stock::Fit;
use crate::rules::text::PartNumber;
use diesel::prelude::*;

/// Most substitutes of a part.
pub const MOST: i64 = 50;

/// A part that may be sent in place of another one.
#[derive(Debug, Clone, PartialEq)]
pub struct Substitute {
    /// The part that it stands in for.
    pub part_id: Id,
    /// Its own row.
    pub id: Id,
    /// What the rules see of it. Whether units of it are kept in stock is for [`super::stock_units::tracked`] to say.
    pub acceptable: Acceptable,
}

/// The substitutes of parts: newer revisions first, then by number.
pub fn of_parts(conn: &mut Conn, part_ids: &[Id]) -> Stored<Vec<Substitute>> {
    type Row = (Id, Id, Word<Fit>, String, bool, bool);
    let by_number =
        part_substitutes::table.inner_join(parts::table.on(parts::id.eq(part_substitutes::substitute_id))).order(parts::number).select((
            part_substitutes::part_id,
            parts::id,
            part_substitutes::fit,
            parts::number,
            parts::excluded_from_gold_plus,
            parts::export_controlled,
        ));
    let rows: Vec<Row> = of_each!(conn, by_number, part_substitutes::part_id, part_ids);
    let substitute = |(part_id, id, fit, number, excluded_from_gold_plus, export_controlled): Row| {
        let part = parsed(PartNumber::parse(&number))?;
        Ok(Substitute {
            part_id,
            id,
            acceptable: Acceptable { part, fit: fit.0, tracked: false, excluded_from_gold_plus, export_controlled },
        })
    };
    let mut found = rows.into_iter().map(substitute).collect::<Stored<Vec<_>>>()?;
    found.sort_by_key(|s| s.acceptable.fit);
    Ok(found)
}

/// True if one part may be sent for another, or is the same.
pub fn fits(conn: &mut Conn, part: Id, substitute: Id) -> Stored<bool> {
    use diesel::dsl::{exists, select};
    Ok(part == substitute || on!(conn, c => select(exists(part_substitutes::table.find((part, substitute)))).get_result(c))?)
}

/// Stores that a part may be sent in place of another, and how.
pub fn save(conn: &mut Conn, part: Id, substitute: Id, fit: Fit) -> Stored<()> {
    let row = (part_substitutes::part_id.eq(part), part_substitutes::substitute_id.eq(substitute), part_substitutes::fit.eq(Word(fit)));
    on!(conn, c => diesel::insert_into(part_substitutes::table).values(row)
        .on_conflict((part_substitutes::part_id, part_substitutes::substitute_id)).do_update().set(part_substitutes::fit.eq(Word(fit))).execute(c))?;
    Ok(())
}

/// Forgets it; false if it wasn't so.
pub fn remove(conn: &mut Conn, part: Id, substitute: Id) -> Stored<bool> {
    Ok(on!(conn, c => diesel::delete(part_substitutes::table.find((part, substitute))).execute(c))? == 1)
}
