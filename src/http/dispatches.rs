//! `/shipments/{id}/accept` and its sisters: what couriers tell of their dispatches, as their links do; and the proof of it.

use super::body::Faults;
use super::call::{Call, Reply};
use super::fields::Bounded;
use super::moves::EmptyBody;
use super::problem::{FieldError, Problem, ProblemBody, Success};
use super::rma_view;
use crate::actions::answer_dispatch::{self, Answer, Handover};
use crate::actions::show_proof::{self as shown_proof, Found};
use crate::rules::image::Image;
use crate::rules::position::Point;
use crate::rules::role::Permission;
use crate::rules::text::{Line, Note, SerialNumber};
use crate::store::dispatches::Dispatch;
use crate::store::proofs::Proof;
use crate::store::{Id, Ts};
use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// The courier has the part.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct PickUpBody {
    /// The replacements' serial numbers in the order of the lines; needed unless units are reserved, or operations have recorded
    /// that the part left.
    #[deserr(default)]
    #[schema(value_type = Option<Vec<String>>)]
    replacement_serial_numbers: Option<Bounded<SerialNumber, 1, 20>>,
}

/// Where the courier was.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct PlaceBody {
    /// Degrees.
    latitude: f64,
    /// Degrees.
    longitude: f64,
    /// How exactly it is known.
    #[deserr(default)]
    accuracy_meters: Option<f64>,
}

/// The part was handed over.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct HandoverBody {
    /// Who took it.
    #[schema(value_type = String)]
    received_by: Line,
    /// A JPEG or PNG of at most 2 MB in base64; `http.body_bytes` bounds it too.
    #[deserr(default)]
    photo: Option<String>,
    /// The signature, the same way.
    #[deserr(default)]
    signature: Option<String>,
    /// Where.
    #[deserr(default)]
    position: Option<PlaceBody>,
}

/// The courier can't go on as things are.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ProblemReportBody {
    /// Why.
    #[schema(value_type = String)]
    reason: Note,
    /// A JPEG or PNG of at most 2 MB in base64; `http.body_bytes` bounds it too.
    #[deserr(default)]
    photo: Option<String>,
}

/// A dispatch.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the names say it")]
pub struct DispatchView {
    pub id: String,
    pub shipment: String,
    #[schema(example = "R10000017-3")]
    pub rma: String,
    /// The center that the part comes from.
    pub service_center: Option<String>,
    /// 1, 2, … for a shipment.
    pub dispatch: i32,
    pub courier: Option<String>,
    /// `sent`, `accepted`, `picked_up`, `delivered`, `problem`, `cancelled` or `superseded`.
    pub state: String,
    pub sent_at: DateTime<Utc>,
    pub accept_by: DateTime<Utc>,
    pub accepted_at: Option<DateTime<Utc>>,
    pub picked_up_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub problem_at: Option<DateTime<Utc>>,
    pub problem: Option<String>,
}

/// What proves the delivery.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the names say it")]
pub struct ProofView {
    pub shipment: String,
    pub rma: String,
    pub received_by: Option<String>,
    pub delivered_at: Option<DateTime<Utc>>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub accuracy_meters: Option<f64>,
    pub pictures: Vec<PictureView>,
}

/// A picture that a courier sent.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the names say it")]
pub struct PictureView {
    pub dispatch: i32,
    /// `delivery_photo`, `signature` or `problem_photo`.
    pub shows: String,
    pub media_type: String,
    pub sha256: String,
    pub bytes: usize,
    pub recorded_at: DateTime<Utc>,
    /// In base64.
    pub content: String,
}

pub(super) fn view(dossier: &crate::actions::dossier::Dossier, dispatch: Dispatch) -> DispatchView {
    let courier = dossier.courier.as_ref().map(|c| c.record.code.to_string());
    let service_center = dossier.center.as_ref().map(|c| c.record.code.to_string());
    row(dispatch, dossier.number.to_string(), service_center, courier)
}

/// A dispatch as it is shown.
pub(super) fn row(dispatch: Dispatch, rma: String, service_center: Option<String>, courier: Option<String>) -> DispatchView {
    DispatchView {
        id: dispatch.id.to_string(),
        shipment: dispatch.shipment_id.to_string(),
        rma,
        service_center,
        dispatch: dispatch.number,
        courier,
        state: dispatch.state.0.to_string(),
        sent_at: dispatch.sent_at.at(),
        accept_by: dispatch.accept_by.at(),
        accepted_at: dispatch.accepted_at.map(Ts::at),
        picked_up_at: dispatch.picked_up_at.map(Ts::at),
        ended_at: dispatch.ended_at.map(Ts::at),
        problem_at: dispatch.problem_at.map(Ts::at),
        problem: dispatch.problem,
    }
}

/// A picture in base64.
fn picture(encoded: Option<String>, field: &str) -> Result<Option<Image>, Problem> {
    let Some(encoded) = encoded else { return Ok(None) };
    let invalid = |code: &str, detail: &str| Problem::invalid(vec![FieldError::new(field, code, detail)]);
    let bytes = STANDARD.decode(encoded.trim()).map_err(|_| invalid("bad_base64", "must be base64"))?;
    Image::parse(bytes).map_err(|fault| invalid("bad_picture", fault.detail()))
}

fn position(body: Option<PlaceBody>) -> Result<Option<(Point, Option<f64>)>, Problem> {
    let Some(body) = body else { return Ok(None) };
    let invalid = |field: &str, code: &str, detail: &str| Problem::invalid(vec![FieldError::new(field, code, detail)]);
    let point = Point::new(body.latitude, body.longitude).map_err(|fault| invalid("/position", fault.code, &fault.detail))?;
    match body.accuracy_meters.is_none_or(|meters| (0.0..=1e6).contains(&meters)) {
        true => Ok(Some((point, body.accuracy_meters))),
        false => Err(invalid("/position/accuracy_meters", "bad_accuracy", "must lie between 0 and 1,000,000")),
    }
}

async fn tell(call: Call, id: Path<String>, answer: Answer) -> Result<HttpResponse, Problem> {
    let id = Id::parse(&id).ok_or_else(|| Problem::not_found("shipment"))?;
    call.write(move |conn, ctx| {
        let (dossier, dispatch) = answer_dispatch::answer_shipment(conn, ctx, id, &answer)?;
        Ok(Reply::ok(view(&dossier, dispatch)))
    })
    .await
}

/// Records that the courier takes the dispatch in force.
#[utoipa::path(tag = "shipments", operation_id = "accept_dispatch", params(("id" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = EmptyBody, responses((status = 200, description = "As it is then", body = DispatchView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/shipments/{id}/accept")]
pub async fn accept(call: Call, id: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::Deliver)?;
    call.body::<EmptyBody>()?;
    tell(call, id, Answer::Accept).await
}

/// Records that the courier has the part: the replacement has left.
#[utoipa::path(tag = "shipments", operation_id = "pick_up_dispatch", params(("id" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = PickUpBody, responses((status = 200, description = "As it is then", body = DispatchView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/shipments/{id}/pick-up")]
pub async fn pick_up(call: Call, id: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::Deliver)?;
    let body: PickUpBody = call.body()?;
    let replacement_serial_numbers = body.replacement_serial_numbers.map(|b| b.0).unwrap_or_default();
    tell(call, id, Answer::PickUp { replacement_serial_numbers }).await
}

/// Records that the part was handed over, with its proof.
#[utoipa::path(tag = "shipments", operation_id = "deliver_dispatch", params(("id" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = HandoverBody, responses((status = 200, description = "As it is then", body = DispatchView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/shipments/{id}/deliver")]
pub async fn deliver(call: Call, id: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::Deliver)?;
    let body: HandoverBody = call.body()?;
    let (photo, signature) = (picture(body.photo, "/photo")?, picture(body.signature, "/signature")?);
    let proof = Handover { photo, signature, position: position(body.position)? };
    tell(call, id, Answer::Deliver { received_by: body.received_by, proof }).await
}

/// Reports what is in the way; operations are told.
#[utoipa::path(tag = "shipments", operation_id = "report_problem", params(("id" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = ProblemReportBody, responses((status = 200, description = "As it is then", body = DispatchView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/shipments/{id}/problem")]
pub async fn problem(call: Call, id: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::Deliver)?;
    let body: ProblemReportBody = call.body()?;
    let photo = picture(body.photo, "/photo")?;
    tell(call, id, Answer::Problem { reason: body.reason, photo }).await
}

/// Shows who took it, when and where, with the pictures.
#[utoipa::path(tag = "shipments", operation_id = "show_proof", params(("id" = String, Path)),
    responses((status = 200, description = "As it is now", body = ProofView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/shipments/{id}/proof")]
pub async fn show_proof(call: Call, id: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::HandleRmas)?;
    call.query(&[])?;
    let id = Id::parse(&id).ok_or_else(|| Problem::not_found("shipment"))?;
    let found = call.read(move |conn, _| shown_proof::show_proof(conn, id)).await?;
    Ok(Success::Ok.answer().json(proof_view(found)))
}

fn proof_view(found: Found) -> ProofView {
    let shipment = found.detail.shipment;
    let picture = |(proof, dispatch): (Proof, i32)| PictureView {
        dispatch,
        shows: proof.shows.0.to_string(),
        media_type: proof.media_type.0.to_string(),
        sha256: proof.sha256,
        bytes: proof.content.len(),
        recorded_at: proof.recorded_at.at(),
        content: STANDARD.encode(&proof.content),
    };
    let delivered = found.delivered.as_ref();
    ProofView {
        shipment: shipment.id.to_string(),
        rma: rma_view::number(found.detail.rma),
        received_by: shipment.received_by,
        delivered_at: shipment.delivered_at.map(Ts::at),
        latitude: delivered.and_then(|d| d.latitude),
        longitude: delivered.and_then(|d| d.longitude),
        accuracy_meters: delivered.and_then(|d| d.accuracy_meters),
        pictures: found.pictures.into_iter().map(picture).collect(),
    }
}
