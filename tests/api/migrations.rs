//! The schema on both engines: what goes up comes down, and every rule of `migrations/README.md` that a machine can see.

use crate::app::{Database, Engine};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use swapline::store::{Conn, migrate};

/// What is left when everything is undone: diesel's list of what has run, and the row that keeps nodes apart.
const KEPT: [&str; 2] = ["__diesel_schema_migrations", "migration_lock"];

/// Columns that end in `_id` and name something outside of the database.
const FOREIGN: [(&str, &str); 2] = [("outbox", "message_id"), ("events", "request_id")];

/// Three texts of a row.
#[derive(QueryableByName, Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    #[diesel(sql_type = Nullable<Text>)]
    a: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    b: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    c: Option<String>,
}

fn rows(conn: &mut Conn, sql: &str) -> Vec<Row> {
    let query = diesel::sql_query(sql);
    let rows = match conn {
        Conn::Pg(c) => query.load::<Row>(c),
        Conn::Sqlite(c) => query.load::<Row>(c),
    };
    rows.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

fn try_run(conn: &mut Conn, sql: &str) -> Result<usize, diesel::result::Error> {
    let query = diesel::sql_query(sql);
    match conn {
        Conn::Pg(c) => query.execute(c),
        Conn::Sqlite(c) => query.execute(c),
    }
}

fn pairs(rows: Vec<Row>) -> BTreeSet<(String, String)> {
    rows.into_iter().map(|row| (row.a.unwrap(), row.b.unwrap())).collect()
}

/// Everything that the schema consists of, as the engine itself tells it.
fn dump(conn: &mut Conn) -> Vec<Row> {
    let queries: &[&str] = match conn {
        Conn::Sqlite(_) => &["SELECT type AS a, name AS b, sql AS c FROM sqlite_schema WHERE name NOT LIKE 'sqlite%'"],
        Conn::Pg(_) => &[
            "SELECT 'column' AS a, table_name || '.' || column_name AS b,
                 concat_ws(' ', data_type, is_nullable, column_default, collation_name, is_identity) AS c
                 FROM information_schema.columns WHERE table_schema = 'public'",
            "SELECT 'constraint' AS a, conrelid::regclass || '.' || conname AS b, pg_get_constraintdef(oid) AS c
                 FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
            "SELECT 'index' AS a, indexname::text AS b, indexdef AS c FROM pg_indexes WHERE schemaname = 'public'",
            "SELECT 'trigger' AS a, tgname::text AS b, pg_get_triggerdef(oid) AS c FROM pg_trigger WHERE NOT tgisinternal",
            "SELECT 'function' AS a, proname::text AS b, pg_get_functiondef(oid) AS c
                 FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
            "SELECT 'type' AS a, typname::text AS b, typtype::text AS c FROM pg_type
                 WHERE typnamespace = 'public'::regnamespace AND typtype NOT IN ('c', 'b')",
            "SELECT 'sequence' AS a, sequencename::text AS b, '' AS c FROM pg_sequences WHERE schemaname = 'public'",
        ],
    };
    let mut all: Vec<Row> = queries.iter().flat_map(|query| rows(conn, query)).collect();
    all.retain(|row| !KEPT.iter().any(|kept| row.b.as_ref().unwrap().contains(kept)));
    all.sort();
    all
}

fn tables(conn: &mut Conn) -> BTreeSet<String> {
    let sql = match conn {
        Conn::Sqlite(_) => "SELECT name AS a, NULL AS b, NULL AS c FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
        Conn::Pg(_) => "SELECT tablename::text AS a, NULL AS b, NULL AS c FROM pg_tables WHERE schemaname = 'public'",
    };
    rows(conn, sql).into_iter().map(|row| row.a.unwrap()).filter(|name| !KEPT.contains(&name.as_str())).collect()
}

/// Every column, as (table, column).
fn columns(conn: &mut Conn) -> BTreeSet<(String, String)> {
    let sql = match conn {
        Conn::Sqlite(_) => {
            "SELECT t.name AS a, c.name AS b, NULL AS c FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table'"
        }
        Conn::Pg(_) => {
            "SELECT table_name::text AS a, column_name::text AS b, NULL AS c FROM information_schema.columns WHERE table_schema = 'public'"
        }
    };
    pairs(rows(conn, sql)).into_iter().filter(|(table, _)| !KEPT.contains(&table.as_str())).collect()
}

/// Every column that is a foreign key, as (table, column).
fn foreign_keys(conn: &mut Conn) -> BTreeSet<(String, String)> {
    let sql = match conn {
        Conn::Sqlite(_) => {
            "SELECT t.name AS a, f.\"from\" AS b, NULL AS c FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'"
        }
        Conn::Pg(_) => {
            "SELECT k.table_name::text AS a, k.column_name::text AS b, NULL AS c
                 FROM information_schema.key_column_usage k JOIN information_schema.table_constraints t
                 ON t.constraint_name = k.constraint_name AND t.table_name = k.table_name AND t.table_schema = k.table_schema
                 WHERE t.constraint_type = 'FOREIGN KEY' AND k.table_schema = 'public'"
        }
    };
    pairs(rows(conn, sql))
}

fn folders(engine: &str) -> BTreeMap<String, PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
    std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap()).map(|e| (e.file_name().into_string().unwrap(), e.path())).collect()
}

fn both() -> [(Database, Conn); 2] {
    [Engine::Sqlite, Engine::Postgres].map(|engine| {
        let database = Database::new(engine);
        assert!(!migrate::up(&database.url).unwrap().is_empty());
        let conn = Conn::open(&database.url).unwrap();
        (database, conn)
    })
}

#[test]
fn up_down_and_up_again_leave_the_same_schema() {
    for (database, mut conn) in both() {
        let first = dump(&mut conn);
        assert!(first.len() > 50, "{first:#?}");
        assert_eq!(migrate::pending(&mut conn), Ok(0));
        migrate::down(&database.url).unwrap();
        assert_eq!(dump(&mut conn), []);
        assert_eq!(tables(&mut conn), BTreeSet::new());
        let all = migrate::pending(&mut conn).unwrap();
        assert_eq!(migrate::up(&database.url).unwrap().len(), all);
        assert_eq!(dump(&mut conn), first);
        assert_eq!(migrate::up(&database.url), Ok(Vec::new()));
    }
}

#[test]
fn both_engines_have_the_same_folders_tables_and_columns() {
    let (sqlite, postgres) = (folders("sqlite"), folders("postgres"));
    assert_eq!(sqlite.keys().collect::<Vec<_>>(), postgres.keys().collect::<Vec<_>>());
    for folder in sqlite.values().chain(postgres.values()) {
        let files: BTreeSet<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(files, BTreeSet::from(["down.sql".into(), "up.sql".into()]), "{}", folder.display());
    }
    let [(_, mut one), (_, mut other)] = both();
    assert_eq!(columns(&mut one), columns(&mut other));
    assert_eq!(foreign_keys(&mut one), foreign_keys(&mut other));
}

#[test]
fn the_program_names_every_table_and_column() {
    let schema = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/schema.rs")).unwrap();
    let word_before = |at: usize| schema[..at].trim_end().rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap().to_owned();
    // `table (keys) {` and `column -> Type`, however they are broken into lines.
    let tables = schema.match_indices(") {").map(|(at, _)| (at, word_before(schema[..at].rfind('(').unwrap())));
    let tables: Vec<(usize, String)> = tables.collect();
    let columns_named = schema.match_indices(" -> ").map(|(at, _)| {
        let (_, table) = tables.iter().rfind(|(start, _)| *start < at).unwrap();
        (table.clone(), word_before(at))
    });
    let named: BTreeSet<(String, String)> = columns_named.collect();
    let [(_, mut conn), _] = both();
    assert_eq!(named, columns(&mut conn));
}

#[test]
fn every_id_column_is_a_foreign_key() {
    for (_database, mut conn) in both() {
        let keys = foreign_keys(&mut conn);
        let ids: Vec<_> = columns(&mut conn).into_iter().filter(|(_, column)| column.ends_with("_id")).collect();
        assert!(ids.len() > 20, "{ids:?}");
        let loose: Vec<_> = ids.iter().filter(|id| !keys.contains(id) && !FOREIGN.contains(&(&id.0, &id.1))).collect();
        assert!(loose.is_empty(), "no foreign keys: {loose:?}");
    }
}

/// The names that the files of an engine give to constraints, and how many constraints they give no name.
fn constraints(engine: &str) -> (BTreeSet<String>, Vec<String>) {
    let (mut names, mut nameless) = (BTreeSet::new(), Vec::new());
    for folder in folders(engine).values() {
        for line in std::fs::read_to_string(folder.join("up.sql")).unwrap().lines() {
            let words: Vec<&str> = line.split([' ', '(', ')', ',', ';']).filter(|word| !word.is_empty()).collect();
            for (at, word) in words.iter().enumerate() {
                match *word {
                    "CONSTRAINT" => drop(names.insert(words[at + 1].to_owned())),
                    // `CONSTRAINT name CHECK …`; a UNIQUE INDEX has its name after it.
                    "CHECK" | "REFERENCES" | "UNIQUE"
                        if words.get(at + 1) != Some(&"INDEX") && (at < 2 || words[at - 2] != "CONSTRAINT") =>
                    {
                        nameless.push(format!("{}: {line}", folder.display()));
                    }
                    _ => {}
                }
            }
        }
    }
    (names, nameless)
}

#[test]
fn every_constraint_has_a_name_of_ours_the_same_on_both_engines() {
    let (sqlite, postgres) = (constraints("sqlite"), constraints("postgres"));
    assert_eq!((sqlite.1, postgres.1.clone()), (Vec::new(), Vec::new()), "constraints without a name");
    assert_eq!(sqlite.0, postgres.0);
    let [_, (_database, mut conn)] = both();
    let sql = "SELECT conrelid::regclass::text AS a, conname::text AS b, contype::text AS c FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype NOT IN ('p', 'n') AND conrelid <> 0";
    let found = rows(&mut conn, sql);
    assert!(found.len() > 50, "{found:?}");
    for Row { a, b, c } in found {
        let (table, name, kind) = (a.unwrap(), b.unwrap(), c.unwrap());
        assert!(postgres.0.contains(&name), "{table}: the engine made up {name}");
        let ending = match kind.as_str() {
            "f" => "_fkey",
            "u" => "_key",
            _ => "_check",
        };
        assert!(name.starts_with(&format!("{table}_")) && name.ends_with(ending), "{table}: {name}");
    }
}

#[test]
fn every_sqlite_table_is_strict() {
    let [(_database, mut conn), _] = both();
    let loose = rows(&mut conn, "SELECT name AS a, NULL AS b, NULL AS c FROM pragma_table_list WHERE schema = 'main' AND NOT strict");
    let loose: Vec<_> =
        loose.into_iter().filter_map(|row| row.a).filter(|n| !n.starts_with("sqlite_") && !KEPT.contains(&n.as_str())).collect();
    assert!(loose.is_empty(), "{loose:?}");
}

#[test]
fn what_goes_with_its_parent_is_found_by_an_index() {
    let [_, (_database, mut conn)] = both();
    let sql = "SELECT c.conrelid::regclass::text AS a, a.attname::text AS b, NULL AS c FROM pg_constraint c
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        WHERE c.contype = 'f' AND c.confdeltype = 'c'
        AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1])";
    // Without one, deleting the parent would read the whole table of its children.
    assert_eq!(pairs(rows(&mut conn, sql)), BTreeSet::new());
}

#[test]
fn events_are_append_only() {
    for (_database, mut conn) in both() {
        let row = |actor: &str| {
            format!(
                "INTO events (id, at, actor, action, subject_kind, subject)
                 VALUES ('0190163d-8694-739b-aea5-966c26f8ad90', '2026-11-25T19:00:00.000000Z', '{actor}', 'issued', 'rma', 'R1')"
            )
        };
        assert_eq!(try_run(&mut conn, &format!("INSERT {}", row("one"))), Ok(1));
        let mut refused = vec!["UPDATE events SET actor = 'other'".to_owned(), "DELETE FROM events".to_owned()];
        // What the triggers for rows don't see.
        refused.push(match conn {
            Conn::Sqlite(_) => format!("REPLACE {}", row("other")),
            Conn::Pg(_) => "TRUNCATE events".to_owned(),
        });
        for sql in refused {
            let error = try_run(&mut conn, &sql).expect_err(&sql);
            assert!(error.to_string().contains("events are append-only"), "{sql}: {error}");
        }
        let left = rows(&mut conn, "SELECT actor AS a, action AS b, subject AS c FROM events");
        assert_eq!(left, [Row { a: Some("one".into()), b: Some("issued".into()), c: Some("R1".into()) }]);
    }
}
