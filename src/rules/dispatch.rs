//! The life of a dispatch (P4.2): from the letter to the courier to the proof of delivery, and what happens when nobody answers.

use super::link::Purpose;
use super::program::CourierTerms;
use super::refusal::Refusal;
use super::term::{Term as _, terms};
use super::text::Code;
use chrono::{DateTime, TimeDelta, Utc};

terms! {
    /// Where a dispatch stands.
    DispatchState, "dispatch state" {
        /// The courier has been told.
        Sent => "sent",
        /// The courier takes it.
        Accepted => "accepted",
        /// The courier has the part.
        PickedUp => "picked_up",
        /// The part was handed over.
        Delivered => "delivered",
        /// The courier can't go on as things are.
        Problem => "problem",
        /// It is off for this courier.
        Cancelled => "cancelled",
        /// A newer dispatch of the same courier took its place.
        Superseded => "superseded",
    }
}

impl DispatchState {
    /// True if a dispatch in state `before` may go to `self`. A courier may forget a step, and a problem may be solved; whether
    /// the part has left and arrived is the RMA's own table.
    pub fn may_follow(self, before: Self) -> bool {
        use DispatchState::{Accepted, Cancelled, Delivered, PickedUp, Problem, Sent, Superseded};
        match before {
            Sent => matches!(self, Accepted | PickedUp | Delivered | Problem | Cancelled | Superseded),
            Accepted => matches!(self, PickedUp | Delivered | Problem | Cancelled | Superseded),
            PickedUp => matches!(self, Delivered | Problem | Superseded),
            Problem => matches!(self, Accepted | PickedUp | Delivered | Cancelled | Superseded),
            Delivered | Cancelled | Superseded => false,
        }
    }
    /// The states from which `self` can be reached.
    pub fn predecessors(self) -> Vec<Self> {
        Self::ALL.iter().copied().filter(|before| self.may_follow(*before)).collect()
    }
    /// True while the courier still has something to do.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Delivered | Self::Cancelled | Self::Superseded)
    }
}

impl Purpose {
    /// The state that a link leads to, `None` for looking.
    pub fn leads_to(self) -> Option<DispatchState> {
        match self {
            Self::Accept => Some(DispatchState::Accepted),
            Self::PickedUp => Some(DispatchState::PickedUp),
            Self::Delivered => Some(DispatchState::Delivered),
            Self::Problem => Some(DispatchState::Problem),
            Self::Track => None,
        }
    }
}

/// What is known of a dispatch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Where it stands.
    pub state: DispatchState,
    /// When the courier took it.
    pub accepted_at: Option<DateTime<Utc>>,
    /// When the courier got the part.
    pub picked_up_at: Option<DateTime<Utc>>,
}

/// What asking for a step amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It is done now.
    Do,
    /// It was done before: nothing happens.
    Done,
}

/// A courier, or somebody for it, asks for a step. What was done already is not done again and not refused: two taps on a phone
/// are one step.
pub fn step(standing: Standing, next: DispatchState) -> Result<Step, Refusal> {
    let state = standing.state;
    let done = match next {
        DispatchState::Accepted => standing.accepted_at.is_some() || standing.picked_up_at.is_some() || state == DispatchState::Delivered,
        DispatchState::PickedUp => standing.picked_up_at.is_some() || state == DispatchState::Delivered,
        other => state == other,
    };
    match state {
        DispatchState::Cancelled => Err(Refusal::clash("dispatch_cancelled", "P4.2", "this dispatch is cancelled")),
        DispatchState::Superseded => Err(Refusal::clash("dispatch_superseded", "P4.2", "a newer dispatch took the place of this one")),
        _ if done => Ok(Step::Done),
        _ if next.may_follow(state) => Ok(Step::Do),
        _ => Err(Refusal::clash("dispatch_state_clash", "P4.2", format!("a dispatch that is {state} can't become {next}"))),
    }
}

/// When a dispatch that is sent at `now` has to be accepted.
pub fn accept_by(terms: &CourierTerms, now: DateTime<Utc>) -> DateTime<Utc> {
    now + TimeDelta::minutes(terms.accept_within_minutes.into())
}

/// When it is to be looked at first: at half of its time.
pub fn remind_at(sent_at: DateTime<Utc>, accept_by: DateTime<Utc>) -> DateTime<Utc> {
    sent_at + (accept_by - sent_at) / 2
}

/// A dispatch that nobody has accepted, as the sweeper sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswered {
    /// When the courier was told.
    pub sent_at: DateTime<Utc>,
    /// By when it should have answered.
    pub accept_by: DateTime<Utc>,
    /// True once it was reminded.
    pub reminded: bool,
    /// The couriers of the center, in the order in which they are asked.
    pub approved: Vec<Code>,
    /// The couriers that were asked for this shipment.
    pub asked: Vec<Code>,
}

/// What is to be done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chase {
    /// Nothing before this instant.
    Wait(DateTime<Utc>),
    /// Remind the courier; then look again at this instant.
    Remind(DateTime<Utc>),
    /// Send this courier instead, and alert operations.
    Next(Code),
    /// Nobody is left to ask: alert operations.
    Nobody,
}

/// The next courier of the center that was not asked for this shipment.
fn next_courier(dispatch: &Unanswered) -> Option<&Code> {
    dispatch.approved.iter().find(|courier| !dispatch.asked.contains(courier))
}

terms! {
    /// Who brings the part after a dispatch is cancelled.
    Afterwards, "afterwards" {
        /// Nobody yet.
        Nobody => "nobody",
        /// The same courier, told anew.
        SameCourier => "same_courier",
        /// The next courier of the center that was not asked for this shipment.
        NextCourier => "next_courier",
    }
}

/// Operations call a courier off (P4.2): as long as it does not have the part.
pub fn cancel(standing: Standing) -> Result<(), Refusal> {
    let state = standing.state;
    if standing.picked_up_at.is_some() || state == DispatchState::Delivered {
        return Err(Refusal::clash("picked_up_already", "P4.2", "the courier has the part: the run can't be called off any more"));
    }
    match DispatchState::Cancelled.may_follow(state) {
        true => Ok(()),
        false => Err(Refusal::clash("dispatch_state_clash", "P4.2", format!("a dispatch that is {state} can't become cancelled"))),
    }
}

/// Whom to send after a dispatch is cancelled; `same` is the courier that was called off.
pub fn after_cancelling(afterwards: Afterwards, same: Option<&Code>, dispatch: &Unanswered) -> Result<Option<Code>, Refusal> {
    match afterwards {
        Afterwards::Nobody => Ok(None),
        Afterwards::SameCourier => Ok(same.cloned()),
        Afterwards::NextCourier => match next_courier(dispatch) {
            Some(code) => Ok(Some(code.clone())),
            None => Err(Refusal::clash("no_courier_left", "P4.2", "no other courier of the service center is left to ask")),
        },
    }
}

/// A reminder at half of the time, then the next courier that was not asked, then nobody. One that woke up late (the service was
/// off) does not remind first: the time is up.
pub fn chase(dispatch: &Unanswered, now: DateTime<Utc>) -> Chase {
    let half = remind_at(dispatch.sent_at, dispatch.accept_by);
    if now >= dispatch.accept_by {
        return next_courier(dispatch).map_or(Chase::Nobody, |courier| Chase::Next(courier.clone()));
    }
    match dispatch.reminded {
        true => Chase::Wait(dispatch.accept_by),
        false if now >= half => Chase::Remind(dispatch.accept_by),
        false => Chase::Wait(half),
    }
}

/// The number of a calendar entry's next version (RFC 5545, 3.8.7.4): one more than what the courier has, and one more again
/// where a cancellation went out in between.
pub fn next_sequence(last: Option<(i32, DispatchState)>) -> i32 {
    match last {
        None => 0,
        Some((sequence, DispatchState::Cancelled)) => sequence.saturating_add(2),
        Some((sequence, _)) => sequence.saturating_add(1),
    }
}

#[cfg(test)]
mod tests;
