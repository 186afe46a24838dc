//! Headers that keep a browser from doing more with a page than the page needs.

use crate::http::Shared;
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;

/// Nothing from elsewhere, nothing inline, in nobody's frame, and no address with a token is told to anybody.
const HEADERS: [(&str, &str); 8] = [
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("referrer-policy", "no-referrer"),
    ("x-frame-options", "DENY"),
    ("permissions-policy", "geolocation=(self), camera=(), microphone=(), payment=()"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-robots-tag", "noindex, nofollow"),
    ("x-content-type-options", "nosniff"),
];

/// The same for the pages behind the sign-in: there browsers tell this server from which page of it a form came, and nobody asks
/// where anybody is.
const HOUSE: [(&str, &str); 4] = [
    (
        "content-security-policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("referrer-policy", "same-origin"),
    ("permissions-policy", "geolocation=(), camera=(), microphone=(), payment=()"),
    // Pages of an account are nobody's to keep.
    ("cache-control", "no-store"),
];

/// A year, in which browsers come by TLS only. Left out where there is none.
const TLS_ONLY: (&str, &str) = ("strict-transport-security", "max-age=31536000");

/// The middleware of the pages behind the sign-in.
pub async fn house(request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let secure = request.app_data::<Data<Shared>>().is_some_and(|shared| shared.door.is_secure());
    let mut answered = next.call(request).await?;
    for (name, value) in HEADERS.into_iter().chain(HOUSE).chain(Some(TLS_ONLY).filter(|_| secure)) {
        answered.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    Ok(answered)
}

/// The middleware.
pub async fn guard(request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let mut answered = next.call(request).await?;
    for (name, value) in HEADERS {
        answered.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    Ok(answered)
}
