//! Couriers by the links of their letters: pages that show, forms that act once, and what becomes of dispatches.

use crate::app::{Answer, Engine, TestApp, on_both_engines};
use crate::steps::{column, number_of_new, step, text};
use crate::world::{self, front_desk};
use chrono::TimeDelta;
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Digest;
use swapline::rules::role::Role;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nnot much of a picture";

/// One part of a form: name, file name, content.
pub type Part<'a> = (&'a str, Option<&'a str>, &'a [u8]);

fn multipart(parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, content) in parts {
        let file = file.map(|f| format!("; filename=\"{f}\"\r\nContent-Type: application/octet-stream")).unwrap_or_default();
        body.extend(format!("--frontier\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").as_bytes());
        body.extend_from_slice(content);
        body.extend(b"\r\n");
    }
    body.extend(b"--frontier--\r\n");
    body
}

pub async fn page(app: &TestApp, link: &str) -> Answer {
    app.bare(Method::GET, link).send().await
}

/// The secret of a page's form.
fn secret(page: &Answer) -> String {
    let (_, after) = page.text.split_once("name=\"form\" value=\"").unwrap_or_else(|| panic!("no form: {}", page.text));
    after.split('"').next().unwrap().to_owned()
}

async fn send(app: &TestApp, link: &str, parts: &[Part<'_>]) -> Answer {
    let request = app.bare(Method::POST, link);
    request.raw("multipart/form-data; boundary=frontier", multipart(parts)).send().await
}

/// Opens the link and sends its form.
pub async fn submit(app: &TestApp, link: &str, parts: &[Part<'_>]) -> Answer {
    let secret = secret(&page(app, link).await);
    let mut all: Vec<Part<'_>> = vec![("form", None, secret.as_bytes())];
    all.extend_from_slice(parts);
    send(app, link, &all).await
}

/// A Gold Plus RMA whose letters are sent: its number and the four links of its first dispatch.
pub async fn dispatched(app: &TestApp) -> (String, Vec<String>) {
    world::fill(app).await;
    let number = number_of_new(app, "GP-1", &["PSU-450"], Some(front_desk())).await;
    app.run_jobs().await;
    let links = app.links(&key(&number, "dispatch/1"));
    assert_eq!(links.len(), 4, "{links:?}");
    (number, links)
}

pub fn key(number: &str, suffix: &str) -> String {
    format!("rma/{}/{suffix}", number.split('-').next().unwrap())
}

async fn rma(app: &TestApp, number: &str) -> Value {
    app.get(&format!("/api/v1/rmas/{number}")).await.expect(200)
}

async fn events(app: &TestApp, number: &str) -> Vec<String> {
    column(&app.get(&format!("/api/v1/rmas/{number}/events")).await.expect(200), "action")
}

fn count(actions: &[String], action: &str) -> usize {
    actions.iter().filter(|a| *a == action).count()
}

on_both_engines!(p4_2_a_courier_does_its_run_by_the_links_of_its_letter, |app| {
    let (number, links) = dispatched(&app).await;
    let [accept, picked_up, delivered, _] = links.as_slice() else { panic!() };
    let early = page(&app, delivered).await;
    assert!(early.text.contains("First follow the link") && !early.text.contains("<form"), "{}", early.text);

    let question = page(&app, accept).await;
    assert_eq!(question.status, 200);
    for word in ["Do you take this run?", "PSU-450", "851 Cypress Creek Rd", "tel:+19545550142", "Accept this run", "18:00 EST"] {
        assert!(question.text.contains(word), "{word} is missing: {}", question.text);
    }
    let taken = submit(&app, accept, &[]).await;
    assert_eq!((taken.status.as_u16(), taken.header("location")), (303, accept.strip_prefix("/d/")));
    let after = page(&app, accept).await;
    assert!(after.text.contains("You have accepted this run.") && !after.text.contains("<form"), "{}", after.text);

    app.pass(TimeDelta::minutes(30));
    let bad = submit(&app, picked_up, &[("serial_number", None, b" ")]).await;
    assert_eq!(bad.status, 422);
    assert!(bad.text.contains("role=\"alert\"") && bad.text.contains("<form"), "{}", bad.text);
    assert_eq!(rma(&app, &number).await["state"], "issued");
    assert_eq!(submit(&app, picked_up, &[("serial_number", None, b"new-77")]).await.status, 303);
    let shipped = rma(&app, &number).await;
    assert_eq!((&shipped["state"], &shipped["shipment"]["carrier"]), (&json!("shipped"), &json!("COURIER-1 Express")));
    assert_eq!(shipped["lines"][0]["replacement_serial_number"], "NEW-77");

    app.pass(TimeDelta::minutes(45));
    let proof: [Part<'_>; 5] = [
        ("received_by", None, "Zoë <Desk>".as_bytes()),
        ("photo", Some("door.png"), PNG),
        ("latitude", None, b"26.2001"),
        ("longitude", None, b"-80.1502"),
        ("accuracy", None, b"12"),
    ];
    assert_eq!(submit(&app, delivered, &proof).await.status, 303);
    let done = rma(&app, &number).await;
    assert_eq!((&done["state"], &done["shipment"]["received_by"]), (&json!("delivered"), &json!("Zoë <Desk>")));
    assert_eq!(done["shipment"]["delivered_at"], "2026-11-25T20:15:00Z");
    let after = page(&app, delivered).await;
    assert!(after.text.contains("It is delivered. Thank you."), "{}", after.text);
    // What a courier needed to know is nobody's business afterwards.
    for word in ["Cypress", "+19545550142", "Front Desk"] {
        assert!(!after.text.contains(word), "{word} is still shown: {}", after.text);
    }
    let told = events(&app, &number).await;
    for action in ["dispatch_accepted", "dispatch_picked_up", "shipped", "dispatch_delivered", "delivered"] {
        assert_eq!(count(&told, action), 1, "{action} in {told:?}");
    }
});

on_both_engines!(p4_2_what_only_looks_changes_nothing, |app| {
    let (number, links) = dispatched(&app).await;
    let (before, told) = (rma(&app, &number).await, events(&app, &number).await);
    for link in &links {
        for verb in [Method::GET, Method::HEAD, Method::OPTIONS, Method::PUT, Method::DELETE] {
            app.bare(verb, link).send().await;
        }
        // A scanner that posts to what it finds has not read the page.
        assert_eq!(send(&app, link, &[]).await.status, 422, "{link}");
        assert_eq!(send(&app, link, &[("form", None, b"AAAA"), ("received_by", None, b"X")]).await.status, 422);
        let other = secret(&page(&app, &links[3]).await);
        if link != &links[3] {
            assert_eq!(send(&app, link, &[("form", None, other.as_bytes())]).await.status, 422, "the form of another link");
        }
        assert!(app.bare(Method::POST, link).body("x=y").send().await.status.is_client_error());
    }
    assert_eq!((rma(&app, &number).await, events(&app, &number).await), (before, told));
});

on_both_engines!(p4_2_a_link_hit_fifty_times_at_once_has_one_effect, |app| {
    let (number, links) = dispatched(&app).await;
    let fields: [(&str, &[Part<'_>], &str, &str); 3] = [
        (&links[0], &[], "dispatch_accepted", "dispatch/1"),
        (&links[1], &[("serial_number", None, b"NEW-1")], "shipped", "shipped"),
        (&links[2], &[("received_by", None, b"Front Desk"), ("photo", Some("a.png"), PNG)], "delivered", "delivered"),
    ];
    for (link, parts, action, letter) in fields {
        let secret = secret(&page(&app, link).await);
        let mut all: Vec<Part<'_>> = vec![("form", None, secret.as_bytes())];
        all.extend_from_slice(parts);
        let answers = join_all((0..50).map(|_| send(&app, link, &all))).await;
        let statuses: Vec<u16> = answers.iter().map(|a| a.status.as_u16()).collect();
        assert_eq!(statuses, [303; 50], "{action}");
        assert_eq!(count(&events(&app, &number).await, action), 1, "{action}");
        app.run_jobs().await;
        let letters = app.memory.letters();
        assert_eq!(letters.iter().filter(|l| l.key == key(&number, letter)).count(), 1, "{letter}");
    }
    let told = events(&app, &number).await;
    assert_eq!((count(&told, "dispatch_picked_up"), count(&told, "dispatch_delivered")), (1, 1), "{told:?}");
    let shipment = text(&rma(&app, &number).await["shipment"]["id"]);
    let proof = app.get(&format!("/api/v1/shipments/{shipment}/proof")).await.expect(200);
    assert_eq!(proof["pictures"].as_array().unwrap().len(), 1, "one photo is kept");
});

on_both_engines!(p4_2_a_changed_dispatch_takes_the_place_of_the_one_before, |app| {
    let (number, first) = dispatched(&app).await;
    assert_eq!(submit(&app, &first[0], &[]).await.status, 303);
    let night = json!({"name": "Night Desk", "phone": "+19545550143", "accepts_delivery": true});
    app.post(&format!("/api/v1/rmas/{number}/contact"), night).await.expect(200);
    app.run_jobs().await;
    let second = app.links(&key(&number, "dispatch/2"));
    assert_eq!(second.len(), 3, "it is accepted already: {second:?}");
    for link in &first {
        let old = page(&app, link).await;
        assert!(old.text.contains("This run has changed") && !old.text.contains("<form"), "{}", old.text);
        assert!(!old.text.contains("Night Desk") && !old.text.contains("+1954555"), "{}", old.text);
    }
    assert_eq!(submit(&app, &second[0], &[("serial_number", None, b"NEW-1")]).await.status, 303);
    // What was begun goes on by the newest letter.
    let day = json!({"name": "Day Desk", "phone": "+19545550144", "accepts_delivery": true});
    app.post(&format!("/api/v1/rmas/{number}/contact"), day).await.expect(200);
    app.run_jobs().await;
    let third = app.links(&key(&number, "dispatch/3"));
    let told = page(&app, &third[0]).await;
    assert!(told.text.contains("You have picked up the part.") && told.text.contains("Day Desk"), "{}", told.text);
    assert_eq!(submit(&app, &third[1], &[("received_by", None, b"Day Desk")]).await.status, 303);
    assert_eq!(rma(&app, &number).await["state"], "delivered");
});

on_both_engines!(p4_2_a_cancelled_run_has_no_link_that_works, |app| {
    let (number, links) = dispatched(&app).await;
    step(&app, &number, "cancel", "GP-1").await;
    app.run_jobs().await;
    for link in &links {
        let off = page(&app, link).await;
        assert!(off.text.contains("This run is cancelled") && !off.text.contains("<form"), "{}", off.text);
        assert!(!off.text.contains("Cypress") && !off.text.contains("+19545550142"), "{}", off.text);
    }
    let cancelled = app.memory.letters().into_iter().find(|l| l.key == key(&number, "dispatch/1/cancelled")).unwrap();
    let message = mail_parser::MessageParser::default();
    let message = message.parse(&cancelled.bytes).unwrap();
    let entry = String::from_utf8_lossy(message.attachment(0).unwrap().contents()).into_owned();
    assert!(entry.contains("METHOD:CANCEL") && entry.contains("SEQUENCE:1") && entry.contains("STATUS:CANCELLED"), "{entry}");
});

on_both_engines!(p4_2_links_end, |app| {
    let (number, links) = dispatched(&app).await;
    let secret = secret(&page(&app, &links[0]).await);
    app.pass(TimeDelta::hours(72) - TimeDelta::seconds(1));
    assert_eq!(page(&app, &links[0]).await.status, 200);
    app.pass(TimeDelta::seconds(1));
    let late = page(&app, &links[0]).await;
    assert_eq!(late.status, 410);
    assert!(late.text.contains("This link has expired") && !late.text.contains(&number), "{}", late.text);
    assert_eq!(send(&app, &links[0], &[("form", None, secret.as_bytes())]).await.status, 410);
    assert_eq!(count(&events(&app, &number).await, "dispatch_accepted"), 0);
});

on_both_engines!(p4_2_who_does_not_accept_is_reminded_and_then_another_courier_is_asked, |app| {
    world::fill(&app).await;
    with_couriers(&app, "SC-FLL", &["COURIER-1", "COURIER-2"]).await;
    let number = number_of_new(&app, "GP-1", &["PSU-450"], Some(front_desk())).await;
    app.run_jobs().await;
    let first = app.links(&key(&number, "dispatch/1"));
    let keys = |app: &TestApp| app.memory.letters().into_iter().map(|l| l.key).filter(|k| k.contains("dispatch")).collect::<Vec<_>>();
    let named = |suffixes: &[&str]| suffixes.iter().map(|s| key(&number, s)).collect::<Vec<_>>();
    app.pass(TimeDelta::seconds(449));
    app.run_jobs().await;
    assert_eq!(keys(&app), named(&["dispatch/1"]));
    app.pass(TimeDelta::seconds(1));
    app.run_jobs().await;
    app.run_jobs().await;
    assert_eq!(keys(&app), named(&["dispatch/1", "dispatch/1/reminder"]));
    assert_eq!(app.links(&key(&number, "dispatch/1/reminder")), first, "the same links again");

    app.pass(TimeDelta::seconds(450));
    app.run_jobs().await;
    let mut sent = keys(&app).split_off(2);
    sent.sort();
    assert_eq!(sent, named(&["dispatch/1/alert", "dispatch/1/cancelled", "dispatch/2"]));
    assert_eq!(rma(&app, &number).await["shipment"]["courier"], "COURIER-2");
    assert!(page(&app, &first[0]).await.text.contains("This run is cancelled"));
    let alert = app.memory.letters().into_iter().find(|l| l.key == key(&number, "dispatch/1/alert")).unwrap();
    assert_eq!(alert.to, ["rma@vendor.example"], "nobody else is named in the settings");

    // The second one doesn't answer either: nobody is left, and its links still work.
    app.pass(TimeDelta::days(1));
    app.run_jobs().await;
    app.run_jobs().await;
    let sent = keys(&app).split_off(5);
    assert_eq!(sent, named(&["dispatch/2/alert"]));
    let second = app.links(&key(&number, "dispatch/2"));
    assert_eq!(submit(&app, &second[0], &[]).await.status, 303);
    app.pass(TimeDelta::days(1));
    app.run_jobs().await;
    assert_eq!(keys(&app).len(), 6, "an accepted dispatch is left alone");
});

/// Says which couriers a center has.
pub async fn with_couriers(app: &TestApp, center: &str, couriers: &[&str]) {
    let path = format!("/api/v1/service-centers/{center}");
    let was = app.get(&path).await;
    let (etag, mut body) = (was.header("etag").unwrap().to_owned(), was.body);
    for name in ["version", "created_at", "updated_at"] {
        body.as_object_mut().unwrap().remove(name);
    }
    body["couriers"] = json!(couriers);
    app.bare(Method::PUT, &path).token(&app.operations).header("if-match", &etag).json(body).send().await.expect(200);
}

on_both_engines!(p4_2_a_problem_is_told_to_operations_and_the_run_goes_on, |app| {
    let (number, links) = dispatched(&app).await;
    submit(&app, &links[0], &[]).await;
    let report: [Part<'_>; 2] = [("reason", None, b"Nobody at the door."), ("photo", Some("door.jpg"), b"\xff\xd8\xff\xe0jpeg")];
    assert_eq!(submit(&app, &links[3], &report).await.status, 303);
    app.run_jobs().await;
    let alert = app.memory.letters().into_iter().find(|l| l.key.contains("/problem/")).unwrap();
    let message = mail_parser::MessageParser::default();
    assert!(message.parse(&alert.bytes).unwrap().body_text(0).unwrap().contains("reports a problem with dispatch 1: Nobody at the door."));
    let shown = page(&app, &links[3]).await;
    assert!(shown.text.contains("You have reported a problem.") && !shown.text.contains("<form"), "{}", shown.text);
    // Once it is solved, the next step is one of the same letter.
    assert_eq!(submit(&app, &links[1], &[("serial_number", None, b"NEW-1")]).await.status, 303);
    assert_eq!(rma(&app, &number).await["state"], "shipped");
});

on_both_engines!(pictures_are_bounded_and_of_two_kinds, |app| {
    let (number, links) = dispatched(&app).await;
    step(&app, &number, "ship", "GP-1").await;
    let by: Part<'_> = ("received_by", None, b"Front Desk");
    let mut large = PNG.to_vec();
    large.resize(2 * 1024 * 1024 + 1, 0);
    let mut huge = PNG.to_vec();
    huge.resize(9_000_000, 0);
    for (bytes, status) in [(b"<svg onload=alert(1)>".as_slice(), 422), (b"GIF89a", 422), (&large, 422), (&huge, 413)] {
        let answer = submit(&app, &links[2], &[by, ("photo", Some("a.png"), bytes)]).await;
        assert_eq!(answer.status.as_u16(), status);
    }
    assert_eq!(rma(&app, &number).await["state"], "shipped");
    large.truncate(2 * 1024 * 1024);
    let drawn: &[u8] =
        b"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    assert_eq!(submit(&app, &links[2], &[by, ("photo", Some("a.png"), &large), ("signature", None, drawn)]).await.status, 303);
    let shipment = text(&rma(&app, &number).await["shipment"]["id"]);
    let proof = app.get(&format!("/api/v1/shipments/{shipment}/proof")).await.expect(200);
    assert_eq!((&proof["received_by"], &proof["delivered_at"]), (&json!("Front Desk"), &json!("2026-11-25T19:00:00Z")));
    let pictures = proof["pictures"].as_array().unwrap();
    assert_eq!((&pictures[0]["shows"], &pictures[0]["bytes"]), (&json!("delivery_photo"), &json!(2_097_152)));
    assert_eq!((&pictures[1]["shows"], &pictures[1]["media_type"]), (&json!("signature"), &json!("image/png")));
    assert_eq!(text(&pictures[1]["content"]), std::str::from_utf8(drawn).unwrap().split_once(',').unwrap().1);
    let sha256: String = sha2::Sha256::digest(&large).iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(text(&pictures[0]["sha256"]), sha256);
});

#[tokio::test]
async fn pages_keep_browsers_careful() {
    let app = TestApp::start(Engine::Sqlite).await;
    let (_, links) = dispatched(&app).await;
    let shown = page(&app, &links[2]).await;
    let lost = page(&app, "/d/AAAA").await;
    assert_eq!(lost.status, 404);
    for answer in [&shown, &lost] {
        let csp = answer.header("content-security-policy").unwrap();
        assert!(csp.starts_with("default-src 'none'") && !csp.contains("unsafe") && csp.contains("frame-ancestors 'none'"), "{csp}");
        for (name, value) in [
            ("referrer-policy", "no-referrer"),
            ("x-frame-options", "DENY"),
            ("x-content-type-options", "nosniff"),
            ("cache-control", "no-store"),
            ("x-robots-tag", "noindex, nofollow"),
            ("content-type", "text/html; charset=utf-8"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{name}");
        }
        assert!(!answer.text.contains("style=") && !answer.text.contains("<style") && !answer.text.contains(" onclick"), "{}", answer.text);
        assert!(!answer.text.contains("http://") && !answer.text.contains("https://"), "nothing from elsewhere: {}", answer.text);
        let css = answer.text.split("href=\"../").nth(1).unwrap().split('"').next().unwrap();
        let file = page(&app, &format!("/{css}")).await;
        assert_eq!((file.status.as_u16(), file.header("content-type")), (200, Some("text/css; charset=utf-8")));
        assert_eq!(file.header("cache-control"), Some("public, max-age=31536000, immutable"));
    }
    assert_eq!(page(&app, "/assets/courier-0000000000000000.css").await.status, 404);
}

on_both_engines!(p4_2_the_customer_follows_the_run_and_sees_no_more, |app| {
    let (number, links) = dispatched(&app).await;
    let follow = app.links(&key(&number, "issued"));
    assert_eq!(follow.len(), 1);
    let at_first = page(&app, &follow[0]).await;
    assert!(
        at_first.text.contains("Your replacement is being prepared") && at_first.text.contains("Courier sent for"),
        "{}",
        at_first.text
    );
    assert!(!at_first.text.contains("COURIER-1 Express"), "nobody has taken it yet");
    submit(&app, &links[0], &[]).await;
    submit(&app, &links[1], &[("serial_number", None, b"NEW-1")]).await;
    let on_its_way = page(&app, &follow[0]).await;
    assert!(on_its_way.text.contains("on its way") && on_its_way.text.contains("COURIER-1 Express"), "{}", on_its_way.text);
    submit(&app, &links[2], &[("received_by", None, b"Front Desk")]).await;
    let there = page(&app, &follow[0]).await;
    assert!(there.text.contains("Your replacement is delivered"), "{}", there.text);
    for answer in [&at_first, &on_its_way, &there] {
        for word in ["Front Desk", "+1954", "Cypress", "ACME", "Depot", "GP-1", "NEW-1", "<form", "couriers.example"] {
            assert!(!answer.text.contains(word), "{word}: {}", answer.text);
        }
    }
    assert!(send(&app, &follow[0], &[]).await.status.is_client_error());
    app.pass(TimeDelta::days(3));
    assert_eq!(page(&app, &follow[0]).await.status, 410);
    let silver = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    app.run_jobs().await;
    assert_eq!(app.links(&key(&silver, "issued")), Vec::<String>::new());
});

on_both_engines!(p4_2_a_courier_does_the_same_by_the_api, |app| {
    let (number, links) = dispatched(&app).await;
    let (courier, stranger) =
        (app.make_token(Role::Courier, None, Some("COURIER-1")).await, app.make_token(Role::Courier, None, Some("COURIER-2")).await);
    let shipment = text(&rma(&app, &number).await["shipment"]["id"]);
    let post = |token: &str, step: &str, body: Value| {
        app.bare(Method::POST, &format!("/api/v1/shipments/{shipment}/{step}")).token(token).json(body).send()
    };
    post(&stranger, "accept", json!({})).await.problem(404, "not_found");
    let rehearsed = app.bare(Method::POST, &format!("/api/v1/shipments/{shipment}/accept?dry_run=true")).token(&courier).json(json!({}));
    assert_eq!(rehearsed.send().await.expect(200)["state"], "accepted");
    for _ in 0..2 {
        let accepted = post(&courier, "accept", json!({})).await.expect(200);
        assert_eq!((&accepted["state"], &accepted["rma"], &accepted["dispatch"]), (&json!("accepted"), &json!(number), &json!(1)));
        app.pass(TimeDelta::minutes(1));
    }
    post(&courier, "deliver", json!({"received_by": "Desk"})).await.problem(409, "not_picked_up");
    post(&courier, "pick-up", json!({})).await.problem(422, "replacement_count");
    let serials = json!({"replacement_serial_numbers": ["NEW-1"]});
    assert_eq!(post(&courier, "pick-up", serials).await.expect(200)["state"], "picked_up");
    let reported = post(&courier, "problem", json!({"reason": "The road is closed."})).await.expect(200);
    assert_eq!((&reported["state"], &reported["problem"]), (&json!("problem"), &json!("The road is closed.")));
    for (body, field) in [
        (json!({"received_by": "Desk", "photo": "R0lGODlh"}), "/photo"),
        (json!({"received_by": "Desk", "signature": "?"}), "/signature"),
        (json!({"received_by": "Desk", "position": {"latitude": 91, "longitude": 0}}), "/position"),
        (json!({"received_by": "Desk", "position": {"latitude": 1, "longitude": 0, "accuracy_meters": -1}}), "/position/accuracy_meters"),
    ] {
        let answer = post(&courier, "deliver", body).await;
        assert_eq!((answer.status.as_u16(), answer.faults()[0].0.as_str()), (422, field), "{}", answer.text);
    }
    let there = json!({"received_by": "Desk", "position": {"latitude": 26.2, "longitude": -80.15, "accuracy_meters": 8}});
    assert_eq!(post(&courier, "deliver", there).await.expect(200)["state"], "delivered");
    assert!(page(&app, &links[2]).await.text.contains("It is delivered. Thank you."), "the links show it too");
    post(&courier, "problem", json!({"reason": "Too late."})).await.problem(409, "dispatch_state_clash");
    let proof = app.get(&format!("/api/v1/shipments/{shipment}/proof")).await.expect(200);
    assert_eq!((&proof["latitude"], &proof["accuracy_meters"], &proof["pictures"]), (&json!(26.2), &json!(8.0), &json!([])));
    let silver = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    let other = text(&rma(&app, &silver).await["shipment"]["id"]);
    app.post(&format!("/api/v1/shipments/{other}/accept"), json!({})).await.problem(409, "no_dispatch");
});
