//! Positions that somebody gave: questioned, confirmed, and judged alike by check, certificate, promise and batch command.

use crate::app::{Engine, TestApp, on_both_engines};
use crate::batch::swapline;
use crate::steps::text;
use crate::world::{self, rma_body, verified_case};
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::Arc;
use swapline::actions::ActionError;
use swapline::actions::check_site::{Place, check_site};
use swapline::jobs::{Desk, certify};
use swapline::reference::Reference;
use swapline::rules::position::Point;
use swapline::rules::text::{Country, PostalCode};
use swapline::store::{Json, StoreError, events};

/// A place with what speaks for or against it.
struct Case {
    name: &'static str,
    country: &'static str,
    postal_code: Option<&'static str>,
    position: Option<(f64, f64)>,
    verdict: &'static str,
    reasons: &'static [&'static str],
}

const fn case(name: &'static str, country: &'static str, postal_code: Option<&'static str>, position: Option<(f64, f64)>) -> Case {
    Case { name, country, postal_code, position, verdict: "eligible", reasons: &[] }
}

/// SC-FLL is in Fort Lauderdale, SC-MAD in Madrid.
const CASES: [Case; 7] = [
    case("FINE", "US", Some("33309"), Some((26.20, -80.15))),
    // Nassau, as the address of a site in the United States.
    Case { verdict: "confirm_position", reasons: &["position_in_other_country"], ..case("ABROAD", "US", None, Some((25.0443, -77.3504))) },
    // The postal code of Orlando, 270 km to the north.
    Case {
        verdict: "confirm_position",
        reasons: &["position_far_from_postal_code"],
        ..case("FAR", "US", Some("32801"), Some((26.20, -80.15)))
    },
    Case {
        verdict: "confirm_position",
        reasons: &["position_in_other_country", "position_far_from_postal_code"],
        ..case("BOTH", "US", Some("33309"), Some((40.42, -3.70)))
    },
    Case { verdict: "out_of_range", reasons: &["site_out_of_range"], ..case("KEYS", "US", Some("33040"), Some((24.5551, -81.78))) },
    case("CODE", "US", Some("33309"), None),
    Case { verdict: "confirm_position", reasons: &["position_in_other_country"], ..case("SAN-JUAN", "US", None, Some((18.40, -66.06))) },
];

impl Case {
    fn address(&self) -> Value {
        json!({"lines": ["1 Road"], "city": "Nowhere", "postal_code": self.postal_code, "country": self.country})
    }
    fn place(&self) -> Value {
        json!(self.position.map(|(latitude, longitude)| json!({"latitude": latitude, "longitude": longitude})))
    }
    fn check(&self) -> Value {
        json!({"country": self.country, "address": {"postal_code": self.postal_code}, "position": self.place()})
    }
    fn site(&self) -> Value {
        json!({"code": self.name, "organization": "ACME", "name": self.name, "address": self.address(), "position": self.place()})
    }
    fn row(&self) -> String {
        let (latitude, longitude) = self.position.map_or_else(Default::default, |(n, e)| (n.to_string(), e.to_string()));
        format!("{},{},{latitude},{longitude},,{},,", self.name, self.country, self.postal_code.unwrap_or_default())
    }
}

fn codes(reasons: &Value) -> Vec<String> {
    reasons.as_array().unwrap().iter().map(|r| text(&r["code"])).collect()
}

async fn current(app: &TestApp, site: &str) -> Value {
    app.get(&format!("/api/v1/sites/{site}/certificates")).await.expect(200)["items"][0].clone()
}

/// Issues an RMA for a new appliance with Gold Plus at this site.
async fn promise(app: &TestApp, serial: &str, site: &str) -> Value {
    let appliance = json!({"serial_number": serial, "organization": "ACME", "model": "MX-1", "site": site, "contracts": ["K-GP"]});
    app.post("/api/v1/appliances", appliance).await.expect(201);
    let case = verified_case(app, serial, &["PSU-450"]).await;
    let body = rma_body(&case, serial, &["PSU-450"], Some(world::front_desk()));
    app.post_once("/api/v1/rmas", serial, body).await.expect(201)
}

/// The verdicts of the batch command by the centers of the world.
fn batch() -> Vec<(String, String)> {
    let folder = tempfile::tempdir().unwrap();
    let centers = folder.path().join("centers.csv");
    let rows = "id,name,country,latitude,longitude,tz,opens_on,closes_on\nSC-FLL,,US,26.0726,-80.1527,,2015-03-16,\n\
        SC-MAD,,ES,40.4719,-3.5626,,2015-03-16,\n";
    std::fs::write(&centers, rows).unwrap();
    let sites: Vec<String> = CASES.iter().map(Case::row).collect();
    let input = format!("id,country,latitude,longitude,radius_m,postal_code,city,region\n{}\n", sites.join("\n"));
    let output = swapline(&["coverage", "--sites", "-", "--out", "-", "--centers", centers.to_str().unwrap()], &input);
    let out = String::from_utf8(output.stdout).unwrap();
    let cells = out.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    cells.map(|row| (row[0].clone(), row[1].clone())).collect()
}

on_both_engines!(p5_3_check_certificate_promise_and_batch_question_alike, |app| {
    world::fill(&app).await;
    let batch = batch();
    for (case, (name, in_batch)) in CASES.iter().zip(batch) {
        let check = app.post("/api/v1/sites/check", case.check()).await.expect(200);
        assert_eq!(
            (text(&check["verdict"]).as_str(), codes(&check["reasons"])),
            (case.verdict, case.reasons.iter().map(ToString::to_string).collect()),
            "{check}"
        );
        assert_eq!((name.as_str(), in_batch.as_str()), (case.name, case.verdict));
        app.post("/api/v1/sites", case.site()).await.expect(201);
        let certificate = current(&app, case.name).await;
        assert_eq!((&certificate["verdict"], &certificate["reasons"]), (&check["verdict"], &check["reasons"]), "{}", case.name);
        for member in ["latitude", "longitude", "grade", "method", "radius_meters"] {
            assert_eq!(certificate["position"][member], check["position"][member], "{} {member}", case.name);
        }
        let rma = promise(&app, &format!("SN-{}", case.name), case.name).await;
        let tier = if case.verdict == "eligible" { "gold_plus" } else { "gold" };
        assert_eq!((&rma["promise"]["delivered_tier"], &rma["promise"]["reasons"]), (&json!(tier), &check["reasons"]), "{rma}");
    }
});

on_both_engines!(p5_3_a_confirmation_holds_for_one_position_and_one_address, |app| {
    world::fill(&app).await;
    let site = |more: Value| {
        let mut body = CASES[2].site();
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    // Each step: what is put, whether it is confirmed then, and the verdict.
    let moved = json!({"latitude": 26.21, "longitude": -80.15});
    let street = json!({"lines": ["2 Road"], "city": "Nowhere", "postal_code": "32801", "country": "US"});
    let steps = [
        (json!({"position_confirmed": true}), true, "eligible"),
        (json!({"name": "Another name"}), true, "eligible"),
        (json!({"position": moved}), false, "confirm_position"),
        (json!({"position": moved, "position_confirmed": true}), true, "eligible"),
        (json!({"position": moved, "address": street}), false, "confirm_position"),
        (json!({"position": moved, "address": street, "position_confirmed": true}), true, "eligible"),
        (json!({"position": moved, "address": street, "position_confirmed": false}), false, "confirm_position"),
    ];
    let made = app.post("/api/v1/sites", site(json!({}))).await.expect(201);
    assert_eq!((&made["position_confirmed"], &current(&app, "FAR").await["verdict"]), (&json!(false), &json!("confirm_position")));
    for (version, (more, confirmed, verdict)) in (1..).zip(steps) {
        let put = app.bare(Method::PUT, "/api/v1/sites/FAR").token(&app.operations).header("if-match", &format!("\"{version}\""));
        let put = put.json(site(more.clone())).send().await.expect(200);
        let certificate = current(&app, "FAR").await;
        assert_eq!((&put["position_confirmed"], text(&certificate["verdict"]).as_str()), (&json!(confirmed), verdict), "{more}");
        assert_eq!(certificate["position_confirmed"], confirmed, "{more}");
        if version != 2 {
            assert_eq!(certificate["cause"], "site_changed", "{more}");
        }
    }
    // Who confirmed it, and when, is in the audit.
    let asked = CASES[2].check();
    let with = |confirmed: bool| json!({"country": "US", "address": asked["address"], "position": asked["position"], "position_confirmed": confirmed});
    for (confirmed, verdict) in [(false, "confirm_position"), (true, "eligible")] {
        assert_eq!(app.post("/api/v1/sites/check", with(confirmed)).await.expect(200)["verdict"], verdict);
    }
    let nothing = json!({"country": "US", "address": {"postal_code": "33309"}, "position_confirmed": true});
    let refused = app.post("/api/v1/sites/check", nothing).await;
    assert_eq!(refused.faults(), [("/position_confirmed".into(), "nothing_to_confirm".into())]);
    let mut unplaced = site(json!({"position_confirmed": true, "code": "NEW"}));
    unplaced["position"] = Value::Null;
    assert_eq!(app.post("/api/v1/sites", unplaced).await.faults(), [("/position_confirmed".into(), "nothing_to_confirm".into())]);
    // What is shown can be sent back, but what was located isn't given by that.
    let mut back = site(json!({"code": "BACK"}));
    back["position"] = json!({"latitude": 26.2, "longitude": -80.15, "method": "postal_code"});
    let refused = app.post("/api/v1/sites", back.clone()).await;
    assert_eq!(refused.faults().iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>(), ["/position/method"], "{}", refused.text);
    back["position"]["method"] = json!("given");
    app.post("/api/v1/sites", back).await.expect(201);
});

/// The desk with another program.
fn desk_with(app: &TestApp, changes: &[(&str, &str)]) -> Desk {
    let mut program = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/data/program.toml")).unwrap();
    for (from, to) in changes {
        assert!(program.contains(from), "the program says it in another way");
        program = program.replace(from, to);
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), program).unwrap();
    let mut desk = app.desk.clone();
    desk.reference = Reference::load(Some(file.path())).unwrap();
    desk
}

on_both_engines!(p5_2_a_program_that_counts_territories_renews_what_that_concerns, |app| {
    world::fill(&app).await;
    // A center in Puerto Rico, and a site 60 miles from it whose address says so, or says United States.
    let center = json!({"code": "SC-SJU", "name": "San Juan", "address": {"city": "San Juan", "country": "PR"}, "opens_on": "2015-03-16",
        "position": {"latitude": 18.40, "longitude": -66.06}, "zone": "America/Puerto_Rico", "couriers": ["COURIER-1"]});
    app.post("/api/v1/service-centers", center).await.expect(201);
    let site = |code: &str, country: &str| {
        json!({"code": code, "organization": "ACME", "name": code, "address": {"city": "Ponce", "country": country},
            "position": {"latitude": 18.40, "longitude": -66.06 - 0.91}})
    };
    for (code, country) in [("PONCE", "PR"), ("PONCE-US", "US")] {
        app.post("/api/v1/sites", site(code, country)).await.expect(201);
    }
    let verdict = async |code: &str| {
        let found = current(&app, code).await;
        (text(&found["verdict"]), text(&found["nearest"]), found["limit_miles"].as_f64().unwrap())
    };
    assert_eq!(verdict("PONCE").await, ("out_of_range".into(), "SC-SJU".into(), 50.0));
    assert_eq!(verdict("PONCE-US").await, ("confirm_position".into(), "SC-FLL".into(), 70.0));
    let madrid = current(&app, "MAD-1").await;
    let desk = desk_with(&app, &[("territories_count_as_sovereign = false", "territories_count_as_sovereign = true")]);
    // One has another limit; that one again, and all others of the United States, count otherwise.
    assert!(certify::begin(&desk).await.unwrap() > 0);
    assert_eq!(certify::certify(&desk).await, Ok(4));
    assert_eq!(verdict("PONCE").await, ("eligible".into(), "SC-SJU".into(), 70.0));
    assert_eq!(verdict("PONCE-US").await, ("eligible".into(), "SC-SJU".into(), 70.0));
    assert_eq!(current(&app, "PONCE").await["cause"], "program_changed");
    assert_eq!(current(&app, "MAD-1").await, madrid);
    assert_eq!((certify::begin(&desk).await, certify::certify(&desk).await), (Ok(0), Ok(0)));
    // The check agrees.
    let place = Place {
        country: Country::parse("US").unwrap(),
        region: None,
        city: None,
        postal_code: PostalCode::parse("00901").ok(),
        stated: Some(Point::new(18.40, -66.97).unwrap()),
        confirmed: false,
    };
    let mut ctx = app.context();
    ctx.reference = Arc::clone(&desk.reference);
    let answer = desk.db.read(move |conn| check_site(conn, &ctx, &place)).await.unwrap();
    assert_eq!((answer.coverage.verdict.to_string(), answer.coverage.limit_miles), ("eligible".into(), 70.0));
    // A center that a territory gets concerns its sovereign's sites as well.
    let mut ctx = app.context();
    ctx.reference = Arc::clone(&desk.reference);
    let due = desk.db.write(move |conn| {
        use swapline::actions::keep::{self, service_centers::ServiceCenters};
        let mut record = keep::get::<ServiceCenters>(conn, &ctx, "SC-SJU")?.record;
        record.point = Point::new(18.40, -66.90).unwrap();
        keep::change::<ServiceCenters>(conn, &ctx, "SC-SJU", None, record)
    });
    due.await.map_err(|e: ActionError| e).unwrap();
    certify::certify(&desk).await.unwrap();
    let nearer = current(&app, "PONCE-US").await;
    assert!(nearer["distance_miles"].as_f64().unwrap() < 6.0, "{nearer}");
});

on_both_engines!(p5_3_a_program_that_questions_from_another_distance_on_renews_given_positions, |app| {
    world::fill(&app).await;
    app.post("/api/v1/sites", CASES[2].site()).await.expect(201);
    app.post("/api/v1/sites", CASES[5].site()).await.expect(201);
    let located = current(&app, "CODE").await;
    let desk = desk_with(&app, &[("question_beyond_km = 50", "question_beyond_km = 400")]);
    assert_eq!(certify::begin(&desk).await, Ok(4));
    assert_eq!(certify::certify(&desk).await, Ok(4));
    let now = current(&app, "FAR").await;
    assert_eq!((&now["verdict"], &now["cause"]), (&json!("eligible"), &json!("program_changed")));
    assert_eq!(current(&app, "CODE").await, located);
    assert_eq!(certify::begin(&desk).await, Ok(0));
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn p5_3_who_confirmed_a_position_is_in_the_audit() {
    let app = TestApp::start(Engine::Sqlite).await;
    world::fill(&app).await;
    let mut site = CASES[2].site();
    app.post("/api/v1/sites", site.clone()).await.expect(201);
    site["position_confirmed"] = json!(true);
    app.bare(Method::PUT, "/api/v1/sites/FAR").token(&app.operations).header("if-match", "\"1\"").json(site).send().await.expect(200);
    let shown = app.get("/api/v1/sites/FAR").await.expect(200);
    assert_eq!(shown["position_confirmed"], true);
    let told = app.desk.db.read(|conn| events::page(conn, "site", "FAR", None, 100));
    let last = told.await.map_err(|e: StoreError| e).unwrap().rows.pop().unwrap();
    let confirmed = |state: Option<Json>| state.unwrap().read::<Value>().unwrap()["position_confirmed"].clone();
    assert!(last.actor.starts_with("token:"), "{}", last.actor);
    assert_eq!((confirmed(last.before), confirmed(last.after)), (json!(false), json!(true)));
}
