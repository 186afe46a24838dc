use super::*;
use crate::reference::calendars::Calendars as Embedded;
use crate::rules::clock::DueAt;
use crate::rules::deadline::{Target, WaitsFor};
use crate::rules::refusal::RefusalClass;
use crate::rules::term::Term;
use crate::rules::tier::Tier;
use chrono::{NaiveTime, TimeDelta};
use chrono_tz::America::New_York;

/// What comes back, in which order, and when.
mod returns;

/// Monday, 7 December 2026, 10:00 in New York: no holiday until Christmas.
const ISSUED: &str = "2026-12-07T10:00:00-05:00";

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn basis(kind: DeadlineKind, starts_at: Option<&str>) -> Basis {
    let closes = NaiveTime::from_hms_opt(21, 0, 0).unwrap();
    let target = match kind {
        DeadlineKind::DeliverBy => Target::Elapsed { hours: 4 },
        DeadlineKind::ShipBy => Target::BusinessDays { days: 1, due: DueAt::CloseOfBusiness(closes), cut_off: None },
        _ => Target::BusinessDays { days: 5, due: DueAt::EndOfDay, cut_off: None },
    };
    let waits_for = match (starts_at, kind) {
        (Some(_), _) => vec![],
        (None, DeadlineKind::DeliverBy) => vec![WaitsFor::Contact, WaitsFor::ContactAccepts],
        (None, _) => vec![WaitsFor::Delivery],
    };
    let (starts_at, calendar) = (starts_at.map(at), "US".to_owned());
    Basis {
        kind,
        target,
        zone: New_York,
        calendar,
        edition: Default::default(),
        starts_at,
        waits_for,
        holds: vec![],
        extensions: Vec::new(),
        rules: vec!["P4".into()],
    }
}

fn deadline(kind: DeadlineKind, starts_at: Option<&str>) -> Deadline {
    deadline::compute(basis(kind, starts_at), &Embedded)
}

fn unit(line: i32, serial: &str, state: ReturnState) -> UnitFacts {
    UnitFacts { line, serial_number: SerialNumber::parse(serial).unwrap(), replacement_serial_number: None, state, received_at: None }
}

/// An RMA of one line that was just issued.
fn issued(tier: Tier) -> RmaFacts {
    let deadlines = match tier {
        Tier::Bronze => vec![deadline(DeadlineKind::ShipBy, Some(ISSUED)), deadline(DeadlineKind::ReturnBy, Some(ISSUED))],
        Tier::GoldPlus => vec![deadline(DeadlineKind::DeliverBy, None), deadline(DeadlineKind::ReturnBy, None)],
        _ => vec![deadline(DeadlineKind::ShipBy, Some(ISSUED)), deadline(DeadlineKind::ReturnBy, None)],
    };
    RmaFacts {
        state: RmaState::Issued,
        issued_at: at(ISSUED),
        shipped_at: None,
        lines: vec![unit(1, "SN-1", ReturnState::Expected)],
        deadlines,
    }
}

/// The same with another state.
fn standing(state: RmaState, rma: RmaFacts) -> RmaFacts {
    RmaFacts { state, ..rma }
}

/// Stores changes as the store does: one deadline of each kind.
fn keep(rma: &mut RmaFacts, changes: &[DeadlineChange]) {
    for change in changes {
        let kept = rma.deadlines.iter_mut().find(|d| d.basis.kind == change.deadline.basis.kind).unwrap();
        *kept = change.deadline.clone();
    }
}

/// Kind, state, and local due instant of every change.
fn told(changes: &[DeadlineChange]) -> Vec<(DeadlineKind, DeadlineState, String)> {
    let local = |d: &Deadline| d.due_at.map_or_else(String::new, |at| at.with_timezone(&d.basis.zone).to_rfc3339());
    changes.iter().map(|c| (c.deadline.basis.kind, c.deadline.state, local(&c.deadline))).collect()
}

fn contact_who(accepts_delivery: bool) -> LocalContact {
    LocalContact { name: "Front Desk".into(), phone: "+19545550142".into(), accepts_delivery }
}

/// Code and rule of a refusal, which is always a clash of states.
fn clash<T: std::fmt::Debug>(result: Result<T, Refusal>) -> (&'static str, &'static str) {
    let refusal = result.unwrap_err();
    assert_eq!(refusal.class, RefusalClass::StateClash);
    (refusal.code, refusal.rule.unwrap())
}

#[test]
fn p4_nothing_happens_in_the_future_nor_before_the_step_that_precedes_it() {
    let (before, now) = (at("2026-12-07T10:00:00Z"), at("2026-12-07T12:00:00Z"));
    let instant = TimeDelta::microseconds(1);
    let table = [
        (None, Ok(now)),
        (Some(now), Ok(now)),
        (Some(now + instant), Err("instant_in_future")),
        (Some(before), Ok(before)),
        (Some(before - instant), Err("instant_before_previous_step")),
        (Some(DateTime::<Utc>::MAX_UTC), Err("instant_in_future")),
        (Some(DateTime::<Utc>::MIN_UTC), Err("instant_before_previous_step")),
    ];
    for (stated, expected) in table {
        let found = happened_at(stated, before, now, "/shipped_at");
        assert_eq!(found.clone().map_err(|r| r.code), expected, "{stated:?}");
        let field = found.err().map(|r| (r.class, r.rule, r.field));
        let blamed = (RefusalClass::Refused, Some("P4"), Some("/shipped_at".to_owned()));
        assert_eq!(field, expected.err().map(|_| blamed));
    }
    // A clock that was set back: what happens now would lie before the last step.
    assert_eq!(happened_at(None, now + instant, now, "/shipped_at").unwrap_err().code, "instant_before_previous_step");
}

#[test]
fn p4_each_move_is_made_in_its_state_only() {
    // Columns: ship, deliver, contact, cancel.
    let table = [
        (RmaState::Issued, [true, false, true, true]),
        (RmaState::Shipped, [false, true, true, false]),
        (RmaState::Delivered, [false, false, false, false]),
        (RmaState::Returned, [false, false, false, false]),
        (RmaState::Closed, [false, false, false, false]),
        (RmaState::Cancelled, [false, false, false, false]),
    ];
    assert_eq!(table.map(|(state, _)| state).as_slice(), RmaState::ALL);
    for (state, expected) in table {
        let rma = standing(state, issued(Tier::Silver));
        let now = at("2026-12-07T11:00:00-05:00");
        let results = [ship(&rma, now), deliver(&rma, now, &Embedded), contact(&rma, &contact_who(true), &Embedded, now), cancel(&rma)];
        for (result, expected) in results.into_iter().zip(expected) {
            assert_eq!(result.is_ok(), expected, "{state}: {result:?}");
            if !expected {
                assert_eq!(clash(result).0, "state_clash", "{state}");
            }
        }
        for next in RmaState::ALL {
            assert_eq!(rma.may_become(*next).is_ok(), next.may_follow(state), "{state} -> {next}");
        }
    }
}

#[test]
fn p4_shipping_meets_or_misses_the_ship_by() {
    // Due on Tuesday, 21:00.
    let table = [
        ("2026-12-07T10:00:00-05:00", DeadlineState::Met),
        ("2026-12-08T21:00:00-05:00", DeadlineState::Met),
        ("2026-12-08T21:00:01-05:00", DeadlineState::Missed),
    ];
    for (instant, state) in table {
        let changes = ship(&issued(Tier::Silver), at(instant)).unwrap();
        assert_eq!(told(&changes), [(DeadlineKind::ShipBy, state, "2026-12-08T21:00:00-05:00".to_owned())], "{instant}");
        assert_eq!(changes[0].done_at, Some(at(instant)));
    }
}

#[test]
fn p4_a_late_record_that_shows_it_was_in_time_makes_missed_met() {
    let mut rma = issued(Tier::Silver);
    rma.deadlines[0].state = DeadlineState::Missed;
    let changes = ship(&rma, at("2026-12-08T20:00:00-05:00")).unwrap();
    assert_eq!((changes[0].deadline.state, changes[0].done_at), (DeadlineState::Met, Some(at("2026-12-08T20:00:00-05:00"))));
    let late = ship(&rma, at("2026-12-09T09:00:00-05:00")).unwrap();
    assert_eq!((late[0].deadline.state, late[0].done_at), (DeadlineState::Missed, Some(at("2026-12-09T09:00:00-05:00"))));
}

#[test]
fn p4_the_days_for_the_return_begin_with_the_delivery_but_for_bronze() {
    let delivered = "2026-12-09T16:30:00-05:00";
    let returning = |due: &str| (DeadlineKind::ReturnBy, DeadlineState::Running, due.to_owned());
    let courier = |due: &str| (DeadlineKind::DeliverBy, DeadlineState::Missed, due.to_owned());
    let table = [
        // Its five days run since the issue: nothing starts.
        (Tier::Bronze, vec![]),
        (Tier::Silver, vec![returning("2026-12-17T00:00:00-05:00")]),
        (Tier::Gold, vec![returning("2026-12-17T00:00:00-05:00")]),
        (Tier::GoldPlus, vec![courier("2026-12-07T14:00:00-05:00"), returning("2026-12-17T00:00:00-05:00")]),
    ];
    for (tier, expected) in table {
        let mut rma = standing(RmaState::Shipped, issued(tier));
        if tier == Tier::GoldPlus {
            rma.deadlines[0] = deadline(DeadlineKind::DeliverBy, Some(ISSUED));
        }
        let changes = deliver(&rma, at(delivered), &Embedded).unwrap();
        assert_eq!(told(&changes), expected, "{tier}");
        let started = changes.iter().find(|c| c.deadline.basis.kind == DeadlineKind::ReturnBy);
        assert!(started.is_none_or(|c| c.deadline.basis.waits_for.is_empty() && c.done_at.is_none()), "{tier}");
        assert!(started.is_none_or(|c| c.deadline.basis.starts_at == Some(at(delivered))), "{tier}");
    }
}

#[test]
fn p4_2_the_clock_starts_at_the_instant_at_which_the_contact_accepts() {
    let mut rma = issued(Tier::GoldPlus);
    // A name and a number without consent: it waits on, for less.
    let named = contact(&rma, &contact_who(false), &Embedded, at("2026-12-07T10:30:00-05:00")).unwrap();
    assert_eq!(told(&named), [(DeadlineKind::DeliverBy, DeadlineState::Waiting, String::new())]);
    assert_eq!(named[0].deadline.basis.waits_for, [WaitsFor::ContactAccepts]);
    keep(&mut rma, &named);
    let accepted = contact(&rma, &contact_who(true), &Embedded, at("2026-12-07T22:15:00-05:00")).unwrap();
    assert_eq!(told(&accepted), [(DeadlineKind::DeliverBy, DeadlineState::Running, "2026-12-08T02:15:00-05:00".to_owned())]);
    let basis = &accepted[0].deadline.basis;
    assert_eq!((basis.starts_at, basis.waits_for.as_slice()), (Some(at("2026-12-07T22:15:00-05:00")), [].as_slice()));
    keep(&mut rma, &accepted);
    // A clock that runs is not stopped, nor started again: another contact, or one who changes their mind.
    for accepts in [true, false] {
        let later = at("2026-12-07T23:00:00-05:00");
        assert_eq!(contact(&rma, &contact_who(accepts), &Embedded, later), Ok(vec![]));
        assert_eq!(contact(&standing(RmaState::Shipped, rma.clone()), &contact_who(accepts), &Embedded, later), Ok(vec![]));
    }
    // Where nobody waits for a contact, naming one starts nothing.
    assert_eq!(contact(&issued(Tier::Gold), &contact_who(true), &Embedded, at(ISSUED)), Ok(vec![]));
}

#[test]
fn p4_2_the_courier_cannot_leave_before_the_contact_accepts() {
    let mut rma = issued(Tier::GoldPlus);
    assert_eq!(clash(ship(&rma, at("2026-12-07T11:00:00-05:00"))), ("awaiting_contact", "P4.2"));
    let accepted = contact(&rma, &contact_who(true), &Embedded, at("2026-12-07T11:00:00-05:00")).unwrap();
    assert_eq!(rma.earliest_shipping(), rma.issued_at);
    keep(&mut rma, &accepted);
    // Nor can it have left before, when that is recorded later.
    assert_eq!(rma.earliest_shipping(), at("2026-12-07T11:00:00-05:00"));
    // Shipping meets nothing: what is due is the delivery.
    assert_eq!(ship(&rma, at("2026-12-07T11:30:00-05:00")), Ok(vec![]));
    let rma = standing(RmaState::Shipped, rma);
    for (instant, state) in [("2026-12-07T15:00:00-05:00", DeadlineState::Met), ("2026-12-07T15:00:01-05:00", DeadlineState::Missed)] {
        let changes = deliver(&rma, at(instant), &Embedded).unwrap();
        assert_eq!(told(&changes)[0], (DeadlineKind::DeliverBy, state, "2026-12-07T15:00:00-05:00".to_owned()), "{instant}");
    }
}

#[test]
fn p4_5_a_hold_moves_the_due_date_by_the_days_that_it_touches() {
    // Issued on Monday, due on Tuesday 21:00. (hold, release, due)
    let table = [
        // On the day of the issue nothing is counted: nothing is lost.
        ("2026-12-07T11:00:00-05:00", "2026-12-07T17:00:00-05:00", "2026-12-08T21:00:00-05:00"),
        ("2026-12-07T11:00:00-05:00", "2026-12-08T09:00:00-05:00", "2026-12-09T21:00:00-05:00"),
        ("2026-12-08T09:00:00-05:00", "2026-12-08T09:30:00-05:00", "2026-12-09T21:00:00-05:00"),
        ("2026-12-08T09:00:00-05:00", "2026-12-10T09:00:00-05:00", "2026-12-11T21:00:00-05:00"),
        ("2026-12-07T11:00:00-05:00", "2026-12-11T18:00:00-05:00", "2026-12-14T21:00:00-05:00"),
    ];
    for (from, to, due) in table {
        let mut rma = issued(Tier::Silver);
        let held = export_hold(&rma, "export papers", &Embedded, at(from)).unwrap();
        assert_eq!(told(&held), [(DeadlineKind::ShipBy, DeadlineState::Paused, String::new())], "{from}");
        assert_eq!(held[0].deadline.steps.last().unwrap().note, "on hold: export papers");
        keep(&mut rma, &held);
        let released = export_release(&rma, &Embedded, at(to)).unwrap();
        assert_eq!(told(&released), [(DeadlineKind::ShipBy, DeadlineState::Running, due.to_owned())], "{from} {to}");
        let hold = Hold { from: at(from), to: Some(at(to)), reason: "export papers".into() };
        assert_eq!(released[0].deadline.basis.holds, [hold]);
    }
}

#[test]
fn p4_5_a_second_hold_adds_to_the_first() {
    let mut rma = issued(Tier::Silver);
    for day in [8, 10] {
        let instant = |hour: u32| at(&format!("2026-12-{day:02}T{hour:02}:00:00-05:00"));
        let held = export_hold(&rma, "export papers", &Embedded, instant(9)).unwrap();
        keep(&mut rma, &held);
        let released = export_release(&rma, &Embedded, instant(15)).unwrap();
        keep(&mut rma, &released);
    }
    // Tuesday is lost to the first; the second begins after it was due on Wednesday, and can't make it due later.
    assert_eq!(rma.deadlines[0].due_at, Some(at("2026-12-09T21:00:00-05:00")));
    assert_eq!(rma.deadlines[0].basis.holds.len(), 2);
}

#[test]
fn p4_5_nothing_leaves_on_hold_and_holds_are_for_clocks_that_run() {
    let mut rma = issued(Tier::Gold);
    let now = at("2026-12-08T09:00:00-05:00");
    assert_eq!(clash(export_release(&rma, &Embedded, now)), ("no_export_hold", "P4.5"));
    let held = export_hold(&rma, "export papers", &Embedded, now).unwrap();
    keep(&mut rma, &held);
    assert_eq!(clash(ship(&rma, now)), ("export_hold", "P4.5"));
    assert_eq!(clash(export_hold(&rma, "again", &Embedded, now)), ("no_running_ship_by", "P4.5"));
    let released = export_release(&rma, &Embedded, now).unwrap();
    keep(&mut rma, &released);
    let shipped = ship(&rma, now).unwrap();
    keep(&mut rma, &shipped);
    // Met, missed, or none at all (Gold Plus): no clock runs.
    assert_eq!(clash(export_hold(&rma, "late", &Embedded, now)), ("no_running_ship_by", "P4.5"));
    rma.deadlines[0].state = DeadlineState::Missed;
    assert_eq!(clash(export_hold(&rma, "late", &Embedded, now)), ("no_running_ship_by", "P4.5"));
    assert_eq!(clash(export_hold(&issued(Tier::GoldPlus), "none", &Embedded, now)), ("no_running_ship_by", "P4.5"));
    assert_eq!(clash(export_release(&issued(Tier::GoldPlus), &Embedded, now)), ("no_export_hold", "P4.5"));
}

#[test]
fn p4_cancelling_makes_every_open_deadline_void() {
    let void = |kind| (kind, DeadlineState::Void);
    let table = [
        (Tier::Bronze, vec![void(DeadlineKind::ShipBy), void(DeadlineKind::ReturnBy)]),
        (Tier::Silver, vec![void(DeadlineKind::ShipBy), void(DeadlineKind::ReturnBy)]),
        (Tier::GoldPlus, vec![void(DeadlineKind::DeliverBy), void(DeadlineKind::ReturnBy)]),
    ];
    for (tier, expected) in table {
        let changes = cancel(&issued(tier)).unwrap();
        let found: Vec<_> = changes.iter().map(|c| (c.deadline.basis.kind, c.deadline.state)).collect();
        assert_eq!(found, expected, "{tier}");
        assert!(changes.iter().all(|c| c.done_at.is_none()));
    }
    // What was missed stays on the record.
    let mut late = issued(Tier::Silver);
    late.deadlines[0].state = DeadlineState::Missed;
    assert_eq!(told(&cancel(&late).unwrap()), [(DeadlineKind::ReturnBy, DeadlineState::Void, String::new())]);
}

#[test]
fn p4_one_line_is_called_off_and_the_others_stay_as_they_are() {
    let two =
        |tier| RmaFacts { lines: vec![unit(1, "SN-1", ReturnState::Expected), unit(2, "SN-1", ReturnState::Expected)], ..issued(tier) };
    let now = at("2026-12-08T10:00:00-05:00");
    for tier in [Tier::Bronze, Tier::Silver, Tier::GoldPlus] {
        assert_eq!(cancel_line(&two(tier), 2, now), Ok(Vec::new()), "{tier}: no clock changes");
    }
    let code = |rma: &RmaFacts, line| cancel_line(rma, line, now).unwrap_err().code;
    assert_eq!(code(&two(Tier::Silver), 3), "unknown_line");
    assert_eq!(code(&issued(Tier::Silver), 1), "last_line");
    let with = |first, second| {
        let mut rma = two(Tier::Bronze);
        (rma.lines[0].state, rma.lines[1].state) = (first, second);
        rma
    };
    assert_eq!(code(&with(ReturnState::Void, ReturnState::Expected), 1), "line_cancelled_already");
    assert_eq!(code(&with(ReturnState::Void, ReturnState::Expected), 2), "last_line");
    for state in [RmaState::Shipped, RmaState::Delivered, RmaState::Returned, RmaState::Closed] {
        assert_eq!(code(&standing(state, two(Tier::Silver)), 1), "line_shipped", "{state}");
    }
    assert_eq!(code(&standing(RmaState::Cancelled, two(Tier::Silver)), 1), "state_clash");
    for state in [ReturnState::Expected, ReturnState::Shipped, ReturnState::Overdue] {
        assert!(cancel_line(&with(state, ReturnState::Expected), 1, now).is_ok(), "{state}");
    }
    for state in [ReturnState::Received, ReturnState::ReceivedShort, ReturnState::ReceivedWrong] {
        assert_eq!(code(&with(state, ReturnState::Expected), 1), "unit_already_back", "{state}");
    }
    // Bronze: the other unit is back, and this one isn't waited for any more. The return was done when that one came.
    let mut rma = with(ReturnState::Received, ReturnState::Overdue);
    rma.lines[0].received_at = Some(at("2026-12-07T16:00:00-05:00"));
    let changes = cancel_line(&rma, 2, now).unwrap();
    let done: Vec<_> = changes.iter().map(|c| (c.deadline.basis.kind, c.deadline.state, c.done_at)).collect();
    assert_eq!(done, [(DeadlineKind::ReturnBy, DeadlineState::Met, Some(at("2026-12-07T16:00:00-05:00")))]);
}
