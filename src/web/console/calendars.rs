//! Calendars: the days of a year, what operators changed, and a form that adds a closing day or strikes one, which shows first the
//! deadlines that would move.

use super::figures::{Cell, at};
use super::lists::parameter;
use super::words;
use crate::actions::change_calendar::as_it_stands;
use crate::actions::{Context, Done};
use crate::http::problem::{Problem, Success};
use crate::reference::countries;
use crate::rules::calendar::{Calendar, Closed, DaysOf};
use crate::rules::role::Permission;
use crate::rules::text::Code;
use crate::store::{Conn, calendar_changes, centers};
use crate::web::house::{self, Frame};
use crate::web::member::{Member, encoded};
use crate::web::posted::Posted;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;
use serde_json::Value;

/// Service centers to choose from, and changes that are shown.
const PLACES: i64 = 200;
const CHANGES: i64 = 200;

/// A day in the picture of a month.
struct Day {
    number: u32,
    /// How it is colored: `open`, `weekend`, `holiday`, `struck`.
    kind: &'static str,
    /// Why it is no ordinary day.
    says: String,
}

struct Month {
    name: String,
    weeks: Vec<Vec<Option<Day>>>,
}

struct Holiday {
    day: String,
    name: String,
    tag: Option<&'static str>,
    /// The day as a form sends it, where it can be struck.
    strike: Option<NaiveDate>,
}

struct Change {
    day: String,
    kind: &'static str,
    name: String,
    made_at: Cell,
    number: i64,
}

/// A place and its year.
struct Year {
    days_of: String,
    name: String,
    calendar: String,
    year: i32,
    years: (Option<String>, Option<String>),
    known: bool,
    open_days: usize,
    months: Vec<Month>,
    holidays: Vec<Holiday>,
    changes: Vec<Change>,
}

#[derive(Template)]
#[template(path = "console_calendar.html")]
struct Page {
    p: Frame,
    q: String,
    year: Option<Year>,
    /// Places of the network: how they are written, and their names.
    places: Vec<(String, String)>,
    may_change: bool,
    today: NaiveDate,
}

/// The page.
#[get("/calendars")]
pub async fn show(member: Member, request: HttpRequest) -> HttpResponse {
    let query = request.query_string();
    let q = parameter(query, "days_of").trim().chars().take(60).collect::<String>();
    let asked = parameter(query, "year").parse::<i32>().ok().filter(|year| (1900..=2200).contains(year));
    let (ctx, zone, wanted) = (member.context(), member.zone, q.clone());
    let today = ctx.now.date_naive();
    let found = async {
        member.allow(Permission::ReadCatalog)?;
        let work = move |conn: &mut Conn| gather(conn, &ctx, &wanted, asked.unwrap_or_else(|| today.year()), zone);
        Ok::<_, Problem>(member.shared.db.read(work).await?)
    };
    let (year, places) = match found.await {
        Ok(found) => found,
        Err(problem) => return member.failed(&problem),
    };
    let frame = Frame::of(&member, "Calendars", "/c/calendars");
    let missing = !q.is_empty() && year.is_none();
    let frame = if missing { frame.error(format!("There is no calendar of “{q}”.")) } else { frame };
    let page = Page { p: frame, q, year, places, may_change: member.role.may(Permission::WriteCatalog), today };
    let answer = if missing { Problem::not_found("calendar").answer() } else { Success::Ok.answer() };
    house::html(&page, answer)
}

type Found = (Option<Year>, Vec<(String, String)>);

fn gather(conn: &mut Conn, ctx: &Context, q: &str, year: i32, zone: Tz) -> Done<Found> {
    let filter = centers::Filter { code: None, country: None };
    let all = centers::page(conn, &filter, None, PLACES)?.rows;
    let mut places: Vec<(String, String)> = Vec::new();
    for center in &all {
        let country = center.record.address.country.as_str();
        let of_country = (format!("country:{country}"), countries::name(country).unwrap_or(country).to_owned());
        let of_center = (format!("service_center:{}", center.record.code), center.record.name.to_string());
        places.extend([of_country, of_center]);
    }
    places.sort();
    places.dedup();
    let Some(days_of) = meant(conn, q)? else { return Ok((None, places)) };
    let Some(calendar) = as_it_stands(conn, ctx, &days_of)? else { return Ok((None, places)) };
    let mut changes = calendar_changes::page(conn, Some(&days_of), None, CHANGES)?.rows;
    changes.reverse();
    let change = |made: calendar_changes::Made| Change {
        day: long(made.change.day),
        kind: if made.change.kind.to_string() == "add" { "Closed" } else { "Struck" },
        name: made.change.name,
        made_at: at(made.at.at(), zone),
        number: made.change.number,
    };
    let today = ctx.now.date_naive();
    Ok((Some(of_year(&days_of, &calendar, year, today, changes.into_iter().map(change).collect())), places))
}

/// Whose days somebody means: as the API writes it, or just the code of a center, a country or a subdivision.
fn meant(conn: &mut Conn, q: &str) -> Done<Option<DaysOf>> {
    if let Ok(days_of) = q.parse() {
        return Ok(Some(days_of));
    }
    if let Ok(code) = Code::parse(q)
        && centers::id_of(conn, code.as_str())?.is_some()
    {
        return Ok(Some(DaysOf::ServiceCenter(code)));
    }
    let upper = q.to_uppercase();
    let kind = if upper.contains('-') { "subdivision" } else { "country" };
    let country = upper.split('-').next().unwrap_or_default();
    Ok(countries::exists(country).then(|| format!("{kind}:{upper}").parse().ok()).flatten())
}

fn long(day: NaiveDate) -> String {
    day.format("%a %-d %b %Y").to_string()
}

fn of_year(days_of: &DaysOf, calendar: &Calendar, year: i32, today: NaiveDate, changes: Vec<Change>) -> Year {
    let days: Vec<NaiveDate> = (1..=366).filter_map(|ordinal| NaiveDate::from_yo_opt(year, ordinal)).collect();
    let known = days.first().is_some_and(|first| calendar.knows(*first));
    let whose = days_of.to_string();
    let to = |year: i32| format!("/c/calendars?days_of={}&year={year}", encoded(&whose));
    let holidays = calendar.holidays.iter().filter(|(day, _)| day.year() == year).map(|(day, h)| Holiday {
        day: long(*day),
        name: h.name.clone(),
        tag: h.estimated.then_some("estimated date"),
        strike: (*day >= today).then_some(*day),
    });
    let struck = calendar.struck.iter().filter(|(day, _)| day.year() == year);
    let struck = struck.map(|(day, name)| Holiday { day: long(*day), name: name.clone(), tag: Some("struck"), strike: None });
    Year {
        name: match days_of {
            DaysOf::Country(country) => countries::name(country.as_str()).unwrap_or_default().to_owned(),
            other => other.to_string().split_once(':').map_or_else(String::new, |(_, name)| name.to_owned()),
        },
        calendar: calendar.key.clone(),
        year,
        years: ((year > 1900).then(|| to(year - 1)), (year < 2200).then(|| to(year + 1))),
        known,
        open_days: days.iter().filter(|day| calendar.closed(**day).is_none()).count(),
        months: (1..=12).map(|month| of_month(calendar, &days, month)).collect(),
        holidays: holidays.chain(struck).collect(),
        changes,
        days_of: whose,
    }
}

fn of_month(calendar: &Calendar, days: &[NaiveDate], month: u32) -> Month {
    let days: Vec<NaiveDate> = days.iter().copied().filter(|day| day.month() == month).collect();
    let first = days.first().copied().unwrap_or_default();
    let before = first.weekday().num_days_from_monday();
    let day = |day: NaiveDate| {
        let (kind, says) = match (calendar.closed(day), calendar.struck.get(&day)) {
            (Some(Closed::Holiday { name, .. }), _) => ("holiday", name),
            (_, Some(name)) => ("struck", format!("Struck: {name}")),
            (Some(Closed::Weekend(_)), None) => ("weekend", String::new()),
            (None, None) => ("open", String::new()),
        };
        Day { number: day.day(), kind, says }
    };
    let mut places: Vec<Option<Day>> = (0..before).map(|_| None).collect();
    places.extend(days.into_iter().map(|d| Some(day(d))));
    let mut weeks = Vec::new();
    while !places.is_empty() {
        let rest = places.split_off(places.len().min(7));
        weeks.push(std::mem::replace(&mut places, rest));
    }
    Month { name: first.format("%B").to_string(), weeks }
}

struct Moved {
    rma: String,
    kind: String,
    was: Cell,
    due: Cell,
    stays: bool,
}

#[derive(Template)]
#[template(path = "console_calendar_change.html")]
struct Preview {
    p: Frame,
    says: String,
    total: u64,
    moves: Vec<Moved>,
    /// The fields of the form before, to be sent again.
    fields: Vec<(String, String)>,
    next: String,
    key: String,
    back: String,
}

/// What a change would do, with the button that makes it.
pub(super) fn preview(member: &Member, form: &Posted, view: &Value) -> HttpResponse {
    let zone = member.zone;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let instant = |value: &Value| value.as_str().and_then(|at| at.parse::<DateTime<Utc>>().ok()).map_or(Cell::Empty, |due| at(due, zone));
    let moved = |item: &Value| Moved {
        rma: text(&item["rma"]),
        kind: words::label(&text(&item["kind"])),
        was: instant(&item["was"]),
        due: instant(&item["due_at"]),
        stays: item["stays"] == true,
    };
    let day = text(&view["day"]).parse::<NaiveDate>().unwrap_or_default();
    let does = if view["kind"] == "add" { "would be closed" } else { "would be an ordinary day again" };
    let whose = encoded(&text(&view["days_of"]));
    let page = Preview {
        p: Frame::of(member, "What would change", "/c/calendars"),
        says: format!("{} {does} for {}: {}", day.format("%A, %-d %B %Y"), text(&view["days_of"]), text(&view["name"])),
        total: view["moves_total"].as_u64().unwrap_or_default(),
        moves: view["moves"].as_array().into_iter().flatten().map(moved).collect(),
        fields: form.fields().filter(|(name, _)| name.starts_with('/')).map(|(n, v)| (n.to_owned(), v.to_owned())).collect(),
        next: format!("/c/calendars?days_of={whose}&year={}", day.year()),
        key: crate::web::posted::key(),
        back: format!("/c/calendars?days_of={whose}&year={}", day.year()),
    };
    house::html(&page, Success::Ok.answer())
}
