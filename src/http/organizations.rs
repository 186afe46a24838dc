//! `/organizations`: customers and who gets their letters.

use super::body::Faults;
use super::call::Call;
use super::crud::{self, Shown, shown};
use super::fields::{Bounded, word};
use super::lists::{self, ListBody, Listed};
use super::problem::{Problem, ProblemBody};
use crate::actions::keep::organizations::Organizations;
use crate::rules::record::{Contact, Organization};
use crate::rules::role::Permission;
use crate::rules::text::{Code, Country, Email, Line, Phone, Subdivision};
use crate::rules::tier::{Language, Region};
use crate::store::{Stand, organizations};
use actix_web::web::Path;
use actix_web::{HttpResponse, delete, get, post, put};
use chrono::{DateTime, Utc};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// A customer, as it is sent.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct OrganizationBody {
    /// Unique code.
    #[schema(value_type = String, example = "HARBOR")]
    code: Code,
    /// Name.
    #[schema(value_type = String)]
    name: Line,
    /// Region of the coverage hours.
    #[schema(value_type = String, example = "north_america")]
    region: Region,
    /// ISO 3166-1 alpha-2.
    #[schema(value_type = String, example = "US")]
    country: Country,
    /// ISO 3166-2 suffix: where given, its public holidays count too.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "FL")]
    subdivision: Option<Subdivision>,
    /// Language of the letters, BCP 47.
    #[deserr(default = Language::English)]
    #[schema(value_type = String, example = "en")]
    language: Language,
    /// Who gets the letters, 1 to 20.
    #[schema(value_type = Vec<ContactBody>)]
    contacts: Bounded<ContactBody, 1, 20>,
}

/// Somebody at a customer.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ContactBody {
    /// Name.
    #[schema(value_type = String)]
    name: Line,
    /// Email address.
    #[schema(value_type = String, example = "it@example.com")]
    email: Email,
    /// Telephone number with its country code.
    #[deserr(default)]
    #[schema(value_type = Option<String>)]
    phone: Option<Phone>,
}

/// A customer, as it is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the members of OrganizationBody")]
pub struct OrganizationView {
    pub code: String,
    pub name: String,
    pub region: String,
    pub country: String,
    pub subdivision: Option<String>,
    pub language: String,
    pub contacts: Vec<ContactView>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// Somebody at a customer, as they are shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the members of ContactBody")]
pub struct ContactView {
    pub name: String,
    pub email: String,
    pub phone: Option<String>,
}

impl Shown for Organizations {
    type View = OrganizationView;
    const PATH: &'static str = "/api/v1/organizations";
    fn view(stand: Stand<Organization>) -> OrganizationView {
        let r = stand.record;
        let contact = |c: Contact| ContactView { name: c.name.into(), email: c.email.into(), phone: c.phone.map(Into::into) };
        OrganizationView {
            code: r.code.into(),
            name: r.name.into(),
            region: r.region.to_string(),
            country: r.country.into(),
            subdivision: r.subdivision.map(Into::into),
            language: r.language.to_string(),
            contacts: r.contacts.into_iter().map(contact).collect(),
            version: stand.version,
            created_at: shown(stand.created_at),
            updated_at: shown(stand.updated_at),
        }
    }
}

impl Listed for OrganizationView {
    const COLUMNS: &'static [&'static str] =
        &["code", "name", "region", "country", "subdivision", "language", "contacts", "version", "created_at", "updated_at"];
    fn key(&self) -> String {
        self.code.clone()
    }
}

impl OrganizationBody {
    fn record(&self) -> Organization {
        let contact = |c: &ContactBody| Contact { name: c.name.clone(), email: c.email.clone(), phone: c.phone.clone() };
        Organization {
            code: self.code.clone(),
            name: self.name.clone(),
            region: self.region,
            country: self.country.clone(),
            subdivision: self.subdivision.clone(),
            language: self.language,
            contacts: self.contacts.0.iter().map(contact).collect(),
        }
    }
}

/// Lists customers by code.
#[utoipa::path(tag = "organizations", params(
    ("region" = Option<String>, Query, description = "Only of this region"), ("country" = Option<String>, Query, description = "Only of this country"),
    ("limit" = Option<i64>, Query, description = "1 to 200, default 50"), ("cursor" = Option<String>, Query, description = "next_cursor of the page before")),
    responses((status = 200, body = ListBody<OrganizationView>), (status = "default", body = ProblemBody)))]
#[get("/organizations")]
pub async fn list(call: Call) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ReadCatalog)?;
    let query = call.list_query(&["region", "country"])?;
    let filter = organizations::Filter {
        code: None,
        region: query.get("region", word)?,
        country: query.get("country", Country::parse)?.map(Into::into),
    };
    lists::answer(
        &call,
        &query,
        move |conn, _, after, limit| Ok(organizations::page(conn, &filter, after, limit)?.map(Organizations::view)),
    )
    .await
}

/// Adds a customer.
#[utoipa::path(tag = "organizations", request_body = OrganizationBody, responses((status = 201, body = OrganizationView), (status = "default", body = ProblemBody)))]
#[post("/organizations")]
pub async fn add(call: Call) -> Result<HttpResponse, Problem> {
    call.allow(Permission::WriteCatalog)?;
    let body: OrganizationBody = call.body()?;
    crud::add::<Organizations>(&call, Permission::WriteCatalog, move |_, _| Ok(body.record())).await
}

/// Shows a customer; a customer's token sees its own.
#[utoipa::path(tag = "organizations", params(("code" = String, Path)), responses((status = 200, body = OrganizationView), (status = "default", body = ProblemBody)))]
#[get("/organizations/{code}")]
pub async fn show(call: Call, code: Path<String>) -> Result<HttpResponse, Problem> {
    crud::read::<Organizations>(&call, Permission::ReadOwn, code.into_inner()).await
}

/// Replaces a customer.
#[utoipa::path(tag = "organizations", params(("code" = String, Path), ("If-Match" = String, Header)), request_body = OrganizationBody,
    responses((status = 200, body = OrganizationView), (status = "default", body = ProblemBody)))]
#[put("/organizations/{code}")]
pub async fn replace(call: Call, code: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::WriteCatalog)?;
    let body: OrganizationBody = call.body()?;
    crud::replace::<Organizations>(&call, Permission::WriteCatalog, code.into_inner(), move |_, _| Ok(body.record())).await
}

/// Removes a customer that nothing refers to.
#[utoipa::path(tag = "organizations", params(("code" = String, Path), ("If-Match" = String, Header)), responses((status = 204), (status = "default", body = ProblemBody)))]
#[delete("/organizations/{code}")]
pub async fn remove(call: Call, code: Path<String>) -> Result<HttpResponse, Problem> {
    crud::remove::<Organizations>(&call, Permission::WriteCatalog, code.into_inner()).await
}
