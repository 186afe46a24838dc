use super::*;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::test::TestRequest;

fn door(public_url: Option<&str>, listens_at: &str) -> Door {
    Door::new(Signer::new([1; 32]), public_url, listens_at.parse().unwrap(), false)
}

fn headers(all: &[(&'static str, &str)]) -> HeaderMap {
    all.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())).collect()
}

#[test]
fn cookies_are_secure_unless_the_machine_itself_is_asked() {
    for (url, secure) in [
        ("https://rma.example.com", true),
        ("http://rma.example.com", true),
        ("http://localhost.example.com:8080", true),
        ("http://127.0.0.1.example.com", true),
        ("http://localhost", false),
        ("http://localhost:8080", false),
        ("http://127.0.0.1:8080", false),
        ("http://[::1]:8080", false),
    ] {
        assert_eq!(door(Some(url), "127.0.0.1:1").is_secure(), secure, "{url}");
    }
    assert!(!door(None, "127.0.0.1:8080").is_secure() && door(None, "0.0.0.0:8080").is_secure());
    let set = door(Some("https://rma.example.com"), "127.0.0.1:1").set_cookie("swapline", "abc");
    assert_eq!(set, "__Host-swapline=abc; Path=/; HttpOnly; SameSite=Lax; Secure");
    let gone = door(None, "127.0.0.1:1").set_cookie("swapline", "");
    assert_eq!(gone, "swapline=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
}

#[test]
fn only_cookies_that_can_be_ours_are_read() {
    let door = door(None, "127.0.0.1:1");
    let read = |line: &str| door.cookie(&headers(&[("cookie", line)]), "swapline");
    assert_eq!(read("a=b; swapline=abc123; c=d").as_deref(), Some("abc123"));
    for line in ["", "swapline=", "swapline=a\"b", "xswapline=abc", "__Host-swapline=abc", &format!("swapline={}", "a".repeat(101))] {
        assert_eq!(read(line), None, "{line}");
    }
}

#[test]
fn a_form_of_another_site_is_told_by_its_browser() {
    let door = door(Some("https://rma.example.com/vendor"), "127.0.0.1:1");
    for (sent, own) in [
        (&[][..], true),
        (&[("sec-fetch-site", "same-origin")], true),
        (&[("sec-fetch-site", "none")], true),
        (&[("sec-fetch-site", "same-site"), ("origin", "https://rma.example.com")], false),
        (&[("sec-fetch-site", "cross-site")], false),
        (&[("origin", "https://rma.example.com")], true),
        (&[("origin", "https://evil.example"), ("host", "rma.example.com")], false),
        (&[("origin", "http://localhost:8080"), ("host", "localhost:8080")], true),
        (&[("origin", "null"), ("host", "rma.example.com")], false),
        (&[("origin", "https://")], false),
    ] {
        assert_eq!(door.is_own(&headers(sent)), own, "{sent:?}");
    }
}

#[test]
fn addresses_are_the_peers_unless_a_proxy_is_trusted() {
    let request =
        |peer: &str| TestRequest::default().peer_addr(peer.parse().unwrap()).insert_header(("x-forwarded-for", "1.1.1.1, 9.9.9.9"));
    let near = door(None, "127.0.0.1:1");
    assert_eq!(near.address(&request("10.0.0.7:99").to_http_request()), "10.0.0.7");
    assert_eq!(near.address(&request("[2001:db8:1:2:3:4:5:6]:99").to_http_request()), "2001:db8:1:2::/64");
    assert_eq!(near.address(&request("[::ffff:10.0.0.7]:99").to_http_request()), "10.0.0.7");
    let behind = Door { behind_proxy: true, ..near };
    assert_eq!(behind.address(&request("10.0.0.7:99").to_http_request()), "9.9.9.9");
    assert_eq!(behind.address(&TestRequest::default().peer_addr("10.0.0.7:99".parse().unwrap()).to_http_request()), "10.0.0.7");
}

#[actix_web::test]
async fn few_passwords_are_compared_at_once_and_each_is_told_apart() {
    let door = door(None, "127.0.0.1:1");
    let password = Password::choose("correct horse battery", "", "").unwrap();
    let hash = door.hash(password).await.unwrap();
    assert!(door.is_password("correct horse battery".into(), Some(hash.clone())).await.unwrap());
    assert!(!door.is_password("correct horse".into(), Some(hash)).await.unwrap());
    assert!(!door.is_password("correct horse battery".into(), None).await.unwrap());
    assert!((1..=AT_ONCE_MOST).contains(&door.turns.available_permits()));
}
