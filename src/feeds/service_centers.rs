//! Service centers: where replacements are kept, and since when (P5.2, P5.4).

use super::{Feed, Fields, cells};
use crate::rules::position::Point;
use crate::rules::record::Address;
pub use crate::rules::record::ServiceCenter as Row;
use crate::rules::text::{Code, Country, Line, PostalCode, Subdivision};

impl Feed for Row {
    const NAME: &'static str = "service-centers";
    #[rustfmt::skip]
    const COLUMNS: &'static [&'static str] = &[
        "code*", "name*",
        "address_1", "address_2", "city*", "country*", "subdivision", "postal_code",
        "latitude*", "longitude*", "zone*",
        "opens_on*", "closes_on", "couriers", "warehouse_for",
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
        let region = fields.optional("subdivision", Line::parse);
        let postal_code = fields.optional("postal_code", PostalCode::parse);
        let latitude = fields.required("latitude", cells::latitude);
        let longitude = fields.required("longitude", cells::longitude);
        let zone = fields.required("zone", cells::zone);
        let opens_on = fields.required("opens_on", cells::date);
        let closes_on = fields.optional("closes_on", cells::date);
        let couriers = fields.list("couriers", Code::parse);
        let warehouse_for = fields.list("warehouse_for", cells::term);
        if opens_on.zip(closes_on.flatten()).is_some_and(|(opens, closes)| closes <= opens) {
            fields.refuse("closes_on", "closes_before_opening", "must be after opens_on: it is the first day without service");
            return None;
        }
        Some(Self {
            code: code?,
            name: name?,
            address: Address {
                lines: [address_1?, address_2?].into_iter().flatten().collect(),
                city: city?,
                // The file has one column for both: what an address shows, and whose holidays count.
                region: region?,
                postal_code: postal_code?,
                country: country?,
            },
            subdivision: subdivision?,
            point: Point::new(latitude?, longitude?).ok()?,
            zone: zone?,
            opens_on: opens_on?,
            closes_on: closes_on?,
            couriers: couriers?,
            warehouse_for: warehouse_for?,
        })
    }
}
