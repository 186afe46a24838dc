//! `/contracts`: which tier a customer bought, and for how long (P1).

use super::appliances::ApplianceView;
use super::body::Faults;
use super::crud::{self, Resource, printable, resource, shown};
use super::fields::{Day, Zone, word};
use super::lists::{self, Listed};
use super::problem::Problem;
use super::query::Query;
use crate::actions::keep::appliances::Appliances;
use crate::actions::keep::contracts::{Contracts, zone_of};
use crate::actions::{Context, Done, keep};
use crate::rules::record::Contract;
use crate::rules::role::Permission;
use crate::rules::text::{Code, ContractNumber};
use crate::rules::tier::{Region, Tier};
use crate::store::{Conn, Page, Stand, appliances, contracts};
use chrono::{DateTime, NaiveDate, Utc};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// A contract, as it is sent.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ContractBody {
    /// Unique number.
    #[schema(value_type = String, example = "AM-2026-0417")]
    number: ContractNumber,
    /// Code of the organization whose it is; it can't change.
    #[schema(value_type = String, example = "HARBOR")]
    organization: Code,
    /// Whose coverage hours apply (P3.2).
    #[schema(value_type = String, example = "north_america")]
    region: Region,
    /// What was bought.
    #[schema(value_type = String, example = "gold_plus")]
    tier: Tier,
    /// IANA time zone in which its days begin and end; the one of the region's coverage hours where none is given.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "America/New_York")]
    zone: Option<Zone>,
    /// First day.
    #[schema(value_type = String, format = Date)]
    starts_on: Day,
    /// Last day, inclusive.
    #[schema(value_type = String, format = Date)]
    ends_on: Day,
    /// True with the older four-hour service center option of Gold: honored, and not sold any more (P5.5). False when absent.
    #[deserr(default)]
    #[schema(required = false)]
    four_hour_service_center: bool,
    /// True if its customer keeps defective units and has them destroyed: a certificate takes the place of each return (P4.6). False
    /// when absent.
    #[deserr(default)]
    #[schema(required = false)]
    keeps_media: bool,
}

/// A contract, as it is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the members of ContractBody")]
pub struct ContractView {
    pub number: String,
    pub organization: String,
    pub region: String,
    pub tier: String,
    pub zone: String,
    pub starts_on: NaiveDate,
    pub ends_on: NaiveDate,
    pub four_hour_service_center: bool,
    pub keeps_media: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Listed for ContractView {
    const COLUMNS: &'static [&'static str] = &[
        "number",
        "organization",
        "region",
        "tier",
        "zone",
        "starts_on",
        "ends_on",
        "four_hour_service_center",
        "keeps_media",
        "version",
        "created_at",
        "updated_at",
    ];
    fn key(&self) -> String {
        self.number.clone()
    }
}

/// Which contracts a list wants.
#[derive(Debug)]
pub struct Wanted {
    organization: Option<Code>,
    tier: Option<Tier>,
}

impl Resource for Contracts {
    type Body = ContractBody;
    type View = ContractView;
    type Filter = Wanted;
    const PATH: &'static str = "/api/v1/contracts";
    const FILTERS: &'static [&'static str] = &["organization", "tier"];
    const LIST: Permission = Permission::ReadOwn;
    const READ: Permission = Permission::ReadOwn;

    fn view(stand: Stand<Contract>) -> ContractView {
        let r = stand.record;
        ContractView {
            number: r.number.into(),
            organization: r.organization.into(),
            region: r.region.to_string(),
            tier: r.tier.to_string(),
            zone: r.zone.name().to_owned(),
            starts_on: r.starts_on,
            ends_on: r.ends_on,
            four_hour_service_center: r.four_hour_service_center,
            keeps_media: r.keeps_media,
            version: stand.version,
            created_at: shown(stand.created_at),
            updated_at: shown(stand.updated_at),
        }
    }
    fn record(body: &ContractBody, _conn: &mut Conn, ctx: &Context, _key: Option<&str>) -> Done<Contract> {
        Ok(Contract {
            number: body.number.clone(),
            organization: body.organization.clone(),
            region: body.region,
            tier: body.tier,
            zone: body.zone.map_or_else(|| zone_of(&ctx.reference, body.region, ctx.now), |zone| zone.0),
            starts_on: body.starts_on.0,
            ends_on: body.ends_on.0,
            four_hour_service_center: body.four_hour_service_center,
            keeps_media: body.keeps_media,
        })
    }
    fn filter(query: &Query) -> Result<Wanted, Problem> {
        Ok(Wanted { organization: query.get("organization", Code::parse)?, tier: query.get("tier", word)? })
    }
    fn page(conn: &mut Conn, ctx: &Context, wanted: &Wanted, after: Option<&str>, limit: i64) -> Done<Page<Stand<Contract>>> {
        crud::owned(conn, ctx, wanted.organization.as_ref(), |conn, organization| {
            Ok(contracts::page(conn, &contracts::Filter { number: None, organization, tier: wanted.tier }, after, limit)?)
        })
    }
}

resource! {
    Contracts: ContractBody => ContractView, "contracts", contracts, contract,
    at "/contracts" and "/contracts/{number}" by "number",
    filters { "organization": "Only of the organization with this code", "tier": "Only of this tier" }
    /// Lists contracts by number; a customer's token sees its own.
    list;
    /// Adds a contract.
    add;
    /// Shows a contract; the appliances that it lists have their own list below it.
    show;
    /// Replaces a contract.
    replace;
    /// Removes a contract that nothing refers to.
    remove;
}

/// Lists the appliances of a contract by serial number.
#[utoipa::path(tag = "contracts", operation_id = "list_contract_appliances", params(("number" = String, Path),
    ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
    ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page; all pages as CSV with `Accept: text/csv`", body = ListBody<ApplianceView>),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/contracts/{number}/appliances")]
pub async fn list_appliances(call: Call, number: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ReadOwn)?;
    let query = call.list_query(&[])?;
    let number = printable::<Contracts>(number.into_inner())?;
    // Found before the answer begins: a CSV answer can't tell any more that there is no such contract.
    let contract = call.read(move |conn, ctx| keep::get::<Contracts>(conn, ctx, &number)).await?;
    let filter = appliances::Filter { contract: Some(contract.id), ..Default::default() };
    lists::answer(&call, &query, move |conn, _, after, limit| Ok(appliances::page(conn, &filter, after, limit)?.map(Appliances::view)))
        .await
}
