//! Carriers' tracking events: who is believed, and what becomes of what they tell.

use crate::app::{Answer, TestApp, on_both_engines};
use crate::steps::{column, number_of_new, step};
use crate::world;
use chrono::TimeDelta;
use futures_util::future::join_all;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Method;
use serde_json::{Value, json};
use swapline::store::carriers;

const SECRET: &str = "0f1e2d3c";

async fn parcel(app: &TestApp) -> String {
    world::fill(app).await;
    let now = app.desk.clock.now().into();
    app.desk.db.write(move |conn| carriers::keep(conn, "PARCEL", SECRET, now)).await.unwrap();
    number_of_new(app, "SILVER-1", &["PSU-450"], None).await
}

fn signature(secret: &str, time: i64, body: &str) -> String {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{time}.{body}").as_bytes());
    let digits: String = mac.finalize().into_bytes().iter().map(|b| format!("{b:02x}")).collect();
    format!("t={time},v1={digits}")
}

async fn told(app: &TestApp, body: &Value) -> Answer {
    let body = body.to_string();
    let signed = signature(SECRET, app.desk.clock.now().timestamp(), &body);
    post(app, "parcel", &signed, body).await
}

async fn post(app: &TestApp, carrier: &str, signature: &str, body: String) -> Answer {
    let request = app.bare(Method::POST, &format!("/api/v1/webhooks/carriers/{carrier}")).header("swapline-signature", signature);
    request.raw("application/json", body).send().await
}

fn event(id: &str, kind: &str, tracking_number: &str) -> Value {
    json!({"id": id, "event": kind, "tracking_number": tracking_number, "happened_at": "2026-11-25T19:30:00Z", "more": [1]})
}

async fn rma(app: &TestApp, number: &str) -> Value {
    app.get(&format!("/api/v1/rmas/{number}")).await.expect(200)
}

on_both_engines!(p4_what_a_carrier_tells_moves_the_rma_once, |app| {
    let number = parcel(&app).await;
    step(&app, &number, "ship", "SILVER-1").await;
    app.pass(TimeDelta::hours(1));
    assert_eq!(told(&app, &event("e1", "picked_up", "PS-1")).await.expect(200), json!({"outcome": "no_change"}));
    let mut delivered = event("e2", "delivered", "PS-1");
    delivered["received_by"] = json!("Dock 4");
    let all = join_all((0..20).map(|_| told(&app, &delivered))).await;
    for answer in all {
        assert_eq!(answer.expect(200), json!({"outcome": "done"}));
    }
    let now = rma(&app, &number).await;
    assert_eq!((&now["state"], &now["shipment"]["received_by"]), (&json!("delivered"), &json!("Dock 4")));
    assert_eq!(now["shipment"]["delivered_at"], "2026-11-25T19:30:00Z");
    let events = column(&app.get(&format!("/api/v1/rmas/{number}/events")).await.expect(200), "action");
    assert_eq!(events.iter().filter(|a| *a == "delivered").count(), 1);
    // Told again under another name, it is known.
    assert_eq!(told(&app, &event("e3", "delivered", "PS-1")).await.expect(200), json!({"outcome": "no_change"}));
});

on_both_engines!(p4_what_came_too_early_is_made_up_for, |app| {
    let number = parcel(&app).await;
    let early = event("e1", "delivered", "PS-1");
    for _ in 0..2 {
        assert_eq!(told(&app, &early).await.expect(202), json!({"outcome": "unknown_tracking_number"}));
    }
    app.pass(TimeDelta::hours(1));
    step(&app, &number, "ship", "SILVER-1").await;
    let now = rma(&app, &number).await;
    // It can't have arrived before it left, as far as our books go.
    assert_eq!((&now["state"], &now["shipment"]["delivered_at"]), (&json!("delivered"), &json!("2026-11-25T20:00:00Z")));
    assert_eq!(told(&app, &early).await.expect(200), json!({"outcome": "done"}));
});

on_both_engines!(an_exception_is_told_to_operations, |app| {
    let number = parcel(&app).await;
    step(&app, &number, "ship", "SILVER-1").await;
    let mut held = event("e1", "exception", "PS-1");
    held["reason"] = json!("Held at customs.");
    for _ in 0..2 {
        assert_eq!(told(&app, &held).await.expect(200), json!({"outcome": "done"}));
    }
    app.run_jobs().await;
    let alerts: Vec<_> = app.memory.letters().into_iter().filter(|l| l.key.contains("carrier-exception")).collect();
    assert_eq!(alerts.len(), 1);
    let message = mail_parser::MessageParser::default().parse(&alerts[0].bytes).unwrap().into_owned();
    assert!(message.body_text(0).unwrap().contains("Parcel Service reports about parcel PS-1: Held at customs."));
});

on_both_engines!(only_who_signs_now_is_believed, |app| {
    let number = parcel(&app).await;
    step(&app, &number, "ship", "SILVER-1").await;
    let body = event("e1", "delivered", "PS-1").to_string();
    let now = app.desk.clock.now().timestamp();
    let good = signature(SECRET, now, &body);
    for (carrier, signature) in [
        ("parcel", String::new()),
        ("parcel", signature("other", now, &body)),
        ("parcel", signature(SECRET, now - 301, &body)),
        ("parcel", signature(SECRET, now + 301, &body)),
        ("parcel", signature(SECRET, now, "{}")),
        ("nobody", good.clone()),
        ("nobody", signature("", now, &body)),
    ] {
        post(&app, carrier, &signature, body.clone()).await.problem(401, "unauthorized");
    }
    assert_eq!(rma(&app, &number).await["state"], "shipped");
    for (bad, status) in [
        ("", 422),
        ("{", 400),
        ("[]", 422),
        ("{}", 422),
        (r#"{"id":"e","event":"lost","tracking_number":"PS-1","happened_at":"now"}"#, 422),
    ] {
        let answer = post(&app, "parcel", &signature(SECRET, now, bad), bad.to_owned()).await;
        assert_eq!(answer.status.as_u16(), status, "{bad}: {}", answer.text);
    }
    post(&app, "PARCEL", &good, body).await.expect(200);
    assert_eq!(rma(&app, &number).await["state"], "delivered");
});
