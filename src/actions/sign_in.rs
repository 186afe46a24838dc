//! Signing in by e-mail address and password. Comparing the password takes long and is done between two transactions.

use super::person::{Entrance, account, open_session};
use super::{ActionError, Context, Done};
use crate::actions::create_token::hash;
use crate::rules::sign_in::{TRIES_SPAN, is_locked, stage};
use crate::store::people::{self, Person};
use crate::store::sessions::Session;
use crate::store::{Conn, sign_in as kept};

/// A try that was counted.
#[derive(Debug, Clone, PartialEq)]
pub enum Try {
    /// There were too many before it: it isn't looked at.
    Locked,
    /// Whose address it is; `None` where it is nobody's, or of somebody who was disabled.
    Open(Option<Box<Person>>),
}

/// Counts a try and tells whose password is to be compared. An address that nobody has is counted and locked as any other.
pub fn begin_sign_in(conn: &mut Conn, ctx: &Context, email: &str, address: &str) -> Done<Try> {
    if count(conn, ctx, email, address)? {
        return Ok(Try::Locked);
    }
    let person = people::by_email(conn, email)?.filter(|person| person.disabled_at.is_none());
    Ok(Try::Open(person.map(Box::new)))
}

/// Counts a try of an account; true where there were too many before it.
pub(super) fn count(conn: &mut Conn, ctx: &Context, email: &str, address: &str) -> Done<bool> {
    let (account, address) = (account(email), hash(&format!("address {address}")));
    kept::lock_account(conn, &account)?;
    let (of_account, from_address) = kept::tries(conn, &account, &address, (ctx.now - TRIES_SPAN).into())?;
    if is_locked(of_account, from_address) {
        return Ok(true);
    }
    kept::add_try(conn, &account, &address, ctx.ts())?;
    Ok(false)
}

/// Lets a person in whose password was compared; how far depends on the second factor.
pub fn sign_in(conn: &mut Conn, ctx: &Context, compared: &Person, entrance: &Entrance) -> Done<Session> {
    let person = people::lock(conn, compared.id)?.filter(|person| person.disabled_at.is_none());
    // Whoever was disabled or got a new password meanwhile isn't let in by the old one.
    let person = person.filter(|person| person.password_hash.is_some() && person.password_hash == compared.password_hash);
    let person = person.ok_or(ActionError::NotFound("person"))?;
    open_session(conn, ctx, &person, stage(person.role.0, person.has_factor(), entrance.staff_needs_factor), entrance)
}
