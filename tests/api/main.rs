//! The integration tests: one binary, a real server on a free port, both databases, a real SMTP server, the built program.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should stop")]

mod app;
mod auth;
mod batch;
mod calendars;
mod carriers;
mod certificates;
mod clocks;
mod corpus;
mod couriers;
mod crash;
mod dock;
mod fuzzed;
mod hostile;
mod idempotency;
mod issue;
mod ledger;
mod letters;
mod lists;
mod logs;
mod migrations;
mod moves;
mod nodes;
mod openapi;
mod papers;
mod pinned;
mod positions;
mod process;
mod program;
mod records;
mod returns;
mod rules;
mod smtp;
mod steps;
mod tidy;
mod world;
