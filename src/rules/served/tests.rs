use super::*;
use crate::rules::tier::Region;
use chrono_tz::America::New_York;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn contract(number: &str, tier: Tier, starts_on: &str) -> ContractFacts {
    ContractFacts {
        number: ContractNumber::parse(number).unwrap(),
        region: Region::NorthAmerica,
        tier,
        zone: New_York,
        starts_on: starts_on.parse().unwrap(),
        four_hour: false,
        ends_on: "2027-12-31".parse().unwrap(),
    }
}

fn certificate(verdict: Verdict) -> Certificate {
    let reasons = match verdict {
        Verdict::Eligible => Vec::new(),
        _ => vec![reason("site_out_of_range", "P5.2", "too far")],
    };
    Certificate {
        verdict,
        nearest: None,
        limit_miles: 70.0,
        position: None,
        position_confirmed: false,
        program_version: "2026-01".into(),
        question_beyond_km: 50.0,
        territories_count: false,
        considered: Vec::new(),
        reasons,
    }
}

#[test]
fn p5_4_an_appliance_has_gold_until_gold_plus_reaches_its_site() {
    let now = at("2026-11-25T15:00:00Z");
    let plus = [contract("K-1", Tier::GoldPlus, "2026-01-01")];
    let begun = at("2026-01-01T05:00:00Z");
    let day = at("2026-11-24T05:00:00Z");
    let since = Some(day);
    let (in_range, out) = (certificate(Verdict::Eligible), certificate(Verdict::OutOfRange));
    // (site, tier, since, reason)
    let table = [
        (Some(at_site(Some(&in_range), since, true)), Tier::GoldPlus, day, None),
        (Some(at_site(Some(&in_range), Some(at("2020-01-01T00:00:00Z")), true)), Tier::GoldPlus, begun, None),
        (Some(at_site(Some(&in_range), since, false)), Tier::Gold, day, Some("no_courier")),
        (Some(at_site(Some(&out), since, true)), Tier::Gold, day, Some("site_out_of_range")),
        (Some(at_site(None, None, false)), Tier::Gold, begun, Some("not_certified_yet")),
        (None, Tier::Gold, begun, Some("site_not_registered")),
    ];
    for (site, tier, since, code) in table {
        let served = served(&plus, None, site.as_ref(), now).unwrap();
        assert_eq!((served.entitled_tier, served.served_tier, served.since), (Tier::GoldPlus, tier, since), "{site:?}");
        assert_eq!(served.reasons.first().map(|r| r.code.as_str()), code, "{site:?}");
    }
}

#[test]
fn p5_4_other_tiers_are_served_as_they_are_and_ended_ones_not_at_all() {
    let now = at("2026-11-25T15:00:00Z");
    let out = at_site(Some(&certificate(Verdict::OutOfRange)), None, true);
    let silver = [contract("K-1", Tier::Silver, "2026-01-01")];
    let found = served(&silver, None, Some(&out), now).unwrap();
    assert_eq!((found.served_tier, found.reasons.len(), found.since), (Tier::Silver, 0, at("2026-01-01T05:00:00Z")));
    assert_eq!(served(&[contract("K-1", Tier::Gold, "2026-12-01")], None, None, now), None);
    assert_eq!(served(&silver, "2026-11-25".parse().ok(), None, now).map(|s| s.served_tier), Some(Tier::Silver));
    assert_eq!(served(&silver, "2026-11-24".parse().ok(), None, now), None);
}
