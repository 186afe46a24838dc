//! `/appliances`: what a customer has, where it stands, and the contracts that list it (P1).

use super::body::Faults;
use super::crud::{self, Resource, resource, shown};
use super::fields::{Day, Distinct};
use super::lists::Listed;
use super::problem::Problem;
use super::query::Query;
use super::rma_view::ReasonView;
use crate::actions::keep::appliances::Appliances;
use crate::actions::show_service::of_appliance;
use crate::actions::{Context, Done};
use crate::rules::record::Appliance;
use crate::rules::role::Permission;
use crate::rules::served::Served;
use crate::rules::text::{Code, ContractNumber, SerialNumber};
use crate::rules::tier::ApplianceKind;
use crate::store::{Conn, Page, Stand, appliances};
use chrono::{DateTime, NaiveDate, Utc};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// An appliance, as it is sent.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ApplianceBody {
    /// Unique serial number; a `/` in it is `%2F` in paths.
    #[schema(value_type = String, example = "SN123")]
    serial_number: SerialNumber,
    /// Code of the organization whose it is.
    #[schema(value_type = String, example = "HARBOR")]
    organization: Code,
    /// Code of its model.
    #[schema(value_type = String, example = "EDGE-400")]
    model: Code,
    /// `physical` or `virtual`.
    #[deserr(default = ApplianceKind::Physical)]
    #[schema(value_type = String, required = false, default = "physical", example = "physical")]
    kind: ApplianceKind,
    /// Code of the organization's site where it stands.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "HARBOR-HQ")]
    site: Option<Code>,
    /// Numbers of the organization's contracts that list it, at most 20; a virtual appliance has none.
    #[deserr(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 20)]
    contracts: Distinct<ContractNumber, 0, 20>,
    /// Last day of maintenance, where announced.
    #[deserr(default)]
    #[schema(value_type = Option<String>, format = Date)]
    end_of_maintenance_on: Option<Day>,
}

/// An appliance, as it is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the members of ApplianceBody")]
pub struct ApplianceView {
    pub serial_number: String,
    pub organization: String,
    pub model: String,
    pub kind: String,
    pub site: Option<String>,
    pub contracts: Vec<String>,
    pub end_of_maintenance_on: Option<NaiveDate>,
    /// How it is served now; null where no contract is active. Lists leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<ServiceView>)]
    pub service: Option<Option<ServiceView>>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// How an appliance is served.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ServiceView {
    /// The contract that entitles.
    #[schema(example = "AM-2026-0417")]
    pub contract: String,
    /// The tier of that contract.
    #[schema(example = "gold_plus")]
    pub entitled_tier: String,
    /// The tier with which it is served now: `gold` where Gold Plus doesn't reach its site (P5.4).
    #[schema(example = "gold")]
    pub served_tier: String,
    /// Since when: the later of the contract's first day and what the site's coverage allows.
    pub since: DateTime<Utc>,
    /// Why the two differ; empty if they don't.
    pub reasons: Vec<ReasonView>,
}

impl From<Served> for ServiceView {
    fn from(served: Served) -> Self {
        Self {
            contract: served.contract.into(),
            entitled_tier: served.entitled_tier.to_string(),
            served_tier: served.served_tier.to_string(),
            since: served.since,
            reasons: served.reasons.into_iter().map(ReasonView::from).collect(),
        }
    }
}

impl Listed for ApplianceView {
    const COLUMNS: &'static [&'static str] = &[
        "serial_number",
        "organization",
        "model",
        "kind",
        "site",
        "contracts",
        "end_of_maintenance_on",
        "version",
        "created_at",
        "updated_at",
    ];
    fn key(&self) -> String {
        self.serial_number.clone()
    }
}

/// Which appliances a list wants.
#[derive(Debug)]
pub struct Wanted {
    organization: Option<Code>,
    model: Option<Code>,
    site: Option<Code>,
}

impl Resource for Appliances {
    type Body = ApplianceBody;
    type View = ApplianceView;
    type Filter = Wanted;
    const PATH: &'static str = "/api/v1/appliances";
    const FILTERS: &'static [&'static str] = &["organization", "model", "site"];
    const LIST: Permission = Permission::ReadOwn;
    const READ: Permission = Permission::ReadOwn;

    fn view(stand: Stand<Appliance>) -> ApplianceView {
        let r = stand.record;
        let mut contracts: Vec<String> = r.contracts.into_iter().map(Into::into).collect();
        contracts.sort();
        ApplianceView {
            serial_number: r.serial_number.into(),
            organization: r.organization.into(),
            model: r.model.into(),
            kind: r.kind.to_string(),
            site: r.site.map(Into::into),
            contracts,
            end_of_maintenance_on: r.end_of_maintenance_on,
            service: None,
            version: stand.version,
            created_at: shown(stand.created_at),
            updated_at: shown(stand.updated_at),
        }
    }
    fn show(conn: &mut Conn, ctx: &Context, stand: Stand<Appliance>) -> Done<ApplianceView> {
        let service = of_appliance(conn, ctx, &stand)?;
        Ok(ApplianceView { service: Some(service.map(Into::into)), ..Self::view(stand) })
    }
    fn record(body: &ApplianceBody, _conn: &mut Conn, _ctx: &Context, _key: Option<&str>) -> Done<Appliance> {
        Ok(Appliance {
            serial_number: body.serial_number.clone(),
            organization: body.organization.clone(),
            model: body.model.clone(),
            kind: body.kind,
            site: body.site.clone(),
            contracts: body.contracts.0.clone(),
            end_of_maintenance_on: body.end_of_maintenance_on.map(|day| day.0),
        })
    }
    fn filter(query: &Query) -> Result<Wanted, Problem> {
        let code = |name| query.get(name, Code::parse);
        Ok(Wanted { organization: code("organization")?, model: code("model")?, site: code("site")? })
    }
    fn page(conn: &mut Conn, ctx: &Context, wanted: &Wanted, after: Option<&str>, limit: i64) -> Done<Page<Stand<Appliance>>> {
        let (model, site) = (wanted.model.as_ref().map(ToString::to_string), wanted.site.as_ref().map(ToString::to_string));
        crud::owned(conn, ctx, wanted.organization.as_ref(), |conn, organization| {
            Ok(appliances::page(conn, &appliances::Filter { organization, model, site, ..Default::default() }, after, limit)?)
        })
    }
}

resource! {
    Appliances: ApplianceBody => ApplianceView, "appliances", appliances, appliance,
    at "/appliances" and "/appliances/{serial_number}" by "serial_number",
    filters {
        "organization": "Only of the organization with this code", "model": "Only of the model with this code",
        "site": "Only at the site with this code",
    }
    /// Lists appliances by serial number; a customer's token sees its own.
    list;
    /// Adds an appliance.
    add;
    /// Shows an appliance.
    show;
    /// Replaces an appliance.
    replace;
    /// Removes an appliance that no case or RMA refers to.
    remove;
}
