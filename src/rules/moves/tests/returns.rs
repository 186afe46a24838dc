//! Defective units that come back (P4.6).

use super::*;
use crate::rules::dock::{DockOutcome, Owner, Receipt, Scan, receive as receive_scan};
use crate::rules::rma::Condition;

/// A Silver RMA of two lines, delivered on Wednesday: the units are due at the end of Wednesday, 16 December.
fn delivered() -> RmaFacts {
    let mut rma = issued(Tier::Silver);
    rma.lines = vec![unit(1, "SN-1", ReturnState::Expected), unit(2, "SN-2", ReturnState::Expected)];
    rma.deadlines[0].state = DeadlineState::Met;
    rma.deadlines[1] = deadline(DeadlineKind::ReturnBy, Some("2026-12-09T16:30:00-05:00"));
    standing(RmaState::Delivered, rma)
}

fn serial(text: &str) -> SerialNumber {
    SerialNumber::parse(text).unwrap()
}

/// What a dock that looks no further books: nobody knows another serial number.
fn receive(rma: &RmaFacts, line: Option<i32>, serial_number: &SerialNumber, at: DateTime<Utc>) -> Result<Receipt, Refusal> {
    let scan = Scan { serial_number: serial_number.clone(), condition: Condition::AsDescribed, line };
    receive_scan(rma, &scan, Owner::Nobody, at)
}

/// Receives and keeps the receipt, as the store does.
fn book(rma: &mut RmaFacts, line: Option<i32>, serial_number: &str, instant: &str) -> Receipt {
    let receipt = receive(rma, line, &serial(serial_number), at(instant)).unwrap();
    let unit = rma.lines.iter_mut().find(|l| l.line == receipt.line).unwrap();
    (unit.state, unit.received_at) = (receipt.state, Some(at(instant)));
    keep(rma, &receipt.deadlines);
    receipt
}

const IN_TIME: &str = "2026-12-15T10:00:00-05:00";

#[test]
fn p4_6_a_part_of_the_units_leaves_the_rest_expected() {
    let mut rma = delivered();
    let first = book(&mut rma, None, "SN-2", IN_TIME);
    assert_eq!((first.line, first.state, first.complete, first.deadlines), (2, ReturnState::Received, false, vec![]));
    assert!(!rma.all_returned());
    let second = book(&mut rma, None, "SN-1", IN_TIME);
    assert_eq!((second.line, second.state, second.complete), (1, ReturnState::Received, true));
    assert_eq!(told(&second.deadlines), [(DeadlineKind::ReturnBy, DeadlineState::Met, "2026-12-17T00:00:00-05:00".to_owned())]);
    assert!(rma.all_returned());
    let again = receive(&rma, None, &serial("SN-1"), at(IN_TIME)).unwrap();
    assert_eq!((again.outcome, again.state, again.deadlines), (DockOutcome::AlreadyReceived, ReturnState::Received, vec![]));
    assert_eq!(clash(receive(&rma, None, &serial("SN-9"), at(IN_TIME))), ("nothing_expected_back", "P4.6"));
}

#[test]
fn p4_6_two_parts_of_one_appliance_are_booked_one_after_the_other() {
    let mut rma = delivered();
    rma.lines[1].serial_number = serial("SN-1");
    let found = [book(&mut rma, None, "SN-1", IN_TIME), book(&mut rma, None, "SN-1", IN_TIME)];
    assert_eq!(found.map(|r| (r.line, r.complete)), [(1, false), (2, true)]);
    // Or by the line that the dock names.
    let mut rma = delivered();
    rma.lines[1].serial_number = serial("SN-1");
    assert_eq!(book(&mut rma, Some(2), "SN-1", IN_TIME).line, 2);
    assert_eq!(receive(&rma, Some(2), &serial("SN-1"), at(IN_TIME)).unwrap().outcome, DockOutcome::AlreadyReceived);
    assert_eq!(clash(receive(&rma, Some(3), &serial("SN-1"), at(IN_TIME))), ("nothing_expected_back", "P4.6"));
}

#[test]
fn p4_6_another_unit_is_booked_as_wrong_and_the_right_one_still_expected() {
    let mut rma = delivered();
    let wrong = book(&mut rma, Some(2), "SN-9", IN_TIME);
    assert_eq!((wrong.line, wrong.state, wrong.complete, wrong.deadlines), (2, ReturnState::ReceivedWrong, false, vec![]));
    // Again, on the first open line; then the right ones.
    assert_eq!(book(&mut rma, None, "SN-9", IN_TIME).line, 1);
    assert_eq!(book(&mut rma, None, "SN-1", IN_TIME).state, ReturnState::Received);
    // Booked once is booked: the other line isn't touched.
    assert_eq!(book(&mut rma, None, "SN-1", IN_TIME).outcome, DockOutcome::AlreadyReceived);
    assert_eq!(rma.lines[1].state, ReturnState::ReceivedWrong);
    assert_eq!(told(&book(&mut rma, None, "SN-2", IN_TIME).deadlines)[0].1, DeadlineState::Met);
}

#[test]
fn p4_6_back_in_time_is_met_and_late_is_missed() {
    // Due at the end of Wednesday, 16 December: the midnight itself is in time.
    let table = [
        ("2026-12-17T00:00:00-05:00", DeadlineState::Met),
        ("2026-12-17T00:00:01-05:00", DeadlineState::Missed),
        ("2026-12-20T10:00:00-05:00", DeadlineState::Missed),
    ];
    for (instant, state) in table {
        let mut rma = delivered();
        rma.lines.pop();
        let receipt = book(&mut rma, None, "SN-1", instant);
        assert_eq!(told(&receipt.deadlines), [(DeadlineKind::ReturnBy, state, "2026-12-17T00:00:00-05:00".to_owned())], "{instant}");
        assert_eq!(receipt.deadlines[0].done_at, Some(at(instant)));
    }
}

#[test]
fn p4_6_a_late_record_of_a_return_in_time_makes_missed_met() {
    for (instant, state) in [(IN_TIME, DeadlineState::Met), ("2026-12-18T10:00:00-05:00", DeadlineState::Missed)] {
        let mut rma = delivered();
        rma.lines = vec![unit(1, "SN-1", ReturnState::Overdue)];
        rma.deadlines[1].state = DeadlineState::Missed;
        assert_eq!(told(&book(&mut rma, None, "SN-1", instant).deadlines)[0].1, state, "{instant}");
    }
}

#[test]
fn p4_6_everything_is_back_when_the_last_unit_is_in_whatever_order_it_is_recorded() {
    let late = "2026-12-18T10:00:00-05:00";
    for [first, second] in [[IN_TIME, late], [late, IN_TIME]] {
        let mut rma = delivered();
        book(&mut rma, None, "SN-1", first);
        let receipt = book(&mut rma, None, "SN-2", second);
        assert_eq!(told(&receipt.deadlines)[0].1, DeadlineState::Missed, "{first} {second}");
        assert_eq!(receipt.deadlines[0].done_at, Some(at(late)));
    }
}

#[test]
fn p4_6_a_unit_may_be_back_before_its_replacement_arrives() {
    // The days haven't begun: it is in time, and the delivery starts nothing any more.
    let mut rma = standing(RmaState::Shipped, issued(Tier::Silver));
    let receipt = book(&mut rma, None, "SN-1", "2026-12-08T10:00:00-05:00");
    assert_eq!(told(&receipt.deadlines), [(DeadlineKind::ReturnBy, DeadlineState::Met, String::new())]);
    assert_eq!(receipt.deadlines[0].deadline.basis.waits_for, []);
    assert_eq!(deliver(&rma, at("2026-12-09T10:00:00-05:00"), &Embedded), Ok(vec![]));
    assert!(rma.all_returned());
}

#[test]
fn p4_6_a_cancelled_rma_expects_nothing_and_one_with_a_unit_back_is_not_cancelled() {
    let cancelled = standing(RmaState::Cancelled, issued(Tier::Silver));
    assert_eq!(clash(receive(&cancelled, None, &serial("SN-1"), at(IN_TIME))), ("state_clash", "P4.6"));
    assert_eq!(clash(return_shipped(&cancelled, None)), ("nothing_expected_back", "P4.6"));
    let mut back = issued(Tier::Bronze);
    back.lines[0].state = ReturnState::Received;
    assert_eq!(clash(cancel(&back)), ("unit_already_back", "P4.6"));
}

#[test]
fn p4_6_the_units_that_a_customer_may_report_as_sent() {
    // (state, may be reported as sent)
    let table = [
        (ReturnState::Expected, true),
        (ReturnState::Shipped, false),
        (ReturnState::Overdue, true),
        (ReturnState::ReceivedWrong, true),
        (ReturnState::ReceivedShort, true),
        (ReturnState::Received, false),
        (ReturnState::Destroyed, false),
        (ReturnState::Kept, false),
        (ReturnState::Void, false),
    ];
    assert_eq!(table.map(|(state, _)| state).as_slice(), ReturnState::ALL);
    for (state, may) in table {
        let mut rma = delivered();
        rma.lines[0].state = state;
        let both = if may { vec![1, 2] } else { vec![2] };
        assert_eq!(return_shipped(&rma, None), Ok(both), "{state}");
        assert_eq!(return_shipped(&rma, Some(1)).is_ok(), may, "{state}");
        assert_eq!(return_shipped(&rma, Some(2)), Ok(vec![2]));
        assert_eq!(clash(return_shipped(&rma, Some(3))), ("nothing_expected_back", "P4.6"));
    }
}
