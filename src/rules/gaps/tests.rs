use super::*;
use crate::rules::coverage::METERS_PER_MILE;
use proptest::prelude::{Strategy, prop, prop_assert, prop_assert_eq, proptest};

fn point(latitude: f64, longitude: f64) -> Point {
    Point::new(latitude, longitude).unwrap()
}

fn gap(site: &str, at: (f64, f64), holdings: &[(usize, i64)]) -> Gap {
    Gap {
        site: site.to_owned(),
        country: "US".to_owned(),
        home: "US".to_owned(),
        point: point(at.0, at.1),
        radius_meters: 0.0,
        limit_meters: 70.0 * METERS_PER_MILE,
        holdings: holdings.to_vec(),
    }
}

fn place(name: &str, at: (f64, f64), people: u32) -> Place {
    let us = || "US".to_owned();
    Place { name: Some(name.to_owned()), region: None, country: us(), home: us(), point: point(at.0, at.1), people }
}

fn names(proposals: &[Proposal]) -> Vec<&str> {
    proposals.iter().map(|p| p.place.name.as_deref().unwrap_or("-")).collect()
}

#[test]
fn p5_2_the_place_by_which_most_contracts_gain_comes_first_and_a_contract_counts_once() {
    // Three appliances of one contract at two sites in the north, two contracts in the south, one of them in the north too.
    let gaps =
        [gap("N1", (45.0, -100.0), &[(0, 2)]), gap("N2", (45.1, -100.0), &[(0, 1), (2, 1)]), gap("S1", (35.0, -100.0), &[(1, 1), (2, 1)])];
    let places = vec![place("North", (45.0, -100.1), 10), place("South", (35.0, -100.1), 10), place("Nowhere", (30.0, -120.0), 1_000_000)];
    let found = propose(&gaps, places, 10);
    assert_eq!(names(&found), ["North", "South"]);
    assert_eq!(found[0].gain, Gain { contracts: 2, appliances: 4, sites: 2 });
    assert_eq!(found[1].gain, Gain { contracts: 1, appliances: 2, sites: 1 });
    assert_eq!(found[1].cumulative, Gain { contracts: 3, appliances: 6, sites: 3 });
    assert_eq!(found[0].reached, [0, 1]);
    assert_eq!(propose(&gaps, vec![place("Nowhere", (30.0, -120.0), 5)], 10), []);
}

#[test]
fn p5_2_of_equal_places_the_larger_is_proposed_then_by_name() {
    let gaps = [gap("A", (45.0, -100.0), &[(0, 1)])];
    let near = |name, people| place(name, (45.05, -100.0), people);
    assert_eq!(names(&propose(&gaps, vec![near("Alpha", 10), near("Beta", 20)], 1)), ["Beta"]);
    assert_eq!(names(&propose(&gaps, vec![near("Beta", 10), near("Alpha", 10)], 1)), ["Alpha"]);
}

#[test]
fn p5_2_a_gap_is_judged_from_the_place_with_what_is_doubtful_about_it() {
    let a = place("A", (45.0, -100.0), 1);
    let exact = gap("X", (45.0, -98.6), &[(0, 1)]);
    let meters = distance_meters(a.point, exact.point);
    assert_eq!(propose(&[Gap { limit_meters: meters, ..exact.clone() }], vec![a.clone()], 1).len(), 1, "the limit is inclusive");
    assert_eq!(propose(&[Gap { limit_meters: meters - 0.000_1, ..exact.clone() }], vec![a.clone()], 1).len(), 0);
    let coarse = |limit: f64| Gap { limit_meters: limit, radius_meters: 5_000.0, ..exact.clone() };
    assert_eq!(propose(&[coarse(meters + 5_000.0)], vec![a.clone()], 1).len(), 0, "too coarse to tell");
    assert_eq!(propose(&[coarse(meters + 5_000.1)], vec![a.clone()], 1).len(), 1);
    let abroad = Gap { home: "MX".to_owned(), ..exact };
    assert_eq!(propose(&[abroad], vec![a], 1).len(), 0, "centers serve their own country");
}

#[test]
fn p5_2_candidates_are_large_places_the_nearest_ones_and_a_site_that_has_none() {
    let gaps = [gap("A", (45.0, -100.0), &[(0, 1)]), gap("SEA", (0.0, -150.0), &[(0, 1)])];
    let many = (0..3_000).map(|number| place(&format!("P{number}"), (45.0 + f64::from(number) / 1_000.0, -100.0), number));
    let found = candidates(&gaps, many.collect());
    assert_eq!(found.len(), PLACES_MOST + 2);
    assert!(found.iter().any(|place| place.name.as_deref() == Some("P0")), "the nearest, however small");
    assert!(found.last().is_some_and(|last| last.name.is_none() && last.point == gaps[1].point));
}

/// Where a site is, which contracts it has, whether it is abroad, how coarse its position and how far its limit is.
type Seed = ((f64, f64), BTreeMap<usize, i64>, bool, u32, f64);

/// Sites and places of two countries within some 300 miles, over the date line, with limits that lie among the distances.
fn inputs() -> impl Strategy<Value = (Vec<Gap>, Vec<Place>)> {
    let at = || (50.0..54.0_f64, -3.0..3.0_f64).prop_map(|(north, east)| (north, if east < 0.0 { 180.0 + east } else { east - 180.0 }));
    let home = |second: bool| if second { "FJ" } else { "US" }.to_owned();
    let holdings = prop::collection::btree_map(0..12_usize, 1..4_i64, 1..3);
    let site = (at(), holdings, prop::bool::weighted(0.2), 0..3_u32, 20.0..90.0_f64);
    let sites = prop::collection::vec(site, 0..40).prop_map(move |all| {
        let made = |(number, (at, holdings, second, coarse, miles)): (usize, Seed)| Gap {
            home: home(second),
            radius_meters: f64::from(coarse) * 4_000.0,
            limit_meters: miles * METERS_PER_MILE,
            ..gap(&format!("S{number}"), at, &holdings.into_iter().collect::<Vec<_>>())
        };
        all.into_iter().enumerate().map(made).collect::<Vec<Gap>>()
    });
    let places = prop::collection::vec((at(), 0..3_u32, prop::bool::weighted(0.2)), 0..25).prop_map(move |all| {
        let made = |(number, (at, people, second)): (usize, ((f64, f64), u32, bool))| Place {
            home: home(second),
            ..place(&format!("P{}", number % 7), at, people)
        };
        all.into_iter().enumerate().map(made).collect::<Vec<Place>>()
    });
    (sites, places)
}

/// What a place brings, counted the plain way.
fn brings(gaps: &[Gap], place: &Place, before: &HashSet<usize>) -> (Gain, HashSet<usize>) {
    let mine = |number: &usize| gaps[*number].home == place.home && reaches(place.point, &gaps[*number]);
    let new: HashSet<usize> = (0..gaps.len()).filter(|number| !before.contains(number)).filter(mine).collect();
    let contracts = |of: &HashSet<usize>| of.iter().flat_map(|n| gaps[*n].holdings.iter().map(|h| h.0)).collect::<HashSet<usize>>();
    let appliances = new.iter().flat_map(|n| gaps[*n].holdings.iter().map(|h| h.1)).sum();
    let gained = contracts(&new).difference(&contracts(before)).count();
    (Gain { contracts: gained, appliances, sites: new.len() }, new)
}

proptest! {
    #[test]
    fn p5_2_each_step_is_the_best_that_there_is((gaps, places) in inputs()) {
        let found = propose(&gaps, places.clone(), 10);
        let mut before = HashSet::new();
        let mut cumulative = Gain::default();
        for proposal in &found {
            let best = places.iter().map(|place| brings(&gaps, place, &before).0).max().unwrap();
            let (gain, new) = brings(&gaps, &proposal.place, &before);
            prop_assert_eq!(proposal.gain, best);
            prop_assert_eq!(gain, best);
            prop_assert_eq!(&proposal.reached.iter().copied().collect::<HashSet<_>>(), &new);
            before.extend(new);
            cumulative.contracts += gain.contracts;
            cumulative.appliances += gain.appliances;
            cumulative.sites += gain.sites;
            prop_assert_eq!(proposal.cumulative, cumulative);
        }
        // Nothing is left out: who is not proposed brings nothing more.
        prop_assert!(found.len() == 10 || places.iter().all(|place| brings(&gaps, place, &before).0.sites == 0));
    }

    #[test]
    fn p5_2_the_order_of_what_is_given_makes_no_difference((gaps, places) in inputs(), turn in 0..40_usize) {
        let shown = |gaps: &[Gap], places: Vec<Place>| -> Vec<(Place, Gain, Vec<String>)> {
            let site = |number: &usize| gaps[*number].site.clone();
            propose(gaps, places, 10).into_iter().map(|p| (p.place, p.gain, p.reached.iter().map(site).collect())).collect()
        };
        let (mut other_gaps, mut other_places) = (gaps.clone(), places.clone());
        other_gaps.reverse();
        other_places.reverse();
        let turned = turn % other_gaps.len().max(1);
        other_gaps.rotate_left(turned);
        let turned = turn % other_places.len().max(1);
        other_places.rotate_left(turned);
        prop_assert_eq!(shown(&gaps, places), shown(&other_gaps, other_places));
    }

    #[test]
    fn p5_2_the_nearest_place_is_found_as_by_looking_at_all((gaps, places) in inputs()) {
        let index = Index::new(places.iter().enumerate().map(|(number, place)| (number, place.point)));
        for gap in &gaps {
            let found = index.nearest(gap.point).map(|number| distance_meters(gap.point, places[number].point));
            let best = places.iter().map(|place| distance_meters(gap.point, place.point)).min_by(f64::total_cmp);
            // By the chord: two that are as near as a millimeter may change places.
            prop_assert!(found.zip(best).is_none_or(|(found, best)| found - best < 0.01), "{:?} {:?}", found, best);
            prop_assert_eq!(found.is_some(), best.is_some());
        }
    }
}
