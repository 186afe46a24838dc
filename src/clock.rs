//! The only reader of time. Everything else gets an instant as an argument.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Where `now` comes from. Instants are whole seconds: what the API shows is what the program compares.
#[derive(Debug)]
pub enum Clock {
    /// The system's time.
    System,
    /// A time that stands still until it is moved: for tests.
    Fixed(Mutex<DateTime<Utc>>),
    /// A time that runs `factor` times as fast from `origin` on, and can be moved forward: for demonstrations.
    Scaled {
        /// The instant at which it started.
        origin: Mutex<DateTime<Utc>>,
        /// When it started.
        started: Instant,
        /// Seconds of this clock in a second.
        factor: u32,
    },
}

impl Clock {
    /// A clock that stands still.
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self::Fixed(Mutex::new(at))
    }

    /// A clock that runs `factor` times as fast, from `origin` on.
    pub fn scaled(origin: DateTime<Utc>, factor: u32) -> Self {
        Self::Scaled { origin: Mutex::new(origin), started: Instant::now(), factor }
    }

    /// Now, in whole seconds.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's time")]
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System => Utc::now(),
            Self::Fixed(at) => *held(at),
            Self::Scaled { origin, started, factor } => {
                let run = TimeDelta::from_std(started.elapsed() * *factor).unwrap_or(TimeDelta::MAX);
                held(origin).checked_add_signed(run).unwrap_or(DateTime::<Utc>::MAX_UTC)
            }
        }
        .trunc_subsecs(0)
    }

    /// Moves a clock that is not the system's forward.
    pub fn advance(&self, by: TimeDelta) {
        if let Self::Fixed(at) | Self::Scaled { origin: at, .. } = self {
            let mut at = held(at);
            *at = at.checked_add_signed(by).unwrap_or(*at);
        }
    }

    /// How long to really sleep for `span` of this clock.
    pub fn real(&self, span: Duration) -> Duration {
        match self {
            Self::Scaled { factor, .. } => span / (*factor).max(1),
            Self::System | Self::Fixed(_) => span,
        }
    }
}

fn held(at: &Mutex<DateTime<Utc>>) -> std::sync::MutexGuard<'_, DateTime<Utc>> {
    at.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
