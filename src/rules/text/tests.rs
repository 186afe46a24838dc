use super::*;
use proptest::prelude::*;

/// What became of a text: the parsed text, or the code of the fault.
fn told<T: fmt::Display>(parsed: Result<T, TextFault>) -> String {
    parsed.map_or_else(|fault| format!("!{}", fault.code), |text| text.to_string())
}

#[test]
fn a_line_is_trimmed_bounded_and_printable() {
    let (fits, long) = ("é".repeat(200), "é".repeat(201));
    let table = [
        ("  Ana Ruiz ", "Ana Ruiz"),
        ("東京都千代田区", "東京都千代田区"),
        ("", "!empty"),
        (" \t\n ", "!empty"),
        (fits.as_str(), fits.as_str()),
        (long.as_str(), "!too_long"),
        ("a\nb", "!control_character"),
        ("a\r\nBcc: x@example.com", "!control_character"),
        ("a\tb", "!control_character"),
        ("a\0b", "!control_character"),
        ("a\u{7f}", "!control_character"),
        ("a\u{85}b", "!control_character"),
        ("a\u{2028}b", "!control_character"),
        ("evil\u{202E}txt.exe", "!control_character"),
        ("a\u{2066}b", "!control_character"),
        ("\u{FEFF}a", "!control_character"),
    ];
    for (raw, expected) in table {
        assert_eq!(told(Line::parse(raw)), expected, "{raw:?}");
    }
}

#[test]
fn a_note_may_have_lines() {
    let table =
        [("a\n\tb", "a\n\tb"), ("a\r\nb", "a\nb"), ("a\rb", "!control_character"), ("a\0", "!control_character"), ("\n\n", "!empty")];
    for (raw, expected) in table {
        assert_eq!(told(Note::parse(raw)), expected, "{raw:?}");
    }
    assert_eq!(told(Note::parse(&"x".repeat(4_001))), "!too_long");
}

#[test]
fn codes_are_upper_case_and_plain() {
    let long = "A".repeat(65);
    let table = [
        (" sn-12_3.4/5 ", "SN-12_3.4/5", "!bad_character"),
        ("sc-fll", "SC-FLL", "SC-FLL"),
        ("", "!empty", "!empty"),
        ("a b", "!bad_character", "!bad_character"),
        ("SÑ1", "!bad_character", "!bad_character"),
        ("../etc", "!bad_character", "!bad_character"),
        ("a..b", "!bad_character", "!bad_character"),
        (".a", "!bad_character", "!bad_character"),
        ("a;b", "!bad_character", "!bad_character"),
        ("<b>", "!bad_character", "!bad_character"),
        ("ＡＢ", "!bad_character", "!bad_character"),
        (&long, "!too_long", "!too_long"),
        (&long[..41], &long[..41], "!too_long"),
        (&long[..40], &long[..40], &long[..40]),
    ];
    for (raw, serial, code) in table {
        assert_eq!(told(SerialNumber::parse(raw)), serial, "{raw:?}");
        assert_eq!(told(PartNumber::parse(raw)), serial, "{raw:?}");
        assert_eq!(told(Code::parse(raw)), code, "{raw:?}");
        assert_eq!(told(ContractNumber::parse(raw)), code, "{raw:?}");
    }
}

#[test]
fn places_have_short_codes() {
    for (raw, expected) in
        [("us", "US"), (" de ", "DE"), ("USA", "!bad_country"), ("U1", "!bad_country"), ("", "!bad_country"), ("ß", "!bad_country")]
    {
        assert_eq!(told(Country::parse(raw)), expected, "{raw:?}");
    }
    let table = [
        ("fl", "FL"),
        ("US-FL", "FL"),
        ("02", "02"),
        ("ENG", "ENG"),
        ("", "!empty"),
        ("FLOR", "!bad_subdivision"),
        ("Florida", "!too_long"),
        ("US-", "!bad_subdivision"),
        ("É", "!bad_subdivision"),
    ];
    for (raw, expected) in table {
        assert_eq!(told(Subdivision::parse(raw)), expected, "{raw:?}");
    }
    for (raw, expected) in [(" sw1a 1aa ", "sw1a 1aa"), ("12345678901234567", "!too_long"), ("1\n2", "!control_character")] {
        assert_eq!(told(PostalCode::parse(raw)), expected, "{raw:?}");
    }
}

#[test]
fn an_email_address_can_not_break_a_header() {
    let local = "a".repeat(64);
    let label = "b".repeat(63);
    let table = [
        ("name@example.com".to_owned(), true),
        (" o'neil+rma@mail.example.co.uk ".to_owned(), true),
        (format!("{local}@example.com"), true),
        (format!("{local}a@example.com"), false),
        (format!("a@{label}.example"), true),
        (format!("a@{label}b.example"), false),
        (format!("a@{}example.com", "b.".repeat(130)), false),
        ("a@localhost".to_owned(), true),
    ];
    for (raw, good) in table {
        assert_eq!(Email::parse(&raw).is_ok(), good, "{raw}");
    }
    let bad = [
        "",
        "a",
        "@",
        "a@",
        "@b",
        "a@b@c.com",
        "a b@example.com",
        "<a@example.com>",
        "a@example.com,b@example.com",
        "a@example..com",
        "a@.com",
        "a@com.",
        ".a@example.com",
        "a.@example.com",
        "a..b@example.com",
        "a@-b.com",
        "a@b-.com",
        "a@exa_mple.com",
        "a@例え.jp",
        "é@example.com",
        "a@example.com\r\nBcc: b@example.com",
        "a@example.com\n",
        "\"a b\"@example.com",
        "a@[127.0.0.1]",
        "a@example.com\0",
    ];
    for raw in bad.iter().filter(|raw| **raw != "a@example.com\n") {
        assert!(Email::parse(raw).is_err(), "{raw:?}");
    }
    assert_eq!(told(Email::parse("a@example.com\n")), "a@example.com");
}

#[test]
fn p4_2_a_phone_number_has_its_country_code() {
    let table = [
        ("+34911234567", "+34911234567"),
        ("+34 911 23 45 67", "+34911234567"),
        ("+1 (954) 555-0100", "+19545550100"),
        ("911234567", "!bad_phone"),
        ("0034911234567", "!bad_phone"),
        ("+", "!bad_phone"),
        ("+34", "!bad_phone"),
        ("+999999999999999999", "!bad_phone"),
        ("", "!empty"),
        ("+34911234567\r\nX: y", "!control_character"),
        ("+349112345670000000000000000000000", "!too_long"),
    ];
    for (raw, expected) in table {
        assert_eq!(told(Phone::parse(raw)), expected, "{raw:?}");
    }
}

#[test]
fn text_from_json_is_parsed_at_the_door() {
    assert_eq!(serde_json::from_str::<SerialNumber>("\" sn1 \"").unwrap().as_str(), "SN1");
    assert!(serde_json::from_str::<SerialNumber>("\"s n\"").is_err());
    assert_eq!(serde_json::to_string(&Country::parse("de").unwrap()).unwrap(), "\"DE\"");
}

proptest! {
    /// What was parsed parses again to itself, whatever came in, and never holds a line break where none may be.
    #[test]
    fn parsing_is_stable_and_never_panics(raw in "\\PC{0,80}|.{0,80}|[ -~]{0,80}|\\+[0-9 ()-]{0,30}|[a-z.]{0,9}@[a-z.-]{0,20}") {
        macro_rules! stable { ($($name:ident),+) => { $(
            if let Ok(text) = $name::parse(&raw) {
                prop_assert_eq!($name::parse(text.as_str()), Ok(text.clone()));
                prop_assert!(!text.as_str().contains(['\r', '\n', '\0']));
            }
        )+ } }
        stable!(SerialNumber, PartNumber, Code, ContractNumber, Line, PostalCode, Subdivision, Country, Email, Phone);
        if let Ok(note) = Note::parse(&raw) {
            prop_assert_eq!(Note::parse(note.as_str()), Ok(note));
        }
    }
}
