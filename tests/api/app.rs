//! A running Swapline for one test: its own database, its own port, a clock that stands still until it is moved, and
//! letters that stay in memory.

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use swapline::actions::create_token::{self, create_token};
use swapline::actions::{ActionError, Actor, Context};
use swapline::app::{self, Listening};
use swapline::clock::Clock;
use swapline::jobs::{Desk, Pace, certify, post, sweep};
use swapline::mail::letters::Sender;
use swapline::mail::links::Links;
use swapline::mail::transport::{Memory, Transport};
use swapline::reference::Reference;
use swapline::rules::link::Signer;
use swapline::rules::notice::Mailbox;
use swapline::rules::role::Role;
use swapline::rules::text::{Code, Email, Line};
use swapline::store::{Conn, Db, migrate};

/// Connections to the database.
pub const POOL: u32 = 4;

/// The two databases that every test of the API runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// An empty database of its own; dropped with this value (SQLite: its folder).
pub struct Database {
    pub url: String,
    _folder: Option<tempfile::TempDir>,
}

static DATABASES: AtomicU32 = AtomicU32::new(0);

impl Database {
    pub fn new(engine: Engine) -> Self {
        match engine {
            Engine::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                Self { url: format!("sqlite://{}", folder.path().join("swapline.db").display()), _folder: Some(folder) }
            }
            Engine::Postgres => {
                let server = std::env::var("SWAPLINE_TEST_POSTGRES_URL")
                    .expect("SWAPLINE_TEST_POSTGRES_URL is not set: these tests need PostgreSQL; run `bash tests/run`");
                let name = format!("swapline_{}_{}", std::process::id(), DATABASES.fetch_add(1, Ordering::Relaxed));
                let mut conn = Conn::open(&server).unwrap();
                let Conn::Pg(conn) = &mut conn else { panic!("not PostgreSQL: {server}") };
                diesel::connection::SimpleConnection::batch_execute(conn, &format!("CREATE DATABASE {name}")).unwrap();
                let (front, options) = server.split_once('?').map_or((server.as_str(), None), |(f, o)| (f, Some(o)));
                let base = front.rsplit_once('/').unwrap().0;
                Self { url: format!("{base}/{name}{}", options.map(|o| format!("?{o}")).unwrap_or_default()), _folder: None }
            }
        }
    }
}

/// Wednesday, 25 November 2026, 14:00 in New York; the day before Thanksgiving.
pub fn start_of_tests() -> DateTime<Utc> {
    "2026-11-25T19:00:00Z".parse().unwrap()
}

/// Where the links in letters seem to lead.
pub const LINKS: &str = "https://rma.vendor.example";

pub struct TestApp {
    pub base: String,
    pub desk: Desk,
    pub memory: Memory,
    pub database: Database,
    /// An operations token.
    pub operations: String,
    client: reqwest::Client,
}

/// An answer, read to the end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub bytes: Vec<u8>,
    /// The same as text.
    pub text: String,
    /// Null where the body isn't JSON.
    pub body: Value,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|v| v.to_str().ok())
    }
    /// The body of an answer that has this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self.body
    }
    /// Asserts a problem with this status and code.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) {
        assert_eq!((self.status.as_u16(), self.body["code"].as_str()), (status, Some(code)), "{}", self.text);
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(self.body["request_id"].as_str(), self.header("x-request-id"));
    }
    /// The codes of the problem's errors with their fields.
    pub fn faults(&self) -> Vec<(String, String)> {
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        self.body["errors"].as_array().into_iter().flatten().map(|e| (text(&e["field"]), text(&e["code"]))).collect()
    }
}

/// One request in the making.
pub struct Request<'a> {
    app: &'a TestApp,
    builder: reqwest::RequestBuilder,
}

impl Request<'_> {
    pub fn token(self, token: &str) -> Self {
        Self { builder: self.builder.bearer_auth(token), ..self }
    }
    pub fn header(self, name: &str, value: &str) -> Self {
        Self { builder: self.builder.header(name, value), ..self }
    }
    pub fn json(self, body: Value) -> Self {
        Self { builder: self.builder.json(&body), ..self }
    }
    pub fn raw(self, content_type: &str, body: impl Into<reqwest::Body>) -> Self {
        Self { builder: self.builder.header("content-type", content_type).body(body), ..self }
    }
    /// A body without a word about what it is.
    pub fn body(self, body: impl Into<reqwest::Body>) -> Self {
        Self { builder: self.builder.body(body), ..self }
    }
    pub async fn send(self) -> Answer {
        let response = self.builder.send().await.unwrap_or_else(|e| panic!("{}: {e}", self.app.base));
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.bytes().await.unwrap().to_vec();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status, headers, bytes, text, body }
    }
}

impl TestApp {
    /// Starts with an empty database.
    pub async fn start(engine: Engine) -> Self {
        Self::with(Database::new(engine), 0).await
    }

    /// Starts on a database, with a rate limit (0 is none).
    pub async fn with(database: Database, requests_per_minute: u32) -> Self {
        Self::serve(database, requests_per_minute, Reference::embedded().unwrap()).await
    }

    /// Starts on a database with a program of one's own.
    pub async fn with_program(database: Database, program: &str) -> Self {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), program).unwrap();
        Self::serve(database, 0, Reference::load(Some(file.path())).unwrap()).await
    }

    async fn serve(database: Database, requests_per_minute: u32, reference: Arc<Reference>) -> Self {
        migrate::up(&database.url).unwrap();
        let memory = Memory::default();
        let links = Links::Live { public_url: LINKS.to_owned(), signer: Signer::new([7; 32]) };
        let mailbox = Mailbox { name: "Vendor Support".into(), email: Email::parse("rma@vendor.example").unwrap() };
        let desk = Desk {
            db: Db::open(&database.url, POOL).unwrap(),
            clock: Arc::new(Clock::fixed(start_of_tests())),
            reference,
            keys: Signer::new([7; 32]),
            sender: Arc::new(Sender { mailbox, reply_to: None, phone: None, operations: None, links }),
            transport: Transport::Memory(memory.clone()),
            // No job of the server is started: tests run them by hand.
            pace: Pace { post_seconds: 3_600, sweep_seconds: 3_600, attempts: 3, batch: 100, at_once: 4, lease_seconds: 60 },
        };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let listening = Listening {
            workers: 2,
            body_bytes: 65_536,
            requests_per_minute,
            behind_proxy: false,
            staff_needs_factor: true,
            shutdown_seconds: 1,
        };
        let running = app::start(&desk, listener, listening).unwrap();
        let base = format!("http://{}", running.address);
        tokio::spawn(running.until(std::future::pending()));
        // What a form leads to is looked at, not followed.
        let redirect = reqwest::redirect::Policy::custom(|attempt| match attempt.status() {
            StatusCode::SEE_OTHER => attempt.stop(),
            _ => attempt.follow(),
        });
        let client = reqwest::Client::builder().no_proxy().redirect(redirect).build().unwrap();
        let mut app = Self { base, desk, memory, database, operations: String::new(), client };
        app.operations = app.make_token(Role::Operations, None, None).await;
        app
    }

    /// The circumstances of an action that a test does by hand.
    pub fn context(&self) -> Context {
        Context { actor: Actor::program("test"), now: self.desk.clock.now(), reference: Arc::clone(&self.desk.reference), request_id: None }
    }

    pub async fn make_token(&self, role: Role, organization: Option<&str>, courier: Option<&str>) -> String {
        let code = |c: &str| Code::parse(c).unwrap();
        let ask = create_token::Ask {
            label: Line::parse(&format!("{role} of the tests")).unwrap(),
            role,
            organization: organization.map(code),
            courier: courier.map(code),
        };
        let (secret, ctx) = (create_token::secret(), self.context());
        let kept = secret.clone();
        self.desk.db.write(move |conn| create_token(conn, &ctx, &ask, &kept)).await.unwrap();
        secret
    }

    /// A request without a token.
    pub fn bare(&self, method: Method, path: &str) -> Request<'_> {
        Request { app: self, builder: self.client.request(method, format!("{}{path}", self.base)) }
    }

    /// Reads as operations.
    pub async fn get(&self, path: &str) -> Answer {
        self.bare(Method::GET, path).token(&self.operations).send().await
    }

    /// Posts as operations.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.bare(Method::POST, path).token(&self.operations).json(body).send().await
    }

    /// Posts as operations with an idempotency key.
    pub async fn post_once(&self, path: &str, key: &str, body: Value) -> Answer {
        self.bare(Method::POST, path).token(&self.operations).header("idempotency-key", key).json(body).send().await
    }

    /// The links of a letter that was sent, in their order, as paths on this server.
    pub fn links(&self, key: &str) -> Vec<String> {
        let kept = self.memory.letters().into_iter().find(|letter| letter.key == key).unwrap_or_else(|| panic!("no letter {key}"));
        let message = mail_parser::MessageParser::default().parse(&kept.bytes).unwrap();
        let text = message.body_text(0).unwrap().into_owned();
        text.lines().filter_map(|line| line.trim().strip_prefix(LINKS)).map(str::to_owned).collect()
    }

    /// Moves the clock.
    pub fn pass(&self, span: TimeDelta) {
        self.desk.clock.advance(span);
    }

    /// Runs the jobs once: deadlines are missed, customers reminded, certificates renewed, letters posted.
    pub async fn run_jobs(&self) {
        sweep::sweep(&self.desk).await.map_err(|e: ActionError| e).unwrap();
        certify::certify(&self.desk).await.unwrap();
        post::post(&self.desk).await.unwrap();
    }
}

/// Defines a test that runs on both databases.
macro_rules! on_both_engines {
    ($(#[$meta:meta])* $name:ident, |$app:ident| $body:block) => {
        mod $name {
            #[allow(unused_imports, reason = "not every test needs everything")]
            use super::*;
            async fn run($app: $crate::app::TestApp) $body
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() { run($crate::app::TestApp::start($crate::app::Engine::Sqlite).await).await }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() { run($crate::app::TestApp::start($crate::app::Engine::Postgres).await).await }
        }
    };
}
pub(crate) use on_both_engines;
