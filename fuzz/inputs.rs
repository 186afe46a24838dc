//! What is done with an input: the same for the fuzz targets and for `tests/api/fuzzed.rs`, which replays `corpus/`.
#![allow(dead_code, reason = "each target does one of these")]

use std::collections::BTreeSet;
use swapline::feeds::stream::{self, Shape};
use swapline::feeds::{self, Feed, Limits};
use swapline::reference::calendars::{Calendars as Embedded, Folder};
use swapline::reference::program;
use swapline::rules::calendar::Calendars;
use swapline::rules::deadline::{self, Basis, DeadlineKind};
use swapline::rules::number::RmaNumber;
use swapline::rules::text::{Code, Email, Phone, SerialNumber};
use swapline::rules::zone::Zone;

/// The imports: the first byte says which.
pub fn feeds(data: &[u8]) {
    let Some((which, csv)) = data.split_first() else { return };
    match which % 7 {
        0 => feed::<feeds::organizations::Row>(csv),
        1 => feed::<feeds::parts::Row>(csv),
        2 => feed::<feeds::couriers::Row>(csv),
        3 => feed::<feeds::service_centers::Row>(csv),
        4 => feed::<feeds::sites::Row>(csv),
        5 => feed::<feeds::contracts::Row>(csv),
        _ => feed::<feeds::appliances::Row>(csv),
    }
}

fn feed<R: Feed>(csv: &[u8]) {
    let limits = Limits { rows: 500, cell_bytes: 500, faults: 50 };
    let reading = feeds::read::<R>(csv, limits);
    let lines = csv.iter().filter(|byte| **byte == b'\n' || **byte == b'\r').count() + 1;
    assert!(reading.rows.len() <= limits.rows && reading.faults.len() <= limits.faults + 1);
    assert!(reading.rows.windows(2).all(|pair| pair[0].line < pair[1].line));
    assert!(reading.faults.windows(2).all(|pair| pair[0].line <= pair[1].line));
    let told = reading.rows.iter().map(|row| row.line).chain(reading.faults.iter().map(|fault| fault.line));
    assert!(told.into_iter().all(|line| (1..=lines).contains(&usize::try_from(line).unwrap_or(usize::MAX))));
}

const SHAPE: Shape = Shape { reads: &["id*", "name", "note"], writes: &["id", "name", "note"] };

/// A table, row by row. What was written reads back as it was.
pub fn stream(data: &[u8]) {
    let Some(once) = copied(data) else { return };
    assert_eq!(copied(&once.1), Some((once.0, once.1.clone())));
}

fn copied(data: &[u8]) -> Option<(u64, Vec<u8>)> {
    let mut written = Vec::new();
    let count = stream::run(
        SHAPE,
        data,
        &mut written,
        |row, cells| {
            let cell = |column| row.text(column).map(str::to_owned);
            // A row without any content is none.
            let id = Some(cell(0)?).filter(|id| !id.is_empty()).unwrap_or_else(|| "none".to_owned());
            cells.extend([id, cell(1)?, cell(2)?]);
            Ok(())
        },
        |_| (),
    );
    Some((count.ok()?.good, written))
}

/// A program file. Whatever is accepted can be promised.
pub fn program(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(programs) = program::parse(text, "fuzz") else { return };
    let names: BTreeSet<&str> = programs.all().iter().map(|program| program.version.as_str()).collect();
    assert!(!names.is_empty() && names.len() == programs.all().len());
    let start = "2026-11-25T19:00:00Z".parse().ok();
    let program = &programs.all()[0];
    for (terms, window) in program.tiers.values().flat_map(|terms| program.coverage_hours.values().map(move |window| (terms, window))) {
        for target in [terms.replacement.target(window), terms.return_target(window)] {
            let basis = Basis {
                kind: DeadlineKind::ShipBy,
                target,
                zone: window.zone,
                calendar: "US".to_owned(),
                edition: Default::default(),
                starts_at: start,
                waits_for: Vec::new(),
                holds: Vec::new(),
                extensions: Vec::new(),
                rules: Vec::new(),
            };
            let computed = deadline::compute(basis, &Embedded);
            assert!(computed.due_at.is_none_or(|due| Some(due) > start));
            assert!(computed.steps.windows(2).all(|pair| pair[0].to == pair[1].from));
        }
    }
}

/// The two files of a folder of calendars, with a line of `--` between them.
pub fn calendars(data: &[u8]) {
    let middle = data.windows(4).position(|four| four == b"\n--\n");
    let (holidays, weekends) = middle.map_or((data, &b""[..]), |at| (&data[..at + 1], &data[at + 4..]));
    let Ok(folder) = Folder::of(holidays, weekends) else { return };
    for (country, subdivision) in [("US", None), ("US", Some("FL")), ("SA", None), ("", None)] {
        let calendar = folder.of(country, subdivision);
        for day in ["2026-11-25", "0001-01-01", "9999-12-31"].iter().filter_map(|day| day.parse().ok()) {
            let one = calendar.business_day(day, 1);
            assert!(one.is_ok_and(|next| next > day && calendar.closed(next).is_none()) || calendar.business_day(day, 1).is_err());
            assert!(calendar.business_day(day, u32::MAX).is_err());
        }
    }
}

/// Texts that are parsed at the door; what is accepted is accepted again as it is written.
pub fn texts(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(serial) = SerialNumber::parse(text) {
        assert_eq!(SerialNumber::parse(serial.as_str()).as_ref(), Ok(&serial));
    }
    if let Ok(phone) = Phone::parse(text) {
        assert_eq!(Phone::parse(phone.as_str()).as_ref(), Ok(&phone));
    }
    if let Ok(email) = Email::parse(text) {
        assert_eq!(Email::parse(email.as_str()).as_ref(), Ok(&email));
    }
    if let Ok(code) = Code::parse(text) {
        assert_eq!(Code::parse(code.as_str()).as_ref(), Ok(&code));
    }
    let _ = RmaNumber::parse(text);
    if let Some(zone) = Zone::named(text) {
        assert!(!text.starts_with(['+', '-']) || text.len() == 6);
        // The database ends with the year 9999, a day early.
        for day in ["2026-03-29", "2011-12-30", "9999-12-01", "0001-01-01"].iter().filter_map(|day| day.parse().ok()) {
            let midnight = zone.start_of_day(day);
            assert!(zone.day(midnight) >= day);
        }
    }
}
