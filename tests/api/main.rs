//! The integration tests: one binary, a real server on a free port, both databases, a real SMTP server, the built program.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should stop")]

mod app;
mod auth;
mod issue;
mod lists;
mod moves;
mod smtp;
mod steps;
mod world;
