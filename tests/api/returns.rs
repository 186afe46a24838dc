//! What is not as it should be: units that come back wrongly, in parts, late or never; records made late; a site that moves.

use crate::app::on_both_engines;
use crate::moves::{actions, kinds, line_states, shown};
use crate::steps::{act, column, deadline, move_body, number_of_new, step, text};
use crate::world;
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::json;
use swapline::rules::role::Role;

on_both_engines!(p4_6_a_gold_rma_of_two_lines_comes_back_in_parts_and_wrongly_once, |app| {
    world::fill(&app).await;
    let number = number_of_new(&app, "GOLD-1", &["PSU-450", "FAN-2"], None).await;
    let one = act(&app, &app.operations, &number, "ship", move_body("ship", "")).await;
    one.problem(422, "replacement_count");
    assert_eq!(one.faults(), [("/replacement_serial_numbers".to_owned(), "replacement_count".to_owned())]);
    let both = json!({"carrier": "Parcel Service", "replacement_serial_number": "NEW-1", "replacement_serial_numbers": ["NEW-1", "NEW-2"]});
    act(&app, &app.operations, &number, "ship", both).await.problem(422, "invalid_input");
    let two = json!({"carrier": "Parcel Service", "replacement_serial_numbers": ["NEW-1", "NEW-2"]});
    let shipped = act(&app, &app.operations, &number, "ship", two).await.expect(200);
    assert_eq!(
        (&shipped["lines"][0]["replacement_serial_number"], &shipped["lines"][1]["replacement_serial_number"]),
        (&json!("NEW-1"), &json!("NEW-2"))
    );
    step(&app, &number, "deliver", "GOLD-1").await;
    let wrong = json!({"serial_number": "STRAY-9", "condition": "damaged", "line": 2});
    let rma = act(&app, &app.operations, &number, "return-received", wrong).await.expect(200);
    assert_eq!(line_states(&rma), ["awaiting_return", "returned_wrong"]);
    assert_eq!(rma["lines"][1]["expected_return"]["received_serial_number"], "STRAY-9");
    assert_eq!(deadline(&rma, "return_by")["state"], "running", "the right one is still expected");
    let no_such_line = json!({"serial_number": "GOLD-1", "condition": "as_described", "line": 3});
    act(&app, &app.operations, &number, "return-received", no_such_line).await.problem(409, "nothing_expected_back");
    let first = step(&app, &number, "return-received", "GOLD-1").await;
    assert_eq!((&first["state"], line_states(&first)), (&json!("delivered"), vec!["returned".to_owned(), "returned_wrong".to_owned()]));
    act(&app, &app.operations, &number, "close", json!({})).await.problem(409, "state_clash");
    let second = step(&app, &number, "return-received", "GOLD-1").await;
    assert_eq!((&second["state"], line_states(&second)), (&json!("returned"), vec!["returned".to_owned(); 2]));
    app.run_jobs().await;
    assert_eq!(kinds(&app, &number).await, ["rma_issued", "shipped", "delivered", "return_wrong", "return_partial", "return_received"]);
    let text = text(&app.get(&format!("/api/v1/rmas/{number}/letters")).await.body["items"][3]["text"]);
    assert!(text.contains("STRAY-9"), "{text}");
});

on_both_engines!(p3_5_a_late_record_can_show_that_it_was_in_time, |app| {
    world::fill(&app).await;
    let (late, in_time) =
        (number_of_new(&app, "SILVER-1", &["PSU-450"], None).await, number_of_new(&app, "SILVER-1", &["FAN-2"], None).await);
    app.pass(TimeDelta::days(4));
    app.run_jobs().await;
    assert_eq!(deadline(&shown(&app, &late).await, "ship_by")["state"], "missed");
    let missed = app.get("/api/v1/deadlines?state=missed&kind=ship_by").await.expect(200);
    assert_eq!(column(&missed, "rma"), [late.clone(), in_time.clone()]);
    let shipped = step(&app, &late, "ship", "SILVER-1").await;
    assert_eq!(
        (&deadline(&shipped, "ship_by")["state"], &deadline(&shipped, "ship_by")["done_at"]),
        (&json!("missed"), &json!("2026-11-29T19:00:00Z"))
    );
    // Due on Friday at 21:00 in New York: on the very instant is in time.
    let body = json!({"carrier": "Parcel Service", "replacement_serial_number": "NEW-2", "shipped_at": "2026-11-28T02:00:00Z"});
    let shipped = act(&app, &app.operations, &in_time, "ship", body).await.expect(200);
    assert_eq!(deadline(&shipped, "ship_by")["state"], "met");
    assert_eq!(actions(&app, &late).await, ["issued", "deadline_missed", "shipped"]);
});

on_both_engines!(p4_6_a_unit_that_is_never_sent_back_is_asked_for_four_times, |app| {
    world::fill(&app).await;
    let number = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    step(&app, &number, "ship", "SILVER-1").await;
    step(&app, &number, "deliver", "SILVER-1").await;
    app.run_jobs().await;
    // Due at the end of Thursday, December 3; asked for at 9:00 in New York on days -2, 0, 2 and 7.
    let expected = [
        ("2026-12-01T13:59:59Z", 3, "delivered"),
        ("2026-12-01T14:00:00Z", 4, "return_due_soon"),
        ("2026-12-03T14:00:00Z", 5, "return_due_today"),
        ("2026-12-04T05:00:01Z", 5, "return_due_today"),
        ("2026-12-05T14:00:00Z", 6, "return_overdue"),
        ("2026-12-10T14:00:00Z", 7, "return_overdue"),
        ("2027-01-10T14:00:00Z", 7, "return_overdue"),
    ];
    for (at, letters, last) in expected {
        let at: chrono::DateTime<chrono::Utc> = at.parse().unwrap();
        app.pass(at - app.desk.clock.now());
        // Twice, as two nodes might: nothing is told twice.
        app.run_jobs().await;
        app.run_jobs().await;
        let kinds = kinds(&app, &number).await;
        assert_eq!((kinds.len(), kinds.last().map(String::as_str)), (letters, Some(last)), "at {at}");
    }
    assert_eq!(app.memory.letters().len(), 7);
    let keys = column(&app.get(&format!("/api/v1/rmas/{number}/letters")).await.body, "key");
    let reminder = |n: u32| format!("rma/{}/return-reminder/{n}", number.split('-').next().unwrap());
    assert_eq!(keys[3..], [1, 2, 3, 4].map(reminder));
    let rma = shown(&app, &number).await;
    assert_eq!((&deadline(&rma, "return_by")["state"], line_states(&rma)), (&json!("missed"), vec!["overdue".to_owned()]));
    // It comes after all: late, but back.
    let back = step(&app, &number, "return-received", "SILVER-1").await;
    assert_eq!((&back["state"], &deadline(&back, "return_by")["state"]), (&json!("returned"), &json!("missed")));
    let actions = actions(&app, &number).await;
    assert_eq!(actions, ["issued", "shipped", "delivered", "deadline_missed", "return_received"]);
});

on_both_engines!(p4_6_a_unit_on_its_way_is_not_asked_for, |app| {
    world::fill(&app).await;
    let number = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    for name in ["ship", "deliver", "return-shipped"] {
        step(&app, &number, name, "SILVER-1").await;
    }
    app.pass(TimeDelta::days(30));
    app.run_jobs().await;
    assert_eq!(kinds(&app, &number).await, ["rma_issued", "shipped", "delivered"]);
    assert_eq!(deadline(&shown(&app, &number).await, "return_by")["state"], "missed");
});

on_both_engines!(p4_6_an_extension_gives_more_time_and_says_why, |app| {
    world::fill(&app).await;
    let number = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    let until = |day: &str| json!({"until": day, "reason": "The carrier is on strike"});
    act(&app, &app.operations, &number, "extend", until("2026-12-18")).await.problem(409, "no_running_return_by");
    step(&app, &number, "ship", "SILVER-1").await;
    step(&app, &number, "deliver", "SILVER-1").await;
    let early = act(&app, &app.operations, &number, "extend", until("2026-12-03")).await;
    early.problem(422, "not_an_extension");
    assert_eq!(early.faults(), [("/until".to_owned(), "not_an_extension".to_owned())]);
    // Due at the end of Thursday, December 3: missed, and asked for twice.
    app.pass("2026-12-04T15:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap() - app.desk.clock.now());
    app.run_jobs().await;
    assert_eq!(line_states(&shown(&app, &number).await), ["overdue"]);
    let dry = act(&app, &app.operations, &number, "extend?dry_run=true", until("2026-12-18")).await.expect(200);
    assert_eq!(deadline(&dry, "return_by")["due_local"], "2026-12-19T00:00:00-05:00");
    assert_eq!(deadline(&shown(&app, &number).await, "return_by")["state"], "missed");
    let rma = act(&app, &app.operations, &number, "extend", until("2026-12-18")).await.expect(200);
    let clock = deadline(&rma, "return_by");
    assert_eq!((&clock["state"], &clock["due_local"]), (&json!("running"), &json!("2026-12-19T00:00:00-05:00")));
    let last = clock["steps"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["note"], &last["rule"]), (&json!("extended until Friday, 2026-12-18: The carrier is on strike"), &json!("P4.6")));
    assert_eq!(line_states(&rma), ["awaiting_return"]);
    app.run_jobs().await;
    let told = kinds(&app, &number).await;
    assert_eq!(told.last().map(String::as_str), Some("return_extended"), "{told:?}");
    let letters = app.get(&format!("/api/v1/rmas/{number}/letters")).await.body;
    let letter = text(&letters["items"].as_array().unwrap().last().unwrap()["text"]);
    assert!(letter.contains("end of Friday, December 18, 2026") && letter.contains("Reason: The carrier is on strike"), "{letter}");
    let events = app.get(&format!("/api/v1/rmas/{number}/events")).await.body;
    let event = events["items"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&event["action"], &event["after"]["told"]["reason"]), (&json!("return_extended"), &json!("The carrier is on strike")));
    assert!(text(&event["actor"]).starts_with("token:"), "{event}");
    // Reminders count from the new date, then it is missed like any other.
    app.pass("2026-12-16T15:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap() - app.desk.clock.now());
    app.run_jobs().await;
    let keys = column(&app.get(&format!("/api/v1/rmas/{number}/letters")).await.body, "key");
    assert!(keys.last().unwrap().ends_with("/return-reminder/extended-1/1"), "{keys:?}");
    app.pass(TimeDelta::days(4));
    app.run_jobs().await;
    assert_eq!(line_states(&shown(&app, &number).await), ["overdue"]);
    step(&app, &number, "return-received", "SILVER-1").await;
    act(&app, &app.operations, &number, "extend", until("2027-01-18")).await.problem(409, "nothing_expected_back");
});

on_both_engines!(p4_3_an_address_stays_while_an_rma_goes_there, |app| {
    world::fill(&app).await;
    let customer = app.make_token(Role::Customer, Some("ACME"), None).await;
    let number = number_of_new(&app, "GP-1", &["PSU-450"], None).await;
    let read = app.get("/api/v1/sites/FLL-1").await;
    let etag = read.header("etag").unwrap().to_owned();
    let put = |etag: String, name: &str, street: &str| {
        let body = json!({
            "name": name, "address": {"lines": [street], "city": "Fort Lauderdale", "country": "US"},
            "position": {"latitude": 26.20, "longitude": -80.15}, "zone": "America/New_York",
        });
        app.bare(Method::PUT, "/api/v1/sites/FLL-1").token(&customer).header("if-match", &etag).json(body).send()
    };
    let street = read.body["address"]["lines"][0].as_str().unwrap();
    let refused = put(etag.clone(), "Fort Lauderdale data room", "2 Other Road").await;
    refused.problem(409, "site_has_open_rma");
    assert_eq!(refused.body["errors"][0]["rule"], "P4.3");
    assert!(refused.body["detail"].as_str().unwrap().contains(&number), "{}", refused.text);
    // Its name may change all the while.
    let renamed = put(etag, "Data room 2", street).await;
    let etag = renamed.header("etag").unwrap().to_owned();
    assert_eq!(renamed.expect(200)["name"], "Data room 2");
    step(&app, &number, "cancel", "GP-1").await;
    assert_eq!(put(etag, "Data room 2", "2 Other Road").await.expect(200)["address"]["lines"], json!(["2 Other Road"]));
});
