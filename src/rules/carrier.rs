//! What carriers tell about their parcels, and how it is known that it is them.

use super::term::terms;
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

terms! {
    /// What a carrier tells.
    EventKind, "carrier event" {
        /// It has the parcel.
        PickedUp => "picked_up",
        /// The parcel was handed over.
        Delivered => "delivered",
        /// Something is in the way.
        Exception => "exception",
    }
}

terms! {
    /// What became of it.
    Outcome, "outcome" {
        /// It moved something, or operations were told.
        Done => "done",
        /// All was known already, or it fits nothing that is expected.
        NoChange => "no_change",
        /// Nothing has this tracking number so far.
        UnknownTrackingNumber => "unknown_tracking_number",
    }
}

/// How far the signer's clock and ours may be apart: what is older was recorded and is played again.
pub const WINDOW: TimeDelta = TimeDelta::minutes(5);

/// True if `signature` is `t=UNIX_SECONDS,v1=HEX`, where HEX is the HMAC-SHA256 of `UNIX_SECONDS.BODY` with the shared secret, and
/// the time is within five minutes of `now`. Compares in constant time.
pub fn is_signed(secret: &str, signature: &str, body: &[u8], now: DateTime<Utc>) -> bool {
    let Some((time, digits)) = signature.trim().strip_prefix("t=").and_then(|rest| rest.split_once(",v1=")) else { return false };
    let Some(at) = time.parse().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0)) else { return false };
    // A second spelling of the same number would be another text under the signature.
    let fresh = (at - WINDOW..=at + WINDOW).contains(&now);
    let Some(bytes) = hex(digits) else { return false };
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return false };
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.verify_slice(&bytes).is_ok() && fresh
}

fn hex(digits: &str) -> Option<Vec<u8>> {
    if digits.len() != 64 || !digits.is_ascii() {
        return None;
    }
    (0..32).map(|at| digits.get(at * 2..at * 2 + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok())).collect()
}

#[cfg(test)]
mod tests;
