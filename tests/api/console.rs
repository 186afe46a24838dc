//! The console as browsers see it without JavaScript: pages, forms, what is refused, and who sees what.

use crate::app::{TestApp, on_both_engines};
use crate::people::{Browser, between, customer, invite};
use crate::steps::number_of_new;
use crate::world;
use reqwest::Method;
use std::time::Duration;
use swapline::rules::role::Role;

/// Somebody of the vendor's, signed in with a second factor.
pub async fn staff<'a>(app: &'a TestApp, role: Role) -> Browser<'a> {
    let (_, link) = invite(app, &format!("{role}@vendor.example"), role, None, false).await;
    let mut browser = Browser::new(app);
    browser.follow(&link, &[("password", crate::people::PASSWORD)]).await;
    browser.enroll().await;
    browser
}

/// The fields of a call about an appliance.
fn call<'t>(serial: &'t str, part: &'t str) -> Vec<(&'t str, &'t str)> {
    vec![
        ("key", "one"),
        ("next", "/c/rmas/{made}"),
        ("/serial_number", serial),
        ("/summary", "The power supply is dead."),
        ("/parts/0/part_number", part),
        ("/parts/0/failure_code", "power_supply"),
        ("/severity:number", "2"),
        ("/channel", "phone"),
        ("/contact/name", ""),
    ]
}

on_both_engines!(an_rma_is_issued_on_one_page_and_moved_by_the_buttons_of_its_own, |app| {
    world::fill(&app).await;
    let mut desk = staff(&app, Role::Operations).await;
    assert!(desk.get("/c").await.text.contains("Nothing has to leave or arrive."));
    let found = desk.get("/c/issue?q=silver-1").await;
    assert!(found.text.contains("covered from 2024-01-01 to 2030-12-31"), "{}", found.text);
    let seen = desk.post("/c/calls?dry_run=true", &call("SILVER-1", "PSU-450")).await;
    assert_eq!(seen.status, 200, "{}", seen.text);
    for wanted in ["Entitled to", "Silver", "Ship by", "Letter to <bdi>it@acme.example</bdi>", "RMA R10000001-1 issued"] {
        assert!(seen.text.contains(wanted), "{wanted}: {}", seen.text);
    }
    assert!(app.get("/api/v1/rmas").await.expect(200)["items"].as_array().unwrap().is_empty(), "looking is not doing");
    let form = desk.get("/c/issue?q=SILVER-1").await;
    assert_eq!(form.status, 200);
    let issued = desk.post("/c/calls", &call("SILVER-1", "PSU-450")).await;
    assert_eq!((issued.status.as_u16(), issued.header("location")), (303, Some("/c/rmas/R10000001-1")), "{}", issued.text);
    // The same form once more is the same deed.
    desk.get("/c/issue?q=SILVER-1").await;
    assert_eq!(desk.post("/c/calls", &call("SILVER-1", "PSU-450")).await.header("location"), Some("/c/rmas/R10000001-1"));
    assert_eq!(app.get("/api/v1/rmas").await.expect(200)["items"].as_array().unwrap().len(), 1);

    let page = desk.get("/c/rmas/R10000001-1").await;
    for wanted in
        ["Record that it shipped", "Cancel the RMA", "Counted in America/New_York", "Thanksgiving Day", "RMA R10000001-1 issued for case"]
    {
        assert!(page.text.contains(wanted), "{wanted}: {}", page.text);
    }
    assert!(!page.text.contains("Record the delivery"), "a button only where it would do something");
    assert!(desk.get("/c").await.text.contains("R10000001-1"));
    desk.get("/c/rmas/R10000001-1").await;
    let moves =
        [("key", "k2"), ("next", "/c/rmas/R10000001-1"), ("/carrier", "Parcel Service"), ("/replacement_serial_numbers/0", "NEW-1")];
    assert_eq!(desk.post("/c/rmas/R10000001-1/ship", &moves).await.status, 303);
    let page = desk.get("/c/rmas/R10000001-1").await;
    assert!(page.text.contains("Record the delivery") && page.text.contains("NEW-1") && !page.text.contains("Record that it shipped"));
    let who = app.get("/api/v1/rmas/R10000001-1/events").await.expect(200);
    assert!(who["items"].as_array().unwrap().iter().all(|event| event["actor"].as_str().unwrap().starts_with("person:")), "{who}");
});

on_both_engines!(what_is_refused_is_shown_with_everything_that_was_entered, |app| {
    world::fill(&app).await;
    let mut desk = staff(&app, Role::Operations).await;
    desk.get("/c/issue?q=SILVER-1").await;
    let mut wrong = call("SILVER-1", "PSU-450");
    wrong.retain(|(name, _)| *name != "/severity:number");
    wrong.push(("/severity:number", "9"));
    let again = desk.post("/c/calls", &wrong).await;
    assert_eq!(again.status, 422);
    assert!(again.text.contains("aria-invalid=\"true\"") && again.text.contains("Must lie between 1 and 4."), "{}", again.text);
    assert!(again.text.contains("The power supply is dead."), "nothing that was entered is lost");
    desk.get("/c/issue?q=SILVER-1").await;
    let refused = desk.post("/c/calls", &call("SILVER-1", "RAIL-1")).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("P4"), "with the rule that says so: {}", refused.text);
    assert!(app.get("/api/v1/cases").await.expect(200)["items"].as_array().unwrap().is_empty(), "no case without its RMA");
});

on_both_engines!(lists_have_their_filters_in_the_address_and_are_files_too, |app| {
    world::fill(&app).await;
    let (first, second) =
        (number_of_new(&app, "SILVER-1", &["PSU-450"], None).await, number_of_new(&app, "GOLD-1", &["PSU-450"], None).await);
    crate::steps::step(&app, &second, "ship", "GOLD-1").await;
    let mut desk = staff(&app, Role::Support).await;
    let all = desk.get("/c/rmas?state=&organization=&case=").await;
    assert!(all.status == 200 && all.text.contains(&first) && all.text.contains(&second), "empty filters are none");
    let shipped = desk.get("/c/rmas?state=shipped").await.text;
    assert!(!shipped.contains(&first) && shipped.contains(&second) && shipped.contains("value=\"shipped\" selected"), "{shipped}");
    assert!(shipped.contains("href=\"/csv/rmas?state=shipped\""));
    let file = desk.get("/csv/rmas?state=shipped").await;
    assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"rmas.csv\""));
    assert_eq!(file.text.lines().count(), 2, "{}", file.text);
    let pages = desk.get("/c/rmas?limit=1").await.text;
    let next = between(&pages, "href=\"/c/rmas?", "\" rel=\"next\"").replace("&amp;", "&").replace("&#38;", "&");
    assert!(desk.get(&format!("/c/rmas?{next}")).await.text.contains(&second));
    for path in [
        "/c/cases",
        "/c/deadlines",
        "/c/letters",
        "/c/organizations",
        "/c/contracts",
        "/c/appliances",
        "/c/sites",
        "/c/service-centers",
        "/c/parts",
        "/c/dispatches",
    ] {
        assert_eq!(desk.get(path).await.status, 200, "{path}");
    }
    assert!(desk.get("/c/sites/FLL-1").await.text.contains("Fort Lauderdale"));
});

on_both_engines!(everybody_sees_what_is_theirs_and_does_what_they_may, |app| {
    world::fill(&app).await;
    let (own, foreign) = (number_of_new(&app, "SILVER-1", &["PSU-450"], None).await, number_of_new(&app, "ES-1", &["PSU-450"], None).await);
    let (mut noc, _) = customer(&app, "noc@acme.example", "ACME", false).await;
    let list = noc.get("/c/rmas").await.text;
    assert!(list.contains(&own) && !list.contains(&foreign), "{list}");
    assert_eq!(noc.get(&format!("/c/rmas/{foreign}")).await.status, 404);
    assert_eq!(noc.get("/c").await.status, 403, "today is the vendor's");
    assert_eq!(noc.get("/c/service-centers").await.status, 403);
    let page = noc.get(&format!("/c/rmas/{own}")).await.text;
    assert!(!page.contains("Record that it shipped"), "{page}");
    let ship = [("next", "/c"), ("/carrier", "Parcel Service"), ("/replacement_serial_number", "NEW-1")];
    assert_eq!(noc.post(&format!("/c/rmas/{own}/ship"), &ship).await.status, 403);
    // Nobody is nobody, and a form of another site is nobody's.
    let stranger = app.bare(Method::GET, "/c/rmas").send().await;
    assert_eq!((stranger.status.as_u16(), stranger.header("location")), (303, Some("/sign-in?next=/c/rmas")));
    let mut desk = staff(&app, Role::Operations).await;
    desk.get(&format!("/c/rmas/{own}")).await;
    let form = crate::people::form(&desk.page);
    let fields: Vec<_> = ship.into_iter().chain([("form", form.as_str())]).collect();
    assert_eq!(desk.send(&format!("/c/rmas/{own}/ship"), &fields, &[("sec-fetch-site", "cross-site")]).await.status, 403);
    assert_eq!(desk.send(&format!("/c/rmas/{own}/ship"), &ship, &[]).await.status, 403);
});

on_both_engines!(no_form_makes_the_console_stumble, |app| {
    world::fill(&app).await;
    let mut desk = staff(&app, Role::Operations).await;
    let long = "x".repeat(9_000);
    let forms: [&[(&str, &str)]; 6] = [
        &[("/lines/999999999999/serial_number", "x")],
        &[("/a/b/c/d/e/f/g", "x"), ("/a", "y"), ("/", "z"), ("//", "q")],
        &[("/severity:number", "1e999"), ("/severity:bool", "maybe")],
        &[("/summary", &long)],
        &[("method", "TRACE"), ("version", "\r\nx: y"), ("key", "\u{e9}")],
        &[("next", "https://evil.example"), ("/case", "\u{0}\u{202e}")],
    ];
    for fields in forms {
        for path in ["/c/calls", "/c/rmas", "/c/cases", "/c/sites/FLL-1", "/c/reports/what-if"] {
            desk.get("/c/issue").await;
            let answer = desk.post(path, fields).await;
            assert!((400..500).contains(&answer.status.as_u16()), "{path} {fields:?}: {} {}", answer.status, answer.text);
        }
    }
    for path in [
        "/c/rmas/nope",
        "/c/rmas?state=nope",
        "/c/nothing",
        "/c/rmas?cursor=%FF",
        "/c/sites/%00",
        "/csv/rmas?limit=x",
        "/c/issue?q=%F0%9F",
        "/c/issue?serial='",
    ] {
        let status = desk.get(path).await.status.as_u16();
        assert!((200..500).contains(&status) && status != 303, "{path}: {status}");
    }
});

on_both_engines!(today_tells_when_something_changes, |app| {
    world::fill(&app).await;
    let desk = staff(&app, Role::Operations).await;
    let cookie = format!("__Host-swapline={}", desk.session().unwrap());
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let mut live = client.get(format!("{}/c/live", app.base)).header("cookie", cookie).send().await.unwrap();
    assert_eq!(live.headers()["content-type"], "text/event-stream");
    let first = String::from_utf8(live.chunk().await.unwrap().unwrap().to_vec()).unwrap();
    assert!(first.starts_with("event: parts\ndata: ") && first.ends_with("\n\n"), "{first}");
    let number = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    let told = async {
        loop {
            let chunk = live.chunk().await.unwrap().expect("the stream goes on");
            if String::from_utf8_lossy(&chunk).contains(&number) {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), told).await.expect("nobody told");
});
