//! What the demonstration plays: one RMA of each tier, from the case to the end.

use super::{context, show, wait};
use crate::actions::answer_dispatch::{Answer, answer_shipment};
use crate::actions::dossier::Dossier;
use crate::actions::issue_rma::{self, issue_rma};
use crate::actions::name_contact::name_contact;
use crate::actions::open_case::{self, open_case};
use crate::actions::receive_return::receive_return;
use crate::actions::report_return::{self, report_return};
use crate::actions::ship::{self, ship};
use crate::actions::verify_defect::{self, verify_defect};
use crate::actions::{ActionError, Context, Done, close_rma, deliver};
use crate::cli::say;
use crate::jobs::Desk;
use crate::rules::dock::Scan;
use crate::rules::notice::LocalContact;
use crate::rules::number::RmaNumber;
use crate::rules::rma::Condition;
use crate::rules::text::{Line, Note, PartNumber, SerialNumber, TextFault};
use crate::rules::tier::{Channel, Severity};
use crate::store::Conn;
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Instant;

/// Who needs what.
struct Part {
    title: &'static str,
    serial_number: &'static str,
    part_number: &'static str,
    summary: &'static str,
    failure_code: &'static str,
}

const GOLD_PLUS: Part = Part {
    title: "Gold Plus: a courier within four hours, once somebody is there to receive them",
    serial_number: "SN123",
    part_number: "PSU-450",
    summary: "One of two power supplies is dead; its fan has stopped.",
    failure_code: "power_supply",
};
const GOLD: Part = Part {
    title: "Gold: a replacement ships overnight within one business day",
    serial_number: "NA-0001",
    part_number: "PSU-1100",
    summary: "Power supply reports an overvoltage and switches off.",
    failure_code: "power_supply",
};
const SILVER: Part = Part {
    title: "Silver: the same, and a defective unit that is never sent back",
    serial_number: "HL-0006",
    part_number: "PSU-1100",
    summary: "Power supply hums and fails under load.",
    failure_code: "power_supply",
};
const BRONZE: Part = Part {
    title: "Bronze: the unit comes back first, a replacement ships within ten business days",
    serial_number: "MR-0003",
    part_number: "PSU-450",
    summary: "Power supply does not start.",
    failure_code: "power_supply",
};

fn bad(fault: TextFault) -> anyhow::Error {
    anyhow::anyhow!(fault.detail)
}

/// Plays the four. `started` is when the program was called: the time to the first RMA is told.
pub async fn play(desk: &Desk, started: Instant) -> anyhow::Result<()> {
    let courier = issue(desk, &GOLD_PLUS).await?;
    say::out(format_args!("  (the first RMA stood {:.1} seconds after the start)", started.elapsed().as_secs_f64()))?;
    gold_plus(desk, courier).await?;
    overnight(desk, &GOLD, true).await?;
    overnight(desk, &SILVER, false).await?;
    bronze(desk).await
}

async fn gold_plus(desk: &Desk, number: RmaNumber) -> anyhow::Result<()> {
    wait(desk, TimeDelta::minutes(12)).await?;
    let contact = LocalContact { name: "Front Desk".into(), phone: "+19545550142".into(), accepts_delivery: true };
    step(desk, "a contact is named and accepts delivery: the clock starts", move |c, ctx| name_contact(c, ctx, number, &contact)).await?;
    show::deadlines(desk, number, None).await?;
    let shown = desk.clock.now();
    wait(desk, TimeDelta::minutes(4)).await?;
    step(desk, "the courier accepts, as by the link of its letter", move |c, ctx| accepted(c, ctx, number)).await?;
    wait(desk, TimeDelta::minutes(31)).await?;
    shipped(desk, number, "Sunshine Couriers (sample)", "GP-REPL-1").await?;
    wait(desk, TimeDelta::minutes(95)).await?;
    delivered(desk, number).await?;
    returned(desk, number, GOLD_PLUS.serial_number, TimeDelta::days(1)).await?;
    finish(desk, number, shown).await
}

async fn overnight(desk: &Desk, part: &Part, comes_back: bool) -> anyhow::Result<()> {
    let number = issue(desk, part).await?;
    let shown = desk.clock.now();
    wait(desk, TimeDelta::hours(3)).await?;
    shipped(desk, number, "Overnight Freight (sample)", &format!("{}-REPL-1", part.serial_number)).await?;
    wait(desk, TimeDelta::hours(20)).await?;
    delivered(desk, number).await?;
    if comes_back {
        returned(desk, number, part.serial_number, TimeDelta::days(2)).await?;
        return finish(desk, number, shown).await;
    }
    // Three looks a day: whenever the demonstration starts, one of them is not in the customer's night, in which nobody is reminded.
    for _look in 0..18 * 3 {
        wait(desk, TimeDelta::hours(8)).await?;
    }
    say::out(format_args!("  {}  18 days pass; nothing comes back", show::now(desk)))?;
    show::deadlines(desk, number, Some(shown)).await?;
    show::letters(desk, number).await
}

async fn bronze(desk: &Desk) -> anyhow::Result<()> {
    let number = issue(desk, &BRONZE).await?;
    let shown = desk.clock.now();
    returned(desk, number, BRONZE.serial_number, TimeDelta::days(1)).await?;
    wait(desk, TimeDelta::days(3)).await?;
    shipped(desk, number, "Overnight Freight (sample)", "MR-REPL-1").await?;
    wait(desk, TimeDelta::days(1)).await?;
    delivered(desk, number).await?;
    finish(desk, number, shown).await
}

/// From the case to the promise.
async fn issue(desk: &Desk, part: &Part) -> anyhow::Result<RmaNumber> {
    say::out(format_args!("\n== {} ==", part.title))?;
    let serial_number = SerialNumber::parse(part.serial_number).map_err(bad)?;
    let part_number = PartNumber::parse(part.part_number).map_err(bad)?;
    let severity = Severity::new(2).ok_or_else(|| anyhow::anyhow!("no severity 2"))?;
    let case = open_case::Ask {
        serial_number: serial_number.clone(),
        severity,
        channel: Channel::Phone,
        summary: Note::parse(part.summary).map_err(bad)?,
    };
    let finding = verify_defect::Ask {
        replacement_needed: true,
        part_number: part_number.clone(),
        failure_code: part.failure_code.to_owned(),
        note: None,
    };
    let lines = vec![issue_rma::AskLine { serial_number, part_number }];
    let dossier = act(desk, move |c, ctx| {
        let number = open_case(c, ctx, &case)?;
        verify_defect(c, ctx, number, &finding)?;
        issue_rma(c, ctx, &issue_rma::Ask { case: number, lines: lines.clone(), contact: None })
    })
    .await?;
    show::promise(desk, part.serial_number, part.part_number, &dossier)?;
    show::deadlines(desk, dossier.number, None).await?;
    Ok(dossier.number)
}

fn accepted(conn: &mut Conn, ctx: &Context, number: RmaNumber) -> Done<Dossier> {
    let shipment = Dossier::read(conn, ctx, number)?.shipment.id;
    answer_shipment(conn, ctx, shipment, &Answer::Accept).map(|(dossier, _)| dossier)
}

async fn shipped(desk: &Desk, number: RmaNumber, carrier: &str, serial: &str) -> anyhow::Result<()> {
    let replacement_serial_numbers = Some(vec![SerialNumber::parse(serial).map_err(bad)?]);
    let tracking_number = Some(Line::parse(&format!("TRK-{}", number.serial())).map_err(bad)?);
    let ask = ship::Ask { carrier: Line::parse(carrier).map_err(bad)?, tracking_number, replacement_serial_numbers, shipped_at: None };
    step(desk, &format!("the replacement {serial} leaves with {carrier}"), move |c, ctx| ship(c, ctx, number, &ask)).await
}

async fn delivered(desk: &Desk, number: RmaNumber) -> anyhow::Result<()> {
    let ask = deliver::Ask { received_by: Line::parse("Front Desk").map_err(bad)?, delivered_at: None };
    step(desk, "the replacement arrives", move |c, ctx| deliver::deliver(c, ctx, number, &ask)).await
}

async fn returned(desk: &Desk, number: RmaNumber, serial: &str, after: TimeDelta) -> anyhow::Result<()> {
    wait(desk, after).await?;
    let sent = report_return::Ask { line: None, carrier: None, tracking_number: None, shipped_at: None };
    step(desk, "the customer sends the defective unit", move |c, ctx| report_return(c, ctx, number, &sent)).await?;
    wait(desk, TimeDelta::days(1)).await?;
    let serial_number = SerialNumber::parse(serial).map_err(bad)?;
    let received = Scan { serial_number, condition: Condition::AsDescribed, line: None };
    step(desk, "the defective unit is back", move |c, ctx| receive_return(c, ctx, number, &received, None)).await
}

/// `shown` is when the deadlines were last printed.
async fn finish(desk: &Desk, number: RmaNumber, shown: DateTime<Utc>) -> anyhow::Result<()> {
    wait(desk, TimeDelta::hours(2)).await?;
    step(desk, "the RMA is closed", move |c, ctx| close_rma::close_rma(c, ctx, number)).await?;
    wait(desk, TimeDelta::minutes(1)).await?;
    show::deadlines(desk, number, Some(shown)).await?;
    show::letters(desk, number).await
}

async fn step(desk: &Desk, what: &str, action: impl Fn(&mut Conn, &Context) -> Done<Dossier> + Send + 'static) -> anyhow::Result<()> {
    let dossier = act(desk, action).await?;
    say::out(format_args!("  {}  {what} → {}", show::now(desk), dossier.rma.state.0))?;
    Ok(())
}

async fn act<T: Send + 'static>(desk: &Desk, action: impl Fn(&mut Conn, &Context) -> Done<T> + Send + 'static) -> anyhow::Result<T> {
    let ctx = context(desk);
    Ok(desk.db.write(move |conn| action(conn, &ctx)).await.map_err(|e: ActionError| e)?)
}
