use super::*;
use crate::rules::term::Term;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn five_bad_tries_of_an_account_or_thirty_from_an_address_lock() {
    for (account, address, locked) in [(0, 0, false), (4, 4, false), (5, 5, true), (0, 29, false), (0, 30, true)] {
        assert_eq!(is_locked(account, address), locked, "{account} {address}");
    }
}

#[test]
fn a_session_ends_when_it_idles_and_when_it_is_old() {
    let staff = ages(Role::Operations, Stage::Full);
    let begun = at("2026-11-24T08:00:00Z");
    let expires = begun + staff.absolute;
    let alive = |seen: &str, now: &str| is_alive(staff, at(seen), expires, at(now));
    assert!(alive("2026-11-24T08:00:00Z", "2026-11-24T11:59:59Z"));
    assert!(!alive("2026-11-24T08:00:00Z", "2026-11-24T12:00:00Z"));
    assert!(alive("2026-11-24T23:59:00Z", "2026-11-24T23:59:59Z"));
    assert!(!alive("2026-11-24T23:59:00Z", "2026-11-25T00:00:00Z"));
    // A clock that is set back a year makes no session of a year.
    assert!(!alive("2026-11-24T08:00:00Z", "2025-11-24T08:00:00Z"));
}

#[test]
fn between_password_and_code_there_is_little_time() {
    for role in [Role::Admin, Role::Customer] {
        for stage in [Stage::Code, Stage::Enroll] {
            assert_eq!(ages(role, stage).absolute, TimeDelta::minutes(15));
        }
    }
    assert!(ages(Role::Customer, Stage::Full).idle < ages(Role::Support, Stage::Full).idle);
}

#[test]
fn staff_have_a_second_factor_and_customers_may() {
    for role in Role::ALL.iter().copied() {
        assert_eq!(stage(role, true, true), Stage::Code);
        let without = if role == Role::Customer { Stage::Full } else { Stage::Enroll };
        assert_eq!(stage(role, false, true), without, "{role}");
        assert_eq!((stage(role, false, false), stage(role, true, false)), (Stage::Full, Stage::Code), "{role}");
        let link = if role == Role::Customer { LinkPurpose::SignIn } else { LinkPurpose::Reset };
        assert_eq!(link_for(role), link);
    }
}

#[test]
fn one_is_sent_on_to_this_server_only() {
    for good in ["/account", "/rmas?state=issued&limit=5", "/"] {
        assert_eq!(next(good), good);
    }
    let long = format!("/{}", "a".repeat(500));
    let bad = [
        "",
        "account",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/a b",
        "/\u{e4}",
        "/a\r\nb",
        "/sign-out",
        "/sign-in",
        &long,
    ];
    for bad in bad {
        assert_eq!(next(bad), "/", "{bad}");
    }
}

#[test]
fn an_address_is_the_same_however_it_is_written() {
    assert_eq!(email_key(" Ana.Ruiz@Vendor.EXAMPLE "), "ana.ruiz@vendor.example");
}
