//! What happens next on an RMA, for the customer.

use super::Dossier;
use crate::rules::next_step::{Due, NextStep, Standing, next_step};
use crate::store::deadlines::Kept;

impl Dossier {
    /// What happens next and when.
    pub fn next_step(&self) -> NextStep {
        let due = |kept: &Kept| {
            let (deadline, basis) = (&kept.deadline, &kept.deadline.basis);
            let hold = basis.holds.iter().find(|hold| hold.to.is_none());
            Due {
                kind: basis.kind,
                state: deadline.state,
                due_at: deadline.due_at,
                waits_for: basis.waits_for.clone(),
                paused_because: hold.map(|hold| hold.reason.clone()),
            }
        };
        next_step(&Standing {
            state: self.rma.state.0,
            deadlines: self.deadlines.iter().map(due).collect(),
            returns: self.returns.iter().map(|unit| unit.state.0).collect(),
            keeps_media: self.rma.keeps_media,
        })
    }
}
