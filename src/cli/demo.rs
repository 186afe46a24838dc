//! `swapline demo`: the whole job on real input, played on a fast clock through the same importers and actions that
//! users have, then served.

mod show;
mod story;

use super::{DemoArgs, open, say};
use crate::actions::create_token::{self, create_token};
use crate::actions::import::{self, ImportKind};
use crate::actions::{ActionError, Actor, Context};
use crate::clock::Clock;
use crate::config::Config;
use crate::jobs::Desk;
use crate::reference::Reference;
use crate::rules::role::Role;
use crate::rules::term::Term;
use crate::rules::text::Line;
use crate::store::{self, Db, StoreError};
use crate::{app, jobs};
use anyhow::Context as _;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

/// The sample network, in the order in which its files refer to one another.
const SAMPLE: [(ImportKind, &str); 8] = [
    (ImportKind::Organizations, include_str!("../../data/sample/organizations.csv")),
    (ImportKind::Parts, include_str!("../../data/sample/parts.csv")),
    (ImportKind::Couriers, include_str!("../../data/sample/couriers.csv")),
    (ImportKind::ServiceCenters, include_str!("../../data/sample/service-centers.csv")),
    (ImportKind::Sites, include_str!("../../data/sample/sites.csv")),
    (ImportKind::Contracts, include_str!("../../data/sample/contracts.csv")),
    (ImportKind::Appliances, include_str!("../../data/sample/appliances.csv")),
    (ImportKind::StockUnits, include_str!("../../data/sample/stock-units.csv")),
];

/// Plays the demonstration, then serves it.
pub async fn run(mut config: Config, args: DemoArgs) -> anyhow::Result<()> {
    let started = Instant::now();
    let listener = TcpListener::bind(config.listen).with_context(|| format!("can't listen on {}", config.listen))?;
    let reference = Reference::load(config.program.file.as_deref()).context("reference data")?;
    let db = open(&config).await?;
    let clock = Arc::new(Clock::scaled(resume_at(&db).await?, args.clock_factor));
    config.http.public_url.get_or_insert(format!("http://{}", listener.local_addr()?));
    let desk = app::desk(&config, db, reference, clock).await?;
    say::out(format_args!("Swapline demo: database {}, letters in {}", config.database.url, config.mail.folder.display()))?;
    load_network(&desk).await?;
    match rmas(&desk.db).await? {
        0 => story::play(&desk, started).await?,
        known => say::out(format_args!("\nThe database holds {known} RMAs of a run before: going on with them."))?,
    }
    let secret = token(&desk).await?;
    let stop = app::StopSignals::listen()?;
    // The codes of a second factor are made by real clocks, and this one isn't.
    let listening = app::Listening { staff_needs_factor: false, ..app::listening(&config) };
    let running = app::start(&desk, listener, listening)?;
    running.start_jobs(&desk);
    say::out(format_args!(
        "\nServing on http://{address} (API at /docs), {factor} times as fast as real time. Ctrl-C stops.\n\n  export TOKEN={secret}\n  curl -s -H \"Authorization: Bearer $TOKEN\" http://{address}/api/v1/rmas",
        address = running.address,
        factor = args.clock_factor,
    ))?;
    if let Some(link) = super::serve::first_link(&desk).await? {
        let address = running.address;
        say::out(format_args!(
            "\nThe console: http://{address}/sign-in/link/{link}\n(--clock-factor 1 leaves time to look around: sessions end by this clock)"
        ))?;
    }
    running.until(stop.come()).await?;
    say::out("Stopped. The same command goes on with the same data.")?;
    Ok(())
}

/// The demonstration's clock goes on where it stood: its database may know instants that real time hasn't reached.
async fn resume_at(db: &Db) -> anyhow::Result<chrono::DateTime<chrono::Utc>> {
    let last = db.read(store::events::latest).await?;
    let now = Clock::System.now();
    Ok(last.map_or(now, |last| last.at().max(now)))
}

async fn rmas(db: &Db) -> anyhow::Result<usize> {
    let page = db.read(|conn| store::rmas::page(conn, &store::rmas::Filter::default(), None, 100)).await;
    Ok(page.map_err(|e: StoreError| e)?.rows.len())
}

/// The circumstances of whatever the demonstration does.
fn context(desk: &Desk) -> Context {
    Context { actor: Actor::program("demo"), now: desk.clock.now(), reference: Arc::clone(&desk.reference), request_id: None }
}

async fn load_network(desk: &Desk) -> anyhow::Result<()> {
    let mut told = Vec::new();
    for (kind, text) in SAMPLE {
        let ctx = context(desk);
        let batch = import::read(&ctx, kind, text.as_bytes());
        let report = desk.db.write(move |conn| import::import(conn, &ctx, &batch, &AtomicU64::new(0))).await;
        let report = report.with_context(|| format!("data/sample/{kind}.csv"))?;
        told.push(format!("{} {}", report.added + report.changed + report.unchanged, kind.as_str().replace('-', " ")));
    }
    say::out(format_args!("Loaded the sample network: {}.", told.join(", ")))?;
    Ok(())
}

/// A token for whoever wants to look around; a new one each time, as only hashes are kept.
async fn token(desk: &Desk) -> anyhow::Result<String> {
    let ctx = context(desk);
    let label = Line::parse("demo").map_err(|fault| anyhow::anyhow!(fault.detail))?;
    let ask = create_token::Ask { label, role: Role::Operations, organization: None, courier: None };
    let secret = create_token::secret();
    let kept = secret.clone();
    desk.db.write(move |conn| create_token(conn, &ctx, &ask, &kept)).await?;
    Ok(secret)
}

/// Posts what was promised, lets the clock run on, and the jobs with it: deadlines are missed, customers reminded.
async fn wait(desk: &Desk, span: chrono::TimeDelta) -> anyhow::Result<()> {
    jobs::post::post(desk).await?;
    desk.clock.advance(span);
    jobs::sweep::sweep(desk).await.map_err(|e: ActionError| e)?;
    jobs::post::post(desk).await?;
    Ok(())
}
