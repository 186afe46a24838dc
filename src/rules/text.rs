//! Text that came from outside, parsed at the door: bounded, printable, trimmed. Everything later trusts it.
//!
//! Knows lengths and characters; knows nothing of what a text is for.

use std::fmt;

/// Why a text was refused; the sentence is for the person who sent it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct TextFault {
    /// Stable snake_case code, e.g. `too_long`.
    pub code: &'static str,
    /// A human sentence.
    pub detail: String,
}

impl TextFault {
    /// A fault with its code and sentence.
    pub fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

/// Trims `raw` and refuses it when empty, longer than `max` characters, or holding control characters
/// (`\n` and `\t` pass when `multiline`).
pub fn clean(raw: &str, max: usize, multiline: bool) -> Result<String, TextFault> {
    let text = raw.trim();
    if text.is_empty() {
        return Err(TextFault::new("empty", "must not be empty"));
    }
    if text.chars().count() > max {
        return Err(TextFault::new("too_long", format!("must have at most {max} characters")));
    }
    let forbidden = |c: char| {
        let allowed = multiline && (c == '\n' || c == '\t');
        (c.is_control() && !allowed)
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
    };
    match text.chars().find(|c| forbidden(*c)) {
        Some(c) => Err(TextFault::new("control_character", format!("must not contain the control character U+{:04X}", u32::from(c)))),
        None => Ok(text.to_owned()),
    }
}

/// A code that people write and machines compare: ASCII letters, digits, `-`, `_`, `.` and `/`; stored upper case.
fn code(raw: &str, max: usize) -> Result<String, TextFault> {
    let text = clean(raw, max, false)?;
    if !text.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c)) || text.starts_with('.') || text.contains("..") {
        return Err(TextFault::new("bad_character", "may contain letters, digits, and - _ . / only"));
    }
    Ok(text.to_ascii_uppercase())
}

/// Defines a newtype over `String` that only its `parse` can make.
macro_rules! text_types {
    ($($(#[$meta:meta])* $name:ident = |$raw:ident| $parse:expr;)+) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);
        impl $name {
            /// Parses the text as it was written by a person.
            pub fn parse($raw: &str) -> Result<Self, TextFault> { $parse.map(Self) }
            /// The text.
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
        impl TryFrom<String> for $name {
            type Error = TextFault;
            fn try_from(raw: String) -> Result<Self, TextFault> { Self::parse(&raw) }
        }
        impl From<$name> for String {
            fn from(text: $name) -> String { text.0 }
        }
    )+ };
}

text_types! {
    /// A manufacturer's serial number, upper case, at most 64 characters.
    SerialNumber = |raw| code(raw, 64);
    /// A part number, upper case, at most 64 characters.
    PartNumber = |raw| code(raw, 64);
    /// The code of an organization, model, site, service center or courier; upper case, at most 40 characters, no `/`.
    Code = |raw| code(raw, 40).and_then(no_slash);
    /// The number of a contract as the vendor's books have it; upper case, at most 40 characters, no `/`.
    ContractNumber = |raw| code(raw, 40).and_then(no_slash);
    /// A name, a city, a carrier: one line of at most 200 characters.
    Line = |raw| clean(raw, 200, false);
    /// A note or summary: at most 4,000 characters, line breaks allowed (kept as `\n`).
    Note = |raw| clean(&raw.replace("\r\n", "\n"), 4_000, true);
    /// A postal code as written, at most 16 characters.
    PostalCode = |raw| clean(raw, 16, false);
    /// An ISO 3166-2 suffix: one to three letters or digits, upper case.
    Subdivision = |raw| subdivision(raw);
    /// An ISO 3166-1 alpha-2 country code, upper case. Whether the country exists is known to `reference::countries`.
    Country = |raw| country(raw);
    /// An email address of at most 254 characters (RFC 5321), one `@`, no blanks, no angle brackets.
    Email = |raw| email(raw);
    /// A telephone number in E.164 form (`+34911234567`), as `phonenumber` normalizes it.
    Phone = |raw| phone(raw);
}

fn no_slash(text: String) -> Result<String, TextFault> {
    match text.contains('/') {
        true => Err(TextFault::new("bad_character", "must not contain /")),
        false => Ok(text),
    }
}

fn subdivision(raw: &str) -> Result<String, TextFault> {
    let text = clean(raw, 6, false)?.to_ascii_uppercase();
    let suffix = text.rsplit('-').next().unwrap_or_default();
    match (1..=3).contains(&suffix.len()) && suffix.chars().all(|c| c.is_ascii_alphanumeric()) {
        true => Ok(suffix.to_owned()),
        false => Err(TextFault::new("bad_subdivision", "must be an ISO 3166-2 suffix of one to three letters or digits, such as FL")),
    }
}

fn country(raw: &str) -> Result<String, TextFault> {
    let text = raw.trim().to_ascii_uppercase();
    match text.len() == 2 && text.chars().all(|c| c.is_ascii_uppercase()) {
        true => Ok(text),
        false => Err(TextFault::new("bad_country", "must be an ISO 3166-1 alpha-2 country code, such as US")),
    }
}

fn email(raw: &str) -> Result<String, TextFault> {
    let text = clean(raw, 254, false)?;
    let fault = || TextFault::new("bad_email", "must be an email address, such as name@example.com");
    let (local, domain) = text.rsplit_once('@').ok_or_else(fault)?;
    let atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c);
    let good_local = !local.is_empty()
        && local.len() <= 64
        && local.chars().all(atom)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..");
    let label = |l: &str| {
        !l.is_empty()
            && l.len() <= 63
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    match good_local && domain.split('.').all(label) {
        true => Ok(text),
        false => Err(fault()),
    }
}

fn phone(raw: &str) -> Result<String, TextFault> {
    let text = clean(raw, 32, false)?;
    let fault = || TextFault::new("bad_phone", "must be a telephone number with its country code, such as +34911234567");
    if !text.starts_with('+') {
        return Err(fault());
    }
    let number = phonenumber::parse(None, &text).map_err(|_| fault())?;
    let normal = |number: &phonenumber::PhoneNumber| number.format().mode(phonenumber::Mode::E164).to_string();
    let e164 = normal(&number);
    // What isn't read again in its own normal form would be stored for nobody to read (found by fuzzing).
    let again = phonenumber::parse(None, &e164).ok().filter(|again| normal(again) == e164);
    again.ok_or_else(fault)?;
    match (8..=16).contains(&e164.len()) {
        true => Ok(e164),
        false => Err(fault()),
    }
}

#[cfg(test)]
mod tests;
