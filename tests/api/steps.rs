//! The steps of an RMA's life over HTTP, for tests that need one that is some way along.

use crate::app::{Answer, TestApp};
use crate::world::{rma_body, verified_case};
use reqwest::Method;
use serde_json::{Value, json};

/// Every move of an RMA.
pub const MOVES: [&str; 9] =
    ["contact", "ship", "deliver", "return-shipped", "return-received", "cancel", "close", "export-hold", "export-release"];

/// A body that a move takes, for an RMA of one line about this appliance.
pub fn move_body(step: &str, serial: &str) -> Value {
    match step {
        "contact" => json!({"name": "Front Desk", "phone": "+19545550142", "accepts_delivery": true}),
        "ship" => json!({"carrier": "Parcel Service", "tracking_number": "PS-1", "replacement_serial_number": "NEW-1"}),
        "deliver" => json!({"received_by": "Receiving"}),
        "return-shipped" => json!({"carrier": "Parcel Service", "tracking_number": "PS-2"}),
        "return-received" => json!({"serial_number": serial, "condition": "as_described"}),
        "cancel" | "export-hold" => json!({"reason": "As agreed on the phone"}),
        _ => json!({}),
    }
}

/// Makes a move as somebody; the path may carry parameters after the step.
pub async fn act(app: &TestApp, token: &str, rma: &str, step: &str, body: Value) -> Answer {
    app.bare(Method::POST, &format!("/api/v1/rmas/{rma}/{step}")).token(token).json(body).send().await
}

/// Operations make a move with its usual body; the RMA as it is then.
pub async fn step(app: &TestApp, rma: &str, step: &str, serial: &str) -> Value {
    act(app, &app.operations, rma, step, move_body(step, serial)).await.expect(200)
}

/// The steps that bring a new RMA into a state.
pub fn way_to(state: &str) -> &'static [&'static str] {
    match state {
        "issued" => &[],
        "shipped" => &["ship"],
        "delivered" => &["ship", "deliver"],
        "returned" => &["ship", "deliver", "return-received"],
        "closed" => &["ship", "deliver", "return-received", "close"],
        "cancelled" => &["cancel"],
        other => panic!("no such state: {other}"),
    }
}

/// Issues an RMA and answers with its number.
pub async fn number_of_new(app: &TestApp, serial: &str, parts: &[&str], contact: Option<Value>) -> String {
    let case = verified_case(app, serial, parts).await;
    let issued = app.post_once("/api/v1/rmas", &format!("new/{case}"), rma_body(&case, serial, parts, contact)).await.expect(201);
    text(&issued["number"])
}

/// A string of a JSON answer.
#[track_caller]
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// The deadline of a kind in an RMA.
#[track_caller]
pub fn deadline<'a>(rma: &'a Value, kind: &str) -> &'a Value {
    rma["deadlines"].as_array().unwrap().iter().find(|d| d["kind"] == kind).unwrap_or_else(|| panic!("no {kind} in {rma}"))
}

/// The values of one member over the items of a list.
#[track_caller]
pub fn column(list: &Value, name: &str) -> Vec<String> {
    list["items"].as_array().unwrap_or_else(|| panic!("no list: {list}")).iter().map(|item| text(&item[name])).collect()
}
