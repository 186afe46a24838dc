use super::*;
use crate::rules::notice::{NoticeKind, Urgency};
use crate::rules::term::Term;

fn now() -> DateTime<Utc> {
    "2026-11-24T15:30:00Z".parse().unwrap()
}

fn tries(made: i32, since: TimeDelta) -> Tries {
    Tries { made, at_least: 12, promised_at: now() - since }
}

#[test]
fn p4_6_a_server_that_is_away_costs_no_letter_a_try() {
    for made in [1, 12, 1_000] {
        let next = after(Fault::Server, Urgency::Rest, &tries(made, TimeDelta::days(30)), now());
        assert_eq!(next, Next::Untried, "{made}");
    }
    assert!(Fault::Server.is_silence() && Fault::Talk.is_silence() && !Fault::Letter.is_silence() && !Fault::Refused.is_silence());
}

#[test]
fn p4_6_a_letter_is_put_off_for_longer_each_time_and_a_dispatch_never_for_long() {
    let seconds = |urgency, made| match after(Fault::Letter, urgency, &tries(made, TimeDelta::zero()), now()) {
        Next::Again(at) => (at - now()).num_seconds(),
        other => panic!("{other:?}"),
    };
    let made = [1, 2, 3, 4, 7, 8, 9, 1_000, i32::MAX];
    assert_eq!(made.map(|n| seconds(Urgency::Action, n)), [30, 60, 120, 240, 1_920, 3_600, 3_600, 3_600, 3_600]);
    assert_eq!(made.map(|n| seconds(Urgency::Dispatch, n)), [30, 60, 120, 120, 120, 120, 120, 120, 120]);
    assert_eq!([0, -1, i32::MIN].map(|n| seconds(Urgency::Rest, n)), [30; 3]);
}

#[test]
fn p4_6_a_letter_is_stuck_after_many_tries_and_two_days_or_when_it_is_refused() {
    let stuck = |fault, made, since| after(fault, Urgency::Rest, &tries(made, since), now()) == Next::Stuck;
    let (day, second) = (TimeDelta::days(1), TimeDelta::seconds(1));
    let table = [
        (Fault::Letter, 12, day * 2, true),
        (Fault::Letter, 12, day * 2 - second, false),
        (Fault::Letter, 11, day * 9, false),
        (Fault::Talk, 500, day * 2, true),
        (Fault::Talk, 500, day, false),
        (Fault::Refused, 1, TimeDelta::zero(), true),
        // A clock that has gone back.
        (Fault::Letter, 12, -day, false),
    ];
    for (fault, made, since, expected) in table {
        assert_eq!(stuck(fault, made, since), expected, "{fault:?} {made} {since}");
    }
}

#[test]
fn p4_6_dispatches_leave_first_then_what_asks_for_action_then_the_rest() {
    let of = |urgency| NoticeKind::ALL.iter().copied().filter(move |kind| kind.urgency() == urgency);
    assert!(of(Urgency::Dispatch).all(|kind| kind.is_for_courier() || kind.is_for_operations() || kind.is_for_person()));
    assert_eq!(of(Urgency::Dispatch).count(), 8, "three to couriers, two to operations, three to people");
    assert!(
        [NoticeKind::RmaIssued, NoticeKind::Shipped, NoticeKind::Delivered, NoticeKind::ReturnOverdue]
            .iter()
            .all(|kind| kind.urgency() == Urgency::Action)
    );
    assert!([NoticeKind::Closed, NoticeKind::CoverageChanged].iter().all(|kind| kind.urgency() == Urgency::Rest));
    for urgency in Urgency::ALL {
        assert_eq!(Urgency::of_rank(urgency.rank()), *urgency);
    }
    assert!(Urgency::ALL.is_sorted_by_key(|urgency| urgency.rank()));
}

#[test]
fn p4_6_a_letter_takes_the_place_of_those_that_it_makes_pointless() {
    let reminders = [NoticeKind::ReturnDueSoon, NoticeKind::ReturnDueToday, NoticeKind::ReturnOverdue];
    for kind in
        reminders.into_iter().chain([NoticeKind::ReturnReceived, NoticeKind::ReturnExtended, NoticeKind::Closed, NoticeKind::Cancelled])
    {
        assert_eq!(kind.supersedes(), reminders, "{kind}");
    }
    assert_eq!(NoticeKind::CourierCancelled.supersedes(), [NoticeKind::CourierReminder]);
    // A dispatch or a promise always goes out.
    let all = NoticeKind::ALL.iter().flat_map(|kind| kind.supersedes());
    assert!(all.clone().all(|kind| !matches!(kind, NoticeKind::CourierDispatch | NoticeKind::RmaIssued | NoticeKind::Delivered)));
}
