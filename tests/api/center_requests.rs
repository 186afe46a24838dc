//! Service centers that are asked for (P5.4): when they are expected, who is told, and what becomes of them.

use crate::app::{TestApp, on_both_engines};
use crate::steps::column;
use crate::world::{self, issued};
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};
use swapline::rules::role::Role;

const REQUESTS: &str = "/api/v1/center-requests";

fn keys(change: impl FnOnce(&mut Value)) -> Value {
    let mut body = json!({"code": "ASK-KEYS", "name": "Florida Keys", "country": "US", "position": {"latitude": 24.56, "longitude": -81.78},
        "requested_on": "2026-11-24", "organization": "ACME", "sites": ["KEY-WEST"], "note": "Asked for by phone."});
    change(&mut body);
    body
}

async fn reasons_of_site(app: &TestApp) -> Vec<String> {
    let list = app.get("/api/v1/sites/KEY-WEST/certificates").await.expect(200);
    list["items"][0]["reasons"].as_array().unwrap().iter().map(|r| r["code"].as_str().unwrap().to_owned()).collect()
}

fn center(opens_on: &str) -> Value {
    json!({"code": "SC-KEY", "name": "Key West", "address": {"lines": ["1 Depot Road"], "city": "Key West", "country": "US"},
        "position": {"latitude": 24.56, "longitude": -81.78}, "zone": "America/New_York", "opens_on": opens_on, "couriers": ["COURIER-1"]})
}

on_both_engines!(p5_4_a_center_that_is_asked_for_is_expected_and_named_until_it_opens, |app| {
    world::fill(&app).await;
    assert_eq!(reasons_of_site(&app).await, ["site_out_of_range"]);
    app.post(&format!("{REQUESTS}?dry_run=true"), keys(|_| {})).await.expect(201);
    assert_eq!(app.get(REQUESTS).await.expect(200)["items"], json!([]));
    let made = app.post(REQUESTS, keys(|_| {})).await;
    assert_eq!(made.header("location"), Some("/api/v1/center-requests/ASK-KEYS"));
    let made = made.expect(201);
    assert_eq!(
        (&made["expected_from"], &made["expected_by"], &made["due_at"], &made["state"], &made["overdue"], &made["zone"]),
        (
            &Value::Null,
            &json!("2027-01-05"),
            &json!("2027-01-06T05:00:00Z"),
            &json!("requested"),
            &json!(false),
            &json!("America/New_York")
        )
    );
    assert_eq!(made["steps"][1], "at most 6 weeks: by 2027-01-05");
    app.post(REQUESTS, keys(|_| {})).await.problem(409, "exists");
    app.run_jobs().await;
    // Certificate, check and promise say so alike.
    let said = ["site_out_of_range", "center_requested"];
    assert_eq!(reasons_of_site(&app).await, said);
    let check = json!({"country": "US", "position": {"latitude": 24.5551, "longitude": -81.78}});
    let checked = app.post("/api/v1/sites/check", check).await.expect(200);
    assert_eq!(checked["reasons"][1]["code"], "center_requested");
    let rma = issued(&app, "GP-FAR", "PSU-450", Some(world::front_desk())).await;
    let promise = &rma["promise"];
    assert_eq!((&promise["delivered_tier"], &promise["reasons"][1]["rule"]), (&json!("gold"), &json!("P5.4")));
    let detail = promise["reasons"][1]["detail"].as_str().unwrap();
    assert!(detail.contains("(ASK-KEYS), expected by 2027-01-05; until it opens the appliance has Gold"), "{detail}");
    // Not opened in time, to the second.
    app.pass(
        made["due_at"].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap() - app.desk.clock.now() - TimeDelta::seconds(1),
    );
    assert_eq!(app.get(&format!("{REQUESTS}?overdue=true")).await.expect(200)["items"], json!([]));
    app.pass(TimeDelta::seconds(1));
    let overdue = app.get(&format!("{REQUESTS}?overdue=true&country=US&state=requested")).await.expect(200);
    assert_eq!((column(&overdue, "code"), &overdue["items"][0]["overdue"]), (vec!["ASK-KEYS".to_owned()], &json!(true)));
    // One that opens is linked, once it is open.
    let path = format!("{REQUESTS}/ASK-KEYS/opened");
    app.post(&path, json!({"service_center": "SC-KEY"})).await.problem(422, "unknown_service_center");
    app.post(&path, json!({"service_center": "SC-MAD"})).await.problem(422, "center_in_other_country");
    app.post(&path, json!({"service_center": "SC-FLL"})).await.problem(422, "center_open_before");
    app.post("/api/v1/service-centers", center("2027-01-08")).await.expect(201);
    app.post(&path, json!({"service_center": "SC-KEY"})).await.problem(422, "center_not_open_yet");
    app.run_jobs().await;
    // The day on which one opens says more than when one is expected.
    assert_eq!(reasons_of_site(&app).await, ["site_out_of_range", "center_not_open_yet"]);
    app.pass(TimeDelta::days(2));
    let opened = app.post(&path, json!({"service_center": "SC-KEY"})).await.expect(200);
    assert_eq!(
        (&opened["state"], &opened["service_center"], &opened["opened_on"], &opened["opened_in_time"], &opened["overdue"]),
        (&json!("opened"), &json!("SC-KEY"), &json!("2027-01-08"), &json!(false), &json!(false))
    );
    app.post(&path, json!({"service_center": "SC-KEY"})).await.problem(409, "state_clash");
    app.post(&format!("{REQUESTS}/ASK-KEYS/withdraw"), json!({"reason": "No."})).await.problem(409, "state_clash");
    assert_eq!(app.get(&format!("{REQUESTS}?overdue=true")).await.expect(200)["items"], json!([]));
    app.run_jobs().await;
    assert_eq!(reasons_of_site(&app).await, Vec::<String>::new());
    // What was promised before stays so.
    let rma = app.get(&format!("/api/v1/rmas/{}", rma["number"].as_str().unwrap())).await.expect(200);
    assert_eq!(rma["promise"]["delivered_tier"], "gold");
});

on_both_engines!(p5_4_a_request_that_is_withdrawn_is_named_no_more, |app| {
    world::fill(&app).await;
    app.post(REQUESTS, keys(|_| {})).await.expect(201);
    app.run_jobs().await;
    assert_eq!(reasons_of_site(&app).await, ["site_out_of_range", "center_requested"]);
    let path = format!("{REQUESTS}/ASK-KEYS/withdraw");
    let withdrawn = app.post(&path, json!({"reason": "The site moves."})).await.expect(200);
    assert_eq!(
        (&withdrawn["state"], &withdrawn["reason"], &withdrawn["version"]),
        (&json!("withdrawn"), &json!("The site moves."), &json!(2))
    );
    app.run_jobs().await;
    assert_eq!(reasons_of_site(&app).await, ["site_out_of_range"]);
    // Letters are about verdicts: none of this was one.
    let letters = app.get("/api/v1/letters").await.expect(200);
    assert_eq!(letters["items"], json!([]));
});

on_both_engines!(p5_4_what_a_request_must_have, |app| {
    world::fill(&app).await;
    let refused = |body: Value, code: &'static str, field: &'static str| {
        let app = &app;
        async move {
            let answer = app.post(REQUESTS, body).await;
            assert!(answer.faults().contains(&(field.to_owned(), code.to_owned())), "{}", answer.text);
        }
    };
    refused(keys(|b| b["requested_on"] = json!("2026-11-26")), "in_the_future", "/requested_on").await;
    refused(keys(|b| b["country"] = json!("XX")), "unknown_country", "/country").await;
    refused(keys(|b| b["organization"] = json!("NOBODY")), "unknown_organization", "/organization").await;
    refused(keys(|b| b["sites"] = json!(["MAD-1", "KEY-WEST"])), "unknown_site", "/sites/1").await;
    refused(keys(|b| b["position"] = Value::Null), "position_unknown", "/position").await;
    // Located by what is known of the place, elsewhere, long ago; without an organization, for anybody's sites.
    let body = json!({"code": "ASK-1", "name": "Valencia", "country": "ES", "city": "Valencia", "requested_on": "2026-08-31",
        "sites": ["MAD-1", "KEY-WEST"]});
    let made = app.post(REQUESTS, body).await.expect(201);
    assert_eq!(
        (&made["expected_from"], &made["expected_by"], &made["position"]["grade"], &made["zone"]),
        (&json!("2026-11-30"), &json!("2027-02-28"), &json!("city"), &json!("Europe/Madrid"))
    );
    assert_eq!((&made["sites"], &made["organization"]), (&json!(["KEY-WEST", "MAD-1"]), &Value::Null));
    let shown = app.get(&format!("{REQUESTS}/ask-1")).await;
    assert_eq!(shown.header("etag"), Some("\"1\""));
    assert_eq!(shown.expect(200), made);
    app.get(&format!("{REQUESTS}/ASK-2")).await.problem(404, "not_found");
    let csv = app.bare(Method::GET, REQUESTS).token(&app.operations).header("accept", "text/csv").send().await;
    assert!(csv.text.starts_with("code,name,country,position,zone,") && csv.text.lines().count() == 2, "{}", csv.text);
    let customer = app.make_token(Role::Customer, Some("ACME"), None).await;
    app.bare(Method::GET, REQUESTS).token(&customer).send().await.problem(403, "forbidden");
});
