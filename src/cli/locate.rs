//! `swapline locate`: country and time zone of points.

use super::batch::{self, Pipe};
use crate::feeds::Fault;
use crate::feeds::stream::{Row, Shape};
use crate::reference::borders::Borders;
use crate::reference::zones::Zones;
use crate::rules::position::Point;
use crate::rules::text::TextFault;
use std::process::ExitCode;

const SHAPE: Shape = Shape { reads: &["id*", "lat*", "lon*"], writes: &["id", "country", "tz"] };

/// Locates a table.
pub fn run(pipe: &Pipe) -> anyhow::Result<ExitCode> {
    batch::run(pipe, SHAPE, |row, cells| {
        let point = point(row, 1)?;
        let country = Borders.country_at(point).unwrap_or_default();
        cells.extend([row.text(0)?.to_owned(), country.to_owned(), Zones.name_at(point).to_owned()]);
        Ok(())
    })
}

/// The point of two columns, latitude first.
pub fn point(row: &Row<'_>, latitude: usize) -> Result<Point, Fault> {
    let degrees = |text: &str| text.parse().map_err(|_| TextFault::new("bad_number", "must be degrees, e.g. 26.2034"));
    let (north, east): (f64, f64) = (row.read(latitude, degrees)?, row.read(latitude + 1, degrees)?);
    Point::new(north, east).map_err(|fault| row.fault(if fault.code == "bad_latitude" { latitude } else { latitude + 1 }, fault))
}
