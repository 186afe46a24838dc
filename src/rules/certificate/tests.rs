use super::*;
use crate::reference::program;
use crate::rules::coverage::{check, distance_meters};
use crate::rules::position::{Method, Point};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(latitude: f64, longitude: f64) -> Point {
    Point::new(latitude, longitude).unwrap()
}

fn center(code: &str, point: Point, opens_on: &str, closes_on: Option<&str>) -> Center {
    Center { code: Code::parse(code).unwrap(), country: "US".into(), point, opens_on: day(opens_on), closes_on: closes_on.map(day) }
}

fn certified(position: Option<&Position>, centers: &[Center], on: &str) -> Certificate {
    let place = Inquiry { position, country: "US", confirmed: false, only_nearest: false };
    certify(&check(position, "US", 70.0, centers, day(on)), &place, &program::embedded().unwrap().all()[0])
}

const TODAY: &str = "2026-11-25";

#[test]
fn p5_2_a_certificate_holds_what_the_verdict_rests_on() {
    let site = Position::given(at(26.2, -80.15));
    let centers = [center("FAR", at(25.0, -80.0), "2015-01-01", None), center("NEAR", at(26.0, -80.1), "2015-01-01", None)];
    let certificate = certified(Some(&site), &centers, TODAY);
    let meters = distance_meters(site.point, centers[1].point);
    assert_eq!(certificate.verdict, Verdict::Eligible);
    assert_eq!(certificate.nearest, Some(Considered { center: centers[1].code.clone(), meters }));
    assert_eq!(certificate.considered.len(), 2);
    let margin = certificate.margin_miles().unwrap();
    assert!((margin - (70.0 - meters / 1609.344)).abs() < 1e-9);
    assert_eq!(certificate.closeness_miles(), margin);
    assert!((certificate.reach_meters() - 70.0 * 1609.344).abs() < 1e-6);
    let none = certified(None, &centers, TODAY);
    assert_eq!((none.verdict, none.margin_miles(), none.closeness_miles()), (Verdict::PositionUnknown, None, NO_MARGIN_MILES));
}

#[test]
fn p5_2_a_farther_center_alone_asks_for_no_new_certificate() {
    let site = Position::given(at(26.2, -80.15));
    let near = center("NEAR", at(26.0, -80.1), "2015-01-01", None);
    let far = center("FAR", at(25.0, -80.0), "2015-01-01", None);
    let nearer = center("NEARER", at(26.19, -80.15), "2015-01-01", None);
    let before = certified(Some(&site), std::slice::from_ref(&near), TODAY);
    let with_far = certified(Some(&site), &[near.clone(), far], TODAY);
    assert!(with_far.considered.len() == 2 && !changed(&before, &with_far) && !changed(&before, &before));
    let with_nearer = certified(Some(&site), &[near.clone(), nearer], TODAY);
    assert!(changed(&before, &with_nearer));
    assert_eq!(cause(Some(&before), &with_nearer, false), Cause::NetworkChanged);
    assert_eq!(cause(None, &before, true), Cause::Registered);
    let newer = Certificate { program_version: "2027-01".into(), ..before.clone() };
    assert!(changed(&before, &newer));
    assert_eq!(cause(Some(&before), &newer, false), Cause::ProgramChanged);
    let other_terms = Certificate { question_beyond_km: 80.0, ..before.clone() };
    assert!(changed(&before, &other_terms));
    assert_eq!(cause(Some(&before), &other_terms, false), Cause::ProgramChanged);
    // Somebody confirmed the position as it stands.
    assert_eq!(cause(Some(&before), &other_terms, true), Cause::SiteChanged);
}

#[test]
fn p5_3_a_better_position_is_a_change_of_the_site() {
    let coarse = Position::located(at(26.2, -80.15), Method::City, 200_000.0);
    let centers = [center("NEAR", at(26.0, -80.1), "2015-01-01", None)];
    let before = certified(Some(&coarse), &centers, TODAY);
    let after = certified(Some(&Position::given(coarse.point)), &centers, TODAY);
    assert_eq!((before.verdict, after.verdict), (Verdict::ConfirmPosition, Verdict::Eligible));
    assert!(changed(&before, &after));
    assert_eq!(cause(Some(&before), &after, false), Cause::SiteChanged);
}

#[test]
fn p5_4_the_next_look_is_on_the_day_on_which_a_center_in_reach_opens_or_the_nearest_closes() {
    let site = Position::given(at(26.2, -80.15));
    let near = |closes| center("NEAR", at(26.0, -80.1), "2015-01-01", closes);
    let second = center("SECOND", at(25.9, -80.1), "2015-01-01", Some("2026-11-27"));
    let soon = center("SOON", at(26.1, -80.1), "2026-12-01", None);
    let away = center("AWAY", at(47.6, -122.3), "2026-11-26", None);
    let next = |position: Option<&Position>, centers: &[Center], on: &str| next_day(&certified(position, centers, on), centers, day(on));
    let some = Some(&site);
    assert_eq!(next(some, &[near(None), second.clone(), away.clone()], TODAY), None);
    assert_eq!(next(some, &[near(Some("2026-12-05")), second.clone()], TODAY), Some(day("2026-12-05")));
    assert_eq!(next(some, &[near(Some("2026-12-05")), soon.clone(), away.clone()], TODAY), Some(day("2026-12-01")));
    assert_eq!(next(some, &[near(None), soon.clone()], "2026-12-01"), None);
    // With none open, or no position, every opening of the country counts.
    assert_eq!(next(some, std::slice::from_ref(&away), TODAY), Some(day("2026-11-26")));
    assert_eq!(next(None, &[near(None), second], TODAY), Some(day("2026-11-27")));
}
