//! The second step of signing in: a code of the app, or one that was written down.

use super::person::{Entrance, open_session};
use super::sign_in::count;
use super::{ActionError, Context, Done};
use crate::actions::create_token::hash;
use crate::rules::sign_in::Stage;
use crate::rules::totp::{Factor, typed_recovery_code};
use crate::store::people::{self, Person};
use crate::store::sessions::{self, Session};
use crate::store::{Conn, Id, sign_in as kept};

/// Takes the code of a person whose password was right. `None` for a wrong one, or where there were too many. The session is
/// exchanged: whatever knew the old cookie is not let in.
pub fn prove_factor(
    conn: &mut Conn,
    ctx: &Context,
    halfway: &Session,
    code: &str,
    address: &str,
    entrance: &Entrance,
) -> Done<Option<Session>> {
    let person = people::lock(conn, halfway.person_id)?.filter(|person| person.disabled_at.is_none());
    let person = person.ok_or(ActionError::NotFound("person"))?;
    if count(conn, ctx, &person.email, address)? || !is_good(conn, ctx, &person, code)? {
        return Ok(None);
    }
    if !sessions::end(conn, person.id, halfway.id, ctx.ts())? {
        return Err(ActionError::NotFound("session"));
    }
    open_session(conn, ctx, &person, Stage::Full, entrance).map(Some)
}

fn is_good(conn: &mut Conn, ctx: &Context, person: &Person, code: &str) -> Done<bool> {
    let (Some(secret), true) = (&person.totp_secret, person.has_factor()) else { return Ok(false) };
    let step = Factor::new(secret, "", "").and_then(|factor| factor.step(code, ctx.now.timestamp(), person.totp_step));
    if let Some(step) = step {
        return Ok(people::take_step(conn, person.id, step)?);
    }
    let Some(code) = typed_recovery_code(code) else { return Ok(false) };
    let used = kept::use_recovery_code(conn, person.id, &recovery_hash(person.id, &code), ctx.ts())?;
    if used {
        let by = Context { actor: super::person::actor(person), ..ctx.clone() };
        by.record::<(), ()>(conn, "used_recovery_code", ("person", &person.id.to_string()), None, None)?;
    }
    Ok(used)
}

/// What is kept of a recovery code.
pub(super) fn recovery_hash(person: Id, code: &str) -> String {
    hash(&format!("{person} {code}"))
}
