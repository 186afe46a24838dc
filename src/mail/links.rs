//! The links in letters. They are written when a letter leaves and are kept nowhere: a notice names a dispatch, not a link.

use super::words;
use crate::rules::link::{Link, Purpose, Signer};
use crate::rules::notice::{NoticeDispatch, NoticeSignIn};
use chrono_tz::Tz;
use uuid::Uuid;

/// What stands where a link that works must not.
const WITHHELD: &str = "(this link is in the letter itself only)";

/// What becomes of links in letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Links {
    /// There are none: nobody has said where the pages are.
    Off,
    /// The letter is only shown: a placeholder stands for each.
    Withheld,
    /// Written.
    Live {
        /// Where the pages are, without a slash at the end.
        public_url: String,
        /// Signs them.
        signer: Signer,
    },
}

impl Links {
    /// The same for showing a letter.
    pub fn withheld(&self) -> Self {
        match self {
            Self::Off => Self::Off,
            Self::Withheld | Self::Live { .. } => Self::Withheld,
        }
    }
    /// The address of a link to sign in by; `None` where there are none.
    pub fn sign_in_url(&self, id: Uuid) -> Option<String> {
        match self {
            Self::Off => None,
            Self::Withheld => Some(WITHHELD.to_owned()),
            Self::Live { public_url, signer } => Some(format!("{public_url}/sign-in/link/{}", signer.sign_in_token(id))),
        }
    }
    /// The address of a link; `None` where there are none.
    pub fn url(&self, link: Link) -> Option<String> {
        match self {
            Self::Off => None,
            Self::Withheld => Some(WITHHELD.to_owned()),
            Self::Live { public_url, signer } => Some(format!("{public_url}/d/{}", signer.token(link))),
        }
    }
}

/// One thing that a courier can do by a link.
pub(super) struct Action {
    /// When to follow it.
    pub when: &'static str,
    /// What the button says.
    pub button: &'static str,
    pub url: String,
    /// True for a link that works.
    pub live: bool,
}

/// A link to sign in by.
pub(super) struct Entry {
    pub url: String,
    /// True for a link that works.
    pub live: bool,
    pub until: String,
    pub invited_by: Option<String>,
}

/// The link of a letter to a person.
pub(super) fn entry(sign_in: &NoticeSignIn, links: &Links, zone: Tz) -> Option<Entry> {
    Some(Entry {
        url: links.sign_in_url(sign_in.id)?,
        live: matches!(links, Links::Live { .. }),
        until: words::time(sign_in.expires_at, zone),
        invited_by: sign_in.invited_by.as_deref().map(words::line),
    })
}

/// The links of a dispatch in the order of the work; a dispatch that is accepted doesn't ask for it again.
pub(super) fn actions(dispatch: &NoticeDispatch, links: &Links) -> Vec<Action> {
    let all = [
        ("You take this run", "Accept", Purpose::Accept),
        ("You have the part", "Picked up", Purpose::PickedUp),
        ("You have handed it over", "Delivered", Purpose::Delivered),
        ("Something is in the way", "Problem", Purpose::Problem),
    ];
    let wanted = all.into_iter().filter(|(.., purpose)| *purpose != Purpose::Accept || dispatch.accept_by.is_some());
    wanted
        .filter_map(|(when, button, purpose)| {
            let url = links.url(Link { purpose, about: dispatch.id })?;
            Some(Action { when, button, url, live: matches!(links, Links::Live { .. }) })
        })
        .collect()
}
