//! `POST /contracts/{number}/renew`: the next contract for the same appliances, with Gold Plus offered (P5.5).

use super::body::Faults;
use super::call::{Call, Reply};
use super::contracts::ContractView;
use super::crud::{Resource, printable};
use super::fields::Day;
use super::problem::{Problem, ProblemBody};
use super::sites::SiteServiceView;
use crate::actions::keep::contracts::Contracts;
use crate::actions::renew_contract::{OfferedSite, Renewed, renew_contract};
use crate::rules::four_hour::RenewalAsk;
use crate::rules::role::Permission;
use crate::rules::text::ContractNumber;
use crate::rules::tier::Tier;
use actix_web::web::Path;
use actix_web::{HttpResponse, post};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// The contract from then on.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct RenewalBody {
    /// Its number, a new one.
    #[schema(value_type = String, example = "AM-2027-0102")]
    number: ContractNumber,
    /// Its tier; as before where none is given.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "gold_plus")]
    tier: Option<Tier>,
    /// Its first day; the day after the last one of the contract before where none is given. An earlier one ends that contract the
    /// day before.
    #[deserr(default)]
    #[schema(value_type = Option<String>, format = Date)]
    starts_on: Option<Day>,
    /// Its last day, inclusive.
    #[schema(value_type = String, format = Date)]
    ends_on: Day,
    /// Refused where it is true: the older four-hour option of Gold ends with the renewal (P5.5).
    #[deserr(default)]
    #[schema(required = false)]
    four_hour_service_center: bool,
}

/// A contract that was renewed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RenewalView {
    /// The contract before, perhaps ending earlier.
    pub renews: ContractView,
    /// The contract from then on.
    pub contract: ContractView,
    /// How many appliances it lists: those of the contract before.
    pub appliances: usize,
    /// What Gold Plus would mean at the first 200 sites; empty where the contract is Gold Plus.
    pub gold_plus_offer: Vec<OfferView>,
}

/// What Gold Plus would mean at a site.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OfferView {
    /// The site's code.
    #[schema(example = "HARBOR-HQ")]
    pub site: String,
    /// How many of the contract's appliances are there.
    pub appliances: i64,
    /// How Gold Plus stands there.
    #[serde(flatten)]
    pub service: SiteServiceView,
}

impl From<OfferedSite> for OfferView {
    fn from(offered: OfferedSite) -> Self {
        Self { site: offered.site, appliances: offered.appliances, service: offered.service.into() }
    }
}

fn view(renewed: Renewed) -> RenewalView {
    RenewalView {
        renews: Contracts::view(renewed.before),
        contract: Contracts::view(renewed.after),
        appliances: renewed.appliances,
        gold_plus_offer: renewed.offer.into_iter().map(OfferView::from).collect(),
    }
}

/// Renews a contract: the new one lists its appliances, and leaves the older four-hour option behind.
#[utoipa::path(tag = "contracts", operation_id = "renew_contract", params(("number" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored")),
    request_body = RenewalBody,
    responses((status = 201, description = "Renewed", body = RenewalView, headers(("Location" = String))),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/contracts/{number}/renew")]
pub async fn renew(call: Call, number: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::WriteCatalog)?;
    let number = printable::<Contracts>(number.into_inner())?;
    let body: RenewalBody = call.body()?;
    let ask = RenewalAsk {
        number: body.number,
        tier: body.tier,
        starts_on: body.starts_on.map(|day| day.0),
        ends_on: body.ends_on.0,
        four_hour: body.four_hour_service_center,
    };
    call.write(move |conn, ctx| {
        let renewed = renew_contract(conn, ctx, &number, &ask)?;
        let location = format!("/api/v1/contracts/{}", renewed.after.record.number);
        Ok(Reply::created(location, view(renewed)))
    })
    .await
}
