//! The description of the API and the page that shows it.

use crate::app::{Engine, TestApp};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use swapline::rules::role::Role;

struct Operation<'a> {
    verb: String,
    path: &'a str,
    about: &'a Value,
}

fn operations(document: &Value) -> Vec<Operation<'_>> {
    let paths = document["paths"].as_object().unwrap();
    let of = |(path, item): (&'_ String, &'_ Value)| -> Vec<(String, String)> {
        item.as_object().unwrap().keys().map(|verb| (verb.to_uppercase(), path.clone())).collect()
    };
    let all: Vec<(String, String)> = paths.iter().flat_map(of).collect();
    all.into_iter()
        .map(|(verb, path)| {
            let (path, item) = paths.get_key_value(&path).unwrap();
            Operation { about: &item[verb.to_lowercase()], verb, path }
        })
        .collect()
}

async fn document(app: &TestApp) -> Value {
    let answer = app.bare(Method::GET, "/api/openapi.json").send().await;
    assert_eq!(answer.header("content-type"), Some("application/json"));
    answer.expect(200)
}

#[tokio::test]
async fn the_document_has_every_path_with_its_methods() {
    let app = TestApp::start(Engine::Sqlite).await;
    let document = document(&app).await;
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."), "{}", document["openapi"]);
    let list: Vec<String> = operations(&document).iter().map(|o| format!("{} {}", o.verb, o.path)).collect();
    insta::with_settings!({snapshot_path => "snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("openapi_paths", list.join("\n"));
    });
}

#[tokio::test]
async fn every_operation_says_what_it_takes_and_gives() {
    let app = TestApp::start(Engine::Sqlite).await;
    let document = document(&app).await;
    let mut ids = BTreeSet::new();
    for Operation { verb, path, about } in operations(&document) {
        let name = format!("{verb} {path}");
        let summary = about["summary"].as_str().unwrap_or_else(|| panic!("{name} has no summary"));
        assert!(summary.ends_with('.') && summary.len() > 10, "{name}: {summary}");
        let id = about["operationId"].as_str().unwrap_or_else(|| panic!("{name} has no operationId"));
        assert!(ids.insert(id.to_owned()), "{name}: {id} is another operation's too");
        let parameters: Vec<(&str, &str)> = about["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|p| (p["in"].as_str().unwrap(), p["name"].as_str().unwrap()))
            .collect();
        for part in path.split('/').filter_map(|part| part.strip_prefix('{')) {
            assert!(parameters.contains(&("path", part.trim_end_matches('}'))), "{name}: {part} is not described");
        }
        let takes_body = matches!(verb.as_str(), "POST" | "PUT") && !path.ends_with("/retry");
        let body = &about["requestBody"]["content"]["application/json"]["schema"];
        assert_eq!(body.is_object(), takes_body, "{name}: {}", about["requestBody"]);
        // A carrier can neither rehearse nor name a key: its events have names of their own.
        let signed = path.contains("/webhooks/");
        if verb != "GET" && !signed {
            assert!(parameters.contains(&("query", "dry_run")), "{name}: dry_run");
        }
        if verb == "POST" && !path.ends_with("/check") && !path.ends_with("/what-if") && !signed {
            assert!(parameters.contains(&("header", "Idempotency-Key")), "{name}: Idempotency-Key");
        }
        if matches!(verb.as_str(), "PUT" | "DELETE") && !path.contains("/tokens") {
            assert!(parameters.contains(&("header", "If-Match")), "{name}: If-Match");
        }
        let responses = about["responses"].as_object().unwrap();
        for (status, response) in responses {
            assert!(!response["description"].as_str().unwrap_or_default().is_empty(), "{name}: {status} is not described");
        }
        let problem = &responses["default"]["content"]["application/problem+json"]["schema"]["$ref"];
        assert_eq!(problem, "#/components/schemas/ProblemBody", "{name}");
        assert!(responses.keys().any(|status| status.starts_with('2')), "{name}");
    }
}

#[tokio::test]
async fn every_reference_leads_to_the_schema_that_is_meant() {
    let app = TestApp::start(Engine::Sqlite).await;
    let document = document(&app).await;
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        let name = reference.strip_prefix("#/components/schemas/").unwrap_or_else(|| panic!("{reference}"));
        assert!(schemas.contains_key(name), "{name} is not there");
    }
    assert!(text.contains("\"bearer\"") && document["components"]["securitySchemes"]["bearer"].is_object());
    // What requests are refused for is what the schema says: required members, and no others.
    let required = |name: &str| -> BTreeSet<String> {
        schemas[name]["required"].as_array().into_iter().flatten().map(|v| v.as_str().unwrap().to_owned()).collect()
    };
    let admin = app.make_token(Role::Admin, None, None).await;
    for Operation { verb, path, about } in operations(&document) {
        let Some(schema) = about["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str() else { continue };
        let name = schema.rsplit('/').next().unwrap();
        // Refused before it is read, unless it is signed; other members are left alone.
        if path.contains("/webhooks/") {
            continue;
        }
        let path = filled(path);
        let request = app.bare(verb.parse().unwrap(), &path).token(&admin).header("if-match", "\"1\"").header("idempotency-key", "k");
        let answer = request.json(json!({"no_such_member": 1})).send().await;
        let missing: BTreeSet<String> =
            answer.faults().into_iter().filter(|(_, code)| code == "required").map(|(field, _)| field[1..].to_owned()).collect();
        assert_eq!(missing, required(name), "{verb} {path} and its schema {name}");
        let known: BTreeSet<&str> = schemas[name]["properties"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        let told = answer.body["errors"].as_array().unwrap().iter().find(|e| e["code"] == "unknown_field").unwrap();
        let told: BTreeSet<&str> =
            told["detail"].as_str().unwrap().split("the fields are ").nth(1).unwrap().split(", ").filter(|n| !n.is_empty()).collect();
        assert_eq!(told, known, "{verb} {path} and its schema {name}");
    }
}

fn filled(path: &str) -> String {
    let number = if path.contains("/rmas/") { "R99999999-9" } else { "C99999999" };
    let part = |part: &str| match part {
        "{number}" => number.to_owned(),
        "{line}" => "1".to_owned(),
        "{id}" => "01890a5d-ac96-774b-bcce-b302099a8057".to_owned(),
        part if part.starts_with('{') => "NOBODY".to_owned(),
        part => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_described_path_is_served() {
    let app = TestApp::start(Engine::Sqlite).await;
    let document = document(&app).await;
    let admin = app.make_token(Role::Admin, None, None).await;
    for Operation { verb, path, .. } in operations(&document) {
        let answer = app.bare(verb.parse().unwrap(), &filled(path)).token(&admin).send().await;
        assert_ne!(answer.body["detail"], "no such endpoint", "{verb} {path}");
        assert!(answer.status.as_u16() < 500, "{verb} {path}: {}", answer.text);
    }
    app.get("/api/v1/nothing").await.problem(404, "not_found");
    assert_eq!(app.get("/api/v1/nothing").await.body["detail"], "no such endpoint");
}

#[tokio::test]
async fn the_page_needs_no_other_place() {
    let app = TestApp::start(Engine::Sqlite).await;
    let page = app.bare(Method::GET, "/docs/").send().await;
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").unwrap().starts_with("text/html"));
    let mut assets = BTreeSet::new();
    for attribute in ["src=\"", "href=\""] {
        assets.extend(page.text.split(attribute).skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()));
    }
    assert!(assets.len() >= 4, "{assets:?}");
    for asset in assets {
        assert!(!asset.contains("//") && !asset.starts_with("data:"), "{asset} is elsewhere");
        let answer = app.bare(Method::GET, &format!("/docs/{}", asset.trim_start_matches("./"))).send().await;
        assert_eq!(answer.status, 200, "{asset}");
        assert!(!answer.text.is_empty() || asset.ends_with(".png"), "{asset} is empty");
        // Scripts may name places in comments; the page itself and its style load nothing from them.
        if asset.ends_with(".css") {
            assert!(!answer.text.contains("url(http") && !answer.text.contains("@import"), "{asset}");
        }
        if asset.contains("initializer") {
            assert!(
                answer.text.contains("/api/openapi.json") && !answer.text.contains("http://") && !answer.text.contains("https://"),
                "{}",
                answer.text
            );
        }
    }
    for place in ["http://", "https://"] {
        assert!(!page.text.contains(place), "{place} in the page");
    }
    // Without the slash one is led there, whether the client follows by itself or not.
    assert!(app.bare(Method::GET, "/docs").send().await.text.contains("swagger-ui"));
    assert_eq!(app.bare(Method::GET, "/docs/nothing.js").send().await.status, 404);
    app.bare(Method::GET, "/healthz").send().await.expect(200);
    assert_eq!(app.bare(Method::GET, "/readyz").send().await.expect(200), json!({"status": "ready"}));
}
