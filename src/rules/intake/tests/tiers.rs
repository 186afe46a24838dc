//! What each tier promises: the table of P4, on the days around Thanksgiving, and in every region.

use super::*;
use crate::rules::clock::DueAt;
use crate::rules::deadline::Target;
use chrono::NaiveTime;

#[test]
fn p4_each_tier_promises_what_the_table_says() {
    // Tier, what the replacement's deadline is called, when it is due, when the defective unit is due.
    let table = [
        // Ten business days from Wednesday over Thanksgiving, at 21:00; five from the issue, at the end of the day.
        (Tier::Bronze, DeadlineKind::ShipBy, "2026-12-10T21:00:00-05:00", "2026-12-04T00:00:00-05:00"),
        // One business day; the return waits for the delivery.
        (Tier::Silver, DeadlineKind::ShipBy, "2026-11-27T21:00:00-05:00", "waiting"),
        (Tier::Gold, DeadlineKind::ShipBy, "2026-11-27T21:00:00-05:00", "waiting"),
        // Four hours, whatever day it is.
        (Tier::GoldPlus, DeadlineKind::DeliverBy, "2026-11-25T18:00:00-05:00", "waiting"),
    ];
    for (tier, kind, replacement, unit) in table {
        let plan = plan(&facts(tier), NOW);
        assert_eq!((plan.entitled_tier, plan.delivered_tier, reasons(&plan)), (tier, tier, vec![]), "{tier}");
        assert_eq!((due(&plan, kind).as_str(), due(&plan, DeadlineKind::ReturnBy).as_str()), (replacement, unit), "{tier}");
        assert_eq!(plan.deadlines.len(), 2, "{tier}");
        assert_eq!((plan.contract.as_str(), plan.program_version.as_str()), ("K-1", "2026-01"));
        assert_eq!(plan.ships_from, Some(code("SC-FLL")));
        assert_eq!(plan.courier, (tier == Tier::GoldPlus).then(|| code("COURIER-1")), "{tier}");
    }
}

#[test]
fn p4_each_deadline_says_what_it_is_counted_from() {
    let five_days = Target::BusinessDays { days: 5, due: DueAt::EndOfDay, cut_off: None };
    let ships =
        |days| Target::BusinessDays { days, due: DueAt::CloseOfBusiness(NaiveTime::from_hms_opt(21, 0, 0).unwrap()), cut_off: None };
    // Tier, target of the replacement, whether the return counts from the issue (else from the delivery).
    let table = [
        (Tier::Bronze, ships(10), true),
        (Tier::Silver, ships(1), false),
        (Tier::Gold, ships(1), false),
        (Tier::GoldPlus, Target::Elapsed { hours: 4 }, false),
    ];
    for (tier, replacement, from_issue) in table {
        let plan = plan(&facts(tier), NOW);
        let [first, unit] = plan.deadlines.as_slice() else { panic!("{tier}") };
        assert_eq!((&first.basis.target, first.basis.starts_at), (&replacement, Some(at(NOW))), "{tier}");
        assert_eq!((unit.basis.kind, &unit.basis.target), (DeadlineKind::ReturnBy, &five_days), "{tier}");
        assert_eq!(unit.basis.starts_at, from_issue.then(|| at(NOW)), "{tier}");
        assert_eq!(unit.basis.waits_for, if from_issue { vec![] } else { vec![WaitsFor::Delivery] }, "{tier}");
        let rules: Vec<&str> = first.basis.rules.iter().map(String::as_str).collect();
        assert_eq!(rules, if tier == Tier::GoldPlus { vec!["P4", "P4.2"] } else { vec!["P4", "P3.4", "P3.5"] }, "{tier}");
    }
}

#[test]
fn p3_2_close_of_business_is_when_the_coverage_of_the_region_ends() {
    // One business day from Wednesday, 11 November 2026, 03:00 in Greenwich, which is Tuesday evening in New York. The
    // center is in a country that has no holidays in these weeks.
    let table = [
        (Region::NorthAmerica, "2026-11-11T21:00:00-05:00"),
        (Region::LatinAmerica, "2026-11-11T21:00:00-05:00"),
        (Region::Caribbean, "2026-11-11T21:00:00-05:00"),
        (Region::Europe, "2026-11-12T18:00:00+00:00"),
        (Region::MiddleEast, "2026-11-12T18:00:00+00:00"),
        (Region::Africa, "2026-11-12T18:00:00+00:00"),
        (Region::Asia, "2026-11-12T18:00:00+08:00"),
        (Region::AustraliaNewZealand, "2026-11-12T18:00:00+11:00"),
        (Region::Japan, "2026-11-12T17:30:00+09:00"),
    ];
    for (region, expected) in table {
        let mut facts = facts(Tier::Silver);
        facts.appliance.contracts[0].region = region;
        facts.centers = vec![center("SC-1", "IE", FORT_LAUDERDALE)];
        assert_eq!(due(&plan(&facts, "2026-11-11T03:00:00Z"), DeadlineKind::ShipBy), expected, "{region}");
    }
    // Greenwich follows summer time.
    let mut facts = facts(Tier::Silver);
    facts.appliance.contracts[0].region = Region::Europe;
    facts.centers = vec![center("SC-1", "IE", FORT_LAUDERDALE)];
    assert_eq!(due(&plan(&facts, "2026-07-15T03:00:00Z"), DeadlineKind::ShipBy), "2026-07-16T18:00:00+01:00");
}

#[test]
fn p3_4_the_days_of_the_return_are_those_of_the_site() {
    // Five business days from Wednesday, 25 November 2026, 19:00 in Greenwich, in the zone and by the calendar of the site.
    let table = [
        ("US", None, America::New_York, "2026-12-04T00:00:00-05:00"),
        // Florida closes on the Friday after Thanksgiving as well.
        ("US", Some("FL"), America::New_York, "2026-12-05T00:00:00-05:00"),
        ("ES", None, Europe::Madrid, "2026-12-03T00:00:00+01:00"),
        // It is Thursday in Tokyo and Sydney already.
        ("JP", None, Asia::Tokyo, "2026-12-04T00:00:00+09:00"),
        ("AU", None, Australia::Sydney, "2026-12-04T00:00:00+11:00"),
        // Friday and Saturday are the weekend.
        ("SA", None, Asia::Riyadh, "2026-12-03T00:00:00+03:00"),
    ];
    for (country, subdivision, zone, expected) in table {
        let mut facts = facts(Tier::Bronze);
        let site = facts.site.as_mut().unwrap();
        (site.country, site.subdivision, site.zone) = (country.into(), subdivision.map(str::to_owned), zone);
        assert_eq!(due(&plan(&facts, NOW), DeadlineKind::ReturnBy), expected, "{country} {subdivision:?}");
    }
    // Without a site: the customer's home, in the zone of the contract.
    let homeless = Facts { site: None, home: ("US".into(), Some("FL".into())), ..facts(Tier::Bronze) };
    assert_eq!(due(&plan(&homeless, NOW), DeadlineKind::ReturnBy), "2026-12-05T00:00:00-05:00");
}

#[test]
fn p3_5_each_deadline_has_its_zone_its_calendar_and_its_working() {
    for tier in [Tier::Bronze, Tier::Silver, Tier::Gold, Tier::GoldPlus] {
        for deadline in plan(&facts(tier), NOW).deadlines {
            assert_eq!((deadline.basis.zone, deadline.basis.calendar.as_str()), (America::New_York, "US"), "{tier}");
            assert_eq!(deadline.due_at, deadline.steps.last().map(|s| s.to), "{tier}");
        }
    }
}

#[test]
fn p3_4_make_up_working_days_count_in_the_countries_that_the_program_names() {
    let mut facts = facts(Tier::Bronze);
    (facts.site, facts.home) = (None, ("CN".into(), None));
    let calendar = |program: &Program| {
        let plan = decide(&facts, program, &Calendars, at("2026-11-24T10:00:00Z")).unwrap();
        plan.deadlines.iter().find(|d| d.basis.kind == DeadlineKind::ReturnBy).unwrap().basis.calendar.clone()
    };
    let mut program = terms();
    assert_eq!(calendar(&program), "CN");
    program.makeup_workdays.insert("CN".into());
    assert_eq!(calendar(&program), "CN+makeup");
}
