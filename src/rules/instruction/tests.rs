use super::*;
use crate::rules::term::Term;

#[test]
fn p4_6_the_letter_that_asks_for_the_unit_instructs() {
    for tier in Tier::ALL {
        let kinds: Vec<NoticeKind> = NoticeKind::ALL.iter().copied().filter(|kind| instructs(*kind, *tier)).collect();
        let first = if *tier == Tier::Bronze { NoticeKind::RmaIssued } else { NoticeKind::Delivered };
        assert_eq!(kinds, [first, NoticeKind::ReturnInstructions], "{tier}");
    }
}

#[test]
fn p4_6_papers_are_had_while_a_unit_is_expected() {
    use ReturnState::{Expected, Overdue, Received, ReceivedWrong, Shipped, Void};
    for state in RmaState::ALL.iter().copied().filter(|s| s.is_open()) {
        for open in [Expected, Shipped, Overdue, ReceivedWrong] {
            assert_eq!(may_have(state, &[Received, open], true), Ok(()));
        }
        assert_eq!(may_have(state, &[Received, Void], true).unwrap_err().code, "nothing_expected_back");
    }
    for state in [RmaState::Cancelled, RmaState::Closed] {
        assert_eq!(may_have(state, &[Expected], true).unwrap_err().code, "nothing_expected_back");
    }
    assert_eq!(may_have(RmaState::Issued, &[Expected], false).unwrap_err().code, "no_return_address");
}

#[test]
fn p4_6_instructions_are_sent_again_five_times_a_day() {
    assert!((0..5).all(|lately| may_send_again(lately).is_ok()));
    let refusal = may_send_again(5).unwrap_err();
    assert_eq!((refusal.code, refusal.rule), ("too_many_return_instructions", Some("P4.6")));
}
