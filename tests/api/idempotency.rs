//! Idempotency keys: one effect, however often a request is sent.

use crate::app::{Answer, TestApp, on_both_engines};
use crate::steps::{act, move_body, number_of_new, text};
use crate::world::{self, front_desk, rma_body, verified_case};
use chrono::TimeDelta;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use swapline::rules::role::Role;

async fn post(app: &TestApp, token: &str, path: &str, key: &str, body: &str) -> Answer {
    app.bare(Method::POST, path).token(token).header("idempotency-key", key).raw("application/json", body.to_owned()).send().await
}

#[track_caller]
fn assert_same(first: &Answer, again: &Answer) {
    assert_eq!((first.status, &first.text), (again.status, &again.text), "the body is the same to the byte");
    for name in ["location", "etag", "content-type"] {
        assert_eq!(first.header(name), again.header(name), "{name}");
    }
    assert_ne!(first.header("x-request-id"), again.header("x-request-id"), "each request is one of its own");
}

async fn count(app: &TestApp, list: &str) -> usize {
    app.get(&format!("/api/v1/{list}?limit=200")).await.expect(200)["items"].as_array().unwrap().len()
}

on_both_engines!(a_repeated_key_gets_the_first_answer_again, |app| {
    world::fill(&app).await;
    let case = verified_case(&app, "GP-1", &["PSU-450"]).await;
    let body = rma_body(&case, "GP-1", &["PSU-450"], Some(front_desk())).to_string();
    let first = post(&app, &app.operations, "/api/v1/rmas", "key 1", &body).await;
    assert_eq!(first.status, 201, "{}", first.text);
    let number = text(&first.body["number"]);
    assert_eq!(first.header("location"), Some(format!("/api/v1/rmas/{number}").as_str()));
    app.pass(TimeDelta::hours(1));
    act(&app, &app.operations, &number, "ship", move_body("ship", "")).await.expect(200);
    // The answer that was given, not what the RMA has become since.
    assert_same(&first, &post(&app, &app.operations, "/api/v1/rmas", "key 1", &body).await);
    assert_eq!(count(&app, "rmas").await, 1);
    app.run_jobs().await;
    assert_eq!(app.memory.letters().len(), 3, "issued, dispatch, shipped");
    // Another request under the same key: another body, path or parameter.
    let other = rma_body(&case, "GP-1", &["FAN-2"], None).to_string();
    post(&app, &app.operations, "/api/v1/rmas", "key 1", &other).await.problem(422, "idempotency_key_reused");
    let model = json!({"code": "MX-7", "name": "MX 7"}).to_string();
    post(&app, &app.operations, "/api/v1/models", "key 1", &model).await.problem(422, "idempotency_key_reused");
    assert_eq!(app.get("/api/v1/models/MX-7").await.status, 404);
    let spelled = post(&app, &app.operations, "/api/v1/rmas?dry_run=false", "key 1", &body).await;
    spelled.problem(422, "idempotency_key_reused");
    // A rehearsal neither uses a key nor is answered by one.
    post(&app, &app.operations, "/api/v1/models?dry_run=true", "key 2", &model).await.expect(201);
    post(&app, &app.operations, "/api/v1/models", "key 2", &model).await.expect(201);
});

on_both_engines!(a_key_is_its_tokens_own, |app| {
    world::fill(&app).await;
    let other = app.make_token(Role::Operations, None, None).await;
    let body = |code: &str| json!({"code": code, "name": "Model"}).to_string();
    post(&app, &app.operations, "/api/v1/models", "k", &body("MX-5")).await.expect(201);
    // Nobody learns from a key what another token did with it.
    post(&app, &other, "/api/v1/models", "k", &body("MX-6")).await.expect(201);
    post(&app, &other, "/api/v1/models", "k", &body("MX-5")).await.problem(422, "idempotency_key_reused");
    assert_eq!(count(&app, "models").await, 4);
});

on_both_engines!(a_refused_request_uses_no_key, |app| {
    world::fill(&app).await;
    let case = verified_case(&app, "SILVER-1", &[]).await;
    let body = rma_body(&case, "SILVER-1", &["PSU-450"], None).to_string();
    for _ in 0..2 {
        post(&app, &app.operations, "/api/v1/rmas", "k", &body).await.problem(422, "defect_not_verified");
    }
    post(&app, &app.operations, "/api/v1/rmas", "k", "{}").await.problem(422, "invalid_input");
    let finding = json!({"replacement_needed": true, "part_number": "PSU-450", "failure_code": "dead"});
    app.post(&format!("/api/v1/cases/{case}/verification"), finding).await.expect(200);
    let issued = post(&app, &app.operations, "/api/v1/rmas", "k", &body).await;
    assert_eq!(issued.status, 201, "{}", issued.text);
    assert_same(&issued, &post(&app, &app.operations, "/api/v1/rmas", "k", &body).await);
});

on_both_engines!(many_at_once_have_one_effect_and_equal_answers, |app| {
    world::fill(&app).await;
    let case = verified_case(&app, "GP-1", &["PSU-450"]).await;
    let body = rma_body(&case, "GP-1", &["PSU-450"], Some(front_desk())).to_string();
    let answers = join_all((0..8).map(|_| post(&app, &app.operations, "/api/v1/rmas", "at once", &body))).await;
    for answer in &answers {
        assert_eq!(answer.status, 201, "{}", answer.text);
    }
    for answer in &answers[1..] {
        assert_same(&answers[0], answer);
    }
    assert_eq!(count(&app, "rmas").await, 1);
    // Under keys of their own only one is served; the others are told by what.
    let case = verified_case(&app, "SILVER-1", &["PSU-450"]).await;
    let body = rma_body(&case, "SILVER-1", &["PSU-450"], None).to_string();
    let keys: Vec<String> = (0..8).map(|n| format!("own {n}")).collect();
    let answers = join_all(keys.iter().map(|key| post(&app, &app.operations, "/api/v1/rmas", key, &body))).await;
    let served: Vec<&Answer> = answers.iter().filter(|a| a.status == 201).collect();
    assert_eq!(served.len(), 1);
    let number = text(&served[0].body["number"]);
    for refused in answers.iter().filter(|a| a.status != 201) {
        refused.problem(409, "already_replaced");
        assert!(refused.body["detail"].as_str().unwrap().contains(&number));
    }
    // Two bodies at once under one key: one is served, the other refused.
    let model = |code: &str| json!({"code": code, "name": "Model"}).to_string();
    let (a, b) = (model("MX-A"), model("MX-B"));
    let both = join_all([&a, &b].map(|body| post(&app, &app.operations, "/api/v1/models", "one key", body))).await;
    let mut statuses: Vec<u16> = both.iter().map(|a| a.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 422], "{both:#?}");
    app.run_jobs().await;
    assert_eq!(app.memory.letters().len(), 3, "two RMAs issued, one dispatch");
});

on_both_engines!(moves_take_keys_too, |app| {
    world::fill(&app).await;
    let number = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    let path = format!("/api/v1/rmas/{number}/ship");
    let body = move_body("ship", "").to_string();
    let first = post(&app, &app.operations, &path, "k", &body).await;
    assert_eq!(first.status, 200, "{}", first.text);
    assert_same(&first, &post(&app, &app.operations, &path, "k", &body).await);
    post(&app, &app.operations, &path, "another", &body).await.problem(409, "state_clash");
    app.run_jobs().await;
    assert_eq!(app.memory.letters().len(), 2);
});

on_both_engines!(keys_are_forgotten_after_a_week, |app| {
    let body = json!({"code": "MX-5", "name": "Model"}).to_string();
    post(&app, &app.operations, "/api/v1/models", "k", &body).await.expect(201);
    app.pass(TimeDelta::days(6));
    app.run_jobs().await;
    post(&app, &app.operations, "/api/v1/models", "k", &body).await.expect(201);
    app.pass(TimeDelta::days(2));
    app.run_jobs().await;
    post(&app, &app.operations, "/api/v1/models", "k", &body).await.problem(409, "exists");
});

on_both_engines!(an_rma_needs_a_key_and_a_key_has_a_form, |app| {
    world::fill(&app).await;
    let case = verified_case(&app, "SILVER-1", &["PSU-450"]).await;
    let body = rma_body(&case, "SILVER-1", &["PSU-450"], None);
    app.post("/api/v1/rmas", body.clone()).await.problem(400, "idempotency_key_required");
    for bad in ["", "a\tb", "é", &"k".repeat(256)] {
        app.post_once("/api/v1/rmas", bad, body.clone()).await.problem(400, "bad_idempotency_key");
        app.post_once("/api/v1/models", bad, json!({"code": "MX-5", "name": "Model"})).await.problem(400, "bad_idempotency_key");
    }
    app.post_once("/api/v1/rmas", &"k".repeat(255), body).await.expect(201);
});

on_both_engines!(a_tokens_secret_is_in_no_repetition, |app| {
    let admin = app.make_token(Role::Admin, None, None).await;
    let body = json!({"label": "a desk", "role": "auditor"}).to_string();
    let first = post(&app, &admin, "/api/v1/tokens", "k", &body).await;
    assert!(text(&first.body["token"]).starts_with("swl_"));
    let again = post(&app, &admin, "/api/v1/tokens", "k", &body).await;
    assert_eq!((again.status.as_u16(), &again.body["token"], &again.body["id"]), (201, &Value::Null, &first.body["id"]));
    let list = app.bare(Method::GET, "/api/v1/tokens?limit=200").token(&admin).send().await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 3);
});
