//! Builds the running program from its parts: database, mail, clock, server and jobs.

use crate::clock::Clock;
use crate::config::{Config, MailTransport};
use crate::http::door::Door;
use crate::http::limit::Limiter;
use crate::http::openapi::Description;
use crate::http::{Shared, finish, health, problem, routes};
use crate::jobs::{Desk, Pace, timetable};
use crate::mail::letters::Sender;
use crate::mail::links::Links;
use crate::mail::message::read_mailbox;
use crate::mail::transport::{Settings, SmtpSettings, Transport};
use crate::reference::Reference;
use crate::rules::link::Signer;
use crate::store::{Db, secrets};
use crate::web::pages;
use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::web::{Data, PathConfig};
use actix_web::{App, HttpServer, web};
use anyhow::Context as _;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing_actix_web::TracingLogger;
use utoipa::OpenApi;
use utoipa_actix_web::{AppExt, scope};
use utoipa_swagger_ui::SwaggerUi;

/// How the server listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listening {
    /// Threads.
    pub workers: usize,
    /// Largest body in bytes.
    pub body_bytes: usize,
    /// Requests a minute and token; 0 is no limit.
    pub requests_per_minute: u32,
    /// True where a proxy tells from where requests come.
    pub behind_proxy: bool,
    /// False where staff may do without a second factor.
    pub staff_needs_factor: bool,
    /// Seconds for requests at work when told to stop.
    pub shutdown_seconds: u64,
}

/// A program that runs.
#[expect(missing_debug_implementations, reason = "actix's server has none")]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    server: Server,
    tracker: TaskTracker,
    stop: CancellationToken,
}

/// Brings together what server and jobs work with.
pub async fn desk(config: &Config, db: Db, reference: Arc<Reference>, clock: Arc<Clock>) -> anyhow::Result<Desk> {
    let mailbox = read_mailbox(&config.mail.from).context("mail.from")?;
    let reply_to = config.mail.reply_to.as_deref().map(read_mailbox).transpose().context("mail.reply_to")?;
    let operations = config.mail.operations.as_deref().map(read_mailbox).transpose().context("mail.operations")?;
    let keys = keys(&db, &clock).await?;
    let links = links(config, &keys);
    let transport = Transport::open(&transport(config)).context("mail")?;
    let jobs = &config.jobs;
    let pace = Pace {
        post_seconds: jobs.post_seconds,
        sweep_seconds: jobs.sweep_seconds,
        attempts: i32::try_from(jobs.attempts)?,
        batch: jobs.batch.into(),
        at_once: usize::try_from(config.mail.smtp.pool_size)?,
        // Every letter on its way has a connection: none takes longer than the timeout.
        lease_seconds: 30 + i64::try_from(config.mail.smtp.timeout_seconds)?,
    };
    let sender = Arc::new(Sender { mailbox, reply_to, phone: None, operations, links });
    Ok(Desk { db, clock, reference, sender, keys, transport, pace })
}

/// What signs links and binds forms. Its key is made at the first start and kept in the database: all nodes have the same.
pub async fn keys(db: &Db, clock: &Clock) -> anyhow::Result<Signer> {
    let (fresh, now): ([u8; 32], _) = (rand::random(), clock.now());
    let kept = db.write(move |conn| secrets::keep(conn, "links", &fresh, now.into())).await.context("the key of links")?;
    Ok(Signer::new(kept))
}

/// What links in letters are made of.
fn links(config: &Config, keys: &Signer) -> Links {
    let Some(public_url) = config.http.public_url.clone() else {
        tracing::info!("letters have no links: http.public_url is not set");
        return Links::Off;
    };
    Links::Live { public_url, signer: keys.clone() }
}

fn transport(config: &Config) -> Settings {
    let smtp = &config.mail.smtp;
    match config.mail.transport {
        MailTransport::Folder => Settings::Folder(config.mail.folder.clone()),
        MailTransport::Smtp => Settings::Smtp(SmtpSettings {
            host: smtp.host.clone().unwrap_or_default(),
            port: smtp.port,
            tls: smtp.tls,
            extra_root_ca: smtp.ca_file.clone(),
            credentials: smtp.username.clone().zip(smtp.password.as_ref().map(|p| p.expose().to_owned())),
            hello_name: None,
            timeout_seconds: smtp.timeout_seconds,
            pool_size: smtp.pool_size,
        }),
    }
}

/// How the settings say to listen; 0 workers are one a core.
pub fn listening(config: &Config) -> Listening {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let http = &config.http;
    Listening {
        workers: if http.workers == 0 { cores } else { http.workers },
        body_bytes: http.body_bytes,
        requests_per_minute: http.requests_per_minute,
        behind_proxy: http.behind_proxy,
        staff_needs_factor: http.staff_needs_factor,
        shutdown_seconds: http.shutdown_seconds,
    }
}

/// Starts the server; the jobs are started by [`Running::start_jobs`]. The listener is bound already, so that its port is known.
pub fn start(desk: &Desk, listener: TcpListener, listening: Listening) -> std::io::Result<Running> {
    let address = listener.local_addr()?;
    let public_url = match &desk.sender.links {
        Links::Live { public_url, .. } => Some(public_url.as_str()),
        Links::Off | Links::Withheld => None,
    };
    let door = Door::new(desk.keys.clone(), public_url, address, listening.behind_proxy).with_factor(listening.staff_needs_factor);
    let shared = Shared {
        door: Arc::new(door),
        db: desk.db.clone(),
        clock: Arc::clone(&desk.clock),
        reference: Arc::clone(&desk.reference),
        sender: Arc::clone(&desk.sender),
        limiter: Arc::new(Limiter::new(listening.requests_per_minute)),
        body_bytes: listening.body_bytes,
    };
    let limiter = Arc::clone(&shared.limiter);
    let server = server(shared, listener, listening)?;
    let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
    let idle = stop.clone();
    tracker.spawn(async move {
        loop {
            tokio::select! {
                () = idle.cancelled() => return,
                () = tokio::time::sleep(Duration::from_secs(300)) => limiter.forget_idle(),
            }
        }
    });
    tracker.close();
    Ok(Running { address, server, tracker, stop })
}

fn server(shared: Shared, listener: TcpListener, listening: Listening) -> std::io::Result<Server> {
    let shared = Data::new(shared);
    let build = move || {
        let (app, api) = App::new()
            .into_utoipa_app()
            .openapi(Description::openapi())
            .app_data(shared.clone())
            .app_data(PathConfig::default().error_handler(|_, _| problem::unreadable_path()))
            .service(scope("/api/v1").configure(routes::v1))
            .split_for_parts();
        app.service(SwaggerUi::new("/docs/{_:.*}").url("/api/openapi.json", api))
            .service(web::redirect("/docs", "/docs/"))
            .service(health::healthz)
            .service(health::readyz)
            .configure(pages)
            .default_service(web::to(problem::nothing_here))
            .wrap(from_fn(finish::finish))
            .wrap(TracingLogger::<finish::Spans>::new())
    };
    let server = HttpServer::new(build).workers(listening.workers.max(1)).shutdown_timeout(listening.shutdown_seconds).disable_signals();
    let server = server.client_request_timeout(Duration::from_secs(10)).keep_alive(Duration::from_secs(75)).max_connections(4_096);
    Ok(server.listen(listener)?.run())
}

impl Running {
    /// Starts what runs by itself: the poster, the sweeper, the certifier.
    pub fn start_jobs(&self, desk: &Desk) {
        timetable::start(desk, &self.tracker, &self.stop);
    }
    /// Runs until `stopped` is ready, then ends in order: no new requests, those at work are answered, jobs end what they
    /// are doing.
    pub async fn until(self, stopped: impl Future<Output = ()>) -> std::io::Result<()> {
        let handle = self.server.handle();
        let serving = tokio::spawn(self.server);
        stopped.await;
        tracing::info!("stopping");
        handle.stop(true).await;
        self.stop.cancel();
        self.tracker.wait().await;
        serving.await.map_err(std::io::Error::other)?
    }
}

/// Ctrl-C and SIGTERM, listened for from the moment this is made.
#[derive(Debug)]
pub struct StopSignals {
    interrupt: Signal,
    terminate: Signal,
}

impl StopSignals {
    /// Starts to listen: make it before anybody is told that the program runs.
    pub fn listen() -> std::io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }
    /// Ready when one of them has come.
    pub async fn come(mut self) {
        tokio::select! {
            _came = self.interrupt.recv() => {}
            _came = self.terminate.recv() => {}
        }
    }
}
