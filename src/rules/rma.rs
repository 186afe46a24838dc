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
        /// Back, but parts of it are missing: they are still expected.
        ReceivedShort => "received_short",
        /// Back.
        Received => "received",
        /// Destroyed by the customer with a certificate, instead of coming back.
        Destroyed => "destroyed",
        /// Charged: the customer keeps it. It may still arrive.
        Kept => "kept",
        /// No longer expected.
        Void => "void",
    }
}

impl ReturnState {
    /// True if a return in state `before` may go to `self`.
    pub fn may_follow(self, before: Self) -> bool {
        use ReturnState::{Destroyed, Expected, Kept, Overdue, Received, ReceivedShort, ReceivedWrong, Shipped, Void};
        match before {
            Expected => matches!(self, Shipped | Overdue | ReceivedWrong | ReceivedShort | Received | Destroyed | Void),
            Shipped => matches!(self, Overdue | ReceivedWrong | ReceivedShort | Received | Destroyed | Void),
            Overdue => matches!(self, Expected | Shipped | ReceivedWrong | ReceivedShort | Received | Destroyed | Kept | Void),
            // What was charged is the unit that did not come; the other one is cleared up by then.
            ReceivedWrong if matches!(self, Kept | Destroyed) => true,
            ReceivedWrong | ReceivedShort => matches!(self, Shipped | Overdue | ReceivedWrong | ReceivedShort | Received),
            Kept => matches!(self, ReceivedWrong | ReceivedShort | Received | Destroyed),
            Received | Destroyed | Void => false,
        }
    }
    /// True while the unit is still expected.
    pub fn is_open(self) -> bool {
        !self.is_back()
    }
    /// True once nothing more is expected of it.
    pub fn is_back(self) -> bool {
        matches!(self, Self::Received | Self::Destroyed | Self::Kept | Self::Void)
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
        /// The defective unit is back without all of its parts.
        ReturnedShort => "returned_short",
        /// The defective unit is back.
        Returned => "returned",
        /// The defective unit was destroyed with a certificate.
        Destroyed => "destroyed",
        /// The defective unit is charged and stays.
        Kept => "kept",
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
        (ReturnState::Destroyed, _) => LineState::Destroyed,
        (ReturnState::Kept, _) => LineState::Kept,
        (ReturnState::ReceivedWrong, _) => LineState::ReturnedWrong,
        (ReturnState::ReceivedShort, _) => LineState::ReturnedShort,
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
