//! Who may sign in.

use super::conn::on;
use super::schema::{organizations, people};
use super::{Conn, Id, Page, Stored, Ts, Word};
use crate::rules::role::Role;
use crate::rules::sign_in::email_key;
use diesel::prelude::*;

/// A person's row.
#[derive(Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = people, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
#[expect(missing_docs, reason = "columns; see migrations/")]
pub struct Person {
    pub id: Id,
    pub email: String,
    pub email_key: String,
    pub name: String,
    pub role: Word<Role>,
    pub organization_id: Option<Id>,
    pub administrator: bool,
    pub zone: String,
    pub password_hash: Option<String>,
    pub totp_secret: Option<String>,
    pub totp_since: Option<Ts>,
    pub totp_step: Option<i64>,
    pub created_at: Ts,
    pub confirmed_at: Option<Ts>,
    pub disabled_at: Option<Ts>,
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Person").field("id", &self.id).field("role", &self.role).finish_non_exhaustive()
    }
}

impl Person {
    /// True if a second factor is asked for.
    pub fn has_factor(&self) -> bool {
        self.totp_since.is_some()
    }
}

/// A person with the code of the organization.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the row, and the code of its reference")]
pub struct Named {
    pub person: Person,
    pub organization: Option<String>,
}

/// Adds a person.
pub fn insert(conn: &mut Conn, person: &Person) -> Stored<()> {
    on!(conn, c => diesel::insert_into(people::table).values(person).execute(c))?;
    Ok(())
}

/// True once there is anybody.
pub fn any(conn: &mut Conn) -> Stored<bool> {
    let first: Option<Id> = on!(conn, c => people::table.select(people::id).first(c).optional())?;
    Ok(first.is_some())
}

/// Whose address this is.
pub fn by_email(conn: &mut Conn, email: &str) -> Stored<Option<Person>> {
    let key = email_key(email);
    // PostgreSQL takes no text with this in it.
    if key.contains('\0') {
        return Ok(None);
    }
    Ok(on!(conn, c => people::table.filter(people::email_key.eq(&key)).select(Person::as_select()).first(c).optional())?)
}

/// The person with this id.
pub fn get(conn: &mut Conn, id: Id) -> Stored<Option<Person>> {
    Ok(on!(conn, c => people::table.find(id).select(Person::as_select()).first(c).optional())?)
}

/// The person with this id, whom nobody else changes until the transaction ends.
pub fn lock(conn: &mut Conn, id: Id) -> Stored<Option<Person>> {
    Ok(match conn {
        Conn::Pg(c) => people::table.find(id).for_update().select(Person::as_select()).first(c).optional()?,
        Conn::Sqlite(c) => people::table.find(id).select(Person::as_select()).first(c).optional()?,
    })
}

/// A page of people, oldest first.
pub fn page(conn: &mut Conn, id: Option<Id>, organization: Option<Id>, after: Option<Id>, limit: i64) -> Stored<Page<Named>> {
    let rows: Vec<(Person, Option<String>)> = on!(conn, c => {
        let mut q = people::table
            .left_join(organizations::table.on(people::organization_id.eq(organizations::id.nullable())))
            .select((Person::as_select(), organizations::code.nullable())).into_boxed();
        if let Some(id) = id { q = q.filter(people::id.eq(id)); }
        if let Some(organization) = organization { q = q.filter(people::organization_id.eq(organization)); }
        if let Some(after) = after { q = q.filter(people::id.gt(after)); }
        q.order(people::id).limit(limit + 1).load(c)
    })?;
    Ok(Page::of(rows, limit).map(|(person, organization)| Named { person, organization }))
}

/// Exchanges the password's hash.
pub fn set_password(conn: &mut Conn, id: Id, hash: Option<&str>) -> Stored<()> {
    on!(conn, c => diesel::update(people::table.find(id)).set(people::password_hash.eq(hash)).execute(c))?;
    Ok(())
}

/// Exchanges the second factor; nobody has to know it yet while `since` is `None`.
pub fn set_totp(conn: &mut Conn, id: Id, secret: Option<&str>, since: Option<Ts>, step: Option<i64>) -> Stored<()> {
    let set = (people::totp_secret.eq(secret), people::totp_since.eq(since), people::totp_step.eq(step));
    on!(conn, c => diesel::update(people::table.find(id)).set(set).execute(c))?;
    Ok(())
}

/// Takes a step of the second factor; false if it, or a later one, was taken already.
pub fn take_step(conn: &mut Conn, id: Id, step: i64) -> Stored<bool> {
    let changed = on!(conn, c => diesel::update(people::table.find(id).filter(people::totp_step.is_null().or(people::totp_step.lt(step))))
        .set(people::totp_step.eq(Some(step))).execute(c))?;
    Ok(changed == 1)
}

/// Remembers that the person has come by the address; the first time counts.
pub fn confirm(conn: &mut Conn, id: Id, at: Ts) -> Stored<()> {
    on!(conn, c => diesel::update(people::table.find(id).filter(people::confirmed_at.is_null())).set(people::confirmed_at.eq(Some(at))).execute(c))?;
    Ok(())
}

/// Disables a person; false if it was done before.
pub fn disable(conn: &mut Conn, id: Id, at: Ts) -> Stored<bool> {
    let changed = on!(conn, c => diesel::update(people::table.find(id).filter(people::disabled_at.is_null())).set(people::disabled_at.eq(Some(at))).execute(c))?;
    Ok(changed == 1)
}

/// Sets the zone that pages are shown in.
pub fn set_zone(conn: &mut Conn, id: Id, zone: &str) -> Stored<()> {
    on!(conn, c => diesel::update(people::table.find(id)).set(people::zone.eq(zone)).execute(c))?;
    Ok(())
}
