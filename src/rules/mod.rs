//! What is decided. Pure: no SQL, no HTTP, no mail, no clock, no async.
//!
//! Facts go in, a plan or a refusal comes out; every rule carries the number that PROGRAM.md gives it.

pub mod breach;
pub mod calendar;
pub mod carrier;
pub mod center_request;
pub mod certificate;
pub mod charge;
pub mod clock;
pub mod coverage;
pub mod dead;
pub mod deadline;
pub mod dispatch;
pub mod dock;
pub mod entitlement;
pub mod extension;
pub mod four_hour;
pub mod gaps;
pub mod hours;
pub mod image;
pub mod instruction;
pub mod intake;
pub mod lineage;
pub mod link;
pub mod moves;
pub mod notice;
pub mod number;
pub mod position;
pub mod posting;
pub mod program;
pub mod radar;
pub mod record;
pub mod refusal;
pub mod reminder;
pub mod report;
pub mod rma;
pub mod role;
pub mod served;
pub mod sourcing;
pub mod stock;
pub mod term;
pub mod text;
pub mod tier;
pub mod what_if;
pub mod zone;
