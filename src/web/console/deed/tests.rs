use super::*;
use serde_json::json;

fn of(fields: &[(&str, &str)]) -> Value {
    body(fields.iter().copied())
}

#[test]
fn pointers_become_members_and_kinds_become_values() {
    let made = of(&[
        ("form", "secret"),
        ("/case", " C10000012 "),
        ("/lines/0/serial_number", "SN1"),
        ("/lines/1/serial_number", "SN2"),
        ("/severity:number", "2"),
        ("/contact/accepts_delivery:bool", "on"),
        ("/address/lines:lines", "Street 1\r\n\r\nFloor 2"),
        ("/fits_models:list", "MX-1, MX-2"),
        ("/note", "  "),
    ]);
    assert_eq!(
        made,
        json!({"case": "C10000012", "lines": [{"serial_number": "SN1"}, {"serial_number": "SN2"}], "severity": 2,
               "contact": {"accepts_delivery": true}, "address": {"lines": ["Street 1", "Floor 2"]}, "fits_models": ["MX-1", "MX-2"]})
    );
}

#[test]
fn what_makes_no_sense_is_bounded_and_left_to_the_api() {
    assert_eq!(of(&[("/severity:number", "two")]), json!({"severity": "two"}));
    assert_eq!(of(&[("/lines/0", "a"), ("/lines/x", "b")]), json!({"lines": {"x": "b"}}));
    assert_eq!(of(&[("/a/999999999", "x")]), json!({"a": {"999999999": "x"}}), "no index makes a list of a billion");
    assert_eq!(of(&[("/a/b/c/d/e/f", "x")]), json!({"a": {"b": {"c": {"d": "x"}}}}));
}
