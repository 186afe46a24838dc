use super::*;
use crate::rules::moves::UnitFacts;
use crate::rules::term::Term;
use crate::rules::text::SerialNumber;
use chrono_tz::America::New_York;

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

/// Two units of an RMA that was issued on November 25 in New York, delivered.
fn kept() -> Facts {
    let unit = |line| UnitFacts {
        line,
        serial_number: SerialNumber::parse("SN-1").unwrap(),
        replacement_serial_number: None,
        state: ReturnState::Expected,
        received_at: None,
    };
    let issued_at = at("2026-11-26T03:00:00Z");
    let rma = RmaFacts { state: RmaState::Delivered, issued_at, shipped_at: None, lines: vec![unit(1), unit(2)], deadlines: Vec::new() };
    Facts { rma, keeps_media: true, zone: New_York }
}

const NOW: &str = "2026-12-02T02:00:00Z";

fn code(facts: &Facts, day: &str) -> &'static str {
    certify(facts, 1, day.parse().unwrap(), at(NOW)).unwrap_err().code
}

#[test]
fn p4_6_a_certificate_takes_the_place_of_the_return_where_media_are_kept() {
    let mut facts = kept();
    let day = "2026-12-01".parse().unwrap();
    assert!(!certify(&facts, 1, day, at(NOW)).unwrap().complete, "the other one is still expected");
    facts.rma.lines[1].state = ReturnState::Received;
    assert!(certify(&facts, 1, day, at(NOW)).unwrap().complete);
    facts.keeps_media = false;
    assert_eq!(code(&facts, "2026-12-01"), "media_not_kept");
    let cancelled = Facts { rma: RmaFacts { state: RmaState::Cancelled, ..kept().rma }, ..kept() };
    assert_eq!(code(&cancelled, "2026-12-01"), "state_clash");
    assert_eq!(certify(&kept(), 3, day, at(NOW)).unwrap_err().code, "unknown_line");
    for state in ReturnState::ALL {
        let mut facts = kept();
        facts.rma.lines[0].state = *state;
        let refused = matches!(state, ReturnState::Received | ReturnState::ReceivedShort | ReturnState::Destroyed | ReturnState::Void);
        assert_eq!(certify(&facts, 1, day, at(NOW)).is_err(), refused, "{state}");
    }
}

#[test]
fn p4_6_a_unit_is_destroyed_between_the_issue_and_today_on_the_customers_calendar() {
    // It is still December 1 in New York, and the RMA was issued on November 25 there.
    for day in ["2026-11-25", "2026-12-01"] {
        assert!(certify(&kept(), 1, day.parse().unwrap(), at(NOW)).is_ok(), "{day}");
    }
    assert_eq!(code(&kept(), "2026-12-02"), "destroyed_in_future");
    assert_eq!(code(&kept(), "2026-11-24"), "destroyed_before_issue");
}
