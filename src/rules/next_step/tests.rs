//! What happens next, in every state.

use super::*;
use crate::rules::term::Term;

fn at(text: &str) -> Option<DateTime<Utc>> {
    Some(text.parse().unwrap())
}

fn due(kind: DeadlineKind, state: DeadlineState) -> Due {
    Due { kind, state, due_at: at("2026-11-25T20:00:00Z"), waits_for: Vec::new(), paused_because: None }
}

fn standing(state: RmaState, deadlines: &[Due], returns: &[ReturnState]) -> Standing {
    Standing { state, deadlines: deadlines.to_vec(), returns: returns.to_vec(), keeps_media: false }
}

#[test]
fn p4_every_state_of_an_rma_and_its_returns_has_a_next_step() {
    for state in RmaState::ALL {
        for unit in ReturnState::ALL {
            for deadline in DeadlineState::ALL {
                let all = [DeadlineKind::ShipBy, DeadlineKind::DeliverBy, DeadlineKind::ReturnBy].map(|kind| due(kind, *deadline));
                for deadlines in [&all[..], &all[..1], &all[1..], &[]] {
                    let next = next_step(&standing(*state, deadlines, &[*unit]));
                    assert!(next.said.ends_with('.') && next.said.len() > 20, "{next:?}");
                    assert_eq!(next.turn == Turn::Nobodys, !state.is_open(), "{state} {unit} {next:?}");
                    let has_return = deadlines.iter().any(|due| due.kind == DeadlineKind::ReturnBy && due.state != DeadlineState::Void);
                    let undated = *unit == ReturnState::Overdue && !has_return;
                    assert!(!next.late || next.by.is_some() || undated, "what is late was due: {next:?}");
                }
            }
        }
    }
}

#[test]
fn p4_the_replacement_leaves_by_its_deadline() {
    let running = due(DeadlineKind::ShipBy, DeadlineState::Running);
    let next = next_step(&standing(RmaState::Issued, std::slice::from_ref(&running), &[ReturnState::Expected]));
    assert_eq!((next.turn, next.by, next.late), (Turn::Ours, running.due_at, false));
    assert_eq!(next.said, "Your replacement leaves our service center.");
    let missed = next_step(&standing(RmaState::Issued, &[due(DeadlineKind::ShipBy, DeadlineState::Missed)], &[ReturnState::Expected]));
    assert!(missed.late && missed.turn == Turn::Ours && missed.said.contains("should have left"), "{missed:?}");
    let shipped = next_step(&standing(RmaState::Shipped, &[due(DeadlineKind::ShipBy, DeadlineState::Met)], &[ReturnState::Expected]));
    assert_eq!((shipped.said.as_str(), shipped.by), ("Your replacement is on its way to you.", None));
    let none = next_step(&standing(RmaState::Issued, &[due(DeadlineKind::ShipBy, DeadlineState::Void)], &[ReturnState::Expected]));
    assert_eq!((none.said.as_str(), none.by), ("We prepare your replacement.", None));
}

#[test]
fn p4_who_sends_first_is_asked_for_the_unit_before_the_replacement_leaves() {
    let running = [due(DeadlineKind::ShipBy, DeadlineState::Running), due(DeadlineKind::ReturnBy, DeadlineState::Running)];
    let said = |unit| next_step(&standing(RmaState::Issued, &running, &[unit]));
    assert_eq!(said(ReturnState::Expected).said, "Send the defective unit back to us with the return label.");
    assert!(said(ReturnState::Overdue).late);
    for sent in [ReturnState::Shipped, ReturnState::Received] {
        assert_eq!(said(sent).said, "Your replacement leaves our service center.");
    }
    let waiting = [running[0].clone(), Due { due_at: None, ..due(DeadlineKind::ReturnBy, DeadlineState::Waiting) }];
    assert_eq!(next_step(&standing(RmaState::Issued, &waiting, &[ReturnState::Expected])).turn, Turn::Ours);
}

#[test]
fn p4_2_the_clock_of_a_courier_waits_for_the_contact_and_then_for_their_word() {
    let waiting = |waits_for: &[WaitsFor]| Due {
        waits_for: waits_for.to_vec(),
        due_at: None,
        ..due(DeadlineKind::DeliverBy, DeadlineState::Waiting)
    };
    let said = |due: Due| next_step(&standing(RmaState::Issued, &[due], &[ReturnState::Expected]));
    let nobody = said(waiting(&[WaitsFor::Contact, WaitsFor::ContactAccepts]));
    assert!(nobody.turn == Turn::Yours && nobody.said.starts_with("Tell us who takes the delivery"), "{nobody:?}");
    let unsure = said(waiting(&[WaitsFor::ContactAccepts]));
    assert!(unsure.turn == Turn::Yours && unsure.said.starts_with("Confirm that your contact accepts"), "{unsure:?}");
    let running = said(due(DeadlineKind::DeliverBy, DeadlineState::Running));
    assert_eq!((running.turn, running.by), (Turn::Ours, at("2026-11-25T20:00:00Z")));
    let late = next_step(&standing(RmaState::Shipped, &[due(DeadlineKind::DeliverBy, DeadlineState::Missed)], &[ReturnState::Expected]));
    assert!(late.late && late.said.contains("should be with you"), "{late:?}");
}

#[test]
fn p4_5_a_clock_that_stands_still_says_why() {
    let held = Due { paused_because: Some("export license".into()), due_at: None, ..due(DeadlineKind::ShipBy, DeadlineState::Paused) };
    let next = next_step(&standing(RmaState::Issued, &[held], &[ReturnState::Expected]));
    assert!(next.turn == Turn::Ours && next.by.is_none() && next.said.contains("export license"), "{next:?}");
}

#[test]
fn p4_6_what_has_to_come_back_is_told_with_what_needs_a_hand_in_front() {
    use ReturnState::{Destroyed, Expected, Kept, Overdue, Received, ReceivedShort, ReceivedWrong, Shipped, Void};
    let returns = |returns: &[ReturnState]| {
        next_step(&standing(RmaState::Delivered, &[due(DeadlineKind::ReturnBy, DeadlineState::Running)], returns))
    };
    let cases: [(&[ReturnState], Turn, &str); 9] = [
        (&[Expected], Turn::Yours, "Send the defective unit back"),
        (&[Expected, Expected, Void], Turn::Yours, "Send the defective units back"),
        (&[Expected, Shipped], Turn::Yours, "Send the defective unit back"),
        (&[Shipped], Turn::Ours, "The defective unit is on its way back"),
        (&[Overdue], Turn::Yours, "The defective unit should be back by now. Please send it"),
        (&[Overdue, Overdue], Turn::Yours, "The defective units should be back by now. Please send them"),
        (&[Expected, ReceivedWrong], Turn::Yours, "Another unit"),
        (&[Overdue, ReceivedShort], Turn::Yours, "The defective unit came back to us without"),
        (&[Received, Destroyed, Kept, Void], Turn::Ours, "Everything is settled"),
    ];
    for (states, turn, said) in cases {
        let next = returns(states);
        assert!(next.turn == turn && next.said.starts_with(said), "{states:?}: {next:?}");
    }
    assert_eq!(returns(&[Expected]).by, at("2026-11-25T20:00:00Z"));
    assert!(returns(&[Overdue]).late && !returns(&[Expected]).late);
    let missed = next_step(&standing(RmaState::Delivered, &[due(DeadlineKind::ReturnBy, DeadlineState::Missed)], &[ReceivedWrong]));
    assert!(missed.late, "{missed:?}");
}

#[test]
fn p4_6_who_keeps_media_hands_in_a_certificate() {
    let keeps = |unit| Standing {
        keeps_media: true,
        ..standing(RmaState::Delivered, &[due(DeadlineKind::ReturnBy, DeadlineState::Running)], &[unit])
    };
    let next = next_step(&keeps(ReturnState::Expected));
    assert_eq!(next.said, "Have the defective unit destroyed, and hand in the certificate.");
    assert!(next_step(&keeps(ReturnState::Overdue)).said.starts_with("The certificate of destruction"));
}

#[test]
fn p4_a_settled_rma_is_closed_by_its_deadline_and_then_there_is_nothing_left() {
    let close = due(DeadlineKind::CloseBy, DeadlineState::Running);
    let next = next_step(&standing(RmaState::Returned, std::slice::from_ref(&close), &[ReturnState::Received]));
    assert_eq!((next.turn, next.by), (Turn::Ours, close.due_at));
    for state in [RmaState::Closed, RmaState::Cancelled] {
        assert_eq!(next_step(&standing(state, std::slice::from_ref(&close), &[ReturnState::Received])).by, None);
    }
}
