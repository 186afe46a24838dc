//! A small network that tests start from.
//!
//! | serial number | tier, site | shows |
//! | --- | --- | --- |
//! | GP-1 | Gold Plus, Fort Lauderdale | in range of SC-FLL |
//! | GP-FAR | Gold Plus, Key West | out of range |
//! | GP-NOSITE | Gold Plus, no site | |
//! | GOLD-1, SILVER-1, BRONZE-1 | their tier, Fort Lauderdale | |
//! | ENDED-1, FUTURE-1 | a contract of 2020, of 2028 | |
//! | VIRTUAL-1 | virtual, no contract | |
//! | OLD-1 | Gold, end of maintenance 2025-06-30 | |
//! | ES-1 | Gold Plus, Madrid, organization OTHER | in range of SC-MAD |

use crate::app::TestApp;
use serde_json::{Value, json};
use swapline::actions::keep::{self, Keep};
use swapline::actions::{ActionError, Context};
use swapline::rules::position::{Point, Position};
use swapline::rules::record::{Address, Appliance, Contact, Contract, Courier, Model, Organization, Part, ServiceCenter, Site};
use swapline::rules::text::{Code, ContractNumber, Country, Email, Line, PartNumber, Phone, SerialNumber};
use swapline::rules::tier::{ApplianceKind, Language, Region, Tier};
use swapline::store::Conn;

fn code(text: &str) -> Code {
    Code::parse(text).unwrap()
}

fn line(text: &str) -> Line {
    Line::parse(text).unwrap()
}

fn address(street: &str, city: &str, country: &str) -> Address {
    Address { lines: vec![line(street)], city: line(city), region: None, postal_code: None, country: Country::parse(country).unwrap() }
}

fn organization(name: &str, region: Region, country: &str, email: &str) -> Organization {
    Organization {
        code: code(name),
        name: line(&format!("{name} Company")),
        region,
        country: Country::parse(country).unwrap(),
        subdivision: None,
        language: Language::English,
        contacts: vec![Contact { name: line("IT Desk"), email: Email::parse(email).unwrap(), phone: None }],
    }
}

fn part(number: &str, change: impl FnOnce(&mut Part)) -> Part {
    let mut part = Part {
        number: PartNumber::parse(number).unwrap(),
        description: line(&format!("{number} component")),
        fits_models: vec![code("MX-1")],
        excluded_from_gold_plus: false,
        excluded_from_maintenance: false,
        export_controlled: false,
        whole_unit: false,
    };
    change(&mut part);
    part
}

fn center(name: &str, city: &str, country: &str, (latitude, longitude): (f64, f64), zone: chrono_tz::Tz) -> ServiceCenter {
    ServiceCenter {
        code: code(name),
        name: line(&format!("{city} service center")),
        address: address("1 Depot Road", city, country),
        subdivision: None,
        point: Point::new(latitude, longitude).unwrap(),
        zone,
        opens_on: "2015-03-16".parse().unwrap(),
        closes_on: None,
        couriers: vec![code("COURIER-1")],
        warehouse_for: Vec::new(),
    }
}

fn site(name: &str, owner: &str, city: &str, country: &str, (latitude, longitude): (f64, f64), zone: chrono_tz::Tz) -> Site {
    Site {
        code: code(name),
        organization: code(owner),
        name: line(&format!("{city} data room")),
        address: address("851 Cypress Creek Rd", city, country),
        subdivision: None,
        position: Some(Position::given(Point::new(latitude, longitude).unwrap())),
        position_confirmed: None,
        zone,
        contact: None,
        receiving_notes: None,
    }
}

fn contract(number: &str, owner: &str, tier: Tier, region: Region, zone: chrono_tz::Tz, (from, to): (&str, &str)) -> Contract {
    Contract {
        number: ContractNumber::parse(number).unwrap(),
        organization: code(owner),
        region,
        tier,
        zone,
        starts_on: from.parse().unwrap(),
        ends_on: to.parse().unwrap(),
        four_hour_service_center: false,
        keeps_media: false,
    }
}

fn appliance(serial: &str, owner: &str, site: Option<&str>, contract: Option<&str>) -> Appliance {
    Appliance {
        serial_number: SerialNumber::parse(serial).unwrap(),
        organization: code(owner),
        model: code("MX-1"),
        kind: ApplianceKind::Physical,
        site: site.map(code),
        contracts: contract.iter().map(|c| ContractNumber::parse(c).unwrap()).collect(),
        end_of_maintenance_on: None,
    }
}

fn add<K: Keep>(conn: &mut Conn, ctx: &Context, record: K::Record) {
    keep::add::<K>(conn, ctx, record).map_err(|e| format!("{}: {e}", K::KIND)).unwrap();
}

/// Fills the database with the network of the table above.
pub async fn fill(app: &TestApp) {
    let ctx = app.context();
    let filled = app.desk.db.write(move |conn| {
        network(conn, &ctx);
        customers(conn, &ctx);
        Ok::<_, ActionError>(())
    });
    filled.await.unwrap();
}

fn network(conn: &mut Conn, ctx: &Context) {
    for name in ["MX-1", "MX-2"] {
        add::<keep::models::Models>(conn, ctx, Model { code: code(name), name: line(name) });
    }
    let parts = [
        part("PSU-450", |_| {}),
        part("FAN-2", |_| {}),
        part("CHASSIS-1", |p| p.excluded_from_gold_plus = true),
        part("RAIL-1", |p| p.excluded_from_maintenance = true),
        part("CRYPTO-1", |p| p.export_controlled = true),
        part("MX-1-UNIT", |p| p.whole_unit = true),
        part("PSU-900", |p| p.fits_models = vec![code("MX-2")]),
    ];
    parts.into_iter().for_each(|p| add::<keep::parts::Parts>(conn, ctx, p));
    for name in ["COURIER-1", "COURIER-2"] {
        let courier = Courier {
            code: code(name),
            name: line(&format!("{name} Express")),
            email: Email::parse(&format!("{}@couriers.example", name.to_lowercase())).unwrap(),
            phone: Phone::parse("+19545550100").unwrap(),
            language: Language::English,
        };
        add::<keep::couriers::Couriers>(conn, ctx, courier);
    }
    let centers = [
        center("SC-FLL", "Fort Lauderdale", "US", (26.0726, -80.1527), chrono_tz::America::New_York),
        center("SC-MAD", "Madrid", "ES", (40.4719, -3.5626), chrono_tz::Europe::Madrid),
    ];
    centers.into_iter().for_each(|c| add::<keep::service_centers::ServiceCenters>(conn, ctx, c));
}

fn customers(conn: &mut Conn, ctx: &Context) {
    use chrono_tz::{America::New_York, Europe::London, Europe::Madrid};
    let always = ("2024-01-01", "2030-12-31");
    add::<keep::organizations::Organizations>(conn, ctx, organization("ACME", Region::NorthAmerica, "US", "it@acme.example"));
    add::<keep::organizations::Organizations>(conn, ctx, organization("OTHER", Region::Europe, "ES", "it@other.example"));
    let sites = [
        site("FLL-1", "ACME", "Fort Lauderdale", "US", (26.20, -80.15), New_York),
        site("KEY-WEST", "ACME", "Key West", "US", (24.5551, -81.7800), New_York),
        site("MAD-1", "OTHER", "Madrid", "ES", (40.4168, -3.7038), Madrid),
    ];
    sites.into_iter().for_each(|s| add::<keep::sites::Sites>(conn, ctx, s));
    let contracts = [
        contract("K-GP", "ACME", Tier::GoldPlus, Region::NorthAmerica, New_York, always),
        contract("K-GOLD", "ACME", Tier::Gold, Region::NorthAmerica, New_York, always),
        contract("K-SILVER", "ACME", Tier::Silver, Region::NorthAmerica, New_York, always),
        contract("K-BRONZE", "ACME", Tier::Bronze, Region::NorthAmerica, New_York, always),
        contract("K-ENDED", "ACME", Tier::Gold, Region::NorthAmerica, New_York, ("2020-01-01", "2020-12-31")),
        contract("K-FUTURE", "ACME", Tier::Gold, Region::NorthAmerica, New_York, ("2028-01-01", "2028-12-31")),
        contract("K-ES", "OTHER", Tier::GoldPlus, Region::Europe, London, always),
    ];
    contracts.into_iter().for_each(|k| add::<keep::contracts::Contracts>(conn, ctx, k));
    let home = Some("FLL-1");
    let mut appliances = vec![
        appliance("GP-1", "ACME", home, Some("K-GP")),
        appliance("GP-FAR", "ACME", Some("KEY-WEST"), Some("K-GP")),
        appliance("GP-NOSITE", "ACME", None, Some("K-GP")),
        appliance("GOLD-1", "ACME", home, Some("K-GOLD")),
        appliance("SILVER-1", "ACME", home, Some("K-SILVER")),
        appliance("BRONZE-1", "ACME", home, Some("K-BRONZE")),
        appliance("ENDED-1", "ACME", home, Some("K-ENDED")),
        appliance("FUTURE-1", "ACME", home, Some("K-FUTURE")),
        appliance("ES-1", "OTHER", Some("MAD-1"), Some("K-ES")),
    ];
    appliances.push(Appliance { kind: ApplianceKind::Virtual, ..appliance("VIRTUAL-1", "ACME", home, None) });
    appliances
        .push(Appliance { end_of_maintenance_on: Some("2025-06-30".parse().unwrap()), ..appliance("OLD-1", "ACME", home, Some("K-GOLD")) });
    appliances.into_iter().for_each(|a| add::<keep::appliances::Appliances>(conn, ctx, a));
}

/// Opens a case about an appliance and verifies that the parts are defective; the case's number.
pub async fn verified_case(app: &TestApp, serial: &str, parts: &[&str]) -> String {
    let case = json!({"serial_number": serial, "severity": 2, "channel": "web", "summary": "It does not work."});
    let number = app.post("/api/v1/cases", case).await.expect(201)["number"].as_str().unwrap().to_owned();
    for part in parts {
        let finding = json!({"replacement_needed": true, "part_number": part, "failure_code": "dead"});
        app.post(&format!("/api/v1/cases/{number}/verification"), finding).await.expect(200);
    }
    number
}

/// The body that asks for an RMA.
pub fn rma_body(case: &str, serial: &str, parts: &[&str], contact: Option<Value>) -> Value {
    let lines: Vec<Value> = parts.iter().map(|part| json!({"serial_number": serial, "part_number": part})).collect();
    match contact {
        Some(contact) => json!({"case": case, "lines": lines, "contact": contact}),
        None => json!({"case": case, "lines": lines}),
    }
}

/// A contact who accepts delivery.
pub fn front_desk() -> Value {
    json!({"name": "Front Desk", "phone": "+19545550142", "accepts_delivery": true})
}

/// Issues an RMA for one verified part; the answer's body.
pub async fn issued(app: &TestApp, serial: &str, part: &str, contact: Option<Value>) -> Value {
    let case = verified_case(app, serial, &[part]).await;
    app.post_once("/api/v1/rmas", &format!("{serial}/{part}/{case}"), rma_body(&case, serial, &[part], contact)).await.expect(201)
}
