//! Letters in memory, for tests.

use super::{SendError, Sent};
use lettre::Message;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The most letters that the memory keeps; older ones are dropped.
const LETTERS_MAX: usize = 10_000;

/// A letter in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The notice's key.
    pub key: String,
    /// The addresses it went to.
    pub to: Vec<String>,
    /// The message as it would have gone over the wire.
    pub bytes: Vec<u8>,
}

/// Letters in memory, for tests: what was sent can be looked at, and failures can be ordered.
#[derive(Clone, Default)]
pub struct Memory {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    letters: Vec<Kept>,
    failures: Vec<SendError>,
}

impl Memory {
    /// Everything sent so far, oldest first.
    pub fn letters(&self) -> Vec<Kept> {
        self.lock().letters.clone()
    }
    /// Orders the next send to fail; several orders are served in turn.
    pub fn fail_next(&self, error: SendError) {
        self.lock().failures.push(error);
    }
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
    pub(super) fn keep(&self, message: &Message, key: &str) -> Result<Sent, SendError> {
        let mut inner = self.lock();
        if !inner.failures.is_empty() {
            return Err(inner.failures.remove(0));
        }
        if inner.letters.len() >= LETTERS_MAX {
            inner.letters.remove(0);
        }
        let to = message.envelope().to().iter().map(ToString::to_string).collect();
        inner.letters.push(Kept { key: key.to_owned(), to, bytes: message.formatted() });
        Ok(Sent::Kept)
    }
}
