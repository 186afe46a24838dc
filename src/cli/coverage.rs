//! `swapline coverage`: would Gold Plus reach the sites of a table (P5.2, P5.3)?

use super::batch::{self, Pipe};
use super::locate::point;
use crate::actions::check_site::center;
use crate::clock::Clock;
use crate::config::Config;
use crate::feeds::Fault;
use crate::feeds::stream::{self, Row, Shape};
use crate::reference::Reference;
use crate::rules::coverage::{self, Center, Inquiry, Network};
use crate::rules::position::{Grade, Position};
use crate::rules::program::Program;
use crate::rules::text::{Code, TextFault};
use crate::store::{StoreError, centers};
use anyhow::{Context as _, bail};
use chrono::NaiveDate;
use clap::Args;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Which sites, by which centers.
#[derive(Debug, Args)]
pub struct CoverageArgs {
    /// The sites: id,country,latitude,longitude,radius_m,postal_code,city,region (a position or an address); `-` for standard input
    #[arg(long, value_name = "FILE")]
    pub sites: PathBuf,
    /// The CSV file to write: id,verdict,nearest,distance_meters,limit_miles,margin_miles,grade; `-` for standard output
    #[arg(long = "out", value_name = "FILE")]
    pub output: PathBuf,
    /// The service centers: id,name,country,latitude,longitude,tz,opens_on,closes_on; else those of the database
    #[arg(long, value_name = "FILE")]
    pub centers: Option<PathBuf>,
}

const SITES: Shape = Shape {
    reads: &["id*", "country*", "latitude", "longitude", "radius_m", "postal_code", "city", "region"],
    writes: &["id", "verdict", "nearest", "distance_meters", "limit_miles", "margin_miles", "grade"],
};
const CENTERS: Shape =
    Shape { reads: &["id*", "name", "country*", "latitude*", "longitude*", "tz", "opens_on", "closes_on"], writes: &["id"] };

/// Centers that are read from the database at once.
const PAGE: i64 = 5_000;

/// Judges a table, as of today.
pub async fn run(config: &Config, args: CoverageArgs) -> anyhow::Result<ExitCode> {
    let reference = Reference::load(config.program.file.as_deref()).context("reference data")?;
    let today = Clock::System.now().date_naive();
    let program = reference.programs.in_force(today).context("no program is in force")?;
    let centers = match &args.centers {
        Some(path) => read_centers(path)?,
        None => stored_centers(config).await?,
    };
    let network = Network::of(centers, program);
    let pipe = Pipe { input: args.sites, output: args.output };
    batch::run(&pipe, SITES, |row, cells| judge(row, &reference, program, &network, today, cells))
}

fn judge(
    row: &Row<'_>,
    reference: &Reference,
    program: &Program,
    network: &Network,
    today: NaiveDate,
    cells: &mut Vec<String>,
) -> Result<(), Fault> {
    let country = row.read(1, country)?;
    let position = position(row, reference, &country)?;
    let postal_code = Some(row.text(5)?).filter(|code| !code.is_empty());
    let place = Inquiry { position: position.as_ref(), country: &country, confirmed: false, only_nearest: true };
    let evidence = |position: &Position| reference.evidence(position, &country, postal_code, program);
    let coverage = coverage::judge(network, &place, program, today, evidence);
    let nearest = coverage.nearest();
    let figure = |value: Option<f64>| value.map_or(String::new(), |value| format!("{value:.4}"));
    cells.extend([
        row.text(0)?.to_owned(),
        coverage.verdict.to_string(),
        nearest.map_or(String::new(), |c| c.center.to_string()),
        figure(nearest.map(|c| c.meters)),
        coverage.limit_miles.to_string(),
        figure(coverage.margin_miles()),
        position.map_or(Grade::None, |p| p.grade).to_string(),
    ]);
    Ok(())
}

/// As stated, with its radius; else located by what the row has of an address.
fn position(row: &Row<'_>, reference: &Reference, country: &str) -> Result<Option<Position>, Fault> {
    let text = |column| row.text(column).map(|text| Some(text).filter(|text| !text.is_empty()));
    if text(2)?.is_none() && text(3)?.is_none() {
        return Ok(reference.gazetteer.locate(country, text(7)?, text(6)?, text(5)?));
    }
    let radius_meters = row.read(4, radius)?;
    Ok(Some(Position { radius_meters, ..Position::given(point(row, 2)?) }))
}

fn radius(text: &str) -> Result<f64, TextFault> {
    let meters = if text.is_empty() { Some(0.0) } else { text.parse().ok() };
    meters.filter(|m: &f64| m.is_finite() && *m >= 0.0).ok_or_else(|| TextFault::new("bad_number", "must be meters, 0 or more"))
}

fn country(text: &str) -> Result<String, TextFault> {
    match text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic()) {
        true => Ok(text.to_ascii_uppercase()),
        false => Err(TextFault::new("bad_country", "must be a country code of two letters")),
    }
}

fn read_centers(path: &Path) -> anyhow::Result<Vec<Center>> {
    let name = path.display().to_string();
    let (input, bar) = batch::open(path)?;
    let (mut centers, mut first, mut codes) = (Vec::new(), None::<Fault>, BTreeSet::new());
    let date = |text: &str| match text {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| TextFault::new("bad_date", "must be a date such as 2026-11-24")),
    };
    let take = |row: &Row<'_>, cells: &mut Vec<String>| {
        let opens_on = row.read(6, date)?.unwrap_or(NaiveDate::MIN);
        let (code, country) = (row.read(0, Code::parse)?, row.read(2, country)?);
        if !codes.insert(code.clone()) {
            return Err(row.fault(0, TextFault::new("duplicate", "stands in the file before")));
        }
        cells.push(code.to_string());
        centers.push(Center { code, country, point: point(row, 3)?, opens_on, closes_on: row.read(7, date)? });
        Ok(())
    };
    stream::run(CENTERS, input, std::io::sink(), take, |fault| first = first.take().or_else(|| Some(fault.clone())))
        .context(name.clone())?;
    bar.finish_and_clear();
    // A center that is left out would make somebody's verdict wrong.
    match first {
        Some(fault) => bail!("{name}: {fault}"),
        None => Ok(centers),
    }
}

async fn stored_centers(config: &Config) -> anyhow::Result<Vec<Center>> {
    let db = super::open(config).await?;
    let all = db.read(|conn| {
        let (mut all, mut after) = (Vec::<Center>::new(), None::<Code>);
        loop {
            let page = centers::page(conn, &centers::Filter::default(), after.as_ref().map(Code::as_str), PAGE)?;
            all.extend(page.rows.iter().map(|stand| center(&stand.record)));
            after = all.last().map(|last| last.code.clone());
            if !page.more {
                return Ok::<_, StoreError>(all);
            }
        }
    });
    Ok(all.await?)
}
