use super::*;

#[test]
fn the_249_countries_of_iso_3166_are_there() {
    assert_eq!(all().count(), 249);
    assert!(all().all(|(code, name)| code.len() == 2 && code.chars().all(|c| c.is_ascii_uppercase()) && !name.is_empty()));
}

#[test]
fn a_country_is_found_by_its_upper_case_code() {
    let table = [
        ("US", Some("United States")),
        ("HK", Some("Hong Kong")),
        ("CI", Some("Côte d’Ivoire")),
        ("AX", Some("Åland Islands")),
        ("us", None),
        ("XK", None),
        ("EU", None),
        ("ZZ", None),
        ("", None),
    ];
    for (code, expected) in table {
        assert_eq!(name(code), expected, "{code}");
        assert_eq!(exists(code), expected.is_some(), "{code}");
    }
}

#[test]
fn p5_2_territories_and_their_sovereigns_are_countries_and_none_is_both() {
    let mut known = 0;
    for (territory, sovereign) in territories() {
        assert!(exists(territory) && exists(sovereign), "{territory} {sovereign}");
        assert_eq!(super::sovereign(sovereign), None, "{territory} {sovereign}");
        known += 1;
    }
    assert_eq!(known, 51);
    assert_eq!((super::sovereign("PR"), super::sovereign("US"), super::sovereign("DE")), (Some("US"), None, None));
}
