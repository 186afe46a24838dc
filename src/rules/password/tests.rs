use super::*;

const EMAIL: &str = "Ana.Ruiz@vendor.example";

fn fault(text: &str) -> &'static str {
    Password::choose(text, EMAIL, "Ana Maria Ruiz").unwrap_err().code
}

#[test]
fn length_is_what_counts() {
    assert_eq!(fault("elevenchars"), "too_short");
    assert!(Password::choose("twelve chars", EMAIL, "").is_ok());
    assert!(Password::choose(&"ab".repeat(64), EMAIL, "").is_ok());
    assert_eq!(fault(&"ab".repeat(65)), "too_long");
    // Characters, not bytes.
    assert_eq!(fault("äöüäöüäöüäö"), "too_short");
    assert!(Password::choose("äöüäöüäöüäöü", EMAIL, "").is_ok());
}

#[test]
fn what_everybody_would_try_first_is_refused() {
    assert_eq!(fault("ana.ruiz@VENDOR.example"), "is_email");
    assert_eq!(fault("ana maria ruiz"), "is_email");
    assert_eq!(fault("aaaaaaaaaaaaaaaa"), "one_character");
    assert_eq!(fault("twelve\u{0}chars more"), "control_character");
}

#[test]
fn a_hash_knows_its_password_and_no_other() {
    let password = Password::choose("correct horse battery", EMAIL, "").unwrap();
    let hash = password.hash(&[3; 16]).unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    assert_ne!(hash, password.hash(&[4; 16]).unwrap());
    assert!(is_password("correct horse battery", Some(&hash)));
    for wrong in ["correct horse batterY", "", "correct horse battery "] {
        assert!(!is_password(wrong, Some(&hash)), "{wrong}");
    }
    assert_eq!(format!("{password:?}"), "Password(…)");
}

#[test]
fn nobody_has_no_password_and_costs_as_much() {
    let known = PasswordHash::new(NOBODY).unwrap();
    let ours = PasswordHash::new(&Password::choose("twelve chars", "", "").unwrap().hash(&[3; 16]).unwrap()).unwrap().params.to_string();
    assert_eq!(known.params.to_string(), ours);
    assert!(!is_password("anything at all", None));
    // A text that is cut short is no password, even where what is left of it is one.
    let longest = "é".repeat(LONGEST * 2 - 1) + "xy";
    assert!(!is_password(&(longest.clone() + "z"), None));
    assert!(!is_password("swapline", Some("no hash at all")));
}
