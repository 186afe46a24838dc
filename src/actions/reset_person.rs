//! Helping somebody who can't enter any more: password and second factor are taken away, and there is a new link.

use super::invite_person::Way;
use super::person::{add_link, send_link};
use super::{ActionError, Context, Done};
use crate::rules::refusal::Refusal;
use crate::rules::sign_in::LinkPurpose;
use crate::store::people::{self, Person};
use crate::store::sign_in::{self, LinkRow};
use crate::store::{Conn, Id, sessions};

/// Takes password and second factor away, ends every session, and makes a link: by letter or by hand.
pub fn reset_person(conn: &mut Conn, ctx: &Context, id: Id, way: Way) -> Done<(Person, LinkRow)> {
    let person = within_sight(conn, ctx, id)?;
    if person.disabled_at.is_some() {
        return Err(Refusal::input("person_disabled", "", "this person is disabled").into());
    }
    people::set_password(conn, id, None)?;
    people::set_totp(conn, id, None, None, None)?;
    sign_in::set_recovery_codes(conn, id, &[])?;
    sign_in::end_links(conn, Some(id), ctx.ts())?;
    sessions::end_all(conn, id, None, ctx.ts())?;
    ctx.record::<(), ()>(conn, "reset", ("person", &id.to_string()), None, None)?;
    let purpose = if person.confirmed_at.is_some() { LinkPurpose::Reset } else { LinkPurpose::Invitation };
    let link = add_link(conn, ctx, Some(id), purpose)?;
    if way == Way::Letter {
        send_link(conn, ctx, &person, &link, None)?;
    }
    Ok((person, link))
}

/// The person, if whoever asks may know of them.
pub(super) fn within_sight(conn: &mut Conn, ctx: &Context, id: Id) -> Done<Person> {
    let mine = |person: &Person| ctx.actor.scope.organization().is_none_or(|own| person.organization_id == Some(own));
    people::lock(conn, id)?.filter(mine).ok_or(ActionError::NotFound("person"))
}
