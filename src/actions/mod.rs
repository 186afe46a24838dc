//! What can be done. One verb a file: facts from the store, a decision by the rules, and the store remembers the plan.
//!
//! Actions run inside one transaction of the store; they know who asks and when, and nothing of HTTP.

pub mod answer_center_request;
pub mod answer_dispatch;
pub mod ask_sign_in_link;
pub mod cancel_dispatch;
pub mod cancel_line;
pub mod cancel_rma;
pub mod carrier_event;
pub mod certify_destruction;
pub mod certify_sites;
pub mod change_account;
pub mod change_calendar;
pub mod charge_unit;
pub mod chase_couriers;
pub mod check_site;
pub mod close_rma;
pub mod coverage_gaps;
pub mod create_token;
pub mod deliver;
pub mod disable_person;
pub mod dispose;
pub mod dossier;
pub mod end_session;
pub mod enroll_totp;
pub mod extend_return;
pub mod fill_backorder;
pub mod hold_export;
pub mod import;
pub mod invite_person;
pub mod issue_rma;
pub mod keep;
pub mod miss_deadlines;
pub mod name_contact;
pub mod offer_gold_plus;
pub mod open_case;
pub mod person;
pub mod prove_factor;
pub mod receive_return;
pub mod remind_returns;
pub mod renew_contract;
pub mod report_dead;
pub mod report_return;
pub mod reset_person;
pub mod retry_letter;
pub mod revoke_token;
pub mod scan_radar;
pub mod send_instructions;
pub mod set_substitute;
pub mod ship;
pub mod show_dispatch;
pub mod show_proof;
pub mod show_service;
pub mod sign_in;
pub mod succeed_appliance;
pub mod take_call;
pub mod use_sign_in_link;
pub mod verify_defect;
pub mod what_if;

use crate::reference::Reference;
use crate::rules::calendar::Changed;
use crate::rules::program::Program;
use crate::rules::refusal::Refusal;
use crate::rules::role::Role;
use crate::store::error::Failure;
use crate::store::{self, Conn, Id, Json, StoreError, Ts};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::sync::Arc;

/// How far somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    Everything,
    /// One organization.
    Organization(Id),
    /// The dispatches of one courier.
    Courier(Id),
}

impl Scope {
    /// True if a thing of this organization is within sight.
    pub fn sees(self, organization: Id) -> bool {
        match self {
            Self::Everything => true,
            Self::Organization(own) => own == organization,
            Self::Courier(_) => false,
        }
    }
    /// The organization that lists are narrowed to.
    pub fn organization(self) -> Option<Id> {
        match self {
            Self::Organization(own) => Some(own),
            Self::Everything | Self::Courier(_) => None,
        }
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// As the audit names them, e.g. `token:operations desk` or `job:sweeper`.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// What they see.
    pub scope: Scope,
}

impl Actor {
    /// A part of the program that acts by itself, or by the hand of whoever runs it.
    pub fn program(name: &str) -> Self {
        Self { name: name.to_owned(), role: Role::Admin, scope: Scope::Everything }
    }
}

/// The circumstances of an action.
#[derive(Debug, Clone)]
pub struct Context {
    /// Who.
    pub actor: Actor,
    /// When.
    pub now: DateTime<Utc>,
    /// With what knowledge.
    pub reference: Arc<Reference>,
    /// The request, if there is one.
    pub request_id: Option<String>,
}

impl Context {
    /// Now, as the store keeps it.
    pub fn ts(&self) -> Ts {
        self.now.into()
    }

    /// The calendars with what operators have changed in them (P3.4).
    fn calendars(&self, conn: &mut Conn) -> Result<Changed<'_>, StoreError> {
        Ok(Changed::new(&self.reference.calendars, store::calendar_changes::all(conn)?))
    }

    /// The program that is in force now.
    pub fn program(&self) -> Option<&Program> {
        self.reference.programs.in_force(self.now.date_naive())
    }

    /// The country that a country counts as now (P5.2).
    fn home_of<'a>(&'a self, country: &'a str) -> &'a str {
        self.program().map_or(country, |program| program.home_of(country))
    }

    /// Every country whose centers count for this one now (P5.2).
    fn counted_with(&self, country: &str) -> Vec<String> {
        self.program().map_or_else(|| vec![country.to_owned()], |program| program.counted_with(country))
    }

    /// Appends to the audit.
    fn record<B: Serialize, A: Serialize>(
        &self,
        conn: &mut Conn,
        action: &str,
        subject: (&str, &str),
        before: Option<&B>,
        after: Option<&A>,
    ) -> Result<(), StoreError> {
        let event = store::events::Event {
            id: Id::new(),
            at: self.ts(),
            actor: self.actor.name.clone(),
            action: action.to_owned(),
            subject_kind: subject.0.to_owned(),
            subject: subject.1.to_owned(),
            before: before.map(Json::of).transpose()?,
            after: after.map(Json::of).transpose()?,
            request_id: self.request_id.clone(),
        };
        store::events::append(conn, &event)
    }
}

/// Why an action was not done.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ActionError {
    /// A rule says no; at least one refusal.
    #[error("refused: {}", codes(.0))]
    Refused(Vec<Refusal>),
    /// There is no such thing, or it is somebody else's.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The thing has changed since it was read.
    #[error("the {0} has changed")]
    Changed(&'static str),
    /// The natural key is taken.
    #[error("the {0} exists already")]
    Exists(&'static str),
    /// The thing is referred to.
    #[error("the {0} is in use")]
    InUse(&'static str),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn codes(refusals: &[Refusal]) -> String {
    refusals.iter().map(|r| r.code).collect::<Vec<_>>().join(", ")
}

impl From<Refusal> for ActionError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(vec![refusal])
    }
}

impl From<Vec<Refusal>> for ActionError {
    fn from(refusals: Vec<Refusal>) -> Self {
        Self::Refused(refusals)
    }
}

impl Failure for ActionError {
    fn may_retry(&self) -> bool {
        matches!(self, Self::Store(StoreError::Retry))
    }
}

/// What an action gives.
pub type Done<T> = Result<T, ActionError>;
