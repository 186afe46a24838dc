use super::*;
use crate::reference::calendars::Calendars as Embedded;
use crate::rules::clock::DueAt;
use crate::rules::deadline::{Basis, Deadline, Target};
use crate::rules::moves::UnitFacts;
use crate::rules::rma::RmaState;
use crate::rules::text::SerialNumber;
use chrono_tz::America::New_York;

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A return that runs since Monday, November 23, and is due at the end of Tuesday, December 1: Thanksgiving lies between.
fn running() -> Deadline {
    let basis = Basis {
        kind: DeadlineKind::ReturnBy,
        target: Target::BusinessDays { days: 5, due: DueAt::EndOfDay, cut_off: None },
        zone: New_York,
        calendar: "US".into(),
        edition: Default::default(),
        starts_at: Some(at("2026-11-23T10:00:00-05:00")),
        waits_for: Vec::new(),
        holds: Vec::new(),
        extensions: Vec::new(),
        rules: vec!["P4".into()],
    };
    deadline::compute(basis, &Embedded)
}

fn rma(clock: Deadline, states: &[ReturnState]) -> RmaFacts {
    let unit = |(line, state): (i32, &ReturnState)| UnitFacts {
        line,
        serial_number: SerialNumber::parse(&format!("SN-{line}")).unwrap(),
        replacement_serial_number: None,
        state: *state,
        received_at: None,
    };
    RmaFacts {
        state: RmaState::Delivered,
        issued_at: at("2026-11-20T10:00:00-05:00"),
        shipped_at: None,
        lines: (1_i32..).zip(states).map(unit).collect(),
        deadlines: vec![clock],
    }
}

#[test]
fn p4_6_an_extension_is_part_of_the_working_and_replays() {
    let now = at("2026-11-30T12:00:00-05:00");
    let given = extend(&rma(running(), &[ReturnState::Expected]), day("2026-12-11"), "Strike", &Embedded, now).unwrap();
    let clock = &given.change.deadline;
    assert_eq!((clock.state, clock.due_at), (DeadlineState::Running, Some(at("2026-12-12T00:00:00-05:00"))));
    let last = clock.steps.last().unwrap();
    assert_eq!((last.from, last.to), (running().due_at.unwrap(), clock.due_at.unwrap()));
    assert_eq!((last.note.as_str(), last.rule.as_str()), ("extended until Friday, 2026-12-11: Strike", "P4.6"));
    let stored = serde_json::to_string(&clock.basis).unwrap();
    assert_eq!(deadline::compute(serde_json::from_str(&stored).unwrap(), &Embedded), *clock);
    assert_eq!((given.lines, given.ordinal), (vec![], 1));
}

#[test]
fn p4_6_an_extension_only_gives() {
    let now = at("2026-11-30T12:00:00-05:00");
    let code = |clock: Deadline, until: &str, now| {
        extend(&rma(clock, &[ReturnState::Expected]), day(until), "x", &Embedded, now).unwrap_err().code
    };
    assert_eq!(running().due_at, Some(at("2026-12-02T00:00:00-05:00")), "5 business days without Thanksgiving Day");
    for (until, expected) in [("2026-11-30", "not_an_extension"), ("2026-12-01", "not_an_extension"), ("2027-12-31", "extension_too_long")]
    {
        assert_eq!(code(running(), until, now), expected, "{until}");
    }
    let missed = Deadline { state: DeadlineState::Missed, ..running() };
    assert_eq!(code(missed, "2026-12-05", at("2026-12-06T12:00:00-05:00")), "not_an_extension", "later than it was, but over");
    let once = extend(&rma(running(), &[ReturnState::Expected]), day("2026-12-11"), "x", &Embedded, now).unwrap().change.deadline;
    assert_eq!(code(once, "2026-12-10", now), "not_an_extension", "what was given is not taken back");
}

#[test]
fn p4_6_what_is_overdue_is_expected_again() {
    let states = [ReturnState::Overdue, ReturnState::Received, ReturnState::Shipped, ReturnState::Overdue];
    let missed = Deadline { state: DeadlineState::Missed, ..running() };
    let given = extend(&rma(missed, &states), day("2026-12-18"), "x", &Embedded, at("2026-12-06T12:00:00-05:00")).unwrap();
    assert_eq!((given.change.deadline.state, given.lines), (DeadlineState::Running, vec![1, 4]));
    assert!(DeadlineState::Running.may_follow(DeadlineState::Missed) && ReturnState::Expected.may_follow(ReturnState::Overdue));
}

#[test]
fn p4_6_nothing_is_extended_where_nothing_is_expected_or_no_clock_runs() {
    let now = at("2026-11-30T12:00:00-05:00");
    let code = |rma: &RmaFacts| extend(rma, day("2026-12-18"), "x", &Embedded, now).unwrap_err().code;
    let back = rma(running(), &[ReturnState::Received, ReturnState::Void]);
    assert_eq!(code(&back), "nothing_expected_back");
    assert_eq!(code(&RmaFacts { state: RmaState::Cancelled, ..rma(running(), &[ReturnState::Expected]) }), "nothing_expected_back");
    let waiting = Deadline { state: DeadlineState::Waiting, due_at: None, ..running() };
    assert_eq!(code(&rma(waiting, &[ReturnState::Expected])), "no_running_return_by");
}

#[test]
fn p4_6_reminders_start_over_for_the_new_date() {
    let now = at("2026-11-30T12:00:00-05:00");
    assert_eq!((running().basis.reminds_since(), running().basis.reminder_key(2)), (running().basis.starts_at, "return-reminder/2".into()));
    let given = extend(&rma(running(), &[ReturnState::Expected]), day("2026-12-18"), "x", &Embedded, now).unwrap().change.deadline.basis;
    assert_eq!((given.reminds_since(), given.reminder_key(2)), (Some(now), "return-reminder/extended-1/2".into()));
}
