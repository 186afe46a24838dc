//! What is known beforehand: the vendor's program, calendars, countries, the gazetteer, time zones. Parsed from `data/`,
//! immutable, shared.
//!
//! The program may come from the vendor's own file. All else is embedded in the binary and read when it is first asked
//! for, one country at a time: a command that locates no address doesn't pay for the gazetteer.

pub mod address_forms;
pub mod borders;
mod by_country;
pub mod calendars;
pub mod countries;
mod error;
pub mod gazetteer;
pub mod outlines;
pub mod program;
pub mod zones;

use crate::rules::coverage::Evidence;
use crate::rules::position::Position;
use crate::rules::program::{Program, Programs};
use borders::Borders;
use calendars::Calendars;
pub use error::ReferenceError;
use gazetteer::Gazetteer;
use std::path::Path;
use std::sync::Arc;
use zones::Zones;

/// How exactly borders are known: a position that is nearer to one may be on either side.
const BORDER_METERS: f64 = 500.0;

/// Everything that is known beforehand, in one value.
#[derive(Debug)]
pub struct Reference {
    /// The versions of the program.
    pub programs: Programs,
    /// Which days are open (P3.4).
    pub calendars: Calendars,
    /// Where addresses are.
    pub gazetteer: Gazetteer,
    /// Which zone a point is in.
    pub zones: Zones,
}

impl Reference {
    /// With the program that is embedded in the binary.
    pub fn embedded() -> Result<Arc<Self>, ReferenceError> {
        Self::load(None)
    }

    /// With the vendor's program file, or the embedded program without one.
    pub fn load(program_path: Option<&Path>) -> Result<Arc<Self>, ReferenceError> {
        let programs = match program_path {
            Some(path) => program::load(path)?,
            None => program::embedded()?,
        };
        Ok(Arc::new(Self { programs, calendars: Calendars, gazetteer: Gazetteer, zones: Zones }))
    }

    /// What `rules::coverage::judge` asks about a position that somebody gave for an address (P5.3): the country there, where
    /// no border is within the position's radius (500 m at least), and the area of the postal code.
    pub fn evidence(&self, position: &Position, country: &str, postal_code: Option<&str>, program: &Program) -> Evidence {
        let is_here = |code: &str| program.home_of(code) == program.home_of(country);
        let there = Borders.elsewhere(position.point, position.radius_meters.max(BORDER_METERS), is_here);
        let postal_area = postal_code.and_then(|code| self.gazetteer.postal_area(country, code));
        Evidence { country_there: there.map(str::to_owned), postal_area }
    }
}

#[cfg(test)]
mod tests;
