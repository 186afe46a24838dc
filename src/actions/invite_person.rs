//! Making an account for somebody, and the link to enter for the first time.

use super::person::{add_link, send_link};
use super::{ActionError, Context, Done, Scope};
use crate::rules::refusal::Refusal;
use crate::rules::role::Role;
use crate::rules::sign_in::{LinkPurpose, email_key};
use crate::rules::text::{Code, Email, Line};
use crate::store::people::{self, Person};
use crate::store::sign_in::LinkRow;
use crate::store::{Conn, Id, StoreError, Word, organizations};
use chrono_tz::Tz;

/// Who is invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Where letters reach them; they sign in with it.
    pub email: Email,
    /// Their name.
    pub name: Line,
    /// What they may do.
    pub role: Role,
    /// Code of the organization, for customers.
    pub organization: Option<Code>,
    /// True for a customer who may invite colleagues.
    pub administrator: bool,
    /// The zone that pages are shown in.
    pub zone: Tz,
}

/// How the link reaches them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By a letter.
    Letter,
    /// By the hand of whoever asked.
    Hand,
}

/// Adds a person, and makes the link.
pub fn invite_person(conn: &mut Conn, ctx: &Context, ask: &Ask, way: Way) -> Done<(Person, LinkRow)> {
    let refuse = |bad: bool, code, field, detail: &str| if bad { Err(Refusal::input(code, field, detail)) } else { Ok(()) };
    let customer = ask.role == Role::Customer;
    super::keep::all(vec![
        refuse(ask.role == Role::Courier, "not_allowed", "/role", "couriers have the links of their letters and don't sign in"),
        refuse(customer && ask.organization.is_none(), "required", "/organization", "a customer needs it"),
        refuse(!customer && ask.organization.is_some(), "not_allowed", "/organization", "only customers have one"),
        refuse(!customer && ask.administrator, "not_allowed", "/administrator", "only customers are administrators of an organization"),
    ])?;
    let organization_id = match &ask.organization {
        Some(code) => {
            // Somebody else's organization is as unknown as one that there isn't.
            let found = organizations::id_of(conn, code.as_str())?.filter(|id| ctx.actor.scope.sees(*id));
            Some(super::keep::resolve(found, "unknown_organization", "/organization", "organization", code.as_str())?)
        }
        None => None,
    };
    if organization_id.is_none() && ctx.actor.scope != Scope::Everything {
        return Err(Refusal::input("not_allowed", "/role", "you can invite colleagues only").into());
    }
    let person = Person {
        id: Id::new(),
        email: ask.email.to_string(),
        email_key: email_key(ask.email.as_str()),
        name: ask.name.to_string(),
        role: Word(ask.role),
        organization_id,
        administrator: ask.administrator,
        zone: ask.zone.name().to_owned(),
        password_hash: None,
        totp_secret: None,
        totp_since: None,
        totp_step: None,
        created_at: ctx.ts(),
        confirmed_at: None,
        disabled_at: None,
    };
    match people::insert(conn, &person) {
        Err(StoreError::Unique(_)) => return Err(ActionError::Exists("person")),
        stored => stored?,
    }
    let after = serde_json::json!({
        "email": ask.email, "name": ask.name, "role": ask.role, "organization": ask.organization, "administrator": ask.administrator,
    });
    ctx.record::<(), _>(conn, "added", ("person", &person.id.to_string()), None, Some(&after))?;
    let link = add_link(conn, ctx, Some(person.id), LinkPurpose::Invitation)?;
    if way == Way::Letter {
        let inviter = inviter(conn, ctx)?;
        send_link(conn, ctx, &person, &link, inviter)?;
    }
    Ok((person, link))
}

/// The name of the person who invites, if it is one.
fn inviter(conn: &mut Conn, ctx: &Context) -> Done<Option<String>> {
    let id = ctx.actor.name.strip_prefix("person:").and_then(Id::parse);
    Ok(match id {
        Some(id) => people::get(conn, id)?.map(|person| person.name),
        None => None,
    })
}
