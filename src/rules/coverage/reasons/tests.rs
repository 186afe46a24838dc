use super::*;
use crate::rules::text::Code;

fn coverage(miles: f64, radius_miles: f64) -> Coverage {
    let opens_on = "2020-01-01".parse().unwrap();
    let near = Candidate { center: Code::parse("SC-1").unwrap(), meters: miles * METERS_PER_MILE, opens_on };
    let mut coverage = Coverage::unknown(70.0, radius_miles * METERS_PER_MILE);
    (coverage.verdict, coverage.candidates) = (Verdict::ConfirmPosition, vec![near]);
    coverage
}

#[test]
fn p5_3_the_reason_says_what_would_settle_it_with_figures() {
    let start = "the site's position is known to within";
    let table = [
        (
            68.76,
            6.24,
            "6.2 miles, too coarse to tell whether SC-1 lies within 70 miles: from the middle it is 68.8 miles; there a position \
             exact to within 1.2 miles, and always the street address's coordinates, would settle it",
        ),
        (
            75.0,
            6.2,
            "6.2 miles, too coarse to tell whether SC-1 lies within 70 miles: from the middle it is 75.0 miles; there a position \
             exact to within 5.0 miles, and always the street address's coordinates, would settle it",
        ),
        (
            69.98,
            6.2,
            "6.2 miles, too coarse to tell whether SC-1 lies within 70 miles: from the middle it is 70.0 miles; the street address's \
             coordinates would settle it",
        ),
    ];
    for (miles, radius, expected) in table {
        let found = reasons(&coverage(miles, radius));
        assert_eq!((found.len(), found[0].code.as_str(), found[0].rule.as_str()), (1, "position_too_coarse", "P5.3"));
        assert_eq!(found[0].detail, format!("{start} {expected}"));
    }
}

#[test]
fn p5_3_a_question_says_what_is_doubted_and_what_would_settle_it() {
    let mut questioned = coverage(10.0, 0.0);
    questioned.questions = vec![
        Question::OtherCountry { stated: "US".into(), found: "CA".into() },
        Question::FarFromPostalCode { meters: 270_340.0, area_meters: 5_200.0, limit_km: 50.0 },
    ];
    let found: Vec<(String, String)> = reasons(&questioned).into_iter().map(|r| (r.code, r.detail)).collect();
    let abroad = "the position that was given lies in CA, the address is in US: confirm the position as it stands, or correct the position \
                  or the address";
    let far = "the position that was given is 270.3 km from where the address's postal code is, whose area reaches 5.2 km; more than 50 km \
               beyond is questioned: confirm the position as it stands, or correct the position or the address";
    let expected = [("position_in_other_country", abroad), ("position_far_from_postal_code", far)];
    assert_eq!(found, expected.map(|(code, detail)| (code.to_owned(), detail.to_owned())));
}
