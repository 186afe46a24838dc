//! Where an address is, without the internet: by its postal code, else by its city (GeoNames, CC BY 4.0).
//!
//! Knows points and how far off they may be; what that means for coverage is decided in `rules::coverage` (P5.3).

mod cities;
mod places;
mod postal;

use super::by_country::ByCountry;
use crate::rules::position::{Method, Point, Position};
use cities::Cities;
pub use places::Named;
use postal::Postal;
use std::sync::LazyLock;

/// The embedded gazetteer; each country is read when it is first asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gazetteer;

static POSTAL: LazyLock<ByCountry<Postal>> = LazyLock::new(|| {
    let index = include_str!("../../data/gazetteer/postal.index.csv");
    ByCountry::new(index, include_bytes!("../../data/gazetteer/postal.csv.gz"), Postal::read)
});

static CITIES: LazyLock<ByCountry<Cities>> = LazyLock::new(|| {
    let index = include_str!("../../data/gazetteer/cities.index.csv");
    ByCountry::new(index, include_bytes!("../../data/gazetteer/cities.csv.gz"), Cities::read)
});

static PLACES: LazyLock<ByCountry<Vec<Named>>> = LazyLock::new(|| {
    let index = include_str!("../../data/gazetteer/cities.index.csv");
    ByCountry::new(index, include_bytes!("../../data/gazetteer/cities.csv.gz"), places::read)
});

impl Gazetteer {
    /// The position of an address in `country` (ISO 3166-1 alpha-2, upper case), `None` if neither its postal code nor its
    /// city is known. `region` is an ISO 3166-2 suffix and tells cities of one name apart.
    ///
    /// The order is: postal code, its start, city with region, city. The method says which it was, the radius (meters) how far
    /// the true place may be from the point. A postal code's radius holds for about 95 of 100 addresses in the United States
    /// and Great Britain, for 85 in countries with large rural areas; that of a start reaches all of its codes, their areas
    /// included. Where several cities of the name are possible, the radius reaches all of them.
    pub fn locate(&self, country: &str, region: Option<&str>, city: Option<&str>, postal_code: Option<&str>) -> Option<Position> {
        let by_city = || CITIES.get(country)?.locate(country, region, city?);
        postal_code.and_then(|code| self.postal_area(country, code)).or_else(by_city)
    }

    /// The places of a country by name, a thousand people and more for the most part; none where the country isn't known.
    pub fn places(&self, country: &str) -> &'static [Named] {
        PLACES.get(country).map_or(&[], Vec::as_slice)
    }

    /// Where a postal code is, or its start where the code isn't known.
    pub fn postal_area(&self, country: &str, postal_code: &str) -> Option<Position> {
        POSTAL.get(country)?.locate(country, postal_code)
    }
}

/// A point as the tables hold it: three decimals, about 100 m, which four bytes keep exactly enough.
#[derive(Debug, Clone, Copy)]
struct Spot {
    latitude: f32,
    longitude: f32,
}

impl Spot {
    fn read(latitude: &str, longitude: &str) -> Option<Self> {
        let spot = Self { latitude: latitude.parse().ok()?, longitude: longitude.parse().ok()? };
        spot.point().map(|_| spot)
    }

    fn point(self) -> Option<Point> {
        let degrees = |short: f32| (f64::from(short) * 1_000.0).round() / 1_000.0;
        Point::new(degrees(self.latitude), degrees(self.longitude)).ok()
    }

    fn position(self, method: Method, radius_meters: f64) -> Option<Position> {
        self.point().map(|point| Position::located(point, method, radius_meters))
    }
}

#[cfg(test)]
mod tests;
