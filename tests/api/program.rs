//! The built program, as people use it: the demonstration, imports, tokens, settings, migrations, and stopping.

use crate::app::{Database, Engine};
use crate::process::{Ended, Home, Program, SAMPLE, sample};
use mail_parser::MessageParser;
use reqwest::blocking::Client;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// A client that looks at the program's address and nowhere else.
fn client() -> Client {
    Client::builder().no_proxy().timeout(crate::process::LIMIT).build().unwrap()
}

struct Visitor {
    client: Client,
    base: String,
    token: String,
}

impl Visitor {
    fn of(program: &Program, token: &str) -> Self {
        Self { client: client(), base: program.address(), token: token.to_owned() }
    }
    #[track_caller]
    fn get(&self, path: &str) -> Value {
        let answer = self.client.get(format!("{}{path}", self.base)).bearer_auth(&self.token).send().unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().unwrap()
    }
    fn numbers(&self) -> Vec<String> {
        let rmas = self.get("/api/v1/rmas");
        rmas["items"].as_array().unwrap().iter().map(|rma| rma["number"].as_str().unwrap().to_owned()).collect()
    }
}

/// The one secret on stdout.
#[track_caller]
fn secret(ended: &Ended) -> String {
    let [line] = ended.out.as_slice() else { panic!("not one line: {ended:?}") };
    assert!(line.starts_with("swl_") && line.len() == 68, "{line}");
    line.clone()
}

fn token_of_demo(demo: &Program) -> String {
    demo.hear("a token", |line| Some(line.split_once("export TOKEN=")?.1.trim().to_owned()))
}

/// What the demonstration tells of one RMA.
fn stories(out: &[String]) -> Vec<(&str, Vec<&String>)> {
    let mut stories = Vec::new();
    for line in out {
        if let Some(title) = line.strip_prefix("== ") {
            stories.push((title.trim_end_matches(" =="), Vec::new()));
        } else if line.starts_with("Serving on") {
            break;
        } else if let Some((_, lines)) = stories.last_mut() {
            lines.push(line);
        }
    }
    stories
}

fn check_story(home: &Home, tier: &str, lines: &[&String]) {
    let has = |parts: &[&str]| lines.iter().any(|line| parts.iter().all(|part| line.contains(part)));
    assert!(has(&["RMA R1", "issued: "]), "{tier}: {lines:#?}");
    assert!(has(&[&format!("entitled to {tier}, delivered as {tier}, ships from SC-")]), "{tier}: {lines:#?}");
    let promised = if tier == "Gold Plus" { "deliver_by" } else { "ship_by" };
    for kind in [promised, "return_by"] {
        // The deadline's line, and below it the steps that explain it.
        let at = lines.iter().position(|line| line.trim_start().starts_with(kind) && line.contains("due ") && line.contains("[P"));
        let at = at.unwrap_or_else(|| panic!("{tier}: no {kind} that is due: {lines:#?}"));
        assert!(lines[at + 1].contains(" – ") && lines[at + 1].contains("(P"), "{tier}: no working of {kind}: {:?}", lines[at + 1]);
    }
    let letters: Vec<&str> = lines.iter().filter_map(|line| line.strip_prefix("    letter ")).collect();
    assert!(letters.len() >= 4, "{tier}: {lines:#?}");
    for letter in letters {
        let (kind, path) = letter.trim().split_once(' ').unwrap();
        let bytes = std::fs::read(home.path().join(path.trim())).unwrap_or_else(|error| panic!("{kind}: {path}: {error}"));
        let mail = MessageParser::default().parse(&bytes).unwrap_or_else(|| panic!("{path} is no letter"));
        assert!(mail.from().is_some() && mail.to().is_some() && mail.message_id().is_some(), "{path}");
        assert!(mail.subject().is_some_and(|subject| subject.contains('R')), "{path}: {:?}", mail.subject());
        assert!(mail.body_text(0).is_some_and(|text| text.len() > 100), "{path}");
    }
}

#[test]
fn the_demonstration_plays_every_tier_serves_it_and_goes_on_with_it_the_next_time() {
    let home = Home::new();
    let demo = home.start(&["demo", "--listen", "127.0.0.1:0"]);
    let token = token_of_demo(&demo);
    let visitor = Visitor::of(&demo, &token);
    let command = demo.hear("a command to copy", |line| line.contains("curl -s").then(|| line.trim().to_owned()));
    assert_eq!(command, format!("curl -s -H \"Authorization: Bearer $TOKEN\" {}/api/v1/rmas", visitor.base));
    let out = demo.out();
    let stories = stories(&out);
    let tiers: Vec<&str> = stories.iter().map(|(title, _)| title.split(':').next().unwrap()).collect();
    assert_eq!(tiers, ["Gold Plus", "Gold", "Silver", "Bronze"]);
    stories.iter().zip(tiers).for_each(|((_, lines), tier)| check_story(&home, tier, lines));

    assert_eq!(visitor.get("/healthz")["status"], "ok");
    assert_eq!(visitor.get("/readyz")["status"], "ready");
    assert!(visitor.get("/api/openapi.json")["paths"]["/api/v1/rmas"]["post"].is_object());
    let page = visitor.client.get(format!("{}/docs/", visitor.base)).send().unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.text().unwrap().contains("swagger-ui"));
    let numbers = visitor.numbers();
    assert_eq!(numbers.len(), 4, "{numbers:?}");
    demo.stop("INT");

    let again = home.start(&["demo", "--listen", "127.0.0.1:0"]);
    let visitor = Visitor::of(&again, &token_of_demo(&again));
    assert_eq!(visitor.numbers(), numbers);
    let ended = again.stop("INT");
    assert!(ended.out.iter().any(|line| line.contains("holds 4 RMAs of a run before")), "{ended:?}");
    assert!(!ended.out.iter().any(|line| line.contains("issued")), "it played again: {ended:?}");
}

/// The three counts of an import's report.
#[track_caller]
fn counts(ended: &Ended) -> (u64, u64, u64) {
    let [line] = ended.out.as_slice() else { panic!("not one line: {ended:?}") };
    let count = |word: &str| {
        let before = line.split_once(&format!(" {word}")).unwrap_or_else(|| panic!("no {word}: {line}")).0;
        before.rsplit(' ').next().unwrap().parse().unwrap()
    };
    (count("added"), count("changed"), count("unchanged"))
}

#[test]
fn an_import_counts_its_rows_and_the_same_file_again_changes_nothing() {
    let home = Home::new();
    for kind in SAMPLE {
        let file = sample(kind);
        let rehearsed = home.good(&["import", kind, &file, "--dry-run"]);
        assert!(rehearsed.out[0].ends_with("(dry run: nothing was written)"), "{rehearsed:?}");
        let first = counts(&home.good(&["import", kind, &file]));
        // That the rows are still new shows that the rehearsal wrote none.
        assert_eq!(first, counts(&rehearsed), "{kind}");
        assert!(first.0 > 0 && first.1 == 0 && first.2 == 0, "{kind}: {first:?}");
        assert_eq!(counts(&home.good(&["import", kind, &file])), (0, 0, first.0), "{kind}");
    }
}

#[test]
fn a_file_with_faults_is_refused_whole_and_every_fault_is_told_by_line_and_column() {
    let home = Home::new();
    home.good(&["import", "organizations", &sample("organizations")]);
    let header = "number,organization,region,tier,starts_on,ends_on,zone\n";
    let good = "C-1,HARBOR,north_america,gold,2024-01-01,2030-12-31,America/New_York\n";
    let bad = "C-2,HARBOR,north_america,platinum,2024-01-01,2030-12-31,America/New_York\n\
               C-3,HARBOR,north_america,gold,2024-02-30,2030-12-31,America/New_York\n\
               C-4,NOBODY,north_america,gold,2024-01-01,2030-12-31,America/New_York\n";
    home.write("bad.csv", &format!("{header}{good}{bad}"));
    let ended = home.run(&["import", "contracts", "bad.csv"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.out.is_empty(), "{ended:?}");
    for (line, column) in [(3, "tier"), (4, "starts_on"), (5, "organization")] {
        assert!(ended.complains(&[&format!("bad.csv:{line}: column {column}: ")]), "{line}, {column}: {ended:?}");
    }
    assert!(ended.complains(&["bad.csv: 3 faults; nothing was imported"]), "{ended:?}");
    home.write("good.csv", &format!("{header}{good}"));
    assert_eq!(counts(&home.good(&["import", "contracts", "good.csv"])), (1, 0, 0));
    let missing = home.run(&["import", "contracts", "missing.csv"]);
    assert_eq!(missing.code, Some(1));
    assert!(missing.complains(&["missing.csv"]), "{missing:?}");
}

#[test]
fn a_token_is_one_line_and_the_environment_wins_over_the_file() {
    let home = Home::new().set("SWAPLINE_DATABASE__URL", "sqlite://environment.db");
    home.write(
        "settings.toml",
        "listen = \"127.0.0.1:0\"\n[database]\nurl = \"sqlite://file.db\"\n[mail]\nfolder = \"letters\"\n[http]\nrequests_per_minute = 7\n",
    );
    let home = home.set("SWAPLINE_CONFIG", "settings.toml");
    let made = home.good(&["token", "create", "--role", "operations", "--label", "the first"]);
    let token = secret(&made);
    assert!(made.complains(&["operations", "the first"]), "{made:?}");
    assert!(!made.err.iter().any(|line| line.contains(&token)), "{made:?}");
    assert!(home.path().join("environment.db").is_file() && !home.path().join("file.db").exists());

    let served = home.start(&["serve"]);
    let visitor = Visitor::of(&served, &token);
    assert_eq!(visitor.get("/api/v1/rmas")["items"], serde_json::json!([]));
    let asked = visitor.client.get(format!("{}/api/v1/rmas", visitor.base));
    let limited = asked.try_clone().unwrap().bearer_auth(&token).send().unwrap();
    assert_eq!(limited.headers()["ratelimit-limit"], "7");
    assert_eq!(asked.try_clone().unwrap().send().unwrap().status(), 401);
    assert_eq!(asked.bearer_auth(format!("swl_{}", "0".repeat(64))).send().unwrap().status(), 401);
    assert!(home.path().join("letters").is_dir());
    served.stop("TERM");

    let unknown = home.run(&["token", "create", "--role", "customer", "--organization", "NOBODY"]);
    assert_eq!(unknown.code, Some(1));
    assert!(unknown.complains(&["--organization", "unknown_organization"]) && unknown.out.is_empty(), "{unknown:?}");
    assert_eq!(home.run(&["token", "create", "--role", "king"]).code, Some(2));
}

#[test]
fn a_bad_setting_is_named_with_the_place_it_comes_from() {
    let home = Home::new();
    home.write("mine.toml", "[http]\nbodybytes = 1\nworkers = \"many\"\n");
    let ended = home.run(&["--config", "mine.toml", "serve"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.complains(&["http.bodybytes", "mine.toml"]), "{ended:?}");
    assert!(ended.complains(&["http.workers", "mine.toml"]), "{ended:?}");
    let ended = Home::new().set("SWAPLINE_HTTP__BODYBYTES", "1").run(&["migrate"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.complains(&["SWAPLINE_HTTP__BODYBYTES"]), "{ended:?}");
    let ended = home.run(&["--config", "missing.toml", "serve"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.complains(&["missing.toml"]), "{ended:?}");
}

#[test]
fn migrate_brings_the_schema_up_once_on_both_engines() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let database = Database::new(engine);
        let home = Home::new().set("SWAPLINE_DATABASE__URL", &database.url).set("SWAPLINE_LISTEN", "127.0.0.1:0");
        if engine == Engine::Postgres {
            let early = home.run(&["serve"]);
            assert_eq!(early.code, Some(1), "{early:?}");
            assert!(early.complains(&["run `swapline migrate` first"]), "{early:?}");
            let password = database.url.split([':', '@']).nth(2).unwrap();
            assert!(!early.err.iter().any(|line| line.contains(password)), "{early:?}");
        }
        let first = home.good(&["migrate"]);
        let names = first.out.iter().filter(|line| line.starts_with("done: ")).count();
        assert!(names > 0 && first.out.last().unwrap().starts_with(&format!("{names} migrations done")), "{first:?}");
        assert_eq!(home.good(&["migrate"]).out, ["nothing to do: the schema is up to date"]);
        let served = home.start(&["serve"]);
        assert_eq!(Visitor::of(&served, "").get("/readyz")["status"], "ready");
        served.stop("TERM");
    }
}

/// Reads the head of an answer: its status, and the length of the body that follows.
fn head(stream: &mut impl BufRead) -> (u16, usize) {
    let (mut status, mut length) = (0, 0);
    for line in stream.lines().map(Result::unwrap).take_while(|line| !line.is_empty()) {
        if let Some(rest) = line.strip_prefix("HTTP/1.1 ") {
            status = rest[..3].parse().unwrap();
        } else if let Some((_, value)) = line.to_ascii_lowercase().split_once("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    (status, length)
}

#[test]
fn told_to_stop_it_answers_the_request_under_way_and_no_other() {
    let home = Home::new().set("SWAPLINE_LISTEN", "127.0.0.1:0");
    SAMPLE.iter().for_each(|kind| drop(home.good(&["import", kind, &sample(kind)])));
    let token = secret(&home.good(&["token", "create", "--role", "operations"]));
    let served = home.start(&["serve"]);
    let address = served.address().trim_start_matches("http://").to_owned();
    let body = r#"{"serial_number": "SN123", "severity": 2, "channel": "web", "summary": "It is slow to tell what is wrong."}"#;
    let mut out = TcpStream::connect(&address).unwrap();
    out.set_read_timeout(Some(crate::process::LIMIT)).unwrap();
    let mut back = BufReader::new(out.try_clone().unwrap());
    let length = body.len();
    write!(
        out,
        "POST /api/v1/cases HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nExpect: 100-continue\r\n\r\n"
    )
    .unwrap();
    // From here on the server waits for the body: the request is under way.
    assert_eq!(head(&mut back), (100, 0));
    out.write_all(&body.as_bytes()[..length / 2]).unwrap();
    served.signal("TERM");
    served.hear("that it stops", |line| line.contains("stopping").then_some(()));
    crate::process::until("the port to close", || TcpStream::connect(&address).is_err().then_some(()));
    out.write_all(&body.as_bytes()[length / 2..]).unwrap();
    let (status, length) = head(&mut back);
    let mut answer = vec![0; length];
    back.read_exact(&mut answer).unwrap();
    assert_eq!(status, 201, "{}", String::from_utf8_lossy(&answer));
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    drop((out, back));
    let ended = served.end();
    assert_eq!(ended.code, Some(0), "{ended:?}");

    // What was answered is there the next time.
    let served = home.start(&["serve"]);
    let case = Visitor::of(&served, &token).get(&format!("/api/v1/cases/{}", answer["number"].as_str().unwrap()));
    assert_eq!(case, answer);
    served.stop("TERM");
}
