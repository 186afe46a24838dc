//! Cities of one country by their names, in whatever spelling and script people use.

use super::Spot;
use crate::reference::by_country::rows;
use crate::rules::coverage::distance_meters;
use crate::rules::position::{Method, Position};
use icu_normalizer::DecomposingNormalizerBorrowed;

/// The radius of a place of up to 250,000 people: its outskirts, and the villages that use its name.
const RADIUS_METERS: f64 = 10_000.0;
const RADIUS_PEOPLE: f64 = 250_000.0;
/// The radius of a city of 6 million people and more.
const MAX_RADIUS_METERS: f64 = 50_000.0;
/// Longer than any city's name; what is longer is none.
const MAX_NAME: usize = 200;

/// Countries in which GeoNames' first-level code is the ISO 3166-2 suffix. Elsewhere the two are different numberings,
/// so that an equal code would mean another place.
pub(super) const ADMIN1_IS_ISO: [&str; 6] = ["BE", "CH", "GB", "IE", "NZ", "US"];
/// Countries with a table from one numbering to the other: country, region, admin1.
const REGIONS: &str = include_str!("../../../data/gazetteer/regions.csv");

/// The cities of a country and two indexes over their names.
#[derive(Default)]
pub(super) struct Cities {
    cities: Vec<City>,
    names: Names,
    aliases: Names,
}

struct City {
    admin1: Box<str>,
    spot: Spot,
    population: u32,
}

impl City {
    /// A city's area grows with its population, so its radius with the square root.
    fn radius_meters(&self) -> f64 {
        let scale = (f64::from(self.population) / RADIUS_PEOPLE).sqrt();
        (RADIUS_METERS * scale).clamp(RADIUS_METERS, MAX_RADIUS_METERS)
    }
}

/// Folded names, ascending, end to end in one string.
#[derive(Default)]
struct Names {
    text: String,
    /// Start and end of a name in `text`, and the place of its city.
    entries: Vec<(usize, usize, usize)>,
}

impl Names {
    fn push(&mut self, name: &str, city: usize) {
        let start = self.text.len();
        self.text.push_str(&fold(name));
        if self.text.len() > start {
            self.entries.push((start, self.text.len(), city));
        }
    }

    fn sort(&mut self) {
        let text = &self.text;
        self.entries.sort_by(|a, b| text.get(a.0..a.1).cmp(&text.get(b.0..b.1)));
        self.text.shrink_to_fit();
        self.entries.shrink_to_fit();
    }

    fn find(&self, folded: &str) -> Vec<usize> {
        let name = |entry: &(usize, usize, usize)| self.text.get(entry.0..entry.1).unwrap_or_default();
        let first = self.entries.partition_point(|entry| name(entry) < folded);
        let mut found: Vec<usize> = self.entries.iter().skip(first).take_while(|e| name(e) == folded).map(|e| e.2).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

impl Cities {
    /// Columns: country, admin1, name, latitude, longitude, population, aliases (separated by `|`).
    pub(super) fn read(csv: &[u8]) -> Self {
        let mut table = Self::default();
        for row in rows(csv) {
            let cell = |i: usize| row.get(i).unwrap_or_default();
            let (Some(spot), Ok(population)) = (Spot::read(cell(3), cell(4)), cell(5).parse()) else { continue };
            let city = table.cities.len();
            table.cities.push(City { admin1: cell(1).into(), spot, population });
            table.names.push(cell(2), city);
            cell(6).split('|').for_each(|alias| table.aliases.push(alias, city));
        }
        table.cities.shrink_to_fit();
        table.names.sort();
        table.aliases.sort();
        table
    }

    /// How many cities there are.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.cities.len()
    }

    /// The position of a city as a person wrote it. One that is ambiguous after its region was looked at is placed at the
    /// most populous, with a radius that reaches the others. `None` if the region is known and has no city of the name.
    pub(super) fn locate(&self, country: &str, region: Option<&str>, written: &str) -> Option<Position> {
        if written.len() > MAX_NAME {
            return None;
        }
        let folded = fold(written);
        let mut found = self.names.find(&folded);
        if found.is_empty() {
            found = self.aliases.find(&folded);
        }
        let mut namesakes: Vec<&City> = found.into_iter().filter_map(|i| self.cities.get(i)).collect();
        let mut method = Method::City;
        if let Some(admin1) = region.and_then(|r| self.admin1(country, r)) {
            namesakes.retain(|city| *city.admin1 == *admin1);
            method = Method::CityRegion;
        }
        namesakes.sort_by_key(|city| std::cmp::Reverse(city.population));
        let (largest, others) = namesakes.split_first()?;
        let center = largest.spot.point()?;
        let reach = |city: &&City| Some(distance_meters(center, city.spot.point()?) + city.radius_meters());
        let radius_meters = others.iter().filter_map(reach).fold(largest.radius_meters(), f64::max);
        largest.spot.position(method, radius_meters.ceil())
    }

    /// GeoNames' code of an ISO region, if that can be told: Great Britain's counties, for one, can't.
    fn admin1(&self, country: &str, region: &str) -> Option<String> {
        if ADMIN1_IS_ISO.contains(&country) {
            return self.cities.iter().any(|city| *city.admin1 == *region).then(|| region.to_owned());
        }
        let row = format!("{country},{region},");
        REGIONS.lines().find_map(|line| line.strip_prefix(&row)).map(str::to_owned)
    }
}

/// What is left of a name when accents, case and punctuation are taken away: `São  Paulo` and `SAO-PAULO` are `sao paulo`.
pub(super) fn fold(name: &str) -> String {
    let plain = DecomposingNormalizerBorrowed::new_nfkd().normalize(name);
    let mut folded = String::with_capacity(plain.len());
    let mut gap = false;
    for c in plain.chars().flat_map(char::to_lowercase) {
        let letters: &str = match c {
            'ß' => "ss",
            'æ' => "ae",
            'œ' => "oe",
            'ø' => "o",
            'đ' | 'ð' => "d",
            'ł' => "l",
            'ı' => "i",
            '\'' | '’' | 'ʻ' | '`' => continue,
            '\u{300}'..='\u{36F}' => continue,
            _ => "",
        };
        if letters.is_empty() && !c.is_alphanumeric() && !is_mark(c) {
            gap = true;
            continue;
        }
        if gap && !folded.is_empty() {
            folded.push(' ');
        }
        gap = false;
        match letters {
            "" => folded.push(c),
            letters => folded.push_str(letters),
        }
    }
    folded
}

/// Vowel signs and voicing marks are letters in all but name: without them scripts of South Asia and Japan lose words.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{D7F}' | '\u{E31}'..='\u{E4E}' | '\u{3099}' | '\u{309A}' | '\u{1000}'..='\u{109F}')
}
