//! A database that has been in use for years: one RMA that is over, with all that belongs to it, many times.

use crate::app::TestApp;
use crate::world;
use diesel::connection::SimpleConnection;
use serde_json::json;
use std::time::Instant;
use swapline::rules::number::{CaseNumber, RmaNumber};
use swapline::store::Conn;

/// The tables of an RMA, with which rows of them are the one's (`{rma}` and `{case}` are the numbers), and their columns.
const TABLES: [(&str, &str, &str); 10] = [
    ("cases", "number = {case}", "id, number, organization_id, appliance_id, severity, channel, summary, opened_at, opened_by"),
    (
        "verifications",
        "case_id IN (SELECT id FROM cases WHERE number = {case})",
        "id, case_id, part_id, replacement_needed, failure_code, note, verified_at, verified_by",
    ),
    (
        "rmas",
        "number = {rma}",
        "id, number, case_id, organization_id, contract_id, appliance_id, site_id, service_center_id, state, entitled_tier, delivered_tier, \
         reasons, program_version, contact, issued_at, ended_at, cancel_reason, sourcing",
    ),
    ("rma_lines", OF_RMA, "id, rma_id, line, verification_id, part_id, serial_number, replacement_serial_number, void, supply"),
    (
        "expected_returns",
        OF_RMA,
        "id, rma_id, rma_line_id, line, serial_number, state, carrier, tracking_number, shipped_at, received_at, received_serial_number, condition",
    ),
    (
        "shipments",
        OF_RMA,
        "id, rma_id, service_center_id, courier_id, state, dispatches, carrier, tracking_number, shipped_at, delivered_at, received_by",
    ),
    ("deadlines", OF_RMA, "id, rma_id, kind, state, starts_at, due_at, done_at, remind_at, zone, calendar, basis, clock"),
    (
        "deadline_steps",
        "deadline_id IN (SELECT d.id FROM deadlines d JOIN rmas r ON r.id = d.rma_id WHERE r.number = {rma})",
        "deadline_id, position, from_at, to_at, counted, note, rule",
    ),
    ("events", "subject = '{shown}'", "id, at, actor, action, subject_kind, subject, before, after, request_id"),
    (
        "outbox",
        OF_RMA,
        "id, key, rma_id, organization_id, kind, state, notice, attempts, next_at, leased_until, promised_at, sent_at, message_id, \
         delivered_to, last_error, urgency",
    ),
];
const OF_RMA: &str = "rma_id IN (SELECT id FROM rmas WHERE number = {rma})";
/// Copies in one transaction.
const AT_ONCE: u32 = 20_000;

/// One RMA goes its whole way, and is copied; its number.
pub async fn long_in_use(app: &TestApp, serial: &str, part: &str, times: u32) -> String {
    let started = Instant::now();
    let rma = world::issued(app, serial, part, None).await;
    let number = rma["number"].as_str().unwrap().to_owned();
    let moves = [
        ("ship", json!({"carrier": "Parcel Service", "replacement_serial_number": "NEW-1"})),
        ("deliver", json!({"received_by": "Front desk"})),
        ("return-received", json!({"serial_number": serial, "condition": "as_described"})),
        ("close", json!({})),
    ];
    for (step, body) in moves {
        app.post(&format!("/api/v1/rmas/{number}/{step}"), body).await.expect(200);
        app.run_jobs().await;
    }
    let case = CaseNumber::parse(rma["case"].as_str().unwrap()).unwrap();
    copy(&app.database.url, (RmaNumber::parse(&number).unwrap().serial(), &number, case.serial()), times);
    println!("           {times} RMAs that are over were put in before, in {:.0} s", started.elapsed().as_secs_f64());
    number
}

/// Copies the RMA with this number and its case, `times` over: with numbers, keys and identifiers of their own.
pub fn copy(url: &str, (rma, shown, case): (i64, &str, i64), times: u32) {
    let mut conn = Conn::open(url).unwrap();
    let last = |series: &str| format!("(SELECT last FROM numbers WHERE series = '{series}')");
    for start in (1..=times).step_by(usize::try_from(AT_ONCE).unwrap()) {
        let end = times.min(start + AT_ONCE - 1);
        let mut sql = String::from("BEGIN;");
        for (table, own, columns) in TABLES {
            let own = own.replace("{rma}", &rma.to_string()).replace("{case}", &case.to_string()).replace("{shown}", shown);
            let value = |column: &str| match (table, column) {
                (_, "id" | "case_id" | "verification_id" | "rma_id" | "rma_line_id" | "deadline_id") => identifier(&conn, column),
                ("cases", "number") => format!("{} + n", last("case")),
                ("rmas", "number") => format!("{} + n", last("rma")),
                ("outbox", "key") | ("events", "subject") => format!("{column} || '/' || n"),
                _ => column.to_owned(),
            };
            let values: Vec<String> = columns.split(", ").map(value).collect();
            sql.push_str(&format!(
                "INSERT INTO {table} ({columns}) SELECT {} FROM {table} CROSS JOIN {} WHERE {own};",
                values.join(", "),
                series(&conn, start, end)
            ));
        }
        sql.push_str("COMMIT;");
        run(&mut conn, &sql);
    }
    let after = format!("UPDATE numbers SET last = last + {times} WHERE series IN ('case', 'rma');");
    run(&mut conn, &after);
    let tidy = if matches!(conn, Conn::Pg(_)) { "VACUUM ANALYZE" } else { "PRAGMA wal_checkpoint(TRUNCATE)" };
    run(&mut conn, tidy);
}

fn run(conn: &mut Conn, sql: &str) {
    match conn {
        Conn::Pg(c) => c.batch_execute(sql).unwrap(),
        Conn::Sqlite(c) => c.batch_execute(sql).unwrap(),
    }
}

/// An identifier of the copy: like that of the original, but older than any that is made now.
fn identifier(conn: &Conn, column: &str) -> String {
    match conn {
        Conn::Pg(_) => format!("(lpad(to_hex(n), 8, '0') || substr({column}::text, 9))::uuid"),
        Conn::Sqlite(_) => format!("printf('%08x', n) || substr({column}, 9)"),
    }
}

fn series(conn: &Conn, start: u32, end: u32) -> String {
    match conn {
        Conn::Pg(_) => format!("generate_series({start}, {end}) AS s(n)"),
        Conn::Sqlite(_) => {
            format!("(WITH RECURSIVE s(n) AS (SELECT {start} UNION ALL SELECT n + 1 FROM s WHERE n < {end}) SELECT n FROM s)")
        }
    }
}
