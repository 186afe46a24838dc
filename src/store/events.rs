//! The audit: who did what when, with what was before and after. Append-only; the schema refuses anything else.

use super::conn::on;
use super::schema::events;
use super::{Conn, Id, Json, Page, Stored, Ts};
use diesel::prelude::*;

/// An event.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = events, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
#[expect(missing_docs, reason = "columns; see migrations/")]
pub struct Event {
    pub id: Id,
    pub at: Ts,
    pub actor: String,
    pub action: String,
    pub subject_kind: String,
    pub subject: String,
    pub before: Option<Json>,
    pub after: Option<Json>,
    pub request_id: Option<String>,
}

/// Appends an event.
pub fn append(conn: &mut Conn, event: &Event) -> Stored<()> {
    on!(conn, c => diesel::insert_into(events::table).values(event).execute(c))?;
    Ok(())
}

/// A page of a subject's events, oldest first.
pub fn page(conn: &mut Conn, subject_kind: &str, subject: &str, after: Option<Id>, limit: i64) -> Stored<Page<Event>> {
    let rows = on!(conn, c => {
        let mut q = events::table.filter(events::subject_kind.eq(subject_kind)).filter(events::subject.eq(subject)).select(Event::as_select()).into_boxed();
        if let Some(after) = after { q = q.filter(events::id.gt(after)); }
        q.order(events::id).limit(limit + 1).load(c)
    })?;
    Ok(Page::of(rows, limit))
}

/// The instant of the latest event.
pub fn latest(conn: &mut Conn) -> Stored<Option<Ts>> {
    Ok(on!(conn, c => events::table.select(events::at).order(events::id.desc()).first(c).optional())?)
}
