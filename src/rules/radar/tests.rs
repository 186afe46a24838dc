use super::*;
use crate::reference::calendars::Calendars as BuiltIn;
use crate::rules::calendar::Edition;
use crate::rules::clock::DueAt;
use crate::rules::deadline::compute;
use chrono::NaiveTime;
use chrono_tz::America::New_York;

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn basis(kind: DeadlineKind, target: Target, starts_at: &str) -> Basis {
    Basis {
        kind,
        target,
        zone: New_York,
        calendar: "US".into(),
        edition: Edition::default(),
        starts_at: Some(at(starts_at)),
        waits_for: Vec::new(),
        holds: Vec::new(),
        extensions: Vec::new(),
        rules: vec!["P4".into()],
    }
}

fn seen(basis: &Basis, now: &str) -> Option<(Loss, DateTime<Utc>, i64)> {
    let deadline = compute(basis.clone(), &BuiltIn);
    let state = if deadline.due_at.is_some_and(|due| at(now) > due) { DeadlineState::Missed } else { deadline.state };
    risk(basis, state, deadline.due_at, &BuiltIn, at(now)).map(|r| (r.loses, r.at, r.minutes(at(now))))
}

/// Ten business days from Monday, 23 November 2026: Thanksgiving is on Thursday, so they are over on Tuesday, 8 December.
fn bronze() -> Basis {
    let due = DueAt::CloseOfBusiness(NaiveTime::from_hms_opt(21, 0, 0).unwrap());
    basis(DeadlineKind::ShipBy, Target::BusinessDays { days: 10, due, cut_off: None }, "2026-11-23T15:00:00Z")
}

#[test]
fn p4_a_parcel_loses_the_business_day_that_is_under_way() {
    let close = |day: &str| at(&format!("2026-{day}T02:00:00Z"));
    // Monday at 10:00 in New York: it closes at 21:00.
    assert_eq!(seen(&bronze(), "2026-11-23T15:00:00Z"), Some((Loss::BusinessDay, close("11-24"), 660)));
    // After closing, the next open day counts; over Thanksgiving and a weekend too.
    assert_eq!(seen(&bronze(), "2026-11-24T02:00:00Z"), Some((Loss::BusinessDay, close("11-25"), 1_440)));
    assert_eq!(seen(&bronze(), "2026-11-26T15:00:00Z"), Some((Loss::BusinessDay, close("11-28"), 2_100)));
    assert_eq!(seen(&bronze(), "2026-11-28T15:00:00Z"), Some((Loss::BusinessDay, close("12-01"), 3_540)));
}

#[test]
fn p4_on_the_last_day_it_is_the_deadline_and_after_it_nothing_is_left_to_lose() {
    let due = at("2026-12-09T02:00:00Z");
    assert_eq!(seen(&bronze(), "2026-12-08T15:00:30Z"), Some((Loss::Deadline, due, 659)));
    assert_eq!(seen(&bronze(), "2026-12-09T02:00:01Z"), Some((Loss::MissedAlready, due, -1)));
}

#[test]
fn p4_2_a_courier_loses_the_four_hours() {
    let basis = basis(DeadlineKind::DeliverBy, Target::Elapsed { hours: 4 }, "2026-11-28T15:00:00Z");
    assert_eq!(seen(&basis, "2026-11-28T16:00:00Z"), Some((Loss::Deadline, at("2026-11-28T19:00:00Z"), 180)));
}

#[test]
fn p4_a_clock_that_stands_and_a_return_are_no_risk() {
    let waiting = Basis { starts_at: None, ..bronze() };
    assert_eq!(seen(&waiting, "2026-11-24T15:00:00Z"), None);
    let back = Basis { kind: DeadlineKind::ReturnBy, ..bronze() };
    assert_eq!(seen(&back, "2026-11-24T15:00:00Z"), None);
}
