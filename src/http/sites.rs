//! `/sites`: where appliances stand, registered by their owners (P5.1).

pub mod check;

use super::address::{AddressBody, AddressView, PositionBody, PositionView, Stated};
use super::body::Faults;
use super::crud::{self, Resource, resource, shown};
use super::fields::Zone;
use super::lists::Listed;
use super::problem::Problem;
use super::query::Query;
use super::rma_view::ReasonView;
use crate::actions::keep::Keep;
use crate::actions::keep::sites::{Sites, locate, next_code, zone_of};
use crate::actions::show_service::of_site;
use crate::actions::{ActionError, Context, Done};
use crate::rules::record::{Site, SiteContact};
use crate::rules::refusal::Refusal;
use crate::rules::role::Permission;
use crate::rules::served::SiteService;
use crate::rules::text::{Code, Country, Line, Note, Phone, Subdivision};
use crate::store::{Conn, Page, Stand, organizations, sites};
use chrono::{DateTime, Utc};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// A site, as it is sent.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct SiteBody {
    /// Unique code; where none is given, a new site gets one, and a replaced site keeps its own.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "HARBOR-HQ")]
    code: Option<Code>,
    /// Code of the organization whose it is; it can't change. A customer's token may leave it out, others may not.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "HARBOR")]
    organization: Option<Code>,
    /// Name.
    #[schema(value_type = String, example = "Headquarters")]
    name: Line,
    /// Where couriers deliver; it can't change while an RMA for the site is open (P4.3).
    address: AddressBody,
    /// ISO 3166-2 suffix: where given, its public holidays count too.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "FL")]
    subdivision: Option<Subdivision>,
    /// Coordinates that somebody knows; where none are given, the site is located by its postal code or city. That holds
    /// for a replacement too: coordinates that it leaves out are forgotten.
    #[deserr(default)]
    #[schema(value_type = Option<PositionBody>)]
    position: Option<Stated>,
    /// True confirms that the position is right for this address although it is questioned (P5.3). It holds until either of
    /// them changes; left out, it is as before while both stay the same.
    #[deserr(default)]
    position_confirmed: Option<bool>,
    /// IANA time zone; the one of its position where none is given.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "America/New_York")]
    zone: Option<Zone>,
    /// Who is there.
    #[deserr(default)]
    contact: Option<SiteContactBody>,
    /// What a courier should know.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "Loading dock at the back")]
    receiving_notes: Option<Note>,
}

/// Who is at a site.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct SiteContactBody {
    /// Name.
    #[schema(value_type = String, example = "Receiving")]
    name: Line,
    /// Telephone number with its country code.
    #[schema(value_type = String, example = "+19545550123")]
    phone: Phone,
}

/// A site, as it is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the members of SiteBody")]
pub struct SiteView {
    pub code: String,
    pub organization: String,
    pub name: String,
    pub address: AddressView,
    pub subdivision: Option<String>,
    /// Null where neither the postal code nor the city is known.
    pub position: Option<PositionView>,
    /// True if somebody confirmed that position for that address.
    pub position_confirmed: bool,
    pub zone: String,
    pub contact: Option<SiteContactView>,
    pub receiving_notes: Option<String>,
    /// How Gold Plus stands here; lists leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<SiteServiceView>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// Who is at a site, as they are shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the members of SiteContactBody")]
pub struct SiteContactView {
    pub name: String,
    pub phone: String,
}

/// How Gold Plus stands at a site.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SiteServiceView {
    /// With which tier appliances under Gold Plus are served here: `gold_plus`, or `gold` meanwhile.
    #[schema(example = "gold_plus")]
    pub served_tier: String,
    /// Since when.
    pub since: Option<DateTime<Utc>>,
    /// Why it isn't Gold Plus; empty if it is.
    pub reasons: Vec<ReasonView>,
}

impl From<SiteService> for SiteServiceView {
    fn from(service: SiteService) -> Self {
        let reasons = service.reasons.into_iter().map(ReasonView::from).collect();
        Self { served_tier: service.tier.to_string(), since: service.since, reasons }
    }
}

impl Listed for SiteView {
    const COLUMNS: &'static [&'static str] = &[
        "code",
        "organization",
        "name",
        "address",
        "subdivision",
        "position",
        "position_confirmed",
        "zone",
        "contact",
        "receiving_notes",
        "version",
        "created_at",
        "updated_at",
    ];
    fn key(&self) -> String {
        self.code.clone()
    }
}

/// Which sites a list wants.
#[derive(Debug)]
pub struct Wanted {
    organization: Option<Code>,
    country: Option<Country>,
}

impl Resource for Sites {
    type Body = SiteBody;
    type View = SiteView;
    type Filter = Wanted;
    const PATH: &'static str = "/api/v1/sites";
    const FILTERS: &'static [&'static str] = &["organization", "country"];
    const LIST: Permission = Permission::ReadOwn;
    const READ: Permission = Permission::ReadOwn;
    const WRITE: Permission = Permission::WriteSites;

    fn view(stand: Stand<Site>) -> SiteView {
        let r = stand.record;
        SiteView {
            code: r.code.into(),
            organization: r.organization.into(),
            name: r.name.into(),
            address: r.address.into(),
            subdivision: r.subdivision.map(Into::into),
            position: r.position.map(Into::into),
            position_confirmed: r.position_confirmed.unwrap_or(false),
            zone: r.zone.name().to_owned(),
            contact: r.contact.map(|c| SiteContactView { name: c.name.into(), phone: c.phone.into() }),
            receiving_notes: r.receiving_notes.map(Into::into),
            service: None,
            version: stand.version,
            created_at: shown(stand.created_at),
            updated_at: shown(stand.updated_at),
        }
    }
    fn show(conn: &mut Conn, ctx: &Context, stand: Stand<Site>) -> Done<SiteView> {
        let service = of_site(conn, ctx, &stand)?;
        Ok(SiteView { service: Some(service.into()), ..Self::view(stand) })
    }
    fn record(body: &SiteBody, conn: &mut Conn, ctx: &Context, key: Option<&str>) -> Done<Site> {
        let organization = owner(conn, ctx, body.organization.as_ref())?;
        let address = body.address.address();
        let position = locate(&ctx.reference, &address, body.position.map(|stated| stated.0));
        Ok(Site {
            code: code(conn, body.code.as_ref(), key)?,
            organization,
            name: body.name.clone(),
            zone: zone_of(&ctx.reference, position.as_ref(), body.zone.map(|zone| zone.0)),
            address,
            subdivision: body.subdivision.clone(),
            position,
            position_confirmed: body.position_confirmed,
            contact: body.contact.as_ref().map(|c| SiteContact { name: c.name.clone(), phone: c.phone.clone() }),
            receiving_notes: body.receiving_notes.clone(),
        })
    }
    fn filter(query: &Query) -> Result<Wanted, Problem> {
        Ok(Wanted { organization: query.get("organization", Code::parse)?, country: query.get("country", Country::parse)? })
    }
    fn page(conn: &mut Conn, ctx: &Context, wanted: &Wanted, after: Option<&str>, limit: i64) -> Done<Page<Stand<Site>>> {
        let country = wanted.country.as_ref().map(ToString::to_string);
        crud::owned(conn, ctx, wanted.organization.as_ref(), |conn, organization| {
            Ok(sites::page(conn, &sites::Filter { code: None, organization, country }, after, limit)?)
        })
    }
}

/// Whose a site is: as stated, else the asker's own organization.
fn owner(conn: &mut Conn, ctx: &Context, stated: Option<&Code>) -> Done<Code> {
    if let Some(code) = stated {
        return Ok(code.clone());
    }
    let own = ctx.actor.scope.organization().ok_or_else(|| Refusal::input("required", "/organization", "is missing"))?;
    let own = organizations::get(conn, own)?.ok_or(ActionError::NotFound("organization"))?;
    Ok(own.record.code)
}

/// The code of a site: as stated, else the one of the path, else a new one.
fn code(conn: &mut Conn, stated: Option<&Code>, key: Option<&str>) -> Done<Code> {
    match (stated, key) {
        (Some(code), _) => Ok(code.clone()),
        (None, Some(key)) => Code::parse(key).map_err(|_| ActionError::NotFound(Sites::KIND)),
        (None, None) => next_code(conn),
    }
}

resource! {
    Sites: SiteBody => SiteView, "sites", sites, site,
    at "/sites" and "/sites/{code}" by "code",
    filters { "organization": "Only of the organization with this code", "country": "Only in this country (ISO 3166-1 alpha-2)" }
    /// Lists sites by code; a customer's token sees its own.
    list;
    /// Registers a site.
    add;
    /// Shows a site.
    show;
    /// Replaces a site; refused for its address while an RMA for it is open (P4.3).
    replace;
    /// Removes a site that nothing refers to.
    remove;
}
