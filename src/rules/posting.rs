//! When a letter that could not be sent is tried again, and when somebody has to look (P4.6).

use super::notice::Urgency;
use chrono::{DateTime, TimeDelta, Utc};

/// The longest pause between two tries.
pub const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(1);

/// The same for a dispatch, which is due within hours.
const LONGEST_PAUSE_OF_DISPATCH: TimeDelta = TimeDelta::minutes(2);

/// The pause after the first try; each one is twice as long as the one before.
const FIRST_PAUSE_SECONDS: i64 = 30;

/// For so long a letter is tried, however often that is.
const PATIENCE: TimeDelta = TimeDelta::days(2);

/// What a failed try was about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The server: it can't be reached, or lets nobody in. Nothing of the letter was said.
    Server,
    /// The talk with it, which ended without a word about the letter: it may have been the letter all the same.
    Talk,
    /// The letter, for now.
    Letter,
    /// The letter, for good.
    Refused,
}

impl Fault {
    /// True where the server had no word for the letter: others need not be tried at once.
    pub fn is_silence(self) -> bool {
        matches!(self, Self::Server | Self::Talk)
    }
}

/// The tries of a letter so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tries {
    /// How many, with the one that failed just now.
    pub made: i32,
    /// How many there are at least before it is stuck.
    pub at_least: i32,
    /// When it was promised.
    pub promised_at: DateTime<Utc>,
}

/// What becomes of a letter that was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The try doesn't count; it keeps its place in the queue.
    Untried,
    /// Again at this instant.
    Again(DateTime<Utc>),
    /// Not again: somebody has to look.
    Stuck,
}

/// What becomes of a letter whose try failed at `now`. A server that can't be reached costs no letter a try. Otherwise it is tried
/// again after pauses that double, until it was tried often enough and two days are over; what is refused for good is stuck at once.
pub fn after(fault: Fault, urgency: Urgency, tries: &Tries, now: DateTime<Utc>) -> Next {
    match fault {
        Fault::Server => Next::Untried,
        Fault::Refused => Next::Stuck,
        Fault::Talk | Fault::Letter if tries.made >= tries.at_least && now - tries.promised_at >= PATIENCE => Next::Stuck,
        Fault::Talk | Fault::Letter => Next::Again(now + pause(urgency, tries.made)),
    }
}

fn pause(urgency: Urgency, made: i32) -> TimeDelta {
    let longest = if urgency == Urgency::Dispatch { LONGEST_PAUSE_OF_DISPATCH } else { LONGEST_PAUSE };
    let doublings = u32::try_from(made.saturating_sub(1)).unwrap_or(0).min(7);
    TimeDelta::seconds(FIRST_PAUSE_SECONDS << doublings).min(longest)
}

#[cfg(test)]
mod tests;
