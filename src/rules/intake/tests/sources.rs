//! Where the replacement comes from.

use super::*;
use crate::rules::sourcing::Rejection;
use crate::rules::stock::{Fit, Supply};

const MIAMI: (f64, f64) = (25.7617, -80.1918);
const ATLANTA: (f64, f64) = (33.7490, -84.3880);
const MEMPHIS: (f64, f64) = (35.1495, -90.0490);

/// Two centers within the radius, a far one, and the warehouse of the region; the part is kept in stock.
fn network(tier: Tier, free: &[(&str, u32)]) -> Facts {
    let mut facts = facts(tier);
    let warehouse = CenterFacts { warehouse_for: vec![Region::NorthAmerica], ..center("WH-MEM", "US", MEMPHIS) };
    facts.centers.extend([center("SC-MIA", "US", MIAMI), center("SC-ATL", "US", ATLANTA), warehouse]);
    facts.lines = vec![with_part("PSU-1", |part| part.tracked = true)];
    for (name, units) in free {
        facts.shelves.put(code(name), PartNumber::parse("PSU-1").unwrap(), *units);
    }
    facts
}

fn decided(facts: &Facts) -> Plan {
    decide(facts, &terms(), &Calendars, at(NOW)).unwrap()
}

/// Tier, center, supply of the line, reasons, and who was asked in vain.
type Told<'a> = (Tier, &'a str, Supply, Vec<&'a str>, Vec<(&'a str, Rejection)>);

fn told(plan: &Plan) -> Told<'_> {
    let rejected = plan.asked.iter().filter_map(|a| Some((a.service_center.as_str(), a.rejected?)));
    (
        plan.delivered_tier,
        plan.ships_from.as_ref().map_or("", Code::as_str),
        plan.picks[0].supply,
        plan.reasons.iter().map(|r| r.code.as_str()).collect(),
        rejected.collect(),
    )
}

#[test]
fn p4_2_gold_plus_comes_from_the_nearest_center_in_the_radius_that_has_the_part() {
    use Rejection::OutOfStock;
    let plan = decided(&network(Tier::GoldPlus, &[("SC-FLL", 1), ("SC-MIA", 1), ("WH-MEM", 9)]));
    assert_eq!(told(&plan), (Tier::GoldPlus, "SC-FLL", Supply::Reserved, vec![], vec![]));
    let plan = decided(&network(Tier::GoldPlus, &[("SC-MIA", 1), ("WH-MEM", 9)]));
    assert_eq!(told(&plan), (Tier::GoldPlus, "SC-MIA", Supply::Reserved, vec![], vec![("SC-FLL", OutOfStock)]));
    assert_eq!(plan.courier, Some(code("COURIER-1")));
    // Nobody near: Gold, from the warehouse, and the promise says why.
    let plan = decided(&network(Tier::GoldPlus, &[("SC-ATL", 5), ("WH-MEM", 9)]));
    let near = vec![("SC-FLL", OutOfStock), ("SC-MIA", OutOfStock)];
    assert_eq!(told(&plan), (Tier::Gold, "WH-MEM", Supply::Reserved, vec!["no_stock_within_radius"], near));
    assert_eq!(plan.courier, None);
}

#[test]
fn p4_2_a_closed_center_and_one_without_courier_are_passed_over() {
    let mut facts = network(Tier::GoldPlus, &[("SC-FLL", 1), ("SC-MIA", 1)]);
    facts.centers[0].couriers.clear();
    assert_eq!(told(&decided(&facts)), (Tier::GoldPlus, "SC-MIA", Supply::Reserved, vec![], vec![("SC-FLL", Rejection::NoCourier)]));
    facts.centers[0].center.closes_on = Some("2026-11-25".parse().unwrap());
    assert_eq!(told(&decided(&facts)), (Tier::GoldPlus, "SC-MIA", Supply::Reserved, vec![], vec![("SC-FLL", Rejection::NotOpen)]));
}

#[test]
fn p4_parcels_leave_from_the_warehouse_of_the_region_then_from_the_nearest_center() {
    use Rejection::{NotOpen, OutOfStock};
    for tier in [Tier::Bronze, Tier::Silver, Tier::Gold] {
        let plan = decided(&network(tier, &[("SC-FLL", 1), ("WH-MEM", 1)]));
        assert_eq!(told(&plan), (tier, "WH-MEM", Supply::Reserved, vec![], vec![]));
    }
    let plan = decided(&network(Tier::Silver, &[("SC-MIA", 1)]));
    let passed = vec![("WH-MEM", OutOfStock), ("SC-FLL", OutOfStock)];
    assert_eq!(told(&plan), (Tier::Silver, "SC-MIA", Supply::Reserved, vec![], passed));
    let mut facts = network(Tier::Silver, &[("SC-FLL", 1), ("WH-MEM", 1)]);
    facts.centers[3].center.closes_on = Some("2026-11-25".parse().unwrap());
    assert_eq!(told(&decided(&facts)), (Tier::Silver, "SC-FLL", Supply::Reserved, vec![], vec![("WH-MEM", NotOpen)]));
}

#[test]
fn p4_what_nobody_has_is_promised_from_the_warehouse_and_says_that_it_waits() {
    let plan = decided(&network(Tier::Silver, &[]));
    let (tier, from, supply, reasons, rejected) = told(&plan);
    assert_eq!((tier, from, supply, reasons), (Tier::Silver, "WH-MEM", Supply::Backordered, vec!["backordered"]));
    assert_eq!(rejected.len(), 4, "every center was asked");
    let plan = decided(&network(Tier::GoldPlus, &[]));
    assert_eq!(told(&plan).3, ["no_stock_within_radius", "backordered"]);
}

#[test]
fn p4_5_what_is_sent_decides_about_export_papers() {
    let mut facts = network(Tier::Silver, &[]);
    facts.centers = vec![center("SC-TOR", "CA", (43.6532, -79.3832))];
    facts.lines = vec![with_part("PSU-1", |part| {
        part.tracked = true;
        let newer = PartNumber::parse("PSU-2").unwrap();
        let substitute =
            Acceptable { part: newer, fit: Fit::NewerRevision, tracked: true, excluded_from_gold_plus: false, export_controlled: true };
        part.substitutes = vec![substitute];
    })];
    facts.shelves.put(code("SC-TOR"), PartNumber::parse("PSU-2").unwrap(), 1);
    let plan = decided(&facts);
    assert_eq!(plan.picks[0].part.as_str(), "PSU-2");
    assert_eq!(told(&plan).3, ["export_papers_needed"]);
    facts.shelves.put(code("SC-TOR"), PartNumber::parse("PSU-1").unwrap(), 1);
    assert_eq!(told(&decided(&facts)).3, [""; 0]);
}
