//! Bearer tokens: only their hash is kept.

use super::conn::on;
use super::schema::{couriers, organizations, tokens};
use super::{Conn, Id, Page, Stored, Ts, Word};
use crate::rules::role::Role;
use diesel::prelude::*;

/// A token's row.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = tokens, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
#[expect(missing_docs, reason = "columns; see migrations/")]
pub struct Token {
    pub id: Id,
    pub hash: String,
    pub label: String,
    pub role: Word<Role>,
    pub organization_id: Option<Id>,
    pub courier_id: Option<Id>,
    pub created_at: Ts,
    pub revoked_at: Option<Ts>,
}

/// A token with the codes of what it is bound to.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the row, and the codes of its references")]
pub struct Named {
    pub token: Token,
    pub organization: Option<String>,
    pub courier: Option<String>,
}

/// Adds a token.
pub fn insert(conn: &mut Conn, token: &Token) -> Stored<()> {
    on!(conn, c => diesel::insert_into(tokens::table).values(token).execute(c))?;
    Ok(())
}

/// The token with this hash, unless it is revoked.
pub fn by_hash(conn: &mut Conn, hash: &str) -> Stored<Option<Token>> {
    Ok(
        on!(conn, c => tokens::table.filter(tokens::hash.eq(hash)).filter(tokens::revoked_at.is_null()).select(Token::as_select()).get_result(c).optional())?,
    )
}

/// Revokes a token; false if there is none, or it is revoked already.
pub fn revoke(conn: &mut Conn, id: Id, at: Ts) -> Stored<bool> {
    let changed = on!(conn, c => diesel::update(tokens::table.filter(tokens::id.eq(id)).filter(tokens::revoked_at.is_null())).set(tokens::revoked_at.eq(Some(at))).execute(c))?;
    Ok(changed == 1)
}

/// A page of tokens, oldest first.
pub fn page(conn: &mut Conn, id: Option<Id>, after: Option<Id>, limit: i64) -> Stored<Page<Named>> {
    let rows: Vec<(Token, Option<String>, Option<String>)> = on!(conn, c => {
        let mut q = tokens::table
            .left_join(organizations::table.on(tokens::organization_id.eq(organizations::id.nullable())))
            .left_join(couriers::table.on(tokens::courier_id.eq(couriers::id.nullable())))
            .select((Token::as_select(), organizations::code.nullable(), couriers::code.nullable())).into_boxed();
        if let Some(id) = id { q = q.filter(tokens::id.eq(id)); }
        if let Some(after) = after { q = q.filter(tokens::id.gt(after)); }
        q.order(tokens::id).limit(limit + 1).load(c)
    })?;
    Ok(Page::of(rows, limit).map(|(token, organization, courier)| Named { token, organization, courier }))
}
