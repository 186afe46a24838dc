//! The console in a real browser: with the keyboard alone, at three sizes, in the dark, and what axe-core says of every page.

use crate::app::{Engine, TestApp, on_both_engines};
use crate::browser::{Browser, Open, Size};
use crate::console::staff;
use crate::people::customer;
use crate::steps::{number_of_new, step};
use crate::world;
use chrono::TimeDelta;
use serde_json::json;
use swapline::rules::role::Role;

on_both_engines!(an_rma_is_issued_by_the_keyboard_alone, |app| {
    world::fill(&app).await;
    let desk = staff(&app, Role::Operations).await;
    let browser = Open::new(Size::Laptop).start().await;
    browser.let_in(&app, &desk.cookies).await;
    browser.open(&app, "/c/issue").await;
    browser.wait_for("document.activeElement.id", json!("q")).await;
    browser.keys("silver-1\n").await;
    browser.wait_for("document.activeElement.id", json!("summary")).await;
    browser.keys("Power supply is dead\tPSU-450\tpower_supply").await;
    browser.wait_for_text("#preview", "delivered as").await;
    browser.wait_for_text("#preview", "RMA R10000001-1 issued").await;
    browser.shot("console-issue").await;
    browser.keys("\n").await;
    browser.wait_for("location.pathname", json!("/c/rmas/R10000001-1")).await;
    browser.wait_for_text("main", "Record that it shipped").await;
    browser.complains_about_nothing().await;
    browser.close().await;
});

/// An RMA of each sort: one to be shipped, one on its way, one whose return is overdue.
async fn busy(app: &TestApp) -> Vec<String> {
    let overdue = number_of_new(app, "SILVER-1", &["FAN-2"], None).await;
    for (deed, serial) in [("ship", "SILVER-1"), ("deliver", "SILVER-1")] {
        step(app, &overdue, deed, serial).await;
    }
    app.pass(TimeDelta::days(16));
    app.run_jobs().await;
    let new = number_of_new(app, "SILVER-1", &["PSU-450"], None).await;
    let shipped = number_of_new(app, "GOLD-1", &["PSU-450"], None).await;
    step(app, &shipped, "ship", "GOLD-1").await;
    let courier = number_of_new(app, "GP-1", &["PSU-450"], Some(world::front_desk())).await;
    app.run_jobs().await;
    vec![overdue, new, shipped, courier]
}

async fn look(app: &TestApp, browser: &Browser, paths: &[String], name: &str) {
    let mut barriers = Vec::new();
    for path in paths {
        browser.open(app, path).await;
        browser.fits().await;
        barriers.extend(browser.barriers().await.into_iter().map(|barrier| format!("{path}: {barrier}")));
        browser.complains_about_nothing().await;
        let page: String = path.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        browser.shot(&format!("{name}{page}")).await;
    }
    assert!(barriers.is_empty(), "{name}: {barriers:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_for_everybody_at_every_size() {
    let app = TestApp::start(Engine::Sqlite).await;
    world::fill(&app).await;
    let numbers = busy(&app).await;
    let desk = staff(&app, Role::Admin).await;
    let (noc, _) = customer(&app, "noc@acme.example", "ACME", true).await;
    let lists =
        ["rmas", "cases", "deadlines", "letters", "organizations", "contracts", "appliances", "sites", "service-centers", "charges"];
    let mut paths: Vec<String> =
        ["/c", "/c/issue", "/c/issue?q=SILVER-1", "/c/sites/FLL-1", "/c/service-centers/SC-FLL", "/people", "/account"]
            .map(str::to_owned)
            .to_vec();
    paths.extend(lists.iter().map(|list| format!("/c/{list}")));
    paths.extend(numbers.iter().map(|number| format!("/c/rmas/{number}")));
    let sizes = [(Open::new(Size::Phone), "phone"), (Open::new(Size::Laptop), "laptop"), (Open::new(Size::Wide).dark(), "wide-dark")];
    for (open, name) in sizes {
        let browser = open.start().await;
        look(&app, &browser, &["/sign-in".to_owned(), "/sign-in/ask".to_owned()], name).await;
        browser.let_in(&app, &desk.cookies).await;
        look(&app, &browser, &paths, name).await;
        browser.let_in(&app, &noc.cookies).await;
        let own: Vec<String> = ["/c/rmas", "/c/sites", "/people", "/account"].map(str::to_owned).to_vec();
        look(&app, &browser, &own, &format!("{name}-customer")).await;
        browser.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn today_keeps_itself_up_to_date() {
    let app = TestApp::start(Engine::Sqlite).await;
    world::fill(&app).await;
    let desk = staff(&app, Role::Operations).await;
    let browser = Open::new(Size::Laptop).start().await;
    browser.let_in(&app, &desk.cookies).await;
    browser.open(&app, "/c").await;
    browser.wait_for_text("#live", "Nothing has to leave or arrive.").await;
    let number = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    browser.wait_for_text("#live", &number).await;
    browser.close().await;
}
