//! Bars and columns as SVG: sizes are attributes, as the policy of the pages has no inline styles. Each bar is beside its figures in
//! a table, which is what says the same without a picture.

use crate::web::console::words;
use serde_json::Value;

/// A row of a table with its bar.
pub(super) struct Bar {
    pub name: String,
    /// Its length in hundredths of the longest.
    pub length: String,
    /// The figures in the cells after it.
    pub figures: Vec<String>,
    /// Where its rows are.
    pub rows: Option<String>,
}

/// A ratio in words.
pub(super) fn percent(ratio: Option<f64>) -> String {
    ratio.map_or_else(|| "–".to_owned(), |ratio| format!("{:.1} %", ratio * 100.0))
}

/// Seconds in words.
fn span(seconds: i64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours) {
        (0, 0) => format!("{minutes} min"),
        (0, hours) => format!("{hours} h {minutes:02} min"),
        (days, hours) => format!("{days} d {hours} h"),
    }
}

fn count(item: &Value, name: &str) -> i64 {
    item[name].as_i64().unwrap_or_default()
}

impl Bar {
    /// Groups by their ratio.
    pub(super) fn shares(groups: &[Value], in_words: bool) -> Vec<Self> {
        let bar = |group: &Value| {
            let (name, ratio) = (group["group"].as_str().unwrap_or_default(), group["ratio"].as_f64());
            Self {
                name: if in_words { words::label(name) } else { name.to_owned() },
                length: format!("{:.1}", ratio.unwrap_or_default() * 100.0),
                figures: vec![percent(ratio), count(group, "numerator").to_string(), count(group, "denominator").to_string()],
                rows: group["rows"].as_str().map(|rows| rows.replacen("/api/v1", "/c", 1)),
            }
        };
        groups.iter().map(bar).collect()
    }

    /// Parts by their count, the longest being the largest.
    pub(super) fn counts(parts: &[Value], named: &str) -> Vec<Self> {
        let most = parts.iter().map(|part| count(part, "count")).max().unwrap_or_default().max(1);
        let bar = |part: &Value| {
            let many = count(part, "count");
            let mut figures = vec![many.to_string()];
            figures.extend(part["seconds"].as_i64().map(span));
            Self {
                name: words::label(part[named].as_str().unwrap_or_default()),
                length: (many * 100 / most).to_string(),
                figures,
                rows: None,
            }
        };
        parts.iter().map(bar).collect()
    }
}

/// Columns over time.
pub(super) struct Columns {
    pub label: String,
    pub columns: Vec<Column>,
    /// The lines behind: where, and what they say.
    pub lines: Vec<(i64, String)>,
    pub width: i64,
}

pub(super) struct Column {
    pub x: i64,
    pub y: i64,
    pub height: i64,
    pub width: i64,
    pub middle: i64,
    pub says: String,
    /// The month underneath, where there is room for it.
    pub name: Option<String>,
}

/// The size of the picture, in its own units.
const WIDTH: i64 = 720;
const LEFT: i64 = 46;
const TOP: i64 = 10;
const HIGH: i64 = 160;
/// Names that fit underneath.
const NAMES: usize = 12;

impl Columns {
    /// Months by their ratio.
    pub(super) fn of(groups: &[Value], title: &str) -> Self {
        let many = i64::try_from(groups.len()).unwrap_or(1).max(1);
        let room = (WIDTH - LEFT) / many;
        let width = (room * 7 / 10).clamp(2, 64);
        // In ten-thousandths, so that places are whole numbers.
        let parts = |group: &Value| match count(group, "denominator") {
            0 => None,
            out_of => Some(count(group, "numerator").saturating_mul(10_000) / out_of),
        };
        let most = groups.iter().filter_map(parts).max().unwrap_or(10_000);
        let top = [500, 1_000, 2_500, 5_000].into_iter().find(|top| most <= *top).unwrap_or(10_000);
        let every = groups.len().div_ceil(NAMES).max(1);
        let column = |(index, group): (usize, &Value)| {
            let name = group["group"].as_str().unwrap_or_default().to_owned();
            let height = parts(group).unwrap_or_default() * HIGH / top;
            let middle = LEFT + room * i64::try_from(index).unwrap_or_default() + room / 2;
            let figures = (count(group, "numerator"), count(group, "denominator"));
            Column {
                x: middle - width / 2,
                y: TOP + HIGH - height,
                height,
                width,
                middle,
                says: format!("{name}: {} ({} of {})", percent(group["ratio"].as_f64()), figures.0, figures.1),
                name: (index % every == 0).then_some(name),
            }
        };
        let line = |quarter: i64| (TOP + HIGH - HIGH * quarter / 2, format!("{} %", top * quarter / 2 / 100));
        Self {
            label: format!("{title} by month; the table below has the same figures"),
            columns: groups.iter().enumerate().map(column).collect(),
            lines: [0, 1, 2].map(line).into(),
            width: WIDTH,
        }
    }
}

#[cfg(test)]
mod tests;
