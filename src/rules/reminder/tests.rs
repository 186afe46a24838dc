use super::*;
use chrono::NaiveTime;
use chrono_tz::{America, Asia, Europe};

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn time(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
}

/// Two days before, on the day, two and seven days after, at 09:00; quiet from 20:00 to 08:00.
fn terms() -> ReminderTerms {
    ReminderTerms { days: vec![-2, 0, 2, 7], at: time(9, 0), quiet: Quiet { from: time(20, 0), until: time(8, 0) } }
}

fn awaited(zone: Tz, started_at: &str, due_at: &str) -> Awaited {
    Awaited { started_at: at(started_at), due_at: at(due_at), zone, tier: Tier::Silver }
}

/// The same return under Gold Plus.
fn urgent(awaited: Awaited) -> Awaited {
    Awaited { tier: Tier::GoldPlus, ..awaited }
}

fn local(zone: Tz, instant: DateTime<Utc>) -> String {
    instant.with_timezone(&zone).to_rfc3339()
}

const ZONE: Tz = America::New_York;
/// Due at the end of Friday, 4 December 2026.
const DUE: &str = "2026-12-05T00:00:00-05:00";
/// The clock of the return started on the Friday before.
const STARTED: &str = "2026-11-27T14:00:00-05:00";

#[test]
fn p4_6_the_day_of_a_deadline_is_the_day_that_it_ends() {
    let table = [
        (ZONE, DUE, "2026-12-04"),
        (ZONE, "2026-12-04T23:59:59-05:00", "2026-12-04"),
        (ZONE, "2026-12-05T00:00:01-05:00", "2026-12-05"),
        (ZONE, "2026-12-04T21:00:00-05:00", "2026-12-04"),
        (Asia::Tokyo, "2026-12-05T00:00:00+09:00", "2026-12-04"),
        // Clocks jump over midnight (Santiago), or run twice through the hour after it (Havana).
        (America::Santiago, "2026-09-06T01:00:00-03:00", "2026-09-05"),
        (America::Havana, "2026-11-01T00:00:00-04:00", "2026-10-31"),
    ];
    for (zone, due_at, expected) in table {
        assert_eq!(due_day(at(due_at), zone).to_string(), expected, "{due_at}");
    }
}

#[test]
fn p4_6_reminders_come_before_on_and_after_the_day() {
    let series = series(&terms(), &awaited(ZONE, STARTED, DUE));
    let found: Vec<(usize, NoticeKind, String)> = series.iter().map(|r| (r.ordinal, r.kind, local(ZONE, r.at))).collect();
    let expected = [
        (1, NoticeKind::ReturnDueSoon, "2026-12-02T09:00:00-05:00"),
        (2, NoticeKind::ReturnDueToday, "2026-12-04T09:00:00-05:00"),
        (3, NoticeKind::ReturnOverdue, "2026-12-06T09:00:00-05:00"),
        (4, NoticeKind::ReturnOverdue, "2026-12-11T09:00:00-05:00"),
    ];
    assert_eq!(found, expected.map(|(ordinal, kind, at)| (ordinal, kind, at.to_owned())));
}

#[test]
fn p4_6_the_latest_reminder_whose_time_has_come_is_sent() {
    let table = [
        (STARTED, None),
        ("2026-12-02T08:59:59-05:00", None),
        ("2026-12-02T09:00:00-05:00", Some(1)),
        ("2026-12-04T08:59:59-05:00", Some(1)),
        ("2026-12-04T09:00:00-05:00", Some(2)),
        // The deadline passes: nothing new until two days later.
        ("2026-12-05T00:00:00-05:00", Some(2)),
        ("2026-12-06T08:59:59-05:00", Some(2)),
        ("2026-12-06T09:00:00-05:00", Some(3)),
        ("2026-12-11T09:00:00-05:00", Some(4)),
        ("2027-12-11T09:00:00-05:00", Some(4)),
    ];
    for (now, expected) in table {
        let reminder = due(&terms(), &awaited(ZONE, STARTED, DUE), at(now));
        assert_eq!(reminder.map(|r| r.ordinal), expected, "{now}");
    }
}

#[test]
fn p4_6_after_a_week_off_one_letter_is_sent_not_three() {
    // Off from Tuesday to Tuesday: of the three that were missed, the last.
    let back = at("2026-12-08T10:00:00-05:00");
    let reminder = due(&terms(), &awaited(ZONE, STARTED, DUE), back).unwrap();
    assert_eq!((reminder.ordinal, reminder.kind), (3, NoticeKind::ReturnOverdue));
    assert_eq!(next(&terms(), &awaited(ZONE, STARTED, DUE), back), Some(at("2026-12-11T09:00:00-05:00")));
}

#[test]
fn p4_6_a_reminder_of_before_the_clock_started_is_not_sent() {
    // The promise is short, or the delivery was recorded late: what lay before it is no reminder.
    let table = [
        ("2026-12-02T08:59:59-05:00", "2026-12-02T12:00:00-05:00", Some(1)),
        ("2026-12-02T09:00:00-05:00", "2026-12-02T12:00:00-05:00", None),
        ("2026-12-02T11:00:00-05:00", "2026-12-04T08:00:00-05:00", None),
        ("2026-12-02T11:00:00-05:00", "2026-12-04T09:00:00-05:00", Some(2)),
    ];
    for (started, now, expected) in table {
        assert_eq!(due(&terms(), &awaited(ZONE, started, DUE), at(now)).map(|r| r.ordinal), expected, "{started} {now}");
    }
}

#[test]
fn p4_6_the_next_look_is_at_the_next_reminder() {
    let table = [
        (STARTED, Some("2026-12-02T09:00:00-05:00")),
        ("2026-12-02T08:59:59-05:00", Some("2026-12-02T09:00:00-05:00")),
        ("2026-12-02T09:00:00-05:00", Some("2026-12-04T09:00:00-05:00")),
        ("2026-12-06T09:00:00-05:00", Some("2026-12-11T09:00:00-05:00")),
        ("2026-12-11T09:00:00-05:00", None),
    ];
    for (now, expected) in table {
        assert_eq!(next(&terms(), &awaited(ZONE, STARTED, DUE), at(now)), expected.map(at), "{now}");
    }
}

#[test]
fn p4_6_reminders_keep_their_wall_clock_time_when_clocks_change() {
    // Berlin goes to winter time on 25 October 2026, to summer time on 29 March 2026; the days of the table lie on both sides.
    let table = [
        ("2026-10-27T00:00:00+01:00", ["2026-10-24T09:00:00+02:00", "2026-10-26T09:00:00+01:00", "2026-10-28T09:00:00+01:00"]),
        ("2026-03-31T00:00:00+02:00", ["2026-03-28T09:00:00+01:00", "2026-03-30T09:00:00+02:00", "2026-04-01T09:00:00+02:00"]),
    ];
    for (due_at, expected) in table {
        let found: Vec<String> =
            series(&terms(), &awaited(Europe::Berlin, STARTED, due_at)).iter().map(|r| local(Europe::Berlin, r.at)).collect();
        assert_eq!(found[..3], expected, "{due_at}");
    }
    // A time that the change skips is the first that exists; one that comes twice, the second.
    let night = ReminderTerms { days: vec![0], at: time(2, 30), ..terms() };
    let once = |due_at| series(&night, &urgent(awaited(Europe::Berlin, STARTED, due_at)))[0].at;
    assert_eq!(once("2026-03-30T00:00:00+02:00"), at("2026-03-29T03:00:00+02:00"));
    assert_eq!(once("2026-10-26T00:00:00+01:00"), at("2026-10-25T02:30:00+01:00"));
}

#[test]
fn p4_6_absurd_days_are_left_out() {
    let absurd = ReminderTerms { days: vec![i64::MIN, 0, i64::MAX], ..terms() };
    let series = series(&absurd, &awaited(ZONE, STARTED, DUE));
    assert_eq!(series.iter().map(|r| r.ordinal).collect::<Vec<_>>(), [2]);
    assert_eq!(due(&ReminderTerms { days: vec![], ..terms() }, &awaited(ZONE, STARTED, DUE), at(DUE)), None);
}

#[test]
fn p4_6_nobody_is_reminded_at_night_but_under_gold_plus() {
    let silver = awaited(ZONE, STARTED, DUE);
    // The service was off until then. What was meant for the day before waits for the morning, and says how it stands there.
    let table = [
        ("2026-12-02T19:59:59-05:00", Some((1, NoticeKind::ReturnDueSoon)), "2026-12-04T09:00:00-05:00"),
        ("2026-12-02T20:00:00-05:00", None, "2026-12-03T08:00:00-05:00"),
        ("2026-12-03T00:00:00-05:00", None, "2026-12-03T08:00:00-05:00"),
        ("2026-12-03T07:59:59-05:00", None, "2026-12-03T08:00:00-05:00"),
        ("2026-12-03T08:00:00-05:00", Some((1, NoticeKind::ReturnDueSoon)), "2026-12-04T09:00:00-05:00"),
        ("2026-12-04T19:00:00-05:00", Some((2, NoticeKind::ReturnDueToday)), "2026-12-06T09:00:00-05:00"),
        ("2026-12-04T23:00:00-05:00", None, "2026-12-05T08:00:00-05:00"),
        ("2026-12-05T08:00:00-05:00", Some((2, NoticeKind::ReturnOverdue)), "2026-12-06T09:00:00-05:00"),
    ];
    for (now, send, look_at) in table {
        let plan = plan(&terms(), &silver, at(now));
        assert_eq!((plan.send.map(|r| (r.ordinal, r.kind)), plan.look_at), (send, Some(at(look_at))), "{now}");
    }
    let night = plan(&terms(), &urgent(silver), at("2026-12-04T23:00:00-05:00"));
    assert_eq!(night.send.map(|r| (r.ordinal, r.kind)), Some((2, NoticeKind::ReturnDueToday)));
    assert_eq!(night.look_at, Some(at("2026-12-06T09:00:00-05:00")));
    // After the last there is nothing to wait for, but what was missed still waits for the morning.
    assert_eq!(plan(&terms(), &silver, at("2027-03-01T09:00:00-05:00")).look_at, None);
    assert_eq!(plan(&terms(), &silver, at("2027-03-01T02:00:00-05:00")).look_at, Some(at("2027-03-01T08:00:00-05:00")));
    // Nothing is due: nothing waits for the morning.
    assert_eq!(plan(&terms(), &silver, at(STARTED)), Plan { send: None, look_at: Some(at("2026-12-02T09:00:00-05:00")) });
}

#[test]
fn p4_6_a_reminder_that_is_planned_at_night_goes_out_on_its_day() {
    for planned in [time(22, 0), time(20, 0), time(0, 0), time(7, 59)] {
        let terms = ReminderTerms { at: planned, ..terms() };
        let days: Vec<String> = series(&terms, &awaited(ZONE, STARTED, DUE)).iter().map(|r| local(ZONE, r.at)).collect();
        assert_eq!(days[..2], ["2026-12-02T08:00:00-05:00", "2026-12-04T08:00:00-05:00"], "{planned}");
        let urgent = series(&terms, &urgent(awaited(ZONE, STARTED, DUE)));
        assert_eq!(urgent[1].at, Zone::of(ZONE).instant(due_day(at(DUE), ZONE).and_time(planned)), "{planned}");
    }
    // Hours that don't span midnight: the end of a rest at noon.
    let noon = ReminderTerms { at: time(12, 30), quiet: Quiet { from: time(12, 0), until: time(14, 0) }, ..terms() };
    assert_eq!(local(ZONE, series(&noon, &awaited(ZONE, STARTED, DUE))[1].at), "2026-12-04T14:00:00-05:00");
}

#[test]
fn p4_6_the_night_is_what_clocks_in_the_zone_say_when_they_change() {
    let quiet = |from: (u32, u32), until: (u32, u32)| Quiet { from: time(from.0, from.1), until: time(until.0, until.1) };
    let usual = quiet((20, 0), (8, 0));
    let table = [
        // Berlin loses an hour in this night, and gains one in that: 08:00 is 08:00.
        (Europe::Berlin, usual, "2026-03-28T20:00:00+01:00", "2026-03-29T08:00:00+02:00"),
        (Europe::Berlin, usual, "2026-10-24T20:00:00+02:00", "2026-10-25T08:00:00+01:00"),
        // The end of the night is skipped: it ends with the hour that is skipped.
        (Europe::Berlin, quiet((20, 0), (2, 30)), "2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00"),
        // It comes twice: the second time.
        (Europe::Berlin, quiet((20, 0), (2, 30)), "2026-10-25T01:00:00+02:00", "2026-10-25T02:30:00+01:00"),
        // Clocks jump over midnight in Santiago, and Samoa skipped a day.
        (America::Santiago, quiet((22, 0), (0, 30)), "2026-09-05T23:00:00-04:00", "2026-09-06T01:00:00-03:00"),
        (chrono_tz::Pacific::Apia, usual, "2011-12-29T21:00:00-10:00", "2011-12-31T08:00:00+14:00"),
        (Asia::Tokyo, quiet((0, 0), (8, 0)), "2026-12-04T23:59:59+09:00", "2026-12-04T23:59:59+09:00"),
        (Asia::Tokyo, quiet((9, 0), (9, 0)), "2026-12-04T09:00:00+09:00", "2026-12-04T09:00:00+09:00"),
    ];
    for (zone, quiet, from, expected) in table {
        assert_eq!(quiet.ends(zone, at(from)), at(expected), "{zone} {from}");
    }
    assert_eq!((usual.open(), quiet((0, 0), (8, 0)).open()), (TimeDelta::hours(12), TimeDelta::hours(16)));
    // Every quarter of an hour of the nights around a change, in zones whose clocks differ much.
    for zone in [Europe::Berlin, America::Havana, America::Santiago, chrono_tz::Australia::Lord_Howe, chrono_tz::Antarctica::Troll] {
        for start in
            ["2026-03-08T00:00:00Z", "2026-03-28T12:00:00Z", "2026-04-04T00:00:00Z", "2026-09-05T12:00:00Z", "2026-10-31T12:00:00Z"]
        {
            for quarter in 0..200 {
                let now = at(start) + TimeDelta::minutes(15 * quarter);
                let open = usual.ends(zone, now);
                assert!(open >= now && open - now <= TimeDelta::hours(14), "{zone} {now} {open}");
                assert!(!usual.has(Zone::of(zone).local(open).time()), "{zone} {now} {open}");
                assert_eq!(open == now, !usual.has(Zone::of(zone).local(now).time()), "{zone} {now}");
            }
        }
    }
}
