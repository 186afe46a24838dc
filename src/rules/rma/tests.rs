use super::*;
use crate::rules::term::Term;

#[test]
fn p4_the_square_of_rma_states() {
    // Rows: from; columns, in the order of the type: to.
    //                            iss ship del ret clo can
    let square = [
        (RmaState::Issued, [0, 1, 0, 0, 0, 1]),
        (RmaState::Shipped, [0, 0, 1, 0, 0, 0]),
        (RmaState::Delivered, [0, 0, 0, 1, 0, 0]),
        (RmaState::Returned, [0, 0, 0, 0, 1, 0]),
        (RmaState::Closed, [0, 0, 0, 0, 0, 0]),
        (RmaState::Cancelled, [0, 0, 0, 0, 0, 0]),
    ];
    assert_eq!(square.map(|(before, _)| before).as_slice(), RmaState::ALL);
    for (before, row) in square {
        for (next, may) in RmaState::ALL.iter().zip(row) {
            assert_eq!(next.may_follow(before), may == 1, "{before} -> {next}");
            assert_eq!(next.predecessors().contains(&before), may == 1, "{before} -> {next}");
        }
        assert_eq!(before.is_open(), row.contains(&1), "{before}: open exactly while something may follow");
    }
}

#[test]
fn p4_the_square_of_shipment_states() {
    //                                 pla tra del can
    let square = [
        (ShipmentState::Planned, [0, 1, 0, 1]),
        (ShipmentState::InTransit, [0, 0, 1, 0]),
        (ShipmentState::Delivered, [0, 0, 0, 0]),
        (ShipmentState::Cancelled, [0, 0, 0, 0]),
    ];
    assert_eq!(square.map(|(before, _)| before).as_slice(), ShipmentState::ALL);
    for (before, row) in square {
        for (next, may) in ShipmentState::ALL.iter().zip(row) {
            assert_eq!(next.may_follow(before), may == 1, "{before} -> {next}");
        }
    }
}

#[test]
fn p4_6_the_square_of_return_states() {
    //                            expected, shipped, overdue, wrong, short, received, destroyed, kept, void
    let square = [
        (ReturnState::Expected, [0, 1, 1, 1, 1, 1, 1, 0, 1]),
        (ReturnState::Shipped, [0, 0, 1, 1, 1, 1, 1, 0, 1]),
        (ReturnState::Overdue, [1, 1, 0, 1, 1, 1, 1, 1, 1]),
        (ReturnState::ReceivedWrong, [0, 1, 1, 1, 1, 1, 1, 1, 0]),
        (ReturnState::ReceivedShort, [0, 1, 1, 1, 1, 1, 0, 0, 0]),
        (ReturnState::Received, [0, 0, 0, 0, 0, 0, 0, 0, 0]),
        (ReturnState::Destroyed, [0, 0, 0, 0, 0, 0, 0, 0, 0]),
        (ReturnState::Kept, [0, 0, 0, 1, 1, 1, 1, 0, 0]),
        (ReturnState::Void, [0, 0, 0, 0, 0, 0, 0, 0, 0]),
    ];
    assert_eq!(square.map(|(before, _)| before).as_slice(), ReturnState::ALL);
    for (before, row) in square {
        for (next, may) in ReturnState::ALL.iter().zip(row) {
            assert_eq!(next.may_follow(before), may == 1, "{before} -> {next}");
        }
        // What was charged isn't expected any more, but it may arrive.
        assert_eq!(before.is_open(), row.contains(&1) && before != ReturnState::Kept, "{before}: open while something may follow");
    }
}

#[test]
fn p4_6_the_state_of_a_line_is_a_view_of_rma_and_return() {
    use LineState::{
        AwaitingReplacement, AwaitingReturn, Cancelled, Destroyed, InTransit, Kept, Overdue, ReturnShipped, Returned, ReturnedShort,
        ReturnedWrong,
    };
    // Columns, in the order of the type: issued, shipped, delivered, returned, closed, cancelled.
    let square = [
        (ReturnState::Expected, [AwaitingReplacement, InTransit, AwaitingReturn, AwaitingReturn, AwaitingReturn, Cancelled]),
        (ReturnState::Shipped, [ReturnShipped, ReturnShipped, ReturnShipped, ReturnShipped, ReturnShipped, Cancelled]),
        (ReturnState::Overdue, [Overdue, Overdue, Overdue, Overdue, Overdue, Cancelled]),
        (ReturnState::ReceivedWrong, [ReturnedWrong, ReturnedWrong, ReturnedWrong, ReturnedWrong, ReturnedWrong, Cancelled]),
        (ReturnState::ReceivedShort, [ReturnedShort, ReturnedShort, ReturnedShort, ReturnedShort, ReturnedShort, Cancelled]),
        // A unit that is back before its replacement left: what the customer waits for is the replacement.
        (ReturnState::Received, [AwaitingReplacement, InTransit, Returned, Returned, Returned, Cancelled]),
        (ReturnState::Destroyed, [Destroyed, Destroyed, Destroyed, Destroyed, Destroyed, Cancelled]),
        (ReturnState::Kept, [Kept, Kept, Kept, Kept, Kept, Cancelled]),
        (ReturnState::Void, [Cancelled, Cancelled, Cancelled, Cancelled, Cancelled, Cancelled]),
    ];
    assert_eq!(square.map(|(unit, _)| unit).as_slice(), ReturnState::ALL);
    for (unit, row) in square {
        for (rma, expected) in RmaState::ALL.iter().zip(row) {
            assert_eq!(line_state(*rma, unit), expected, "{unit} in an RMA that is {rma}");
        }
    }
}
