//! Query parameters: only those that an endpoint has, each at most once.

use super::problem::Problem;
use crate::rules::text::TextFault;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The largest page.
pub const MOST: i64 = 200;
const DEFAULT: i64 = 50;

/// The parameters of a request.
#[derive(Debug, Clone, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads a query string; a parameter that isn't in `known`, or comes twice, is refused.
    pub fn parse(raw: &str, known: &[&str]) -> Result<Self, Problem> {
        let pairs: Vec<(String, String)> = actix_web::web::Query::<Vec<(String, String)>>::from_query(raw)
            .map_err(|_| Problem::malformed("malformed_query", "the query string can't be read"))?
            .into_inner();
        for (index, (name, _)) in pairs.iter().enumerate() {
            let shown: String = name.chars().take(40).filter(|c| !c.is_control()).collect();
            if !known.contains(&name.as_str()) {
                return Err(Problem::parameter(&shown, "unknown_parameter", format!("is not known here; known are {}", known.join(", "))));
            }
            if pairs.iter().take(index).any(|(earlier, _)| earlier == name) {
                return Err(Problem::parameter(&shown, "repeated_parameter", "may be given once only"));
            }
        }
        Ok(Self(pairs))
    }

    /// The text of a parameter.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// A parameter, parsed; a value that doesn't parse is refused.
    pub fn get<T>(&self, name: &str, parse: impl Fn(&str) -> Result<T, TextFault>) -> Result<Option<T>, Problem> {
        self.text(name).map(|value| parse(value).map_err(|fault| Problem::parameter(name, fault.code, fault.detail))).transpose()
    }

    /// `true` or `false`; false when absent.
    pub fn flag(&self, name: &str) -> Result<bool, Problem> {
        match self.text(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(Problem::parameter(name, "not_a_flag", "must be true or false")),
        }
    }

    /// The size of a page: `limit`, 1 to 200, 50 when absent.
    pub fn limit(&self) -> Result<i64, Problem> {
        let wrong = || Problem::parameter("limit", "bad_limit", format!("must be a number from 1 to {MOST}"));
        match self.text("limit") {
            None => Ok(DEFAULT),
            Some(text) => text.parse().ok().filter(|n| (1..=MOST).contains(n)).ok_or_else(wrong),
        }
    }

    /// The key after which the page starts: `cursor`, as an answer before gave it.
    pub fn cursor(&self) -> Result<Option<String>, Problem> {
        self.text("cursor").map(|text| decode(text).ok_or_else(bad_cursor)).transpose()
    }
}

/// A cursor that no answer gave.
pub fn bad_cursor() -> Problem {
    Problem::parameter("cursor", "bad_cursor", "must be the next_cursor of an answer")
}

/// A key as a cursor: opaque, safe in a URL.
pub fn encode(key: &str) -> String {
    URL_SAFE_NO_PAD.encode(key)
}

fn decode(cursor: &str) -> Option<String> {
    let short = cursor.len() <= 400;
    let bytes = short.then(|| URL_SAFE_NO_PAD.decode(cursor).ok()).flatten()?;
    String::from_utf8(bytes).ok().filter(|key| !key.is_empty() && !key.contains('\0'))
}
