//! When each job runs: at once, then every few seconds of the clock, until told to stop.

use super::Desk;
use super::certify::{begin, certify};
use super::post::post;
use super::sweep::sweep;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Starts the jobs; they end when `stop` is cancelled, after what they are doing.
pub fn start(desk: &Desk, tracker: &TaskTracker, stop: &CancellationToken) {
    let (poster, sweeper, certifier) = (desk.clone(), desk.clone(), desk.clone());
    let (post_stop, sweep_stop, certify_stop) = (stop.clone(), stop.clone(), stop.clone());
    tracker.spawn(async move {
        loop {
            if let Err(error) = post(&poster).await {
                tracing::error!(error = %error, "the poster failed");
            }
            if rest(&poster, poster.pace.post_seconds, &post_stop).await {
                return;
            }
        }
    });
    tracker.spawn(async move {
        loop {
            if let Err(error) = sweep(&sweeper).await {
                tracing::error!(error = %error, "the sweeper failed");
            }
            if rest(&sweeper, sweeper.pace.sweep_seconds, &sweep_stop).await {
                return;
            }
        }
    });
    tracker.spawn(async move {
        let mut begun = false;
        loop {
            let done = match begun {
                true => certify(&certifier).await,
                false => {
                    async {
                        begin(&certifier).await?;
                        begun = true;
                        certify(&certifier).await
                    }
                    .await
                }
            };
            if let Err(error) = done {
                tracing::error!(error = %error, "the certifier failed");
            }
            if rest(&certifier, certifier.pace.sweep_seconds, &certify_stop).await {
                return;
            }
        }
    });
}

/// Waits; true if it is time to stop.
async fn rest(desk: &Desk, seconds: u64, stop: &CancellationToken) -> bool {
    let pause = desk.clock.real(Duration::from_secs(seconds)).max(Duration::from_millis(100));
    tokio::select! {
        () = stop.cancelled() => true,
        () = tokio::time::sleep(pause) => false,
    }
}
