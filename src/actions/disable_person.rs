//! Keeping somebody out from now on. What they did keeps their name.

use super::reset_person::within_sight;
use super::{Context, Done};
use crate::rules::refusal::Refusal;
use crate::store::people::{self, Person};
use crate::store::{Conn, Id, sessions, sign_in};

/// Disables a person: sessions end and links are used up at once. Done again, nothing happens.
pub fn disable_person(conn: &mut Conn, ctx: &Context, id: Id) -> Done<Person> {
    let person = within_sight(conn, ctx, id)?;
    if ctx.actor.name == super::person::actor(&person).name {
        return Err(Refusal::input("own_account", "", "nobody can disable their own account").into());
    }
    if people::disable(conn, id, ctx.ts())? {
        sessions::end_all(conn, id, None, ctx.ts())?;
        sign_in::end_links(conn, Some(id), ctx.ts())?;
        ctx.record::<(), ()>(conn, "disabled", ("person", &id.to_string()), None, None)?;
    }
    Ok(person)
}
