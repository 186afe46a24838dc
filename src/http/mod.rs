//! The REST API (actix-web): who asks, what they ask for, and the answer as JSON or CSV. Decides nothing.
//!
//! `routes` names every endpoint; `call` is what a handler gets and how it answers; `problem` is the only file that knows
//! status codes.

pub mod address;
pub mod appliances;
pub mod body;
pub mod calendars;
pub mod call;
pub mod calls;
pub mod cases;
pub mod center_requests;
pub mod certificates;
pub mod charges;
pub mod contracts;
pub mod couriers;
pub mod crud;
pub mod deadlines;
pub mod dispatch_list;
pub mod dispatches;
pub mod dock;
pub mod door;
pub mod fields;
pub mod finish;
pub mod gaps;
pub mod health;
pub mod letters;
pub mod limit;
pub mod lineage;
pub mod lists;
pub mod models;
pub mod moves;
pub mod openapi;
pub mod organizations;
pub mod papers;
pub mod parts;
pub mod people;
pub mod problem;
pub mod query;
pub mod renewals;
pub mod report_view;
pub mod reports;
pub mod returns;
pub mod rma_view;
pub mod rmas;
pub mod routes;
pub mod service_centers;
pub mod shipments;
pub mod sites;
pub mod stock;
pub mod stock_units;
pub mod tokens;
pub mod webhooks;
pub mod what_if;

use crate::clock::Clock;
use crate::mail::letters::Sender;
use crate::reference::Reference;
use crate::store::Db;
use std::sync::Arc;

/// What every request can reach.
#[derive(Debug, Clone)]
pub struct Shared {
    /// The database.
    pub db: Db,
    /// The clock.
    pub clock: Arc<Clock>,
    /// What is known beforehand.
    pub reference: Arc<Reference>,
    /// Who letters are from: they are shown as they are, or will be, sent.
    pub sender: Arc<Sender>,
    /// Requests a minute and token.
    pub limiter: Arc<limit::Limiter>,
    /// How people come in.
    pub door: Arc<door::Door>,
    /// Largest body in bytes.
    pub body_bytes: usize,
}
