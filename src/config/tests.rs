use super::*;
use std::ffi::OsString;

fn sources(file: Option<&str>, variables: &[(&str, &str)]) -> (tempfile::TempDir, Sources) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("given.toml");
    std::fs::write(&path, file.unwrap_or_default()).unwrap();
    let variables = variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))).collect();
    (folder, Sources { file: Some(path), variables })
}

fn load(file: &str, variables: &[(&str, &str)]) -> Result<Config, Vec<String>> {
    let (_folder, sources) = sources(Some(file), variables);
    Config::load(&sources).map_err(|error| error.faults)
}

fn fault(file: &str, variables: &[(&str, &str)]) -> String {
    let faults = load(file, variables).unwrap_err();
    assert_eq!(faults.len(), 1, "{faults:?}");
    faults.into_iter().next().unwrap()
}

#[test]
fn nothing_given_means_the_defaults() {
    assert_eq!(load("", &[("PATH", "/bin"), ("SWAPLINE_TEST_ANYTHING", "x"), ("SWAPLINE_CONFIG", "x")]).unwrap(), Config::default());
}

#[test]
fn a_variable_wins_over_the_file_and_the_file_over_the_default() {
    let file = "[mail.smtp]\nhost = \"a.example.com\"\nport = 25\n[jobs]\nbatch = 7\n";
    let config = load(file, &[("SWAPLINE_MAIL__SMTP__HOST", "b.example.com"), ("SWAPLINE_HTTP__WORKERS", "3")]).unwrap();
    assert_eq!(config.mail.smtp.host.as_deref(), Some("b.example.com"));
    assert_eq!((config.mail.smtp.port, config.jobs.batch, config.http.workers), (25, 7, 3));
    assert_eq!(config.jobs.attempts, Config::default().jobs.attempts);
}

#[test]
fn an_empty_variable_is_not_set() {
    assert_eq!(load("", &[("SWAPLINE_MAIL__REPLY_TO", ""), ("SWAPLINE_JOBS__BATCH", "")]).unwrap(), Config::default());
}

#[test]
fn a_password_of_digits_stays_text() {
    let given = [("SWAPLINE_MAIL__SMTP__PASSWORD", "0123"), ("SWAPLINE_MAIL__SMTP__USERNAME", "42")];
    let config = load("", &given).unwrap();
    assert_eq!(config.mail.smtp.password.unwrap().expose(), "0123");
    assert_eq!(config.mail.smtp.username.as_deref(), Some("42"));
}

#[test]
fn an_unknown_key_names_file_and_key() {
    let fault = fault("[mail.smtp]\nhots = \"x\"\n", &[]);
    assert!(fault.starts_with("there is no setting mail.smtp.hots (file ") && fault.ends_with("given.toml)"), "{fault}");
}

#[test]
fn a_bad_value_names_file_and_key() {
    let fault = fault("[database]\npool_size = \"many\"\n", &[]);
    assert!(fault.starts_with("database.pool_size must be a whole number in range, not string \"many\" (file "), "{fault}");
}

#[test]
fn an_unknown_or_bad_variable_is_named() {
    assert_eq!(fault("", &[("SWAPLINE_MAIL_FOLDER", "x")]), "there is no setting for the environment variable SWAPLINE_MAIL_FOLDER");
    assert_eq!(fault("", &[("SWAPLINE_MAIL", "x")]), "there is no setting for the environment variable SWAPLINE_MAIL");
    let bad = fault("", &[("SWAPLINE_MAIL__SMTP__TLS", "ssl")]);
    assert_eq!(bad, "mail.smtp.tls must be one of none, starttls, tls, not \"ssl\" (environment variable SWAPLINE_MAIL__SMTP__TLS)");
    let bad = fault("", &[("SWAPLINE_MAIL__SMTP__PORT", "smtp")]);
    assert_eq!(bad, "mail.smtp.port must be a whole number in range, not string \"smtp\" (environment variable SWAPLINE_MAIL__SMTP__PORT)");
    let bad = fault("", &[("SWAPLINE_LISTEN", "everywhere")]);
    assert!(bad.starts_with("listen ") && bad.ends_with("(environment variable SWAPLINE_LISTEN)"), "{bad}");
}

#[test]
fn everything_wrong_is_told_at_once() {
    let file = "lisen = 1\nlisten = 5\n[database]\nurl = \"mysql://x\"\n[http]\nbody_bytes = -1\n";
    let faults = load(file, &[("SWAPLINE_JOBS__BATCH", "0"), ("SWAPLINE_LOG__FORMAT", "xml"), ("SWAPLINE_NOTHING", "1")]).unwrap_err();
    for part in ["lisen", "listen ", "database.url", "http.body_bytes", "jobs.batch", "log.format", "SWAPLINE_NOTHING"] {
        assert!(faults.iter().any(|fault| fault.contains(part)), "{part}: {faults:#?}");
    }
    assert_eq!(faults.len(), 7, "{faults:#?}");
}

#[test]
fn a_section_that_is_none_is_told() {
    assert!(fault("mail = 3\n", &[]).starts_with("mail must be a section of settings, not signed int `3` (file "));
}

#[test]
fn what_settings_ask_of_one_another_is_checked() {
    assert!(fault("[mail]\ntransport = \"smtp\"\n", &[]).starts_with("mail.smtp.host is needed where mail.transport is \"smtp\""));
    assert!(fault("[mail.smtp]\nusername = \"x\"\n", &[]).starts_with("mail.smtp.password is needed with"));
    let bad = fault("[http]\nworkers = 2000\n", &[]);
    assert!(bad.starts_with("http.workers must be from 0 to 1024, not 2000 (file "), "{bad}");
    assert!(fault("[log]\nfilter = \"swapline=loud\"\n", &[]).starts_with("log.filter must be a filter"));
}

#[test]
fn a_file_that_was_named_must_be_there_and_be_toml() {
    let missing = Sources { file: Some("no/such/file.toml".into()), variables: Vec::new() };
    let fault = Config::load(&missing).unwrap_err().to_string();
    assert!(fault.contains("no/such/file.toml can't be read"), "{fault}");
    let broken = load("listen = \"127.0.0.1:1\"\n[mail.smtp]\npassword = \"hunter2\n", &[]).unwrap_err().join("\n");
    assert!(broken.contains("is no TOML at line 3") && !broken.contains("hunter2"), "{broken}");
}

#[test]
fn no_password_is_ever_shown() {
    let file = "[database]\nurl = \"postgres://swap:hunter2@db.example.com/swapline?password=hunter2\"\n";
    let config = load(file, &[("SWAPLINE_MAIL__SMTP__PASSWORD", "hunter2"), ("SWAPLINE_MAIL__SMTP__USERNAME", "swap")]).unwrap();
    let shown = format!("{config:?} {config:#?} {}", config.database.url);
    assert!(!shown.contains("hunter2") && shown.contains("postgres://swap@db.example.com/swapline"), "{shown}");
    let wrong = fault("[mail.smtp]\npassword = 4711\n", &[]);
    assert!(wrong.starts_with("mail.smtp.password must be a string") && !wrong.contains("4711"), "{wrong}");
}

#[test]
fn addresses_are_checked_when_they_are_read() {
    for good in ["sqlite://a.db", "a/b.db", "/var/lib/a.db", "postgres://u@h/d", "postgresql://h/d"] {
        assert_eq!(DatabaseUrl::parse(good).unwrap().as_str(), good);
    }
    for bad in ["", "sqlite://", "sqlite:a.db", "mysql://h/d", ":memory:", "sqlite://:memory:", "file:a.db", "a\0b"] {
        assert!(DatabaseUrl::parse(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn a_public_address_is_one_that_a_link_can_begin_with() {
    for good in ["https://rma.example.com", "http://10.0.0.1:8080", "http://[::1]:8080", "https://example.com/rma"] {
        assert_eq!(load("", &[("SWAPLINE_HTTP__PUBLIC_URL", good)]).unwrap().http.public_url.as_deref(), Some(good));
    }
    for bad in [
        "rma.example.com",
        "https://",
        "https://x.example/",
        "ftp://x",
        "https://x?y",
        "https://x y",
        "https:///x",
        "https://x\"",
        "javascript:x",
    ] {
        assert!(fault("", &[("SWAPLINE_HTTP__PUBLIC_URL", bad)]).starts_with("http.public_url must look like"), "{bad}");
    }
}

const EXAMPLE: &str = include_str!("../../config.example.toml");

/// Every key with its value; empty optional ones are null.
fn leaves(prefix: &str, value: &serde_json::Value, found: &mut Vec<(String, serde_json::Value)>) {
    match value.as_object() {
        Some(object) => object.iter().for_each(|(name, inner)| leaves(&format!("{prefix}/{name}"), inner, found)),
        None => found.push((prefix.to_owned(), value.clone())),
    }
}

fn all(value: serde_json::Value) -> Vec<(String, serde_json::Value)> {
    let mut found = Vec::new();
    leaves("", &value, &mut found);
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

#[test]
fn the_example_shows_every_key_with_its_default() {
    let mut defaults = all(serde_json::to_value(Config::default()).unwrap());
    defaults.retain(|(_, value)| !value.is_null());
    let example: toml::Table = toml::from_str(EXAMPLE).unwrap();
    assert_eq!(all(serde_json::to_value(example).unwrap()), defaults);
}

#[test]
fn the_example_names_every_optional_key_and_no_other() {
    let uncommented: String = EXAMPLE.lines().fold(String::new(), |text, line| {
        let key = line.strip_prefix('#').filter(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
        text + key.unwrap_or(line) + "\n"
    });
    let names = |found: Vec<(String, serde_json::Value)>| found.into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    let example: toml::Table = toml::from_str(&uncommented).unwrap();
    assert_eq!(names(all(serde_json::to_value(example).unwrap())), names(all(serde_json::to_value(Config::default()).unwrap())));
    load(&uncommented, &[]).unwrap();
}

#[test]
fn every_key_of_the_example_is_explained() {
    let mut explained = false;
    for line in EXAMPLE.lines() {
        let key = line.strip_prefix('#').unwrap_or(line).starts_with(|c: char| c.is_ascii_lowercase());
        // user and password share one comment
        assert!(!key || explained, "{line}");
        explained = line.starts_with('#');
    }
}
