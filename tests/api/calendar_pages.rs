//! Calendars and versions of the program as pages: a year, a change that is shown before it is made, and what differs.

use crate::app::{Database, Engine, TestApp, on_both_engines};
use crate::desk::{Desk, look};
use crate::steps::number_of_new;
use crate::world;
use swapline::rules::role::Role;

on_both_engines!(p3_4_a_closing_day_is_made_after_its_moves_were_seen, |app| {
    world::fill(&app).await;
    // Bronze ships within ten business days of the issue.
    let rma = number_of_new(&app, "BRONZE-1", &["PSU-450"], None).await;
    let desk = Desk::of(&app, Role::Operations, None).await;
    let all = desk.get("/c/calendars").await.text;
    assert!(all.contains("United States") && all.contains("service_center:SC-FLL"), "{all}");
    for whose in ["us", "country:US", "US-FL", "SC-FLL"] {
        let year = desk.get(&format!("/c/calendars?days_of={whose}&year=2026")).await.text;
        assert!(
            year.contains("Thanksgiving Day") && year.contains("<caption>November</caption>") && year.contains("2027"),
            "{whose}: {year}"
        );
    }
    let fields = [("/days_of", "country:US"), ("/kind", "add"), ("/day", "2026-12-02"), ("/name", "Stocktaking")];
    let seen = desk.post("/c/calendar-changes?dry_run=true", &fields).await;
    assert_eq!(seen.status, 200, "{}", seen.text);
    for wanted in
        ["Wednesday, 2 December 2026 would be closed for country:US: Stocktaking", rma.as_str(), "Make the change", "value=\"Stocktaking\""]
    {
        assert!(seen.text.contains(wanted), "{wanted}: {}", seen.text);
    }
    assert!(app.get("/api/v1/calendar-changes").await.expect(200)["items"].as_array().unwrap().is_empty(), "looking is not doing");
    let confirm: Vec<_> =
        fields.into_iter().chain([("key", "k"), ("next", "/c/calendars?days_of=country:US"), ("/move_running:bool", "true")]).collect();
    let made = desk.post("/c/calendar-changes", &confirm).await;
    assert_eq!((made.status.as_u16(), made.header("location")), (303, Some("/c/calendars?days_of=country:US")), "{}", made.text);
    let change = app.get("/api/v1/calendar-changes").await.expect(200);
    assert_eq!(change["items"][0]["made_by"], format!("person:{}", desk.person));
    let year = desk.get("/c/calendars?days_of=country:US").await.text;
    assert!(year.contains("title=\"Stocktaking (change 1)\"") || year.contains("Stocktaking"), "{year}");
    assert!(year.contains("Closed: Wed 2 Dec 2026"), "{year}");
    // What can't be made is shown again with what is wrong.
    let wrong = [("/days_of", "country:US"), ("/kind", "add"), ("/day", "2020-01-01"), ("/name", "Past")];
    let again = desk.post("/c/calendar-changes?dry_run=true", &wrong).await;
    assert!(again.status == 422 && again.text.contains("value=\"Past\""), "{}", again.text);
});

on_both_engines!(calendars_and_programs_are_for_staff_and_change_by_operations_only, |app| {
    world::fill(&app).await;
    let auditor = Desk::of(&app, Role::Auditor, None).await;
    let year = auditor.get("/c/calendars?days_of=US").await.text;
    assert!(year.contains("Thanksgiving Day") && !year.contains("Add a closing day") && !year.contains(">Strike<"), "{year}");
    let fields = [("/days_of", "country:US"), ("/kind", "add"), ("/day", "2026-12-02"), ("/name", "Stocktaking")];
    assert_eq!(auditor.post("/c/calendar-changes?dry_run=true", &fields).await.status, 403);
    let noc = Desk::of(&app, Role::Customer, Some("ACME")).await;
    assert_eq!(noc.get("/c/calendars").await.status, 403);
    assert_eq!(noc.get("/c/programs").await.status, 403);
    for (query, status) in [
        ("days_of=%3Cscript%3E", 404),
        ("days_of=region:europe", 404),
        ("days_of=ZZ", 404),
        ("days_of=%00", 404),
        ("days_of=US&year=-5", 200),
        ("days_of=US&year=99999999999999", 200),
        ("days_of=US&year=1901", 200),
        ("year=x&year=y&%ff", 200),
    ] {
        let page = auditor.get(&format!("/c/calendars?{query}")).await;
        assert_eq!(page.status, status, "{query}: {}", page.text);
        assert!(!page.text.contains("<script>"), "{query}");
    }
    assert!(auditor.get("/c/programs").await.text.contains("There is one version."));
});

/// A second version, under which Silver has two days.
fn two_versions() -> String {
    let one = include_str!("../../data/program.toml");
    let (_, version) = one.split_once("\n[[version]]\n").unwrap();
    let silver = "ships_within_business_days = 1, due = \"close_of_business\"";
    let two = version.replacen("\"2026-01\"", "\"2027-01\"", 1).replacen("2015-03-16", "2027-01-01", 1).replacen(
        silver,
        &silver.replace("= 1", "= 2"),
        1,
    );
    format!("{one}\n[[version]]\n{two}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn versions_of_the_program_are_side_by_side_with_their_differences() {
    let app = TestApp::with_program(Database::new(Engine::Sqlite), &two_versions()).await;
    world::fill(&app).await;
    let desk = Desk::of(&app, Role::Operations, None).await;
    let page = desk.get("/c/programs").await.text;
    assert!(page.contains("<strong>1</strong> of the program"), "{page}");
    assert!(page.contains("<mark>ships within 2 business days, by close of business</mark>"), "{page}");
    assert!(page.contains("2026-01 <span class=\"tag good\">in force</span>") && page.contains("2027-01<br>"), "{page}");
    assert_eq!(page.matches("<mark>").count(), 1);
    look(&app, &desk, &[("/c/programs", "programs"), ("/c/calendars?days_of=SC-FLL", "calendar"), ("/c/calendars", "calendars")]).await;
}
