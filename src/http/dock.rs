//! `/returns/scans`: what arrives at the dock (P4.6). One call with what was scanned decides what each unit is.

use super::body::Faults;
use super::call::{Call, Reply};
use super::crud::shown;
use super::fields::{At, Bounded, word};
use super::lists::{self, ListBody, Listed};
use super::moves::stated;
use super::problem::{FieldError, Problem, ProblemBody};
use super::rma_view::number;
use crate::actions::dispose::{self, dispose};
use crate::actions::receive_return::{Parcel, receive_parcel};
use crate::rules::dock::{Disposition, Finding, Scan};
use crate::rules::number::RmaNumber;
use crate::rules::rma::Condition;
use crate::rules::role::Permission;
use crate::rules::text::{Code, Note, SerialNumber};
use crate::store::Id;
use crate::store::dock_scans::{self, Detail, Filter};
use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Utc};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// A parcel at the dock: one unit, or several in `units`.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ParcelBody {
    /// What the unit says, for a parcel of one.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "SN123")]
    serial_number: Option<SerialNumber>,
    /// `as_described`, `damaged` or `incomplete`, for a parcel of one.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "as_described")]
    condition: Option<Condition>,
    /// The units of a parcel of several: one parcel makes one letter.
    #[deserr(default)]
    #[schema(value_type = Option<Vec<UnitBody>>)]
    units: Option<Bounded<UnitBody, 1, 20>>,
    /// The RMA number on the box, if it has one.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "R10000017-4")]
    rma: Option<RmaNumber>,
    /// Whose dock.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "SC-FLL")]
    service_center: Option<Code>,
    /// When, if not now: operations may record the past.
    #[deserr(default)]
    #[schema(value_type = Option<DateTime<Utc>>)]
    received_at: Option<At>,
}

/// A unit in a parcel.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct UnitBody {
    /// What it says.
    #[schema(value_type = String, example = "SN123")]
    serial_number: SerialNumber,
    /// `as_described`, `damaged` or `incomplete`.
    #[schema(value_type = String, example = "as_described")]
    condition: Condition,
}

/// Where a unit goes.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct DispositionBody {
    /// `restock`, `repair`, `scrap`, `return_to_sender` or `investigate`.
    #[schema(value_type = String, example = "repair")]
    disposition: Disposition,
    /// `defect_confirmed`, `other_defect`, `no_fault_found` or `customer_damage`.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "no_fault_found")]
    finding: Option<Finding>,
    /// What else there is to say.
    #[deserr(default)]
    #[schema(value_type = Option<String>)]
    note: Option<Note>,
}

/// A unit that was scanned.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ScanView {
    /// Its identifier.
    pub id: String,
    /// What the unit says.
    pub serial_number: String,
    /// `as_described`, `damaged` or `incomplete`.
    pub condition: String,
    /// What it is: `expected_unit`, `replacement_returned`, `other_unit_of_customer`, `unit_of_another_customer`,
    /// `unknown_serial`, `parts_missing`, `damaged_in_transit` or `already_received`.
    pub outcome: String,
    /// The RMA that it was booked to; null where none knows of it.
    pub rma: Option<String>,
    /// The line of the RMA.
    pub line: Option<i32>,
    /// Whose dock.
    pub service_center: Option<String>,
    /// When.
    pub scanned_at: DateTime<Utc>,
    /// By whom.
    pub scanned_by: String,
    /// Where it goes; proposed until `disposed_at`.
    pub disposition: String,
    /// What the inspection found.
    pub finding: Option<String>,
    /// What else was said.
    pub note: Option<String>,
    /// When somebody decided where it goes.
    pub disposed_at: Option<DateTime<Utc>>,
    /// Who.
    pub disposed_by: Option<String>,
}

/// What a parcel held.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ParcelView {
    /// Its units.
    pub scans: Vec<ScanView>,
}

impl Listed for ScanView {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "serial_number",
        "condition",
        "outcome",
        "rma",
        "line",
        "service_center",
        "scanned_at",
        "scanned_by",
        "disposition",
        "finding",
        "note",
        "disposed_at",
        "disposed_by",
    ];
    fn key(&self) -> String {
        self.id.clone()
    }
}

fn view(detail: Detail) -> ScanView {
    let scan = detail.scan;
    ScanView {
        id: scan.id.to_string(),
        serial_number: scan.serial_number,
        condition: scan.condition.0.to_string(),
        outcome: scan.outcome.0.to_string(),
        rma: detail.rma.map(number),
        line: scan.line,
        service_center: detail.service_center,
        scanned_at: shown(scan.scanned_at),
        scanned_by: scan.scanned_by,
        disposition: scan.disposition.0.to_string(),
        finding: scan.finding.map(|f| f.0.to_string()),
        note: scan.note,
        disposed_at: scan.disposed_at.map(shown),
        disposed_by: scan.disposed_by,
    }
}

fn units(body: &ParcelBody) -> Result<Vec<Scan>, Problem> {
    let scan = |serial_number: &SerialNumber, condition| Scan { serial_number: serial_number.clone(), condition, line: None };
    let missing = |field: &str| Problem::invalid(vec![FieldError::new(field, "required", "is missing")]);
    match (&body.units, &body.serial_number, body.condition) {
        (None, None, _) => Err(missing("/serial_number")),
        (None, Some(_), None) => Err(missing("/condition")),
        (None, Some(serial), Some(condition)) => Ok(vec![scan(serial, condition)]),
        (Some(units), None, None) => Ok(units.0.iter().map(|u| scan(&u.serial_number, u.condition)).collect()),
        (Some(_), _, _) => {
            let detail = "give serial_number and condition, or units, not both";
            Err(Problem::invalid(vec![FieldError::new("/units", "conflict", detail)]))
        }
    }
}

/// Books what arrived at the dock. The serial number decides what each unit is; a parcel makes one letter for its RMA.
#[utoipa::path(tag = "returns", operation_id = "scan_parcel", params(("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = ParcelBody, responses((status = 201, description = "Booked", body = ParcelView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/returns/scans")]
pub async fn scan_parcel(call: Call) -> Result<HttpResponse, Problem> {
    call.allow(Permission::HandleRmas)?;
    let body: ParcelBody = call.body()?;
    let received_at = stated(&call, body.received_at, "/received_at")?;
    let parcel = Parcel { units: units(&body)?, rma: body.rma, service_center: body.service_center, received_at };
    call.write(move |conn, ctx| {
        let scans = receive_parcel(conn, ctx, &parcel)?.into_iter().map(view).collect();
        Ok(Reply::created("/api/v1/returns/scans".to_owned(), ParcelView { scans }))
    })
    .await
}

/// Lists what arrived at the dock, oldest first.
#[utoipa::path(tag = "returns", operation_id = "list_scans", params(
    ("rma" = Option<String>, Query, description = "Only of this RMA"), ("outcome" = Option<String>, Query, description = "expected_unit, replacement_returned, …"),
    ("undecided" = Option<bool>, Query, description = "Only units about which nobody has decided yet"),
    ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page; all pages as CSV with `Accept: text/csv`", body = ListBody<ScanView>),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/returns/scans")]
pub async fn list(call: Call) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ReadCatalog)?;
    let query = call.list_query(&["rma", "outcome", "undecided"])?;
    let rma = query.get("rma", RmaNumber::parse)?.map(RmaNumber::serial);
    let filter = Filter { id: None, rma, outcome: query.get("outcome", word)?, undecided: query.flag("undecided")? };
    lists::answer_by(&call, &query, Id::parse, move |conn, _, after, limit| Ok(dock_scans::page(conn, &filter, after, limit)?.map(view)))
        .await
}

/// Records where a unit goes from the dock, and what its inspection found.
#[utoipa::path(tag = "returns", operation_id = "dispose", params(("id" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = DispositionBody, responses((status = 200, description = "As it is then", body = ScanView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/returns/scans/{id}/disposition")]
pub async fn dispose_of(call: Call, id: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::HandleRmas)?;
    let id = Id::parse(&id).ok_or_else(|| Problem::not_found("scan"))?;
    let body: DispositionBody = call.body()?;
    let ask = dispose::Ask { disposition: body.disposition, finding: body.finding, note: body.note };
    call.write(move |conn, ctx| Ok(Reply::ok(view(dispose(conn, ctx, id, &ask)?)))).await
}
