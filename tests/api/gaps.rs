//! `GET /reports/coverage-gaps`: where another service center would bring most.

use crate::app::on_both_engines;
use crate::world;
use reqwest::Method;
use serde_json::{Value, json};
use swapline::rules::role::Role;

const PATH: &str = "/api/v1/reports/coverage-gaps";

fn far_site(code: &str, city: &str, position: Value) -> Value {
    let address = json!({"lines": ["1 Main St"], "city": city, "country": "US"});
    json!({"code": code, "organization": "ACME", "name": city, "address": address, "position": position, "zone": "America/Chicago"})
}

on_both_engines!(p5_2_coverage_gaps_propose_named_places_and_what_if_agrees_with_each, |app| {
    world::fill(&app).await;
    let here = |latitude: f64, longitude: f64| json!({"latitude": latitude, "longitude": longitude});
    // Two sites near Dallas with two contracts, one in Key West; a questioned one, one that nobody can find, and one without a contract.
    for (site, city, position) in [
        ("DAL-1", "Dallas", here(32.78, -96.80)),
        ("FTW-1", "Fort Worth", here(32.75, -97.33)),
        ("ABROAD", "Laredo", here(25.67, -100.31)),
        ("LOST", "Nowhere at all", Value::Null),
        ("CHI-1", "Chicago", here(41.88, -87.63)),
    ] {
        app.post("/api/v1/sites", far_site(site, city, position)).await.expect(201);
    }
    for number in ["K-2", "K-3"] {
        let contract = json!({"number": number, "organization": "ACME", "region": "north_america", "tier": "gold_plus",
            "zone": "America/Chicago", "starts_on": "2026-01-01", "ends_on": "2027-12-31"});
        app.post("/api/v1/contracts", contract).await.expect(201);
    }
    for (serial, site, contract) in [
        ("DAL-A", "DAL-1", "K-2"),
        ("DAL-B", "DAL-1", "K-2"),
        ("FTW-A", "FTW-1", "K-3"),
        ("ABROAD-A", "ABROAD", "K-3"),
        ("LOST-A", "LOST", "K-3"),
        ("CHI-A", "CHI-1", "K-SILVER"),
    ] {
        let appliance = json!({"serial_number": serial, "organization": "ACME", "model": "MX-1", "kind": "physical", "site": site, "contracts": [contract]});
        app.post("/api/v1/appliances", appliance).await.expect(201);
    }
    let found = app.get(PATH).await.expect(200);
    assert_eq!((&found["report"], &found["as_of"]), (&json!("coverage-gaps"), &json!("2026-11-25T19:00:00Z")));
    assert_eq!((&found["numerator"], &found["denominator"], &found["ratio"]), (&json!(3), &json!(3), &json!(1.0)));
    assert_eq!(found["without"], json!({"contracts": 3, "appliances": 4, "sites": 3}));
    let excluded = json!([{"reason": "position_unknown", "count": 1}, {"reason": "position_questioned", "count": 1}]);
    assert_eq!(found["excluded"], excluded);
    let items = found["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "{found}");
    // The most populous place from which both are reached.
    assert_eq!((&items[0]["place"], &items[0]["region"], &items[0]["country"]), (&json!("Dallas"), &json!("TX"), &json!("US")));
    assert_eq!(items[0]["gain"], json!({"contracts": 2, "appliances": 3, "sites": 2}));
    assert_eq!(items[0]["examples"][0], json!({"contract": "K-2", "organization": "ACME", "site": "DAL-1", "appliances": 2}));
    assert_eq!((&items[1]["gain"]["contracts"], &items[1]["examples"][0]["site"]), (&json!(1), &json!("KEY-WEST")));
    assert_eq!(items[1]["cumulative"], json!({"contracts": 3, "appliances": 4, "sites": 3}));
    for item in items {
        let asked = json!({"add": [{"country": item["country"], "position": item["position"]}]});
        let gained = &app.post("/api/v1/reports/what-if", asked).await.expect(200)["gained"];
        assert_eq!(
            (&gained["contracts"], &gained["appliances"], &gained["total"]),
            (&item["gain"]["contracts"], &item["gain"]["appliances"], &item["gain"]["sites"])
        );
    }
    let one = app.get(&format!("{PATH}?limit=1&country=US")).await.expect(200);
    assert_eq!((one["items"].as_array().unwrap().len(), &one["numerator"], &one["country"]), (1, &json!(2), &json!("US")));
    assert_eq!(app.get(&format!("{PATH}?country=ES")).await.expect(200)["items"], json!([]));
    let csv = app.bare(Method::GET, PATH).token(&app.operations).header("accept", "text/csv").send().await;
    let lines: Vec<&str> = csv.text.lines().collect();
    assert!(lines[0].starts_with("report,rank,place,region,country,latitude,longitude,people,contracts,appliances,sites,"), "{}", csv.text);
    assert!(
        lines[1].starts_with("coverage-gaps,1,Dallas,TX,US,32.7") && lines[1].ends_with(",2,3,2,2,3,2,3,2026-11-25T19:00:00Z"),
        "{}",
        lines[1]
    );
    assert_eq!(lines.len(), 3);
});

on_both_engines!(coverage_gaps_are_for_operations_and_refuse_what_makes_no_sense, |app| {
    world::fill(&app).await;
    for (query, code) in [
        ("limit=0", "bad_limit"),
        ("limit=51", "bad_limit"),
        ("limit=-1", "bad_limit"),
        ("country=XX", "unknown_country"),
        ("country=nonsense", "bad_country"),
        ("cursor=abc", "unknown_parameter"),
    ] {
        app.get(&format!("{PATH}?{query}")).await.problem(400, code);
    }
    for (role, organization, courier) in [
        (Role::Customer, Some("ACME"), None),
        (Role::Support, None, None),
        (Role::Auditor, None, None),
        (Role::Courier, None, Some("COURIER-1")),
    ] {
        let token = app.make_token(role, organization, courier).await;
        app.bare(Method::GET, PATH).token(&token).send().await.problem(403, "forbidden");
    }
});
