//! What somebody changes about their own account.

use super::person::{Entrance, open_session};
use super::{ActionError, Context, Done};
use crate::rules::sign_in::Stage;
use crate::store::people::{self, Person};
use crate::store::sessions::{self, Session};
use crate::store::{Conn, sign_in};
use chrono_tz::Tz;

/// Exchanges the password whose old hash was compared. Every session ends, and this one gets another cookie.
pub fn change_password(conn: &mut Conn, ctx: &Context, compared: &Person, hash: &str, entrance: &Entrance) -> Done<Session> {
    let person = people::lock(conn, compared.id)?.filter(|person| person.disabled_at.is_none());
    let person = person.filter(|person| person.password_hash == compared.password_hash).ok_or(ActionError::Changed("password"))?;
    people::set_password(conn, person.id, Some(hash))?;
    sign_in::end_links(conn, Some(person.id), ctx.ts())?;
    sessions::end_all(conn, person.id, None, ctx.ts())?;
    ctx.record::<(), ()>(conn, "chose_password", ("person", &person.id.to_string()), None, None)?;
    open_session(conn, ctx, &person, Stage::Full, entrance)
}

/// Sets the zone that pages are shown in.
pub fn change_zone(conn: &mut Conn, ctx: &Context, person: &Person, zone: Tz) -> Done<()> {
    people::set_zone(conn, person.id, zone.name())?;
    let (before, after) = (serde_json::json!({"zone": person.zone}), serde_json::json!({"zone": zone.name()}));
    ctx.record(conn, "changed_zone", ("person", &person.id.to_string()), Some(&before), Some(&after))?;
    Ok(())
}
