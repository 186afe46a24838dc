//! Where settings come from, and how a bad one is named: its key, and the file or the variable that has it.

use super::Config;
use super::check::check;
use figment::error::{Error, Kind};
use figment::providers::Serialized;
use figment::value::{Dict, Map, Num, Value};
use figment::{Figment, Metadata, Profile, Provider};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

/// The file that is read when none is named and it is there.
pub const FILE: &str = "swapline.toml";
/// The variable that names a file.
pub const VARIABLE: &str = "SWAPLINE_CONFIG";

const PREFIX: &str = "SWAPLINE_";
/// Variables with this prefix set up the tests of a program, not the program.
const TESTS: &str = "SWAPLINE_TEST_";
const LEVELS: &str = "__";
const ENVIRONMENT: &str = "environment";
/// A settings file is a page of text; anything longer is another file.
const MAX_BYTES: u64 = 1_048_576;
/// Bad values told at once.
const MAX_FAULTS: usize = 100;

/// Settings that can't be used: one sentence each, at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// What is wrong, each with its key and where it comes from.
    pub faults: Vec<String>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bad settings: {}", self.faults.join("; "))
    }
}

impl std::error::Error for ConfigError {}

/// Where to look for settings.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The file that was named: it must be there.
    pub file: Option<PathBuf>,
    /// The environment.
    pub variables: Vec<(OsString, OsString)>,
}

impl Sources {
    /// The process's own environment, and the file that was named, if one was.
    pub fn of_process(file: Option<PathBuf>) -> Self {
        Self { file, variables: std::env::vars_os().collect() }
    }
}

impl Config {
    /// Defaults, then the file, then the environment. Tells everything that is wrong at once.
    pub fn load(sources: &Sources) -> Result<Self, ConfigError> {
        let keys = Keys::of_defaults();
        let mut faults = Vec::new();
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        let file = sources.file.clone().or_else(|| Some(PathBuf::from(FILE)).filter(|path| path.exists()));
        if let Some(path) = &file {
            let table = keys.known(path, &read(path)?, &mut faults)?;
            let values = Value::serialize(table).ok().and_then(Value::into_dict).unwrap_or_default();
            figment = figment.merge(Given { metadata: Metadata::from(FILE, path.as_path()), values });
        }
        let values = keys.variables(&sources.variables, &mut faults);
        figment = figment.merge(Given { metadata: Metadata::named(ENVIRONMENT), values });
        match extract(figment, &keys, file.as_deref(), &mut faults) {
            Some(config) if faults.is_empty() => Ok(config),
            _ => Err(ConfigError { faults }),
        }
    }
}

/// Reads the values, replacing a bad one by its default to find the next.
fn extract(mut figment: Figment, keys: &Keys, file: Option<&Path>, faults: &mut Vec<String>) -> Option<Config> {
    for _ in 0..MAX_FAULTS {
        let error = match figment.extract::<Config>() {
            Ok(config) => {
                for (key, why) in check(&config) {
                    let place = figment.find_metadata(key).map_or(String::new(), |metadata| place(metadata, key, file));
                    faults.push(format!("{key} {why}{place}"));
                }
                return Some(config);
            }
            Err(error) => error,
        };
        let key = error.path.join(".");
        faults.push(described(&error, &key, file));
        let default = keys.defaults.find_ref(&key)?.clone();
        figment = figment.merge(Serialized::default(&key, default));
    }
    None
}

/// One bad value as a sentence.
fn described(error: &Error, key: &str, file: Option<&Path>) -> String {
    let why = match &error.kind {
        // The value itself may be a secret.
        Kind::InvalidType(_, expected) | Kind::InvalidValue(_, expected) if key.ends_with("password") => format!("must be {expected}"),
        Kind::InvalidType(actual, expected) | Kind::InvalidValue(actual, expected) => format!("must be {}, not {actual}", named(expected)),
        Kind::UnknownVariant(actual, expected) => format!("must be one of {}, not {actual:?}", expected.join(", ")),
        other => other.to_string(),
    };
    let place = error.metadata.as_ref().map_or(String::new(), |metadata| place(metadata, key, file));
    format!("{key} {why}{place}")
}

/// What serde expected, in words for people.
fn named(expected: &str) -> &str {
    match expected {
        "u16" | "u32" | "u64" | "usize" => "a whole number in range",
        section if section.starts_with("struct ") => "a section of settings",
        other => other,
    }
}

/// Where a value comes from, in brackets; nothing for a default.
fn place(metadata: &Metadata, key: &str, file: Option<&Path>) -> String {
    match (metadata.name.as_ref(), file) {
        (ENVIRONMENT, _) => format!(" (environment variable {})", variable(key)),
        (FILE, Some(path)) => format!(" (file {})", path.display()),
        _ => String::new(),
    }
}

/// The variable that sets a key.
fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', LEVELS).to_ascii_uppercase())
}

fn read(path: &Path) -> Result<String, ConfigError> {
    let failed = |why: String| ConfigError { faults: vec![format!("the settings file {} {why}", path.display())] };
    let size = std::fs::metadata(path).map_err(|e| failed(format!("can't be read: {e}")))?.len();
    if size > MAX_BYTES {
        return Err(failed(format!("has more than {MAX_BYTES} bytes")));
    }
    std::fs::read_to_string(path).map_err(|e| failed(format!("can't be read: {e}")))
}

/// Values under a name by which [`place`] knows them.
struct Given {
    metadata: Metadata,
    values: Dict,
}

impl Provider for Given {
    fn metadata(&self) -> Metadata {
        self.metadata.clone()
    }
    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        Ok(Profile::Default.collect(self.values.clone()))
    }
}

/// What keys there are: the defaults know.
struct Keys {
    defaults: Value,
}

impl Keys {
    fn of_defaults() -> Self {
        let defaults = Value::serialize(Config::default());
        Self { defaults: defaults.unwrap_or_else(|_| Value::from(Dict::new())) }
    }

    /// The keys of a file that are settings; the others are told. Bad TOML is told by its line: the parser's own message would
    /// quote the line, which may hold a password.
    fn known(&self, path: &Path, text: &str, faults: &mut Vec<String>) -> Result<toml::Table, ConfigError> {
        let mut table: toml::Table = toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            ConfigError { faults: vec![format!("the settings file {} is no TOML at line {line}: {}", path.display(), error.message())] }
        })?;
        let mut strangers = Vec::new();
        self.drop_strangers("", &mut table, &mut strangers);
        faults.extend(strangers.into_iter().take(MAX_FAULTS).map(|key| format!("there is no setting {key} (file {})", path.display())));
        Ok(table)
    }

    fn drop_strangers(&self, prefix: &str, table: &mut toml::Table, found: &mut Vec<String>) {
        table.retain(|name, value| {
            let key = format!("{prefix}{name}");
            // A name with a dot in it would be taken for two levels.
            let known = self.defaults.find_ref(&key).filter(|_| !name.contains('.'));
            match (known, value) {
                (None, _) => found.push(key.chars().take(100).flat_map(char::escape_debug).collect()),
                (Some(Value::Dict(..)), toml::Value::Table(inner)) => self.drop_strangers(&format!("{key}."), inner, found),
                _ => {}
            }
            known.is_some()
        });
    }

    /// The variables that are settings, typed as the defaults are. An empty variable is one that isn't set.
    fn variables(&self, variables: &[(OsString, OsString)], faults: &mut Vec<String>) -> Dict {
        let mut values = BTreeMap::new();
        for (name, value) in variables {
            let Some(name) = name.to_str().filter(|n| n.starts_with(PREFIX) && !n.starts_with(TESTS) && *n != VARIABLE) else { continue };
            let key = name.trim_start_matches(PREFIX).to_ascii_lowercase().replace(LEVELS, ".");
            let known = self.defaults.find_ref(&key).filter(|known| known.as_dict().is_none() && variable(&key) == name);
            match (known, value.to_str()) {
                (None, _) => faults.push(format!("there is no setting for the environment variable {name}")),
                (Some(_), None) => faults.push(format!("{key} must be UTF-8 (environment variable {name})")),
                (Some(_), Some("")) => {}
                (Some(known), Some(text)) => drop(values.insert(key, typed(known, text))),
            }
        }
        let mut dict = Dict::new();
        for (key, value) in values {
            put(&mut dict, &key, value);
        }
        dict
    }
}

/// The text as the type that its setting has; text stays text, so that a password of digits is one.
fn typed(known: &Value, text: &str) -> Value {
    match known {
        Value::Num(..) => text.trim().parse::<i64>().map_or_else(|_| Value::from(text), |n| Value::from(Num::I64(n))),
        Value::Bool(..) => text.trim().parse::<bool>().map_or_else(|_| Value::from(text), Value::from),
        _ => Value::from(text),
    }
}

fn put(dict: &mut Dict, key: &str, value: Value) {
    match key.split_once('.') {
        None => drop(dict.insert(key.to_owned(), value)),
        Some((section, rest)) => {
            let inner = dict.entry(section.to_owned()).or_insert_with(|| Value::from(Dict::new()));
            if let Value::Dict(_, inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}
