//! `/calls`: a support call in one request, from the case to the RMA.

use super::body::Faults;
use super::call::{Call, Reply};
use super::fields::{Bounded, SeverityField};
use super::letters::{self, LetterView};
use super::problem::{Problem, ProblemBody};
use super::rma_view::{self, RmaView};
use super::rmas::LocalContactBody;
use crate::actions::take_call::{self, take_call};
use crate::actions::{open_case, verify_defect};
use crate::rules::role::Permission;
use crate::rules::text::{Code, Note, PartNumber, SerialNumber};
use crate::rules::tier::Channel;
use crate::store::outbox;
use actix_web::{HttpResponse, post};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// Letters of a new RMA, at most.
const LETTERS: i64 = 20;

/// A call.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct CallBody {
    /// The appliance.
    #[schema(value_type = String, example = "SN123")]
    serial_number: SerialNumber,
    /// 1 (production down) to 4 (a question).
    #[schema(value_type = i16, minimum = 1, maximum = 4)]
    severity: SeverityField,
    /// How it came in; severity 1 by phone only.
    #[schema(value_type = String, example = "phone")]
    channel: Channel,
    /// What is wrong.
    #[schema(value_type = String)]
    summary: Note,
    /// What has to be replaced, 1 to 20 components.
    #[schema(value_type = Vec<CallPartBody>)]
    parts: Bounded<CallPartBody, 1, 20>,
    /// The local contact; the four-hour clock of Gold Plus waits for it.
    #[deserr(default)]
    contact: Option<LocalContactBody>,
}

/// A component that is verified to be defective.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct CallPartBody {
    /// The component.
    #[schema(value_type = String, example = "PSU-450")]
    part_number: PartNumber,
    /// What failed, a word of letters, digits and `_`.
    #[schema(value_type = String, example = "power_supply")]
    failure_code: Code,
    /// What was seen.
    #[deserr(default)]
    #[schema(value_type = Option<String>)]
    note: Option<Note>,
}

/// What became of a call.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CallView {
    /// The RMA with its promise.
    pub rma: RmaView,
    /// What its readers are told, word for word.
    pub letters: Vec<LetterView>,
}

/// Opens a case, verifies the defects and issues the RMA: all of it, or nothing.
#[utoipa::path(tag = "rmas", operation_id = "take_call", params(("Idempotency-Key" = String, Header, description = "Needed here: a repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given, letters included; nothing is stored or sent")),
    request_body = CallBody,
    responses((status = 201, description = "Made; the location is that of the RMA", body = CallView, headers(("Location" = String))),
        (status = 422, description = "Not entitled, with every reason", body = ProblemBody, content_type = "application/problem+json"),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/calls")]
pub async fn take(call: Call) -> Result<HttpResponse, Problem> {
    call.allow(Permission::HandleRmas)?;
    call.allow(Permission::WriteCases)?;
    call.require_key()?;
    let body: CallBody = call.body()?;
    let case =
        open_case::Ask { serial_number: body.serial_number, severity: body.severity.0, channel: body.channel, summary: body.summary };
    let finding = |part: CallPartBody| verify_defect::Ask {
        replacement_needed: true,
        part_number: part.part_number,
        failure_code: part.failure_code.as_str().to_ascii_lowercase(),
        note: part.note,
    };
    let findings = body.parts.0.into_iter().map(finding).collect();
    let ask = take_call::Ask { case, findings, contact: body.contact.map(|contact| contact.contact()) };
    let sender = call.shared.sender.clone();
    call.write(move |conn, ctx| {
        let dossier = take_call(conn, ctx, &ask)?;
        let location = format!("/api/v1/rmas/{}", dossier.number);
        let filter = outbox::Filter { rma: Some(dossier.rma.id), ..Default::default() };
        let promised = outbox::page(conn, &filter, None, LETTERS)?.rows;
        let letters = promised.into_iter().map(|letter| letters::view(letter, &sender)).collect::<Result<_, _>>()?;
        Ok(Reply::created(location, CallView { rma: rma_view::rma(dossier)?, letters }))
    })
    .await
}
