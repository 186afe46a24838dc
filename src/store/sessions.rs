//! Sessions of browsers: only a hash of the cookie is kept.

use super::conn::on;
use super::people::Person;
use super::schema::{people, sessions};
use super::{Conn, Id, Stored, Ts, Word};
use crate::rules::sign_in::Stage;
use diesel::prelude::*;

/// A session's row.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
#[expect(missing_docs, reason = "columns; see migrations/")]
pub struct Session {
    pub id: Id,
    pub person_id: Id,
    pub hash: String,
    pub stage: Word<Stage>,
    pub user_agent: String,
    pub created_at: Ts,
    pub seen_at: Ts,
    pub expires_at: Ts,
    pub ended_at: Option<Ts>,
}

/// The most that are listed of one person.
const LISTED_MOST: i64 = 200;

/// Adds a session.
pub fn insert(conn: &mut Conn, session: &Session) -> Stored<()> {
    on!(conn, c => diesel::insert_into(sessions::table).values(session).execute(c))?;
    Ok(())
}

/// The session of this hash that wasn't ended, of a person who isn't disabled.
pub fn by_hash(conn: &mut Conn, hash: &str) -> Stored<Option<(Session, Person)>> {
    Ok(on!(conn, c => sessions::table
        .inner_join(people::table.on(sessions::person_id.eq(people::id)))
        .filter(sessions::hash.eq(hash)).filter(sessions::ended_at.is_null()).filter(people::disabled_at.is_null())
        .select((Session::as_select(), Person::as_select())).first(c).optional())?)
}

/// Remembers when a session was last seen.
pub fn touch(conn: &mut Conn, id: Id, at: Ts) -> Stored<()> {
    on!(conn, c => diesel::update(sessions::table.find(id).filter(sessions::seen_at.lt(at))).set(sessions::seen_at.eq(at)).execute(c))?;
    Ok(())
}

/// Ends a session of this person; false if there is none, or it has ended.
pub fn end(conn: &mut Conn, person: Id, id: Id, at: Ts) -> Stored<bool> {
    let changed = on!(conn, c => diesel::update(sessions::table.find(id).filter(sessions::person_id.eq(person)).filter(sessions::ended_at.is_null()))
        .set(sessions::ended_at.eq(Some(at))).execute(c))?;
    Ok(changed == 1)
}

/// Ends the session that a browser had before it got another.
pub fn replace(conn: &mut Conn, id: Id, at: Ts) -> Stored<()> {
    on!(conn, c => diesel::update(sessions::table.find(id).filter(sessions::ended_at.is_null())).set(sessions::ended_at.eq(Some(at))).execute(c))?;
    Ok(())
}

/// Ends every session of a person but `except`; how many there were.
pub fn end_all(conn: &mut Conn, person: Id, except: Option<Id>, at: Ts) -> Stored<usize> {
    // No session has the id of a new one.
    let except = except.unwrap_or_default();
    Ok(
        on!(conn, c => diesel::update(sessions::table.filter(sessions::person_id.eq(person)).filter(sessions::ended_at.is_null()).filter(sessions::id.ne(except)))
        .set(sessions::ended_at.eq(Some(at))).execute(c))?,
    )
}

/// The sessions of a person that were not ended and had not expired at `now`, the newest first.
pub fn of_person(conn: &mut Conn, person: Id, now: Ts) -> Stored<Vec<Session>> {
    Ok(
        on!(conn, c => sessions::table.filter(sessions::person_id.eq(person)).filter(sessions::ended_at.is_null()).filter(sessions::expires_at.gt(now))
        .order(sessions::id.desc()).limit(LISTED_MOST).select(Session::as_select()).load(c))?,
    )
}

/// Forgets sessions that expired before.
pub fn forget(conn: &mut Conn, before: Ts) -> Stored<usize> {
    Ok(on!(conn, c => diesel::delete(sessions::table.filter(sessions::expires_at.lt(before))).execute(c))?)
}
