//! What an address of the map asks for, checked.

use crate::http::problem::Problem;
use crate::reference::countries;
use crate::rules::map::{Bounds, Grid, ZOOM_MOST};
use crate::rules::position::Point;
use crate::rules::text::Country;
use actix_web::web::Query;
use std::collections::BTreeMap;

/// The most cells of the grid that one question may be about: more than the largest screens have.
const CELLS_MOST: f64 = 6_000.0;

/// What of the earth the page is to show.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Asked {
    /// A country.
    pub country: Option<String>,
    /// A place, and how close.
    pub view: Option<(Point, f64)>,
}

type Pairs = BTreeMap<String, String>;

fn pairs(query: &str) -> Result<Pairs, Problem> {
    let broken = |_| Problem::malformed("malformed_query", "the query string can't be read");
    Ok(Query::<Vec<(String, String)>>::from_query(query).map_err(broken)?.into_inner().into_iter().collect())
}

fn number(pairs: &Pairs, name: &str) -> Result<f64, Problem> {
    let wrong = || Problem::parameter(name, "not_a_number", "must be a number of degrees, or a zoom");
    pairs.get(name).and_then(|text| text.trim().parse::<f64>().ok()).filter(|number| number.is_finite()).ok_or_else(wrong)
}

fn zoom(pairs: &Pairs) -> Result<f64, Problem> {
    let zoom = number(pairs, "zoom")?;
    match (0.0..=ZOOM_MOST).contains(&zoom) {
        true => Ok(zoom),
        false => Err(Problem::parameter("zoom", "bad_zoom", format!("must be a number from 0 to {ZOOM_MOST}"))),
    }
}

fn point(pairs: &Pairs) -> Result<Point, Problem> {
    let (north, east) = (number(pairs, "latitude")?, number(pairs, "longitude")?);
    let field = |code: &str| if code == "bad_latitude" { "latitude" } else { "longitude" };
    Point::new(north, east).map_err(|fault| Problem::parameter(field(fault.code), fault.code, fault.detail))
}

fn country(pairs: &Pairs) -> Result<Option<String>, Problem> {
    let Some(text) = pairs.get("country").filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    let code = Country::parse(text.trim()).map_err(|fault| Problem::parameter("country", fault.code, fault.detail))?.to_string();
    match countries::exists(&code) {
        true => Ok(Some(code)),
        false => Err(Problem::parameter("country", "unknown_country", format!("{code} is no ISO 3166-1 country"))),
    }
}

impl Asked {
    /// Of the page.
    pub(super) fn page(query: &str) -> Result<Self, Problem> {
        let pairs = pairs(query)?;
        let view = match ["latitude", "longitude", "zoom"].iter().any(|name| pairs.contains_key(*name)) {
            true => Some((point(&pairs)?, zoom(&pairs)?)),
            false => None,
        };
        Ok(Self { country: country(&pairs)?, view })
    }

    /// Of the script: a part of the earth that a screen can show, and how close.
    pub(super) fn bounds(query: &str) -> Result<(Bounds, f64), Problem> {
        let pairs = pairs(query)?;
        let [west, south, east, north] = ["west", "south", "east", "north"].map(|name| number(&pairs, name));
        let bounds = Bounds::new(west?, south?, east?, north?).map_err(|fault| Problem::parameter("south", fault.code, fault.detail))?;
        let zoom = zoom(&pairs)?;
        match Grid::of(&bounds, zoom).cells(&bounds) <= CELLS_MOST {
            true => Ok((bounds, zoom)),
            false => Err(Problem::parameter("zoom", "box_too_large", "so much of the earth is on no screen at this zoom")),
        }
    }

    /// Of the script: a place, and a country that it is said to be in.
    pub(super) fn place(query: &str) -> Result<(Point, Option<String>), Problem> {
        let pairs = pairs(query)?;
        Ok((point(&pairs)?, country(&pairs)?))
    }
}
