use super::*;
use crate::rules::program::{Due, Replacement, ReturnStart};
use crate::rules::tier::{Region, Tier};
use chrono::{NaiveDate, NaiveTime, Weekday};

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn time(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
}

/// The embedded program with `from` replaced, and the message with which it is refused.
fn refusal(from: &str, to: &str) -> String {
    assert!(EMBEDDED.contains(from), "{from}");
    parse(&EMBEDDED.replacen(from, to, 1), "p.toml").unwrap_err().to_string()
}

#[test]
fn p4_the_embedded_program_has_the_numbers_of_the_tiers() {
    let programs = embedded().unwrap();
    let program = programs.in_force(day(2026, 11, 24)).unwrap();
    let rows = [
        (Tier::Bronze, Replacement::Ships { days: 10, due: Due::CloseOfBusiness, cut_off: None }, ReturnStart::Issue),
        (Tier::Silver, Replacement::Ships { days: 1, due: Due::CloseOfBusiness, cut_off: None }, ReturnStart::Delivery),
        (Tier::Gold, Replacement::Ships { days: 1, due: Due::CloseOfBusiness, cut_off: None }, ReturnStart::Delivery),
        (Tier::GoldPlus, Replacement::Delivered { hours: 4 }, ReturnStart::Delivery),
    ];
    for (tier, replacement, counts_from) in rows {
        let terms = program.tier(tier).unwrap();
        assert_eq!((terms.replacement, terms.return_counts_from), (replacement, counts_from), "{tier}");
        assert_eq!((terms.return_days, terms.return_due), (5, Due::EndOfDay), "{tier}");
    }
}

#[test]
fn p3_2_the_embedded_program_has_the_coverage_hours() {
    let programs = embedded().unwrap();
    let program = &programs.all()[0];
    let rows = [
        (Region::NorthAmerica, "America/New_York", time(8, 0), time(21, 0)),
        (Region::LatinAmerica, "America/New_York", time(8, 0), time(21, 0)),
        (Region::Caribbean, "America/New_York", time(8, 0), time(21, 0)),
        (Region::Europe, "Europe/London", time(8, 0), time(18, 0)),
        (Region::MiddleEast, "Europe/London", time(8, 0), time(18, 0)),
        (Region::Africa, "Europe/London", time(8, 0), time(18, 0)),
        (Region::Asia, "Asia/Hong_Kong", time(8, 0), time(18, 0)),
        (Region::AustraliaNewZealand, "Australia/Sydney", time(8, 0), time(18, 0)),
        (Region::Japan, "Asia/Tokyo", time(9, 30), time(17, 30)),
    ];
    assert_eq!(program.coverage_hours.len(), rows.len());
    for (region, zone, opens, closes) in rows {
        let window = &program.coverage_hours[&region];
        assert_eq!((window.zone.name(), window.opens, window.closes), (zone, opens, closes), "{region}");
        assert_eq!(window.weekdays, [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri], "{region}");
    }
}

#[test]
fn p5_2_p5_5_the_embedded_program_has_the_radii_and_the_start_of_gold_plus() {
    let programs = embedded().unwrap();
    let program = &programs.all()[0];
    assert_eq!((program.radius_miles("US"), program.radius_miles("DE"), program.radius_miles("CA")), (70.0, 50.0, 50.0));
    assert_eq!(program.gold_plus.offered_since, day(2015, 3, 16));
    assert_eq!(programs.in_force(day(2015, 3, 15)), None);
    assert!(programs.in_force(day(2015, 3, 16)).is_some());
}

#[test]
fn p4_6_the_embedded_program_reminds_before_on_and_after_the_day() {
    let programs = embedded().unwrap();
    let reminders = &programs.all()[0].return_reminders;
    assert_eq!((reminders.days.as_slice(), reminders.at), ([-2, 0, 2, 7].as_slice(), time(9, 0)));
    assert_eq!((reminders.quiet.from, reminders.quiet.until), (time(20, 0), time(8, 0)));
}

#[test]
fn p3_4_cut_off_times_and_business_hours_are_the_programs_to_give() {
    let days = "ships_within_business_days = 10, due = \"close_of_business\"";
    let one = |to: &str| {
        let programs =
            parse(&EMBEDDED.replacen(days, to, 1).replace("due = \"end_of_day\", c", "due = \"end_of_day\", cut_off = 16:30, c"), "p");
        programs.unwrap().all()[0].tier(Tier::Bronze).unwrap().clone()
    };
    let bronze = one(&format!("{days}, cut_off = \"15:00\""));
    assert_eq!(bronze.replacement, Replacement::Ships { days: 10, due: Due::CloseOfBusiness, cut_off: Some(time(15, 0)) });
    assert_eq!(bronze.return_cut_off, Some(time(16, 30)));
    assert_eq!(one("ships_within_business_hours = 8").replacement, Replacement::ShipsInHours { hours: 8 });
    let embedded = embedded().unwrap();
    assert!(embedded.all()[0].tiers.values().all(|terms| terms.return_cut_off.is_none()));
}

#[test]
fn versions_are_ordered_and_found_by_name() {
    let later = EMBEDDED.replace("\"2026-01\"", "\"2027-01\"").replace("effective_from = 2015-03-16", "effective_from = 2027-01-01");
    let programs = parse(&format!("{later}\n{EMBEDDED}"), "p.toml").unwrap();
    let names: Vec<&str> = programs.all().iter().map(|p| p.version.as_str()).collect();
    assert_eq!(names, ["2026-01", "2027-01"]);
    assert_eq!(programs.in_force(day(2026, 12, 31)).unwrap().version, "2026-01");
    assert_eq!(programs.in_force(day(2027, 1, 1)).unwrap().version, "2027-01");
    assert_eq!(programs.version("2027-01").unwrap().effective_from, day(2027, 1, 1));
    assert_eq!(programs.version("2028-01"), None);
}

#[test]
fn two_versions_with_one_name_or_one_day_are_refused() {
    let twice = parse(&format!("{EMBEDDED}\n{EMBEDDED}"), "p.toml").unwrap_err().to_string();
    assert_eq!(twice, "the program p.toml does not load: version \"2026-01\": name = \"2026-01\": another version has this name");
    let renamed = EMBEDDED.replace("\"2026-01\"", "\"b\"");
    let same_day = parse(&format!("{EMBEDDED}\n{renamed}"), "p.toml").unwrap_err().to_string();
    assert_eq!(
        same_day,
        "the program p.toml does not load: version \"b\": effective_from = 2015-03-16: version \"2026-01\" takes effect on the same day"
    );
}

#[test]
fn a_contradiction_is_refused_with_key_and_value() {
    let table = [
        ("closes = 18:00:00", "closes = 08:00:00", "coverage_hours.europe.closes = 08:00:00: must be later than opens = 08:00:00"),
        ("closes = 17:30:00", "closes = 07:00", "coverage_hours.japan.closes = 07:00:00: must be later than opens = 09:30:00"),
        ("[\"Mon\", \"Tue\"", "[\"Tue\", \"Tue\"", "coverage_hours.north_america.weekdays = [Tue, Tue, Wed, Thu, Fri]: "),
        ("radius_miles_elsewhere = 50", "radius_miles_elsewhere = 0", "gold_plus.radius_miles_elsewhere = 0: must be more than 0"),
        ("radius_miles_elsewhere = 50", "radius_miles_elsewhere = nan", "gold_plus.radius_miles_elsewhere = NaN: "),
        ("radius_miles_elsewhere = 50", "radius_miles_elsewhere = inf", "gold_plus.radius_miles_elsewhere = inf: "),
        ("{ US = 70 }", "{ US = -1 }", "gold_plus.radius_miles_by_country.US = -1: must be more than 0"),
        ("{ US = 70 }", "{ UX = 70 }", "gold_plus.radius_miles_by_country.UX = 70: \"UX\" is no ISO 3166-1"),
        ("question_beyond_km = 50", "question_beyond_km = 0", "gold_plus.question_beyond_km = 0: must be more than 0"),
        ("question_beyond_km = 50", "question_beyond_km = inf", "gold_plus.question_beyond_km = inf: "),
        ("delivered_within_hours = 4", "ships_within_business_days = 1, due = \"end_of_day\"", "tiers.gold_plus.replacement = { ships"),
        ("delivered_within_hours = 4", "", "tiers.gold_plus.replacement = {  }: Gold Plus is delivered by courier"),
        ("delivered_within_hours = 4", "delivered_within_hours = 9000", "tiers.gold_plus.replacement.delivered_within_hours = 9000: "),
        (", due = \"close_of_business\" } # P4, P3.5", " }", "tiers.bronze.replacement = { ships_within_business_days = 10 }: "),
        (
            "ships_within_business_days = 10, ",
            "ships_within_business_days = 999, ",
            "bronze.replacement.ships_within_business_days = 999: ",
        ),
        ("within_business_days = 5", "within_business_days = 251", "tiers.bronze.return.within_business_days = 251: must be at most 250"),
        (
            "{ ships_within_business_days = 10, due = \"close_of_business\" }",
            "{ ships_within_business_hours = 10, cut_off = 15:00 }",
            "tiers.bronze.replacement = { ships_within_business_hours = 10, cut_off = 15:00:00 }: ships: needs",
        ),
        (
            "ships_within_business_days = 10, due = \"close_of_business\"",
            "ships_within_business_hours = 1001",
            "tiers.bronze.replacement.ships_within_business_hours = 1001: must be at most 1000",
        ),
        (
            "{ delivered_within_hours = 4 }",
            "{ ships_within_business_hours = 4 }",
            "tiers.gold_plus.replacement = { ships_within_business_hours",
        ),
        (
            "delivered_within_hours = 4",
            "delivered_within_hours = 4, cut_off = \"15:00\"",
            "cut_off = 15:00:00, delivered_within_hours = 4 }",
        ),
        (
            "due = \"end_of_day\", c",
            "due = \"end_of_day\", cut_off = \"00:00\", c",
            "tiers.bronze.return.cut_off = 00:00:00: must be later",
        ),
        ("[-2, 0, 2, 7]", "[-2, 0, 0, 7]", "return_reminders.days = [-2, 0, 0, 7]: must be strictly ascending"),
        ("[-2, 0, 2, 7]", "[0, 400]", "return_reminders.days = [0, 400]: must lie within 365 days"),
        ("quiet_from = 20:00:00", "quiet_from = 11:59:59", "quiet_from = 11:59:59 to 08:00:00: must leave 4 hours of a day"),
        ("name = \"2026-01\"", "name = \"\"", "version \"\": name = \"\": must be 1 to 40 letters"),
    ];
    for (from, to, expected) in table {
        let message = refusal(from, to);
        assert!(message.starts_with("the program p.toml does not load: version \""), "{message}");
        assert!(message.contains(expected), "{to}: {message}");
    }
    let days: Vec<String> = (0..21).map(|d| d.to_string()).collect();
    let many = refusal("[-2, 0, 2, 7]", &format!("[{}]", days.join(", ")));
    assert!(many.contains("return_reminders.days = [0, 1, ") && many.ends_with("must be at most 20 reminders"), "{many}");
}

#[test]
fn a_missing_tier_or_region_is_refused_by_name() {
    let without = |name: &str| {
        let start = EMBEDDED.find(&format!("[version.{name}]")).unwrap();
        let end = EMBEDDED[start + 1..].find("\n[").map_or(EMBEDDED.len(), |i| start + 1 + i);
        parse(&format!("{}{}", &EMBEDDED[..start], &EMBEDDED[end..]), "p.toml").unwrap_err().to_string()
    };
    assert!(without("tiers.silver").contains("tiers.silver = (missing): every tier needs its terms"));
    assert!(without("coverage_hours.japan").contains("coverage_hours.japan = (missing): every region needs"));
    assert!(without("gold_plus").contains("missing field `gold_plus`"));
    assert!(parse("", "p.toml").unwrap_err().to_string().contains("missing field `version`"));
    assert!(parse("version = []", "p.toml").unwrap_err().to_string().contains("at least one version is needed"));
}

#[test]
fn an_unknown_key_or_word_or_type_is_refused_with_its_line() {
    let line = |needle: &str| EMBEDDED[..EMBEDDED.find(needle).unwrap()].matches('\n').count() + 1;
    let table = [
        ("offered_since =", "offered_sinze =", "offered_sinze"),
        ("zone = \"Asia/Tokyo\"", "zone = \"Asia/Tokio\"", "Asia/Tokio"),
        ("[version.tiers.silver]", "[version.tiers.platinum]", "platinum"),
        ("[version.coverage_hours.japan]", "[version.coverage_hours.mars]", "mars"),
        ("within_business_days = 10", "within_business_days = 0", "0"),
        ("within_business_days = 10", "within_business_days = -1", "-1"),
        ("due = \"close_of_business\"", "due = \"noon\"", "noon"),
        ("counts_from = \"issue\"", "counts_from = \"shipping\"", "shipping"),
        ("effective_from = 2015-03-16", "effective_from = 2015-03-16T00:00:00", "is not a date"),
        ("effective_from = 2015-03-16", "effective_from = 2015-02-30", "2015-02-30"),
        ("opens = 09:30:00", "opens = 2015-03-16", "is not a time of day"),
        ("weekdays = [\"Mon\"", "weekdays = [\"Noday\"", "weekday"),
        ("due = \"end_of_day\", c", "due = \"end_of_day\", cut_off = \"3 pm\", c", "3 pm is not a time of day"),
        ("due = \"end_of_day\", c", "due = \"end_of_day\", cut_off = 15, c", "15 is not a time of day"),
    ];
    for (from, to, expected) in table {
        let message = refusal(from, to);
        assert!(message.contains(expected), "{to}: {message}");
        assert!(message.contains(&format!("TOML parse error at line {}", line(from))), "{to}: {message}");
    }
}

#[test]
fn a_vendors_file_loads_and_a_huge_one_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("program.toml");
    std::fs::write(&path, EMBEDDED.replace("US = 70", "US = 80")).unwrap();
    assert_eq!(load(&path).unwrap().all()[0].radius_miles("US"), 80.0);
    std::fs::write(&path, "#".repeat((1 << 20) + 1)).unwrap();
    assert!(matches!(load(&path), Err(ReferenceError::TooLarge { .. })));
    std::fs::write(&path, [0xff, 0xfe]).unwrap();
    assert!(matches!(load(&path), Err(ReferenceError::Read { .. })));
}

#[test]
fn p3_4_make_up_working_days_count_where_the_program_says_so() {
    assert!(embedded().unwrap().all().iter().all(|program| program.makeup_workdays.is_empty()));
    let with = |countries: &str| parse(&EMBEDDED.replace("makeup_workdays = []", &format!("makeup_workdays = {countries}")), "file");
    assert!(with("[\"CN\"]").unwrap().all()[0].makeup_workdays.contains("CN"));
    let error = with("[\"US\"]").unwrap_err().to_string();
    assert!(error.contains("makeup_workdays") && error.contains("no make-up working days are known"), "{error}");
}

#[test]
fn p5_2_territories_count_as_their_sovereigns_country_where_the_program_says_so() {
    assert!(embedded().unwrap().all().iter().all(|p| p.home_of("PR") == "PR" && p.gold_plus.question_beyond_km == 50.0));
    let on = EMBEDDED.replace("territories_count_as_sovereign = false", "territories_count_as_sovereign = true");
    let program = parse(&on, "file").unwrap().all()[0].clone();
    for (country, home, miles) in [("PR", "US", 70.0), ("HK", "CN", 50.0), ("GF", "FR", 50.0), ("DE", "DE", 50.0)] {
        assert_eq!((program.home_of(country), program.radius_miles(country)), (home, miles), "{country}");
    }
    let error = parse(&on.replace("{ US = 70 }", "{ US = 70, PR = 60 }"), "file").unwrap_err().to_string();
    assert!(error.contains("radius_miles_by_country.PR = 60") && error.contains("PR counts as US"), "{error}");
    // A program that was written before the fields were.
    let older = EMBEDDED.replace("territories_count_as_sovereign = false", "").replace("question_beyond_km = 50", "");
    assert_eq!(parse(&older, "file").unwrap(), embedded().unwrap());
}

#[test]
fn p5_4_lead_times_are_the_programs_to_give() {
    use crate::rules::program::{LeadTime, Span};
    let embedded = embedded().unwrap().all()[0].lead_times.clone();
    assert_eq!(embedded.by_country["US"], LeadTime { least: None, most: Span::Weeks(6) });
    assert_eq!(embedded.elsewhere, LeadTime { least: Some(Span::Months(3)), most: Span::Months(6) });
    // A file that was written before there were any has the same.
    let (before, after) = EMBEDDED.split_once("[version.lead_times]").unwrap();
    let without = format!("{before}{}", &after[after.find("[version.return_reminders]").unwrap()..]);
    assert_eq!(parse(&without, "p.toml").unwrap().all()[0].lead_times, embedded);
    for (from, to, said) in [
        ("{ at_most_weeks = 6 }", "{ at_least_weeks = 7, at_most_weeks = 6 }", "the least no more than the most"),
        ("{ at_most_weeks = 6 }", "{ at_most_weeks = 261 }", "must be at most 260"),
        ("{ at_most_weeks = 6 }", "{ at_most_weeks = 6, at_most_months = 1 }", "needs at_most_weeks"),
        ("{ US = { at_most", "{ XX = { at_most", "no ISO 3166-1"),
        ("{ at_least_months = 3, at_most_months = 6 }", "{ at_least_months = 3 }", "needs at_most_weeks"),
    ] {
        let message = refusal(from, to);
        assert!(message.contains(said) && message.contains("lead_times"), "{message}");
    }
}

#[test]
fn p4_6_the_days_for_a_unit_that_is_dead_on_arrival_are_30_unless_the_file_says_otherwise() {
    let days = |line: &str| parse(&EMBEDDED.replace("doa_days = 30 #", &format!("{line} #")), "file");
    assert_eq!(embedded().unwrap().all()[0].doa_days, 30);
    assert_eq!(days("").unwrap().all()[0].doa_days, 30);
    assert_eq!(days("doa_days = 90").unwrap().all()[0].doa_days, 90);
    for wrong in ["doa_days = 0", "doa_days = 367", "doa_days = \"soon\""] {
        let error = days(wrong).unwrap_err().to_string();
        assert!(error.contains("doa_days"), "{wrong}: {error}");
    }
}
