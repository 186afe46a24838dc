//! `/appliances/{serial_number}/lineage`: the units that an appliance was, is, and is about to be (P4).

use super::call::Call;
use super::crud::shown;
use super::problem::{Problem, ProblemBody, Success};
use super::rma_view::number;
use crate::actions::succeed_appliance::{self, Lineage};
use crate::rules::role::Permission;
use crate::rules::text::SerialNumber;
use actix_web::web::Path;
use actix_web::{HttpResponse, get};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// The units of an appliance.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LineageView {
    /// The present serial number.
    pub serial_number: String,
    /// The units, in order.
    pub units: Vec<UnitView>,
}

/// One unit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnitView {
    /// Its serial number.
    pub serial_number: String,
    /// `former`, `present`, or `replacement`: delivered, and follows when its RMA is closed.
    pub state: String,
    /// Since when it is entitled; a replacement from its delivery on.
    pub entitled_from: Option<DateTime<Utc>>,
    /// Until when it was; null while it is.
    pub entitled_until: Option<DateTime<Utc>>,
    /// The RMA that brought it.
    pub came_by: Option<String>,
    /// The RMA that took it out.
    pub left_by: Option<String>,
}

fn view(lineage: Lineage) -> LineageView {
    let mut came_by = None;
    let mut units = Vec::new();
    let (present, since) = (lineage.present.record.serial_number.to_string(), lineage.present_from());
    for (former, rma) in lineage.former {
        units.push(UnitView {
            serial_number: former.serial_number,
            state: "former".into(),
            entitled_from: Some(shown(former.from_at)),
            entitled_until: Some(shown(former.to_at)),
            came_by: came_by.replace(number(rma)),
            left_by: Some(number(rma)),
        });
    }
    let unit = |serial_number, state: &str, from, came_by| UnitView {
        serial_number,
        state: state.into(),
        entitled_from: from,
        entitled_until: None,
        came_by,
        left_by: None,
    };
    units.push(unit(present.clone(), "present", Some(shown(since)), came_by));
    for pending in lineage.pending {
        let serial_number = pending.serial_number.unwrap_or_default();
        units.push(unit(serial_number, "replacement", pending.delivered_at.map(shown), Some(number(pending.rma))));
    }
    LineageView { serial_number: present, units }
}

/// Shows the units that an appliance was, is and is about to be, by any of their serial numbers.
#[utoipa::path(tag = "appliances", operation_id = "show_lineage", params(("serial_number" = String, Path)),
    responses((status = 200, description = "The units, in order", body = LineageView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/appliances/{serial_number}/lineage")]
pub async fn show(call: Call, raw: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ReadOwn)?;
    call.query(&[])?;
    let serial = SerialNumber::parse(&raw).map_err(|_| Problem::not_found("appliance"))?;
    Ok(Success::Ok.answer().json(call.read(move |conn, ctx| Ok(view(succeed_appliance::lineage(conn, ctx, &serial)?))).await?))
}
