//! How the demonstration looks at a terminal: promises, deadlines with their working, the letters' files.

use crate::actions::dossier::Dossier;
use crate::cli::say;
use crate::jobs::Desk;
use crate::rules::clock::Step;
use crate::rules::number::RmaNumber;
use crate::rules::reminder::due_day;
use crate::rules::zone::{self, Zone, local_day};
use crate::store::deadlines::Kept;
use crate::store::{self, StoreError};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// The demonstration's time.
pub fn now(desk: &Desk) -> String {
    desk.clock.now().format("%Y-%m-%d %H:%M UTC").to_string()
}

fn local(at: DateTime<Utc>, zone: Tz) -> String {
    format!("{} {}", zone::local(zone, at).format("%a %Y-%m-%d %H:%M"), zone::abbreviation(zone, at))
}

/// What was promised.
pub fn promise(desk: &Desk, serial: &str, part: &str, dossier: &Dossier) -> anyhow::Result<()> {
    let Dossier { number, rma, names, .. } = dossier;
    say::out(format_args!("  {}  RMA {number} issued: {part} for {serial}, contract {}", now(desk), names.contract))?;
    say::out(format_args!(
        "    entitled to {}, delivered as {}, ships from {}",
        rma.entitled_tier.0.title(),
        rma.delivered_tier.0.title(),
        names.service_center.as_deref().unwrap_or("(no center)")
    ))?;
    for reason in dossier.reasons()? {
        say::out(format_args!("    {} ({}): {}", reason.code, reason.rule, reason.detail))?;
    }
    Ok(())
}

/// The deadlines as they stand. Those whose clock started after `shown_at` are printed with their working; the working of
/// the others was printed then.
pub async fn deadlines(desk: &Desk, number: RmaNumber, shown_at: Option<DateTime<Utc>>) -> anyhow::Result<()> {
    let kept = desk
        .db
        .read(move |conn| match store::rmas::find(conn, number.serial())? {
            Some((rma, _)) => store::deadlines::of_rma(conn, rma.id),
            None => Ok(Vec::new()),
        })
        .await
        .map_err(|e: StoreError| e)?;
    for kept in kept {
        let new = |started: DateTime<Utc>| shown_at.is_none_or(|shown| started > shown);
        deadline(&kept, kept.deadline.basis.starts_at.is_some_and(new))?;
    }
    Ok(())
}

fn deadline(kept: &Kept, working: bool) -> anyhow::Result<()> {
    let (basis, state) = (&kept.deadline.basis, kept.deadline.state);
    let due = match kept.deadline.due_at {
        // The end of a day is stored as the midnight after it.
        Some(due) if due == Zone::of(basis.zone).start_of_day(local_day(basis.zone, due)) => {
            format!("due at the end of {}", due_day(due, basis.zone).format("%a %Y-%m-%d"))
        }
        Some(due) => format!("due {}", local(due, basis.zone)),
        None => {
            let waits: Vec<&str> = basis.waits_for.iter().map(|w| w.phrase()).collect();
            format!("waits for {}", waits.join(" and "))
        }
    };
    let done = kept.done_at.map_or(String::new(), |at| format!(", done {}", local(at.at(), basis.zone)));
    say::out(format_args!(
        "    {:<10} {:<8} {due}{done}  [{}, calendar {}]",
        basis.kind.to_string(),
        state.to_string(),
        basis.rules.join(" "),
        basis.calendar
    ))?;
    for step in kept.deadline.steps.iter().filter(|_| working) {
        say::out(line(step, basis.zone))?;
    }
    Ok(())
}

fn line(step: &Step, zone: Tz) -> String {
    format!("      {} – {}  {:<15} {} ({})", local(step.from, zone), local(step.to, zone), step.counted, step.note, step.rule)
}

/// The path of every letter of an RMA.
pub async fn letters(desk: &Desk, number: RmaNumber) -> anyhow::Result<()> {
    let rows = desk
        .db
        .read(move |conn| {
            let rma = store::rmas::find(conn, number.serial())?.map(|(rma, _)| rma.id);
            store::outbox::page(conn, &store::outbox::Filter { rma, ..Default::default() }, None, 100)
        })
        .await
        .map_err(|e: StoreError| e)?
        .rows;
    for (row, _) in rows {
        say::out(format_args!("    letter {:<18} {}", row.kind.0.to_string(), row.delivered_to.as_deref().unwrap_or("(not sent yet)")))?;
    }
    Ok(())
}
