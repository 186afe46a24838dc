//! What the links of letters to people do, each once: enter, choose a password, make the first account.

use super::person::{Entrance, add_link, open_session};
use super::{ActionError, Context, Done};
use crate::rules::role::Role;
use crate::rules::sign_in::{LinkPurpose, email_key, stage};
use crate::rules::text::{Email, Line};
use crate::store::people::{self, Person};
use crate::store::sessions::{self, Session};
use crate::store::sign_in::{self, LinkRow};
use crate::store::{Conn, Id, Word};

/// What somebody entered who follows a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// The hash of the password that was chosen, if one was.
    pub password_hash: Option<String>,
    /// Name and address of the first administrator.
    pub first: Option<(Line, Email)>,
}

/// A link that can be used now, and whose it is; `None` for one that was used, has ended, or is nobody's any more.
pub fn look_at_link(conn: &mut Conn, ctx: &Context, id: Id) -> Done<Option<(LinkRow, Option<Person>)>> {
    let open = |link: &LinkRow| link.used_at.is_none() && ctx.now < link.expires_at.at();
    let Some(link) = sign_in::link(conn, id)?.filter(open) else { return Ok(None) };
    let Some(person) = link.person_id else {
        return Ok((!people::any(conn)?).then_some((link, None)));
    };
    let person = people::get(conn, person)?.filter(|person| person.disabled_at.is_none());
    Ok(person.map(|person| (link, Some(person))))
}

/// Uses a link up and lets its reader in; how far depends on the second factor.
pub fn use_sign_in_link(conn: &mut Conn, ctx: &Context, id: Id, entered: &Entered, entrance: &Entrance) -> Done<Session> {
    let gone = || ActionError::NotFound("link");
    let (link, person) = look_at_link(conn, ctx, id)?.ok_or_else(gone)?;
    if !sign_in::use_link(conn, id, ctx.ts())? {
        return Err(gone());
    }
    let person = match (person, &entered.first) {
        (Some(person), _) => person,
        (None, Some((name, email))) => first_person(conn, ctx, name, email)?,
        (None, None) => return Err(gone()),
    };
    let by = Context { actor: super::person::actor(&person), ..ctx.clone() };
    let subject = person.id.to_string();
    if let Some(hash) = entered.password_hash.as_deref().filter(|_| link.purpose.0 != LinkPurpose::SignIn) {
        people::set_password(conn, person.id, Some(hash))?;
        sessions::end_all(conn, person.id, None, ctx.ts())?;
        by.record::<(), ()>(conn, "chose_password", ("person", &subject), None, None)?;
    }
    // What was sent before is of no use any more.
    sign_in::end_links(conn, link.person_id, ctx.ts())?;
    people::confirm(conn, person.id, ctx.ts())?;
    open_session(conn, ctx, &person, stage(person.role.0, person.has_factor(), entrance.staff_needs_factor), entrance)
}

/// The first account of all: it may do everything.
fn first_person(conn: &mut Conn, ctx: &Context, name: &Line, email: &Email) -> Done<Person> {
    let person = Person {
        id: Id::new(),
        email: email.to_string(),
        email_key: email_key(email.as_str()),
        name: name.to_string(),
        role: Word(Role::Admin),
        organization_id: None,
        administrator: false,
        zone: "UTC".to_owned(),
        password_hash: None,
        totp_secret: None,
        totp_since: None,
        totp_step: None,
        created_at: ctx.ts(),
        confirmed_at: None,
        disabled_at: None,
    };
    people::insert(conn, &person)?;
    let after = serde_json::json!({"email": email, "name": name, "role": Role::Admin});
    ctx.record::<(), _>(conn, "added", ("person", &person.id.to_string()), None, Some(&after))?;
    Ok(person)
}

/// The link of the first start, where nobody has an account yet. Those that were made before end.
pub fn first_link(conn: &mut Conn, ctx: &Context) -> Done<Option<LinkRow>> {
    if people::any(conn)? {
        return Ok(None);
    }
    sign_in::end_links(conn, None, ctx.ts())?;
    add_link(conn, ctx, None, LinkPurpose::Setup).map(Some)
}
