//! Several nodes on one PostgreSQL, and requests that come at once: every effect happens once.

use crate::app::{Answer, Database, Engine, TestApp, on_both_engines};
use crate::world::{self, front_desk, issued, rma_body, verified_case};
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use swapline::jobs::{Desk, post, sweep};
use swapline::mail::transport::{Memory, Transport};
use swapline::rules::number::RmaNumber;
use swapline::rules::role::Role;
use swapline::store::outbox::{self, LetterState};
use swapline::store::{Db, StoreError, Ts, events};

/// Another node: its own pool of connections and its own way to send, the same database and time.
fn another(app: &TestApp) -> (Desk, Memory) {
    let memory = Memory::default();
    let db = Db::open(&app.database.url, 4).unwrap();
    (Desk { db, transport: Transport::Memory(memory.clone()), ..app.desk.clone() }, memory)
}

/// How often each letter went out, over all nodes.
fn sent(memories: &[&Memory]) -> BTreeMap<String, usize> {
    let mut sent = BTreeMap::new();
    for letter in memories.iter().flat_map(|memory| memory.letters()) {
        *sent.entry(letter.key).or_default() += 1;
    }
    sent
}

/// Every promised letter as the database knows it: key, state, attempts.
async fn promised(desk: &Desk) -> Vec<(String, LetterState, i32)> {
    let page = desk.db.read(|conn| outbox::page(conn, &outbox::Filter::default(), None, 10_000)).await.unwrap();
    page.rows.into_iter().map(|(row, _)| (row.key, row.state.0, row.attempts)).collect()
}

fn number(rma: &Value) -> String {
    rma["number"].as_str().unwrap().to_owned()
}

/// Both nodes at once, until neither finds anything to do.
async fn post_until_nothing_is_left(one: &Desk, other: &Desk) {
    loop {
        let (a, b) = tokio::join!(post::post(one), post::post(other));
        if a.unwrap() + b.unwrap() == 0 {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn p4_6_two_posters_send_each_letter_once() {
    let mut app = TestApp::start(Engine::Postgres).await;
    world::fill(&app).await;
    // Small bites, so that the two meet often.
    app.desk.pace.batch = 3;
    let (other, memory) = another(&app);
    let mut expected = BTreeSet::new();
    for round in 0..6 {
        let mut rmas = Vec::new();
        for _ in 0..8 {
            rmas.push(issued(&app, "GP-1", "PSU-450", Some(front_desk())).await);
        }
        for rma in &rmas {
            let stem = stem(&number(rma));
            expected.extend([format!("{stem}/issued"), format!("{stem}/dispatch/1")]);
        }
        // In some rounds they also run while nothing is left, and in others twice at once in one node.
        match round % 2 {
            0 => post_until_nothing_is_left(&app.desk, &other).await,
            _ => drop(tokio::join!(
                post_until_nothing_is_left(&app.desk, &other),
                post_until_nothing_is_left(&other, &app.desk),
                post::post(&other)
            )),
        }
    }
    let sent = sent(&[&app.memory, &memory]);
    assert!(sent.values().all(|times| *times == 1), "{sent:?}");
    assert_eq!(sent.into_keys().collect::<BTreeSet<_>>(), expected);
    assert!(promised(&app.desk).await.iter().all(|(_, state, attempts)| *state == LetterState::Sent && *attempts == 1));
    assert!(!app.memory.letters().is_empty() && !memory.letters().is_empty(), "one of the two did everything");
}

/// What the keys of an RMA's letters begin with.
fn stem(number: &str) -> String {
    format!("rma/{}", RmaNumber::parse(number).unwrap().stem())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn p3_5_two_sweepers_miss_each_deadline_and_send_each_reminder_once() {
    let mut app = TestApp::start(Engine::Postgres).await;
    world::fill(&app).await;
    let mut rmas = Vec::new();
    for serial in ["GP-1", "GOLD-1", "SILVER-1"].into_iter().cycle().take(12) {
        let rma = number(&issued(&app, serial, "PSU-450", Some(front_desk())).await);
        let shipped = json!({"carrier": "Overnight", "replacement_serial_numbers": [format!("REPL-{rma}")]});
        app.post(&format!("/api/v1/rmas/{rma}/ship"), shipped).await.expect(200);
        app.post(&format!("/api/v1/rmas/{rma}/deliver"), json!({"received_by": "Front Desk"})).await.expect(200);
        rmas.push(rma);
    }
    app.desk.pace.batch = 2;
    let (other, memory) = another(&app);
    for _day in 0..30 {
        app.pass(TimeDelta::days(1));
        let swept = tokio::join!(
            sweep::sweep(&app.desk),
            sweep::sweep(&other),
            sweep::sweep(&app.desk),
            sweep::sweep(&other),
            post::post(&app.desk),
            post::post(&other)
        );
        for done in [swept.0, swept.1, swept.2, swept.3] {
            done.unwrap();
        }
        for done in [swept.4, swept.5] {
            done.unwrap();
        }
        // Sweepers skip what another one holds: alone, one finds the rest.
        sweep::sweep(&other).await.unwrap();
    }
    post_until_nothing_is_left(&app.desk, &other).await;

    let mut missed = 0;
    for rma in &rmas {
        let deadlines = app.get(&format!("/api/v1/rmas/{rma}/deadlines")).await.expect(200);
        let kinds = |state: &str| -> BTreeSet<String> {
            let items = deadlines["items"].as_array().unwrap().iter().filter(|d| d["state"] == state);
            items.map(|d| d["kind"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(kinds("running"), BTreeSet::new(), "{rma}");
        let subject = rma.clone();
        let told = app.desk.db.read(move |conn| events::page(conn, "rma", &subject, None, 1_000)).await.unwrap();
        let told: Vec<String> = told.rows.into_iter().filter(|e| e.action == "deadline_missed").map(|e| kind_of(&e)).collect();
        assert_eq!(told.len(), kinds("missed").len(), "{rma}: {told:?}");
        assert_eq!(told.iter().cloned().collect::<BTreeSet<_>>(), kinds("missed"), "{rma}");
        missed += told.len();
    }
    assert!(missed >= rmas.len(), "{missed} deadlines were missed");

    let sent = sent(&[&app.memory, &memory]);
    assert!(sent.values().all(|times| *times == 1), "{sent:?}");
    let reminders = |rma: &String| {
        let start = format!("{}/return-reminder/", stem(rma));
        sent.keys().filter(|key| key.starts_with(&start)).count()
    };
    let counts: BTreeSet<usize> = rmas.iter().map(reminders).collect();
    assert!(counts.len() == 1 && counts.iter().all(|n| *n >= 3), "reminders by RMA: {counts:?} of {sent:?}");
}

fn kind_of(event: &events::Event) -> String {
    event.after.as_ref().unwrap().0["kind"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p4_6_the_letters_of_a_node_that_died_are_sent_by_another() {
    let app = TestApp::start(Engine::Postgres).await;
    world::fill(&app).await;
    issued(&app, "GP-1", "PSU-450", Some(front_desk())).await;
    let (other, memory) = another(&app);
    // A node takes the letters and is never heard of again.
    let now = app.desk.clock.now();
    let (from, until) = (Ts::from(now), Ts::from(now + TimeDelta::seconds(app.desk.pace.lease_seconds)));
    let taken = app.desk.db.write(move |conn| outbox::lease(conn, from, until, 100)).await.unwrap();
    assert_eq!(taken.len(), 2);
    assert_eq!(post::post(&other).await.unwrap(), 0);
    app.pass(TimeDelta::seconds(app.desk.pace.lease_seconds));
    assert_eq!(post::post(&other).await.unwrap(), 0, "the lease holds to its last second");
    app.pass(TimeDelta::seconds(1));
    assert_eq!(post::post(&other).await.unwrap(), 2);
    assert_eq!(sent(&[&app.memory, &memory]).into_values().collect::<Vec<_>>(), [1, 1]);
    assert!(promised(&app.desk).await.iter().all(|(_, state, attempts)| *state == LetterState::Sent && *attempts == 2));
}

/// Asks for the same RMA with the same key, `times` at once.
async fn all_at_once(app: &TestApp, times: usize, key: &str, body: &Value) -> Vec<Answer> {
    join_all((0..times).map(|_| app.post_once("/api/v1/rmas", key, body.clone()))).await
}

on_both_engines!(one_key_at_once_has_one_effect_and_the_same_answer_for_everybody, |app| {
    world::fill(&app).await;
    for round in 0..5 {
        let case = verified_case(&app, "GOLD-1", &["PSU-450"]).await;
        let (key, body) = (format!("round {round}"), rma_body(&case, "GOLD-1", &["PSU-450"], None));
        let answers = all_at_once(&app, 6, &key, &body).await;
        for answer in &answers {
            assert_eq!((answer.status.as_u16(), &answer.text), (201, &answers[0].text));
            assert_eq!(answer.header("location"), answers[0].header("location"));
            assert!(answer.header("location").is_some());
        }
        let list = app.get(&format!("/api/v1/rmas?case={case}")).await.expect(200);
        assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list}");
        let otherwise = rma_body(&case, "GOLD-1", &["FAN-2"], None);
        app.post_once("/api/v1/rmas", &key, otherwise).await.problem(422, "idempotency_key_reused");
        // Another token's key is another key: this one finds that the part is replaced already.
        let token = app.make_token(Role::Operations, None, None).await;
        let again = app.bare(reqwest::Method::POST, "/api/v1/rmas").token(&token).header("idempotency-key", &key).json(body).send().await;
        assert!(again.status.is_client_error(), "{}", again.text);
    }
});

on_both_engines!(a_key_with_two_bodies_at_once_belongs_to_one_of_them, |app| {
    world::fill(&app).await;
    let one = verified_case(&app, "GOLD-1", &["PSU-450"]).await;
    let other = verified_case(&app, "SILVER-1", &["PSU-450"]).await;
    let bodies = [rma_body(&one, "GOLD-1", &["PSU-450"], None), rma_body(&other, "SILVER-1", &["PSU-450"], None)];
    let answers = join_all(bodies.map(|body| app.post_once("/api/v1/rmas", "shared", body))).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 422]);
    answers.iter().find(|a| a.status == 422).unwrap().problem(422, "idempotency_key_reused");
    assert_eq!(app.get("/api/v1/rmas").await.expect(200)["items"].as_array().unwrap().len(), 1);
});

on_both_engines!(a_defect_is_replaced_once_however_many_ask_at_once, |app| {
    world::fill(&app).await;
    let case = verified_case(&app, "GOLD-1", &["PSU-450"]).await;
    let body = rma_body(&case, "GOLD-1", &["PSU-450"], None);
    let asked = (0..8).map(|key| {
        let (app, body) = (&app, body.clone());
        async move { app.post_once("/api/v1/rmas", &key.to_string(), body).await }
    });
    let answers = join_all(asked).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    assert!(answers.iter().all(|answer| answer.status == 201 || answer.status.is_client_error()), "{answers:#?}");
    assert_eq!(app.get("/api/v1/rmas").await.expect(200)["items"].as_array().unwrap().len(), 1);
});

on_both_engines!(a_hundred_rmas_at_once_get_a_hundred_consecutive_numbers, |app| {
    world::fill(&app).await;
    let mut cases = Vec::new();
    for _ in 0..100 {
        cases.push(verified_case(&app, "GOLD-1", &["PSU-450"]).await);
    }
    let asked = cases.iter().map(|case| {
        let body = rma_body(case, "GOLD-1", &["PSU-450"], None);
        let app = &app;
        async move { app.post_once("/api/v1/rmas", case, body).await.expect(201) }
    });
    let numbers: BTreeSet<u64> = join_all(asked).await.iter().map(|rma| serial(&number(rma))).collect();
    assert_eq!(numbers.len(), 100);
    assert_eq!(numbers.last().unwrap() - numbers.first().unwrap(), 99, "{numbers:?}");
    let issued = app.desk.db.read(|conn| outbox::page(conn, &outbox::Filter::default(), None, 1_000)).await;
    assert_eq!(issued.map_err(|e: StoreError| e).unwrap().rows.len(), 100);
});

/// The serial part of an RMA's number.
fn serial(number: &str) -> u64 {
    u64::try_from(RmaNumber::parse(number).unwrap().serial()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nodes_that_start_at_once_migrate_once() {
    let database = Database::new(Engine::Postgres);
    let starts: Vec<_> = (0..6)
        .map(|_| {
            let url = database.url.clone();
            tokio::task::spawn_blocking(move || swapline::store::migrate::up(&url))
        })
        .collect();
    let done: Vec<Vec<String>> = join_all(starts).await.into_iter().map(|up| up.unwrap().unwrap()).collect();
    assert_eq!(done.iter().filter(|names| !names.is_empty()).count(), 1, "{done:?}");
}
