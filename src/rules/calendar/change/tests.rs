use super::*;
use std::collections::BTreeMap;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// One country with Christmas, known in 2026.
struct Known;

impl Calendars for Known {
    fn of(&self, country: &str, _subdivision: Option<&str>) -> Arc<Calendar> {
        let holidays = BTreeMap::from([(day("2026-12-25"), Holiday { name: "Christmas".into(), estimated: false })]);
        let known = Some((day("2026-01-01"), day("2026-12-31")));
        let makeup = [day("2026-12-19")].into();
        Arc::new(Calendar { holidays, known, makeup, ..Calendar::weekends_only(country) })
    }
}

fn change(number: i64, days_of: &str, date: &str, kind: ChangeKind) -> DayChange {
    DayChange { number, days_of: days_of.parse().unwrap(), day: day(date), kind, name: format!("Change of {days_of}") }
}

fn edition(revision: i64, days_of: &[&str]) -> Edition {
    Edition { days_of: days_of.iter().map(|text| text.parse().unwrap()).collect(), revision, also: vec![] }
}

#[test]
fn p3_4_whose_days_is_written_as_it_is_read() {
    for text in ["region:europe", "country:US", "subdivision:US-FL", "service_center:SC-FLL"] {
        assert_eq!(text.parse::<DaysOf>().unwrap().to_string(), text);
        let json = serde_json::to_string(&text.parse::<DaysOf>().unwrap()).unwrap();
        assert_eq!((json.as_str(), serde_json::from_str(&json).ok()), (format!("{text:?}").as_str(), text.parse::<DaysOf>().ok()));
    }
    for text in ["", "US", "country:", "country:us!", "region:mars", "subdivision:US", "subdivision:US-", "center:SC", "service_center:\n"]
    {
        assert!(text.parse::<DaysOf>().is_err(), "{text:?}");
    }
}

#[test]
fn p3_4_an_edition_has_the_changes_before_it_and_those_that_it_follows() {
    let changes = vec![
        change(1, "country:US", "2026-12-24", ChangeKind::Add),
        change(2, "country:DE", "2026-12-23", ChangeKind::Add),
        change(3, "country:US", "2026-12-22", ChangeKind::Add),
        change(4, "country:US", "2026-12-21", ChangeKind::Add),
    ];
    let calendars = Changed::new(&Known, changes);
    assert_eq!(calendars.revision(), 4);
    let closed = |edition: Edition| {
        let calendar = calendars.edition("US", &edition);
        let found: Vec<u32> = (21..=24).filter(|d| calendar.closed(NaiveDate::from_ymd_opt(2026, 12, *d).unwrap()).is_some()).collect();
        found
    };
    assert_eq!(closed(Edition::default()), [0; 0]);
    assert_eq!(closed(edition(0, &["country:US"])), [0; 0]);
    assert_eq!(closed(edition(1, &["country:US"])), [24]);
    assert_eq!(closed(edition(4, &["country:US"])), [21, 22, 24]);
    assert_eq!(closed(Edition { also: vec![4], ..edition(1, &["country:US"]) }), [21, 24]);
    assert_eq!(closed(edition(4, &["country:US", "country:DE"])), [21, 22, 23, 24]);
}

#[test]
fn p3_4_the_narrower_change_holds_and_of_one_place_the_later() {
    let (center, country) = ("service_center:SC-1", "country:US");
    let both = edition(9, &[country, center]);
    let closed =
        |changes: Vec<DayChange>, date: &str| Changed::new(&Known, changes).edition("US", &both).closed(day(date)).map(|c| c.note());
    let narrow_first = vec![change(1, center, "2026-12-25", ChangeKind::Strike), change(2, country, "2026-12-25", ChangeKind::Add)];
    assert_eq!(closed(narrow_first, "2026-12-25"), None);
    let again = vec![change(1, country, "2026-12-25", ChangeKind::Strike), change(2, country, "2026-12-25", ChangeKind::Add)];
    assert_eq!(closed(again, "2026-12-25").as_deref(), Some("Change of country:US (calendar change 2): closed"));
    // A weekend stays closed without its holiday; a make-up working day that is made a holiday is closed.
    assert_eq!(closed(vec![], "2026-12-19"), None);
    assert!(closed(vec![change(1, country, "2026-12-19", ChangeKind::Add)], "2026-12-19").is_some());
    assert_eq!(closed(vec![change(1, country, "2026-12-26", ChangeKind::Strike)], "2026-12-26").as_deref(), Some("Saturday: weekend"));
}

#[test]
fn p3_4_a_change_that_changes_nothing_is_refused() {
    let (calendar, today) = (Known.of("US", None), day("2026-11-25"));
    let code = |date, kind| change(1, "country:US", date, kind).check(Some(&calendar), today).err().map(|refusal| refusal.code);
    let table = [
        ("2026-11-24", ChangeKind::Add, Some("day_past")),
        ("2026-11-25", ChangeKind::Add, None),
        ("2026-12-25", ChangeKind::Add, Some("already_a_holiday")),
        ("2026-12-25", ChangeKind::Strike, None),
        ("2026-12-24", ChangeKind::Strike, Some("not_a_holiday")),
        ("2027-12-24", ChangeKind::Add, Some("calendar_unknown")),
    ];
    for (date, kind, expected) in table {
        assert_eq!(code(date, kind), expected, "{date} {kind}");
    }
    let region = change(1, "region:europe", "2026-12-24", ChangeKind::Strike);
    assert_eq!(region.check(None, today), Ok(()));
}
