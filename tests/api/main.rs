//! The integration tests.

mod smtp;
