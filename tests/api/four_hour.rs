//! The older four-hour option of Gold (P5.5): honored, not sold, left with the renewal.

use crate::app::{TestApp, on_both_engines};
use crate::steps::column;
use crate::world::{self, issued};
use chrono::TimeDelta;
use serde_json::{Value, json};

fn contract(change: impl FnOnce(&mut Value)) -> Value {
    let mut body = json!({"number": "K-OLD", "organization": "ACME", "region": "north_america", "tier": "gold", "zone": "America/New_York",
        "starts_on": "2014-01-01", "ends_on": "2027-01-24", "four_hour_service_center": true});
    change(&mut body);
    body
}

async fn appliance(app: &TestApp, serial: &str, site: &str) {
    let body =
        json!({"serial_number": serial, "organization": "ACME", "model": "MX-1", "kind": "physical", "site": site, "contracts": ["K-OLD"]});
    app.post("/api/v1/appliances", body).await.expect(201);
}

async fn offers(app: &TestApp) -> Vec<String> {
    let letters = app.get("/api/v1/letters?limit=200").await.expect(200);
    column(&letters, "key").into_iter().filter(|key| key.contains("/four-hour-offer/")).collect()
}

on_both_engines!(p5_5_four_hour_gold_is_delivered_like_gold_plus_until_it_is_renewed, |app| {
    world::fill(&app).await;
    let made = app.post("/api/v1/contracts", contract(|_| {})).await.expect(201);
    assert_eq!(made["four_hour_service_center"], true);
    appliance(&app, "OLD-NEAR", "FLL-1").await;
    appliance(&app, "OLD-FAR", "KEY-WEST").await;
    let shown = app.get("/api/v1/appliances/OLD-NEAR").await.expect(200)["service"].clone();
    assert_eq!(
        (&shown["entitled_tier"], &shown["served_tier"], &shown["reasons"][0]["code"], &shown["reasons"][0]["rule"]),
        (&json!("gold"), &json!("gold_plus"), &json!("four_hour_service_center"), &json!("P5.5"))
    );
    let near = issued(&app, "OLD-NEAR", "PSU-450", Some(world::front_desk())).await;
    let promise = &near["promise"];
    assert_eq!(
        (&promise["entitled_tier"], &promise["delivered_tier"], &promise["ships_from"], &promise["reasons"][0]["code"]),
        (&json!("gold"), &json!("gold_plus"), &json!("SC-FLL"), &json!("four_hour_service_center"))
    );
    let deadline = &near["deadlines"][0];
    assert_eq!((&deadline["kind"], &deadline["state"]), (&json!("deliver_by"), &json!("running")));
    let (starts, due) = (deadline["starts_at"].as_str().unwrap(), deadline["due_at"].as_str().unwrap());
    let at = |text: &str| text.parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    assert_eq!(at(due) - at(starts), TimeDelta::hours(4));
    // The radius is that of Gold Plus, and so are its exclusions.
    let far = issued(&app, "OLD-FAR", "PSU-450", Some(world::front_desk())).await;
    assert_eq!((&far["promise"]["delivered_tier"], &far["promise"]["reasons"][0]["code"]), (&json!("gold"), &json!("site_out_of_range")));
    let chassis = issued(&app, "OLD-NEAR", "CHASSIS-1", Some(world::front_desk())).await;
    assert_eq!(chassis["promise"]["reasons"][0]["code"], "component_excluded");
    // Renewed from December on: Gold without the option, and what Gold Plus would mean.
    let path = "/api/v1/contracts/K-OLD/renew";
    let body = json!({"number": "K-NEW", "starts_on": "2026-12-01", "ends_on": "2029-11-30"});
    let again = json!({"number": "K-NEW", "ends_on": "2029-11-30", "four_hour_service_center": true});
    app.post(path, again).await.problem(422, "four_hour_not_sold");
    let rehearsed = app.post(&format!("{path}?dry_run=true"), body.clone()).await.expect(201);
    let renewed = app.post(path, body.clone()).await.expect(201);
    assert_eq!(rehearsed["gold_plus_offer"], renewed["gold_plus_offer"]);
    assert_eq!((&renewed["renews"]["ends_on"], &renewed["appliances"]), (&json!("2026-11-30"), &json!(2)));
    assert_eq!(
        (&renewed["contract"]["tier"], &renewed["contract"]["four_hour_service_center"], &renewed["contract"]["zone"]),
        (&json!("gold"), &json!(false), &json!("America/New_York"))
    );
    let offer = &renewed["gold_plus_offer"];
    assert_eq!(
        (&offer[0]["site"], &offer[0]["served_tier"], &offer[0]["appliances"], &offer[1]["site"], &offer[1]["served_tier"]),
        (&json!("FLL-1"), &json!("gold_plus"), &json!(1), &json!("KEY-WEST"), &json!("gold"))
    );
    assert_eq!(offer[1]["reasons"][0]["code"], "site_out_of_range");
    app.post(path, json!({"number": "K-NEXT", "ends_on": "2029-11-30"})).await.problem(409, "renewed_already");
    // Honored until then, not after.
    let before = issued(&app, "OLD-NEAR", "FAN-2", Some(world::front_desk())).await;
    assert_eq!(before["promise"]["delivered_tier"], "gold_plus");
    app.pass(TimeDelta::days(6));
    let after = app.get("/api/v1/appliances/OLD-NEAR").await.expect(200)["service"].clone();
    assert_eq!((&after["contract"], &after["served_tier"], &after["reasons"]), (&json!("K-NEW"), &json!("gold"), &json!([])));
    app.run_jobs().await;
    assert_eq!(offers(&app).await, Vec::<String>::new());
});

on_both_engines!(p5_5_the_option_is_not_sold_and_gold_plus_is_offered_once_before_it_ends, |app| {
    world::fill(&app).await;
    let post = |body: Value| app.post("/api/v1/contracts", body);
    post(contract(|c| c["starts_on"] = json!("2015-03-16"))).await.problem(422, "four_hour_not_sold");
    post(contract(|c| c["tier"] = json!("gold_plus"))).await.problem(422, "four_hour_needs_gold");
    post(contract(|_| {})).await.expect(201);
    appliance(&app, "OLD-NEAR", "FLL-1").await;
    let put = |body: Value, version: &'static str| {
        let app = &app;
        async move {
            let request = app.bare(reqwest::Method::PUT, "/api/v1/contracts/K-OLD").token(&app.operations);
            request.header("if-match", version).json(body).send().await
        }
    };
    put(contract(|c| c["ends_on"] = json!("2028-01-24")), "\"1\"").await.problem(422, "four_hour_not_extended");
    // The start of November 25 in New York has passed: sixty days before January 24.
    for _ in 0..2 {
        app.run_jobs().await;
        assert_eq!(offers(&app).await, ["contract/K-OLD/four-hour-offer/2027-01-24"]);
    }
    put(contract(|c| c["region"] = json!("caribbean")), "\"1\"").await.expect(200);
    app.run_jobs().await;
    assert_eq!(offers(&app).await.len(), 1);
    let list = app.get("/api/v1/letters?state=sent").await.expect(200);
    let letter = list["items"].as_array().unwrap().iter().find(|l| l["kind"] == "four_hour_offer").unwrap();
    assert_eq!(letter["subject"], "Contract K-OLD ends on Sunday, January 24, 2027: Gold Plus in place of the four-hour option");
    assert!(letter["text"].as_str().unwrap().contains("site FLL-1: Gold Plus reaches it"), "{letter}");
});
