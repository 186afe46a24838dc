//! The states of an RMA, its shipments and its expected returns (P4), each a table: which state may follow which.

use super::term::terms;

terms! {
    /// Where an RMA stands.
    RmaState, "RMA state" {
        /// Promised; the replacement has not left.
        Issued => "issued",
        /// The replacement is on its way.
        Shipped => "shipped",
        /// The replacement arrived.
        Delivered => "delivered",
        /// Every defective unit is back.
        Returned => "returned",
        /// Nothing is left to do.
        Closed => "closed",
        /// Called off before anything left.
        Cancelled => "cancelled",
    }
}

impl RmaState {
    /// True if an RMA in state `before` may go to `self`.
    pub fn may_follow(self, before: Self) -> bool {
        use RmaState::{Cancelled, Closed, Delivered, Issued, Returned, Shipped};
        matches!((before, self), (Issued, Shipped | Cancelled) | (Shipped, Delivered) | (Delivered, Returned) | (Returned, Closed))
    }
    /// The states from which `self` can be reached.
    pub fn predecessors(self) -> Vec<Self> {
        use super::term::Term;
        Self::ALL.iter().copied().filter(|before| self.may_follow(*before)).collect()
    }
    /// True while something is still expected to happen.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Closed | Self::Cancelled)
    }
}

terms! {
    /// Where a shipment stands.
    ShipmentState, "shipment state" {
        /// Nothing has left yet.
        Planned => "planned",
        /// Handed to the carrier or courier.
        InTransit => "in_transit",
        /// Arrived, with a proof of delivery.
        Delivered => "delivered",
        /// Called off.
        Cancelled => "cancelled",
    }
}

impl ShipmentState {
    /// True if a shipment in state `before` may go to `self`.
    pub fn may_follow(self, before: Self) -> bool {
        matches!((before, self), (Self::Planned, Self::InTransit | Self::Cancelled) | (Self::InTransit, Self::Delivered))
    }
}

terms! {
    /// Where the return of one defective unit stands (P4.6).
    ReturnState, "return state" {
        /// Expected.
        Expected => "expected",
        /// On its way back.
        Shipped => "shipped",
        /// Not back in time.
        Overdue => "overdue",
        /// Another unit came back; the right one is still expected.
        ReceivedWrong => "received_wrong",
        /// Back.
        Received => "received",
        /// No longer expected.
        Void => "void",
    }
}

impl ReturnState {
    /// True if a return in state `before` may go to `self`.
    pub fn may_follow(self, before: Self) -> bool {
        use ReturnState::{Expected, Overdue, Received, ReceivedWrong, Shipped, Void};
        match before {
            Expected => matches!(self, Shipped | Overdue | ReceivedWrong | Received | Void),
            Shipped => matches!(self, Overdue | ReceivedWrong | Received),
            Overdue => matches!(self, Shipped | ReceivedWrong | Received),
            ReceivedWrong => matches!(self, Shipped | Overdue | ReceivedWrong | Received),
            Received | Void => false,
        }
    }
    /// True while the unit is still expected.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Received | Self::Void)
    }
}

terms! {
    /// The state of an RMA line as people see it: a view of the RMA's and the return's states.
    LineState, "line state" {
        /// The replacement has not left.
        AwaitingReplacement => "awaiting_replacement",
        /// The replacement is on its way.
        InTransit => "in_transit",
        /// The defective unit is expected.
        AwaitingReturn => "awaiting_return",
        /// The defective unit is on its way back.
        ReturnShipped => "return_shipped",
        /// The defective unit is not back in time.
        Overdue => "overdue",
        /// Another unit came back.
        ReturnedWrong => "returned_wrong",
        /// The defective unit is back.
        Returned => "returned",
        /// Called off.
        Cancelled => "cancelled",
    }
}

/// The state of a line, derived, so that it can't contradict what it is derived from.
pub fn line_state(rma: RmaState, unit: ReturnState) -> LineState {
    match (unit, rma) {
        (ReturnState::Void, _) | (_, RmaState::Cancelled) => LineState::Cancelled,
        (ReturnState::Received, RmaState::Issued) => LineState::AwaitingReplacement,
        (ReturnState::Received, RmaState::Shipped) => LineState::InTransit,
        (ReturnState::Received, _) => LineState::Returned,
        (ReturnState::ReceivedWrong, _) => LineState::ReturnedWrong,
        (ReturnState::Overdue, _) => LineState::Overdue,
        (ReturnState::Shipped, _) => LineState::ReturnShipped,
        (ReturnState::Expected, RmaState::Issued) => LineState::AwaitingReplacement,
        (ReturnState::Expected, RmaState::Shipped) => LineState::InTransit,
        (ReturnState::Expected, _) => LineState::AwaitingReturn,
    }
}

terms! {
    /// In which condition a defective unit came back.
    Condition, "condition" {
        /// As the case describes it.
        AsDescribed => "as_described",
        /// Damaged on the way or before.
        Damaged => "damaged",
        /// Parts of it are missing.
        Incomplete => "incomplete",
    }
}

#[cfg(test)]
mod tests;
