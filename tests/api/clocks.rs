//! Clocks that only a program of one's own uses: business hours, and cut-off times.

use crate::app::{TestApp, on_both_engines};
use crate::steps::{deadline, step, text};
use crate::world;
use chrono::TimeDelta;
use serde_json::{Value, json};

const SHIPS: &str = "replacement = { ships_within_business_days = 1, due = \"close_of_business\" }";

/// The embedded program in which Silver ships within business hours, and Gold has a cut-off time.
pub fn program() -> String {
    let program = include_str!("../../data/program.toml");
    let (before, after) = program.split_once(SHIPS).unwrap();
    let with_cut_off = SHIPS.replace(" }", ", cut_off = \"13:00\" }");
    format!("{before}replacement = {{ ships_within_business_hours = 10 }}{}", after.replacen(SHIPS, &with_cut_off, 1))
}

fn steps(deadline: &Value) -> Vec<[String; 4]> {
    let cells = |s: &Value| ["from", "to", "counted", "note"].map(|member| text(&s[member]));
    deadline["steps"].as_array().unwrap().iter().map(cells).collect()
}

on_both_engines!(p3_3_a_replacement_may_be_due_in_business_hours, |app| {
    world::fill(&app).await;
    let app = TestApp::with_program(app.database, &program()).await;
    let rma = world::issued(&app, "SILVER-1", "PSU-450", None).await;
    let ship_by = deadline(&rma, "ship_by");
    assert_eq!((text(&ship_by["clock"]), text(&ship_by["due_at"])), ("business_hours".into(), "2026-11-27T16:00:00Z".into()));
    let row = |cells: [&str; 4]| cells.map(str::to_owned);
    assert_eq!(
        steps(ship_by),
        [
            row(["2026-11-25T19:00:00Z", "2026-11-26T02:00:00Z", "7 h", "Wednesday 2026-11-25: open 08:00-21:00"]),
            row([
                "2026-11-26T02:00:00Z",
                "2026-11-27T13:00:00Z",
                "0 h",
                "closed until Friday 2026-11-27 08:00 (Thanksgiving Day on 2026-11-26)"
            ]),
            row(["2026-11-27T13:00:00Z", "2026-11-27T16:00:00Z", "3 h", "Friday 2026-11-27: open 08:00-21:00"]),
        ]
    );
    // A hold of two hours inside the window moves it by two hours; what is stored replays.
    let number = text(&rma["number"]);
    app.post(&format!("/api/v1/rmas/{number}/export-hold"), json!({"reason": "papers"})).await.expect(200);
    app.pass(TimeDelta::hours(2));
    let released = app.post(&format!("/api/v1/rmas/{number}/export-release"), json!({})).await.expect(200);
    assert_eq!(text(&deadline(&released, "ship_by")["due_at"]), "2026-11-27T18:00:00Z");
    app.pass(TimeDelta::hours(44));
    let shipped = step(&app, &number, "ship", "SILVER-1").await;
    assert_eq!(text(&deadline(&shipped, "ship_by")["state"]), "met");
});

on_both_engines!(p3_4_an_rma_after_the_cut_off_counts_as_of_the_next_day, |app| {
    world::fill(&app).await;
    let app = TestApp::with_program(app.database, &program()).await;
    app.pass(TimeDelta::days(5));
    let rma = world::issued(&app, "GOLD-1", "PSU-450", None).await;
    let ship_by = deadline(&rma, "ship_by");
    assert_eq!(text(&ship_by["due_at"]), "2026-12-03T02:00:00Z", "{ship_by}");
    assert_eq!(text(&ship_by["steps"][0]["note"]), "Monday 2026-11-30 14:00: after the cut-off at 13:00, counts as Tuesday 2026-12-01");
});
