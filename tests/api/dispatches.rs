//! Dispatches as lists, and calling couriers off.

use crate::app::{TestApp, on_both_engines};
use crate::couriers::{dispatched, key, page, submit};
use crate::steps::{column, text};
use reqwest::Method;
use serde_json::{Value, json};
use swapline::rules::role::Role;

async fn listed(app: &TestApp, token: &str, query: &str) -> Value {
    app.bare(Method::GET, &format!("/api/v1/dispatches?{query}")).token(token).send().await.expect(200)
}

/// The identifier of the newest dispatch.
async fn newest(app: &TestApp) -> String {
    column(&listed(app, &app.operations, "").await, "id").pop().unwrap()
}

fn calendar(app: &TestApp, key: &str) -> String {
    let letter = app.memory.letters().into_iter().find(|letter| letter.key == key).unwrap_or_else(|| panic!("no letter {key}"));
    let parsed = mail_parser::MessageParser::default();
    let message = parsed.parse(&letter.bytes).unwrap();
    String::from_utf8_lossy(message.attachment(0).unwrap().contents()).into_owned()
}

/// A courier that the center may ask second.
async fn with_a_second_courier(app: &TestApp) {
    let mut center = app.get("/api/v1/service-centers/SC-FLL").await.expect(200);
    let members = center.as_object_mut().unwrap();
    members.retain(|name, _| !["created_at", "updated_at", "version"].contains(&name.as_str()));
    center["couriers"] = json!(["COURIER-1", "COURIER-2"]);
    let put = app.bare(Method::PUT, "/api/v1/service-centers/SC-FLL").token(&app.operations).header("if-match", "*").json(center);
    put.send().await.expect(200);
}

on_both_engines!(p4_2_operations_call_a_courier_off_and_send_another, |app| {
    let (number, links) = dispatched(&app).await;
    with_a_second_courier(&app).await;
    let first = newest(&app).await;
    let cancel = |id: String, body: Value| {
        let app = &app;
        async move { app.post(&format!("/api/v1/dispatches/{id}/cancel"), body).await }
    };
    let rehearsed =
        app.post(&format!("/api/v1/dispatches/{first}/cancel?dry_run=true"), json!({"reason": "Their van broke down."})).await.expect(200);
    assert_eq!((&rehearsed["state"], rehearsed["id"] == json!(first)), (&json!("cancelled"), true));
    assert_eq!(listed(&app, &app.operations, "state=sent").await["items"][0]["id"], json!(first), "nothing is stored");

    let next = cancel(first.clone(), json!({"reason": "Their van broke down.", "afterwards": "next_courier"})).await.expect(200);
    assert_eq!((&next["state"], &next["courier"], &next["dispatch"]), (&json!("sent"), &json!("COURIER-2"), &json!(2)));
    app.run_jobs().await;
    for link in &links {
        let off = page(&app, link).await;
        assert!(off.text.contains("This run is cancelled") && !off.text.contains("<form"), "{}", off.text);
    }
    let entry = calendar(&app, &key(&number, "dispatch/1/cancelled"));
    assert!(entry.contains("METHOD:CANCEL") && entry.contains("SEQUENCE:1") && entry.contains("STATUS:CANCELLED"), "{entry}");
    // The same courier is told anew, with a higher sequence than that of its cancellation.
    let second = text(&next["id"]);
    let again = cancel(second.clone(), json!({"reason": "Another part.", "afterwards": "same_courier"})).await.expect(200);
    assert_eq!((&again["state"], &again["courier"], &again["dispatch"]), (&json!("sent"), &json!("COURIER-2"), &json!(3)));
    app.run_jobs().await;
    let entry = calendar(&app, &key(&number, "dispatch/3"));
    assert!(entry.contains("METHOD:REQUEST") && entry.contains("SEQUENCE:2"), "{entry}");
    let third = text(&again["id"]);
    let refused = cancel(third.clone(), json!({"reason": "No.", "afterwards": "next_courier"})).await;
    refused.problem(409, "no_courier_left");
    assert_eq!(listed(&app, &app.operations, "state=sent").await["items"][0]["id"], json!(third), "a refusal changes nothing");
    cancel(second, json!({"reason": "Twice."})).await.problem(409, "dispatch_state_clash");
    // Who has the part is not called off.
    let third_links = app.links(&key(&number, "dispatch/3"));
    assert_eq!(submit(&app, &third_links[1], &[("serial_number", None, b"NEW-1")]).await.status, 303);
    cancel(third, json!({"reason": "Too late."})).await.problem(409, "picked_up_already");
    let told = column(&app.get(&format!("/api/v1/rmas/{number}/events")).await.expect(200), "action");
    assert_eq!(told.iter().filter(|action| *action == "dispatch_called_off").count(), 2, "{told:?}");
});

on_both_engines!(p4_2_a_run_that_is_called_off_is_nobodys_until_somebody_is_sent, |app| {
    let (number, _) = dispatched(&app).await;
    let first = newest(&app).await;
    let off = app.post(&format!("/api/v1/dispatches/{first}/cancel"), json!({"reason": "The site is closed."})).await.expect(200);
    assert_eq!((&off["state"], &off["id"]), (&json!("cancelled"), &json!(first)));
    // Nobody is chased for it.
    app.pass(chrono::TimeDelta::hours(2));
    app.run_jobs().await;
    assert_eq!(listed(&app, &app.operations, "").await["items"].as_array().unwrap().len(), 1);
    let night = json!({"name": "Night Desk", "phone": "+19545550143", "accepts_delivery": true});
    app.post(&format!("/api/v1/rmas/{number}/contact"), night).await.expect(200);
    let all = listed(&app, &app.operations, "").await;
    assert_eq!(column(&all, "state"), ["cancelled", "sent"]);
});

on_both_engines!(p4_2_dispatches_are_listed_and_a_courier_sees_its_own, |app| {
    let (number, _) = dispatched(&app).await;
    with_a_second_courier(&app).await;
    let first = newest(&app).await;
    let body = json!({"reason": "Their van broke down.", "afterwards": "next_courier"});
    app.post(&format!("/api/v1/dispatches/{first}/cancel"), body).await.expect(200);
    for (query, expected) in [
        ("", vec![1, 2]),
        ("state=cancelled", vec![1]),
        ("state=sent", vec![2]),
        ("courier=COURIER-2", vec![2]),
        ("courier=NOBODY", vec![]),
        ("service_center=SC-FLL", vec![1, 2]),
        ("service_center=SC-MAD", vec![]),
        (&format!("rma={number}"), vec![1, 2]),
    ] {
        let found = listed(&app, &app.operations, query).await;
        let numbers: Vec<i64> = found["items"].as_array().unwrap().iter().map(|item| item["dispatch"].as_i64().unwrap()).collect();
        assert_eq!(numbers, expected, "{query}");
    }
    let one = listed(&app, &app.operations, "limit=1").await;
    assert_eq!((&one["items"][0]["rma"], &one["items"][0]["service_center"]), (&json!(number), &json!("SC-FLL")));
    let cursor = text(&one["next_cursor"]);
    assert_eq!(listed(&app, &app.operations, &format!("limit=1&cursor={cursor}")).await["items"][0]["dispatch"], 2);
    let own = app.make_token(Role::Courier, None, Some("COURIER-2")).await;
    assert_eq!(column(&listed(&app, &own, "").await, "courier"), ["COURIER-2"]);
    assert_eq!(listed(&app, &own, "courier=COURIER-1").await["items"], json!([]));
    let customer = app.make_token(Role::Customer, Some("ACME"), None).await;
    for token in [&own, &customer] {
        let asked = app.bare(Method::POST, &format!("/api/v1/dispatches/{first}/cancel")).token(token).json(json!({"reason": "Mine."}));
        asked.send().await.problem(403, "forbidden");
    }
    app.bare(Method::GET, "/api/v1/dispatches").token(&customer).send().await.problem(403, "forbidden");
    for (id, status) in [("nonsense", 404), ("01890000-0000-7000-8000-000000000000", 404)] {
        assert_eq!(app.post(&format!("/api/v1/dispatches/{id}/cancel"), json!({"reason": "Gone."})).await.status, status);
    }
    for bad in [json!({}), json!({"reason": ""}), json!({"reason": "x", "afterwards": "somebody"}), json!({"reason": "x", "then": "y"})] {
        let refused = app.post(&format!("/api/v1/dispatches/{first}/cancel"), bad.clone()).await;
        assert!(refused.status.is_client_error() && refused.body["code"].is_string(), "{bad}: {}", refused.text);
    }
    app.get("/api/v1/dispatches?state=lost").await.problem(400, "unknown_value");
    app.get("/api/v1/dispatches?cursor=abc").await.problem(400, "bad_cursor");
});
