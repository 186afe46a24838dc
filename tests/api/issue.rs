//! Issuing RMAs: the promise of each tier, and every refusal.

use crate::app::on_both_engines;
use crate::world::{self, front_desk, issued, rma_body, verified_case};
use serde_json::{Value, json};

fn deadline<'a>(rma: &'a Value, kind: &str) -> &'a Value {
    rma["deadlines"].as_array().unwrap().iter().find(|d| d["kind"] == kind).unwrap_or_else(|| panic!("no {kind} in {rma}"))
}

fn reasons(rma: &Value) -> Vec<&str> {
    rma["promise"]["reasons"].as_array().unwrap().iter().map(|r| r["code"].as_str().unwrap()).collect()
}

on_both_engines!(p4_silver_ships_within_one_business_day_over_thanksgiving, |app| {
    world::fill(&app).await;
    let rma = issued(&app, "SILVER-1", "PSU-450", None).await;
    let ship_by = deadline(&rma, "ship_by");
    assert_eq!(ship_by["due_local"], "2026-11-27T21:00:00-05:00");
    assert_eq!(ship_by["zone"], "America/New_York");
    assert_eq!(ship_by["state"], "running");
    let notes: Vec<&str> = ship_by["steps"].as_array().unwrap().iter().map(|s| s["note"].as_str().unwrap()).collect();
    assert!(notes.iter().any(|n| n.ends_with("Thanksgiving Day: closed")), "{notes:?}");
    assert_eq!(deadline(&rma, "return_by")["waits_for"], json!(["delivery"]));
    assert_eq!(rma["promise"]["ships_from"], "SC-FLL");
});

on_both_engines!(p4_2_gold_plus_waits_for_the_contact_and_then_has_four_hours, |app| {
    world::fill(&app).await;
    let rma = issued(&app, "GP-1", "PSU-450", None).await;
    assert_eq!(rma["promise"]["delivered_tier"], "gold_plus");
    assert_eq!(reasons(&rma), ["contact_missing"]);
    assert_eq!(deadline(&rma, "deliver_by")["state"], "waiting");
    app.pass(chrono::TimeDelta::minutes(30));
    let path = format!("/api/v1/rmas/{}/contact", rma["number"].as_str().unwrap());
    let rma = app.post(&path, front_desk()).await.expect(200);
    assert_eq!(deadline(&rma, "deliver_by")["due_at"], "2026-11-25T23:30:00Z");
    assert_eq!(reasons(&rma), Vec::<&str>::new());
    app.run_jobs().await;
    let to: Vec<String> = app.memory.letters().iter().flat_map(|l| l.to.clone()).collect();
    assert_eq!(to, ["courier-1@couriers.example", "it@acme.example"], "the dispatch leaves first");
});

on_both_engines!(p5_2_out_of_range_falls_back_to_gold_and_says_why, |app| {
    world::fill(&app).await;
    let rma = issued(&app, "GP-FAR", "PSU-450", Some(front_desk())).await;
    assert_eq!((&rma["promise"]["entitled_tier"], &rma["promise"]["delivered_tier"]), (&json!("gold_plus"), &json!("gold")));
    assert_eq!(reasons(&rma), ["site_out_of_range"]);
    assert_eq!(deadline(&rma, "ship_by")["due_local"], "2026-11-27T21:00:00-05:00");
});

on_both_engines!(p4_1_each_lack_of_entitlement_is_a_refusal_of_its_own, |app| {
    world::fill(&app).await;
    let cases = [
        ("ENDED-1", "PSU-450", "contract_ended"),
        ("FUTURE-1", "PSU-450", "contract_not_started"),
        ("VIRTUAL-1", "PSU-450", "virtual_appliance"),
        ("OLD-1", "PSU-450", "end_of_maintenance"),
        ("GOLD-1", "PSU-900", "part_does_not_fit"),
        ("GOLD-1", "RAIL-1", "component_not_covered"),
    ];
    for (serial, part, code) in cases {
        let case = verified_case(&app, serial, &[part]).await;
        let answer = app.post_once("/api/v1/rmas", code, rma_body(&case, serial, &[part], None)).await;
        answer.problem(422, code);
    }
    let case = verified_case(&app, "GOLD-1", &[]).await;
    app.post_once("/api/v1/rmas", "unverified", rma_body(&case, "GOLD-1", &["PSU-450"], None)).await.problem(422, "defect_not_verified");
});

on_both_engines!(p4_5_where_no_center_of_the_country_is_open_another_one_ships_and_papers_hold_the_clock, |app| {
    world::fill(&app).await;
    let center = app.get("/api/v1/service-centers/SC-FLL").await;
    let etag = center.header("etag").unwrap().to_owned();
    let mut body = center.expect(200);
    body["closes_on"] = json!("2026-11-01");
    for shown_only in ["version", "created_at", "updated_at", "service"] {
        body.as_object_mut().unwrap().remove(shown_only);
    }
    let closed =
        app.bare(reqwest::Method::PUT, "/api/v1/service-centers/SC-FLL").token(&app.operations).header("if-match", &etag).json(body);
    closed.send().await.expect(200);
    let rma = issued(&app, "GOLD-1", "CRYPTO-1", None).await;
    assert_eq!(rma["promise"]["ships_from"], "SC-MAD");
    assert_eq!(reasons(&rma), ["export_papers_needed"]);
    let ship_by = deadline(&rma, "ship_by");
    assert_eq!((&ship_by["state"], &ship_by["due_at"]), (&json!("paused"), &Value::Null));
    assert_eq!(ship_by["paused_because"], "the export of CRYPTO-1 from ES to US needs papers");
});
