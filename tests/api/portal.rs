//! The pages of customers, as browsers see them without JavaScript: what is theirs, what happens next, and what they do for it.

use crate::app::{Engine, TestApp, on_both_engines};
use crate::browser::{Browser as Seen, Open, Size};
use crate::console::staff;
use crate::kept_media::keep_media;
use crate::people::{Browser, PASSWORD, between, customer};
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

on_both_engines!(an_rma_is_answered_on_its_page, |app| {
    world::fill(&app).await;
    let mut noc = noc(&app).await;
    let foreign = number_of_new(&app, "ES-1", &["PSU-450"], None).await;
    assert_eq!(noc.get(&format!("/my/rmas/{foreign}")).await.status, 404);
    assert_eq!(noc.get("/my/rmas/nope").await.status, 400);
    // A courier's run waits for the contact.
    let run = number_of_new(&app, "GP-1", &["PSU-450"], None).await;
    let (path, home) = (format!("/my/rmas/{run}"), format!("/c/rmas/{run}"));
    let page = noc.get(&path).await;
    assert_eq!(page.status, 200, "{}", page.text);
    says(&page.text, &["Your turn", "Tell us who takes the delivery", "Who takes the delivery"]);
    assert!(!page.text.contains("I have shipped it"), "nobody asked for it yet");
    let wrong = [("next", path.as_str()), ("/name", "Front Desk"), ("/phone", "12"), ("/accepts_delivery:bool", "true")];
    let again = noc.post(&format!("{home}/contact"), &wrong).await;
    assert!(again.status == 422 && again.text.contains("Front Desk") && again.text.contains("aria-invalid"), "{}", again.text);
    noc.get(&path).await;
    let right = [("next", path.as_str()), ("/name", "Front Desk"), ("/phone", "+19545550142"), ("/accepts_delivery:bool", "true")];
    let named = noc.post(&format!("{home}/contact"), &right).await;
    assert_eq!((named.status.as_u16(), named.header("location")), (303, Some(path.as_str())), "{}", named.text);
    let page = noc.get(&path).await.text;
    says(&page, &["Our turn", "A courier brings your replacement.", "With you by", "value=\"Front Desk\"", "Follow the courier"]);
    let follow = between(&page, "href=\"/d/", "\"").to_owned();
    says(&noc.get(&format!("/d/{follow}")).await.text, &["Your replacement is being prepared"]);
    // The way back of a parcel.
    let number = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    let path = format!("/my/rmas/{number}");
    for next in ["ship", "deliver"] {
        assert!(!noc.get(&path).await.text.contains("I have shipped it"));
        step(&app, &number, next, "NEW-1").await;
    }
    let page = noc.get(&path).await.text;
    says(
        &page,
        &[
            "Send the defective unit back to us with the return label.",
            "Back with us by",
            "the end of ",
            "Return label (PDF)",
            "I have shipped it",
        ],
    );
    let label = noc.get(&format!("/c/rmas/{number}/return-label?format=pdf")).await;
    assert_eq!((label.status.as_u16(), label.header("content-type")), (200, Some("application/pdf")));
    noc.get(&path).await;
    let sent = [("next", path.as_str()), ("key", "k1"), ("/carrier", "Parcel Service"), ("/tracking_number", "PS-2")];
    assert_eq!(noc.post(&format!("/c/rmas/{number}/return-shipped"), &sent).await.header("location"), Some(path.as_str()));
    let page = noc.get(&path).await.text;
    says(&page, &["The defective unit is on its way back to us.", "PS-2"]);
    // Nobody answers for others.
    let (mut other, _) = customer(&app, "noc@other.example", "OTHER", false).await;
    other.get("/my").await;
    assert_eq!(other.post(&format!("/c/rmas/{number}/return-shipped"), &sent).await.status, 404);
    assert_eq!(other.get(&path).await.status, 404);
    let events = app.get(&format!("/api/v1/rmas/{number}/events")).await.expect(200);
    let by = events["items"].as_array().unwrap().iter().find(|event| event["action"] == "return_shipped").unwrap();
    assert!(by["actor"].as_str().unwrap().starts_with("person:"), "{by}");
});

on_both_engines!(p4_6_who_keeps_media_hands_in_the_certificate_on_the_page, |app| {
    world::fill(&app).await;
    keep_media(&app, "K-SILVER").await;
    let number = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    step(&app, &number, "ship", "NEW-1").await;
    step(&app, &number, "deliver", "NEW-1").await;
    let mut noc = noc(&app).await;
    let path = format!("/my/rmas/{number}");
    let page = noc.get(&path).await.text;
    says(&page, &["Have the defective unit destroyed, and hand in the certificate.", "Certificate of destruction for"]);
    assert!(!page.contains("Return label") && !page.contains("I have shipped it"), "nothing is sent: {page}");
    let certificate =
        |day| [("next", path.as_str()), ("/certificate_number", "CD-1"), ("/destroyed_on", day), ("/destroyed_by", "Shredding")];
    let future = noc.post(&format!("/c/rmas/{number}/lines/1/destruction"), &certificate("2099-01-01")).await;
    assert!(future.status == 422 && future.text.contains("in the future"), "{}", future.text);
    noc.get(&path).await;
    let today = app.desk.clock.now().date_naive().to_string();
    assert_eq!(noc.post(&format!("/c/rmas/{number}/lines/1/destruction"), &certificate(&today)).await.status, 303);
    says(&noc.get(&path).await.text, &["CD-1", "Everything is settled on your side."]);
});

/// The fields of a new site.
fn site<'t>(city: &'t str, code: &'t str, country: &'t str) -> Vec<(&'t str, &'t str)> {
    vec![
        ("key", "site-1"),
        ("next", "/my/sites/{made}"),
        ("/name", "Harbor office"),
        ("/address/lines/0", "1 Harbor St"),
        ("/address/lines/1", ""),
        ("/address/city", city),
        ("/address/postal_code", code),
        ("/address/country", country),
        ("/position/latitude:number", ""),
    ]
}

on_both_engines!(p5_1_a_site_is_looked_up_before_it_is_registered, |app| {
    world::fill(&app).await;
    let mut noc = noc(&app).await;
    let page = noc.get("/my/sites/new").await;
    assert_eq!(page.status, 200, "{}", page.text);
    let order = |text: &str, ids: &[&str]| {
        let at: Vec<usize> =
            ids.iter().map(|id| text.find(&format!("<label for=\"{id}\">")).unwrap_or_else(|| panic!("{id}: {text}"))).collect();
        assert!(at.is_sorted(), "{ids:?}: {at:?}");
    };
    order(&page.text, &["line1", "city", "region", "code"]);
    says(&page.text, &["ZIP code", "State"]);
    let page = noc.get("/my/sites/new?country=es").await.text;
    order(&page, &["line1", "code", "city", "region"]);
    says(&page, &["Province", "value=\"ES\" selected", "Postal code"]);
    says(&noc.get("/my/sites/new?country=xx").await.text, &["value=\"US\" selected"]);
    // Looked up, and kept by nobody.
    noc.get("/my/sites/new").await;
    let found = noc.post("/my/sites/look", &site("Fort Lauderdale", "33309", "US")).await;
    assert_eq!(found.status, 200, "{}", found.text);
    says(
        &found.text,
        &["Gold Plus reaches it", "By its postal code", "SC-FLL", "miles to spare", "Nothing is saved yet.", "value=\"Harbor office\""],
    );
    let far = noc.post("/my/sites/look", &site("Key West", "33040", "US")).await.text;
    says(&far, &["Too far for Gold Plus", "miles too far"]);
    let unknown = noc.post("/my/sites/look", &site("Nowhereville Nowhere", "", "US")).await.text;
    says(&unknown, &["We can&#39;t find it", "We know neither the postal code nor the city."]);
    let wrong = noc.post("/my/sites/look", &site("", "33309", "Atlantis")).await;
    assert!(wrong.status == 422 && wrong.text.contains("value=\"1 Harbor St\""), "{} {}", wrong.status, wrong.text);
    let list = app.get("/api/v1/sites?organization=ACME").await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 2, "looking is not saving");
    // Saved.
    noc.get("/my/sites/new").await;
    let saved = noc.post("/c/sites", &site("Fort Lauderdale", "33309", "US")).await;
    let to = saved.header("location").unwrap().to_owned();
    assert!(saved.status == 303 && to.starts_with("/my/sites/SITE-"), "{to} {}", saved.text);
    says(
        &noc.get("/my/sites").await.text,
        &["Harbor office", "Gold Plus reaches it", "1 Harbor St, Fort Lauderdale, 33309, United States"],
    );
    // Corrected, with what else it has as it was.
    let page = noc.get(&to).await.text;
    let version = between(&page, "name=\"version\" value=\"", "\">").replace("&#34;", "\"");
    let mut fields = site("Key West", "33040", "US");
    fields.retain(|(name, _)| !matches!(*name, "next" | "key"));
    fields.extend([
        ("key", "site-2"),
        ("method", "PUT"),
        ("version", version.as_str()),
        ("next", to.as_str()),
        ("/contact/name", "Dock"),
        ("/contact/phone", "+19545550123"),
    ]);
    let put = noc.post(&to.replace("/my/", "/c/"), &fields).await;
    assert_eq!((put.status.as_u16(), put.header("location")), (303, Some(to.as_str())), "{}", put.text);
    says(&noc.get("/my/sites").await.text, &["Too far for Gold Plus", "1 Harbor St, Key West, 33040"]);
    says(&noc.get(&to).await.text, &["value=\"Dock\"", "value=\"33040\""]);
});

on_both_engines!(p4_3_an_address_says_why_it_can_not_change_before_anybody_types, |app| {
    world::fill(&app).await;
    let mut noc = noc(&app).await;
    let page = noc.get("/my/sites/FLL-1").await.text;
    assert!(!page.contains("The address can't change") && page.contains("value=\"26.2\""), "{page}");
    let number = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    let page = noc.get("/my/sites/FLL-1").await.text;
    says(&page, &["The address can't change now", &format!("/my/rmas/{number}"), " readonly"]);
    assert!(!page.contains("Look it up"), "{page}");
    // Who sends it all the same is refused by the API.
    let fields: Vec<_> = site("Miami", "33101", "US").into_iter().chain([("method", "PUT"), ("version", "*")]).collect();
    let refused = noc.post("/c/sites/FLL-1", &fields).await;
    assert!(refused.status == 409 && refused.text.contains(&number), "{} {}", refused.status, refused.text);
    // The sites of others are nobody's business.
    assert_eq!(noc.get("/my/sites/MAD-1").await.status, 404);
    assert_eq!(noc.get("/my/sites/%00").await.status, 404);
    noc.get("/my/sites/new").await;
    assert_eq!(noc.post("/my/sites/look", &[("site", "MAD-1"), ("/address/city", "Madrid"), ("/address/country", "ES")]).await.status, 404);
    let mut desk = staff(&app, Role::Operations).await;
    for path in ["/my/sites", "/my/sites/new", "/my/sites/FLL-1", &format!("/my/rmas/{number}")] {
        assert_eq!(desk.get(path).await.status, 403, "{path}");
    }
});

on_both_engines!(no_form_makes_the_portal_stumble, |app| {
    world::fill(&app).await;
    let mut noc = noc(&app).await;
    let long = "x".repeat(9_000);
    let forms: [&[(&str, &str)]; 6] = [
        &[],
        &[("/address/country", "US"), ("/address/lines/999999999", "x")],
        &[("/address/city/x/y", "z"), ("/address/country", "US")],
        &[("/position/latitude:number", "1e999"), ("/address/country", "US"), ("/address/city", "Miami")],
        &[("/address/city", &long), ("/address/country", "US")],
        &[("site", "\u{0}"), ("/address/city", "\u{202e}")],
    ];
    for fields in forms {
        noc.get("/my/sites/new").await;
        let answer = noc.post("/my/sites/look", fields).await;
        assert!((400..500).contains(&answer.status.as_u16()), "{fields:?}: {} {}", answer.status, answer.text);
    }
    assert_eq!(noc.send("/my/sites/look", &site("Miami", "33101", "US"), &[]).await.status, 403, "a form of nobody's");
});

/// Signs a real browser in.
async fn seat(app: &TestApp, browser: &Seen) {
    browser.open(app, "/sign-in").await;
    browser.type_into("#email", "noc@acme.example").await;
    browser.type_into("#password", PASSWORD).await;
    browser.click("main button").await;
    browser.wait_for("location.pathname", serde_json::json!("/my")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_portal_fits_a_phone_and_a_laptop() {
    let app = TestApp::start(Engine::Sqlite).await;
    world::fill(&app).await;
    noc(&app).await;
    number_of_new(&app, "GP-1", &["PSU-450"], None).await;
    let back = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    step(&app, &back, "ship", "NEW-1").await;
    step(&app, &back, "deliver", "NEW-1").await;
    let mut seen = Vec::new();
    for (size, name) in [(Size::Phone, "phone"), (Size::Laptop, "laptop")] {
        let browser = Open::new(size).without_script().start().await;
        seat(&app, &browser).await;
        for (path, page) in [
            ("/my", "home"),
            (&format!("/my/rmas/{back}"), "rma"),
            ("/my/rmas/R10000001-1", "run"),
            ("/my/sites", "sites"),
            ("/my/sites/FLL-1", "blocked"),
        ] {
            browser.open(&app, path).await;
            browser.fits().await;
            browser.shot(&format!("my-{page}-{name}")).await;
        }
        browser.open(&app, "/my/sites/new").await;
        browser.type_into("#name", "Harbor office").await;
        browser.type_into("#line1", "1 Harbor St").await;
        browser.type_into("#city", "Fort Lauderdale").await;
        browser.type_into("#code", "33309").await;
        browser.click("button[formaction]").await;
        browser.wait_for_text("main", "Gold Plus reaches it").await;
        browser.fits().await;
        browser.shot(&format!("my-site-{name}")).await;
        seen.push(browser);
    }
    for browser in seen {
        browser.complains_about_nothing().await;
        browser.close().await;
    }
}
