//! Customers who keep their media (P4.6): a certificate of destruction takes the place of the return.

use crate::app::{Answer, TestApp, on_both_engines};
use crate::moves::{actions, kinds, line_states, shown};
use crate::steps::{act, column, deadline, number_of_new, step, text};
use crate::world;
use chrono::{DateTime, Utc};
use reqwest::Method;
use serde_json::{Value, json};
use swapline::rules::role::Role;

/// Makes a contract one whose customer keeps media, over the API.
pub async fn keep_media(app: &TestApp, contract: &str) {
    let path = format!("/api/v1/contracts/{contract}");
    let read = app.get(&path).await;
    let etag = read.header("etag").unwrap().to_owned();
    let shown = read.expect(200);
    let members = ["number", "organization", "region", "tier", "zone", "starts_on", "ends_on"];
    let mut body: serde_json::Map<String, Value> = members.iter().map(|m| ((*m).to_owned(), shown[*m].clone())).collect();
    body.insert("keeps_media".into(), json!(true));
    let put = app.bare(Method::PUT, &path).token(&app.operations).header("if-match", &etag);
    assert_eq!(put.json(Value::Object(body)).send().await.expect(200)["keeps_media"], true);
}

fn certificate(day: &str) -> Value {
    json!({"certificate_number": "CD-2026-0815", "destroyed_on": day, "destroyed_by": "Example Shredding"})
}

async fn certify(app: &TestApp, token: &str, number: &str, line: u32, day: &str) -> Answer {
    act(app, token, number, &format!("lines/{line}/destruction"), certificate(day)).await
}

async fn wait_until(app: &TestApp, at: &str) {
    app.pass(at.parse::<DateTime<Utc>>().unwrap() - app.desk.clock.now());
    app.run_jobs().await;
}

async fn last_letter(app: &TestApp, number: &str) -> String {
    let letters = app.get(&format!("/api/v1/rmas/{number}/letters")).await.expect(200);
    text(&letters["items"].as_array().unwrap().last().unwrap()["text"])
}

on_both_engines!(p4_6_a_certificate_of_destruction_takes_the_place_of_the_return, |app| {
    world::fill(&app).await;
    let customer = app.make_token(Role::Customer, Some("ACME"), None).await;
    let before = number_of_new(&app, "SILVER-1", &["FAN-2"], None).await;
    keep_media(&app, "K-SILVER").await;
    // What was issued before keeps to what was promised then.
    assert_eq!(shown(&app, &before).await["keeps_media"], false);
    certify(&app, &customer, &before, 1, "2026-11-25").await.problem(409, "media_not_kept");
    let number = number_of_new(&app, "SILVER-1", &["PSU-450", "MX-1-UNIT"], None).await;
    let serials = json!({"carrier": "Parcel Service", "replacement_serial_numbers": ["NEW-1", "NEW-2"]});
    act(&app, &app.operations, &number, "ship", serials).await.expect(200);
    let rma = step(&app, &number, "deliver", "SILVER-1").await;
    assert_eq!((&rma["keeps_media"], &deadline(&rma, "return_by")["state"]), (&json!(true), &json!("running")));
    app.run_jobs().await;
    let letter = last_letter(&app, &number).await;
    assert!(letter.contains("Reply to this letter with the certificate") && !letter.contains("label"), "{letter}");
    for paper in ["return-label", "packing-slip"] {
        app.get(&format!("/api/v1/rmas/{number}/{paper}")).await.problem(409, "media_kept");
    }
    act(&app, &customer, &number, "return-instructions", json!({})).await.expect(200);
    app.run_jobs().await;
    assert!(last_letter(&app, &number).await.contains("STILL WITHOUT A CERTIFICATE"));
    certify(&app, &customer, &number, 3, "2026-11-25").await.problem(404, "not_found");
    certify(&app, &customer, &number, 1, "2026-11-26").await.problem(422, "destroyed_in_future");
    certify(&app, &customer, &number, 1, "2026-11-24").await.problem(422, "destroyed_before_issue");
    act(&app, &customer, &number, "lines/1/destruction", json!({"destroyed_on": "soon"})).await.problem(422, "invalid_input");
    let stranger = app.make_token(Role::Customer, Some("OTHER"), None).await;
    certify(&app, &stranger, &number, 1, "2026-11-25").await.problem(404, "not_found");
    let dry = act(&app, &customer, &number, "lines/1/destruction?dry_run=true", certificate("2026-11-25")).await.expect(200);
    assert_eq!(line_states(&dry), ["destroyed", "awaiting_return"]);
    assert_eq!(line_states(&shown(&app, &number).await), ["awaiting_return", "awaiting_return"]);
    let rma = certify(&app, &customer, &number, 1, "2026-11-25").await.expect(200);
    assert_eq!((&rma["state"], line_states(&rma)), (&json!("delivered"), vec!["destroyed".to_owned(), "awaiting_return".into()]));
    let kept = json!({"certificate_number": "CD-2026-0815", "destroyed_on": "2026-11-25", "destroyed_by": "Example Shredding"});
    assert_eq!(rma["lines"][0]["expected_return"]["certificate"], kept);
    certify(&app, &customer, &number, 1, "2026-11-25").await.problem(409, "nothing_expected_back");
    let rma = certify(&app, &app.operations, &number, 2, "2026-11-25").await.expect(200);
    assert_eq!((&rma["state"], &deadline(&rma, "return_by")["state"]), (&json!("returned"), &json!("met")));
    app.run_jobs().await;
    let told = kinds(&app, &number).await;
    assert_eq!(told[told.len() - 2..], ["return_partial", "return_received"]);
    let done = actions(&app, &number).await;
    assert_eq!(done[done.len() - 2..], ["destruction_certified", "destruction_certified"]);
    // It closes like any other, and the replacement takes the appliance's place.
    assert_eq!(step(&app, &number, "close", "SILVER-1").await["state"], "closed");
    assert_eq!(app.get("/api/v1/appliances/SILVER-1").await.expect(200)["serial_number"], "NEW-2");
});

on_both_engines!(p4_6_a_certificate_that_is_missing_is_reminded_of_and_charged_for_like_a_unit, |app| {
    world::fill(&app).await;
    keep_media(&app, "K-SILVER").await;
    let number = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    for name in ["ship", "deliver"] {
        step(&app, &number, name, "SILVER-1").await;
    }
    app.run_jobs().await;
    for at in ["2026-12-01T14:00:00Z", "2026-12-03T14:00:00Z", "2026-12-05T14:00:00Z", "2026-12-10T14:00:00Z"] {
        wait_until(&app, at).await;
        let letter = last_letter(&app, &number).await;
        assert!(letter.contains("certificate of destruction") && !letter.contains("back with us"), "{letter}");
    }
    let overdue = app.get("/api/v1/charges/candidates").await.expect(200);
    assert_eq!((column(&overdue, "rma"), &overdue["items"][0]["proposable"]), (vec![number.clone()], &json!(true)));
    let proposed = act(&app, &app.operations, &number, "charges", json!({"line": 1, "reason": "No answer"})).await.expect(201);
    let id = text(&proposed["id"]);
    app.post(&format!("/api/v1/charges/{id}/confirm"), json!({})).await.expect(200);
    app.run_jobs().await;
    assert!(last_letter(&app, &number).await.contains("No certificate of destruction has come"));
    // It comes after all: the charge is taken back.
    let rma = certify(&app, &app.operations, &number, 1, "2026-12-10").await.expect(200);
    assert_eq!((&rma["state"], line_states(&rma)), (&json!("returned"), vec!["destroyed".to_owned()]));
    assert_eq!(app.get(&format!("/api/v1/charges/{id}")).await.expect(200)["state"], "reversed");
});

on_both_engines!(p4_6_a_unit_that_comes_to_the_dock_though_it_may_be_kept_is_received, |app| {
    world::fill(&app).await;
    keep_media(&app, "K-GOLD").await;
    let number = number_of_new(&app, "GOLD-1", &["MX-1-UNIT"], None).await;
    for name in ["ship", "deliver"] {
        step(&app, &number, name, "GOLD-1").await;
    }
    // A dead replacement is kept like the defective unit, and never charged for.
    let dead = json!({"line": 1, "failure_code": "no_power"});
    let linked = app.post_once(&format!("/api/v1/rmas/{number}/dead-on-arrival"), "d", dead).await.expect(201);
    assert_eq!(linked["keeps_media"], true);
    let scan = json!({"serial_number": "GOLD-1", "condition": "as_described"});
    assert_eq!(app.post("/api/v1/returns/scans", scan).await.expect(201)["scans"][0]["outcome"], "expected_unit");
    let rma = shown(&app, &number).await;
    assert_eq!((&rma["state"], line_states(&rma)), (&json!("returned"), vec!["returned".to_owned()]));
    certify(&app, &app.operations, &number, 1, "2026-11-25").await.problem(409, "nothing_expected_back");
});
