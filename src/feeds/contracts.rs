//! Maintenance contracts: which tier an organization bought, and for how long.

use super::{Feed, Fields, cells};
use crate::rules::text::{Code, ContractNumber};
use crate::rules::tier::{Region, Tier};
use chrono::NaiveDate;
use chrono_tz::Tz;

/// A row of `contracts`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Unique.
    pub number: ContractNumber,
    /// Who bought it.
    pub organization: Code,
    /// Whose coverage hours apply (P3.2).
    pub region: Region,
    /// What was bought (P1).
    pub tier: Tier,
    /// First day, local to the zone.
    pub starts_on: NaiveDate,
    /// Last day, local to the zone; not before the first.
    pub ends_on: NaiveDate,
    /// The zone in which its days begin and end; the region's where none is given.
    pub zone: Option<Tz>,
    /// True with the older four-hour option of Gold (P5.5); not where nothing is said.
    pub four_hour_service_center: Option<bool>,
    /// True if its customer keeps defective units and has them destroyed (P4.6); not where nothing is said.
    pub keeps_media: Option<bool>,
}

impl Feed for Row {
    const NAME: &'static str = "contracts";
    const COLUMNS: &'static [&'static str] =
        &["number*", "organization*", "region*", "tier*", "starts_on*", "ends_on*", "zone", "four_hour_service_center", "keeps_media"];
    const KEY: &'static str = "number";

    fn parse(fields: &mut Fields<'_>) -> Option<Self> {
        let number = fields.required("number", ContractNumber::parse);
        let organization = fields.required("organization", Code::parse);
        let region = fields.required("region", cells::term);
        let tier = fields.required("tier", cells::term);
        let starts_on = fields.required("starts_on", cells::date);
        let ends_on = fields.required("ends_on", cells::date);
        let zone = fields.optional("zone", cells::zone);
        let four_hour_service_center = fields.optional("four_hour_service_center", cells::boolean);
        let keeps_media = fields.optional("keeps_media", cells::boolean);
        if starts_on.zip(ends_on).is_some_and(|(starts, ends)| ends < starts) {
            fields.refuse("ends_on", "ends_before_start", "must not be before starts_on: it is the contract's last day");
            return None;
        }
        Some(Self {
            number: number?,
            organization: organization?,
            region: region?,
            tier: tier?,
            starts_on: starts_on?,
            ends_on: ends_on?,
            zone: zone?,
            four_hour_service_center: four_hour_service_center?,
            keeps_media: keeps_media?,
        })
    }
}
