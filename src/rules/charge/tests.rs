use super::*;
use crate::rules::term::Term;

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

/// A line that may be charged for.
fn overdue() -> Facts {
    Facts {
        dead_on_arrival: false,
        unit: ReturnState::Overdue,
        delivered: true,
        proof: Some(DeliveryProof::ReceivedBy),
        instructed: true,
        clock: Some(DeadlineState::Missed),
        extended: false,
        last_reminder_at: Some(at("2026-12-10T14:00:00Z")),
        reminded_at: Some(at("2026-12-10T14:00:01Z")),
        arrived: Vec::new(),
        charge: None,
    }
}

fn codes(facts: &Facts) -> Vec<&'static str> {
    obstacles(facts).into_iter().map(|r| r.code).collect()
}

#[test]
fn p4_6_a_charge_is_proposed_only_when_everything_holds() {
    assert_eq!(codes(&overdue()), [""; 0]);
    let scan = |outcome, disposed| vec![Arrived { outcome, disposed }];
    let lacking = [
        (Facts { dead_on_arrival: true, ..overdue() }, "dead_on_arrival"),
        (Facts { unit: ReturnState::Received, ..overdue() }, "nothing_expected_back"),
        (Facts { unit: ReturnState::Shipped, ..overdue() }, "return_on_its_way"),
        (Facts { delivered: false, proof: None, ..overdue() }, "not_delivered"),
        (Facts { proof: None, ..overdue() }, "no_proof_of_delivery"),
        (Facts { instructed: false, ..overdue() }, "instructions_not_sent"),
        (Facts { clock: Some(DeadlineState::Running), ..overdue() }, "not_overdue"),
        (Facts { clock: Some(DeadlineState::Running), extended: true, ..overdue() }, "extension_open"),
        (Facts { reminded_at: None, ..overdue() }, "reminders_not_sent"),
        (Facts { reminded_at: Some(at("2026-12-05T14:00:00Z")), ..overdue() }, "reminders_not_sent"),
        (Facts { arrived: scan(DockOutcome::PartsMissing, true), ..overdue() }, "unit_received"),
        (Facts { arrived: scan(DockOutcome::UnknownSerial, false), ..overdue() }, "unit_at_dock"),
        (Facts { charge: Some(ChargeState::Proposed), ..overdue() }, "charge_proposed_already"),
        (Facts { charge: Some(ChargeState::Confirmed), ..overdue() }, "charged_already"),
    ];
    for (facts, code) in lacking {
        assert_eq!(codes(&facts), [code], "{facts:?}");
    }
    assert_eq!(codes(&Facts { extended: true, ..overdue() }), [""; 0], "an extension that is over");
    assert_eq!(codes(&Facts { arrived: scan(DockOutcome::UnknownSerial, true), ..overdue() }), [""; 0], "a wrong unit that is cleared up");
    assert_eq!(codes(&Facts { charge: Some(ChargeState::Declined), ..overdue() }), [""; 0]);
    assert_eq!(codes(&Facts { last_reminder_at: None, reminded_at: None, ..overdue() }), [""; 0], "a program without reminders");
    let nothing = Facts {
        unit: ReturnState::Expected,
        delivered: false,
        proof: None,
        instructed: false,
        clock: None,
        reminded_at: None,
        ..overdue()
    };
    assert_eq!(codes(&nothing), ["not_delivered", "instructions_not_sent", "not_overdue", "reminders_not_sent"], "all at once");
}

#[test]
fn p4_6_the_square_of_charge_states() {
    use ChargeState::{Confirmed, Declined, Proposed, Reversed, Withdrawn};
    let may = [
        (Proposed, vec![Confirmed, Declined, Withdrawn]),
        (Confirmed, vec![Reversed]),
        (Declined, vec![]),
        (Withdrawn, vec![]),
        (Reversed, vec![]),
    ];
    assert_eq!(may.len(), ChargeState::ALL.len());
    for (before, after) in may {
        for next in ChargeState::ALL.iter().copied() {
            assert_eq!(next.may_follow(before), after.contains(&next), "{before} -> {next}");
            assert_eq!(may_become(before, next).is_ok(), after.contains(&next));
        }
        for effect in [ChargeEffect::Reversed, ChargeEffect::Blocked, ChargeEffect::Untouched] {
            assert!(before.after(effect).is_none_or(|next| next.may_follow(before)), "{before} {effect:?}");
        }
    }
}

#[test]
fn p4_6_a_late_arrival_withdraws_a_proposal_and_reverses_a_charge() {
    assert_eq!(ChargeState::Proposed.after(ChargeEffect::Reversed), Some(ChargeState::Withdrawn));
    assert_eq!(ChargeState::Confirmed.after(ChargeEffect::Reversed), Some(ChargeState::Reversed));
    assert_eq!(ChargeState::Proposed.after(ChargeEffect::Blocked), Some(ChargeState::Withdrawn));
    assert_eq!(ChargeState::Confirmed.after(ChargeEffect::Blocked), None, "another unit pays for nothing");
    assert_eq!(ChargeState::Confirmed.after(ChargeEffect::Untouched), None);
}

#[test]
fn an_amount_is_a_decimal_with_its_currency() {
    let money = Money::parse("450.00", "EUR").unwrap();
    assert_eq!((money.amount(), money.currency()), ("450.00", "EUR"));
    assert!(Money::parse("0.5", "JPY").is_ok() && Money::parse("999999999.9999", "USD").is_ok());
    for (amount, currency) in [
        ("0", "EUR"),
        ("0.00", "EUR"),
        ("-1", "EUR"),
        ("1.", "EUR"),
        (".5", "EUR"),
        ("01", "EUR"),
        ("1e3", "EUR"),
        ("1,5", "EUR"),
        ("1.00000", "EUR"),
        ("1234567890", "EUR"),
        ("1", "eur"),
        ("1", "EURO"),
        ("", "EUR"),
    ] {
        assert!(Money::parse(amount, currency).is_err(), "{amount} {currency}");
    }
}
