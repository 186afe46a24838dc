//! Customers: who buys maintenance.

use super::{Feed, Fields, cells};
use crate::rules::text::{Code, Country, Email, Line, Phone, Subdivision};
use crate::rules::tier::{Language, Region};

/// A row of `organizations`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Unique.
    pub code: Code,
    /// The name on letters.
    pub name: Line,
    /// The region whose coverage hours apply by default (P3.2).
    pub region: Region,
    /// Where it has its seat.
    pub country: Country,
    /// The subdivision of its seat.
    pub subdivision: Option<Subdivision>,
    /// The language of its letters; English where none is given (P1).
    pub language: Language,
    /// Who gets its letters.
    pub contact_name: Line,
    /// Where the letters go.
    pub contact_email: Email,
    /// E.164.
    pub contact_phone: Option<Phone>,
}

impl Feed for Row {
    const NAME: &'static str = "organizations";
    const COLUMNS: &'static [&'static str] =
        &["code*", "name*", "region*", "country*", "subdivision", "language*", "contact_name*", "contact_email*", "contact_phone"];
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
            contact_name: contact_name?,
            contact_email: contact_email?,
            contact_phone: contact_phone?,
        })
    }
}
