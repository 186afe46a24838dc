use super::*;
use crate::reference::countries;
use crate::rules::calendar::{Calendars as _, Closed};
use crate::rules::clock::DueAt;
use crate::rules::deadline::{Basis, DeadlineKind, DeadlineState, Target, compute};
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::{America, Tz};
use std::collections::BTreeSet;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// What closes a day, as its note, or `open`.
fn note(country: &str, subdivision: Option<&str>, date: &str) -> String {
    Calendars.of(country, subdivision).closed(day(date)).map_or_else(|| "open".into(), |c| c.note())
}

#[test]
fn p3_4_every_row_of_the_files_is_read() {
    let index = include_str!("../../../data/calendars/holidays.index.csv");
    let mut total = 0;
    for line in index.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let country = HOLIDAYS.get(cells[0]).unwrap();
        let rows = country.national.len() + country.local.values().map(Vec::len).sum::<usize>();
        assert_eq!(rows, cells[3].parse::<usize>().unwrap(), "{line}");
        // Kosovo has holidays but no ISO code: nobody can ask for it.
        assert!(countries::exists(cells[0]) || cells[0] == "XK", "{line}");
        total += rows;
    }
    assert_eq!(total, 46_390);
    assert_eq!(HOLIDAYS.countries().count(), index.lines().count() - 1);
    let weekends = include_str!("../../../data/calendars/weekends.csv").lines().count() - 1;
    assert_eq!(WEEKENDS.values().map(Vec::len).sum::<usize>(), weekends);
    assert!(WEEKENDS.values().flatten().all(|rule| !rule.days.is_empty()));
}

/// Every country, and every subdivision with days of its own: it loads, and the open days of its years can be counted. The
/// lists of some countries end before 2031.
#[test]
fn p3_4_every_calendar_loads_and_counts() {
    let (mut calendars, mut short) = (0, BTreeSet::new());
    for country in HOLIDAYS.countries() {
        let own_days = HOLIDAYS.get(country).unwrap().local.keys().map(String::as_str);
        let own_weekend = WEEKENDS.keys().filter(|(of, place)| *of == country && !place.is_empty()).map(|(_, place)| *place);
        let places: BTreeSet<Option<&str>> = own_days.chain(own_weekend).map(Some).chain([None]).collect();
        for place in places {
            let calendar = Calendars.of(country, place);
            assert_eq!(calendar.key, place.map_or_else(|| country.to_owned(), |place| format!("{country}-{place}")));
            assert_eq!(Calendars.by_key(&calendar.key), calendar);
            let (from, to) = calendar.known.map(|(from, to)| (from.year(), to.year())).unwrap();
            if from > 2024 || to < 2031 {
                short.insert(format!("{country} {from}-{to}"));
            }
            for year in from.max(2024)..=to.min(2031) {
                let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
                let days = first.iter_days().take_while(|day| day.year() == year);
                let open = u32::try_from(days.skip(1).filter(|day| calendar.closed(*day).is_none()).count()).unwrap();
                assert!((200..=320).contains(&open), "{} {year}: {open} open days", calendar.key);
                let last = calendar.business_day(first, open).unwrap();
                assert!(last.year() == year && calendar.closed(last).is_none(), "{} {year}: {last}", calendar.key);
            }
            calendars += 1;
        }
    }
    assert!(calendars > 700, "{calendars}");
    assert_eq!(short.into_iter().collect::<Vec<_>>(), ["LK 2024-2026"]);
}

#[test]
fn p3_4_a_holiday_is_called_by_its_english_name() {
    let table = [
        ("US", None, "2026-11-26", "Thanksgiving Day: closed"),
        ("US", None, "2026-11-27", "open"),
        ("US", Some("FL"), "2026-11-27", "Friday After Thanksgiving: closed"),
        ("US", None, "2026-10-12", "Columbus Day: closed"),
        ("US", Some("FL"), "2026-10-12", "open"),
        ("DE", None, "2026-10-03", "German Unity Day: closed"),
        ("DE", Some("BY"), "2026-01-06", "Epiphany: closed"),
        ("DE", Some("BE"), "2026-01-06", "open"),
        ("GB", Some("SCT"), "2026-11-30", "Saint Andrew's Day: closed"),
        ("GB", Some("ENG"), "2026-11-30", "open"),
        ("JP", None, "2026-05-05", "Children's Day: closed"),
        ("ES", Some("MD"), "2026-12-25", "Christmas Day: closed"),
    ];
    for (country, subdivision, date, expected) in table {
        assert_eq!(note(country, subdivision, date), expected, "{country} {subdivision:?} {date}");
    }
}

#[test]
fn p3_4_a_forecast_date_says_so() {
    let closed = Calendars.of("AE", None).closed(day("2027-03-09")).unwrap();
    assert_eq!(closed, Closed::Holiday { name: "Eid al-Fitr".into(), estimated: true });
    assert_eq!(closed.note(), "Eid al-Fitr (estimated date): closed");
}

#[test]
fn p3_4_a_weekend_is_what_the_country_says() {
    // 2026-06-04 is a Thursday without a holiday in any of them.
    let table = [
        ("US", None, [false, false, true, true, false]),
        ("SA", None, [false, true, true, false, false]),
        ("EG", None, [false, true, true, false, false]),
        ("IL", None, [false, true, true, false, false]),
        ("NP", None, [false, false, true, false, false]),
        ("IR", None, [false, true, false, false, false]),
        ("AE", None, [false, false, true, true, false]),
        ("MY", Some("02"), [false, true, true, false, false]),
        ("MY", Some("14"), [false, false, true, true, false]),
        ("ZZ", None, [false, false, true, true, false]),
    ];
    for (country, subdivision, expected) in table {
        let calendar = Calendars.of(country, subdivision);
        let weekend = |i: usize| calendar.closed(day("2026-06-11") + chrono::Days::new(u64::try_from(i).unwrap()));
        let found = [0, 1, 2, 3, 4].map(|i| matches!(weekend(i), Some(Closed::Weekend(_))));
        assert_eq!(found, expected, "{country} {subdivision:?}");
    }
}

#[test]
fn p3_4_a_weekend_changes_on_its_date() {
    let emirates = Calendars.of("AE", None);
    assert_eq!(emirates.closed(day("2021-12-24")), Some(Closed::Weekend(Weekday::Fri)));
    assert_eq!(emirates.closed(day("2022-01-07")), None);
    let johor = Calendars.of("MY", Some("01"));
    assert_eq!(johor.closed(day("2024-12-27")), Some(Closed::Weekend(Weekday::Fri)));
    assert_eq!(johor.closed(day("2025-01-03")), None);
}

#[test]
fn p3_4_makeup_days_of_a_country() {
    let rows = include_str!("../../../data/calendars/makeup_workdays.csv").lines().count() - 1;
    assert_eq!(MAKEUP.values().map(Vec::len).sum::<usize>(), rows);
    assert!(MAKEUP.values().all(|days| days.is_sorted()));
    // A Saturday before the Spring Festival; the weekend of the following year is not announced yet.
    assert!(makeup_days("CN").contains(&day("2026-02-14")) && makeup_days("CN").last() < Some(&day("2027-01-01")));
    assert_eq!(makeup_days("TW"), [day("2024-02-17"), day("2025-02-08")]);
    assert!(makeup_days("US").is_empty() && makeup_days("").is_empty());
}

#[test]
fn p3_4_a_calendar_has_the_key_of_the_place_that_decides() {
    let table = [
        ("US", None, "US"),
        ("US", Some("FL"), "US-FL"),
        ("US", Some("ZZZ"), "US"),
        ("FR", Some("IDF"), "FR"),
        ("MY", Some("02"), "MY-02"),
        ("XX", Some("FL"), "XX"),
        ("", None, ""),
    ];
    for (country, subdivision, key) in table {
        let calendar = Calendars.of(country, subdivision);
        assert_eq!(calendar.key, key, "{country} {subdivision:?}");
        assert_eq!(Calendars.by_key(key), calendar, "{key}");
    }
}

#[test]
fn p3_4_a_calendar_knows_how_far_it_reaches() {
    let american = Calendars.of("US", None);
    assert!(american.knows(day("2024-01-01")) && american.knows(day("2033-12-31")));
    assert!(!american.knows(day("2023-12-31")) && !american.knows(day("2034-01-01")));
    // The list of Sri Lanka's full moons ends early.
    assert_eq!(Calendars.of("LK", None).known, Some((day("2024-01-01"), day("2026-12-31"))));
    assert_eq!(*Calendars.of("ZZ", None), Calendar::weekends_only("ZZ"));
}

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn ship_by(starts_at: Option<&str>) -> Basis {
    Basis {
        kind: DeadlineKind::ShipBy,
        target: Target::BusinessDays { days: 1, due: DueAt::CloseOfBusiness(NaiveTime::from_hms_opt(21, 0, 0).unwrap()), cut_off: None },
        zone: America::New_York,
        calendar: "US".into(),
        edition: Default::default(),
        starts_at: starts_at.map(at),
        waits_for: Vec::new(),
        holds: Vec::new(),
        extensions: Vec::new(),
        rules: vec!["P4".into(), "P3.4".into()],
    }
}

#[test]
fn p3_4_thanksgiving_with_the_real_calendar() {
    let deadline = compute(ship_by(Some("2026-11-25T14:00:00-05:00")), &Calendars);
    let due = deadline.due_at.unwrap().with_timezone(&America::New_York);
    assert_eq!(due.to_rfc3339(), "2026-11-27T21:00:00-05:00");
    assert_eq!(deadline.state, DeadlineState::Running);
    assert!(deadline.steps.iter().any(|s| s.note.ends_with("Thanksgiving Day: closed") && s.counted == "0 business days"));
    // Florida closes on the Friday as well.
    let floridian = compute(Basis { calendar: "US-FL".into(), ..ship_by(Some("2026-11-25T14:00:00-05:00")) }, &Calendars);
    let due = floridian.due_at.unwrap().with_timezone(&America::New_York);
    assert_eq!(due.to_rfc3339(), "2026-11-30T21:00:00-05:00");
    let notes: Vec<&str> = floridian.steps.iter().map(|s| s.note.as_str()).collect();
    assert_eq!(notes[2], "2026-11-27 Friday After Thanksgiving: closed");
    assert_eq!(notes[3], "2026-11-28 Saturday: weekend");
}

#[test]
fn p3_4_weekends_of_the_real_calendars() {
    // From a Thursday, one and two business days, at the end of the day.
    let table = [
        ("US", ["2026-06-12", "2026-06-15"]),
        ("SA", ["2026-06-14", "2026-06-15"]),
        ("IR", ["2026-06-13", "2026-06-14"]),
        ("NP", ["2026-06-12", "2026-06-14"]),
        ("MY-02", ["2026-06-14", "2026-06-15"]),
        ("MY-14", ["2026-06-12", "2026-06-15"]),
    ];
    for (calendar, last_days) in table {
        for (days, last_day) in (1..).zip(last_days) {
            let target = Target::BusinessDays { days, due: DueAt::EndOfDay, cut_off: None };
            let basis = Basis { target, zone: Tz::UTC, calendar: calendar.into(), ..ship_by(Some("2026-06-11T10:00:00Z")) };
            let deadline = compute(basis, &Calendars);
            let due = deadline.due_at.unwrap() - TimeDelta::seconds(1);
            assert_eq!(due.date_naive().to_string(), last_day, "{calendar} {days}: {:#?}", deadline.steps);
        }
    }
}

#[test]
fn p3_4_make_up_working_days_are_open_where_they_count() {
    let (plain, makeup) = (Calendars.of("CN", None), Calendars.with_makeup_days("CN", None));
    assert_eq!((plain.key.as_str(), makeup.key.as_str()), ("CN", "CN+makeup"));
    assert_eq!(Calendars.by_key("CN+makeup"), makeup);
    for day in makeup_days("CN") {
        assert!(plain.closed(*day).is_some() && makeup.closed(*day).is_none(), "{day}");
    }
    // Where there are none the calendar is the plain one.
    assert_eq!(Calendars.with_makeup_days("US", Some("FL")).key, "US-FL");
}
