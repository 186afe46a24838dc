//! The SQL of a request, replayed by `pgbench`: what PostgreSQL gives for the same statements without us.
//!
//! Two requests are run while the server logs its statements. What differs between the two becomes a variable of the script (new
//! identifiers, the number that `RETURNING` gives, the case, keys made of those); all else stays as it was logged.

use diesel::prelude::*;
use diesel::sql_types::Text;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;
use swapline::store::Conn;

/// A statement as the server logged it, with what was bound.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    sql: String,
    bound: Vec<Option<String>>,
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Text)]
    text: String,
}

/// A connection of a superuser to the bench's database.
pub struct Server {
    conn: PgConnection,
    url: String,
}

/// How a line of the server's log starts while it is read here.
const MARK: &str = "@swapline@";

impl Server {
    pub fn open(url: &str) -> Self {
        let Conn::Pg(conn) = Conn::open(url).unwrap() else { panic!("not PostgreSQL") };
        Self { conn, url: url.to_owned() }
    }

    fn run(&mut self, sql: &str) {
        diesel::connection::SimpleConnection::batch_execute(&mut self.conn, sql).unwrap();
    }

    fn ask(&mut self, sql: &str) -> String {
        diesel::sql_query(sql).get_result::<Answer>(&mut self.conn).unwrap().text
    }

    /// Has every statement logged, or none. Sessions see it with their next statement.
    pub fn log(&mut self, all: bool) {
        let how = if all { "all" } else { "none" };
        self.run(&format!("ALTER SYSTEM SET log_line_prefix = '{MARK}'"));
        self.run(&format!("ALTER SYSTEM SET log_statement = '{how}'"));
        self.run("SELECT pg_reload_conf()");
        while self.ask("SELECT current_setting('log_statement') AS text") != how {}
    }

    fn log_file(&mut self) -> String {
        self.ask("SELECT current_setting('data_directory') || '/../log' AS text")
    }

    /// Where the log ends now.
    pub fn log_end(&mut self) -> u64 {
        let file = self.log_file();
        self.ask(&format!("SELECT size::text AS text FROM pg_stat_file('{file}')")).parse().unwrap()
    }

    /// What was logged since, without what this connection asked.
    pub fn logged_since(&mut self, start: u64) -> Vec<Statement> {
        let file = self.log_file();
        let log = self.ask(&format!("SELECT pg_read_file('{file}', {start}, 10000000) AS text"));
        let mut statements: Vec<Statement> = Vec::new();
        for entry in log.split(MARK).map(str::trim_end) {
            let sql = entry
                .strip_prefix("LOG:  statement: ")
                .or_else(|| entry.strip_prefix("LOG:  execute ")?.split_once(": ").map(|(_, sql)| sql));
            if let Some(sql) =
                sql.filter(|sql| !sql.contains("pg_read_file") && !sql.contains("pg_stat_file") && !sql.contains("data_directory"))
            {
                statements.push(Statement { sql: sql.replace("\n\t", "\n"), bound: Vec::new() });
            }
            let bound = entry.strip_prefix("DETAIL:  Parameters: ").or_else(|| entry.strip_prefix("DETAIL:  parameters: "));
            if let (Some(bound), Some(last)) = (bound, statements.last_mut()) {
                last.bound = parameters(bound);
            }
        }
        statements
    }

    /// Numbers the cases that have no RMA yet, for the clients to take from; how many.
    pub fn number_cases(&mut self) -> usize {
        self.run(
            "CREATE TABLE bench_cases AS SELECT row_number() OVER (ORDER BY c.number) AS n, c.id AS case_id, c.number AS case_number, \
             v.id AS verification_id FROM cases c JOIN verifications v ON v.case_id = c.id \
             WHERE NOT EXISTS (SELECT FROM rma_lines l WHERE l.verification_id = v.id); \
             CREATE UNIQUE INDEX ON bench_cases (n); ANALYZE",
        );
        self.ask("SELECT count(*)::text AS text FROM bench_cases").parse().unwrap()
    }

    /// Case, verification and RMA of the case with this number.
    pub fn identity(&mut self, case: i64) -> Identity {
        let one = |server: &mut Self, column: &str| {
            server.ask(&format!(
                "SELECT ({column})::text AS text FROM cases c JOIN verifications v ON v.case_id = c.id JOIN rmas r ON r.case_id = c.id \
                 WHERE c.number = {case}"
            ))
        };
        Identity {
            case: one(self, "c.id"),
            case_number: case.to_string(),
            verification: one(self, "v.id"),
            rma_number: one(self, "r.number"),
        }
    }

    /// Runs a script with `clients` at once, `each` times; how long, and every latency.
    pub fn pgbench(&self, script: &str, clients: usize, each: usize) -> (Duration, Vec<Duration>) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("issue.sql");
        std::fs::write(&file, script).unwrap();
        let mut command = Command::new(program());
        command.current_dir(folder.path()).args(["--no-vacuum", "--protocol=prepared", "--max-tries=10", "--log", "--jobs=2"]);
        command.arg(format!("--client={clients}")).arg(format!("--transactions={each}")).arg(format!("--define=each={each}"));
        let out = command.arg("--define=n=0").arg("--file").arg(&file).arg(&self.url).output().unwrap();
        let told = String::from_utf8_lossy(&out.stdout).into_owned();
        let rate = told.lines().find_map(|l| l.strip_prefix("tps = ")?.split(' ').next()?.parse::<f64>().ok());
        let rate = rate.filter(|_| out.status.success()).unwrap_or_else(|| panic!("{told}{}", String::from_utf8_lossy(&out.stderr)));
        let mut times = Vec::new();
        for entry in std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().path()).filter(|p| *p != file) {
            let text = std::fs::read_to_string(entry).unwrap();
            times.extend(text.lines().map(|l| Duration::from_micros(l.split(' ').nth(2).unwrap().parse().unwrap())));
        }
        assert_eq!(times.len(), clients * each, "{told}{}", String::from_utf8_lossy(&out.stderr));
        (Duration::from_secs_f64(times.len() as f64 / rate), times)
    }
}

/// The newest `pgbench` of Debian's packages, like the server.
fn program() -> PathBuf {
    let mut found: Vec<PathBuf> =
        std::fs::read_dir("/usr/lib/postgresql").unwrap().map(|e| e.unwrap().path().join("bin/pgbench")).collect();
    found.sort();
    found.pop().unwrap()
}

/// What a request was about.
#[derive(Debug)]
pub struct Identity {
    case: String,
    case_number: String,
    verification: String,
    rma_number: String,
}

/// `$1 = 'it''s', $2 = NULL` in order.
fn parameters(text: &str) -> Vec<Option<String>> {
    let mut bound = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(" = ") {
        rest = match after.strip_prefix('\'') {
            None => {
                bound.push(None);
                after
            }
            Some(quoted) => {
                let mut value = String::new();
                let mut pieces = quoted.split('\'');
                let mut used = 0;
                while let Some(piece) = pieces.next() {
                    value.push_str(piece);
                    used += piece.len() + 1;
                    // A quote that is doubled is one.
                    if !quoted[used.min(quoted.len())..].starts_with('\'') {
                        break;
                    }
                    value.push('\'');
                    used += 1;
                    pieces.next();
                }
                bound.push(Some(value));
                &quoted[used.min(quoted.len())..]
            }
        };
    }
    bound
}

/// The script that does what two requests did, each time for the next case of its client.
pub fn script((first, about): (&[Statement], &Identity), second: &[Statement]) -> String {
    assert_eq!(first.len(), second.len(), "two requests have not the same statements");
    let mut fresh: BTreeMap<String, String> = BTreeMap::new();
    let mut lines = Vec::new();
    for (a, b) in first.iter().zip(second) {
        assert_eq!(a.sql, b.sql, "two requests have not the same statements");
        let mut sql = a.sql.clone();
        // From the last on, so that $1 isn't found in $10.
        for (index, (value, other)) in a.bound.iter().zip(&b.bound).enumerate().rev() {
            let text = match value {
                None => "NULL".to_owned(),
                Some(value) => expression(value, other.as_deref() != Some(value), about, &mut fresh),
            };
            sql = sql.replace(&format!("${}", index + 1), &text);
        }
        let end = if sql.contains("RETURNING") && sql.contains("numbers") { " \\gset" } else { ";" };
        lines.push(format!("{sql}{end}"));
    }
    let new: Vec<String> = fresh.values().map(|name| format!("gen_random_uuid() AS {}", name.trim_start_matches(':'))).collect();
    let head = format!(
        "\\set n :n + 1\n\\set k :client_id * :each + :n\nSELECT case_id, case_number, verification_id, {} FROM bench_cases WHERE n = :k \\gset",
        new.join(", ")
    );
    format!("{head}\n{}\n", lines.join("\n"))
}

/// A bound value in the script. `differs` if the other request had another one there.
fn expression(value: &str, differs: bool, about: &Identity, fresh: &mut BTreeMap<String, String>) -> String {
    let known = [
        (&about.case, ":case_id"),
        (&about.verification, ":verification_id"),
        (&about.case_number, ":case_number"),
        (&about.rma_number, ":last"),
    ];
    if let Some((_, name)) = known.iter().find(|(known, _)| known.as_str() == value) {
        return (*name).to_owned();
    }
    if differs && uuid::Uuid::try_parse(value).is_ok() && value.len() == 36 {
        let next = format!(":fresh_{}", fresh.len());
        return fresh.entry(value.to_owned()).or_insert(next).clone();
    }
    let quoted = literal(value);
    if differs && !value.starts_with(['{', '[']) {
        let rma = quoted.replace(&format!("R{}", about.rma_number), "R' || :last || E'");
        let both = rma.replace(&format!("C{}", about.case_number), "C' || :case_number || E'");
        return format!("({both})");
    }
    quoted
}

/// A literal without a colon, which `pgbench` would take for a variable.
fn literal(value: &str) -> String {
    format!("E'{}'", value.replace('\\', "\\\\").replace('\'', "''").replace(':', "\\x3a"))
}
