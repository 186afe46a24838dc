use super::*;

#[test]
fn p3_5_the_midnight_after_a_day_is_a_matter_of_that_day() {
    let at = DateTime::parse_from_rfc3339("2026-11-28T05:00:00Z").unwrap().to_utc();
    assert_eq!(day(at, chrono_tz::America::New_York), "Friday, November 27, 2026");
    assert_eq!(day(at, chrono_tz::Asia::Tokyo), "Saturday, November 28, 2026");
    assert_eq!(day(DateTime::<Utc>::MIN_UTC, chrono_tz::UTC), "Wednesday, December 31, 1969");
}

#[test]
fn a_line_is_one_printable_line() {
    assert_eq!(line("a\r\nBcc: x\tb\0c"), "a Bcc: x b c");
    assert_eq!(line("ab\u{202E}cd\u{2066}"), "abcd");
    assert_eq!(line("  "), "");
    assert_eq!(line(&"é".repeat(600)).chars().count(), 501);
    assert_eq!(lines("one\r\n\r\n two \u{7}\nthree"), ["one", "two", "three"]);
}

proptest::proptest! {
    #[test]
    fn no_line_holds_a_control_character(raw in ".*|[\\r\\n\\x00-\\x1f\\u{202a}-\\u{202e}]*") {
        let said = line(&raw);
        assert!(!said.chars().any(|c| c.is_control() || is_invisible(c)));
        assert!(said.chars().count() <= LINE_MAX + 1);
    }
}
