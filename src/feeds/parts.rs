//! Components that can be exchanged, and the models that have them. The models are known by being named here.

use super::{Feed, Fields, cells};
pub use crate::rules::record::Part as Row;
use crate::rules::text::{Code, Line, PartNumber};

impl Feed for Row {
    const NAME: &'static str = "parts";
    const COLUMNS: &'static [&'static str] = &[
        "part_number*",
        "description*",
        "fits_models*",
        "excluded_from_gold_plus",
        "excluded_from_maintenance",
        "export_controlled",
        "whole_unit",
    ];
    const KEY: &'static str = "part_number";

    fn parse(fields: &mut Fields<'_>) -> Option<Self> {
        let part_number = fields.required("part_number", PartNumber::parse);
        let description = fields.required("description", Line::parse);
        let fits_models = fields.required("fits_models", |text| cells::list(text, Code::parse));
        let excluded_from_gold_plus = fields.flag("excluded_from_gold_plus");
        let excluded_from_maintenance = fields.flag("excluded_from_maintenance");
        let export_controlled = fields.flag("export_controlled");
        let whole_unit = fields.flag("whole_unit");
        Some(Self {
            number: part_number?,
            description: description?,
            fits_models: fits_models?,
            excluded_from_gold_plus: excluded_from_gold_plus?,
            excluded_from_maintenance: excluded_from_maintenance?,
            export_controlled: export_controlled?,
            whole_unit: whole_unit?,
        })
    }
}
