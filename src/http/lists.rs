//! Lists: a page as JSON with its cursor, or all pages as CSV, streamed.

use super::call::Call;
use super::problem::{Problem, Success};
use super::query::{self, MOST};
use crate::actions::{Context, Done};
use crate::feeds::table;
use crate::store::{Conn, Page};
use actix_web::HttpResponse;
use actix_web::http::header::ACCEPT;
use actix_web::web::Bytes;
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;
use utoipa::ToSchema;

/// A row of a list: its columns in a CSV file, and the key by which pages are turned.
pub trait Listed: Serialize + Send + 'static {
    /// The names of the JSON members, in order.
    const COLUMNS: &'static [&'static str];
    /// The key after which the next page starts.
    fn key(&self) -> String;
}

/// A page.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListBody<T> {
    /// The rows.
    pub items: Vec<T>,
    /// What to give as `cursor` for the next page; null on the last.
    pub next_cursor: Option<String>,
}

/// Gives one page after a key.
pub type Turn<T> = dyn Fn(&mut Conn, &Context, Option<&str>, i64) -> Done<Page<T>> + Send + Sync;

/// Answers a list. `extra` are the endpoint's own parameters; `turn` gets the parameters' page.
pub async fn answer<T: Listed>(
    call: &Call,
    query: &query::Query,
    turn: impl Fn(&mut Conn, &Context, Option<&str>, i64) -> Done<Page<T>> + Send + Sync + 'static,
) -> Result<HttpResponse, Problem> {
    let turn: Arc<Turn<T>> = Arc::new(turn);
    let (limit, cursor) = (query.limit()?, query.cursor()?);
    if wants_csv(call) {
        return Ok(csv(call.clone(), turn));
    }
    let page = one_page(call, turn, cursor, limit).await?;
    let next_cursor = page.more.then(|| page.rows.last().map(|row| query::encode(&row.key()))).flatten();
    Ok(Success::Ok.answer().json(ListBody { items: page.rows, next_cursor }))
}

/// Answers a list whose pages are turned by a key that is more than text; a cursor that isn't one is refused.
pub async fn answer_by<T: Listed, K: 'static>(
    call: &Call,
    query: &query::Query,
    parse: fn(&str) -> Option<K>,
    turn: impl Fn(&mut Conn, &Context, Option<K>, i64) -> Done<Page<T>> + Send + Sync + 'static,
) -> Result<HttpResponse, Problem> {
    if query.cursor()?.is_some_and(|cursor| parse(&cursor).is_none()) {
        return Err(query::bad_cursor());
    }
    answer(call, query, move |conn, ctx, after, limit| turn(conn, ctx, after.and_then(parse), limit)).await
}

async fn one_page<T: Listed>(call: &Call, turn: Arc<Turn<T>>, after: Option<String>, limit: i64) -> Result<Page<T>, Problem> {
    call.read(move |conn, ctx| turn(conn, ctx, after.as_deref(), limit)).await
}

/// True where a table is asked for.
pub fn wants_csv(call: &Call) -> bool {
    let accept = call.header(ACCEPT.as_str()).unwrap_or_default();
    accept.split(',').any(|kind| kind.trim().split(';').next() == Some("text/csv"))
}

/// Where a CSV answer stands.
enum Progress {
    Header,
    After(Option<String>),
    End,
}

/// All pages, one after the other; memory holds one page. A page that fails ends the answer short, as HTTP can tell it.
fn csv<T: Listed>(call: Call, turn: Arc<Turn<T>>) -> HttpResponse {
    let rows = futures_util::stream::try_unfold(Progress::Header, move |progress| {
        let (call, turn) = (call.clone(), Arc::clone(&turn));
        async move {
            let after = match progress {
                Progress::Header => return Ok(Some((Bytes::from(table::header(T::COLUMNS)?), Progress::After(None)))),
                Progress::End => return Ok(None),
                Progress::After(after) => after,
            };
            let page = one_page(&call, turn, after, MOST).await.map_err(std::io::Error::other)?;
            let bytes = table::encode(page.rows.iter().map(cells))?;
            let next = match page.rows.last() {
                Some(last) if page.more => Progress::After(Some(last.key())),
                _ => Progress::End,
            };
            Ok::<_, std::io::Error>(Some((Bytes::from(bytes), next)))
        }
    });
    Success::Ok.answer().content_type("text/csv; charset=utf-8").streaming(rows)
}

/// The cells of a row: text as it is, what has parts as JSON.
fn cells<T: Listed>(row: &T) -> Vec<String> {
    let value = serde_json::to_value(row).unwrap_or(Value::Null);
    let cell = |column: &&str| match value.get(*column) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    T::COLUMNS.iter().map(cell).collect()
}
