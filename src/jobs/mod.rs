//! What runs by itself. Jobs take no input: they ask what is due now, and do it. The same code serves the first run and
//! the catching up after a week off; several nodes may run them at once.

pub mod certify;
pub mod post;
pub mod sweep;
pub mod timetable;

use crate::clock::Clock;
use crate::mail::letters::Sender;
use crate::mail::transport::Transport;
use crate::reference::Reference;
use crate::rules::link::Signer;
use crate::store::Db;
use std::sync::Arc;

/// What the jobs work with.
#[derive(Clone)]
#[expect(missing_debug_implementations, reason = "a mail transport has none")]
pub struct Desk {
    /// The database.
    pub db: Db,
    /// The clock.
    pub clock: Arc<Clock>,
    /// What is known beforehand.
    pub reference: Arc<Reference>,
    /// Who letters are from.
    pub sender: Arc<Sender>,
    /// Signs what people sign in by.
    pub keys: Signer,
    /// How they leave.
    pub transport: Transport,
    /// How often and how much.
    pub pace: Pace,
}

/// How often and how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Seconds between two looks into the outbox.
    pub post_seconds: u64,
    /// Seconds between two sweeps.
    pub sweep_seconds: u64,
    /// Tries before a letter is stuck.
    pub attempts: i32,
    /// Rows in one go.
    pub batch: i64,
    /// Letters on their way at once.
    pub at_once: usize,
    /// Seconds for which a letter is leased: longer than sending may take.
    pub lease_seconds: i64,
}
