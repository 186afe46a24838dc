//! Settings that are more than text: addresses that are checked when they are read, and secrets that nothing shows.

use serde::{Deserialize, Serialize};
use std::fmt;

/// True for the addresses that the store takes for PostgreSQL's; settings don't know the store.
fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

/// The database's address. What may be shown of it has no password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// Checks an address: `sqlite://file`, a plain path, `postgres://…` or `postgresql://…`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let file = text.strip_prefix("sqlite://").unwrap_or(text);
        let wrong = if text.contains(char::is_control) {
            Some("must not contain control characters")
        } else if is_postgres(text) {
            None
        } else if file.is_empty() {
            Some("must name a file, as sqlite://swapline.db does")
        } else if file.contains("://") || ["sqlite:", "postgres:", "postgresql:", "file:"].iter().any(|scheme| file.starts_with(scheme)) {
            Some("must begin with sqlite:// or postgres://, or be the path of a file")
        } else if file == ":memory:" {
            Some("must be a file: a database in memory would be another one for every connection")
        } else {
            None
        };
        wrong.map_or_else(|| Ok(Self(text.to_owned())), |why| Err(why.to_owned()))
    }
    /// The address, password and all: for the store only.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// True if it is PostgreSQL's.
    pub fn is_postgres(&self) -> bool {
        is_postgres(&self.0)
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_postgres() {
            return f.write_str(&self.0);
        }
        // A password stands before the last @ of the authority, or among the parameters: neither is shown.
        let bare = self.0.split(['?', '#']).next().unwrap_or_default();
        let (scheme, rest) = bare.split_once("://").unwrap_or(("postgres", bare));
        let (user, place) = rest.rsplit_once('@').unwrap_or(("", rest));
        match user.split(':').next() {
            Some(user) if !user.is_empty() => write!(f, "{scheme}://{user}@{place}"),
            _ => write!(f, "{scheme}://{place}"),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

impl Default for DatabaseUrl {
    fn default() -> Self {
        Self("sqlite://swapline.db".to_owned())
    }
}

impl TryFrom<String> for DatabaseUrl {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl From<DatabaseUrl> for String {
    fn from(url: DatabaseUrl) -> Self {
        url.0
    }
}

/// A secret: neither `Debug` nor serde shows it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Keeps a secret.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }
    /// The secret, for whoever needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

impl Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("(hidden)")
    }
}
