//! `/webhooks/carriers/{carrier}`: what carriers tell about their parcels. No token: each event is signed with the secret that
//! is shared with its carrier.

use super::body::{self, Faults};
use super::call::{BODY_TIME, read};
use super::fields::At;
use super::problem::{Problem, ProblemBody, Success};
use super::{Shared, finish};
use crate::actions::carrier_event::carrier_event;
use crate::actions::{Actor, Context, Scope};
use crate::rules::carrier::{EventKind, Outcome, is_signed};
use crate::rules::role::Role;
use crate::rules::text::{Line, Note};
use crate::store::carriers::{self, CarrierEvent};
use crate::store::{Id, Word};
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse, post};
use deserr::Deserr;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// The header with the signature.
const SIGNATURE: &str = "swapline-signature";

/// What a carrier tells.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults)]
pub struct CarrierEventBody {
    /// The carrier's own name for the event: it counts once.
    #[schema(value_type = String)]
    id: Line,
    /// `picked_up`, `delivered` or `exception`.
    #[schema(value_type = String, example = "delivered")]
    event: EventKind,
    /// Which parcel.
    #[schema(value_type = String)]
    tracking_number: Line,
    /// When.
    #[schema(value_type = DateTime<Utc>)]
    happened_at: At,
    /// Who took it.
    #[deserr(default)]
    #[schema(value_type = Option<String>)]
    received_by: Option<Line>,
    /// What is in the way.
    #[deserr(default)]
    #[schema(value_type = Option<String>)]
    reason: Option<Note>,
}

/// What became of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OutcomeView {
    /// `done`, `no_change` or `unknown_tracking_number`.
    #[schema(value_type = String)]
    outcome: Outcome,
}

/// Takes in a carrier's event, signed with the secret that is shared with it.
#[utoipa::path(tag = "webhooks", operation_id = "carrier_event", security(()), params(("carrier" = String, Path),
    ("Swapline-Signature" = String, Header, description = "t=UNIX_SECONDS,v1=HEX: the HMAC-SHA256 of UNIX_SECONDS.BODY")),
    request_body = CarrierEventBody, responses((status = 200, description = "What became of it", body = OutcomeView),
        (status = 202, description = "Remembered: nothing has this tracking number so far", body = OutcomeView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/webhooks/carriers/{carrier}")]
pub async fn carrier(shared: Data<Shared>, request: HttpRequest, carrier: Path<String>, payload: Payload) -> Result<HttpResponse, Problem> {
    let mut payload = payload.into_inner();
    let bytes = tokio::time::timeout(BODY_TIME, read(&mut payload, shared.body_bytes)).await.map_err(|_| Problem::too_slow())??;
    let code = carrier.to_uppercase();
    let name = code.clone();
    let known = shared.db.read(move |conn| carriers::find(conn, &name)).await?;
    let now = shared.clock.now();
    let signature = request.headers().get(SIGNATURE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    // A carrier that isn't known is answered as one that signs wrongly, after the same work.
    let secret = known.as_ref().map_or("", |(_, secret)| secret.as_str());
    let signed = is_signed(secret, signature, &bytes, now);
    let Some((carrier_id, _)) = known.filter(|_| signed) else { return Err(Problem::unauthorized()) };
    shared.limiter.count(carrier_id).map_err(|(_, wait_seconds)| Problem::too_many(wait_seconds))?;
    let told: CarrierEventBody = body::parse(&bytes)?;
    let said = match told.event {
        EventKind::Delivered => told.received_by.map(|line| line.to_string()),
        EventKind::PickedUp | EventKind::Exception => told.reason.map(|note| note.to_string()),
    };
    let event = CarrierEvent {
        id: Id::new(),
        carrier_id,
        event: told.id.to_string(),
        tracking_number: told.tracking_number.to_string(),
        kind: Word(told.event),
        happened_at: told.happened_at.0.into(),
        received_at: now.into(),
        outcome: Word(Outcome::UnknownTrackingNumber),
        said,
    };
    let actor = Actor { name: format!("carrier:{code}"), role: Role::Operations, scope: Scope::Everything };
    let ctx = Context { actor, now, reference: Arc::clone(&shared.reference), request_id: Some(finish::request_id()) };
    let outcome = shared.db.write(move |conn| carrier_event(conn, &ctx, &event)).await?;
    let success = if outcome == Outcome::UnknownTrackingNumber { Success::Accepted } else { Success::Ok };
    Ok(success.answer().json(OutcomeView { outcome }))
}
