//! With which tier sites and appliances are served (P5.4): interim Gold until a center opens, Gold Plus from that day on, and the
//! way back, with the letters about it.

use crate::app::{TestApp, on_both_engines};
use crate::steps::column;
use crate::world::{self, issued};
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};

async fn service(app: &TestApp, path: &str) -> Value {
    app.get(&format!("/api/v1/{path}")).await.expect(200)["service"].clone()
}

async fn letters(app: &TestApp, part: &str) -> Vec<String> {
    let list = app.get("/api/v1/letters?limit=200").await.expect(200);
    column(&list, "key").into_iter().filter(|key| key.contains(part)).collect()
}

/// The text of the letter with this key, as it left.
fn sent(app: &TestApp, part: &str) -> String {
    let text = |bytes: &[u8]| mail_parser::MessageParser::default().parse(bytes).unwrap().body_text(0).unwrap().into_owned();
    let texts = app.memory.letters().into_iter().map(|letter| text(&letter.bytes));
    texts.into_iter().find(|text| text.contains(part)).unwrap_or_else(|| panic!("no letter about {part}"))
}

async fn close(app: &TestApp, path: &str, closes_on: Value) {
    let now = app.get(path).await;
    let etag = now.header("etag").unwrap().to_owned();
    let mut body = now.expect(200);
    for member in ["version", "created_at", "updated_at"] {
        body.as_object_mut().unwrap().remove(member);
    }
    body["closes_on"] = closes_on;
    app.bare(Method::PUT, path).token(&app.operations).header("if-match", &etag).json(body).send().await.expect(200);
}

on_both_engines!(p5_4_the_day_a_center_opens_its_sites_upgrade_and_their_customers_are_told, |app| {
    world::fill(&app).await;
    let before = service(&app, "appliances/GP-FAR").await;
    assert_eq!(
        (&before["entitled_tier"], &before["served_tier"], &before["reasons"][0]["code"], &before["contract"]),
        (&json!("gold_plus"), &json!("gold"), &json!("site_out_of_range"), &json!("K-GP"))
    );
    assert_eq!(service(&app, "sites/KEY-WEST").await["served_tier"], "gold");
    assert_eq!(service(&app, "appliances/GP-1").await["served_tier"], "gold_plus");
    assert_eq!(service(&app, "appliances/GP-NOSITE").await["reasons"][0]["code"], "site_not_registered");
    assert_eq!(service(&app, "appliances/SILVER-1").await["served_tier"], "silver");
    assert_eq!(service(&app, "appliances/ENDED-1").await, Value::Null);
    let early = issued(&app, "GP-FAR", "PSU-450", Some(world::front_desk())).await;
    assert_eq!(early["promise"]["delivered_tier"], "gold");
    let body = json!({"code": "SC-KEY", "name": "Key West", "address": {"lines": ["1 Depot Road"], "city": "Key West", "country": "US"},
        "position": {"latitude": 24.56, "longitude": -81.78}, "zone": "America/New_York", "opens_on": "2026-12-15",
        "couriers": ["COURIER-1"]});
    app.post("/api/v1/service-centers", body).await.expect(201);
    app.run_jobs().await;
    let waiting = service(&app, "appliances/GP-FAR").await;
    assert_eq!((&waiting["served_tier"], &waiting["reasons"][1]["code"]), (&json!("gold"), &json!("center_not_open_yet")));
    assert_eq!(waiting["since"], before["since"]);
    // The first second of December 15 in Key West.
    let opening: chrono::DateTime<chrono::Utc> = "2026-12-15T05:00:00Z".parse().unwrap();
    app.pass(opening - app.desk.clock.now() - TimeDelta::seconds(1));
    app.run_jobs().await;
    assert_eq!(service(&app, "appliances/GP-FAR").await, waiting);
    app.pass(TimeDelta::seconds(1));
    for _ in 0..2 {
        app.run_jobs().await;
        let now = service(&app, "appliances/GP-FAR").await;
        assert_eq!(
            (&now["served_tier"], &now["reasons"], &now["since"]),
            (&json!("gold_plus"), &json!([]), &json!("2026-12-15T05:00:00Z"))
        );
        assert_eq!(service(&app, "sites/KEY-WEST").await["since"], "2026-12-15T05:00:00Z");
        assert_eq!(letters(&app, "site/KEY-WEST/coverage/").await.len(), 1);
        assert_eq!(letters(&app, "site/FLL-1/").await, Vec::<String>::new());
    }
    let text = sent(&app, "Gold Plus reaches this site now");
    assert!(text.contains("Appliances with Gold Plus here: GP-FAR."), "{text}");
    // What was promised stays; what is issued from now on comes by courier.
    let number = early["number"].as_str().unwrap();
    let kept = app.get(&format!("/api/v1/rmas/{number}")).await.expect(200);
    assert_eq!((&kept["promise"], kept["deadlines"][0]["kind"].as_str()), (&early["promise"], Some("ship_by")));
    let late = issued(&app, "GP-FAR", "FAN-2", Some(world::front_desk())).await;
    assert_eq!(
        (&late["promise"]["delivered_tier"], &late["promise"]["ships_from"], &late["promise"]["reasons"]),
        (&json!("gold_plus"), &json!("SC-KEY"), &json!([]))
    );
});

on_both_engines!(p5_4_who_loses_gold_plus_by_a_closing_is_told_ahead_of_the_day, |app| {
    world::fill(&app).await;
    close(&app, "/api/v1/service-centers/SC-FLL", json!("2026-12-15")).await;
    for _ in 0..2 {
        app.run_jobs().await;
        assert_eq!(letters(&app, "/coverage").await, ["site/FLL-1/coverage-ending/SC-FLL/2026-12-15"]);
        assert_eq!(service(&app, "sites/FLL-1").await["served_tier"], "gold_plus");
    }
    let text = sent(&app, "Gold Plus ends at this site on Tuesday, December 15, 2026");
    assert!(text.contains("Until that day nothing changes.") && text.contains("Appliances with Gold Plus here: GP-1."), "{text}");
    // Another day is told anew; where another center is in reach by then, there is nothing to tell.
    close(&app, "/api/v1/service-centers/SC-FLL", json!("2026-12-20")).await;
    app.run_jobs().await;
    assert_eq!(letters(&app, "/coverage-ending/").await.len(), 2);
    let near = json!({"code": "SC-MIA", "name": "Miami", "address": {"lines": ["1 Depot Road"], "city": "Miami", "country": "US"},
        "position": {"latitude": 25.7617, "longitude": -80.1918}, "zone": "America/New_York", "opens_on": "2026-12-01",
        "couriers": ["COURIER-1"]});
    app.post("/api/v1/service-centers", near).await.expect(201);
    close(&app, "/api/v1/service-centers/SC-FLL", json!("2026-12-22")).await;
    app.run_jobs().await;
    assert_eq!(letters(&app, "/coverage-ending/").await.len(), 2);
    app.pass(TimeDelta::days(40));
    app.run_jobs().await;
    assert_eq!(service(&app, "sites/FLL-1").await["served_tier"], "gold_plus");
    assert_eq!(letters(&app, "site/FLL-1/coverage/").await, Vec::<String>::new());
    // A center without a courier serves nobody in four hours.
    let path = "/api/v1/service-centers/SC-MIA";
    let now = app.get(path).await;
    let mut body = now.expect(200);
    for member in ["version", "created_at", "updated_at"] {
        body.as_object_mut().unwrap().remove(member);
    }
    body["couriers"] = json!([]);
    app.bare(Method::PUT, path).token(&app.operations).header("if-match", "\"1\"").json(body).send().await.expect(200);
    let left = service(&app, "appliances/GP-1").await;
    assert_eq!((&left["served_tier"], &left["reasons"][0]["code"]), (&json!("gold"), &json!("no_courier")));
});
