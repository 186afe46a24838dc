use super::*;
use crate::rules::text::{Code, ContractNumber};
use crate::rules::tier::Region;
use chrono_tz::America::New_York;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn contract(change: impl FnOnce(&mut Contract)) -> Contract {
    let mut contract = Contract {
        number: ContractNumber::parse("K-OLD").unwrap(),
        organization: Code::parse("ACME").unwrap(),
        region: Region::NorthAmerica,
        tier: Tier::Gold,
        zone: New_York,
        starts_on: day("2014-01-01"),
        ends_on: day("2026-12-31"),
        keeps_media: false,
        four_hour_service_center: true,
    };
    change(&mut contract);
    contract
}

fn ask(change: impl FnOnce(&mut RenewalAsk)) -> RenewalAsk {
    let number = ContractNumber::parse("K-NEW").unwrap();
    let mut ask = RenewalAsk { number, tier: None, starts_on: None, ends_on: day("2029-12-31"), four_hour: false };
    change(&mut ask);
    ask
}

#[test]
fn p5_5_the_four_hour_option_is_honored_and_not_sold() {
    let since = day("2015-03-16");
    let old = contract(|_| {});
    // (contract, before, code)
    let table = [
        (contract(|_| {}), None, None),
        (contract(|c| c.starts_on = day("2015-03-15")), None, None),
        (contract(|c| c.starts_on = since), None, Some("four_hour_not_sold")),
        (contract(|c| (c.starts_on, c.four_hour_service_center) = (since, false)), None, None),
        (contract(|c| c.tier = Tier::Silver), None, Some("four_hour_needs_gold")),
        (contract(|c| c.tier = Tier::GoldPlus), None, Some("four_hour_needs_gold")),
        (contract(|c| c.ends_on = day("2027-01-01")), Some(&old), Some("four_hour_not_extended")),
        (contract(|c| c.ends_on = day("2026-06-30")), Some(&old), None),
    ];
    for (asked, before, code) in table {
        assert_eq!(check(&asked, before, since).err().map(|r| r.code), code, "{asked:?}");
    }
    assert_eq!(delivered_as(Tier::Gold, true), Tier::GoldPlus);
    for tier in [Tier::Bronze, Tier::Silver, Tier::Gold, Tier::GoldPlus] {
        assert_eq!(delivered_as(tier, false), tier);
    }
    assert_eq!(delivered_as(Tier::Silver, true), Tier::Silver);
}

#[test]
fn p5_5_a_renewal_leaves_the_option_and_no_gap() {
    let old = contract(|_| {});
    let next = renew(&old, &ask(|a| a.tier = Some(Tier::GoldPlus))).unwrap();
    assert_eq!(next.before, old);
    assert_eq!((next.after.starts_on, next.after.tier, next.after.four_hour_service_center), (day("2027-01-01"), Tier::GoldPlus, false));
    // One that begins earlier ends the one before.
    let early = renew(&old, &ask(|a| a.starts_on = Some(day("2026-07-01")))).unwrap();
    assert_eq!((early.before.ends_on, early.before.four_hour_service_center), (day("2026-06-30"), true));
    assert_eq!((early.after.starts_on, early.after.tier), (day("2026-07-01"), Tier::Gold));
    let table = [
        (ask(|a| a.four_hour = true), "four_hour_not_sold"),
        (ask(|a| a.starts_on = Some(day("2027-01-02"))), "gap_in_cover"),
        (ask(|a| a.starts_on = Some(day("2014-01-01"))), "starts_too_early"),
        (ask(|a| a.ends_on = day("2026-12-31")), "ends_before_start"),
    ];
    for (asked, code) in table {
        assert_eq!(renew(&old, &asked).unwrap_err().iter().map(|r| r.code).collect::<Vec<_>>(), [code]);
    }
}

#[test]
fn p5_5_gold_plus_is_offered_before_the_option_ends() {
    let old = contract(|_| {});
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    // Sixty days before December 31 is November 1, local to the contract.
    assert_eq!(offer_at(&old, 60), Some(at("2026-11-01T04:00:00Z")));
    assert!(may_offer(&old, at("2027-01-01T04:59:59Z")) && !may_offer(&old, at("2027-01-01T05:00:00Z")));
    let without = contract(|c| c.four_hour_service_center = false);
    assert_eq!((offer_at(&without, 60), may_offer(&without, at("2026-12-01T00:00:00Z"))), (None, false));
}
