//! Couriers: who carries Gold Plus replacements (P4.2).

use super::{Feed, Fields, cells};
pub use crate::rules::record::Courier as Row;
use crate::rules::text::{Code, Email, Line, Phone};
use crate::rules::tier::Language;

impl Feed for Row {
    const NAME: &'static str = "couriers";
    const COLUMNS: &'static [&'static str] = &["code*", "name*", "email*", "phone*", "language"];
    const KEY: &'static str = "code";

    fn parse(fields: &mut Fields<'_>) -> Option<Self> {
        let code = fields.required("code", Code::parse);
        let name = fields.required("name", Line::parse);
        let email = fields.required("email", Email::parse);
        let phone = fields.required("phone", Phone::parse);
        let language = fields.or(Language::English, "language", cells::language);
        Some(Self { code: code?, name: name?, email: email?, phone: phone?, language: language? })
    }
}
