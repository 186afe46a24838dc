//! The moves that an RMA may make now, as forms. What a form leads to is the API's: these only leave out what it would refuse.

use crate::http::rma_view::RmaView;
use crate::rules::rma::{Condition, RmaState};
use crate::rules::role::{Permission, Role};
use crate::rules::term::Term;

/// A field of a form.
pub(super) struct Field {
    pub name: &'static str,
    pub label: &'static str,
    pub kind: Kind,
    pub value: String,
    pub required: bool,
}

/// What is entered.
pub(super) enum Kind {
    Text,
    Tick,
    Choice(Vec<(&'static str, String)>),
}

/// A move: the last piece of its path, what its button says, and what it asks for.
pub(super) struct Move {
    pub path: &'static str,
    pub label: &'static str,
    pub fields: Vec<Field>,
    /// Can't be undone.
    pub grave: bool,
    /// What an RMA in this state waits for.
    pub first: bool,
}

fn text(name: &'static str, label: &'static str, required: bool) -> Field {
    Field { name, label, kind: Kind::Text, value: String::new(), required }
}

fn filled(name: &'static str, label: &'static str, value: Option<String>) -> Field {
    Field { name, label, kind: Kind::Text, required: value.is_some(), value: value.unwrap_or_default() }
}

fn a(path: &'static str, label: &'static str, fields: Vec<Field>) -> Move {
    Move { path, label, fields, grave: false, first: false }
}

/// The moves of this RMA for this role, what it waits for in front.
pub(super) fn of(rma: &RmaView, role: Role) -> Vec<Move> {
    let Some(state) = RmaState::parse(&rma.state) else { return Vec::new() };
    let may = |next: RmaState| next.may_follow(state);
    let mut moves = Vec::new();
    if role.may(Permission::AnswerRmas) && rma.deadlines.iter().any(|d| d.state == "waiting" && d.kind == "deliver_by") {
        moves.push(Move { first: true, ..a("contact", "Name the local contact", contact(rma)) });
    }
    if role.may(Permission::HandleRmas) {
        if may(RmaState::Shipped) {
            moves.push(Move { first: true, ..a("ship", "Record that it shipped", ship(rma)) });
        }
        if may(RmaState::Delivered) {
            moves.push(Move { first: true, ..a("deliver", "Record the delivery", vec![text("/received_by", "Received by", true)]) });
        }
        let awaited =
            rma.lines.iter().any(|line| matches!(line.state.as_str(), "awaiting_return" | "return_shipped" | "overdue" | "returned_wrong"));
        if awaited {
            moves.push(Move { first: state == RmaState::Delivered, ..a("return-received", "Receive the defective unit", received(rma)) });
            moves.push(a(
                "return-shipped",
                "The customer has sent it",
                vec![text("/carrier", "Carrier", false), text("/tracking_number", "Tracking number", false)],
            ));
            moves.push(a("return-instructions", "Send the return instructions again", Vec::new()));
        }
        if may(RmaState::Closed) {
            moves.push(Move { first: true, ..a("close", "Close the RMA", Vec::new()) });
        }
        if may(RmaState::Cancelled) {
            let paused = rma.deadlines.iter().any(|d| d.state == "paused");
            moves.push(match paused {
                true => a("export-release", "The export papers are there", Vec::new()),
                false => a("export-hold", "Wait for export papers", vec![text("/reason", "Why", true)]),
            });
            moves.push(Move { grave: true, ..a("cancel", "Cancel the RMA", vec![text("/reason", "Why", true)]) });
        }
    }
    moves.sort_by_key(|m| (!m.first, m.grave));
    moves
}

fn contact(rma: &RmaView) -> Vec<Field> {
    let known = rma.contact.as_ref();
    vec![
        Field { required: true, ..filled("/name", "Name", known.map(|c| c.name.clone())) },
        Field { required: true, ..filled("/phone", "Telephone, with its country code", known.map(|c| c.phone.clone())) },
        Field { kind: Kind::Tick, ..text("/accepts_delivery:bool", "Accepts the delivery at any hour", false) },
    ]
}

fn ship(rma: &RmaView) -> Vec<Field> {
    const SERIALS: [&str; 4] = [
        "/replacement_serial_numbers/0",
        "/replacement_serial_numbers/1",
        "/replacement_serial_numbers/2",
        "/replacement_serial_numbers/3",
    ];
    let carrier = rma.shipment.courier.clone();
    let mut fields = vec![
        Field { required: true, ..filled("/carrier", "Carrier or courier", carrier) },
        text("/tracking_number", "Tracking number", false),
    ];
    for (line, name) in rma.lines.iter().filter(|line| line.state != "cancelled").zip(SERIALS) {
        let label = if line.line == 1 { "Serial number of the replacement" } else { "Serial number of the next replacement" };
        fields.push(Field { required: line.supply != "reserved", ..filled(name, label, line.reserved_serial_number.clone()) });
    }
    fields
}

fn received(rma: &RmaView) -> Vec<Field> {
    let expected = rma.lines.iter().find(|line| line.state != "returned").map(|line| line.serial_number.clone());
    let conditions = Condition::ALL.iter().map(|c| (c.as_str(), crate::web::console::words::label(c.as_str()))).collect();
    vec![
        filled("/serial_number", "Serial number on the unit", expected),
        Field { kind: Kind::Choice(conditions), ..text("/condition", "Condition", true) },
    ]
}
