//! An RMA is pinned to the program version that was in force when it was issued: a later one changes nothing about it.

use crate::app::{TestApp, on_both_engines};
use crate::world::{self, issued, verified_case};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use std::sync::Arc;
use swapline::actions::dossier::Dossier;
use swapline::actions::issue_rma::{self, issue_rma};
use swapline::actions::remind_returns::remind_returns;
use swapline::actions::{ActionError, Context, deliver, ship};
use swapline::reference::Reference;
use swapline::rules::deadline::DeadlineKind;
use swapline::rules::number::{CaseNumber, RmaNumber};
use swapline::rules::text::{Line, PartNumber, SerialNumber};

/// The program as it is, and a second version from 27 November 2026 on: Silver ships within three business days, the unit
/// has ten, and the only reminder comes a month late.
fn two_versions() -> Arc<Reference> {
    let first = include_str!("../../data/program.toml");
    let second = first
        .replace("name = \"2026-01\"", "name = \"2026-12\"")
        .replace("effective_from = 2015-03-16", "effective_from = 2026-11-27")
        .replace("ships_within_business_days = 1,", "ships_within_business_days = 3,")
        .replace("within_business_days = 5,", "within_business_days = 10,")
        .replace("days = [-2, 0, 2, 7]", "days = [30]");
    assert_ne!(first, second);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), format!("{first}\n{second}")).unwrap();
    Reference::load(Some(file.path())).unwrap()
}

fn due(dossier: &Dossier, kind: DeadlineKind) -> Option<DateTime<Utc>> {
    dossier.deadlines.iter().find(|k| k.deadline.basis.kind == kind).and_then(|k| k.deadline.due_at)
}

async fn with_new_program<T: Send + 'static>(
    app: &TestApp,
    reference: &Arc<Reference>,
    act: impl Fn(&mut swapline::store::Conn, &Context) -> Result<T, ActionError> + Send + 'static,
) -> T {
    let ctx = Context { reference: Arc::clone(reference), ..app.context() };
    app.desk.db.write(move |conn| act(conn, &ctx)).await.unwrap()
}

on_both_engines!(p4_a_later_program_version_moves_no_deadline_of_an_rma_that_stands, |app| {
    world::fill(&app).await;
    let old: Value = issued(&app, "SILVER-1", "PSU-450", None).await;
    let number = RmaNumber::parse(old["number"].as_str().unwrap()).unwrap();
    let case = CaseNumber::parse(&verified_case(&app, "SILVER-1", &["FAN-2"]).await).unwrap();
    let reference = two_versions();

    // Friday, 27 November: the second version is in force.
    app.pass(TimeDelta::days(2));
    let ship_ask = ship::Ask {
        carrier: Line::parse("Carrier").unwrap(),
        tracking_number: None,
        replacement_serial_numbers: Some(vec![SerialNumber::parse("REPL-1").unwrap()]),
        shipped_at: None,
    };
    let deliver_ask = deliver::Ask { received_by: Line::parse("Front Desk").unwrap(), delivered_at: None };
    let dossier = with_new_program(&app, &reference, move |conn, ctx| {
        ship::ship(conn, ctx, number, &ship_ask)?;
        deliver::deliver(conn, ctx, number, &deliver_ask)
    })
    .await;
    assert_eq!(dossier.rma.program_version, "2026-01");
    assert_eq!(due(&dossier, DeadlineKind::ShipBy), Some("2026-11-28T02:00:00Z".parse().unwrap()), "one business day, as promised");
    assert_eq!(due(&dossier, DeadlineKind::ReturnBy), Some("2026-12-05T05:00:00Z".parse().unwrap()), "five business days, as promised");

    // Its reminders are those of its version: the first comes two days before the date, not a month after it.
    app.pass(TimeDelta::days(6));
    let looked_at = with_new_program(&app, &reference, |conn, ctx| remind_returns(conn, ctx, 10)).await;
    assert_eq!(looked_at, 1);
    app.run_jobs().await;
    assert!(app.memory.letters().iter().any(|l| l.key.ends_with("return-reminder/1")));

    // What is issued now is pinned to the new one.
    let line =
        issue_rma::AskLine { serial_number: SerialNumber::parse("SILVER-1").unwrap(), part_number: PartNumber::parse("FAN-2").unwrap() };
    let ask = issue_rma::Ask { case, lines: vec![line], contact: None };
    let new = with_new_program(&app, &reference, move |conn, ctx| issue_rma(conn, ctx, &ask)).await;
    assert_eq!(new.rma.program_version, "2026-12");
    // Thursday, 3 December + three business days: Tuesday, 8 December, 21:00 in New York.
    assert_eq!(due(&new, DeadlineKind::ShipBy), Some("2026-12-09T02:00:00Z".parse().unwrap()));
});
