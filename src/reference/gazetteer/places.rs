//! Places of one country by the names that people read, for what is proposed to them.

use super::Spot;
use super::cities::ADMIN1_IS_ISO;
use crate::reference::by_country::rows;
use crate::rules::position::Point;

/// A place as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// Its region as an ISO 3166-2 suffix, where GeoNames' code is one.
    pub region: Option<String>,
    /// Where it is.
    pub point: Point,
    /// How many people live there.
    pub people: u32,
}

/// The same columns as those of `cities`. Read apart from them, as looking up an address needs no name to show.
pub(super) fn read(csv: &[u8]) -> Vec<Named> {
    let named = |row: csv::StringRecord| {
        let cell = |i: usize| row.get(i).unwrap_or_default();
        let point = Spot::read(cell(3), cell(4))?.point()?;
        let region = (ADMIN1_IS_ISO.contains(&cell(0)) && !cell(1).is_empty()).then(|| cell(1).to_owned());
        Some(Named { name: cell(2).to_owned(), region, point, people: cell(5).parse().ok()? })
    };
    rows(csv).filter_map(named).collect()
}
