use super::super::METERS_PER_MILE;
use super::super::{Center, reasons};
use super::*;
use crate::reference::program;
use crate::rules::position::{Method, Point};
use crate::rules::text::Code;

const KM: f64 = 1_000.0;

fn point(latitude: f64, longitude: f64) -> Point {
    Point::new(latitude, longitude).unwrap()
}

fn terms() -> Program {
    program::embedded().unwrap().all()[0].clone()
}

fn with_territories() -> Program {
    let mut program = terms();
    program.gold_plus.territories = [("PR".into(), "US".into())].into();
    program
}

fn area(place: Point, km: f64) -> Position {
    Position::located(place, Method::PostalCode, km * KM)
}

/// Due north by so many kilometers, right to a few meters in a thousand kilometers.
fn north_of(from: Point, km: f64) -> Point {
    let degree = distance_meters(from, point(from.latitude() + 1.0, from.longitude())) / KM;
    point(from.latitude() + km / degree, from.longitude())
}

fn center(code: &str, country: &str, place: Point) -> Center {
    let opens_on = "2015-03-16".parse().unwrap();
    Center { code: Code::parse(code).unwrap(), country: country.into(), point: place, opens_on, closes_on: None }
}

const HERE: (f64, f64) = (26.2, -80.15);

fn day() -> NaiveDate {
    "2026-11-24".parse().unwrap()
}

#[test]
fn p5_3_a_position_in_another_country_than_the_address_is_questioned() {
    let here = Position::given(point(HERE.0, HERE.1));
    let (own, shared) = (terms(), with_territories());
    // (address, found there, questioned where territories are countries of their own, and where they aren't)
    let table = [
        ("US", Some("US"), false, false),
        ("US", Some("CA"), true, true),
        ("US", None, false, false),
        ("US", Some("PR"), true, false),
        ("PR", Some("US"), true, false),
        ("DO", Some("PR"), true, true),
    ];
    for (country, found, apart, counted) in table {
        let expected = Question::OtherCountry { stated: country.into(), found: found.unwrap_or_default().into() };
        for (program, questioned) in [(&own, apart), (&shared, counted)] {
            let expected: Vec<Question> = if questioned { vec![expected.clone()] } else { vec![] };
            assert_eq!(question(&here, country, None, found, program), expected, "{country} {found:?}");
        }
    }
}

#[test]
fn p5_3_a_position_far_from_its_postal_code_is_questioned() {
    let code = point(HERE.0, HERE.1);
    // (kilometers away, radius of the code, radius of the position, questioned)
    let table = [
        (49.9, 0.0, 0.0, false),
        (50.1, 0.0, 0.0, true),
        (54.9, 5.0, 0.0, false),
        (55.1, 5.0, 0.0, true),
        (55.1, 5.0, 1.0, false),
        (0.0, 5.0, 0.0, false),
        (300.0, 5.0, 1.0, true),
    ];
    for (km, code_km, radius_km, questioned) in table {
        let position = Position { radius_meters: radius_km * KM, ..Position::given(north_of(code, km)) };
        let found = question(&position, "US", Some(&area(code, code_km)), Some("US"), &terms());
        assert_eq!(found.len(), usize::from(questioned), "{km} {code_km} {radius_km}: {found:?}");
        let [Question::FarFromPostalCode { meters, area_meters, limit_km }] = found.as_slice() else { continue };
        assert!((meters / KM - km).abs() < 0.5 && *area_meters == code_km * KM && *limit_km == 50.0, "{found:?}");
    }
    let mut wider = terms();
    wider.gold_plus.question_beyond_km = 400.0;
    assert_eq!(question(&Position::given(north_of(code, 300.0)), "US", Some(&area(code, 5.0)), None, &wider), []);
}

#[test]
fn p5_3_only_what_somebody_gave_is_questioned() {
    let away = north_of(point(HERE.0, HERE.1), 300.0);
    for method in [Method::PostalCode, Method::PostalPrefix, Method::CityRegion, Method::City] {
        let located = Position::located(away, method, 1_000.0);
        assert_eq!(question(&located, "US", Some(&area(point(HERE.0, HERE.1), 5.0)), Some("CA"), &terms()), []);
    }
    let both = question(&Position::given(away), "US", Some(&area(point(HERE.0, HERE.1), 5.0)), Some("CA"), &terms());
    assert_eq!(both.len(), 2);
}

#[test]
fn p5_3_a_questioned_position_is_to_be_confirmed_wherever_it_is() {
    let program = terms();
    let network = Network::of([center("SC-1", "US", point(HERE.0, HERE.1))], &program);
    let abroad = |_: &Position| Evidence { country_there: Some("CA".into()), postal_area: None };
    let near = Position::given(point(26.3, -80.15));
    let far = Position::given(point(36.3, -80.15));
    for (position, unquestioned) in [(near, Verdict::Eligible), (far, Verdict::OutOfRange)] {
        let place = |confirmed| Inquiry { position: Some(&position), country: "US", confirmed, only_nearest: false };
        let found = judge(&network, &place(false), &program, day(), abroad);
        assert_eq!((found.verdict, found.questions.len()), (Verdict::ConfirmPosition, 1));
        // The figures stay, for whoever confirms it.
        assert!(found.nearest().is_some() && found.margin_miles().is_some());
        let codes: Vec<String> = reasons(&found).into_iter().map(|r| r.code).collect();
        assert_eq!(codes, ["position_in_other_country"]);
        let unasked = |_: &Position| -> Evidence { panic!("what is confirmed needs no evidence") };
        let confirmed = judge(&network, &place(true), &program, day(), unasked);
        assert_eq!((confirmed.verdict, confirmed.questions.len()), (unquestioned, 0));
        let fine = judge(&network, &place(false), &program, day(), |_| Evidence::default());
        assert_eq!(fine.verdict, unquestioned);
    }
    // Too coarse and questioned: both are said. No center in the country: no position would change that.
    let coarse = Position { radius_meters: 100.0 * METERS_PER_MILE, ..near };
    let found = judge(
        &network,
        &Inquiry { position: Some(&coarse), country: "US", confirmed: false, only_nearest: false },
        &program,
        day(),
        abroad,
    );
    let codes: Vec<String> = reasons(&found).into_iter().map(|r| r.code).collect();
    assert_eq!(codes, ["position_in_other_country", "position_too_coarse"]);
    let elsewhere =
        judge(&network, &Inquiry { position: Some(&near), country: "MX", confirmed: false, only_nearest: false }, &program, day(), abroad);
    assert_eq!((elsewhere.verdict, elsewhere.questions.len()), (Verdict::NoCenterInCountry, 0));
}

#[test]
fn p5_2_centers_of_a_territory_and_its_sovereign_serve_each_other_where_they_count_as_one() {
    let san_juan = point(18.40, -66.06);
    let centers = [center("SC-SJU", "PR", san_juan), center("SC-MIA", "US", point(25.8, -80.2))];
    // 60 miles from the center: within 70, not within 50.
    let site = Position::given(north_of(san_juan, 60.0 * METERS_PER_MILE / KM));
    let judged = |program: &Program, country: &str| {
        let found = judge(
            &Network::of(centers.clone(), program),
            &Inquiry { position: Some(&site), country, confirmed: false, only_nearest: false },
            program,
            day(),
            |_| Evidence { country_there: Some("PR".into()), postal_area: None },
        );
        (found.verdict, found.nearest().unwrap().center.to_string(), found.limit_miles)
    };
    assert_eq!(judged(&terms(), "PR"), (Verdict::OutOfRange, "SC-SJU".into(), 50.0));
    assert_eq!(judged(&terms(), "US"), (Verdict::ConfirmPosition, "SC-MIA".into(), 70.0));
    assert_eq!(judged(&with_territories(), "PR"), (Verdict::Eligible, "SC-SJU".into(), 70.0));
    assert_eq!(judged(&with_territories(), "US"), (Verdict::Eligible, "SC-SJU".into(), 70.0));
}

proptest::proptest! {
    /// P5.3: what is said to be near without a geodesic is near.
    #[test]
    fn p5_3_no_way_is_longer_than_along_meridian_and_parallel(
        a in (-90.0..=90.0_f64, -180.0..=180.0_f64), b in (-90.0..=90.0_f64, -180.0..=180.0_f64), close: bool,
    ) {
        let (a, b) = (point(a.0, a.1), if close { point((a.0 + b.0 / 90.0).clamp(-90.0, 90.0), a.1) } else { point(b.0, b.1) });
        proptest::prop_assert!(reach_meters(a, b) >= distance_meters(a, b) - 0.001);
    }
}
