//! Where something is, and how exactly that is known.

use super::term::terms;
use super::text::TextFault;

terms! {
    /// How a position came to be known, from best to worst.
    Grade, "position grade" {
        /// Coordinates given by a person or a device.
        Given => "given",
        /// The center of a postal code's area.
        PostalCode => "postal_code",
        /// The center of a city.
        City => "city",
        /// Nothing is known.
        None => "none",
    }
}

terms! {
    /// What a position was located by, from best to worst (P5.3).
    Method, "locating method" {
        /// Nothing: the coordinates were given.
        Given => "given",
        /// Its postal code.
        PostalCode => "postal_code",
        /// The start of its postal code, where the code itself isn't known.
        PostalPrefix => "postal_prefix",
        /// Its city, told apart from others of the name by its region.
        CityRegion => "city_region",
        /// Its city.
        City => "city",
    }
}

impl Method {
    /// The grade of what is located this way.
    pub fn grade(self) -> Grade {
        match self {
            Self::Given => Grade::Given,
            Self::PostalCode | Self::PostalPrefix => Grade::PostalCode,
            Self::CityRegion | Self::City => Grade::City,
        }
    }
}

/// A point on the WGS84 ellipsoid, in degrees, finite and in range by construction.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "Degrees")]
pub struct Point {
    latitude: f64,
    longitude: f64,
}

/// A point as it is written, before anybody looked at it.
#[derive(serde::Deserialize)]
struct Degrees {
    latitude: f64,
    longitude: f64,
}

impl TryFrom<Degrees> for Point {
    type Error = TextFault;
    fn try_from(written: Degrees) -> Result<Self, TextFault> {
        Self::new(written.latitude, written.longitude)
    }
}

impl Point {
    /// Latitude −90…90 and longitude −180…180 degrees; anything else (NaN too) is refused with what is wrong.
    pub fn new(latitude: f64, longitude: f64) -> Result<Self, TextFault> {
        if !(-90.0..=90.0).contains(&latitude) {
            return Err(TextFault::new("bad_latitude", "latitude must lie between -90 and 90 degrees"));
        }
        if !(-180.0..=180.0).contains(&longitude) {
            return Err(TextFault::new("bad_longitude", "longitude must lie between -180 and 180 degrees"));
        }
        Ok(Self { latitude, longitude })
    }
    /// The point of degrees that were computed: rounding beyond a pole or the 180th meridian is taken off, and what is no number is 0.
    pub fn clamped(latitude: f64, longitude: f64) -> Self {
        let finite = |degrees: f64, most: f64| if degrees.is_nan() { 0.0 } else { degrees.clamp(-most, most) };
        Self { latitude: finite(latitude, 90.0), longitude: finite(longitude, 180.0) }
    }
    /// Degrees north.
    pub fn latitude(&self) -> f64 {
        self.latitude
    }
    /// Degrees east.
    pub fn longitude(&self) -> f64 {
        self.longitude
    }
}

/// A point with its grade and the radius in meters within which the true place lies.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Position {
    /// The best single point.
    pub point: Point,
    /// How it came to be known.
    pub grade: Grade,
    /// The same, to the step: what it was located by.
    pub method: Method,
    /// Uncertainty in meters; 0 for coordinates that were given.
    pub radius_meters: f64,
}

impl Position {
    /// Coordinates that somebody stated: taken at their word.
    pub fn given(point: Point) -> Self {
        Self::located(point, Method::Given, 0.0)
    }
    /// What an address tells, with the radius in meters within which the true place lies.
    pub fn located(point: Point, method: Method, radius_meters: f64) -> Self {
        Self { point, grade: method.grade(), method, radius_meters }
    }
}

#[cfg(test)]
mod tests;
