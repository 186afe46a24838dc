//! The reports about deadlines as charts, with what they count underneath. The figures are the API's; the period, the groups and
//! the filters are in the address, so that a report can be sent to somebody.

mod chart;

use super::figures::{Cell, at};
use super::lists::parameter;
use super::words;
use crate::http::problem::{Problem, Success};
use crate::http::reports::Ready;
use crate::rules::report::Report;
use crate::rules::role::Permission;
use crate::rules::term::Term;
use crate::rules::tier::{Region, Tier};
use crate::web::house::{self, Frame};
use crate::web::member::{Member, encoded};
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use chart::{Bar, Columns};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

/// How a report is named and told.
struct Told {
    report: Report,
    title: &'static str,
    /// What is in the numerator, and what in the denominator.
    counted: &'static str,
    out_of: &'static str,
}

const TOLD: [Told; 4] = [
    Told {
        report: Report::OnTimeShipping,
        title: "On-time shipping",
        counted: "replacements left in time",
        out_of: "ship-by deadlines that are decided",
    },
    Told {
        report: Report::OnTimeDelivery,
        title: "On-time delivery",
        counted: "replacements were delivered in time",
        out_of: "deliver-by deadlines that are decided",
    },
    Told {
        report: Report::ReturnsOverdue,
        title: "Overdue returns",
        counted: "returns are not all back",
        out_of: "returns whose date has passed",
    },
    Told { report: Report::Breaches, title: "Breaches", counted: "deadlines were missed", out_of: "deadlines that are decided" },
];

/// The filters of the page: `to` is the last day, where the API's `until` is the day after it.
const FILTERS: [&str; 7] = ["from", "to", "group_by", "tier", "region", "organization", "service_center"];

/// A field of the form above: a day, a text, or a choice.
struct Field {
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    value: String,
    words: Vec<(&'static str, String)>,
    error: Option<String>,
}

/// What was counted.
struct Figures {
    share: String,
    numerator: i64,
    denominator: i64,
    excluded: Vec<(&'static str, i64)>,
    definition: String,
    period: String,
    zone: String,
    as_of: Cell,
    parts: Vec<Part>,
    rows: String,
    file: String,
}

/// The numerator in parts: by group, by age, by whose hands had the time.
struct Part {
    title: &'static str,
    heads: Vec<&'static str>,
    columns: Option<Columns>,
    bars: Vec<Bar>,
}

#[derive(Template)]
#[template(path = "console_report.html")]
struct Page {
    p: Frame,
    told: &'static Told,
    tabs: Vec<(String, &'static str, bool)>,
    action: String,
    fields: Vec<Field>,
    figures: Option<Figures>,
}

/// The first of them, by tier.
#[get("/reports")]
pub async fn first(member: Member) -> HttpResponse {
    page(&member, &TOLD[0], "group_by=tier").await
}

/// The page of one.
#[get("/reports/{report:on-time-shipping|on-time-delivery|returns-overdue|breaches}")]
pub async fn show(member: Member, report: Path<String>, request: HttpRequest) -> HttpResponse {
    match TOLD.iter().find(|told| told.report.as_str() == report.as_str()) {
        Some(told) => page(&member, told, request.query_string()).await,
        None => member.failed(&Problem::not_found("report")),
    }
}

async fn page(member: &Member, told: &'static Told, query: &str) -> HttpResponse {
    let (view, fault) = match counted(member, told, query).await {
        Ok(view) => (Some(view), None),
        Err(problem) if problem.errors().is_empty() => return member.failed(&problem),
        Err(problem) => (None, Some(problem)),
    };
    let mut fields = fields(query);
    let mut frame = Frame::of(member, told.title, "/c/reports");
    for wrong in fault.iter().flat_map(Problem::errors) {
        let name = if wrong.field == "until" { "to" } else { wrong.field.as_str() };
        match fields.iter_mut().find(|field| field.name == name) {
            Some(field) => field.error = Some(crate::web::sentence(&wrong.detail)),
            None => frame = frame.error(crate::web::sentence(&wrong.detail)),
        }
    }
    let page = Page {
        p: frame,
        told,
        tabs: TOLD.iter().map(|tab| (tab_address(tab, query), tab.title, tab.report == told.report)).collect(),
        action: format!("/c/reports/{}", told.report),
        fields,
        figures: view.map(|view| figures(&view, member, told, query)),
    };
    house::html(&page, fault.map_or_else(|| Success::Ok.answer(), |problem| problem.answer()))
}

async fn counted(member: &Member, told: &Told, query: &str) -> Result<Value, Problem> {
    member.allow(Permission::ReadOwn)?;
    let ctx = member.context();
    let ready = Ready::parse(ctx.now, &api_query(query, member), told.report.as_str())?;
    let view = member.shared.db.read(move |conn| ready.count(conn, &ctx)).await?;
    Ok(serde_json::to_value(view).unwrap_or_default())
}

/// What the page's address asks of the API.
fn api_query(query: &str, member: &Member) -> String {
    let mut pairs = vec![format!("zone={}", encoded(member.zone.name()))];
    for name in FILTERS {
        let value = parameter(query, name);
        let (name, value) = match (name, value.parse::<NaiveDate>().ok().and_then(|day| day.succ_opt())) {
            ("to", Some(after)) => ("until", after.to_string()),
            ("to", None) => ("until", value),
            _ => (name, value),
        };
        if !value.is_empty() {
            pairs.push(format!("{name}={}", encoded(&value)));
        }
    }
    pairs.join("&")
}

/// The same period and groups of another report. Everything that is overdue has no months.
fn tab_address(tab: &Told, query: &str) -> String {
    let open = parameter(query, "from").is_empty() || parameter(query, "to").is_empty();
    let without = tab.report == Report::ReturnsOverdue && open && parameter(query, "group_by") == "month";
    let kept = FILTERS.iter().filter(|name| !(without && **name == "group_by")).map(|name| (name, parameter(query, name)));
    let kept: Vec<String> = kept.filter(|(_, v)| !v.is_empty()).map(|(name, value)| format!("{name}={}", encoded(&value))).collect();
    let path = format!("/c/reports/{}", tab.report);
    if kept.is_empty() { path } else { format!("{path}?{}", kept.join("&")) }
}

fn fields(query: &str) -> Vec<Field> {
    let of = |name: &'static str, label, kind, words| Field { name, label, kind, value: parameter(query, name), words, error: None };
    let tiers = [Tier::Bronze, Tier::Silver, Tier::Gold, Tier::GoldPlus].map(|tier| (tier.as_str(), words::label(tier.as_str())));
    let regions = Region::ALL.iter().map(|region| (region.as_str(), proper(region.as_str())));
    let groups = [("month", "Month"), ("tier", "Tier"), ("service_center", "Service center")].map(|(word, shown)| (word, shown.to_owned()));
    vec![
        of("from", "First day", "date", Vec::new()),
        of("to", "Last day", "date", Vec::new()),
        of("group_by", "Group by", "choice", groups.into()),
        of("tier", "Tier", "choice", tiers.into()),
        of("region", "Region", "choice", regions.collect()),
        of("organization", "Customer", "text", Vec::new()),
        of("service_center", "Service center", "text", Vec::new()),
    ]
}

/// The name of a region: each word of it is one.
pub(super) fn proper(word: &str) -> String {
    word.split('_').map(words::label).collect::<Vec<_>>().join(" ").replace(" New", " and New")
}

fn figures(view: &Value, member: &Member, told: &Told, query: &str) -> Figures {
    let number = |name: &str| view[name].as_i64().unwrap_or_default();
    let text = |name: &str| view[name].as_str().unwrap_or_default().to_owned();
    let day = |name: &str| view[name].as_str().and_then(|day| day.parse::<NaiveDate>().ok());
    let shown = |day: NaiveDate| day.format("%-d %b %Y").to_string();
    let period = match (day("from"), day("until").and_then(|day| day.pred_opt())) {
        (Some(from), Some(to)) => format!("{} to {}", shown(from), shown(to)),
        (Some(from), None) => format!("From {} on", shown(from)),
        (None, Some(to)) => format!("Until {}", shown(to)),
        (None, None) => "Since the beginning".to_owned(),
    };
    let excluded = |item: &Value| {
        let reason = if item["reason"] == "void" { "RMAs that were cancelled" } else { "not due yet" };
        (reason, item["count"].as_i64().unwrap_or_default())
    };
    let rows = view["rows"].as_str().unwrap_or_default().replacen("/api/v1", "/c", 1);
    Figures {
        share: chart::percent(view["ratio"].as_f64()),
        numerator: number("numerator"),
        denominator: number("denominator"),
        excluded: view["excluded"].as_array().into_iter().flatten().map(excluded).collect(),
        definition: text("definition"),
        period,
        zone: text("zone"),
        as_of: text("as_of").parse::<DateTime<Utc>>().map_or(Cell::Empty, |instant| at(instant, member.zone)),
        parts: parts(view, told, &parameter(query, "group_by")),
        rows,
        file: format!("/csv/reports/{}?{}", told.report, api_query(query, member)),
    }
}

fn parts(view: &Value, told: &Told, by: &str) -> Vec<Part> {
    let list = |name: &str| view[name].as_array().cloned().unwrap_or_default();
    let mut parts = Vec::new();
    let groups = list("groups");
    if !groups.is_empty() {
        let (title, head) = match by {
            "month" => ("By month", "Month"),
            "tier" => ("By tier", "Tier"),
            _ => ("By service center", "Service center"),
        };
        let heads = vec![head, "Share", "Counted", "Out of"];
        let columns = (by == "month").then(|| Columns::of(&groups, told.title));
        parts.push(Part { title, heads, columns, bars: Bar::shares(&groups, by == "tier") });
    }
    let ages = list("ages");
    if !ages.is_empty() {
        parts.push(Part { title: "By days overdue", heads: vec!["Days", "Returns", ""], columns: None, bars: Bar::counts(&ages, "days") });
    }
    let segments = list("segments");
    if !segments.is_empty() {
        let heads = vec!["In whose hands", "Breaches", "", "Time in all"];
        parts.push(Part { title: "By whose hands had the time", heads, columns: None, bars: Bar::counts(&segments, "segment") });
    }
    parts
}
