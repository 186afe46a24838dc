//! A form that was sent, taken only from a page of ours: whoever handles one can't forget to ask.

use super::house;
use super::member::{bound_to, turned};
use crate::actions::create_token::hex;
use crate::http::Shared;
use crate::http::problem::Problem;
use actix_web::dev::Payload;
use actix_web::web::{Data, Form};
use actix_web::{Error, FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use std::time::Duration;

/// The longest that a form takes to arrive.
const TIME: Duration = Duration::from_secs(30);

/// What makes a form that is sent twice one deed: its idempotency key.
pub(super) fn key() -> String {
    let bits: [u8; 8] = rand::random();
    hex(&bits)
}

/// Its fields.
#[derive(Clone, PartialEq, Eq)]
pub struct Posted(Vec<(String, String)>);

impl std::fmt::Debug for Posted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // There may be a password in it.
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl Posted {
    /// A field as it was entered; empty where it is missing.
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str())
    }
    /// Every field, in the order of the form.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
    /// True for a box that was ticked.
    pub fn ticked(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }
}

impl FromRequest for Posted {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let shared = request.app_data::<Data<Shared>>().ok_or_else(|| Problem::unavailable("starting"))?;
            read(shared, &request, &mut payload).await.map_err(|problem| turned(house::failed(shared, &problem)))
        })
    }
}

async fn read(shared: &Shared, request: &HttpRequest, payload: &mut Payload) -> Result<Posted, Problem> {
    if !shared.door.is_own(request.headers()) {
        return Err(Problem::denied("other_site", "the form was sent from another site"));
    }
    // At most 16 KiB, as actix has it.
    let fields = tokio::time::timeout(TIME, Form::<Vec<(String, String)>>::from_request(request, payload));
    let fields = fields.await.map_err(|_| Problem::too_slow())?;
    let fields = Posted(fields.map_err(|_| Problem::malformed("broken_form", "the form can't be read"))?.into_inner());
    let bound = bound_to(shared, request).is_some_and(|cookie| shared.door.signer.is_page_of(&cookie, fields.text("form")));
    if !bound {
        return Err(Problem::denied("form_expired", "please send the form of a page that was just loaded"));
    }
    Ok(fields)
}
