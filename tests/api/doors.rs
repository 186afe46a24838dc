//! Who may open which page: every route of `src/web` × every role, read from the source, so that a new route without a row fails;
//! and for what people do by the API's own routes, that it is what a token of their role may.

use crate::app::{Engine, TestApp, on_both_engines};
use crate::console::staff;
use crate::people::{Browser, customer};
use crate::steps::number_of_new;
use crate::world;
use reqwest::Method;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use swapline::rules::role::Role;

/// The file of a page, its method, its pattern; a path of it, and who may: A(dmin), O(perations), S(upport), C(ustomer),
/// a(uditor) → U; `*` for everybody, signed in or not. `{own}` is an RMA of the customer's.
const PAGES: &[(&str, &str, &str, &str, &str)] = &[
    ("assets", "GET", "/{name}", "", "*"),
    ("assets", "GET", "/land-{hash}.svg", "", "*"),
    ("courier/mod", "GET", "/{token}", "", "*"),
    ("courier/mod", "POST", "/{token}", "", "*"),
    ("sign_in/enter", "GET", "", "/sign-in", "*"),
    ("sign_in/enter", "POST", "", "/sign-in", "*"),
    ("sign_in/enter", "GET", "/ask", "/sign-in/ask", "*"),
    ("sign_in/enter", "POST", "/ask", "/sign-in/ask", "*"),
    ("sign_in/factor", "GET", "/code", "/sign-in/code", "*"),
    ("sign_in/factor", "POST", "/code", "/sign-in/code", "*"),
    ("sign_in/factor", "GET", "/second-factor", "/sign-in/second-factor", "*"),
    ("sign_in/factor", "POST", "/second-factor", "/sign-in/second-factor", "*"),
    ("sign_in/link", "GET", "/link/{token}", "", "*"),
    ("sign_in/link", "POST", "/link/{token}", "", "*"),
    ("sign_in/account", "GET", "", "/account", "AOSCU"),
    ("sign_in/account", "POST", "/password", "/account/password", "AOSCU"),
    ("sign_in/account", "POST", "/zone", "/account/zone", "AOSCU"),
    ("sign_in/account", "POST", "/sessions/end", "/account/sessions/end", "AOSCU"),
    ("sign_in/account", "POST", "/sessions/end-others", "/account/sessions/end-others", "AOSCU"),
    ("sign_in/people", "GET", "", "/people", "A"),
    ("sign_in/people", "POST", "", "/people", "A"),
    ("sign_in/people", "POST", "/disable", "/people/disable", "A"),
    ("sign_in/people", "POST", "/reset", "/people/reset", "A"),
    ("console/today", "GET", "", "/c", "AOSU"),
    ("console/today", "GET", "/live", "/c/live", "AOSCU"),
    ("console/issue", "GET", "/issue", "/c/issue", "AO"),
    ("console/map", "GET", "/map", "/c/map", "AOSU"),
    ("console/map", "GET", "/map/sites", "/c/map/sites", "AOSU"),
    ("console/map", "GET", "/map/place", "/c/map/place", "AO"),
    ("console/calendars", "GET", "/calendars", "/c/calendars", "AOSU"),
    ("console/programs", "GET", "/programs", "/c/programs", "AOSU"),
    ("console/reports", "GET", "/reports", "/c/reports", "AOSCU"),
    (
        "console/reports",
        "GET",
        "/reports/{report:on-time-shipping|on-time-delivery|returns-overdue|breaches}",
        "/c/reports/breaches",
        "AOSCU",
    ),
    ("portal/rma", "GET", "/rmas/{number}", "/my/rmas/{own}", "C"),
    ("portal/sites", "GET", "/sites", "/my/sites", "C"),
    ("portal/sites/form", "GET", "/sites/new", "/my/sites/new", "C"),
    ("portal/sites/form", "GET", "/sites/{code}", "/my/sites/FLL-1", "C"),
    ("portal/sites/look", "POST", "/sites/look", "/my/sites/look", "C"),
    ("portal/home", "GET", "", "/my", "C"),
    ("console/rma", "GET", "/rmas/{number}", "/c/rmas/{own}", "AOSCU"),
];
const ROLES: [(Role, char); 4] = [(Role::Admin, 'A'), (Role::Operations, 'O'), (Role::Support, 'S'), (Role::Auditor, 'U')];

/// The routes that the source of the pages has.
fn routes(folder: &Path, below: &Path, into: &mut BTreeSet<(String, String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            routes(&entry, below, into);
            continue;
        }
        let text = std::fs::read_to_string(&entry).unwrap_or_default();
        let file = entry.strip_prefix(below).unwrap().with_extension("").display().to_string();
        for line in text.lines() {
            let Some((method, rest)) = line.strip_prefix("#[").and_then(|line| line.split_once("(\"")) else { continue };
            if matches!(method, "get" | "post" | "put" | "delete") {
                into.insert((file.clone(), method.to_uppercase(), rest.split('"').next().unwrap().to_owned()));
            }
        }
    }
}

#[test]
fn every_page_has_its_row() {
    let mut there = BTreeSet::new();
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web");
    routes(&web, &web, &mut there);
    let told: BTreeSet<_> =
        PAGES.iter().map(|(file, method, pattern, ..)| (file.to_string(), method.to_string(), pattern.to_string())).collect();
    assert!(there.len() > 20, "the source was read");
    assert_eq!(there, told);
}

/// Everybody who can sign in.
async fn everybody(app: &TestApp) -> BTreeMap<char, Browser<'_>> {
    let mut all = BTreeMap::new();
    for (role, letter) in ROLES {
        all.insert(letter, staff(app, role).await);
    }
    all.insert('C', customer(app, "noc@acme.example", "ACME", false).await.0);
    all
}

on_both_engines!(every_page_is_for_those_whom_its_row_names, |app| {
    world::fill(&app).await;
    let own = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    let mut all = everybody(&app).await;
    for (file, method, pattern, example, may) in PAGES.iter().filter(|(.., may)| *may != "*") {
        let path = example.replace("{own}", &own);
        let stranger = app.bare(method.parse().unwrap(), &path).raw("application/x-www-form-urlencoded", "").send().await;
        let to = stranger.header("location").unwrap_or_default();
        assert!(
            stranger.status == 303 && to.starts_with("/sign-in"),
            "{file} {method} {pattern}: a stranger gets {} {to}",
            stranger.status
        );
        for (letter, browser) in &mut all {
            // A stream that goes on is asked for by its own test.
            if *pattern == "/live" {
                continue;
            }
            let status = match *method {
                "GET" => browser.get(&path).await.status,
                _ => {
                    browser.get("/account").await;
                    browser.post(&path, &[]).await.status
                }
            };
            assert_eq!(status == 403, !may.contains(*letter), "{file} {method} {pattern} {letter}: {status}");
            assert!(status.as_u16() < 500, "{file} {method} {pattern} {letter}: {status}");
        }
    }
});

#[tokio::test(flavor = "multi_thread")]
async fn a_person_may_what_a_token_of_the_same_role_may() {
    let app = TestApp::start(Engine::Sqlite).await;
    world::fill(&app).await;
    let mut all = everybody(&app).await;
    let mut tokens = BTreeMap::new();
    for (role, letter) in ROLES {
        tokens.insert(letter, app.make_token(role, None, None).await);
    }
    tokens.insert('C', app.make_token(Role::Customer, Some("ACME"), None).await);
    let described = app.get("/api/openapi.json").await.expect(200);
    let mut asked = 0;
    for (path, methods) in described["paths"].as_object().unwrap() {
        let path = path.split('/').map(|piece| if piece.starts_with('{') { "1" } else { piece }).collect::<Vec<_>>().join("/");
        // Who carries a parcel signs what they send, and has neither.
        if path.contains("/webhooks/") {
            continue;
        }
        for method in methods.as_object().unwrap().keys().map(|method| method.to_uppercase()) {
            for (letter, browser) in &mut all {
                let verb: Method = method.parse().unwrap();
                let token = app.bare(verb.clone(), &path).token(&tokens[letter]).header("idempotency-key", "k").header("if-match", "\"1\"");
                let token = if verb == Method::GET { token } else { token.json(json!({})) };
                let by_token = token.send().await.status;
                let page = path.replace("/api/v1", "/c");
                let by_person = match verb {
                    Method::GET => browser.get(&page).await.status,
                    _ => {
                        browser.get("/account").await;
                        browser.post(&page, &[("method", &method), ("key", "k"), ("version", "\"1\"")]).await.status
                    }
                };
                // Pages of their own are for fewer, or for who looks at more at once; they have rows above.
                let own = page == "/c/rmas/1";
                assert!(
                    own || (by_token == 403) == (by_person == 403),
                    "{method} {page} {letter}: {by_token} by token, {by_person} by page"
                );
                assert!(by_person.as_u16() < 500, "{method} {page} {letter}: {by_person}");
                asked += 1;
            }
        }
    }
    assert!(asked > 400, "{asked}");
}
