use super::*;
use crate::reference::calendars::Calendars;
use crate::reference::program;
use crate::rules::deadline::DeadlineState;
use crate::rules::entitlement::PartFacts;
use crate::rules::position::{Method, Point};
use crate::rules::text::{PartNumber, SerialNumber};
use crate::rules::tier::{ApplianceKind, Region};
use chrono_tz::{America, Asia, Australia, Europe, Pacific};

mod sources;
mod tiers;

/// Wednesday, 25 November 2026, 14:00 in New York; Thanksgiving is on Thursday.
const NOW: &str = "2026-11-25T19:00:00Z";

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

fn terms() -> Program {
    program::embedded().unwrap().all()[0].clone()
}

fn position(latitude: f64, longitude: f64) -> Position {
    Position::given(Point::new(latitude, longitude).unwrap())
}

fn center(name: &str, country: &str, (latitude, longitude): (f64, f64)) -> CenterFacts {
    let point = Point::new(latitude, longitude).unwrap();
    let opens_on = "2015-03-16".parse().unwrap();
    CenterFacts {
        center: Center { code: code(name), country: country.into(), point, opens_on, closes_on: None },
        subdivision: None,
        couriers: vec![code("COURIER-1"), code("COURIER-2")],
        warehouse_for: Vec::new(),
    }
}

fn opening(date: &str, center: CenterFacts) -> CenterFacts {
    CenterFacts { center: Center { opens_on: date.parse().unwrap(), ..center.center }, ..center }
}

const FORT_LAUDERDALE: (f64, f64) = (26.0726, -80.1527);

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

fn accepts() -> LocalContact {
    LocalContact { name: "Front Desk".into(), phone: "+19545550142".into(), accepts_delivery: true }
}

/// An appliance in Fort Lauderdale, 9 miles from the center there, with a contact who accepts.
fn facts(tier: Tier) -> Facts {
    let contract = ContractFacts {
        number: ContractNumber::parse("K-1").unwrap(),
        region: Region::NorthAmerica,
        tier,
        zone: America::New_York,
        starts_on: "2010-01-01".parse().unwrap(),
        four_hour: false,
        ends_on: "2030-12-31".parse().unwrap(),
    };
    Facts {
        appliance: ApplianceFacts {
            serial_number: SerialNumber::parse("SN-1").unwrap(),
            model: "MX-1".into(),
            kind: ApplianceKind::Physical,
            end_of_maintenance_on: None,
            contracts: vec![contract],
        },
        lines: vec![line("PSU-1")],
        site: Some(SiteFacts {
            country: "US".into(),
            subdivision: None,
            zone: America::New_York,
            position: Some(position(26.20, -80.15)),
            position_confirmed: false,
            evidence: Evidence::default(),
            requests: Vec::new(),
        }),
        home: ("US".into(), None),
        centers: vec![center("SC-FLL", "US", FORT_LAUDERDALE)],
        shelves: Shelves::default(),
        contact: Some(accepts()),
    }
}

fn site_at(facts: &mut Facts, place: Option<Position>) {
    facts.site.as_mut().unwrap().position = place;
}

fn plan(facts: &Facts, now: &str) -> Plan {
    decide(facts, &terms(), &Calendars, at(now)).unwrap()
}

fn deadline(plan: &Plan, kind: DeadlineKind) -> &Deadline {
    plan.deadlines.iter().find(|d| d.basis.kind == kind).unwrap_or_else(|| panic!("no {kind}"))
}

/// Code and rule of every reason.
fn reasons(plan: &Plan) -> Vec<(&str, &str)> {
    plan.reasons.iter().map(|r| (r.code.as_str(), r.rule.as_str())).collect()
}

/// The local instant at which a deadline is due.
fn due(plan: &Plan, kind: DeadlineKind) -> String {
    let deadline = deadline(plan, kind);
    deadline.due_at.map_or_else(|| deadline.state.to_string(), |at| at.with_timezone(&deadline.basis.zone).to_rfc3339())
}

#[test]
fn p4_1_what_is_not_entitled_is_refused_with_every_reason() {
    let mut facts = facts(Tier::Gold);
    facts.lines = vec![LineFacts { verified: false, ..line("PSU-1") }, with_part("PSU-2", |p| p.fits_model = false)];
    let refusals = decide(&facts, &terms(), &Calendars, at(NOW)).unwrap_err();
    let found: Vec<(&str, Option<&str>)> = refusals.iter().map(|r| (r.code, r.field.as_deref())).collect();
    assert_eq!(found, [("defect_not_verified", Some("/lines/0/part_number")), ("part_does_not_fit", Some("/lines/1/part_number"))]);
}

#[test]
fn p4_2_the_clock_waits_for_the_contact_and_then_for_consent() {
    use WaitsFor::{Contact, ContactAccepts};
    let silent = LocalContact { accepts_delivery: false, ..accepts() };
    let table = [
        (None, vec![Contact, ContactAccepts], "waiting", vec![("contact_missing", "P4.2")]),
        (Some(silent), vec![ContactAccepts], "waiting", vec![("contact_has_not_accepted", "P4.2")]),
        (Some(accepts()), vec![], "2026-11-25T18:00:00-05:00", vec![]),
    ];
    for (contact, waits_for, due_at, codes) in table {
        assert_eq!(waits_for_contact(contact.as_ref()), waits_for);
        let plan = plan(&Facts { contact, ..facts(Tier::GoldPlus) }, NOW);
        // A wait doesn't lower the tier, nor send the courier home.
        assert_eq!((plan.delivered_tier, plan.courier.as_ref().map(Code::as_str)), (Tier::GoldPlus, Some("COURIER-1")));
        assert_eq!((due(&plan, DeadlineKind::DeliverBy), reasons(&plan)), (due_at.to_owned(), codes));
        let courier = deadline(&plan, DeadlineKind::DeliverBy);
        assert_eq!(courier.basis.starts_at, waits_for.is_empty().then(|| at(NOW)), "authorized at the issue, or not yet");
        assert_eq!(courier.basis.waits_for, waits_for);
    }
    // Without Gold Plus nobody waits for a contact.
    let gold = plan(&Facts { contact: None, ..facts(Tier::Gold) }, NOW);
    assert_eq!((reasons(&gold), &gold.courier), (vec![], &None));
}

#[test]
fn p4_2_a_center_without_a_courier_gives_gold() {
    let mut facts = facts(Tier::GoldPlus);
    facts.centers[0].couriers.clear();
    let plan = plan(&facts, NOW);
    assert_eq!((plan.delivered_tier, reasons(&plan)), (Tier::Gold, vec![("no_courier", "P4.2")]));
}

#[test]
fn p4_4_an_excluded_component_gets_gold_and_the_answer_says_so() {
    let mut facts = facts(Tier::GoldPlus);
    facts.lines = vec![line("PSU-1"), with_part("CHASSIS-1", |p| p.excluded_from_gold_plus = true)];
    let plan = plan(&facts, NOW);
    assert_eq!((plan.entitled_tier, plan.delivered_tier), (Tier::GoldPlus, Tier::Gold));
    assert_eq!(reasons(&plan), [("component_excluded", "P4.4")]);
    assert_eq!(plan.reasons[0].detail, "part CHASSIS-1 is excluded from Gold Plus and gets Gold treatment");
    assert_eq!((due(&plan, DeadlineKind::ShipBy).as_str(), plan.courier), ("2026-11-27T21:00:00-05:00", None));
    // It is nothing to a contract that doesn't have Gold Plus.
    facts.appliance.contracts[0].tier = Tier::Silver;
    assert_eq!(reasons(&self::plan(&facts, NOW)), []);
}

#[test]
fn p4_5_papers_are_needed_where_a_controlled_part_crosses_a_border() {
    let controlled = || with_part("CRYPTO-1", |p| p.export_controlled = true);
    // (part, country of the center, held)
    let table = [(controlled(), "CA", true), (controlled(), "US", false), (line("PSU-1"), "CA", false)];
    for (line, country, held) in table {
        let centers = vec![center("SC-1", country, (43.68, -79.63))];
        let plan = plan(&Facts { lines: vec![line], centers, ..facts(Tier::Silver) }, NOW);
        let ship_by = deadline(&plan, DeadlineKind::ShipBy);
        assert_eq!(ship_by.state == DeadlineState::Paused, held, "{country}");
        let reason = "the export of CRYPTO-1 from CA to US needs papers";
        let hold = Hold { from: at(NOW), to: None, reason: reason.into() };
        assert_eq!(ship_by.basis.holds, if held { vec![hold] } else { vec![] });
        let said: Vec<(&str, &str)> = if held { vec![("export_papers_needed", "P4.5")] } else { vec![] };
        assert_eq!(reasons(&plan), said);
        assert!(plan.reasons.iter().all(|r| r.detail == format!("the ship-by clock is paused: {reason}")));
    }
}

#[test]
fn p4_5_without_a_site_the_part_goes_to_the_customers_home() {
    let lines = vec![with_part("CRYPTO-1", |p| p.export_controlled = true)];
    let abroad = Facts { lines, site: None, home: ("MX".into(), None), ..facts(Tier::Gold) };
    assert_eq!(reasons(&plan(&abroad, NOW)), [("export_papers_needed", "P4.5")]);
}

#[test]
fn p5_1_an_appliance_without_a_site_gets_gold() {
    let plan = plan(&Facts { site: None, ..facts(Tier::GoldPlus) }, NOW);
    assert_eq!((plan.delivered_tier, reasons(&plan)), (Tier::Gold, vec![("site_not_registered", "P5.1")]));
    assert_eq!(plan.ships_from, Some(code("SC-FLL")));
}

#[test]
fn p5_2_out_of_range_gets_gold_with_the_distance_and_the_limit() {
    let mut facts = facts(Tier::GoldPlus);
    site_at(&mut facts, Some(position(24.5551, -81.7800)));
    let plan = plan(&facts, NOW);
    assert_eq!((plan.delivered_tier, reasons(&plan)), (Tier::Gold, vec![("site_out_of_range", "P5.2")]));
    assert_eq!(plan.reasons[0].detail, "the nearest service center, SC-FLL, is 145.9 miles away; the limit is 70 miles");
}

#[test]
fn p5_2_the_radius_is_the_countrys() {
    // 60 miles from the center: within 70, not within 50.
    for (country, expected) in [("US", Tier::GoldPlus), ("CA", Tier::Gold)] {
        let mut facts = facts(Tier::GoldPlus);
        facts.centers = vec![center("SC-1", country, (45.0, -75.0))];
        facts.site.as_mut().unwrap().country = country.into();
        site_at(&mut facts, Some(position(45.87, -75.0)));
        assert_eq!(plan(&facts, NOW).delivered_tier, expected, "{country}");
    }
}

#[test]
fn p5_2_no_center_in_the_country_gets_gold_from_the_nearest_abroad() {
    let mut facts = facts(Tier::GoldPlus);
    facts.centers = vec![center("SC-MAD", "ES", (40.47, -3.56)), center("SC-YYZ", "CA", (43.68, -79.63))];
    let plan = plan(&facts, NOW);
    assert_eq!((plan.delivered_tier, reasons(&plan)), (Tier::Gold, vec![("no_center_in_country", "P5.2")]));
    assert_eq!(plan.ships_from, Some(code("SC-YYZ")));
    assert_eq!(deadline(&plan, DeadlineKind::ShipBy).basis.calendar, "CA", "the days of the place that ships");
    assert_eq!(deadline(&plan, DeadlineKind::ReturnBy).basis.calendar, "US", "the days of the place that returns");
}

#[test]
fn p5_2_a_parcel_leaves_from_the_countrys_nearest_open_center() {
    let far = center("SC-SEA", "US", (47.44, -122.31));
    let near_abroad = center("SC-NAS", "BS", (25.04, -77.46));
    let closed = |c: CenterFacts| CenterFacts { center: Center { closes_on: Some("2026-11-25".parse().unwrap()), ..c.center }, ..c };
    let home = center("SC-FLL", "US", FORT_LAUDERDALE);
    let twin = CenterFacts { center: Center { code: code("SC-AAA"), ..home.center.clone() }, ..home.clone() };
    let table = [
        (vec![far.clone(), near_abroad.clone(), home.clone()], Some("SC-FLL")),
        (vec![near_abroad.clone(), far.clone()], Some("SC-SEA")),
        (vec![far.clone(), closed(home.clone())], Some("SC-SEA")),
        (vec![opening("2026-11-26", home.clone()), near_abroad], Some("SC-NAS")),
        (vec![home.clone(), twin], Some("SC-AAA")),
        (vec![], None),
        (vec![closed(home)], None),
    ];
    for (centers, expected) in table {
        let plan = plan(&Facts { centers: centers.clone(), ..facts(Tier::Gold) }, NOW);
        assert_eq!(plan.ships_from.as_ref().map(Code::as_str), expected, "{centers:?}");
    }
    // Where nothing is known of distances, the first by code in the country.
    let unplaced = Facts { site: None, centers: vec![far, center("SC-FLL", "US", FORT_LAUDERDALE)], ..facts(Tier::Gold) };
    assert_eq!(plan(&unplaced, NOW).ships_from, Some(code("SC-FLL")));
}

#[test]
fn p5_3_a_position_that_is_too_coarse_asks_for_a_better_one() {
    let coarse = |miles: f64| Position::located(position(26.2, -80.15).point, Method::PostalCode, miles * coverage::METERS_PER_MILE);
    let detail = "the site's position is known to within 62.0 miles, too coarse to tell whether SC-FLL lies within 70 miles: from the middle \
                  it is 8.8 miles; there a position exact to within 61.2 miles, and always the street address's coordinates, would settle it";
    // 8.8 miles from the center, of 70.
    let table = [
        (Some(coarse(60.0)), Tier::GoldPlus, None),
        (Some(coarse(62.0)), Tier::Gold, Some(("position_too_coarse", detail))),
        (None, Tier::Gold, Some(("position_unknown", "the site's position is not known; coordinates or a postal code are needed"))),
    ];
    for (place, tier, reason) in table {
        let mut facts = facts(Tier::GoldPlus);
        site_at(&mut facts, place);
        let plan = plan(&facts, NOW);
        let found: Vec<(&str, &str)> = plan.reasons.iter().map(|r| (r.code.as_str(), r.detail.as_str())).collect();
        assert_eq!((plan.delivered_tier, found), (tier, reason.into_iter().collect()), "{place:?}");
        assert!(plan.reasons.iter().all(|r| r.rule == "P5.3"));
    }
}

#[test]
fn p5_3_a_questioned_position_promises_gold_until_it_is_confirmed() {
    let mut facts = facts(Tier::GoldPlus);
    facts.site.as_mut().unwrap().evidence.country_there = Some("BS".into());
    let questioned = plan(&facts, NOW);
    assert_eq!((questioned.delivered_tier, reasons(&questioned)), (Tier::Gold, vec![("position_in_other_country", "P5.3")]));
    facts.site.as_mut().unwrap().position_confirmed = true;
    let confirmed = plan(&facts, NOW);
    assert_eq!((confirmed.delivered_tier, reasons(&confirmed)), (Tier::GoldPlus, vec![]));
}

#[test]
fn p5_2_a_territory_is_served_from_its_sovereigns_centers_where_it_counts_as_its_country() {
    let mut facts = facts(Tier::GoldPlus);
    facts.site.as_mut().unwrap().country = "PR".into();
    let mut program = terms();
    let apart = decide(&facts, &program, &Calendars, at(NOW)).unwrap();
    assert_eq!((apart.delivered_tier, reasons(&apart)), (Tier::Gold, vec![("no_center_in_country", "P5.2")]));
    program.gold_plus.territories = [("PR".into(), "US".into())].into();
    let counted = decide(&facts, &program, &Calendars, at(NOW)).unwrap();
    assert_eq!((counted.delivered_tier, counted.ships_from), (Tier::GoldPlus, Some(code("SC-FLL"))));
    // It ships from there, too, although another country's center is nearer.
    facts.appliance.contracts[0].tier = Tier::Gold;
    facts.centers.push(center("SC-AAA", "BS", (26.19, -80.15)));
    assert_eq!(decide(&facts, &program, &Calendars, at(NOW)).unwrap().ships_from, Some(code("SC-FLL")));
    facts.site.as_mut().unwrap().position = None;
    assert_eq!(decide(&facts, &program, &Calendars, at(NOW)).unwrap().ships_from, Some(code("SC-FLL")));
}

#[test]
fn p5_4_a_center_that_will_open_is_named_with_its_date_and_serves_from_that_day() {
    let mut facts = facts(Tier::GoldPlus);
    facts.centers.push(opening("2026-12-01", center("SC-EYW", "US", (24.56, -81.76))));
    site_at(&mut facts, Some(position(24.5551, -81.7800)));
    let before = plan(&facts, NOW);
    assert_eq!(before.delivered_tier, Tier::Gold);
    assert_eq!(reasons(&before), [("site_out_of_range", "P5.2"), ("center_not_open_yet", "P5.4")]);
    let detail = "service center SC-EYW, 1.3 miles away, opens on 2026-12-01; until then the appliance has Gold";
    assert_eq!(before.reasons[1].detail, detail);
    // The day begins at midnight where the site is.
    let eve = plan(&facts, "2026-12-01T04:59:59Z");
    let day = plan(&facts, "2026-12-01T05:00:00Z");
    assert_eq!((eve.delivered_tier, eve.ships_from), (Tier::Gold, Some(code("SC-FLL"))));
    assert_eq!((day.delivered_tier, day.ships_from, day.reasons), (Tier::GoldPlus, Some(code("SC-EYW")), vec![]));
}

#[test]
fn p5_4_on_the_day_a_center_opens_it_ships_parcels_too() {
    // It is 1 December in Auckland, and still 30 November in Greenwich: one center, one day, one answer.
    let now = "2026-11-30T20:00:00Z";
    let mut facts = facts(Tier::GoldPlus);
    facts.centers = vec![opening("2026-12-01", center("SC-AKL", "NZ", (-36.85, 174.76)))];
    let site = facts.site.as_mut().unwrap();
    (site.country, site.zone, site.position) = ("NZ".into(), Pacific::Auckland, Some(position(-36.9, 174.8)));
    assert_eq!(plan(&facts, now).delivered_tier, Tier::GoldPlus);
    facts.appliance.contracts[0].tier = Tier::Gold;
    assert_eq!(plan(&facts, now).ships_from, Some(code("SC-AKL")));
}

#[test]
fn p5_5_gold_plus_exists_since_its_first_day() {
    let table = [
        ("2015-03-15T23:59:59Z", Tier::Gold, vec![("gold_plus_not_offered", "P5.5"), ("calendar_unknown", "P3.4")]),
        ("2015-03-16T00:00:00Z", Tier::GoldPlus, vec![]),
    ];
    // The holidays of those years are not known: the clock stands, and the promise says why.
    for (now, tier, codes) in table {
        let mut facts = facts(Tier::GoldPlus);
        facts.centers = vec![opening("2014-01-01", center("SC-FLL", "US", FORT_LAUDERDALE))];
        let plan = plan(&facts, now);
        assert_eq!((plan.delivered_tier, reasons(&plan)), (tier, codes), "{now}");
    }
}

#[test]
fn p4_a_program_without_the_tier_or_the_region_promises_nothing() {
    let (mut without_tier, mut without_region) = (terms(), terms());
    without_tier.tiers.remove(&Tier::Silver);
    without_region.coverage_hours.remove(&Region::NorthAmerica);
    for program in [without_tier, without_region] {
        let refusals = decide(&facts(Tier::Silver), &program, &Calendars, at(NOW)).unwrap_err();
        assert_eq!(refusals.iter().map(|r| r.code).collect::<Vec<_>>(), ["program_incomplete"]);
    }
}
