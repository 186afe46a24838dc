//! Holidays that operators add or strike: from then on, and for promised RMAs only if that is asked for.

use crate::app::{TestApp, on_both_engines};
use crate::moves::{kinds, shown};
use crate::steps::{column, deadline, number_of_new, step, text};
use crate::world;
use reqwest::Method;
use serde_json::{Value, json};
use swapline::rules::role::Role;

/// Friday after Thanksgiving: when a Silver RMA of Wednesday, 25 November 2026, is to ship.
const FRIDAY: &str = "2026-11-27";
const FRIDAY_EVENING: &str = "2026-11-28T02:00:00Z";
const MONDAY_EVENING: &str = "2026-12-01T02:00:00Z";

fn change(days_of: &str, day: &str, kind: &str, move_running: bool) -> Value {
    json!({"days_of": days_of, "day": day, "kind": kind, "name": "Inventory", "move_running": move_running})
}

async fn make(app: &TestApp, body: Value) -> Value {
    app.post("/api/v1/calendar-changes", body).await.expect(201)
}

async fn due(app: &TestApp, rma: &str, kind: &str) -> Value {
    deadline(&shown(app, rma).await, kind)["due_at"].clone()
}

on_both_engines!(p3_4_a_holiday_that_is_added_holds_from_then_on_and_moves_nothing_promised, |app| {
    world::fill(&app).await;
    let promised = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    let before = app.get("/api/v1/calendars/country:US?year=2026").await.expect(200);
    let dry = app.post("/api/v1/calendar-changes?dry_run=true", change("country:US", FRIDAY, "add", false)).await.expect(201);
    let would = json!([{"rma": promised, "kind": "ship_by", "was": FRIDAY_EVENING, "due_at": MONDAY_EVENING, "stays": false}]);
    assert_eq!((&dry["moves"], &dry["moves_total"], &dry["moved"]), (&would, &json!(1), &json!(false)));
    assert_eq!(app.get("/api/v1/calendar-changes").await.expect(200)["items"], json!([]));
    assert_eq!(app.get("/api/v1/calendars/country:US?year=2026").await.expect(200), before);

    let made = make(&app, change("country:US", FRIDAY, "add", false)).await;
    assert_eq!((&made["number"], &made["moves"], &made["moved"]), (&json!(1), &would, &json!(false)));
    let after = app.get("/api/v1/calendars/country:US?year=2026").await.expect(200);
    assert_eq!(after["open_days"].as_i64(), before["open_days"].as_i64().map(|days| days - 1));
    let holidays = after["holidays"].as_array().unwrap();
    assert!(holidays.contains(&json!({"day": FRIDAY, "weekday": "Friday", "name": "Inventory (calendar change 1)", "estimated": false})));
    assert_eq!(due(&app, &promised, "ship_by").await, FRIDAY_EVENING);
    let later = number_of_new(&app, "SILVER-1", &["FAN-2"], None).await;
    let ship_by = deadline(&shown(&app, &later).await, "ship_by").clone();
    assert_eq!((&ship_by["due_at"], &ship_by["calendar_revision"]), (&json!(MONDAY_EVENING), &json!(1)));
    let notes: Vec<String> = ship_by["steps"].as_array().unwrap().iter().map(|s| text(&s["note"])).collect();
    assert!(notes.contains(&"2026-11-27 Inventory (calendar change 1): closed".to_owned()), "{notes:?}");
    // The clock of the return begins later, by the days that were promised.
    for number in [&promised, &later] {
        step(&app, number, "ship", "SILVER-1").await;
        step(&app, number, "deliver", "SILVER-1").await;
    }
    let (early, late) = (due(&app, &promised, "return_by").await, due(&app, &later, "return_by").await);
    assert_eq!((early, late), (json!("2026-12-04T05:00:00Z"), json!("2026-12-05T05:00:00Z")));
});

on_both_engines!(p3_4_a_change_moves_what_is_promised_if_it_is_asked_to_and_tells_the_customer, |app| {
    world::fill(&app).await;
    let (silver, bronze) =
        (number_of_new(&app, "SILVER-1", &["PSU-450"], None).await, number_of_new(&app, "BRONZE-1", &["PSU-450"], None).await);
    let spain = number_of_new(&app, "ES-1", &["PSU-450"], None).await;
    // A change that nobody follows stays out of what is moved later.
    make(&app, change("country:US", "2026-11-30", "add", false)).await;
    let made = make(&app, change("service_center:SC-FLL", FRIDAY, "add", true)).await;
    assert_eq!(made["moved"], true);
    assert_eq!(made["moves"].as_array().unwrap().iter().map(|m| text(&m["rma"])).collect::<Vec<_>>(), [silver.clone(), bronze.clone()]);
    assert_eq!(due(&app, &silver, "ship_by").await, MONDAY_EVENING);
    let moved = deadline(&shown(&app, &silver).await, "ship_by").clone();
    assert_eq!((&moved["state"], &moved["calendar_revision"]), (&json!("running"), &json!(2)));
    // The return is the customer's: the center's own day doesn't count for it.
    assert_eq!(deadline(&shown(&app, &bronze).await, "return_by")["calendar_revision"], 0);
    app.run_jobs().await;
    assert_eq!(kinds(&app, &silver).await, ["rma_issued", "deadline_moved"]);
    assert_eq!(kinds(&app, &spain).await.iter().filter(|kind| *kind == "deadline_moved").count(), 0);
    let letters = app.get(&format!("/api/v1/rmas/{silver}/letters")).await.expect(200);
    let letter = text(&letters["items"][1]["text"]);
    assert!(
        letter.contains("Friday, November 27, 2026 is a holiday now: Inventory.") && letter.contains("Monday, November 30, 2026"),
        "{letter}"
    );
    let events = app.get(&format!("/api/v1/rmas/{silver}/events")).await.expect(200);
    assert_eq!(column(&events, "action"), ["issued", "calendar_followed"]);
    // Struck again, and back as it was.
    let back = make(&app, change("service_center:SC-FLL", FRIDAY, "strike", true)).await;
    assert_eq!(back["moves_total"], 2);
    assert_eq!(due(&app, &silver, "ship_by").await, FRIDAY_EVENING);
});

on_both_engines!(p3_4_nobody_is_late_by_a_day_that_was_struck_afterwards, |app| {
    world::fill(&app).await;
    let number = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    // Friday noon in New York: had Thanksgiving been an open day, it would have been due on Thursday.
    let day_of = |app: &TestApp| app.pass(chrono::TimeDelta::hours(8));
    day_of(&app);
    let struck = make(&app, change("country:US", "2026-11-26", "strike", false)).await;
    assert_eq!(struck["moves"][0]["stays"], false);
    make(&app, change("country:US", "2026-11-26", "add", false)).await;
    app.pass(chrono::TimeDelta::hours(24));
    let struck = make(&app, change("country:US", "2026-11-26", "strike", true)).await;
    assert_eq!((&struck["moves"][0]["stays"], &struck["moves"][0]["due_at"]), (&json!(true), &json!("2026-11-27T02:00:00Z")));
    let ship_by = deadline(&shown(&app, &number).await, "ship_by").clone();
    assert_eq!((&ship_by["due_at"], &ship_by["state"]), (&json!(FRIDAY_EVENING), &json!("running")));
    let year = app.get("/api/v1/calendars/country:US?year=2026").await.expect(200);
    assert_eq!(text(&year["struck"][0]["name"]), "Inventory (calendar change 2) doesn't count (calendar change 3)");
});

on_both_engines!(p3_4_a_change_that_makes_no_sense_is_refused, |app| {
    world::fill(&app).await;
    let table = [
        (change("country:ZZ", FRIDAY, "add", false), "/days_of", "unknown_place"),
        (change("service_center:SC-NONE", FRIDAY, "add", false), "/days_of", "unknown_place"),
        (change("US", FRIDAY, "add", false), "/days_of", "bad_days_of"),
        (change("country:US", "2026-11-23", "add", false), "/day", "day_past"),
        (change("country:US", "2026-11-26", "add", false), "/day", "already_a_holiday"),
        (change("country:US", FRIDAY, "strike", false), "/day", "not_a_holiday"),
        (change("country:US", "2045-11-27", "add", false), "/day", "calendar_unknown"),
        (change("country:US", FRIDAY, "move", false), "/kind", "unknown_value"),
    ];
    for (body, field, code) in table {
        let answer = app.post("/api/v1/calendar-changes", body.clone()).await;
        assert_eq!((answer.status.as_u16(), answer.faults()), (422, vec![(field.to_owned(), code.to_owned())]), "{body}");
    }
    for path in ["region:europe", "service_center:SC-NONE"] {
        app.get(&format!("/api/v1/calendars/{path}")).await.problem(404, "not_found");
    }
    app.get("/api/v1/calendars/nowhere").await.problem(400, "bad_days_of");
    app.get("/api/v1/calendars/country:US?year=20").await.problem(400, "bad_year");
    let unknown = app.get("/api/v1/calendars/country:US?year=2045").await.expect(200);
    assert_eq!((&unknown["known"], &unknown["open_days"]), (&json!(false), &Value::Null));
    let support = app.make_token(Role::Support, None, None).await;
    let asked = app.bare(Method::POST, "/api/v1/calendar-changes").token(&support).json(change("country:US", FRIDAY, "add", false));
    asked.send().await.problem(403, "forbidden");
});
