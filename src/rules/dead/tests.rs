use super::*;
use chrono_tz::America::New_York;
use chrono_tz::Pacific::Auckland;

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn serial(text: &str) -> SerialNumber {
    SerialNumber::parse(text).unwrap()
}

/// Delivered in New York late on November 25.
fn delivered() -> Facts {
    let line = |line, unit| DeadLine { line, replacement: Some(serial(unit)), void: false, replaced_by: None };
    Facts {
        state: RmaState::Delivered,
        delivered_at: Some(at("2026-11-26T03:00:00Z")),
        zone: New_York,
        days: 30,
        lines: vec![line(1, "NEW-1"), line(2, "NEW-2")],
    }
}

fn by_line(line: i32) -> Which {
    Which { line: Some(line), serial_number: None }
}

fn code(facts: &Facts, which: &Which, now: &str) -> &'static str {
    report(facts, which, at(now)).unwrap_err().code
}

#[test]
fn p4_6_a_dead_replacement_is_reported_within_the_days_of_its_delivery() {
    let facts = delivered();
    assert_eq!(report(&facts, &by_line(2), at("2026-11-26T03:00:00Z")), Ok((2, serial("NEW-2"))));
    // November 25 and 30 days is December 25: until its end in New York, not in UTC.
    assert_eq!(last_day(at("2026-11-26T03:00:00Z"), New_York, 30).to_string(), "2026-12-25");
    assert!(report(&facts, &by_line(1), at("2026-12-26T04:59:59Z")).is_ok());
    assert_eq!(code(&facts, &by_line(1), "2026-12-26T05:00:00Z"), "dead_on_arrival_period_over");
    let auckland = Facts { zone: Auckland, ..delivered() };
    assert_eq!(code(&auckland, &by_line(1), "2026-12-26T12:00:00Z"), "dead_on_arrival_period_over");
    assert!(report(&auckland, &by_line(1), at("2026-12-26T10:59:59Z")).is_ok());
}

#[test]
fn p4_6_a_report_names_the_unit_by_line_or_serial_number() {
    let (facts, now) = (delivered(), "2026-11-27T03:00:00Z");
    let which = |line, unit: Option<&str>| Which { line, serial_number: unit.map(serial) };
    assert_eq!(report(&facts, &which(None, Some("NEW-2")), at(now)), Ok((2, serial("NEW-2"))));
    assert_eq!(report(&facts, &which(Some(1), Some("NEW-1")), at(now)), Ok((1, serial("NEW-1"))));
    assert_eq!(code(&facts, &which(Some(1), Some("NEW-2")), now), "unknown_replacement");
    assert_eq!(code(&facts, &which(None, Some("OLD-1")), now), "unknown_replacement");
    assert_eq!(code(&facts, &which(Some(3), None), now), "unknown_line");
    assert_eq!(code(&facts, &which(None, None), now), "required");
}

#[test]
fn p4_6_only_what_was_delivered_and_not_reported_is_dead_on_arrival() {
    let now = "2026-11-27T03:00:00Z";
    let with = |change: &dyn Fn(&mut Facts)| {
        let mut facts = delivered();
        change(&mut facts);
        facts
    };
    assert_eq!(code(&with(&|f| f.state = RmaState::Cancelled), &by_line(1), now), "rma_cancelled");
    assert_eq!(code(&with(&|f| f.delivered_at = None), &by_line(1), now), "not_delivered_yet");
    assert_eq!(code(&with(&|f| f.lines[0].replacement = None), &by_line(1), now), "not_delivered_yet");
    assert_eq!(code(&with(&|f| f.lines[0].void = true), &by_line(1), now), "line_cancelled");
    let reported = with(&|f| f.lines[0].replaced_by = RmaNumber::of(10_000_018));
    assert_eq!(code(&reported, &by_line(1), now), "already_reported_dead");
    // The other line is as it was, and a closed RMA is no obstacle.
    assert!(report(&reported, &by_line(2), at(now)).is_ok());
    assert!(report(&with(&|f| f.state = RmaState::Closed), &by_line(1), at(now)).is_ok());
}
