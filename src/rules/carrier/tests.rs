use super::*;

/// Made with `printf '1764097200.{"a":1}' | openssl dgst -sha256 -hmac secret`.
const SIGNED: &str = "e1127e341d1d52ae7000dc6b4792aebea1b3235e1a837a36aaeb257d844c550e";

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_764_097_200 + seconds, 0).unwrap()
}

fn header(time: &str, digits: &str) -> String {
    format!("t={time},v1={digits}")
}

#[test]
fn a_signature_holds_for_its_body_secret_and_five_minutes() {
    let good = header("1764097200", SIGNED);
    let body = br#"{"a":1}"#;
    for (seconds, expected) in [(0, true), (300, true), (-300, true), (301, false), (-301, false)] {
        assert_eq!(is_signed("secret", &good, body, at(seconds)), expected, "{seconds}");
    }
    assert!(!is_signed("other", &good, body, at(0)));
    assert!(!is_signed("secret", &good, br#"{"a":2}"#, at(0)));
    assert!(!is_signed("secret", &header("1764097201", SIGNED), body, at(0)), "the time is signed too");
    for bad in ["", "t=", "t=1764097200", SIGNED, &header("1764097200", ""), &header("x", SIGNED), &header("1764097200", &SIGNED[2..])] {
        assert!(!is_signed("secret", bad, body, at(0)), "{bad}");
    }
}
