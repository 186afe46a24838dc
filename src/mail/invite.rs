//! The courier's calendar entry (P4.2): from the dispatch to the instant at which the part is due.
//!
//! Every letter about a courier's run of an RMA brings the same entry (one UID) in a higher version (SEQUENCE): a request, a
//! request that changes it, or its cancellation, as calendars know them from RFC 5546.

use super::letters::{Attachment, Sender};
use super::message::key_id;
use super::view::View;
use super::words;
use crate::rules::deadline::{DeadlineKind, DeadlineState};
use crate::rules::notice::{Mailbox, Notice, NoticeKind};
use chrono::TimeDelta;
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};

/// The entry as an `.ics` file; `None` while nothing is due. Instants are UTC, so no reader needs zone tables.
pub(super) fn of(notice: &Notice, sender: &Sender, view: &View) -> Option<Attachment> {
    let facts = &notice.facts;
    let is_off = notice.kind == NoticeKind::CourierCancelled;
    // What is cancelled is due no more, and the entry still says when it was.
    let wanted = |state| is_off || state != DeadlineState::Void;
    let deadline = facts.deadlines.iter().find(|d| d.kind == DeadlineKind::DeliverBy && wanted(d.state))?;
    let due = words::sayable(deadline.due_at?);
    let written = words::sayable(facts.written_at);
    // An entry must not end before it begins, even when the dispatch is late.
    let begins = written.min(due - TimeDelta::minutes(15));
    let (status, method) = match is_off {
        true => (EventStatus::Cancelled, "CANCEL"),
        false => (EventStatus::Confirmed, "REQUEST"),
    };
    let mut event = Event::new();
    event
        .uid(&format!("{}@{}", key_id(&entry(notice)), sender.domain()))
        .sequence(facts.dispatch.as_ref().map_or(0, |d| u32::try_from(d.sequence).unwrap_or(0)))
        .timestamp(written)
        .starts(begins)
        .ends(due)
        .summary(&format!("Deliver {} for RMA {}", parts(view), view.rma))
        .description(&description(view))
        .append_property(person("ORGANIZER", &sender.mailbox))
        .status(status);
    for reader in &notice.to {
        event.append_multi_property(person("ATTENDEE", reader));
    }
    if let Some(place) = &view.ship_to {
        event.location(&place.join(", "));
    }
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", "-//Swapline//Courier dispatch//EN"))
        .append_property(("CALSCALE", "GREGORIAN"))
        .append_property(("METHOD", method))
        .push(event.done());
    Some(Attachment {
        file_name: format!("{}.ics", facts.rma?.stem()),
        content_type: match is_off {
            true => "text/calendar; charset=utf-8; method=CANCEL",
            false => "text/calendar; charset=utf-8; method=REQUEST",
        },
        bytes: calendar.to_string().into_bytes(),
    })
}

/// What the entry is about: the courier's run for the RMA, whichever letter tells of it.
fn entry(notice: &Notice) -> String {
    match (&notice.facts.rma, &notice.facts.dispatch) {
        (Some(rma), Some(dispatch)) => format!("rma/{}/courier/{}", rma.stem(), dispatch.courier),
        _ => notice.key.clone(),
    }
}

fn person(name: &str, mailbox: &Mailbox) -> Property {
    let mut property = Property::new(name, format!("mailto:{}", mailbox.email));
    let common_name: String = words::line(&mailbox.name).chars().filter(|c| *c != '"').collect();
    if !common_name.is_empty() {
        property.add_parameter("CN", &format!("\"{common_name}\""));
    }
    property.done()
}

fn parts(view: &View) -> String {
    words::list(&view.parts.iter().map(|p| p.title.clone()).collect::<Vec<_>>())
}

fn description(view: &View) -> String {
    let mut lines: Vec<String> = view.deliver_by.iter().map(|due| format!("Due: {due}")).collect();
    for part in &view.parts {
        lines.push(format!("Part: {}", part.title));
        lines.extend(part.facts.iter().map(|f| format!("{}: {}", f.label, f.values.join(", "))));
    }
    let places = [("Pick up at", &view.ships_from), ("Deliver to", &view.ship_to), ("Contact", &view.contact)];
    lines.extend(places.iter().filter_map(|(label, place)| place.as_ref().map(|p| format!("{label}: {}", p.join(", ")))));
    lines.extend(view.receiving_notes.iter().map(|note| format!("Note: {note}")));
    lines.join("\n")
}
