//! Sites: the registered addresses of appliances (P5.1).

use super::catalog::catalog;
use super::conn::{of_each, on};
use super::schema::{organizations, rmas, sites};
use super::{Conn, Id, Json, Page, Stand, Stored, Ts, Word, parsed, parsed_if};
use crate::rules::position::{Grade, Method, Point};
use crate::rules::record::{Site, SiteContact};
use crate::rules::rma::RmaState;
use crate::rules::term::Term;
use crate::rules::text::{Code, Line, Note, Phone, Subdivision};
use diesel::prelude::*;

/// A site.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sites, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
struct SiteRow {
    id: Id,
    code: String,
    organization_id: Id,
    name: String,
    address: Json,
    city: String,
    region: Option<String>,
    postal_code: Option<String>,
    country: String,
    subdivision: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    grade: Word<Grade>,
    radius_meters: f64,
    located_by: Option<Word<Method>>,
    position_confirmed: bool,
    zone: String,
    contact_name: Option<String>,
    contact_phone: Option<String>,
    receiving_notes: Option<String>,
    version: i32,
    created_at: Ts,
    updated_at: Ts,
}
catalog!(sites, SiteRow, code);

/// Which sites are wanted.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "filters by column")]
pub struct Filter {
    pub code: Option<String>,
    pub organization: Option<Id>,
    pub country: Option<String>,
}

/// A page of sites with the code of their organization, by code.
pub fn page(conn: &mut Conn, filter: &Filter, after: Option<&str>, limit: i64) -> Stored<Page<Stand<Site>>> {
    let rows: Vec<(SiteRow, String)> = on!(conn, c => {
        let mut q = sites::table.inner_join(organizations::table.on(organizations::id.eq(sites::organization_id)))
            .select((SiteRow::as_select(), organizations::code)).into_boxed();
        if let Some(code) = &filter.code { q = q.filter(sites::code.eq(code)); }
        if let Some(organization) = filter.organization { q = q.filter(sites::organization_id.eq(organization)); }
        if let Some(country) = &filter.country { q = q.filter(sites::country.eq(country)); }
        if let Some(after) = after { q = q.filter(sites::code.gt(after)); }
        q.order(sites::code).limit(limit + 1).load(c)
    })?;
    Page::of(rows, limit).try_map(|(row, organization)| row.stand(&organization))
}

/// The site with this identifier.
pub fn get(conn: &mut Conn, id: Id) -> Stored<Option<Stand<Site>>> {
    Ok(all(conn, &[id])?.pop())
}

/// The sites with these identifiers.
pub fn all(conn: &mut Conn, ids: &[Id]) -> Stored<Vec<Stand<Site>>> {
    let rows: Vec<(SiteRow, String)> = of_each!(
        conn,
        sites::table
            .inner_join(organizations::table.on(organizations::id.eq(sites::organization_id)))
            .select((SiteRow::as_select(), organizations::code)),
        sites::id,
        ids
    );
    rows.into_iter().map(|(row, organization)| row.stand(&organization)).collect()
}

impl SiteRow {
    fn stand(self, organization: &str) -> Stored<Stand<Site>> {
        let address = super::address(&self.address, &self.city, self.region.as_ref(), self.postal_code.as_ref(), &self.country)?;
        let point = self.latitude.zip(self.longitude).map(|(lat, lon)| parsed(Point::new(lat, lon))).transpose()?;
        let contact = match (&self.contact_name, &self.contact_phone) {
            (Some(name), Some(phone)) => Some(SiteContact { name: parsed(Line::parse(name))?, phone: parsed(Phone::parse(phone))? }),
            _ => None,
        };
        let record = Site {
            code: parsed(Code::parse(&self.code))?,
            organization: parsed(Code::parse(organization))?,
            name: parsed(Line::parse(&self.name))?,
            address,
            subdivision: parsed_if(self.subdivision.as_ref(), Subdivision::parse)?,
            position: point.map(|point| super::position(point, self.grade, self.located_by, self.radius_meters)),
            position_confirmed: Some(self.position_confirmed),
            zone: super::types::zone(&self.zone)?,
            contact,
            receiving_notes: parsed_if(self.receiving_notes.as_ref(), Note::parse)?,
        };
        Ok(Stand { id: self.id, version: self.version, created_at: self.created_at, updated_at: self.updated_at, record })
    }
}

/// Stores a site of an organization; false if the version before it isn't there any more.
pub fn save(conn: &mut Conn, stand: &Stand<Site>, organization: Id) -> Stored<bool> {
    let Site { code, name, address, subdivision, position, position_confirmed, zone, contact, receiving_notes, .. } = &stand.record;
    let row = SiteRow {
        id: stand.id,
        code: code.to_string(),
        organization_id: organization,
        name: name.to_string(),
        address: Json::of(&address.lines)?,
        city: address.city.to_string(),
        region: address.region.as_ref().map(ToString::to_string),
        postal_code: address.postal_code.as_ref().map(ToString::to_string),
        country: address.country.to_string(),
        subdivision: subdivision.as_ref().map(ToString::to_string),
        latitude: position.map(|p| p.point.latitude()),
        longitude: position.map(|p| p.point.longitude()),
        grade: Word(position.map_or(Grade::None, |p| p.grade)),
        radius_meters: position.map_or(0.0, |p| p.radius_meters),
        located_by: position.map(|p| Word(p.method)),
        position_confirmed: position_confirmed.unwrap_or(false),
        zone: zone.name().to_owned(),
        contact_name: contact.as_ref().map(|c| c.name.to_string()),
        contact_phone: contact.as_ref().map(|c| c.phone.to_string()),
        receiving_notes: receiving_notes.as_ref().map(ToString::to_string),
        version: stand.version,
        created_at: stand.created_at,
        updated_at: stand.updated_at,
    };
    write(conn, &row)
}

/// The number of an RMA that is open for the site, if there is one (P4.3).
pub fn open_rma(conn: &mut Conn, site: Id) -> Stored<Option<i64>> {
    let open: Vec<Word<RmaState>> = RmaState::ALL.iter().filter(|s| s.is_open()).map(|s| Word(*s)).collect();
    Ok(
        on!(conn, c => rmas::table.filter(rmas::site_id.eq(site)).filter(rmas::state.eq_any(open)).order(rmas::number).select(rmas::number).first(c).optional())?,
    )
}
