//! Signing out, here or elsewhere.

use super::{ActionError, Context, Done};
use crate::store::people::Person;
use crate::store::{Conn, Id, sessions};

/// Ends one session of a person, their own or one of theirs elsewhere.
pub fn end_session(conn: &mut Conn, ctx: &Context, person: &Person, id: Id) -> Done<()> {
    if !sessions::end(conn, person.id, id, ctx.ts())? {
        return Err(ActionError::NotFound("session"));
    }
    let after = serde_json::json!({"session": id.to_string()});
    ctx.record::<(), _>(conn, "signed_out", ("person", &person.id.to_string()), None, Some(&after))?;
    Ok(())
}

/// Ends every session of a person but this one; how many there were.
pub fn end_other_sessions(conn: &mut Conn, ctx: &Context, person: &Person, this: Id) -> Done<usize> {
    let ended = sessions::end_all(conn, person.id, Some(this), ctx.ts())?;
    if ended > 0 {
        let after = serde_json::json!({"sessions": ended});
        ctx.record::<(), _>(conn, "signed_out_elsewhere", ("person", &person.id.to_string()), None, Some(&after))?;
    }
    Ok(ended)
}
