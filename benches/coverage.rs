//! How fast places are judged, single-threaded, against 250 and 25,000 service centers, and against PostGIS with the same
//! sites and centers in the same run.
//!
//! `bash benches/run.sh` installs PostGIS and starts the server; without it the peer is left out, and the bench says so.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "a bench prints figures, and stops where it can't go on"
)]

mod measure;

use chrono::NaiveDate;
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, sql_query};
use measure::{best, heading, random, report};
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;
use swapline::rules::coverage::{Center, METERS_PER_MILE, Network};
use swapline::rules::position::{Point, Position};
use swapline::rules::text::Code;

const SITES: usize = 100_000;
const LIMIT_MILES: f64 = 70.0;

fn main() {
    heading("checks/s");
    let sites = points(SITES);
    let day: NaiveDate = "2026-11-24".parse().unwrap();
    for (centers, goal) in [(250, "goals: 500,000/s, 20 x"), (25_000, "goals: 200,000/s, 20 x")] {
        let centers = points(centers);
        let network = Network::new(centers.iter().enumerate().map(center).collect());
        let positions: Vec<Position> = sites.iter().map(|point| Position::given(*point)).collect();
        let reached =
            || positions.iter().filter_map(|p| network.reach(Some(p), "US", LIMIT_MILES, day).nearest().map(|c| c.meters)).sum::<f64>();
        let seconds = best(|| {
            black_box(reached());
        });
        let there = postgis(&sites, &centers).map(|(seconds, meters)| {
            // PostGIS measures on the same ellipsoid, but its index orders by a sphere: now and then it takes the second nearest.
            let more = meters - reached();
            assert!(more > -0.001 * SITES as f64, "PostGIS finds nearer centers: by {more} m");
            println!("    its centers are {:.3} m farther on average", more / SITES as f64);
            SITES as f64 / seconds
        });
        let what = format!("verdict and nearest of {}", measure::grouped(centers.len() as f64));
        report(&what, SITES as f64 / seconds, there.map(|t| ("PostGIS", t)), goal);
        let seconds = best(|| {
            for position in &positions[..SITES / 10] {
                black_box(network.check(Some(position), "US", LIMIT_MILES, day));
            }
        });
        report("  with five more and the opening one", (SITES / 10) as f64 / seconds, None, "");
    }
}

/// Points of the United States between its corners.
fn points(count: usize) -> Vec<Point> {
    let mut random = random();
    let degrees = |random: &mut dyn FnMut(u64) -> u64, from: f64, to: f64| from + (to - from) * random(1_000_000_000) as f64 / 1e9;
    (0..count).map(|_| Point::new(degrees(&mut random, 25.0, 49.0), degrees(&mut random, -124.0, -67.0)).unwrap()).collect()
}

fn center((index, point): (usize, &Point)) -> Center {
    let code = Code::parse(&format!("SC-{index}")).unwrap();
    Center { code, country: "US".into(), point: *point, opens_on: "2015-03-16".parse().unwrap(), closes_on: None }
}

#[derive(QueryableByName)]
struct Sum {
    #[diesel(sql_type = diesel::sql_types::Double)]
    meters: f64,
}

/// The same by PostGIS: nearest center by its index, on `geography`, and whether it lies within the limit.
fn postgis(sites: &[Point], centers: &[Point]) -> Option<(f64, f64)> {
    let Ok(url) = std::env::var("SWAPLINE_TEST_POSTGRES_URL") else {
        println!("    PostGIS is not here: run bash benches/run.sh");
        return None;
    };
    let mut conn = PgConnection::establish(&url).unwrap();
    if let Err(error) = conn.batch_execute("CREATE EXTENSION IF NOT EXISTS postgis") {
        println!("    PostGIS is not here: {error}");
        return None;
    }
    let mut fill = String::from("DROP TABLE IF EXISTS bench_sites, bench_centers;");
    for (table, points) in [("bench_sites", sites), ("bench_centers", centers)] {
        write!(fill, "CREATE TABLE {table} (id int PRIMARY KEY, at geography(Point, 4326) NOT NULL);").unwrap();
        for (piece, chunk) in points.chunks(5_000).enumerate() {
            let row = |(i, p): (usize, &Point)| format!("({}, ST_MakePoint({}, {}))", piece * 5_000 + i, p.longitude(), p.latitude());
            let rows: Vec<String> = chunk.iter().enumerate().map(row).collect();
            write!(fill, "INSERT INTO {table} VALUES {};", rows.join(",")).unwrap();
        }
    }
    fill.push_str("CREATE INDEX ON bench_centers USING gist (at); ANALYZE bench_sites; ANALYZE bench_centers;");
    conn.batch_execute(&fill).unwrap();
    // One thread against one thread.
    conn.batch_execute("SET max_parallel_workers_per_gather = 0").unwrap();
    let limit = LIMIT_MILES * METERS_PER_MILE;
    let query = format!(
        "SELECT sum(n.meters) + 0 * count(*) FILTER (WHERE n.covered) AS meters FROM bench_sites s CROSS JOIN LATERAL \
         (SELECT ST_Distance(s.at, c.at) AS meters, ST_DWithin(s.at, c.at, {limit}) AS covered FROM bench_centers c ORDER BY c.at <-> s.at LIMIT 1) n"
    );
    let mut ask = || {
        let started = Instant::now();
        let sum: Sum = sql_query(&query).get_result(&mut conn).unwrap();
        (started.elapsed().as_secs_f64(), sum.meters)
    };
    let (first, second) = (ask(), ask());
    Some(if first.0 < second.0 { first } else { second })
}
