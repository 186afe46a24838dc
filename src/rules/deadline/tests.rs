use super::*;
use crate::reference::calendars::Calendars as Embedded;
use crate::rules::calendar::{Calendar, Holiday};
use crate::rules::term::Term;
use chrono::{NaiveTime, Weekday};
use chrono_tz::{America, Asia};
use std::sync::Arc;

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

/// Weekends, and one holiday on 2026-11-26.
struct OneHoliday;

impl Calendars for OneHoliday {
    fn of(&self, country: &str, _: Option<&str>) -> Arc<Calendar> {
        let mut calendar =
            Calendar { known: Some(("2020-01-01".parse().unwrap(), "2030-12-31".parse().unwrap())), ..Calendar::weekends_only(country) };
        calendar.holidays.insert("2026-11-26".parse().unwrap(), Holiday { name: "Thanksgiving Day".into(), estimated: false });
        Arc::new(calendar)
    }
}

fn ship_by(starts_at: Option<&str>) -> Basis {
    Basis {
        kind: DeadlineKind::ShipBy,
        target: Target::BusinessDays { days: 1, due: DueAt::CloseOfBusiness(NaiveTime::from_hms_opt(21, 0, 0).unwrap()), cut_off: None },
        zone: America::New_York,
        calendar: "US".into(),
        edition: Edition::default(),
        starts_at: starts_at.map(at),
        waits_for: Vec::new(),
        holds: Vec::new(),
        extensions: Vec::new(),
        rules: vec!["P4".into(), "P3.4".into()],
    }
}

fn hold(from: &str, to: Option<&str>) -> Hold {
    Hold { from: at(from), to: to.map(at), reason: "export papers".into() }
}

#[test]
fn p3_4_business_days_are_counted_on_the_calendar_of_the_basis() {
    let deadline = compute(ship_by(Some("2026-11-25T14:00:00-05:00")), &OneHoliday);
    assert_eq!(deadline.state, DeadlineState::Running);
    assert_eq!(deadline.due_at, Some(at("2026-11-27T21:00:00-05:00")));
    let notes: Vec<&str> = deadline.steps.iter().map(|s| s.note.as_str()).collect();
    assert_eq!(notes[1], "2026-11-26 Thanksgiving Day: closed");
    assert_eq!(deadline.steps[1].counted, "0 business days");
}

#[test]
fn p4_2_a_deadline_without_a_start_waits() {
    let basis = Basis { waits_for: vec![WaitsFor::Contact, WaitsFor::ContactAccepts], ..ship_by(None) };
    let deadline = compute(basis.clone(), &OneHoliday);
    let expected = Deadline { basis, state: DeadlineState::Waiting, due_at: None, steps: Vec::new() };
    assert_eq!(deadline, expected);
}

#[test]
fn p4_gold_plus_is_four_elapsed_hours_over_any_holiday() {
    let basis = Basis {
        kind: DeadlineKind::DeliverBy,
        target: Target::Elapsed { hours: 4 },
        zone: Asia::Tokyo,
        ..ship_by(Some("2026-01-01T23:30:00+09:00"))
    };
    let deadline = compute(basis, &OneHoliday);
    assert_eq!(deadline.due_at, Some(at("2026-01-02T03:30:00+09:00")));
    assert_eq!(deadline.steps.len(), 1);
}

#[test]
fn p4_5_an_open_hold_pauses_and_a_closed_one_moves_the_deadline() {
    let start = "2026-11-23T14:00:00-05:00";
    let held = |to| Basis { holds: vec![hold("2026-11-24T09:00:00-05:00", to)], ..ship_by(Some(start)) };
    let paused = compute(held(None), &OneHoliday);
    assert_eq!((paused.state, paused.due_at), (DeadlineState::Paused, None));
    assert_eq!((paused.steps[0].note.as_str(), paused.steps[0].rule.as_str()), ("on hold: export papers", "P4.5"));
    assert_eq!((paused.steps[0].from, paused.steps[0].to), (at(start), at("2026-11-24T09:00:00-05:00")));
    let released = compute(held(Some("2026-11-24T17:00:00-05:00")), &OneHoliday);
    assert_eq!((released.state, released.due_at), (DeadlineState::Running, Some(at("2026-11-25T21:00:00-05:00"))));
    let before = compute(Basis { holds: vec![hold("2026-11-20T09:00:00-05:00", None)], ..ship_by(Some(start)) }, &OneHoliday);
    assert_eq!((before.state, before.steps[0].to), (DeadlineState::Paused, at(start)));
}

#[test]
fn p3_4_a_calendar_that_never_opens_pauses_with_the_reason() {
    struct Closed;
    impl Calendars for Closed {
        fn of(&self, country: &str, _: Option<&str>) -> Arc<Calendar> {
            use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
            let from = chrono::NaiveDate::MIN;
            let weekends = vec![crate::rules::calendar::WeekendRule { from, days: vec![Mon, Tue, Wed, Thu, Fri, Sat, Sun] }];
            let known = Some(("2020-01-01".parse().unwrap(), "2030-12-31".parse().unwrap()));
            Arc::new(Calendar { weekends, known, ..Calendar::weekends_only(country) })
        }
    }
    let deadline = compute(ship_by(Some("2026-11-25T14:00:00-05:00")), &Closed);
    assert_eq!((deadline.state, deadline.due_at), (DeadlineState::Paused, None));
    assert_eq!(deadline.steps[0].note, "no open day within ten years");
}

#[test]
fn p3_5_the_square_of_deadline_states() {
    use DeadlineState::{Met, Missed, Paused, Running, Void, Waiting};
    let may = [
        (Waiting, vec![Running, Paused, Met, Void]),
        (Running, vec![Paused, Met, Missed, Void]),
        (Paused, vec![Running, Met, Void]),
        (Met, vec![]),
        // A record made late can show that it was done in time; an extension gives more time.
        (Missed, vec![Met, Running]),
        (Void, vec![]),
    ];
    assert_eq!(may.len(), DeadlineState::ALL.len());
    for (before, after) in may {
        for next in DeadlineState::ALL.iter().copied() {
            assert_eq!(next.may_follow(before), after.contains(&next), "{before} -> {next}");
        }
        assert_eq!(before.is_open(), matches!(before, Waiting | Running | Paused), "{before}");
    }
}

#[test]
fn p3_5_done_at_the_due_instant_is_met() {
    let due = at("2026-11-27T21:00:00-05:00");
    let second = chrono::TimeDelta::microseconds(1);
    let table = [
        (Some(due), due - second, DeadlineState::Met),
        (Some(due), due, DeadlineState::Met),
        (Some(due), due + second, DeadlineState::Missed),
        (None, due, DeadlineState::Met),
    ];
    for (due_at, done_at, expected) in table {
        assert_eq!(outcome(due_at, done_at), expected, "{due_at:?} {done_at}");
    }
}

#[test]
fn p3_5_a_stored_basis_gives_the_same_deadline() {
    let basis = Basis {
        holds: vec![hold("2026-11-24T09:00:00-05:00", Some("2026-11-24T17:00:00-05:00"))],
        ..ship_by(Some("2026-11-23T14:00:00-05:00"))
    };
    let stored = serde_json::to_string(&basis).unwrap();
    let replayed: Basis = serde_json::from_str(&stored).unwrap();
    assert_eq!(replayed, basis);
    assert_eq!(compute(replayed, &OneHoliday), compute(basis, &OneHoliday));
    assert!(stored.contains("\"clock\":\"business_days\"") && stored.contains("\"close_of_business\":\"21:00:00\""), "{stored}");
}

#[test]
fn p3_5_what_was_stored_before_there_were_cut_off_times_replays() {
    let stored = r#"{"kind":"ship_by","target":{"clock":"business_days","days":1,"due":{"close_of_business":"21:00:00"}},
        "zone":"America/New_York","calendar":"US","starts_at":"2026-11-25T19:00:00Z","waits_for":[],"holds":[],"rules":["P4"]}"#;
    let basis: Basis = serde_json::from_str(stored).unwrap();
    assert_eq!(basis.target, ship_by(None).target);
    assert_eq!(compute(basis, &Embedded).due_at, Some(at("2026-11-28T02:00:00Z")));
}

#[test]
fn every_wait_has_its_phrase_and_every_target_its_clock() {
    assert!(WaitsFor::ALL.iter().all(|w| !w.phrase().is_empty()));
    assert_eq!(Target::Elapsed { hours: 4 }.clock(), "elapsed");
    assert_eq!(ship_by(None).target.clock(), "business_days");
}

mod properties;

const WEEK: [Weekday; 7] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// True where the calendar doesn't know the year.
fn uncounted(steps: &[Step]) -> bool {
    steps.iter().any(|s| s.note.starts_with("the holidays of calendar") && s.note.contains("are not known for"))
}

/// Any basis that can be stored: each clock, up to three holds (open or not, in any order), any zone and calendar.
fn any_basis() -> impl proptest::strategy::Strategy<Value = Basis> {
    use proptest::prelude::{Just, Strategy, any, prop_oneof};
    let kind = (0..DeadlineKind::ALL.len()).prop_map(|i| DeadlineKind::ALL[i]);
    let closing = (0_u32..86_400).prop_map(|s| DueAt::CloseOfBusiness(NaiveTime::from_num_seconds_from_midnight_opt(s, 0).unwrap()));
    let time = || (1_u32..86_400).prop_map(|s| NaiveTime::from_num_seconds_from_midnight_opt(s, 0).unwrap());
    let days = (1_u32..30, prop_oneof![closing, Just(DueAt::EndOfDay)], proptest::option::of(time()))
        .prop_map(|(days, due, cut_off)| Target::BusinessDays { days, due, cut_off });
    // At least an hour a week: what is due years away would end in years that no calendar knows.
    let window = (0_u32..=82_800, 3_600_u32..86_400).prop_map(|(opens, length)| {
        let time = |s| NaiveTime::from_num_seconds_from_midnight_opt(s, 0);
        (time(opens).unwrap(), time(opens + length))
    });
    let hours = (1_u32..600, proptest::sample::subsequence(WEEK.to_vec(), 1..=7), window)
        .prop_map(|(minutes, weekdays, (opens, closes))| Target::BusinessHours { minutes, weekdays, opens, closes });
    let target = prop_oneof![(1_u32..200).prop_map(|hours| Target::Elapsed { hours }), days, hours];
    let instant =
        || (1_704_200_000_i64..1_900_000_000, 0_u32..1_000_000).prop_map(|(s, us)| DateTime::from_timestamp(s, us * 1_000).unwrap());
    let hold = (instant(), proptest::option::weighted(0.9, 0_i64..2_000_000), ".{0,20}").prop_map(|(from, seconds, reason)| Hold {
        from,
        to: seconds.map(|s| from + chrono::TimeDelta::seconds(s)),
        reason,
    });
    let waits_for = any::<bool>().prop_map(|b| if b { vec![WaitsFor::Contact, WaitsFor::ContactAccepts] } else { vec![] });
    let zone = (0..chrono_tz::TZ_VARIANTS.len()).prop_map(|i| chrono_tz::TZ_VARIANTS[i]);
    let calendar = prop_oneof![Just("US"), Just("US-FL"), Just("SA"), Just("IL"), Just("JP"), Just("ZZ"), Just("")].prop_map(str::to_owned);
    let starts_at = proptest::option::weighted(0.9, instant());
    let holds = proptest::collection::vec(hold, 0..4);
    (kind, target, zone, calendar, starts_at, waits_for, holds).prop_map(|(kind, target, zone, calendar, starts_at, waits_for, holds)| {
        Basis {
            kind,
            target,
            zone,
            calendar,
            edition: Edition::default(),
            starts_at,
            waits_for,
            holds,
            extensions: Vec::new(),
            rules: vec!["P4".into(), "P3.5".into()],
        }
    })
}

proptest::proptest! {
    /// P3.5: a stored basis comes back as it was, and gives the same deadline again.
    #[test]
    fn p3_5_any_stored_basis_replays(basis in any_basis()) {
        let stored = serde_json::to_string(&basis).unwrap();
        let replayed: Basis = serde_json::from_str(&stored).unwrap();
        proptest::prop_assert_eq!(&replayed, &basis);
        let first = compute(basis, &Embedded);
        proptest::prop_assert_eq!(compute(replayed, &Embedded), first.clone());
        proptest::prop_assert_eq!(compute(first.basis.clone(), &Embedded), first);
    }

    /// P3.5: the working leads from the start to the due instant without a gap; what waits or is paused has none.
    #[test]
    fn p3_5_the_working_has_no_gap(basis in any_basis()) {
        let deadline = compute(basis, &Embedded);
        let (start, steps) = (deadline.basis.starts_at, &deadline.steps);
        proptest::prop_assert!(steps.windows(2).all(|w| w[0].to == w[1].from), "{:#?}", steps);
        proptest::prop_assert!(steps.iter().all(|s| s.from <= s.to), "{:#?}", steps);
        proptest::prop_assert_eq!(steps.first().map(|s| s.from), start);
        let open = deadline.basis.holds.iter().any(|h| h.to.is_none());
        match deadline.state {
            DeadlineState::Waiting => proptest::prop_assert!(start.is_none() && steps.is_empty() && deadline.due_at.is_none()),
            DeadlineState::Paused => proptest::prop_assert!((open || uncounted(steps)) && start.is_some() && deadline.due_at.is_none()),
            DeadlineState::Running => {
                proptest::prop_assert!(!open && deadline.due_at > start);
                proptest::prop_assert_eq!(steps.last().map(|s| s.to), deadline.due_at);
            }
            state => proptest::prop_assert!(false, "computed as {}", state),
        }
    }

    /// P3.5: what starts later is not due earlier.
    #[test]
    fn p3_5_a_later_start_is_never_due_earlier(basis in any_basis(), later in 0_i64..1_000_000) {
        let Some(start) = basis.starts_at else { return Ok(()) };
        let second = Basis { starts_at: Some(start + chrono::TimeDelta::seconds(later)), ..basis.clone() };
        let (first, second) = (compute(basis, &Embedded), compute(second, &Embedded));
        proptest::prop_assert_eq!(first.state, second.state);
        proptest::prop_assert!(first.due_at <= second.due_at, "{:?} {:?}", first.due_at, second.due_at);
    }
}
