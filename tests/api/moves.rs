//! The life of an RMA over HTTP, for each tier, and what becomes of it when something goes otherwise.

use crate::app::{TestApp, on_both_engines};
use crate::steps::{MOVES, act, column, deadline, move_body, number_of_new, step, text, way_to};
use crate::world::{self, front_desk, rma_body, verified_case};
use chrono::TimeDelta;
use mail_parser::MessageParser;
use serde_json::{Value, json};
use swapline::rules::role::Role;

/// What was mailed so far: reader and subject.
fn mailed(app: &TestApp) -> Vec<(String, String)> {
    let parser = MessageParser::default();
    let letters = app.memory.letters();
    let read = |l: &swapline::mail::transport::Kept| {
        let subject = parser.parse(&l.bytes).unwrap().subject().unwrap().to_owned();
        (l.to.join(", "), subject)
    };
    letters.iter().map(read).collect()
}

pub async fn kinds(app: &TestApp, rma: &str) -> Vec<String> {
    column(&app.get(&format!("/api/v1/rmas/{rma}/letters")).await.expect(200), "kind")
}

pub async fn actions(app: &TestApp, rma: &str) -> Vec<String> {
    column(&app.get(&format!("/api/v1/rmas/{rma}/events")).await.expect(200), "action")
}

pub async fn shown(app: &TestApp, rma: &str) -> Value {
    app.get(&format!("/api/v1/rmas/{rma}")).await.expect(200)
}

pub fn line_states(rma: &Value) -> Vec<String> {
    rma["lines"].as_array().unwrap().iter().map(|l| text(&l["state"])).collect()
}

/// Asserts that everybody was mailed exactly this, in any order within a run of the jobs.
#[track_caller]
fn assert_mailed(app: &TestApp, expected: &[(&str, String)]) {
    let expected: Vec<(String, String)> = expected.iter().map(|(to, subject)| ((*to).to_owned(), subject.clone())).collect();
    assert_eq!(mailed(app), expected);
}

const CUSTOMER: &str = "it@acme.example";
const COURIER: &str = "courier-1@couriers.example";

on_both_engines!(p4_a_silver_rma_lives_from_issue_to_close, |app| {
    world::fill(&app).await;
    let number = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    app.run_jobs().await;
    app.pass(TimeDelta::hours(1));
    let shipped = step(&app, &number, "ship", "SILVER-1").await;
    assert_eq!((&shipped["state"], &shipped["shipment"]["state"]), (&json!("shipped"), &json!("in_transit")));
    assert_eq!(shipped["lines"][0]["replacement_serial_number"], "NEW-1");
    assert_eq!(line_states(&shipped), ["in_transit"]);
    assert_eq!(
        (&deadline(&shipped, "ship_by")["state"], &deadline(&shipped, "ship_by")["done_at"]),
        (&json!("met"), &json!("2026-11-25T20:00:00Z"))
    );
    app.run_jobs().await;
    app.pass(TimeDelta::days(1));
    let delivered = step(&app, &number, "deliver", "SILVER-1").await;
    assert_eq!((&delivered["state"], &delivered["shipment"]["received_by"]), (&json!("delivered"), &json!("Receiving")));
    let return_by = deadline(&delivered, "return_by");
    // Delivered on Thanksgiving Day, which is day 0; the fifth business day after it ends on Thursday.
    assert_eq!((&return_by["state"], &return_by["due_local"]), (&json!("running"), &json!("2026-12-04T00:00:00-05:00")));
    assert_eq!(return_by["waits_for"], json!([]));
    app.run_jobs().await;
    let sent = step(&app, &number, "return-shipped", "SILVER-1").await;
    assert_eq!(
        (line_states(&sent), &sent["lines"][0]["expected_return"]["tracking_number"]),
        (vec!["return_shipped".to_owned()], &json!("PS-2"))
    );
    app.pass(TimeDelta::days(2));
    let back = step(&app, &number, "return-received", "SILVER-1").await;
    assert_eq!((&back["state"], &deadline(&back, "return_by")["state"]), (&json!("returned"), &json!("met")));
    assert_eq!(back["lines"][0]["expected_return"]["condition"], "as_described");
    app.run_jobs().await;
    let closed = step(&app, &number, "close", "SILVER-1").await;
    assert_eq!((&closed["state"], &closed["ended_at"]), (&json!("closed"), &json!("2026-11-28T20:00:00Z")));
    app.run_jobs().await;
    assert_eq!(shown(&app, &number).await, closed, "what a move answers is what is shown");
    assert_eq!(kinds(&app, &number).await, ["rma_issued", "shipped", "delivered", "return_received", "closed"]);
    assert_eq!(actions(&app, &number).await, ["issued", "shipped", "delivered", "return_shipped", "return_received", "closed"]);
    assert_mailed(
        &app,
        &[
            (CUSTOMER, format!("RMA {number} issued for case {}", text(&closed["case"]))),
            (CUSTOMER, format!("RMA {number}: your replacement is on its way")),
            (CUSTOMER, format!("RMA {number}: replacement delivered; please return the defective unit by Thursday, December 3, 2026")),
            (CUSTOMER, format!("RMA {number}: we have received your return")),
            (CUSTOMER, format!("RMA {number} closed")),
        ],
    );
});

on_both_engines!(p4_bronze_waits_for_no_delivery_and_takes_the_unit_first, |app| {
    world::fill(&app).await;
    let number = number_of_new(&app, "BRONZE-1", &["PSU-450"], None).await;
    let rma = shown(&app, &number).await;
    assert_eq!(deadline(&rma, "ship_by")["due_local"], "2026-12-10T21:00:00-05:00");
    assert_eq!(
        (&deadline(&rma, "return_by")["state"], &deadline(&rma, "return_by")["due_local"]),
        (&json!("running"), &json!("2026-12-04T00:00:00-05:00"))
    );
    let back = step(&app, &number, "return-received", "BRONZE-1").await;
    assert_eq!((&back["state"], line_states(&back)), (&json!("issued"), vec!["awaiting_replacement".to_owned()]));
    assert_eq!(deadline(&back, "return_by")["state"], "met");
    act(&app, &app.operations, &number, "cancel", move_body("cancel", "")).await.problem(409, "unit_already_back");
    step(&app, &number, "ship", "BRONZE-1").await;
    let delivered = step(&app, &number, "deliver", "BRONZE-1").await;
    assert_eq!(
        (&delivered["state"], line_states(&delivered)),
        (&json!("returned"), vec!["returned".to_owned()]),
        "nothing more is expected"
    );
    step(&app, &number, "close", "BRONZE-1").await;
    app.run_jobs().await;
    assert_eq!(kinds(&app, &number).await, ["rma_issued", "return_received", "shipped", "delivered", "closed"]);
});

on_both_engines!(p4_2_gold_plus_goes_by_courier_once_the_customer_accepts, |app| {
    world::fill(&app).await;
    let customer = app.make_token(Role::Customer, Some("ACME"), None).await;
    let courier = app.make_token(Role::Courier, None, Some("COURIER-1")).await;
    let number = number_of_new(&app, "GP-1", &["PSU-450"], None).await;
    act(&app, &app.operations, &number, "ship", move_body("ship", "")).await.problem(409, "awaiting_contact");
    app.run_jobs().await;
    let reasons = |rma: &Value| -> Vec<String> { rma["promise"]["reasons"].as_array().unwrap().iter().map(|r| text(&r["code"])).collect() };
    let silent = json!({"name": "Front Desk", "phone": "+19545550142"});
    let waits = act(&app, &customer, &number, "contact", silent).await.expect(200);
    assert_eq!(deadline(&waits, "deliver_by")["waits_for"], json!(["contact_accepts_delivery"]));
    assert_eq!(reasons(&waits), ["contact_has_not_accepted"]);
    act(&app, &app.operations, &number, "ship", move_body("ship", "")).await.problem(409, "awaiting_contact");
    app.pass(TimeDelta::minutes(15));
    let runs = act(&app, &customer, &number, "contact", front_desk()).await.expect(200);
    assert_eq!(
        (&deadline(&runs, "deliver_by")["state"], &deadline(&runs, "deliver_by")["due_at"]),
        (&json!("running"), &json!("2026-11-25T23:15:00Z"))
    );
    assert_eq!((reasons(&runs), &runs["shipment"]["dispatches"]), (Vec::new(), &json!(1)));
    app.run_jobs().await;
    // The same contact again tells the courier nothing new; another one does, and the clock runs on.
    act(&app, &customer, &number, "contact", front_desk()).await.expect(200);
    app.pass(TimeDelta::minutes(15));
    let other = json!({"name": "Night Desk", "phone": "+19545550143", "accepts_delivery": true});
    let changed = act(&app, &customer, &number, "contact", other).await.expect(200);
    assert_eq!(
        (&deadline(&changed, "deliver_by")["due_at"], &changed["shipment"]["dispatches"]),
        (&json!("2026-11-25T23:15:00Z"), &json!(2))
    );
    app.run_jobs().await;
    step(&app, &number, "ship", "GP-1").await;
    app.pass(TimeDelta::hours(2));
    let delivered = act(&app, &courier, &number, "deliver", move_body("deliver", "")).await.expect(200);
    assert_eq!(deadline(&delivered, "deliver_by")["state"], "met");
    app.run_jobs().await;
    act(&app, &customer, &number, "return-shipped", json!({})).await.expect(200);
    step(&app, &number, "return-received", "GP-1").await;
    step(&app, &number, "close", "GP-1").await;
    app.run_jobs().await;
    assert_eq!(
        kinds(&app, &number).await,
        ["rma_issued", "courier_dispatch", "courier_dispatch", "shipped", "delivered", "return_received", "closed"]
    );
    let to: Vec<String> = mailed(&app).into_iter().map(|(to, _)| to).collect();
    assert_eq!(to, [CUSTOMER, COURIER, COURIER, CUSTOMER, CUSTOMER, CUSTOMER, CUSTOMER]);
    let dispatch = text(&app.get(&format!("/api/v1/rmas/{number}/letters")).await.body["items"][2]["text"]);
    assert!(dispatch.contains("Night Desk") && dispatch.contains("GP-1") && dispatch.contains("PSU-450"), "{dispatch}");
});

on_both_engines!(p4_2_a_dispatch_that_is_called_off_is_told_to_the_courier, |app| {
    world::fill(&app).await;
    let number = number_of_new(&app, "GP-1", &["PSU-450"], Some(front_desk())).await;
    let cancelled = step(&app, &number, "cancel", "GP-1").await;
    assert_eq!((&cancelled["state"], &cancelled["shipment"]["state"]), (&json!("cancelled"), &json!("cancelled")));
    assert_eq!(cancelled["cancel_reason"], "As agreed on the phone");
    assert!(cancelled["deadlines"].as_array().unwrap().iter().all(|d| d["state"] == "void"), "{cancelled}");
    app.run_jobs().await;
    let mut to: Vec<String> = mailed(&app).into_iter().map(|(to, _)| to).collect();
    to.sort();
    assert_eq!(to, [COURIER, COURIER, CUSTOMER, CUSTOMER]);
    assert_eq!(kinds(&app, &number).await, ["rma_issued", "courier_dispatch", "cancelled", "courier_cancelled"]);
});

/// What each move (in the order of [`MOVES`]) answers in each state of a Silver RMA of one line; empty is 200.
const SQUARE: [(&str, [&str; 9]); 6] = [
    ("issued", ["", "", "state_clash", "", "", "", "state_clash", "", "no_export_hold"]),
    ("shipped", ["", "state_clash", "", "", "", "state_clash", "state_clash", "no_running_ship_by", "no_export_hold"]),
    (
        "delivered",
        ["state_clash", "state_clash", "state_clash", "", "", "state_clash", "state_clash", "no_running_ship_by", "no_export_hold"],
    ),
    (
        "returned",
        [
            "state_clash",
            "state_clash",
            "state_clash",
            "nothing_expected_back",
            "",
            "state_clash",
            "",
            "no_running_ship_by",
            "no_export_hold",
        ],
    ),
    (
        "closed",
        [
            "state_clash",
            "state_clash",
            "state_clash",
            "nothing_expected_back",
            "",
            "state_clash",
            "state_clash",
            "no_running_ship_by",
            "no_export_hold",
        ],
    ),
    (
        "cancelled",
        [
            "state_clash",
            "state_clash",
            "state_clash",
            "nothing_expected_back",
            "state_clash",
            "state_clash",
            "state_clash",
            "no_running_ship_by",
            "no_export_hold",
        ],
    ),
];

on_both_engines!(p4_every_move_in_every_state, |app| {
    world::fill(&app).await;
    for (state, answers) in SQUARE {
        let number = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
        for earlier in way_to(state) {
            step(&app, &number, earlier, "SILVER-1").await;
        }
        let before = shown(&app, &number).await;
        assert_eq!(before["state"], state);
        for (name, code) in MOVES.iter().zip(answers) {
            let answer = act(&app, &app.operations, &number, &format!("{name}?dry_run=true"), move_body(name, "SILVER-1")).await;
            match code {
                "" => assert_eq!(answer.status, 200, "{name} of one that is {state}: {}", answer.text),
                code => {
                    assert_eq!((answer.status.as_u16(), answer.body["code"].as_str()), (409, Some(code)), "{name} of one that is {state}");
                    assert!(answer.body["errors"][0]["rule"].as_str().unwrap().starts_with("P4"));
                }
            }
        }
        assert_eq!(shown(&app, &number).await, before, "a rehearsal leaves an RMA that is {state} as it is");
        for name in MOVES {
            let answer = act(&app, &app.operations, "R99999999-9", name, move_body(name, "SILVER-1")).await;
            answer.problem(404, "not_found");
            act(&app, &app.operations, "R10000017-4", name, move_body(name, "SILVER-1")).await.problem(400, "mistyped_number");
        }
    }
});

on_both_engines!(p4_instants_of_the_past_are_recorded_by_operations_only, |app| {
    world::fill(&app).await;
    let customer = app.make_token(Role::Customer, Some("ACME"), None).await;
    let number = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    app.pass(TimeDelta::hours(6));
    let ship = |at: &str| json!({"carrier": "Parcel Service", "replacement_serial_number": "NEW-1", "shipped_at": at});
    let try_it = |step: &'static str, body: Value| {
        let (app, number) = (&app, number.clone());
        async move { act(app, &app.operations, &number, step, body).await }
    };
    for (at, code) in [("2026-11-26T01:00:01Z", "instant_in_future"), ("2026-11-25T18:59:59Z", "instant_before_previous_step")] {
        let answer = try_it("ship", ship(at)).await;
        answer.problem(422, code);
        assert_eq!(answer.faults(), [("/shipped_at".to_owned(), code.to_owned())]);
    }
    // Its own instant, and any offset, are fine.
    assert_eq!(try_it("ship?dry_run=true", ship("2026-11-25T19:00:00Z")).await.status, 200);
    let shipped = try_it("ship", ship("2026-11-25T15:30:00-05:00")).await.expect(200);
    assert_eq!(shipped["shipment"]["shipped_at"], "2026-11-25T20:30:00Z");
    let deliver = |at: &str| json!({"received_by": "Receiving", "delivered_at": at});
    try_it("deliver", deliver("2026-11-25T20:29:59Z")).await.problem(422, "instant_before_previous_step");
    try_it("deliver", deliver("2026-11-27T00:00:00Z")).await.problem(422, "instant_in_future");
    let delivered = try_it("deliver", deliver("2026-11-25T23:00:00Z")).await.expect(200);
    // The days for the return begin when the replacement arrived, not when that was recorded.
    assert_eq!(deadline(&delivered, "return_by")["starts_at"], "2026-11-25T23:00:00Z");
    assert_eq!(deadline(&delivered, "return_by")["due_local"], "2026-12-04T00:00:00-05:00");
    for (step, body) in [
        ("return-shipped", json!({"shipped_at": "2026-11-25T23:00:00Z"})),
        ("return-shipped", json!({"shipped_at": "2027-11-25T23:00:00Z"})),
    ] {
        let answer = act(&app, &customer, &number, step, body).await;
        answer.problem(422, "invalid_input");
        assert_eq!(answer.faults(), [("/shipped_at".to_owned(), "not_allowed".to_owned())]);
    }
    try_it("return-shipped", json!({"shipped_at": "2026-11-25T18:00:00Z"})).await.problem(422, "instant_before_previous_step");
    let received = |at: &str| json!({"serial_number": "SILVER-1", "condition": "as_described", "received_at": at});
    try_it("return-received", received("2026-11-25T18:00:00Z")).await.problem(422, "instant_before_previous_step");
    try_it("return-received", received("2026-12-25T18:00:00Z")).await.problem(422, "instant_in_future");
    let back = try_it("return-received", received("2026-11-26T00:30:00Z")).await.expect(200);
    assert_eq!(back["lines"][0]["expected_return"]["received_at"], "2026-11-26T00:30:00Z");
});

on_both_engines!(p4_5_the_ship_by_clock_stands_still_for_export_papers, |app| {
    world::fill(&app).await;
    let number = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    let due = deadline(&shown(&app, &number).await, "ship_by")["due_at"].clone();
    let held = step(&app, &number, "export-hold", "SILVER-1").await;
    let ship_by = deadline(&held, "ship_by");
    assert_eq!(
        (&ship_by["state"], &ship_by["due_at"], &ship_by["paused_because"]),
        (&json!("paused"), &Value::Null, &json!("As agreed on the phone"))
    );
    act(&app, &app.operations, &number, "ship", move_body("ship", "")).await.problem(409, "export_hold");
    act(&app, &app.operations, &number, "export-hold", move_body("export-hold", "")).await.problem(409, "no_running_ship_by");
    app.pass(TimeDelta::days(7));
    app.run_jobs().await;
    let released = step(&app, &number, "export-release", "SILVER-1").await;
    let ship_by = deadline(&released, "ship_by");
    assert_eq!((&ship_by["state"], &ship_by["paused_because"]), (&json!("running"), &Value::Null));
    assert!(ship_by["due_at"].as_str() > due.as_str(), "the hold is added: {ship_by}");
    assert!(ship_by["steps"].to_string().contains("As agreed on the phone"), "{ship_by}");
    act(&app, &app.operations, &number, "export-release", json!({})).await.problem(409, "no_export_hold");
    step(&app, &number, "ship", "SILVER-1").await;
    assert_eq!(actions(&app, &number).await, ["issued", "export_held", "export_released", "shipped"]);
});

on_both_engines!(p4_1_a_part_is_replaced_once_unless_its_rma_is_called_off, |app| {
    world::fill(&app).await;
    let case = verified_case(&app, "SILVER-1", &["PSU-450"]).await;
    let ask = |key: &'static str| app.post_once("/api/v1/rmas", key, rma_body(&case, "SILVER-1", &["PSU-450"], None));
    let first = text(&ask("first").await.expect(201)["number"]);
    let again = ask("second").await;
    again.problem(409, "already_replaced");
    assert_eq!(again.faults(), [("/lines/0/part_number".to_owned(), "already_replaced".to_owned())]);
    assert!(again.body["detail"].as_str().unwrap().contains(&first), "{}", again.text);
    step(&app, &first, "cancel", "SILVER-1").await;
    let next = text(&ask("third").await.expect(201)["number"]);
    assert_ne!(next, first);
    // The same part twice in one RMA is one replacement too many.
    let other = verified_case(&app, "SILVER-1", &["FAN-2"]).await;
    let twice = app.post_once("/api/v1/rmas", "twice", rma_body(&other, "SILVER-1", &["FAN-2", "FAN-2"], None)).await;
    twice.problem(422, "part_asked_twice");
    assert_eq!(twice.faults(), [("/lines/1/part_number".to_owned(), "part_asked_twice".to_owned())]);
});
