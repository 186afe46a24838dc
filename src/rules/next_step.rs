//! What happens next on an RMA and when (P4), for the customer: one sentence and one instant out of where everything stands.

use super::deadline::{DeadlineKind, DeadlineState, WaitsFor};
use super::rma::{ReturnState, RmaState};
use chrono::{DateTime, Utc};

/// A deadline, as far as this matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// What is due.
    pub kind: DeadlineKind,
    /// Where it stands.
    pub state: DeadlineState,
    /// When, if that is known.
    pub due_at: Option<DateTime<Utc>>,
    /// What it waits for.
    pub waits_for: Vec<WaitsFor>,
    /// Why its clock stands still.
    pub paused_because: Option<String>,
}

/// Where an RMA stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its state.
    pub state: RmaState,
    /// Its deadlines.
    pub deadlines: Vec<Due>,
    /// The return of each of its lines.
    pub returns: Vec<ReturnState>,
    /// True where a certificate of destruction takes the place of each return (P4.6).
    pub keeps_media: bool,
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The vendor's.
    Ours,
    /// The customer's.
    Yours,
    /// Nobody's any more.
    Nobodys,
}

/// What happens next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextStep {
    /// Who does it.
    pub turn: Turn,
    /// A sentence to the customer, without the instant.
    pub said: String,
    /// By when, if that is known.
    pub by: Option<DateTime<Utc>>,
    /// True if that is over.
    pub late: bool,
}

fn ours(said: &str, by: Option<DateTime<Utc>>) -> NextStep {
    NextStep { turn: Turn::Ours, said: said.to_owned(), by, late: false }
}

fn yours(said: impl Into<String>, by: Option<DateTime<Utc>>) -> NextStep {
    NextStep { turn: Turn::Yours, said: said.into(), by, late: false }
}

/// P4: what happens next and by when.
pub fn next_step(rma: &Standing) -> NextStep {
    // Where the customer sends first, theirs is the next step before the replacement's (P4: return for analysis).
    if matches!(rma.state, RmaState::Issued | RmaState::Shipped) && rma.is_awaited() {
        return coming_back(rma);
    }
    match rma.state {
        RmaState::Issued => before_it_left(rma),
        RmaState::Shipped => on_its_way(rma),
        RmaState::Delivered => coming_back(rma),
        RmaState::Returned => done(rma),
        RmaState::Closed => nothing("This RMA is closed. There is nothing left to do."),
        RmaState::Cancelled => nothing("This RMA was cancelled. Nothing is sent, and nothing has to come back."),
    }
}

fn nothing(said: &str) -> NextStep {
    NextStep { turn: Turn::Nobodys, said: said.to_owned(), by: None, late: false }
}

impl Standing {
    /// The deadline of a kind that counts.
    fn due(&self, kind: DeadlineKind) -> Option<&Due> {
        self.deadlines.iter().find(|due| due.kind == kind && due.state != DeadlineState::Void)
    }
    /// True where the clock of a return runs, or ran out, and the customer has not sent everything.
    fn is_awaited(&self) -> bool {
        use ReturnState::{Expected, Overdue, ReceivedShort, ReceivedWrong};
        let runs = self.due(DeadlineKind::ReturnBy).is_some_and(|due| matches!(due.state, DeadlineState::Running | DeadlineState::Missed));
        runs && self.count(|unit| matches!(unit, Expected | Overdue | ReceivedWrong | ReceivedShort)) > 0
    }
    fn count(&self, wanted: impl Fn(&ReturnState) -> bool) -> usize {
        self.returns.iter().filter(|state| wanted(state)).count()
    }
}

/// A clock that stands still: why, in the words of whoever stopped it (P4.5).
fn paused(due: &Due) -> Option<NextStep> {
    let because = due.paused_because.as_deref().unwrap_or("export papers");
    (due.state == DeadlineState::Paused)
        .then(|| ours(&format!("We wait for this before your replacement can leave: {because}. The time promised stands still."), None))
}

fn before_it_left(rma: &Standing) -> NextStep {
    let (deliver, ship) = (rma.due(DeadlineKind::DeliverBy), rma.due(DeadlineKind::ShipBy));
    if let Some(held) = deliver.into_iter().chain(ship).find_map(paused) {
        return held;
    }
    match (deliver, ship) {
        (Some(due), _) if due.waits_for.contains(&WaitsFor::Contact) && due.state == DeadlineState::Waiting => {
            yours("Tell us who takes the delivery at your site, with a telephone number: the clock of the delivery starts with it.", None)
        }
        (Some(due), _) if due.waits_for.contains(&WaitsFor::ContactAccepts) && due.state == DeadlineState::Waiting => {
            yours("Confirm that your contact accepts a delivery at any hour: the clock of the delivery starts with it.", None)
        }
        (Some(due), _) => timed(due, "A courier brings your replacement.", "Your replacement should be with you by now. We are on it."),
        (None, Some(due)) => {
            timed(due, "Your replacement leaves our service center.", "Your replacement should have left by now. We are on it.")
        }
        (None, None) => ours("We prepare your replacement.", None),
    }
}

/// A step of ours with its deadline; one that was missed says so.
fn timed(due: &Due, said: &str, late: &str) -> NextStep {
    match due.state {
        DeadlineState::Missed => NextStep { late: true, ..ours(late, due.due_at) },
        DeadlineState::Running => ours(said, due.due_at),
        _ => ours(said, None),
    }
}

fn on_its_way(rma: &Standing) -> NextStep {
    match rma.due(DeadlineKind::DeliverBy) {
        Some(due) => {
            timed(due, "A courier is on the way with your replacement.", "Your replacement should be with you by now. We are on it.")
        }
        None => ours("Your replacement is on its way to you.", None),
    }
}

/// One unit or several.
fn units(count: usize) -> (&'static str, &'static str) {
    if count == 1 { ("unit", "it") } else { ("units", "them") }
}

/// The replacement is there: what comes back, what needs a hand in front.
fn coming_back(rma: &Standing) -> NextStep {
    use ReturnState::{Expected, Overdue, ReceivedShort, ReceivedWrong, Shipped};
    let due = rma.due(DeadlineKind::ReturnBy);
    let by = due.and_then(|due| due.due_at);
    let missed = due.is_some_and(|due| due.state == DeadlineState::Missed);
    let (wrong, short, late) = (rma.count(|s| *s == ReceivedWrong), rma.count(|s| *s == ReceivedShort), rma.count(|s| *s == Overdue));
    let (expected, shipped) = (rma.count(|s| *s == Expected), rma.count(|s| *s == Shipped));
    if wrong > 0 {
        return NextStep {
            late: missed,
            ..yours("Another unit than the defective one came back to us. Please send the one that is expected.", by)
        };
    }
    if short > 0 {
        return NextStep {
            late: missed,
            ..yours("The defective unit came back to us without all of its parts. Please send what is missing.", by)
        };
    }
    let (unit, it) = units(late + expected);
    if late > 0 {
        let said = match rma.keeps_media {
            true => format!("The certificate of destruction of the defective {unit} should be with us by now. Please hand it in."),
            false => format!(
                "The defective {unit} should be back by now. Please send {it} with the return label, or tell us what is in the way."
            ),
        };
        return NextStep { late: true, ..yours(said, by) };
    }
    if expected > 0 {
        let said = match rma.keeps_media {
            true => format!("Have the defective {unit} destroyed, and hand in the certificate."),
            false => format!("Send the defective {unit} back to us with the return label."),
        };
        return NextStep { late: missed, ..yours(said, by) };
    }
    match shipped {
        0 => done(rma),
        1 => ours("The defective unit is on its way back to us. There is nothing left for you to do.", None),
        _ => ours("The defective units are on their way back to us. There is nothing left for you to do.", None),
    }
}

fn done(rma: &Standing) -> NextStep {
    let by = rma.due(DeadlineKind::CloseBy).filter(|due| due.state == DeadlineState::Running).and_then(|due| due.due_at);
    ours("Everything is settled on your side. We close this RMA.", by)
}

#[cfg(test)]
mod tests;
