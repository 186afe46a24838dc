//! Somebody of the vendor's at the console, as a browser without JavaScript sees it and as Chromium shows it.

use crate::app::{Answer, TestApp};
use crate::browser::{Browser, Open, Size};
use reqwest::Method;
use swapline::actions::create_token::hash;
use swapline::rules::role::Role;
use swapline::rules::sign_in::{Stage, email_key};
use swapline::store::people::{self, Person};
use swapline::store::sessions::{self, Session};
use swapline::store::{Id, Word, organizations};

/// Somebody who is signed in.
pub struct Desk<'a> {
    app: &'a TestApp,
    pub person: Id,
    cookie: String,
}

impl<'a> Desk<'a> {
    /// Of this role, and of an organization where it has one.
    pub async fn of(app: &'a TestApp, role: Role, organization: Option<&str>) -> Self {
        let (now, organization) = (app.desk.clock.now(), organization.map(str::to_owned));
        let (person, cookie) = (Id::new(), Id::new().to_string().replace('-', ""));
        let email = format!("{role}-{person}@vendor.example");
        let kept = hash(&cookie);
        let sign_in = move |conn: &mut swapline::store::Conn| {
            let organization = organization.as_deref().map(|code| organizations::id_of(conn, code)).transpose()?.flatten();
            let somebody = Person {
                id: person,
                email_key: email_key(&email),
                email: email.clone(),
                name: "Ana <b>Ruiz</b>".to_owned(),
                role: Word(role),
                organization_id: organization,
                administrator: false,
                zone: "America/New_York".to_owned(),
                password_hash: None,
                totp_secret: None,
                totp_since: None,
                totp_step: None,
                created_at: now.into(),
                confirmed_at: Some(now.into()),
                disabled_at: None,
            };
            people::insert(conn, &somebody)?;
            let session = Session {
                id: Id::new(),
                person_id: person,
                hash: kept.clone(),
                stage: Word(Stage::Full),
                user_agent: String::new(),
                created_at: now.into(),
                seen_at: now.into(),
                expires_at: (now + chrono::TimeDelta::hours(8)).into(),
                ended_at: None,
            };
            sessions::insert(conn, &session)
        };
        app.desk.db.write(sign_in).await.unwrap();
        Self { app, person, cookie: format!("__Host-swapline={cookie}") }
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.app.bare(Method::GET, path).header("cookie", &self.cookie).send().await
    }

    /// Sends a form of a page that was just loaded.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let form = self.form().await;
        let fields: Vec<_> = fields.iter().copied().chain([("form", form.as_str())]).collect();
        self.send(path, &fields).await
    }

    /// Sends just these fields.
    pub async fn send(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        let request = self.app.bare(Method::POST, path).header("cookie", &self.cookie);
        request.raw("application/x-www-form-urlencoded", body.join("&")).send().await
    }

    /// What the forms of a page send back.
    pub async fn form(&self) -> String {
        let page = self.get("/account").await.text;
        let (_, rest) = page.split_once("name=\"form\" value=\"").unwrap_or_else(|| panic!("no form: {page}"));
        rest.split_once('"').unwrap().0.to_owned()
    }

    /// The same person at Chromium.
    pub async fn browser(&self, size: Size, dark: bool) -> Browser {
        let open = Open::new(size);
        let browser = if dark { open.dark() } else { open }.start().await;
        browser.open(self.app, "/sign-in").await;
        browser.evaluate(&format!("document.cookie = '{}; Path=/; Secure'", self.cookie)).await;
        browser
    }
}

/// A text in a form or a query.
pub fn encoded(text: &str) -> String {
    text.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// Takes pictures of pages at every size, and asserts that they fit and complain about nothing.
pub async fn look(app: &TestApp, desk: &Desk<'_>, pages: &[(&str, &str)]) {
    for (size, dark, named) in [(Size::Phone, false, "phone"), (Size::Laptop, true, "laptop"), (Size::Wide, false, "wide")] {
        let browser = desk.browser(size, dark).await;
        for (path, name) in pages {
            browser.open(app, path).await;
            browser.shot(&format!("console-{name}-{named}")).await;
            browser.fits().await;
            browser.complains_about_nothing().await;
        }
        browser.close().await;
    }
}
