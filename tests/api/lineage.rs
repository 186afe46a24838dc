//! A whole unit that is exchanged: its replacement takes the appliance's place, A → B → C, without a gap in cover (P4).

use crate::app::on_both_engines;
use crate::moves::actions;
use crate::steps::{act, column, number_of_new, step, text};
use crate::world;
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};
use swapline::rules::role::Role;

fn ship(serial: &str) -> Value {
    json!({"carrier": "Parcel Service", "replacement_serial_number": serial})
}

fn units(lineage: &Value) -> Vec<(String, String)> {
    lineage["units"].as_array().unwrap().iter().map(|u| (text(&u["serial_number"]), text(&u["state"]))).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(serial, state)| ((*serial).to_owned(), (*state).to_owned())).collect()
}

on_both_engines!(p4_a_replacement_is_entitled_from_its_delivery_and_takes_the_place_when_the_rma_closes, |app| {
    world::fill(&app).await;
    let path = |serial: &str| format!("/api/v1/appliances/{serial}/lineage");
    let first = number_of_new(&app, "GOLD-1", &["MX-1-UNIT"], None).await;
    act(&app, &app.operations, &first, "ship", ship("NEW-1")).await.expect(200);
    let case = json!({"serial_number": "NEW-1", "severity": 2, "channel": "web", "summary": "Dead again"});
    app.post("/api/v1/cases", case).await.problem(422, "unknown_appliance");
    step(&app, &first, "deliver", "GOLD-1").await;
    assert_eq!(units(&app.get(&path("NEW-1")).await.expect(200)), pairs(&[("GOLD-1", "present"), ("NEW-1", "replacement")]));
    // The second failure, at 3 a.m., with the first RMA still open.
    app.pass(TimeDelta::hours(10));
    let second = number_of_new(&app, "NEW-1", &["MX-1-UNIT"], None).await;
    assert_eq!(app.get(&format!("/api/v1/rmas/{second}")).await.expect(200)["contract"], "K-GOLD");
    act(&app, &app.operations, &second, "ship", ship("NEW-2")).await.expect(200);
    step(&app, &second, "deliver", "NEW-1").await;
    step(&app, &second, "return-received", "NEW-1").await;
    act(&app, &app.operations, &second, "close", json!({})).await.problem(409, "earlier_rma_open");
    step(&app, &first, "return-received", "GOLD-1").await;
    step(&app, &first, "close", "GOLD-1").await;
    // The defective unit has nothing any more; asked for, it answers with what took its place.
    let now = app.get("/api/v1/appliances/gold-1").await.expect(200);
    assert_eq!((&now["serial_number"], &now["contracts"], &now["site"]), (&json!("NEW-1"), &json!(["K-GOLD"]), &json!("FLL-1")));
    let case = json!({"serial_number": "GOLD-1", "severity": 2, "channel": "web", "summary": "Plugged in again"});
    app.post("/api/v1/cases", case).await.problem(422, "serial_number_replaced");
    let again = |owner: &str| json!({"serial_number": "GOLD-1", "organization": owner, "model": "MX-1"});
    app.post("/api/v1/appliances", again("ACME")).await.problem(422, "serial_number_replaced");
    let taken = json!({"serial_number": "NEW-2", "organization": "ACME", "model": "MX-1"});
    app.post("/api/v1/appliances", taken).await.problem(422, "serial_number_is_replacement");
    step(&app, &second, "close", "NEW-1").await;
    let told = app.get(&path("GOLD-1")).await.expect(200);
    assert_eq!(units(&told), pairs(&[("GOLD-1", "former"), ("NEW-1", "former"), ("NEW-2", "present")]));
    let rows = told["units"].as_array().unwrap();
    assert_eq!((&rows[0]["left_by"], &rows[1]["came_by"], &rows[1]["left_by"]), (&json!(first), &json!(first), &json!(second)));
    assert_eq!((&rows[2]["came_by"], &rows[2]["entitled_until"]), (&json!(second), &Value::Null));
    // No gap: each is entitled before the one before it ends.
    for two in rows.windows(2) {
        assert!(text(&two[1]["entitled_from"]) <= text(&two[0]["entitled_until"]), "{told}");
    }
    // The history is one, by whichever serial number.
    for serial in ["GOLD-1", "NEW-1", "NEW-2"] {
        let rmas = app.get(&format!("/api/v1/rmas?serial_number={serial}")).await.expect(200);
        assert_eq!(column(&rmas, "number"), [first.clone(), second.clone()], "{serial}");
    }
    assert_eq!(app.get("/api/v1/appliances/NEW-2").await.expect(200)["contracts"], json!(["K-GOLD"]));
    assert_eq!(actions(&app, &second).await.last().unwrap(), "closed");
    // Somebody else's is nobody's.
    let other = app.make_token(Role::Customer, Some("OTHER"), None).await;
    for path in ["appliances/GOLD-1", "appliances/GOLD-1/lineage", "appliances/NEW-2/lineage"] {
        app.bare(Method::GET, &format!("/api/v1/{path}")).token(&other).send().await.problem(404, "not_found");
    }
    // Repaired and sold to another customer it is an appliance again.
    app.post("/api/v1/appliances", again("OTHER")).await.expect(201);
    assert_eq!(app.get("/api/v1/appliances/GOLD-1").await.expect(200)["organization"], "OTHER");
});

on_both_engines!(p4_a_component_does_not_change_the_serial_number_of_its_appliance, |app| {
    world::fill(&app).await;
    let number = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    for name in ["ship", "deliver", "return-received", "close"] {
        step(&app, &number, name, "SILVER-1").await;
    }
    assert_eq!(app.get("/api/v1/appliances/SILVER-1").await.expect(200)["serial_number"], "SILVER-1");
    app.get("/api/v1/appliances/NEW-1").await.problem(404, "not_found");
    assert_eq!(units(&app.get("/api/v1/appliances/SILVER-1/lineage").await.expect(200)), pairs(&[("SILVER-1", "present")]));
});
