//! A list of the API as a table: its filters in the address, its pages turned by its cursor, and the same rows as a file.

use super::figures::{Cell, cell};
use super::words;
use crate::http::problem::Success;
use crate::rules::charge::ChargeState;
use crate::rules::deadline::{DeadlineKind, DeadlineState};
use crate::rules::rma::RmaState;
use crate::rules::stock::StockState;
use crate::rules::term::Term;
use crate::rules::tier::Tier;
use crate::store::outbox::LetterState;
use crate::web::house::{self, Frame};
use crate::web::member::{Member, encoded};
use actix_web::HttpResponse;
use actix_web::web::Query;
use askama::Template;
use serde_json::Value;

/// A filter: the parameter, and the words to choose from; none is a field.
struct Filter {
    name: &'static str,
    words: fn() -> Vec<&'static str>,
}

/// How a list is shown.
struct Listing {
    /// Its path in the API.
    path: &'static str,
    title: &'static str,
    /// The members that are columns, as pointers.
    columns: &'static [&'static str],
    filters: &'static [Filter],
}

fn free() -> Vec<&'static str> {
    Vec::new()
}

fn all<T: Term>() -> Vec<&'static str> {
    T::ALL.iter().map(|term| term.as_str()).collect()
}

const fn by(name: &'static str) -> Filter {
    Filter { name, words: free }
}

const fn among(name: &'static str, words: fn() -> Vec<&'static str>) -> Filter {
    Filter { name, words }
}

const LISTINGS: &[Listing] = &[
    Listing {
        path: "/rmas",
        title: "RMAs",
        columns: &[
            "/number",
            "/state",
            "/organization",
            "/site",
            "/promise/delivered_tier",
            "/promise/ships_from",
            "/issued_at",
            "/ended_at",
        ],
        filters: &[among("state", all::<RmaState>), by("organization"), by("serial_number"), by("case")],
    },
    Listing {
        path: "/cases",
        title: "Cases",
        columns: &["/number", "/serial_number", "/organization", "/severity", "/channel", "/summary", "/opened_at"],
        filters: &[by("organization"), by("serial_number")],
    },
    Listing {
        path: "/deadlines",
        title: "Deadlines",
        columns: &["/rma", "/kind", "/state", "/due_at", "/waits_for", "/done_at"],
        filters: &[among("state", all::<DeadlineState>), among("kind", all::<DeadlineKind>), by("organization")],
    },
    Listing {
        path: "/letters",
        title: "Letters",
        columns: &["/kind", "/state", "/subject", "/rma", "/promised_at", "/sent_at", "/attempts", "/last_error"],
        filters: &[among("state", all::<LetterState>)],
    },
    Listing {
        path: "/organizations",
        title: "Organizations",
        columns: &["/code", "/name", "/region", "/country", "/language"],
        filters: &[by("country")],
    },
    Listing {
        path: "/contracts",
        title: "Contracts",
        columns: &["/number", "/organization", "/tier", "/region", "/starts_on", "/ends_on"],
        filters: &[by("organization"), among("tier", all::<Tier>)],
    },
    Listing {
        path: "/appliances",
        title: "Appliances",
        columns: &["/serial_number", "/organization", "/model", "/site", "/contracts", "/end_of_maintenance_on"],
        filters: &[by("organization"), by("site"), by("model")],
    },
    Listing {
        path: "/sites",
        title: "Sites",
        columns: &["/code", "/name", "/organization", "/address/city", "/address/country", "/coverage/verdict", "/position/grade"],
        filters: &[by("organization"), by("country")],
    },
    Listing {
        path: "/service-centers",
        title: "Service centers",
        columns: &["/code", "/name", "/address/city", "/address/country", "/opens_on", "/closes_on", "/couriers"],
        filters: &[by("country")],
    },
    Listing {
        path: "/stock-units",
        title: "Stock",
        columns: &["/serial_number", "/part_number", "/service_center", "/state", "/rma", "/updated_at"],
        filters: &[by("service_center"), by("part_number"), among("state", all::<StockState>)],
    },
    Listing {
        path: "/charges",
        title: "Charges",
        columns: &["/id", "/rma", "/line", "/state", "/amount", "/currency", "/proposed_at"],
        filters: &[among("state", all::<ChargeState>)],
    },
    Listing { path: "/reports/on-time-shipping/rows", title: "On-time shipping: what is counted", columns: COUNTED, filters: &[] },
    Listing { path: "/reports/on-time-delivery/rows", title: "On-time delivery: what is counted", columns: COUNTED, filters: &[] },
    Listing { path: "/reports/returns-overdue/rows", title: "Overdue returns: what is counted", columns: COUNTED, filters: &[] },
    Listing { path: "/reports/breaches/rows", title: "Breaches: what is counted", columns: COUNTED, filters: &[] },
];

/// The columns of what a report counted.
const COUNTED: &[&str] = &[
    "/rma",
    "/kind",
    "/organization",
    "/service_center",
    "/tier",
    "/due_at",
    "/done_at",
    "/standing",
    "/in_numerator",
    "/days_overdue",
    "/attributed_to",
];

/// A row: where its record is, and its cells.
struct Row {
    to: Option<String>,
    cells: Vec<Cell>,
}

struct Choice {
    name: &'static str,
    label: String,
    value: String,
    /// The words to choose from, with how they are shown.
    words: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "console_list.html")]
struct Page {
    p: Frame,
    heads: Vec<String>,
    rows: Vec<Row>,
    choices: Vec<Choice>,
    action: String,
    file: String,
    next: Option<String>,
}

/// The value of a parameter of a query.
pub(super) fn parameter(query: &str, name: &str) -> String {
    let all = Query::<Vec<(String, String)>>::from_query(query).map(Query::into_inner).unwrap_or_default();
    all.into_iter().find(|(n, _)| n == name).map_or_else(String::new, |(_, value)| value)
}

/// The page of a list that the API gave.
pub(super) fn page(member: &Member, path: &str, query: &str, items: &[Value], cursor: Option<&str>) -> HttpResponse {
    let below = path.trim_start_matches("/c");
    let listing = LISTINGS.iter().find(|listing| listing.path == below);
    let columns: Vec<String> = match listing {
        Some(listing) => listing.columns.iter().map(|column| (*column).to_owned()).collect(),
        None => scalars(items.first()),
    };
    let row = |item: &Value| {
        let cells = columns.iter().map(|column| {
            let name = column.rsplit('/').next().unwrap_or_default();
            cell(name, item.pointer(column).unwrap_or(&Value::Null), member.zone)
        });
        Row { to: key(item, listing.is_some()).map(|key| format!("{path}/{}", encoded(&key))), cells: cells.collect() }
    };
    let filters = listing.map_or(&[][..], |listing| listing.filters);
    let choice = |filter: &Filter| Choice {
        name: filter.name,
        label: words::label(filter.name),
        value: parameter(query, filter.name),
        words: (filter.words)().into_iter().map(|word| (word, words::label(word))).collect(),
    };
    let kept: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("cursor=")).collect();
    let with = |path: &str, more: &[String]| {
        let all: Vec<String> = kept.iter().map(|pair| (*pair).to_owned()).chain(more.iter().cloned()).collect();
        if all.is_empty() { path.to_owned() } else { format!("{path}?{}", all.join("&")) }
    };
    let title = listing.map_or_else(|| words::label(below), |listing| listing.title.to_owned());
    let page = Page {
        p: Frame::of(member, &title, listing.map_or("", |_| here(below))),
        heads: columns.iter().map(|column| words::label(column)).collect(),
        rows: items.iter().map(row).collect(),
        choices: filters.iter().map(choice).collect(),
        action: path.to_owned(),
        file: with(&format!("/csv{below}"), &[]),
        next: cursor.map(|cursor| with(path, &[format!("cursor={}", encoded(cursor))])),
    };
    house::html(&page, Success::Ok.answer())
}

/// The path of the list's place in the head of the page.
fn here(below: &str) -> &'static str {
    house::places().find(|place| place.path.trim_start_matches("/c") == below).map_or("", |place| place.path)
}

/// The members of a record that are no lists and no records.
fn scalars(item: Option<&Value>) -> Vec<String> {
    let members = item.and_then(Value::as_object).into_iter().flatten();
    members.filter(|(_, value)| !value.is_object()).take(8).map(|(name, _)| format!("/{name}")).collect()
}

/// The member that names a record in its path.
fn key(item: &Value, has_page: bool) -> Option<String> {
    let named = ["number", "serial_number", "code", "id"].into_iter().find_map(|name| item[name].as_str());
    named.filter(|_| has_page).map(str::to_owned)
}
