use super::*;
use crate::rules::refusal::RefusalClass;
use chrono_tz::{America, Asia, Europe};

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn contract(number: &str, tier: Tier, zone: Tz, starts_on: &str, ends_on: &str) -> ContractFacts {
    let number = ContractNumber::parse(number).unwrap();
    ContractFacts { number, region: Region::NorthAmerica, tier, zone, starts_on: day(starts_on), ends_on: day(ends_on), four_hour: false }
}

fn appliance(contracts: Vec<ContractFacts>) -> ApplianceFacts {
    ApplianceFacts {
        serial_number: SerialNumber::parse("SN-1").unwrap(),
        model: "MX-1".into(),
        kind: ApplianceKind::Physical,
        end_of_maintenance_on: None,
        contracts,
    }
}

/// An appliance under a contract of the year 2026.
fn covered() -> ApplianceFacts {
    appliance(vec![contract("K-1", Tier::Gold, Tz::UTC, "2026-01-01", "2026-12-31")])
}

fn line(part_number: &str) -> LineFacts {
    let part = PartFacts {
        description: "power supply".into(),
        fits_model: true,
        excluded_from_gold_plus: false,
        excluded_from_maintenance: false,
        export_controlled: false,
        tracked: false,
        substitutes: Vec::new(),
    };
    LineFacts {
        serial_number: SerialNumber::parse("SN-1").unwrap(),
        part_number: PartNumber::parse(part_number).unwrap(),
        part: Some(part),
        verified: true,
        replaced_by: None,
    }
}

fn with_part(part_number: &str, change: impl FnOnce(&mut PartFacts)) -> LineFacts {
    let mut line = line(part_number);
    change(line.part.as_mut().unwrap());
    line
}

const NOW: &str = "2026-06-15T12:00:00Z";

/// Code, rule and field of every refusal.
fn refused(appliance: &ApplianceFacts, lines: &[LineFacts], now: &str) -> Vec<(&'static str, &'static str, String)> {
    let refusals = judge(appliance, lines, at(now)).unwrap_err();
    refusals.into_iter().map(|r| (r.code, r.rule.unwrap(), r.field.unwrap_or_default())).collect()
}

#[test]
fn p1_a_virtual_appliance_is_refused_with_the_hint() {
    let refusals = judge(&ApplianceFacts { kind: ApplianceKind::Virtual, ..covered() }, &[line("PSU-1")], at(NOW)).unwrap_err();
    let [refusal] = refusals.as_slice() else { panic!("{refusals:?}") };
    assert_eq!((refusal.code, refusal.rule, refusal.class), ("virtual_appliance", Some("P1"), RefusalClass::Refused));
    assert_eq!(refusal.detail, "a virtual appliance can't be under Appliance Maintenance; software support is the way");
}

#[test]
fn p4_1_a_contract_is_active_on_the_days_of_its_own_zone() {
    let table = [
        // The first day begins at 00:00 in the contract's zone, and counts.
        (Asia::Tokyo, "2026-05-31T14:59:59.999999Z", Some("contract_not_started")),
        (Asia::Tokyo, "2026-05-31T15:00:00Z", None),
        (America::Los_Angeles, "2026-06-01T06:59:59.999999Z", Some("contract_not_started")),
        (America::Los_Angeles, "2026-06-01T07:00:00Z", None),
        // The last day counts to its end: the midnight that ends it doesn't.
        (Asia::Tokyo, "2026-06-30T14:59:59.999999Z", None),
        (Asia::Tokyo, "2026-06-30T15:00:00Z", Some("contract_ended")),
        (America::Los_Angeles, "2026-07-01T06:59:59.999999Z", None),
        (America::Los_Angeles, "2026-07-01T07:00:00Z", Some("contract_ended")),
        (Tz::UTC, "2026-06-01T00:00:00Z", None),
        (Tz::UTC, "2026-07-01T00:00:00Z", Some("contract_ended")),
    ];
    for (zone, now, code) in table {
        let contracts = [contract("K-1", Tier::Silver, zone, "2026-06-01", "2026-06-30")];
        assert_eq!(active_contract(&contracts, at(now)).err().map(|r| r.code), code, "{zone} {now}");
    }
    // On the days on which clocks change a day is as long as it is: 23 hours on 2026-03-29, 25 on 2026-10-25.
    for (date, last, after) in [
        ("2026-03-29", "2026-03-29T21:59:59.999999Z", "2026-03-29T22:00:00Z"),
        ("2026-10-25", "2026-10-25T22:59:59.999999Z", "2026-10-25T23:00:00Z"),
    ] {
        let contracts = [contract("K-1", Tier::Silver, Europe::Berlin, date, date)];
        assert!(active_contract(&contracts, at(last)).is_ok(), "{last}");
        assert_eq!(active_contract(&contracts, at(after)).unwrap_err().code, "contract_ended");
    }
}

#[test]
fn p4_1_a_refusal_names_the_contract_its_day_and_its_zone() {
    let tokyo = |from, to| contract("K-1", Tier::Silver, Asia::Tokyo, from, to);
    let before = active_contract(&[tokyo("2026-07-01", "2026-07-31")], at(NOW)).unwrap_err();
    assert_eq!(before.detail, "contract K-1 starts on 2026-07-01 (Asia/Tokyo)");
    let after = active_contract(&[tokyo("2026-05-01", "2026-05-31")], at(NOW)).unwrap_err();
    assert_eq!(after.detail, "contract K-1 ended on 2026-05-31 (Asia/Tokyo)");
    let none = active_contract(&[], at(NOW)).unwrap_err();
    assert_eq!((none.code, none.rule), ("no_contract", Some("P4.1")));
}

#[test]
fn p4_1_the_highest_tier_among_the_active_contracts_entitles() {
    let year = |number, tier| contract(number, tier, Tz::UTC, "2026-01-01", "2026-12-31");
    let until = |number, tier, end| contract(number, tier, Tz::UTC, "2026-01-01", end);
    let table = [
        (vec![year("K-S", Tier::Silver), year("K-GP", Tier::GoldPlus), year("K-G", Tier::Gold)], "K-GP"),
        (vec![year("K-B", Tier::Bronze), year("K-S", Tier::Silver)], "K-S"),
        // A higher one that has ended, or has not started, entitles to nothing.
        (vec![year("K-S", Tier::Silver), until("K-GP", Tier::GoldPlus, "2026-06-14")], "K-S"),
        (vec![contract("K-GP", Tier::GoldPlus, Tz::UTC, "2026-06-16", "2026-12-31"), year("K-B", Tier::Bronze)], "K-B"),
        // Of two equal ones, the one that ends last; of two that end together, the lower number.
        (vec![until("K-1", Tier::Gold, "2026-11-30"), until("K-2", Tier::Gold, "2026-12-31")], "K-2"),
        (vec![year("K-2", Tier::Gold), year("K-1", Tier::Gold)], "K-1"),
    ];
    for (contracts, expected) in table {
        for contracts in [contracts.clone(), contracts.into_iter().rev().collect()] {
            assert_eq!(active_contract(&contracts, at(NOW)).unwrap().number.as_str(), expected, "{contracts:?}");
        }
    }
}

#[test]
fn p4_1_of_several_inactive_contracts_the_next_to_start_is_named_then_the_last_that_ended() {
    let old = contract("K-OLD", Tier::Gold, Tz::UTC, "2024-01-01", "2024-12-31");
    let last = contract("K-LAST", Tier::Gold, Tz::UTC, "2025-01-01", "2025-12-31");
    let next = contract("K-NEXT", Tier::Gold, Tz::UTC, "2026-07-01", "2026-12-31");
    let later = contract("K-LATER", Tier::Gold, Tz::UTC, "2027-01-01", "2027-12-31");
    let table = [(vec![old.clone(), later, next, last.clone()], "contract K-NEXT starts"), (vec![last, old], "contract K-LAST ended")];
    for (contracts, expected) in table {
        let refusal = active_contract(&contracts, at(NOW)).unwrap_err();
        assert!(refusal.detail.starts_with(expected), "{}", refusal.detail);
    }
}

#[test]
fn p4_1_the_last_day_of_maintenance_counts_in_the_zone_of_the_contract() {
    let year = contract("K-1", Tier::Gold, Asia::Tokyo, "2026-01-01", "2026-12-31");
    let ending = ApplianceFacts { end_of_maintenance_on: Some(day("2026-06-15")), ..appliance(vec![year]) };
    assert!(judge(&ending, &[line("PSU-1")], at("2026-06-15T14:59:59.999999Z")).is_ok());
    let after = refused(&ending, &[line("PSU-1")], "2026-06-15T15:00:00Z");
    assert_eq!(after, [("end_of_maintenance", "P4.1", String::new())]);
}

#[test]
fn p4_1_each_fault_of_a_line_has_its_code_and_its_field() {
    let other = LineFacts { serial_number: SerialNumber::parse("SN-2").unwrap(), ..line("PSU-1") };
    let table = [
        (other, "serial_number_not_in_case", "/lines/0/serial_number"),
        (LineFacts { part: None, ..line("PSU-1") }, "part_unknown", "/lines/0/part_number"),
        (with_part("PSU-1", |p| p.fits_model = false), "part_does_not_fit", "/lines/0/part_number"),
        (with_part("PSU-1", |p| p.excluded_from_maintenance = true), "component_not_covered", "/lines/0/part_number"),
        (LineFacts { verified: false, ..line("PSU-1") }, "defect_not_verified", "/lines/0/part_number"),
        (LineFacts { replaced_by: RmaNumber::of(10_000_017), ..line("PSU-1") }, "already_replaced", "/lines/0/part_number"),
    ];
    for (line, code, field) in table {
        assert_eq!(refused(&covered(), &[line], NOW), [(code, "P4.1", field.to_owned())], "{code}");
    }
    // What Gold Plus excludes, or what needs papers, is entitled all the same (P4.4, P4.5).
    let entitled = with_part("PSU-1", |p| (p.excluded_from_gold_plus, p.export_controlled) = (true, true));
    assert_eq!(judge(&covered(), &[entitled], at(NOW)).unwrap().number.as_str(), "K-1");
}

#[test]
fn p4_1_a_part_that_is_replaced_already_is_a_clash_that_names_the_rma() {
    let number = RmaNumber::of(10_000_017);
    let refusals = judge(&covered(), &[LineFacts { replaced_by: number, ..line("PSU-1") }], at(NOW)).unwrap_err();
    assert_eq!(refusals[0].class, RefusalClass::StateClash);
    assert_eq!(refusals[0].detail, format!("RMA {} already replaces this part", number.unwrap()));
}

#[test]
fn p4_1_a_part_is_asked_for_by_one_line_only() {
    let lines = [line("PSU-1"), line("FAN-1"), line("PSU-1"), line("PSU-1")];
    let twice = |index: usize| ("part_asked_twice", "P4.1", format!("/lines/{index}/part_number"));
    assert_eq!(refused(&covered(), &lines, NOW), [twice(2), twice(3)]);
}

#[test]
fn p4_1_several_refusals_come_together_each_with_its_pointer() {
    let mut virtual_and_ended = appliance(vec![contract("K-1", Tier::Gold, Tz::UTC, "2025-01-01", "2025-12-31")]);
    virtual_and_ended.kind = ApplianceKind::Virtual;
    let worn = with_part("FAN-1", |p| (p.fits_model, p.excluded_from_maintenance) = (false, true));
    let lines = [line("PSU-1"), LineFacts { verified: false, ..worn }, LineFacts { part: None, verified: false, ..line("GHOST-1") }];
    let expected = [
        ("virtual_appliance", "P1", ""),
        ("contract_ended", "P4.1", ""),
        ("part_does_not_fit", "P4.1", "/lines/1/part_number"),
        ("component_not_covered", "P4.1", "/lines/1/part_number"),
        ("defect_not_verified", "P4.1", "/lines/1/part_number"),
        ("part_unknown", "P4.1", "/lines/2/part_number"),
        ("defect_not_verified", "P4.1", "/lines/2/part_number"),
    ];
    let found = refused(&virtual_and_ended, &lines, NOW);
    let found: Vec<(&str, &str, &str)> = found.iter().map(|(code, rule, field)| (*code, *rule, field.as_str())).collect();
    assert_eq!(found, expected);
}
