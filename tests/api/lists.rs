//! Lists: pages, cursors, filters, CSV. The same for every list there is.

use crate::app::{Answer, TestApp, on_both_engines};
use crate::steps::{act, column, number_of_new, step, text};
use crate::world::{self, front_desk};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use swapline::actions::ActionError;
use swapline::actions::keep::{self, models::Models};
use swapline::rules::record::Model;
use swapline::rules::role::Role;
use swapline::rules::text::{Code, Line};

/// A world in which every list has at least seven rows, and who may read all of them.
struct Full {
    admin: String,
    rma: String,
}

/// The lists, with the member that tells rows apart.
fn lists(full: &Full) -> Vec<(String, &'static str)> {
    let fixed = [
        ("organizations", "code"),
        ("contracts", "number"),
        ("contracts/K-GP/appliances", "serial_number"),
        ("appliances", "serial_number"),
        ("models", "code"),
        ("parts", "part_number"),
        ("sites", "code"),
        ("service-centers", "code"),
        ("couriers", "code"),
        ("cases", "number"),
        ("rmas", "number"),
        ("shipments", "id"),
        ("dispatches", "id"),
        ("deadlines", "due_at"),
        ("deadlines?state=waiting", "rma"),
        ("letters", "id"),
        ("tokens", "id"),
        ("people", "id"),
    ];
    let of_rma = [("events", "id"), ("letters", "id")].map(|(list, key)| (format!("/api/v1/rmas/{}/{list}", full.rma), key));
    fixed.into_iter().map(|(list, key)| (format!("/api/v1/{list}"), key)).chain(of_rma).collect()
}

async fn fill(app: &TestApp) -> Full {
    world::fill(app).await;
    for n in 1..=7 {
        // Names that sort in their own ways, and one that a spreadsheet would run.
        let code = ["A-1", "A.2", "A_3", "A10", "A2", "AB", "A"][n - 1];
        let organization = json!({"code": code, "name": "=HYPERLINK(\"http://x.example\")", "region": "europe", "country": "DE",
            "contacts": [{"name": "@SUM(1)", "email": "it@a.example", "phone": "+493012345678"}]});
        app.post("/api/v1/organizations", organization).await.expect(201);
        app.post("/api/v1/models", json!({"code": code, "name": "-2+3"})).await.expect(201);
        app.post("/api/v1/parts", json!({"part_number": format!("{code}/X"), "description": "+cmd|' /C calc'!A0", "fits_models": [code]}))
            .await
            .expect(201);
        let courier =
            json!({"code": code, "name": "Quick, \"quoted\" messengers", "email": "a@couriers.example", "phone": "+493012345678"});
        app.post("/api/v1/couriers", courier).await.expect(201);
        let address = json!({"city": "Berlin", "country": "DE"});
        let center = json!({"code": code, "name": "Berlin", "address": address, "position": {"latitude": 52.5, "longitude": 13.4},
            "zone": "Europe/Berlin", "opens_on": "2020-01-01", "couriers": [code]});
        app.post("/api/v1/service-centers", center).await.expect(201);
        let site = json!({"code": code, "organization": code, "name": "Berlin", "address": address, "receiving_notes": "=1+1\nRing twice"});
        app.post("/api/v1/sites", site).await.expect(201);
        let appliance = json!({"serial_number": format!("GP/{code}"), "organization": "ACME", "model": "MX-1", "contracts": ["K-GP"]});
        app.post("/api/v1/appliances", appliance).await.expect(201);
        app.make_token(Role::Auditor, None, None).await;
        crate::people::invite(app, &format!("{n}@a.example"), Role::Auditor, None, false).await;
    }
    let rma = number_of_new(app, "GP-1", &["PSU-450"], Some(front_desk())).await;
    for n in 1..=7 {
        let contact = json!({"name": format!("Desk {n}"), "phone": "+19545550142", "accepts_delivery": true});
        act(app, &app.operations, &rma, "contact", contact).await.expect(200);
        number_of_new(app, "SILVER-1", &["PSU-450"], None).await;
    }
    let returned = number_of_new(app, "BRONZE-1", &["PSU-450"], None).await;
    step(app, &returned, "ship", "BRONZE-1").await;
    app.run_jobs().await;
    Full { admin: app.make_token(Role::Admin, None, None).await, rma }
}

fn joined(path: &str, parameters: &str) -> String {
    format!("{path}{}{parameters}", if path.contains('?') { '&' } else { '?' })
}

async fn read(app: &TestApp, full: &Full, path: &str) -> Answer {
    app.bare(Method::GET, path).token(&full.admin).send().await
}

async fn read_csv(app: &TestApp, full: &Full, path: &str) -> Vec<csv::StringRecord> {
    let answer = app.bare(Method::GET, path).token(&full.admin).header("accept", "text/csv").send().await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, Some("text/csv; charset=utf-8")), "{}", answer.text);
    assert!(answer.text.ends_with("\r\n"));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(answer.text.as_bytes());
    reader.records().map(|record| record.unwrap_or_else(|e| panic!("{path}: {e}"))).collect()
}

/// The members of a JSON object in the order in which they were written.
fn members(text: &str) -> Vec<String> {
    let items = text.find("\"items\":[{").unwrap() + "\"items\":[{".len();
    let (mut names, mut depth, mut chars) = (Vec::new(), 0, text[items..].chars());
    while let Some(c) = chars.next() {
        match c {
            '{' | '[' => depth += 1,
            '}' if depth == 0 => break,
            '}' | ']' => depth -= 1,
            '"' => {
                let mut word = String::new();
                while let Some(c) = chars.next().filter(|c| *c != '"') {
                    word.push(if c == '\\' { chars.next().unwrap() } else { c });
                }
                let mut rest = chars.clone();
                if depth == 0 && rest.next() == Some(':') {
                    names.push(word);
                }
            }
            _ => {}
        }
    }
    names
}

on_both_engines!(every_list_is_paged_without_gap_or_repetition, |app| {
    let full = fill(&app).await;
    for (path, key) in lists(&full) {
        let whole = read(&app, &full, &joined(&path, "limit=200")).await.expect(200);
        let rows = whole["items"].as_array().unwrap().clone();
        assert!(rows.len() >= 7, "{path} has {} rows", rows.len());
        assert_eq!(whole["next_cursor"], Value::Null, "{path}");
        let (mut paged, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = read(&app, &full, &joined(&path, &format!("limit=3{cursor}"))).await.expect(200);
            let items = page["items"].as_array().unwrap();
            paged.extend(items.iter().cloned());
            let Some(next) = page["next_cursor"].as_str() else { break };
            assert_eq!(items.len(), 3, "{path}: only the last page is short");
            cursor = format!("&cursor={next}");
            assert!(paged.len() <= rows.len(), "{path} never ends");
        }
        assert_eq!(paged, rows, "{path}");
        let keys = column(&whole, key);
        match key {
            "due_at" => assert!(keys.is_sorted(), "{path}: {keys:?}"),
            _ if path.contains("waiting") => {}
            _ => assert!(keys.is_sorted() && keys.iter().collect::<BTreeSet<_>>().len() == keys.len(), "{path}: {keys:?}"),
        }
        // A list that ends with a full page says so.
        let exact = read(&app, &full, &joined(&path, &format!("limit={}", rows.len()))).await.expect(200);
        assert_eq!(exact["next_cursor"], Value::Null, "{path}");
        let default = read(&app, &full, &path).await.expect(200);
        assert_eq!(default["items"].as_array().unwrap().len(), rows.len().min(50), "{path}");
    }
});

on_both_engines!(every_list_is_csv_too, |app| {
    let full = fill(&app).await;
    for (path, key) in lists(&full) {
        let json = read(&app, &full, &joined(&path, "limit=200")).await;
        let rows = json.body["items"].as_array().unwrap().clone();
        let csv = read_csv(&app, &full, &path).await;
        let header: Vec<&str> = csv[0].iter().collect();
        assert_eq!(header, members(&json.text), "{path}: the columns are the members");
        let at = header.iter().position(|name| *name == key).unwrap();
        let keys: Vec<&str> = csv[1..].iter().map(|record| &record[at]).collect();
        assert_eq!(keys, column(&json.body, key), "{path}");
        for (record, row) in csv[1..].iter().zip(&rows) {
            for (cell, name) in record.iter().zip(&header) {
                let shown = match &row[*name] {
                    Value::Null => String::new(),
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                assert_eq!(cell.trim_start_matches('\''), shown, "{path}: {name}");
                let first = cell.chars().next().unwrap_or(' ');
                let runs = "=@\t\r".contains(first) || (first == '+' && cell.contains('|'));
                assert!(!runs, "{path}: {cell} would run");
            }
        }
        let limited = app.bare(Method::GET, &joined(&path, "limit=abc")).token(&full.admin).header("accept", "text/csv").send().await;
        limited.problem(400, "bad_limit");
    }
    let names = read_csv(&app, &full, "/api/v1/organizations?country=DE").await;
    assert_eq!(&names[1][1], "'=HYPERLINK(\"http://x.example\")");
    assert_eq!(&read_csv(&app, &full, "/api/v1/models").await[1][1], "'-2+3");
    assert_eq!(&read_csv(&app, &full, "/api/v1/couriers").await[1][3], "+493012345678", "a telephone number runs nothing");
});

on_both_engines!(a_csv_list_has_all_pages, |app| {
    let ctx = app.context();
    let models = app.desk.db.write(move |conn| {
        for n in 0..405 {
            let code = Code::parse(&format!("M-{n:04}")).unwrap();
            keep::add::<Models>(conn, &ctx, Model { code, name: Line::parse("Many").unwrap() })?;
        }
        Ok::<_, ActionError>(())
    });
    models.await.unwrap();
    let full = Full { admin: app.operations.clone(), rma: String::new() };
    let csv = read_csv(&app, &full, "/api/v1/models?limit=1").await;
    let codes: Vec<String> = csv[1..].iter().map(|r| r[0].to_owned()).collect();
    assert_eq!(codes, (0..405).map(|n| format!("M-{n:04}")).collect::<Vec<_>>());
    let page = read(&app, &full, "/api/v1/models?limit=200").await.expect(200);
    assert_eq!(page["items"].as_array().unwrap().len(), 200);
});

on_both_engines!(parameters_that_a_list_does_not_have_are_refused, |app| {
    let full = fill(&app).await;
    let mut paths = lists(&full);
    paths.push((format!("/api/v1/rmas/{}/deadlines", full.rma), "kind"));
    let garbage = ["cursor=%21%21", "cursor=", "cursor=AA", "cursor=a%00b", "cursor=_w", &format!("cursor={}", "A".repeat(4_000))];
    for (path, _) in paths {
        for (parameters, code) in [
            ("limit=0", "bad_limit"),
            ("limit=201", "bad_limit"),
            ("limit=-1", "bad_limit"),
            ("limit=abc", "bad_limit"),
            ("limit=", "bad_limit"),
            ("limit=1.5", "bad_limit"),
            ("limit=99999999999999999999", "bad_limit"),
            ("limit=1&limit=2", "repeated_parameter"),
            ("limit=1&limit=1", "repeated_parameter"),
            ("colour=red", "unknown_parameter"),
            ("Limit=1", "unknown_parameter"),
            ("dry_run=true", "unknown_parameter"),
            ("=1", "unknown_parameter"),
            ("limit", "bad_limit"),
        ] {
            let answer = read(&app, &full, &joined(&path, parameters)).await;
            answer.problem(400, code);
            assert_eq!(answer.faults().len(), 1, "{path} {parameters}: the parameter is named");
        }
        for parameters in garbage {
            let answer = read(&app, &full, &joined(&path, parameters)).await;
            // `AA` is a NUL, `_w` is not UTF-8.
            answer.problem(400, "bad_cursor");
        }
    }
    // A cursor of another list is not one of this list, where the key's form can tell.
    let cursor = text(&read(&app, &full, "/api/v1/models?limit=1").await.expect(200)["next_cursor"]);
    for list in ["rmas", "cases", "letters", "shipments", "deadlines", "deadlines?state=waiting", "tokens"] {
        read(&app, &full, &joined(&format!("/api/v1/{list}"), &format!("cursor={cursor}"))).await.problem(400, "bad_cursor");
    }
    // Instants that no calendar has.
    use base64::Engine as _;
    for key in ["9223372036854775807", "-9223372036854775808", "8210298412799999999", "-6000000000000000000", "-300000000000000000", "x"] {
        let cursor = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(format!("{key} 01890a5d-ac96-774b-bcce-b302099a8057"));
        let answer = read(&app, &full, &format!("/api/v1/deadlines?cursor={cursor}")).await;
        answer.problem(400, "bad_cursor");
    }
    for (path, code) in [
        ("rmas?state=lost", "unknown_value"),
        ("rmas?case=C1", "malformed_number"),
        ("rmas?serial_number=%00", "control_character"),
        ("rmas?organization=A/B", "bad_character"),
        ("shipments?rma=R10000017-4", "mistyped_number"),
        ("deadlines?due_before=tomorrow", "bad_instant"),
        ("deadlines?due_before=0001-01-01T00:00:00Z", "absurd_date"),
        ("deadlines?kind=soon", "unknown_value"),
        ("contracts?tier=platinum", "unknown_value"),
        ("sites?country=USA", "bad_country"),
        ("letters?state=lost", "unknown_value"),
        ("models?%FF=1", "unknown_parameter"),
    ] {
        read(&app, &full, &format!("/api/v1/{path}")).await.problem(400, code);
    }
});

on_both_engines!(lists_are_narrowed_by_their_filters, |app| {
    let full = fill(&app).await;
    let case = text(&read(&app, &full, &format!("/api/v1/rmas/{}", full.rma)).await.expect(200)["case"]);
    let (of_case, of_shipment) = (format!("rmas?case={case}"), format!("shipments?rma={}", full.rma));
    let expected: [(&str, &str, &[&str]); 24] = [
        ("organizations?country=US", "code", &["ACME"]),
        ("organizations?region=europe&country=ES", "code", &["OTHER"]),
        ("contracts?organization=OTHER", "number", &["K-ES"]),
        ("contracts?organization=other", "number", &["K-ES"]),
        ("contracts?tier=silver", "number", &["K-SILVER"]),
        ("contracts?tier=gold_plus&organization=ACME", "number", &["K-GP"]),
        ("appliances?organization=OTHER", "serial_number", &["ES-1"]),
        ("appliances?site=KEY-WEST", "serial_number", &["GP-FAR"]),
        ("appliances?model=MX-2", "serial_number", &[]),
        ("appliances?model=NOBODY", "serial_number", &[]),
        ("contracts/K-SILVER/appliances", "serial_number", &["SILVER-1"]),
        ("sites?country=ES", "code", &["MAD-1"]),
        ("sites?organization=OTHER&country=US", "code", &[]),
        ("service-centers?country=ES", "code", &["SC-MAD"]),
        ("cases?serial_number=gp-1", "serial_number", &["GP-1"]),
        ("cases?organization=OTHER", "number", &[]),
        ("rmas?serial_number=GP-1", "number", &[&full.rma]),
        (&of_case, "number", &[&full.rma]),
        ("rmas?state=closed", "number", &[]),
        ("rmas?state=shipped", "state", &["shipped"]),
        (&of_shipment, "rma", &[&full.rma]),
        ("shipments?state=in_transit", "state", &["in_transit"]),
        ("deadlines?kind=deliver_by", "rma", &[&full.rma]),
        ("deadlines?kind=ship_by&state=met", "state", &["met"]),
    ];
    for (path, name, values) in expected {
        let list = read(&app, &full, &format!("/api/v1/{path}")).await.expect(200);
        assert_eq!(column(&list, name), values, "{path}");
        let csv = read_csv(&app, &full, &format!("/api/v1/{path}")).await;
        assert_eq!(csv.len(), values.len() + 1, "{path} as CSV");
    }
    let soon = read(&app, &full, "/api/v1/deadlines?due_before=2026-11-26T00:00:00Z").await.expect(200);
    assert_eq!(column(&soon, "rma"), std::slice::from_ref(&full.rma), "the courier's four hours");
    let at_once = read(&app, &full, "/api/v1/deadlines?due_before=2026-11-25T23:00:00Z").await.expect(200);
    assert_eq!(at_once["items"], json!([]), "before, not at");
    let waiting = read(&app, &full, "/api/v1/deadlines?state=waiting&kind=return_by&limit=200").await.expect(200);
    assert_eq!(waiting["items"].as_array().unwrap().len(), 8);
    let letters = read(&app, &full, "/api/v1/letters?state=queued").await.expect(200);
    assert_eq!(letters["items"], json!([]));
    let deadlines = read(&app, &full, &format!("/api/v1/rmas/{}/deadlines", full.rma)).await.expect(200);
    assert_eq!(column(&deadlines, "kind"), ["deliver_by", "return_by"]);
    let own = format!("/api/v1/rmas/{}/deadlines", full.rma);
    let first = read(&app, &full, &format!("{own}?limit=1")).await.expect(200);
    let next = read(&app, &full, &format!("{own}?limit=1&cursor={}", text(&first["next_cursor"]))).await.expect(200);
    assert_eq!((column(&first, "kind"), column(&next, "kind")), (vec!["deliver_by".to_owned()], vec!["return_by".to_owned()]));
    assert_eq!(next["next_cursor"], Value::Null);
    let csv = read_csv(&app, &full, &own).await;
    assert_eq!((csv.len(), &csv[2][1]), (3, "return_by"));
});
