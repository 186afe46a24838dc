//! Letters: from a notice to words, from words to a message, from a message to its reader.
//!
//! Knows `rules` only: a notice carries every fact, so nothing here asks a database or a clock. [`letters`] and
//! [`message`] are pure; [`transport`] is the one door through which mail leaves, and the only user of SMTP.

pub mod letters;
pub mod links;
pub mod message;
pub mod transport;
pub mod words;

mod invite;
mod view;

#[cfg(test)]
mod samples;
