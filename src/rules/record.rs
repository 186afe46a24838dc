//! The records that people keep: customers, contracts, appliances, sites, the catalog, the network. Valid by construction,
//! named by the codes that people use; the store resolves them to rows.

use super::number::RmaNumber;
use super::position::{Point, Position};
use super::stock::StockState;
use super::text::{Code, ContractNumber, Country, Email, Line, Note, PartNumber, Phone, PostalCode, SerialNumber, Subdivision};
use super::tier::{ApplianceKind, Language, Region, Tier};
use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// A customer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Organization {
    /// Unique code.
    pub code: Code,
    /// Name.
    pub name: Line,
    /// Region (P1).
    pub region: Region,
    /// Country of its seat.
    pub country: Country,
    /// Subdivision of its seat.
    pub subdivision: Option<Subdivision>,
    /// Language of its letters.
    pub language: Language,
    /// Who gets the letters, at least one.
    pub contacts: Vec<Contact>,
}

/// Somebody at a customer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contact {
    /// Name.
    pub name: Line,
    /// Email address.
    pub email: Email,
    /// Telephone number.
    pub phone: Option<Phone>,
}

/// A product model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Model {
    /// Unique code.
    pub code: Code,
    /// Name.
    pub name: Line,
}

/// A part.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// Unique number.
    pub number: PartNumber,
    /// What it is.
    pub description: Line,
    /// The models it exists on.
    pub fits_models: Vec<Code>,
    /// Gets Gold treatment under Gold Plus (P4.4).
    pub excluded_from_gold_plus: bool,
    /// Not covered by maintenance at all.
    pub excluded_from_maintenance: bool,
    /// Its export may need papers first (P4.5).
    pub export_controlled: bool,
    /// It is the whole appliance: its replacement takes the appliance's place.
    pub whole_unit: bool,
}

/// A courier.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Courier {
    /// Unique code.
    pub code: Code,
    /// Name.
    pub name: Line,
    /// Where dispatches go.
    pub email: Email,
    /// Telephone number.
    pub phone: Phone,
    /// Language of its letters.
    pub language: Language,
}

/// A postal address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Address {
    /// Street lines, at most five.
    pub lines: Vec<Line>,
    /// City.
    pub city: Line,
    /// State, province or region, as the address has it.
    pub region: Option<Line>,
    /// Postal code.
    pub postal_code: Option<PostalCode>,
    /// Country.
    pub country: Country,
}

/// A service center (P5.2).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ServiceCenter {
    /// Unique code.
    pub code: Code,
    /// Name.
    pub name: Line,
    /// Where couriers pick up, and defective units go.
    pub address: Address,
    /// ISO 3166-2 suffix: where given, its public holidays count too (P3.4).
    pub subdivision: Option<Subdivision>,
    /// Where it is.
    pub point: Point,
    /// Its zone.
    pub zone: Tz,
    /// First day of service.
    pub opens_on: NaiveDate,
    /// First day without service.
    pub closes_on: Option<NaiveDate>,
    /// Approved couriers, the preferred one first.
    pub couriers: Vec<Code>,
    /// The regions whose warehouse it is: what isn't Gold Plus leaves from there (P4).
    pub warehouse_for: Vec<Region>,
}

/// A unit in stock.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StockUnit {
    /// What it says on it, unique among all units.
    pub serial_number: SerialNumber,
    /// What it is.
    pub part_number: PartNumber,
    /// Where it lies.
    pub service_center: Code,
    /// What may be done with it.
    pub state: StockState,
    /// Why it is in this state, if somebody said.
    pub note: Option<Note>,
    /// The RMA that it is promised to, or went out with.
    pub rma: Option<RmaNumber>,
}

/// A site (P5.1).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Site {
    /// Unique code.
    pub code: Code,
    /// Whose it is.
    pub organization: Code,
    /// Name.
    pub name: Line,
    /// Where couriers deliver.
    pub address: Address,
    /// ISO 3166-2 suffix: where given, its public holidays count too (P3.4).
    pub subdivision: Option<Subdivision>,
    /// Where it is, as exactly as known.
    pub position: Option<Position>,
    /// True if somebody confirmed that position for that address, although it is questioned (P5.3). `None` is as before
    /// while both stay the same, and no otherwise.
    pub position_confirmed: Option<bool>,
    /// Its zone.
    pub zone: Tz,
    /// Who is there.
    pub contact: Option<SiteContact>,
    /// What a courier should know.
    pub receiving_notes: Option<Note>,
}

/// Who is at a site.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SiteContact {
    /// Name.
    pub name: Line,
    /// Telephone number.
    pub phone: Phone,
}

/// A contract (P1).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Contract {
    /// Unique number.
    pub number: ContractNumber,
    /// Whose it is.
    pub organization: Code,
    /// Its region: gives the coverage hours (P3.2).
    pub region: Region,
    /// Its tier.
    pub tier: Tier,
    /// The zone in which its days begin and end.
    pub zone: Tz,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day, inclusive.
    pub ends_on: NaiveDate,
    /// True with the older four-hour service center option of Gold (P5.5).
    pub four_hour_service_center: bool,
    /// True if its customer keeps defective units, and has them destroyed, instead of sending them back (P4.6).
    pub keeps_media: bool,
}

/// An appliance.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Appliance {
    /// Unique serial number.
    pub serial_number: SerialNumber,
    /// Whose it is.
    pub organization: Code,
    /// Its model.
    pub model: Code,
    /// Physical or virtual.
    pub kind: ApplianceKind,
    /// Where it stands.
    pub site: Option<Code>,
    /// The contracts that list it.
    pub contracts: Vec<ContractNumber>,
    /// Last day of maintenance, if announced.
    pub end_of_maintenance_on: Option<NaiveDate>,
}
