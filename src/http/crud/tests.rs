//! The endpoints of the kept records and of tokens, asked over HTTP on a database of their own.

use super::*;
use crate::actions::Actor;
use crate::actions::create_token::{Ask, create_token, secret};
use crate::clock::Clock;
use crate::http::door::Door;
use crate::http::limit::Limiter;
use crate::http::{Shared, appliances, contracts, couriers, models, organizations, parts, service_centers, sites, tokens};
use crate::mail::letters::Sender;
use crate::mail::links::Links;
use crate::reference::Reference;
use crate::rules::link::Signer;
use crate::rules::notice::Mailbox;
use crate::rules::role::Role;
use crate::rules::text::{Code, Email, Line};
use crate::store::{Db, migrate};
use actix_web::App;
use actix_web::http::header::{IF_MATCH, LOCATION};
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::web::{Data, scope};
use serde_json::{Value, json};
use std::sync::Arc;

struct House {
    shared: Shared,
    admin: String,
    folder: tempfile::TempDir,
}

impl House {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("house.db").display());
        migrate::up(&url).unwrap();
        let mailbox = Mailbox { name: "Swapline".into(), email: Email::parse("rma@example.com").unwrap() };
        let shared = Shared {
            db: Db::open(&url, 2).unwrap(),
            clock: Arc::new(Clock::fixed("2026-11-24T09:30:00Z".parse().unwrap())),
            reference: Reference::embedded().unwrap(),
            door: Arc::new(Door::new(Signer::new([7; 32]), None, "127.0.0.1:80".parse().unwrap(), false)),
            sender: Arc::new(Sender { mailbox, reply_to: None, phone: None, operations: None, links: Links::Off }),
            limiter: Arc::new(Limiter::new(0)),
            body_bytes: 1 << 20,
        };
        let mut house = Self { shared, admin: String::new(), folder };
        house.admin = house.token(Role::Admin, None).await;
        house
    }

    async fn token(&self, role: Role, organization: Option<&str>) -> String {
        let ctx = Context {
            actor: Actor::program("test"),
            now: self.shared.clock.now(),
            reference: Arc::clone(&self.shared.reference),
            request_id: None,
        };
        let organization = organization.map(|code| Code::parse(code).unwrap());
        let ask = Ask { label: Line::parse("test").unwrap(), role, organization, courier: None };
        let secret = secret();
        let stored = secret.clone();
        let made = self.shared.db.write(move |conn| create_token(conn, &ctx, &ask, &stored).map(drop)).await;
        made.unwrap();
        secret
    }

    /// Sends a request; gives status, body (null where there is none), and the Location and ETag headers.
    async fn send(&self, token: &str, request: TestRequest) -> (u16, Value, String, String) {
        let v1 = scope("/api/v1")
            .service((organizations::list, organizations::add, organizations::show, organizations::replace, organizations::remove))
            .service((models::list, models::add, models::show, models::replace, models::remove))
            .service((parts::list, parts::add, parts::show, parts::replace, parts::remove))
            .service((couriers::list, couriers::add, couriers::show, couriers::replace, couriers::remove))
            .service((service_centers::list, service_centers::add, service_centers::show, service_centers::replace))
            .service((service_centers::remove, contracts::list, contracts::add, contracts::show, contracts::replace, contracts::remove))
            .service((contracts::list_appliances, appliances::list, appliances::add, appliances::show, appliances::replace))
            .service((appliances::remove, sites::check::check, sites::list, sites::add, sites::show, sites::replace, sites::remove))
            .service((tokens::list, tokens::add, tokens::show, tokens::revoke));
        let app = init_service(App::new().app_data(Data::new(self.shared.clone())).service(v1)).await;
        let answer = call_service(&app, request.insert_header(("Authorization", format!("Bearer {token}"))).to_request()).await;
        let header = |name| answer.headers().get(name).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
        let (status, location, etag) = (answer.status().as_u16(), header(LOCATION), header(ETAG));
        let body = read_body(answer).await;
        let body = if body.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&body).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&body).into_owned()))
        };
        (status, body, location, etag)
    }

    async fn get(&self, token: &str, path: &str) -> (u16, Value) {
        let (status, body, ..) = self.send(token, TestRequest::get().uri(&format!("/api/v1{path}"))).await;
        (status, body)
    }

    async fn post(&self, token: &str, path: &str, body: Value) -> (u16, Value) {
        let (status, body, ..) = self.send(token, TestRequest::post().uri(&format!("/api/v1{path}")).set_json(body)).await;
        (status, body)
    }

    async fn put(&self, token: &str, path: &str, version: u32, body: Value) -> (u16, Value) {
        let request = TestRequest::put().uri(&format!("/api/v1{path}")).insert_header((IF_MATCH, format!("\"{version}\"")));
        let (status, body, ..) = self.send(token, request.set_json(body)).await;
        (status, body)
    }

    /// Adds as the admin what has to be there.
    async fn given(&self, path: &str, body: Value) -> Value {
        let (status, body) = self.post(&self.admin, path, body).await;
        assert_eq!(status, 201, "{body}");
        body
    }

    /// Two customers, a model, and a contract of each.
    async fn furnished() -> Self {
        let house = Self::new().await;
        for code in ["HARBOR", "QUAY"] {
            let contacts = json!([{"name": "Front Desk", "email": "it@example.com"}]);
            let body = json!({"code": code, "name": code, "region": "north_america", "country": "US", "contacts": contacts});
            house.given("/organizations", body).await;
            let dates = json!({"number": format!("C-{code}"), "organization": code, "region": "north_america", "tier": "gold_plus",
                "starts_on": "2026-01-01", "ends_on": "2026-12-31"});
            house.given("/contracts", dates).await;
        }
        house.given("/models", json!({"code": "edge-400", "name": "Edge 400"})).await;
        house
    }
}

fn faults(problem: &Value) -> Vec<(&str, &str)> {
    let errors = problem["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut faults: Vec<_> = errors.iter().map(|e| (e["field"].as_str().unwrap(), e["code"].as_str().unwrap())).collect();
    faults.sort_unstable();
    faults
}

fn keys<'a>(list: &'a Value, key: &str) -> Vec<&'a str> {
    list["items"].as_array().unwrap().iter().map(|item| item[key].as_str().unwrap()).collect()
}

fn us(city: &str, postal_code: Option<&str>) -> Value {
    json!({"lines": ["1 Main Street"], "city": city, "region": "FL", "postal_code": postal_code, "country": "US"})
}

#[actix_web::test]
async fn a_key_with_a_slash_has_a_location_that_leads_to_it() {
    let house = House::furnished().await;
    let body = json!({"part_number": "psu/450", "description": "Power supply", "fits_models": ["EDGE-400"]});
    let request = TestRequest::post().uri("/api/v1/parts").set_json(&body);
    let (status, shown, location, etag) = house.send(&house.admin, request).await;
    assert_eq!((status, location.as_str(), etag.as_str()), (201, "/api/v1/parts/PSU%2F450", "\"1\""), "{shown}");
    assert_eq!(house.get(&house.admin, "/parts/psu%2F450").await, (200, shown));
    assert_eq!(house.put(&house.admin, "/parts/PSU%2F450", 1, body.clone()).await.0, 200);
    assert_eq!(house.put(&house.admin, "/parts/PSU%2F450", 1, body.clone()).await.0, 412);
    let request = TestRequest::put().uri("/api/v1/parts/PSU%2F450").set_json(&body);
    assert_eq!(house.send(&house.admin, request).await.0, 428);
    let (_, list) = house.get(&house.admin, "/parts?model=edge-400").await;
    assert_eq!(keys(&list, "part_number"), ["PSU/450"]);
    let (_, list) = house.get(&house.admin, "/parts?model=OTHER").await;
    assert!(keys(&list, "part_number").is_empty());
}

#[actix_web::test]
async fn every_fault_of_a_body_is_reported_with_its_place() {
    let house = House::furnished().await;
    let body = json!({"part_number": "A B", "fits_models": ["EDGE-400", "edge-400"], "export_controlled": "no", "color": "red"});
    let (status, problem) = house.post(&house.admin, "/parts", body).await;
    let wanted = [
        ("/color", "unknown_field"),
        ("/description", "required"),
        ("/export_controlled", "wrong_type"),
        ("/fits_models/1", "repeated"),
        ("/part_number", "bad_character"),
    ];
    assert_eq!((status, faults(&problem)), (422, wanted.to_vec()));
    let body = json!({"part_number": "A", "description": "A", "fits_models": ["NONE", "EDGE-400", "NADA"]});
    let (status, problem) = house.post(&house.admin, "/parts", body).await;
    assert_eq!((status, faults(&problem)), (422, vec![("/fits_models/0", "unknown_model"), ("/fits_models/2", "unknown_model")]));
}

#[actix_web::test]
async fn odd_keys_and_parameters_are_answered_not_failed() {
    let house = House::furnished().await;
    for path in ["/models/%00", "/models/%0A", "/parts/a%00b", "/contracts/%00/appliances", "/tokens/%00", "/tokens/none", "/sites/check"] {
        assert_eq!(house.get(&house.admin, path).await.0, 404, "{path}");
    }
    for path in ["/models?name=x", "/sites?country=USA", "/contracts?tier=iron", "/tokens?cursor=YWJj", "/appliances?limit=201"] {
        assert_eq!(house.get(&house.admin, path).await.0, 400, "{path}");
    }
}

#[actix_web::test]
async fn a_customer_sees_its_own_and_nothing_else() {
    let house = House::furnished().await;
    let harbor = house.token(Role::Customer, Some("HARBOR")).await;
    let appliance = json!({"serial_number": "sn/1", "organization": "HARBOR", "model": "EDGE-400", "contracts": ["C-HARBOR"]});
    house.given("/appliances", appliance).await;
    house.given("/sites", json!({"code": "Q1", "organization": "QUAY", "name": "Q", "address": us("Miami", None)})).await;
    assert_eq!(keys(&house.get(&harbor, "/contracts").await.1, "number"), ["C-HARBOR"]);
    assert_eq!(keys(&house.get(&harbor, "/contracts?organization=HARBOR").await.1, "number"), ["C-HARBOR"]);
    for empty in ["/contracts?organization=QUAY", "/sites", "/sites?organization=QUAY", "/appliances?organization=NOBODY"] {
        assert!(house.get(&harbor, empty).await.1["items"].as_array().unwrap().is_empty(), "{empty}");
    }
    for hidden in ["/contracts/C-QUAY", "/contracts/C-QUAY/appliances", "/sites/Q1", "/organizations/QUAY"] {
        assert_eq!(house.get(&harbor, hidden).await.0, 404, "{hidden}");
    }
    let (status, list) = house.get(&harbor, "/contracts/c-harbor/appliances").await;
    assert_eq!((status, keys(&list, "serial_number")), (200, vec!["SN/1"]));
    for forbidden in ["/models", "/parts", "/couriers", "/service-centers", "/tokens"] {
        assert_eq!(house.get(&harbor, forbidden).await.0, 403, "{forbidden}");
    }
    let body = json!({"code": "Q1", "organization": "QUAY", "name": "Q", "address": us("Miami", None)});
    assert_eq!(house.put(&harbor, "/sites/Q1", 1, body).await.0, 404);
}

#[actix_web::test]
async fn p5_1_a_customer_registers_a_site_with_name_and_address_only() {
    let house = House::furnished().await;
    let harbor = house.token(Role::Customer, Some("HARBOR")).await;
    let taken = json!({"code": "SITE-10000001", "organization": "QUAY", "name": "Q", "address": us("Miami", None)});
    house.given("/sites", taken).await;
    let body = json!({"name": "Headquarters", "address": us("Fort Lauderdale", Some("33309"))});
    let (status, problem) = house.post(&house.admin, "/sites", body.clone()).await;
    assert_eq!((status, faults(&problem)), (422, vec![("/organization", "required")]));
    let (status, site) = house.post(&harbor, "/sites", body.clone()).await;
    assert_eq!((status, &site["code"], &site["organization"]), (201, &json!("SITE-10000002"), &json!("HARBOR")), "{site}");
    assert_eq!((&site["position"]["grade"], &site["zone"]), (&json!("postal_code"), &json!("America/New_York")));
    let mut stated = body.clone();
    stated["position"] = json!({"latitude": 26.2, "longitude": -80.15});
    let (status, site) = house.put(&harbor, "/sites/site-10000002", 1, stated).await;
    assert_eq!(
        (status, &site["position"]),
        (200, &json!({"latitude": 26.2, "longitude": -80.15, "grade": "given", "method": "given", "radius_meters": 0.0}))
    );
    let (_, site) = house.put(&harbor, "/sites/site-10000002", 2, body).await;
    assert_eq!(site["position"]["grade"], "postal_code", "a replacement is whole: what it leaves out is gone");
    let theirs = json!({"organization": "QUAY", "name": "Theirs", "address": us("Miami", None)});
    let (status, problem) = house.post(&harbor, "/sites", theirs).await;
    assert_eq!((status, faults(&problem)), (422, vec![("/organization", "unknown_organization")]));
}

#[actix_web::test]
async fn p5_2_a_place_is_checked_against_open_centers() {
    let house = House::furnished().await;
    house.given("/couriers", json!({"code": "FAST", "name": "Fast", "email": "fast@example.com", "phone": "+13055550123"})).await;
    for (code, latitude, opens_on) in [("SC-FLL", 26.1, "2020-01-01"), ("SC-MIA", 25.8, "2020-01-01"), ("SC-NEW", 26.3, "2027-01-01")] {
        let body = json!({"code": code, "name": code, "address": us("Miami", None), "position": {"latitude": latitude, "longitude": -80.2},
            "zone": "America/New_York", "opens_on": opens_on, "couriers": ["FAST"]});
        house.given("/service-centers", body).await;
    }
    let body = json!({"country": "US", "address": {"city": "Fort Lauderdale"}, "position": {"latitude": 26.2, "longitude": -80.15}});
    let harbor = house.token(Role::Customer, Some("HARBOR")).await;
    let (status, answer) = house.post(&harbor, "/sites/check?dry_run=true", body).await;
    assert_eq!((status, &answer["verdict"], &answer["rule"]), (200, &json!("eligible"), &json!("P5.2")), "{answer}");
    assert_eq!((&answer["nearest"]["service_center"], &answer["candidates"][0]["service_center"]), (&json!("SC-FLL"), &json!("SC-MIA")));
    let (status, problem) = house.post(&harbor, "/sites/check", json!({"country": "XX"})).await;
    assert_eq!((status, faults(&problem)), (422, vec![("/country", "unknown_country")]));
    let courier = json!({"label": "x", "role": "courier", "courier": "FAST"});
    let courier = house.given("/tokens", courier).await;
    let secret = courier["token"].as_str().unwrap().to_owned();
    assert_eq!(house.post(&secret, "/sites/check", json!({"country": "US"})).await.0, 403);
}

#[actix_web::test]
async fn a_contract_without_a_zone_has_the_one_of_its_region() {
    let house = House::furnished().await;
    let (_, contract) = house.get(&house.admin, "/contracts/C-HARBOR").await;
    let zone = keep::contracts::zone_of(&house.shared.reference, crate::rules::tier::Region::NorthAmerica, house.shared.clock.now());
    assert_eq!(contract["zone"], zone.name());
    assert_eq!(contract["version"], 1);
}

#[actix_web::test]
async fn a_secret_is_shown_once_and_stored_nowhere() {
    let house = House::furnished().await;
    let body = json!({"label": "desk", "role": "customer", "organization": "HARBOR"});
    let ask = |path: &str| TestRequest::post().uri(path).insert_header(("Idempotency-Key", "one")).set_json(&body);
    let (status, rehearsed, ..) = house.send(&house.admin, ask("/api/v1/tokens?dry_run=true")).await;
    assert_eq!((status, &rehearsed["token"]), (201, &Value::Null));
    let (status, made, location, _) = house.send(&house.admin, ask("/api/v1/tokens")).await;
    let secret = made["token"].as_str().unwrap().to_owned();
    assert_eq!(
        (status, location, &made["organization"]),
        (201, format!("/api/v1/tokens/{}", made["id"].as_str().unwrap()), &json!("HARBOR"))
    );
    assert_eq!(house.get(&secret, "/contracts").await.0, 200);
    let (status, again, ..) = house.send(&house.admin, ask("/api/v1/tokens")).await;
    assert_eq!((status, &again["token"], &again["id"]), (201, &Value::Null, &made["id"]));
    let (_, list) = house.get(&house.admin, "/tokens").await;
    assert_eq!(keys(&list, "label"), ["test", "desk"]);
    assert!(!list.to_string().contains(&secret));
    for file in std::fs::read_dir(house.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(secret.len()).any(|w| w == secret.as_bytes()), "the database holds the secret");
    }
    let path = format!("/api/v1/tokens/{}", made["id"].as_str().unwrap());
    for _ in 0..2 {
        assert_eq!(house.send(&house.admin, TestRequest::delete().uri(&path)).await.0, 204);
    }
    assert_eq!(house.get(&secret, "/contracts").await.0, 401);
    let (_, problem) = house.post(&house.admin, "/tokens", json!({"label": "x", "role": "customer", "courier": "FAST"})).await;
    assert_eq!(faults(&problem), [("/courier", "not_allowed"), ("/organization", "required")]);
}

#[actix_web::test]
async fn what_is_referred_to_stays() {
    let house = House::furnished().await;
    house.given("/appliances", json!({"serial_number": "S", "organization": "QUAY", "model": "EDGE-400", "contracts": ["C-QUAY"]})).await;
    let remove = |path: &str| TestRequest::delete().uri(&format!("/api/v1{path}")).insert_header((IF_MATCH, "\"1\""));
    for path in ["/models/EDGE-400", "/contracts/C-QUAY", "/organizations/QUAY"] {
        assert_eq!(house.send(&house.admin, remove(path)).await.0, 409, "{path}");
    }
    for path in ["/appliances/s", "/models/EDGE-400", "/contracts/C-QUAY", "/organizations/QUAY"] {
        assert_eq!(house.send(&house.admin, remove(path)).await.0, 204, "{path}");
    }
}
