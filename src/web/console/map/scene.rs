//! What there is in a part of the earth: centers with their reach, and sites, one by one or counted where there are many.

use crate::actions::{Context, Done};
use crate::rules::coverage::{METERS_PER_MILE, serves};
use crate::rules::map::{Bounds, Grid, Spot, TILE, WORLD, rings};
use crate::rules::position::Point;
use crate::rules::refusal::Refusal;
use crate::rules::term::Term;
use crate::rules::zone::local_day;
use crate::store::Conn;
use crate::store::map::{self, CenterThere, SiteThere};
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Most centers that are looked at; a vendor has a few hundred.
const CENTERS_READ: i64 = 2_000;
/// Most centers that are shown at once.
const CENTERS: usize = 500;
/// Most rows of the grid that are read: cells by verdict.
const COUNTS: i64 = 6_000;
/// A circle that is smaller than this many pixels lies under the center's own mark.
const SMALL: f64 = 9.0;

/// Every center that isn't closed for good, with its radius in statute miles.
pub(super) struct Network {
    pub(super) all: Vec<(CenterThere, f64)>,
    ctx: Context,
}

impl Network {
    /// Reads it.
    pub(super) fn read(conn: &mut Conn, ctx: &Context) -> Done<Self> {
        let program = ctx.program().ok_or_else(|| Refusal::refused("no_program", "P5.2", "no program is in force"))?;
        let all = map::centers(conn, ctx.now.date_naive(), CENTERS_READ)?;
        let all = all.into_iter().map(|center| (program.radius_miles(&center.country), center)).map(|(miles, center)| (center, miles));
        Ok(Self { all: all.collect(), ctx: ctx.clone() })
    }
}

/// A service center.
#[derive(Debug, Clone, Serialize)]
pub(super) struct CenterMark {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) country: String,
    pub(super) latitude: f64,
    pub(super) longitude: f64,
    pub(super) radius_miles: f64,
    /// When it opens, where it isn't open yet.
    pub(super) opens_on: Option<NaiveDate>,
    /// How far it reaches, as path data in units of the map; empty where that can't be seen.
    pub(super) path: String,
}

/// A site with what its certificate says.
#[derive(Debug, Clone, Serialize)]
pub(super) struct SiteMark {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) organization: String,
    pub(super) verdict: &'static str,
    pub(super) latitude: f64,
    pub(super) longitude: f64,
    pub(super) service_center: Option<String>,
    pub(super) distance_miles: Option<f64>,
    pub(super) limit_miles: f64,
    pub(super) margin_miles: Option<f64>,
}

/// Sites that are near each other.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct CellMark {
    pub(super) latitude: f64,
    pub(super) longitude: f64,
    pub(super) sites: i64,
    /// How many have each verdict.
    pub(super) verdicts: BTreeMap<&'static str, i64>,
}

/// All of it.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Scene {
    pub(super) centers: Vec<CenterMark>,
    /// True where more centers are here than are shown.
    pub(super) more_centers: bool,
    pub(super) sites: Vec<SiteMark>,
    pub(super) cells: Vec<CellMark>,
    /// How many sites have each verdict.
    pub(super) totals: BTreeMap<&'static str, i64>,
}

/// What there is within bounds; more than so many sites are counted by cells.
pub(super) fn scene(conn: &mut Conn, network: &Network, bounds: &Bounds, zoom: f64, most: usize) -> Done<Scene> {
    let near = |(center, miles): &&(CenterThere, f64)| bounds.grown(miles * METERS_PER_MILE).contains(center.point);
    let mut centers: Vec<CenterMark> = network.all.iter().filter(near).map(|place| center(network, place, zoom)).collect();
    let more_centers = centers.len() > CENTERS;
    centers.truncate(CENTERS);
    let mut scene = Scene { centers, more_centers, ..Scene::default() };
    let read = i64::try_from(most).unwrap_or_default() + 1;
    let sites = map::sites(conn, bounds, read)?;
    if sites.len() <= most {
        for site in sites {
            *scene.totals.entry(site.verdict.as_str()).or_default() += 1;
            scene.sites.push(mark(site));
        }
        return Ok(scene);
    }
    let mut cells: BTreeMap<(i64, i64), CellMark> = BTreeMap::new();
    for counted in map::counted(conn, bounds, &Grid::of(bounds, zoom), COUNTS)? {
        let cell = cells.entry((counted.north, counted.east)).or_default();
        // The middle of both, by how many there are of each.
        let (before, more) = (count(cell.sites), count(counted.sites));
        cell.latitude = (cell.latitude * before + counted.latitude * more) / (before + more);
        cell.longitude = (cell.longitude * before + counted.longitude * more) / (before + more);
        cell.sites += counted.sites;
        *cell.verdicts.entry(counted.verdict.0.as_str()).or_default() += counted.sites;
        *scene.totals.entry(counted.verdict.0.as_str()).or_default() += counted.sites;
    }
    scene.cells = cells.into_values().collect();
    Ok(scene)
}

fn count(number: i64) -> f64 {
    u32::try_from(number).map_or(f64::from(u32::MAX), f64::from)
}

fn center(network: &Network, (center, miles): &(CenterThere, f64), zoom: f64) -> CenterMark {
    let meters = miles * METERS_PER_MILE;
    let pixels = pixels(center.point, meters, zoom);
    // A point every few pixels is a circle to the eye.
    let points = (8_u16..120).step_by(8).find(|points| f64::from(*points) * 2.0 >= pixels).unwrap_or(120).max(24);
    let is_open = serves(center.opens_on, center.closes_on, local_day(center.zone, network.ctx.now));
    CenterMark {
        code: center.code.clone(),
        name: center.name.clone(),
        country: center.country.clone(),
        latitude: center.point.latitude(),
        longitude: center.point.longitude(),
        radius_miles: *miles,
        opens_on: Some(center.opens_on).filter(|_| !is_open),
        path: if pixels < SMALL { String::new() } else { path(&rings(center.point, meters, points), zoom) },
    }
}

/// About how many pixels so many meters are at a place.
fn pixels(at: Point, meters: f64, zoom: f64) -> f64 {
    const AROUND: f64 = 40_075_016.7;
    meters / AROUND / at.latitude().to_radians().cos().max(0.02) * TILE * zoom.exp2()
}

fn mark(site: SiteThere) -> SiteMark {
    let tenths = |miles: f64| (miles * 10.0).round() / 10.0 + 0.0;
    SiteMark {
        code: site.code,
        name: site.name,
        organization: site.organization,
        verdict: site.verdict.as_str(),
        latitude: site.point.latitude(),
        longitude: site.point.longitude(),
        service_center: site.nearest,
        distance_miles: site.distance_meters.map(|meters| tenths(meters / METERS_PER_MILE)),
        limit_miles: site.limit_miles,
        margin_miles: site.margin_miles.map(tenths),
    }
}

/// An area as path data, as exact as can be seen at a zoom.
pub(super) fn path(ring: &[Spot], zoom: f64) -> String {
    let scale = TILE * zoom.exp2() / WORLD;
    let decimals = if scale < 1.0 {
        1
    } else if scale < 10.0 {
        2
    } else {
        3
    };
    let mut text = String::new();
    for (index, spot) in ring.iter().enumerate() {
        let letter = match index {
            0 => "M",
            1 => "L",
            _ => " ",
        };
        // A text is written to: that doesn't fail.
        let _ = write!(text, "{letter}{:.decimals$} {:.decimals$}", spot.x, spot.y);
    }
    text.push('Z');
    text
}
