//! The types of the rules as fields of bodies: parsed at the door, with the fault at its place; and their schemas.

use super::body::Faults;
use crate::rules::calendar::{ChangeKind, DaysOf};
use crate::rules::carrier::EventKind;
use crate::rules::dispatch::Afterwards;
use crate::rules::dock::{Disposition, Finding};
use crate::rules::number::{CaseNumber, RmaNumber};
use crate::rules::rma::Condition;
use crate::rules::role::Role;
use crate::rules::stock::{Fit, StockState};
use crate::rules::term::Term;
use crate::rules::text::{
    Code, ContractNumber, Country, Email, Line, Note, PartNumber, Phone, PostalCode, SerialNumber, Subdivision, TextFault,
};
use crate::rules::tier::{ApplianceKind, Channel, Language, Region, Severity, Tier};
use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use chrono_tz::Tz;
use deserr::{Deserr, IntoValue, Value, ValueKind, ValuePointerRef, take_cf_content};

/// Years that dates of contracts, centers and appliances may have.
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2100;

fn text<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<String, Faults> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(wrong_kind(other, &[ValueKind::String], at)),
    }
}

fn wrong_kind<V: IntoValue>(actual: Value<V>, accepted: &[ValueKind], at: ValuePointerRef<'_>) -> Faults {
    take_cf_content(<Faults as deserr::DeserializeError>::error::<V>(None, deserr::ErrorKind::IncorrectValueKind { actual, accepted }, at))
}

fn parsed<T, V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>, parse: impl Fn(&str) -> Result<T, TextFault>) -> Result<T, Faults> {
    let text = text(value, at)?;
    parse(&text).map_err(|fault| Faults::at(at, fault.code, fault.detail))
}

macro_rules! text_fields {
    ($($name:ident),+ $(,)?) => { $(
        impl Deserr<Faults> for $name {
            fn deserialize_from_value<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<Self, Faults> {
                parsed(value, at, Self::parse)
            }
        }
    )+ };
}
text_fields!(
    CaseNumber,
    Code,
    ContractNumber,
    Country,
    Email,
    Line,
    Note,
    PartNumber,
    Phone,
    PostalCode,
    RmaNumber,
    SerialNumber,
    Subdivision
);

macro_rules! word_fields {
    ($($name:ident),+ $(,)?) => { $(
        impl Deserr<Faults> for $name {
            fn deserialize_from_value<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<Self, Faults> {
                parsed(value, at, word::<Self>)
            }
        }
    )+ };
}
word_fields!(
    Afterwards,
    ApplianceKind,
    ChangeKind,
    Channel,
    Condition,
    Disposition,
    EventKind,
    Finding,
    Fit,
    Language,
    Region,
    Role,
    StockState,
    Tier
);

/// A word of a vocabulary; a fault lists the vocabulary.
pub fn word<T: Term>(text: &str) -> Result<T, TextFault> {
    let words = || T::ALL.iter().map(|t| t.as_str()).collect::<Vec<_>>().join(", ");
    T::parse(text).ok_or_else(|| TextFault::new("unknown_value", format!("must be one of {}", words())))
}

impl Deserr<Faults> for DaysOf {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<Self, Faults> {
        parsed(value, at, str::parse)
    }
}

/// A severity from 1 to 4.
#[derive(Debug, Clone, Copy)]
pub struct SeverityField(pub Severity);

impl Deserr<Faults> for SeverityField {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<Self, Faults> {
        let level = i64::deserialize_from_value(value, at)?;
        Severity::new(level).map(Self).ok_or_else(|| Faults::at(at, "bad_severity", "must lie between 1 and 4"))
    }
}

/// A civil date, `2026-11-24`.
#[derive(Debug, Clone, Copy)]
pub struct Day(pub NaiveDate);

impl Deserr<Faults> for Day {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<Self, Faults> {
        parsed(value, at, |text| day(text).map(Self))
    }
}

/// Reads a civil date.
pub fn day(text: &str) -> Result<NaiveDate, TextFault> {
    use chrono::Datelike;
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| text.len() == 10);
    let date = date.ok_or_else(|| TextFault::new("bad_date", "must be a date such as 2026-11-24"))?;
    match YEARS.contains(&date.year()) {
        true => Ok(date),
        false => Err(TextFault::new("absurd_date", format!("must lie between {} and {}", YEARS.start(), YEARS.end()))),
    }
}

/// Reads a year.
pub fn year(text: &str) -> Result<i32, TextFault> {
    let year = text.parse().ok().filter(|year| YEARS.contains(year));
    year.ok_or_else(|| TextFault::new("bad_year", format!("must be a year from {} to {}", YEARS.start(), YEARS.end())))
}

/// An instant, RFC 3339 with any offset, taken in whole seconds.
#[derive(Debug, Clone, Copy)]
pub struct At(pub DateTime<Utc>);

impl Deserr<Faults> for At {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<Self, Faults> {
        parsed(value, at, |text| instant(text).map(Self))
    }
}

/// Reads an instant.
pub fn instant(text: &str) -> Result<DateTime<Utc>, TextFault> {
    use chrono::Datelike;
    let at =
        DateTime::parse_from_rfc3339(text).map_err(|_| TextFault::new("bad_instant", "must be an instant such as 2026-11-24T09:30:00Z"))?;
    let at = at.to_utc().trunc_subsecs(0);
    match YEARS.contains(&at.year()) {
        true => Ok(at),
        false => Err(TextFault::new("absurd_date", format!("must lie between {} and {}", YEARS.start(), YEARS.end()))),
    }
}

/// An IANA zone, `America/New_York`.
#[derive(Debug, Clone, Copy)]
pub struct Zone(pub Tz);

impl Deserr<Faults> for Zone {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<Self, Faults> {
        parsed(value, at, |text| {
            text.parse().map(Self).map_err(|_| TextFault::new("unknown_zone", "must be an IANA time zone such as America/New_York"))
        })
    }
}

/// A coordinate: any JSON number, in degrees.
#[derive(Debug, Clone, Copy)]
pub struct Degrees(pub f64);

impl Deserr<Faults> for Degrees {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<Self, Faults> {
        f64::deserialize_from_value(value, at).map(Self)
    }
}

/// A list of `LEAST` to `MOST` entries.
#[derive(Debug, Clone)]
pub struct Bounded<T, const LEAST: usize, const MOST: usize>(pub Vec<T>);

impl<T, const MOST: usize> Default for Bounded<T, 0, MOST> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Deserr<Faults>, const LEAST: usize, const MOST: usize> Deserr<Faults> for Bounded<T, LEAST, MOST> {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<Self, Faults> {
        use deserr::Sequence;
        match &value {
            Value::Sequence(entries) if entries.len() > MOST => {
                return Err(Faults::at(at, "too_many", format!("must have at most {MOST} entries")));
            }
            Value::Sequence(entries) if entries.len() < LEAST => {
                return Err(Faults::at(at, "too_few", format!("must have at least {LEAST} entries")));
            }
            _ => {}
        }
        Vec::deserialize_from_value(value, at).map(Self)
    }
}

/// A list of `LEAST` to `MOST` entries, none of them twice.
#[derive(Debug, Clone)]
pub struct Distinct<T, const LEAST: usize, const MOST: usize>(pub Vec<T>);

impl<T, const MOST: usize> Default for Distinct<T, 0, MOST> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Deserr<Faults> + PartialEq, const LEAST: usize, const MOST: usize> Deserr<Faults> for Distinct<T, LEAST, MOST> {
    fn deserialize_from_value<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<Self, Faults> {
        let Bounded(list) = Bounded::<T, LEAST, MOST>::deserialize_from_value(value, at)?;
        let twice = list.iter().enumerate().find(|(index, entry)| list.iter().take(*index).any(|earlier| earlier == *entry));
        match twice {
            Some((index, _)) => Err(Faults::at(at.push_index(index), "repeated", "is in the list already")),
            None => Ok(Self(list)),
        }
    }
}
