//! A record of the API as a page: its members, its parts, and its lists.

use super::figures::{Cell, cell};
use super::words;
use crate::http::problem::Success;
use crate::web::house::{self, Frame};
use crate::web::member::Member;
use actix_web::HttpResponse;
use askama::Template;
use serde_json::{Map, Value};

/// A list inside a record.
pub(super) struct Table {
    heads: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

/// A part of a record.
pub(super) struct Part {
    title: String,
    members: Vec<(String, Cell)>,
    table: Option<Table>,
}

#[derive(Template)]
#[template(path = "console_record.html")]
struct Page {
    p: Frame,
    parts: Vec<Part>,
}

/// Deepest that a record goes.
const DEEP: usize = 3;
/// Most columns of a list inside a record.
const WIDE: usize = 9;

/// The page of a record that the API gave.
pub(super) fn page(member: &Member, path: &str, record: &Value, _version: Option<&str>) -> HttpResponse {
    let name = ["number", "serial_number", "code", "name", "id"].into_iter().find_map(|name| record[name].as_str());
    let of = path.trim_start_matches("/c/").split('/').next().unwrap_or_default();
    let title = name.map_or_else(|| words::label(of), str::to_owned);
    let page = Page { p: Frame::of(member, &title, ""), parts: parts(record, member) };
    house::html(&page, Success::Ok.answer())
}

/// The parts of a record.
fn parts(record: &Value, member: &Member) -> Vec<Part> {
    let mut all = Vec::new();
    if let Value::Object(members) = record {
        part(&mut all, "", members, member, 0);
    }
    all
}

fn part(into: &mut Vec<Part>, title: &str, members: &Map<String, Value>, member: &Member, depth: usize) {
    let plain = |value: &Value| !value.is_object() && !is_table(value);
    let shown = members.iter().filter(|(_, value)| plain(value) && !value.is_null());
    let shown: Vec<(String, Cell)> = shown.map(|(name, value)| (words::label(name), cell(name, value, member.zone))).collect();
    if !shown.is_empty() || depth == 0 {
        into.push(Part { title: title.to_owned(), members: shown, table: None });
    }
    for (name, value) in members {
        let title = if title.is_empty() { words::label(name) } else { format!("{title}: {}", words::label(name).to_lowercase()) };
        match value {
            Value::Object(inner) if depth < DEEP => part(into, &title, inner, member, depth + 1),
            Value::Array(items) if is_table(value) => into.push(Part { title, members: Vec::new(), table: Some(table(items, member)) }),
            _ => {}
        }
    }
}

fn is_table(value: &Value) -> bool {
    value.as_array().is_some_and(|items| items.iter().any(Value::is_object))
}

fn table(items: &[Value], member: &Member) -> Table {
    let mut names: Vec<&String> = Vec::new();
    for item in items.iter().filter_map(Value::as_object) {
        for (name, value) in item {
            if names.len() < WIDE && !value.is_object() && !is_table(value) && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    let row = |item: &Value| names.iter().map(|name| cell(name, &item[name.as_str()], member.zone)).collect();
    Table { heads: names.iter().map(|name| words::label(name)).collect(), rows: items.iter().map(row).collect() }
}
