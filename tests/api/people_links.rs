//! Links of letters to people, and colleagues who invite each other.

use crate::app::{TestApp, on_both_engines};
use crate::people::{Browser, PASSWORD, actors, between, customer, invite};
use crate::world;
use chrono::TimeDelta;
use swapline::rules::link::Signer;
use swapline::rules::role::Role;
use uuid::Uuid;

/// The keys of the letters to people that were sent.
fn letters(app: &TestApp) -> Vec<String> {
    app.memory.letters().into_iter().map(|letter| letter.key).filter(|key| key.starts_with("person/")).collect()
}

/// Asks for a link as somebody who isn't signed in; the page that says so.
async fn ask(app: &TestApp, email: &str) -> String {
    let mut browser = Browser::new(app);
    browser.get("/sign-in/ask").await;
    let asked = browser.post("/sign-in/ask", &[("email", email)]).await;
    assert_eq!(asked.status, 200, "{}", asked.text);
    app.run_jobs().await;
    asked.text
}

on_both_engines!(a_link_lets_in_once_and_not_for_long, |app| {
    world::fill(&app).await;
    customer(&app, "noc@acme.example", "ACME", false).await;
    let known = ask(&app, "NOC@acme.example").await;
    let sent = letters(&app);
    assert_eq!(sent.len(), 1);
    for email in ["nobody@acme.example", "", "not an address"] {
        assert_eq!(ask(&app, email).await, known, "{email}");
    }
    assert_eq!(letters(&app), sent);
    let link = app.links(&sent[0])[0].clone();
    // Looking does nothing, as often as a scanner likes.
    for _ in 0..3 {
        assert_eq!(Browser::new(&app).get(&link).await.status, 200);
    }
    // Whoever only posts has not seen the page.
    assert_eq!(Browser::new(&app).send(&link, &[], &[]).await.status, 403);
    let (mut first, mut second) = (Browser::new(&app), Browser::new(&app));
    first.get(&link).await;
    second.get(&link).await;
    assert_eq!(first.post(&link, &[]).await.header("location"), Some("/"));
    assert_eq!(second.post(&link, &[]).await.status, 410);
    assert_eq!((first.get("/account").await.status.as_u16(), second.session()), (200, None));
    assert_eq!(Browser::new(&app).get(&link).await.status, 410);
    // Whoever enters anew in one browser leaves no session of it behind.
    let (_, other) = invite(&app, "two@acme.example", Role::Customer, Some("ACME"), false).await;
    let before = first.cookies.clone();
    assert_eq!(first.follow(&other, &[("password", PASSWORD)]).await.status, 303);
    assert!(first.get("/account").await.text.contains("two@acme.example"));
    second.cookies = before;
    assert_eq!(second.get("/account").await.status, 303);

    // Three letters in a quarter of an hour, no more.
    for _ in 0..5 {
        ask(&app, "noc@acme.example").await;
    }
    // The invitation counts as the first.
    assert_eq!(letters(&app).len(), 2);
    app.pass(TimeDelta::minutes(16));
    ask(&app, "noc@acme.example").await;
    let late = app.links(letters(&app).last().unwrap())[0].clone();
    app.pass(TimeDelta::minutes(14));
    assert_eq!(Browser::new(&app).get(&late).await.status, 200);
    app.pass(TimeDelta::minutes(1));
    let mut browser = Browser::new(&app);
    assert_eq!(browser.get(&late).await.status, 410);

    // Ours are those that we signed, and that are kept.
    let (ours, theirs) = (app.desk.keys.sign_in_token(Uuid::now_v7()), Signer::new([8; 32]).sign_in_token(Uuid::now_v7()));
    for token in [ours.as_str(), &theirs, "x", "%F0%9F%98%80", &"A".repeat(43), &"A".repeat(5_000)] {
        assert_eq!(browser.get(&format!("/sign-in/link/{token}")).await.status, 410, "{token}");
    }
});

on_both_engines!(staff_get_a_new_password_by_link_and_are_asked_for_the_code_all_the_same, |app| {
    let (id, link) = invite(&app, "ops@vendor.example", Role::Support, None, false).await;
    let mut browser = Browser::new(&app);
    for bad in ["", "short", "ops@vendor.example"] {
        let refused = browser.follow(&link, &[("password", bad)]).await;
        assert!(refused.status == 422 && refused.text.contains("role=\"alert\""), "{bad}");
    }
    browser.follow(&link, &[("password", PASSWORD)]).await;
    browser.enroll().await;
    ask(&app, "ops@vendor.example").await;
    let key = letters(&app).pop().unwrap();
    let reset = app.links(&key)[0].clone();
    let mut elsewhere = Browser::new(&app);
    let entered = elsewhere.follow(&reset, &[("password", "quite another password")]).await;
    assert_eq!(entered.header("location"), Some("/sign-in/code?next=/"));
    assert_eq!(elsewhere.get("/account").await.status, 303);
    assert_eq!(browser.get("/account").await.status, 303, "the old session has ended");
    assert_eq!(Browser::new(&app).sign_in("ops@vendor.example", PASSWORD).await.status, 422);
    assert_eq!(Browser::new(&app).sign_in("ops@vendor.example", "quite another password").await.status, 303);
    assert_eq!(actors(&app, id).await.iter().filter(|(action, _)| action == "chose_password").count(), 2);
});

on_both_engines!(a_customers_administrator_invites_colleagues_and_nobody_else, |app| {
    world::fill(&app).await;
    let (mut boss, boss_id) = customer(&app, "boss@acme.example", "ACME", true).await;
    let (mut plain, _) = customer(&app, "noc@acme.example", "ACME", false).await;
    let (_, foreign) = customer(&app, "x@other.example", "OTHER", false).await;
    plain.get("/account").await;
    assert!(!plain.page.contains("href=\"/people\""));
    assert_eq!(plain.get("/people").await.status, 403);
    for path in ["/people", "/people/disable", "/people/reset"] {
        plain.get("/account").await;
        assert_eq!(plain.post(path, &[("email", "y@acme.example"), ("person", &boss_id.to_string())]).await.status, 403, "{path}");
    }

    boss.get("/people").await;
    assert!(boss.page.contains("noc@acme.example") && !boss.page.contains("other.example") && !boss.page.contains("name=\"role\""));
    // Whatever is sent, it is a colleague.
    let fields = [("name", "Colleague"), ("email", "col@acme.example"), ("role", "admin"), ("organization", "OTHER")];
    assert_eq!(boss.post("/people", &fields).await.header("location"), Some("/people?done=invited"));
    boss.get("/people").await;
    let taken = boss.post("/people", &[("name", "Again"), ("email", "COL@acme.example")]).await;
    assert!(taken.status == 422 && taken.text.contains("value=\"COL@acme.example\""), "{}", taken.text);
    boss.get("/people").await;
    for path in ["/people/disable", "/people/reset"] {
        assert_eq!(boss.post(path, &[("person", &foreign.to_string())]).await.status, 404, "{path}");
        boss.get("/people").await;
    }
    assert_eq!(boss.post("/people/disable", &[("person", &boss_id.to_string())]).await.status, 422);

    app.run_jobs().await;
    let key = letters(&app).pop().unwrap();
    let link = app.links(&key)[0].clone();
    let mut colleague = Browser::new(&app);
    // Without a password: a link by mail each time.
    assert_eq!(colleague.follow(&link, &[("password", "")]).await.header("location"), Some("/"));
    assert_eq!(colleague.get("/people").await.status, 403);
    colleague.get("/account").await;
    assert!(colleague.page.contains("Customer") && colleague.page.contains("Set a password"));
    let id = key.split('/').nth(1).unwrap().parse::<Uuid>().unwrap();
    assert_eq!(actors(&app, id.into()).await[0], ("added".to_owned(), format!("person:{boss_id}")));

    // Disabled: every session and link is worth nothing at once.
    ask(&app, "col@acme.example").await;
    let link = app.links(&letters(&app).pop().unwrap())[0].clone();
    boss.get("/people").await;
    assert_eq!(boss.post("/people/disable", &[("person", &id.to_string())]).await.status, 303);
    assert_eq!(colleague.get("/account").await.header("location"), Some("/sign-in?next=/account"));
    assert_eq!(Browser::new(&app).get(&link).await.status, 410);
    boss.get("/people").await;
    assert!(boss.page.contains("Disabled"));
});

on_both_engines!(pages_keep_browsers_careful, |app| {
    world::fill(&app).await;
    let (mut browser, _) = customer(&app, "noc@acme.example", "ACME", false).await;
    for path in ["/sign-in", "/sign-in/ask", "/account", "/people", "/sign-in/link/x", "/sign-in/code"] {
        let page = browser.get(path).await;
        let policy = page.header("content-security-policy").unwrap();
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"),
            "{path}"
        );
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("cache-control", "no-store"),
            ("strict-transport-security", "max-age=31536000"),
        ] {
            assert_eq!(page.header(name), Some(value), "{path}");
        }
        assert!(page.header("permissions-policy").is_some());
        assert!(!page.text.contains(" style=") && !page.text.contains("<script") && !page.text.contains(" onclick"), "{path}");
        assert!(page.text.len() < 100_000, "{path} has {} bytes", page.text.len());
    }
    let css = between(&browser.get("/sign-in/ask").await.text, "rel=\"stylesheet\" href=\"/assets/", "\"").to_owned();
    let sheet = browser.get(&format!("/assets/{css}")).await;
    assert_eq!((sheet.status.as_u16(), sheet.header("content-type")), (200, Some("text/css; charset=utf-8")));
    // Nobody is sent on to elsewhere.
    let mut fresh = Browser::new(&app);
    fresh.get("/sign-in?next=//evil.example").await;
    assert!(fresh.page.contains("name=\"next\" value=\"/\""));
    let fields = [("email", "noc@acme.example"), ("password", PASSWORD), ("next", "https://evil.example")];
    assert_eq!(fresh.post("/sign-in", &fields).await.header("location"), Some("/"));
});
