//! A real browser for tests of the pages: Chromium without a window, driven by its own driver.
//!
//! One driver serves all tests that run at a time. It ends with the last of them, and takes its browsers along; what is left in
//! `target/tmp/screens` are the pictures, for people to look at.

use crate::app::TestApp;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fantoccini::actions::{InputSource, PointerAction, TouchActions};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

/// A driver that runs.
struct Driver {
    child: Child,
    port: u16,
}

static RUNNING: Mutex<Weak<Driver>> = Mutex::new(Weak::new());

impl Driver {
    /// The one that runs, or a new one on a port that was free.
    fn get() -> Arc<Self> {
        let mut running = RUNNING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        running.upgrade().unwrap_or_else(|| {
            let driver = Arc::new(Self::start());
            *running = Arc::downgrade(&driver);
            driver
        })
    }

    fn start() -> Self {
        let mut child = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("these tests need chromium and chromium-driver of Debian: run `bash tests/run`");
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        let port = loop {
            line.clear();
            assert!(said.read_line(&mut line).unwrap() > 0, "chromedriver ended");
            if let Some((_, rest)) = line.split_once("started successfully on port ") {
                break rest.trim_end_matches(['.', '\n', '\r']).parse().unwrap();
            }
        };
        // What else it says is read, so that it never waits for a reader.
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Self { child, port }
    }

    /// Asks it to end, browsers and all.
    fn shut_down(&self) -> std::io::Result<()> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.write_all(b"GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
        stream.read_to_end(&mut Vec::new()).map(drop)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let asked = self.shut_down();
        let since = Instant::now();
        while asked.is_ok() && since.elapsed() < Duration::from_secs(5) && matches!(self.child.try_wait(), Ok(None)) {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the page is looked at with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "a page is tested at the sizes that it is made for")]
pub enum Size {
    /// A phone, upright, with a touch screen.
    Phone,
    /// A small laptop.
    Laptop,
    /// A wide screen on a desk.
    Wide,
}

/// A browser with one page, nothing remembered from before.
pub struct Browser {
    client: Client,
    session: String,
    http: reqwest::Client,
    driver: Arc<Driver>,
}

/// Builds a browser.
pub struct Open {
    size: Size,
    script: bool,
    dark: bool,
    at: Option<(f64, f64, f64)>,
}

impl Open {
    pub fn new(size: Size) -> Self {
        Self { size, script: true, dark: false, at: None }
    }
    /// With JavaScript turned off.
    pub fn without_script(self) -> Self {
        Self { script: false, ..self }
    }
    /// For a person who likes it dark.
    pub fn dark(self) -> Self {
        Self { dark: true, ..self }
    }
    /// At a place on earth (latitude, longitude, accuracy in meters), which pages may ask for.
    pub fn at(self, latitude: f64, longitude: f64, accuracy: f64) -> Self {
        Self { at: Some((latitude, longitude, accuracy)), ..self }
    }

    pub async fn start(self) -> Browser {
        let driver = Driver::get();
        let window = if self.size == Size::Wide { "1920,1080" } else { "1280,800" };
        let window = format!("--window-size={window}");
        let mut args = vec!["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars", &window];
        // No test asks anybody but its own server.
        args.push("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1");
        if self.dark {
            args.push("--force-dark-mode");
        }
        let allowed = |yes: bool| if yes { 1 } else { 2 };
        let prefs = json!({
            "profile.default_content_setting_values.geolocation": allowed(self.at.is_some()),
        });
        let mut options = json!({"args": args, "prefs": prefs});
        if self.size == Size::Phone {
            options["mobileEmulation"] =
                json!({"deviceMetrics": {"width": 390, "height": 844, "pixelRatio": 2.0, "touch": true, "mobile": true}});
        }
        let wanted = json!({"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}});
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(wanted.as_object().unwrap().clone());
        let client = builder.connect(&format!("http://127.0.0.1:{}", driver.port)).await.expect("no browser");
        let session = client.session_id().await.unwrap().unwrap();
        let browser = Browser { client, session, http: reqwest::Client::builder().no_proxy().build().unwrap(), driver };
        if !self.script {
            browser.devtools("Emulation.setScriptExecutionDisabled", json!({"value": true})).await;
        }
        if let Some((latitude, longitude, accuracy)) = self.at {
            let place = json!({"latitude": latitude, "longitude": longitude, "accuracy": accuracy});
            browser.devtools("Emulation.setGeolocationOverride", place).await;
        }
        browser
    }
}

impl Browser {
    /// Opens a path of the server.
    pub async fn open(&self, app: &TestApp, path: &str) {
        self.client.goto(&format!("{}{path}", app.base)).await.unwrap();
    }

    /// The one element that a CSS selector means; waits for it for a while.
    pub async fn find(&self, css: &str) -> Element {
        let found = self.client.wait().at_most(Duration::from_secs(10)).for_element(Locator::Css(css)).await;
        found.unwrap_or_else(|error| panic!("{css}: {error}"))
    }

    /// What is to be read in an element.
    pub async fn text(&self, css: &str) -> String {
        self.evaluate(&format!("document.querySelector({css:?})?.innerText")).await.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until an element says this.
    pub async fn wait_for_text(&self, css: &str, wanted: &str) {
        self.wait_for(&format!("(document.querySelector({css:?})?.innerText ?? '').includes({wanted:?})"), json!(true)).await;
    }

    /// Waits until an expression has this value.
    pub async fn wait_for(&self, expression: &str, wanted: Value) {
        let since = Instant::now();
        loop {
            let is = self.evaluate(expression).await;
            if is == wanted {
                return;
            }
            assert!(since.elapsed() < Duration::from_secs(20), "{expression} is {is}, not {wanted}; {}", self.text("body").await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Lets the browser in with the cookies of a session.
    pub async fn let_in(&self, app: &TestApp, cookies: &BTreeMap<String, String>) {
        for (name, value) in cookies {
            let cookie = json!({"url": app.base.replace("http:", "https:"), "name": name, "value": value, "path": "/", "secure": true, "httpOnly": true});
            assert_eq!(self.devtools("Network.setCookie", cookie).await["success"], json!(true), "{name}");
        }
    }

    /// Types what has the focus, as a keyboard does; `\t` and `\n` are their keys.
    pub async fn keys(&self, text: &str) {
        for key in text.chars() {
            let (name, code, told) = match key {
                '\t' => ("Tab", 9, String::new()),
                '\n' => ("Enter", 13, "\r".to_owned()),
                key => ("", 0, key.to_string()),
            };
            let name = if name.is_empty() { told.as_str() } else { name };
            let down = json!({"type": if told.is_empty() { "rawKeyDown" } else { "keyDown" }, "key": name, "text": told, "windowsVirtualKeyCode": code});
            self.devtools("Input.dispatchKeyEvent", down).await;
            self.devtools("Input.dispatchKeyEvent", json!({"type": "keyUp", "key": name, "windowsVirtualKeyCode": code})).await;
        }
    }

    /// What axe-core finds wrong with the page (WCAG 2.2 A and AA, and what is good practice).
    pub async fn barriers(&self) -> Vec<String> {
        let axe = std::env::var("SWAPLINE_TEST_AXE").expect("SWAPLINE_TEST_AXE is not set: run `bash tests/run`");
        self.evaluate(&std::fs::read_to_string(axe).unwrap()).await;
        let found = self
            .evaluate(
                "(async () => (await axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})).violations\
                 .map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html + ' ' + n.failureSummary).join(' | ')))()",
            )
            .await;
        found.as_array().expect("axe-core answers").iter().map(ToString::to_string).collect()
    }

    /// Types into a field.
    pub async fn type_into(&self, css: &str, text: &str) {
        self.click(css).await;
        self.devtools("Input.insertText", json!({"text": text})).await;
    }

    /// Names the file that a field sends.
    pub async fn choose_file(&self, css: &str, path: &str) {
        self.find(css).await.send_keys(path).await.unwrap();
    }

    /// Clicks in the middle of an element, after scrolling there. By the browser's own tools, as the driver's way needs scripts.
    pub async fn click(&self, css: &str) {
        let middle = format!(
            "(() => {{ const e = document.querySelector({css:?}); e.scrollIntoView({{block: 'center', behavior: 'instant'}}); \
             const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; }})()"
        );
        let middle = self.evaluate(&middle).await;
        assert!(middle[0].is_number(), "there is no {css}");
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({"type": kind, "x": middle[0], "y": middle[1], "button": "left", "clickCount": 1});
            self.devtools("Input.dispatchMouseEvent", event).await;
        }
    }

    /// Draws a line with a finger, through points that are meant from the middle of an element.
    pub async fn draw(&self, css: &str, points: &[(f64, f64)]) {
        let element = self.find(css).await;
        self.client.execute("arguments[0].scrollIntoView({block: 'center'})", vec![serde_json::to_value(&element).unwrap()]).await.unwrap();
        let mut finger = TouchActions::new("finger".to_owned());
        for (index, (x, y)) in points.iter().enumerate() {
            let duration = Some(Duration::from_millis(20));
            finger = finger.then(PointerAction::MoveToElement { element: element.clone(), duration, x: *x, y: *y });
            if index == 0 {
                finger = finger.then(PointerAction::Down { button: 0 });
            }
        }
        self.client.perform_actions(finger.then(PointerAction::Up { button: 0 })).await.unwrap();
        self.client.release_actions().await.unwrap();
    }

    /// Runs a script as the browser's tools do, even where those of the page may not run.
    pub async fn evaluate(&self, expression: &str) -> Value {
        let awaits = expression.starts_with("(async");
        let told = json!({"expression": expression, "returnByValue": true, "awaitPromise": awaits});
        self.devtools("Runtime.evaluate", told).await["result"]["value"].clone()
    }

    /// A picture of the whole page.
    pub async fn shot(&self, name: &str) -> PathBuf {
        let taken = self.devtools("Page.captureScreenshot", json!({"format": "png", "captureBeyondViewport": true})).await;
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("screens");
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(format!("{name}.png"));
        std::fs::write(&path, STANDARD.decode(taken["data"].as_str().unwrap()).unwrap()).unwrap();
        path
    }

    /// Asserts that nothing was complained about since the last time: no script failed, nothing was refused by a policy or missing.
    pub async fn complains_about_nothing(&self) {
        let log = self.driver_command("se/log", json!({"type": "browser"})).await;
        assert_eq!(log, json!([]), "the browser complains");
    }

    /// Asserts that the page is not wider than its window: nobody scrolls sideways to read.
    pub async fn fits(&self) {
        let wide = self.evaluate("document.documentElement.scrollWidth - window.innerWidth").await;
        assert!(wide.as_i64().is_some_and(|more| more <= 0), "the page is {wide} pixels too wide");
    }

    /// Ends it.
    pub async fn close(self) {
        self.client.close().await.unwrap();
    }

    async fn devtools(&self, command: &str, params: Value) -> Value {
        self.driver_command("goog/cdp/execute", json!({"cmd": command, "params": params})).await
    }

    async fn driver_command(&self, command: &str, body: Value) -> Value {
        let url = format!("http://127.0.0.1:{}/session/{}/{command}", self.driver.port, self.session);
        let answer: Value = self.http.post(url).json(&body).send().await.unwrap().json().await.unwrap();
        assert!(answer["value"]["error"].is_null(), "{command}: {answer}");
        answer["value"].clone()
    }
}
