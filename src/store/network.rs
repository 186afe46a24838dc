//! What reports about the network read: sites, Gold Plus contracts and RMAs, by pages.

use super::conn::on;
use super::schema::{appliances, contract_lines, contracts, organizations, rmas, sites};
use super::{Conn, Id, Json, Stored, Ts, Word, parsed};
use crate::rules::position::{Grade, Method, Point, Position};
use crate::rules::tier::Tier;
use chrono::NaiveDate;
use chrono_tz::Tz;
use diesel::prelude::*;

/// A site as reports judge it.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "columns of sites")]
pub struct Placed {
    pub id: Id,
    pub code: String,
    pub country: String,
    pub postal_code: Option<String>,
    pub position: Position,
    pub confirmed: bool,
    pub zone: Tz,
}

type Columns = (Id, String, String, Option<String>, Option<f64>, Option<f64>, Word<Grade>, Option<Word<Method>>, f64, bool, String);

/// A page of the sites whose position is known, by identifier: of these countries, or of all.
pub fn places(conn: &mut Conn, countries: Option<&[String]>, after: Option<Id>, limit: i64) -> Stored<Vec<Placed>> {
    use sites as s;
    let rows: Vec<Columns> = on!(conn, c => {
        let mut q = s::table.filter(s::latitude.is_not_null()).into_boxed();
        if let Some(countries) = countries { q = q.filter(s::country.eq_any(countries)); }
        if let Some(after) = after { q = q.filter(s::id.gt(after)); }
        q.order(s::id).limit(limit).select((s::id, s::code, s::country, s::postal_code, s::latitude, s::longitude, s::grade, s::located_by,
            s::radius_meters, s::position_confirmed, s::zone)).load(c)
    })?;
    let placed = |(id, code, country, postal_code, north, east, grade, located_by, radius, confirmed, zone): Columns| {
        let point = parsed(Point::new(north.unwrap_or_default(), east.unwrap_or_default()))?;
        let position = super::position(point, grade, located_by, radius);
        Ok(Placed { id, code, country, postal_code, position, confirmed, zone: super::types::zone(&zone)? })
    };
    rows.into_iter().map(placed).collect()
}

/// A contract that is delivered as Gold Plus, at a site: the site, the contract's number, its organization, and how many of its
/// appliances are there.
pub type ContractAtSite = (Id, String, String, i64);

/// The contracts at these sites that are delivered as Gold Plus on `day`.
pub fn gold_plus_at(conn: &mut Conn, at: &[Id], day: NaiveDate) -> Stored<Vec<ContractAtSite>> {
    use diesel::dsl::count_star;
    let rows: Vec<(Option<Id>, String, String, i64)> = on!(conn, c => contract_lines::table
        .inner_join(appliances::table.on(appliances::id.eq(contract_lines::appliance_id)))
        .inner_join(contracts::table.on(contracts::id.eq(contract_lines::contract_id)))
        .inner_join(organizations::table.on(organizations::id.eq(contracts::organization_id)))
        .filter(appliances::site_id.eq_any(at)).filter(contracts::starts_on.le(day)).filter(contracts::ends_on.ge(day))
        .filter(contracts::tier.eq(Word(Tier::GoldPlus)).or(contracts::four_hour_service_center.eq(true)))
        .group_by((appliances::site_id, contracts::number, organizations::code))
        .order((contracts::number, appliances::site_id))
        .select((appliances::site_id, contracts::number, organizations::code, count_star())).load(c))?;
    Ok(rows.into_iter().filter_map(|(site, number, organization, count)| Some((site?, number, organization, count))).collect())
}

/// How many sites whose position is not known have a contract that is delivered as Gold Plus on `day`: in these countries, or in all.
pub fn not_located(conn: &mut Conn, countries: Option<&[String]>, day: NaiveDate) -> Stored<i64> {
    use sites as s;
    Ok(on!(conn, c => {
        let entitled = contract_lines::table
            .inner_join(appliances::table.on(appliances::id.eq(contract_lines::appliance_id)))
            .inner_join(contracts::table.on(contracts::id.eq(contract_lines::contract_id)))
            .filter(contracts::starts_on.le(day)).filter(contracts::ends_on.ge(day))
            .filter(contracts::tier.eq(Word(Tier::GoldPlus)).or(contracts::four_hour_service_center.eq(true)))
            .filter(appliances::site_id.is_not_null()).select(appliances::site_id);
        let mut q = s::table.filter(s::latitude.is_null()).filter(s::id.nullable().eq_any(entitled)).into_boxed();
        if let Some(countries) = countries { q = q.filter(s::country.eq_any(countries)); }
        q.count().get_result(c)
    })?)
}

/// An RMA as reports see it: number, site, tier delivered, reasons, when issued, whether Gold Plus delivery was entitled to.
pub type Issued = (i64, Option<Id>, Word<Tier>, Json, Ts, Word<Tier>, bool);

/// A page of RMAs, the latest first.
pub fn issued(conn: &mut Conn, before: Option<i64>, limit: i64) -> Stored<Vec<Issued>> {
    Ok(on!(conn, c => {
        let mut q = rmas::table.inner_join(contracts::table.on(contracts::id.eq(rmas::contract_id))).into_boxed();
        if let Some(before) = before { q = q.filter(rmas::number.lt(before)); }
        q.order(rmas::number.desc()).limit(limit).select((rmas::number, rmas::site_id, rmas::delivered_tier, rmas::reasons, rmas::issued_at,
            rmas::entitled_tier, contracts::four_hour_service_center)).load(c)
    })?)
}
