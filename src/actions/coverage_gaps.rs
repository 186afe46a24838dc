//! Where another service center would bring most: places by the contracts that gain Gold Plus. Reads by pages, stores nothing.

use super::{Context, Done};
use crate::rules::coverage::{Inquiry, METERS_PER_MILE, question};
use crate::rules::gaps::{Gain, Gap, Place, Proposal, candidates, propose};
use crate::rules::program::Program;
use crate::rules::refusal::Refusal;
use crate::rules::what_if::World;
use crate::rules::zone::local_day;
use crate::store::network::{self, Placed};
use crate::store::{Conn, Id, centers};
use std::collections::{BTreeSet, HashMap};

/// Rows that are read at once.
const PIECE: i64 = 5_000;
/// Identifiers that one query names.
const NAMES: usize = 500;
/// Sites without Gold Plus that one answer looks at.
const SITES_MOST: usize = 500_000;
/// Examples that a proposal names.
pub const EXAMPLES: usize = 5;

/// A contract at a site that a place brings.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Example {
    pub contract: String,
    pub organization: String,
    pub site: String,
    pub appliances: i64,
}

/// The whole answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The version of the program.
    pub program_version: String,
    /// What Gold Plus does not reach, though a contract entitles to it.
    pub without: Gain,
    /// Sites of such contracts whose position is not known.
    pub not_located: i64,
    /// Sites of such contracts whose position is questioned (P5.3): no center helps them before it is confirmed.
    pub questioned: usize,
    /// The places, each with examples.
    pub proposals: Vec<(Proposal, Vec<Example>)>,
}

/// What is gathered before anything is proposed.
#[derive(Default)]
struct Found {
    gaps: Vec<Gap>,
    /// Number and organization of each contract, in the order in which gaps call them.
    contracts: Vec<(String, String)>,
    numbers: HashMap<String, usize>,
    questioned: usize,
}

/// Proposes at most `most` places for new centers: in a country and what counts as it (P5.2), or anywhere.
pub fn coverage_gaps(conn: &mut Conn, ctx: &Context, country: Option<&str>, most: usize) -> Done<Answer> {
    let program = ctx.program().ok_or_else(|| Refusal::refused("no_program", "P5.2", "no program is in force"))?;
    let countries = country.map(|country| program.counted_with(country));
    let found = gather(conn, ctx, program, countries.as_deref())?;
    let not_located = network::not_located(conn, countries.as_deref(), ctx.now.date_naive())?;
    let without = Gain {
        contracts: found.contracts.len(),
        appliances: found.gaps.iter().flat_map(|gap| &gap.holdings).map(|(_, appliances)| appliances).sum(),
        sites: found.gaps.len(),
    };
    let places = candidates(&found.gaps, known(ctx, program, &found.gaps));
    let proposals = propose(&found.gaps, places, most).into_iter().map(|proposal| {
        let examples = found.examples(&proposal);
        (proposal, examples)
    });
    let proposals = proposals.collect();
    Ok(Answer { program_version: program.version.clone(), without, not_located, questioned: found.questioned, proposals })
}

/// The places of the countries that have gaps.
fn known(ctx: &Context, program: &Program, gaps: &[Gap]) -> Vec<Place> {
    let countries: BTreeSet<&str> = gaps.iter().map(|gap| gap.country.as_str()).collect();
    let of = |country: &str| {
        let place = |named: &crate::reference::gazetteer::Named| Place {
            name: Some(named.name.clone()),
            region: named.region.clone(),
            country: country.to_owned(),
            home: program.home_of(country).to_owned(),
            point: named.point,
            people: named.people,
        };
        ctx.reference.gazetteer.places(country).iter().map(place).collect::<Vec<_>>()
    };
    countries.into_iter().flat_map(of).collect()
}

fn gather(conn: &mut Conn, ctx: &Context, program: &Program, countries: Option<&[String]>) -> Done<Found> {
    let world = World::new(centers::all(conn)?, program.clone());
    let (mut found, mut after) = (Found::default(), None);
    loop {
        let page = network::places(conn, countries, after, PIECE)?;
        let Some(last) = page.last().map(|place| place.id) else { return Ok(found) };
        after = Some(last);
        let out_of_reach = |place: &Placed| {
            let inquiry = Inquiry { position: Some(&place.position), country: &place.country, confirmed: true, only_nearest: true };
            !world.reaches(&inquiry, local_day(place.zone, ctx.now))
        };
        let page: Vec<Placed> = page.into_iter().filter(out_of_reach).collect();
        for piece in page.chunks(NAMES) {
            let ids: Vec<Id> = piece.iter().map(|place| place.id).collect();
            let entitled = network::gold_plus_at(conn, &ids, ctx.now.date_naive())?;
            found.add(ctx, program, piece, entitled);
        }
        if found.gaps.len() > SITES_MOST {
            let detail = format!("more than {SITES_MOST} sites are without Gold Plus: ask for one country");
            return Err(Refusal::refused("too_many_sites", "P5.2", detail).into());
        }
    }
}

impl Found {
    /// Adds those of these sites that have a contract, unless their position is doubted (P5.3).
    fn add(&mut self, ctx: &Context, program: &Program, piece: &[Placed], entitled: Vec<network::ContractAtSite>) {
        let mut by_site: HashMap<Id, Vec<(String, String, i64)>> = HashMap::new();
        for (site, contract, organization, appliances) in entitled {
            by_site.entry(site).or_default().push((contract, organization, appliances));
        }
        for place in piece {
            let Some(entitled) = by_site.remove(&place.id) else { continue };
            if is_questioned(ctx, program, place) {
                self.questioned += 1;
                continue;
            }
            let holdings = entitled.into_iter().map(|(contract, organization, count)| (self.number(contract, organization), count));
            let holdings = holdings.collect();
            self.gaps.push(Gap {
                site: place.code.clone(),
                country: place.country.clone(),
                home: program.home_of(&place.country).to_owned(),
                point: place.position.point,
                radius_meters: place.position.radius_meters,
                limit_meters: program.radius_miles(&place.country) * METERS_PER_MILE,
                holdings,
            });
        }
    }

    fn number(&mut self, contract: String, organization: String) -> usize {
        if let Some(number) = self.numbers.get(&contract) {
            return *number;
        }
        let number = self.contracts.len();
        self.contracts.push((contract.clone(), organization));
        self.numbers.insert(contract, number);
        number
    }

    fn examples(&self, proposal: &Proposal) -> Vec<Example> {
        let gaps = proposal.reached.iter().filter_map(|number| self.gaps.get(*number));
        let mut examples: Vec<Example> = Vec::new();
        for gap in gaps.take(EXAMPLES) {
            for (contract, appliances) in &gap.holdings {
                let Some((contract, organization)) = self.contracts.get(*contract).cloned() else { continue };
                examples.push(Example { contract, organization, site: gap.site.clone(), appliances: *appliances });
            }
        }
        examples.truncate(EXAMPLES);
        examples
    }
}

fn is_questioned(ctx: &Context, program: &Program, place: &Placed) -> bool {
    if place.confirmed {
        return false;
    }
    let evidence = ctx.reference.evidence(&place.position, &place.country, place.postal_code.as_deref(), program);
    let (area, there) = (evidence.postal_area, evidence.country_there);
    !question(&place.position, &place.country, area.as_ref(), there.as_deref(), program).is_empty()
}
