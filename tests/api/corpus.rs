//! Bodies for `hostile`: good ones for every endpoint, malformed ones, values that belong nowhere, and random JSON.

use crate::app::TestApp;
use crate::steps::number_of_new;
use crate::world::{self, rma_body, verified_case};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use reqwest::Method;
use serde_json::{Number, Value, json};
use swapline::rules::role::Role;

/// An endpoint that takes a body, and a body that it takes (or would, but for the state of things).
pub struct Door {
    pub method: Method,
    pub path: String,
    pub good: Value,
}

/// All of them, and a token for them.
pub struct Doors {
    pub admin: String,
    pub all: Vec<Door>,
}

/// The kept records: their list, one of the world's, and a body.
fn records(position: &Value) -> [(&'static str, &'static str, Value); 8] {
    let address = json!({"lines": ["1 Main Road"], "city": "Madrid", "region": "Madrid", "postal_code": "28001", "country": "ES"});
    [
        (
            "organizations",
            "ACME",
            json!({"code": "N-1", "name": "N", "region": "europe", "country": "ES", "subdivision": "MD", "language": "es",
            "contacts": [{"name": "Desk", "email": "it@n.example", "phone": "+34911234567"}]}),
        ),
        (
            "contracts",
            "K-GP",
            json!({"number": "N-1", "organization": "OTHER", "region": "europe", "tier": "gold", "zone": "Europe/Madrid", "starts_on": "2026-01-01", "ends_on": "2026-12-31"}),
        ),
        (
            "appliances",
            "GOLD-1",
            json!({"serial_number": "N/1", "organization": "OTHER", "model": "MX-1", "kind": "physical", "site": "MAD-1", "contracts": ["K-ES"], "end_of_maintenance_on": "2030-12-31"}),
        ),
        (
            "sites",
            "FLL-1",
            json!({"code": "N-1", "organization": "OTHER", "name": "N", "address": address, "subdivision": "MD", "position": position, "zone": "Europe/Madrid",
            "contact": {"name": "Desk", "phone": "+34911234567"}, "receiving_notes": "Ring"}),
        ),
        ("models", "MX-1", json!({"code": "N-1", "name": "N"})),
        (
            "parts",
            "FAN-2",
            json!({"part_number": "N/1", "description": "N", "fits_models": ["MX-1"], "excluded_from_gold_plus": true, "excluded_from_maintenance": false, "export_controlled": true, "whole_unit": true}),
        ),
        (
            "service-centers",
            "SC-MAD",
            json!({"code": "N-1", "name": "N", "address": address, "subdivision": "MD", "position": position, "zone": "Europe/Madrid",
            "opens_on": "2026-01-01", "closes_on": "2029-01-01", "couriers": ["COURIER-1"]}),
        ),
        ("couriers", "COURIER-2", json!({"code": "N-1", "name": "N", "email": "a@n.example", "phone": "+34911234567", "language": "es"})),
    ]
}

/// The moves of an RMA and their bodies.
fn moves(contact: &Value) -> [(&'static str, Value); 9] {
    [
        ("contact", contact.clone()),
        (
            "ship",
            json!({"carrier": "P", "tracking_number": "1", "replacement_serial_number": "N-1", "replacement_serial_numbers": ["N-1"], "shipped_at": "2026-11-25T19:00:00Z"}),
        ),
        ("deliver", json!({"received_by": "Desk", "delivered_at": "2026-11-25T19:00:00Z"})),
        ("return-shipped", json!({"line": 1, "carrier": "P", "tracking_number": "1", "shipped_at": "2026-11-25T19:00:00Z"})),
        ("return-received", json!({"serial_number": "N-1", "condition": "damaged", "line": 1, "received_at": "2026-11-25T19:00:00Z"})),
        ("cancel", json!({"reason": "No"})),
        ("close", json!({})),
        ("export-hold", json!({"reason": "No"})),
        ("export-release", json!({})),
    ]
}

/// The endpoints of a world in which their bodies are good.
pub async fn doors(app: &TestApp) -> Doors {
    world::fill(app).await;
    let case = verified_case(app, "GOLD-1", &["PSU-450"]).await;
    let rma = number_of_new(app, "SILVER-1", &["PSU-450"], None).await;
    let position = json!({"latitude": 40.4168, "longitude": -3.7038});
    let contact = json!({"name": "Desk", "phone": "+34911234567", "accepts_delivery": true});
    let records = records(&position);
    let mut all = Vec::new();
    for (list, key, good) in records {
        all.push(Door { method: Method::POST, path: format!("/api/v1/{list}"), good: good.clone() });
        all.push(Door { method: Method::PUT, path: format!("/api/v1/{list}/{key}"), good });
    }
    let moves = moves(&contact);
    let mut rma_ask = rma_body(&case, "GOLD-1", &["PSU-450"], Some(contact));
    rma_ask["lines"][0]["part_number"] = json!("PSU-450");
    let others = [
        (
            "sites/check".to_owned(),
            json!({"country": "ES", "address": {"lines": ["1"], "city": "Madrid", "region": "MD", "postal_code": "28001"}, "position": position}),
        ),
        ("cases".to_owned(), json!({"serial_number": "GOLD-1", "severity": 2, "channel": "web", "summary": "Broken"})),
        (
            format!("cases/{case}/verification"),
            json!({"replacement_needed": true, "part_number": "PSU-450", "failure_code": "dead", "note": "Seen"}),
        ),
        ("rmas".to_owned(), rma_ask),
        (
            "people".to_owned(),
            json!({"email": "new@customer.example", "name": "New", "role": "customer", "organization": "ACME", "administrator": true, "zone": "Europe/Madrid"}),
        ),
        ("tokens".to_owned(), json!({"label": "T", "role": "customer", "organization": "ACME", "courier": "COURIER-1"})),
    ];
    let moves = moves.into_iter().map(|(step, good)| (format!("rmas/{rma}/{step}"), good));
    all.extend(others.into_iter().chain(moves).map(|(path, good)| Door { method: Method::POST, path: format!("/api/v1/{path}"), good }));
    Doors { admin: app.make_token(Role::Admin, None, None).await, all }
}

fn nested(depth: usize, open: &str, close: &str) -> String {
    format!("{}{}", open.repeat(depth), close.repeat(depth))
}

/// Bodies that are no JSON, or no JSON object.
pub fn malformed() -> Vec<(Vec<u8>, u16)> {
    let texts = [
        "{",
        "}",
        "{]",
        "[1,",
        "nul",
        "'a'",
        "{\"a\":}",
        "{\"a\" 1}",
        "{a:1}",
        "{\"a\":1,}",
        "// comment",
        "NaN",
        "{\"severity\":NaN}",
        "{\"latitude\":Infinity}",
        "{\"x\":1e999}",
        "{\"x\":-1e999}",
        "{\"x\":0x10}",
        "{\"x\":01}",
        "{\"x\":\"\u{1}\"}",
        "{\"x\":\"\\x\"}",
        "{\"x\":\"\\ud800\"}",
        "{} {}",
        "{}x",
        "\u{feff}{}",
        "\0",
        "{\"\0\":1}",
    ];
    let mut all: Vec<(Vec<u8>, u16)> = texts.iter().map(|t| (t.as_bytes().to_vec(), 400)).collect();
    all.extend([
        (nested(10_000, "[", "]").into_bytes(), 400),
        (nested(10_000, "{\"a\":", "}").into_bytes(), 400),
        (nested(4_000, "{\"address\":[", "]}").into_bytes(), 400),
        (b"{\"name\":\"\xff\xfe\"}".to_vec(), 400),
        (b"\xc0\xaf".to_vec(), 400),
        (b"\xed\xa0\x80".to_vec(), 400),
        (vec![0; 1_000], 400),
        (b"null".to_vec(), 422),
        (b"true".to_vec(), 422),
        (b"[]".to_vec(), 422),
        (b"[{}]".to_vec(), 422),
        (b"\"{}\"".to_vec(), 422),
        (b"1".to_vec(), 422),
        (b"-0.0".to_vec(), 422),
        (nested(100, "[", "]").into_bytes(), 422),
    ]);
    all
}

/// Texts of all kinds, most of them wrong nearly everywhere.
const TEXTS: &[&str] = &[
    "",
    " ",
    "\0",
    "a\0b",
    "a\r\nBcc: x@x.example",
    "a\u{1b}[31m",
    "\u{202e}txt.exe",
    "\u{200f}",
    "\u{2028}",
    "\u{feff}",
    "é\u{301}\u{301}",
    "𝒳👩‍👩‍👧‍👦",
    "../../etc/passwd",
    "..",
    ".",
    "/",
    "' OR 1=1 --",
    "\"; DROP TABLE rmas; --",
    "%00",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "${jndi:ldap://x}",
    "=1+1",
    "NaN",
    "-1",
    "1e400",
    "null",
    "true",
    "\u{fffd}",
    "\u{10ffff}",
    "0000-00-00",
    "2026-02-29",
    "9999-12-31",
    "-0001-01-01",
    "10000-01-01",
    "2026-13-01",
    "2026-11-25T19:00:00Z",
    "2026-11-25T24:00:00Z",
    "2026-11-25T23:59:60Z",
    "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59+23:59",
    "+262143-12-31T23:59:59Z",
    "2026-11-25T19:00:00",
    "R10000017-3",
    "C99999999",
    "+99999999999999999999",
    "+34",
    "a@b",
    "@",
    "a@[127.0.0.1]",
    "Etc/GMT+14",
    "europe",
    "gold_plus",
    "ES",
    "ZZ",
    "swl_x",
];

/// What is put where something else belongs.
pub fn values() -> Vec<Value> {
    let long = ["x".repeat(300), "x".repeat(60_000), "\u{202e}".repeat(10_000), "é".repeat(20_000)];
    let numbers = [
        json!(0),
        json!(-1),
        json!(1),
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1.5),
        json!(-0.0),
        json!(1e308),
        json!(5e-324),
        json!(90.000001),
        json!(2_147_483_648_i64),
        json!(1e20),
    ];
    let others = [
        Value::Null,
        json!(true),
        json!([]),
        json!({}),
        json!([[]]),
        json!([null]),
        json!({"": ""}),
        json!(vec![1; 5_000]),
        json!({"latitude": 1e308, "longitude": -1e308}),
    ];
    TEXTS.iter().map(|t| json!(t)).chain(long.into_iter().map(Value::String)).chain(numbers).chain(others).collect()
}

/// Every place in a body: its members, and those of what it holds.
pub fn places(value: &Value) -> Vec<String> {
    let inside = |key: String, inner: &Value| -> Vec<String> {
        std::iter::once(key.clone()).chain(places(inner).into_iter().map(|p| format!("{key}{p}"))).collect()
    };
    match value {
        Value::Object(map) => map.iter().flat_map(|(k, v)| inside(format!("/{k}"), v)).collect(),
        Value::Array(list) => list.iter().enumerate().flat_map(|(i, v)| inside(format!("/{i}"), v)).collect(),
        _ => Vec::new(),
    }
}

/// Any JSON at all, mostly of the words that the endpoints know.
pub fn any_json() -> impl Strategy<Value = Value> {
    let words = [
        "code",
        "number",
        "organization",
        "name",
        "region",
        "country",
        "address",
        "city",
        "lines",
        "position",
        "latitude",
        "longitude",
        "contact",
        "contacts",
        "phone",
        "email",
        "case",
        "serial_number",
        "part_number",
        "fits_models",
        "starts_on",
        "tier",
        "model",
        "role",
        "label",
        "reason",
        "carrier",
        "line",
        "condition",
        "severity",
        "summary",
        "zone",
    ];
    let name = prop_oneof![4 => proptest::sample::select(words.to_vec()).prop_map(str::to_owned), 1 => ".{0,12}"];
    let text = prop_oneof![3 => "[A-Z0-9-]{1,12}", 2 => ".{0,40}", 1 => proptest::sample::select(vec!["ES", "gold", "europe", "2026-01-01", "Europe/Madrid", "+34911234567", "a@b.example", "web", "R10000001-1", "MX-1", "ACME"]).prop_map(str::to_owned)];
    let float = any::<f64>().prop_filter_map("JSON has no such number", |f| Number::from_f64(f).map(Value::Number));
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|n| json!(n)),
        float,
        text.prop_map(Value::String)
    ];
    leaf.prop_recursive(4, 48, 8, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            proptest::collection::vec((name.clone(), inner), 0..8).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A good body in which some places hold anything; or anything.
pub fn spoiled(good: &Value, runner: &mut TestRunner) -> Value {
    let mut draw = || any_json().new_tree(runner).unwrap().current();
    let mut body = good.clone();
    let places = places(good);
    if places.is_empty() {
        return draw();
    }
    for n in 0..2 {
        let (value, pick) = (draw(), draw().to_string().len().wrapping_mul(31).wrapping_add(n));
        if let Some(place) = body.pointer_mut(&places[pick % places.len()]) {
            *place = value;
        }
    }
    body
}
