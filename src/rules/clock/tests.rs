use super::*;
use crate::rules::calendar::{Calendar, Holiday, WeekendRule};
use crate::rules::zone::local_day;
use chrono::{DateTime, Weekday};
use chrono_tz::{America, Asia, Atlantic, Europe, Pacific, Tz};

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn time(text: &str) -> NaiveTime {
    text.parse().unwrap()
}

fn local(zone: Tz, instant: DateTime<Utc>) -> String {
    crate::rules::zone::local(zone, instant).to_rfc3339()
}

fn calendar(weekend: &[Weekday], holidays: &[(&str, &str)]) -> Calendar {
    Calendar {
        key: "XX".into(),
        weekends: vec![WeekendRule { from: day("1900-01-01"), days: weekend.to_vec() }],
        holidays: holidays.iter().map(|(date, name)| (day(date), Holiday { name: (*name).into(), estimated: false })).collect(),
        known: Some((day("1970-01-01"), day("2040-12-31"))),
        ..Calendar::default()
    }
}

fn western(holidays: &[(&str, &str)]) -> Calendar {
    calendar(&[Weekday::Sat, Weekday::Sun], holidays)
}

fn hold(from: &str, to: Option<&str>) -> Hold {
    Hold { from: at(from), to: to.map(at), reason: "export papers".into() }
}

/// A step as one line, times local to the zone.
fn lines(zone: Tz, steps: &[Step]) -> Vec<String> {
    let short = |t: DateTime<Utc>| crate::rules::zone::local(zone, t).format("%m-%dT%H:%M").to_string();
    steps.iter().map(|s| format!("{}..{} {} [{}] {}", short(s.from), short(s.to), s.counted, s.rule, s.note)).collect()
}

fn assert_in_a_row(start: DateTime<Utc>, due: DateTime<Utc>, steps: &[Step]) {
    assert_eq!(steps.first().unwrap().from, start);
    assert_eq!(steps.last().unwrap().to, due);
    assert!(steps.windows(2).all(|w| w[0].to == w[1].from), "{steps:#?}");
    assert!(steps.iter().all(|s| s.from <= s.to), "{steps:#?}");
}

#[test]
fn p3_4_thanksgiving_is_skipped_and_named() {
    let zone = America::New_York;
    let american = western(&[("2026-11-26", "Thanksgiving Day")]);
    let close = DueAt::CloseOfBusiness(time("21:00:00"));
    let start = at("2026-11-25T14:00:00-05:00");
    let (due, steps) = business_days(start, DayCount::new(1, close), Zone::of(zone), &american, &[]).unwrap();
    assert_eq!(local(zone, due), "2026-11-27T21:00:00-05:00");
    assert_in_a_row(start, due, &steps);
    assert_eq!(
        lines(zone, &steps),
        [
            "11-25T14:00..11-26T00:00 0 business days [P3.4] Wednesday 2026-11-25: day 0, the day of the event",
            "11-26T00:00..11-27T00:00 0 business days [P3.4] 2026-11-26 Thanksgiving Day: closed",
            "11-27T00:00..11-27T21:00 1 business day [P3.5] Friday 2026-11-27: business day 1 of 1; due at close of business, 21:00",
        ]
    );
}

#[test]
fn p3_4_the_day_of_the_event_is_day_zero_in_its_zone() {
    let open = western(&[]);
    let table = [
        // The same instant is Monday in Honolulu and Tuesday in Tokyo.
        (Pacific::Honolulu, "2026-11-24T02:00:00Z", 1, "2026-11-25T00:00:00-10:00"),
        (Asia::Tokyo, "2026-11-24T02:00:00Z", 1, "2026-11-26T00:00:00+09:00"),
        // The first and the last instant of a day are that day.
        (Europe::Berlin, "2026-11-24T00:00:00+01:00", 1, "2026-11-26T00:00:00+01:00"),
        (Europe::Berlin, "2026-11-24T23:59:59+01:00", 1, "2026-11-26T00:00:00+01:00"),
        // A Friday, and an event on the weekend itself.
        (Europe::Berlin, "2026-11-27T12:00:00+01:00", 1, "2026-12-01T00:00:00+01:00"),
        (Europe::Berlin, "2026-11-28T12:00:00+01:00", 1, "2026-12-01T00:00:00+01:00"),
        (Europe::Berlin, "2026-11-29T12:00:00+01:00", 5, "2026-12-05T00:00:00+01:00"),
        (Europe::Berlin, "2026-11-24T12:00:00+01:00", 10, "2026-12-09T00:00:00+01:00"),
    ];
    for (zone, start, days, expected) in table {
        let (due, steps) = business_days(at(start), DayCount::new(days, DueAt::EndOfDay), Zone::of(zone), &open, &[]).unwrap();
        assert_eq!(local(zone, due), expected, "{zone} {start} {days}");
        assert_in_a_row(at(start), due, &steps);
    }
}

#[test]
fn p3_4_from_the_cut_off_on_an_event_counts_as_of_the_next_day() {
    let zone = America::New_York;
    let american = western(&[("2026-11-26", "Thanksgiving Day")]);
    let table = [
        ("2026-11-23T14:59:59-05:00", "15:00", "2026-11-24"),
        ("2026-11-23T15:00:00-05:00", "15:00", "2026-11-25"),
        ("2026-11-23T23:59:59-05:00", "15:00", "2026-11-25"),
        ("2026-11-24T00:00:00-05:00", "15:00", "2026-11-25"),
        // Over a holiday, and where the next day is closed anyway.
        ("2026-11-25T16:00:00-05:00", "15:00", "2026-11-27"),
        ("2026-11-27T16:00:00-05:00", "15:00", "2026-11-30"),
        // 01:30 happens twice: an event after the first is not late, as one before the second is not.
        ("2026-11-01T01:45:00-04:00", "01:30", "2026-11-02"),
        ("2026-11-01T01:15:00-05:00", "01:30", "2026-11-02"),
        ("2026-11-01T01:30:00-05:00", "01:30", "2026-11-03"),
        // 02:30 doesn't happen: the cut-off is where the gap ends.
        ("2026-03-08T01:59:59-05:00", "02:30", "2026-03-09"),
        ("2026-03-08T03:00:00-04:00", "02:30", "2026-03-10"),
    ];
    for (start, cut_off, expected) in table {
        let count = DayCount { cut_off: Some(cut_off.parse().unwrap()), ..DayCount::new(1, DueAt::CloseOfBusiness(time("21:00:00"))) };
        let (due, steps) = business_days(at(start), count, Zone::of(zone), &american, &[]).unwrap();
        assert_eq!(local_day(zone, due), day(expected), "{start}");
        assert_in_a_row(at(start), due, &steps);
    }
}

#[test]
fn p3_4_the_working_says_that_an_event_was_after_the_cut_off() {
    let count = DayCount { cut_off: Some(time("15:00:00")), ..DayCount::new(1, DueAt::EndOfDay) };
    let (_, steps) = business_days(at("2026-11-26T15:30:00+01:00"), count, Zone::of(Europe::Berlin), &western(&[]), &[]).unwrap();
    assert_eq!(
        lines(Europe::Berlin, &steps),
        [
            "11-26T15:30..11-27T00:00 0 business days [P3.4] Thursday 2026-11-26 15:30: after the cut-off at 15:00, counts as Friday 2026-11-27",
            "11-27T00:00..11-28T00:00 0 business days [P3.4] Friday 2026-11-27: day 0",
            "11-28T00:00..11-29T00:00 0 business days [P3.4] 2026-11-28 Saturday: weekend",
            "11-29T00:00..11-30T00:00 0 business days [P3.4] 2026-11-29 Sunday: weekend",
            "11-30T00:00..12-01T00:00 1 business day [P3.5] Monday 2026-11-30: business day 1 of 1; due at the end of the day",
        ]
    );
}

#[test]
fn p3_4_weekends_are_the_countrys() {
    // A Thursday; one and two business days later.
    let start = at("2026-11-26T10:00:00Z");
    let table: [(&[Weekday], [&str; 2]); 4] = [
        (&[Weekday::Sat, Weekday::Sun], ["2026-11-27", "2026-11-30"]),
        (&[Weekday::Fri, Weekday::Sat], ["2026-11-29", "2026-11-30"]),
        (&[Weekday::Sat], ["2026-11-27", "2026-11-29"]),
        (&[Weekday::Fri], ["2026-11-28", "2026-11-29"]),
    ];
    let close = DueAt::CloseOfBusiness(time("18:00:00"));
    for (weekend, expected) in table {
        let due = |days| {
            business_days(start, DayCount::new(days, close), Zone::of(Tz::UTC), &calendar(weekend, &[]), &[]).unwrap().0.date_naive()
        };
        assert_eq!([due(1), due(2)], expected.map(day), "{weekend:?}");
    }
}

#[test]
fn p3_4_a_calendar_that_never_opens_ends() {
    use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
    let closed = calendar(&[Mon, Tue, Wed, Thu, Fri, Sat, Sun], &[]);
    assert_eq!(
        business_days(at("2026-11-24T10:00:00Z"), DayCount::new(1, DueAt::EndOfDay), Zone::of(Tz::UTC), &closed, &[]),
        Err(Uncounted::NeverOpen)
    );
}

#[test]
fn p3_4_a_year_without_known_holidays_is_an_error_that_names_it() {
    let counted = |start, days| {
        business_days(at(start), DayCount::new(days, DueAt::EndOfDay), Zone::of(Tz::UTC), &western(&[]), &[]).map(|(due, _)| due)
    };
    let unknown = |year| Err(Uncounted::UnknownYear { calendar: "XX".into(), year });
    assert_eq!(counted("2041-06-03T10:00:00Z", 1), unknown(2041));
    assert_eq!(counted("2040-12-28T10:00:00Z", 1), Ok(at("2041-01-01T00:00:00Z")));
    assert_eq!(counted("2040-12-28T10:00:00Z", 2), unknown(2041));
    // The day of the event itself need not be known, if it is the eve of what is.
    assert_eq!(counted("1969-12-31T10:00:00Z", 1), Ok(at("1970-01-02T00:00:00Z")));
    assert_eq!(counted("1969-12-30T10:00:00Z", 1), unknown(1969));
    assert_eq!(
        unknown(2041).map_err(|e: Uncounted| e.to_string()),
        Err::<DateTime<Utc>, _>("the holidays of calendar XX are not known for 2041".to_owned())
    );
}

#[test]
fn p3_5_due_at_closing_or_at_the_end_of_the_local_day() {
    let table = [
        (DueAt::CloseOfBusiness(time("21:00:00")), "2026-11-25T21:00:00-05:00", "due at close of business, 21:00"),
        (DueAt::CloseOfBusiness(time("17:30:00")), "2026-11-25T17:30:00-05:00", "due at close of business, 17:30"),
        (DueAt::EndOfDay, "2026-11-26T00:00:00-05:00", "due at the end of the day"),
    ];
    for (due_at, expected, note) in table {
        let zone = America::New_York;
        let (due, steps) =
            business_days(at("2026-11-24T14:00:00-05:00"), DayCount::new(1, due_at), Zone::of(zone), &western(&[]), &[]).unwrap();
        assert_eq!(local(zone, due), expected);
        assert!(steps.last().unwrap().note.ends_with(note), "{steps:?}");
        assert_eq!(steps.last().unwrap().rule, "P3.5");
    }
}

#[test]
fn p3_3_a_wall_clock_time_on_a_day_when_clocks_change() {
    let table = [
        // New York skips 02:00-03:00 on 2026-03-08 and repeats 01:00-02:00 on 2026-11-01.
        (America::New_York, "2026-03-08", "01:59:59", "2026-03-08T01:59:59-05:00"),
        (America::New_York, "2026-03-08", "02:30:00", "2026-03-08T03:00:00-04:00"),
        (America::New_York, "2026-03-08", "03:00:00", "2026-03-08T03:00:00-04:00"),
        (America::New_York, "2026-03-08", "21:00:00", "2026-03-08T21:00:00-04:00"),
        (America::New_York, "2026-11-01", "01:30:00", "2026-11-01T01:30:00-05:00"),
        (America::New_York, "2026-11-01", "02:00:00", "2026-11-01T02:00:00-05:00"),
        // Beirut, Santiago: clocks jump over midnight; the day begins at 01:00.
        (Asia::Beirut, "2026-03-29", "00:00:00", "2026-03-29T01:00:00+03:00"),
        (America::Santiago, "2026-09-06", "00:00:00", "2026-09-06T01:00:00-03:00"),
        // Samoa had no 2011-12-30.
        (Pacific::Apia, "2011-12-30", "12:00:00", "2011-12-31T00:00:00+14:00"),
    ];
    for (zone, date, clock, expected) in table {
        assert_eq!(local(zone, Zone::of(zone).instant(day(date).and_time(time(clock)))), expected, "{zone} {date} {clock}");
    }
}

#[test]
fn p3_3_days_on_which_clocks_change_are_as_long_as_they_are() {
    let open = calendar(&[], &[]);
    let table = [
        (America::New_York, "2026-03-07T12:00:00-05:00", "2026-03-09T00:00:00-04:00", 23),
        (America::New_York, "2026-10-31T12:00:00-04:00", "2026-11-02T00:00:00-05:00", 25),
        (Europe::London, "2026-03-28T12:00:00+00:00", "2026-03-30T00:00:00+01:00", 23),
        (Asia::Beirut, "2026-03-28T12:00:00+02:00", "2026-03-30T00:00:00+03:00", 23),
        (Pacific::Apia, "2011-12-29T12:00:00-10:00", "2012-01-01T00:00:00+14:00", 24),
    ];
    for (zone, start, expected, hours) in table {
        let (due, steps) = business_days(at(start), DayCount::new(1, DueAt::EndOfDay), Zone::of(zone), &open, &[]).unwrap();
        let last = steps.last().unwrap();
        assert_eq!((local(zone, due).as_str(), (last.to - last.from).num_hours()), (expected, hours), "{zone} {start}");
        assert_in_a_row(at(start), due, &steps);
    }
}

#[test]
fn p3_5_a_day_ends_at_its_first_midnight_where_there_are_two() {
    let open = calendar(&[], &[]);
    // Clocks go back from 01:00 to 00:00: the hour after midnight happens twice, on one and the same day.
    let table = [
        (America::Havana, "2025-10-31T12:00:00-04:00", "2025-11-02T00:00:00-04:00", 24),
        (America::Havana, "2025-11-01T12:00:00-04:00", "2025-11-03T00:00:00-05:00", 25),
        (America::Havana, "2025-11-02T00:30:00-04:00", "2025-11-04T00:00:00-05:00", 24),
        (America::Havana, "2025-11-02T00:30:00-05:00", "2025-11-04T00:00:00-05:00", 24),
        (Atlantic::Azores, "2026-10-23T12:00:00+00:00", "2026-10-25T00:00:00+00:00", 24),
        (Atlantic::Azores, "2026-10-24T12:00:00+00:00", "2026-10-26T00:00:00-01:00", 25),
        // Clocks went back from 00:01 to 23:01: the day before ends at the second midnight.
        (America::St_Johns, "2010-11-05T12:00:00-02:30", "2010-11-07T00:00:00-03:30", 25),
    ];
    for (zone, start, expected, hours) in table {
        let (due, steps) = business_days(at(start), DayCount::new(1, DueAt::EndOfDay), Zone::of(zone), &open, &[]).unwrap();
        let last = steps.last().unwrap();
        assert_eq!((local(zone, due).as_str(), (last.to - last.from).num_hours()), (expected, hours), "{zone} {start}");
        assert_in_a_row(at(start), due, &steps);
    }
}

#[test]
fn p4_four_hours_are_elapsed_hours_when_clocks_change() {
    let table = [
        ("2026-03-08T00:30:00-05:00", "2026-03-08T05:30:00-04:00"),
        ("2026-11-01T00:30:00-04:00", "2026-11-01T03:30:00-05:00"),
        ("2026-11-24T22:15:00-05:00", "2026-11-25T02:15:00-05:00"),
    ];
    for (start, expected) in table {
        let (due, steps) = elapsed(at(start), 4, &[]);
        assert_eq!(local(America::New_York, due), expected);
        assert_eq!((steps.len(), steps[0].counted.as_str()), (1, "4 h"));
        assert_in_a_row(at(start), due, &steps);
    }
}

#[test]
fn p4_5_elapsed_hours_stop_while_held() {
    let start = "2026-11-24T10:00:00Z";
    let table: [(&[Hold], &str, &[&str]); 9] = [
        (&[hold("2026-11-24T11:00:00Z", Some("2026-11-24T13:00:00Z"))], "2026-11-24T16:00:00Z", &["1 h", "0 h", "3 h"]),
        // Two holds, given in the wrong order; two that overlap count once.
        (
            &[hold("2026-11-24T14:00:00Z", Some("2026-11-24T15:00:00Z")), hold("2026-11-24T11:00:00Z", Some("2026-11-24T12:00:00Z"))],
            "2026-11-24T16:00:00Z",
            &["1 h", "0 h", "2 h", "0 h", "1 h"],
        ),
        (
            &[hold("2026-11-24T11:00:00Z", Some("2026-11-24T13:00:00Z")), hold("2026-11-24T12:00:00Z", Some("2026-11-24T14:00:00Z"))],
            "2026-11-24T17:00:00Z",
            &["1 h", "0 h", "0 h", "3 h"],
        ),
        // One within another.
        (
            &[hold("2026-11-24T11:00:00Z", Some("2026-11-24T13:00:00Z")), hold("2026-11-24T11:30:00Z", Some("2026-11-24T12:00:00Z"))],
            "2026-11-24T16:00:00Z",
            &["1 h", "0 h", "3 h"],
        ),
        // Over the start, before it, at the due instant, after it.
        (&[hold("2026-11-24T09:00:00Z", Some("2026-11-24T10:30:00Z"))], "2026-11-24T14:30:00Z", &["0 h", "4 h"]),
        (&[hold("2026-11-24T08:00:00Z", Some("2026-11-24T10:00:00Z"))], "2026-11-24T14:00:00Z", &["4 h"]),
        (&[hold("2026-11-24T14:00:00Z", Some("2026-11-24T15:00:00Z"))], "2026-11-24T14:00:00Z", &["4 h"]),
        (&[hold("2026-11-24T20:00:00Z", Some("2026-11-24T21:00:00Z"))], "2026-11-24T14:00:00Z", &["4 h"]),
        (&[hold("2026-11-24T11:30:00Z", Some("2026-11-24T11:45:00Z"))], "2026-11-24T14:15:00Z", &["1 h 30 min", "0 h", "2 h 30 min"]),
    ];
    for (holds, expected, counted) in table {
        let (due, steps) = elapsed(at(start), 4, holds);
        assert_eq!(due, at(expected), "{holds:?}");
        assert_eq!(steps.iter().map(|s| s.counted.as_str()).collect::<Vec<_>>(), counted, "{holds:?}");
        assert_eq!(steps.iter().filter(|s| s.rule == "P4.5").count(), counted.iter().filter(|c| **c == "0 h").count());
        assert_in_a_row(at(start), due, &steps);
    }
}

#[test]
fn p4_5_business_days_that_a_hold_touches_dont_count() {
    let zone = America::New_York;
    let start = "2026-11-23T14:00:00-05:00";
    let table: [(&[Hold], &str); 9] = [
        (&[], "2026-11-24"),
        // Begun at closing or after it: the day was due by then.
        (&[hold("2026-11-24T21:00:00-05:00", Some("2026-11-25T11:00:00-05:00"))], "2026-11-24"),
        (&[hold("2026-11-24T20:59:59-05:00", Some("2026-11-24T23:00:00-05:00"))], "2026-11-25"),
        (&[hold("2026-11-24T10:00:00-05:00", Some("2026-11-24T11:00:00-05:00"))], "2026-11-25"),
        (&[hold("2026-11-24T10:00:00-05:00", Some("2026-11-25T11:00:00-05:00"))], "2026-11-27"),
        // On day 0 it changes nothing; ended at midnight it doesn't touch the next day; begun at midnight it does.
        (&[hold("2026-11-23T15:00:00-05:00", Some("2026-11-23T16:00:00-05:00"))], "2026-11-24"),
        (&[hold("2026-11-23T15:00:00-05:00", Some("2026-11-24T00:00:00-05:00"))], "2026-11-24"),
        (&[hold("2026-11-24T00:00:00-05:00", Some("2026-11-24T00:00:01-05:00"))], "2026-11-25"),
        // Over the holiday and the weekend.
        (&[hold("2026-11-24T10:00:00-05:00", Some("2026-11-27T11:00:00-05:00"))], "2026-11-30"),
    ];
    let american = western(&[("2026-11-26", "Thanksgiving Day")]);
    for (holds, expected) in table {
        let (due, steps) =
            business_days(at(start), DayCount::new(1, DueAt::CloseOfBusiness(time("21:00:00"))), Zone::of(zone), &american, holds).unwrap();
        assert_eq!(local_day(zone, due), day(expected), "{holds:?}");
        assert_in_a_row(at(start), due, &steps);
        let held = steps.iter().filter(|s| s.rule == "P4.5");
        assert!(held.clone().all(|s| s.note.ends_with("on hold: export papers")), "{steps:?}");
        assert_eq!(held.count() > 0, expected != "2026-11-24", "{holds:?}");
    }
    // Without an end it comes due in no year that is known.
    let open_ended = [hold("2026-11-24T10:00:00-05:00", None)];
    let never = business_days(at(start), DayCount::new(1, DueAt::EndOfDay), Zone::of(zone), &american, &open_ended);
    assert_eq!(never, Err(Uncounted::UnknownYear { calendar: "XX".into(), year: 2041 }));
}

proptest::proptest! {
    /// P3.4, P3.5: any start, count and zone gives a due instant after the start, steps in a row, and as many counted days as asked.
    #[test]
    fn p3_4_steps_always_lead_to_the_due_instant(seconds in 86_400_i64..2_000_000_000, days in 1_u32..30, zone in 0..chrono_tz::TZ_VARIANTS.len(), end_of_day: bool) {
        let start = DateTime::from_timestamp(seconds, 0).unwrap();
        let due_at = if end_of_day { DueAt::EndOfDay } else { DueAt::CloseOfBusiness(NaiveTime::from_hms_opt(18, 0, 0).unwrap()) };
        let zone = chrono_tz::TZ_VARIANTS[zone];
        let (due, steps) = business_days(start, DayCount::new(days, due_at), Zone::of(zone), &western(&[]), &[]).unwrap();
        assert_in_a_row(start, due, &steps);
        proptest::prop_assert!(due > start);
        let counted = steps.iter().filter(|s| s.counted == "1 business day").count();
        proptest::prop_assert_eq!(counted, usize::try_from(days).unwrap());
    }

    /// P3.5: in every zone a day begins where the one before it ends.
    #[test]
    fn p3_5_a_local_day_begins_where_the_day_before_ends(days in 0_u64..23_000, zone in 0..chrono_tz::TZ_VARIANTS.len()) {
        let (zone, day) = (chrono_tz::TZ_VARIANTS[zone], day("1975-01-01") + Days::new(days));
        let midnight = Zone::of(zone).start_of_day(day);
        proptest::prop_assert!(local_day(zone, midnight) >= day, "{zone} {day}");
        proptest::prop_assert!(local_day(zone, midnight - TimeDelta::microseconds(1)) < day, "{zone} {day}");
    }
}

#[test]
fn p3_4_no_zone_misses_a_day_in_the_years_that_are_not_searched() {
    for tz in chrono_tz::TZ_VARIANTS {
        let zone = Zone::of(tz);
        for quarter in 0..4 * 40 {
            let first = NaiveDate::from_ymd_opt(ALL_DAYS_SINCE, 1, 1).unwrap() + chrono::Months::new(3 * quarter);
            assert!(!lacks_a_day(zone, first, first + chrono::Months::new(3)), "{tz} {first}");
        }
    }
    let (before, after) = (NaiveDate::from_ymd_opt(2011, 12, 29).unwrap(), NaiveDate::from_ymd_opt(2011, 12, 31).unwrap());
    assert!(misses_a_day(Zone::of(chrono_tz::Pacific::Apia), before, after));
}
