//! The real program is killed with -9 while clients issue RMAs. Whatever it had acknowledged is there whole after the next
//! start; whatever it had not is whole or absent, and the same request again has exactly one effect.

use crate::app::{Database, Engine};
use crate::process::{Home, LIMIT, Program, SAMPLE, sample};
use crate::world::{front_desk, rma_body};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use mail_parser::MessageParser;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs::File;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use swapline::actions::create_token::{self, create_token};
use swapline::actions::dossier::Dossier;
use swapline::actions::import::{self, ImportKind};
use swapline::actions::open_case::{self, open_case};
use swapline::actions::verify_defect::{self, verify_defect};
use swapline::actions::{ActionError, Actor, Context};
use swapline::clock::Clock;
use swapline::mail::transport::file_name;
use swapline::reference::Reference;
use swapline::rules::deadline::DeadlineState;
use swapline::rules::number::RmaNumber;
use swapline::rules::rma::{ReturnState, RmaState, ShipmentState};
use swapline::rules::role::Role;
use swapline::rules::term::Term;
use swapline::rules::text::{Line, Note, PartNumber, SerialNumber};
use swapline::rules::tier::{Channel, Severity};
use swapline::store::outbox::{self, LetterState};
use swapline::store::{Conn, Db, StoreError, events, rmas};

/// How many clients issue RMAs at once.
const CLIENTS: usize = 6;

/// Who needs what, in turn: every tier, one line and two, with a courier to call and without.
const NEEDS: [(&str, &[&str]); 4] =
    [("SN123", &["PSU-450", "FAN-24"]), ("NA-0001", &["PSU-1100"]), ("HL-0006", &["PSU-1100"]), ("MR-0003", &["PSU-450"])];

/// One RMA that a client wants; its case's number is also its idempotency key.
#[derive(Debug, Clone)]
struct Wish {
    case: String,
    serial: &'static str,
    parts: &'static [&'static str],
}

impl Wish {
    fn body(&self) -> Value {
        rma_body(&self.case, self.serial, self.parts, (self.serial == "SN123").then(front_desk))
    }
}

/// An installation: its database, its folder, and what its clients were told.
struct Installation {
    database: Database,
    home: Home,
    token: String,
    /// The text of each answer 201, by case.
    told: BTreeMap<String, String>,
    wishes: BTreeMap<String, Wish>,
}

fn context() -> Context {
    let now = Clock::System.now();
    Context { actor: Actor::program("test"), now, reference: Reference::embedded().unwrap(), request_id: None }
}

impl Installation {
    /// With the sample network and a token for operations.
    async fn new(engine: Engine) -> Self {
        let database = Database::new(engine);
        swapline::store::migrate::up(&database.url).unwrap();
        let (ctx, secret) = (context(), create_token::secret());
        let db = Db::open(&database.url, 2).unwrap();
        for kind in SAMPLE {
            let batch = import::read(&ctx, ImportKind::parse(kind).unwrap(), File::open(sample(kind)).unwrap());
            let ctx = ctx.clone();
            db.write(move |conn| import::import(conn, &ctx, &batch, &AtomicU64::new(0))).await.unwrap();
        }
        let ask = create_token::Ask { label: Line::parse("clients").unwrap(), role: Role::Operations, organization: None, courier: None };
        let kept = secret.clone();
        db.write(move |conn| create_token(conn, &ctx, &ask, &kept)).await.unwrap();
        let home = Home::new()
            .set("SWAPLINE_DATABASE__URL", &database.url)
            .set("SWAPLINE_LISTEN", "127.0.0.1:0")
            .set("SWAPLINE_HTTP__REQUESTS_PER_MINUTE", "0")
            .set("SWAPLINE_HTTP__WORKERS", "2")
            .set("SWAPLINE_JOBS__POST_SECONDS", "1")
            .set("SWAPLINE_JOBS__SWEEP_SECONDS", "1");
        Self { database, home, token: secret, told: BTreeMap::new(), wishes: BTreeMap::new() }
    }

    /// Opens cases with verified defects, for as many RMAs.
    async fn wish(&mut self, count: usize) -> VecDeque<Wish> {
        let (db, ctx) = (Db::open(&self.database.url, 2).unwrap(), context());
        let mut wishes = VecDeque::new();
        for (serial, parts) in NEEDS.into_iter().cycle().take(count) {
            let ctx = ctx.clone();
            let opened = db.write(move |conn| {
                let ask = open_case::Ask {
                    serial_number: SerialNumber::parse(serial).unwrap(),
                    severity: Severity::new(2).unwrap(),
                    channel: Channel::Phone,
                    summary: Note::parse("It does not start.").unwrap(),
                };
                let case = open_case(conn, &ctx, &ask)?;
                for part in parts {
                    let part_number = PartNumber::parse(part).unwrap();
                    let finding = verify_defect::Ask { replacement_needed: true, part_number, failure_code: "dead".into(), note: None };
                    verify_defect(conn, &ctx, case, &finding)?;
                }
                Ok::<_, ActionError>(case.to_string())
            });
            wishes.push_back(Wish { case: opened.await.unwrap(), serial, parts });
        }
        self.wishes.extend(wishes.iter().map(|wish| (wish.case.clone(), wish.clone())));
        wishes
    }

    fn client(&self) -> Client {
        let http = reqwest::Client::builder().no_proxy().timeout(LIMIT).build().unwrap();
        Client { http, base: String::new(), token: self.token.clone() }
    }

    fn start(&self) -> (Program, Client) {
        let program = self.home.start(&["serve"]);
        let base = program.address();
        (program, Client { base, ..self.client() })
    }

    /// Lets clients issue what they wish, and kills the program at the moment when `acknowledged` of them were told that it is done.
    async fn killed_after(&mut self, acknowledged: usize, wishes: VecDeque<Wish>) {
        let (program, client) = self.start();
        let (program, done) = (Arc::new(Mutex::new(Some(program))), Arc::new(AtomicUsize::new(0)));
        let (wishes, told) = (Arc::new(Mutex::new(wishes)), Arc::new(Mutex::new(Vec::new())));
        let clients = (0..CLIENTS).map(|_| {
            let (client, program, done) = (client.clone(), Arc::clone(&program), Arc::clone(&done));
            let (wishes, told) = (Arc::clone(&wishes), Arc::clone(&told));
            tokio::spawn(async move {
                loop {
                    let wish = wishes.lock().unwrap().pop_front().expect("more wishes than it can serve before it is killed");
                    // No answer: the program is dead, and nobody knows what became of the request.
                    let Some((status, text)) = client.issue(&wish).await else { return };
                    assert_eq!(status, 201, "{text}");
                    told.lock().unwrap().push((wish.case, text));
                    // Right here: the other clients' requests are on their way.
                    if done.fetch_add(1, Ordering::SeqCst) + 1 == acknowledged {
                        program.lock().unwrap().take().unwrap().kill();
                    }
                }
            })
        });
        for client in clients.collect::<Vec<_>>() {
            tokio::time::timeout(LIMIT, client).await.expect("a client waits in vain").unwrap();
        }
        let told = std::mem::take(&mut *told.lock().unwrap());
        assert!(told.len() >= acknowledged);
        self.told.extend(told);
    }

    /// What the dead program left behind, before another one starts: no half of anything.
    async fn check_whole(&self) {
        let (db, wishes, told) = (Db::open(&self.database.url, 2).unwrap(), self.wishes.clone(), self.told.clone());
        db.read(move |conn| {
            let all = rmas::page(conn, &rmas::Filter::default(), None, 10_000)?.rows;
            let mut cases = BTreeSet::new();
            for (rma, _) in all {
                let dossier = Dossier::gather(conn, rma)?;
                let case = swapline::rules::number::CaseNumber::of(dossier.names.case).unwrap().to_string();
                check_rma(conn, &dossier, &wishes[&case])?;
                assert!(cases.insert(case.clone()), "{case} has two RMAs");
            }
            for (case, text) in &told {
                assert!(cases.contains(case), "{case} was acknowledged and is gone: {text}");
            }
            // One answered key for each RMA and the other way round, and no number of the series without an RMA.
            let count = i64::try_from(cases.len()).unwrap();
            assert_eq!(number(conn, "SELECT count(*) AS n FROM idempotency_keys WHERE status = 201 AND body <> ''"), count);
            assert_eq!(number(conn, "SELECT count(*) AS n FROM idempotency_keys"), count);
            assert_eq!(number(conn, "SELECT last - 10000000 AS n FROM numbers WHERE series = 'rma'"), count);
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
    }

    /// Time passes: what the dead program had leased is free again.
    fn pass_leases(&self) {
        let mut conn = Conn::open(&self.database.url).unwrap();
        let past = diesel::sql_query(
            "UPDATE outbox SET leased_until = '2001-01-01T00:00:00.000000Z' WHERE state = 'queued' AND leased_until IS NOT NULL",
        );
        match &mut conn {
            Conn::Pg(c) => past.execute(c),
            Conn::Sqlite(c) => past.execute(c),
        }
        .unwrap();
    }

    /// Starts again: everything that was told is still told, and what was not is asked for again, twice.
    async fn check_after_start(&mut self) {
        self.pass_leases();
        let (program, client) = self.start();
        for (case, text) in &self.told {
            let told: Value = serde_json::from_str(text).unwrap();
            assert_eq!(client.get(&format!("/api/v1/rmas/{}", told["number"].as_str().unwrap())).await, told, "{case}");
        }
        let unknown: Vec<Wish> = self.wishes.values().filter(|wish| !self.told.contains_key(&wish.case)).cloned().collect();
        let again = futures_util::future::join_all(unknown.iter().map(|wish| async {
            let (one, other) = tokio::join!(client.issue(wish), client.issue(wish));
            (wish.case.clone(), one.unwrap(), other.unwrap())
        }));
        for (case, one, other) in again.await {
            assert_eq!(one.0, 201, "{case}: {}", one.1);
            assert_eq!(one, other, "{case}");
            self.told.insert(case, one.1);
        }
        for wish in self.wishes.values().step_by(3) {
            assert_eq!(client.issue(wish).await.unwrap(), (201, self.told[&wish.case].clone()));
        }
        program.stop("TERM");
    }

    /// Every letter becomes one file, each promised once.
    async fn check_letters(&self) {
        self.pass_leases();
        let (program, _) = self.start();
        let db = Db::open(&self.database.url, 2).unwrap();
        let started = std::time::Instant::now();
        let letters = loop {
            let page = db.read(|conn| outbox::page(conn, &outbox::Filter::default(), None, 10_000)).await.unwrap();
            let letters: Vec<_> = page.rows.into_iter().map(|(row, _)| row).collect();
            assert!(letters.iter().all(|row| row.state.0 != LetterState::Stuck), "{letters:#?}");
            if letters.iter().all(|row| row.state.0 == LetterState::Sent) {
                break letters;
            }
            assert!(started.elapsed() < LIMIT, "letters are still queued");
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        program.stop("TERM");
        let folder = self.home.path().join("mail");
        let mut messages = BTreeSet::new();
        for row in &letters {
            let bytes = std::fs::read(folder.join(file_name(&row.key))).unwrap_or_else(|error| panic!("{}: {error}", row.key));
            let mail = MessageParser::default().parse(&bytes).unwrap();
            let id = mail.message_id().unwrap().to_owned();
            assert!(row.message_id.as_ref().unwrap().contains(&id), "{row:?}");
            assert!(messages.insert(id), "{}: another letter has its Message-ID", row.key);
        }
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        assert_eq!(files.filter(|name| name.ends_with(".eml")).count(), letters.len());
        let couriers = self.wishes.values().filter(|wish| wish.serial == "SN123").count();
        assert_eq!(letters.len(), self.wishes.len() + couriers);
    }
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn number(conn: &mut Conn, sql: &str) -> i64 {
    match conn {
        Conn::Pg(c) => diesel::sql_query(sql).get_result::<Count>(c).unwrap().n,
        Conn::Sqlite(c) => diesel::sql_query(sql).get_result::<Count>(c).unwrap().n,
    }
}

/// An RMA has everything that belongs to it.
fn check_rma(conn: &mut Conn, dossier: &Dossier, wish: &Wish) -> Result<(), StoreError> {
    let name = dossier.number.to_string();
    assert_eq!(dossier.rma.state.0, RmaState::Issued, "{name}");
    let parts: Vec<&str> = dossier.lines.iter().map(|(_, part, _)| part.as_str()).collect();
    assert_eq!(parts, wish.parts, "{name}");
    let returned: Vec<_> = dossier.returns.iter().map(|unit| (unit.rma_line_id, unit.state.0)).collect();
    assert_eq!(returned, dossier.lines.iter().map(|(line, ..)| (line.id, ReturnState::Expected)).collect::<Vec<_>>(), "{name}");
    let calls_courier = wish.serial == "SN123";
    let shipment = &dossier.shipment;
    assert_eq!((shipment.state.0, shipment.dispatches), (ShipmentState::Planned, i32::from(calls_courier)), "{name}");
    assert_eq!(shipment.courier_id.is_some(), calls_courier, "{name}");

    let kinds: BTreeSet<_> = dossier.deadlines.iter().map(|kept| kept.deadline.basis.kind.to_string()).collect();
    let promised = if calls_courier { "deliver_by" } else { "ship_by" };
    assert!(kinds.contains(promised) && kinds.contains("return_by"), "{name}: {kinds:?}");
    for kept in &dossier.deadlines {
        let deadline = &kept.deadline;
        let runs = deadline.state == DeadlineState::Running;
        assert_eq!((runs, runs), (deadline.due_at.is_some(), !deadline.steps.is_empty()), "{name}: {deadline:?}");
    }

    let told = events::page(conn, "rma", &name, None, 100)?.rows;
    assert_eq!(told.iter().map(|event| event.action.as_str()).collect::<Vec<_>>(), ["issued"], "{name}");
    let filter = outbox::Filter { rma: Some(dossier.rma.id), ..outbox::Filter::default() };
    let letters: BTreeSet<String> = outbox::page(conn, &filter, None, 100)?.rows.into_iter().map(|(row, _)| row.key).collect();
    let stem = RmaNumber::stem(dossier.number);
    let mut expected = BTreeSet::from([format!("rma/{stem}/issued")]);
    expected.extend(calls_courier.then(|| format!("rma/{stem}/dispatch/1")));
    assert_eq!(letters, expected, "{name}");
    Ok(())
}

#[derive(Clone)]
struct Client {
    http: reqwest::Client,
    base: String,
    token: String,
}

impl Client {
    /// Status and text of the answer, if there is one to its end.
    async fn issue(&self, wish: &Wish) -> Option<(u16, String)> {
        let asked = self.http.post(format!("{}/api/v1/rmas", self.base)).bearer_auth(&self.token);
        let answer = asked.header("idempotency-key", &wish.case).json(&wish.body()).send().await.ok()?;
        let status = answer.status().as_u16();
        Some((status, answer.text().await.ok()?))
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.http.get(format!("{}{path}", self.base)).bearer_auth(&self.token).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap_or(json!(null))
    }
}

/// Kills it once for each count of acknowledgements.
async fn survives(engine: Engine, kills: &[usize]) {
    let mut installation = Installation::new(engine).await;
    for acknowledged in kills {
        let wishes = installation.wish(acknowledged + 2 * CLIENTS).await;
        installation.killed_after(*acknowledged, wishes).await;
        installation.check_whole().await;
        installation.check_after_start().await;
        installation.check_whole().await;
    }
    installation.check_letters().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_kill_9_on_sqlite() {
    survives(Engine::Sqlite, &[1, 2, 5, 11, 23]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_kill_9_on_postgres() {
    survives(Engine::Postgres, &[1, 7]).await;
}
