use super::*;
use crate::print::samples;
use crate::rules::tier::Tier;
use chrono_tz::America::New_York;

#[test]
fn p4_6_papers_say_where_to_what_and_by_when() {
    let papers = samples::papers(&samples::facts(), New_York);
    assert_eq!(papers.return_by, By::Day("Friday, December 4, 2026".into()));
    assert_eq!(papers.from, ["Example Airlines", "Data Center 1 (SITE-1)", "1 Harbor Street", "Naples, FL, 34102", "United States"]);
    assert_eq!(papers.dock[0], "Fort Lauderdale Service Center (SC-FLL)");
    assert_eq!((papers.units.len(), papers.count().as_str()), (2, "2 units"));
    // The day is the customer's.
    let there = samples::papers(&samples::facts(), chrono_tz::Asia::Tokyo);
    assert_eq!(there.return_by, By::Day("Saturday, December 5, 2026".into()));
}

#[test]
fn p4_6_what_is_back_is_not_on_the_papers() {
    let mut facts = samples::facts();
    facts.lines[0].returned = true;
    let papers = samples::papers(&facts, New_York);
    assert_eq!((papers.units.len(), papers.units[0].line, papers.count().as_str()), (1, 2, "1 unit"));
    facts.lines[1].returned = true;
    assert_eq!(Papers::of(&facts, New_York, "V"), None);
}

#[test]
fn p4_6_without_a_dock_there_are_no_papers() {
    let facts = NoticeFacts { ships_from: None, ..samples::facts() };
    assert_eq!(Papers::of(&facts, New_York, "V"), None);
}

#[test]
fn the_site_is_not_named_twice() {
    let site = samples::place("S", "Example Airlines, Data Center 1", &["United States"]);
    let facts = NoticeFacts { ship_to: Some(site), ..samples::facts() };
    assert_eq!(samples::papers(&facts, New_York).from[0], "Example Airlines, Data Center 1 (S)");
}

#[test]
fn each_country_prints_on_its_paper() {
    assert_eq!(samples::papers(&samples::facts(), New_York).paper, Paper::American);
    assert_eq!(samples::papers(&samples::abroad(), New_York).paper, Paper::Iso);
    assert!(AMERICAN.iter().all(|code| countries::exists(code)));
    assert_eq!(Paper::of(""), Paper::Iso);
}

#[test]
fn before_the_delivery_the_steps_say_to_wait() {
    let mut facts = samples::facts();
    assert!(samples::papers(&facts, New_York).steps().iter().any(|s| s.ends_with("there by Friday, December 4, 2026.")));
    facts.deadlines[0].state = DeadlineState::Missed;
    let papers = samples::papers(&facts, New_York);
    assert_eq!(papers.return_by.to_string(), "Friday, December 4, 2026: overdue");
    assert!(papers.steps().iter().any(|s| s.ends_with("now: it was due there on Friday, December 4, 2026.")));
    facts.deadlines.clear();
    assert!(samples::papers(&facts, New_York).steps().iter().any(|s| s.starts_with("Wait until the replacement has arrived")));
    // Under Bronze there is nothing to wait for, even where the calendar has no day.
    facts.delivered_tier = Tier::Bronze;
    let papers = samples::papers(&facts, New_York);
    assert_eq!(papers.return_by, By::Now);
    assert!(papers.steps().iter().any(|s| s == "Send the box to the address above now.") && !papers.steps()[1].contains("replacement"));
}
