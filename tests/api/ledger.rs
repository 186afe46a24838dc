//! `docs/rules.md` against the source: every rule that is cited is listed, and every rule that is listed has its functions
//! and a test that carries its number.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The files of `src/` and `tests/api/`, by their path from the root of the repository.
type Sources = BTreeMap<PathBuf, String>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(folder: &Path, sources: &mut Sources) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, sources);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            sources.insert(path.strip_prefix(root()).unwrap().to_owned(), text);
        }
    }
}

fn sources() -> Sources {
    let mut sources = Sources::new();
    read(&root().join("src"), &mut sources);
    read(&root().join("tests/api"), &mut sources);
    sources
}

fn ledger() -> String {
    std::fs::read_to_string(root().join("docs/rules.md")).unwrap()
}

/// Every rule id in a text: a `P`, a digit from 1 to 9, perhaps a point and digits, on their own.
fn ids(text: &str) -> BTreeSet<String> {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut found = BTreeSet::new();
    for (start, _) in text.match_indices('P') {
        let (before, after) = (&text[..start], &text[start + 1..]);
        if before.ends_with(word) || !after.starts_with(|c: char| ('1'..='9').contains(&c)) {
            continue;
        }
        let section = &after[..1];
        let rest = &after[1..];
        let digits = |t: &str| t.chars().take_while(char::is_ascii_digit).count();
        let count = rest.strip_prefix('.').map_or(0, digits);
        let (id, rest) = match count {
            0 => (format!("P{section}"), rest),
            n => (format!("P{section}{}", &rest[..=n]), &rest[n + 1..]),
        };
        if !rest.starts_with(word) {
            found.insert(id);
        }
    }
    found
}

struct Row {
    id: String,
    functions: Vec<String>,
    tests: Vec<String>,
}

/// What stands between backticks.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn rows(ledger: &str) -> Vec<Row> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [id, _, functions, tests] = cells.as_slice() else { panic!("a row has four cells: {line}") };
        Row { id: (*id).to_owned(), functions: quoted(functions), tests: quoted(tests) }
    };
    ledger.lines().filter(|l| l.starts_with("| P")).map(row).collect()
}

/// True if the item of a path such as `rules::moves::ship` or `rules::rma::RmaState::may_follow` is defined where it says.
fn defined(path: &str, sources: &Sources) -> bool {
    let names: Vec<&str> = path.split("::").collect();
    let files = (1..names.len()).rev().flat_map(|n| {
        let stem = format!("src/{}", names[..n].join("/"));
        [format!("{stem}.rs"), format!("{stem}/mod.rs")].map(|file| (n, PathBuf::from(file)))
    });
    let Some((depth, text)) = files.into_iter().find_map(|(n, file)| Some((n, sources.get(&file)?))) else { return false };
    let defines = |name: &str| {
        let terms = ["", "pub ", "pub(super) ", "pub(crate) "];
        let kinds = ["fn", "struct", "enum", "trait", "const"];
        let starts = |line: &str| {
            kinds.iter().any(|kind| {
                terms.iter().any(|p| {
                    let rest = line.strip_prefix(p).and_then(|l| l.strip_prefix(kind)).and_then(|l| l.strip_prefix(' '));
                    rest.and_then(|r| r.strip_prefix(name)).is_some_and(|r| !r.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
                })
            })
        };
        // The vocabularies of `rules::term` begin with their name and their word.
        text.lines().map(str::trim_start).any(|l| starts(l) || l.starts_with(&format!("{name}, \"")))
    };
    names[depth..].iter().all(|name| defines(name))
}

/// The names of all tests.
fn tests(sources: &Sources) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for text in sources.values() {
        let mut attribute = false;
        for line in text.lines().map(str::trim_start) {
            let signature = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ");
            let name = match (line.strip_prefix("on_both_engines!("), signature) {
                (Some(rest), _) => rest.split(',').next(),
                (None, Some(rest)) if attribute => rest.split('(').next(),
                _ => None,
            };
            names.extend(name.map(str::to_owned));
            attribute = line.starts_with("#[test]") || line.starts_with("#[tokio::test") || (attribute && line.starts_with("#["));
        }
    }
    names
}

/// True if the name of a test carries the id: `p4_2_…` for P4.2, `p4_…` without another number for P4.
fn carries(test: &str, id: &str) -> bool {
    let mark = format!("{}_", id.to_lowercase().replace('.', "_"));
    let mut places = test.match_indices(&mark).map(|(at, _)| (&test[..at], &test[at + mark.len()..]));
    places.any(|(before, after)| {
        (before.is_empty() || before.ends_with('_')) && (id.contains('.') || !after.starts_with(|c: char| c.is_ascii_digit()))
    })
}

/// Everything in which the ledger and the source disagree.
fn faults(ledger: &str, sources: &Sources) -> Vec<String> {
    let mut faults = Vec::new();
    let (listed, known) = (ids(ledger), tests(sources));
    let cited: BTreeSet<String> = sources.iter().filter(|(p, _)| p.starts_with("src")).flat_map(|(_, text)| ids(text)).collect();
    faults.extend(cited.difference(&listed).map(|id| format!("{id} is cited in src/ and not listed")));
    let rows = rows(ledger);
    let unbuilt: BTreeSet<String> = ledger.lines().filter(|l| l.starts_with("Not built yet: ")).flat_map(ids).collect();
    for row in &rows {
        let Row { id, functions, tests } = row;
        if unbuilt.contains(id) || !cited.contains(id) || rows.iter().filter(|r| r.id == *id).count() != 1 {
            faults.push(format!("{id} is listed twice, as not built, or cited nowhere"));
        }
        if functions.is_empty() {
            faults.push(format!("{id} has no function"));
        }
        faults.extend(functions.iter().filter(|f| !defined(f, sources)).map(|f| format!("{id}: there is no function {f}")));
        faults.extend(tests.iter().filter(|t| !known.contains(*t)).map(|t| format!("{id}: there is no test {t}")));
        if !tests.iter().any(|t| carries(t, id)) {
            faults.push(format!("{id} has no test that carries its number"));
        }
    }
    faults
}

#[test]
fn every_rule_is_listed_with_its_functions_and_tests() {
    let (ledger, sources) = (ledger(), sources());
    assert!(rows(&ledger).len() >= 16, "the rows can't be read");
    assert_eq!(faults(&ledger, &sources), Vec::<String>::new());
}

#[test]
fn every_test_that_carries_a_number_carries_a_rule() {
    let listed = ids(&ledger());
    for test in tests(&sources()) {
        let mut parts = test.split('_');
        let section = parts.next().and_then(|p| p.strip_prefix('p')).filter(|s| s.len() == 1 && s.chars().all(|c| c.is_ascii_digit()));
        let Some(section) = section else { continue };
        let rule = parts.next().filter(|p| !p.is_empty() && p.chars().all(|c| c.is_ascii_digit()));
        let id = rule.map_or(format!("P{section}"), |rule| format!("P{section}.{rule}"));
        assert!(listed.contains(&id), "{test}: there is no rule {id}");
    }
}

#[test]
fn the_ledger_notices_what_is_missing() {
    let (ledger, sources) = (ledger(), sources());
    let without_row: String = ledger.lines().filter(|l| !l.starts_with("| P4.4 ")).map(|l| format!("{l}\n")).collect();
    let table = [
        (without_row, "P4.4 is cited in src/ and not listed"),
        (ledger.replace("`rules::dock::receive`", "`rules::dock::recieve`"), "P4.6: there is no function rules::dock::recieve"),
        (ledger.replace("`rules::dock::receive`", "`rules::movs::receive`"), "P4.6: there is no function rules::movs::receive"),
        (ledger.replace("::RmaState::may_follow`", "::RmaStat::may_follow`"), "P4: there is no function rules::rma::RmaStat::may_follow"),
        (ledger.replace("`p4_the_square_of_rma", "`p4_a_square_of_rma"), "P4: there is no test p4_a_square_of_rma_states"),
        (
            ledger.replace("`p4_4_an_excluded_component_gets_gold_and_the_answer_says_so`", "`p4_the_square_of_rma_states`"),
            "P4.4 has no test that carries its number",
        ),
        (ledger.replace("Not built yet: P2.1", "Not built yet: P4.4, P2.1"), "P4.4 is listed twice, as not built, or cited nowhere"),
    ];
    for (ledger, expected) in table {
        assert_eq!(faults(&ledger, &sources), [expected]);
    }
    let mut more = sources.clone();
    more.insert("src/more.rs".into(), "/// As P4.9 says.".into());
    assert_eq!(faults(&ledger, &more), ["P4.9 is cited in src/ and not listed"]);
}

#[test]
fn ids_and_marks_are_read_as_written() {
    let found = ids("P4, (P4.2): \"P4.10\" P5.2/P5.3. xP1 P1x P0 P12 PP3 P3_ P2.x é P9.");
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["P2", "P4", "P4.10", "P4.2", "P5.2", "P5.3", "P9"]);
    let table = [
        ("p4_2_a_wait", "P4.2", true),
        ("p4_2_a_wait", "P4", false),
        ("p4_a_table", "P4", true),
        ("p5_2_p5_5_both", "P5.5", true),
        ("p4_20_other", "P4.2", false),
        ("step4_2_x", "P4.2", false),
        ("about_p4_2", "P4.2", false),
    ];
    for (test, id, expected) in table {
        assert_eq!(carries(test, id), expected, "{test} {id}");
    }
}
