//! The kept records over HTTP: adding, reading, replacing, removing; rehearsals; the audit; the coverage check.

use crate::app::{Answer, TestApp, on_both_engines};
use crate::steps::{number_of_new, text};
use crate::world;
use reqwest::Method;
use serde_json::{Value, json};
use swapline::store::{Conn, StoreError, events};

/// A kind of record: where it is, what is sent, what is changed, and one of the world's that something refers to.
struct Kind {
    name: &'static str,
    path: &'static str,
    key: &'static str,
    body: Value,
    change: (&'static str, Value),
    used: &'static str,
}

fn kinds() -> Vec<Kind> {
    let contacts = json!([{"name": "IT Desk", "email": "it@new.example", "phone": "+34911234567"}]);
    let address = json!({"lines": ["1 Main Road"], "city": "Madrid", "region": "Madrid", "postal_code": "28001", "country": "ES"});
    let position = json!({"latitude": 40.4168, "longitude": -3.7038});
    let kind = |name, path, key, body, change, used| Kind { name, path, key, body, change, used };
    vec![
        kind(
            "organization",
            "/api/v1/organizations",
            "NEW-1",
            json!({"code": "NEW-1", "name": "New Company", "region": "europe", "country": "ES", "subdivision": "MD", "language": "es", "contacts": contacts}),
            ("name", json!("Newer Company")),
            "ACME",
        ),
        kind(
            "contract",
            "/api/v1/contracts",
            "K-NEW",
            json!({"number": "K-NEW", "organization": "OTHER", "region": "europe", "tier": "gold", "zone": "Europe/Madrid", "starts_on": "2026-01-01", "ends_on": "2026-12-31"}),
            ("tier", json!("silver")),
            "K-GP",
        ),
        kind(
            "appliance",
            "/api/v1/appliances",
            "SN/NEW",
            json!({"serial_number": "SN/NEW", "organization": "OTHER", "model": "MX-1", "kind": "physical", "site": "MAD-1", "contracts": ["K-ES"], "end_of_maintenance_on": "2030-12-31"}),
            ("model", json!("MX-2")),
            "SILVER-1",
        ),
        kind(
            "site",
            "/api/v1/sites",
            "S-NEW",
            json!({"code": "S-NEW", "organization": "OTHER", "name": "Second room", "address": address, "subdivision": "MD", "position": position,
                "zone": "Europe/Madrid", "contact": {"name": "Receiving", "phone": "+34911234567"}, "receiving_notes": "Ring\ntwice"}),
            ("receiving_notes", json!("Knock")),
            "FLL-1",
        ),
        kind("model", "/api/v1/models", "MX-9", json!({"code": "MX-9", "name": "MX 9"}), ("name", json!("MX 9 B")), "MX-1"),
        kind(
            "part",
            "/api/v1/parts",
            "P/9",
            json!({"part_number": "P/9", "description": "A part", "fits_models": ["MX-1", "MX-2"], "excluded_from_gold_plus": true, "excluded_from_maintenance": false, "export_controlled": true, "whole_unit": true}),
            ("fits_models", json!(["MX-2"])),
            "PSU-450",
        ),
        kind(
            "service_center",
            "/api/v1/service-centers",
            "SC-NEW",
            json!({"code": "SC-NEW", "name": "Madrid south", "address": address, "subdivision": "MD", "position": position, "zone": "Europe/Madrid",
                "opens_on": "2026-01-01", "closes_on": "2029-01-01", "couriers": ["COURIER-2", "COURIER-1"]}),
            ("couriers", json!(["COURIER-1"])),
            "SC-FLL",
        ),
        kind(
            "courier",
            "/api/v1/couriers",
            "C-NEW",
            json!({"code": "C-NEW", "name": "New Express", "email": "a@new.example", "phone": "+34911234567", "language": "es"}),
            ("email", json!("b@new.example")),
            "COURIER-1",
        ),
    ]
}

/// Where a record is; the one character of keys that a path can't hold is escaped.
fn item(kind: &Kind, key: &str) -> String {
    format!("{}/{}", kind.path, key.replace('/', "%2F"))
}

async fn send(app: &TestApp, method: Method, path: &str, etag: Option<&str>, body: Option<&Value>) -> Answer {
    let mut request = app.bare(method, path).token(&app.operations);
    if let Some(etag) = etag {
        request = request.header("if-match", etag);
    }
    if let Some(body) = body {
        request = request.json(body.clone());
    }
    request.send().await
}

/// Asserts that a record is shown as it was sent.
#[track_caller]
fn assert_shows(shown: &Value, body: &Value) {
    for (name, value) in body.as_object().unwrap() {
        let same = match (&shown[name], value) {
            // Positions are shown with how they are known.
            (Value::Object(shown), Value::Object(sent)) => sent.iter().all(|(k, v)| shown.get(k) == Some(v)),
            (shown, sent) => shown == sent,
        };
        assert!(same, "{name}: sent {value}, shown {}", shown[name]);
    }
}

/// What the audit says of a subject.
async fn audit(app: &TestApp, kind: &'static str, key: &str) -> Vec<events::Event> {
    let key = key.to_owned();
    let read = app.desk.db.read(move |conn: &mut Conn| Ok::<_, StoreError>(events::page(conn, kind, &key, None, 100)?.rows));
    read.await.unwrap()
}

async fn events_of(app: &TestApp, kind: &Kind) -> Vec<events::Event> {
    for name in [kind.name, "service center"] {
        let found = audit(app, name, kind.key).await;
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

on_both_engines!(every_kind_of_record_is_added_read_replaced_and_removed, |app| {
    world::fill(&app).await;
    for kind in kinds() {
        let path = item(&kind, kind.key);
        send(&app, Method::GET, &path, None, None).await.problem(404, "not_found");
        // Added.
        let added = send(&app, Method::POST, kind.path, None, Some(&kind.body)).await;
        assert_eq!((added.header("location"), added.header("etag")), (Some(path.as_str()), Some("\"1\"")), "{}", added.text);
        let added = added.expect(201);
        assert_shows(&added, &kind.body);
        send(&app, Method::POST, kind.path, None, Some(&kind.body)).await.problem(409, "exists");
        // Read, in any case of its letters.
        for key in [kind.key.to_owned(), kind.key.to_lowercase()] {
            let read = send(&app, Method::GET, &item(&kind, &key), None, None).await;
            assert_eq!((read.header("etag"), &read.body), (Some("\"1\""), &added), "{key}");
        }
        // Replaced, by who has read what it is.
        app.pass(chrono::TimeDelta::minutes(1));
        let mut changed = kind.body.clone();
        changed[kind.change.0] = kind.change.1.clone();
        send(&app, Method::PUT, &path, None, Some(&changed)).await.problem(428, "if_match_required");
        for stale in ["\"2\"", "\"0\"", "W/\"7\"", "nonsense", "\"99999999999\"", "*x"] {
            send(&app, Method::PUT, &path, Some(stale), Some(&changed)).await.problem(412, "changed");
            send(&app, Method::DELETE, &path, Some(stale), None).await.problem(412, "changed");
        }
        let put = send(&app, Method::PUT, &path, Some("\"1\""), Some(&changed)).await;
        assert_eq!(put.header("etag"), Some("\"2\""));
        let put = put.expect(200);
        assert_shows(&put, &changed);
        assert_eq!((&put["version"], &put["created_at"]), (&json!(2), &added["created_at"]));
        assert_ne!(put["updated_at"], added["updated_at"]);
        send(&app, Method::PUT, &path, Some("\"1\""), Some(&kind.body)).await.problem(412, "changed");
        let other = send(&app, Method::PUT, &item(&kind, kind.used), Some("\"1\""), Some(&kind.body)).await;
        other.problem(422, "key_mismatch");
        // Removed.
        send(&app, Method::DELETE, &path, None, None).await.problem(428, "if_match_required");
        let gone = send(&app, Method::DELETE, &path, Some("*"), None).await;
        assert_eq!((gone.status.as_u16(), gone.text.as_str()), (204, ""));
        send(&app, Method::GET, &path, None, None).await.problem(404, "not_found");
        send(&app, Method::DELETE, &path, Some("\"2\""), None).await.problem(404, "not_found");
        // The audit has all of it, with what was before and after.
        let events = events_of(&app, &kind).await;
        let told: Vec<(&str, bool, bool)> = events.iter().map(|e| (e.action.as_str(), e.before.is_some(), e.after.is_some())).collect();
        assert_eq!(told, [("added", false, true), ("changed", true, true), ("removed", true, false)], "{}", kind.name);
        assert!(events.iter().all(|e| e.actor == "token:operations of the tests" && e.request_id.is_some()));
    }
});

on_both_engines!(what_is_referred_to_is_not_removed, |app| {
    world::fill(&app).await;
    number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    for kind in kinds() {
        let path = item(&kind, kind.used);
        let before = send(&app, Method::GET, &path, None, None).await;
        let etag = before.header("etag").unwrap().to_owned();
        send(&app, Method::DELETE, &path, Some(&etag), None).await.problem(409, "in_use");
        send(&app, Method::DELETE, &format!("{path}?dry_run=true"), Some(&etag), None).await.problem(409, "in_use");
        assert_eq!(send(&app, Method::GET, &path, None, None).await.body, before.body);
    }
});

on_both_engines!(a_rehearsal_answers_the_same_and_stores_nothing, |app| {
    world::fill(&app).await;
    for kind in kinds() {
        let (path, rehearsed) = (item(&kind, kind.key), format!("{}?dry_run=true", kind.path));
        let would = send(&app, Method::POST, &rehearsed, None, Some(&kind.body)).await;
        send(&app, Method::GET, &path, None, None).await.problem(404, "not_found");
        assert!(events_of(&app, &kind).await.is_empty());
        let did = send(&app, Method::POST, &format!("{}?dry_run=false", kind.path), None, Some(&kind.body)).await;
        assert_eq!(
            (would.status, &would.body, would.header("location"), would.header("etag")),
            (did.status, &did.body, did.header("location"), did.header("etag"))
        );
        let mut changed = kind.body.clone();
        changed[kind.change.0] = kind.change.1.clone();
        let rehearsed = format!("{path}?dry_run=true");
        let would = send(&app, Method::PUT, &rehearsed, Some("\"1\""), Some(&changed)).await;
        assert_eq!(send(&app, Method::GET, &path, None, None).await.body, did.body);
        let did = send(&app, Method::PUT, &path, Some("\"1\""), Some(&changed)).await;
        assert_eq!((would.status, &would.body, would.header("etag")), (did.status, &did.body, did.header("etag")));
        let would = send(&app, Method::DELETE, &rehearsed, Some("\"2\""), None).await;
        assert_eq!(would.status, 204);
        send(&app, Method::GET, &path, None, None).await.expect(200);
        assert_eq!(events_of(&app, &kind).await.len(), 2);
    }
    let answer = send(&app, Method::POST, "/api/v1/models?dry_run=perhaps", None, Some(&json!({"code": "X", "name": "X"}))).await;
    answer.problem(400, "not_a_flag");
    let answer = send(&app, Method::POST, "/api/v1/models?dry=true", None, Some(&json!({"code": "X", "name": "X"}))).await;
    answer.problem(400, "unknown_parameter");
});

on_both_engines!(a_rehearsed_rma_uses_no_number_and_promises_no_letter, |app| {
    world::fill(&app).await;
    let case = world::verified_case(&app, "SILVER-1", &["PSU-450"]).await;
    let body = world::rma_body(&case, "SILVER-1", &["PSU-450"], None);
    let would = app.post_once("/api/v1/rmas?dry_run=true", "the key", body.clone()).await.expect(201);
    app.run_jobs().await;
    assert!(app.memory.letters().is_empty());
    assert_eq!(app.get("/api/v1/rmas").await.expect(200)["items"], json!([]));
    let mut did = app.post_once("/api/v1/rmas", "the key", body).await.expect(201);
    let mut would = would;
    assert_eq!(would["number"], did["number"]);
    for rma in [&mut would, &mut did] {
        rma["shipment"].as_object_mut().unwrap().remove("id");
    }
    assert_eq!(would, did);
});

/// Where it is sent, a body, and its faults.
type Wrong = (&'static str, Value, &'static [(&'static str, &'static str)]);

on_both_engines!(faults_of_records_are_told_together, |app| {
    world::fill(&app).await;
    let cases: [Wrong; 6] = [
        (
            "/api/v1/contracts",
            json!({"number": "a/b", "organization": 7, "region": "mars", "tier": "gold", "starts_on": "2026-02-30", "ends_on": "9999-01-01", "extra": 1}),
            &[
                ("/number", "bad_character"),
                ("/organization", "wrong_type"),
                ("/region", "unknown_value"),
                ("/starts_on", "bad_date"),
                ("/ends_on", "absurd_date"),
                ("/extra", "unknown_field"),
            ],
        ),
        (
            "/api/v1/appliances",
            json!({"serial_number": "X-1", "organization": "ACME", "model": "NOPE", "site": "MAD-1", "contracts": ["K-GP", "K-ES", "NOPE"]}),
            &[
                ("/model", "unknown_model"),
                ("/site", "unknown_site"),
                ("/contracts/1", "unknown_contract"),
                ("/contracts/2", "unknown_contract"),
            ],
        ),
        (
            "/api/v1/service-centers",
            json!({"code": "X", "name": "X", "address": {"city": "X", "country": "US"}, "position": {"latitude": 91, "longitude": -181}, "zone": "Mars/Base", "opens_on": "2026-01-01"}),
            &[("/position/latitude", "bad_latitude"), ("/position/longitude", "bad_longitude"), ("/zone", "unknown_zone")],
        ),
        (
            "/api/v1/organizations",
            json!({"code": "X", "name": " ", "region": "europe", "country": "Spain", "contacts": []}),
            &[("/name", "empty"), ("/country", "bad_country"), ("/contacts", "too_few")],
        ),
        (
            "/api/v1/parts",
            json!({"part_number": "X", "description": "X", "fits_models": ["MX-1", "mx-1"], "export_controlled": "yes"}),
            &[("/fits_models/1", "repeated"), ("/export_controlled", "wrong_type")],
        ),
        (
            "/api/v1/couriers",
            json!({"code": "..", "name": "X\u{202e}X", "email": "x", "phone": "12"}),
            &[("/code", "bad_character"), ("/name", "control_character"), ("/email", "bad_email"), ("/phone", "bad_phone")],
        ),
    ];
    for (path, body, faults) in cases {
        let answer = app.post(path, body).await;
        assert_eq!(answer.status, 422, "{path}: {}", answer.text);
        let mut found = answer.faults();
        let mut expected: Vec<_> = faults.iter().map(|(f, c)| ((*f).to_owned(), (*c).to_owned())).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{path}");
    }
    let backwards = json!({"number": "K-B", "organization": "ACME", "region": "europe", "tier": "gold", "starts_on": "2026-02-02", "ends_on": "2026-02-01"});
    app.post("/api/v1/contracts", backwards).await.problem(422, "ends_before_start");
    let nowhere =
        json!({"code": "X", "name": "X", "region": "europe", "country": "XX", "contacts": [{"name": "X", "email": "x@x.example"}]});
    app.post("/api/v1/organizations", nowhere).await.problem(422, "unknown_country");
});

async fn check(app: &TestApp, body: Value) -> Value {
    app.post("/api/v1/sites/check", body).await.expect(200)
}

on_both_engines!(p5_2_the_check_tells_verdict_and_figures, |app| {
    world::fill(&app).await;
    let position = |latitude: f64, longitude: f64| json!({"latitude": latitude, "longitude": longitude});
    let near = check(&app, json!({"country": "US", "position": position(26.20, -80.15)})).await;
    assert_eq!((&near["verdict"], &near["reasons"], &near["rule"]), (&json!("eligible"), &json!([]), &json!("P5.2")));
    assert_eq!(
        (&near["limit_miles"], &near["position"]["grade"], &near["position"]["radius_meters"]),
        (&json!(70.0), &json!("given"), &json!(0.0))
    );
    assert_eq!(near["nearest"]["service_center"], "SC-FLL");
    let (distance, margin) = (near["nearest"]["distance_miles"].as_f64().unwrap(), near["margin_miles"].as_f64().unwrap());
    assert!((8.0..10.0).contains(&distance) && (distance + margin - 70.0).abs() < 0.11, "{near}");
    let far = check(&app, json!({"country": "US", "position": position(24.5551, -81.7800)})).await;
    assert_eq!((&far["verdict"], &far["reasons"][0]["code"]), (&json!("out_of_range"), &json!("site_out_of_range")));
    assert!(far["margin_miles"].as_f64().unwrap() < 0.0);
    let nobody = check(&app, json!({"country": "FR", "position": position(48.85, 2.35)})).await;
    assert_eq!(
        (&nobody["verdict"], &nobody["nearest"], &nobody["limit_miles"]),
        (&json!("no_center_in_country"), &Value::Null, &json!(50.0))
    );
    let unknown = check(&app, json!({"country": "US"})).await;
    assert_eq!(
        (&unknown["verdict"], &unknown["position"]["grade"], &unknown["position"]["latitude"]),
        (&json!("position_unknown"), &json!("none"), &Value::Null)
    );
    assert_eq!(unknown["reasons"][0]["code"], "position_unknown");
    let nowhere = check(&app, json!({"country": "US", "address": {"city": "Nosuchplaceatall", "postal_code": "00000"}})).await;
    assert_eq!(nowhere["verdict"], "position_unknown");
    // A center that opens later, P5.4.
    let opening = json!({"code": "SC-PAR", "name": "Paris", "address": {"city": "Paris", "country": "FR"}, "position": position(48.85, 2.35),
        "zone": "Europe/Paris", "opens_on": "2027-01-15"});
    app.post("/api/v1/service-centers", opening).await.expect(201);
    let soon = check(&app, json!({"country": "FR", "position": position(48.85, 2.40)})).await;
    assert_eq!(
        (&soon["verdict"], &soon["opening"]["service_center"], &soon["opening"]["opens_on"]),
        (&json!("no_center_in_country"), &json!("SC-PAR"), &json!("2027-01-15"))
    );
    let codes: Vec<String> = soon["reasons"].as_array().unwrap().iter().map(|r| text(&r["code"])).collect();
    assert_eq!(codes, ["no_center_in_country", "center_not_open_yet"]);
});

on_both_engines!(p5_3_an_address_is_located_offline_and_never_too_well, |app| {
    world::fill(&app).await;
    let by_code = json!({"country": "US", "address": {"lines": ["851 Cypress Creek Rd"], "city": "Fort Lauderdale", "region": "FL", "postal_code": "33309"}});
    let found = check(&app, by_code).await;
    assert_eq!((&found["verdict"], &found["position"]["grade"]), (&json!("eligible"), &json!("postal_code")));
    assert!(found["position"]["radius_meters"].as_f64().unwrap() > 0.0);
    let by_city = check(&app, json!({"country": "US", "address": {"city": "Fort Lauderdale", "region": "FL"}})).await;
    assert_eq!((&by_city["verdict"], &by_city["position"]["grade"]), (&json!("eligible"), &json!("city")));
    // Near the limit a city is too coarse to tell: West Palm Beach and beyond lie about 70 miles off.
    let coarse = ["Jupiter", "Port Saint Lucie", "Stuart", "Hobe Sound", "Fort Pierce", "Indiantown", "Okeechobee"];
    let mut verdicts = Vec::new();
    for city in coarse {
        let answer = check(&app, json!({"country": "US", "address": {"city": city, "region": "FL"}})).await;
        verdicts.push((city, text(&answer["verdict"]), answer));
    }
    let (_, _, confirm) = verdicts.iter().find(|(_, verdict, _)| verdict == "confirm_position").unwrap_or_else(|| panic!("{verdicts:#?}"));
    assert_eq!(confirm["reasons"][0]["code"], "position_too_coarse");
    let (distance, radius) =
        (confirm["nearest"]["distance_meters"].as_f64().unwrap(), confirm["position"]["radius_meters"].as_f64().unwrap());
    assert!((distance - 70.0 * 1_609.344).abs() <= radius + 1.0, "{confirm}");
    // A site is located the same way when it is registered, and its zone with it.
    let site = json!({"organization": "ACME", "name": "Branch", "address": {"city": "Fort Lauderdale", "region": "FL", "postal_code": "33309", "country": "US"}});
    let made = app.post("/api/v1/sites", site).await.expect(201);
    assert_eq!((&made["position"]["grade"], &made["zone"]), (&json!("postal_code"), &json!("America/New_York")));
    assert!(text(&made["code"]).starts_with("SITE-"));
});
