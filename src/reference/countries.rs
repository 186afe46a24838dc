//! Which countries exist (ISO 3166-1 alpha-2), what they are called in English, and which are territories of others.

use std::collections::BTreeMap;
use std::sync::LazyLock;

static NAMES: LazyLock<BTreeMap<&'static str, &'static str>> = LazyLock::new(|| {
    let rows = include_str!("../../data/countries.csv").lines().skip(1);
    rows.filter_map(|row| row.split_once(',')).map(|(code, name)| (code, name.trim_matches('"'))).collect()
});

static TERRITORIES: LazyLock<BTreeMap<&'static str, &'static str>> =
    LazyLock::new(|| include_str!("../../data/territories.csv").lines().skip(1).filter_map(|row| row.split_once(',')).collect());

/// The country whose sovereignty a territory with a code of its own is under, `None` if it is no territory.
pub fn sovereign(code: &str) -> Option<&'static str> {
    TERRITORIES.get(code).copied()
}

/// Every territory with a code of its own and its sovereign, ascending by code.
pub fn territories() -> impl Iterator<Item = (&'static str, &'static str)> {
    TERRITORIES.iter().map(|(territory, sovereign)| (*territory, *sovereign))
}

/// The English name of an upper-case code, `None` if there is no such country.
pub fn name(code: &str) -> Option<&'static str> {
    NAMES.get(code).copied()
}

/// The upper-case code as it is kept here, `None` if there is no such country.
pub fn code(code: &str) -> Option<&'static str> {
    NAMES.get_key_value(code).map(|(code, _)| *code)
}

/// True if the upper-case code is assigned.
pub fn exists(code: &str) -> bool {
    NAMES.contains_key(code)
}

/// Every code with its name, ascending by code.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    NAMES.iter().map(|(code, name)| (*code, *name))
}

#[cfg(test)]
mod tests;
