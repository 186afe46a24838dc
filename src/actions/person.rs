//! What everything about people has in common: whom the audit names, letters with links, sessions that begin.

use super::{Actor, Context, Done, Scope};
use crate::actions::create_token::{hash, hex};
use crate::rules::notice::{Mailbox, Notice, NoticeFacts, NoticeKind, NoticeSignIn};
use crate::rules::sign_in::{LinkPurpose, Stage, ages, email_key, link_lasts};
use crate::rules::text::Email;
use crate::rules::tier::{Language, Tier};
use crate::store::people::Person;
use crate::store::sessions::{self, Session};
use crate::store::sign_in::{self, LinkRow};
use crate::store::{Conn, Id, StoreError, Word, organizations, outbox, types};

/// A person as the audit names them. Not by the address: the log shows it, too.
pub fn actor(person: &Person) -> Actor {
    let scope = person.organization_id.map_or(Scope::Everything, Scope::Organization);
    Actor { name: format!("person:{}", person.id), role: person.role.0, scope }
}

/// A browser that is let in.
#[derive(Clone, PartialEq, Eq)]
pub struct Entrance {
    /// What its cookie will be. Made outside the transaction, which may run twice.
    pub secret: String,
    /// What it calls itself, shortened.
    pub user_agent: String,
    /// The session that it had before, of whomever: it ends.
    pub replaces: Option<Id>,
    /// False where the house leaves it to its staff whether they have a second factor.
    pub staff_needs_factor: bool,
}

impl std::fmt::Debug for Entrance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Entrance(…)")
    }
}

/// Characters of a browser's own name that are kept.
const USER_AGENT_MOST: usize = 200;

impl Entrance {
    /// With a cookie of 256 random bits.
    pub fn new(user_agent: &str) -> Self {
        let bits: [u8; 32] = rand::random();
        let user_agent = user_agent.chars().filter(|c| !c.is_control()).take(USER_AGENT_MOST).collect();
        Self { secret: hex(&bits), user_agent, replaces: None, staff_needs_factor: true }
    }
    /// With what the house asks of its staff.
    pub fn staff_needs_factor(self, staff_needs_factor: bool) -> Self {
        Self { staff_needs_factor, ..self }
    }
    /// In place of the session that the browser had.
    pub fn replacing(self, session: Option<Id>) -> Self {
        Self { replaces: session, ..self }
    }
}

/// Begins a session.
pub(super) fn open_session(conn: &mut Conn, ctx: &Context, person: &Person, stage: Stage, entrance: &Entrance) -> Done<Session> {
    let session = Session {
        id: Id::new(),
        person_id: person.id,
        hash: hash(&entrance.secret),
        stage: Word(stage),
        user_agent: entrance.user_agent.clone(),
        created_at: ctx.ts(),
        seen_at: ctx.ts(),
        expires_at: (ctx.now + ages(person.role.0, stage).absolute).into(),
        ended_at: None,
    };
    if let Some(before) = entrance.replaces {
        sessions::replace(conn, before, ctx.ts())?;
    }
    sessions::insert(conn, &session)?;
    if stage == Stage::Full {
        // Only now: whoever knows a password could else try codes for ever.
        sign_in::clear_tries(conn, &account(&person.email))?;
        let by = Context { actor: actor(person), ..ctx.clone() };
        let after = serde_json::json!({"session": session.id.to_string()});
        by.record::<(), _>(conn, "signed_in", ("person", &person.id.to_string()), None, Some(&after))?;
    }
    Ok(session)
}

/// What tries of an account are counted under: an address that nobody has may be anything.
pub(super) fn account(email: &str) -> String {
    hash(&format!("account {}", email_key(email)))
}

/// Makes a link for a person (`None`: for the first start).
pub(super) fn add_link(conn: &mut Conn, ctx: &Context, person: Option<Id>, purpose: LinkPurpose) -> Done<LinkRow> {
    let expires_at = (ctx.now + link_lasts(purpose)).into();
    let link = LinkRow { id: Id::new(), person_id: person, purpose: Word(purpose), created_at: ctx.ts(), expires_at, used_at: None };
    sign_in::insert_link(conn, &link)?;
    Ok(link)
}

/// Promises the letter with a link.
pub(super) fn send_link(conn: &mut Conn, ctx: &Context, person: &Person, link: &LinkRow, invited_by: Option<String>) -> Done<()> {
    let kind = match link.purpose.0 {
        LinkPurpose::SignIn => NoticeKind::SignInLink,
        LinkPurpose::Reset => NoticeKind::PasswordReset,
        LinkPurpose::Invitation | LinkPurpose::Setup => NoticeKind::Invitation,
    };
    let organization = match person.organization_id {
        Some(id) => organizations::get(conn, id)?.map(|stand| stand.record.name.to_string()),
        None => None,
    };
    let email = Email::parse(&person.email).map_err(|fault| StoreError::Unreadable(fault.detail))?;
    let notice = Notice {
        key: format!("person/{}/{}", person.id, link.id),
        kind,
        to: vec![Mailbox { name: person.name.clone(), email }],
        language: Language::English,
        zone: types::zone(&person.zone)?,
        facts: NoticeFacts {
            rma: None,
            case: None,
            organization: organization.unwrap_or_default(),
            written_at: ctx.now,
            entitled_tier: Tier::Bronze,
            delivered_tier: Tier::Bronze,
            reasons: Vec::new(),
            lines: Vec::new(),
            ships_from: None,
            ship_to: None,
            contact: None,
            receiving_notes: None,
            deadlines: Vec::new(),
            shipment: None,
            remark: None,
            scanned: Vec::new(),
            coverage: None,
            dispatch: None,
            tracking: None,
            keeps_media: false,
            sign_in: Some(NoticeSignIn { id: link.id.uuid(), expires_at: link.expires_at.at(), invited_by }),
        },
    };
    // Of no organization: nobody of it but the reader has anything to do with it.
    outbox::promise(conn, &notice, None, None)?;
    Ok(())
}
