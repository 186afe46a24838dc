use super::*;
use crate::rules::coverage::{METERS_PER_MILE, distance_meters};
use crate::rules::position::Grade;
use cities::fold;
use postal::readings;

type Address<'a> = (&'a str, Option<&'a str>, Option<&'a str>, Option<&'a str>);

fn locate((country, region, city, postal_code): Address) -> Option<Position> {
    Gazetteer.locate(country, region, city, postal_code)
}

fn kilometers(position: &Position, latitude: f64, longitude: f64) -> f64 {
    distance_meters(position.point, Point::new(latitude, longitude).unwrap()) / 1_000.0
}

#[test]
fn every_row_of_the_files_is_read() {
    let sum = |index: &str, rows: &dyn Fn(&str) -> usize| {
        let mut total = 0;
        for line in index.lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            assert_eq!(rows(cells[0]), cells[3].parse::<usize>().unwrap(), "{line}");
            total += rows(cells[0]);
        }
        total
    };
    let postal = sum(include_str!("../../../data/gazetteer/postal.index.csv"), &|c| POSTAL.get(c).unwrap().len_if_ascending());
    let cities = sum(include_str!("../../../data/gazetteer/cities.index.csv"), &|c| CITIES.get(c).unwrap().len());
    assert_eq!((postal, cities), (791_867, 170_391));
    assert_eq!((POSTAL.countries().count(), CITIES.countries().count()), (120, 246));
}

#[test]
fn p5_3_a_postal_code_is_found_as_people_write_it() {
    let table = [
        ("US", "33309", 26.18, -80.17),
        ("US", "33309-1234", 26.18, -80.17),
        ("US", " 33309 ", 26.18, -80.17),
        ("GB", "EC1A 1BB", 51.52, -0.10),
        ("GB", "ec1a1bb", 51.52, -0.10),
        ("GB", "EC1A", 51.52, -0.10),
        ("GB", "M1 1AE", 53.48, -2.23),
        ("CA", "M5V 3L9", 43.64, -79.39),
        ("IE", "D02 X285", 53.34, -6.25),
        ("NL", "1012 JS", 52.37, 4.89),
        ("BR", "14140-123", -21.34, -47.76),
        ("DE", "10117", 52.52, 13.39),
        ("DE", "DE-10117", 52.52, 13.39),
        ("CH", "CH-8001", 47.37, 8.54),
        ("PT", "1000-999", 38.72, -9.13),
        ("JP", "100-0001", 35.68, 139.75),
        ("JP", "001-0999", 43.129, 141.293),
        ("SG", "018956", 1.28, 103.86),
        ("AR", "X5000JHQ", -31.425, -64.175),
        ("AD", "AD500", 42.51, 1.52),
        ("FR", "75008", 48.87, 2.31),
    ];
    for (country, code, latitude, longitude) in table {
        let found = locate((country, None, None, Some(code))).unwrap_or_else(|| panic!("{country} {code}"));
        let off = kilometers(&found, latitude, longitude);
        assert!(off < 4.0, "{country} {code}: {found:?}, {off:.1} km off");
        assert_eq!(found.grade, Grade::PostalCode);
        assert!((1_000.0..=60_000.0).contains(&found.radius_meters), "{country} {code}: {found:?}");
    }
}

#[test]
fn p5_3_a_code_that_is_none_is_not_guessed() {
    let long = "1".repeat(10_000);
    for code in ["", " ", "*", "0189*", "99999", "3330", "EC9Z 9ZZ", "𝟑𝟑𝟑𝟎𝟗", "33309\0", "ÄÖÜ", long.as_str()] {
        assert_eq!(locate(("US", None, None, Some(code))), None, "{code:.20}");
    }
    assert_eq!(locate(("ZZ", None, Some("Berlin"), Some("10117"))), None);
    assert_eq!(locate(("us", None, None, Some("33309"))), None);
    assert_eq!(locate(("US", None, None, None)), None);
    assert!(readings("US", "333*").is_empty());
    assert_eq!(readings("GB", "sw1a 1aa"), ["SW1A1AA", "SW1A"]);
}

#[test]
fn p5_3_the_start_of_a_code_tells_more_coarsely_where_the_code_is_not_known() {
    let known = |country, code| locate((country, None, None, Some(code)));
    let whole = known("US", "33309").unwrap();
    assert_eq!(whole.method, Method::PostalCode);
    // (a code that isn't in the table, a place that its start tells, kilometers to it at most)
    let table = [
        ("US", "33399", 26.1, -80.2, 30.0),
        ("GB", "EC9Z 9ZZ", 51.52, -0.09, 5.0),
        ("DE", "10100", 52.5, 13.4, 15.0),
        ("NL", "1090 ZZ", 52.36, 4.9, 15.0),
        ("CA", "M5Z 1A1", 43.65, -79.4, 10.0),
        ("JP", "001-0999", 43.129, 141.293, 4.0),
    ];
    for (country, code, latitude, longitude, km) in table {
        let found = known(country, code).unwrap_or_else(|| panic!("{country} {code}"));
        assert_eq!((found.method, found.grade), (Method::PostalPrefix, Grade::PostalCode), "{country} {code}");
        assert!(kilometers(&found, latitude, longitude) < km, "{country} {code}: {found:?}");
        assert!(found.radius_meters <= 100_000.0, "{country} {code}: {found:?}");
    }
    // It reaches every code that begins so, with its area.
    let start = known("US", "33399").unwrap();
    for code in ["33301", "33309", "33334", "33351", "33388"] {
        let Some(member) = known("US", code).filter(|p| p.method == Method::PostalCode) else { continue };
        let reach = distance_meters(start.point, member.point) + member.radius_meters;
        assert!(reach <= start.radius_meters + 1.0, "{code}: {reach} of {start:?}");
    }
    // A start whose codes are all over the place is none; half a code is no start.
    for code in ["99999", "3330", "33"] {
        assert_eq!(known("US", code), None, "{code}");
    }
    // On both sides of the date line.
    let fiji = postal::middle(&[(Point::new(-17.0, 179.0).unwrap(), 0.0), (Point::new(-16.0, -179.0).unwrap(), 0.0)]).unwrap();
    assert_eq!((fiji.latitude(), fiji.longitude().abs()), (-16.5, 180.0));
}

#[test]
fn p5_3_each_step_has_its_method_and_the_first_that_knows_is_taken() {
    let table = [
        (("US", Some("FL"), Some("Fort Lauderdale"), Some("33309")), Method::PostalCode),
        (("US", Some("FL"), Some("Fort Lauderdale"), Some("33399")), Method::PostalPrefix),
        (("US", Some("FL"), Some("Fort Lauderdale"), Some("00000")), Method::CityRegion),
        (("US", Some("FL"), Some("Fort Lauderdale"), None), Method::CityRegion),
        (("US", None, Some("Fort Lauderdale"), None), Method::City),
        (("US", Some("??"), Some("Fort Lauderdale"), None), Method::City),
    ];
    for (address, method) in table {
        let found = locate(address).unwrap_or_else(|| panic!("{address:?}"));
        assert_eq!((found.method, found.grade), (method, method.grade()), "{address:?}");
    }
}

#[test]
fn p5_3_a_coarse_country_has_a_radius_of_15_km_at_least() {
    for (country, code) in [("IN", "110001"), ("TR", "34000"), ("LK", "00100"), ("AR", "1605"), ("DZ", "16000")] {
        let found = locate((country, None, None, Some(code)));
        assert!(found.is_none_or(|p| p.radius_meters >= 15_000.0), "{country} {code}: {found:?}");
    }
    assert_eq!(locate(("IN", None, None, Some("110001"))).unwrap().radius_meters, 15_000.0);
    assert_eq!(locate(("IN", None, None, Some("124412"))).unwrap().radius_meters, 15_300.0);
}

#[test]
fn p5_3_a_city_is_the_fallback_where_the_code_is_unknown() {
    let table = [
        (("GR", None, Some("Athens"), Some("105 57")), 37.98, 23.73),
        (("TW", None, Some("Taipei"), None), 25.05, 121.53),
        (("US", Some("FL"), Some("Fort Lauderdale"), Some("00000")), 26.12, -80.14),
        (("DE", None, Some("München"), None), 48.14, 11.58),
        (("DE", None, Some("Munich"), None), 48.14, 11.58),
        (("AT", None, Some("WIEN"), None), 48.21, 16.37),
        (("BR", None, Some("Sao Paulo"), None), -23.55, -46.64),
        (("JP", None, Some("東京"), None), 35.69, 139.69),
        (("IN", None, Some("Bangalore"), None), 12.97, 77.59),
    ];
    for (address, latitude, longitude) in table {
        let found = locate(address).unwrap_or_else(|| panic!("{address:?}"));
        assert_eq!(found.grade, Grade::City, "{address:?}");
        assert!(kilometers(&found, latitude, longitude) < 3.0, "{address:?}: {found:?}");
        assert!(found.radius_meters >= 10_000.0, "{address:?}: {found:?}");
    }
}

#[test]
fn p5_3_a_postal_code_beats_the_city() {
    let found = locate(("US", Some("FL"), Some("Fort Lauderdale"), Some("33309"))).unwrap();
    assert_eq!(found.grade, Grade::PostalCode);
}

#[test]
fn p5_3_a_region_tells_cities_of_one_name_apart() {
    let table = [
        ("US", "ME", "Portland", 43.66, -70.26),
        ("US", "OR", "Portland", 45.52, -122.68),
        ("AU", "TAS", "Perth", -41.57, 147.17),
        ("AU", "WA", "Perth", -31.95, 115.86),
        ("CA", "ON", "London", 42.98, -81.23),
        ("DE", "BB", "Frankfurt (Oder)", 52.35, 14.55),
    ];
    for (country, region, city, latitude, longitude) in table {
        let found = locate((country, Some(region), Some(city), None)).unwrap_or_else(|| panic!("{country} {region} {city}"));
        assert!(kilometers(&found, latitude, longitude) < 5.0, "{country} {region} {city}: {found:?}");
        assert!(found.radius_meters <= 50_000.0, "{country} {region} {city}: {found:?}");
    }
    // Nevada is known and has no Portland: the one in Oregon would be a wrong answer, not a coarse one.
    assert_eq!(locate(("US", Some("NV"), Some("Portland"), None)), None);
}

#[test]
fn p5_3_an_ambiguous_city_reaches_its_namesakes() {
    let found = locate(("US", None, Some("Portland"), None)).unwrap();
    assert!(kilometers(&found, 45.52, -122.68) < 5.0, "the most populous: {found:?}");
    assert!(found.radius_meters / 1_000.0 > kilometers(&found, 43.66, -70.26), "reaches Maine: {found:?}");
    assert!(found.radius_meters > 70.0 * METERS_PER_MILE);
    // A region that the tables can't tell doesn't narrow the search.
    assert_eq!(locate(("US", Some("??"), Some("Portland"), None)), Some(found));
    let spain = locate(("ES", None, Some("Valencia"), None));
    assert_eq!(locate(("ES", Some("V"), Some("Valencia"), None)), spain);
}

#[test]
fn a_name_is_folded_to_what_people_agree_on() {
    let table = [
        ("São  Paulo", "sao paulo"),
        ("SAO-PAULO", "sao paulo"),
        ("L'Hospitalet de Llobregat", "lhospitalet de llobregat"),
        ("Łódź", "lodz"),
        ("Gießen", "giessen"),
        ("Århus", "arhus"),
        ("İstanbul", "istanbul"),
        ("  (x) ", "x"),
        ("Ｔｏｋｙｏ", "tokyo"),
        ("\u{0}\u{7f}", ""),
        ("…", ""),
        ("दिल्ली", "दिल्ली"),
    ];
    for (name, expected) in table {
        assert_eq!(fold(name), expected, "{name}");
    }
}

proptest::proptest! {
    #[test]
    fn no_address_makes_it_panic(country in "[A-Z]{2}|LI|MC|IE|.{0,4}", region in ".{0,6}", city in "\\PC{0,30}|.{0,30}", code in ".{0,20}|[A-Z0-9 -]{1,9}") {
        if let Some(found) = Gazetteer.locate(&country, Some(&region), Some(&city), Some(&code)) {
            proptest::prop_assert!(found.radius_meters > 0.0);
        }
        proptest::prop_assert_eq!(fold(&fold(&city)), fold(&city));
    }
}
