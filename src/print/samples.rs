//! Papers for the tests of this room.

use super::papers::Papers;
use crate::rules::deadline::{DeadlineKind, DeadlineState};
use crate::rules::notice::{LocalContact, NoticeDeadline, NoticeFacts, NoticeLine, Place};
use crate::rules::number::{CaseNumber, RmaNumber};
use crate::rules::text::{PartNumber, SerialNumber};
use crate::rules::tier::Tier;
use chrono::DateTime;
use chrono_tz::Tz;

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

pub(super) fn facts() -> NoticeFacts {
    NoticeFacts {
        rma: RmaNumber::of(10_000_017),
        case: CaseNumber::of(10_000_012),
        organization: "Example Airlines".into(),
        written_at: DateTime::UNIX_EPOCH,
        entitled_tier: Tier::Gold,
        delivered_tier: Tier::Gold,
        reasons: Vec::new(),
        lines: vec![line(1, "SN-4711", "PSU-450", "Power supply 450 W"), line(2, "SN-4711", "FAN-80", "Fan module, front to back")],
        ships_from: Some(place(
            "SC-FLL",
            "Fort Lauderdale Service Center",
            &["851 Cypress Creek Rd", "Fort Lauderdale, FL, 33309", "United States"],
        )),
        ship_to: Some(place("SITE-1", "Data Center 1", &["1 Harbor Street", "Naples, FL, 34102", "United States"])),
        contact: Some(LocalContact { name: "Ana Ruiz".into(), phone: "+12395550123".into(), accepts_delivery: true }),
        receiving_notes: None,
        deadlines: vec![NoticeDeadline {
            kind: DeadlineKind::ReturnBy,
            state: DeadlineState::Running,
            due_at: Some(DateTime::parse_from_rfc3339("2026-12-05T05:00:00Z").unwrap().to_utc()),
            zone: chrono_tz::America::New_York,
            waits_for: Vec::new(),
        }],
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

/// A customer in Japan and a center in Greece: every script of the fonts.
pub(super) fn abroad() -> NoticeFacts {
    NoticeFacts {
        organization: "株式会社サンプル航空".into(),
        ships_from: Some(place("SC-ATH", "Κέντρο Σέρβις Αθήνας", &["Λεωφόρος Κηφισίας 1", "Αθήνα, 115 23", "Greece"])),
        ship_to: Some(place("SITE-JP", "東京データセンター", &["丸の内1丁目9番1号", "千代田区, 東京都, 100-0005", "Japan"])),
        contact: Some(LocalContact { name: "Łukasz Київський".into(), phone: "+81312345678".into(), accepts_delivery: true }),
        lines: (1..=20).map(|n| line(n, &format!("SN-{n:05}"), "LC-48X", "Linecard, 48 × 10 GbE, für Łódź/Київ/서울")).collect(),
        ..facts()
    }
}

/// No site, nothing delivered yet, and names that want to be more than names.
pub(super) fn hostile() -> NoticeFacts {
    let long = "W".repeat(400);
    NoticeFacts {
        organization: "^XZ~JR^FS<script>alert(1)</script> & \u{202E}Sons القاهرة".into(),
        ships_from: Some(place("X", &format!("^XA^FD_5E~DG{long}"), &[&long, "a\nb\0c ^FS", "\u{FFFF}\u{E000}🦄"])),
        ship_to: None,
        contact: Some(LocalContact { name: "</bdi></section><img src=x>^FN1".into(), phone: "+1".into(), accepts_delivery: false }),
        deadlines: Vec::new(),
        ..facts()
    }
}

pub(super) fn papers(facts: &NoticeFacts, zone: Tz) -> Papers {
    Papers::of(facts, zone, "Example Networks Support").unwrap()
}
