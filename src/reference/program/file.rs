//! How the program file is written. Unknown keys, wrong types, zero where a count is meant and unknown words are refused
//! here, by serde, which knows line and column.

use crate::rules::program::{Due, ReturnStart};
use crate::rules::tier::{Region, Tier};
use chrono::{NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;
use serde::Deserialize;
use serde::de::{Deserializer, Error};
use std::collections::BTreeMap;
use std::num::NonZeroU32;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) version: Vec<Version>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Version {
    pub(super) name: String,
    #[serde(deserialize_with = "day")]
    pub(super) effective_from: NaiveDate,
    pub(super) tiers: BTreeMap<Tier, TierTerms>,
    pub(super) coverage_hours: BTreeMap<Region, Window>,
    #[serde(default)]
    pub(super) makeup_workdays: Vec<String>,
    pub(super) gold_plus: GoldPlus,
    #[serde(default)]
    pub(super) lead_times: LeadTimes,
    pub(super) return_reminders: Reminders,
    #[serde(default)]
    pub(super) couriers: Couriers,
    #[serde(default = "doa_days")]
    pub(super) doa_days: NonZeroU32,
}

/// What holds where the file says nothing.
fn doa_days() -> NonZeroU32 {
    NonZeroU32::MIN.saturating_add(29)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TierTerms {
    pub(super) replacement: Replacement,
    #[serde(rename = "return")]
    pub(super) give_back: Return,
}

/// One of the three "within", and with business days `due` and perhaps `cut_off`; `check` refuses every other mix by name,
/// which an untagged enum could not.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Replacement {
    pub(super) ships_within_business_days: Option<NonZeroU32>,
    pub(super) due: Option<DueWord>,
    pub(super) cut_off: Option<CutOff>,
    pub(super) ships_within_business_hours: Option<NonZeroU32>,
    pub(super) delivered_within_hours: Option<NonZeroU32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Return {
    pub(super) within_business_days: NonZeroU32,
    pub(super) due: DueWord,
    pub(super) cut_off: Option<CutOff>,
    pub(super) counts_from: StartWord,
}

/// A time of day, with or without quotes.
#[derive(Clone, Copy)]
pub(super) struct CutOff(pub(super) NaiveTime);

impl<'de> Deserialize<'de> for CutOff {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = toml::Value::deserialize(deserializer)?;
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let parsed = ["%H:%M:%S", "%H:%M"].iter().find_map(|form| NaiveTime::parse_from_str(&text, form).ok());
        parsed.map(Self).ok_or_else(|| D::Error::custom(format!("{text} is not a time of day such as \"15:00\"")))
    }
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
pub(super) enum DueWord {
    CloseOfBusiness,
    EndOfDay,
}

impl From<DueWord> for Due {
    fn from(word: DueWord) -> Self {
        match word {
            DueWord::CloseOfBusiness => Self::CloseOfBusiness,
            DueWord::EndOfDay => Self::EndOfDay,
        }
    }
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
pub(super) enum StartWord {
    Issue,
    Delivery,
}

impl From<StartWord> for ReturnStart {
    fn from(word: StartWord) -> Self {
        match word {
            StartWord::Issue => Self::Issue,
            StartWord::Delivery => Self::Delivery,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Window {
    pub(super) zone: Tz,
    #[serde(deserialize_with = "time")]
    pub(super) opens: NaiveTime,
    #[serde(deserialize_with = "time")]
    pub(super) closes: NaiveTime,
    pub(super) weekdays: Vec<Weekday>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GoldPlus {
    #[serde(deserialize_with = "day")]
    pub(super) offered_since: NaiveDate,
    pub(super) radius_miles_elsewhere: f64,
    pub(super) radius_miles_by_country: BTreeMap<String, f64>,
    #[serde(default)]
    pub(super) territories_count_as_sovereign: bool,
    #[serde(default = "question_beyond_km")]
    pub(super) question_beyond_km: f64,
    #[serde(default = "four_hour_offer_days")]
    pub(super) four_hour_offer_days: NonZeroU32,
}

/// What a program says that was written before the field was.
fn question_beyond_km() -> f64 {
    50.0
}

/// The same.
fn four_hour_offer_days() -> NonZeroU32 {
    NonZeroU32::new(60).unwrap_or(NonZeroU32::MIN)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LeadTimes {
    #[serde(default)]
    pub(super) by_country: BTreeMap<String, LeadTime>,
    pub(super) elsewhere: LeadTime,
}

/// At most weeks or months, and perhaps at least; `check` refuses other mixes by name.
#[derive(Deserialize, Clone, Copy, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct LeadTime {
    pub(super) at_least_weeks: Option<NonZeroU32>,
    pub(super) at_most_weeks: Option<NonZeroU32>,
    pub(super) at_least_months: Option<NonZeroU32>,
    pub(super) at_most_months: Option<NonZeroU32>,
}

/// What a program says that was written before there were lead times (P5.4).
impl Default for LeadTimes {
    fn default() -> Self {
        let months = |least, most| LeadTime {
            at_least_months: NonZeroU32::new(least),
            at_most_months: NonZeroU32::new(most),
            ..LeadTime::default()
        };
        let weeks = LeadTime { at_most_weeks: NonZeroU32::new(6), ..LeadTime::default() };
        Self { by_country: BTreeMap::from([("US".to_owned(), weeks)]), elsewhere: months(3, 6) }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reminders {
    pub(super) days: Vec<i64>,
    #[serde(deserialize_with = "time")]
    pub(super) at: NaiveTime,
    #[serde(deserialize_with = "time", default = "evening")]
    pub(super) quiet_from: NaiveTime,
    #[serde(deserialize_with = "time", default = "morning")]
    pub(super) quiet_until: NaiveTime,
}

/// The night of a program that was written before it could be set.
fn evening() -> NaiveTime {
    NaiveTime::from_hms_opt(20, 0, 0).unwrap_or_default()
}

fn morning() -> NaiveTime {
    NaiveTime::from_hms_opt(8, 0, 0).unwrap_or_default()
}

/// What a file of an earlier version doesn't say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Couriers {
    pub(super) accept_within_minutes: NonZeroU32,
    pub(super) links_valid_hours: NonZeroU32,
}

impl Default for Couriers {
    fn default() -> Self {
        let count = |n: u32| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        Self { accept_within_minutes: count(15), links_valid_hours: count(72) }
    }
}

fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    let value = toml::value::Datetime::deserialize(deserializer)?;
    let date = match (value.date, value.time, value.offset) {
        (Some(date), None, None) => NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day)),
        _ => None,
    };
    date.ok_or_else(|| D::Error::custom(format!("{value} is not a date such as 2026-01-31")))
}

fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveTime, D::Error> {
    let value = toml::value::Datetime::deserialize(deserializer)?;
    let text = value.to_string();
    let parsed = match (value.date, value.offset) {
        (None, None) => NaiveTime::parse_from_str(&text, "%H:%M:%S").or_else(|_| NaiveTime::parse_from_str(&text, "%H:%M")).ok(),
        _ => None,
    };
    parsed.ok_or_else(|| D::Error::custom(format!("{text} is not a time of day such as 08:00:00")))
}
