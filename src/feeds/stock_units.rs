//! Units in stock: what was received where. What is in the file is on the shelf, unless its row says otherwise.

use super::{Feed, Fields, cells};
pub use crate::rules::record::StockUnit as Row;
use crate::rules::stock::StockState;
use crate::rules::text::{Code, Note, PartNumber, SerialNumber};

impl Feed for Row {
    const NAME: &'static str = "stock-units";
    const COLUMNS: &'static [&'static str] = &["serial_number*", "part_number*", "service_center*", "state", "note"];
    const KEY: &'static str = "serial_number";

    fn parse(fields: &mut Fields<'_>) -> Option<Self> {
        let serial_number = fields.required("serial_number", SerialNumber::parse);
        let part_number = fields.required("part_number", PartNumber::parse);
        let service_center = fields.required("service_center", Code::parse);
        let state = fields.optional("state", cells::term);
        let note = fields.optional("note", Note::parse);
        Some(Self {
            serial_number: serial_number?,
            part_number: part_number?,
            service_center: service_center?,
            state: state?.unwrap_or(StockState::Received),
            note: note?,
            rma: None,
        })
    }
}
