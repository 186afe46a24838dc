//! The coverage check (P5): dry, stores nothing.

use super::keep::sites::zone_of;
use super::{Context, Done};
use crate::rules::coverage::{self, Center, Coverage, Inquiry, Network};
use crate::rules::notice::Reason;
use crate::rules::position::{Point, Position};
use crate::rules::record::ServiceCenter;
use crate::rules::refusal::Refusal;
use crate::rules::text::{Country, Line, PostalCode};
use crate::rules::zone::local_day;
use crate::store::{Conn, center_requests, centers};

/// The place that is asked about, as far as it is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Its country.
    pub country: Country,
    /// State, province or region.
    pub region: Option<Line>,
    /// City.
    pub city: Option<Line>,
    /// Postal code.
    pub postal_code: Option<PostalCode>,
    /// Coordinates that somebody states.
    pub stated: Option<Point>,
    /// True if these coordinates are right for this address, whatever speaks against it (P5.3).
    pub confirmed: bool,
}

/// What the check found.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Verdict, distances, candidates.
    pub coverage: Coverage,
    /// Why it isn't eligible, if it isn't.
    pub reasons: Vec<Reason>,
    /// The position that was judged.
    pub position: Option<Position>,
}

/// Judges a place, by its stated coordinates or located by what is known of its address.
pub fn check_site(conn: &mut Conn, ctx: &Context, place: &Place) -> Done<Answer> {
    super::keep::known_country(&place.country, "/country")?;
    let program = ctx.program().ok_or_else(|| Refusal::refused("no_program", "P4", "no program is in force"))?;
    let position = position(ctx, place);
    let zone = zone_of(&ctx.reference, position.as_ref(), None);
    let country = place.country.as_str();
    if place.confirmed && place.stated.is_none() {
        return Err(super::keep::sites::nothing_to_confirm().into());
    }
    let countries = program.counted_with(country);
    let network = Network::of(centers::network(conn, &countries)?, program);
    let requests = center_requests::open(conn, &countries)?;
    let inquiry = Inquiry { position: position.as_ref(), country, confirmed: place.confirmed, only_nearest: false };
    let postal_code = place.postal_code.as_ref().map(PostalCode::as_str);
    let evidence = |position: &Position| ctx.reference.evidence(position, country, postal_code, program);
    let coverage = coverage::judge(&network, &inquiry, program, local_day(zone, ctx.now), evidence);
    let coverage = coverage.with_requested(&requests, position.as_ref());
    Ok(Answer { reasons: coverage::reasons(&coverage), coverage, position })
}

fn position(ctx: &Context, place: &Place) -> Option<Position> {
    let (region, city) = (place.region.as_ref().map(Line::as_str), place.city.as_ref().map(Line::as_str));
    let by_address =
        || ctx.reference.gazetteer.locate(place.country.as_str(), region, city, place.postal_code.as_ref().map(PostalCode::as_str));
    place.stated.map(Position::given).or_else(by_address)
}

/// A service center as the rules see it.
pub fn center(record: &ServiceCenter) -> Center {
    let country = record.address.country.to_string();
    Center { code: record.code.clone(), country, point: record.point, opens_on: record.opens_on, closes_on: record.closes_on }
}
