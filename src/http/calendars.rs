//! `/calendars` and `/calendar-changes`: closed days as they stand, and the holidays that operators add or strike (P3.4).

use super::body::Faults;
use super::call::{Call, Reply};
use super::crud::shown;
use super::fields::{Day, year};
use super::lists::{self, ListBody, Listed};
use super::problem::{Problem, ProblemBody, Success};
use crate::actions::change_calendar::{self, Move, Outcome, as_it_stands, change_calendar};
use crate::actions::{ActionError, Context, Done};
use crate::rules::calendar::{Calendar, ChangeKind, DaysOf, weekday_name};
use crate::rules::role::Permission;
use crate::rules::text::Line;
use crate::store::Conn;
use crate::store::calendar_changes::{self, Made};
use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use deserr::Deserr;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// Moves that an answer lists; it says how many there are in all.
const MOVES_SHOWN: usize = 200;

/// A holiday to add, or to strike.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ChangeBody {
    /// Whose day: `region:europe`, `country:US`, `subdivision:US-FL` or `service_center:SC-FLL`.
    #[schema(value_type = String, example = "service_center:SC-FLL")]
    days_of: DaysOf,
    /// The day.
    #[schema(value_type = String, format = Date, example = "2026-12-24")]
    day: Day,
    /// `add` or `strike`.
    #[schema(value_type = String, example = "add")]
    kind: ChangeKind,
    /// The holiday, or why it is struck: the working of deadlines says it.
    #[schema(value_type = String, example = "Inventory")]
    name: Line,
    /// Whether the open deadlines of RMAs that are promised already follow; their customers are told. False when absent.
    #[deserr(default)]
    #[schema(required = false)]
    move_running: bool,
}

/// A change.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChangeView {
    /// Its number; the calendar's revision from then on.
    pub number: i64,
    /// Whose day.
    pub days_of: String,
    /// The day.
    pub day: NaiveDate,
    /// `add` or `strike`.
    pub kind: String,
    /// The holiday, or why it is struck.
    pub name: String,
    /// When.
    pub made_at: DateTime<Utc>,
    /// By whom.
    pub made_by: String,
}

/// A change, and the running deadlines that it concerns.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MadeView {
    /// The change.
    #[serde(flatten)]
    pub change: ChangeView,
    /// True if the deadlines have moved; false if they are as they were promised.
    pub moved: bool,
    /// How many running deadlines the change moves, or would move.
    pub moves_total: usize,
    /// The first 200 of them, by their instant.
    pub moves: Vec<MoveView>,
}

/// A deadline that a change moves, or would move.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MoveView {
    /// The RMA.
    pub rma: String,
    /// `ship_by`, `return_by`, …
    pub kind: String,
    /// When it is due as promised.
    pub was: DateTime<Utc>,
    /// When it is due if it follows; null where its days can't be counted then.
    pub due_at: Option<DateTime<Utc>>,
    /// True if it stays as promised whatever is asked: it would be over at once.
    pub stays: bool,
}

/// The closed days of a place in one year.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CalendarView {
    /// Whose days.
    pub days_of: String,
    /// The built-in calendar beneath.
    #[schema(example = "US-FL")]
    pub calendar: String,
    /// The year.
    pub year: i32,
    /// True if its holidays are known; else no deadline is counted by it.
    pub known: bool,
    /// How many of its days are open; null if that isn't known.
    pub open_days: Option<usize>,
    /// The holidays, weekends too where one falls on them.
    pub holidays: Vec<HolidayView>,
    /// The holidays that were struck.
    pub struck: Vec<HolidayView>,
}

/// A holiday.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HolidayView {
    /// The day.
    pub day: NaiveDate,
    /// Its weekday in English.
    pub weekday: String,
    /// Its name, with the change that added or struck it.
    pub name: String,
    /// True if the date is a forecast.
    pub estimated: bool,
}

impl Listed for ChangeView {
    const COLUMNS: &'static [&'static str] = &["number", "days_of", "day", "kind", "name", "made_at", "made_by"];
    fn key(&self) -> String {
        self.number.to_string()
    }
}

fn change(made: Made) -> ChangeView {
    let change = made.change;
    ChangeView {
        number: change.number,
        days_of: change.days_of.to_string(),
        day: change.day,
        kind: change.kind.to_string(),
        name: change.name,
        made_at: shown(made.at),
        made_by: made.by,
    }
}

fn made(outcome: Outcome) -> MadeView {
    let view = |m: Move| MoveView { rma: m.rma.to_string(), kind: m.kind.to_string(), was: m.was, due_at: m.due_at, stays: m.stays };
    MadeView {
        change: change(outcome.made),
        moved: outcome.moved,
        moves_total: outcome.moves.len(),
        moves: outcome.moves.into_iter().take(MOVES_SHOWN).map(view).collect(),
    }
}

fn calendar(days_of: &DaysOf, calendar: &Arc<Calendar>, year: i32) -> CalendarView {
    let days = || (1..=366).filter_map(|ordinal| NaiveDate::from_yo_opt(year, ordinal));
    let known = days().next().is_some_and(|first| calendar.knows(first));
    let holiday =
        |day: NaiveDate, name: String, estimated| HolidayView { day, weekday: weekday_name(day.weekday()).to_owned(), name, estimated };
    let holidays = calendar.holidays.iter().filter(|(day, _)| day.year() == year);
    let struck = calendar.struck.iter().filter(|(day, _)| day.year() == year);
    CalendarView {
        days_of: days_of.to_string(),
        calendar: calendar.key.clone(),
        year,
        known,
        open_days: known.then(|| days().filter(|day| calendar.closed(*day).is_none()).count()),
        holidays: holidays.map(|(day, h)| holiday(*day, h.name.clone(), h.estimated)).collect(),
        struck: struck.map(|(day, name)| holiday(*day, name.clone(), false)).collect(),
    }
}

/// Lists the changes of calendars, oldest first.
#[utoipa::path(tag = "calendars", operation_id = "list_calendar_changes", params(
    ("days_of" = Option<String>, Query, description = "Only of this place, e.g. `country:US`"),
    ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page; all pages as CSV with `Accept: text/csv`", body = ListBody<ChangeView>),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/calendar-changes")]
pub async fn list(call: Call) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ReadCatalog)?;
    let query = call.list_query(&["days_of"])?;
    let days_of = query.get("days_of", str::parse)?;
    let number = |key: &str| key.parse().ok();
    lists::answer_by(&call, &query, number, move |conn, _, after, limit| {
        Ok(calendar_changes::page(conn, days_of.as_ref(), after, limit)?.map(change))
    })
    .await
}

/// Adds a holiday or strikes one, from then on. RMAs that are promised already keep their days unless `move_running` asks
/// for it; with `dry_run` the answer shows first which running deadlines that would move.
#[utoipa::path(tag = "calendars", operation_id = "change_calendar", params(("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = ChangeBody,
    responses((status = 201, description = "Made", body = MadeView, headers(("Location" = String))),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/calendar-changes")]
pub async fn add(call: Call) -> Result<HttpResponse, Problem> {
    call.allow(Permission::WriteCatalog)?;
    let body: ChangeBody = call.body()?;
    let ask =
        change_calendar::Ask { days_of: body.days_of, day: body.day.0, kind: body.kind, name: body.name, move_running: body.move_running };
    call.write(move |conn, ctx| {
        let outcome = change_calendar(conn, ctx, &ask)?;
        Ok(Reply::created(format!("/api/v1/calendars/{}", ask.days_of), made(outcome)))
    })
    .await
}

/// Shows the closed days of a country, a subdivision or a service center in one year, with every change.
#[utoipa::path(tag = "calendars", operation_id = "show_calendar", params(
    ("days_of" = String, Path, description = "`country:US`, `subdivision:US-FL` or `service_center:SC-FLL`"),
    ("year" = Option<i32>, Query, description = "The current one when absent")),
    responses((status = 200, description = "As it is now", body = CalendarView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/calendars/{days_of}")]
pub async fn show(call: Call, days_of: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ReadCatalog)?;
    let wanted = call.query(&["year"])?.get("year", year)?;
    let days_of: DaysOf = days_of.parse().map_err(|fault| Problem::path(&fault))?;
    let view = move |conn: &mut Conn, ctx: &Context| -> Done<CalendarView> {
        let found = as_it_stands(conn, ctx, &days_of)?.ok_or(ActionError::NotFound("calendar"))?;
        Ok(calendar(&days_of, &found, wanted.unwrap_or(ctx.now.year())))
    };
    Ok(Success::Ok.answer().json(call.read(view).await?))
}
