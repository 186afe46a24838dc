//! The installed base: which appliance stands where, under which contracts.

use super::{Feed, Fields, cells};
use crate::rules::text::{Code, ContractNumber, SerialNumber};
use crate::rules::tier::ApplianceKind;
use chrono::NaiveDate;

/// A row of `appliances`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Unique.
    pub serial_number: SerialNumber,
    /// Who owns it.
    pub organization: Code,
    /// Its model, as `parts` names models.
    pub model: Code,
    /// Physical where the cell is empty (P1).
    pub kind: ApplianceKind,
    /// Where it stands, once registered (P5.1).
    pub site: Option<Code>,
    /// The contracts that cover it, perhaps none (P4.1).
    pub contracts: Vec<ContractNumber>,
    /// The day on which maintenance ends for it (P5.5).
    pub end_of_maintenance_on: Option<NaiveDate>,
}

impl Feed for Row {
    const NAME: &'static str = "appliances";
    const COLUMNS: &'static [&'static str] =
        &["serial_number*", "organization*", "model*", "kind*", "site", "contracts", "end_of_maintenance_on"];
    const KEY: &'static str = "serial_number";

    fn parse(fields: &mut Fields<'_>) -> Option<Self> {
        let serial_number = fields.required("serial_number", SerialNumber::parse);
        let organization = fields.required("organization", Code::parse);
        let model = fields.required("model", Code::parse);
        let kind = fields.or(ApplianceKind::Physical, "kind", cells::term);
        let site = fields.optional("site", Code::parse);
        let contracts = fields.list("contracts", ContractNumber::parse);
        let end_of_maintenance_on = fields.optional("end_of_maintenance_on", cells::date);
        Some(Self {
            serial_number: serial_number?,
            organization: organization?,
            model: model?,
            kind: kind?,
            site: site?,
            contracts: contracts?,
            end_of_maintenance_on: end_of_maintenance_on?,
        })
    }
}
