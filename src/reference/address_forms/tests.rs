//! The forms of addresses.

use super::*;
use crate::reference::countries;

#[test]
fn every_country_asks_for_street_and_city_once_and_calls_every_part_something() {
    for (code, name) in countries::all() {
        let form = of(code);
        for part in [Lines, City] {
            assert_eq!(form.parts.iter().filter(|p| **p == part).count(), 1, "{name}");
        }
        for part in [Region, PostalCode] {
            assert!(form.parts.iter().filter(|p| **p == part).count() <= 1, "{name}");
        }
        assert!(form.parts.iter().all(|part| !form.label(*part).is_empty()), "{name}");
    }
}

#[test]
fn the_order_and_the_names_are_those_of_the_country() {
    let shown = |code: &str| of(code).parts.iter().map(|part| of(code).label(*part)).collect::<Vec<_>>().join(" / ");
    for (code, wanted) in [
        ("US", "Street and number / City / State / ZIP code"),
        ("DE", "Street and number / Postal code (PLZ) / City"),
        ("ES", "Street and number / Postal code / City / Province"),
        ("GB", "Street and number / Town or city / Postcode"),
        ("JP", "Postal code / Prefecture / City or ward / Street and number"),
        ("HK", "Street and number / District / Hong Kong Island, Kowloon or New Territories"),
        ("ZZ", "Street and number / Postal code / City / State, province or region"),
    ] {
        assert_eq!(shown(code), wanted, "{code}");
    }
}
