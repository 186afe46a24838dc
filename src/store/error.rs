//! What can go wrong in the store, the same words for both engines.

use diesel::result::{DatabaseErrorKind, Error};

/// A failure of the store. Messages name constraints and tables, never values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A unique key is taken; names the constraint or columns.
    #[error("unique key taken: {0}")]
    Unique(String),
    /// A row is referred to, or refers to nothing.
    #[error("reference broken: {0}")]
    Reference(String),
    /// A check of the schema refused a value.
    #[error("check refused: {0}")]
    Check(String),
    /// Serialization failure or deadlock: the same again may work.
    #[error("try again")]
    Retry,
    /// The writer's queue is full, or no connection was free in time.
    #[error("the store is busy")]
    Busy,
    /// A row holds what it can't: a bug, or a file from another program.
    #[error("unreadable row: {0}")]
    Unreadable(String),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        let Error::DatabaseError(kind, info) = &error else {
            return match error {
                Error::DeserializationError(e) => Self::Unreadable(e.to_string()),
                other => Self::Other(other.to_string()),
            };
        };
        let message = info.message();
        // PostgreSQL names the constraint; SQLite's message ends in it, or in the columns.
        let named = info.constraint_name().map(str::to_owned);
        let what = named.or_else(|| message.rsplit_once(": ").map(|(_, tail)| tail.to_owned())).unwrap_or_default();
        match kind {
            DatabaseErrorKind::UniqueViolation => Self::Unique(what),
            DatabaseErrorKind::ForeignKeyViolation => Self::Reference(what),
            DatabaseErrorKind::CheckViolation | DatabaseErrorKind::NotNullViolation => Self::Check(what),
            DatabaseErrorKind::SerializationFailure => Self::Retry,
            _ if message.contains("lock timeout") => Self::Busy,
            _ if message.contains("database is locked") || message.contains("deadlock detected") => Self::Retry,
            _ => Self::Other(message.to_owned()),
        }
    }
}

impl From<diesel::ConnectionError> for StoreError {
    fn from(error: diesel::ConnectionError) -> Self {
        Self::Other(format!("cannot connect: {error}"))
    }
}

/// An error that knows whether the same transaction may be tried again.
pub trait Failure: From<StoreError> + Send + 'static {
    /// True for serialization failures and deadlocks.
    fn may_retry(&self) -> bool;
}

impl Failure for StoreError {
    fn may_retry(&self) -> bool {
        *self == Self::Retry
    }
}
