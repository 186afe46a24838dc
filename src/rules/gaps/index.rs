//! Points, indexed by where they are in space: those within a chord, and the nearest one.

use crate::rules::coverage::in_space;
use crate::rules::position::Point;

/// So few points are looked at one by one.
const LEAF: usize = 16;

/// A k-d tree: the middle of a range parts it along its axis.
#[derive(Debug, Default)]
pub struct Index(Vec<Spot>);

#[derive(Debug, Clone, Copy)]
struct Spot {
    at: [f64; 3],
    axis: usize,
    /// Which of the points it is.
    of: usize,
}

impl Index {
    /// Indexes points; each is called by its place in `points`.
    pub fn new(points: impl Iterator<Item = (usize, Point)>) -> Self {
        let mut spots: Vec<Spot> = points.map(|(of, point)| Spot { at: in_space(point), axis: 0, of }).collect();
        part(&mut spots);
        Self(spots)
    }

    /// Shows each point whose chord is not longer than `reach` meters, with the chord, in no order that means something.
    pub fn within(&self, from: Point, reach: f64, mut show: impl FnMut(usize, f64)) {
        let square = reach.max(0.0).powi(2);
        search(&self.0, &in_space(from), square, &mut |of, chord| {
            show(of, chord.sqrt());
            square
        });
    }

    /// The nearest point, of equally near ones that which comes first.
    pub fn nearest(&self, from: Point) -> Option<usize> {
        let mut best: Option<(f64, usize)> = None;
        search(&self.0, &in_space(from), f64::INFINITY, &mut |of, square| {
            let (nearest, _) = *best.insert(best.filter(|before| *before <= (square, of)).unwrap_or((square, of)));
            nearest
        });
        best.map(|(_, of)| of)
    }
}

/// Shows what lies within the square of a chord; each answer is the square from then on. The last one is given back.
fn search(spots: &[Spot], from: &[f64; 3], mut square: f64, show: &mut impl FnMut(usize, f64) -> f64) -> f64 {
    let mut look = |spot: &Spot, within: f64| {
        let chord = (0..3).map(|axis| (from[axis] - spot.at[axis]).powi(2)).sum::<f64>();
        if chord <= within { show(spot.of, chord) } else { within }
    };
    if spots.len() <= LEAF {
        return spots.iter().fold(square, |within, spot| look(spot, within));
    }
    let (before, rest) = spots.split_at(spots.len() / 2);
    let Some((middle, after)) = rest.split_first() else { return square };
    square = look(middle, square);
    let beyond = from[middle.axis] - middle.at[middle.axis];
    let (near, far) = if beyond < 0.0 { (before, after) } else { (after, before) };
    square = search(near, from, square, show);
    if beyond * beyond <= square { search(far, from, square, show) } else { square }
}

/// Puts the middle of a range along its widest axis in the middle, and so on for both halves.
fn part(spots: &mut [Spot]) {
    if spots.len() <= LEAF {
        return;
    }
    let width = |axis: usize| {
        let along = spots.iter().map(|spot| spot.at[axis]);
        along.clone().fold(f64::NEG_INFINITY, f64::max) - along.fold(f64::INFINITY, f64::min)
    };
    let axis = (0..3).max_by(|a, b| width(*a).total_cmp(&width(*b))).unwrap_or_default();
    let middle = spots.len() / 2;
    let (before, parting, after) = spots.select_nth_unstable_by(middle, |a, b| a.at[axis].total_cmp(&b.at[axis]));
    parting.axis = axis;
    part(before);
    part(after);
}
