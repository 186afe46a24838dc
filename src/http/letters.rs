//! `/letters`: every mail that was promised, sent or got stuck.

use super::call::{Call, Reply};
use super::fields::word;
use super::lists::{self, ListBody, Listed};
use super::problem::{Problem, ProblemBody};
use super::rma_view;
use crate::actions::ActionError;
use crate::mail::letters::{self, Sender};
use crate::rules::notice::Notice;
use crate::rules::role::Permission;
use crate::store::outbox::{self, Filter, LetterRow};
use crate::store::{Id, StoreError, Stored, Ts};
use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A letter.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the names say it")]
pub struct LetterView {
    pub id: String,
    /// Unique: the same thing is never promised twice.
    #[schema(example = "rma/R10000017/issued")]
    pub key: String,
    pub rma: Option<String>,
    pub kind: String,
    /// `queued`, `sent`, `stuck` or `superseded`.
    pub state: String,
    pub to: Vec<String>,
    pub subject: String,
    pub text: String,
    pub promised_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
    pub message_id: Option<String>,
    /// The file, where mail goes into a folder.
    pub delivered_to: Option<String>,
    pub attempts: i32,
    pub last_error: Option<String>,
}

impl Listed for LetterView {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "key",
        "rma",
        "kind",
        "state",
        "to",
        "subject",
        "text",
        "promised_at",
        "sent_at",
        "message_id",
        "delivered_to",
        "attempts",
        "last_error",
    ];
    fn key(&self) -> String {
        self.id.clone()
    }
}

/// Shows a letter: writing is pure, so this is what the reader got, or will get; without its files, and without links that work.
pub fn view((row, rma): (LetterRow, Option<i64>), sender: &Sender) -> Stored<LetterView> {
    let notice: Notice = row.notice.read()?;
    // A link is for its reader: whoever may look at a letter may not act by it.
    let letter = letters::write(&notice, &sender.without_links()).map_err(|e| StoreError::Unreadable(e.to_string()))?;
    Ok(LetterView {
        id: row.id.to_string(),
        key: row.key,
        rma: rma.map(rma_view::number),
        kind: row.kind.0.to_string(),
        state: row.state.0.to_string(),
        to: sender.readers(&notice).iter().map(|m| m.email.to_string()).collect(),
        subject: letter.subject,
        text: letter.text,
        promised_at: row.promised_at.at(),
        sent_at: row.sent_at.map(Ts::at),
        message_id: row.message_id,
        delivered_to: row.delivered_to,
        attempts: row.attempts,
        last_error: row.last_error,
    })
}

/// Lists letters, oldest first. Customers see their own.
#[utoipa::path(tag = "letters", operation_id = "list_letters", params(
    ("state" = Option<String>, Query, description = "queued, sent, stuck or superseded"),
    ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page; all pages as CSV with `Accept: text/csv`", body = ListBody<LetterView>),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/letters")]
pub async fn list(call: Call) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ReadOwn)?;
    let query = call.list_query(&["state"])?;
    let filter = Filter { state: query.get("state", word)?, organization: call.scope().organization(), ..Filter::default() };
    let sender = std::sync::Arc::clone(&call.shared.sender);
    lists::answer_by(&call, &query, Id::parse, move |conn, _, after, limit| {
        Ok(outbox::page(conn, &filter, after, limit)?.try_map(|row| view(row, &sender))?)
    })
    .await
}

/// Puts a stuck letter back into the queue.
#[utoipa::path(tag = "letters", operation_id = "retry_letter", params(("id" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    responses((status = 200, description = "As it is then", body = LetterView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/letters/{id}/retry")]
pub async fn retry(call: Call, id: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::HandleRmas)?;
    let id = Id::parse(&id).ok_or_else(|| Problem::not_found("letter"))?;
    let sender = std::sync::Arc::clone(&call.shared.sender);
    call.write(move |conn, ctx| {
        crate::actions::retry_letter::retry_letter(conn, ctx, id)?;
        let row = outbox::page(conn, &Filter { id: Some(id), ..Filter::default() }, None, 1)?.rows.pop();
        Ok(Reply::ok(view(row.ok_or(ActionError::NotFound("letter"))?, &sender)?))
    })
    .await
}
