//! What makes sense in a program file: every contradiction is refused with the path of its key and its value.

use super::file::{Couriers, CutOff, File, GoldPlus, LeadTime, LeadTimes, Reminders, Replacement, TierTerms, Version, Window};
use crate::reference::calendars::makeup_days;
use crate::reference::countries;
use crate::rules::program as rules;
use crate::rules::term::Term;
use crate::rules::tier::{Region, Tier};
use chrono::{NaiveTime, TimeDelta};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::num::NonZeroU32;

const MAX_VERSIONS: usize = 200;
/// A year of business days or of hours is no promise any more, and keeps the clocks' search bounded.
const MAX_BUSINESS_DAYS: u32 = 250;
const MAX_HOURS: u32 = 8_760;
/// Each window is a step of the working: what takes longer is better said in days.
const MAX_BUSINESS_HOURS: u32 = 1_000;
/// Half the way around the Earth.
const MAX_RADIUS_MILES: f64 = 12_450.0;
/// The same in kilometers: never questioned.
const MAX_QUESTION_KM: f64 = 20_040.0;
/// A day to answer is no same-day courier any more; a link that works for a month is a password.
const MAX_ACCEPT_MINUTES: u32 = 1_440;
const MAX_LINK_HOURS: u32 = 720;
/// Five years: no answer to somebody who asks for a service center.
const MAX_LEAD_WEEKS: u32 = 260;
const MAX_LEAD_MONTHS: u32 = 60;
/// A year ahead.
const MAX_OFFER_DAYS: u32 = 366;
/// A year: what fails later was not dead on arrival.
const MAX_DOA_DAYS: u32 = 366;
const MAX_REMINDERS: usize = 20;
const MAX_REMINDER_DAYS: i64 = 365;

/// The least of a day in which customers can be reminded.
const LEAST_OPEN: TimeDelta = TimeDelta::hours(4);

pub(super) struct Fault {
    pub(super) key: String,
    pub(super) value: String,
    pub(super) detail: String,
}

fn fault(key: impl Into<String>, value: impl Display, detail: impl Into<String>) -> Fault {
    Fault { key: key.into(), value: value.to_string(), detail: detail.into() }
}

pub(super) fn programs(file: File) -> Result<rules::Programs, Fault> {
    let count = file.version.len();
    if count > MAX_VERSIONS {
        return Err(fault("version", format!("{count} tables"), format!("at most {MAX_VERSIONS} versions")));
    }
    let mut versions: Vec<rules::Program> = Vec::new();
    for version in file.version {
        let name = version.name.clone();
        let program = program(version).map_err(|f| Fault { key: format!("version {name:?}: {}", f.key), ..f })?;
        if versions.iter().any(|v| v.version == program.version) {
            return Err(fault(format!("version {name:?}: name"), format!("{name:?}"), "another version has this name"));
        }
        if let Some(twin) = versions.iter().find(|v| v.effective_from == program.effective_from) {
            let detail = format!("version {:?} takes effect on the same day", twin.version);
            return Err(fault(format!("version {name:?}: effective_from"), program.effective_from, detail));
        }
        versions.push(program);
    }
    rules::Programs::new(versions).ok_or_else(|| fault("version", "[]", "at least one version is needed"))
}

fn program(version: Version) -> Result<rules::Program, Fault> {
    let good = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if !(1..=40).contains(&version.name.len()) || !version.name.chars().all(good) {
        return Err(fault("name", format!("{:?}", version.name), "must be 1 to 40 letters, digits, and - _ ."));
    }
    Ok(rules::Program {
        tiers: tiers(version.tiers)?,
        coverage_hours: coverage_hours(version.coverage_hours)?,
        makeup_workdays: makeup_workdays(version.makeup_workdays)?,
        gold_plus: gold_plus(version.gold_plus)?,
        lead_times: lead_times(version.lead_times)?,
        return_reminders: reminders(version.return_reminders)?,
        couriers: couriers(&version.couriers)?,
        doa_days: bounded("doa_days", version.doa_days, MAX_DOA_DAYS)?,
        version: version.name,
        effective_from: version.effective_from,
    })
}

/// A country without such days would be taken for one that has them.
fn makeup_workdays(written: Vec<String>) -> Result<BTreeSet<String>, Fault> {
    match written.iter().find(|country| makeup_days(country).is_empty()) {
        Some(country) => Err(fault("makeup_workdays", format!("{country:?}"), "no make-up working days are known for this country")),
        None => Ok(written.into_iter().collect()),
    }
}

fn tiers(mut written: BTreeMap<Tier, TierTerms>) -> Result<BTreeMap<Tier, rules::TierTerms>, Fault> {
    let mut tiers = BTreeMap::new();
    for tier in Tier::ALL.iter().copied() {
        let key = format!("tiers.{tier}");
        let terms = written.remove(&tier).ok_or_else(|| fault(&key, "(missing)", "every tier needs its terms (P4)"))?;
        let return_days = bounded(&format!("{key}.return.within_business_days"), terms.give_back.within_business_days, MAX_BUSINESS_DAYS)?;
        let terms = rules::TierTerms {
            replacement: replacement(tier, &format!("{key}.replacement"), &terms.replacement)?,
            return_days,
            return_due: terms.give_back.due.into(),
            return_cut_off: cut_off(&format!("{key}.return"), terms.give_back.cut_off)?,
            return_counts_from: terms.give_back.counts_from.into(),
        };
        tiers.insert(tier, terms);
    }
    Ok(tiers)
}

fn bounded(key: &str, count: NonZeroU32, limit: u32) -> Result<u32, Fault> {
    match count.get() <= limit {
        true => Ok(count.get()),
        false => Err(fault(key, count, format!("must be at most {limit}"))),
    }
}

fn replacement(tier: Tier, key: &str, written: &Replacement) -> Result<rules::Replacement, Fault> {
    let by_courier = tier == Tier::GoldPlus;
    let bounded = |word: &str, count, limit| bounded(&format!("{key}.{word}"), count, limit);
    match *written {
        Replacement {
            delivered_within_hours: Some(hours),
            ships_within_business_days: None,
            ships_within_business_hours: None,
            due: None,
            cut_off: None,
        } if by_courier => Ok(rules::Replacement::Delivered { hours: bounded("delivered_within_hours", hours, MAX_HOURS)? }),
        Replacement {
            ships_within_business_days: Some(days),
            due: Some(due),
            cut_off: at,
            ships_within_business_hours: None,
            delivered_within_hours: None,
        } if !by_courier => {
            let days = bounded("ships_within_business_days", days, MAX_BUSINESS_DAYS)?;
            Ok(rules::Replacement::Ships { days, due: due.into(), cut_off: cut_off(key, at)? })
        }
        Replacement {
            ships_within_business_hours: Some(hours),
            ships_within_business_days: None,
            due: None,
            cut_off: None,
            delivered_within_hours: None,
        } if !by_courier => {
            Ok(rules::Replacement::ShipsInHours { hours: bounded("ships_within_business_hours", hours, MAX_BUSINESS_HOURS)? })
        }
        _ => {
            let detail = match by_courier {
                true => "Gold Plus is delivered by courier: needs delivered_within_hours, and nothing else (P4)",
                false => {
                    "ships: needs ships_within_business_days with due (and perhaps cut_off), or ships_within_business_hours, and nothing \
                     else; only Gold Plus is delivered by courier (P4)"
                }
            };
            Err(fault(key, words(written), detail))
        }
    }
}

/// The keys of a replacement as they were written.
fn words(written: &Replacement) -> String {
    let words = [
        written.ships_within_business_days.map(|days| format!("ships_within_business_days = {days}")),
        written.ships_within_business_hours.map(|hours| format!("ships_within_business_hours = {hours}")),
        written.due.map(|_| "due = …".to_owned()),
        written.cut_off.map(|CutOff(time)| format!("cut_off = {time}")),
        written.delivered_within_hours.map(|hours| format!("delivered_within_hours = {hours}")),
    ];
    format!("{{ {} }}", words.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

/// At midnight every event would be late: that is one more day, and is written as one.
fn cut_off(key: &str, written: Option<CutOff>) -> Result<Option<NaiveTime>, Fault> {
    match written.map(|CutOff(time)| time) {
        Some(NaiveTime::MIN) => Err(fault(format!("{key}.cut_off"), NaiveTime::MIN, "must be later than midnight (P3.4)")),
        time => Ok(time),
    }
}

fn coverage_hours(mut written: BTreeMap<Region, Window>) -> Result<BTreeMap<Region, rules::Window>, Fault> {
    let mut windows = BTreeMap::new();
    for region in Region::ALL.iter().copied() {
        let key = format!("coverage_hours.{region}");
        let window = written.remove(&region).ok_or_else(|| fault(&key, "(missing)", "every region needs its coverage hours (P3.2)"))?;
        if window.closes <= window.opens {
            let detail = format!("must be later than opens = {}", window.opens);
            return Err(fault(format!("{key}.closes"), window.closes, detail));
        }
        let repeated = (1..window.weekdays.len()).any(|i| window.weekdays[..i].contains(&window.weekdays[i]));
        if window.weekdays.is_empty() || repeated {
            let detail = "must name at least one weekday, and none twice";
            return Err(fault(format!("{key}.weekdays"), format!("{:?}", window.weekdays), detail));
        }
        let Window { zone, opens, closes, weekdays } = window;
        windows.insert(region, rules::Window { zone, opens, closes, weekdays });
    }
    Ok(windows)
}

fn gold_plus(written: GoldPlus) -> Result<rules::GoldPlusTerms, Fault> {
    let radius = |key: String, miles: f64| match miles > 0.0 && miles <= MAX_RADIUS_MILES {
        true => Ok(()),
        false => Err(fault(key, miles, format!("must be more than 0 and at most {MAX_RADIUS_MILES} statute miles (P5.2)"))),
    };
    radius("gold_plus.radius_miles_elsewhere".into(), written.radius_miles_elsewhere)?;
    for (country, miles) in &written.radius_miles_by_country {
        let key = format!("gold_plus.radius_miles_by_country.{country}");
        if !countries::exists(country) {
            return Err(fault(key, miles, format!("{country:?} is no ISO 3166-1 alpha-2 country code")));
        }
        radius(key.clone(), *miles)?;
        if let Some(sovereign) = written.territories_count_as_sovereign.then(|| countries::sovereign(country)).flatten() {
            let detail = format!("territories_count_as_sovereign = true: {country} counts as {sovereign} and has its radius");
            return Err(fault(key, miles, detail));
        }
    }
    let kilometers = written.question_beyond_km;
    if !(kilometers > 0.0 && kilometers <= MAX_QUESTION_KM) {
        let detail = format!("must be more than 0 and at most {MAX_QUESTION_KM} kilometers (P5.3)");
        return Err(fault("gold_plus.question_beyond_km", kilometers, detail));
    }
    let territories = countries::territories().filter(|_| written.territories_count_as_sovereign);
    Ok(rules::GoldPlusTerms {
        offered_since: written.offered_since,
        radius_miles_by_country: written.radius_miles_by_country,
        radius_miles_elsewhere: written.radius_miles_elsewhere,
        territories: territories.map(|(territory, sovereign)| (territory.to_owned(), sovereign.to_owned())).collect(),
        question_beyond_km: kilometers,
        four_hour_offer_days: bounded("gold_plus.four_hour_offer_days", written.four_hour_offer_days, MAX_OFFER_DAYS)?,
    })
}

fn lead_times(written: LeadTimes) -> Result<rules::LeadTimes, Fault> {
    let mut by_country = BTreeMap::new();
    for (country, time) in written.by_country {
        let key = format!("lead_times.by_country.{country}");
        if !countries::exists(&country) {
            return Err(fault(key, "{ … }", format!("{country:?} is no ISO 3166-1 alpha-2 country code")));
        }
        by_country.insert(country, lead_time(&key, time)?);
    }
    Ok(rules::LeadTimes { by_country, elsewhere: lead_time("lead_times.elsewhere", written.elsewhere)? })
}

fn lead_time(key: &str, written: LeadTime) -> Result<rules::LeadTime, Fault> {
    let weeks = |word: &str, count| bounded(&format!("{key}.{word}"), count, MAX_LEAD_WEEKS).map(rules::Span::Weeks);
    let months = |word: &str, count| bounded(&format!("{key}.{word}"), count, MAX_LEAD_MONTHS).map(rules::Span::Months);
    let LeadTime { at_least_weeks, at_most_weeks, at_least_months, at_most_months } = written;
    let inverted = |least: Option<NonZeroU32>, most: NonZeroU32| least.is_some_and(|least| least > most);
    match (at_least_weeks, at_most_weeks, at_least_months, at_most_months) {
        (least, Some(most), None, None) if !inverted(least, most) => {
            let least = least.map(|count| weeks("at_least_weeks", count)).transpose()?;
            Ok(rules::LeadTime { least, most: weeks("at_most_weeks", most)? })
        }
        (None, None, least, Some(most)) if !inverted(least, most) => {
            let least = least.map(|count| months("at_least_months", count)).transpose()?;
            Ok(rules::LeadTime { least, most: months("at_most_months", most)? })
        }
        _ => {
            let detail = "needs at_most_weeks (and perhaps at_least_weeks), or at_most_months (and perhaps at_least_months), the least no \
                          more than the most (P5.4)";
            Err(fault(key, "{ … }", detail))
        }
    }
}

fn couriers(written: &Couriers) -> Result<rules::CourierTerms, Fault> {
    Ok(rules::CourierTerms {
        accept_within_minutes: bounded("couriers.accept_within_minutes", written.accept_within_minutes, MAX_ACCEPT_MINUTES)?,
        links_valid_hours: bounded("couriers.links_valid_hours", written.links_valid_hours, MAX_LINK_HOURS)?,
    })
}

fn reminders(written: Reminders) -> Result<rules::ReminderTerms, Fault> {
    let refuse = |detail: String| Err(fault("return_reminders.days", format!("{:?}", written.days), detail));
    if written.days.len() > MAX_REMINDERS {
        return refuse(format!("must be at most {MAX_REMINDERS} reminders"));
    }
    if !written.days.is_sorted_by(|a, b| a < b) {
        return refuse("must be strictly ascending".into());
    }
    if written.days.iter().any(|day| !(-MAX_REMINDER_DAYS..=MAX_REMINDER_DAYS).contains(day)) {
        return refuse(format!("must lie within {MAX_REMINDER_DAYS} days of the due day"));
    }
    let quiet = rules::Quiet { from: written.quiet_from, until: written.quiet_until };
    if quiet.open() < LEAST_OPEN {
        let shown = format!("{} to {}", quiet.from, quiet.until);
        return Err(fault("return_reminders.quiet_from", shown, format!("must leave {} hours of a day", LEAST_OPEN.num_hours())));
    }
    Ok(rules::ReminderTerms { days: written.days, at: written.at, quiet })
}
