use super::*;

/// The secret of RFC 6238's test vectors: the ASCII digits 12345678901234567890.
const RFC: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

fn factor() -> Factor {
    Factor::new(RFC, "Vendor: Support", "ana@vendor.example").unwrap()
}

#[test]
fn codes_are_those_of_the_rfc() {
    // Appendix B, cut to six digits.
    for (at, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")] {
        assert_eq!(factor().code(at), code);
        let seconds = i64::try_from(at).unwrap();
        assert_eq!(factor().step(code, seconds, None), Some(seconds / 30), "{code}");
        assert_eq!(factor().step(&format!("{} {}", &code[..3], &code[3..]), seconds, None), Some(seconds / 30));
    }
}

#[test]
fn a_code_is_good_once_and_for_a_step_around_it() {
    let (code, at) = ("279037", 2_000_000_000);
    let step = at / 30;
    assert_eq!(factor().step(code, at, Some(step - 1)), Some(step));
    assert_eq!(factor().step(code, at, Some(step)), None);
    assert_eq!(factor().step(code, at + 30, None), Some(step));
    assert_eq!(factor().step(code, at - 30, None), Some(step));
    assert_eq!(factor().step(code, at + 61, None), None);
    assert_eq!(factor().step(code, -1, None), None);
}

#[test]
fn what_is_no_code_is_none() {
    for text in ["", "27903", "2790377", "27903a", "２７９０３７", "279-037", "+79037"] {
        assert_eq!(factor().step(text, 2_000_000_000, None), None, "{text}");
    }
}

#[test]
fn an_app_is_told_whose_factor_it_is() {
    let url = factor().url().unwrap();
    assert!(url.starts_with("otpauth://totp/") && url.contains(&format!("secret={RFC}")) && url.contains("issuer=Vendor"), "{url}");
    assert!(Factor::new("not base 32!", "Vendor", "ana").is_none());
    assert_eq!(secret(*b"12345678901234567890"), RFC);
}

#[test]
fn recovery_codes_are_read_however_they_are_typed() {
    let code = recovery_code([0, 31, 32, 255, 7, 1, 2, 3, 4, 5]);
    assert_eq!((code.len(), code.as_bytes()[5]), (11, b'-'));
    assert_eq!(typed_recovery_code(&code).as_deref(), Some(code.as_str()));
    assert_eq!(typed_recovery_code(&code.to_uppercase().replace('-', " ")).as_deref(), Some(code.as_str()));
    assert_eq!(typed_recovery_code("abcde"), None);
    assert_eq!(typed_recovery_code(&code.repeat(2)), None);
}
