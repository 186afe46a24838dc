//! Units arrive at the dock (P4.6): each is what its serial number says, and one parcel makes one letter.

use super::dossier::Dossier;
use super::{Context, Done, charge_unit};
use crate::rules::dock::{self, DockOutcome, Owner, Receipt, Scan};
use crate::rules::moves;
use crate::rules::notice::{NoticeKind, ScannedUnit};
use crate::rules::number::RmaNumber;
use crate::rules::refusal::Refusal;
use crate::rules::rma::RmaState;
use crate::rules::text::{Code, SerialNumber};
use crate::store::dock_scans::{self, Detail, DockScan};
use crate::store::{Conn, Id, Stored, Word, appliances, centers, returns, stock_units};
use chrono::{DateTime, Utc};

/// A parcel at the dock.
#[derive(Debug, Clone)]
pub struct Parcel {
    /// The RMA number on the box, if it has one.
    pub rma: Option<RmaNumber>,
    /// The units in it, in the order in which they were scanned.
    pub units: Vec<Scan>,
    /// Whose dock.
    pub service_center: Option<Code>,
    /// When, if not now.
    pub received_at: Option<DateTime<Utc>>,
}

/// Books one unit to an RMA that is known, and tells the customer what that means.
pub fn receive_return(conn: &mut Conn, ctx: &Context, number: RmaNumber, scan: &Scan, at: Option<DateTime<Utc>>) -> Done<Dossier> {
    let mut dossier = Dossier::lock(conn, ctx, number)?;
    let place = Place { center: None, stated_at: at };
    book(conn, ctx, &mut dossier, std::slice::from_ref(scan), &place)?;
    Ok(dossier)
}

/// Books every unit of a parcel to the RMA that it belongs to. A unit of which no RMA knows goes with the others of its
/// parcel; alone, it is kept for somebody to look at.
pub fn receive_parcel(conn: &mut Conn, ctx: &Context, parcel: &Parcel) -> Done<Vec<Detail>> {
    let center = match &parcel.service_center {
        None => None,
        Some(code) => Some((
            centers::id_of(conn, code.as_str())?
                .ok_or_else(|| Refusal::input("unknown_service_center", "/service_center", format!("there is no service center {code}")))?,
            code.clone(),
        )),
    };
    let place = Place { center, stated_at: parcel.received_at };
    let mut groups: Vec<(Option<RmaNumber>, Vec<Scan>)> = Vec::new();
    let stated = parcel.rma.map(|number| Dossier::lock(conn, ctx, number)).transpose()?;
    let mut homes = Vec::new();
    for unit in &parcel.units {
        homes.push(home(conn, stated.as_ref(), &unit.serial_number)?);
    }
    let fallback = parcel.rma.or_else(|| homes.iter().flatten().next().copied());
    for (unit, home) in parcel.units.iter().zip(homes) {
        let number = home.or(fallback);
        match groups.iter_mut().find(|(known, _)| *known == number) {
            Some((_, units)) => units.push(unit.clone()),
            None => groups.push((number, vec![unit.clone()])),
        }
    }
    let mut scans = Vec::new();
    for (number, units) in groups {
        match number {
            Some(number) => {
                let mut dossier = Dossier::lock(conn, ctx, number)?;
                scans.extend(book(conn, ctx, &mut dossier, &units, &place)?);
            }
            None => scans.extend(keep_strays(conn, ctx, &units, &place)?),
        }
    }
    Ok(scans)
}

/// Where and when units were scanned.
struct Place {
    center: Option<(Id, Code)>,
    stated_at: Option<DateTime<Utc>>,
}

/// The RMA that waits for a unit: the stated one, or another of its customer; without one, any.
fn home(conn: &mut Conn, stated: Option<&Dossier>, serial: &SerialNumber) -> Done<Option<RmaNumber>> {
    let Some(dossier) = stated else {
        return Ok(returns::awaiting(conn, serial.as_str())?.and_then(|(number, _)| RmaNumber::of(number)));
    };
    let own = dossier.facts()?.lines.iter().any(|l| l.serial_number == *serial || l.replacement_serial_number.as_ref() == Some(serial));
    if own {
        return Ok(Some(dossier.number));
    }
    let other = returns::awaiting(conn, serial.as_str())?.filter(|(_, owner)| *owner == dossier.rma.organization_id);
    Ok(other.and_then(|(number, _)| RmaNumber::of(number)).or(Some(dossier.number)))
}

fn book(conn: &mut Conn, ctx: &Context, dossier: &mut Dossier, units: &[Scan], place: &Place) -> Done<Vec<Detail>> {
    let before = dossier.facts()?;
    let at = moves::happened_at(place.stated_at, before.issued_at, ctx.now, "/received_at")?;
    let (mut scans, mut receipts) = (Vec::new(), Vec::new());
    for unit in units {
        let facts = dossier.facts()?;
        let owner = owner(conn, dossier, &unit.serial_number)?;
        let receipt = dock::receive(&facts, unit, owner, at)?;
        keep(conn, ctx, dossier, unit, &receipt, at)?;
        let scan = row(ctx, unit, receipt.outcome, place, at, Some((dossier.rma.id, receipt.line)));
        dock_scans::insert(conn, &scan)?;
        back_in_the_house(conn, ctx, unit, place)?;
        let service_center = place.center.as_ref().map(|(_, code)| code.to_string());
        scans.push(Detail { scan, rma: Some(dossier.rma.number), service_center });
        receipts.push((ScannedUnit { serial_number: unit.serial_number.clone(), outcome: receipt.outcome }, receipt));
    }
    let complete = receipts.iter().any(|(_, receipt)| receipt.complete);
    if complete && before.state == RmaState::Delivered {
        dossier.advance(conn, ctx, RmaState::Returned)?;
    }
    let told: Vec<_> = receipts
        .iter()
        .map(|(unit, r)| serde_json::json!({"line": r.line, "serial_number": unit.serial_number, "outcome": r.outcome, "state": r.state}))
        .collect();
    dossier.record(conn, ctx, "return_received", &serde_json::json!({"units": told, "received_at": at}))?;
    tell(conn, ctx, dossier, receipts, complete)?;
    Ok(scans)
}

fn keep(conn: &mut Conn, ctx: &Context, dossier: &mut Dossier, unit: &Scan, receipt: &Receipt, at: DateTime<Utc>) -> Done<()> {
    if receipt.outcome == DockOutcome::AlreadyReceived {
        return Ok(());
    }
    for expected in dossier.returns.iter_mut().filter(|r| r.line == receipt.line) {
        expected.state = Word(receipt.state);
        expected.received_at = Some(at.into());
        expected.received_serial_number = Some(unit.serial_number.to_string());
        expected.condition = Some(Word(unit.condition));
        returns::update(conn, expected)?;
    }
    charge_unit::arrived(conn, ctx, dossier, receipt.line, receipt.outcome.effect().charge)?;
    dossier.save_deadlines(conn, ctx, receipt.deadlines.clone())
}

/// One letter about a parcel: the plain one for a single unit, else one that names each.
fn tell(conn: &mut Conn, ctx: &Context, dossier: &Dossier, receipts: Vec<(ScannedUnit, Receipt)>, complete: bool) -> Done<()> {
    let news: Vec<&(ScannedUnit, Receipt)> = receipts.iter().filter(|(unit, _)| unit.outcome.effect().letter.is_some()).collect();
    let all_expected = news.iter().all(|(unit, _)| unit.outcome == DockOutcome::ExpectedUnit);
    // A key of a line or an RMA tells once; what may come again has a key of its own each time.
    let (kind, suffix, remark) = match news.as_slice() {
        [] => return Ok(()),
        _ if all_expected && complete => (NoticeKind::ReturnReceived, "return-received".to_owned(), None),
        [(_, receipt)] if all_expected => (NoticeKind::ReturnPartial, format!("return-partial/{}", receipt.line), None),
        [(unit, _)] if unit.outcome.effect().letter == Some(NoticeKind::ReturnWrong) => {
            (NoticeKind::ReturnWrong, format!("return-wrong/{}", Id::new()), Some(unit.serial_number.to_string()))
        }
        _ => (NoticeKind::ReturnParcel, format!("return-parcel/{}", Id::new()), None),
    };
    let scanned = news.into_iter().map(|(unit, _)| unit.clone()).collect();
    dossier.tell_of_parcel(conn, ctx, kind, &suffix, remark, scanned)
}

/// Units of which no RMA knows.
fn keep_strays(conn: &mut Conn, ctx: &Context, units: &[Scan], place: &Place) -> Done<Vec<Detail>> {
    let at = moves::happened_at(place.stated_at, DateTime::UNIX_EPOCH, ctx.now, "/received_at")?;
    let mut scans = Vec::new();
    for unit in units {
        let known = appliances::find(conn, &unit.serial_number)?.is_some();
        let outcome = if known { DockOutcome::UnitOfAnotherCustomer } else { DockOutcome::UnknownSerial };
        let scan = row(ctx, unit, outcome, place, at, None);
        dock_scans::insert(conn, &scan)?;
        back_in_the_house(conn, ctx, unit, place)?;
        let told = serde_json::json!({"serial_number": unit.serial_number, "outcome": outcome});
        ctx.record::<(), _>(conn, "stray_received", ("scan", &scan.id.to_string()), None, Some(&told))?;
        scans.push(Detail { scan, rma: None, service_center: place.center.as_ref().map(|(_, code)| code.to_string()) });
    }
    Ok(scans)
}

/// A unit of stock that was sent out is there again, for somebody to decide about.
fn back_in_the_house(conn: &mut Conn, ctx: &Context, unit: &Scan, place: &Place) -> Stored<()> {
    let center = place.center.as_ref().map(|(id, _)| *id);
    stock_units::come_back(conn, unit.serial_number.as_str(), center, ctx.ts()).map(drop)
}

fn owner(conn: &mut Conn, dossier: &Dossier, serial: &SerialNumber) -> Stored<Owner> {
    Ok(match appliances::find(conn, serial)? {
        Some(found) if found.record.organization.as_str() == dossier.names.organization => Owner::Customer,
        Some(_) => Owner::Other,
        None => Owner::Nobody,
    })
}

fn row(ctx: &Context, unit: &Scan, outcome: DockOutcome, place: &Place, at: DateTime<Utc>, line: Option<(Id, i32)>) -> DockScan {
    DockScan {
        id: Id::new(),
        rma_id: line.map(|(rma, _)| rma),
        line: line.map(|(_, line)| line),
        service_center_id: place.center.as_ref().map(|(id, _)| *id),
        serial_number: unit.serial_number.to_string(),
        condition: Word(unit.condition),
        outcome: Word(outcome),
        scanned_at: at.into(),
        scanned_by: ctx.actor.name.clone(),
        disposition: Word(outcome.effect().disposition),
        finding: None,
        note: None,
        disposed_at: None,
        disposed_by: None,
    }
}
