use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn time(hour: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, 0, 0).unwrap()
}

fn version(name: &str, effective_from: &str) -> Program {
    Program {
        makeup_workdays: Default::default(),
        version: name.into(),
        doa_days: 30,
        effective_from: day(effective_from),
        tiers: BTreeMap::new(),
        coverage_hours: BTreeMap::new(),
        gold_plus: GoldPlusTerms {
            offered_since: day("2015-03-16"),
            radius_miles_by_country: BTreeMap::from([("US".into(), 70.0)]),
            radius_miles_elsewhere: 50.0,
            territories: BTreeMap::new(),
            question_beyond_km: 50.0,
            four_hour_offer_days: 60,
        },
        return_reminders: ReminderTerms { days: vec![], at: time(9), quiet: Quiet { from: time(20), until: time(8) } },
        lead_times: LeadTimes { by_country: BTreeMap::new(), elsewhere: LeadTime { least: None, most: Span::Weeks(6) } },
        couriers: CourierTerms { accept_within_minutes: 15, links_valid_hours: 72 },
    }
}

#[test]
fn p4_a_version_is_in_force_from_its_day_until_the_next() {
    assert_eq!(Programs::new(vec![]), None);
    let programs = Programs::new(vec![version("c", "2027-01-01"), version("a", "2015-03-16"), version("b", "2026-01-01")]).unwrap();
    assert_eq!(programs.all().iter().map(|p| p.version.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
    let table = [
        ("2015-03-15", None),
        ("2015-03-16", Some("a")),
        ("2025-12-31", Some("a")),
        ("2026-01-01", Some("b")),
        ("2026-12-31", Some("b")),
        ("2027-01-01", Some("c")),
        ("9999-12-31", Some("c")),
    ];
    for (date, expected) in table {
        assert_eq!(programs.in_force(day(date)).map(|p| p.version.as_str()), expected, "{date}");
    }
    // What an RMA is pinned to is found by name, whatever is in force.
    assert_eq!(programs.version("a").map(|p| p.effective_from), Some(day("2015-03-16")));
    assert_eq!(programs.version("d"), None);
}

#[test]
fn p5_2_the_radius_of_a_country_is_its_own_or_that_of_elsewhere() {
    let program = version("a", "2015-03-16");
    for (country, miles) in [("US", 70.0), ("us", 50.0), ("DE", 50.0), ("", 50.0)] {
        assert_eq!(program.radius_miles(country), miles, "{country}");
    }
}

#[test]
fn p5_2_a_territory_counts_as_its_sovereign_where_the_program_says_so() {
    let own = version("a", "2015-03-16");
    let mut shared = own.clone();
    let territories = [("PR", "US"), ("GU", "US"), ("GF", "FR")];
    shared.gold_plus.territories = territories.map(|(territory, sovereign)| (territory.into(), sovereign.into())).into();
    // (country, by its own: country, miles; as its sovereign's: country, miles, counted with)
    let table = [
        ("US", ("US", 70.0), ("US", 70.0, vec!["US", "GU", "PR"])),
        ("PR", ("PR", 50.0), ("US", 70.0, vec!["US", "GU", "PR"])),
        ("GF", ("GF", 50.0), ("FR", 50.0, vec!["FR", "GF"])),
        ("DE", ("DE", 50.0), ("DE", 50.0, vec!["DE"])),
    ];
    for (country, apart, (home, miles, with)) in table {
        assert_eq!((own.home_of(country), own.radius_miles(country)), apart);
        assert_eq!(own.counted_with(country), [country]);
        assert_eq!((shared.home_of(country), shared.radius_miles(country)), (home, miles), "{country}");
        assert_eq!(shared.counted_with(country), with, "{country}");
    }
}

#[test]
fn p3_5_the_closing_time_of_a_deadline_is_the_regions() {
    let window = Window { zone: Tz::UTC, opens: time(8), closes: time(18), weekdays: vec![Weekday::Mon] };
    assert_eq!(Due::CloseOfBusiness.at(&window), DueAt::CloseOfBusiness(time(18)));
    assert_eq!(Due::EndOfDay.at(&window), DueAt::EndOfDay);
    let ships = Replacement::Ships { days: 10, due: Due::CloseOfBusiness, cut_off: None };
    assert_eq!(ships.target(&window), Target::BusinessDays { days: 10, due: DueAt::CloseOfBusiness(time(18)), cut_off: None });
    assert_eq!(Replacement::Delivered { hours: 4 }.target(&window), Target::Elapsed { hours: 4 });
}
