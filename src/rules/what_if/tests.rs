use super::*;
use crate::reference::program as file;

fn point(latitude: f64, longitude: f64) -> Point {
    Point::new(latitude, longitude).unwrap()
}

fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

fn center(name: &str, at: Point) -> Center {
    let opens_on = "2015-03-16".parse().unwrap();
    Center { code: code(name), country: "US".into(), point: at, opens_on, closes_on: None }
}

fn terms() -> Program {
    file::embedded().unwrap().all()[0].clone()
}

#[test]
fn p5_2_what_if_names_everything_that_is_wrong_with_the_question() {
    let now = [center("SC-A", point(26.0, -80.0)), center("SC-B", point(30.0, -80.0))];
    let asked = Changes {
        add: vec![(code("SC-A"), "US".into(), point(0.0, 0.0))],
        moves: vec![(code("SC-X"), point(0.0, 0.0))],
        close: vec![code("SC-B"), code("SC-B")],
        us_miles: Some(0.0),
        other_miles: Some(f64::NAN),
    };
    let refused = centers(&now, &asked).unwrap_err();
    let found: Vec<_> = refused.iter().map(|r| (r.code, r.field.as_deref().unwrap())).collect();
    let expected = [
        ("unknown_service_center", "/move/0/code"),
        ("unknown_service_center", "/close/1"),
        ("exists", "/add/0/code"),
        ("bad_radius", "/radius_miles/US"),
        ("bad_radius", "/radius_miles/other"),
    ];
    assert_eq!(found, expected);
    assert_eq!(centers(&now, &Changes::default()).unwrap_err()[0].code, "no_change");
    let many = Changes { close: vec![code("SC-A"); 101], ..Changes::default() };
    assert!(centers(&now, &many).unwrap_err().iter().any(|r| r.code == "too_many"));
}

#[test]
fn p5_2_what_if_judges_a_place_in_both_worlds() {
    let (near, far) = (point(26.0, -80.0), point(35.0, -80.0));
    let now = vec![center("SC-A", near)];
    let day = "2026-11-24".parse().unwrap();
    let today = World::new(now.clone(), terms());
    let judged = |at: Point, changes: &Changes| {
        let then = World::new(centers(&now, changes).unwrap(), program(&terms(), changes));
        let position = Position::given(at);
        let place = Inquiry { position: Some(&position), country: "US", confirmed: false, only_nearest: false };
        compare((&today, &then), &place, day, |_| Evidence::default()).map(|(now, then)| (now.verdict, then.verdict))
    };
    let (gains, loses) = ((Verdict::OutOfRange, Verdict::Eligible), (Verdict::Eligible, Verdict::OutOfRange));
    let added = Changes { add: vec![(code("SC-N"), "US".into(), far)], ..Changes::default() };
    assert_eq!((judged(far, &added), judged(near, &added)), (Some(gains), None));
    let moved = Changes { moves: vec![(code("SC-A"), far)], ..Changes::default() };
    assert_eq!((judged(far, &moved), judged(near, &moved)), (Some(gains), Some(loses)));
    let closed = Changes { close: vec![code("SC-A")], ..Changes::default() };
    assert_eq!(judged(near, &closed), Some((Verdict::Eligible, Verdict::NoCenterInCountry)));
    let wider = Changes { us_miles: Some(700.0), ..Changes::default() };
    assert_eq!((judged(far, &wider), judged(near, &wider)), (Some(gains), None));
    let elsewhere = Changes { other_miles: Some(700.0), ..Changes::default() };
    assert_eq!(judged(far, &elsewhere), None);
}
