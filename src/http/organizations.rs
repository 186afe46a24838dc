//! `/organizations`: customers and who gets their letters.

use super::body::Faults;
use super::crud::{self, Resource, resource, shown};
use super::fields::{Bounded, word};
use super::lists::Listed;
use super::problem::Problem;
use super::query::Query;
use crate::actions::keep::organizations::Organizations;
use crate::actions::{Context, Done};
use crate::rules::record::{Contact, Organization};
use crate::rules::role::Permission;
use crate::rules::text::{Code, Country, Email, Line, Phone, Subdivision};
use crate::rules::tier::{Language, Region};
use crate::store::{Conn, Page, Stand, organizations};
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
    #[schema(value_type = String, required = false, default = "en", example = "en")]
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

impl Listed for OrganizationView {
    const COLUMNS: &'static [&'static str] =
        &["code", "name", "region", "country", "subdivision", "language", "contacts", "version", "created_at", "updated_at"];
    fn key(&self) -> String {
        self.code.clone()
    }
}

impl Resource for Organizations {
    type Body = OrganizationBody;
    type View = OrganizationView;
    type Filter = organizations::Filter;
    const PATH: &'static str = "/api/v1/organizations";
    const FILTERS: &'static [&'static str] = &["region", "country"];
    const READ: Permission = Permission::ReadOwn;

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
    fn record(body: &OrganizationBody, _conn: &mut Conn, _ctx: &Context, _key: Option<&str>) -> Done<Organization> {
        let contact = |c: &ContactBody| Contact { name: c.name.clone(), email: c.email.clone(), phone: c.phone.clone() };
        Ok(Organization {
            code: body.code.clone(),
            name: body.name.clone(),
            region: body.region,
            country: body.country.clone(),
            subdivision: body.subdivision.clone(),
            language: body.language,
            contacts: body.contacts.0.iter().map(contact).collect(),
        })
    }
    fn filter(query: &Query) -> Result<organizations::Filter, Problem> {
        let country = query.get("country", Country::parse)?.map(Into::into);
        Ok(organizations::Filter { code: None, region: query.get("region", word)?, country })
    }
    fn page(
        conn: &mut Conn,
        _ctx: &Context,
        filter: &organizations::Filter,
        after: Option<&str>,
        limit: i64,
    ) -> Done<Page<Stand<Organization>>> {
        Ok(organizations::page(conn, filter, after, limit)?)
    }
}

resource! {
    Organizations: OrganizationBody => OrganizationView, "organizations", organizations, organization,
    at "/organizations" and "/organizations/{code}" by "code",
    filters { "region": "Only of this region", "country": "Only with their seat in this country" }
    /// Lists customers by code.
    list;
    /// Adds a customer.
    add;
    /// Shows a customer; a customer's token sees its own.
    show;
    /// Replaces a customer.
    replace;
    /// Removes a customer that nothing refers to.
    remove;
}
