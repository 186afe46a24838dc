//! `POST /reports/what-if`: who would gain or lose Gold Plus by another network.

use crate::app::on_both_engines;
use crate::world::{self, issued};
use reqwest::Method;
use serde_json::json;
use swapline::rules::role::Role;

const PATH: &str = "/api/v1/reports/what-if";

on_both_engines!(p5_2_what_if_tells_who_gains_and_loses_and_stores_nothing, |app| {
    world::fill(&app).await;
    for (serial, part) in [("GP-FAR", "PSU-450"), ("GP-FAR", "CHASSIS-1"), ("GP-1", "PSU-450"), ("SILVER-1", "PSU-450")] {
        issued(&app, serial, part, Some(world::front_desk())).await;
    }
    let keys = json!({"latitude": 24.56, "longitude": -81.78});
    let added = app.post(PATH, json!({"add": [{"country": "US", "position": keys}]})).await.expect(200);
    let row = &added["gained"]["items"][0];
    assert_eq!((&added["gained"]["contracts"], &added["gained"]["total"], &added["lost"]["total"]), (&json!(1), &json!(1), &json!(0)));
    assert_eq!(
        (&row["contract"], &row["organization"], &row["site"], &row["appliances"], &row["now"]["service_center"], &row["then"]["verdict"]),
        (&json!("K-GP"), &json!("ACME"), &json!("KEY-WEST"), &json!(1), &json!("SC-FLL"), &json!("eligible"))
    );
    assert_eq!(row["then"]["service_center"], "NEW-1");
    let (far, near) = (row["now"]["distance_miles"].as_f64().unwrap(), row["then"]["distance_miles"].as_f64().unwrap());
    assert!(far > 70.0 && near < 1.0, "{row}");
    // The chassis would have been Gold anyway (P4.4).
    let rmas = &added["rmas"];
    assert_eq!((&rmas["looked_at"], &rmas["changed_total"], &rmas["truncated"]), (&json!(4), &json!(1), &json!(false)));
    assert_eq!(rmas["delivered"], json!({"silver": 1, "gold": 2, "gold_plus": 1}));
    assert_eq!(rmas["what_if"], json!({"silver": 1, "gold": 1, "gold_plus": 2}));
    assert_eq!((&rmas["changed"][0]["site"], &rmas["changed"][0]["what_if_tier"]), (&json!("KEY-WEST"), &json!("gold_plus")));
    // Moved there, Fort Lauderdale loses what Key West gains; closed, it only loses.
    let moved = app.post(PATH, json!({"move": [{"code": "SC-FLL", "position": keys}]})).await.expect(200);
    assert_eq!((&moved["gained"]["total"], &moved["lost"]["items"][0]["site"]), (&json!(1), &json!("FLL-1")));
    let closed = app.post(PATH, json!({"close": ["SC-FLL"], "months": 1})).await.expect(200);
    assert_eq!(
        (&closed["lost"]["appliances"], &closed["lost"]["items"][0]["then"]["verdict"]),
        (&json!(1), &json!("no_center_in_country"))
    );
    assert_eq!(closed["rmas"]["what_if"], json!({"silver": 1, "gold": 3}));
    let wider = app.post(PATH, json!({"radius_miles": {"US": 200}})).await.expect(200);
    assert_eq!(
        (&wider["gained"]["items"][0]["site"], &wider["gained"]["items"][0]["then"]["limit_miles"]),
        (&json!("KEY-WEST"), &json!(200.0))
    );
    // Nothing of it is there afterwards.
    assert_eq!(app.get("/api/v1/sites/KEY-WEST").await.expect(200)["service"]["served_tier"], "gold");
    for (body, code) in [
        (json!({}), "no_change"),
        (json!({"close": ["SC-X"]}), "unknown_service_center"),
        (json!({"close": ["SC-FLL"], "months": 37}), "bad_months"),
        (json!({"add": [{"country": "XX", "position": keys}]}), "unknown_country"),
    ] {
        let answer = app.post(PATH, body).await;
        assert!(answer.status.as_u16() == 422 && answer.text.contains(code), "{}", answer.text);
    }
    let customer = app.make_token(Role::Customer, Some("ACME"), None).await;
    app.bare(Method::POST, PATH).token(&customer).json(json!({})).send().await.problem(403, "forbidden");
});
