use super::*;
use crate::rules::position::Method;

const MILE: f64 = METERS_PER_MILE;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn point(latitude: f64, longitude: f64) -> Point {
    Point::new(latitude, longitude).unwrap()
}

fn center(code: &str, country: &str, place: Point) -> Center {
    Center { code: Code::parse(code).unwrap(), country: country.into(), point: place, opens_on: day("2020-01-01"), closes_on: None }
}

fn coarse(place: Point, miles: f64) -> Position {
    Position::located(place, Method::PostalCode, miles * MILE)
}

/// A point due north of another at a geodesic distance that is right to a hundredth of a millimeter.
fn north_of(from: Point, meters: f64) -> Point {
    let (mut low, mut high) = (from.latitude(), from.latitude() + 3.0);
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        match distance_meters(from, point(middle, from.longitude())) <= meters {
            true => low = middle,
            false => high = middle,
        }
    }
    point(low, from.longitude())
}

fn haversine(a: Point, b: Point) -> f64 {
    let of = |p: Point| geo::Point::new(p.longitude(), p.latitude());
    geo::Haversine.distance(of(a), of(b))
}

const TODAY: &str = "2026-11-24";

#[test]
fn p5_2_the_limit_is_inclusive() {
    let fort_lauderdale = point(26.074, -80.15);
    let madrid = point(40.472, -3.561);
    for (country, place, miles) in [("US", fort_lauderdale, 70.0), ("ES", madrid, 50.0)] {
        let centers = [center("SC-1", country, place)];
        for (extra_meters, expected) in
            [(-1.0, Verdict::Eligible), (-0.001, Verdict::Eligible), (0.001, Verdict::OutOfRange), (1.0, Verdict::OutOfRange)]
        {
            let site = Position::given(north_of(place, miles * MILE + extra_meters));
            assert_eq!(check(Some(&site), country, miles, &centers, day(TODAY)).verdict, expected, "{country} {extra_meters}");
        }
        // On the limit itself, to the last bit: a site whose distance in miles times a mile gives the distance again.
        let candidates = (0..1_000).map(|i| Position::given(north_of(place, miles * MILE - f64::from(i) * 0.01)));
        let whole = |site: &Position| (distance_meters(site.point, place) / MILE) * MILE == distance_meters(site.point, place);
        let site = candidates.into_iter().find(whole).unwrap();
        let limit = distance_meters(site.point, place) / MILE;
        assert_eq!(check(Some(&site), country, limit, &centers, day(TODAY)).verdict, Verdict::Eligible, "{country}");
        assert_eq!(check(Some(&site), country, limit - 1e-9, &centers, day(TODAY)).verdict, Verdict::OutOfRange, "{country}");
    }
}

#[test]
fn p5_2_distances_run_along_the_ellipsoid() {
    // Flinders Peak to Buninyong, the classic example (GDA94 technical manual): 54 972.271 m.
    let flinders = point(-(37.0 + 57.0 / 60.0 + 3.72030 / 3600.0), 144.0 + 25.0 / 60.0 + 29.52440 / 3600.0);
    let buninyong = point(-(37.0 + 39.0 / 60.0 + 10.15610 / 3600.0), 143.0 + 55.0 / 60.0 + 35.38390 / 3600.0);
    assert!((distance_meters(flinders, buninyong) - 54_972.271).abs() < 0.001);
    // A quarter of the meridian, and nearly antipodal points, where simpler formulas fail.
    assert!((distance_meters(point(0.0, 0.0), point(90.0, 0.0)) - 10_001_965.729).abs() < 0.001);
    assert!((distance_meters(point(0.0, 0.0), point(0.5, 179.5)) - 19_936_288.579).abs() < 0.001);
}

#[test]
fn p5_2_a_sphere_would_misjudge_a_site_near_the_limit() {
    // North-south near the equator a degree is shorter than on the sphere, east-west it is longer.
    let singapore = point(1.3, 103.9);
    let limit = 50.0 * MILE;
    let inside = Position::given(north_of(singapore, limit - 50.0));
    assert!(haversine(singapore, inside.point) > limit, "the sphere says out");
    let centers = [center("SC-SIN", "SG", singapore)];
    assert_eq!(check(Some(&inside), "SG", 50.0, &centers, day(TODAY)).verdict, Verdict::Eligible);

    let fairbanks = point(64.8, -147.8);
    let outside = Position::given(north_of(fairbanks, 70.0 * MILE + 50.0));
    assert!(haversine(fairbanks, outside.point) < 70.0 * MILE, "the sphere says in");
    let centers = [center("SC-FAI", "US", fairbanks)];
    assert_eq!(check(Some(&outside), "US", 70.0, &centers, day(TODAY)).verdict, Verdict::OutOfRange);
}

#[test]
fn p5_2_centers_of_another_country_dont_count() {
    let detroit = point(42.33, -83.05);
    let windsor = Position::given(point(42.31, -83.03));
    let centers = [center("SC-DTW", "US", detroit)];
    let answer = check(Some(&windsor), "CA", 50.0, &centers, day(TODAY));
    assert_eq!((answer.verdict, answer.nearest(), answer.margin_miles()), (Verdict::NoCenterInCountry, None, None));
    let with_own = [center("SC-DTW", "US", detroit), center("SC-YYZ", "CA", point(43.68, -79.63))];
    let answer = check(Some(&windsor), "CA", 50.0, &with_own, day(TODAY));
    assert_eq!((answer.verdict, answer.candidates.len()), (Verdict::OutOfRange, 1));
    assert_eq!(answer.nearest().unwrap().center.as_str(), "SC-YYZ");
}

#[test]
fn p5_2_only_an_open_center_counts() {
    let here = point(50.0, 8.0);
    let site = Position::given(here);
    let table = [
        ("2020-01-01", None, Verdict::Eligible),
        (TODAY, None, Verdict::Eligible),
        ("2026-11-25", None, Verdict::NoCenterInCountry),
        ("2020-01-01", Some("2026-11-25"), Verdict::Eligible),
        ("2020-01-01", Some(TODAY), Verdict::NoCenterInCountry),
        ("2020-01-01", Some("2021-01-01"), Verdict::NoCenterInCountry),
    ];
    for (opens_on, closes_on, expected) in table {
        let only = Center { opens_on: day(opens_on), closes_on: closes_on.map(day), ..center("SC-FRA", "DE", here) };
        assert_eq!(check(Some(&site), "DE", 50.0, &[only], day(TODAY)).verdict, expected, "{opens_on} {closes_on:?}");
    }
}

#[test]
fn p5_2_the_answer_lists_centers_nearest_first() {
    let site = Position::given(point(50.0, 8.0));
    let far = center("SC-C", "DE", point(52.0, 8.0));
    let (twin_b, twin_a) = (center("SC-B", "DE", point(50.5, 8.0)), center("SC-A", "DE", point(50.5, 8.0)));
    let answer = check(Some(&site), "DE", 50.0, &[far, twin_b, twin_a], day(TODAY));
    assert_eq!(answer.candidates.iter().map(|c| c.center.as_str()).collect::<Vec<_>>(), ["SC-A", "SC-B", "SC-C"]);
    let margin = answer.margin_miles().unwrap();
    assert!((margin - (50.0 - answer.nearest().unwrap().miles())).abs() < 1e-9 && margin > 15.0, "{margin}");
}

#[test]
fn p5_3_a_position_too_coarse_to_tell_is_to_be_confirmed() {
    let here = point(40.0, -100.0);
    let centers = [center("SC-1", "US", here)];
    // (miles away, miles of uncertainty, verdict), limit 70.
    let table = [
        (0.0, 69.9, Verdict::Eligible),
        (0.0, 70.1, Verdict::ConfirmPosition),
        (60.0, 9.9, Verdict::Eligible),
        (60.0, 10.1, Verdict::ConfirmPosition),
        (69.0, 5.0, Verdict::ConfirmPosition),
        (71.0, 5.0, Verdict::ConfirmPosition),
        (80.0, 10.1, Verdict::ConfirmPosition),
        (80.0, 9.9, Verdict::OutOfRange),
        (71.0, 0.0, Verdict::OutOfRange),
    ];
    for (away, radius, expected) in table {
        let site = coarse(north_of(here, away * MILE), radius);
        assert_eq!(check(Some(&site), "US", 70.0, &centers, day(TODAY)).verdict, expected, "{away} ± {radius}");
    }
}

#[test]
fn p5_3_an_unknown_position_is_said_to_be_unknown() {
    let centers = [center("SC-1", "US", point(40.0, -100.0))];
    assert_eq!(check(None, "US", 70.0, &centers, day(TODAY)).verdict, Verdict::PositionUnknown);
    assert_eq!(check(None, "CA", 50.0, &centers, day(TODAY)).verdict, Verdict::NoCenterInCountry);
    assert_eq!(check(None, "US", 70.0, &[], day(TODAY)).verdict, Verdict::NoCenterInCountry);
}

#[test]
fn p5_4_a_center_that_will_open_is_named() {
    let here = point(50.0, 8.0);
    let site = Position::given(here);
    let opening =
        |code: &str, miles: f64, opens_on: &str| Center { opens_on: day(opens_on), ..center(code, "DE", north_of(here, miles * MILE)) };
    let far = center("SC-FAR", "DE", north_of(here, 80.0 * MILE));
    let centers =
        [far, opening("SC-NEAR", 20.0, "2027-03-01"), opening("SC-OTHER", 30.0, "2026-12-01"), opening("SC-OUT", 51.0, "2026-12-01")];
    let before = check(Some(&site), "DE", 50.0, &centers, day(TODAY));
    assert_eq!(before.verdict, Verdict::OutOfRange);
    assert_eq!(before.nearest().unwrap().center.as_str(), "SC-FAR");
    let named = before.opening.unwrap();
    assert_eq!((named.center.as_str(), named.opens_on), ("SC-NEAR", day("2027-03-01")));
    // The day it opens the site is in range.
    let eve = check(Some(&site), "DE", 50.0, &centers, day("2026-11-30"));
    let first = check(Some(&site), "DE", 50.0, &centers, day("2026-12-01"));
    assert_eq!((eve.verdict, first.verdict), (Verdict::OutOfRange, Verdict::Eligible));
    // One that opens out of range, or abroad, is no help.
    let useless = [opening("SC-OUT", 51.0, "2026-12-01"), Center { country: "FR".into(), ..opening("SC-FR", 1.0, "2026-12-01") }];
    let none = check(Some(&site), "DE", 50.0, &useless, day(TODAY));
    assert_eq!((none.verdict, none.opening), (Verdict::NoCenterInCountry, None));
}

proptest::proptest! {
    /// P5.2: the index finds what measuring every center finds.
    #[test]
    fn p5_2_the_index_finds_what_measuring_all_finds(
        spots in proptest::collection::vec((-90.0..=90.0_f64, -180.0..=180.0_f64, 0..3_u8), 0..60),
        latitude in -90.0..=90.0_f64, longitude in -180.0..=180.0_f64, close: bool,
    ) {
        let day = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let center = |(index, (north, east, days)): (usize, &(f64, f64, u8))| {
            // Half of the runs look at a neighborhood, where distances are alike.
            let point = if close { Point::new(north / 90.0, east / 90.0) } else { Point::new(*north, *east) }.unwrap();
            let opens_on = day + chrono::Days::new(u64::from(*days));
            Center { code: Code::parse(&format!("SC-{index}")).unwrap(), country: "US".into(), point, opens_on, closes_on: None }
        };
        let centers: Vec<Center> = spots.iter().enumerate().map(center).collect();
        let position = Position::given(if close { Point::new(latitude / 90.0, longitude / 90.0) } else { Point::new(latitude, longitude) }.unwrap());
        let found = Network::new(centers.clone()).check(Some(&position), "US", 70.0, day);
        let mut all: Vec<(f64, &Code)> = centers.iter().filter(|c| c.is_open(day)).map(|c| (distance_meters(position.point, c.point), &c.code)).collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(b.1)));
        let expected: Vec<f64> = all.iter().take(6).map(|c| c.0).collect();
        proptest::prop_assert_eq!(found.candidates.iter().map(|c| c.meters).collect::<Vec<_>>(), expected);
        proptest::prop_assert_eq!(found.nearest().map(|c| &c.center), all.first().map(|c| c.1));
        let opening = centers.iter().filter(|c| c.opens_on > day).map(|c| distance_meters(position.point, c.point)).filter(|m| *m <= 70.0 * METERS_PER_MILE);
        proptest::prop_assert_eq!(found.opening.map(|c| c.meters), opening.min_by(f64::total_cmp));
    }

    /// P5.2: who asks about many sites is told what the whole check says, however close the centers lie to each other.
    #[test]
    fn p5_2_the_short_answer_is_that_of_the_check(
        spots in proptest::collection::vec((-90.0..=90.0_f64, -180.0..=180.0_f64, 0..3_u8), 0..200),
        latitude in -90.0..=90.0_f64, longitude in -180.0..=180.0_f64, shrunk in 0..5_i32, radius in 0..2_u8,
    ) {
        let scale = 10.0_f64.powi(-2 * shrunk);
        let day = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let center = |(index, (north, east, days)): (usize, &(f64, f64, u8))| Center {
            code: Code::parse(&format!("SC-{}", 1_000 - index)).unwrap(),
            country: "US".into(),
            // Some share one place, so that codes decide.
            point: if index % 7 == 0 { Point::new(1.0, 2.0) } else { Point::new(north * scale, east * scale) }.unwrap(),
            opens_on: day + chrono::Days::new(u64::from(*days)),
            closes_on: None,
        };
        let network = Network::new(spots.iter().enumerate().map(center).collect());
        let point = Point::new(latitude * scale, longitude * scale).unwrap();
        let position = Position { radius_meters: f64::from(radius) * 30_000.0, ..Position::given(point) };
        for position in [Some(&position), None] {
            let (short, whole) = (network.reach(position, "US", 70.0, day), network.check(position, "US", 70.0, day));
            proptest::prop_assert_eq!(short.verdict, whole.verdict);
            proptest::prop_assert_eq!(short.nearest(), whole.nearest());
            proptest::prop_assert_eq!(short.margin_miles(), whole.margin_miles());
        }
    }
}
