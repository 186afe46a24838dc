//! Bounds of single settings, and what settings ask of one another.

use super::{Config, MailTransport};
use std::ops::RangeInclusive;
use tracing_subscriber::EnvFilter;

/// Everything that is wrong, as key and what it must be.
pub(super) fn check(config: &Config) -> Vec<(&'static str, String)> {
    let mut faults = Vec::new();
    let Config { database, mail, http, jobs, log, .. } = config;
    let (body_bytes, workers) = (u64::try_from(http.body_bytes), u64::try_from(http.workers));
    let numbers: [(&'static str, u64, RangeInclusive<u64>); 11] = [
        ("database.pool_size", database.pool_size.into(), 1..=1_000),
        ("mail.smtp.port", mail.smtp.port.into(), 1..=65_535),
        ("mail.smtp.timeout_seconds", mail.smtp.timeout_seconds, 1..=600),
        ("mail.smtp.pool_size", mail.smtp.pool_size.into(), 1..=100),
        ("http.body_bytes", body_bytes.unwrap_or(u64::MAX), 1_024..=16_777_216),
        ("http.workers", workers.unwrap_or(u64::MAX), 0..=1_024),
        ("http.shutdown_seconds", http.shutdown_seconds, 0..=3_600),
        ("jobs.post_seconds", jobs.post_seconds, 1..=3_600),
        ("jobs.sweep_seconds", jobs.sweep_seconds, 1..=3_600),
        ("jobs.attempts", jobs.attempts.into(), 1..=100),
        ("jobs.batch", jobs.batch.into(), 1..=1_000),
    ];
    for (key, value, range) in numbers {
        if !range.contains(&value) {
            faults.push((key, format!("must be from {} to {}, not {value}", range.start(), range.end())));
        }
    }
    let line = |text: &str| !text.trim().is_empty() && !text.contains(char::is_control);
    let optional = |text: &Option<String>| text.as_deref().is_none_or(line);
    let texts = [
        ("mail.from", line(&mail.from)),
        ("mail.reply_to", optional(&mail.reply_to)),
        ("mail.operations", optional(&mail.operations)),
        ("mail.smtp.host", optional(&mail.smtp.host)),
        ("mail.smtp.username", optional(&mail.smtp.username)),
    ];
    for (key, good) in texts {
        if !good {
            faults.push((key, "must be one line that is not empty".to_owned()));
        }
    }
    if mail.folder.as_os_str().is_empty() {
        faults.push(("mail.folder", "must not be empty".to_owned()));
    }
    if mail.transport == MailTransport::Smtp && mail.smtp.host.is_none() {
        faults.push(("mail.smtp.host", "is needed where mail.transport is \"smtp\"".to_owned()));
    }
    match (&mail.smtp.username, &mail.smtp.password) {
        (Some(_), None) => faults.push(("mail.smtp.password", "is needed with mail.smtp.username".to_owned())),
        (None, Some(_)) => faults.push(("mail.smtp.username", "is needed with mail.smtp.password".to_owned())),
        _ => {}
    }
    if !http.public_url.as_deref().is_none_or(is_public_url) {
        faults.push(("http.public_url", "must look like https://rma.example.com, without a slash at the end".to_owned()));
    }
    if let Err(why) = EnvFilter::try_new(&log.filter) {
        faults.push(("log.filter", format!("must be a filter such as \"info\" or \"warn,swapline=debug\": {why}")));
    }
    faults
}

/// An address that a link can begin with.
fn is_public_url(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let good = |c: char| c.is_ascii_alphanumeric() || "-._~:/[]".contains(c);
    rest.is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[') && rest.chars().all(good) && !rest.ends_with('/')
    })
}
