//! Signing in as browsers do it: by password, with a second factor, and what ends a session.

use crate::app::{Answer, LINKS, TestApp, on_both_engines, start_of_tests};
use crate::world;
use chrono::TimeDelta;
use reqwest::Method;
use std::collections::BTreeMap;
use swapline::actions::invite_person::{Ask, Way, invite_person};
use swapline::rules::role::Role;
use swapline::rules::text::{Code, Email, Line};
use swapline::rules::totp::Factor;
use swapline::store::{Id, Ts, events, people, sessions};

pub const PASSWORD: &str = "correct horse battery";
const CUSTOMER: &str = "Noc@acme.example";

/// A browser: cookies, and the page that it shows.
pub struct Browser<'a> {
    app: &'a TestApp,
    pub cookies: BTreeMap<String, String>,
    pub page: String,
}

impl<'a> Browser<'a> {
    pub fn new(app: &'a TestApp) -> Self {
        Self { app, cookies: BTreeMap::new(), page: String::new() }
    }

    fn take(&mut self, answer: &Answer) {
        for set in answer.headers.get_all("set-cookie") {
            let set = set.to_str().unwrap();
            assert!(set.contains("; Path=/; HttpOnly; SameSite=Lax; Secure"), "{set}");
            let (name, value) = set.split(';').next().unwrap().split_once('=').unwrap();
            assert!(name.starts_with("__Host-"), "{set}");
            match value {
                "" => self.cookies.remove(name),
                value => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        self.page = answer.text.clone();
    }

    fn cookie(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        let answer = self.app.bare(Method::GET, path).header("cookie", &self.cookie()).send().await;
        self.take(&answer);
        answer
    }

    /// Sends the form of the page at hand.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let form = form(&self.page);
        let fields: Vec<_> = fields.iter().copied().chain([("form", form.as_str())]).collect();
        self.send(path, &fields, &[]).await
    }

    pub async fn send(&mut self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let request = self.app.bare(Method::POST, path).header("cookie", &self.cookie());
        let request = headers.iter().fold(request, |request, (name, value)| request.header(name, value));
        let answer = request.raw("application/x-www-form-urlencoded", body.join("&")).send().await;
        self.take(&answer);
        answer
    }

    pub async fn sign_in(&mut self, email: &str, password: &str) -> Answer {
        self.get("/sign-in").await;
        self.post("/sign-in", &[("email", email), ("password", password)]).await
    }

    /// Follows a link and sends its form.
    pub async fn follow(&mut self, link: &str, fields: &[(&str, &str)]) -> Answer {
        assert_eq!(self.get(link).await.status, 200);
        self.post(link, fields).await
    }

    pub fn session(&self) -> Option<&String> {
        self.cookies.get("__Host-swapline")
    }

    /// Sets the second factor up; its secret.
    pub async fn enroll(&mut self) -> String {
        self.get("/sign-in/second-factor").await;
        let secret: String = between(&self.page, "class=\"secret\">", "<").replace(' ', "");
        let code = code(self.app, &secret);
        let done = self.post("/sign-in/second-factor", &[("code", &code)]).await;
        assert_eq!(done.status, 200, "{}", done.text);
        secret
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

pub fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before}: {text}"));
    rest.split_once(after).unwrap().0
}

pub fn form(page: &str) -> String {
    between(page, "name=\"form\" value=\"", "\"").to_owned()
}

fn code(app: &TestApp, secret: &str) -> String {
    let at = app.desk.clock.now().timestamp();
    Factor::new(secret, "", "").unwrap().code(at.try_into().unwrap())
}

/// Invites somebody by the action; the id, and the path of the link.
pub async fn invite(app: &TestApp, email: &str, role: Role, organization: Option<&str>, administrator: bool) -> (Id, String) {
    let ask = Ask {
        email: Email::parse(email).unwrap(),
        name: Line::parse("Ana <b>Ruiz</b>").unwrap(),
        role,
        organization: organization.map(|code| Code::parse(code).unwrap()),
        administrator,
        zone: chrono_tz::America::New_York,
    };
    let ctx = app.context();
    let (person, link) = app.desk.db.write(move |conn| invite_person(conn, &ctx, &ask, Way::Hand)).await.unwrap();
    (person.id, format!("/sign-in/link/{}", app.desk.keys.sign_in_token(link.id.uuid())))
}

/// A customer with a password, who is signed in.
pub async fn customer<'a>(app: &'a TestApp, email: &str, organization: &str, administrator: bool) -> (Browser<'a>, Id) {
    let (id, link) = invite(app, email, Role::Customer, Some(organization), administrator).await;
    let mut browser = Browser::new(app);
    let entered = browser.follow(&link, &[("password", PASSWORD)]).await;
    assert_eq!((entered.status.as_u16(), entered.header("location")), (303, Some("/")), "{}", entered.text);
    (browser, id)
}

pub async fn actors(app: &TestApp, person: Id) -> Vec<(String, String)> {
    let page = app.desk.db.read(move |conn| events::page(conn, "person", &person.to_string(), None, 100)).await;
    page.unwrap().rows.into_iter().map(|event| (event.action, event.actor)).collect()
}

/// What a page says, without what is another each time.
fn said(answer: &Answer) -> String {
    let form = form(&answer.text);
    answer.text.replace(&form, "").replace(" autofocus", "").lines().filter(|line| !line.contains("id=\"email\"")).collect()
}

on_both_engines!(a_bad_an_unknown_a_disabled_and_a_locked_sign_in_say_the_same, |app| {
    world::fill(&app).await;
    let (_, id) = customer(&app, CUSTOMER, "ACME", false).await;
    let (_, off) = customer(&app, "off@acme.example", "ACME", false).await;
    let now = app.desk.clock.now().into();
    assert!(app.desk.db.write(move |conn| people::disable(conn, off, now)).await.unwrap());
    invite(&app, "new@acme.example", Role::Customer, Some("ACME"), false).await;

    let good = Browser::new(&app).sign_in("NOC@ACME.example", PASSWORD).await;
    assert_eq!((good.status.as_u16(), good.header("location")), (303, Some("/")), "{}", good.text);
    let bad = Browser::new(&app).sign_in(CUSTOMER, "correct horse batterY").await;
    assert!(bad.status == 422 && bad.text.contains("role=\"alert\"") && bad.text.contains(CUSTOMER), "{}", bad.text);
    for (email, password) in [
        ("nobody@acme.example", PASSWORD),
        ("off@acme.example", PASSWORD),
        ("new@acme.example", ""),
        ("", ""),
        ("not an address", "\u{0}"),
        ("\u{0}@acme.example", "x"),
        (&"x".repeat(5_000), &"y".repeat(5_000)),
    ] {
        let mut browser = Browser::new(&app);
        let other = browser.sign_in(email, password).await;
        assert_eq!((other.status, said(&other)), (bad.status, said(&bad)), "{email}");
        assert_eq!(browser.session(), None);
    }
    for _ in 0..4 {
        Browser::new(&app).sign_in(CUSTOMER, "wrong wrong wrong").await;
    }
    let locked = Browser::new(&app).sign_in(CUSTOMER, PASSWORD).await;
    assert_eq!((locked.status, said(&locked)), (bad.status, said(&bad)));
    app.pass(TimeDelta::minutes(15));
    assert_eq!(Browser::new(&app).sign_in(CUSTOMER, PASSWORD).await.status, 303);
    let me = format!("person:{id}");
    assert!(actors(&app, id).await.iter().filter(|(action, actor)| action == "signed_in" && *actor == me).count() == 3);
});

on_both_engines!(many_tries_at_once_are_counted_each, |app| {
    world::fill(&app).await;
    customer(&app, CUSTOMER, "ACME", false).await;
    customer(&app, "two@acme.example", "ACME", false).await;
    let guess = |n: usize| {
        let app = &app;
        async move { Browser::new(app).sign_in(CUSTOMER, if n == 11 { PASSWORD } else { "wrong wrong wrong" }).await.status.as_u16() }
    };
    futures_util::future::join_all((0..11).map(guess)).await;
    assert_eq!(guess(11).await, 422, "the right one comes too late");
    // Thirty from one address lock the others of it too.
    for n in 0..25 {
        Browser::new(&app).sign_in(&format!("{n}@acme.example"), "wrong wrong wrong").await;
    }
    app.pass(TimeDelta::minutes(14));
    assert_eq!(Browser::new(&app).sign_in("two@acme.example", PASSWORD).await.status, 422);
    app.pass(TimeDelta::minutes(1));
    assert_eq!(Browser::new(&app).sign_in("two@acme.example", PASSWORD).await.status, 303);
    assert_eq!(guess(11).await, 303);
});

on_both_engines!(staff_set_a_second_factor_up_and_are_asked_for_it, |app| {
    let (id, link) = invite(&app, "ops@vendor.example", Role::Operations, None, false).await;
    let mut browser = Browser::new(&app);
    let entered = browser.follow(&link, &[("password", PASSWORD)]).await;
    assert_eq!((entered.status.as_u16(), entered.header("location")), (303, Some("/sign-in/second-factor?next=/")));
    // Halfway in is not in.
    assert_eq!(browser.get("/account").await.header("location"), Some("/sign-in/second-factor"));
    assert_eq!(browser.get("/people").await.header("location"), Some("/sign-in/second-factor"));
    let halfway = browser.session().unwrap().clone();
    browser.get("/sign-in/second-factor").await;
    assert_eq!(browser.post("/sign-in/second-factor", &[("code", "000000")]).await.status, 422);
    let secret = browser.enroll().await;
    let recovery: Vec<String> = browser.page.split("<li><code>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect();
    assert_eq!(recovery.len(), 10);
    // The session is another one: what knew the old cookie is out.
    assert_ne!(browser.session(), Some(&halfway));
    assert_eq!(browser.get("/account").await.status, 200);
    assert!(browser.page.contains("Ana &#60;b&#62;Ruiz") && browser.page.contains("10 recovery codes left"), "{}", browser.page);
    let mut old = Browser::new(&app);
    old.cookies.insert("__Host-swapline".into(), halfway);
    assert_eq!(old.get("/account").await.header("location"), Some("/sign-in?next=/account"));

    // A code that was taken is not taken again, here or elsewhere.
    let used = code(&app, &secret);
    let mut second = Browser::new(&app);
    assert_eq!(second.sign_in("ops@vendor.example", PASSWORD).await.header("location"), Some("/sign-in/code?next=/"));
    let halfway = second.session().unwrap().clone();
    second.get("/sign-in/code?next=/people").await;
    assert_eq!(second.post("/sign-in/code", &[("code", &used)]).await.status, 422);
    app.pass(TimeDelta::seconds(30));
    let fresh = code(&app, &secret);
    let inside = second.post("/sign-in/code", &[("code", &fresh), ("next", "/account?x=1")]).await;
    assert_eq!((inside.status.as_u16(), inside.header("location")), (303, Some("/account?x=1")));
    assert_ne!(second.session(), Some(&halfway));
    // A recovery code is good once, however it is typed.
    for status in [303, 422] {
        let mut third = Browser::new(&app);
        third.sign_in("ops@vendor.example", PASSWORD).await;
        third.get("/sign-in/code").await;
        let typed = recovery[0].to_uppercase().replace('-', " ");
        assert_eq!(third.post("/sign-in/code", &[("code", &typed)]).await.status, status);
    }
    // Whoever knows the password can't guess at codes for ever.
    let mut guesser = Browser::new(&app);
    for _ in 0..5 {
        if guesser.sign_in("ops@vendor.example", PASSWORD).await.status == 303 {
            guesser.get("/sign-in/code").await;
            guesser.post("/sign-in/code", &[("code", "123456")]).await;
            guesser = Browser::new(&app);
        }
    }
    assert_eq!(Browser::new(&app).sign_in("ops@vendor.example", PASSWORD).await.status, 422);
    let done: Vec<String> = actors(&app, id).await.into_iter().map(|(action, _)| action).collect();
    for action in ["added", "chose_password", "enrolled_second_factor", "signed_in", "used_recovery_code"] {
        assert!(done.iter().any(|d| d == action), "{action}: {done:?}");
    }
});

on_both_engines!(a_form_from_elsewhere_does_nothing, |app| {
    world::fill(&app).await;
    let (mut browser, id) = customer(&app, CUSTOMER, "ACME", false).await;
    browser.get("/account").await;
    let good = form(&browser.page);
    let other = form(&customer(&app, "two@acme.example", "ACME", false).await.0.get("/account").await.text);
    let zone = ("zone", "Europe/Madrid");
    for (form, headers) in [
        ("", &[][..]),
        ("AAAA", &[]),
        (&other, &[]),
        (&good, &[("sec-fetch-site", "cross-site")]),
        (&good, &[("sec-fetch-site", "same-site")]),
        (&good, &[("origin", "https://evil.example")]),
        (&good, &[("origin", "null")]),
    ] {
        let answer = browser.send("/account/zone", &[zone, ("form", form)], headers).await;
        assert_eq!(answer.status, 403, "{form} {headers:?}: {}", answer.text);
        assert!(answer.text.contains("<h1>"), "{}", answer.text);
        let mut fresh = Browser::new(&app);
        assert_eq!(fresh.send("/sign-in", &[("email", CUSTOMER), ("password", PASSWORD), ("form", form)], headers).await.status, 403);
    }
    assert_eq!(browser.send("/sign-out", &[], &[]).await.status, 403);
    let person = app.desk.db.read(move |conn| people::get(conn, id)).await.unwrap().unwrap();
    assert_eq!(person.zone, "America/New_York");
    let own = browser.send("/account/zone", &[zone, ("form", &good)], &[("origin", LINKS)]).await;
    assert_eq!((own.status.as_u16(), own.header("location")), (303, Some("/account?done=zone")));
    let nowhere = browser.send("/account/zone", &[("zone", "Mars/Olympus"), ("form", &good)], &[]).await;
    assert!(nowhere.status == 422 && nowhere.text.contains("Europe/Madrid"));
});

on_both_engines!(a_session_ends_by_its_owner_by_time_and_with_the_account, |app| {
    world::fill(&app).await;
    let (mut here, id) = customer(&app, CUSTOMER, "ACME", false).await;
    let sign_in = || async {
        let mut browser = Browser::new(&app);
        assert_eq!(browser.sign_in(CUSTOMER, PASSWORD).await.status, 303);
        browser
    };
    let (mut there, mut gone) = (sign_in().await, sign_in().await);
    // One elsewhere is ended from here; nobody else's is.
    here.get("/account").await;
    let session = between(&here.page, "name=\"session\" value=\"", "\"").to_owned();
    let (mut stranger, _) = customer(&app, "x@other.example", "OTHER", false).await;
    stranger.get("/account").await;
    assert_eq!(stranger.post("/account/sessions/end", &[("session", &session)]).await.status, 404);
    assert_eq!(here.post("/account/sessions/end", &[("session", &session)]).await.status, 303);
    let statuses = [there.get("/account").await.status.as_u16(), gone.get("/account").await.status.as_u16()];
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    // Signing out ends this one only.
    let mut left = sign_in().await;
    left.get("/account").await;
    let kept = left.cookies.clone();
    assert_eq!(left.post("/sign-out", &[]).await.header("location"), Some("/sign-in"));
    assert_eq!(left.session(), None);
    left.cookies = kept;
    assert_eq!(left.get("/account").await.status, 303);
    // A new password ends all others, and gives this one another cookie.
    let (old, mut other) = (here.session().unwrap().clone(), sign_in().await);
    here.get("/account").await;
    assert_eq!(here.post("/account/password", &[("old", "wrong wrong wrong"), ("password", "another long password")]).await.status, 422);
    assert_eq!(here.post("/account/password", &[("old", PASSWORD), ("password", "short")]).await.status, 422);
    assert_eq!(here.post("/account/password", &[("old", PASSWORD), ("password", "another long password")]).await.status, 303);
    assert_ne!(here.session(), Some(&old));
    assert_eq!((here.get("/account").await.status.as_u16(), other.get("/account").await.status.as_u16()), (200, 303));
    // An hour without a word; twelve in all.
    for _ in 0..3 {
        app.pass(TimeDelta::minutes(59));
        assert_eq!(here.get("/account").await.status, 200);
    }
    app.pass(TimeDelta::minutes(60));
    assert_eq!(here.get("/account").await.status, 303);
    let mut again = Browser::new(&app);
    again.sign_in(CUSTOMER, "another long password").await;
    for _ in 0..14 {
        app.pass(TimeDelta::minutes(50));
        assert_eq!(again.get("/account").await.status, 200);
    }
    app.pass(TimeDelta::minutes(20));
    assert_eq!(again.get("/account?x=y").await.header("location"), Some("/sign-in?next=/account%3Fx%3Dy"));
    // What has run out is remembered for a month.
    let start = Ts::from(start_of_tests());
    let kept = || app.desk.db.read(move |conn| sessions::of_person(conn, id, start));
    app.run_jobs().await;
    assert!(!kept().await.unwrap().is_empty());
    app.pass(TimeDelta::days(31));
    app.run_jobs().await;
    assert_eq!(kept().await.unwrap(), []);
    assert!(actors(&app, id).await.iter().any(|(action, actor)| action == "signed_out" && *actor == format!("person:{id}")));
});
