//! Service centers and their couriers.

use super::catalog::catalog;
use super::conn::{of_each, on};
use super::schema::{center_couriers, center_regions, couriers, service_centers};
use super::{Conn, Id, Json, Page, Stand, Stored, Ts, Word, parsed, parsed_if};
use crate::rules::coverage::{Center, serves};
use crate::rules::position::Point;
use crate::rules::record::ServiceCenter;
use crate::rules::text::{Code, Line, Subdivision};
use crate::rules::tier::Region;
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::HashMap;

/// A service center.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = service_centers, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
struct ServiceCenterRow {
    id: Id,
    code: String,
    name: String,
    address: Json,
    city: String,
    region: Option<String>,
    postal_code: Option<String>,
    country: String,
    subdivision: Option<String>,
    latitude: f64,
    longitude: f64,
    zone: String,
    opens_on: NaiveDate,
    closes_on: Option<NaiveDate>,
    version: i32,
    created_at: Ts,
    updated_at: Ts,
}
catalog!(service_centers, ServiceCenterRow, code);

/// Which centers are wanted.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "filters by column")]
pub struct Filter {
    pub code: Option<String>,
    pub country: Option<String>,
}

/// A page of centers with the codes of their couriers (the preferred one first), by code.
pub fn page(conn: &mut Conn, filter: &Filter, after: Option<&str>, limit: i64) -> Stored<Page<Stand<ServiceCenter>>> {
    let rows: Vec<ServiceCenterRow> = on!(conn, c => {
        let mut q = service_centers::table.select(ServiceCenterRow::as_select()).into_boxed();
        if let Some(code) = &filter.code { q = q.filter(service_centers::code.eq(code)); }
        if let Some(country) = &filter.country { q = q.filter(service_centers::country.eq(country)); }
        if let Some(after) = after { q = q.filter(service_centers::code.gt(after)); }
        q.order(service_centers::code).limit(limit + 1).load(c)
    })?;
    whole(conn, Page::of(rows, limit))
}

/// Rows with what belongs to them.
fn whole(conn: &mut Conn, page: Page<ServiceCenterRow>) -> Stored<Page<Stand<ServiceCenter>>> {
    let ids: Vec<Id> = page.rows.iter().map(|p| p.id).collect();
    let preferred = center_couriers::table
        .inner_join(couriers::table.on(couriers::id.eq(center_couriers::courier_id)))
        .order(center_couriers::position)
        .select((center_couriers::service_center_id, couriers::code));
    let served: Vec<(Id, String)> = of_each!(conn, preferred, center_couriers::service_center_id, &ids);
    let mut by_center: HashMap<Id, Vec<Code>> = HashMap::new();
    for (center, courier) in served {
        by_center.entry(center).or_default().push(parsed(Code::parse(&courier))?);
    }
    let mut regions = regions_of(conn, &ids)?;
    page.try_map(|row| {
        let couriers = by_center.remove(&row.id).unwrap_or_default();
        let warehouse_for = regions.remove(&row.id).unwrap_or_default();
        row.stand(couriers, warehouse_for)
    })
}

/// The regions whose warehouses these centers are.
fn regions_of(conn: &mut Conn, ids: &[Id]) -> Stored<HashMap<Id, Vec<Region>>> {
    let all = center_regions::table.select((center_regions::service_center_id, center_regions::region));
    let rows: Vec<(Id, Word<Region>)> = of_each!(conn, all, center_regions::service_center_id, ids);
    let mut by_center: HashMap<Id, Vec<Region>> = HashMap::new();
    for (center, region) in rows {
        by_center.entry(center).or_default().push(region.0);
    }
    by_center.values_mut().for_each(|regions| regions.sort());
    Ok(by_center)
}

/// The warehouses of regions, by code.
pub fn warehouses(conn: &mut Conn, regions: &[Region]) -> Stored<Vec<Stand<ServiceCenter>>> {
    let wanted: Vec<Word<Region>> = regions.iter().copied().map(Word).collect();
    let mut rows: Vec<ServiceCenterRow> = of_each!(
        conn,
        service_centers::table
            .inner_join(center_regions::table.on(center_regions::service_center_id.eq(service_centers::id)))
            .select(ServiceCenterRow::as_select()),
        center_regions::region,
        &wanted
    );
    rows.sort_by(|a, b| a.code.cmp(&b.code));
    rows.dedup_by(|a, b| a.id == b.id);
    Ok(whole(conn, Page { rows, more: false })?.rows)
}

impl ServiceCenterRow {
    fn stand(self, couriers: Vec<Code>, warehouse_for: Vec<Region>) -> Stored<Stand<ServiceCenter>> {
        let address = super::address(&self.address, &self.city, self.region.as_ref(), self.postal_code.as_ref(), &self.country)?;
        let record = ServiceCenter {
            code: parsed(Code::parse(&self.code))?,
            name: parsed(Line::parse(&self.name))?,
            address,
            subdivision: parsed_if(self.subdivision.as_ref(), Subdivision::parse)?,
            point: parsed(Point::new(self.latitude, self.longitude))?,
            zone: super::types::zone(&self.zone)?,
            opens_on: self.opens_on,
            closes_on: self.closes_on,
            couriers,
            warehouse_for,
        };
        Ok(Stand { id: self.id, version: self.version, created_at: self.created_at, updated_at: self.updated_at, record })
    }
}

/// Most centers that one decision looks at; a vendor has a few hundred.
pub const MOST: i64 = 10_000;

/// The centers that may ship to a country, which is given with all that are counted with it: its own where one of them
/// serves on `day`, else all.
pub fn serving(conn: &mut Conn, countries: &[String], day: NaiveDate) -> Stored<Vec<Stand<ServiceCenter>>> {
    let mut rows: Vec<ServiceCenterRow> = of_each!(
        conn,
        service_centers::table.order(service_centers::code).select(ServiceCenterRow::as_select()),
        service_centers::country,
        countries
    );
    rows.truncate(usize::try_from(MOST).unwrap_or_default());
    let own = whole(conn, Page { rows, more: false })?.rows;
    match own.iter().any(|c| serves(c.record.opens_on, c.record.closes_on, day)) {
        true => Ok(own),
        false => Ok(page(conn, &Filter::default(), None, MOST)?.rows),
    }
}

/// A center's columns that the coverage check looks at.
type Known = (String, String, f64, f64, NaiveDate, Option<NaiveDate>);

/// The centers of countries that are counted as one, as the coverage check sees them (P5.2).
pub fn network(conn: &mut Conn, countries: &[String]) -> Stored<Vec<Center>> {
    use service_centers as s;
    let rows: Vec<Known> = on!(conn, c => s::table.filter(s::country.eq_any(countries))
        .select((s::code, s::country, s::latitude, s::longitude, s::opens_on, s::closes_on)).limit(MOST).load(c))?;
    let center = |(code, country, north, east, opens_on, closes_on): Known| {
        let (code, point) = (parsed(Code::parse(&code))?, parsed(Point::new(north, east))?);
        Ok(Center { code, country, point, opens_on, closes_on })
    };
    rows.into_iter().map(center).collect()
}

/// Every center, as the coverage check sees it.
pub fn all(conn: &mut Conn) -> Stored<Vec<Center>> {
    let countries: Vec<String> = on!(conn, c => service_centers::table.select(service_centers::country).distinct().load(c))?;
    network(conn, &countries)
}

/// Keeps the centers, and those that are asked for, as they are until the transaction ends. Who certifies a site looks at all of them, and a center that
/// somebody adds at the same time would miss that site. On SQLite there is one writer at a time anyway.
pub fn hold(conn: &mut Conn) -> Stored<()> {
    match conn {
        Conn::Pg(_) => conn.batch("LOCK TABLE service_centers, center_requests IN SHARE MODE"),
        Conn::Sqlite(_) => Ok(()),
    }
}

/// The center with this identifier.
pub fn get(conn: &mut Conn, id: Id) -> Stored<Option<Stand<ServiceCenter>>> {
    Ok(with_ids(conn, &[id])?.pop())
}

/// The service centers with these identifiers.
pub fn with_ids(conn: &mut Conn, ids: &[Id]) -> Stored<Vec<Stand<ServiceCenter>>> {
    let rows: Vec<ServiceCenterRow> =
        of_each!(conn, service_centers::table.select(ServiceCenterRow::as_select()), service_centers::id, ids);
    Ok(whole(conn, Page { rows, more: false })?.rows)
}

/// Stores a center and its couriers, the preferred one first; false if the version before it isn't there any more.
pub fn save(conn: &mut Conn, stand: &Stand<ServiceCenter>, couriers: &[Id]) -> Stored<bool> {
    let ServiceCenter { code, name, address, subdivision, point, zone, opens_on, closes_on, .. } = &stand.record;
    let row = ServiceCenterRow {
        id: stand.id,
        code: code.to_string(),
        name: name.to_string(),
        address: Json::of(&address.lines)?,
        city: address.city.to_string(),
        postal_code: address.postal_code.as_ref().map(ToString::to_string),
        region: address.region.as_ref().map(ToString::to_string),
        subdivision: subdivision.as_ref().map(ToString::to_string),
        country: address.country.to_string(),
        latitude: point.latitude(),
        longitude: point.longitude(),
        zone: zone.name().to_owned(),
        opens_on: *opens_on,
        closes_on: *closes_on,
        version: stand.version,
        created_at: stand.created_at,
        updated_at: stand.updated_at,
    };
    if !write(conn, &row)? {
        return Ok(false);
    }
    on!(conn, c => diesel::delete(center_couriers::table.filter(center_couriers::service_center_id.eq(stand.id))).execute(c))?;
    let rows: Vec<_> = (1_i32..)
        .zip(couriers)
        .map(|(position, courier)| {
            (
                center_couriers::service_center_id.eq(stand.id),
                center_couriers::courier_id.eq(*courier),
                center_couriers::position.eq(position),
            )
        })
        .collect();
    on!(conn, c => diesel::insert_into(center_couriers::table).values(&rows).execute(c))?;
    on!(conn, c => diesel::delete(center_regions::table.filter(center_regions::service_center_id.eq(stand.id))).execute(c))?;
    let regions =
        stand.record.warehouse_for.iter().map(|r| (center_regions::service_center_id.eq(stand.id), center_regions::region.eq(Word(*r))));
    let regions: Vec<_> = regions.collect();
    on!(conn, c => diesel::insert_into(center_regions::table).values(&regions).execute(c))?;
    Ok(true)
}
