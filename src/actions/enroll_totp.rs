//! Setting up the second factor.

use super::person::{Entrance, open_session};
use super::prove_factor::recovery_hash;
use super::{ActionError, Context, Done};
use crate::rules::refusal::Refusal;
use crate::rules::sign_in::Stage;
use crate::rules::totp::Factor;
use crate::store::people::{self, Person};
use crate::store::sessions::{self, Session};
use crate::store::{Conn, Id, sign_in as kept};

/// The secret that the person is about to set up: `fresh` where there is none yet.
pub fn offer_totp(conn: &mut Conn, person: Id, fresh: &str) -> Done<String> {
    let person = people::lock(conn, person)?.ok_or(ActionError::NotFound("person"))?;
    if person.has_factor() {
        return Err(Refusal::input("factor_is_set_up", "", "the second factor is set up already").into());
    }
    if let Some(secret) = person.totp_secret {
        return Ok(secret);
    }
    people::set_totp(conn, person.id, Some(fresh), None, None)?;
    Ok(fresh.to_owned())
}

/// Takes the first code of an app that was set up; `None` for a wrong one. From then on codes are asked for. The session is
/// exchanged, and all others of the person end: they were begun without the factor.
pub fn enroll_totp(
    conn: &mut Conn,
    ctx: &Context,
    session: &Session,
    code: &str,
    recovery_codes: &[String],
    entrance: &Entrance,
) -> Done<Option<Session>> {
    let person = people::lock(conn, session.person_id)?.filter(|person| person.disabled_at.is_none());
    let person = person.ok_or(ActionError::NotFound("person"))?;
    let Some(step) = first_step(ctx, &person, code) else { return Ok(None) };
    people::set_totp(conn, person.id, person.totp_secret.as_deref(), Some(ctx.ts()), Some(step))?;
    let hashes: Vec<String> = recovery_codes.iter().map(|code| recovery_hash(person.id, code)).collect();
    kept::set_recovery_codes(conn, person.id, &hashes)?;
    sessions::end_all(conn, person.id, None, ctx.ts())?;
    let by = Context { actor: super::person::actor(&person), ..ctx.clone() };
    by.record::<(), ()>(conn, "enrolled_second_factor", ("person", &person.id.to_string()), None, None)?;
    open_session(conn, ctx, &person, Stage::Full, entrance).map(Some)
}

fn first_step(ctx: &Context, person: &Person, code: &str) -> Option<i64> {
    let secret = person.totp_secret.as_deref().filter(|_| !person.has_factor())?;
    Factor::new(secret, "", "")?.step(code, ctx.now.timestamp(), None)
}
