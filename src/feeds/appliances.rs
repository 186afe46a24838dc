//! The installed base: which appliance stands where, under which contracts.

use super::{Feed, Fields, cells};
pub use crate::rules::record::Appliance as Row;
use crate::rules::text::{Code, ContractNumber, SerialNumber};
use crate::rules::tier::ApplianceKind;

impl Feed for Row {
    const NAME: &'static str = "appliances";
    const COLUMNS: &'static [&'static str] =
        &["serial_number*", "organization*", "model*", "kind", "site", "contracts", "end_of_maintenance_on"];
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
