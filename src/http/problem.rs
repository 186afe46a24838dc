//! What went wrong, as RFC 9457 problem+json: the only file that knows status codes.

use super::finish;
use crate::actions::ActionError;
use crate::print::PrintError;
use crate::rules::refusal::{Refusal, RefusalClass};
use crate::rules::text::TextFault;
use crate::store::StoreError;
use actix_web::http::StatusCode;
use actix_web::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

/// The status of an answer that went well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Success {
    /// Here it is.
    Ok,
    /// It was made.
    Created,
    /// It is gone.
    NoContent,
    /// It was taken in; nothing is known to do about it.
    Accepted,
    /// It was done: look there.
    SeeOther,
}

impl Success {
    /// The status code.
    fn status(self) -> StatusCode {
        match self {
            Self::Ok => StatusCode::OK,
            Self::Created => StatusCode::CREATED,
            Self::NoContent => StatusCode::NO_CONTENT,
            Self::Accepted => StatusCode::ACCEPTED,
            Self::SeeOther => StatusCode::SEE_OTHER,
        }
    }
    /// An answer with this status.
    pub fn answer(self) -> HttpResponseBuilder {
        HttpResponse::build(self.status())
    }
    /// The number, as it is kept with an idempotency key.
    pub fn number(self) -> i32 {
        i32::from(self.status().as_u16())
    }
    /// The success of a kept number.
    pub fn of(number: i32) -> Self {
        [Self::Created, Self::NoContent].into_iter().find(|s| s.number() == number).unwrap_or(Self::Ok)
    }
}

/// An answer with the status of another one.
pub fn like(answer: &HttpResponse) -> HttpResponseBuilder {
    HttpResponse::build(answer.status())
}

/// One fault of the input, or one reason of a refusal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// JSON pointer into the body, or the name of a parameter; empty for the request as a whole.
    #[schema(example = "/lines/0/part_number")]
    pub field: String,
    /// Stable code.
    #[schema(example = "part_does_not_fit")]
    pub code: String,
    /// A sentence.
    pub detail: String,
    /// The rule of the program that says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "P4.1")]
    pub rule: Option<String>,
}

impl FieldError {
    /// A fault of one field.
    pub fn new(field: impl Into<String>, code: &str, detail: impl Into<String>) -> Self {
        Self { field: field.into(), code: code.to_owned(), detail: detail.into(), rule: None }
    }
    fn of(refusal: &Refusal) -> Self {
        let field = refusal.field.clone().unwrap_or_default();
        Self { field, code: refusal.code.to_owned(), detail: refusal.detail.clone(), rule: refusal.rule.map(str::to_owned) }
    }
}

/// What the client is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProblemBody {
    /// A URI of the kind of problem.
    #[schema(example = "urn:swapline:problem:part_does_not_fit")]
    pub r#type: String,
    /// The kind in words.
    pub title: String,
    /// The HTTP status.
    #[schema(example = 422)]
    pub status: u16,
    /// This occurrence in words; empty where it is the server's fault.
    pub detail: String,
    /// Stable code.
    #[schema(example = "part_does_not_fit")]
    pub code: String,
    /// The request, as the log names it.
    pub request_id: String,
    /// Every fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

/// A problem on its way to the client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct Problem {
    status: StatusCode,
    code: String,
    detail: String,
    errors: Vec<FieldError>,
    retry_after_seconds: Option<u64>,
}

impl Problem {
    fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Self { status, code: code.to_owned(), detail: detail.into(), errors: Vec::new(), retry_after_seconds: None }
    }
    /// The request can't be read.
    pub fn malformed(code: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, detail)
    }
    /// A query parameter that is unknown, or has a value that it can't have.
    pub fn parameter(name: &str, code: &str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let errors = vec![FieldError::new(name, code, detail.clone())];
        Self { errors, ..Self::new(StatusCode::BAD_REQUEST, code, format!("parameter {name}: {detail}")) }
    }
    /// A number or code in the path that can't be one.
    pub fn path(fault: &TextFault) -> Self {
        Self::malformed(fault.code, fault.detail.clone())
    }
    /// Understood, but with faults in its fields.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [one] => format!("{}: {}", one.field, one.detail),
            many => format!("{} fields are wrong", many.len()),
        };
        Self { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_input", detail) }
    }
    /// Every fault.
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }
    /// No token, or a bad one.
    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", "a valid bearer token is needed")
    }
    /// A role that may not.
    pub fn forbidden(role: crate::rules::role::Role) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", format!("a {role} token may not do this"))
    }
    /// A form that isn't one of ours, or something that this person may not.
    pub fn denied(code: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code, detail)
    }
    /// Nothing there.
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", format!("no such {what}"))
    }
    /// There once, and no more.
    pub fn gone(code: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::GONE, code, detail)
    }
    /// Understood and not acceptable.
    pub fn refuse(code: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
    }
    /// The stable code.
    pub fn code(&self) -> &str {
        &self.code
    }
    /// An answer with its status, for a page that says it in its own words.
    pub fn answer(&self) -> HttpResponseBuilder {
        let mut answer = HttpResponse::build(self.status);
        if let Some(seconds) = self.retry_after_seconds {
            answer.insert_header((RETRY_AFTER, seconds.to_string()));
        }
        answer
    }
    /// A body that is larger than it may be.
    pub fn too_large(most: usize) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", format!("a body may have at most {most} bytes"))
    }
    /// A body that takes longer than it may.
    pub fn too_slow() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "body_too_slow", "the body took too long")
    }
    /// A body that isn't JSON by its own word.
    pub fn not_json() -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", "the body must be application/json")
    }
    /// Nothing on offer is what `Accept` asks for.
    pub fn not_acceptable() -> Self {
        Self::new(StatusCode::NOT_ACCEPTABLE, "not_acceptable", "none of the kinds that Accept names can be had here")
    }
    /// A change without `If-Match`.
    pub fn precondition_required() -> Self {
        Self::new(StatusCode::PRECONDITION_REQUIRED, "if_match_required", "a change needs the If-Match header with the ETag that was read")
    }
    /// The same idempotency key with another request.
    pub fn key_reused() -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused", "this Idempotency-Key was used for another request")
    }
    /// Too many requests.
    pub fn too_many(retry_after_seconds: u64) -> Self {
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", "this token has asked too often; please wait");
        Self { retry_after_seconds: Some(retry_after_seconds), ..problem }
    }
    /// Not ready to serve.
    pub fn unavailable(detail: &str) -> Self {
        Self { retry_after_seconds: Some(1), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail) }
    }
    fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "")
    }
    fn refused(refusals: &[Refusal]) -> Self {
        let clash = refusals.iter().all(|r| r.class == RefusalClass::StateClash);
        let status = if clash { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
        let (code, detail) = refusals.first().map_or(("refused", String::new()), |r| (r.code, r.detail.clone()));
        Self { errors: refusals.iter().map(FieldError::of).collect(), ..Self::new(status, code, detail) }
    }
}

impl From<ActionError> for Problem {
    fn from(error: ActionError) -> Self {
        match error {
            ActionError::Refused(refusals) => Self::refused(&refusals),
            ActionError::NotFound(what) => Self::not_found(what),
            ActionError::Changed(what) => {
                Self::new(StatusCode::PRECONDITION_FAILED, "changed", format!("the {what} has changed since it was read"))
            }
            ActionError::Exists(what) => Self::new(StatusCode::CONFLICT, "exists", format!("this {what} exists already")),
            ActionError::InUse(what) => {
                Self::new(StatusCode::CONFLICT, "in_use", format!("this {what} is referred to and can't be removed"))
            }
            ActionError::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy | StoreError::Retry => Self::unavailable("the store is busy; please try again"),
            error => {
                tracing::error!(error = %error, "the store failed");
                Self::internal()
            }
        }
    }
}

impl From<PrintError> for Problem {
    fn from(error: PrintError) -> Self {
        tracing::error!(error = %error, "a paper could not be made");
        Self::internal()
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }
    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status);
        answer.content_type("application/problem+json");
        if self.status == StatusCode::UNAUTHORIZED {
            answer.insert_header((WWW_AUTHENTICATE, "Bearer realm=\"swapline\""));
        }
        if let Some(seconds) = self.retry_after_seconds {
            answer.insert_header((RETRY_AFTER, seconds.to_string()));
        }
        answer.json(ProblemBody {
            r#type: format!("urn:swapline:problem:{}", self.code),
            title: self.status.canonical_reason().unwrap_or("Problem").to_owned(),
            status: self.status.as_u16(),
            detail: self.detail.clone(),
            code: self.code.clone(),
            request_id: finish::request_id(),
            errors: self.errors.clone(),
        })
    }
}

/// Answers what no route serves.
pub async fn nothing_here() -> Result<HttpResponse, Problem> {
    Err(Problem::not_found("endpoint"))
}

/// Answers a path that can't be read: one that isn't UTF-8, say.
pub fn unreadable_path() -> actix_web::Error {
    let problem = Problem::malformed("malformed_path", "the path can't be read");
    let response = problem.error_response();
    actix_web::error::InternalError::from_response(problem, response).into()
}
