use super::*;
use crate::actions::check_site::Answer;
use crate::http::body;
use crate::rules::coverage::{Coverage, METERS_PER_MILE};
use crate::rules::position::{Point, Position};
use crate::rules::text::Code;

fn candidate(code: &str, miles: f64) -> Candidate {
    let opens_on = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
    Candidate { center: Code::parse(code).unwrap(), meters: miles * METERS_PER_MILE, opens_on }
}

fn answer(verdict: Verdict, candidates: Vec<Candidate>) -> Answer {
    let coverage = Coverage {
        requested: None,
        verdict,
        limit_miles: 70.0,
        candidates,
        opening: Some(candidate("SC-NEW", 12.0)),
        radius_meters: 0.0,
        questions: Vec::new(),
    };
    Answer { coverage, reasons: Vec::new(), position: Some(Position::given(Point::new(26.2, -80.15).unwrap())) }
}

#[test]
fn p5_3_the_answer_has_the_nearest_center_the_margin_and_five_others() {
    let far: Vec<Candidate> = (0..8).map(|n| candidate(&format!("SC-{n}"), 9.1 + 10.0 * f64::from(n))).collect();
    let shown = serde_json::to_value(CheckView::from(answer(Verdict::Eligible, far))).unwrap();
    assert_eq!(shown["nearest"], serde_json::json!({"service_center": "SC-0", "distance_miles": 9.1, "distance_meters": 14645.0}));
    assert_eq!(shown["margin_miles"], 60.9);
    assert_eq!(
        shown["position"],
        serde_json::json!({"latitude": 26.2, "longitude": -80.15, "grade": "given", "method": "given", "radius_meters": 0.0})
    );
    let codes: Vec<&str> = shown["candidates"].as_array().unwrap().iter().map(|c| c["service_center"].as_str().unwrap()).collect();
    assert_eq!(codes, ["SC-1", "SC-2", "SC-3", "SC-4", "SC-5"]);
    assert_eq!(shown["opening"], serde_json::Value::Null);
}

#[test]
fn p5_4_a_center_that_opens_later_is_shown_where_none_reaches_yet() {
    let view = CheckView::from(answer(Verdict::OutOfRange, vec![candidate("SC-0", 70.02)]));
    assert_eq!(view.opening.unwrap().service_center, "SC-NEW");
    assert!(view.margin_miles.unwrap().is_sign_positive(), "never -0.0");
}

#[test]
fn p5_3_nothing_known_is_shown_as_null() {
    let answer = Answer { position: None, ..answer(Verdict::PositionUnknown, Vec::new()) };
    let shown = serde_json::to_value(CheckView::from(answer)).unwrap();
    assert_eq!(
        shown["position"],
        serde_json::json!({"latitude": null, "longitude": null, "grade": "none", "method": null, "radius_meters": 0.0})
    );
    assert_eq!((&shown["nearest"], &shown["margin_miles"]), (&serde_json::Value::Null, &serde_json::Value::Null));
}

#[test]
fn the_address_of_a_check_has_no_country_and_may_lack_its_city() {
    assert!(body::parse::<CheckBody>(br#"{"country":"US","address":{"lines":["851 Cypress Creek Rd"],"postal_code":"33309"}}"#).is_ok());
    assert!(body::parse::<CheckBody>(br#"{"country":"US"}"#).is_ok());
    let problem = body::parse::<CheckBody>(br#"{"address":{"country":"US","city":"A\u0000B"},"position":[1,2]}"#).unwrap_err();
    let mut found: Vec<(&str, &str)> = problem.errors().iter().map(|e| (e.field.as_str(), e.code.as_str())).collect();
    found.sort_unstable();
    let wanted = [
        ("/address/city", "control_character"),
        ("/address/country", "unknown_field"),
        ("/country", "required"),
        ("/position", "wrong_type"),
    ];
    assert_eq!(found, wanted);
}
