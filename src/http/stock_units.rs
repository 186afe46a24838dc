//! `/stock-units`: every unit on the shelves, by its serial number.

use super::body::Faults;
use super::crud::{self, Resource, resource, shown};
use super::lists::Listed;
use super::problem::Problem;
use super::query::Query;
use crate::actions::keep::stock_units::StockUnits;
use crate::actions::{Context, Done};
use crate::rules::record::StockUnit;
use crate::rules::stock::StockState;
use crate::rules::text::{Code, Note, PartNumber, SerialNumber};
use crate::store::{Conn, Page, Stand, stock_units};
use chrono::{DateTime, Utc};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// A unit, as it is sent.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct StockUnitBody {
    /// What it says on it, unique among all units.
    #[schema(value_type = String, example = "RP-0815")]
    serial_number: SerialNumber,
    /// What it is; it stays so.
    #[schema(value_type = String, example = "PSU-450")]
    part_number: PartNumber,
    /// Where it lies.
    #[schema(value_type = String, example = "SC-FLL")]
    service_center: Code,
    /// `received` (on the shelf, the default), `quarantined` or `written_off`; RMAs make it `reserved` and `shipped`.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "received")]
    state: Option<StockState>,
    /// Why.
    #[deserr(default)]
    #[schema(value_type = Option<String>)]
    note: Option<Note>,
}

/// A unit, as it is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the members of StockUnitBody")]
pub struct StockUnitView {
    pub serial_number: String,
    pub part_number: String,
    pub service_center: String,
    /// `received`, `reserved`, `shipped`, `quarantined` or `written_off`.
    pub state: String,
    pub note: Option<String>,
    /// The RMA that it is reserved for, or went out with.
    pub rma: Option<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Listed for StockUnitView {
    const COLUMNS: &'static [&'static str] =
        &["serial_number", "part_number", "service_center", "state", "note", "rma", "version", "created_at", "updated_at"];
    fn key(&self) -> String {
        self.serial_number.clone()
    }
}

impl Resource for StockUnits {
    type Body = StockUnitBody;
    type View = StockUnitView;
    type Filter = stock_units::Filter;
    const PATH: &'static str = "/api/v1/stock-units";
    const FILTERS: &'static [&'static str] = &["part_number", "service_center", "state"];

    fn view(stand: Stand<StockUnit>) -> StockUnitView {
        let r = stand.record;
        StockUnitView {
            serial_number: r.serial_number.into(),
            part_number: r.part_number.into(),
            service_center: r.service_center.into(),
            state: r.state.to_string(),
            note: r.note.map(|note| note.to_string()),
            rma: r.rma.map(|rma| rma.to_string()),
            version: stand.version,
            created_at: shown(stand.created_at),
            updated_at: shown(stand.updated_at),
        }
    }
    fn record(body: &StockUnitBody, _conn: &mut Conn, _ctx: &Context, _key: Option<&str>) -> Done<StockUnit> {
        Ok(StockUnit {
            serial_number: body.serial_number.clone(),
            part_number: body.part_number.clone(),
            service_center: body.service_center.clone(),
            state: body.state.unwrap_or(StockState::Received),
            note: body.note.clone(),
            rma: None,
        })
    }
    fn filter(query: &Query) -> Result<stock_units::Filter, Problem> {
        Ok(stock_units::Filter {
            serial_number: None,
            part_number: query.get("part_number", PartNumber::parse)?.map(Into::into),
            service_center: query.get("service_center", Code::parse)?.map(Into::into),
            state: query.get("state", super::fields::word)?,
        })
    }
    fn page(
        conn: &mut Conn,
        _ctx: &Context,
        filter: &stock_units::Filter,
        after: Option<&str>,
        limit: i64,
    ) -> Done<Page<Stand<StockUnit>>> {
        Ok(stock_units::page(conn, filter, after, limit)?)
    }
}

resource! {
    StockUnits: StockUnitBody => StockUnitView, "stock", stock_units, stock_unit,
    at "/stock-units" and "/stock-units/{serial_number}" by "serial_number",
    filters {
        "part_number": "Only units of this part", "service_center": "Only units at this center",
        "state": "Only units in this state",
    }
    /// Lists units by serial number.
    list;
    /// Receives a unit. The RMA that waits for one there gets it at once.
    add;
    /// Shows a unit.
    show;
    /// Moves a unit, puts it into quarantine or back on the shelf, or writes it off. What an RMA has stays as it is.
    replace;
    /// Removes a unit that was booked by mistake.
    remove;
}
