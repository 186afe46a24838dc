use super::*;
use chrono::NaiveTime;
use chrono_tz::{America, Asia, Europe};

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

/// Two days before, on the day, two and seven days after, at 09:00.
fn terms() -> ReminderTerms {
    ReminderTerms { days: vec![-2, 0, 2, 7], at: NaiveTime::from_hms_opt(9, 0, 0).unwrap() }
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
    let series = series(&terms(), at(DUE), ZONE);
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
        let reminder = due(&terms(), at(STARTED), at(DUE), ZONE, at(now));
        assert_eq!(reminder.map(|r| r.ordinal), expected, "{now}");
    }
}

#[test]
fn p4_6_after_a_week_off_one_letter_is_sent_not_three() {
    // Off from Tuesday to Tuesday: of the three that were missed, the last.
    let back = at("2026-12-08T10:00:00-05:00");
    let reminder = due(&terms(), at(STARTED), at(DUE), ZONE, back).unwrap();
    assert_eq!((reminder.ordinal, reminder.kind), (3, NoticeKind::ReturnOverdue));
    assert_eq!(next(&terms(), at(DUE), ZONE, back), Some(at("2026-12-11T09:00:00-05:00")));
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
        assert_eq!(due(&terms(), at(started), at(DUE), ZONE, at(now)).map(|r| r.ordinal), expected, "{started} {now}");
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
        assert_eq!(next(&terms(), at(DUE), ZONE, at(now)), expected.map(at), "{now}");
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
        let found: Vec<String> = series(&terms(), at(due_at), Europe::Berlin).iter().map(|r| local(Europe::Berlin, r.at)).collect();
        assert_eq!(found[..3], expected, "{due_at}");
    }
    // A time that the change skips is the first that exists; one that comes twice, the second.
    let night = ReminderTerms { days: vec![0], at: NaiveTime::from_hms_opt(2, 30, 0).unwrap() };
    let once = |due_at| series(&night, at(due_at), Europe::Berlin)[0].at;
    assert_eq!(once("2026-03-30T00:00:00+02:00"), at("2026-03-29T03:00:00+02:00"));
    assert_eq!(once("2026-10-26T00:00:00+01:00"), at("2026-10-25T02:30:00+01:00"));
}

#[test]
fn p4_6_absurd_days_are_left_out() {
    let absurd = ReminderTerms { days: vec![i64::MIN, 0, i64::MAX], ..terms() };
    let series = series(&absurd, at(DUE), ZONE);
    assert_eq!(series.iter().map(|r| r.ordinal).collect::<Vec<_>>(), [2]);
    assert_eq!(due(&ReminderTerms { days: vec![], ..terms() }, at(STARTED), at(DUE), ZONE, at(DUE)), None);
}
