//! What signing in leaves behind: links that were sent, tries that were bad, codes for who has lost the phone.

use super::conn::on;
use super::schema::{recovery_codes, sign_in_links, sign_in_tries};
use super::{Conn, Id, Stored, Ts, Word};
use crate::rules::sign_in::LinkPurpose;
use diesel::prelude::*;

/// A link's row. Its token is signed from the id and kept nowhere.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = sign_in_links, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
#[expect(missing_docs, reason = "columns; see migrations/")]
pub struct LinkRow {
    pub id: Id,
    pub person_id: Option<Id>,
    pub purpose: Word<LinkPurpose>,
    pub created_at: Ts,
    pub expires_at: Ts,
    pub used_at: Option<Ts>,
}

/// Adds a link.
pub fn insert_link(conn: &mut Conn, link: &LinkRow) -> Stored<()> {
    on!(conn, c => diesel::insert_into(sign_in_links::table).values(link).execute(c))?;
    Ok(())
}

/// The link with this id.
pub fn link(conn: &mut Conn, id: Id) -> Stored<Option<LinkRow>> {
    Ok(on!(conn, c => sign_in_links::table.find(id).select(LinkRow::as_select()).first(c).optional())?)
}

/// Uses a link up; false if somebody was quicker.
pub fn use_link(conn: &mut Conn, id: Id, at: Ts) -> Stored<bool> {
    let changed = on!(conn, c => diesel::update(sign_in_links::table.find(id).filter(sign_in_links::used_at.is_null()))
        .set(sign_in_links::used_at.eq(Some(at))).execute(c))?;
    Ok(changed == 1)
}

/// Uses up every link of a person (`None`: those of the first start).
pub fn end_links(conn: &mut Conn, person: Option<Id>, at: Ts) -> Stored<()> {
    let set = sign_in_links::used_at.eq(Some(at));
    let open = sign_in_links::used_at.is_null();
    match person {
        Some(id) => {
            on!(conn, c => diesel::update(sign_in_links::table.filter(sign_in_links::person_id.eq(id)).filter(open)).set(set).execute(c))?
        }
        None => {
            on!(conn, c => diesel::update(sign_in_links::table.filter(sign_in_links::person_id.is_null()).filter(open)).set(set).execute(c))?
        }
    };
    Ok(())
}

/// How many links a person got since then.
pub fn links_since(conn: &mut Conn, person: Id, since: Ts) -> Stored<i64> {
    Ok(
        on!(conn, c => sign_in_links::table.filter(sign_in_links::person_id.eq(person)).filter(sign_in_links::created_at.gt(since)).count().get_result(c))?,
    )
}

/// How many tries there were since then, of this account and from this address.
pub fn tries(conn: &mut Conn, account: &str, address: &str, since: Ts) -> Stored<(i64, i64)> {
    let of_account = on!(conn, c => sign_in_tries::table.filter(sign_in_tries::account.eq(account)).filter(sign_in_tries::at.gt(since)).count().get_result(c))?;
    let from_address = on!(conn, c => sign_in_tries::table.filter(sign_in_tries::address.eq(address)).filter(sign_in_tries::at.gt(since)).count().get_result(c))?;
    Ok((of_account, from_address))
}

/// Tries of one account wait for each other until the transaction ends, so that many at once don't slip through. SQLite has one
/// writer anyway.
pub fn lock_account(conn: &mut Conn, account: &str) -> Stored<()> {
    if let Conn::Pg(c) = conn {
        let lock = diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))");
        lock.bind::<diesel::sql_types::Text, _>(account).execute(c)?;
    }
    Ok(())
}

/// Counts a try, before it is looked at.
pub fn add_try(conn: &mut Conn, account: &str, address: &str, at: Ts) -> Stored<()> {
    let row =
        (sign_in_tries::id.eq(Id::new()), sign_in_tries::account.eq(account), sign_in_tries::address.eq(address), sign_in_tries::at.eq(at));
    on!(conn, c => diesel::insert_into(sign_in_tries::table).values(row).execute(c))?;
    Ok(())
}

/// The account was entered: its tries count no more.
pub fn clear_tries(conn: &mut Conn, account: &str) -> Stored<()> {
    on!(conn, c => diesel::delete(sign_in_tries::table.filter(sign_in_tries::account.eq(account))).execute(c))?;
    Ok(())
}

/// Forgets tries and links of before.
pub fn forget(conn: &mut Conn, tries_before: Ts, links_before: Ts) -> Stored<usize> {
    let tries = on!(conn, c => diesel::delete(sign_in_tries::table.filter(sign_in_tries::at.lt(tries_before))).execute(c))?;
    let links = on!(conn, c => diesel::delete(sign_in_links::table.filter(sign_in_links::expires_at.lt(links_before))).execute(c))?;
    Ok(tries + links)
}

/// Exchanges the recovery codes of a person.
pub fn set_recovery_codes(conn: &mut Conn, person: Id, hashes: &[String]) -> Stored<()> {
    on!(conn, c => diesel::delete(recovery_codes::table.filter(recovery_codes::person_id.eq(person))).execute(c))?;
    for hash in hashes {
        let row = (recovery_codes::id.eq(Id::new()), recovery_codes::person_id.eq(person), recovery_codes::hash.eq(hash));
        on!(conn, c => diesel::insert_into(recovery_codes::table).values(row).execute(c))?;
    }
    Ok(())
}

/// Uses a recovery code up; false if it is none, or was used.
pub fn use_recovery_code(conn: &mut Conn, person: Id, hash: &str, at: Ts) -> Stored<bool> {
    let changed = on!(conn, c => diesel::update(recovery_codes::table.filter(recovery_codes::person_id.eq(person)).filter(recovery_codes::hash.eq(hash)).filter(recovery_codes::used_at.is_null()))
        .set(recovery_codes::used_at.eq(Some(at))).execute(c))?;
    Ok(changed == 1)
}

/// How many recovery codes are left.
pub fn recovery_codes_left(conn: &mut Conn, person: Id) -> Stored<i64> {
    Ok(
        on!(conn, c => recovery_codes::table.filter(recovery_codes::person_id.eq(person)).filter(recovery_codes::used_at.is_null()).count().get_result(c))?,
    )
}
