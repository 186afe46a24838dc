//! Components that can be exchanged, and the models that have them. The models are known by being named here.

use super::{Feed, Fields, cells};
use crate::rules::text::{Code, Line, PartNumber};

/// A row of `parts`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Unique.
    pub part_number: PartNumber,
    /// What it is.
    pub description: Line,
    /// Codes of the models that have it, at least one (P4.1).
    pub fits_models: Vec<Code>,
    /// Gets Gold treatment under Gold Plus (P4.4).
    pub excluded_from_gold_plus: bool,
    /// Not covered by Appliance Maintenance at all.
    pub excluded_from_maintenance: bool,
    /// Its export may need papers first (P4.5).
    pub export_controlled: bool,
}

impl Feed for Row {
    const NAME: &'static str = "parts";
    const COLUMNS: &'static [&'static str] =
        &["part_number*", "description*", "fits_models*", "excluded_from_gold_plus", "excluded_from_maintenance", "export_controlled"];
    const KEY: &'static str = "part_number";

    fn parse(fields: &mut Fields<'_>) -> Option<Self> {
        let part_number = fields.required("part_number", PartNumber::parse);
        let description = fields.required("description", Line::parse);
        let fits_models = fields.required("fits_models", |text| cells::list(text, Code::parse));
        let excluded_from_gold_plus = fields.flag("excluded_from_gold_plus");
        let excluded_from_maintenance = fields.flag("excluded_from_maintenance");
        let export_controlled = fields.flag("export_controlled");
        Some(Self {
            part_number: part_number?,
            description: description?,
            fits_models: fits_models?,
            excluded_from_gold_plus: excluded_from_gold_plus?,
            excluded_from_maintenance: excluded_from_maintenance?,
            export_controlled: export_controlled?,
        })
    }
}
