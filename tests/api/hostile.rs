//! Input that nobody sends in good faith: never a 5xx, always a problem with a stable code, and every fault at its place.

use crate::app::Engine;
use crate::app::{Answer, TestApp, on_both_engines};
use crate::corpus::{Door, Doors, any_json, doors, malformed, places, spoiled, values};
use crate::world::{rma_body, verified_case};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, TestRunner};
use reqwest::Method;
use serde_json::{Map, Value, json};

/// Sends a body as it is, as a rehearsal, so that every request meets the same state.
async fn knock(app: &TestApp, doors: &Doors, door: &Door, kind: &str, body: impl Into<reqwest::Body>) -> Answer {
    let path = format!("{}?dry_run=true", door.path);
    let request = app.bare(door.method.clone(), &path).token(&doors.admin).header("if-match", "\"1\"").header("idempotency-key", "k");
    let request = if kind.is_empty() { request } else { request.header("content-type", kind) };
    request.body(body).send().await
}

/// Never the server's fault, and a refusal is a problem as RFC 9457 has it.
#[track_caller]
fn assert_sane(answer: &Answer, what: &str) {
    let status = answer.status.as_u16();
    assert!(status < 500, "{what}: {}", answer.text);
    assert!(!answer.text.contains("panic") && answer.text.len() < 60_000, "{what}: {} bytes", answer.text.len());
    if status < 400 {
        return;
    }
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{what}: {status} {}", answer.text);
    let code = answer.body["code"].as_str().unwrap_or_else(|| panic!("{what}: {}", answer.text));
    assert!(!code.is_empty() && code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'), "{what}: {code}");
    assert_eq!(answer.body["status"], status, "{what}");
    assert_eq!(answer.body["type"], format!("urn:swapline:problem:{code}"), "{what}");
    assert!(answer.body["title"].is_string() && answer.body["detail"].is_string(), "{what}: {}", answer.text);
    assert_eq!(answer.body["request_id"].as_str(), answer.header("x-request-id"), "{what}");
    for error in answer.body["errors"].as_array().into_iter().flatten() {
        let field = error["field"].as_str().unwrap();
        assert!(field.is_empty() || field.starts_with('/') || status == 400, "{what}: {field} is no JSON pointer");
        assert!(error["code"].is_string() && error["detail"].is_string(), "{what}: {error}");
        assert!(!error.to_string().chars().any(char::is_control), "{what}: {error:?}");
    }
}

on_both_engines!(a_body_that_is_no_object_is_refused_everywhere, |app| {
    let doors = doors(&app).await;
    for door in &doors.all {
        for (body, status) in malformed() {
            let what = format!("{} {} {}", door.method, door.path, String::from_utf8_lossy(&body[..body.len().min(40)]));
            let answer = knock(&app, &doors, door, "application/json", body).await;
            assert_sane(&answer, &what);
            assert_eq!(answer.status, status, "{what}: {}", answer.text);
            if status == 400 {
                assert_eq!(answer.body["code"], "malformed_json", "{what}");
            }
        }
        let text = door.good.to_string();
        for kind in [
            "",
            "text/plain",
            "text/json",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/xml",
            "a",
            "application/jsonx",
            "é",
        ] {
            let answer = knock(&app, &doors, door, kind, text.clone()).await;
            answer.problem(415, "not_json");
        }
        for kind in ["application/json", "APPLICATION/JSON", "application/json; charset=utf-8", " application/json ;x=y"] {
            let answer = knock(&app, &doors, door, kind, text.clone()).await;
            assert_sane(&answer, kind);
            assert_ne!(answer.status, 415, "{kind}");
        }
        // An empty body is an empty object.
        for empty in ["", " \r\n\t "] {
            let answer = knock(&app, &doors, door, if empty.is_empty() { "" } else { "application/json" }, empty).await;
            assert_sane(&answer, "empty");
            let expected = knock(&app, &doors, door, "application/json", "{}").await;
            assert_eq!((answer.status, answer.faults()), (expected.status, expected.faults()), "{}", door.path);
        }
        for bytes in [65_537, 200_000, 3_000_000] {
            let body = format!("{{\"name\":\"{}\"}}", "x".repeat(bytes));
            let answer = knock(&app, &doors, door, "application/json", body).await;
            answer.problem(413, "body_too_large");
            if !door.path.ends_with("models") {
                break;
            }
        }
    }
});

/// One place of a good body at a time: what passes the door meets the rules and the database. Every thirteenth pair.
async fn one_value_at_a_time(app: &TestApp, doors: &Doors, from: usize) {
    let values = values();
    let places = doors.all.iter().flat_map(|door| places(&door.good).into_iter().map(move |place| (door, place)));
    let pairs = places.flat_map(|(door, place)| values.iter().map(move |value| (door, place.clone(), value)));
    for (door, place, value) in pairs.skip(from).step_by(13) {
        let mut body = door.good.clone();
        *body.pointer_mut(&place).unwrap() = value.clone();
        let answer = knock(app, doors, door, "application/json", body.to_string()).await;
        let shown: String = value.to_string().chars().take(60).collect();
        assert_sane(&answer, &format!("{} {} with {place} = {shown}", door.method, door.path));
    }
}

/// Every place at once: the faults are collected, so each value meets the parser of each place.
async fn values_all_over(app: &TestApp, doors: &Doors) {
    let values = values();
    for (nth, door) in doors.all.iter().enumerate() {
        let leaves: Vec<String> = places(&door.good).into_iter().filter(|p| places(door.good.pointer(p).unwrap()).is_empty()).collect();
        for turn in (nth % 2..values.len()).step_by(2) {
            let mut body = door.good.clone();
            for (at, place) in leaves.iter().enumerate() {
                *body.pointer_mut(place).unwrap() = values[(turn + 7 * at) % values.len()].clone();
            }
            let answer = knock(app, doors, door, "application/json", body.to_string()).await;
            assert_sane(&answer, &format!("{} {} turn {turn}", door.method, door.path));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_value_in_any_place_is_the_servers_fault() {
    let app = TestApp::start(Engine::Sqlite).await;
    let doors = doors(&app).await;
    values_all_over(&app, &doors).await;
    one_value_at_a_time(&app, &doors, 0).await;
}

/// PostgreSQL has a mind of its own about NULs, years and numbers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_value_is_too_much_for_postgresql() {
    let app = TestApp::start(Engine::Postgres).await;
    one_value_at_a_time(&app, &doors(&app).await, 6).await;
}

on_both_engines!(members_too_many_too_few_and_twice, |app| {
    let doors = doors(&app).await;
    for door in &doors.all {
        let names: Vec<String> = door.good.as_object().unwrap().keys().cloned().collect();
        let unknown: Map<String, Value> = (0..200).map(|n| (format!("x/{n}~\u{202e}\u{7}"), json!(n))).collect();
        let answer = knock(&app, &doors, door, "application/json", Value::Object(unknown).to_string()).await;
        assert_sane(&answer, &door.path);
        assert_eq!(answer.status, 422);
        assert!((1..=60).contains(&answer.faults().len()), "{}: bounded", door.path);
        assert!(
            answer.faults().iter().any(|(f, c)| f.starts_with("/x~10") || f.starts_with("/x~1") && c == "unknown_field"),
            "{}",
            answer.text
        );
        let long = json!({"k".repeat(50_000): 1}).to_string();
        assert_sane(&knock(&app, &doors, door, "application/json", long).await, "a long key");
        for name in &names {
            let mut body = door.good.clone();
            body.as_object_mut().unwrap().remove(name);
            assert_sane(&knock(&app, &doors, door, "application/json", body.to_string()).await, &format!("{} without {name}", door.path));
            let twice = door.good.to_string().replacen('{', &format!("{{\"{name}\":[],"), 1);
            assert_sane(&knock(&app, &doors, door, "application/json", twice).await, &format!("{} with {name} twice", door.path));
        }
    }
});

on_both_engines!(several_faults_are_told_together_at_their_places, |app| {
    let doors = doors(&app).await;
    let ask = json!({"case": "C1", "lines": [{"serial_number": "", "part_number": 7}, {"serial_number": "X", "extra": 1}], "contact": {"name": "\u{7}", "phone": "1", "accepts_delivery": "yes"}, "more": 0});
    let answer = app.post_once("/api/v1/rmas", "k", ask).await;
    answer.problem(422, "invalid_input");
    let mut faults = answer.faults();
    faults.sort();
    let expected = [
        ("/case", "malformed_number"),
        ("/contact/accepts_delivery", "wrong_type"),
        ("/contact/name", "control_character"),
        ("/contact/phone", "bad_phone"),
        ("/lines/0/part_number", "wrong_type"),
        ("/lines/0/serial_number", "empty"),
        ("/lines/1/extra", "unknown_field"),
        ("/lines/1/part_number", "required"),
        ("/more", "unknown_field"),
    ];
    assert_eq!(faults, expected.map(|(f, c)| (f.to_owned(), c.to_owned())));
    // What only the rules can tell is told together as well: each line with its own reasons.
    let case = verified_case(&app, "ENDED-1", &[]).await;
    let ask = rma_body(&case, "ENDED-1", &["PSU-900", "NOPE-1", "RAIL-1"], None);
    let answer = app.post_once("/api/v1/rmas", "k", ask).await;
    answer.problem(422, "contract_ended");
    let mut faults = answer.faults();
    faults.sort();
    let expected = [
        ("", "contract_ended"),
        ("/lines/0/part_number", "defect_not_verified"),
        ("/lines/0/part_number", "part_does_not_fit"),
        ("/lines/1/part_number", "defect_not_verified"),
        ("/lines/1/part_number", "part_unknown"),
        ("/lines/2/part_number", "component_not_covered"),
        ("/lines/2/part_number", "defect_not_verified"),
    ];
    assert_eq!(faults, expected.map(|(f, c)| (f.to_owned(), c.to_owned())));
    assert!(answer.body["errors"].as_array().unwrap().iter().all(|e| e["rule"] == "P4.1"));
    let too_many = json!({"case": "C10000001", "lines": vec![json!({"serial_number": "X", "part_number": "X"}); 21]});
    let answer = app.post_once("/api/v1/rmas", "k", too_many).await;
    assert_eq!(answer.faults(), [("/lines".to_owned(), "too_many".to_owned())]);
    assert!(!doors.all.is_empty());
});

/// What is put where a path names a thing.
const KEYS: &[&str] = &[
    "%00",
    "a%00b",
    "%FF",
    "%C0%AF",
    "%ED%A0%80",
    "%2F",
    "..%2f..%2fetc",
    "%20",
    "%0d%0aX:1",
    "%E2%80%AE",
    "%25",
    "%",
    "%zz",
    "'",
    "\"",
    "é",
    "*",
    "~",
    ";a=b",
    "R10000017-4",
    "R1",
    "C1",
    "00000000-0000-0000-0000-000000000000",
];

/// Lists whose things are named in a path.
const LISTS: &[&str] = &[
    "organizations",
    "contracts",
    "appliances",
    "sites",
    "models",
    "parts",
    "service-centers",
    "couriers",
    "cases",
    "rmas",
    "shipments",
    "tokens",
    "people",
];

on_both_engines!(paths_that_nobody_means, |app| {
    let doors = doors(&app).await;
    let long = ["x".repeat(4_000), "%F0%9F%98%80".repeat(500)];
    for key in KEYS.iter().copied().chain(long.iter().map(String::as_str)) {
        for list in LISTS {
            let path = format!("/api/v1/{list}/{key}");
            let answer = app.bare(Method::GET, &path).token(&doors.admin).send().await;
            assert_sane(&answer, &path);
            assert!(matches!(answer.status.as_u16(), 400 | 404), "{path}: {}", answer.text);
            let answer = app.bare(Method::DELETE, &path).token(&doors.admin).header("if-match", "\"1\"").send().await;
            assert_sane(&answer, &path);
        }
        for path in [
            format!("rmas/{key}/events"),
            format!("rmas/{key}/letters"),
            format!("contracts/{key}/appliances"),
            format!("letters/{key}/retry"),
            format!("rmas/{key}/ship"),
            format!("cases/{key}/verification"),
        ] {
            for method in [Method::GET, Method::POST] {
                let answer = app.bare(method, &format!("/api/v1/{path}")).token(&doors.admin).json(json!({})).send().await;
                assert_sane(&answer, &path);
                assert!(answer.status.is_client_error(), "{path}: {}", answer.text);
            }
        }
        let answer = app.get(&format!("/api/v1/rmas?organization={key}")).await;
        assert_sane(&answer, key);
        assert_sane(&app.get(&format!("/api/v1/rmas?{key}")).await, key);
        assert_sane(&app.get(&format!("/{key}")).await, key);
    }
});

on_both_engines!(methods_parameters_and_headers_that_nobody_means, |app| {
    let doors = doors(&app).await;
    for method in ["PATCH", "TRACE", "OPTIONS", "PUT", "DELETE", "SEARCH", "X"] {
        let answer = app.bare(Method::from_bytes(method.as_bytes()).unwrap(), "/api/v1/rmas").token(&doors.admin).send().await;
        assert_sane(&answer, method);
        assert!(answer.status.is_client_error(), "{method}");
    }
    let many = (0..2_000).map(|n| format!("a{n}=1")).collect::<Vec<_>>().join("&");
    app.get(&format!("/api/v1/rmas?{many}")).await.problem(400, "unknown_parameter");
    app.get(&format!("/api/v1/rmas?organization={}", "x".repeat(20_000))).await.problem(400, "too_long");
    for (name, value) in [
        ("accept", "text/csv;q=x, */*"),
        ("accept", "\u{e9}"),
        ("if-match", "\u{e9}"),
        ("idempotency-key", "\u{e9}"),
        ("content-encoding", "gzip"),
        ("expect", "nothing"),
        ("x-forwarded-for", "\u{e9}"),
    ] {
        for path in ["/api/v1/models", "/api/v1/models/MX-1"] {
            let answer = app.bare(Method::GET, path).token(&doors.admin).header(name, value).send().await;
            assert_sane(&answer, &format!("{name}: {value}"));
        }
        let put = app.bare(Method::PUT, "/api/v1/models/MX-1").token(&doors.admin).header("if-match", "\"1\"").header(name, value);
        assert_sane(&put.json(json!({"code": "MX-1", "name": "N"})).send().await, &format!("PUT with {name}: {value}"));
    }
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_bodies_are_never_the_servers_fault() {
    let app = TestApp::start(Engine::Sqlite).await;
    let doors = doors(&app).await;
    // The same bodies in every run: a failure can be looked at.
    let rng = proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    for door in &doors.all {
        for round in 0..30 {
            let body = if round % 2 == 0 { spoiled(&door.good, &mut runner) } else { any_json().new_tree(&mut runner).unwrap().current() };
            let answer = knock(&app, &doors, door, "application/json", body.to_string()).await;
            assert_sane(&answer, &format!("{} {} {body}", door.method, door.path));
        }
    }
}

on_both_engines!(good_bodies_are_good, |app| {
    // The corpus above says something only if the bodies that it spoils are accepted, or clash with the state alone.
    let doors = doors(&app).await;
    for door in &doors.all {
        let answer = knock(&app, &doors, door, "application/json", door.good.to_string()).await;
        let code = if answer.status.is_success() { "" } else { answer.body["code"].as_str().unwrap() };
        let expected = match (door.method.as_str(), door.path.rsplit('/').next().unwrap()) {
            ("PUT", _) => "key_mismatch",
            (_, "ship") => "invalid_input",
            (_, "tokens") => "not_allowed",
            (_, "deliver" | "close") => "state_clash",
            (_, "export-release") => "no_export_hold",
            _ => "",
        };
        assert_eq!(code, expected, "{} {}: {}", door.method, door.path, answer.text);
    }
});
