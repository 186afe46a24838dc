//! One line of an RMA is called off (P4): the others go on as promised.

use crate::app::{Answer, TestApp, on_both_engines};
use crate::moves::{actions, kinds, line_states, shown};
use crate::steps::{act, deadline, number_of_new, step, text};
use crate::world::{self, front_desk};
use serde_json::{Value, json};

async fn cancel(app: &TestApp, number: &str, line: &str) -> Answer {
    act(app, &app.operations, number, &format!("lines/{line}/cancel"), json!({"reason": "Ordered twice"})).await
}

async fn last_letter(app: &TestApp, number: &str) -> Value {
    let letters = app.get(&format!("/api/v1/rmas/{number}/letters")).await.expect(200);
    letters["items"].as_array().unwrap().last().unwrap().clone()
}

on_both_engines!(p4_a_line_is_called_off_and_the_others_go_on_as_promised, |app| {
    world::fill(&app).await;
    let number = number_of_new(&app, "SILVER-1", &["PSU-450", "FAN-2"], None).await;
    let before = shown(&app, &number).await;
    cancel(&app, &number, "3").await.problem(404, "not_found");
    cancel(&app, &number, "two").await.problem(400, "bad_line");
    act(&app, &app.operations, &number, "lines/2/cancel", json!({})).await.problem(422, "invalid_input");
    let dry = act(&app, &app.operations, &number, "lines/2/cancel?dry_run=true", json!({"reason": "x"})).await.expect(200);
    assert_eq!(
        (line_states(&dry), line_states(&shown(&app, &number).await)),
        (
            vec!["awaiting_replacement".to_owned(), "cancelled".into()],
            vec!["awaiting_replacement".to_owned(), "awaiting_replacement".into()],
        )
    );
    let rma = cancel(&app, &number, "2").await.expect(200);
    assert_eq!((&rma["state"], line_states(&rma)), (&json!("issued"), vec!["awaiting_replacement".to_owned(), "cancelled".into()]));
    assert_eq!(rma["deadlines"], before["deadlines"]);
    assert_eq!(rma["lines"][1]["expected_return"]["state"], "void");
    cancel(&app, &number, "2").await.problem(409, "line_cancelled_already");
    cancel(&app, &number, "1").await.problem(409, "last_line");
    assert_eq!(actions(&app, &number).await, ["issued", "line_cancelled"]);
    app.run_jobs().await;
    assert_eq!(kinds(&app, &number).await, ["rma_issued", "line_cancelled"]);
    let letter = text(&last_letter(&app, &number).await["text"]);
    assert!(letter.contains("Line 2, FAN-2 of appliance SILVER-1: Ordered twice"), "{letter}");
    let still = letter.split("WHAT IS STILL REPLACED").nth(1).unwrap();
    assert!(still.contains("PSU-450") && !still.contains("FAN-2"), "{letter}");
    // The part may be replaced by another RMA of the case: its verification is free again.
    let case = text(&rma["case"]);
    app.post_once("/api/v1/rmas", "anew", world::rma_body(&case, "SILVER-1", &["FAN-2"], None)).await.expect(201);
    // One replacement leaves, one unit comes back, and papers and letters know of one.
    let two = json!({"carrier": "Parcel Service", "replacement_serial_numbers": ["NEW-1", "NEW-2"]});
    act(&app, &app.operations, &number, "ship", two).await.problem(422, "replacement_count");
    let shipped = step(&app, &number, "ship", "SILVER-1").await;
    assert_eq!(
        (&shipped["lines"][0]["replacement_serial_number"], &shipped["lines"][1]["replacement_serial_number"]),
        (&json!("NEW-1"), &Value::Null)
    );
    cancel(&app, &number, "1").await.problem(409, "line_shipped");
    step(&app, &number, "deliver", "SILVER-1").await;
    app.run_jobs().await;
    let letter = text(&last_letter(&app, &number).await["text"]);
    assert!(letter.contains("PSU-450") && !letter.contains("FAN-2") && letter.contains("DEFECTIVE UNIT"), "{letter}");
    for paper in ["packing-slip?format=html", "return-label?format=html"] {
        let page = app.get(&format!("/api/v1/rmas/{number}/{paper}")).await;
        assert!(page.status == 200 && !page.text.contains("FAN-2"), "{}", page.text);
    }
    let back = step(&app, &number, "return-received", "SILVER-1").await;
    assert_eq!((&back["state"], &deadline(&back, "return_by")["state"]), (&json!("returned"), &json!("met")));
    assert_eq!(step(&app, &number, "close", "SILVER-1").await["state"], "closed");
    cancel(&app, &number, "1").await.problem(409, "line_shipped");
});

on_both_engines!(p4_the_unit_of_a_line_that_is_called_off_goes_to_who_waits_for_it, |app| {
    world::fill(&app).await;
    let book = |serial: &str, part: &str| {
        app.post("/api/v1/stock-units", json!({"serial_number": serial, "part_number": part, "service_center": "SC-FLL"}))
    };
    book("RP-1", "PSU-450").await.expect(201);
    book("FN-1", "FAN-2").await.expect(201);
    let first = number_of_new(&app, "SILVER-1", &["PSU-450", "FAN-2"], None).await;
    let second = number_of_new(&app, "GOLD-1", &["PSU-450"], None).await;
    assert_eq!(shown(&app, &second).await["lines"][0]["supply"], "backordered");
    let rma = cancel(&app, &first, "1").await.expect(200);
    assert_eq!((&rma["lines"][0]["reserved_serial_number"], &rma["lines"][1]["reserved_serial_number"]), (&Value::Null, &json!("FN-1")));
    let waited = shown(&app, &second).await;
    assert_eq!((&waited["lines"][0]["reserved_serial_number"], &waited["promise"]["reasons"]), (&json!("RP-1"), &json!([])));
    // What is reserved leaves without being named.
    let shipped = act(&app, &app.operations, &first, "ship", json!({"carrier": "Parcel Service"})).await.expect(200);
    assert_eq!(shipped["lines"][1]["replacement_serial_number"], "FN-1");
    assert_eq!(app.get("/api/v1/stock-units/RP-1").await.expect(200)["rma"], json!(second));
    // A wait that only the line had is not part of the promise any more.
    let third = number_of_new(&app, "BRONZE-1", &["FAN-2", "MX-1-UNIT"], None).await;
    assert_eq!(shown(&app, &third).await["promise"]["reasons"][0]["code"], "backordered");
    assert_eq!(cancel(&app, &third, "1").await.expect(200)["promise"]["reasons"], json!([]));
});

on_both_engines!(p4_2_the_courier_is_told_of_the_line_that_is_called_off, |app| {
    world::fill(&app).await;
    let number = number_of_new(&app, "GP-1", &["PSU-450", "FAN-2"], Some(front_desk())).await;
    app.run_jobs().await;
    let rma = cancel(&app, &number, "1").await.expect(200);
    assert_eq!((&rma["shipment"]["dispatches"], &deadline(&rma, "deliver_by")["state"]), (&json!(2), &json!("running")));
    app.run_jobs().await;
    let key = format!("rma/{}/dispatch/2", number.split('-').next().unwrap());
    let letters = app.get(&format!("/api/v1/rmas/{number}/letters")).await.expect(200);
    let told = letters["items"].as_array().unwrap().iter().find(|l| l["key"] == json!(key)).unwrap().clone();
    assert!(text(&told["subject"]).starts_with("Changed dispatch"), "{told}");
    assert!(text(&told["text"]).contains("FAN-2") && !text(&told["text"]).contains("PSU-450"), "{told}");
    // The page of the link asks for one serial number.
    let pick_up = app.links(&key)[1].clone();
    let page = app.bare(reqwest::Method::GET, &pick_up).send().await;
    assert!(page.text.contains("FAN-2") && !page.text.contains("PSU-450"), "{}", page.text);
    assert_eq!(page.text.matches("name=\"serial_number\"").count(), 1, "{}", page.text);
});

on_both_engines!(p4_6_a_bronze_return_is_done_when_the_line_that_is_left_is_back, |app| {
    world::fill(&app).await;
    let number = number_of_new(&app, "BRONZE-1", &["PSU-450", "FAN-2"], None).await;
    let scan = json!({"serial_number": "BRONZE-1", "condition": "as_described", "line": 1});
    act(&app, &app.operations, &number, "return-received", scan).await.expect(200);
    cancel(&app, &number, "1").await.problem(409, "unit_already_back");
    let rma = cancel(&app, &number, "2").await.expect(200);
    assert_eq!(deadline(&rma, "return_by")["state"], "met");
    let rest = step(&app, &number, "ship", "BRONZE-1").await;
    assert_eq!(line_states(&rest), ["in_transit", "cancelled"]);
    assert_eq!(step(&app, &number, "deliver", "BRONZE-1").await["state"], "returned");
});
