//! What arrives at the dock: one call with the serial number decides; each row of the table in docs/rules.md has its test.

use crate::app::{TestApp, on_both_engines};
use crate::moves::{kinds, line_states, shown};
use crate::steps::{deadline, number_of_new, step, text};
use crate::world;
use serde_json::{Value, json};

/// A Silver RMA whose replacement, NEW-1, was delivered.
async fn delivered(app: &TestApp) -> String {
    let number = number_of_new(app, "SILVER-1", &["PSU-450"], None).await;
    step(app, &number, "ship", "SILVER-1").await;
    step(app, &number, "deliver", "SILVER-1").await;
    number
}

async fn scan(app: &TestApp, body: Value) -> Vec<Value> {
    app.post("/api/v1/returns/scans", body).await.expect(201)["scans"].as_array().unwrap().clone()
}

/// What follows from a scan: outcome, line, clock, the letters after the delivery's, and where the unit goes.
async fn follows(app: &TestApp, number: &str, body: Value) -> (String, String, String, Vec<String>, String) {
    let scans = scan(app, body).await;
    assert_eq!((scans.len(), &scans[0]["rma"], &scans[0]["line"]), (1, &json!(number), &json!(1)), "{scans:?}");
    app.run_jobs().await;
    let rma = shown(app, number).await;
    let letters = kinds(app, number).await.split_off(3);
    let clock = text(&deadline(&rma, "return_by")["state"]);
    (text(&scans[0]["outcome"]), line_states(&rma).remove(0), clock, letters, text(&scans[0]["disposition"]))
}

fn expected(row: [&str; 3], letters: &[&str], disposition: &str) -> (String, String, String, Vec<String>, String) {
    let [outcome, line, clock] = row.map(str::to_owned);
    (outcome, line, clock, letters.iter().map(|l| (*l).to_owned()).collect(), disposition.to_owned())
}

fn one(serial: &str, condition: &str) -> Value {
    json!({"serial_number": serial, "condition": condition})
}

fn on_box(number: &str, serial: &str) -> Value {
    json!({"serial_number": serial, "condition": "as_described", "rma": number})
}

on_both_engines!(p4_6_dock_the_expected_unit, |app| {
    world::fill(&app).await;
    let number = delivered(&app).await;
    let found = follows(&app, &number, one("SILVER-1", "as_described")).await;
    assert_eq!(found, expected(["expected_unit", "returned", "met"], &["return_received"], "repair"));
    assert_eq!(shown(&app, &number).await["state"], "returned");
});

on_both_engines!(p4_6_dock_the_replacement_came_back, |app| {
    world::fill(&app).await;
    let number = delivered(&app).await;
    let found = follows(&app, &number, one("NEW-1", "as_described")).await;
    assert_eq!(found, expected(["replacement_returned", "returned_wrong", "running"], &["return_parcel"], "return_to_sender"));
    let letter = app.get(&format!("/api/v1/rmas/{number}/letters")).await.expect(200)["items"][3].clone();
    assert!(text(&letter["text"]).contains("NEW-1: this is the replacement that we sent you"), "{letter}");
    // The right one is still expected.
    assert_eq!(scan(&app, one("SILVER-1", "as_described")).await[0]["outcome"], "expected_unit");
});

on_both_engines!(p4_6_dock_another_unit_of_this_customer, |app| {
    world::fill(&app).await;
    let number = delivered(&app).await;
    let found = follows(&app, &number, on_box(&number, "GOLD-1")).await;
    assert_eq!(found, expected(["other_unit_of_customer", "returned_wrong", "running"], &["return_parcel"], "return_to_sender"));
    assert_eq!(app.get("/api/v1/appliances/GOLD-1").await.expect(200)["contracts"].as_array().unwrap().len(), 1, "it stays covered");
});

on_both_engines!(p4_6_dock_another_customers_unit, |app| {
    world::fill(&app).await;
    let number = delivered(&app).await;
    let found = follows(&app, &number, on_box(&number, "ES-1")).await;
    assert_eq!(found, expected(["unit_of_another_customer", "returned_wrong", "running"], &["return_wrong"], "investigate"));
    let letter = text(&app.get(&format!("/api/v1/rmas/{number}/letters")).await.expect(200)["items"][3]["text"]);
    assert!(!letter.contains("OTHER"), "whose it is stays with us: {letter}");
});

on_both_engines!(p4_6_dock_a_serial_number_that_nobody_knows, |app| {
    world::fill(&app).await;
    let number = delivered(&app).await;
    let found = follows(&app, &number, on_box(&number, "STRAY-9")).await;
    assert_eq!(found, expected(["unknown_serial", "returned_wrong", "running"], &["return_wrong"], "investigate"));
});

on_both_engines!(p4_6_dock_parts_are_missing, |app| {
    world::fill(&app).await;
    let number = delivered(&app).await;
    let found = follows(&app, &number, one("SILVER-1", "incomplete")).await;
    assert_eq!(found, expected(["parts_missing", "returned_short", "running"], &["return_parcel"], "investigate"));
    assert_eq!(scan(&app, one("SILVER-1", "as_described")).await[0]["outcome"], "expected_unit", "the rest of it");
    assert_eq!(shown(&app, &number).await["state"], "returned");
});

on_both_engines!(p4_6_dock_damaged_in_transit, |app| {
    world::fill(&app).await;
    let number = delivered(&app).await;
    let found = follows(&app, &number, one("SILVER-1", "damaged")).await;
    assert_eq!(found, expected(["damaged_in_transit", "returned", "met"], &["return_parcel"], "investigate"));
});

on_both_engines!(p4_6_dock_already_received, |app| {
    world::fill(&app).await;
    let number = delivered(&app).await;
    scan(&app, one("SILVER-1", "as_described")).await;
    let found = follows(&app, &number, on_box(&number, "SILVER-1")).await;
    assert_eq!(found, expected(["already_received", "returned", "met"], &["return_received"], "investigate"));
});

on_both_engines!(p4_6_one_parcel_one_letter_and_a_stray_is_kept_for_somebody_to_look_at, |app| {
    world::fill(&app).await;
    let number = number_of_new(&app, "GOLD-1", &["PSU-450", "FAN-2"], None).await;
    let both = json!({"carrier": "Parcel Service", "replacement_serial_numbers": ["NEW-1", "NEW-2"]});
    app.post(&format!("/api/v1/rmas/{number}/ship"), both).await.expect(200);
    step(&app, &number, "deliver", "GOLD-1").await;
    let units = json!({"service_center": "SC-FLL", "units": [
        {"serial_number": "GOLD-1", "condition": "as_described"}, {"serial_number": "STRAY-9", "condition": "damaged"}]});
    let scans = scan(&app, units).await;
    let told: Vec<_> =
        scans.iter().map(|s| (text(&s["outcome"]), text(&s["rma"]), s["line"].as_i64(), text(&s["service_center"]))).collect();
    let row = |outcome: &str, line| (outcome.to_owned(), number.clone(), Some(line), "SC-FLL".to_owned());
    assert_eq!(told, [row("expected_unit", 1), row("unknown_serial", 2)]);
    app.run_jobs().await;
    assert_eq!(kinds(&app, &number).await, ["rma_issued", "shipped", "delivered", "return_parcel"]);
    let stray = scan(&app, one("STRAY-10", "as_described")).await.remove(0);
    assert_eq!((&stray["outcome"], &stray["rma"], &stray["line"]), (&json!("unknown_serial"), &Value::Null, &Value::Null));
    let open = app.get("/api/v1/returns/scans?undecided=true&outcome=unknown_serial").await.expect(200);
    assert_eq!(open["items"].as_array().unwrap().len(), 2);
    let path = format!("/api/v1/returns/scans/{}/disposition", text(&stray["id"]));
    let body = json!({"disposition": "return_to_sender", "finding": "no_fault_found", "note": "Sender known by the label"});
    let decided = app.post(&path, body).await.expect(200);
    assert_eq!(
        (&decided["disposition"], &decided["finding"], decided["disposed_at"].is_string()),
        (&json!("return_to_sender"), &json!("no_fault_found"), true)
    );
    let open = app.get("/api/v1/returns/scans?undecided=true&outcome=unknown_serial").await.expect(200);
    assert_eq!(open["items"].as_array().unwrap().len(), 1);
});

on_both_engines!(p4_6_a_scan_that_can_not_be_meant_is_refused, |app| {
    world::fill(&app).await;
    let number = delivered(&app).await;
    let post = async |body: Value| app.post("/api/v1/returns/scans", body).await;
    for (body, field, code) in [
        (json!({}), "/serial_number", "required"),
        (json!({"serial_number": "SN-1"}), "/condition", "required"),
        (json!({"units": []}), "/units", "too_few"),
        (json!({"serial_number": "SN-1", "units": [{"serial_number": "SN-1", "condition": "damaged"}]}), "/units", "conflict"),
        (
            json!({"serial_number": "SN-1", "condition": "damaged", "service_center": "SC-NONE"}),
            "/service_center",
            "unknown_service_center",
        ),
    ] {
        assert_eq!(post(body.clone()).await.faults(), [(field.to_owned(), code.to_owned())], "{body}");
    }
    let mut late = one("SILVER-1", "as_described");
    late["received_at"] = json!("2027-01-01T00:00:00Z");
    post(late).await.problem(422, "instant_in_future");
    scan(&app, one("SILVER-1", "as_described")).await;
    post(on_box(&number, "STRAY-9")).await.problem(409, "nothing_expected_back");
});
