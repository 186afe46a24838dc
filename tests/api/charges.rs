//! Charging for a unit that never came back: refused with every reason, decided by operations, taken back when it comes (P4.6).

use crate::app::{TestApp, on_both_engines};
use crate::moves::{actions, kinds, line_states, shown};
use crate::steps::{act, column, number_of_new, step, text};
use crate::world;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

fn codes(problem: &Value) -> Vec<String> {
    problem["errors"].as_array().unwrap().iter().map(|e| text(&e["code"])).collect()
}

async fn wait_until(app: &TestApp, at: &str) {
    app.pass(at.parse::<DateTime<Utc>>().unwrap() - app.desk.clock.now());
    app.run_jobs().await;
}

/// A Silver RMA, delivered on Wednesday, November 25; due at the end of December 3, asked for until December 10.
async fn delivered(app: &TestApp) -> String {
    let number = number_of_new(app, "SILVER-1", &["PSU-450"], None).await;
    step(app, &number, "ship", "SILVER-1").await;
    step(app, &number, "deliver", "SILVER-1").await;
    app.run_jobs().await;
    number
}

/// The same after the last reminder.
async fn reminded(app: &TestApp) -> String {
    let number = delivered(app).await;
    for at in ["2026-12-01T14:00:00Z", "2026-12-03T14:00:00Z", "2026-12-05T14:00:00Z", "2026-12-10T14:00:00Z"] {
        wait_until(app, at).await;
    }
    number
}

async fn proposed(app: &TestApp, number: &str) -> Value {
    let body = json!({"line": 1, "reason": "No answer", "amount": "450.00", "currency": "USD"});
    act(app, &app.operations, number, "charges", body).await.expect(201)
}

async fn charge(app: &TestApp, id: &str) -> String {
    text(&app.get(&format!("/api/v1/charges/{id}")).await.expect(200)["state"])
}

on_both_engines!(p4_6_a_charge_is_refused_with_every_reason_then_proposed_and_confirmed, |app| {
    world::fill(&app).await;
    let number = delivered(&app).await;
    let ask = json!({"line": 1, "reason": "No answer"});
    let early = act(&app, &app.operations, &number, "charges", ask.clone()).await;
    assert_eq!(
        (early.status.as_u16(), codes(&early.body)),
        (409, vec!["not_overdue".to_owned(), "reminders_not_sent".into()]),
        "{}",
        early.text
    );
    act(&app, &app.operations, &number, "charges", json!({"line": 2, "reason": "x"})).await.problem(422, "unknown_line");
    wait_until(&app, "2026-12-04T14:00:00Z").await;
    let overdue = app.get("/api/v1/charges/candidates").await.expect(200);
    assert_eq!((column(&overdue, "rma"), &overdue["items"][0]["proposable"]), (vec![number.clone()], &json!(false)));
    assert_eq!(overdue["items"][0]["obstacles"][0]["code"], "reminders_not_sent");
    for at in ["2026-12-05T14:00:00Z", "2026-12-10T14:00:00Z"] {
        wait_until(&app, at).await;
    }
    assert_eq!(app.get("/api/v1/charges/candidates").await.expect(200)["items"][0]["proposable"], true);
    act(&app, &app.operations, &number, "charges", json!({"line": 1, "reason": "x", "amount": "450.00"}))
        .await
        .problem(422, "invalid_input");
    let row = proposed(&app, &number).await;
    assert_eq!((&row["state"], &row["proof"], &row["amount"]), (&json!("proposed"), &json!("received_by"), &json!("450.00")));
    let again = act(&app, &app.operations, &number, "charges", ask).await;
    assert_eq!((again.status.as_u16(), codes(&again.body)), (409, vec!["charge_proposed_already".to_owned()]), "{}", again.text);
    let id = text(&row["id"]);
    assert_eq!(line_states(&shown(&app, &number).await), ["overdue"], "a proposal charges nothing");
    let dry = app.post(&format!("/api/v1/charges/{id}/confirm?dry_run=true"), json!({})).await.expect(200);
    assert_eq!((&dry["state"], charge(&app, &id).await), (&json!("confirmed"), "proposed".to_owned()));
    let confirmed = app.post(&format!("/api/v1/charges/{id}/confirm"), json!({})).await.expect(200);
    assert!(text(&confirmed["decided_by"]).starts_with("token:"), "{confirmed}");
    app.post(&format!("/api/v1/charges/{id}/confirm"), json!({})).await.problem(409, "state_clash");
    app.post(&format!("/api/v1/charges/{id}/decline"), json!({"reason": "x"})).await.problem(409, "state_clash");
    let rma = shown(&app, &number).await;
    assert_eq!((&rma["state"], line_states(&rma)), (&json!("returned"), vec!["kept".to_owned()]));
    app.run_jobs().await;
    assert_eq!(kinds(&app, &number).await.last().unwrap(), "charge_confirmed");
    // It comes after all: the charge is reversed in the transaction of the scan, and the customer is told.
    let scan = json!({"serial_number": "SILVER-1", "condition": "as_described"});
    assert_eq!(app.post("/api/v1/returns/scans", scan).await.expect(201)["scans"][0]["outcome"], "expected_unit");
    assert_eq!((charge(&app, &id).await, line_states(&shown(&app, &number).await)), ("reversed".to_owned(), vec!["returned".to_owned()]));
    app.run_jobs().await;
    let told = kinds(&app, &number).await;
    assert_eq!(told[told.len() - 2..], ["charge_reversed", "return_received"]);
    let letters = app.get(&format!("/api/v1/rmas/{number}/letters")).await.body;
    let letter = text(&letters["items"][told.len() - 2]["text"]);
    assert!(letter.contains("Line 1, PSU-450 of appliance SILVER-1: 450.00 USD"), "{letter}");
    let done = actions(&app, &number).await;
    assert_eq!(done[done.len() - 4..], ["charge_proposed", "charge_confirmed", "charge_reversed", "return_received"]);
});

on_both_engines!(p4_6_what_comes_or_is_extended_withdraws_a_proposal, |app| {
    world::fill(&app).await;
    let number = reminded(&app).await;
    let first = text(&proposed(&app, &number).await["id"]);
    // Another unit: nothing is proposed before it is cleared up.
    let stray = json!({"serial_number": "STRAY-9", "condition": "as_described", "rma": number});
    let scan = app.post("/api/v1/returns/scans", stray).await.expect(201)["scans"][0].clone();
    assert_eq!(charge(&app, &first).await, "withdrawn");
    app.post(&format!("/api/v1/charges/{first}/confirm"), json!({})).await.problem(409, "state_clash");
    let ask = json!({"line": 1, "reason": "No answer"});
    let blocked = act(&app, &app.operations, &number, "charges", ask).await;
    assert_eq!((blocked.status.as_u16(), codes(&blocked.body)), (409, vec!["unit_at_dock".to_owned()]), "{}", blocked.text);
    let disposed = format!("/api/v1/returns/scans/{}/disposition", text(&scan["id"]));
    app.post(&disposed, json!({"disposition": "return_to_sender"})).await.expect(200);
    let second = text(&proposed(&app, &number).await["id"]);
    assert_eq!(
        app.post(&format!("/api/v1/charges/{second}/decline"), json!({"reason": "Good customer"})).await.expect(200)["decision"],
        "Good customer"
    );
    let third = text(&proposed(&app, &number).await["id"]);
    act(&app, &app.operations, &number, "extend", json!({"until": "2026-12-31", "reason": "Flood"})).await.expect(200);
    assert_eq!(charge(&app, &third).await, "withdrawn");
    let open = act(&app, &app.operations, &number, "charges", json!({"line": 1, "reason": "x"})).await;
    assert_eq!(
        (open.status.as_u16(), codes(&open.body)),
        (409, vec!["extension_open".to_owned(), "reminders_not_sent".into()]),
        "{}",
        open.text
    );
    let listed = app.get("/api/v1/charges?state=withdrawn").await.expect(200);
    assert_eq!(column(&listed, "id"), [first, third]);
    app.run_jobs().await;
    assert!(!kinds(&app, &number).await.iter().any(|kind| kind.starts_with("charge_")), "nobody is told of what was only proposed");
});
