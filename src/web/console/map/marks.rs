//! The marks of the page itself, which its script makes anew: where each is, what it looks like, what it says, and where it leads.

use super::scene::{CellMark, CenterMark, Scene, SiteMark};
use crate::rules::coverage::Verdict;
use crate::rules::map::{View, ZOOM_MOST};
use crate::rules::position::Point;
use crate::rules::term::Term;
use crate::web::console::words;
use crate::web::member::encoded;

/// The mark of a center.
pub(super) const CENTER: &str = "M-7-7H7V7H-7zM-1.5-5V-1.5H-5V1.5H-1.5V5H1.5V1.5H5V-1.5H1.5V-5z";

/// A mark.
pub(super) struct Mark {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) class: &'static str,
    pub(super) shape: &'static str,
    /// How many sites there are.
    pub(super) count: Option<i64>,
    /// How large the mark of many is.
    pub(super) radius: f64,
    pub(super) to: String,
    pub(super) says: String,
}

/// The shape of a verdict's mark, so that it is told by more than its color.
pub(super) fn shape(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Eligible => "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
        Verdict::OutOfRange => "M0-7L7 0 0 7-7 0z",
        Verdict::ConfirmPosition => "M0-7L6.5 5H-6.5z",
        Verdict::NoCenterInCountry | Verdict::PositionUnknown => "M-5-5H5V5H-5z",
    }
}

/// Every mark, those that lie on others last.
pub(super) fn marks(view: &View, scene: &Scene) -> Vec<Mark> {
    let cells = scene.cells.iter().map(|cell| of_cell(view, cell));
    let centers = scene.centers.iter().map(|center| of_center(view, center));
    let all: Vec<Mark> = cells.chain(scene.sites.iter().map(|site| of_site(view, site))).chain(centers).collect();
    let seen = |mark: &Mark| (-20.0..=view.width + 20.0).contains(&mark.x) && (-20.0..=view.height + 20.0).contains(&mark.y);
    all.into_iter().filter(seen).collect()
}

fn at(view: &View, latitude: f64, longitude: f64) -> (f64, f64) {
    view.pixels(Point::clamped(latitude, longitude))
}

fn of_center(view: &View, center: &CenterMark) -> Mark {
    let (x, y) = at(view, center.latitude, center.longitude);
    let (to, radius) = (format!("/c/service-centers/{}", encoded(&center.code)), 0.0);
    let says = format!("{}, {}, reaches {} miles", center.code, center.name, center.radius_miles);
    let class = if center.opens_on.is_some() { "center soon" } else { "center" };
    Mark { x, y, class, shape: CENTER, count: None, radius, to, says }
}

fn of_site(view: &View, site: &SiteMark) -> Mark {
    let (x, y) = at(view, site.latitude, site.longitude);
    let verdict = [Verdict::Eligible, Verdict::OutOfRange, Verdict::ConfirmPosition].into_iter().find(|v| v.as_str() == site.verdict);
    let near = site.distance_miles.zip(site.service_center.as_deref());
    let near = near.map(|(miles, center)| format!(", {miles} miles from {center}")).unwrap_or_default();
    let says = format!("Site {}: {}{near}", site.code, words::label(site.verdict).to_lowercase());
    let shape = shape(verdict.unwrap_or(Verdict::NoCenterInCountry));
    Mark { x, y, class: site.verdict, shape, count: None, radius: 0.0, to: format!("/c/sites/{}", encoded(&site.code)), says }
}

fn of_cell(view: &View, cell: &CellMark) -> Mark {
    let (x, y) = at(view, cell.latitude, cell.longitude);
    let closer = View { middle: Point::clamped(cell.latitude, cell.longitude), ..*view }.zoomed(2.0);
    let to = if view.zoom < ZOOM_MOST { super::address(&closer) } else { "/c/sites".to_owned() };
    let mostly = cell.verdicts.iter().max_by_key(|(_, count)| **count).map_or("eligible", |(verdict, _)| verdict);
    let parts: Vec<String> =
        cell.verdicts.iter().map(|(verdict, count)| format!("{count} {}", words::label(verdict).to_lowercase())).collect();
    let radius = if cell.sites < 10 {
        11.0
    } else if cell.sites < 100 {
        14.0
    } else if cell.sites < 1_000 {
        18.0
    } else {
        22.0
    };
    Mark {
        x,
        y,
        class: mostly,
        shape: "",
        count: Some(cell.sites),
        radius,
        to,
        says: format!("{} sites: {}", cell.sites, parts.join(", ")),
    }
}
