//! Postal codes of one country, in one sorted block.

use super::Spot;
use crate::reference::by_country::rows;
use crate::rules::coverage::distance_meters;
use crate::rules::position::{Method, Point, Position};

/// Where GeoNames' postal positions are poor; measured against independent positions.
const COARSE: [&str; 5] = ["AR", "DZ", "IN", "LK", "TR"];
const COARSE_RADIUS_KM: f64 = 15.0;
/// Longer than any code; what is longer is none.
const MAX_CODE: usize = 16;
/// The largest radius of the start of a code: beyond it a city tells more.
const MAX_START_METERS: f64 = 100_000.0;
/// A start with more codes than this is no place any more.
const MAX_START_CODES: usize = 1_000;

/// The codes of a country, ascending, end to end in one string.
#[derive(Default)]
pub(super) struct Postal {
    codes: String,
    /// Where code `i` ends in `codes`.
    ends: Vec<usize>,
    spots: Vec<(Spot, f32)>,
}

impl Postal {
    /// Columns: country, code, latitude, longitude, radius_km; ascending by code.
    pub(super) fn read(csv: &[u8]) -> Self {
        let mut table = Self::default();
        for row in rows(csv) {
            let cell = |i: usize| row.get(i).unwrap_or_default();
            if let (Some(spot), Ok(radius_km)) = (Spot::read(cell(2), cell(3)), cell(4).parse()) {
                table.codes.push_str(cell(1));
                table.ends.push(table.codes.len());
                table.spots.push((spot, radius_km));
            }
        }
        table.codes.shrink_to_fit();
        table.ends.shrink_to_fit();
        table.spots.shrink_to_fit();
        table
    }

    /// The position of a code as a person wrote it; where the code isn't known, that of its start.
    pub(super) fn locate(&self, country: &str, written: &str) -> Option<Position> {
        let floor = if COARSE.contains(&country) { COARSE_RADIUS_KM } else { 0.0 };
        let of_code = |(spot, radius_km): (Spot, f32), method| spot.position(method, kilometers(radius_km).max(floor) * 1_000.0);
        // Most codes are written as the table has them.
        if let Some(found) = self.find(written).filter(|_| !written.ends_with('*')) {
            return of_code(found, Method::PostalCode);
        }
        let readings = readings(country, written);
        let known = |code: &String| {
            let whole = self.find(code).map(|found| (found, Method::PostalCode));
            whole.or_else(|| self.find_prefix(code).map(|found| (found, Method::PostalPrefix)))
        };
        match readings.iter().find_map(known) {
            Some((found, method)) => of_code(found, method),
            None => readings.iter().rev().find_map(|code| self.start(code, floor)),
        }
    }

    /// The middle of the codes whose first half is that of `code`, with a radius that reaches the area of each. Half is what
    /// names an area (the sectional center of an American code, the post town of a British one); that two codes share more
    /// doesn't make them neighbors. Only codes as long as it count: another length is no code of the country.
    fn start(&self, code: &str, floor_km: f64) -> Option<Position> {
        let half = code.len().div_ceil(2).max(2);
        let areas = self.beginning(code.get(..half)?, code.len(), floor_km)?;
        let middle = middle(&areas)?;
        let radius = areas.iter().map(|(point, meters)| distance_meters(middle, *point) + meters).fold(0.0, f64::max);
        (radius <= MAX_START_METERS).then(|| Position::located(middle, Method::PostalPrefix, radius.ceil()))
    }

    /// Point and radius of every code of this length that begins like this; `None` where there is none, or too many.
    fn beginning(&self, start: &str, length: usize, floor_km: f64) -> Option<Vec<(Point, f64)>> {
        let first = self.first_from(start);
        let all = (first..self.ends.len()).take(MAX_START_CODES + 1).take_while(|i| self.code(*i).starts_with(start));
        let long = all.filter(|i| self.code(*i).len() == length && !self.code(*i).ends_with('*'));
        let area = |i: usize| self.spots.get(i).and_then(|(spot, km)| Some((spot.point()?, kilometers(*km).max(floor_km) * 1_000.0)));
        let areas: Vec<(Point, f64)> = long.filter_map(area).collect();
        (1..=MAX_START_CODES).contains(&areas.len()).then_some(areas)
    }

    /// How many codes there are; 0 if they are not in the order that the search needs.
    #[cfg(test)]
    pub(super) fn len_if_ascending(&self) -> usize {
        let ascending = (1..self.ends.len()).all(|i| self.code(i - 1) < self.code(i));
        if ascending { self.ends.len() } else { 0 }
    }

    fn code(&self, i: usize) -> &str {
        let start = i.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        self.ends.get(i).and_then(|end| self.codes.get(start..*end)).unwrap_or_default()
    }

    /// The place of the first code that isn't before this one.
    fn first_from(&self, code: &str) -> usize {
        let (mut low, mut high) = (0, self.ends.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.code(middle).cmp(code) {
                std::cmp::Ordering::Less => low = middle + 1,
                _ => high = middle,
            }
        }
        low
    }

    fn find(&self, code: &str) -> Option<(Spot, f32)> {
        let place = self.first_from(code);
        (self.code(place) == code).then(|| self.spots.get(place).copied()).flatten()
    }

    /// The longest row `1228*` that `code` starts with.
    fn find_prefix(&self, code: &str) -> Option<(Spot, f32)> {
        (1..=code.len()).rev().find_map(|n| self.find(&format!("{}*", code.get(..n)?)))
    }
}

/// One decimal in the file: four bytes hold 10.9 as 10.899999.
fn kilometers(radius_km: f32) -> f64 {
    (f64::from(radius_km) * 10.0).round() / 10.0
}

/// The middle of the least box around the points, which may lie on both sides of the date line.
pub(super) fn middle(areas: &[(Point, f64)]) -> Option<Point> {
    let (first, _) = areas.first()?;
    let east = |point: &Point| (point.longitude() - first.longitude() + 540.0).rem_euclid(360.0) - 180.0;
    let between = |degrees: &dyn Fn(&Point) -> f64| {
        let (low, high) =
            areas.iter().fold((f64::MAX, f64::MIN), |(low, high), (point, _)| (low.min(degrees(point)), high.max(degrees(point))));
        f64::midpoint(low, high)
    };
    let longitude = (first.longitude() + between(&east) + 540.0).rem_euclid(360.0) - 180.0;
    // As exact as the table.
    let short = |degrees: f64| (degrees * 1_000.0).round() / 1_000.0;
    Point::new(short(between(&|point| point.latitude())), short(longitude)).ok()
}

/// What a written code may stand for in the table, best first: upper case without blanks and hyphens, shortened to what
/// the country's table knows. Empty when it can't be a code.
pub(super) fn readings(country: &str, written: &str) -> Vec<String> {
    let code: String = written.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
    let code = code.replace("CEDEX", "");
    if !(1..=MAX_CODE).contains(&code.len()) || !code.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Vec::new();
    }
    let mut readings = vec![code.clone()];
    // `D-10117` is history, `CH-8001` and `LV-1010` are not.
    let bare = code.strip_prefix(country).filter(|rest| !rest.is_empty()).unwrap_or(&code);
    readings.push(bare.to_owned());
    let start = |n: usize| bare.get(..n).map(str::to_owned);
    readings.extend(match country {
        "GB" | "GG" | "IM" | "JE" => outward(bare),
        "CA" | "IE" | "MT" => start(3),
        "NL" => start(4),
        "BR" => start(5).map(|five| five + "000"),
        "US" | "AS" | "FM" | "GU" | "MH" | "MP" | "PR" | "PW" | "VI" => start(5),
        "AR" => argentine(bare),
        _ => None,
    });
    readings.dedup();
    readings
}

/// `EC1A1BB` → `EC1A`: the inward code is a digit and two letters.
fn outward(code: &str) -> Option<String> {
    let at = code.len().checked_sub(3)?;
    let (outward, inward) = code.split_at_checked(at)?;
    match inward.as_bytes() {
        [digit, a, b] if digit.is_ascii_digit() && a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => Some(outward.to_owned()),
        _ => None,
    }
}

/// `C1425DKA` → `1425`: the table has the four digits only.
fn argentine(code: &str) -> Option<String> {
    let digits = code.strip_prefix(|c: char| c.is_ascii_alphabetic())?.get(..4)?;
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.to_owned())
}
