//! `/service-centers`: where replacements and couriers start (P5.2).

use super::address::{AddressBody, AddressView, PointView, PositionBody, Stated};
use super::body::Faults;
use super::crud::{self, Resource, resource, shown};
use super::fields::{Day, Distinct, Zone};
use super::lists::Listed;
use super::problem::Problem;
use super::query::Query;
use crate::actions::keep::service_centers::ServiceCenters;
use crate::actions::{Context, Done};
use crate::rules::record::ServiceCenter;
use crate::rules::text::{Code, Country, Line, Subdivision};
use crate::rules::tier::Region;
use crate::store::{Conn, Page, Stand, centers};
use chrono::{DateTime, NaiveDate, Utc};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// A service center, as it is sent.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ServiceCenterBody {
    /// Unique code.
    #[schema(value_type = String, example = "SC-FLL")]
    code: Code,
    /// Name.
    #[schema(value_type = String, example = "Fort Lauderdale")]
    name: Line,
    /// Where couriers pick up, and defective units go.
    address: AddressBody,
    /// ISO 3166-2 suffix: where given, its public holidays count too.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "FL")]
    subdivision: Option<Subdivision>,
    /// Where it is: distances are measured from here.
    #[schema(value_type = PositionBody)]
    position: Stated,
    /// IANA time zone.
    #[schema(value_type = String, example = "America/New_York")]
    zone: Zone,
    /// First day of service.
    #[schema(value_type = String, format = Date)]
    opens_on: Day,
    /// First day without service, after `opens_on`.
    #[deserr(default)]
    #[schema(value_type = Option<String>, format = Date)]
    closes_on: Option<Day>,
    /// Codes of the approved couriers, the preferred one first, at most 50.
    #[deserr(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 50)]
    couriers: Distinct<Code, 0, 50>,
    /// Regions whose warehouse it is: what isn't Gold Plus leaves from there.
    #[deserr(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 9, example = json!(["north_america"]))]
    warehouse_for: Distinct<Region, 0, 9>,
}

/// A service center, as it is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the members of ServiceCenterBody")]
pub struct ServiceCenterView {
    pub code: String,
    pub name: String,
    pub address: AddressView,
    pub subdivision: Option<String>,
    pub position: PointView,
    pub zone: String,
    pub opens_on: NaiveDate,
    pub closes_on: Option<NaiveDate>,
    pub couriers: Vec<String>,
    pub warehouse_for: Vec<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Listed for ServiceCenterView {
    const COLUMNS: &'static [&'static str] = &[
        "code",
        "name",
        "address",
        "subdivision",
        "position",
        "zone",
        "opens_on",
        "closes_on",
        "couriers",
        "warehouse_for",
        "version",
        "created_at",
        "updated_at",
    ];
    fn key(&self) -> String {
        self.code.clone()
    }
}

impl Resource for ServiceCenters {
    type Body = ServiceCenterBody;
    type View = ServiceCenterView;
    type Filter = centers::Filter;
    const PATH: &'static str = "/api/v1/service-centers";
    const FILTERS: &'static [&'static str] = &["country"];

    fn view(stand: Stand<ServiceCenter>) -> ServiceCenterView {
        let r = stand.record;
        ServiceCenterView {
            code: r.code.into(),
            name: r.name.into(),
            address: r.address.into(),
            subdivision: r.subdivision.map(Into::into),
            position: r.point.into(),
            zone: r.zone.name().to_owned(),
            opens_on: r.opens_on,
            closes_on: r.closes_on,
            couriers: r.couriers.into_iter().map(Into::into).collect(),
            warehouse_for: r.warehouse_for.iter().map(ToString::to_string).collect(),
            version: stand.version,
            created_at: shown(stand.created_at),
            updated_at: shown(stand.updated_at),
        }
    }
    fn record(body: &ServiceCenterBody, _conn: &mut Conn, _ctx: &Context, _key: Option<&str>) -> Done<ServiceCenter> {
        let mut warehouse_for = body.warehouse_for.0.clone();
        warehouse_for.sort();
        Ok(ServiceCenter {
            code: body.code.clone(),
            name: body.name.clone(),
            address: body.address.address(),
            subdivision: body.subdivision.clone(),
            point: body.position.0,
            zone: body.zone.0,
            opens_on: body.opens_on.0,
            closes_on: body.closes_on.map(|day| day.0),
            couriers: body.couriers.0.clone(),
            warehouse_for,
        })
    }
    fn filter(query: &Query) -> Result<centers::Filter, Problem> {
        Ok(centers::Filter { code: None, country: query.get("country", Country::parse)?.map(Into::into) })
    }
    fn page(
        conn: &mut Conn,
        _ctx: &Context,
        filter: &centers::Filter,
        after: Option<&str>,
        limit: i64,
    ) -> Done<Page<Stand<ServiceCenter>>> {
        Ok(centers::page(conn, filter, after, limit)?)
    }
}

resource! {
    ServiceCenters: ServiceCenterBody => ServiceCenterView, "service-centers", service_centers, service_center,
    at "/service-centers" and "/service-centers/{code}" by "code",
    filters { "country": "Only in this country (ISO 3166-1 alpha-2)" }
    /// Lists service centers by code.
    list;
    /// Adds a service center.
    add;
    /// Shows a service center.
    show;
    /// Replaces a service center.
    replace;
    /// Removes a service center that nothing refers to.
    remove;
}
