//! How fast RMAs are issued: over HTTP, against the same action called without HTTP, and on PostgreSQL against `pgbench` with the
//! SQL that a request makes, in the same run.
//!
//! `SWAPLINE_BENCH_BEFORE=1000000` puts so many RMAs that are over into the database before.
//!
//! `cargo bench --bench issue` measures SQLite; `bash tests/services.sh cargo bench --bench issue` measures PostgreSQL too.
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
#[path = "measure/pgbench.rs"]
mod pgbench;
#[path = "../tests/api/world.rs"]
mod world;

use app::{Engine, TestApp};
use futures_util::StreamExt;
use pgbench::Server;
use std::time::{Duration, Instant};
use swapline::actions::issue_rma::{self, issue_rma};
use swapline::actions::open_case::{self, open_case};
use swapline::actions::verify_defect::{self, verify_defect};
use swapline::actions::{ActionError, Context};
use swapline::rules::number::CaseNumber;
use swapline::rules::text::{Note, PartNumber, SerialNumber};
use swapline::rules::tier::{Channel, Severity};

/// RMAs in one measurement.
const RMAS: usize = 2_000;
/// Requests at once in the second measurement over HTTP.
const AT_ONCE: usize = 64;
const SERIAL: &str = "SILVER-1";
const PART: &str = "PSU-450";

#[tokio::main]
async fn main() {
    let mut engines = vec![Engine::Sqlite];
    if std::env::var_os("SWAPLINE_TEST_POSTGRES_URL").is_some() {
        engines.push(Engine::Postgres);
    }
    println!("{RMAS} RMAs each: entitlement, promise, two deadlines with steps, shipment, return, audit, letter");
    println!("{:<10} {:<26} {:>9} {:>9} {:>9} {:>8}", "engine", "how", "RMAs/s", "p50 ms", "p99 ms", "ratio");
    for engine in engines {
        let app = TestApp::start(engine).await;
        world::fill(&app).await;
        if let Some(before) = std::env::var("SWAPLINE_BENCH_BEFORE").ok().map(|n| n.parse().unwrap()) {
            many::long_in_use(&app, SERIAL, PART, before).await;
        }
        let floor = measure(engine, "action alone, one by one", None, direct(&app, cases(&app).await).await);
        measure(engine, "HTTP, one by one", Some(floor), over_http(&app, cases(&app).await, 1).await);
        let how = format!("HTTP, {AT_ONCE} at once");
        if engine == Engine::Sqlite {
            measure(engine, &how, Some(floor), over_http(&app, cases(&app).await, AT_ONCE).await);
            continue;
        }
        let mut server = Server::open(&app.database.url);
        let script = captured(&app, &mut server, cases(&app).await).await;
        let clients = usize::try_from(app::POOL).unwrap();
        let each = server.number_cases() / clients;
        let floor = measure(engine, &format!("pgbench, {clients} clients"), None, server.pgbench(&script, clients, each));
        measure(engine, &how, Some(floor), over_http(&app, cases(&app).await, AT_ONCE).await);
    }
}

/// What two requests make PostgreSQL do, as a script. Those before them leave its caches and ours as they are later.
async fn captured(app: &TestApp, server: &mut Server, cases: Vec<CaseNumber>) -> String {
    over_http(app, cases[..20].to_vec(), 4).await;
    server.log(true);
    let mut logged = Vec::new();
    for case in &cases[20..22] {
        let start = server.log_end();
        over_http(app, vec![*case], 1).await;
        logged.push(server.logged_since(start));
    }
    server.log(false);
    let about = server.identity(cases[20].serial());
    pgbench::script((&logged[0], &about), &logged[1])
}

/// Verified cases, ready for an RMA each.
async fn cases(app: &TestApp) -> Vec<CaseNumber> {
    let ctx = app.context();
    let ask = open_case::Ask {
        serial_number: SerialNumber::parse(SERIAL).unwrap(),
        severity: Severity::new(2).unwrap(),
        channel: Channel::Web,
        summary: Note::parse("It does not work.").unwrap(),
    };
    let finding = verify_defect::Ask {
        replacement_needed: true,
        part_number: PartNumber::parse(PART).unwrap(),
        failure_code: "dead".into(),
        note: None,
    };
    let made = app.desk.db.write(move |conn| {
        (0..RMAS)
            .map(|_| {
                let number = open_case(conn, &ctx, &ask)?;
                verify_defect(conn, &ctx, number, &finding)?;
                Ok::<_, ActionError>(number)
            })
            .collect::<Result<Vec<_>, _>>()
    });
    made.await.unwrap()
}

async fn direct(app: &TestApp, cases: Vec<CaseNumber>) -> (Duration, Vec<Duration>) {
    let (started, mut times) = (Instant::now(), Vec::new());
    for case in cases {
        let line =
            issue_rma::AskLine { serial_number: SerialNumber::parse(SERIAL).unwrap(), part_number: PartNumber::parse(PART).unwrap() };
        let (ask, ctx): (_, Context) = (issue_rma::Ask { case, lines: vec![line], contact: None }, app.context());
        let begun = Instant::now();
        app.desk.db.write(move |conn| issue_rma(conn, &ctx, &ask)).await.unwrap();
        times.push(begun.elapsed());
    }
    (started.elapsed(), times)
}

async fn over_http(app: &TestApp, cases: Vec<CaseNumber>, at_once: usize) -> (Duration, Vec<Duration>) {
    let started = Instant::now();
    let one = |case: CaseNumber| async move {
        let body = world::rma_body(&case.to_string(), SERIAL, &[PART], None);
        let begun = Instant::now();
        app.post_once("/api/v1/rmas", &case.to_string(), body).await.expect(201);
        begun.elapsed()
    };
    let times = futures_util::stream::iter(cases).map(one).buffer_unordered(at_once).collect().await;
    (started.elapsed(), times)
}

/// Prints a line; gives the rate, for the ratio of those that follow.
fn measure(engine: Engine, how: &str, floor: Option<f64>, (took, mut times): (Duration, Vec<Duration>)) -> f64 {
    times.sort();
    let rate = times.len() as f64 / took.as_secs_f64();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1_000.0;
    let ratio = floor.map_or("1.00".to_owned(), |floor| format!("{:.2}", rate / floor));
    println!("{:<10} {how:<26} {rate:>9.0} {:>9.2} {:>9.2} {ratio:>8}", format!("{engine:?}"), at(0.5), at(0.99));
    rate
}
