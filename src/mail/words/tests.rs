use super::*;
use chrono::TimeZone;

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

#[test]
fn a_time_names_its_day_its_zone_and_its_offset() {
    assert_eq!(time(at("2026-11-28T02:00:00Z"), chrono_tz::America::New_York), "Friday, November 27, 2026, 21:00 (EST, UTC-05:00)");
    assert_eq!(time(at("2026-07-01T12:05:00Z"), chrono_tz::Europe::Madrid), "Wednesday, July 1, 2026, 14:05 (CEST, UTC+02:00)");
    assert_eq!(time(at("2026-07-01T12:05:00Z"), chrono_tz::America::Sao_Paulo), "Wednesday, July 1, 2026, 09:05 (UTC-03:00)");
    assert_eq!(time(at("2026-07-01T12:05:00Z"), chrono_tz::UTC), "Wednesday, July 1, 2026, 12:05 (UTC)");
    assert_eq!(time(at("2026-07-01T12:05:00Z"), chrono_tz::Asia::Kathmandu), "Wednesday, July 1, 2026, 17:50 (UTC+05:45)");
}

#[test]
fn p3_5_the_midnight_after_a_day_is_said_as_the_end_of_that_day() {
    let midnight = at("2026-11-28T05:00:00Z");
    assert_eq!(day_end_or_time(midnight, chrono_tz::America::New_York), "end of Friday, November 27, 2026 (EST, UTC-05:00)");
    assert_eq!(day(midnight, chrono_tz::America::New_York), "Friday, November 27, 2026");
    assert_eq!(day_end_or_time(midnight, chrono_tz::Europe::Madrid), "Saturday, November 28, 2026, 06:00 (CET, UTC+01:00)");
}

#[test]
fn absurd_instants_are_said_without_a_panic() {
    for at in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC, Utc.timestamp_opt(0, 0).unwrap()] {
        for zone in [chrono_tz::Pacific::Kiritimati, chrono_tz::America::New_York] {
            assert!(!time(at, zone).is_empty());
            assert!(same_wall_clock(at, zone, zone));
        }
    }
}

#[test]
fn day_before_the_first_instant_is_said_without_a_panic() {
    assert_eq!(day_end_or_time(sayable(DateTime::<Utc>::MIN_UTC), chrono_tz::UTC), "end of Wednesday, December 31, 1969 (UTC)");
}

#[test]
fn lists_read_as_people_write_them() {
    let items = |n: usize| ["a", "b", "c"].iter().take(n).map(|s| (*s).to_owned()).collect::<Vec<_>>();
    assert_eq!((list(&items(1)).as_str(), list(&items(2)).as_str(), list(&items(3)).as_str()), ("a", "a and b", "a, b and c"));
    assert_eq!(list(&[]), "");
}
