use super::*;
use crate::http::body;
use actix_web::ResponseError;
use actix_web::http::StatusCode;

fn faults(problem: &crate::http::problem::Problem) -> Vec<(String, String)> {
    assert_eq!(problem.status_code(), StatusCode::UNPROCESSABLE_ENTITY);
    problem.errors().iter().map(|e| (e.field.clone(), e.code.clone())).collect()
}

#[test]
fn both_coordinates_are_judged_at_their_places() {
    let problem = body::parse::<Stated>(br#"{"latitude": 91, "longitude": -180.5}"#).unwrap_err();
    assert_eq!(faults(&problem), [("/latitude", "bad_latitude"), ("/longitude", "bad_longitude")].map(|(f, c)| (f.into(), c.into())));
}

#[test]
fn whole_numbers_are_coordinates_and_null_is_none() {
    let stated = body::parse::<Stated>(br#"{"latitude": 26, "longitude": -80.15}"#).unwrap();
    assert_eq!(stated.0, Point::new(26.0, -80.15).unwrap());
    let problem = body::parse::<Stated>(br#"{"latitude": null, "longitude": "east"}"#).unwrap_err();
    assert_eq!(faults(&problem), [("/latitude", "wrong_type"), ("/longitude", "wrong_type")].map(|(f, c)| (f.into(), c.into())));
}

#[test]
fn an_address_needs_a_city_and_a_country_and_has_at_most_five_lines() {
    let problem = body::parse::<AddressBody>(br#"{"lines": ["1","2","3","4","5","6"], "street": "x", "postal_code": ""}"#).unwrap_err();
    let mut found = faults(&problem);
    found.sort();
    let wanted =
        [("/city", "required"), ("/country", "required"), ("/lines", "too_many"), ("/postal_code", "empty"), ("/street", "unknown_field")];
    assert_eq!(found, wanted.map(|(f, c)| (f.to_owned(), c.to_owned())));
}

#[test]
fn distances_are_rounded_to_tenths_without_a_negative_zero() {
    assert_eq!([tenths(9.149), tenths(14_645.25), tenths(-3.16)], [9.1, 14_645.3, -3.2]);
    assert!(tenths(-0.04).is_sign_positive());
}
