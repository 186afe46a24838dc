//! Where appliances stand, and who opens the door (P5.1).

use super::{Feed, Fields, cells};
use crate::rules::position::Point;
use crate::rules::record::{Address, SiteContact};
use crate::rules::text::{Code, Country, Line, Note, Phone, PostalCode, Subdivision};
use chrono_tz::Tz;

/// A row of `sites`.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Unique.
    pub code: Code,
    /// Whose site it is.
    pub organization: Code,
    /// What it is called.
    pub name: Line,
    /// Its address, with one to three lines.
    pub address: Address,
    /// ISO 3166-2 suffix: where given, its public holidays count too (P3.4).
    pub subdivision: Option<Subdivision>,
    /// Where it is, if the file says so (P5.3).
    pub position: Option<Point>,
    /// True if that position is right for this address, whatever speaks against it; as before where the file is silent (P5.3).
    pub position_confirmed: Option<bool>,
    /// Its zone; found by its position or country where none is given.
    pub zone: Option<Tz>,
    /// Who receives a courier there, and their number in E.164 form (P4.2).
    pub contact: Option<SiteContact>,
    /// What a courier needs to know.
    pub receiving_notes: Option<Note>,
}

impl Feed for Row {
    const NAME: &'static str = "sites";
    #[rustfmt::skip]
    const COLUMNS: &'static [&'static str] = &[
        "code*", "organization*", "name*",
        "address_1*", "address_2", "address_3", "city*", "region", "postal_code", "country*", "subdivision",
        "latitude", "longitude", "position_confirmed", "zone",
        "contact_name", "contact_phone", "receiving_notes",
    ];
    const KEY: &'static str = "code";

    fn parse(fields: &mut Fields<'_>) -> Option<Self> {
        let code = fields.required("code", Code::parse);
        let organization = fields.required("organization", Code::parse);
        let name = fields.required("name", Line::parse);
        let address_1 = fields.required("address_1", Line::parse);
        let address_2 = fields.optional("address_2", Line::parse);
        let address_3 = fields.optional("address_3", Line::parse);
        let city = fields.required("city", Line::parse);
        let region = fields.optional("region", Line::parse);
        let postal_code = fields.optional("postal_code", PostalCode::parse);
        let country = fields.required("country", Country::parse);
        let subdivision = fields.optional("subdivision", Subdivision::parse);
        let degrees = fields.pair(("latitude", cells::latitude), ("longitude", cells::longitude));
        let position_confirmed = fields.optional("position_confirmed", cells::boolean);
        let zone = fields.optional("zone", cells::zone);
        let contact = fields.pair(("contact_name", Line::parse), ("contact_phone", Phone::parse));
        let receiving_notes = fields.optional("receiving_notes", Note::parse);
        Some(Self {
            code: code?,
            organization: organization?,
            name: name?,
            address: Address {
                lines: [Some(address_1?), address_2?, address_3?].into_iter().flatten().collect(),
                city: city?,
                region: region?,
                postal_code: postal_code?,
                country: country?,
            },
            subdivision: subdivision?,
            position: degrees?.and_then(|(latitude, longitude)| Point::new(latitude, longitude).ok()),
            position_confirmed: position_confirmed?,
            zone: zone?,
            contact: contact?.map(|(name, phone)| SiteContact { name, phone }),
            receiving_notes: receiving_notes?,
        })
    }
}
