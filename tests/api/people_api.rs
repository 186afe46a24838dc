//! `/people` of the API, and `swapline user`.

use crate::app::on_both_engines;
use crate::people::{Browser, PASSWORD};
use crate::process::{Home, LIMIT};
use crate::world;
use reqwest::Method;
use serde_json::json;
use swapline::rules::role::Role;

on_both_engines!(an_administrator_invites_resets_and_disables, |app| {
    world::fill(&app).await;
    let admin = app.make_token(Role::Admin, None, None).await;
    let post = |path: &str, body: serde_json::Value| app.bare(Method::POST, path).token(&admin).json(body).send();
    let get = |path: String| {
        let request = app.bare(Method::GET, &path).token(&admin);
        async move { request.send().await }
    };
    let ask = json!({"email": "Noc@acme.example", "name": "NOC", "role": "customer", "organization": "ACME", "administrator": true});
    assert_eq!(post("/api/v1/people?dry_run=true", ask.clone()).await.expect(201)["state"], "invited");
    app.run_jobs().await;
    assert!(app.memory.letters().is_empty());
    let made = post("/api/v1/people", ask.clone()).await;
    let location = made.header("location").unwrap().to_owned();
    let person = made.expect(201);
    assert_eq!((&person["organization"], &person["zone"], &person["second_factor"]), (&json!("ACME"), &json!("UTC"), &json!(false)));
    assert!(person.get("password_hash").is_none() && person.get("totp_secret").is_none());
    let again = json!({"email": "NOC@ACME.EXAMPLE", "name": "NOC", "role": "auditor"});
    post("/api/v1/people", again).await.problem(409, "exists");
    for (bad, field, code) in [
        (json!({"email": "a@b.example", "name": "A", "role": "customer"}), "/organization", "required"),
        (
            json!({"email": "a@b.example", "name": "A", "role": "customer", "organization": "NOBODY"}),
            "/organization",
            "unknown_organization",
        ),
        (json!({"email": "a@b.example", "name": "A", "role": "admin", "organization": "ACME"}), "/organization", "not_allowed"),
        (json!({"email": "a@b.example", "name": "A", "role": "admin", "administrator": true}), "/administrator", "not_allowed"),
        (json!({"email": "a@b.example", "name": "A", "role": "courier"}), "/role", "not_allowed"),
    ] {
        let refused = post("/api/v1/people", bad).await;
        assert_eq!((refused.status.as_u16(), refused.faults()), (422, vec![(field.to_owned(), code.to_owned())]));
    }

    app.run_jobs().await;
    let letter = app.memory.letters()[0].key.clone();
    // What staff can read of the letter has no link.
    let shown = app.get("/api/v1/letters").await.expect(200);
    assert!(!shown.to_string().contains("/sign-in/link/") && shown["items"][0]["kind"] == "invitation", "{shown}");
    let mut browser = Browser::new(&app);
    let link = app.links(&letter)[0].clone();
    assert_eq!(browser.follow(&link, &[("password", PASSWORD)]).await.status, 303);
    let sessions = get(format!("{location}/sessions")).await.expect(200);
    assert_eq!((sessions["items"].as_array().unwrap().len(), &sessions["items"][0]["stage"]), (1, &json!("full")));
    assert!(!sessions.to_string().contains(browser.session().unwrap().as_str()));
    assert_eq!(get(location.clone()).await.expect(200)["state"], "active");

    post(&format!("{location}/reset"), json!({})).await.expect(200);
    assert_eq!(browser.get("/account").await.status, 303);
    assert_eq!(Browser::new(&app).sign_in("noc@acme.example", PASSWORD).await.status, 422);
    app.run_jobs().await;
    let letter = app.memory.letters().pop().unwrap().key;
    let link = app.links(&letter)[0].clone();
    assert_eq!(browser.follow(&link, &[("password", "quite another password")]).await.status, 303);
    for _ in 0..2 {
        assert_eq!(post(&format!("{location}/disable"), json!({})).await.expect(200)["state"], "disabled");
    }
    assert_eq!(browser.get("/account").await.status, 303);
    assert_eq!(get(format!("{location}/sessions")).await.expect(200)["items"], json!([]));
    post(&format!("{location}/reset"), json!({})).await.problem(422, "person_disabled");
});

#[test]
fn the_first_start_prints_a_link_once_and_not_into_the_log() {
    let home = Home::new().set("SWAPLINE_LISTEN", "127.0.0.1:0").set("SWAPLINE_LOG__FILTER", "debug");
    let served = home.start(&["serve"]);
    let base = served.address();
    let client =
        reqwest::blocking::Client::builder().no_proxy().timeout(LIMIT).redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let ended = {
        let link = crate::process::until("the link", || {
            served.out().into_iter().find_map(|line| line.trim().strip_prefix(&base).map(str::to_owned))
        });
        let page = client.get(format!("{base}{link}")).send().unwrap();
        let set = page.headers()["set-cookie"].to_str().unwrap().to_owned();
        assert!(!set.contains("Secure") && set.contains("HttpOnly; SameSite=Lax"), "{set}");
        let cookie = set.split(';').next().unwrap().to_owned();
        let form = crate::people::form(&page.text().unwrap());
        let fields = |name: &str| format!("form={form}&name={name}&email=ana%40vendor.example&password=correct+horse+battery");
        let send = |body: String| {
            let request = client.post(format!("{base}{link}")).header("cookie", &cookie);
            request.header("content-type", "application/x-www-form-urlencoded").body(body).send().unwrap().status()
        };
        assert_eq!(send(fields("")), 422);
        assert_eq!(send(fields("Ana")), 303);
        assert_eq!(send(fields("Eve")), 410);
        let token = link.rsplit('/').next().unwrap().to_owned();
        let ended = served.stop("TERM");
        assert!(!ended.err.iter().any(|line| line.contains(&token) || line.contains("vendor.example")), "{ended:?}");
        ended
    };
    assert!(ended.out.iter().any(|line| line.contains("Make the first account")));
    // Now there is somebody.
    let again = home.start(&["serve"]);
    again.address();
    assert!(again.stop("TERM").out.is_empty());
    let listed = home.good(&["user", "list"]);
    assert_eq!(listed.out, ["ana@vendor.example\tadmin\t-\tactive"]);
}

#[test]
fn people_are_kept_from_the_command_line() {
    let home = Home::new();
    let added = home.good(&["user", "add", "--email", "Ops@vendor.example", "--role", "operations"]);
    assert!(added.out.len() == 1 && added.out[0].starts_with("http://127.0.0.1:8080/sign-in/link/"), "{added:?}");
    for (arguments, complaint) in [
        (&["user", "add", "--email", "OPS@vendor.example", "--role", "admin"][..], "already"),
        (&["user", "add", "--email", "c@vendor.example", "--role", "customer"], "--organization"),
        (&["user", "add", "--email", "c@vendor.example", "--role", "courier"], "--role"),
        (&["user", "disable", "--email", "nobody@vendor.example"], "nobody@vendor.example"),
    ] {
        let ended = home.run(arguments);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert!(ended.complains(&[complaint]) && ended.out.is_empty(), "{ended:?}");
    }
    assert_eq!(home.run(&["user", "add", "--email", "no address", "--role", "admin"]).code, Some(2));
    let reset = home.good(&["user", "reset", "--email", "ops@vendor.example"]);
    assert!(reset.out.len() == 1 && reset.out != added.out);
    home.good(&["user", "disable", "--email", "ops@vendor.example"]);
    assert_eq!(home.good(&["user", "list"]).out, ["Ops@vendor.example\toperations\t-\tdisabled"]);
    assert_eq!(home.run(&["user", "reset", "--email", "ops@vendor.example"]).code, Some(1));
}
