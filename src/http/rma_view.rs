//! How an RMA looks in the API: its promise, its lines, its deadlines with their working.

mod lines;

use super::address::tenths;
use super::lists::Listed;
use crate::actions::dossier::Dossier;
use crate::rules::clock::{Hold, Step};
use crate::rules::coverage::METERS_PER_MILE;
use crate::rules::notice::{LocalContact, Reason};
use crate::rules::number::{CaseNumber, RmaNumber};
use crate::rules::radar::Risk;
use crate::rules::sourcing::Asked;
use crate::rules::zone;
use crate::store::deadlines::Kept;
use crate::store::shipments;
use crate::store::{Stored, Ts};
use chrono::{DateTime, SecondsFormat, Utc};
pub use lines::{DeadLinkView, DestructionView, LineView, ReturnView};
use serde::Serialize;
use utoipa::ToSchema;

/// An RMA.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the names say it")]
pub struct RmaView {
    #[schema(example = "R10000017-3")]
    pub number: String,
    pub case: String,
    pub organization: String,
    pub contract: String,
    pub site: Option<String>,
    /// `issued`, `shipped`, `delivered`, `returned`, `closed` or `cancelled`.
    pub state: String,
    pub issued_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    pub cancel_reason: Option<String>,
    /// The version of the program that the RMA is pinned to.
    pub program_version: String,
    pub promise: PromiseView,
    pub contact: Option<LocalContactView>,
    /// True where the customer keeps the defective units: a certificate of destruction takes the place of each return.
    pub keeps_media: bool,
    pub lines: Vec<LineView>,
    pub shipment: ShipmentView,
    pub deadlines: Vec<DeadlineView>,
    /// What is lost next: only in the list with `at_risk=true`.
    pub risk: Option<RiskView>,
}

/// What an RMA loses next.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RiskView {
    /// `ship_by` or `deliver_by`.
    pub deadline: String,
    /// `business_day`: what leaves later leaves a day later; `deadline`: the promise; `missed_already`.
    pub loses: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Whole minutes until then; negative when it is over.
    pub minutes: i64,
}

impl RiskView {
    /// The risk as it is seen now.
    pub fn of(risk: &Risk, now: DateTime<Utc>) -> Self {
        Self { deadline: risk.kind.to_string(), loses: risk.loses.to_string(), at: risk.at, minutes: risk.minutes(now) }
    }
}

/// What was promised at the moment of issue, as far as it still waits for something.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PromiseView {
    /// The tier of the contract.
    pub entitled_tier: String,
    /// The tier that will be delivered.
    pub delivered_tier: String,
    /// Every difference and every wait.
    pub reasons: Vec<ReasonView>,
    /// The service center that ships.
    pub ships_from: Option<String>,
    /// The centers that were asked for the replacement, in order: each with why it doesn't send, the last one sends.
    pub sourcing: Vec<AskedView>,
}

/// A center that was asked for a replacement.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AskedView {
    /// Which.
    pub service_center: String,
    /// `service_center` or `regional_warehouse`.
    pub source: String,
    /// The tier for which it was asked.
    pub tier: String,
    /// Statute miles to the site, where both positions are known.
    pub distance_miles: Option<f64>,
    /// `not_open`, `position_too_coarse`, `no_courier` or `out_of_stock`; null for the one that sends.
    pub rejected: Option<String>,
    /// A sentence.
    pub detail: String,
}

impl From<Asked> for AskedView {
    fn from(asked: Asked) -> Self {
        Self {
            service_center: asked.service_center.into(),
            source: asked.source.to_string(),
            tier: asked.tier.to_string(),
            distance_miles: asked.meters.map(|meters| tenths(meters / METERS_PER_MILE)),
            rejected: asked.rejected.map(|r| r.to_string()),
            detail: asked.detail,
        }
    }
}

/// A difference between entitled and delivered, or a wait.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ReasonView {
    /// Stable code.
    #[schema(example = "site_out_of_range")]
    pub code: String,
    /// The rule of the program.
    #[schema(example = "P5.2")]
    pub rule: String,
    /// A sentence.
    pub detail: String,
}

impl From<Reason> for ReasonView {
    fn from(r: Reason) -> Self {
        Self { code: r.code, rule: r.rule, detail: r.detail }
    }
}

/// The local contact.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the names say it")]
pub struct LocalContactView {
    pub name: String,
    pub phone: String,
    pub accepts_delivery: bool,
}

/// A shipment.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the names say it")]
pub struct ShipmentView {
    pub id: String,
    pub rma: String,
    /// `planned`, `in_transit`, `delivered` or `cancelled`.
    pub state: String,
    pub service_center: Option<String>,
    pub courier: Option<String>,
    /// How often the courier was told where to go.
    pub dispatches: i32,
    pub carrier: Option<String>,
    pub tracking_number: Option<String>,
    pub shipped_at: Option<DateTime<Utc>>,
    pub delivered_at: Option<DateTime<Utc>>,
    pub received_by: Option<String>,
}

/// A deadline with its working.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DeadlineView {
    /// The RMA.
    pub rma: String,
    /// `ship_by`, `deliver_by`, `return_by`, …
    pub kind: String,
    /// `elapsed` or `business_days`.
    pub clock: String,
    /// `waiting`, `running`, `paused`, `met`, `missed` or `void`.
    pub state: String,
    /// The rule that makes it.
    #[schema(example = "P4")]
    pub rule: String,
    /// Every rule that went into it.
    pub rules: Vec<String>,
    /// When the clock started.
    pub starts_at: Option<DateTime<Utc>>,
    /// The instant it is due.
    pub due_at: Option<DateTime<Utc>>,
    /// The same, local to `zone`, with its offset.
    #[schema(example = "2026-11-27T21:00:00-05:00")]
    pub due_local: Option<String>,
    /// IANA zone.
    pub zone: String,
    /// The calendar whose days count, e.g. `US`.
    pub calendar: String,
    /// The last change of it by an operator that counts; 0 for none.
    pub calendar_revision: i64,
    /// When its thing was done.
    pub done_at: Option<DateTime<Utc>>,
    /// What it waits for.
    pub waits_for: Vec<String>,
    /// Why it stands still.
    pub paused_because: Option<String>,
    /// The working, in order.
    pub steps: Vec<StepView>,
}

/// One line of the working.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the names say it")]
pub struct StepView {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    pub counted: String,
    pub note: String,
    pub rule: String,
}

/// An RMA's number as people write it.
pub fn number(serial: i64) -> String {
    RmaNumber::of(serial).map(|n| n.to_string()).unwrap_or_default()
}

/// Shows an RMA.
pub fn rma(dossier: Dossier) -> Stored<RmaView> {
    let reasons = dossier.reasons()?;
    let contact =
        dossier.contact()?.map(|LocalContact { name, phone, accepts_delivery }| LocalContactView { name, phone, accepts_delivery });
    let state = dossier.rma.state.0;
    let asked = dossier.asked()?;
    let lines = lines::views(&dossier);
    let shipment = shipments::Detail {
        rma: dossier.rma.number,
        service_center: dossier.names.service_center.clone(),
        courier: dossier.courier.map(|c| c.record.code.to_string()),
        shipment: dossier.shipment,
    };
    Ok(RmaView {
        number: dossier.number.to_string(),
        case: CaseNumber::of(dossier.names.case).map(|n| n.to_string()).unwrap_or_default(),
        organization: dossier.names.organization,
        contract: dossier.names.contract,
        site: dossier.names.site,
        state: state.to_string(),
        issued_at: dossier.rma.issued_at.at(),
        ended_at: dossier.rma.ended_at.map(Ts::at),
        cancel_reason: dossier.rma.cancel_reason,
        program_version: dossier.rma.program_version,
        promise: PromiseView {
            entitled_tier: dossier.rma.entitled_tier.0.to_string(),
            delivered_tier: dossier.rma.delivered_tier.0.to_string(),
            reasons: reasons.into_iter().map(ReasonView::from).collect(),
            ships_from: dossier.names.service_center,
            sourcing: asked.into_iter().map(AskedView::from).collect(),
        },
        contact,
        keeps_media: dossier.rma.keeps_media,
        lines,
        shipment: shipment_view(shipment),
        deadlines: dossier.deadlines.into_iter().map(deadline).collect(),
        risk: None,
    })
}

/// Shows a shipment.
pub fn shipment_view(detail: shipments::Detail) -> ShipmentView {
    let s = detail.shipment;
    ShipmentView {
        id: s.id.to_string(),
        rma: number(detail.rma),
        state: s.state.0.to_string(),
        service_center: detail.service_center,
        courier: detail.courier,
        dispatches: s.dispatches,
        carrier: s.carrier,
        tracking_number: s.tracking_number,
        shipped_at: s.shipped_at.map(Ts::at),
        delivered_at: s.delivered_at.map(Ts::at),
        received_by: s.received_by,
    }
}

impl Listed for ShipmentView {
    const COLUMNS: &'static [&'static str] = &[
        "id",
        "rma",
        "state",
        "service_center",
        "courier",
        "dispatches",
        "carrier",
        "tracking_number",
        "shipped_at",
        "delivered_at",
        "received_by",
    ];
    fn key(&self) -> String {
        self.id.clone()
    }
}

/// Shows a deadline.
pub fn deadline(kept: Kept) -> DeadlineView {
    let d = kept.deadline;
    let basis = d.basis;
    let local = |at: DateTime<Utc>| zone::local(basis.zone, at).to_rfc3339_opts(SecondsFormat::Secs, false);
    let open_hold = |h: &&Hold| h.to.is_none() && d.state.is_open();
    let step = |s: Step| StepView { from: s.from, to: s.to, counted: s.counted, note: s.note, rule: s.rule };
    DeadlineView {
        rma: number(kept.rma),
        kind: basis.kind.to_string(),
        clock: basis.target.clock().to_owned(),
        state: d.state.to_string(),
        rule: basis.rules.first().cloned().unwrap_or_default(),
        due_local: d.due_at.map(local),
        starts_at: basis.starts_at,
        due_at: d.due_at,
        zone: basis.zone.name().to_owned(),
        done_at: kept.done_at.map(Ts::at),
        waits_for: basis.waits_for.iter().map(ToString::to_string).collect(),
        paused_because: basis.holds.iter().find(open_hold).map(|h| h.reason.clone()),
        calendar_revision: basis.edition.also.iter().copied().fold(basis.edition.revision, i64::max),
        calendar: basis.calendar,
        rules: basis.rules,
        steps: d.steps.into_iter().map(step).collect(),
    }
}
