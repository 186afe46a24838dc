use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn p4_2_the_square_of_dispatch_states() {
    use DispatchState::{Accepted, Cancelled, Delivered, PickedUp, Problem, Sent, Superseded};
    let after = |before: DispatchState| DispatchState::ALL.iter().copied().filter(|s| s.may_follow(before)).collect::<Vec<_>>();
    let table = [
        (Sent, vec![Accepted, PickedUp, Delivered, Problem, Cancelled, Superseded]),
        (Accepted, vec![PickedUp, Delivered, Problem, Cancelled, Superseded]),
        (PickedUp, vec![Delivered, Problem, Superseded]),
        (Delivered, vec![]),
        (Problem, vec![Accepted, PickedUp, Delivered, Cancelled, Superseded]),
        (Cancelled, vec![]),
        (Superseded, vec![]),
    ];
    assert_eq!(table.len(), DispatchState::ALL.len());
    for (before, next) in table {
        assert_eq!(after(before), next, "{before}");
        assert_eq!(before.is_open(), !next.is_empty(), "{before}");
    }
    for state in DispatchState::ALL {
        assert!(state.predecessors().iter().all(|before| state.may_follow(*before)));
    }
}

#[test]
fn p4_2_a_step_that_was_done_is_not_done_again() {
    use DispatchState::{Accepted, Cancelled, Delivered, PickedUp, Problem, Sent, Superseded};
    let (t, none) = (Some(at("2026-11-25T19:05:00Z")), None);
    let table = [
        (Sent, none, none, Accepted, Ok(Step::Do)),
        (Accepted, t, none, Accepted, Ok(Step::Done)),
        (PickedUp, none, t, Accepted, Ok(Step::Done)),
        (Problem, t, none, Accepted, Ok(Step::Done)),
        (Problem, none, none, Accepted, Ok(Step::Do)),
        (Delivered, t, t, Accepted, Ok(Step::Done)),
        (Delivered, t, none, PickedUp, Ok(Step::Done)),
        (Problem, t, t, PickedUp, Ok(Step::Done)),
        (Delivered, t, t, Delivered, Ok(Step::Done)),
        (Problem, t, none, Problem, Ok(Step::Done)),
        // One that was solved may come back.
        (PickedUp, t, t, Problem, Ok(Step::Do)),
        (Delivered, t, t, Problem, Err("dispatch_state_clash")),
        (Cancelled, t, none, Accepted, Err("dispatch_cancelled")),
        (Superseded, t, t, Delivered, Err("dispatch_superseded")),
    ];
    for (state, accepted_at, picked_up_at, next, expected) in table {
        let got = step(Standing { state, accepted_at, picked_up_at }, next).map_err(|r| r.code);
        assert_eq!(got, expected, "{state} → {next}");
    }
}

fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

#[test]
fn p4_2_who_does_not_answer_is_reminded_at_half_time_and_then_replaced() {
    let terms = CourierTerms { accept_within_minutes: 15, links_valid_hours: 72 };
    let sent_at = at("2026-11-25T19:00:00Z");
    let accept_by = accept_by(&terms, sent_at);
    assert_eq!(accept_by, at("2026-11-25T19:15:00Z"));
    let asked = |reminded, asked: &[&str]| Unanswered {
        sent_at,
        accept_by,
        reminded,
        approved: ["A", "B"].map(code).to_vec(),
        asked: asked.iter().map(|c| code(c)).collect(),
    };
    let half = at("2026-11-25T19:07:30Z");
    let table = [
        (asked(false, &["A"]), "19:00:00", Chase::Wait(half)),
        (asked(false, &["A"]), "19:07:29", Chase::Wait(half)),
        (asked(false, &["A"]), "19:07:30", Chase::Remind(accept_by)),
        (asked(true, &["A"]), "19:14:59", Chase::Wait(accept_by)),
        (asked(true, &["A"]), "19:15:00", Chase::Next(code("B"))),
        // Woken up a day late: no reminder of what is over.
        (asked(false, &["A"]), "23:59:59", Chase::Next(code("B"))),
        (asked(true, &["A", "B"]), "19:15:00", Chase::Nobody),
        (asked(true, &["B"]), "19:15:00", Chase::Next(code("A"))),
        // A courier that is not approved any more was asked: the others are still there.
        (asked(true, &["Z"]), "19:15:00", Chase::Next(code("A"))),
    ];
    for (dispatch, time, expected) in table {
        assert_eq!(chase(&dispatch, at(&format!("2026-11-25T{time}Z"))), expected, "{time} {:?}", dispatch.asked);
    }
}

#[test]
fn p4_2_every_version_of_a_calendar_entry_has_a_higher_number() {
    assert_eq!(next_sequence(None), 0);
    assert_eq!(next_sequence(Some((0, DispatchState::Superseded))), 1);
    // The cancellation itself was number 3.
    assert_eq!(next_sequence(Some((2, DispatchState::Cancelled))), 4);
}

#[test]
fn p4_2_a_run_is_called_off_until_the_courier_has_the_part() {
    let at: DateTime<Utc> = "2026-11-25T19:00:00Z".parse().unwrap();
    let standing = |state, picked_up_at| Standing { state, accepted_at: None, picked_up_at };
    for state in DispatchState::ALL {
        let expected = match state {
            DispatchState::Sent | DispatchState::Accepted | DispatchState::Problem => None,
            DispatchState::PickedUp => Some("dispatch_state_clash"),
            DispatchState::Delivered => Some("picked_up_already"),
            DispatchState::Cancelled | DispatchState::Superseded => Some("dispatch_state_clash"),
        };
        assert_eq!(cancel(standing(*state, None)).err().map(|refusal| refusal.code), expected, "{state}");
        assert_eq!(cancel(standing(*state, Some(at))).unwrap_err().code, "picked_up_already", "{state}");
    }
}

#[test]
fn p4_2_after_a_cancellation_nobody_the_same_or_the_next_courier_is_sent() {
    let at: DateTime<Utc> = "2026-11-25T19:00:00Z".parse().unwrap();
    let code = |text: &str| Code::parse(text).unwrap();
    let (first, second) = (code("FIRST"), code("SECOND"));
    let approved = vec![first.clone(), second.clone()];
    let asked = |asked: Vec<Code>| Unanswered { sent_at: at, accept_by: at, reminded: false, approved: approved.clone(), asked };
    let one = asked(vec![first.clone()]);
    assert_eq!(after_cancelling(Afterwards::Nobody, Some(&first), &one), Ok(None));
    assert_eq!(after_cancelling(Afterwards::SameCourier, Some(&first), &one), Ok(Some(first.clone())));
    assert_eq!(after_cancelling(Afterwards::NextCourier, Some(&first), &one), Ok(Some(second.clone())));
    let both = asked(vec![first.clone(), second]);
    assert_eq!(after_cancelling(Afterwards::NextCourier, Some(&first), &both).unwrap_err().code, "no_courier_left");
}
