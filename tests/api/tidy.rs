//! The house rules that a machine can check: which room knows which, and what must not be in any of them.

use crate::app::{Engine, TestApp};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Who may know whom: a room, and the rooms that it may name. A room may always name itself.
const KNOWS: [(&str, &[&str]); 16] = [
    ("rules", &[]),
    ("reference", &["rules"]),
    ("store", &["rules", "reference"]),
    ("actions", &["rules", "reference", "store", "feeds"]),
    ("feeds", &["rules", "reference"]),
    ("print", &["rules", "reference"]),
    ("mail", &["rules", "reference", "print"]),
    ("clock", &[]),
    ("config", &["rules", "mail::transport::TlsMode"]),
    ("http", &["rules", "reference", "store", "actions", "feeds", "print", "mail", "clock"]),
    (
        "web",
        // A page is a request to the API in this program: it knows how the API is asked, and how its records look.
        &[
            "rules",
            "reference",
            "store",
            "actions",
            "mail",
            "clock",
            "http::Shared",
            "http::door",
            "http::finish",
            "http::problem",
            "http::call::Asker",
            "http::routes",
            "http::rma_view",
            "http::rmas::number",
            "http::letters",
            "http::reports::Ready",
            "http::sites::check",
        ],
    ),
    ("jobs", &["rules", "reference", "store", "actions", "feeds", "mail", "clock"]),
    ("app", &["rules", "reference", "store", "feeds", "mail", "clock", "config", "http", "jobs", "web"]),
    ("cli", &["rules", "reference", "store", "actions", "feeds", "mail", "clock", "config", "jobs", "app"]),
    ("main", &["cli", "config"]),
    ("lib", &[]),
];

/// Libraries that belong to rooms.
const LIBRARIES: [(&str, &[&str]); 9] = [
    ("diesel", &["store"]),
    ("r2d2", &["store"]),
    ("lettre", &["mail"]),
    ("askama", &["mail", "print", "web"]),
    ("krilla", &["print"]),
    ("actix", &["http", "web", "app"]),
    ("utoipa", &["http", "app"]),
    ("clap", &["cli", "main"]),
    ("figment", &["config"]),
];

/// The longest a file of `src/` may be.
const LINES_MOST: usize = 400;
/// Mirrors the migrations, in the words of diesel's macro.
const SCHEMA: &str = "src/store/schema.rs";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder, as a path from the root.
fn files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root().join(&folder)).unwrap().map(Result::unwrap) {
            let path = folder.join(entry.file_name());
            match entry.file_type().unwrap().is_dir() {
                true => folders.push(path),
                false => found.push(path.to_str().unwrap().to_owned()),
            }
        }
    }
    found.sort();
    found
}

/// A file of `src/`.
struct Source {
    path: String,
    text: String,
    /// Without comments, and with every literal emptied.
    code: String,
}

fn sources() -> Vec<Source> {
    let rust = files("src").into_iter().filter(|path| path.ends_with(".rs"));
    let source = |path: String| {
        let text = std::fs::read_to_string(root().join(&path)).unwrap();
        Source { code: code_of(&text), path, text }
    };
    let sources: Vec<Source> = rust.map(source).collect();
    assert!(sources.len() > 100);
    sources
}

/// The code of a text: comments and the insides of literals are left out.
fn code_of(text: &str) -> String {
    let (mut code, mut rest) = (String::new(), text);
    while let Some(c) = rest.chars().next() {
        let skip = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with("r#\"") {
            rest.find("\"#").map_or(rest.len(), |end| end + 2)
        } else if c == '"' {
            end_of_text(rest)
        } else if rest.starts_with("'\"'") || rest.starts_with("'/'") {
            3
        } else if let Some(inner) = rest.strip_prefix("'\\") {
            inner[1..].find('\'').map_or(rest.len(), |end| end + 4)
        } else {
            code.push(c);
            c.len_utf8()
        };
        rest = &rest[skip..];
    }
    code
}

fn end_of_text(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut at = 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

impl Source {
    /// The names of its module, from the root: `src/store/db.rs` is `[store, db]`.
    fn module(&self) -> Vec<&str> {
        let inner = self.path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
        inner.split('/').collect()
    }
    fn room(&self) -> &str {
        self.module()[0]
    }
    fn is_test(&self) -> bool {
        self.module().contains(&"tests")
    }
    /// Every path into the crate that it names, from the root, with nested uses spelled out.
    fn named(&self) -> BTreeSet<String> {
        let mut named = BTreeSet::new();
        for start in ["crate", "swapline", "super"] {
            for (at, _) in self.code.match_indices(&format!("{start}::")) {
                let before = self.code[..at].chars().next_back();
                // `super::super` is looked at from its first word; `$crate` is the crate as well.
                if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                    continue;
                }
                let mut rest = &self.code[at..];
                let mut ups = 0;
                while let Some(inner) = rest.strip_prefix("super::") {
                    (rest, ups) = (inner, ups + 1);
                }
                let module = self.module();
                // The root's own module counts as a room: `super::x` in a file of a room's top level leads out of it.
                let prefix = match ups {
                    0 => {
                        rest = &rest[start.len() + 2..];
                        Vec::new()
                    }
                    ups => module[..module.len().saturating_sub(ups)].to_vec(),
                };
                named.extend(
                    tree(rest)
                        .into_iter()
                        .map(|path| [prefix.join("::"), path].iter().filter(|p| !p.is_empty()).cloned().collect::<Vec<_>>().join("::")),
                );
            }
        }
        named
    }
}

/// The paths of a use tree: `a::{b, c::{d}}` is `a::b` and `a::c::d`.
fn tree(text: &str) -> Vec<String> {
    let text = text.trim_start();
    if let Some(inner) = text.strip_prefix('{') {
        return branches(inner).into_iter().flat_map(tree).collect();
    }
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    match rest.strip_prefix("::") {
        Some(inner) if !inner.starts_with('<') && !name.is_empty() => {
            let below = tree(inner);
            below.into_iter().map(|path| if path.is_empty() { name.to_owned() } else { format!("{name}::{path}") }).collect()
        }
        _ => vec![name.to_owned()],
    }
}

/// The branches up to the brace that closes them.
fn branches(inner: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, c) in inner.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            '}' => {
                found.push(&inner[start..at]);
                break;
            }
            ',' if depth == 0 => {
                found.push(&inner[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.retain(|branch| !branch.trim().is_empty());
    found
}

#[test]
fn a_use_tree_is_read_to_its_leaves() {
    assert_eq!(tree("a::b;"), ["a::b"]);
    assert_eq!(tree("{app, jobs::{self, post}};"), ["app", "jobs::self", "jobs::post"]);
    assert_eq!(tree("store::{Conn, types::{Id, Ts}, on};"), ["store::Conn", "store::types::Id", "store::types::Ts", "store::on"]);
    let source = |path: &str, text: &str| Source { path: path.into(), text: String::new(), code: code_of(text) };
    let named = |path: &str, text: &str| source(path, text).named().into_iter().collect::<Vec<_>>();
    assert_eq!(named("src/mail/words.rs", "use super::super::store::Db; // crate::app\nlet a = \"crate::http\";"), ["store::Db"]);
    assert_eq!(named("src/mail/mod.rs", "use super::store;"), ["store"]);
    assert_eq!(named("src/clock.rs", "use super::app; $crate::jobs::post()"), ["app", "jobs::post"]);
    assert_eq!(named("src/http/x/tests.rs", "use super::super::y::Z;"), ["http::y::Z"]);
}

#[test]
fn imports_point_one_way() {
    let knows: BTreeMap<&str, &[&str]> = KNOWS.into_iter().collect();
    let mut wrong = Vec::new();
    for source in sources() {
        let Some(may) = knows.get(source.room()) else { panic!("{} is in a room that KNOWS doesn't tell of", source.path) };
        for path in source.named() {
            let room = path.split("::").next().unwrap();
            let allowed = room == source.room()
                || !knows.contains_key(room)
                // Rules know no calendar; their tests judge with the real ones.
                || (source.is_test() && room == "reference")
                || may.iter().any(|known| path == *known || path.starts_with(&format!("{known}::")));
            if !allowed {
                wrong.push(format!("{} names {path}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "imports against the direction of the house:\n{}", wrong.join("\n"));
}

#[test]
fn libraries_stay_in_their_rooms() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (library, rooms) in LIBRARIES {
            let word = |c: char| c.is_alphanumeric() || c == '_';
            let named = source.code.split(|c| !word(c) && c != ':').any(|path| {
                let start = path.trim_start_matches(':').split("::").next().unwrap();
                path.contains("::") && start.split('_').any(|part| part == library)
            });
            if named && !rooms.contains(&source.room()) {
                wrong.push(format!("{} names {library}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The only file that knows status codes.
const STATUSES: &str = "src/http/problem.rs";

#[test]
fn only_one_file_knows_status_codes() {
    let knows = |source: &Source| source.code.contains("StatusCode") || source.code.contains("HttpResponse::");
    let sources = sources();
    let wrong: Vec<&str> = sources.iter().filter(|s| !s.is_test() && s.path != STATUSES && knows(s)).map(|s| s.path.as_str()).collect();
    assert_eq!(wrong, Vec::<&str>::new());
}

#[test]
fn every_room_is_declared_and_told_of() {
    let lib = std::fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let declared: BTreeSet<&str> =
        lib.lines().filter_map(|line| line.trim().strip_prefix("pub mod ")).map(|name| name.trim_end_matches(';')).collect();
    let there: BTreeSet<String> = sources().iter().map(|source| source.room().to_owned()).filter(|r| r != "main" && r != "lib").collect();
    assert_eq!(declared, there.iter().map(String::as_str).collect());
    let told: BTreeSet<&str> = KNOWS.into_iter().map(|(room, _)| room).filter(|r| *r != "main" && *r != "lib").collect();
    assert_eq!(told, declared, "KNOWS tells of every room");
}

#[test]
fn no_file_is_longer_than_a_person_reads() {
    let long = |source: &Source| (source.text.lines().count() > LINES_MOST).then(|| source.path.clone());
    let long: Vec<String> = sources().iter().filter_map(long).collect();
    assert!(long.is_empty(), "over {LINES_MOST} lines: {long:?}");
}

#[test]
fn nothing_is_left_to_do() {
    // Written apart, so that this file doesn't find itself.
    let words = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X"), concat!("unimpl", "emented!"), concat!("to", "do!")];
    let mut left = Vec::new();
    let top = ["Cargo.toml", "build.rs", "config.example.toml", "README.md", "ARCHITECTURE.md"].map(str::to_owned);
    let all = ["src", "tests", "migrations", "docs", "benches"].into_iter().filter(|folder| root().join(folder).is_dir()).flat_map(files);
    for path in all.chain(top.into_iter().filter(|path| root().join(path).is_file())) {
        let Ok(text) = std::fs::read_to_string(root().join(&path)) else { continue };
        for (number, line) in (1..).zip(text.lines()) {
            let word = |w: &&str| line.match_indices(*w).any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'));
            if words.iter().any(word) {
                left.push(format!("{path}:{number}: {line}"));
            }
        }
    }
    assert!(left.is_empty(), "{}", left.join("\n"));
}

#[test]
fn nothing_is_imported_by_a_star() {
    let mut starred = Vec::new();
    for source in sources().iter().filter(|source| !source.is_test() && source.path != SCHEMA) {
        for statement in source.code.split(';') {
            let Some((_, what)) = statement.rsplit_once("use ") else { continue };
            // diesel's prelude holds the traits of its query language and nothing else that is named here.
            if what.contains("::*") && !(source.room() == "store" && what.trim() == "diesel::prelude::*") {
                starred.push(format!("{}: use {what}", source.path));
            }
        }
    }
    assert!(starred.is_empty(), "{}", starred.join("\n"));
}

/// The names that a line of the map begins with: what stands before a wide gap, or else the words that look like names.
fn names(line: &str) -> Vec<&str> {
    let named = |word: &&str| {
        let ends = word.ends_with(|c: char| c.is_alphanumeric() || c == '/');
        ends && (word.contains(['.', '/']) || word.chars().all(|c| c.is_ascii_uppercase()))
    };
    match line.split_once("   ") {
        Some((names, _)) => names.split_whitespace().collect(),
        None => line.split_whitespace().take_while(named).collect(),
    }
}

/// The paths that the README's map names, folders with a slash at the end.
fn map(readme: &str) -> Vec<String> {
    let blocks = readme.split("```").skip(1).step_by(2);
    let Some(block) = blocks.into_iter().find(|block| block.lines().any(|line| line.starts_with("src/"))) else { return Vec::new() };
    let (mut paths, mut parents) = (Vec::new(), Vec::<(usize, String)>::new());
    for line in block.lines().skip(1).filter(|line| !line.trim().is_empty()) {
        let indent = line.len() - line.trim_start().len();
        parents.retain(|(depth, _)| *depth < indent);
        let parent = parents.last().map(|(_, path)| path.clone()).unwrap_or_default();
        for name in names(line.trim()) {
            let path = format!("{parent}{name}");
            if name.ends_with('/') {
                parents.push((indent, path.clone()));
            }
            paths.push(path);
        }
    }
    paths
}

/// What is at the top of a folder, as the map would name it; what `.gitignore` leaves out is left out.
fn top(folder: &str) -> BTreeSet<String> {
    let ignored = std::fs::read_to_string(root().join(".gitignore")).unwrap();
    let ignored: Vec<&str> = ignored.lines().map(|line| line.trim_start_matches('/').trim_end_matches(['*', '/'])).collect();
    let entries = std::fs::read_dir(root().join(folder)).unwrap().map(Result::unwrap);
    let named = entries.filter_map(|entry| {
        let name = entry.file_name().into_string().unwrap();
        let left_out =
            name.starts_with('.') || (folder.is_empty() && ignored.iter().any(|start| !start.is_empty() && name.starts_with(start)));
        let slash = if entry.file_type().unwrap().is_dir() { "/" } else { "" };
        (!left_out).then(|| format!("{folder}{name}{slash}"))
    });
    named.collect()
}

#[test]
fn the_map_in_the_readme_is_the_tree() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let paths = map(&readme);
    assert!(!paths.is_empty(), "README.md has no map: a code block with a line that begins with src/");
    for path in &paths {
        let place = root().join(path);
        assert!(if path.ends_with('/') { place.is_dir() } else { place.exists() }, "the map names {path}, which isn't there");
    }
    // The other way round: the root, and every folder that the map goes into.
    let mut inner: BTreeSet<&str> =
        paths.iter().filter_map(|p| p.trim_end_matches('/').rsplit_once('/')).map(|(folder, _)| folder).collect();
    inner.insert("src");
    let folders: Vec<String> = inner.into_iter().map(|folder| format!("{folder}/")).chain([String::new()]).collect();
    // A folder is named by itself, by something in it, or by the file of its module.
    let named = |path: &String| {
        let file = format!("{}.rs", path.trim_end_matches('/'));
        paths.contains(path) || (path.ends_with('/') && (paths.contains(&file) || paths.iter().any(|p| p.starts_with(path.as_str()))))
    };
    let missing: Vec<String> = folders.iter().flat_map(|folder| top(folder)).filter(|path| !named(path)).collect();
    assert_eq!(missing, Vec::<String>::new(), "not on the map");
}

#[test]
fn a_map_is_read_by_its_indents_and_gaps() {
    let readme = "# X\n```sh\ncargo run\n```\n```text\nREADME.md          what it is\nCargo.toml  build.rs\nconfig.example.toml  every setting\ndata/              program.toml (a file), and more\nsrc/\n  main.rs lib.rs   commands\n  rules/           what is decided\ntests/\n  run              the one command\n```\n";
    let expected = [
        "README.md",
        "Cargo.toml",
        "build.rs",
        "config.example.toml",
        "data/",
        "src/",
        "src/main.rs",
        "src/lib.rs",
        "src/rules/",
        "tests/",
        "tests/run",
    ];
    assert_eq!(map(readme), expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_gets_401_from_every_route() {
    let app = TestApp::start(Engine::Sqlite).await;
    let api = app.bare(reqwest::Method::GET, "/api/openapi.json").send().await.expect(200);
    let mut asked = 0;
    for (path, methods) in api["paths"].as_object().unwrap() {
        let filled: Vec<&str> = path.split('/').map(|part| if part.starts_with('{') { "X" } else { part }).collect();
        for method in methods.as_object().unwrap().keys() {
            let verb = reqwest::Method::from_bytes(method.to_ascii_uppercase().as_bytes()).unwrap();
            let answer = app.bare(verb.clone(), &filled.join("/")).send().await;
            assert_eq!(answer.status, 401, "{verb} {path}: {}", answer.text);
            answer.problem(401, "unauthorized");
            assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"swapline\""), "{verb} {path}");
            // Not even with a body, a key, or what only looks like a token.
            let answer = app
                .bare(verb.clone(), &filled.join("/"))
                .token("swl_0")
                .header("idempotency-key", "k")
                .json(serde_json::json!({}))
                .send()
                .await;
            answer.problem(401, "unauthorized");
            asked += 1;
        }
    }
    assert!(asked >= 25, "only {asked} routes");
}
