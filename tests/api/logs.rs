//! What the program tells about itself: a request id on every line of a request, and nothing that is somebody's own.

use crate::process::{Home, LIMIT, SAMPLE, sample, until};
use reqwest::blocking::{Client, RequestBuilder};
use serde_json::{Value, json};

#[track_caller]
fn sent(request: RequestBuilder, status: u16) -> (Value, String) {
    let answer = request.send().unwrap();
    let id = answer.headers()["x-request-id"].to_str().unwrap().to_owned();
    assert_eq!(answer.status(), status);
    (answer.json().unwrap_or(Value::Null), id)
}

/// The tokens of the links in all letters.
fn links(home: &Home) -> Vec<String> {
    let letters = std::fs::read_dir(home.path().join("mail")).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
    let tokens = |bytes: Vec<u8>| -> Vec<String> {
        let message = mail_parser::MessageParser::default().parse(&bytes).unwrap().into_owned();
        let text = message.body_text(0).unwrap().into_owned();
        text.lines().filter_map(|line| line.trim().strip_prefix("https://links.example/d/")).map(str::to_owned).collect()
    };
    letters.flat_map(tokens).collect()
}

#[test]
fn logs_have_request_ids_and_no_address_phone_number_token_or_letter() {
    // As talkative as anybody would make it.
    let home =
        Home::new().set("SWAPLINE_LOG__FILTER", "debug").set("SWAPLINE_LISTEN", "127.0.0.1:0").set("SWAPLINE_JOBS__POST_SECONDS", "1");
    let home = home.set("SWAPLINE_HTTP__PUBLIC_URL", "https://links.example");
    let mut told: Vec<String> = SAMPLE.iter().flat_map(|kind| home.good(&["import", kind, &sample(kind)]).err).collect();
    let created = home.run(&["token", "create", "--role", "operations", "--label", "log test"]);
    let token = created.out.first().unwrap().clone();
    told.extend(created.err);
    let served = home.start(&["serve"]);
    let (client, base) = (Client::builder().no_proxy().timeout(LIMIT).build().unwrap(), format!("{}/api/v1", served.address()));
    let post =
        |path: &str, body: &Value| client.post(format!("{base}{path}")).bearer_auth(&token).header("idempotency-key", path).json(body);

    let (case, _) =
        sent(post("/cases", &json!({"serial_number": "SN123", "severity": 2, "channel": "web", "summary": "Zebra summary"})), 201);
    let number = case["number"].as_str().unwrap();
    let finding = json!({"replacement_needed": true, "part_number": "PSU-450", "failure_code": "dead", "note": "Zebra note"});
    sent(post(&format!("/cases/{number}/verification"), &finding), 200);
    let contact = json!({"name": "Zebra Desk", "phone": "+19545550177", "accepts_delivery": true});
    let rma = json!({"case": number, "lines": [{"serial_number": "SN123", "part_number": "PSU-450"}], "contact": contact});
    let (rma, issued) = sent(post("/rmas", &rma), 201);
    let (_, refused) = sent(post("/rmas?dry_run=true", &json!({"case": "C99999999", "lines": [], "zebra": "Zebra value"})), 422);
    sent(client.get(format!("{base}/rmas?serial_number=ZEBRA-QUERY")).bearer_auth(&token), 200);
    let letters = format!("{base}/rmas/{}/letters", rma["number"].as_str().unwrap());
    until("the letters", || {
        let (page, _) = sent(client.get(&letters).bearer_auth(&token), 200);
        page["items"].as_array().unwrap().iter().all(|letter| letter["state"] == "sent").then_some(())
    });
    let links = links(&home);
    assert_eq!(links.len(), 5, "one for the customer, four for the courier");
    for link in &links {
        let url = format!("{}/d/{link}", served.address());
        assert_eq!(client.get(&url).send().unwrap().status(), 200);
        assert!(client.post(&url).body("x").send().unwrap().status().is_client_error());
        assert!(client.post(format!("{url}/more?{link}")).send().unwrap().status().is_client_error());
    }
    told.extend(served.stop("TERM").err);

    for id in [&issued, &refused] {
        assert!(told.iter().any(|line| line.contains(id.as_str()) && line.contains("answered")), "no line tells of {id}");
    }
    // What was sent, what the sample has of its people and places, and what the letters say.
    let own = [
        token.as_str(),
        "ebra",
        "ZEBRA",
        "5550177",
        "55501",
        "harbor.example.com",
        "couriers.example.com",
        "Sample Terminal Road",
        "Hello ",
    ];
    let own: Vec<&str> = own.into_iter().chain(links.iter().map(String::as_str)).collect();
    let leaks: Vec<&String> = told.iter().filter(|line| own.iter().any(|word| line.contains(word))).collect();
    assert!(leaks.is_empty(), "{leaks:#?}");
    assert!(told.iter().any(|line| line.contains("letter sent")), "letters were sent, and told of by their keys");
}
