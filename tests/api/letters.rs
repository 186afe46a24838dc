//! Letters over HTTP: what was promised, sent or got stuck; and how answers look, as snapshots.

use crate::app::{Engine, TestApp, on_both_engines};
use crate::steps::{column, number_of_new, step, text};
use crate::world::{self, front_desk};
use mail_parser::MessageParser;
use reqwest::Method;
use serde_json::{Value, json};
use swapline::mail::transport::{Cause, SendError};

/// A letter's text with its links left out, as `/letters` does.
fn unlinked(text: &str) -> String {
    let line = |line: &str| match line.trim().starts_with(crate::app::LINKS) {
        true => "  (this link is in the letter itself only)".to_owned(),
        false => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

on_both_engines!(a_letter_is_queued_then_sent_and_shown_as_it_was_sent, |app| {
    world::fill(&app).await;
    let number = number_of_new(&app, "GP-1", &["PSU-450"], Some(front_desk())).await;
    let path = format!("/api/v1/rmas/{number}/letters");
    let queued = app.get(&path).await.expect(200);
    assert_eq!(
        (column(&queued, "kind"), column(&queued, "state")),
        (vec!["rma_issued".to_owned(), "courier_dispatch".to_owned()], vec!["queued".to_owned(); 2])
    );
    assert_eq!(
        (&queued["items"][0]["sent_at"], &queued["items"][0]["attempts"], &queued["items"][0]["message_id"]),
        (&Value::Null, &json!(0), &Value::Null)
    );
    let early = &queued["items"][0];
    assert_eq!(early["key"], format!("rma/{}/issued", number.split('-').next().unwrap()));
    app.pass(chrono::TimeDelta::minutes(2));
    app.run_jobs().await;
    let sent = app.get(&path).await.expect(200);
    // The dispatch leaves first; the list is in the order of the promises.
    let left = app.memory.letters();
    assert_eq!(left[0].key, text(&sent["items"][1]["key"]));
    for item in sent["items"].as_array().unwrap() {
        let kept = left.iter().find(|kept| item["key"] == kept.key).unwrap();
        assert_eq!(
            (&item["state"], &item["attempts"], &item["promised_at"], &item["sent_at"]),
            (&json!("sent"), &json!(1), &json!("2026-11-25T19:00:00Z"), &json!("2026-11-25T19:02:00Z"))
        );
        assert_eq!((text(&item["key"]), item["to"].clone()), (kept.key.clone(), json!(kept.to)));
        let message = MessageParser::default().parse(&kept.bytes).unwrap();
        assert_eq!(message.subject(), item["subject"].as_str());
        let lines = |text: &str| text.lines().map(|l| l.trim_end().to_owned()).collect::<Vec<_>>().join("\n").trim_end().to_owned();
        assert_eq!(
            unlinked(&lines(&message.body_text(0).unwrap())),
            lines(item["text"].as_str().unwrap()),
            "what is shown is what was sent"
        );
        let id = item["message_id"].as_str().unwrap();
        assert!(id.contains(message.message_id().unwrap()), "{id}");
    }
    assert_eq!(app.get("/api/v1/letters?state=sent").await.expect(200), sent);
    assert_eq!(app.get("/api/v1/letters?state=queued").await.expect(200)["items"], json!([]));
    let dispatch = text(&sent["items"][1]["text"]);
    for word in ["Front Desk", "PSU-450", "GP-1", "851 Cypress Creek Rd", "1 Depot Road", "18:00"] {
        assert!(dispatch.contains(word), "{word} is missing: {dispatch}");
    }
});

on_both_engines!(a_letter_that_can_not_be_sent_is_stuck_until_somebody_looks, |app| {
    world::fill(&app).await;
    let number = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    let shown = || async { app.get(&format!("/api/v1/rmas/{number}/letters")).await.expect(200)["items"][0].clone() };
    app.memory.fail_next(SendError::Transient { cause: Cause::Busy(451) });
    app.run_jobs().await;
    let put_off = shown().await;
    assert_eq!((&put_off["state"], &put_off["attempts"]), (&json!("queued"), &json!(1)));
    assert!(put_off["last_error"].is_string() && !put_off["last_error"].as_str().unwrap().contains('@'));
    let id = text(&put_off["id"]);
    app.post(&format!("/api/v1/letters/{id}/retry"), json!({})).await.problem(409, "not_stuck");
    // Not at once again, and for good when the server says so.
    app.run_jobs().await;
    assert_eq!(shown().await["attempts"], 1);
    app.pass(chrono::TimeDelta::seconds(31));
    app.memory.fail_next(SendError::Permanent { status: 550 });
    app.run_jobs().await;
    let stuck = shown().await;
    assert_eq!((&stuck["state"], &stuck["attempts"]), (&json!("stuck"), &json!(2)));
    assert_eq!(column(&app.get("/api/v1/letters?state=stuck").await.expect(200), "id"), std::slice::from_ref(&id));
    app.pass(chrono::TimeDelta::days(3));
    app.run_jobs().await;
    assert!(app.memory.letters().is_empty());
    let rehearsed = app.post(&format!("/api/v1/letters/{id}/retry?dry_run=true"), json!({})).await.expect(200);
    assert_eq!((&rehearsed["state"], &shown().await["state"]), (&json!("queued"), &json!("stuck")));
    app.post(&format!("/api/v1/letters/{id}/retry"), json!({})).await.expect(200);
    app.run_jobs().await;
    let sent = shown().await;
    assert_eq!((&sent["state"], &sent["last_error"]), (&json!("sent"), &Value::Null));
    assert_eq!(app.memory.letters().len(), 1);
    app.post("/api/v1/letters/01890a5d-ac96-774b-bcce-b302099a8057/retry", json!({})).await.problem(404, "not_found");
    app.post("/api/v1/letters/nonsense/retry", json!({})).await.problem(404, "not_found");
});

on_both_engines!(a_letter_that_is_put_off_too_often_is_stuck, |app| {
    world::fill(&app).await;
    let number = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    for tries in 1..=3 {
        app.memory.fail_next(SendError::Transient { cause: Cause::Busy(451) });
        app.run_jobs().await;
        let letter = app.get(&format!("/api/v1/rmas/{number}/letters")).await.expect(200)["items"][0].clone();
        let state = if tries < 3 { "queued" } else { "stuck" };
        assert_eq!((&letter["attempts"], &letter["state"]), (&json!(tries), &json!(state)));
        app.pass(chrono::TimeDelta::days(1));
    }
});

async fn snapshots_of(app: &TestApp) {
    world::fill(app).await;
    let number = number_of_new(app, "GP-1", &["PSU-450"], None).await;
    step(app, &number, "contact", "GP-1").await;
    let rma = step(app, &number, "ship", "GP-1").await;
    let settings = || {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("snapshots");
        settings.set_prepend_module_to_snapshot(false);
        settings
    };
    settings().bind(|| insta::assert_json_snapshot!("rma", rma, {".shipment.id" => "[id]"}));
    let ask = json!({"case": "C1", "lines": [{"serial_number": "", "part_number": 7}], "more": 0});
    let problem = app.post_once("/api/v1/rmas", "k", ask).await.expect(422);
    settings().bind(|| insta::assert_json_snapshot!("problem", problem, {".request_id" => "[id]"}));
    let csv = app.bare(Method::GET, "/api/v1/rmas").token(&app.operations).header("accept", "text/csv").send().await;
    settings().bind(|| insta::assert_snapshot!("rmas_csv_header", csv.text.lines().next().unwrap()));
    let letters = app.get(&format!("/api/v1/rmas/{number}/letters")).await.expect(200);
    settings().bind(|| insta::assert_snapshot!("letter_rma_issued", text(&letters["items"][0]["text"])));
    settings().bind(|| insta::assert_snapshot!("letter_courier_dispatch", text(&letters["items"][1]["text"])));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_look_like_this_on_both_engines() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        snapshots_of(&TestApp::start(engine).await).await;
    }
}
