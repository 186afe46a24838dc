//! The land and the borders of countries (Natural Earth, 1:50 million), simplified and drawn once: what the console's map lies on.
//!
//! The source shares lines between neighbors, so each line is simplified once and neighbors still meet. Ends of lines stay where
//! they are, so that areas stay closed.

use crate::rules::map::{Spot, WORLD, project};
use crate::rules::position::Point;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::sync::LazyLock;

const PACKED: &[u8] = include_bytes!("../../data/map/countries-50m.json.gz");
/// It inflates to less than a megabyte; this bounds a damaged file.
const LIMIT_BYTES: u64 = 16 << 20;
/// How many units of the map a line may be off (5 km at the equator), and how many square units an island has at least.
const COARSE: (f64, f64) = (2.2, 6.0);
/// The same where somebody looks closer: about what the source has.
const FINE: (f64, f64) = (0.6, 1.5);

/// The drawing.
#[derive(Debug)]
pub struct Outlines {
    /// SVG, with the areas of land as `#land` and the borders on it as `#borders`, in the units of the map.
    pub svg: String,
    /// The same, compressed.
    pub gzip: Vec<u8>,
}

/// Drawn when first asked for; empty could only be a damaged file, which the tests would find.
static DRAWN: LazyLock<Outlines> = LazyLock::new(|| drawn(COARSE));
static FINER: LazyLock<Outlines> = LazyLock::new(|| drawn(FINE));

fn drawn((off, smallest): (f64, f64)) -> Outlines {
    let svg = read().map(|topology| topology.svg(off, smallest)).unwrap_or_default();
    let gzip = gzip(&svg);
    Outlines { svg, gzip }
}

/// A text, compressed once for all who ask; empty where that fails, which memory doesn't.
pub fn gzip(text: &str) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(text.as_bytes()).and_then(|()| packer.finish()).unwrap_or_default()
}

/// The drawing.
pub fn outlines() -> &'static Outlines {
    &DRAWN
}

/// The same with more of the source's points, for who looks closer.
pub fn finer() -> &'static Outlines {
    &FINER
}

/// TopoJSON, as far as it is needed.
#[derive(Deserialize)]
struct Topology {
    transform: Transform,
    objects: Objects,
    /// Lines: the first point, then the step to each next one.
    arcs: Vec<Vec<[f64; 2]>>,
}

#[derive(Deserialize)]
struct Transform {
    scale: [f64; 2],
    translate: [f64; 2],
}

#[derive(Deserialize)]
struct Objects {
    countries: Collection,
    land: Collection,
}

#[derive(Deserialize)]
struct Collection {
    geometries: Vec<Shape>,
}

/// An area: rings of lines by number; one that is run through backwards is the number's complement.
#[derive(Deserialize)]
#[serde(tag = "type", content = "arcs")]
enum Shape {
    Polygon(Vec<Vec<i64>>),
    MultiPolygon(Vec<Vec<Vec<i64>>>),
}

impl Shape {
    fn rings(&self) -> impl Iterator<Item = &Vec<i64>> {
        let (one, many) = match self {
            Self::Polygon(rings) => (Some(rings), None),
            Self::MultiPolygon(areas) => (None, Some(areas)),
        };
        one.into_iter().chain(many.into_iter().flatten()).flatten()
    }
}

/// A line by its number, and whether it is run through backwards.
fn line(number: i64) -> Option<(usize, bool)> {
    let backwards = number < 0;
    Some((usize::try_from(if backwards { -1 - number } else { number }).ok()?, backwards))
}

fn read() -> Option<Topology> {
    let mut text = Vec::new();
    GzDecoder::new(PACKED).take(LIMIT_BYTES).read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

impl Topology {
    /// The lines on the map, simplified, in whole units.
    fn lines(&self, off: f64) -> Vec<Vec<Spot>> {
        let ([east, north], [west, south]) = (self.transform.scale, self.transform.translate);
        let drawn = |steps: &Vec<[f64; 2]>| {
            let (mut x, mut y) = (0.0, 0.0);
            let spots = steps.iter().map(|[right, up]| {
                (x, y) = (x + right, y + up);
                project(Point::clamped(y * north + south, x * east + west))
            });
            // Across the 180th meridian a line goes on beyond the map's side.
            let mut at: Option<f64> = None;
            let spots = spots.map(|spot| {
                let x = at.map_or(spot.x, |before| spot.x + turns(before, spot.x));
                at = Some(x);
                Spot { x, y: spot.y }
            });
            let mut line = simplified(&spots.collect::<Vec<_>>(), off);
            line.iter_mut().for_each(|spot| *spot = Spot { x: spot.x.round(), y: spot.y.round() });
            line.dedup();
            line
        };
        self.arcs.iter().map(drawn).collect()
    }

    /// The areas of land: rings that are closed, without those that are too small to be seen.
    fn land(&self, lines: &[Vec<Spot>], smallest: f64) -> Vec<Vec<Spot>> {
        let whole = |ring: &Vec<i64>| {
            let mut all: Vec<Spot> = Vec::new();
            for (index, backwards) in ring.iter().filter_map(|number| line(*number)) {
                let piece = lines.get(index).map(Vec::as_slice).unwrap_or_default();
                let first = if backwards { piece.last() } else { piece.first() };
                let by = all.last().zip(first).map_or(0.0, |(before, first)| turns(before.x, first.x));
                let there = |spot: &Spot| Spot { x: spot.x + by, y: spot.y };
                match backwards {
                    true => all.extend(piece.iter().rev().map(there)),
                    false => all.extend(piece.iter().map(there)),
                }
                all.dedup();
            }
            // Once around the pole: the way back is the edge of the map.
            if let Some((first, last)) = all.first().copied().zip(all.last().copied()).filter(|(first, last)| first.x != last.x) {
                let edge = if last.y > WORLD / 2.0 { WORLD } else { 0.0 };
                all.extend([Spot { x: last.x, y: edge }, Spot { x: first.x, y: edge }, first]);
            }
            all
        };
        let rings = self.objects.land.geometries.iter().flat_map(Shape::rings).map(whole);
        rings.filter(|ring| area(ring).abs() >= smallest).collect()
    }

    /// The lines that two countries share.
    fn borders<'l>(&self, lines: &'l [Vec<Spot>]) -> impl Iterator<Item = &'l Vec<Spot>> {
        let mut uses: BTreeMap<usize, u32> = BTreeMap::new();
        let rings = self.objects.countries.geometries.iter().flat_map(Shape::rings);
        for (index, _) in rings.flatten().filter_map(|number| line(*number)) {
            *uses.entry(index).or_default() += 1;
        }
        let shared = uses.into_iter().filter(|(_, count)| *count > 1);
        shared.filter_map(|(index, _)| lines.get(index)).filter(|line| line.len() > 1)
    }

    fn svg(&self, off: f64, smallest: f64) -> String {
        let lines = self.lines(off);
        let mut land = String::new();
        self.land(&lines, smallest).iter().for_each(|ring| draw(&mut land, ring, true));
        let mut borders = String::new();
        self.borders(&lines).for_each(|line| draw(&mut borders, line, false));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WORLD} {WORLD}\"><path id=\"land\" d=\"{land}\"/>\
             <path id=\"borders\" d=\"{borders}\" fill=\"none\" vector-effect=\"non-scaling-stroke\"/></svg>\n"
        )
    }
}

/// The units, whole worlds of them, by which something is moved to be nearest to what is before it.
fn turns(before: f64, x: f64) -> f64 {
    ((before - x) / WORLD).round() * WORLD
}

/// Twice the area of a ring is the sum of these; its sign tells the direction.
fn area(ring: &[Spot]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| a.x * b.y - b.x * a.y).sum::<f64>() / 2.0
}

/// A line as path data: where it begins, then steps in whole units.
fn draw(into: &mut String, line: &[Spot], closed: bool) {
    let Some(first) = line.first() else { return };
    let mut at = *first;
    // A text is written to: that doesn't fail.
    let _ = write!(into, "M{} {}l", at.x, at.y);
    let last = if closed && line.last() == Some(first) { line.len() - 1 } else { line.len() };
    for (index, spot) in line.iter().take(last).enumerate().skip(1) {
        let (right, down) = (spot.x - at.x, spot.y - at.y);
        let between = if index == 1 || right < 0.0 { "" } else { " " };
        let then = if down < 0.0 { "" } else { " " };
        let _ = write!(into, "{between}{right}{then}{down}");
        at = *spot;
    }
    if closed {
        into.push('z');
    }
}

/// The line with as few of its points as it takes to be nowhere further off than `most` (Douglas and Peucker). Both of its ends
/// stay; of a ring, the point that is furthest from where it begins, too.
fn simplified(line: &[Spot], most: f64) -> Vec<Spot> {
    let mut keep = vec![false; line.len()];
    let Some(last) = line.len().checked_sub(1) else { return Vec::new() };
    (keep[0], keep[last]) = (true, true);
    let mut pieces = vec![(0, last)];
    while let Some((from, to)) = pieces.pop() {
        let off = (from + 1..to).map(|index| (index, distance(line[index], line[from], line[to])));
        let Some((index, furthest)) = off.max_by(|a, b| a.1.total_cmp(&b.1)) else { continue };
        if furthest > most {
            keep[index] = true;
            pieces.extend([(from, index), (index, to)]);
        }
    }
    line.iter().zip(keep).filter_map(|(spot, keep)| keep.then_some(*spot)).collect()
}

/// How far a spot is from the line between two others.
fn distance(spot: Spot, from: Spot, to: Spot) -> f64 {
    let (right, down) = (to.x - from.x, to.y - from.y);
    let square = right * right + down * down;
    let along = if square > 0.0 { (((spot.x - from.x) * right + (spot.y - from.y) * down) / square).clamp(0.0, 1.0) } else { 0.0 };
    (spot.x - from.x - along * right).hypot(spot.y - from.y - along * down)
}

#[cfg(test)]
mod tests;
