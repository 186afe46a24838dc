//! The poster: leases letters that are due, sends them without holding a transaction, and marks what became of them.

use super::Desk;
use crate::mail::message::compose;
use crate::mail::transport::Sent;
use crate::rules::notice::Notice;
use crate::store::outbox::{self, LetterRow};
use crate::store::{StoreError, Ts};
use chrono::TimeDelta;
use futures_util::future::join_all;

/// What became of one try.
enum Outcome {
    Sent { message_id: String, delivered_to: String },
    Later(String),
    Never(String),
}

/// Sends what is due now; how many letters were tried. Leases no more than are on their way at once, so that a crash holds
/// up only those, and only for one lease. A letter that was sent right before a crash is sent again, with the same Message-ID.
pub async fn post(desk: &Desk) -> Result<usize, StoreError> {
    let (at_once, mut tried) = (desk.pace.at_once.max(1), 0);
    let limit = i64::try_from(at_once).unwrap_or(i64::MAX);
    loop {
        let now = desk.clock.now();
        let (from, until) = (Ts::from(now), Ts::from(now + TimeDelta::seconds(desk.pace.lease_seconds)));
        let leased = desk.db.write(move |conn| outbox::lease(conn, from, until, limit)).await?;
        let found = leased.len();
        for outcome in join_all(leased.into_iter().map(|row| post_one(desk, row))).await {
            outcome?;
        }
        tried += found;
        if found < at_once {
            return Ok(tried);
        }
    }
}

async fn post_one(desk: &Desk, row: LetterRow) -> Result<(), StoreError> {
    let outcome = send(desk, &row).await;
    let now = desk.clock.now();
    match outcome {
        Outcome::Sent { message_id, delivered_to } => {
            tracing::info!(key = %row.key, "letter sent");
            desk.db.write(move |conn| outbox::mark_sent(conn, row.id, now.into(), &message_id, &delivered_to)).await
        }
        Outcome::Later(error) if row.attempts < desk.pace.attempts => {
            tracing::warn!(key = %row.key, attempt = row.attempts, error = %error, "letter put off");
            let next = Ts::from(now + backoff(row.attempts));
            desk.db.write(move |conn| outbox::mark_failed(conn, row.id, Some(next), &error)).await
        }
        Outcome::Later(error) | Outcome::Never(error) => {
            tracing::error!(key = %row.key, attempt = row.attempts, error = %error, "letter stuck");
            desk.db.write(move |conn| outbox::mark_failed(conn, row.id, None, &error)).await
        }
    }
}

async fn send(desk: &Desk, row: &LetterRow) -> Outcome {
    let notice: Notice = match row.notice.read() {
        Ok(notice) => notice,
        Err(error) => return Outcome::Never(error.to_string()),
    };
    let message = match compose(&notice, &desk.sender, desk.clock.now()) {
        Ok(message) => message,
        Err(error) => return Outcome::Never(error.to_string()),
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
        Err(error) if error.is_transient() => Outcome::Later(error.to_string()),
        Err(error) => Outcome::Never(error.to_string()),
    }
}

/// 30 seconds, twice as long each time, at most an hour.
fn backoff(attempts: i32) -> TimeDelta {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(7);
    TimeDelta::seconds((30_i64 << doublings).min(3_600))
}
