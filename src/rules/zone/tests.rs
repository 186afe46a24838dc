use super::*;
use crate::rules::clock::DueAt;
use crate::rules::hours::Schedule;
use chrono::{Days, TimeZone as _, Weekday};

/// Where chrono-tz and the bundled database tell different offsets at some hour of 2024 to 2031. When a newer chrono-tz
/// makes this list shorter, shorten it; when it is empty, this room can ask chrono-tz.
#[test]
fn p3_3_the_zones_in_which_chrono_tz_is_out_of_date() {
    let at = |hours: i64| DateTime::from_timestamp(1_704_067_200 + hours * 3_600, 0).unwrap();
    let ours = |tz: Tz, hours| Zone::of(tz).offset_at(at(hours));
    let theirs = |tz: Tz, hours| tz.offset_from_utc_datetime(&at(hours).naive_utc()).fix();
    // Hour by hour on days on which either changes, else once a day.
    let still = |tz, day: i64| ours(tz, day * 24) == ours(tz, day * 24 + 24) && theirs(tz, day * 24) == theirs(tz, day * 24 + 24);
    let differs_on = |tz, day: i64| (0..if still(tz, day) { 1 } else { 24 }).any(|h| ours(tz, day * 24 + h) != theirs(tz, day * 24 + h));
    let differs = |tz: &&Tz| (0..8 * 366).any(|day| differs_on(**tz, day));
    let found: Vec<&str> = chrono_tz::TZ_VARIANTS.iter().filter(differs).map(|tz| tz.name()).collect();
    insta::assert_snapshot!(found.join("\n"));
}

#[test]
fn every_zone_that_chrono_tz_names_has_rules() {
    let missing: Vec<&str> = chrono_tz::TZ_VARIANTS.iter().map(|tz| tz.name()).filter(|name| TimeZone::get(name).is_err()).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn p3_3_the_database_is_the_one_that_knows_the_changes_of_2026() {
    let table = [
        // Vancouver, Edmonton and Winnipeg no longer go back to standard time in November 2026.
        (Tz::America__Vancouver, "2026-12-01T12:00:00Z", -7),
        (Tz::America__Edmonton, "2026-12-01T12:00:00Z", -6),
        (Tz::America__Winnipeg, "2026-12-01T12:00:00Z", -5),
        (Tz::America__New_York, "2026-12-01T12:00:00Z", -5),
    ];
    for (zone, at, hours) in table {
        let at = DateTime::parse_from_rfc3339(at).unwrap().to_utc();
        assert_eq!(Zone::of(zone).offset_at(at).local_minus_utc(), hours * 3_600, "{zone}");
    }
}

#[test]
fn p3_3_an_offset_is_written_with_hours_and_minutes_and_nothing_else() {
    let seconds = |text| Zone::named(text).map(|zone| zone.offset_at(DateTime::UNIX_EPOCH).local_minus_utc());
    let table = [("+10:00", 36_000), ("-03:30", -12_600), ("+00:00", 0), ("-00:00", 0), ("+23:59", 86_340), ("-23:59", -86_340)];
    for (text, expected) in table {
        assert_eq!(seconds(text), Some(expected), "{text}");
    }
    for text in ["+0100+9:~m", "+10:00 ", "+10:00x", "+1000", "+10", "+10:60", "+24:00", "+1:00", "++1:00", "+", "-", "+10:00:00"] {
        assert_eq!(seconds(text), None, "{text}");
    }
}

#[test]
fn p3_3_a_fixed_offset_has_no_daylight_saving() {
    let zone = Zone::fixed(FixedOffset::east_opt(36_000).unwrap()).unwrap();
    let noon = "2026-07-01T12:00:00".parse().unwrap();
    assert_eq!(zone.instant(noon).to_rfc3339(), "2026-07-01T02:00:00+00:00");
    assert_eq!(zone.local(zone.instant(noon)), noon);
}

proptest::proptest! {
    /// P3.3: what a clock shows, read back, is the instant, or the later of the two that look alike.
    #[test]
    fn p3_3_local_time_and_back(seconds in 0_i64..4_000_000_000, zone in 0..chrono_tz::TZ_VARIANTS.len()) {
        let (zone, at) = (Zone::of(chrono_tz::TZ_VARIANTS[zone]), DateTime::from_timestamp(seconds, 0).unwrap());
        let back = zone.instant(zone.local(at));
        proptest::prop_assert!(back >= at && zone.local(back) == zone.local(at));
        proptest::prop_assert!(zone.start_of_day(zone.day(at)) <= at);
    }
}

/// `zone/tests/changes.csv` is written by `tests/crosscheck/changes.py`, which asks Python and shares nothing with this room.
#[test]
fn p3_3_days_on_which_clocks_change_all_over_the_world() {
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    let all = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
    let mut rows = 0;
    for row in include_str!("tests/changes.csv").lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        let (zone, day): (Zone, NaiveDate) = (Zone::named(cells[0]).unwrap(), cells[1].parse().unwrap());
        let starts_at = DateTime::parse_from_rfc3339(&cells[2].replace('Z', ":00Z")).unwrap().to_utc();
        let next = day + Days::new(1);
        assert_eq!((zone.start_of_day(day), DueAt::EndOfDay.on(&zone, day)), (starts_at, zone.start_of_day(next)), "{row}");
        // What a window has open on the day itself, however the clocks change.
        let open = |opens, closes| {
            let mut schedule = Schedule::new(zone.clone(), &all, time(opens), closes, None).unwrap();
            schedule.open_between(starts_at, DueAt::EndOfDay.on(&zone, day)).unwrap().num_minutes()
        };
        let minutes: Vec<i64> = cells[3..].iter().map(|cell| cell.parse().unwrap()).collect();
        let day_long = (zone.start_of_day(next) - starts_at).num_minutes();
        assert_eq!([day_long, open(1, Some(time(5))), open(20, None)].as_slice(), minutes, "{row}");
        rows += 1;
    }
    assert!(rows > 100, "{rows}");
}
