//! The map: service centers with how far they reach, sites by their verdicts, and what another center would change.
//!
//! The page is whole without JavaScript: its view is in its address, and links move it. The script takes it over where it can: it
//! asks for what a view shows with `/c/map/sites` and for the reach of a center that isn't there yet with `/c/map/place`, and what
//! that one would change is the API's `POST /reports/what-if`.

mod asked;
mod marks;
mod scene;

use super::words;
use crate::actions::{ActionError, Context, Done};
use crate::http::problem::{Problem, Success};
use crate::reference::borders::Borders;
use crate::reference::countries;
use crate::rules::coverage::{METERS_PER_MILE, Verdict};
use crate::rules::map::{View, WORLD, ZOOM_MOST, circle, rings};
use crate::rules::position::Point;
use crate::rules::refusal::Refusal;
use crate::rules::role::Permission;
use crate::rules::term::Term;
use crate::store::Conn;
use crate::web::house::{self, Frame};
use crate::web::member::Member;
use crate::web::{assets, console::map::asked::Asked};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use marks::{Mark, marks};
use scene::{Network, Scene, path, scene};
use serde::Serialize;

/// The size of the drawing where no script makes it fit.
const SIZE: (f64, f64) = (1_200.0, 640.0);
/// Sites that the page itself shows one by one, and those that a script gets.
const SITES: (usize, usize) = (150, 400);
/// Rows of the table below the map.
const ROWS: usize = 25;

/// A verdict as the legend has it.
struct Kind {
    verdict: &'static str,
    label: String,
    shape: &'static str,
    count: i64,
}

/// A center as the table has it.
struct Row {
    code: String,
    name: String,
    country: &'static str,
    radius_miles: f64,
    since: String,
}

#[derive(Template)]
#[template(path = "console_map.html")]
struct Page {
    p: Frame,
    css: &'static str,
    script: &'static str,
    land: &'static str,
    finer: &'static str,
    view: View,
    world: f64,
    /// Where the map's corner is, and how large it is drawn.
    corner: (f64, f64),
    scale: f64,
    reaches: Vec<scene::CenterMark>,
    marks: Vec<Mark>,
    kinds: Vec<Kind>,
    center_shape: &'static str,
    country: String,
    countries: Vec<(String, &'static str)>,
    rows: Vec<Row>,
    /// How many centers there are in the view.
    centers: usize,
    sites: i64,
    /// Where the links lead that move the map.
    turns: Vec<(&'static str, &'static str, String)>,
    may_plan: bool,
}

/// The address of a view.
fn address(view: &View) -> String {
    format!("/c/map?latitude={:.4}&longitude={:.4}&zoom={}", view.middle.latitude(), view.middle.longitude(), view.zoom)
}

/// The page.
#[get("/map")]
pub async fn show(member: Member, request: HttpRequest) -> Result<HttpResponse, Problem> {
    member.allow(Permission::ReadCases)?;
    let asked = Asked::page(request.query_string())?;
    let (ctx, own) = (member.context(), asked.clone());
    let (view, network, scene) = member.shared.db.read(move |conn| look(conn, &ctx, &own)).await?;
    Ok(house::html(&page(&member, &asked, view, &network, scene), Success::Ok.answer()))
}

fn look(conn: &mut Conn, ctx: &Context, asked: &Asked) -> Done<(View, Network, Scene)> {
    let network = Network::read(conn, ctx)?;
    let view = match (asked.view, &asked.country) {
        (Some((middle, zoom)), _) => View { middle, zoom, width: SIZE.0, height: SIZE.1 },
        (None, country) => View::of(&places(ctx, &network, country.as_deref()), SIZE.0, SIZE.1, 40.0),
    };
    let scene = scene(conn, &network, &view.bounds(), view.zoom, SITES.0)?;
    Ok((view, network, scene))
}

/// What a view has to show: what the centers reach, of a country or of all; the country's cities where it has no center.
fn places(ctx: &Context, network: &Network, country: Option<&str>) -> Vec<Point> {
    let own = network.all.iter().filter(|(center, _)| country.is_none_or(|country| center.country == country));
    let reached: Vec<Point> = own.flat_map(|(center, miles)| circle(center.point, miles * METERS_PER_MILE, 4)).collect();
    let Some(country) = country else { return reached };
    match reached.is_empty() {
        true => ctx.reference.gazetteer.places(country).iter().map(|place| place.point).collect(),
        false => reached,
    }
}

fn page(member: &Member, asked: &Asked, view: View, network: &Network, scene: Scene) -> Page {
    let mut countries: Vec<(String, &'static str)> =
        network.all.iter().filter_map(|(center, _)| Some((center.country.clone(), countries::name(&center.country)?))).collect();
    countries.sort_by_key(|(_, name)| *name);
    countries.dedup();
    let (half, third) = (view.width / 2.0, view.height / 2.0);
    let turns = [
        ("in", "Zoom in", view.zoomed(1.0)),
        ("out", "Zoom out", view.zoomed(-1.0)),
        ("north", "North", view.moved(0.0, -third)),
        ("south", "South", view.moved(0.0, third)),
        ("west", "West", view.moved(-half, 0.0)),
        ("east", "East", view.moved(half, 0.0)),
    ];
    let rows = scene.centers.iter().take(ROWS).map(|center| Row {
        code: center.code.clone(),
        name: center.name.clone(),
        country: countries::name(&center.country).unwrap_or_default(),
        radius_miles: center.radius_miles,
        since: center.opens_on.map_or_else(|| "Open".to_owned(), |day| format!("Opens {day}")),
    });
    let kind = |verdict: &Verdict| Kind {
        verdict: verdict.as_str(),
        label: words::label(verdict.as_str()),
        shape: marks::shape(*verdict),
        count: scene.totals.get(verdict.as_str()).copied().unwrap_or_default(),
    };
    let kinds = Verdict::ALL.iter().filter(|verdict| **verdict != Verdict::PositionUnknown).map(kind).collect();
    Page {
        p: Frame::of(member, "Map", "/c/map"),
        css: assets::map_css(),
        script: assets::map_js(),
        land: assets::land(),
        finer: assets::finer_land(),
        view,
        world: WORLD,
        corner: view.offset(),
        scale: view.scale(),
        kinds,
        center_shape: marks::CENTER,
        country: asked.country.clone().unwrap_or_default(),
        countries,
        rows: rows.collect(),
        centers: scene.centers.len(),
        sites: scene.totals.values().sum(),
        turns: turns.into_iter().map(|(name, label, view)| (name, label, address(&view))).collect(),
        marks: marks(&view, &scene),
        reaches: scene.centers.into_iter().filter(|center| !center.path.is_empty()).collect(),
        may_plan: member.role.may(Permission::PlanNetwork),
    }
}

/// What a part of the earth has, for the script.
#[get("/map/sites")]
pub async fn sites(member: Member, request: HttpRequest) -> Result<HttpResponse, Problem> {
    member.allow(Permission::ReadCases)?;
    let (bounds, zoom) = Asked::bounds(request.query_string())?;
    let ctx = member.context();
    let read = member.shared.db.read(move |conn| {
        let network = Network::read(conn, &ctx)?;
        scene(conn, &network, &bounds, zoom, SITES.1)
    });
    Ok(Success::Ok.answer().json(read.await?))
}

/// A place where a center might be.
#[derive(Serialize)]
struct Planned {
    country: Option<&'static str>,
    country_name: Option<&'static str>,
    radius_miles: f64,
    path: String,
}

/// How far a center at a place would reach, for the script.
#[get("/map/place")]
pub async fn reach(member: Member, request: HttpRequest) -> Result<HttpResponse, Problem> {
    member.allow(Permission::PlanNetwork)?;
    let (point, country) = Asked::place(request.query_string())?;
    let ctx = member.context();
    let program = ctx.program().ok_or_else(|| Problem::from(ActionError::from(no_program())))?;
    let there = Borders.country_at(point).filter(|code| countries::exists(code));
    let country = country.as_deref().and_then(countries::code).or(there);
    let radius_miles = program.radius_miles(country.unwrap_or_default());
    let path = path(&rings(point, radius_miles * METERS_PER_MILE, 120), ZOOM_MOST);
    let planned = Planned { country, country_name: country.and_then(countries::name), radius_miles, path };
    Ok(Success::Ok.answer().json(planned))
}

/// Before the first version of the program.
fn no_program() -> Refusal {
    Refusal::refused("no_program", "P5.2", "no program is in force")
}
