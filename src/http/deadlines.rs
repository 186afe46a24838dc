//! `/deadlines`: what is due, over all RMAs.

use super::call::Call;
use super::crud;
use super::fields::{instant, word};
use super::lists::{self, ListBody, Listed};
use super::problem::{Problem, ProblemBody};
use super::rma_view::{self, DeadlineView};
use crate::actions::{Context, Done};
use crate::rules::role::Permission;
use crate::rules::text::Code;
use crate::store::deadlines::{self, Filter, Kept};
use crate::store::{Conn, Id, Page, Ts};
use actix_web::{HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;

/// A deadline in a list, with what the next page needs.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(transparent)]
pub struct Row {
    view: DeadlineView,
    #[serde(skip)]
    key: String,
}

impl Listed for Row {
    const COLUMNS: &'static [&'static str] = &[
        "rma",
        "kind",
        "clock",
        "state",
        "rule",
        "rules",
        "starts_at",
        "due_at",
        "due_local",
        "zone",
        "calendar",
        "calendar_revision",
        "done_at",
        "waits_for",
        "paused_because",
        "steps",
    ];
    fn key(&self) -> String {
        self.key.clone()
    }
}

impl Row {
    /// A row of a list by instant, or of those without one by identifier.
    fn by_instant(kept: Kept) -> Self {
        match kept.deadline.due_at {
            Some(at) => Self { key: format!("{} {}", at.timestamp_micros(), kept.id), view: rma_view::deadline(kept) },
            None => Self::by_id(kept),
        }
    }
    /// A row of a list by identifier.
    pub fn by_id(kept: Kept) -> Self {
        Self { key: kept.id.to_string(), view: rma_view::deadline(kept) }
    }
}

fn dated(key: &str) -> Option<(Ts, Id)> {
    use chrono::Datelike;
    let (micros, id) = key.split_once(' ')?;
    let at = chrono::DateTime::from_timestamp_micros(micros.parse().ok()?)?;
    // PostgreSQL knows fewer years than chrono; SQLite's text sorts within four digits.
    (1970..=9999).contains(&at.year()).then_some((at.into(), Id::parse(id)?))
}

/// Lists deadlines by the instant they are due. Those without an instant (`state=waiting`, `state=paused`) are listed when
/// asked for by state, oldest first.
#[utoipa::path(tag = "deadlines", operation_id = "list_deadlines", params(
    ("state" = Option<String>, Query, description = "waiting, running, paused, met, missed or void"), ("kind" = Option<String>, Query, description = "ship_by, deliver_by, return_by, …"),
    ("due_before" = Option<String>, Query, description = "Only due before this instant"), ("organization" = Option<String>, Query, description = "Only of this organization"),
    ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page; all pages as CSV with `Accept: text/csv`", body = ListBody<DeadlineView>),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/deadlines")]
pub async fn list(call: Call) -> Result<HttpResponse, Problem> {
    use crate::rules::deadline::DeadlineState::{Paused, Waiting};
    call.allow(Permission::ReadOwn)?;
    let query = call.list_query(&["state", "kind", "due_before", "organization"])?;
    let (state, kind) = (query.get("state", word)?, query.get("kind", word)?);
    let due_before = query.get("due_before", instant)?.map(Ts::from);
    let organization = query.get("organization", Code::parse)?;
    let page_of = move |conn: &mut Conn, ctx: &Context, at: Place, limit: i64| -> Done<Page<Row>> {
        crud::owned(conn, ctx, organization.as_ref(), |conn, organization| {
            let filter = Filter { rma: None, organization, state, kind, due_from: None, due_before };
            let page = match at {
                Place::Dated(after) => deadlines::page(conn, &filter, after, limit)?,
                Place::Undated(after) => deadlines::page_undated(conn, &filter, after, limit)?,
            };
            Ok(page.map(Row::by_instant))
        })
    };
    match state {
        Some(Waiting | Paused) => {
            lists::answer_by(&call, &query, Id::parse, move |conn, ctx, after, limit| page_of(conn, ctx, Place::Undated(after), limit))
                .await
        }
        _ => lists::answer_by(&call, &query, dated, move |conn, ctx, after, limit| page_of(conn, ctx, Place::Dated(after), limit)).await,
    }
}

/// After which row a page starts: of those with an instant, or of those without.
enum Place {
    Dated(Option<(Ts, Id)>),
    Undated(Option<Id>),
}
