//! Notices for the tests of this room.

use super::letters::Sender;
use super::links::Links;
use crate::rules::certificate::Considered;
use crate::rules::coverage::Verdict;
use crate::rules::deadline::{DeadlineKind, DeadlineState, WaitsFor};
use crate::rules::dock::DockOutcome;
use crate::rules::link::Signer;
use crate::rules::notice::{
    CoverageChange, LocalContact, Mailbox, Notice, NoticeDeadline, NoticeDispatch, NoticeFacts, NoticeKind, NoticeLine, NoticeShipment,
    NoticeSignIn, Place, Reason, ScannedUnit,
};
use crate::rules::number::{CaseNumber, RmaNumber};
use crate::rules::text::{Code, Email, PartNumber, SerialNumber};
use crate::rules::tier::{Language, Tier};
use chrono::{DateTime, Utc};
use chrono_tz::America::New_York;
use uuid::Uuid;

pub(super) fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

pub(super) fn mailbox(name: &str, email: &str) -> Mailbox {
    Mailbox { name: name.into(), email: Email::parse(email).unwrap() }
}

pub(super) fn sender() -> Sender {
    Sender {
        mailbox: mailbox("Example Networks Support", "rma@vendor.example"),
        reply_to: Some(mailbox("RMA Operations", "operations@vendor.example")),
        phone: Some("+1 555 0100".into()),
        operations: None,
        links: Links::Live { public_url: "https://rma.vendor.example".into(), signer: Signer::new([7; 32]) },
    }
}

pub(super) fn place(code: &str, name: &str, address: &[&str]) -> Place {
    Place { code: code.into(), name: name.into(), address: address.iter().map(|l| (*l).into()).collect() }
}

pub(super) fn line(number: i32, serial: &str, part: &str, description: &str) -> NoticeLine {
    NoticeLine {
        line: number,
        serial_number: SerialNumber::parse(serial).unwrap(),
        part_number: PartNumber::parse(part).unwrap(),
        part_description: description.into(),
        replacement_serial_number: None,
        returned: false,
        replaces_dead: None,
    }
}

pub(super) fn deadline(kind: DeadlineKind, state: DeadlineState, due: Option<&str>, waits_for: &[WaitsFor]) -> NoticeDeadline {
    NoticeDeadline { kind, state, due_at: due.map(at), zone: New_York, waits_for: waits_for.to_vec() }
}

pub(super) fn reason(code: &str, rule: &str, detail: &str) -> Reason {
    Reason { code: code.into(), rule: rule.into(), detail: detail.into() }
}

/// A Gold Plus contract whose site is out of range: handled as Gold, the replacement not shipped yet.
pub(super) fn facts() -> NoticeFacts {
    NoticeFacts {
        rma: RmaNumber::of(10_000_017),
        case: CaseNumber::of(10_000_012),
        organization: "Example Airlines".into(),
        written_at: at("2026-11-24T15:30:00Z"),
        entitled_tier: Tier::GoldPlus,
        delivered_tier: Tier::Gold,
        reasons: vec![reason(
            "site_out_of_range",
            "P5.2",
            "The site is 84.2 miles from the nearest service center in its country; the limit is 70 miles.",
        )],
        lines: vec![line(1, "SN-4711", "PSU-450", "Power supply 450 W")],
        ships_from: Some(place(
            "SC-FLL",
            "Fort Lauderdale Service Center",
            &["851 Cypress Creek Rd", "Fort Lauderdale, FL 33309", "United States"],
        )),
        ship_to: Some(place("SITE-1", "Example Airlines, Data Center 1", &["1 Harbor Street", "Naples, FL 34102", "United States"])),
        contact: Some(LocalContact { name: "Front Desk".into(), phone: "+12395550123".into(), accepts_delivery: true }),
        receiving_notes: Some("Dock 3, ring twice.\nPhoto identification is asked for.".into()),
        deadlines: vec![
            deadline(DeadlineKind::ShipBy, DeadlineState::Running, Some("2026-11-26T02:00:00Z"), &[]),
            deadline(DeadlineKind::ReturnBy, DeadlineState::Waiting, None, &[WaitsFor::Delivery]),
        ],
        shipment: None,
        remark: None,
        scanned: Vec::new(),
        coverage: None,
        dispatch: None,
        tracking: None,
        sign_in: None,
        keeps_media: false,
    }
}

/// The dispatch of a letter to the courier.
pub(super) fn dispatch(sequence: i32) -> NoticeDispatch {
    NoticeDispatch {
        id: Uuid::from_u128(1),
        number: 1,
        courier: Code::parse("COURIER-1").unwrap(),
        courier_name: "Example Couriers".into(),
        sequence,
        accept_by: Some(at("2026-11-24T15:45:00Z")),
        links_expire_at: at("2026-11-27T15:30:00Z"),
    }
}

pub(super) fn shipment(delivered: bool) -> NoticeShipment {
    NoticeShipment {
        carrier: "Example Freight".into(),
        tracking_number: Some("1Z999".into()),
        shipped_at: Some(at("2026-11-25T22:10:00Z")),
        delivered_at: delivered.then(|| at("2026-11-27T14:45:00Z")),
        received_by: delivered.then(|| "Front Desk".into()),
    }
}

/// A notice of each kind as the rules would fill it for one RMA.
pub(super) fn notice(kind: NoticeKind) -> Notice {
    let mut facts = facts();
    stand(kind, &mut facts);
    news(kind, &mut facts);
    let to = match kind.is_for_courier() {
        true => mailbox("Example Couriers", "dispatch@courier.example"),
        false => mailbox("Network Operations", "noc@customer.example"),
    };
    Notice {
        key: format!("rma/R10000017/{}/1", kind.to_string().replace('_', "-")),
        kind,
        to: vec![to],
        language: Language::English,
        zone: New_York,
        facts,
    }
}

/// How things stand when a letter of this kind is written.
fn stand(kind: NoticeKind, facts: &mut NoticeFacts) {
    let back = |state| deadline(DeadlineKind::ReturnBy, state, Some("2026-12-05T05:00:00Z"), &[]);
    match kind {
        NoticeKind::RmaIssued | NoticeKind::Cancelled | NoticeKind::LineCancelled | NoticeKind::DeadlineMoved => {}
        NoticeKind::FourHourOffer => {
            (facts.rma, facts.case) = (None, None);
            (facts.entitled_tier, facts.delivered_tier) = (Tier::Gold, Tier::GoldPlus);
            facts.remark = Some("Contract K-0815 ends on Thursday, December 31, 2026".into());
            facts.reasons = vec![reason("site", "P5.2", "site SITE-1: Gold Plus reaches it")];
        }
        NoticeKind::CoverageChanged | NoticeKind::CoverageEnding => {
            (facts.rma, facts.case) = (None, None);
            facts.coverage = Some(CoverageChange {
                site: Code::parse("SITE-1").unwrap(),
                was: Verdict::Eligible,
                now: Verdict::OutOfRange,
                nearest: Some(Considered { center: Code::parse("SC-FLL").unwrap(), meters: 135_506.8 }),
                limit_miles: 70.0,
                appliances: vec![SerialNumber::parse("SN-4711").unwrap(), SerialNumber::parse("SN-4712").unwrap()],
                appliances_total: 3,
                comes_on: (kind == NoticeKind::CoverageEnding).then(|| "2026-12-24".parse().unwrap()),
            });
        }
        NoticeKind::Shipped => facts.shipment = Some(shipment(false)),
        NoticeKind::StockAlert => {}
        NoticeKind::SignInLink | NoticeKind::Invitation | NoticeKind::PasswordReset => {
            (facts.rma, facts.case) = (None, None);
            let invited_by = (kind == NoticeKind::Invitation).then(|| "Ana Ruiz".to_owned());
            facts.sign_in = Some(NoticeSignIn { id: Uuid::from_u128(3), expires_at: at("2026-11-24T15:45:00Z"), invited_by });
        }
        NoticeKind::CourierDispatch | NoticeKind::CourierCancelled | NoticeKind::CourierReminder | NoticeKind::DispatchAlert => {
            facts.dispatch = Some(dispatch(i32::from(kind == NoticeKind::CourierCancelled)));
            facts.delivered_tier = Tier::GoldPlus;
            facts.reasons.clear();
            facts.deadlines = vec![deadline(DeadlineKind::DeliverBy, DeadlineState::Running, Some("2026-11-24T19:30:00Z"), &[])];
        }
        _ => {
            facts.shipment = Some(shipment(true));
            facts.deadlines = vec![back(DeadlineState::Running)];
        }
    }
}

/// What a letter of this kind tells.
fn news(kind: NoticeKind, facts: &mut NoticeFacts) {
    match kind {
        NoticeKind::Shipped | NoticeKind::Delivered | NoticeKind::CourierDispatch => {
            facts.lines[0].replacement_serial_number = Some(SerialNumber::parse("RP-0815").unwrap());
        }
        NoticeKind::ReturnReceived | NoticeKind::Closed => facts.lines[0].returned = true,
        NoticeKind::ReturnPartial => {
            facts.lines.push(line(2, "SN-4712", "FAN-80", "Fan module"));
            facts.lines[0].returned = true;
        }
        NoticeKind::ReturnExtended => facts.remark = Some("The carrier is on strike.".into()),
        NoticeKind::ChargeConfirmed | NoticeKind::ChargeReversed => {
            facts.remark = Some("Line 1, PSU-450 of appliance SN-4711: 450.00 USD".into());
            facts.lines[0].returned = true;
        }
        NoticeKind::ReturnWrong => facts.remark = Some("SN-9999".into()),
        NoticeKind::Cancelled => facts.remark = Some("The appliance works again after a restart.".into()),
        NoticeKind::LineCancelled => facts.remark = Some("Line 2, FAN-80 of appliance SN-4711: it works again after a restart".into()),
        NoticeKind::ReturnParcel => {
            let unit = |serial, outcome| ScannedUnit { serial_number: SerialNumber::parse(serial).unwrap(), outcome };
            facts.scanned = vec![unit("SN-4711", DockOutcome::PartsMissing), unit("RP-0815", DockOutcome::ReplacementReturned)];
        }
        NoticeKind::DeadlineMoved => facts.remark = Some("Friday, November 27, 2026 is a holiday now: Inventory.".into()),
        NoticeKind::DispatchAlert => {
            facts.remark = Some("Example Couriers has not accepted dispatch 1, and no other courier of SC-FLL is left to ask.".into());
            facts.tracking = Some(Uuid::from_u128(2));
        }
        NoticeKind::StockAlert => {
            facts.remark = Some("no unit of PSU-450 is free: the next one that is received is reserved for this RMA".into());
        }
        NoticeKind::CourierCancelled => facts.remark = Some("The customer cancelled the RMA.".into()),
        _ => {}
    }
}
