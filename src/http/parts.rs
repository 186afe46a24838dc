//! `/parts`: parts and the models they fit.

use super::body::Faults;
use super::crud::{self, Resource, resource, shown};
use super::fields::Distinct;
use super::lists::Listed;
use super::problem::Problem;
use super::query::Query;
use crate::actions::keep::parts::Parts;
use crate::actions::{Context, Done};
use crate::rules::record::Part;
use crate::rules::text::{Code, Line, PartNumber};
use crate::store::{Conn, Page, Stand, parts};
use chrono::{DateTime, Utc};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// A part, as it is sent.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct PartBody {
    /// Unique number; a `/` in it is `%2F` in paths.
    #[schema(value_type = String, example = "PSU-450")]
    part_number: PartNumber,
    /// What it is.
    #[schema(value_type = String, example = "Power supply, 450 W")]
    description: Line,
    /// Codes of the models that it exists on, 1 to 200.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 200)]
    fits_models: Distinct<Code, 1, 200>,
    /// Gets Gold treatment under Gold Plus (P4.4).
    #[deserr(default)]
    #[schema(required = false, default = false)]
    excluded_from_gold_plus: bool,
    /// Not covered by maintenance at all.
    #[deserr(default)]
    #[schema(required = false, default = false)]
    excluded_from_maintenance: bool,
    /// Its export may need papers first (P4.5).
    #[deserr(default)]
    #[schema(required = false, default = false)]
    export_controlled: bool,
    /// It is the whole appliance: its replacement takes the appliance's place when the RMA closes.
    #[deserr(default)]
    #[schema(required = false, default = false)]
    whole_unit: bool,
}

/// A part, as it is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the members of PartBody")]
pub struct PartView {
    pub part_number: String,
    pub description: String,
    pub fits_models: Vec<String>,
    pub excluded_from_gold_plus: bool,
    pub excluded_from_maintenance: bool,
    pub export_controlled: bool,
    pub whole_unit: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Listed for PartView {
    const COLUMNS: &'static [&'static str] = &[
        "part_number",
        "description",
        "fits_models",
        "excluded_from_gold_plus",
        "excluded_from_maintenance",
        "export_controlled",
        "whole_unit",
        "version",
        "created_at",
        "updated_at",
    ];
    fn key(&self) -> String {
        self.part_number.clone()
    }
}

impl Resource for Parts {
    type Body = PartBody;
    type View = PartView;
    type Filter = parts::Filter;
    const PATH: &'static str = "/api/v1/parts";
    const FILTERS: &'static [&'static str] = &["model"];

    fn view(stand: Stand<Part>) -> PartView {
        let r = stand.record;
        let mut fits_models: Vec<String> = r.fits_models.into_iter().map(Into::into).collect();
        fits_models.sort();
        PartView {
            part_number: r.number.into(),
            description: r.description.into(),
            fits_models,
            excluded_from_gold_plus: r.excluded_from_gold_plus,
            excluded_from_maintenance: r.excluded_from_maintenance,
            export_controlled: r.export_controlled,
            whole_unit: r.whole_unit,
            version: stand.version,
            created_at: shown(stand.created_at),
            updated_at: shown(stand.updated_at),
        }
    }
    fn record(body: &PartBody, _conn: &mut Conn, _ctx: &Context, _key: Option<&str>) -> Done<Part> {
        Ok(Part {
            number: body.part_number.clone(),
            description: body.description.clone(),
            fits_models: body.fits_models.0.clone(),
            excluded_from_gold_plus: body.excluded_from_gold_plus,
            excluded_from_maintenance: body.excluded_from_maintenance,
            export_controlled: body.export_controlled,
            whole_unit: body.whole_unit,
        })
    }
    fn filter(query: &Query) -> Result<parts::Filter, Problem> {
        Ok(parts::Filter { number: None, model: query.get("model", Code::parse)?.map(Into::into) })
    }
    fn page(conn: &mut Conn, _ctx: &Context, filter: &parts::Filter, after: Option<&str>, limit: i64) -> Done<Page<Stand<Part>>> {
        Ok(parts::page(conn, filter, after, limit)?)
    }
}

resource! {
    Parts: PartBody => PartView, "parts", parts, part,
    at "/parts" and "/parts/{part_number}" by "part_number",
    filters { "model": "Only those that exist on the model with this code" }
    /// Lists parts by number.
    list;
    /// Adds a part.
    add;
    /// Shows a part.
    show;
    /// Replaces a part.
    replace;
    /// Removes a part that nothing refers to.
    remove;
}
