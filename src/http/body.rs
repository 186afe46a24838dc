//! Bodies: every fault of a JSON body is found and reported together, with its place.

use super::problem::{FieldError, Problem};
use deserr::{DeserializeError, Deserr, ErrorKind, IntoValue, MergeWithError, ValuePointerRef};
use std::ops::ControlFlow;

/// Most faults that are reported of one body.
const MOST_FAULTS: usize = 50;

/// The faults of a body, collected.
#[derive(Debug, Default)]
pub struct Faults(Vec<FieldError>);

impl Faults {
    /// One fault at a place.
    pub fn at(location: ValuePointerRef<'_>, code: &str, detail: impl Into<String>) -> Self {
        Self(vec![FieldError::new(pointer(location), code, detail)])
    }
    /// These faults and others.
    pub fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }
}

/// A place as a JSON pointer (RFC 6901).
fn pointer(location: ValuePointerRef<'_>) -> String {
    match location {
        ValuePointerRef::Origin => String::new(),
        ValuePointerRef::Key { key, prev } => format!("{}/{}", pointer(*prev), shortened(key).replace('~', "~0").replace('/', "~1")),
        ValuePointerRef::Index { index, prev } => format!("{}/{index}", pointer(*prev)),
    }
}

/// A key of the client's as it may be quoted: short, and printable.
fn shortened(key: &str) -> String {
    key.chars().take(40).map(|c| if c.is_control() { '?' } else { c }).collect()
}

impl MergeWithError<Faults> for Faults {
    fn merge(faults: Option<Self>, other: Self, _at: ValuePointerRef<'_>) -> ControlFlow<Self, Self> {
        let faults = faults.unwrap_or_default().and(other);
        if faults.0.len() < MOST_FAULTS { ControlFlow::Continue(faults) } else { ControlFlow::Break(faults) }
    }
}

impl DeserializeError for Faults {
    fn error<V: IntoValue>(faults: Option<Self>, error: ErrorKind<'_, V>, location: ValuePointerRef<'_>) -> ControlFlow<Self, Self> {
        let fault = match error {
            ErrorKind::IncorrectValueKind { actual, accepted } => {
                let accepted: Vec<String> = accepted.iter().map(|kind| kind.to_string().to_lowercase()).collect();
                let detail = format!("must be {}, not {}", accepted.join(" or "), actual.kind().to_string().to_lowercase());
                Self::at(location, "wrong_type", detail)
            }
            ErrorKind::MissingField { field } => Self::at(location.push_key(field), "required", "is missing"),
            ErrorKind::UnknownKey { key, accepted } => {
                Self::at(location.push_key(key), "unknown_field", format!("is not a field here; the fields are {}", accepted.join(", ")))
            }
            ErrorKind::UnknownValue { accepted, .. } => {
                Self::at(location, "unknown_value", format!("must be one of {}", accepted.join(", ")))
            }
            ErrorKind::BadSequenceLen { expected, .. } => Self::at(location, "wrong_length", format!("must have {expected} entries")),
            ErrorKind::Unexpected { msg } => Self::at(location, "invalid", msg),
        };
        Self::merge(faults, fault, location)
    }
}

/// Reads a body into its shape, or reports everything that is wrong with it.
pub fn parse<T: Deserr<Faults>>(bytes: &[u8]) -> Result<T, Problem> {
    let bytes = if bytes.trim_ascii().is_empty() { b"{}" } else { bytes };
    let value: serde_json::Value = serde_json::from_slice(bytes).map_err(|e| {
        let detail = format!("the body is not valid JSON (line {}, column {})", e.line(), e.column());
        Problem::malformed("malformed_json", detail)
    })?;
    deserr::deserialize::<T, _, Faults>(value).map_err(|faults| Problem::invalid(faults.0))
}
