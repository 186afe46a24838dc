use super::*;
use crate::rules::text::Code;
use crate::rules::tier::{Region, Tier};
use proptest::prelude::*;

fn code<T>(result: Result<T, TextFault>) -> &'static str {
    result.err().map_or("fine", |fault| fault.code)
}

#[test]
fn words_are_read_as_people_write_them() {
    for text in ["gold_plus", "Gold Plus", "GOLD-PLUS"] {
        assert_eq!(term::<Tier>(text), Ok(Tier::GoldPlus), "{text}");
    }
    assert_eq!(term::<Region>("australia_new_zealand"), Ok(Region::AustraliaNewZealand));
    let fault = term::<Tier>("platinum").unwrap_err();
    assert_eq!((fault.code, fault.detail.as_str()), ("unknown_word", "is no tier; must be one of bronze, silver, gold, gold_plus"));
    assert_eq!(code(term::<Tier>("")), "empty");
}

#[test]
fn p1_languages_are_read_by_the_first_part_of_their_tag() {
    assert_eq!(language("pt-BR"), Ok(Language::Portuguese));
    assert_eq!(language("zh_Hans"), Ok(Language::Mandarin));
    assert_eq!(language("EN"), Ok(Language::English));
    assert_eq!(code(language("tlh")), "unknown_word");
}

#[test]
fn dates_are_days_of_the_calendar_within_sight() {
    assert_eq!(date("2024-02-29"), Ok(NaiveDate::from_ymd_opt(2024, 2, 29).unwrap()));
    for bad in [
        "2023-02-29",
        "2024-13-01",
        "24-01-01",
        "2024-1-1",
        "01/02/2024",
        "2024-01-01T00:00",
        "+2024-01-1",
        "２０２４-01-01",
        "today",
        "2024\0-1-1",
        "-----2024-",
    ] {
        assert_eq!(code(date(bad)), "bad_date", "{bad}");
    }
    for absurd in ["0000-01-01", "1989-12-31", "2101-01-01", "9999-12-31"] {
        assert_eq!(code(date(absurd)), "date_out_of_range", "{absurd}");
    }
    assert_eq!(code(date("")), "empty");
}

#[test]
fn degrees_are_plain_decimals_in_range() {
    assert_eq!(latitude("-90"), Ok(-90.0));
    assert_eq!(longitude("+180.0"), Ok(180.0));
    for bad in ["nan", "inf", "-inf", "1e1", "40,4", "0x1", "--1", "1.2.3", ".", "-", "40°", "4 0"] {
        assert_eq!(code(latitude(bad)), "bad_number", "{bad}");
    }
    assert_eq!(code(latitude("90.0001")), "bad_latitude");
    assert_eq!(code(longitude("-180.5")), "bad_longitude");
    assert_eq!(code(longitude(&"9".repeat(10_000))), "bad_longitude", "infinite to a float");
    assert_eq!(code(longitude("")), "empty");
}

#[test]
fn booleans_are_the_words_of_spreadsheets() {
    for (text, value) in [("TRUE", true), ("Yes", true), ("1", true), ("false", false), ("no", false), ("0", false)] {
        assert_eq!(boolean(text), Ok(value), "{text}");
    }
    assert_eq!(code(boolean("maybe")), "bad_boolean");
}

#[test]
fn zones_have_their_iana_names() {
    assert_eq!(zone("America/New_York"), Ok(chrono_tz::America::New_York));
    assert_eq!(code(zone("Mars/Olympus_Mons")), "unknown_zone");
    assert_eq!(code(zone("../../etc/passwd")), "unknown_zone");
}

#[test]
fn lists_have_no_empty_and_no_double_items() {
    let codes = list(" nx-100 |NX-200", Code::parse).unwrap();
    assert_eq!(codes.iter().map(Code::as_str).collect::<Vec<_>>(), ["NX-100", "NX-200"]);
    assert_eq!(list("a||b", Code::parse).unwrap_err().detail, "item 2 must not be empty");
    assert_eq!(code(list("a|", Code::parse)), "empty");
    assert_eq!(code(list("a|b|A", Code::parse)), "duplicate_item");
    assert_eq!(code(list("", Code::parse)), "empty");
}

proptest! {
    #[test]
    fn no_text_panics(text in any::<String>()) {
        let _ = (word(&text), term::<Tier>(&text), language(&text), date(&text), zone(&text), boolean(&text));
        let _ = (latitude(&text), longitude(&text), list(&text, Code::parse));
    }
}
