use super::*;
use crate::reference::program;
use crate::rules::coverage::{Center, Network, Verdict, reasons};
use crate::rules::position::Position;
use crate::rules::program::LeadTimes;
use crate::rules::term::Term;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn terms() -> Program {
    program::embedded().unwrap().all()[0].clone()
}

fn point(latitude: f64, longitude: f64) -> Point {
    Point::new(latitude, longitude).unwrap()
}

fn request(code: &str, at: Point) -> RequestedCenter {
    RequestedCenter { code: Code::parse(code).unwrap(), point: at, earliest: None, latest: day("2027-01-05") }
}

#[test]
fn p5_4_a_center_takes_six_weeks_in_the_us_and_three_to_six_months_elsewhere() {
    // (country, asked for on, earliest, latest)
    let table = [
        ("US", "2026-11-24", None, "2027-01-05"),
        ("PR", "2026-11-24", Some("2027-02-24"), "2027-05-24"),
        ("DE", "2026-11-24", Some("2027-02-24"), "2027-05-24"),
        // Months that are too short end on their last day.
        ("FR", "2026-11-30", Some("2027-02-28"), "2027-05-30"),
        ("JP", "2023-11-30", Some("2024-02-29"), "2024-05-30"),
        ("US", "2024-02-29", None, "2024-04-11"),
    ];
    for (country, asked, earliest, latest) in table {
        let found = expected(country, day(asked), &terms()).unwrap();
        assert_eq!((found.earliest, found.latest), (earliest.map(day), day(latest)), "{country} {asked}");
    }
    let working = expected("DE", day("2026-11-24"), &terms()).unwrap().steps;
    let said = [
        "asked for on 2026-11-24 in DE; the lead time is that of elsewhere (P5.4)",
        "at least 3 months: not before 2027-02-24",
        "at most 6 months: by 2027-05-24",
    ];
    assert_eq!(working, said);
    assert_eq!(expected("US", NaiveDate::MAX, &terms()), None);
}

#[test]
fn p5_4_a_territory_has_the_lead_time_of_the_country_that_it_counts_as() {
    let mut shared = terms();
    shared.gold_plus.territories = [("PR".to_owned(), "US".to_owned())].into();
    let found = expected("PR", day("2026-11-24"), &shared).unwrap();
    assert_eq!((found.earliest, found.latest), (None, day("2027-01-05")));
    assert_eq!(found.steps[0], "asked for on 2026-11-24 in PR, which counts as US; the lead time is that of US (P5.4)");
    let week = LeadTime { least: Some(Span::Weeks(1)), most: Span::Weeks(1) };
    shared.lead_times = LeadTimes { by_country: Default::default(), elsewhere: week };
    let found = expected("US", day("2026-11-24"), &shared).unwrap();
    assert_eq!(
        (found.earliest, found.latest, found.steps[2].as_str()),
        (Some(found.latest), found.latest, "at most 1 week: by 2026-12-01")
    );
}

#[test]
fn p5_4_the_square_of_request_states() {
    for before in RequestState::ALL {
        for after in RequestState::ALL {
            let may = *before == RequestState::Requested && matches!(after, RequestState::Opened | RequestState::Withdrawn);
            assert_eq!(after.may_follow(*before), may, "{before} to {after}");
            assert_eq!(advance(*before, *after).is_ok(), may);
        }
    }
}

#[test]
fn p5_4_a_request_within_the_limit_is_named_where_the_site_is_out_of_reach() {
    let (here, far) = (point(24.5551, -81.78), point(26.0726, -80.1527));
    let center =
        Center { code: Code::parse("SC-FLL").unwrap(), country: "US".into(), point: far, opens_on: day("2015-03-16"), closes_on: None };
    let requests = [request("B", here), request("A", here), request("C", far)];
    let position = Position::given(here);
    let network = Network::new(vec![center.clone()]);
    let judged = network.check(Some(&position), "US", 70.0, day("2026-11-24"));
    let judged = judged.with_requested(&requests, Some(&position));
    assert_eq!(judged.verdict, Verdict::OutOfRange);
    let said = reasons(&judged);
    assert_eq!((said.len(), said[1].code.as_str(), said[1].rule.as_str()), (2, "center_requested", "P5.4"));
    let detail = "a service center is asked for 0.0 miles away (A), expected by 2027-01-05; until it opens the appliance has Gold";
    assert_eq!(said[1].detail, detail);
    // Too far away, in range, or with a center that is set to open: nothing is said of a request.
    let nothing = |network: &Network, requests: &[RequestedCenter]| {
        let judged = network.check(Some(&position), "US", 70.0, day("2026-11-24"));
        assert_eq!(judged.with_requested(requests, Some(&position)).requested, None);
    };
    nothing(&network, &requests[2..]);
    nothing(&Network::new(vec![Center { point: here, ..center.clone() }]), &requests);
    nothing(&Network::new(vec![center.clone(), Center { point: here, opens_on: day("2026-12-24"), ..center }]), &requests);
}

#[test]
fn p5_4_the_center_that_opens_is_one_of_the_country_and_open() {
    let asked = ("US", day("2026-11-24"));
    let table = [
        (("US", "2026-12-24"), None),
        (("CA", "2026-12-24"), Some("center_in_other_country")),
        (("US", "2026-12-25"), Some("center_not_open_yet")),
        (("US", "2026-11-23"), Some("center_open_before")),
    ];
    for ((country, opens_on), code) in table {
        let done = opens(asked, (country, day(opens_on)), day("2026-12-24"), &terms());
        assert_eq!(done.err().map(|refusal| refusal.code), code, "{country} {opens_on}");
    }
}
