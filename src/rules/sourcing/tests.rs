use super::*;
use proptest::prelude::{prop, prop_assert, prop_assert_eq, proptest};

fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

fn part(text: &str) -> PartNumber {
    PartNumber::parse(text).unwrap()
}

fn kept(number: &str, fit: Fit) -> Acceptable {
    Acceptable { part: part(number), fit, tracked: true, excluded_from_gold_plus: false, export_controlled: false }
}

fn offer(center: &Code) -> Offer<'_> {
    Offer { center, source: Source::ServiceCenter, meters: None, hindrance: None }
}

fn shelves(units: &[(&str, &str, u32)]) -> Shelves {
    let mut shelves = Shelves::default();
    units.iter().for_each(|(center, number, units)| shelves.put(code(center), part(number), *units));
    shelves
}

/// What was picked where, and why the others were not.
fn told(sourced: &Sourced) -> (Option<(&str, Vec<&str>)>, Vec<&str>) {
    let found = sourced.found.as_ref();
    let rejected = sourced.asked.iter().filter_map(|a| a.rejected).map(Term::as_str);
    (found.map(|(center, picks)| (center.as_str(), picks.iter().map(|p| p.part.as_str()).collect())), rejected.collect())
}

#[test]
fn p4_what_nobody_keeps_is_taken_to_be_everywhere_but_a_substitute_is_not() {
    let near = code("SC-1");
    let line =
        vec![Acceptable { tracked: false, ..kept("PSU-1", Fit::Same) }, Acceptable { tracked: false, ..kept("PSU-2", Fit::NewerRevision) }];
    let sourced = source(Tier::Gold, &[line], [offer(&near)].into_iter(), &Shelves::default());
    assert_eq!(told(&sourced), (Some(("SC-1", vec!["PSU-1"])), vec![]));
    assert_eq!(sourced.found.unwrap().1[0].supply, Supply::Untracked);
}

#[test]
fn p4_the_same_part_goes_before_a_newer_revision_and_that_before_a_substitute() {
    let near = code("SC-1");
    let line = [vec![kept("PSU-1", Fit::Same), kept("PSU-2", Fit::NewerRevision), kept("PSU-X", Fit::ApprovedSubstitute)]];
    let picked = |units: &[(&str, &str, u32)]| {
        let sourced = source(Tier::Silver, &line, [offer(&near)].into_iter(), &shelves(units));
        let picks = sourced.found.as_ref().map(|(_, picks)| picks[0].part.to_string());
        (picks, sourced.asked[0].detail.clone())
    };
    let all = [("SC-1", "PSU-1", 1), ("SC-1", "PSU-2", 1), ("SC-1", "PSU-X", 1)];
    assert_eq!(picked(&all), (Some("PSU-1".into()), "a unit of PSU-1 is reserved".into()));
    assert_eq!(picked(&all[1..]), (Some("PSU-2".into()), "a unit of PSU-2, a newer revision, is reserved".into()));
    assert_eq!(picked(&all[2..]), (Some("PSU-X".into()), "a unit of PSU-X, an approved substitute, is reserved".into()));
    assert_eq!(picked(&[]), (None, "no unit is free of PSU-1 or PSU-2 or PSU-X".into()));
}

#[test]
fn p4_two_lines_never_get_one_unit_and_one_center_sends_all() {
    let (near, far) = (code("SC-1"), code("SC-2"));
    let lines = [vec![kept("PSU-1", Fit::Same), kept("PSU-2", Fit::NewerRevision)], vec![kept("PSU-2", Fit::Same)]];
    let offers = || [offer(&near), offer(&far)].into_iter();
    // The one PSU-2 is the second line's own part: the first line doesn't take it away.
    let one = shelves(&[("SC-1", "PSU-2", 1), ("SC-2", "PSU-1", 1), ("SC-2", "PSU-2", 1)]);
    assert_eq!(told(&source(Tier::Gold, &lines, offers(), &one)), (Some(("SC-2", vec!["PSU-1", "PSU-2"])), vec!["out_of_stock"]));
    let two = shelves(&[("SC-1", "PSU-2", 2)]);
    assert_eq!(told(&source(Tier::Gold, &lines, offers(), &two)), (Some(("SC-1", vec!["PSU-2", "PSU-2"])), vec![]));
}

#[test]
fn p4_2_a_courier_brings_nothing_that_gold_plus_excludes() {
    let near = code("SC-1");
    let line = [vec![kept("PSU-1", Fit::Same), Acceptable { excluded_from_gold_plus: true, ..kept("PSU-2", Fit::NewerRevision) }]];
    let have = shelves(&[("SC-1", "PSU-2", 1)]);
    assert_eq!(told(&source(Tier::GoldPlus, &line, [offer(&near)].into_iter(), &have)), (None, vec!["out_of_stock"]));
    assert_eq!(told(&source(Tier::Gold, &line, [offer(&near)].into_iter(), &have)), (Some(("SC-1", vec!["PSU-2"])), vec![]));
}

#[test]
fn p4_who_cannot_send_says_why_and_nobody_behind_the_one_that_sends_is_asked() {
    let names: Vec<Code> = ["SC-1", "SC-2", "SC-3", "SC-4", "SC-5"].into_iter().map(code).collect();
    let hindrances = [Some(Rejection::NotOpen), Some(Rejection::NoCourier), Some(Rejection::PositionTooCoarse), None, None];
    let offers = names.iter().zip(hindrances).map(|(center, hindrance)| Offer { hindrance, ..offer(center) });
    let sourced =
        source(Tier::GoldPlus, &[vec![kept("PSU-1", Fit::Same)]], offers, &shelves(&[("SC-4", "PSU-1", 1), ("SC-5", "PSU-1", 1)]));
    assert_eq!(told(&sourced), (Some(("SC-4", vec!["PSU-1"])), vec!["not_open", "no_courier", "position_too_coarse"]));
    assert_eq!(sourced.asked.len(), 4);
    assert!(sourced.asked.iter().all(|a| !a.detail.is_empty()));
    let kept: Vec<Asked> = serde_json::from_value(serde_json::to_value(&sourced.asked).unwrap()).unwrap();
    assert_eq!(kept, sourced.asked);
}

#[test]
fn p4_what_nobody_has_waits_under_its_own_number() {
    let untracked = Acceptable { tracked: false, ..kept("FAN-1", Fit::Same) };
    let picks = backorder(&[vec![kept("PSU-1", Fit::Same), kept("PSU-2", Fit::NewerRevision)], vec![untracked]]);
    let told: Vec<(&str, Supply)> = picks.iter().map(|p| (p.part.as_str(), p.supply)).collect();
    assert_eq!(told, [("PSU-1", Supply::Backordered), ("FAN-1", Supply::Untracked)]);
}

proptest! {
    /// Whatever is asked for: nothing is picked that isn't there, nothing twice, and always at the first center that has it all.
    #[test]
    fn p4_sourcing_picks_only_what_is_free(
        lines in prop::collection::vec(prop::collection::vec(0_usize..4, 1..4), 1..5),
        stock in prop::collection::vec((0_usize..3, 0_usize..4, 0_u32..3), 0..10),
    ) {
        let names: Vec<Code> = (0..3).map(|n| code(&format!("SC-{n}"))).collect();
        let number = |n: &usize| format!("P-{n}");
        let line = |parts: &Vec<usize>| -> Vec<Acceptable> {
            let fits = [Fit::Same, Fit::NewerRevision, Fit::ApprovedSubstitute];
            parts.iter().zip(fits).map(|(n, fit)| kept(&number(n), fit)).collect()
        };
        let lines: Vec<Vec<Acceptable>> = lines.iter().map(line).collect();
        let mut have = Shelves::default();
        stock.iter().for_each(|(center, n, units)| have.put(names[*center].clone(), part(&number(n)), *units));
        let sourced = source(Tier::Gold, &lines, names.iter().map(offer), &have);
        prop_assert_eq!(sourced.asked.len(), sourced.found.as_ref().map_or(3, |(center, _)| 1 + names.iter().position(|c| c == center).unwrap()));
        if let Some((center, picks)) = &sourced.found {
            prop_assert_eq!(picks.len(), lines.len());
            for pick in picks {
                let wanted = picks.iter().filter(|p| p.part == pick.part).count();
                prop_assert!(u32::try_from(wanted).unwrap() <= have.free(center, &pick.part));
            }
            prop_assert!(picks.iter().zip(&lines).all(|(pick, line)| line.iter().any(|a| a.part == pick.part && a.fit == pick.fit)));
        }
    }
}

#[test]
fn p4_a_shelf_counts_what_is_put_on_it() {
    let have = shelves(&[("SC-1", "PSU-1", 1), ("SC-1", "PSU-1", 2)]);
    assert_eq!((have.free(&code("SC-1"), &part("PSU-1")), have.free(&code("SC-2"), &part("PSU-1"))), (3, 0));
}
