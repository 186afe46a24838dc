//! The pages of customers, as browsers see them without JavaScript: what is theirs, what happens next, and what they do for it.

use crate::app::{TestApp, on_both_engines};
use crate::console::staff;
use crate::people::{Browser, PASSWORD, customer};
use crate::steps::{number_of_new, step};
use crate::world;
use swapline::rules::role::Role;

async fn noc(app: &TestApp) -> Browser<'_> {
    customer(app, "noc@acme.example", "ACME", false).await.0
}

fn says(text: &str, wanted: &[&str]) {
    for wanted in wanted {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
}

on_both_engines!(everybody_begins_where_they_work, |app| {
    world::fill(&app).await;
    let mut noc = noc(&app).await;
    assert_eq!(noc.get("/").await.header("location"), Some("/my"));
    let mut again = Browser::new(&app);
    assert_eq!(again.sign_in("noc@acme.example", PASSWORD).await.header("location"), Some("/"));
    let mut desk = staff(&app, Role::Operations).await;
    assert_eq!(desk.get("/").await.header("location"), Some("/c"));
    assert_eq!(desk.get("/my").await.status, 403, "staff have no appliances");
    let mut stranger = Browser::new(&app);
    assert_eq!(stranger.get("/").await.header("location"), Some("/sign-in?next=/"));
    assert_eq!(stranger.get("/my").await.header("location"), Some("/sign-in?next=/my"));
});

on_both_engines!(the_home_shows_cover_as_dates_and_what_happens_next, |app| {
    world::fill(&app).await;
    let mut noc = noc(&app).await;
    let page = noc.get("/my").await;
    assert_eq!(page.status, 200, "{}", page.text);
    says(&page.text, &["Nothing is being replaced", "ACME Company", "GP-1", "Gold Plus until 31 Dec 2030", "Cover ended 31 Dec 2020"]);
    says(&page.text, &["Cover starts 1 Jan 2028", "Maintenance ended 30 Jun 2025", "No cover", "1 Jan 2024 to 31 Dec 2030"]);
    for foreign in ["ES-1", "K-ES", "OTHER"] {
        assert!(!page.text.contains(foreign), "{foreign} is somebody else's");
    }
    let own = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    let foreign = number_of_new(&app, "ES-1", &["PSU-450"], None).await;
    let page = noc.get("/my").await.text;
    says(&page, &[&own, "Our turn", "Your replacement leaves our service center.", " EST</time>", "PSU-450 component for SILVER-1"]);
    assert!(!page.contains(&foreign), "{page}");
    // The reader's zone is theirs.
    noc.get("/account").await;
    noc.post("/account/zone", &[("zone", "Europe/Madrid")]).await;
    says(&noc.get("/my").await.text, &[" CET</time>"]);
    // The customer's turn, once the replacement is there.
    step(&app, &own, "ship", "NEW-1").await;
    says(&noc.get("/my").await.text, &["Your replacement is on its way to you."]);
    step(&app, &own, "deliver", "NEW-1").await;
    says(&noc.get("/my").await.text, &["Your turn", "Send the defective unit back to us with the return label."]);
});
