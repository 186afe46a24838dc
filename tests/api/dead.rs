//! A replacement that is dead on arrival (P4.6): a linked RMA at once, two units expected back, and no charge for the dead one.

use crate::app::{TestApp, on_both_engines};
use crate::moves::{actions, kinds, line_states, shown};
use crate::steps::{act, column, deadline, number_of_new, step, text};
use crate::world;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use serde_json::{Value, json};
use swapline::rules::role::Role;

async fn report(app: &TestApp, number: &str, key: &str, body: Value) -> crate::app::Answer {
    app.post_once(&format!("/api/v1/rmas/{number}/dead-on-arrival"), key, body).await
}

fn dead(serial: &str) -> Value {
    json!({"replacement_serial_number": serial, "failure_code": "no_power", "note": "No lights at all"})
}

/// Issues, ships and delivers an exchange of a whole unit.
async fn delivered(app: &TestApp, serial: &str, part: &str, replacement: &str) -> String {
    let number = number_of_new(app, serial, &[part], None).await;
    bring(app, &number, replacement).await;
    number
}

async fn bring(app: &TestApp, number: &str, replacement: &str) {
    let body = json!({"carrier": "Parcel Service", "replacement_serial_number": replacement});
    act(app, &app.operations, number, "ship", body).await.expect(200);
    step(app, number, "deliver", "").await;
}

async fn wait_until(app: &TestApp, at: &str) {
    app.pass(at.parse::<DateTime<Utc>>().unwrap() - app.desk.clock.now());
    app.run_jobs().await;
}

on_both_engines!(p4_6_a_dead_replacement_opens_a_linked_rma_at_once, |app| {
    world::fill(&app).await;
    let first = number_of_new(&app, "GOLD-1", &["MX-1-UNIT"], None).await;
    report(&app, &first, "early", dead("NEW-1")).await.problem(422, "unknown_replacement");
    report(&app, &first, "early-2", json!({"line": 1, "failure_code": "no_power"})).await.problem(409, "not_delivered_yet");
    bring(&app, &first, "NEW-1").await;
    let path = format!("/api/v1/rmas/{first}/dead-on-arrival");
    app.post(&path, dead("NEW-1")).await.problem(400, "idempotency_key_required");
    report(&app, &first, "which", json!({"failure_code": "no_power"})).await.problem(422, "required");
    report(&app, &first, "line", json!({"line": 2, "failure_code": "no_power"})).await.problem(422, "unknown_line");
    let future = json!({"line": 1, "failure_code": "no_power", "reported_at": "2026-12-24T00:00:00Z"});
    report(&app, &first, "future", future).await.problem(422, "instant_in_future");
    app.pass(TimeDelta::hours(1));
    let dry = app.post_once(&format!("{path}?dry_run=true"), "dry", dead("NEW-1")).await.expect(201);
    assert_eq!(dry["lines"][0]["replaces_dead"], json!({"rma": first, "line": 1}));
    assert_eq!(shown(&app, &first).await["lines"][0]["replaced_by"], Value::Null);
    let answer = report(&app, &first, "dead", dead("NEW-1")).await;
    let location = answer.header("location").unwrap().to_owned();
    let linked = answer.expect(201);
    let second = text(&linked["number"]);
    assert_eq!(location, format!("/api/v1/rmas/{second}"));
    // The same case, contract and tier; the dead unit is what is expected back.
    let original = shown(&app, &first).await;
    for same in ["case", "contract", "organization", "site"] {
        assert_eq!(linked[same], original[same], "{same}");
    }
    assert_eq!((&linked["promise"]["entitled_tier"], &linked["state"]), (&json!("gold"), &json!("issued")));
    assert_eq!(deadline(&linked, "ship_by")["state"], "running");
    assert_eq!(linked["lines"][0]["serial_number"], "NEW-1");
    assert_eq!(linked["lines"][0]["replaces_dead"], json!({"rma": first, "line": 1}));
    assert_eq!(original["lines"][0]["replaced_by"], json!({"rma": second, "line": 1}));
    assert_eq!((original["lines"][0]["replaces_dead"].clone(), linked["lines"][0]["replaced_by"].clone()), (Value::Null, Value::Null));
    assert_eq!(line_states(&original), ["awaiting_return"], "the defective unit is expected as before");
    // Once: again is the same answer by the key, and a refusal otherwise.
    assert_eq!(report(&app, &first, "dead", dead("NEW-1")).await.expect(201)["number"], linked["number"]);
    let again = report(&app, &first, "again", dead("NEW-1")).await;
    again.problem(409, "already_reported_dead");
    assert!(text(&again.body["detail"]).contains(&second), "{}", again.text);
    assert_eq!(actions(&app, &first).await.last().unwrap(), "dead_on_arrival");
    let case = app.get(&format!("/api/v1/cases/{}", text(&linked["case"]))).await.expect(200);
    let finding = case["verifications"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&finding["failure_code"], &finding["note"]), (&json!("no_power"), &json!("No lights at all")));
    app.run_jobs().await;
    let letters = app.get(&format!("/api/v1/rmas/{second}/letters")).await.expect(200);
    let letter = text(&letters["items"][0]["text"]);
    assert!(letter.contains(&format!("The replacement that RMA {first} brought was dead on arrival")), "{letter}");
    assert!(letter.contains("we never charge for it") && letter.contains("Serial number of the dead unit: NEW-1"), "{letter}");
});

on_both_engines!(p4_6_a_dead_unit_in_place_of_a_dead_unit_is_followed_until_all_are_closed, |app| {
    world::fill(&app).await;
    let first = delivered(&app, "GOLD-1", "MX-1-UNIT", "NEW-1").await;
    let second = text(&report(&app, &first, "1", dead("NEW-1")).await.expect(201)["number"]);
    bring(&app, &second, "NEW-2").await;
    let third = text(&report(&app, &second, "2", dead("NEW-2")).await.expect(201)["number"]);
    let middle = shown(&app, &second).await;
    assert_eq!(middle["lines"][0]["replaces_dead"]["rma"], json!(first));
    assert_eq!(middle["lines"][0]["replaced_by"]["rma"], json!(third));
    bring(&app, &third, "NEW-3").await;
    // Three units are owed, each under its own number; the dock finds it by the serial number alone.
    for (serial, number) in [("NEW-2", &third), ("GOLD-1", &first), ("NEW-1", &second)] {
        let scan = json!({"serial_number": serial, "condition": "as_described"});
        let booked = app.post("/api/v1/returns/scans", scan).await.expect(201)["scans"][0].clone();
        assert_eq!((&booked["outcome"], &booked["rma"]), (&json!("expected_unit"), &json!(number)), "{serial}");
    }
    act(&app, &app.operations, &third, "close", json!({})).await.problem(409, "earlier_rma_open");
    for number in [&first, &second, &third] {
        step(&app, number, "close", "").await;
    }
    let lineage = app.get("/api/v1/appliances/GOLD-1/lineage").await.expect(200);
    let units: Vec<String> = lineage["units"].as_array().unwrap().iter().map(|u| text(&u["serial_number"])).collect();
    assert_eq!(units, ["GOLD-1", "NEW-1", "NEW-2", "NEW-3"]);
    let now = app.get("/api/v1/appliances/NEW-3").await.expect(200);
    assert_eq!((&now["contracts"], &now["site"]), (&json!(["K-GOLD"]), &json!("FLL-1")));
});

on_both_engines!(p4_6_a_dead_unit_is_reminded_of_and_never_charged_for, |app| {
    world::fill(&app).await;
    let first = delivered(&app, "SILVER-1", "PSU-450", "NEW-1").await;
    let second = text(&report(&app, &first, "1", dead("NEW-1")).await.expect(201)["number"]);
    bring(&app, &second, "NEW-2").await;
    app.run_jobs().await;
    for at in ["2026-12-01T14:00:00Z", "2026-12-03T14:00:00Z", "2026-12-05T14:00:00Z", "2026-12-10T14:00:00Z"] {
        wait_until(&app, at).await;
    }
    for number in [&first, &second] {
        assert_eq!(line_states(&shown(&app, number).await), ["overdue"]);
        assert_eq!(kinds(&app, number).await.last().unwrap(), "return_overdue");
    }
    let overdue = app.get("/api/v1/charges/candidates").await.expect(200);
    assert_eq!(column(&overdue, "rma"), std::slice::from_ref(&first), "the defective unit, not the dead one");
    let refused = act(&app, &app.operations, &second, "charges", json!({"line": 1, "reason": "No answer"})).await;
    refused.problem(409, "dead_on_arrival");
    let last = |letters: Value| text(&letters["items"].as_array().unwrap().last().unwrap()["text"]);
    let about_money = last(app.get(&format!("/api/v1/rmas/{first}/letters")).await.body);
    assert!(about_money.contains("may be charged"), "{about_money}");
    let letter = last(app.get(&format!("/api/v1/rmas/{second}/letters")).await.body);
    assert!(!letter.contains("may be charged") && letter.contains("we never charge for it"), "{letter}");
});

on_both_engines!(p4_6_a_replacement_is_dead_on_arrival_for_thirty_days, |app| {
    world::fill(&app).await;
    // Delivered on Wednesday, November 25, in New York: until the end of December 25.
    let first = number_of_new(&app, "GP-1", &["PSU-450"], None).await;
    step(&app, &first, "contact", "").await;
    bring(&app, &first, "NEW-1").await;
    let other = delivered(&app, "SILVER-1", "PSU-450", "NEW-9").await;
    app.pass("2026-12-26T05:00:00Z".parse::<DateTime<Utc>>().unwrap() - app.desk.clock.now());
    report(&app, &first, "late", dead("NEW-1")).await.problem(422, "dead_on_arrival_period_over");
    // Told in time and recorded late; the contact and the promise are those of Gold Plus.
    let told = json!({"line": 1, "failure_code": "no_power", "reported_at": "2026-12-26T04:59:59Z"});
    let linked = report(&app, &first, "told", told).await.expect(201);
    let second = text(&linked["number"]);
    assert_eq!((&linked["promise"]["delivered_tier"], &linked["contact"]), (&json!("gold_plus"), &shown(&app, &first).await["contact"]));
    assert_eq!(deadline(&linked, "deliver_by")["state"], "running", "the contact has accepted before");
    // A linked RMA that is called off leaves the unit to be reported again.
    step(&app, &second, "cancel", "").await;
    assert_eq!(shown(&app, &first).await["lines"][0]["replaced_by"], Value::Null);
    let told = json!({"line": 1, "failure_code": "no_power", "reported_at": "2026-12-26T04:59:59Z"});
    report(&app, &first, "anew", told).await.expect(201);
    let cancelled = number_of_new(&app, "BRONZE-1", &["PSU-450"], None).await;
    step(&app, &cancelled, "cancel", "").await;
    report(&app, &cancelled, "void", json!({"line": 1, "failure_code": "x"})).await.problem(409, "rma_cancelled");
    let support = app.make_token(Role::Support, None, None).await;
    let path = format!("/api/v1/rmas/{other}/dead-on-arrival");
    let asked = app.bare(Method::POST, &path).token(&support).header("idempotency-key", "s").json(dead("NEW-9")).send().await;
    asked.problem(403, "forbidden");
});

on_both_engines!(p4_6_the_contract_entitles_to_a_linked_rma_as_it_did_to_the_first, |app| {
    world::fill(&app).await;
    let first = delivered(&app, "GOLD-1", "MX-1-UNIT", "NEW-1").await;
    let read = app.get("/api/v1/contracts/K-GOLD").await;
    let etag = read.header("etag").unwrap().to_owned();
    let mut contract = read.expect(200);
    contract["ends_on"] = json!("2026-11-26");
    let members = ["number", "organization", "region", "tier", "zone", "starts_on", "ends_on", "four_hour_service_center"];
    let body: serde_json::Map<String, Value> = members.iter().map(|m| ((*m).to_owned(), contract[*m].clone())).collect();
    let put = app.bare(Method::PUT, "/api/v1/contracts/K-GOLD").token(&app.operations).header("if-match", &etag);
    put.json(Value::Object(body)).send().await.expect(200);
    app.pass(TimeDelta::days(7));
    let linked = report(&app, &first, "1", dead("NEW-1")).await.expect(201);
    assert_eq!((&linked["contract"], &linked["promise"]["entitled_tier"]), (&json!("K-GOLD"), &json!("gold")));
});

on_both_engines!(p4_6_a_linked_rma_reserves_stock_like_any_other, |app| {
    world::fill(&app).await;
    for serial in ["RP-1", "RP-2"] {
        let unit = json!({"serial_number": serial, "part_number": "PSU-450", "service_center": "SC-FLL"});
        app.post("/api/v1/stock-units", unit).await.expect(201);
    }
    let first = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    act(&app, &app.operations, &first, "ship", json!({"carrier": "Parcel Service"})).await.expect(200);
    step(&app, &first, "deliver", "").await;
    let linked = report(&app, &first, "1", dead("RP-1")).await.expect(201);
    let second = text(&linked["number"]);
    assert_eq!((&linked["lines"][0]["supply"], &linked["lines"][0]["reserved_serial_number"]), (&json!("reserved"), &json!("RP-2")));
    assert_eq!(app.get("/api/v1/stock-units/RP-2").await.expect(200)["rma"], json!(second));
    // The dead unit comes back into quarantine, not onto the shelf.
    let scan = json!({"serial_number": "RP-1", "condition": "as_described", "service_center": "SC-FLL"});
    assert_eq!(app.post("/api/v1/returns/scans", scan).await.expect(201)["scans"][0]["rma"], json!(second));
    assert_eq!(app.get("/api/v1/stock-units/RP-1").await.expect(200)["state"], "quarantined");
});
