//! Customers: who buys maintenance.

use super::{Feed, Fields, cells};
use crate::rules::record::Contact;
pub use crate::rules::record::Organization as Row;
use crate::rules::text::{Code, Country, Email, Line, Phone, Subdivision};
use crate::rules::tier::Language;

impl Feed for Row {
    const NAME: &'static str = "organizations";
    const COLUMNS: &'static [&'static str] =
        &["code*", "name*", "region*", "country*", "subdivision", "language", "contact_name*", "contact_email*", "contact_phone"];
    const KEY: &'static str = "code";

    fn parse(fields: &mut Fields<'_>) -> Option<Self> {
        let code = fields.required("code", Code::parse);
        let name = fields.required("name", Line::parse);
        let region = fields.required("region", cells::term);
        let country = fields.required("country", Country::parse);
        let subdivision = fields.optional("subdivision", Subdivision::parse);
        let language = fields.or(Language::English, "language", cells::language);
        let contact_name = fields.required("contact_name", Line::parse);
        let contact_email = fields.required("contact_email", Email::parse);
        let contact_phone = fields.optional("contact_phone", Phone::parse);
        Some(Self {
            code: code?,
            name: name?,
            region: region?,
            country: country?,
            subdivision: subdivision?,
            language: language?,
            contacts: vec![Contact { name: contact_name?, email: contact_email?, phone: contact_phone? }],
        })
    }
}
