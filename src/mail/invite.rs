//! The courier's calendar entry (P4.2): from the dispatch to the instant at which the part is due.

use super::letters::{Attachment, Sender};
use super::message::key_id;
use super::view::View;
use super::words;
use crate::rules::deadline::{DeadlineKind, DeadlineState};
use crate::rules::notice::Notice;
use chrono::TimeDelta;
use icalendar::{Calendar, Component, Event, EventLike, EventStatus};

/// The entry as an `.ics` file; `None` while nothing is due. Instants are UTC, so no reader needs zone tables; the UID is
/// made of the notice's key, so a letter that is sent again is the same entry.
pub(super) fn of(notice: &Notice, sender: &Sender, view: &View) -> Option<Attachment> {
    let facts = &notice.facts;
    let deadline = facts.deadlines.iter().find(|d| d.kind == DeadlineKind::DeliverBy && d.state != DeadlineState::Void)?;
    let due = words::sayable(deadline.due_at?);
    let written = words::sayable(facts.written_at);
    // An entry must not end before it begins, even when the dispatch is late.
    let begins = written.min(due - TimeDelta::minutes(15));
    let mut event = Event::new();
    event
        .uid(&format!("{}@{}", key_id(&notice.key), sender.domain()))
        .timestamp(written)
        .starts(begins)
        .ends(due)
        .summary(&format!("Deliver {} for RMA {}", parts(view), view.rma))
        .description(&description(view))
        .status(EventStatus::Confirmed);
    if let Some(place) = &view.ship_to {
        event.location(&place.join(", "));
    }
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", "-//Swapline//Courier dispatch//EN"))
        .append_property(("CALSCALE", "GREGORIAN"))
        .append_property(("METHOD", "PUBLISH"))
        .push(event.done());
    Some(Attachment {
        file_name: format!("{}.ics", facts.rma?.stem()),
        content_type: "text/calendar; charset=utf-8; method=PUBLISH",
        bytes: calendar.to_string().into_bytes(),
    })
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
