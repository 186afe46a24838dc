//! Service centers: where replacements are kept, and since when (P5.2, P5.4).

use super::{Feed, Fields, cells};
use crate::rules::position::Point;
use crate::rules::text::{Code, Country, Line, PostalCode, Subdivision};
use chrono::NaiveDate;
use chrono_tz::Tz;

/// A row of `service-centers`.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Unique.
    pub code: Code,
    /// What it is called.
    pub name: Line,
    /// Up to two lines, without city and country.
    pub address: Vec<Line>,
    /// City.
    pub city: Line,
    /// Country: it serves no other (P5.2).
    pub country: Country,
    /// The subdivision, for the calendar (P3.4).
    pub subdivision: Option<Subdivision>,
    /// Postal code.
    pub postal_code: Option<PostalCode>,
    /// Where it is.
    pub position: Point,
    /// Its zone.
    pub zone: Tz,
    /// First day of service.
    pub opens_on: NaiveDate,
    /// First day without service; after the first with it.
    pub closes_on: Option<NaiveDate>,
    /// The couriers approved for it, perhaps none (P4.2).
    pub couriers: Vec<Code>,
}

impl Feed for Row {
    const NAME: &'static str = "service-centers";
    #[rustfmt::skip]
    const COLUMNS: &'static [&'static str] = &[
        "code*", "name*",
        "address_1", "address_2", "city*", "country*", "subdivision", "postal_code",
        "latitude*", "longitude*", "zone*",
        "opens_on*", "closes_on", "couriers",
    ];
    const KEY: &'static str = "code";

    fn parse(fields: &mut Fields<'_>) -> Option<Self> {
        let code = fields.required("code", Code::parse);
        let name = fields.required("name", Line::parse);
        let address_1 = fields.optional("address_1", Line::parse);
        let address_2 = fields.optional("address_2", Line::parse);
        let city = fields.required("city", Line::parse);
        let country = fields.required("country", Country::parse);
        let subdivision = fields.optional("subdivision", Subdivision::parse);
        let postal_code = fields.optional("postal_code", PostalCode::parse);
        let latitude = fields.required("latitude", cells::latitude);
        let longitude = fields.required("longitude", cells::longitude);
        let zone = fields.required("zone", cells::zone);
        let opens_on = fields.required("opens_on", cells::date);
        let closes_on = fields.optional("closes_on", cells::date);
        let couriers = fields.list("couriers", Code::parse);
        if opens_on.zip(closes_on.flatten()).is_some_and(|(opens, closes)| closes <= opens) {
            fields.refuse("closes_on", "closes_before_opening", "must be after opens_on: it is the first day without service");
            return None;
        }
        Some(Self {
            code: code?,
            name: name?,
            address: [address_1?, address_2?].into_iter().flatten().collect(),
            city: city?,
            country: country?,
            subdivision: subdivision?,
            postal_code: postal_code?,
            position: Point::new(latitude?, longitude?).ok()?,
            zone: zone?,
            opens_on: opens_on?,
            closes_on: closes_on?,
            couriers: couriers?,
        })
    }
}
