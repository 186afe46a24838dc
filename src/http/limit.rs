//! How often a token may ask.

use crate::store::Id;
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};
use std::num::NonZeroU32;

type Keyed = RateLimiter<Id, DefaultKeyedStateStore<Id>, DefaultClock, StateInformationMiddleware>;

/// Where a token stands: the numbers of the `RateLimit-*` headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Requests a minute.
    pub limit: u32,
    /// Requests that may follow at once.
    pub remaining: u32,
    /// Seconds until the limit is whole again.
    pub reset_seconds: u32,
}

/// One limit for all tokens, counted for each.
#[derive(Debug)]
pub struct Limiter {
    keyed: Option<Keyed>,
    per_minute: u32,
    clock: DefaultClock,
}

impl Limiter {
    /// `per_minute` requests, all at once if need be; 0 is no limit.
    pub fn new(per_minute: u32) -> Self {
        let keyed =
            NonZeroU32::new(per_minute).map(|n| RateLimiter::keyed(Quota::per_minute(n)).with_middleware::<StateInformationMiddleware>());
        Self { keyed, per_minute, clock: DefaultClock::default() }
    }

    /// Counts a request; `Err` with the standing and the seconds to wait. `None` without a limit.
    pub fn count(&self, token: Id) -> Result<Option<Standing>, (Standing, u64)> {
        let Some(keyed) = &self.keyed else { return Ok(None) };
        match keyed.check_key(&token) {
            Ok(snapshot) => Ok(Some(self.standing(snapshot.remaining_burst_capacity()))),
            Err(not_until) => {
                let wait_seconds = not_until.wait_time_from(self.clock.now()).as_secs().saturating_add(1);
                Err((self.standing(0), wait_seconds))
            }
        }
    }

    fn standing(&self, remaining: u32) -> Standing {
        let used = self.per_minute.saturating_sub(remaining);
        let reset_seconds = (u64::from(used) * 60).div_ceil(u64::from(self.per_minute.max(1)));
        Standing { limit: self.per_minute, remaining, reset_seconds: u32::try_from(reset_seconds).unwrap_or(60) }
    }

    /// Forgets tokens that have not asked for a while.
    pub fn forget_idle(&self) {
        if let Some(keyed) = &self.keyed {
            keyed.retain_recent();
        }
    }
}
