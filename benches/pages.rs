//! How long the console's pages take, and how large they are, in a database that has been in use for years.
//!
//! `SWAPLINE_BENCH_BEFORE=1000000 cargo bench --bench pages`: so many RMAs that are over, and a few hundred that are not.
//! `bash tests/services.sh cargo bench --bench pages` measures PostgreSQL too.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::as_conversions,
    reason = "a bench prints figures, and stops where it can't go on"
)]
#![allow(dead_code, unused_imports, unused_macros, reason = "the tests' harness has more than a bench needs")]

#[path = "../tests/api/app.rs"]
mod app;
#[path = "measure/many.rs"]
mod many;
#[path = "../tests/api/people.rs"]
mod people;
#[path = "../tests/api/world.rs"]
mod world;

use app::{Engine, TestApp};
use people::{Browser, PASSWORD, invite};
use std::time::{Duration, Instant};
use swapline::rules::role::Role;

/// Open RMAs.
const OPEN: u32 = 300;
/// Times that each page is asked for.
const TIMES: usize = 40;
const PAGES: [&str; 12] = [
    "/c",
    "/c/issue?q=SILVER-1",
    "/c/rmas",
    "/c/rmas?state=issued",
    "/c/rmas?organization=ACME&state=closed",
    "/c/cases",
    "/c/deadlines?state=running",
    "/c/deadlines?state=missed&kind=return_by",
    "/c/letters",
    "/c/letters?state=stuck",
    "/c/appliances",
    "/c/sites",
];

#[tokio::main]
async fn main() {
    let mut engines = vec![Engine::Sqlite];
    if std::env::var_os("SWAPLINE_TEST_POSTGRES_URL").is_some() {
        engines.push(Engine::Postgres);
    }
    let before = std::env::var("SWAPLINE_BENCH_BEFORE").map_or(10_000, |n| n.parse().unwrap());
    for engine in engines {
        let app = TestApp::start(engine).await;
        world::fill(&app).await;
        let last = many::long_in_use(&app, "SILVER-1", "PSU-450", before).await;
        for _ in 0..OPEN {
            world::issued(&app, "GOLD-1", "PSU-450", None).await;
        }
        let (_, link) = invite(&app, "desk@vendor.example", Role::Operations, None, false).await;
        let mut desk = Browser::new(&app);
        desk.follow(&link, &[("password", PASSWORD)]).await;
        desk.enroll().await;
        println!(
            "{:<10} {:<46} {:>9} {:>9} {:>7}",
            "engine",
            format!("page, with {before} RMAs that are over"),
            "p50 ms",
            "worst ms",
            "KB"
        );
        let own = format!("/c/rmas/{last}");
        for path in PAGES.into_iter().chain([own.as_str()]) {
            measure(engine, &mut desk, path).await;
        }
    }
}

async fn measure(engine: Engine, desk: &mut Browser<'_>, path: &str) {
    let (mut times, mut size) = (Vec::new(), 0);
    for _ in 0..TIMES {
        let begun = Instant::now();
        let answer = desk.get(path).await;
        times.push(begun.elapsed());
        assert_eq!(answer.status, 200, "{path}");
        size = answer.text.len();
    }
    times.sort();
    let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
    println!(
        "{:<10} {path:<46} {:>9.1} {:>9.1} {:>7.1}",
        format!("{engine:?}"),
        ms(times[TIMES / 2]),
        ms(times[TIMES - 1]),
        size as f64 / 1_024.0
    );
}
