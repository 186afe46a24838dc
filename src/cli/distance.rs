//! `swapline distance`: how far two points are apart, along the ellipsoid (P5.2).

use super::batch::{self, Pipe};
use super::locate::point;
use crate::feeds::stream::Shape;
use crate::rules::coverage::{METERS_PER_MILE, distance_meters};
use std::process::ExitCode;

const SHAPE: Shape = Shape { reads: &["id*", "lat1*", "lon1*", "lat2*", "lon2*"], writes: &["id", "meters", "miles"] };

/// Measures a table.
pub fn run(pipe: &Pipe) -> anyhow::Result<ExitCode> {
    batch::run(pipe, SHAPE, |row, cells| {
        let meters = distance_meters(point(row, 1)?, point(row, 3)?);
        cells.extend([row.text(0)?.to_owned(), format!("{meters:.4}"), format!("{:.7}", meters / METERS_PER_MILE)]);
        Ok(())
    })
}
