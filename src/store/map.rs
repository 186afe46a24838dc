//! What the map shows of a part of the earth: sites by their current certificates, one by one or counted by the cells of a grid, and
//! service centers.

use super::conn::on;
use super::schema::{coverage_certificates as certificates, organizations, service_centers as centers, sites};
use super::{Conn, Stored, Word, parsed};
use crate::rules::coverage::Verdict;
use crate::rules::map::{Bounds, Grid};
use crate::rules::position::Point;
use chrono::NaiveDate;
use chrono_tz::Tz;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Double, Text};

/// A site with what its certificate says.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "columns of sites and coverage_certificates")]
pub struct SiteThere {
    pub code: String,
    pub name: String,
    pub organization: String,
    pub verdict: Verdict,
    pub point: Point,
    pub nearest: Option<String>,
    pub distance_meters: Option<f64>,
    pub limit_miles: f64,
    pub margin_miles: Option<f64>,
}

type SiteColumns = (String, String, String, Word<Verdict>, Option<f64>, Option<f64>, Option<String>, Option<f64>, f64, Option<f64>);

/// The sites within bounds, at most so many, by code.
pub fn sites(conn: &mut Conn, bounds: &Bounds, limit: i64) -> Stored<Vec<SiteThere>> {
    let mut all = Vec::new();
    for (west, east) in bounds.ranges() {
        let rows: Vec<SiteColumns> = on!(conn, c => certificates::table
            .inner_join(sites::table.on(sites::id.eq(certificates::site_id)))
            .inner_join(organizations::table.on(organizations::id.eq(sites::organization_id)))
            .filter(certificates::replaced_at.is_null())
            .filter(certificates::latitude.between(bounds.south, bounds.north))
            .filter(certificates::longitude.between(west, east))
            .limit(limit)
            .select((sites::code, sites::name, organizations::code, certificates::verdict, certificates::latitude, certificates::longitude,
                certificates::nearest, certificates::distance_meters, certificates::limit_miles, certificates::margin_miles)).load(c))?;
        for (code, name, organization, verdict, north, east, nearest, distance_meters, limit_miles, margin_miles) in rows {
            let point = parsed(Point::new(north.unwrap_or_default(), east.unwrap_or_default()))?;
            let verdict = verdict.0;
            all.push(SiteThere { code, name, organization, verdict, point, nearest, distance_meters, limit_miles, margin_miles });
        }
    }
    all.sort_by(|a, b| a.code.cmp(&b.code));
    all.truncate(usize::try_from(limit).unwrap_or_default());
    Ok(all)
}

/// The sites of one verdict in one cell: how many, and the middle of them.
#[derive(Debug, Clone, PartialEq, QueryableByName)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Counted {
    #[diesel(sql_type = BigInt)]
    pub north: i64,
    #[diesel(sql_type = BigInt)]
    pub east: i64,
    #[diesel(sql_type = Text)]
    pub verdict: Word<Verdict>,
    #[diesel(sql_type = BigInt)]
    pub sites: i64,
    #[diesel(sql_type = Double)]
    pub latitude: f64,
    #[diesel(sql_type = Double)]
    pub longitude: f64,
}

/// The sites within bounds by the cells of a grid, at most so many rows.
pub fn counted(conn: &mut Conn, bounds: &Bounds, grid: &Grid, limit: i64) -> Stored<Vec<Counted>> {
    // Neither is below zero, so that to cut fractions off is to round down.
    macro_rules! by_cell {
        ($whole:literal, $number:literal) => {
            concat!(
                "SELECT CAST(", $whole, "((latitude + 90) / $1) AS ", $number, ") AS north, CAST(", $whole, "((longitude + 180) / $2) AS ", $number,
                ") AS east, verdict, count(*) AS sites, avg(latitude) AS latitude, avg(longitude) AS longitude \
                 FROM coverage_certificates WHERE replaced_at IS NULL AND latitude BETWEEN $3 AND $4 AND longitude BETWEEN $5 AND $6 \
                 GROUP BY 1, 2, verdict ORDER BY 1, 2, verdict LIMIT $7"
            )
        };
    }
    let mut all = Vec::new();
    for (west, east) in bounds.ranges() {
        macro_rules! load {
            ($c:expr, $sql:expr) => {
                diesel::sql_query($sql)
                    .bind::<Double, _>(grid.north)
                    .bind::<Double, _>(grid.east)
                    .bind::<Double, _>(bounds.south)
                    .bind::<Double, _>(bounds.north)
                    .bind::<Double, _>(west)
                    .bind::<Double, _>(east)
                    .bind::<BigInt, _>(limit)
                    .load::<Counted>($c)?
            };
        }
        all.extend(match conn {
            Conn::Pg(c) => load!(c, by_cell!("floor", "bigint")),
            Conn::Sqlite(c) => load!(c, by_cell!("", "INTEGER")),
        });
    }
    Ok(all)
}

/// A service center.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "columns of service_centers")]
pub struct CenterThere {
    pub code: String,
    pub name: String,
    pub country: String,
    pub point: Point,
    pub zone: Tz,
    pub opens_on: NaiveDate,
    pub closes_on: Option<NaiveDate>,
}

type CenterColumns = (String, String, String, f64, f64, String, NaiveDate, Option<NaiveDate>);

/// The service centers that aren't closed for good on `day`, at most so many, by code.
pub fn centers(conn: &mut Conn, day: NaiveDate, limit: i64) -> Stored<Vec<CenterThere>> {
    let rows: Vec<CenterColumns> = on!(conn, c => centers::table
        .filter(centers::closes_on.is_null().or(centers::closes_on.gt(day))).order(centers::code).limit(limit)
        .select((centers::code, centers::name, centers::country, centers::latitude, centers::longitude, centers::zone, centers::opens_on,
            centers::closes_on)).load(c))?;
    let center = |(code, name, country, north, east, zone, opens_on, closes_on): CenterColumns| {
        let (point, zone) = (parsed(Point::new(north, east))?, super::types::zone(&zone)?);
        Ok(CenterThere { code, name, country, point, zone, opens_on, closes_on })
    };
    rows.into_iter().map(center).collect()
}
