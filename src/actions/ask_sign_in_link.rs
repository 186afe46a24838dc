//! Asking for a link by mail. Whoever asks isn't told whether the address is anybody's.

use super::person::{add_link, send_link};
use super::sign_in::count;
use super::{Context, Done};
use crate::rules::sign_in::{LETTERS_MOST, TRIES_SPAN, link_for};
use crate::store::{Conn, people, sign_in as kept};

/// Promises the letter, where the address is somebody's and there were not too many before it.
pub fn ask_sign_in_link(conn: &mut Conn, ctx: &Context, email: &str, address: &str) -> Done<()> {
    // Counted for everybody, and apart from passwords: whoever is locked out may still ask for a link.
    if count(conn, ctx, &format!("link {email}"), address)? {
        return Ok(());
    }
    let Some(person) = people::by_email(conn, email)?.filter(|person| person.disabled_at.is_none()) else { return Ok(()) };
    if kept::links_since(conn, person.id, (ctx.now - TRIES_SPAN).into())? >= LETTERS_MOST {
        return Ok(());
    }
    let link = add_link(conn, ctx, Some(person.id), link_for(person.role.0))?;
    send_link(conn, ctx, &person, &link, None)
}
