//! The reports as pages: figures, charts, what they count, and what is wrong in the address.

use crate::app::{Engine, TestApp, on_both_engines};
use crate::desk::{Desk, look};
use crate::steps::{number_of_new, step};
use crate::world;
use chrono::TimeDelta;
use swapline::rules::role::Role;

/// Two that left in time and one that didn't.
async fn three(app: &TestApp) -> Vec<String> {
    world::fill(app).await;
    let mut numbers = Vec::new();
    for serial in ["SILVER-1", "GOLD-1", "ES-1"] {
        numbers.push(number_of_new(app, serial, &["PSU-450"], None).await);
    }
    step(app, &numbers[0], "ship", "SILVER-1").await;
    step(app, &numbers[1], "ship", "GOLD-1").await;
    app.pass(TimeDelta::days(20));
    app.run_jobs().await;
    numbers
}

on_both_engines!(a_report_shows_its_figures_what_they_count_and_leads_to_the_rows, |app| {
    let numbers = three(&app).await;
    let desk = Desk::of(&app, Role::Auditor, None).await;
    assert!(desk.get("/c/reports").await.text.contains("<h2>By tier</h2>"));
    let api = app.get("/api/v1/reports/on-time-shipping?from=2026-11-01&until=2027-01-01").await.expect(200);
    let page = desk.get("/c/reports/on-time-shipping?from=2026-11-01&to=2026-12-31&group_by=month").await;
    assert_eq!(page.status, 200, "{}", page.text);
    let counted = format!("{} replacements left in time, of {}", api["numerator"], api["denominator"]);
    for wanted in [
        counted.as_str(),
        "1 Nov 2026 to 31 Dec 2026",
        "2026-12",
        "role=\"img\" aria-label=\"On-time shipping by month",
        "Of the ship_by deadlines",
        "value=\"month\" selected",
        "Left out: not due yet",
    ] {
        assert!(page.text.contains(wanted), "{wanted}: {}", page.text);
    }
    assert!(!page.text.contains(" style="), "the policy has no inline styles");
    let (_, rows) = page.text.split_once("href=\"/c/reports/on-time-shipping/rows").unwrap();
    let rows = rows.split_once('"').unwrap().0.replace("&#38;", "&").replace("&amp;", "&");
    let rows = desk.get(&format!("/c/reports/on-time-shipping/rows{rows}")).await;
    assert!(rows.status == 200 && rows.text.contains(&format!("href=\"/c/rmas/{}\"", numbers[0])), "{}", rows.text);
    let file = desk.get("/csv/reports/on-time-shipping?group_by=tier").await;
    assert!(file.text.starts_with("report,figure,"), "{}", file.text);

    let overdue = desk.get("/c/reports/returns-overdue").await.text;
    assert!(overdue.contains("By days overdue") && overdue.contains("Since the beginning") && overdue.contains("&#62;60"), "{overdue}");
    let breaches = desk.get("/c/reports/breaches?group_by=service_center").await.text;
    assert!(breaches.contains("By whose hands had the time") && breaches.contains("By service center"), "{breaches}");
});

on_both_engines!(what_is_wrong_with_a_report_is_said_at_its_field, |app| {
    three(&app).await;
    let desk = Desk::of(&app, Role::Operations, None).await;
    for (query, field) in [
        ("from=yesterday", "from"),
        ("to=2026-13-40", "to"),
        ("to=2030-12-31&from=2020-01-01&group_by=month", "group_by"),
        ("from=2026-12-01&to=2026-11-01", "to"),
        ("group_by=%3Cscript%3E", "group_by"),
        ("tier=platinum", "tier"),
        ("organization=%00", "organization"),
        ("service_center=%27%3B--", "service_center"),
    ] {
        for report in ["on-time-shipping", "on-time-delivery", "returns-overdue", "breaches"] {
            let page = desk.get(&format!("/c/reports/{report}?{query}")).await;
            assert_eq!(page.status, 400, "{query}: {}", page.text);
            assert!(page.text.contains(&format!("id=\"{field}-wrong\"")) && !page.text.contains("<script>"), "{query}: {}", page.text);
        }
    }
    let months = desk.get("/c/reports/returns-overdue?group_by=month").await;
    assert!(months.status == 400 && months.text.contains("Months need from and until."), "{}", months.text);
    assert!(desk.get("/c/reports/breaches?group_by=month").await.text.contains("href=\"/c/reports/returns-overdue\""), "no dead tab");
    for query in ["%", "from=%ff", "a=b&a=c&from=2026-11-01&from=x", &"x=y&".repeat(2_000)] {
        assert!(desk.get(&format!("/c/reports/breaches?{query}")).await.status.as_u16() < 500, "{query}");
    }
    assert_eq!(desk.get("/c/reports/nothing").await.status, 404);
    // A customer has their own.
    let noc = Desk::of(&app, Role::Customer, Some("ACME")).await.get("/c/reports/on-time-shipping?from=2026-11-01&to=2026-12-31").await;
    assert!(noc.status == 200 && noc.text.contains("left in time, of 2 ship-by"), "{}", noc.text);
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reports_fit_every_screen() {
    let app = TestApp::start(Engine::Sqlite).await;
    three(&app).await;
    let desk = Desk::of(&app, Role::Operations, None).await;
    let pages = [
        ("/c/reports/on-time-shipping?from=2026-06-01&to=2026-12-31&group_by=month", "report-months"),
        ("/c/reports/breaches?group_by=tier", "report-breaches"),
    ];
    look(&app, &desk, &pages).await;
}
