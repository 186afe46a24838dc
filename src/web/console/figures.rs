//! A member of the API's answers as it is shown: an instant in the reader's zone, a name that leads somewhere, a word with its color.

use super::words;
use crate::rules::zone;
use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use serde_json::Value;

/// What is in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) enum Cell {
    /// Nothing.
    Empty,
    /// A text.
    Text(String),
    /// A number.
    Number(String),
    /// A name that leads to its page.
    Link { to: String, text: String },
    /// An instant, as machines and as people read it.
    At { iso: String, shown: String },
    /// A word of a vocabulary.
    Word { text: String, tone: &'static str },
}

/// Members that name a record, and where its page is.
const RECORDS: [(&str, &str); 15] = [
    ("rma", "rmas"),
    ("case", "cases"),
    ("organization", "organizations"),
    ("contract", "contracts"),
    ("site", "sites"),
    ("service_center", "service-centers"),
    ("ships_from", "service-centers"),
    ("nearest_service_center", "service-centers"),
    ("courier", "couriers"),
    ("part", "parts"),
    ("part_number", "parts"),
    ("model", "models"),
    ("appliance", "appliances"),
    ("renews", "contracts"),
    ("renewed_by", "contracts"),
];

/// Members whose texts are words of a vocabulary.
const VOCABULARIES: [&str; 14] = [
    "state",
    "kind",
    "condition",
    "verdict",
    "tier",
    "entitled_tier",
    "delivered_tier",
    "supply",
    "disposition",
    "outcome",
    "clock",
    "fit",
    "loses",
    "region",
];

/// An instant in a zone.
pub(in crate::web) fn at(instant: DateTime<Utc>, zone: Tz) -> Cell {
    let (local, short) = (zone::local(zone, instant), zone::abbreviation(zone, instant));
    Cell::At { iso: instant.to_rfc3339_opts(SecondsFormat::Secs, true), shown: format!("{} {short}", local.format("%a %-d %b %Y %H:%M")) }
}

/// A member's value.
pub(in crate::web) fn cell(name: &str, value: &Value, zone: Tz) -> Cell {
    match value {
        Value::Null => Cell::Empty,
        Value::Bool(yes) => Cell::Text(if *yes { "yes" } else { "no" }.to_owned()),
        Value::Number(number) => Cell::Number(number.to_string()),
        Value::String(text) => of_text(name, text, zone),
        Value::Array(items) if items.is_empty() => Cell::Empty,
        Value::Array(items) => {
            let all: Vec<String> = items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned)).collect();
            Cell::Text(all.join(", "))
        }
        Value::Object(_) => Cell::Text(value.to_string()),
    }
}

fn of_text(name: &str, text: &str, zone: Tz) -> Cell {
    if text.is_empty() {
        return Cell::Empty;
    }
    if (name.ends_with("_at") || name == "at")
        && let Ok(instant) = text.parse::<DateTime<Utc>>()
    {
        return at(instant, zone);
    }
    if let Some((_, record)) = RECORDS.iter().find(|(known, _)| *known == name) {
        return Cell::Link { to: format!("/c/{record}/{}", crate::web::member::encoded(text)), text: text.to_owned() };
    }
    match VOCABULARIES.contains(&name) {
        true => Cell::Word { text: words::label(text), tone: words::tone(text) },
        false => Cell::Text(text.to_owned()),
    }
}
