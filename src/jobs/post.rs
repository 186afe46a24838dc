//! The poster: leases letters that are due, sends them without holding a transaction, and marks what became of them.

use super::Desk;
use crate::mail::message::compose;
use crate::mail::transport::Sent;
use crate::rules::notice::{Notice, Urgency};
use crate::rules::posting::{self, Fault, Next, Tries};
use crate::store::outbox::{self, LetterRow};
use crate::store::{StoreError, Ts};
use chrono::TimeDelta;
use futures_util::future::join_all;

/// What became of one try.
enum Outcome {
    Sent { message_id: String, delivered_to: String },
    Failed(Fault, String),
}

/// Sends what is due now; how many letters were tried. Leases no more than are on their way at once, so that a crash holds
/// up only those, and only for one lease. A letter that was sent right before a crash is sent again, with the same Message-ID.
/// Where the server had no word for any of them the round ends: the rest of the queue is not tried on it.
pub async fn post(desk: &Desk) -> Result<usize, StoreError> {
    let (at_once, mut tried) = (desk.pace.at_once.max(1), 0);
    let limit = i64::try_from(at_once).unwrap_or(i64::MAX);
    loop {
        let now = desk.clock.now();
        let (from, until) = (Ts::from(now), Ts::from(now + TimeDelta::seconds(desk.pace.lease_seconds)));
        let leased = desk.db.write(move |conn| outbox::lease(conn, from, until, limit)).await?;
        let found = leased.len();
        let mut silent = true;
        for fault in join_all(leased.into_iter().map(|row| post_one(desk, row))).await {
            silent &= fault?.is_some_and(Fault::is_silence);
        }
        tried += found;
        if found < at_once || silent {
            return Ok(tried);
        }
    }
}

/// Sends one letter and marks what became of it; the fault, if it was not sent.
async fn post_one(desk: &Desk, row: LetterRow) -> Result<Option<Fault>, StoreError> {
    let outcome = send(desk, &row).await;
    let now = desk.clock.now();
    let (fault, error) = match outcome {
        Outcome::Sent { message_id, delivered_to } => {
            tracing::info!(key = %row.key, "letter sent");
            desk.db.write(move |conn| outbox::mark_sent(conn, row.id, now.into(), &message_id, &delivered_to)).await?;
            return Ok(None);
        }
        Outcome::Failed(fault, error) => (fault, error),
    };
    let history = Tries { made: row.attempts, at_least: desk.pace.attempts, promised_at: row.promised_at.at() };
    match posting::after(fault, Urgency::of_rank(row.urgency), &history, now) {
        Next::Untried => {
            tracing::warn!(key = %row.key, error = %error, "letter kept: nothing can be sent now");
            desk.db.write(move |conn| outbox::release(conn, row.id, &error)).await?;
        }
        Next::Again(at) => {
            tracing::warn!(key = %row.key, attempt = row.attempts, error = %error, "letter put off");
            desk.db.write(move |conn| outbox::mark_failed(conn, row.id, Some(at.into()), &error)).await?;
        }
        Next::Stuck => {
            tracing::error!(key = %row.key, attempt = row.attempts, error = %error, "letter stuck");
            desk.db.write(move |conn| outbox::mark_failed(conn, row.id, None, &error)).await?;
        }
    }
    Ok(Some(fault))
}

async fn send(desk: &Desk, row: &LetterRow) -> Outcome {
    let notice: Notice = match row.notice.read() {
        Ok(notice) => notice,
        Err(error) => return Outcome::Failed(Fault::Refused, error.to_string()),
    };
    let message = match compose(&notice, &desk.sender, desk.clock.now()) {
        Ok(message) => message,
        Err(error) => return Outcome::Failed(Fault::Refused, error.to_string()),
    };
    match desk.transport.send(&message, &row.key).await {
        Ok(sent) => {
            let message_id = message.headers().get_raw("Message-ID").unwrap_or_default().to_owned();
            let delivered_to = match sent {
                Sent::Written(path) => path.display().to_string(),
                Sent::Accepted => "mail server".to_owned(),
                Sent::Kept => "memory".to_owned(),
            };
            Outcome::Sent { message_id, delivered_to }
        }
        Err(error) => Outcome::Failed(error.fault(), error.to_string()),
    }
}
