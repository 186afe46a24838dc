//! Coverage certificates: made with a site, renewed when the network changes, told to the customer.

use crate::app::{TestApp, on_both_engines};
use crate::steps::{column, text};
use crate::world;
use chrono::TimeDelta;
use diesel::connection::SimpleConnection;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use swapline::jobs::certify;
use swapline::reference::Reference;
use swapline::rules::role::Role;
use swapline::store::Conn;

async fn certificates(app: &TestApp, site: &str) -> Vec<Value> {
    app.get(&format!("/api/v1/sites/{site}/certificates")).await.expect(200)["items"].as_array().unwrap().clone()
}

/// Adds a center of the United States.
async fn add_center(app: &TestApp, code: &str, (latitude, longitude): (f64, f64), opens_on: &str) {
    let body = json!({"code": code, "name": code, "address": {"lines": ["1 Depot Road"], "city": "Miami", "country": "US"},
        "position": {"latitude": latitude, "longitude": longitude}, "zone": "America/New_York", "opens_on": opens_on,
        "couriers": ["COURIER-1"]});
    app.post("/api/v1/service-centers", body).await.expect(201);
}

/// A record as it is sent, from how it is shown.
fn record(mut shown: Value) -> Value {
    for member in ["version", "created_at", "updated_at", "service"] {
        shown.as_object_mut().unwrap().remove(member);
    }
    for member in ["grade", "radius_meters"] {
        shown["position"].as_object_mut().unwrap().remove(member);
    }
    shown
}

/// Changes a member of a record.
async fn change(app: &TestApp, path: &str, member: &str, value: Value) {
    let now = app.get(path).await;
    let etag = now.header("etag").unwrap().to_owned();
    let mut body = record(now.expect(200));
    body[member] = value;
    app.bare(Method::PUT, path).token(&app.operations).header("if-match", &etag).json(body).send().await.expect(200);
}

/// The keys of the letters about coverage.
async fn told(app: &TestApp) -> Vec<String> {
    let letters = app.get("/api/v1/letters?limit=200").await.expect(200);
    column(&letters, "key").into_iter().filter(|key| key.contains("/coverage/")).collect()
}

on_both_engines!(p5_2_a_nearer_center_renews_what_it_concerns_and_nothing_else, |app| {
    world::fill(&app).await;
    let first = certificates(&app, "FLL-1").await;
    assert_eq!(first.len(), 1);
    assert_eq!(
        (&first[0]["verdict"], &first[0]["nearest"], &first[0]["cause"], &first[0]["limit_miles"], &first[0]["position"]["grade"]),
        (&json!("eligible"), &json!("SC-FLL"), &json!("registered"), &json!(70.0), &json!("given"))
    );
    assert_eq!((&first[0]["considered"][0]["service_center"], &first[0]["replaced_at"]), (&json!("SC-FLL"), &Value::Null));
    let (meters, margin) = (first[0]["distance_meters"].as_f64().unwrap(), first[0]["margin_miles"].as_f64().unwrap());
    // 0.1274 degrees of latitude, 110.8 km each there, and a little to the west.
    assert!((meters - 14_115.0).abs() < 15.0 && (margin - (70.0 - meters / 1609.344)).abs() < 0.001, "{meters} {margin}");
    let elsewhere = certificates(&app, "MAD-1").await;
    app.pass(TimeDelta::hours(1));
    // One that is farther away than the limit and than the nearest one, one of another country: nothing to renew.
    add_center(&app, "SC-SEA", (47.6062, -122.3321), "2015-03-16").await;
    app.run_jobs().await;
    assert_eq!(certificates(&app, "FLL-1").await, first);
    add_center(&app, "SC-NEAR", (26.19, -80.15), "2015-03-16").await;
    assert_eq!(certificates(&app, "FLL-1").await, first);
    app.run_jobs().await;
    let second = certificates(&app, "FLL-1").await;
    assert_eq!((second.len(), &second[0]["nearest"], &second[0]["cause"]), (2, &json!("SC-NEAR"), &json!("network_changed")));
    assert_eq!((&second[1]["nearest"], &second[1]["replaced_at"]), (&json!("SC-FLL"), &second[0]["certified_at"]));
    assert_eq!(certificates(&app, "MAD-1").await, elsewhere);
    app.run_jobs().await;
    assert_eq!(certificates(&app, "FLL-1").await, second);
    // The verdict is the same: nobody is told. One that goes gives its place back.
    let path = "/api/v1/service-centers/SC-NEAR";
    app.bare(Method::DELETE, path).token(&app.operations).header("if-match", "\"1\"").send().await.expect(204);
    app.run_jobs().await;
    assert_eq!(certificates(&app, "FLL-1").await[0]["nearest"], "SC-FLL");
    assert_eq!(told(&app).await, Vec::<String>::new());
});

on_both_engines!(p5_2_another_verdict_is_told_once, |app| {
    world::fill(&app).await;
    change(&app, "/api/v1/service-centers/SC-FLL", "closes_on", json!("2026-11-27")).await;
    app.run_jobs().await;
    assert_eq!((certificates(&app, "FLL-1").await.len(), told(&app).await.len()), (1, 0));
    // Closed from the first instant of that day in the zone of the site, 05:00 UTC in Fort Lauderdale.
    app.pass(TimeDelta::hours(33) + TimeDelta::minutes(59));
    app.run_jobs().await;
    assert_eq!((certificates(&app, "FLL-1").await.len(), told(&app).await.len()), (1, 0));
    app.pass(TimeDelta::minutes(1));
    for _ in 0..2 {
        app.run_jobs().await;
        let now = certificates(&app, "FLL-1").await;
        assert_eq!((now.len(), &now[0]["verdict"]), (2, &json!("no_center_in_country")));
        assert_eq!((&now[0]["nearest"], &now[0]["margin_miles"]), (&Value::Null, &Value::Null));
        assert_eq!(now[0]["reasons"][0]["rule"], "P5.2");
        // Both sites of the customer: Key West was out of range, and is without a center now.
        let keys = told(&app).await;
        assert_eq!(keys.iter().filter(|key| key.starts_with("site/FLL-1/coverage/")).count(), 1);
        assert_eq!(keys.iter().filter(|key| key.starts_with("site/KEY-WEST/coverage/")).count(), 1);
        assert_eq!(keys.len(), 2);
    }
    let letters = app.get("/api/v1/letters?state=sent").await.expect(200);
    let letter = letters["items"].as_array().unwrap().iter().find(|l| text(&l["key"]).starts_with("site/FLL-1/coverage/")).unwrap();
    assert_eq!(
        (&letter["subject"], &letter["to"]),
        (&json!("Site FLL-1: Gold Plus no longer reaches this site"), &json!(["it@acme.example"]))
    );
    let other = app.make_token(Role::Customer, Some("OTHER"), None).await;
    let theirs = app.bare(Method::GET, "/api/v1/letters").token(&other).send().await.expect(200);
    assert_eq!(theirs["items"], json!([]));
});

on_both_engines!(p5_4_a_center_that_opens_tomorrow_changes_the_certificate_tomorrow, |app| {
    world::fill(&app).await;
    add_center(&app, "SC-KEY", (24.56, -81.78), "2026-11-26").await;
    app.run_jobs().await;
    let today = certificates(&app, "KEY-WEST").await;
    assert_eq!((today.len(), &today[0]["verdict"]), (2, &json!("out_of_range")));
    assert_eq!(today[0]["reasons"][1]["code"], "center_not_open_yet");
    assert_eq!(told(&app).await, Vec::<String>::new());
    // Midnight in Key West is ten hours away.
    app.pass(TimeDelta::hours(10) - TimeDelta::seconds(1));
    app.run_jobs().await;
    assert_eq!(certificates(&app, "KEY-WEST").await, today);
    app.pass(TimeDelta::seconds(1));
    app.run_jobs().await;
    let then = certificates(&app, "KEY-WEST").await;
    assert_eq!((then.len(), &then[0]["verdict"], &then[0]["nearest"]), (3, &json!("eligible"), &json!("SC-KEY")));
    assert_eq!(told(&app).await.len(), 1);
});

on_both_engines!(p5_3_a_site_that_moves_is_certified_at_once, |app| {
    world::fill(&app).await;
    change(&app, "/api/v1/sites/FLL-1", "name", json!("The same place")).await;
    assert_eq!(certificates(&app, "FLL-1").await.len(), 1);
    let path = "/api/v1/sites/FLL-1";
    let mut body = record(app.get(path).await.expect(200));
    body["position"] = json!({"latitude": 27.5, "longitude": -80.3});
    let put = |path: String| app.bare(Method::PUT, &path).token(&app.operations).header("if-match", "\"2\"").json(body.clone()).send();
    put(format!("{path}?dry_run=true")).await.expect(200);
    assert_eq!(certificates(&app, "FLL-1").await.len(), 1);
    put(path.to_owned()).await.expect(200);
    let moved = certificates(&app, "FLL-1").await;
    assert_eq!((&moved[0]["verdict"], &moved[0]["cause"], moved.len()), (&json!("out_of_range"), &json!("site_changed"), 2));
    assert_eq!(told(&app).await.len(), 1);
});

on_both_engines!(p5_2_the_report_lists_the_borderline_ones_first, |app| {
    world::fill(&app).await;
    let all = app.get("/api/v1/reports/coverage").await.expect(200);
    assert_eq!(column(&all, "site"), ["MAD-1", "FLL-1", "KEY-WEST"]);
    let margins: Vec<f64> = all["items"].as_array().unwrap().iter().map(|c| c["margin_miles"].as_f64().unwrap().abs()).collect();
    assert!(margins.is_sorted(), "{margins:?}");
    let sites = |query: &str| {
        let path = format!("/api/v1/reports/coverage?{query}");
        let app = &app;
        async move { column(&app.get(&path).await.expect(200), "site") }
    };
    let below = margins[1] + 0.01;
    assert_eq!(sites(&format!("margin_below={below}")).await, ["MAD-1", "FLL-1"]);
    assert_eq!(sites("margin_below=1").await, Vec::<String>::new());
    assert_eq!(sites("country=ES").await, ["MAD-1"]);
    assert_eq!(sites("verdict=out_of_range").await, ["KEY-WEST"]);
    assert_eq!(sites("organization=OTHER").await, ["MAD-1"]);
    for (query, code) in [("margin_below=x", "bad_number"), ("margin_below=-1", "bad_number"), ("verdict=near", "unknown_value")] {
        let answer = app.get(&format!("/api/v1/reports/coverage?{query}")).await;
        assert_eq!((answer.status.as_u16(), &answer.body["errors"][0]["code"]), (400, &json!(code)), "{}", answer.text);
    }
    // Pages and CSV.
    let mut path = "/api/v1/reports/coverage?limit=1".to_owned();
    let mut turned = Vec::new();
    loop {
        let page = app.get(&path).await.expect(200);
        turned.extend(column(&page, "site"));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/api/v1/reports/coverage?limit=1&cursor={cursor}");
    }
    assert_eq!(turned, column(&all, "site"));
    let csv = app.bare(Method::GET, "/api/v1/reports/coverage").token(&app.operations).header("accept", "text/csv").send().await;
    assert!(csv.text.starts_with("site,organization,country,verdict,nearest,") && csv.text.lines().count() == 4, "{}", csv.text);
    // A customer sees its own.
    let customer = app.make_token(Role::Customer, Some("OTHER"), None).await;
    let own = app.bare(Method::GET, "/api/v1/reports/coverage").token(&customer).send().await.expect(200);
    assert_eq!(column(&own, "site"), ["MAD-1"]);
    app.bare(Method::GET, "/api/v1/sites/FLL-1/certificates").token(&customer).send().await.problem(404, "not_found");
    app.bare(Method::GET, "/api/v1/sites/MAD-1/certificates").token(&customer).send().await.expect(200);
});

on_both_engines!(p5_2_a_program_with_another_limit_renews_the_sites_of_its_country, |app| {
    world::fill(&app).await;
    let spain = certificates(&app, "MAD-1").await;
    let program = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/data/program.toml")).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    assert!(program.contains("US = 70"), "the program says it in another way");
    std::fs::write(file.path(), program.replace("US = 70", "US = 5")).unwrap();
    let mut desk = app.desk.clone();
    assert_eq!(certify::begin(&desk).await, Ok(0));
    desk.reference = Reference::load(Some(file.path())).unwrap();
    assert_eq!(certify::begin(&desk).await, Ok(2));
    assert_eq!(certify::certify(&desk).await, Ok(2));
    assert_eq!((certify::begin(&desk).await, certify::certify(&desk).await), (Ok(0), Ok(0)));
    let now = certificates(&app, "FLL-1").await;
    assert_eq!(
        (&now[0]["verdict"], &now[0]["cause"], &now[0]["limit_miles"]),
        (&json!("out_of_range"), &json!("program_changed"), &json!(5.0))
    );
    assert_eq!(certificates(&app, "MAD-1").await, spain);
    assert_eq!(told(&app).await.len(), 1);
});

on_both_engines!(a_site_that_was_there_before_certificates_gets_its_first_one, |app| {
    world::fill(&app).await;
    let sql = "DELETE FROM coverage_certificates; UPDATE sites SET certify_at = '1970-01-01T00:00:00.000000Z'";
    let mut conn = Conn::open(&app.database.url).unwrap();
    match &mut conn {
        Conn::Pg(c) => c.batch_execute(sql).unwrap(),
        Conn::Sqlite(c) => c.batch_execute(sql).unwrap(),
    }
    assert_eq!(certificates(&app, "FLL-1").await, Vec::<Value>::new());
    app.run_jobs().await;
    let first = certificates(&app, "FLL-1").await;
    assert_eq!((first.len(), &first[0]["verdict"], &first[0]["cause"]), (1, &json!("eligible"), &json!("registered")));
    assert_eq!(told(&app).await, Vec::<String>::new());
});

on_both_engines!(p5_2_a_center_and_sites_that_come_at_the_same_time_find_each_other, |app| {
    world::fill(&app).await;
    let site = |n: usize| {
        let body = json!({"code": format!("S-{n}"), "organization": "ACME", "name": "Room", "position": {"latitude": 26.2, "longitude": -80.15},
            "address": {"lines": ["851 Cypress Creek Rd"], "city": "Fort Lauderdale", "country": "US"}});
        app.post("/api/v1/sites", body)
    };
    let (_, answers) = futures_util::join!(add_center(&app, "SC-NEAR", (26.19, -80.15), "2015-03-16"), join_all((0..20).map(site)));
    answers.into_iter().for_each(|answer| drop(answer.expect(201)));
    app.run_jobs().await;
    for n in 0..20 {
        assert_eq!(certificates(&app, &format!("S-{n}")).await[0]["nearest"], "SC-NEAR", "site {n}");
    }
});
