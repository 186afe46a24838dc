//! Who may ask what, and who sees what: tokens, roles, tenancy, the rate limit.

use crate::app::{Answer, Database, Engine, TestApp, on_both_engines};
use crate::steps::{act, column, move_body, number_of_new, step, text};
use crate::world;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use swapline::rules::role::Role;

/// Every endpoint, and who may use it: A(dmin), O(perations), S(upport), C(ustomer), (c)ourier → K, a(uditor) → U.
const TABLE: &[(&str, &str, &str)] = &[
    ("GET", "/organizations", "AOS--U"),
    ("POST", "/organizations", "AO----"),
    ("GET", "/organizations/{code}", "AOSC-U"),
    ("PUT", "/organizations/{code}", "AO----"),
    ("DELETE", "/organizations/{code}", "AO----"),
    ("GET", "/contracts", "AOSC-U"),
    ("POST", "/contracts", "AO----"),
    ("GET", "/contracts/{number}", "AOSC-U"),
    ("PUT", "/contracts/{number}", "AO----"),
    ("DELETE", "/contracts/{number}", "AO----"),
    ("GET", "/contracts/{number}/appliances", "AOSC-U"),
    ("POST", "/contracts/{number}/renew", "AO----"),
    ("GET", "/appliances", "AOSC-U"),
    ("POST", "/appliances", "AO----"),
    ("GET", "/appliances/{serial_number}", "AOSC-U"),
    ("PUT", "/appliances/{serial_number}", "AO----"),
    ("DELETE", "/appliances/{serial_number}", "AO----"),
    ("POST", "/sites/check", "AOSC-U"),
    ("GET", "/sites", "AOSC-U"),
    ("POST", "/sites", "AO-C--"),
    ("GET", "/sites/{code}", "AOSC-U"),
    ("PUT", "/sites/{code}", "AO-C--"),
    ("DELETE", "/sites/{code}", "AO-C--"),
    ("GET", "/sites/{code}/certificates", "AOSC-U"),
    ("GET", "/reports/coverage", "AOSC-U"),
    ("POST", "/reports/what-if", "AO----"),
    ("GET", "/reports/coverage-gaps", "AO----"),
    ("GET", "/dispatches", "AOS-KU"),
    ("POST", "/dispatches/{id}/cancel", "AO----"),
    ("GET", "/reports/{report}", "AOSC-U"),
    ("GET", "/reports/{report}/rows", "AOSC-U"),
    ("GET", "/models", "AOS--U"),
    ("POST", "/models", "AO----"),
    ("GET", "/models/{code}", "AOS--U"),
    ("PUT", "/models/{code}", "AO----"),
    ("DELETE", "/models/{code}", "AO----"),
    ("GET", "/parts", "AOS--U"),
    ("POST", "/parts", "AO----"),
    ("GET", "/parts/{part_number}", "AOS--U"),
    ("PUT", "/parts/{part_number}", "AO----"),
    ("DELETE", "/parts/{part_number}", "AO----"),
    ("GET", "/service-centers", "AOS--U"),
    ("POST", "/service-centers", "AO----"),
    ("GET", "/service-centers/{code}", "AOS--U"),
    ("PUT", "/service-centers/{code}", "AO----"),
    ("DELETE", "/service-centers/{code}", "AO----"),
    ("GET", "/stock-units", "AOS--U"),
    ("POST", "/stock-units", "AO----"),
    ("GET", "/stock-units/{serial_number}", "AOS--U"),
    ("PUT", "/stock-units/{serial_number}", "AO----"),
    ("DELETE", "/stock-units/{serial_number}", "AO----"),
    ("GET", "/stock-levels", "AOS--U"),
    ("GET", "/parts/{part_number}/substitutes", "AOS--U"),
    ("POST", "/parts/{part_number}/substitutes", "AO----"),
    ("DELETE", "/parts/{part_number}/substitutes/{substitute}", "AO----"),
    ("GET", "/center-requests", "AO----"),
    ("POST", "/center-requests", "AO----"),
    ("GET", "/center-requests/{code}", "AO----"),
    ("POST", "/center-requests/{code}/opened", "AO----"),
    ("POST", "/center-requests/{code}/withdraw", "AO----"),
    ("GET", "/couriers", "AOS--U"),
    ("POST", "/couriers", "AO----"),
    ("GET", "/couriers/{code}", "AOS--U"),
    ("PUT", "/couriers/{code}", "AO----"),
    ("DELETE", "/couriers/{code}", "AO----"),
    ("GET", "/cases", "AOS--U"),
    ("GET", "/calendars/{days_of}", "AOS--U"),
    ("GET", "/calendar-changes", "AOS--U"),
    ("GET", "/appliances/{serial_number}/lineage", "AOSC-U"),
    ("POST", "/calendar-changes", "AO----"),
    ("POST", "/cases", "AOS---"),
    ("GET", "/cases/{number}", "AOS--U"),
    ("POST", "/cases/{number}/verification", "AOS---"),
    ("GET", "/rmas", "AOSC-U"),
    ("POST", "/calls", "AO----"),
    ("POST", "/rmas", "AO----"),
    ("GET", "/rmas/{number}", "AOSC-U"),
    ("GET", "/rmas/{number}/deadlines", "AOSC-U"),
    ("GET", "/rmas/{number}/events", "AOSC-U"),
    ("GET", "/rmas/{number}/letters", "AOSC-U"),
    ("POST", "/rmas/{number}/contact", "AO-C--"),
    ("POST", "/rmas/{number}/ship", "AO----"),
    ("POST", "/rmas/{number}/deliver", "AO--K-"),
    ("POST", "/rmas/{number}/return-shipped", "AO-C--"),
    ("POST", "/rmas/{number}/return-received", "AO----"),
    ("POST", "/rmas/{number}/cancel", "AO----"),
    ("POST", "/rmas/{number}/close", "AO----"),
    ("POST", "/rmas/{number}/extend", "AO----"),
    ("POST", "/rmas/{number}/dead-on-arrival", "AO----"),
    ("POST", "/rmas/{number}/lines/{line}/cancel", "AO----"),
    ("POST", "/rmas/{number}/lines/{line}/destruction", "AO-C--"),
    ("POST", "/rmas/{number}/charges", "AO----"),
    ("GET", "/charges", "AOS--U"),
    ("GET", "/charges/candidates", "AOS--U"),
    ("GET", "/charges/{id}", "AOS--U"),
    ("POST", "/charges/{id}/confirm", "AO----"),
    ("POST", "/charges/{id}/decline", "AO----"),
    ("POST", "/rmas/{number}/export-hold", "AO----"),
    ("POST", "/rmas/{number}/export-release", "AO----"),
    ("GET", "/rmas/{number}/return-label", "AOSC-U"),
    ("GET", "/rmas/{number}/packing-slip", "AOSC-U"),
    ("POST", "/rmas/{number}/return-instructions", "AO-C--"),
    ("GET", "/shipments", "AOS-KU"),
    ("GET", "/shipments/{id}", "AOS-KU"),
    ("POST", "/shipments/{id}/accept", "AO--K-"),
    ("POST", "/shipments/{id}/pick-up", "AO--K-"),
    ("POST", "/shipments/{id}/deliver", "AO--K-"),
    ("POST", "/shipments/{id}/problem", "AO--K-"),
    ("GET", "/shipments/{id}/proof", "AO----"),
    ("GET", "/deadlines", "AOSC-U"),
    ("GET", "/letters", "AOSC-U"),
    ("POST", "/letters/{id}/retry", "AO----"),
    ("GET", "/returns/scans", "AOS--U"),
    ("POST", "/returns/scans", "AO----"),
    ("POST", "/returns/scans/{id}/disposition", "AO----"),
    // Signed, not asked with a token: to whoever doesn't sign everybody is a stranger.
    ("POST", "/webhooks/carriers/{carrier}", SIGNED),
    ("GET", "/people", "A-----"),
    ("POST", "/people", "A-----"),
    ("GET", "/people/{id}", "A-----"),
    ("GET", "/people/{id}/sessions", "A-----"),
    ("POST", "/people/{id}/disable", "A-----"),
    ("POST", "/people/{id}/reset", "A-----"),
    ("GET", "/tokens", "A-----"),
    ("POST", "/tokens", "A-----"),
    ("GET", "/tokens/{id}", "A-----"),
    ("DELETE", "/tokens/{id}", "A-----"),
];

/// Marks what takes no token at all.
const SIGNED: &str = "signed";

/// A path of the table with something in its braces.
fn filled(path: &str) -> String {
    let mut filled = String::from("/api/v1");
    for part in path.split('/').skip(1) {
        let part = match part {
            "{number}" if path.starts_with("/rmas") => "R10000017-3",
            "{number}" if path.starts_with("/cases") => "C10000012",
            "{id}" => "01890a5d-ac96-774b-bcce-b302099a8057",
            "{line}" => "1",
            "{days_of}" => "service_center:NOBODY-1",
            part if part.starts_with('{') => "NOBODY-1",
            part => part,
        };
        filled.push('/');
        filled.push_str(part);
    }
    filled
}

fn method(name: &str) -> Method {
    Method::from_bytes(name.as_bytes()).unwrap()
}

/// The endpoints that the program itself says it has.
async fn described(app: &TestApp) -> BTreeSet<(String, String)> {
    let document = app.bare(Method::GET, "/api/openapi.json").send().await.expect(200);
    let paths = document["paths"].as_object().unwrap();
    let of = |(path, item): (&String, &Value)| -> Vec<(String, String)> {
        let path = path.strip_prefix("/api/v1").unwrap_or(path).to_owned();
        item.as_object().unwrap().keys().map(|verb| (verb.to_uppercase(), path.clone())).collect()
    };
    paths.iter().flat_map(of).collect()
}

#[tokio::test]
async fn each_role_may_what_its_table_says() {
    let app = TestApp::start(Engine::Sqlite).await;
    world::fill(&app).await;
    let written: BTreeSet<_> = TABLE.iter().map(|(verb, path, _)| ((*verb).to_owned(), (*path).to_owned())).collect();
    assert_eq!(written, described(&app).await, "the table and the program have the same endpoints");
    let roles = [
        ('A', app.make_token(Role::Admin, None, None).await),
        ('O', app.operations.clone()),
        ('S', app.make_token(Role::Support, None, None).await),
        ('C', app.make_token(Role::Customer, Some("ACME"), None).await),
        ('K', app.make_token(Role::Courier, None, Some("COURIER-1")).await),
        ('U', app.make_token(Role::Auditor, None, None).await),
    ];
    for (verb, path, who) in TABLE {
        for (letter, token) in &roles {
            let request = app.bare(method(verb), &filled(path)).token(token);
            let answer = if *verb == "GET" { request.send().await } else { request.json(json!({})).send().await };
            if *who == SIGNED {
                answer.problem(401, "unauthorized");
                continue;
            }
            match who.contains(*letter) {
                true => assert!(!matches!(answer.status.as_u16(), 401 | 403 | 500..), "{letter} {verb} {path}: {}", answer.text),
                false => answer.problem(403, "forbidden"),
            }
        }
    }
}

on_both_engines!(a_stranger_gets_401_everywhere, |app| {
    for (verb, path, _) in TABLE {
        let answer = app.bare(method(verb), &filled(path)).raw("application/json", "{").send().await;
        answer.problem(401, "unauthorized");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"swapline\""), "{verb} {path}");
    }
    let unknown = format!("Bearer swl_{}", "0".repeat(64));
    let overlong = format!("Bearer swl_{}", "a".repeat(5_000));
    let basic = format!("Basic {}", app.operations);
    let without_prefix = format!("Bearer {}", app.operations.trim_start_matches("swl_"));
    for bad in ["Bearer", "Bearer ", "swl_", "Basic dTpw", &basic, &unknown, &overlong, &without_prefix, "Bearer swl_\u{e9}"] {
        let answer = app.bare(Method::GET, "/api/v1/rmas").header("authorization", bad).send().await;
        answer.problem(401, "unauthorized");
        assert!(answer.header("www-authenticate").is_some(), "{bad}");
        assert!(answer.header("ratelimit-limit").is_none());
    }
    for good in [format!("Bearer {}", app.operations), format!("bearer {}", app.operations), format!("BEARER  {}", app.operations)] {
        app.bare(Method::GET, "/api/v1/rmas").header("authorization", &good).send().await.expect(200);
    }
});

on_both_engines!(a_revoked_token_is_401_from_the_next_request_on, |app| {
    let admin = app.make_token(Role::Admin, None, None).await;
    let ask = json!({"label": "a desk", "role": "auditor"});
    let made = app.bare(Method::POST, "/api/v1/tokens").token(&admin).json(ask).send().await.expect(201);
    let (secret, id) = (text(&made["token"]), text(&made["id"]));
    let read = || app.bare(Method::GET, "/api/v1/models").token(&secret).send();
    read().await.expect(200);
    let rehearsal = app.bare(Method::DELETE, &format!("/api/v1/tokens/{id}?dry_run=true")).token(&admin).send().await;
    assert_eq!(rehearsal.status, 204);
    read().await.expect(200);
    app.bare(Method::DELETE, &format!("/api/v1/tokens/{id}")).token(&admin).send().await.expect(204);
    read().await.problem(401, "unauthorized");
    let list = app.bare(Method::GET, "/api/v1/tokens").token(&admin).send().await;
    assert!(!list.text.contains(&secret) && list.text.contains(&id));
});

/// Two customers, each with an RMA of its own courier.
struct Two {
    acme: String,
    other: String,
    acme_rma: String,
    other_rma: String,
}

async fn two_customers(app: &TestApp) -> Two {
    world::fill(app).await;
    let center = app.get("/api/v1/service-centers/SC-MAD").await;
    let (etag, mut body) = (center.header("etag").unwrap().to_owned(), center.body);
    for name in ["version", "created_at", "updated_at", "service"] {
        body.as_object_mut().unwrap().remove(name);
    }
    body["couriers"] = json!(["COURIER-2"]);
    let put = app.bare(Method::PUT, "/api/v1/service-centers/SC-MAD").token(&app.operations).header("if-match", &etag);
    put.json(body).send().await.expect(200);
    let contact = |name: &str, phone: &str| Some(json!({"name": name, "phone": phone, "accepts_delivery": true}));
    let two = Two {
        acme: app.make_token(Role::Customer, Some("ACME"), None).await,
        other: app.make_token(Role::Customer, Some("OTHER"), None).await,
        acme_rma: number_of_new(app, "GP-1", &["PSU-450"], contact("Front Desk", "+19545550142")).await,
        other_rma: number_of_new(app, "ES-1", &["PSU-450"], contact("Recepción", "+34911234567")).await,
    };
    app.run_jobs().await;
    two
}

/// What only the other customer's records say.
fn assert_nothing_of_other(answer: &Answer, two: &Two) {
    for mark in ["OTHER", "ES-1", "MAD-1", "K-ES", "SC-MAD", "other.example", "+34911234567", "Recepci", &two.other_rma] {
        assert!(!answer.text.contains(mark), "{mark} in {}", answer.text);
    }
}

const OWN_LISTS: [&str; 7] = ["contracts", "appliances", "sites", "rmas", "deadlines", "deadlines?state=waiting", "letters"];

on_both_engines!(a_customer_sees_its_own_in_every_list, |app| {
    let two = two_customers(&app).await;
    for list in OWN_LISTS {
        let path = format!("/api/v1/{list}");
        let (get, joint) = (|path: &str| app.bare(Method::GET, path).token(&two.acme), if path.contains('?') { '&' } else { '?' });
        let json = get(&path).send().await;
        assert_nothing_of_other(&json, &two);
        let own = json.expect(200);
        assert!(!own["items"].as_array().unwrap().is_empty(), "{list} is empty");
        let csv = get(&path).header("accept", "text/csv").send().await;
        assert_nothing_of_other(&csv, &two);
        assert_eq!(csv.status, 200);
        // A cursor of somebody who sees everything, or of the other customer, shows no more.
        for token in [&app.operations, &two.other] {
            let first = app.bare(Method::GET, &format!("{path}{joint}limit=1")).token(token).send().await.expect(200);
            if let Some(cursor) = first["next_cursor"].as_str() {
                let next = get(&format!("{path}{joint}cursor={cursor}")).send().await;
                assert_nothing_of_other(&next, &two);
                next.expect(200);
            }
        }
        if list != "letters" {
            let none = get(&format!("{path}{joint}organization=OTHER")).send().await.expect(200);
            let nobody = get(&format!("{path}{joint}organization=NOBODY")).send().await.expect(200);
            assert_eq!((&none, &none), (&nobody, &json!({"items": [], "next_cursor": null})), "{list}");
            assert_eq!(get(&format!("{path}{joint}organization=ACME")).send().await.expect(200), own);
        }
    }
    let case = text(&app.get(&format!("/api/v1/rmas/{}", two.other_rma)).await.expect(200)["case"]);
    for filter in ["rmas?serial_number=ES-1", &format!("rmas?case={case}"), "appliances?site=MAD-1", "sites?country=ES"] {
        let list = app.bare(Method::GET, &format!("/api/v1/{filter}")).token(&two.acme).send().await.expect(200);
        assert_eq!(list["items"], json!([]), "{filter}");
    }
});

on_both_engines!(another_customers_thing_is_404_and_like_nothing_at_all, |app| {
    let two = two_customers(&app).await;
    let as_acme = |verb: &str, path: &str| app.bare(method(verb), path).token(&two.acme);
    let (theirs, absent) = (two.other_rma.as_str(), "R99999999-9");
    for (own, other, nobody) in [
        ("organizations/ACME", "organizations/OTHER", "organizations/NOBODY"),
        ("contracts/K-GP", "contracts/K-ES", "contracts/NOBODY"),
        ("contracts/K-GP/appliances", "contracts/K-ES/appliances", "contracts/NOBODY/appliances"),
        ("appliances/GP-1", "appliances/ES-1", "appliances/NOBODY"),
        ("sites/FLL-1", "sites/MAD-1", "sites/NOBODY"),
        (&format!("rmas/{}", two.acme_rma), &format!("rmas/{theirs}"), &format!("rmas/{absent}")),
        (&format!("rmas/{}/deadlines", two.acme_rma), &format!("rmas/{theirs}/deadlines"), &format!("rmas/{absent}/deadlines")),
        (&format!("rmas/{}/events", two.acme_rma), &format!("rmas/{theirs}/events"), &format!("rmas/{absent}/events")),
        (&format!("rmas/{}/letters", two.acme_rma), &format!("rmas/{theirs}/letters"), &format!("rmas/{absent}/letters")),
    ] {
        for accept in ["application/json", "text/csv"] {
            let get = |path: &str| as_acme("GET", &format!("/api/v1/{path}")).header("accept", accept).send();
            get(own).await.expect(200);
            let (theirs, none) = (get(other).await, get(nobody).await);
            theirs.problem(404, "not_found");
            none.problem(404, "not_found");
            assert_eq!(theirs.body["detail"], none.body["detail"], "{other} tells that it exists");
        }
    }
    for step in ["contact", "return-shipped"] {
        act(&app, &two.acme, theirs, step, move_body(step, "ES-1")).await.problem(404, "not_found");
        act(&app, &two.acme, absent, step, move_body(step, "ES-1")).await.problem(404, "not_found");
    }
    let body = json!({"name": "Mine now", "address": {"city": "Madrid", "country": "ES"}});
    as_acme("PUT", "/api/v1/sites/MAD-1").header("if-match", "\"1\"").json(body.clone()).send().await.problem(404, "not_found");
    as_acme("DELETE", "/api/v1/sites/MAD-1").header("if-match", "\"1\"").send().await.problem(404, "not_found");
    let mut for_other = body.clone();
    for_other["organization"] = json!("OTHER");
    let mut for_nobody = body.clone();
    for_nobody["organization"] = json!("NOBODY");
    for ask in [for_other, for_nobody] {
        let answer = as_acme("POST", "/api/v1/sites").json(ask).send().await;
        answer.problem(422, "unknown_organization");
    }
    // Its own it may register, and needs to name neither code nor organization.
    let made = as_acme("POST", "/api/v1/sites").json(body).send().await.expect(201);
    assert_eq!(made["organization"], "ACME");
});

on_both_engines!(p4_2_the_couriers_letters_are_not_the_customers, |app| {
    let two = two_customers(&app).await;
    let path = format!("/api/v1/rmas/{}/letters", two.acme_rma);
    let all = app.get(&path).await.expect(200);
    assert_eq!(column(&all, "kind"), ["rma_issued", "courier_dispatch"]);
    assert!(all["items"][1]["text"].as_str().unwrap().contains("+1 954 555 0142") || all.to_string().contains("+19545550142"));
    for path in [path.as_str(), "/api/v1/letters"] {
        let own = app.bare(Method::GET, path).token(&two.acme).send().await;
        assert!(!own.text.contains("couriers.example") && !own.text.contains("courier_dispatch"), "{}", own.text);
        assert_eq!(column(&own.body, "kind"), ["rma_issued"]);
    }
});

on_both_engines!(p4_2_a_courier_sees_and_delivers_its_own_only, |app| {
    let two = two_customers(&app).await;
    let courier = app.make_token(Role::Courier, None, Some("COURIER-1")).await;
    let stranger = app.make_token(Role::Courier, None, Some("COURIER-2")).await;
    let get = |token: &str, path: &str| app.bare(Method::GET, path).token(token).send();
    let own = get(&courier, "/api/v1/shipments").await.expect(200);
    assert_eq!(column(&own, "rma"), std::slice::from_ref(&two.acme_rma));
    assert_eq!(column(&get(&stranger, "/api/v1/shipments").await.expect(200), "rma"), std::slice::from_ref(&two.other_rma));
    let csv = app.bare(Method::GET, "/api/v1/shipments").token(&courier).header("accept", "text/csv").send().await;
    assert!(csv.text.contains(&two.acme_rma) && !csv.text.contains(&two.other_rma));
    let by_rma = get(&courier, &format!("/api/v1/shipments?rma={}", two.other_rma)).await.expect(200);
    assert_eq!(by_rma["items"], json!([]));
    let cursor = get(&app.operations, "/api/v1/shipments?limit=1").await.expect(200)["next_cursor"].clone();
    let after = get(&courier, &format!("/api/v1/shipments?cursor={}", cursor.as_str().unwrap())).await.expect(200);
    assert_eq!(after["items"], json!([]), "the cursor of somebody who sees more");
    let id = text(&own["items"][0]["id"]);
    get(&courier, &format!("/api/v1/shipments/{id}")).await.expect(200);
    get(&stranger, &format!("/api/v1/shipments/{id}")).await.problem(404, "not_found");
    for path in ["rmas", &format!("rmas/{}", two.acme_rma), "letters", "deadlines", "sites"] {
        get(&courier, &format!("/api/v1/{path}")).await.problem(403, "forbidden");
    }
    step(&app, &two.acme_rma, "ship", "GP-1").await;
    let deliver = move_body("deliver", "GP-1");
    act(&app, &stranger, &two.acme_rma, "deliver", deliver.clone()).await.problem(404, "not_found");
    act(&app, &courier, &two.other_rma, "deliver", deliver.clone()).await.problem(404, "not_found");
    let dated = act(&app, &courier, &two.acme_rma, "deliver", json!({"received_by": "Receiving", "delivered_at": "2026-11-25T19:00:00Z"}));
    let dated = dated.await;
    dated.problem(422, "invalid_input");
    assert_eq!(dated.faults(), [("/delivered_at".to_owned(), "not_allowed".to_owned())]);
    let delivered = act(&app, &courier, &two.acme_rma, "deliver", deliver).await.expect(200);
    assert_eq!((&delivered["state"], &delivered["shipment"]["state"]), (&json!("delivered"), &json!("delivered")));
});

#[tokio::test]
async fn a_token_that_asks_too_often_is_told_when_to_come_back() {
    let app = TestApp::with(Database::new(Engine::Sqlite), 5).await;
    let other = app.make_token(Role::Auditor, None, None).await;
    let ask = |token: &str| app.bare(Method::GET, "/api/v1/models").token(token).send();
    for left in (0..5).rev() {
        let answer = ask(&app.operations).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("ratelimit-limit"), Some("5"));
        assert_eq!(answer.header("ratelimit-remaining"), Some(left.to_string().as_str()));
        let reset: u32 = answer.header("ratelimit-reset").unwrap().parse().unwrap();
        assert!((1..=60).contains(&reset), "{reset}");
    }
    let answer = ask(&app.operations).await;
    answer.problem(429, "too_many_requests");
    let wait: u32 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=12).contains(&wait), "{wait}");
    assert_eq!(answer.header("ratelimit-limit"), Some("5"));
    assert_eq!(answer.header("ratelimit-remaining"), Some("0"));
    let reset: u32 = answer.header("ratelimit-reset").unwrap().parse().unwrap();
    assert!((wait..=60).contains(&reset), "{reset}");
    // Refused requests count too, and each token for itself; who watches the process is not limited.
    let second = ask(&other).await;
    assert_eq!(second.header("ratelimit-remaining"), Some("4"));
    let refused = app.bare(Method::POST, "/api/v1/models").token(&other).json(json!({})).send().await;
    refused.problem(403, "forbidden");
    assert_eq!(refused.header("ratelimit-remaining"), Some("3"));
    for _ in 0..10 {
        app.bare(Method::GET, "/healthz").send().await.expect(200);
    }
}

#[tokio::test]
async fn without_a_limit_no_header_speaks_of_one() {
    let app = TestApp::start(Engine::Sqlite).await;
    let answer = app.get("/api/v1/models").await;
    assert_eq!((answer.status.as_u16(), answer.header("ratelimit-limit")), (200, None));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert!(answer.header("x-request-id").is_some_and(|id| id.len() > 20));
}
