//! What every answer gets: its request id, the rate limit's state, and headers that keep browsers careful.

use super::limit::Standing;
use actix_web::Error;
use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CACHE_CONTROL, HeaderName, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use actix_web::middleware::Next;
use tracing::Span;
use tracing_actix_web::{RequestId, RootSpanBuilder};

tokio::task_local! {
    static REQUEST_ID: String;
}

/// The request at hand, as the log names it; empty outside one.
pub fn request_id() -> String {
    REQUEST_ID.try_with(Clone::clone).unwrap_or_default()
}

/// One span a request: method, path without its query (a query may hold names), status, and the request id on every line.
#[derive(Debug)]
pub struct Spans;

impl RootSpanBuilder for Spans {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
        tracing::info_span!("request", request_id = %id, method = %request.method(), path = %shown(request.path()), status = tracing::field::Empty, actor = tracing::field::Empty)
    }
    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let status = match outcome {
            Ok(response) => response.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        span.record("status", status.as_u16());
        span.in_scope(|| tracing::info!(status = status.as_u16(), "answered"));
    }
}

/// A path as the log shows it: a link's token is a key to what it opens, and stays out.
fn shown(path: &str) -> &str {
    match path {
        path if path.starts_with("/d/") => "/d/…",
        path if path.starts_with("/sign-in/link/") => "/sign-in/link/…",
        path => path,
    }
}

/// The middleware. Handlers' errors are answers by the time they get here, so they get the headers too.
pub async fn finish(request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let id = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
    let mut answered = REQUEST_ID.scope(id.clone(), next.call(request)).await?;
    let standing = answered.request().extensions().get::<Standing>().copied();
    let headers = answered.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if let Some(standing) = standing {
        let limits =
            [("ratelimit-limit", standing.limit), ("ratelimit-remaining", standing.remaining), ("ratelimit-reset", standing.reset_seconds)];
        for (name, value) in limits {
            headers.insert(HeaderName::from_static(name), HeaderValue::from(value));
        }
    }
    Ok(answered)
}
