//! What is decided. Pure: no SQL, no HTTP, no mail, no clock, no async.
//!
//! Facts go in, a plan or a refusal comes out; every rule carries the number that PROGRAM.md gives it.

pub mod calendar;
pub mod clock;
pub mod coverage;
pub mod deadline;
pub mod notice;
pub mod number;
pub mod position;
pub mod program;
pub mod term;
pub mod text;
pub mod tier;
