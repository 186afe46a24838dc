//! What a letter says, before it is words: the kind of notice, who reads it, and the facts. Stored in the outbox, rendered by `mail`.

use super::certificate::Considered;
use super::coverage::Verdict;
use super::deadline::{DeadlineKind, DeadlineState, WaitsFor};
use super::dock::DockOutcome;
use super::number::{CaseNumber, RmaNumber};
use super::term::terms;
use super::text::{Code, Email, PartNumber, SerialNumber};
use super::tier::{Language, Tier};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

terms! {
    /// The letters that exist.
    NoticeKind, "letter" {
        /// To the customer: the RMA with its promise, and how to return the defective unit.
        RmaIssued => "rma_issued",
        /// To the customer: the replacement is on its way.
        Shipped => "shipped",
        /// To the customer: the replacement arrived; return the unit by the date.
        Delivered => "delivered",
        /// To the customer: the return is due soon.
        ReturnDueSoon => "return_due_soon",
        /// To the customer: the return is due today.
        ReturnDueToday => "return_due_today",
        /// To the customer: the return is overdue.
        ReturnOverdue => "return_overdue",
        /// To the customer: the unit is back.
        ReturnReceived => "return_received",
        /// To the customer: a unit came back, but not all of them.
        ReturnPartial => "return_partial",
        /// To the customer: the unit that came back is another one.
        ReturnWrong => "return_wrong",
        /// To the customer: what came back in a parcel, unit by unit.
        ReturnParcel => "return_parcel",
        /// To the customer: there is more time for the return.
        ReturnExtended => "return_extended",
        /// To the customer: a unit that never came back is charged.
        ChargeConfirmed => "charge_confirmed",
        /// To the customer: the unit came after all, the charge is taken back.
        ChargeReversed => "charge_reversed",
        /// To the customer: how to return the unit, asked for again.
        ReturnInstructions => "return_instructions",
        /// To the customer: the RMA is closed.
        Closed => "closed",
        /// To the customer: the RMA is cancelled.
        Cancelled => "cancelled",
        /// To the customer: one line is cancelled, the others go on.
        LineCancelled => "line_cancelled",
        /// To the customer: Gold Plus reaches a site now, or doesn't any more (P5.2).
        CoverageChanged => "coverage_changed",
        /// To the customer: Gold Plus will end at a site on a day that is known (P5.4).
        CoverageEnding => "coverage_ending",
        /// To the customer: a contract with the older four-hour option ends; Gold Plus is offered (P5.5).
        FourHourOffer => "four_hour_offer",
        /// To the customer: a deadline has moved with a calendar (P3.4).
        DeadlineMoved => "deadline_moved",
        /// To the courier: Gold Plus dispatch (P4.2).
        CourierDispatch => "courier_dispatch",
        /// To the courier: the dispatch is off.
        CourierCancelled => "courier_cancelled",
        /// To the courier: the dispatch waits for an answer (P4.2).
        CourierReminder => "courier_reminder",
        /// To operations: a dispatch needs somebody (P4.2).
        DispatchAlert => "dispatch_alert",
        /// To operations: a replacement's part is short (P4, P4.2).
        StockAlert => "stock_alert",
        /// To a person: a link to sign in by.
        SignInLink => "sign_in_link",
        /// To a person: somebody has made an account for them.
        Invitation => "invitation",
        /// To a person: a link to choose a new password by.
        PasswordReset => "password_reset",
    }
}

terms! {
    /// Which letters leave first when many wait.
    Urgency, "urgency" {
        /// Dispatches and what changes them: somebody drives, or should.
        Dispatch => "dispatch",
        /// What asks the reader to do something.
        Action => "action",
        /// What only tells.
        Rest => "rest",
    }
}

impl Urgency {
    /// Its place in the order, 0 first.
    pub fn rank(self) -> i16 {
        match self {
            Self::Dispatch => 0,
            Self::Action => 1,
            Self::Rest => 2,
        }
    }
    /// What has this place in the order.
    pub fn of_rank(rank: i16) -> Self {
        match rank {
            ..=0 => Self::Dispatch,
            1 => Self::Action,
            _ => Self::Rest,
        }
    }
}

impl NoticeKind {
    /// How urgent it is (P4.6): dispatches first, then what asks for action, then the rest.
    pub fn urgency(self) -> Urgency {
        match self {
            // Somebody drives, or sits there and waits for a link.
            kind if kind.is_for_courier() || kind.is_for_operations() || kind.is_for_person() => Urgency::Dispatch,
            Self::RmaIssued | Self::Shipped | Self::Delivered | Self::ReturnDueSoon | Self::ReturnDueToday | Self::ReturnOverdue => {
                Urgency::Action
            }
            Self::ReturnPartial | Self::ReturnWrong | Self::ReturnParcel | Self::ReturnInstructions | Self::ReturnExtended => {
                Urgency::Action
            }
            _ => Urgency::Rest,
        }
    }

    /// The letters about the same RMA that are pointless once this one is promised, if they still wait to be sent (P4.6): nobody
    /// gets several reminders at once, or one of what is done.
    pub fn supersedes(self) -> &'static [Self] {
        match self {
            Self::ReturnDueSoon
            | Self::ReturnDueToday
            | Self::ReturnOverdue
            | Self::ReturnReceived
            | Self::ReturnExtended
            | Self::Closed
            | Self::Cancelled => &[Self::ReturnDueSoon, Self::ReturnDueToday, Self::ReturnOverdue],
            Self::CourierDispatch | Self::CourierCancelled => &[Self::CourierReminder],
            _ => &[],
        }
    }

    /// True for the letters that couriers get.
    pub fn is_for_courier(self) -> bool {
        matches!(self, Self::CourierDispatch | Self::CourierCancelled | Self::CourierReminder)
    }
    /// True for the letters about somebody's own account.
    pub fn is_for_person(self) -> bool {
        matches!(self, Self::SignInLink | Self::Invitation | Self::PasswordReset)
    }
    /// True for the letters to operations. Their reader is whoever the settings name when the letter leaves.
    pub fn is_for_operations(self) -> bool {
        matches!(self, Self::DispatchAlert | Self::StockAlert)
    }
}

/// Somebody who gets mail.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Mailbox {
    /// The display name.
    pub name: String,
    /// The address.
    pub email: Email,
}

/// A letter to be written.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Notice {
    /// Unique, e.g. `rma/R10000017/return-reminder/2`; the Message-ID is made of it.
    pub key: String,
    /// Which letter.
    pub kind: NoticeKind,
    /// Who reads it, at least one; nobody in a letter to operations.
    pub to: Vec<Mailbox>,
    /// The language wanted; English is the fallback.
    pub language: Language,
    /// The reader's zone: all times in the letter are local to it.
    pub zone: Tz,
    /// What it says.
    pub facts: NoticeFacts,
}

/// What a letter can say.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct NoticeFacts {
    /// The RMA, if the letter is about one.
    pub rma: Option<RmaNumber>,
    /// Its case.
    pub case: Option<CaseNumber>,
    /// The customer's name.
    pub organization: String,
    /// When the letter was promised.
    pub written_at: DateTime<Utc>,
    /// The tier that the contract entitles to.
    pub entitled_tier: Tier,
    /// The tier that is delivered.
    pub delivered_tier: Tier,
    /// Why they differ, or what the promise waits for: sentences with their rule.
    pub reasons: Vec<Reason>,
    /// What is exchanged.
    pub lines: Vec<NoticeLine>,
    /// Where the replacement comes from, and the defective unit goes back to.
    pub ships_from: Option<Place>,
    /// Where the replacement goes.
    pub ship_to: Option<Place>,
    /// The local contact.
    pub contact: Option<LocalContact>,
    /// Receiving notes of the site.
    pub receiving_notes: Option<String>,
    /// The deadlines as they stand.
    pub deadlines: Vec<NoticeDeadline>,
    /// The shipment of the replacement.
    pub shipment: Option<NoticeShipment>,
    /// Free text for the letter: the reason of a cancellation, the serial number that came back wrongly.
    pub remark: Option<String>,
    /// What was scanned at the dock, in a letter about a parcel that came back.
    #[serde(default)]
    pub scanned: Vec<ScannedUnit>,
    /// The site and its verdicts, in a letter about coverage.
    #[serde(default)]
    pub coverage: Option<CoverageChange>,
    /// The dispatch, in a letter about one.
    #[serde(default)]
    pub dispatch: Option<NoticeDispatch>,
    /// The shipment that the customer can follow.
    #[serde(default)]
    pub tracking: Option<Uuid>,
    /// True where the customer keeps the defective units, and a certificate of their destruction takes the place of the return (P4.6).
    #[serde(default)]
    pub keeps_media: bool,
    /// The link to sign in by, in a letter to a person.
    #[serde(default)]
    pub sign_in: Option<NoticeSignIn>,
}

/// A link to sign in by. Only its id: the link is written when the letter is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct NoticeSignIn {
    /// What the link is made of.
    pub id: Uuid,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// Who invited the person.
    #[serde(default)]
    pub invited_by: Option<String>,
}

/// A dispatch in a letter. Holds no link: links are written when the letter is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct NoticeDispatch {
    /// What its links are about.
    pub id: Uuid,
    /// 1, 2, … for a shipment.
    pub number: i32,
    /// The courier's code.
    pub courier: Code,
    /// The courier's name.
    pub courier_name: String,
    /// The version of the calendar entry that this letter brings.
    pub sequence: i32,
    /// By when it has to be accepted; `None` once it is.
    pub accept_by: Option<DateTime<Utc>>,
    /// When its links end.
    pub links_expire_at: DateTime<Utc>,
}

/// A unit that came back (P4.6).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ScannedUnit {
    /// What it says.
    pub serial_number: SerialNumber,
    /// What it is.
    pub outcome: DockOutcome,
}

/// A site whose verdict is another than before (P5.2, P5.3).
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct CoverageChange {
    /// The site's code.
    pub site: Code,
    /// The verdict before.
    pub was: Verdict,
    /// The verdict now.
    pub now: Verdict,
    /// The nearest open center of the country.
    pub nearest: Option<Considered>,
    /// The radius of the country in statute miles.
    pub limit_miles: f64,
    /// The first appliances under Gold Plus at the site, by serial number.
    #[serde(default)]
    pub appliances: Vec<SerialNumber>,
    /// How many there are.
    #[serde(default)]
    pub appliances_total: i64,
    /// The day on which it comes to be, where that is still ahead.
    #[serde(default)]
    pub comes_on: Option<NaiveDate>,
}

/// A difference between entitled and delivered, or a wait.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Reason {
    /// Stable code, e.g. `site_out_of_range`.
    pub code: String,
    /// The rule, e.g. `P5.2`.
    pub rule: String,
    /// A sentence for the customer.
    pub detail: String,
}

/// One line of an RMA in a letter.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct NoticeLine {
    /// 1, 2, …
    pub line: i32,
    /// The appliance.
    pub serial_number: SerialNumber,
    /// The component.
    pub part_number: PartNumber,
    /// What the component is.
    pub part_description: String,
    /// The replacement, once shipped.
    pub replacement_serial_number: Option<SerialNumber>,
    /// True once the defective unit is back.
    pub returned: bool,
    /// The RMA whose replacement was dead on arrival, where this line replaces that (P4.6).
    #[serde(default)]
    pub replaces_dead: Option<RmaNumber>,
}

/// A place on a letter.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Place {
    /// Its code, e.g. `SC-FLL`.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The address, a line each, country last.
    pub address: Vec<String>,
}

/// Who receives the courier (P4.2).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct LocalContact {
    /// Name.
    pub name: String,
    /// E.164 number.
    pub phone: String,
    /// True once they accept delivery.
    pub accepts_delivery: bool,
}

/// A deadline in a letter.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct NoticeDeadline {
    /// What is due.
    pub kind: DeadlineKind,
    /// Where it stands.
    pub state: DeadlineState,
    /// When, if known.
    pub due_at: Option<DateTime<Utc>>,
    /// Its zone.
    pub zone: Tz,
    /// What it waits for.
    pub waits_for: Vec<WaitsFor>,
}

/// The shipment in a letter.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct NoticeShipment {
    /// Carrier or courier.
    pub carrier: String,
    /// Tracking number, if there is one.
    pub tracking_number: Option<String>,
    /// When it left.
    pub shipped_at: Option<DateTime<Utc>>,
    /// When it arrived.
    pub delivered_at: Option<DateTime<Utc>>,
    /// Who took it.
    pub received_by: Option<String>,
}

#[cfg(test)]
mod tests;
