//! The versions of the program side by side: every number of it, and where two versions differ.

use crate::http::problem::Success;
use crate::reference::countries;
use crate::rules::program::{Due, LeadTime, Program, Replacement, ReturnStart, Span, TierTerms, Window};
use crate::rules::role::Permission;
use crate::rules::term::Term;
use crate::rules::tier::{Region, Tier};
use crate::web::console::words;
use crate::web::house::{self, Frame};
use crate::web::member::Member;
use actix_web::{HttpResponse, get};
use askama::Template;
use chrono::NaiveTime;

/// Versions that are shown: the newest ones.
const MOST: usize = 12;

/// A version's column.
struct Head {
    version: String,
    since: String,
    in_force: bool,
}

/// One number of the program, in each version; the flag says that it differs from the version before.
struct Row {
    name: String,
    cells: Vec<(String, bool)>,
    differs: bool,
}

struct Part {
    title: String,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "console_programs.html")]
struct Page {
    p: Frame,
    heads: Vec<Head>,
    parts: Vec<Part>,
    differences: usize,
}

/// The page.
#[get("/programs")]
pub async fn show(member: Member) -> HttpResponse {
    if let Err(problem) = member.allow(Permission::ReadCatalog) {
        return member.failed(&problem);
    }
    let programs = &member.shared.reference.programs;
    let in_force = programs.in_force(member.shared.clock.now().date_naive()).map(|program| program.version.as_str());
    let all = programs.all();
    let shown = &all[all.len().saturating_sub(MOST)..];
    let head = |program: &Program| Head {
        version: program.version.clone(),
        since: program.effective_from.format("%-d %b %Y").to_string(),
        in_force: in_force == Some(program.version.as_str()),
    };
    let parts = parts(shown);
    let page = Page {
        p: Frame::of(&member, "Program versions", "/c/programs"),
        heads: shown.iter().map(head).collect(),
        differences: parts.iter().flat_map(|part| &part.rows).filter(|row| row.differs).count(),
        parts,
    };
    house::html(&page, Success::Ok.answer())
}

/// Part, name and value of each number, in the order of the program's file.
type Numbers = Vec<(String, String, String)>;

fn parts(programs: &[Program]) -> Vec<Part> {
    let told: Vec<Numbers> = programs.iter().map(numbers).collect();
    let mut parts: Vec<Part> = Vec::new();
    for (title, name, _) in told.iter().flatten() {
        if !parts.iter().any(|part| part.title == *title) {
            parts.push(Part { title: title.clone(), rows: Vec::new() });
        }
        let Some(part) = parts.iter_mut().find(|part| part.title == *title) else { continue };
        if part.rows.iter().any(|row| row.name == *name) {
            continue;
        }
        let of =
            |numbers: &Numbers| numbers.iter().find(|(t, n, _)| t == title && n == name).map_or("–", |(_, _, v)| v.as_str()).to_owned();
        let values: Vec<String> = told.iter().map(of).collect();
        let changed = |index: usize| index.checked_sub(1).and_then(|before| values.get(before)).is_some_and(|v| *v != values[index]);
        let cells: Vec<(String, bool)> = (0..values.len()).map(|index| (values[index].clone(), changed(index))).collect();
        part.rows.push(Row { name: name.clone(), differs: cells.iter().any(|(_, changed)| *changed), cells });
    }
    parts
}

fn numbers(program: &Program) -> Numbers {
    let mut all = Numbers::new();
    for tier in [Tier::Bronze, Tier::Silver, Tier::Gold, Tier::GoldPlus] {
        if let Some(terms) = program.tier(tier) {
            all.extend(of_tier(terms).into_iter().map(|(name, value)| (words::label(tier.as_str()), name.to_owned(), value)));
        }
    }
    for region in Region::ALL {
        if let Some(window) = program.coverage_hours.get(region) {
            all.push(("Coverage hours".to_owned(), super::reports::proper(region.as_str()), hours(window)));
        }
    }
    let plus = &program.gold_plus;
    let coverage = "Gold Plus coverage";
    all.push((coverage.to_owned(), "Offered since".to_owned(), plus.offered_since.to_string()));
    let radii = plus.radius_miles_by_country.iter().map(|(country, miles)| (country_name(country), format!("{miles} miles")));
    all.extend(radii.map(|(name, value)| (coverage.to_owned(), format!("Radius: {name}"), value)));
    all.push((coverage.to_owned(), "Radius elsewhere".to_owned(), format!("{} miles", plus.radius_miles_elsewhere)));
    all.push((coverage.to_owned(), "Territories that count as their country".to_owned(), plus.territories.len().to_string()));
    all.push((coverage.to_owned(), "Positions are questioned beyond".to_owned(), format!("{} km", plus.question_beyond_km)));
    all.push((coverage.to_owned(), "Offered before a four-hour contract ends".to_owned(), format!("{} days", plus.four_hour_offer_days)));
    let lead = "Lead time of a new service center";
    let leads = program.lead_times.by_country.iter().map(|(country, time)| (country_name(country), lead_time(*time)));
    all.extend(leads.map(|(name, value)| (lead.to_owned(), name, value)));
    all.push((lead.to_owned(), "Elsewhere".to_owned(), lead_time(program.lead_times.elsewhere)));
    let reminders = &program.return_reminders;
    let days: Vec<String> = reminders.days.iter().map(ToString::to_string).collect();
    let (others, makeup) = ("Returns, couriers and days", program.makeup_workdays.iter().cloned().collect::<Vec<_>>().join(", "));
    let quiet = format!("{} to {}", clock(reminders.quiet.from), clock(reminders.quiet.until));
    let more = [
        ("Reminders, days from the due day", format!("{} at {}", days.join(", "), clock(reminders.at))),
        ("Quiet hours", quiet),
        ("A courier accepts within", format!("{} minutes", program.couriers.accept_within_minutes)),
        ("A courier's links work for", format!("{} hours", program.couriers.links_valid_hours)),
        ("Dead on arrival within", format!("{} days", program.doa_days)),
        ("Make-up working days count in", if makeup.is_empty() { "no country".to_owned() } else { makeup }),
    ];
    all.extend(more.map(|(name, value)| (others.to_owned(), name.to_owned(), value)));
    all
}

fn of_tier(terms: &TierTerms) -> [(&'static str, String); 2] {
    let replacement = match terms.replacement {
        Replacement::Ships { days, due: at, cut_off } => format!("ships within {}, {}{}", business_days(days), due(at), cut(cut_off)),
        Replacement::ShipsInHours { hours } => format!("ships within {hours} business hours"),
        Replacement::Delivered { hours } => format!("delivered within {hours} hours"),
    };
    let from = match terms.return_counts_from {
        ReturnStart::Issue => "the issue",
        ReturnStart::Delivery => "the delivery",
    };
    let back = format!("within {} of {from}, {}{}", business_days(terms.return_days), due(terms.return_due), cut(terms.return_cut_off));
    [("Replacement", replacement), ("Defective unit", back)]
}

fn business_days(days: u32) -> String {
    if days == 1 { "1 business day".to_owned() } else { format!("{days} business days") }
}

fn due(due: Due) -> &'static str {
    match due {
        Due::CloseOfBusiness => "by close of business",
        Due::EndOfDay => "by the end of the day",
    }
}

fn cut(cut_off: Option<NaiveTime>) -> String {
    cut_off.map_or_else(String::new, |at| format!(", from {} on as of the next day", clock(at)))
}

fn clock(at: NaiveTime) -> String {
    at.format("%H:%M").to_string()
}

fn hours(window: &Window) -> String {
    let days: Vec<String> = window.weekdays.iter().map(ToString::to_string).collect();
    format!("{} to {}, {}, {}", clock(window.opens), clock(window.closes), days.join(" "), window.zone)
}

fn lead_time(time: LeadTime) -> String {
    let span = |span: Span| match span {
        Span::Weeks(weeks) => format!("{weeks} weeks"),
        Span::Months(months) => format!("{months} months"),
    };
    match time.least {
        Some(least) => format!("{} to {}", span(least), span(time.most)),
        None => format!("up to {}", span(time.most)),
    }
}

fn country_name(code: &str) -> String {
    countries::name(code).unwrap_or(code).to_owned()
}
