use super::*;
use crate::print::samples;
use chrono_tz::America::New_York;

/// The commands of a label, each with what follows it up to the next.
fn commands(zpl: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for piece in zpl.split(['^', '~']).skip(1) {
        let name: String = piece.chars().take(2).collect();
        found.push((name.clone(), piece[name.len()..].trim_end_matches('\n').to_owned()));
    }
    found
}

fn names(zpl: &str) -> Vec<String> {
    commands(zpl).into_iter().map(|(name, _)| name).collect()
}

#[test]
fn a_label_reads_as_agreed() {
    insta::assert_snapshot!(samples::papers(&samples::facts(), New_York).label_zpl().unwrap());
}

#[test]
fn no_name_becomes_a_command() {
    let known = ["XA", "CI", "PW", "LL", "LH", "FO", "A0", "FH", "FD", "FS", "GB", "GF", "BQ", "BY", "BC", "PQ", "XZ"];
    for facts in [samples::hostile(), samples::abroad(), samples::facts()] {
        let zpl = samples::papers(&facts, New_York).label_zpl().unwrap();
        assert!(!zpl.contains('~'));
        for (name, rest) in commands(&zpl) {
            assert!(known.contains(&name.as_str()), "{name} in {zpl}");
            assert!(!rest.contains(|c: char| c.is_control()), "{rest:?}");
        }
        for (name, times) in [("XA", 1), ("XZ", 1), ("BC", 1), ("BQ", 1)] {
            assert_eq!(names(&zpl).iter().filter(|n| *n == name).count(), times, "{name} in {zpl}");
        }
        // Every field is opened, escaped, filled and closed, in this order.
        let fields: Vec<String> = names(&zpl).into_iter().filter(|n| ["FO", "FH", "FD", "FS"].contains(&n.as_str())).collect();
        assert_eq!(fields.iter().filter(|n| *n == "FO").count(), fields.iter().filter(|n| *n == "FS").count());
    }
}

#[test]
fn what_a_printer_would_obey_is_said_by_number() {
    assert_eq!(field("a^FS~JR_\\&>5\u{7}é"), "a_5EFS_7EJR_5F_5C&_3E5_07é");
}

#[test]
fn what_a_printers_font_may_lack_is_drawn() {
    let zpl = samples::papers(&samples::abroad(), New_York).label_zpl().unwrap();
    assert!(zpl.is_ascii(), "all else is dots");
    let pictures: Vec<String> = commands(&zpl).into_iter().filter(|(name, _)| name == "GF").map(|(_, rest)| rest).collect();
    // The customer, site, two lines of its address, the contact; the dock and two lines of its address.
    assert_eq!(pictures.len(), 8, "{zpl}");
    for picture in pictures {
        let parts: Vec<&str> = picture.split(',').collect();
        let ["A", sent, total, row, digits] = parts[..] else { panic!("{picture}") };
        let (total, row): (usize, usize) = (total.parse().unwrap(), row.parse().unwrap());
        assert!(sent == total.to_string() && digits.len() == 2 * total && row > 0 && total % row == 0);
        assert!(digits.chars().all(|c| c.is_ascii_hexdigit()));
    }
}

proptest::proptest! {
    #[test]
    fn a_field_has_nothing_to_obey(text in "\\PC*|[\\x00-\\x7f^~_]*") {
        let data = field(&text);
        assert!(!data.contains(|c: char| matches!(c, '^' | '~' | '\\' | '>') || c.is_control()), "{data:?}");
    }
}
