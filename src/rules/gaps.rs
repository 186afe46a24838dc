//! Where would another service center bring most (P5.2)? Places for new centers, each the one by which most contracts gain Gold Plus
//! after those before it.
//!
//! Choosing the best set of places is a hard problem; choosing the best place, and so on, is never worse than 1 - 1/e of it, and
//! is what somebody who builds one center after the other does.

mod index;

use super::coverage::{ROUNDING_METERS, Verdict, distance_meters, in_reach, longest_way};
use super::position::Point;
use index::Index;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashSet};

/// The most proposals of one answer.
pub const PROPOSALS_MOST: usize = 50;
/// The most populous places of a country that are looked at, besides the nearest one of each site.
pub const PLACES_MOST: usize = 2_000;

/// A site that Gold Plus does not reach, though a contract entitles to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// Its code.
    pub site: String,
    /// The country of its address.
    pub country: String,
    /// Which country that counts as (P5.2).
    pub home: String,
    /// Where it is.
    pub point: Point,
    /// How far off that may be (P5.3).
    pub radius_meters: f64,
    /// How far a center may be.
    pub limit_meters: f64,
    /// Which contracts entitle, by number in a list of the caller's, and how many of their appliances are there.
    pub holdings: Vec<(usize, i64)>,
}

/// A place where a center might be.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Its name; `None` for the very position of a site that has no place in reach.
    pub name: Option<String>,
    /// Its region, where that is known by its ISO 3166-2 suffix.
    pub region: Option<String>,
    /// Its country.
    pub country: String,
    /// Which country that counts as (P5.2).
    pub home: String,
    /// Where it is.
    pub point: Point,
    /// How many people live there.
    pub people: u32,
}

/// How much a place brings: more contracts first, then more appliances, then more sites.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gain {
    /// Contracts that gain Gold Plus at a site, and had gained it at none.
    pub contracts: usize,
    /// Appliances that gain it.
    pub appliances: i64,
    /// Sites that are reached.
    pub sites: usize,
}

/// A place that is proposed.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// The place.
    pub place: Place,
    /// What it brings after those before it.
    pub gain: Gain,
    /// What all up to this one bring.
    pub cumulative: Gain,
    /// The sites that it brings, by their place in the list that was given: those with most appliances first, then by code.
    pub reached: Vec<usize>,
}

/// The places that are looked at, each once: the most populous ones of a country, the nearest one of each site, and the site itself
/// where even that one is out of reach. `known` are the places of the sites' countries.
pub fn candidates(gaps: &[Gap], known: Vec<Place>) -> Vec<Place> {
    let mut by_country: BTreeMap<String, Vec<Place>> = BTreeMap::new();
    for place in known {
        by_country.entry(place.country.clone()).or_default().push(place);
    }
    let mut sites: BTreeMap<&str, Vec<&Gap>> = BTreeMap::new();
    for gap in gaps {
        sites.entry(gap.country.as_str()).or_default().push(gap);
    }
    let mut wanted = Vec::new();
    for (country, gaps) in sites {
        let mut places = by_country.remove(country).unwrap_or_default();
        places.sort_by(preferred);
        let index = Index::new(places.iter().enumerate().map(|(number, place)| (number, place.point)));
        let mut chosen: Vec<bool> = (0..places.len()).map(|number| number < PLACES_MOST).collect();
        for gap in gaps {
            match index.nearest(gap.point).filter(|number| reaches(places[*number].point, gap)) {
                Some(number) => chosen[number] = true,
                None => wanted.push(own_position(gap)),
            }
        }
        wanted.extend(places.into_iter().zip(chosen).filter_map(|(place, chosen)| chosen.then_some(place)));
    }
    wanted.sort_by(preferred);
    wanted.dedup_by(|a, b| preferred(a, b).is_eq());
    wanted
}

fn own_position(gap: &Gap) -> Place {
    let (country, home) = (gap.country.clone(), gap.home.clone());
    Place { name: None, region: None, country, home, point: gap.point, people: 0 }
}

/// Which of two places that bring as much is proposed: the one with more people, then by name and position.
fn preferred(a: &Place, b: &Place) -> std::cmp::Ordering {
    b.people
        .cmp(&a.people)
        .then_with(|| a.name.is_none().cmp(&b.name.is_none()))
        .then_with(|| (&a.name, &a.country, &a.region).cmp(&(&b.name, &b.country, &b.region)))
        .then_with(|| a.point.latitude().total_cmp(&b.point.latitude()))
        .then_with(|| a.point.longitude().total_cmp(&b.point.longitude()))
}

/// True if Gold Plus would reach the site from there (P5.2, P5.3).
pub fn reaches(place: Point, gap: &Gap) -> bool {
    in_reach(distance_meters(place, gap.point), gap.limit_meters, gap.radius_meters) == Verdict::Eligible
}

/// At most `most` places, the one that brings most first, each judged after those before it; none that brings nothing.
///
/// What a place brings only becomes less by others before it. So one whose gain was counted anew and is still ahead of what the others
/// once had is the best, and most are counted once.
pub fn propose(gaps: &[Gap], mut places: Vec<Place>, most: usize) -> Vec<Proposal> {
    places.sort_by(preferred);
    let mut search = Search::new(gaps);
    let mut queue: BinaryHeap<(Gain, Reverse<usize>, usize)> = BinaryHeap::new();
    for (number, place) in places.iter().enumerate() {
        let gain = search.gain(place);
        queue.extend((gain.sites > 0).then_some((gain, Reverse(number), 0)));
    }
    let mut proposals: Vec<Proposal> = Vec::new();
    let mut cumulative = Gain::default();
    while proposals.len() < most.min(PROPOSALS_MOST) {
        let Some((_, Reverse(number), round)) = queue.pop() else { break };
        let Some(place) = places.get(number) else { continue };
        let gain = search.gain(place);
        if round < proposals.len() {
            queue.extend((gain.sites > 0).then_some((gain, Reverse(number), proposals.len())));
            continue;
        }
        cumulative.contracts += gain.contracts;
        cumulative.appliances += gain.appliances;
        cumulative.sites += gain.sites;
        proposals.push(Proposal { place: place.clone(), gain, cumulative, reached: search.take(place) });
    }
    proposals
}

/// What is reached already, and what is not.
struct Search<'a> {
    gaps: &'a [Gap],
    /// The sites of each country that counts as one, and how far the farthest-reaching limit of them is.
    homes: BTreeMap<&'a str, (Index, f64)>,
    reached: Vec<bool>,
    gained: HashSet<usize>,
    /// For each contract the count in which it was seen last, so that each counts once.
    seen: Vec<usize>,
    counts: usize,
}

impl<'a> Search<'a> {
    fn new(gaps: &'a [Gap]) -> Self {
        let mut groups: BTreeMap<&str, Vec<(usize, Point)>> = BTreeMap::new();
        let mut limits: BTreeMap<&str, f64> = BTreeMap::new();
        for (number, gap) in gaps.iter().enumerate() {
            groups.entry(gap.home.as_str()).or_default().push((number, gap.point));
            let limit = limits.entry(gap.home.as_str()).or_default();
            *limit = limit.max(gap.limit_meters);
        }
        let indexed = |(home, points): (&'a str, Vec<(usize, Point)>)| {
            (home, (Index::new(points.into_iter()), limits.get(home).copied().unwrap_or_default()))
        };
        let contracts = gaps.iter().flat_map(|gap| &gap.holdings).map(|(contract, _)| contract + 1).max().unwrap_or_default();
        let homes = groups.into_iter().map(indexed).collect();
        Self { gaps, homes, reached: vec![false; gaps.len()], gained: HashSet::new(), seen: vec![0; contracts], counts: 0 }
    }

    /// Shows each site that a center there would reach, and none does yet.
    fn each(&self, place: &Place, mut show: impl FnMut(usize, &'a Gap)) {
        let Some((index, limit)) = self.homes.get(place.home.as_str()) else { return };
        index.within(place.point, limit + ROUNDING_METERS, |number, chord| {
            let gap = &self.gaps[number];
            // The chord tells nearly always: only who is at the border is measured.
            let inner = gap.limit_meters - gap.radius_meters;
            let surely = longest_way(chord) + ROUNDING_METERS < inner;
            if !self.reached[number] && chord - ROUNDING_METERS <= inner && (surely || reaches(place.point, gap)) {
                show(number, gap);
            }
        });
    }

    fn gain(&mut self, place: &Place) -> Gain {
        self.counts += 1;
        let (mut gain, mut seen) = (Gain::default(), std::mem::take(&mut self.seen));
        self.each(place, |_, gap| {
            gain.sites += 1;
            for (contract, appliances) in &gap.holdings {
                gain.appliances += appliances;
                if seen[*contract] != self.counts && !self.gained.contains(contract) {
                    seen[*contract] = self.counts;
                    gain.contracts += 1;
                }
            }
        });
        self.seen = seen;
        gain
    }

    /// Builds a center there: the sites that it reaches.
    fn take(&mut self, place: &Place) -> Vec<usize> {
        let mut reached = Vec::new();
        self.each(place, |number, _| reached.push(number));
        for number in &reached {
            self.reached[*number] = true;
            self.gained.extend(self.gaps[*number].holdings.iter().map(|(contract, _)| *contract));
        }
        let appliances = |gap: &Gap| gap.holdings.iter().map(|(_, count)| count).sum::<i64>();
        let order = |number: &usize| (Reverse(appliances(&self.gaps[*number])), self.gaps[*number].site.as_str());
        reached.sort_by(|a, b| order(a).cmp(&order(b)));
        reached
    }
}

#[cfg(test)]
mod tests;
