//! How the lines of an RMA look in the API.

use super::number;
use crate::actions::dossier::Dossier;
use crate::rules::rma::line_state;
use crate::store::Ts;
use crate::store::returns::ExpectedReturn;
use crate::store::rmas::RmaLine;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A line of an RMA.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LineView {
    /// 1, 2, …
    pub line: i32,
    /// The appliance; where this line replaces a unit that was dead on arrival, that unit.
    pub serial_number: String,
    /// The component.
    pub part_number: String,
    /// What the component is.
    pub part_description: String,
    /// The replacement, once shipped.
    pub replacement_serial_number: Option<String>,
    /// `untracked`, `reserved` or `backordered`.
    pub supply: String,
    /// The unit that stock has reserved for this line, or sent.
    pub reserved_serial_number: Option<String>,
    /// What that unit is: the part, a newer revision or a substitute.
    pub reserved_part_number: Option<String>,
    /// `awaiting_replacement`, `in_transit`, `awaiting_return`, `return_shipped`, `overdue`, `returned_wrong`, `returned` or `cancelled`.
    pub state: String,
    /// The line whose replacement was dead on arrival, where this one replaces that: the dead unit is what is expected back.
    pub replaces_dead: Option<DeadLinkView>,
    /// The line that replaces what was sent for this one, where that was dead on arrival.
    pub replaced_by: Option<DeadLinkView>,
    /// The return of the defective unit.
    pub expected_return: ReturnView,
}

/// The return of a defective unit.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the names say it")]
pub struct ReturnView {
    pub state: String,
    pub carrier: Option<String>,
    pub tracking_number: Option<String>,
    pub shipped_at: Option<DateTime<Utc>>,
    pub received_at: Option<DateTime<Utc>>,
    /// What came back last, if it is not what was expected.
    pub received_serial_number: Option<String>,
    pub condition: Option<String>,
    /// The certificate of destruction, where the customer kept the unit.
    pub certificate: Option<DestructionView>,
}

/// A certificate of destruction.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the names say it")]
pub struct DestructionView {
    pub certificate_number: String,
    pub destroyed_on: Option<NaiveDate>,
    pub destroyed_by: Option<String>,
}

/// A line of another RMA.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DeadLinkView {
    /// The RMA.
    #[schema(example = "R10000017-3")]
    pub rma: String,
    /// 1, 2, …
    pub line: i32,
}

/// Shows the lines.
pub(super) fn views(dossier: &Dossier) -> Vec<LineView> {
    let state = dossier.rma.state.0;
    let link = |found: Option<(i64, i32)>| found.map(|(rma, line)| DeadLinkView { rma: number(rma), line });
    let line = |((row, part_number, part_description), unit): (&(RmaLine, String, String), &ExpectedReturn)| {
        let reserved = dossier.unit_of(row.id);
        LineView {
            line: row.line,
            serial_number: row.serial_number.clone(),
            part_number: part_number.clone(),
            part_description: part_description.clone(),
            replacement_serial_number: row.replacement_serial_number.clone(),
            supply: row.supply.0.to_string(),
            reserved_serial_number: reserved.map(|unit| unit.serial_number.clone()),
            reserved_part_number: reserved.map(|unit| unit.part_number.clone()),
            state: line_state(state, unit.state.0).to_string(),
            replaces_dead: link(dossier.dead.replaced_by_line(row.id)),
            replaced_by: link(dossier.dead.successor_of(row.id)),
            expected_return: unit_view(unit),
        }
    };
    dossier.lines.iter().zip(&dossier.returns).map(line).collect()
}

fn unit_view(unit: &ExpectedReturn) -> ReturnView {
    ReturnView {
        state: unit.state.0.to_string(),
        carrier: unit.carrier.clone(),
        tracking_number: unit.tracking_number.clone(),
        shipped_at: unit.shipped_at.map(Ts::at),
        received_at: unit.received_at.map(Ts::at),
        received_serial_number: unit.received_serial_number.clone(),
        condition: unit.condition.as_ref().map(|c| c.0.to_string()),
        certificate: unit.certificate.clone().map(|certificate_number| DestructionView {
            certificate_number,
            destroyed_on: unit.destroyed_on,
            destroyed_by: unit.destroyed_by.clone(),
        }),
    }
}
