use super::*;
use proptest::prelude::*;

fn code(raw: &str) -> &'static str {
    RmaNumber::parse(raw).unwrap_err().code
}

#[test]
fn an_rma_number_reads_back_what_it_writes() {
    for serial in [FIRST, FIRST + 17, 55_555_555, LAST] {
        let number = RmaNumber::of(serial).unwrap();
        let text = number.to_string();
        assert_eq!(RmaNumber::parse(&text), Ok(number), "{text}");
        assert_eq!(RmaNumber::parse(&format!("  {} ", text.to_lowercase())), Ok(number), "{text}");
        assert_eq!((number.serial(), number.stem()), (serial, format!("R{serial}")));
    }
    // Damm's own example: the check digit of 572 is 4.
    assert_eq!(damm("572"), 4);
    assert_eq!(damm("5724"), 0);
}

#[test]
fn a_number_outside_the_series_does_not_exist() {
    for serial in [i64::MIN, -1, 0, FIRST - 1, LAST + 1, i64::MAX] {
        assert_eq!(RmaNumber::of(serial), None);
        assert_eq!(CaseNumber::of(serial), None);
    }
}

#[test]
fn a_number_of_another_shape_is_malformed_not_mistyped() {
    let long = "9".repeat(100_000);
    let table = [
        "",
        "R",
        "R-",
        "-",
        "R10000017",
        "10000017-3",
        "R10000017-",
        "R10000017-33",
        "R10000017-A",
        "R1000001-7",
        "R100000170-3",
        "C10000017-3",
        "R00000017-3",
        "R 10000017-3",
        "R10000017 -3",
        "R1000001７-3",
        "R+1000017-3",
        "R10000017-3\0",
        "R10000017–3",
        "RR10000017-3",
        "Ｒ10000017-3",
        long.as_str(),
    ];
    for raw in table {
        assert_eq!(code(raw), "malformed_number", "{raw:.40}");
    }
}

#[test]
fn every_wrong_digit_and_every_swap_of_neighbors_is_found_in_the_whole_table() {
    // The quasigroup itself: each row and column has each digit once, zeros on the diagonal, and c·x·y = c·y·x only for x = y.
    for c in 0..10_usize {
        let cell = |a: usize, b: usize| usize::from(DAMM[a][b]);
        assert_eq!(cell(c, c), 0);
        let (mut row, mut column): (Vec<_>, Vec<_>) = (0..10).map(|x| (cell(c, x), cell(x, c))).unzip();
        row.sort_unstable();
        column.sort_unstable();
        assert_eq!((row, column), ((0..10).collect(), (0..10).collect()));
        for (x, y) in (0..10).flat_map(|x| (0..10).map(move |y| (x, y))).filter(|(x, y)| x != y) {
            assert_ne!(cell(cell(c, x), y), cell(cell(c, y), x), "{c} {x} {y}");
        }
    }
}

proptest! {
    #[test]
    fn a_wrong_digit_anywhere_is_mistyped(serial in FIRST..=LAST, place in 0_usize..9, other in 0_u8..10) {
        let text = RmaNumber::of(serial).unwrap().to_string();
        let at = if place == 8 { 10 } else { place + 1 };
        let mut bytes = text.clone().into_bytes();
        bytes[at] = b'0' + other;
        let wrong = String::from_utf8(bytes).unwrap();
        match RmaNumber::parse(&wrong) {
            Ok(number) => prop_assert_eq!((wrong, number.serial()), (text, serial)),
            Err(fault) => {
                prop_assert_ne!(&wrong, &text);
                // A leading zero is outside the series: malformed, and refused all the same.
                prop_assert_eq!(fault.code, if at == 1 && other == 0 { "malformed_number" } else { "mistyped_number" });
            }
        }
    }

    #[test]
    fn a_swap_of_neighbors_is_mistyped(serial in FIRST..=LAST, place in 0_usize..8) {
        let text = RmaNumber::of(serial).unwrap().to_string();
        let (a, b) = if place == 7 { (8, 10) } else { (place + 1, place + 2) };
        let mut bytes = text.clone().into_bytes();
        bytes.swap(a, b);
        let wrong = String::from_utf8(bytes).unwrap();
        match RmaNumber::parse(&wrong) {
            Ok(_) => prop_assert_eq!(wrong, text),
            Err(fault) => prop_assert_eq!(fault.code, if wrong.starts_with("R0") { "malformed_number" } else { "mistyped_number" }),
        }
    }

    #[test]
    fn no_text_makes_it_panic(raw in "\\PC{0,20}|[RrCc]?[0-9]{0,9}-?.{0,3}|.{0,20}") {
        if let Ok(known) = RmaNumber::parse(&raw) {
            prop_assert_eq!(RmaNumber::parse(&known.to_string()), Ok(known));
        }
        if let Ok(known) = CaseNumber::parse(&raw) {
            prop_assert_eq!(CaseNumber::parse(&known.to_string()), Ok(known));
        }
    }
}

#[test]
fn a_case_number_has_no_check_digit() {
    let number = CaseNumber::of(10_000_012).unwrap();
    assert_eq!(number.to_string(), "C10000012");
    assert_eq!((CaseNumber::parse(" c10000012 "), number.serial()), (Ok(number), 10_000_012));
    for raw in ["", "C", "10000012", "C1000001", "C100000123", "C00000012", "R10000012", "C10000012-3", "C1000001²"] {
        assert_eq!(CaseNumber::parse(raw).unwrap_err().code, "malformed_number", "{raw}");
    }
}

#[test]
fn numbers_are_text_in_json() {
    let number = RmaNumber::of(10_000_017).unwrap();
    let json = serde_json::to_string(&number).unwrap();
    assert_eq!(json, format!("\"{number}\""));
    assert_eq!(serde_json::from_str::<RmaNumber>(&json).unwrap(), number);
    assert!(serde_json::from_str::<RmaNumber>("10000017").is_err());
    assert!(serde_json::from_str::<CaseNumber>("\"C1\"").unwrap_err().to_string().contains("looks like C10000012"));
}
