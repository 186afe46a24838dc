//! Stock: units on the shelves, where a replacement comes from, and that nobody gets what another one has.

use crate::app::{TestApp, on_both_engines};
use crate::steps::{act, column, step, text};
use crate::world;
use futures_util::StreamExt;
use reqwest::Method;
use serde_json::{Value, json};

/// Books a unit in.
async fn book(app: &TestApp, serial: &str, part: &str, center: &str) -> Value {
    app.post("/api/v1/stock-units", json!({"serial_number": serial, "part_number": part, "service_center": center})).await.expect(201)
}

/// A second center within the radius of FLL-1, and the warehouse of North America.
async fn more_centers(app: &TestApp) {
    let center = |code: &str, city: &str, latitude: f64, longitude: f64, regions: Value| {
        json!({"code": code, "name": format!("{city} service center"), "position": {"latitude": latitude, "longitude": longitude},
            "address": {"lines": ["1 Depot Road"], "city": city, "country": "US"}, "zone": "America/New_York", "opens_on": "2015-03-16",
            "couriers": ["COURIER-1"], "warehouse_for": regions})
    };
    app.post("/api/v1/service-centers", center("SC-MIA", "Miami", 25.7617, -80.1918, json!([]))).await.expect(201);
    let warehouse = center("WH-MEM", "Memphis", 35.1495, -90.0490, json!(["north_america", "latin_america"]));
    assert_eq!(
        app.post("/api/v1/service-centers", warehouse).await.expect(201)["warehouse_for"],
        json!(["north_america", "latin_america"])
    );
}

async fn unit(app: &TestApp, serial: &str) -> (String, Option<String>, String) {
    let unit = app.get(&format!("/api/v1/stock-units/{serial}")).await.expect(200);
    (text(&unit["state"]), unit["rma"].as_str().map(str::to_owned), text(&unit["service_center"]))
}

fn rejected(rma: &Value) -> Vec<(String, Option<String>)> {
    let asked = rma["promise"]["sourcing"].as_array().unwrap();
    asked.iter().map(|a| (text(&a["service_center"]), a["rejected"].as_str().map(str::to_owned))).collect()
}

fn reasons(rma: &Value) -> Vec<String> {
    rma["promise"]["reasons"].as_array().unwrap().iter().map(|r| text(&r["code"])).collect()
}

on_both_engines!(p4_a_unit_is_received_moved_put_into_quarantine_and_written_off, |app| {
    world::fill(&app).await;
    let made = book(&app, "RP-1", "PSU-450", "SC-FLL").await;
    assert_eq!((&made["state"], &made["rma"], &made["version"]), (&json!("received"), &Value::Null, &json!(1)));
    let put = |body: Value, etag: &'static str| {
        app.bare(Method::PUT, "/api/v1/stock-units/RP-1").token(&app.operations).header("if-match", etag).json(body).send()
    };
    let body = |center: &str, state: &str| json!({"serial_number": "RP-1", "part_number": "PSU-450", "service_center": center, "state": state, "note": "Found open"});
    assert_eq!(put(body("SC-MAD", "quarantined"), "\"1\"").await.expect(200)["note"], "Found open");
    assert_eq!(unit(&app, "RP-1").await, ("quarantined".to_owned(), None, "SC-MAD".to_owned()));
    put(body("SC-FLL", "received"), "\"1\"").await.problem(412, "changed");
    put(body("SC-FLL", "reserved"), "\"2\"").await.problem(422, "bad_stock_state");
    put(body("SC-NONE", "received"), "\"2\"").await.problem(422, "unknown_service_center");
    put(body("SC-FLL", "written_off"), "\"2\"").await.expect(200);
    app.post("/api/v1/stock-units", body("SC-FLL", "received")).await.problem(409, "exists");
    book(&app, "RP-2", "PSU-450", "SC-FLL").await;
    book(&app, "RP-3", "FAN-2", "SC-FLL").await;
    let levels = app.get("/api/v1/stock-levels?part_number=PSU-450").await.expect(200);
    let expected = json!([{"part_number": "PSU-450", "service_center": "SC-FLL", "received": 1, "reserved": 0, "shipped": 0, "quarantined": 0, "written_off": 1}]);
    assert_eq!(levels["items"], expected);
    let first = app.get("/api/v1/stock-levels?limit=1").await.expect(200);
    let cursor = text(&first["next_cursor"]);
    let second = app.get(&format!("/api/v1/stock-levels?limit=1&cursor={cursor}")).await.expect(200);
    assert_eq!((column(&first, "part_number"), column(&second, "part_number")), (vec!["FAN-2".to_owned()], vec!["PSU-450".to_owned()]));
    assert_eq!(
        column(&app.get("/api/v1/stock-units?state=received&service_center=SC-FLL").await.expect(200), "serial_number"),
        ["RP-2", "RP-3"]
    );
    app.get("/api/v1/stock-units?state=lost").await.problem(400, "unknown_value");
});

on_both_engines!(p4_2_gold_plus_is_sent_from_the_nearest_center_that_has_the_part, |app| {
    world::fill(&app).await;
    more_centers(&app).await;
    book(&app, "RP-MIA", "PSU-450", "SC-MIA").await;
    book(&app, "RP-MEM", "PSU-450", "WH-MEM").await;
    let rma = world::issued(&app, "GP-1", "PSU-450", Some(world::front_desk())).await;
    assert_eq!((&rma["promise"]["delivered_tier"], &rma["promise"]["ships_from"]), (&json!("gold_plus"), &json!("SC-MIA")));
    assert_eq!(rejected(&rma), [("SC-FLL".to_owned(), Some("out_of_stock".to_owned())), ("SC-MIA".to_owned(), None)]);
    assert!(rma["promise"]["sourcing"][1]["distance_miles"].as_f64().unwrap() > 20.0, "{rma}");
    let line = &rma["lines"][0];
    assert_eq!((&line["supply"], &line["reserved_serial_number"]), (&json!("reserved"), &json!("RP-MIA")));
    assert_eq!(unit(&app, "RP-MIA").await, ("reserved".to_owned(), Some(text(&rma["number"])), "SC-MIA".to_owned()));
    // The next one finds nothing near: Gold from the warehouse; customer and operations are told.
    let next = world::issued(&app, "GP-1", "PSU-450", Some(world::front_desk())).await;
    assert_eq!((&next["promise"]["delivered_tier"], &next["promise"]["ships_from"]), (&json!("gold"), &json!("WH-MEM")));
    assert_eq!(reasons(&next), ["no_stock_within_radius"]);
    let letters = app.get(&format!("/api/v1/rmas/{}/letters", text(&next["number"]))).await.expect(200);
    assert_eq!(column(&letters, "kind"), ["rma_issued", "stock_alert"]);
    assert!(
        text(&letters["items"][0]["text"]).contains("none of the 2 service centers within the radius has a unit that is free"),
        "{letters}"
    );
});

on_both_engines!(p4_a_newer_revision_or_a_substitute_is_sent_where_the_part_is_gone, |app| {
    world::fill(&app).await;
    let part = |number: &str| json!({"part_number": number, "description": "Power supply", "fits_models": ["MX-2"]});
    for number in ["PSU-451", "PSU-460"] {
        app.post("/api/v1/parts", part(number)).await.expect(201);
    }
    let path = "/api/v1/parts/PSU-450/substitutes";
    app.post(path, json!({"part_number": "PSU-460", "fit": "approved_substitute"})).await.expect(200);
    let all = app.post(path, json!({"part_number": "PSU-451", "fit": "newer_revision"})).await.expect(200);
    let expected = json!([{"part_number": "PSU-451", "fit": "newer_revision"}, {"part_number": "PSU-460", "fit": "approved_substitute"}]);
    assert_eq!(all["substitutes"], expected);
    app.post(path, json!({"part_number": "PSU-450", "fit": "newer_revision"})).await.problem(422, "same_part");
    app.post(path, json!({"part_number": "PSU-999", "fit": "newer_revision"})).await.problem(422, "unknown_part");
    for (serial, part) in [("RP-1", "PSU-450"), ("RP-2", "PSU-451"), ("RP-3", "PSU-460")] {
        book(&app, serial, part, "SC-FLL").await;
    }
    for (serial, part) in [("RP-1", "PSU-450"), ("RP-2", "PSU-451"), ("RP-3", "PSU-460")] {
        let line = world::issued(&app, "SILVER-1", "PSU-450", None).await["lines"][0].clone();
        assert_eq!((&line["reserved_serial_number"], &line["reserved_part_number"]), (&json!(serial), &json!(part)));
    }
    let etag = app.get("/api/v1/parts/PSU-450").await.header("etag").unwrap().to_owned();
    let remove = |etag: &str| app.bare(Method::DELETE, &format!("{path}/PSU-460")).token(&app.operations).header("if-match", etag).send();
    remove("\"1\"").await.problem(412, "changed");
    remove(&etag).await.expect(204);
    remove("*").await.problem(404, "not_found");
    assert_eq!(app.get(path).await.expect(200)["substitutes"].as_array().unwrap().len(), 1);
});

on_both_engines!(p4_what_is_backordered_gets_the_next_unit_the_one_that_is_due_first, |app| {
    world::fill(&app).await;
    book(&app, "RP-1", "PSU-450", "SC-FLL").await;
    let first = world::issued(&app, "SILVER-1", "PSU-450", None).await;
    let slow = world::issued(&app, "BRONZE-1", "PSU-450", None).await;
    let quick = world::issued(&app, "SILVER-1", "PSU-450", None).await;
    for rma in [&slow, &quick] {
        assert_eq!((&rma["lines"][0]["supply"], reasons(rma)), (&json!("backordered"), vec!["backordered".to_owned()]));
    }
    // A rehearsal reserves nothing.
    let body = json!({"serial_number": "RP-2", "part_number": "PSU-450", "service_center": "SC-FLL"});
    app.bare(Method::POST, "/api/v1/stock-units?dry_run=true").token(&app.operations).json(body).send().await.expect(201);
    assert_eq!(book(&app, "RP-2", "PSU-450", "SC-FLL").await["state"], "received");
    let quick = app.get(&format!("/api/v1/rmas/{}", text(&quick["number"]))).await.expect(200);
    assert_eq!((&quick["lines"][0]["reserved_serial_number"], reasons(&quick)), (&json!("RP-2"), vec![]));
    // What a cancelled RMA gives back goes to the next in line.
    step(&app, &text(&first["number"]), "cancel", "SILVER-1").await;
    let slow = app.get(&format!("/api/v1/rmas/{}", text(&slow["number"]))).await.expect(200);
    assert_eq!(slow["lines"][0]["reserved_serial_number"], "RP-1");
    // A unit that is moved to a center is there for those who wait there.
    let third = world::issued(&app, "SILVER-1", "PSU-450", None).await;
    book(&app, "RP-3", "PSU-450", "SC-MAD").await;
    let there = json!({"serial_number": "RP-3", "part_number": "PSU-450", "service_center": "SC-FLL"});
    app.bare(Method::PUT, "/api/v1/stock-units/RP-3").token(&app.operations).header("if-match", "*").json(there).send().await.expect(200);
    assert_eq!(unit(&app, "RP-3").await, ("reserved".to_owned(), Some(text(&third["number"])), "SC-FLL".to_owned()));
});

on_both_engines!(p4_what_leaves_is_the_reserved_unit_or_another_one_from_the_shelf, |app| {
    world::fill(&app).await;
    for serial in ["RP-1", "RP-2", "RP-3"] {
        book(&app, serial, "PSU-450", "SC-FLL").await;
    }
    book(&app, "RP-FAN", "FAN-2", "SC-FLL").await;
    let first = text(&world::issued(&app, "SILVER-1", "PSU-450", None).await["number"]);
    let second = text(&world::issued(&app, "SILVER-1", "PSU-450", None).await["number"]);
    let ship = |rma: &str, serial: &str| {
        let body = json!({"carrier": "Parcel Service", "replacement_serial_number": serial});
        let (rma, app) = (rma.to_owned(), &app);
        async move { act(app, &app.operations, &rma, "ship", body).await }
    };
    ship(&first, "RP-2").await.problem(409, "unit_in_use");
    ship(&first, "RP-FAN").await.problem(422, "wrong_part");
    ship(&first, "RP-9").await.problem(422, "unit_not_in_stock");
    assert_eq!(ship(&first, "RP-3").await.expect(200)["lines"][0]["replacement_serial_number"], "RP-3");
    assert_eq!(unit(&app, "RP-3").await.0, "shipped");
    assert_eq!(unit(&app, "RP-1").await.0, "received", "what was reserved is free again");
    // Without a serial number the unit that is reserved leaves.
    let sent = act(&app, &app.operations, &second, "ship", json!({"carrier": "Parcel Service"})).await.expect(200);
    assert_eq!(sent["lines"][0]["replacement_serial_number"], "RP-2");
    let body = json!({"serial_number": "RP-2", "part_number": "PSU-450", "service_center": "SC-FLL"});
    app.bare(Method::PUT, "/api/v1/stock-units/RP-2")
        .token(&app.operations)
        .header("if-match", "*")
        .json(body)
        .send()
        .await
        .problem(409, "unit_in_use");
    app.bare(Method::DELETE, "/api/v1/stock-units/RP-2").token(&app.operations).header("if-match", "*").send().await.problem(409, "in_use");
    // The replacement comes back by mistake: it is in the house, but not on the shelf.
    step(&app, &second, "deliver", "SILVER-1").await;
    let scan =
        app.post("/api/v1/returns/scans", json!({"serial_number": "RP-2", "condition": "as_described", "service_center": "SC-MAD"})).await;
    let id = text(&scan.expect(201)["scans"][0]["id"]);
    assert_eq!(unit(&app, "RP-2").await, ("quarantined".to_owned(), None, "SC-MAD".to_owned()));
    app.post(&format!("/api/v1/returns/scans/{id}/disposition"), json!({"disposition": "restock"})).await.expect(200);
    assert_eq!(unit(&app, "RP-2").await.0, "received");
});

/// 1,000 RMAs are issued at once for the last 10 units.
async fn a_thousand_at_once(app: &TestApp) {
    world::fill(app).await;
    let mut cases = Vec::new();
    for _ in 0..1_000 {
        cases.push(world::verified_case(app, "SILVER-1", &["PSU-450"]).await);
    }
    for n in 0..10 {
        book(app, &format!("RP-{n}"), "PSU-450", "SC-FLL").await;
    }
    let issue = |case: String| async move {
        let body = world::rma_body(&case, "SILVER-1", &["PSU-450"], None);
        // Who is told that the service is busy asks again under the same key, as clients do.
        loop {
            let answer = app.post_once("/api/v1/rmas", &case, body.clone()).await;
            if answer.status != 503 {
                return answer.expect(201);
            }
        }
    };
    let issued: Vec<Value> = futures_util::stream::iter(cases).map(issue).buffer_unordered(1_000).collect().await;
    let supply = |word: &str| issued.iter().filter(|rma| rma["lines"][0]["supply"] == word).count();
    assert_eq!((issued.len(), supply("reserved"), supply("backordered")), (1_000, 10, 990));
    let mut taken: Vec<String> =
        issued.iter().filter_map(|rma| rma["lines"][0]["reserved_serial_number"].as_str().map(str::to_owned)).collect();
    taken.sort();
    assert_eq!(taken, (0..10).map(|n| format!("RP-{n}")).collect::<Vec<_>>(), "each unit went to one RMA");
    let units = app.get("/api/v1/stock-units?state=reserved").await.expect(200);
    assert_eq!(units["items"].as_array().unwrap().len(), 10);
    let owners: std::collections::BTreeSet<String> = column(&units, "rma").into_iter().collect();
    assert_eq!(owners.len(), 10);
}

on_both_engines!(p4_a_thousand_issues_at_once_reserve_the_last_ten_units_once, |app| {
    a_thousand_at_once(&app).await;
});

on_both_engines!(p4_the_radar_shows_what_is_lost_next, |app| {
    world::fill(&app).await;
    let number = |rma: Value| text(&rma["number"]);
    let bronze = number(world::issued(&app, "BRONZE-1", "PSU-450", None).await);
    let silver = number(world::issued(&app, "SILVER-1", "PSU-450", None).await);
    let courier = number(world::issued(&app, "GP-1", "PSU-450", Some(world::front_desk())).await);
    let waiting = number(world::issued(&app, "GP-1", "FAN-2", None).await);
    let foreign = number(world::issued(&app, "ES-1", "PSU-450", Some(world::front_desk())).await);
    let sent = number(world::issued(&app, "SILVER-1", "FAN-2", None).await);
    step(&app, &sent, "ship", "SILVER-1").await;
    let radar = app.get("/api/v1/rmas?at_risk=true").await.expect(200);
    // The four hours first, then what both lose at the same closing time; what stands or has left isn't there.
    assert_eq!(column(&radar, "number"), [courier.clone(), foreign, bronze.clone(), silver.clone()], "{waiting} waits");
    let risk = |index: usize| radar["items"][index]["risk"].clone();
    assert_eq!((&risk(0)["deadline"], &risk(0)["loses"], &risk(0)["minutes"]), (&json!("deliver_by"), &json!("deadline"), &json!(240)));
    assert_eq!((&risk(2)["deadline"], &risk(2)["loses"]), (&json!("ship_by"), &json!("business_day")));
    assert_eq!(risk(2)["at"], risk(3)["at"]);
    let own = app.get("/api/v1/rmas?at_risk=true&organization=ACME&limit=2").await.expect(200);
    assert_eq!(column(&own, "number"), [courier.clone(), bronze.clone()]);
    let cursor = text(&own["next_cursor"]);
    let rest = app.get(&format!("/api/v1/rmas?at_risk=true&organization=ACME&limit=2&cursor={cursor}")).await.expect(200);
    assert_eq!((column(&rest, "number"), &rest["next_cursor"]), (vec![silver], &Value::Null));
    app.get("/api/v1/rmas?at_risk=true&state=issued").await.problem(400, "unknown_parameter");
    app.get("/api/v1/rmas?at_risk=true&cursor=bm90aGluZw").await.problem(400, "bad_cursor");
    let customer = app.make_token(swapline::rules::role::Role::Customer, Some("OTHER"), None).await;
    let theirs = app.bare(Method::GET, "/api/v1/rmas?at_risk=true").token(&customer).send().await.expect(200);
    assert_eq!(theirs["items"].as_array().unwrap().len(), 1);
    // Four hours later the courier's promise is broken, and stays in front until the unit arrives.
    app.pass(chrono::TimeDelta::minutes(241));
    app.run_jobs().await;
    let late = app.get("/api/v1/rmas?at_risk=true&organization=ACME").await.expect(200);
    assert_eq!((&late["items"][0]["risk"]["loses"], &late["items"][0]["risk"]["minutes"]), (&json!("missed_already"), &json!(-1)));
    assert_eq!(late["items"][0]["number"], json!(courier));
});
