use super::*;
use crate::rules::term::Term;

fn serial(text: &str) -> SerialNumber {
    SerialNumber::parse(text).unwrap()
}

fn unit(line: i32, serial_number: &str, replacement: Option<&str>, state: ReturnState) -> UnitFacts {
    let replacement_serial_number = replacement.map(serial);
    UnitFacts { line, serial_number: serial(serial_number), replacement_serial_number, state, received_at: None }
}

fn judged(lines: &[UnitFacts], serial_number: &str, condition: Condition, owner: Owner) -> Option<(DockOutcome, i32)> {
    let scan = Scan { serial_number: serial(serial_number), condition, line: None };
    judge(lines, &scan, owner).map(|(outcome, unit)| (outcome, unit.line))
}

#[test]
fn p4_6_the_serial_number_decides_what_a_unit_is() {
    use Condition::{AsDescribed, Damaged, Incomplete};
    let lines = [unit(1, "SN-1", Some("NEW-1"), ReturnState::Received), unit(2, "SN-2", Some("NEW-2"), ReturnState::Overdue)];
    let table = [
        ("SN-2", AsDescribed, Owner::Customer, Some((DockOutcome::ExpectedUnit, 2))),
        ("SN-2", Damaged, Owner::Customer, Some((DockOutcome::DamagedInTransit, 2))),
        ("SN-2", Incomplete, Owner::Customer, Some((DockOutcome::PartsMissing, 2))),
        ("NEW-2", AsDescribed, Owner::Nobody, Some((DockOutcome::ReplacementReturned, 2))),
        ("SN-1", AsDescribed, Owner::Customer, Some((DockOutcome::AlreadyReceived, 1))),
        ("SN-7", Damaged, Owner::Customer, Some((DockOutcome::OtherUnitOfCustomer, 2))),
        ("SN-8", AsDescribed, Owner::Other, Some((DockOutcome::UnitOfAnotherCustomer, 2))),
        ("SN-9", AsDescribed, Owner::Nobody, Some((DockOutcome::UnknownSerial, 2))),
        // The line is done: its replacement is just another unit now.
        ("NEW-1", AsDescribed, Owner::Customer, Some((DockOutcome::OtherUnitOfCustomer, 2))),
    ];
    for (serial_number, condition, owner, expected) in table {
        assert_eq!(judged(&lines, serial_number, condition, owner), expected, "{serial_number} {condition}");
    }
    assert_eq!(judged(&lines[..1], "SN-9", AsDescribed, Owner::Nobody), None, "nothing is expected any more");
}

#[test]
fn p4_6_what_was_short_is_complete_with_the_rest_and_what_was_charged_may_still_arrive() {
    for state in [ReturnState::ReceivedShort, ReturnState::Kept] {
        let lines = [unit(1, "SN-1", None, state)];
        assert_eq!(judged(&lines, "SN-1", Condition::AsDescribed, Owner::Customer), Some((DockOutcome::ExpectedUnit, 1)), "{state}");
    }
    let kept = [unit(1, "SN-1", None, ReturnState::Kept)];
    assert_eq!(judged(&kept, "SN-9", Condition::AsDescribed, Owner::Nobody), None, "it waits for no other unit");
}

#[test]
fn p4_6_every_outcome_has_its_fixed_consequences() {
    use ChargeEffect::{Blocked, Reversed, Untouched};
    use Disposition::{Investigate, Repair, ReturnToSender};
    use ReturnState::{Received, ReceivedShort, ReceivedWrong};
    let table = [
        (DockOutcome::ExpectedUnit, Some(Received), Reversed, Some(NoticeKind::ReturnReceived), Repair),
        (DockOutcome::ReplacementReturned, Some(ReceivedWrong), Blocked, Some(NoticeKind::ReturnParcel), ReturnToSender),
        (DockOutcome::OtherUnitOfCustomer, Some(ReceivedWrong), Blocked, Some(NoticeKind::ReturnParcel), ReturnToSender),
        (DockOutcome::UnitOfAnotherCustomer, Some(ReceivedWrong), Blocked, Some(NoticeKind::ReturnWrong), Investigate),
        (DockOutcome::UnknownSerial, Some(ReceivedWrong), Blocked, Some(NoticeKind::ReturnWrong), Investigate),
        (DockOutcome::PartsMissing, Some(ReceivedShort), Reversed, Some(NoticeKind::ReturnParcel), Investigate),
        (DockOutcome::DamagedInTransit, Some(Received), Reversed, Some(NoticeKind::ReturnParcel), Investigate),
        (DockOutcome::AlreadyReceived, None, Untouched, None, Investigate),
    ];
    assert_eq!(table.map(|row| row.0).as_slice(), DockOutcome::ALL);
    for (outcome, unit, charge, letter, disposition) in table {
        assert_eq!(outcome.effect(), Effect { unit, charge, letter, disposition }, "{outcome}");
    }
}
