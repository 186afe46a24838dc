use super::*;
use crate::reference::calendars::Calendars as Embedded;
use crate::rules::calendar::Calendars as _;
use chrono_tz::Tz;

const WEEK: [Weekday; 5] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
const ALL: [Weekday; 7] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn time(text: &str) -> NaiveTime {
    text.parse().unwrap()
}

fn schedule(zone: Tz, days: &[Weekday], opens: &str, closes: &str, calendar: Option<&str>) -> Schedule {
    let closes = (closes != "24:00").then(|| time(closes));
    Schedule::new(Zone::of(zone).clone(), days, time(opens), closes, calendar.map(|c| Embedded.of(c, None))).unwrap()
}

#[test]
fn p3_3_time_counts_inside_the_windows_of_open_days() {
    let mut eastern = schedule(Tz::America__New_York, &WEEK, "08:00", "21:00", Some("US"));
    let table = [
        // Inside a window, over closing, over Thanksgiving, over a weekend.
        ("2026-11-24T10:00:00-05:00", 4, "2026-11-24T14:00:00-05:00"),
        ("2026-11-24T20:00:00-05:00", 4, "2026-11-25T11:00:00-05:00"),
        ("2026-11-25T20:00:00-05:00", 4, "2026-11-27T11:00:00-05:00"),
        ("2026-11-27T20:00:00-05:00", 2, "2026-11-30T09:00:00-05:00"),
        // A start outside a window begins at the next opening; what is reached at closing is due at closing.
        ("2026-11-24T05:00:00-05:00", 1, "2026-11-24T09:00:00-05:00"),
        ("2026-11-28T12:00:00-05:00", 1, "2026-11-30T09:00:00-05:00"),
        ("2026-11-24T20:00:00-05:00", 1, "2026-11-24T21:00:00-05:00"),
        ("2026-11-24T21:00:00-05:00", 13, "2026-11-25T21:00:00-05:00"),
        // Into the next year, over New Year's Day.
        ("2026-12-31T20:00:00-05:00", 2, "2027-01-04T09:00:00-05:00"),
    ];
    for (start, hours, expected) in table {
        assert_eq!(eastern.due_at(at(start), TimeDelta::hours(hours), &[]), Ok(at(expected)), "{start} {hours}");
    }
}

/// The steps as lines, on the clocks of a zone.
fn lines(zone: Tz, steps: &[Step]) -> Vec<String> {
    let short = |t| crate::rules::zone::local(zone, t).format("%m-%dT%H:%M:%S").to_string();
    steps.iter().map(|s| format!("{}..{} {} [{}] {}", short(s.from), short(s.to), s.counted, s.rule, s.note)).collect()
}

#[test]
fn p3_3_the_working_is_a_step_a_window_and_adds_up() {
    let zone = Tz::America__New_York;
    let mut eastern = schedule(zone, &WEEK, "08:00", "21:00", Some("US"));
    let hold = Hold { from: at("2026-11-25T10:00:00-05:00"), to: Some(at("2026-11-25T10:30:30-05:00")), reason: "papers".into() };
    let (due, steps) = eastern.worked(at("2026-11-24T19:15:00-05:00"), TimeDelta::hours(16), &[hold]).unwrap();
    assert_eq!(due, at("2026-11-27T09:45:30-05:00"));
    assert_eq!(
        lines(zone, &steps),
        [
            "11-24T19:15:00..11-24T21:00:00 1 h 45 min [P3.3] Tuesday 2026-11-24: open 08:00-21:00",
            "11-24T21:00:00..11-25T08:00:00 0 h [P3.3] closed until Wednesday 2026-11-25 08:00",
            "11-25T08:00:00..11-25T10:00:00 2 h [P3.3] Wednesday 2026-11-25: open 08:00-21:00",
            "11-25T10:00:00..11-25T10:30:30 0 h [P4.5] on hold: papers",
            "11-25T10:30:30..11-25T21:00:00 10 h 29 min 30 s [P3.3] Wednesday 2026-11-25: open 08:00-21:00",
            "11-25T21:00:00..11-27T08:00:00 0 h [P3.3] closed until Friday 2026-11-27 08:00 (Thanksgiving Day on 2026-11-26)",
            "11-27T08:00:00..11-27T09:45:30 1 h 45 min 30 s [P3.3] Friday 2026-11-27: open 08:00-21:00",
        ]
    );
}

#[test]
fn p3_3_the_working_ends_with_the_last_year_that_is_known() {
    let mut late = schedule(Tz::UTC, &ALL, "20:00", "24:00", Some("US"));
    let (due, steps) = late.worked(at("2033-12-31T12:00:00Z"), TimeDelta::hours(4), &[]).unwrap();
    assert_eq!((due, steps.len()), (at("2034-01-01T00:00:00Z"), 2));
    assert!(late.worked(at("2033-12-31T12:00:00Z"), TimeDelta::hours(5), &[]).is_err());
    let mut always = schedule(Tz::UTC, &ALL, "00:00", "24:00", Some("US"));
    let (_, steps) = always.worked(at("2040-12-31T12:00:00Z"), TimeDelta::hours(5), &[]).unwrap();
    assert_eq!((steps.len(), steps[0].counted.as_str(), steps[0].note.as_str()), (1, "5 h", "open around the clock"));
}

#[test]
fn p3_3_windows_are_as_long_as_they_are_when_clocks_change() {
    let mut night = schedule(Tz::America__New_York, &ALL, "00:00", "06:00", None);
    let night_of = |day: &str| (at(&format!("{day}T04:00:00Z")), at(&format!("{day}T16:00:00Z")));
    let table = [("2026-03-08", 5), ("2026-03-09", 6), ("2026-11-01", 7)];
    for (day, hours) in table {
        let (from, to) = night_of(day);
        assert_eq!(night.open_between(from, to), Ok(TimeDelta::hours(hours)), "{day}");
    }
    let mut always = schedule(Tz::America__New_York, &ALL, "00:00", "24:00", None);
    assert_eq!(always.due_at(at("2026-03-08T00:30:00-05:00"), TimeDelta::hours(4), &[]), Ok(at("2026-03-08T05:30:00-04:00")));
    let mut late = schedule(Tz::America__New_York, &[Weekday::Sun], "20:00", "24:00", None);
    assert_eq!(late.due_at(at("2026-11-01T12:00:00-05:00"), TimeDelta::hours(4), &[]), Ok(at("2026-11-02T00:00:00-05:00")));
}

#[test]
fn p3_3_a_year_that_is_not_known_is_an_error_and_a_place_that_never_opens_too() {
    let mut eastern = schedule(Tz::America__New_York, &WEEK, "08:00", "21:00", Some("US"));
    let unknown = Err(Uncounted::UnknownYear { calendar: "US".into(), year: 2034 });
    assert_eq!(eastern.due_at(at("2033-12-30T20:00:00-05:00"), TimeDelta::hours(5), &[]), unknown);
    let mut never = schedule(Tz::UTC, &[], "08:00", "21:00", None);
    assert_eq!(never.due_at(at("2026-01-01T00:00:00Z"), TimeDelta::hours(1), &[]), Err(Uncounted::NeverOpen));
    assert!(Schedule::new(Zone::of(Tz::UTC).clone(), &WEEK, time("09:00"), Some(time("09:00")), None).is_none());
}

proptest::proptest! {
    /// P3.3: what was open between start and due is the target; split anywhere, the clock leads to the same instant.
    #[test]
    fn p3_3_the_hours_add_up_and_may_be_split(start in 1_710_000_000_i64..1_900_000_000, seconds in 1_i64..2_000_000, part in 0_i32..=100, zone in 0..chrono_tz::TZ_VARIANTS.len()) {
        let mut hours = schedule(chrono_tz::TZ_VARIANTS[zone], &WEEK, "08:30", "18:00", Some("US"));
        let (start, target) = (DateTime::from_timestamp(start, 0).unwrap(), TimeDelta::seconds(seconds));
        let due = hours.due_at(start, target, &[]).unwrap();
        proptest::prop_assert_eq!(hours.open_between(start, due), Ok(target));
        proptest::prop_assert_eq!(hours.open_between(start, due - TimeDelta::seconds(1)), Ok(target - TimeDelta::seconds(1)));
        let middle = start + (due - start) * part / 100;
        let used = hours.open_between(start, middle).unwrap();
        if used < target {
            proptest::prop_assert_eq!(hours.due_at(middle, target - used, &[]), Ok(due));
        }
        // A pause moves it by what it covered.
        let hold = Hold { from: middle, to: Some(middle + TimeDelta::hours(30)), reason: String::new() };
        let later = hours.due_at(start, target, std::slice::from_ref(&hold)).unwrap();
        let covered = hours.open_between(hold.from, hold.to.unwrap()).unwrap();
        if used < target {
            proptest::prop_assert_eq!(hours.open_between(start, later), Ok(target + covered));
        }
    }
}
