//! Signing in: how long a session and a link last, when tries are too many, and of whom a second factor is asked.

use super::role::Role;
use super::term::terms;
use chrono::{DateTime, TimeDelta, Utc};

terms! {
    /// What a link in a letter lets somebody do, once.
    LinkPurpose, "link purpose" {
        /// The first administrator makes the first account.
        Setup => "setup",
        /// Somebody enters without a password.
        SignIn => "sign_in",
        /// Somebody who was invited enters for the first time.
        Invitation => "invitation",
        /// Somebody chooses a new password.
        Reset => "reset",
    }
}

terms! {
    /// How far somebody has come.
    Stage, "stage" {
        /// The code of the second factor is asked for.
        Code => "code",
        /// The second factor is to be set up first.
        Enroll => "enroll",
        /// Signed in.
        Full => "full",
    }
}

/// The span in which tries are counted, and for which too many of them lock.
pub const TRIES_SPAN: TimeDelta = TimeDelta::minutes(15);
/// Bad tries for one account in that span, before it is locked.
const ACCOUNT_TRIES: i64 = 5;
/// Bad tries from one address: a company may stand behind it.
const ADDRESS_TRIES: i64 = 30;
/// Letters with links to one account in that span.
pub const LETTERS_MOST: i64 = 3;
/// A session is written again at most this often only because it was seen.
pub const SEEN_EVERY: TimeDelta = TimeDelta::minutes(1);
/// How long somebody may take from the password to the code.
const HALFWAY: TimeDelta = TimeDelta::minutes(15);

/// True where a try isn't looked at any more: so many before it were bad, of this account or from this address.
pub fn is_locked(of_account: i64, from_address: i64) -> bool {
    of_account >= ACCOUNT_TRIES || from_address >= ADDRESS_TRIES
}

/// How long a session lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ages {
    /// Without a request.
    pub idle: TimeDelta,
    /// In all.
    pub absolute: TimeDelta,
}

/// How long a session of this role lasts: a shift for those who work in it all day, an hour's pause for others.
pub fn ages(role: Role, stage: Stage) -> Ages {
    match (stage, role) {
        (Stage::Code | Stage::Enroll, _) => Ages { idle: HALFWAY, absolute: HALFWAY },
        (Stage::Full, Role::Customer) => Ages { idle: TimeDelta::hours(1), absolute: TimeDelta::hours(12) },
        (Stage::Full, _) => Ages { idle: TimeDelta::hours(4), absolute: TimeDelta::hours(16) },
    }
}

/// True if a session that was last seen then still holds. A clock that was set back makes none longer than its age.
pub fn is_alive(ages: Ages, seen_at: DateTime<Utc>, expires_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now < expires_at && expires_at - now <= ages.absolute && now < seen_at + ages.idle
}

/// Where somebody stands who has shown a password, or a link: the second factor is asked of everybody who has one, and has to be
/// set up by everybody who isn't a customer, unless the house leaves that to them.
pub fn stage(role: Role, has_factor: bool, staff_needs_factor: bool) -> Stage {
    match (has_factor, role) {
        (true, _) => Stage::Code,
        (false, Role::Customer) => Stage::Full,
        (false, _) if staff_needs_factor => Stage::Enroll,
        (false, _) => Stage::Full,
    }
}

/// What somebody gets who asks for a link: customers enter by it; of staff only the password is exchanged, and the second factor
/// is asked for afterwards.
pub fn link_for(role: Role) -> LinkPurpose {
    match role {
        Role::Customer => LinkPurpose::SignIn,
        _ => LinkPurpose::Reset,
    }
}

/// How long a link is good.
pub fn link_lasts(purpose: LinkPurpose) -> TimeDelta {
    match purpose {
        LinkPurpose::SignIn => TimeDelta::minutes(15),
        LinkPurpose::Reset => TimeDelta::hours(1),
        LinkPurpose::Setup => TimeDelta::hours(24),
        LinkPurpose::Invitation => TimeDelta::days(7),
    }
}

/// An address as accounts are found by it.
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Where somebody goes after signing in: a path of this server, and nothing that a browser takes for another one's; else where they
/// begin.
pub fn next(path: &str) -> &str {
    let local = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\u{7f}']);
    let plain = path.len() <= 500 && path.bytes().all(|b| b.is_ascii_graphic()) && !path.starts_with("/sign-");
    if local && plain { path } else { "/" }
}

#[cfg(test)]
mod tests;
