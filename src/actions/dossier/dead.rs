//! What ties an RMA to others where a replacement was dead on arrival (P4.6).

use crate::rules::rma::RmaState;
use crate::store::rmas::{self, DeadLink, RmaLine};
use crate::store::{Conn, Id, Stored};

/// The ties of the lines of an RMA, both ways.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeadLinks {
    /// By line: the line of the RMA that sent the dead unit.
    replaces: Vec<DeadLink>,
    /// By line: the line of the RMA that replaces what this one sent dead.
    replaced_by: Vec<DeadLink>,
}

impl DeadLinks {
    /// Loads those of the lines of RMAs. Most RMAs replace nothing dead, and before anything arrived nothing can be: nobody is asked
    /// then.
    pub(in crate::actions) fn load(
        conn: &mut Conn,
        state: impl Fn(Id) -> Option<RmaState>,
        lines: &[(RmaLine, String, String)],
    ) -> Stored<Self> {
        let mut found = Self::default();
        let dead: Vec<Id> = lines.iter().filter_map(|(line, ..)| line.replaces_line_id).collect();
        if !dead.is_empty() {
            let sent = rmas::replaced_dead(conn, &dead)?;
            let link = |(line, ..): &(RmaLine, String, String)| {
                let (_, rma, number) = sent.iter().find(|(id, ..)| Some(*id) == line.replaces_line_id)?;
                Some((line.id, *rma, *number))
            };
            found.replaces = lines.iter().filter_map(link).collect();
        }
        let arrived = |line: &RmaLine| matches!(state(line.rma_id), Some(RmaState::Delivered | RmaState::Returned | RmaState::Closed));
        let arrived: Vec<Id> = lines.iter().filter(|(line, ..)| arrived(line)).map(|(line, ..)| line.id).collect();
        if !arrived.is_empty() {
            found.replaced_by = rmas::replacing(conn, &arrived)?;
        }
        Ok(found)
    }

    /// Those of some of the lines.
    pub(super) fn of(&self, own: impl Fn(Id) -> bool) -> Self {
        let of = |links: &[DeadLink]| links.iter().filter(|(line, ..)| own(*line)).copied().collect();
        Self { replaces: of(&self.replaces), replaced_by: of(&self.replaced_by) }
    }

    /// The RMA, by its serial, and the line whose dead replacement this line replaces.
    pub fn replaced_by_line(&self, line: Id) -> Option<(i64, i32)> {
        self.replaces.iter().find(|(id, ..)| *id == line).map(|(_, rma, number)| (*rma, *number))
    }

    /// The RMA, by its serial, and the line that replace what this line sent dead.
    pub fn successor_of(&self, line: Id) -> Option<(i64, i32)> {
        self.replaced_by.iter().find(|(id, ..)| *id == line).map(|(_, rma, number)| (*rma, *number))
    }
}
