use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn weekend(from: &str, days: &[Weekday]) -> WeekendRule {
    WeekendRule { from: day(from), days: days.to_vec() }
}

fn holiday(name: &str, estimated: bool) -> Holiday {
    Holiday { name: name.into(), estimated }
}

#[test]
fn p3_4_without_a_rule_the_weekend_is_saturday_and_sunday() {
    let calendar = Calendar::weekends_only("ZZ");
    // 2026-11-23 is a Monday.
    let closed: Vec<bool> = day("2026-11-23").iter_days().take(7).map(|d| calendar.closed(d).is_some()).collect();
    assert_eq!(closed, [false, false, false, false, false, true, true]);
}

#[test]
fn p3_4_a_weekend_holds_from_its_date_until_the_next() {
    use Weekday::{Fri, Sat, Sun, Thu};
    let weekends = vec![weekend("2000-01-01", &[Thu, Fri]), weekend("2013-06-29", &[Fri, Sat]), weekend("2022-01-01", &[Sat, Sun])];
    let calendar = Calendar { weekends, ..Calendar::weekends_only("XA") };
    let table = [
        ("1999-12-30", None),
        ("1999-12-31", None),
        ("2000-01-01", None),
        ("2013-06-27", Some(Thu)),
        ("2013-06-28", Some(Fri)),
        ("2013-06-29", Some(Sat)),
        ("2021-12-31", Some(Fri)),
        ("2022-01-01", Some(Sat)),
        ("2022-01-07", None),
    ];
    for (date, expected) in table {
        assert_eq!(calendar.closed(day(date)), expected.map(Closed::Weekend), "{date}");
    }
}

#[test]
fn p3_4_a_weekend_of_no_days_is_open_all_week() {
    let calendar = Calendar { weekends: vec![weekend("2000-01-01", &[])], ..Calendar::weekends_only("XB") };
    assert!(day("2026-11-23").iter_days().take(7).all(|d| calendar.closed(d).is_none()));
}

#[test]
fn p3_4_a_holiday_on_a_weekend_is_called_by_its_name() {
    let holidays = BTreeMap::from([(day("2026-12-26"), holiday("Boxing Day", false)), (day("2026-12-25"), holiday("Feast", true))]);
    let calendar = Calendar { holidays, known: Some((day("2026-01-01"), day("2026-12-31"))), ..Calendar::weekends_only("XC") };
    let table = [
        ("2026-12-24", None),
        ("2026-12-25", Some("Feast (estimated date): closed")),
        ("2026-12-26", Some("Boxing Day: closed")),
        ("2026-12-27", Some("Sunday: weekend")),
    ];
    for (date, expected) in table {
        assert_eq!(calendar.closed(day(date)).map(|c| c.note()).as_deref(), expected, "{date}");
    }
    assert!(calendar.knows(day("2026-01-01")) && calendar.knows(day("2026-12-31")));
    assert!(!calendar.knows(day("2025-12-31")) && !calendar.knows(day("2027-01-01")));
    assert!(!Calendar::weekends_only("ZZ").knows(day("2026-01-01")));
}

#[test]
fn a_calendar_is_found_again_by_its_key() {
    struct Keys;
    impl Calendars for Keys {
        fn of(&self, country: &str, subdivision: Option<&str>) -> Arc<Calendar> {
            Arc::new(Calendar::weekends_only(subdivision.map_or_else(|| country.to_owned(), |s| format!("{country}-{s}"))))
        }
    }
    for key in ["US", "US-FL", "", "US-"] {
        assert_eq!(Keys.by_key(key).key, key);
    }
}

#[test]
fn every_weekday_has_its_english_name() {
    let names: Vec<&str> = day("2026-11-23").iter_days().take(7).map(|d| weekday_name(d.weekday())).collect();
    assert_eq!(names, ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]);
}

#[test]
fn p3_4_many_days_ahead_are_counted_as_days_one_by_one_are() {
    let holidays = BTreeMap::from([(day("2026-12-25"), holiday("Feast", false)), (day("2027-01-01"), holiday("New Year's Day", false))]);
    let calendar = Calendar { holidays, known: Some((day("2026-01-01"), day("2031-12-31"))), ..Calendar::weekends_only("XC") };
    for start in day("2026-11-20").iter_days().take(60) {
        let open = |d: &NaiveDate| calendar.closed(*d).is_none();
        let days: Vec<NaiveDate> = start.iter_days().skip(1).filter(open).take(500).collect();
        for (n, expected) in (1..).zip(days) {
            assert_eq!(calendar.business_day(start, n), Ok(expected), "{start} {n}");
        }
    }
    assert_eq!(calendar.business_day(day("2026-11-21"), 0), Ok(day("2026-11-21")));
    assert!(matches!(calendar.business_day(day("2026-11-21"), u32::MAX), Err(Uncounted::UnknownYear { year: 2032, .. })));
}
