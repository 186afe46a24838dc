//! Builds the running program from its parts: database, mail, clock, server and jobs.

use crate::clock::Clock;
use crate::http::limit::Limiter;
use crate::http::openapi::Description;
use crate::http::{Shared, finish, health, routes};
use crate::jobs::{Desk, timetable};
use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::web::{Data, PathConfig};
use actix_web::{App, HttpServer, web};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
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

/// Starts server and jobs. The listener is bound already, so that its port is known.
pub fn start(desk: &Desk, listener: TcpListener, listening: Listening) -> std::io::Result<Running> {
    let address = listener.local_addr()?;
    let shared = Shared {
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
    timetable::start(desk, &tracker, &stop);
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
            .app_data(PathConfig::default().error_handler(|error, _| finish::path_error(error)))
            .service(scope("/api/v1").configure(routes::v1))
            .split_for_parts();
        app.service(SwaggerUi::new("/docs/{_:.*}").url("/api/openapi.json", api))
            .service(web::redirect("/docs", "/docs/"))
            .service(health::healthz)
            .service(health::readyz)
            .default_service(web::to(finish::nothing_here))
            .wrap(from_fn(finish::finish))
            .wrap(TracingLogger::<finish::Spans>::new())
    };
    let server = HttpServer::new(build).workers(listening.workers.max(1)).shutdown_timeout(listening.shutdown_seconds).disable_signals();
    let server = server.client_request_timeout(Duration::from_secs(10)).keep_alive(Duration::from_secs(75)).max_connections(4_096);
    Ok(server.listen(listener)?.run())
}

impl Running {
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

/// Ready on Ctrl-C or SIGTERM.
pub async fn told_to_stop() {
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _interrupted = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}

/// A clock, shared.
pub fn system_clock() -> Arc<Clock> {
    Arc::new(Clock::System)
}
