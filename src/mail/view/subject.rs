//! The subject of a letter, and how one begins that asks for a certificate instead of a unit.

use super::View;
use crate::rules::notice::NoticeKind;

impl View {
    /// What the letter is about, in a line.
    pub(super) fn subject_of(&self, kind: NoticeKind) -> String {
        let rma = format!("RMA {}", self.rma);
        let units = self.units();
        let are = if self.owed() == 1 { "is" } else { "are" };
        let by = |day: &Option<String>| day.as_ref().map(|d| format!(" by {d}")).unwrap_or_default();
        match kind {
            kind if self.keeps_media && asks(kind) => {
                let of = if self.owed() == 1 { "a certificate of destruction" } else { "certificates of destruction" };
                match kind {
                    NoticeKind::Delivered => format!("{rma}: replacement delivered; please send {of}{}", by(&self.return_day)),
                    NoticeKind::ReturnDueToday => format!("{rma}: {of} due today"),
                    NoticeKind::ReturnOverdue => format!("{rma}: {of} overdue"),
                    NoticeKind::ReturnExtended => format!("{rma}: more time for {of}{}", by(&self.return_day)),
                    _ => format!("{rma}: please send {of}{}", by(&self.return_day)),
                }
            }
            NoticeKind::ReturnReceived if self.keeps_media => format!("{rma}: nothing is missing any more"),
            NoticeKind::ChargeConfirmed if self.keeps_media => format!("{rma}: a unit without a certificate of destruction is charged"),
            NoticeKind::RmaIssued => format!("{rma} issued for case {}", self.case),
            NoticeKind::Shipped => format!("{rma}: your replacement is on its way"),
            NoticeKind::Delivered => format!("{rma}: replacement delivered; please return the defective {units}{}", by(&self.return_day)),
            NoticeKind::ReturnDueSoon => format!("{rma}: please return the defective {units}{}", by(&self.return_day)),
            NoticeKind::ReturnDueToday => format!("{rma}: the defective {units} {are} due back today"),
            NoticeKind::ReturnOverdue => format!("{rma}: the defective {units} {are} overdue"),
            NoticeKind::ReturnExtended => format!("{rma}: more time for the return of the defective {units}{}", by(&self.return_day)),
            NoticeKind::ChargeConfirmed => format!("{rma}: a defective unit that did not come back is charged"),
            NoticeKind::ChargeReversed => format!("{rma}: the charge is taken back"),
            NoticeKind::ReturnInstructions => format!("{rma}: how to return the defective {units}{}", by(&self.return_day)),
            NoticeKind::ReturnReceived => format!("{rma}: we have received your return"),
            NoticeKind::ReturnPartial => format!("{rma}: {} of {} units received", self.parts.len() - self.owed(), self.parts.len()),
            NoticeKind::ReturnWrong => format!("{rma}: a different unit came back"),
            NoticeKind::ReturnParcel => format!("{rma}: what came back"),
            NoticeKind::Closed => format!("{rma} closed"),
            NoticeKind::Cancelled => format!("{rma} cancelled"),
            NoticeKind::LineCancelled => format!("{rma}: a line is cancelled"),
            NoticeKind::CoverageChanged => format!("{}: {}", self.title, self.coverage.unwrap_or_default().trim_end_matches('.')),
            NoticeKind::CoverageEnding => {
                format!("{}: Gold Plus ends here on {}", self.title, self.comes_on.as_deref().unwrap_or("a day to come"))
            }
            NoticeKind::FourHourOffer => format!("{}: Gold Plus in place of the four-hour option", self.title),
            NoticeKind::DeadlineMoved => format!("{rma}: new dates"),
            NoticeKind::CourierDispatch => {
                let what = if self.is_update { "Changed dispatch" } else { "Dispatch" };
                let due = self.deliver_by.first().map(|due| format!(": deliver by {due}")).unwrap_or_default();
                format!("{what} for {rma}{due}")
            }
            NoticeKind::CourierReminder => format!("Please answer: dispatch for {rma}"),
            NoticeKind::DispatchAlert => format!("{rma}: the courier's run needs you"),
            NoticeKind::StockAlert => format!("{rma}: no unit to send"),
            NoticeKind::SignInLink => format!("Sign in to {}", self.vendor),
            NoticeKind::Invitation => format!("Your account at {}", self.vendor),
            NoticeKind::PasswordReset => format!("Choose a new password for {}", self.vendor),
            NoticeKind::CourierCancelled => format!("Dispatch for {rma} cancelled"),
        }
    }

    /// How a letter begins that asks for a certificate of destruction; empty in others.
    pub(super) fn certificate_of(&self, kind: NoticeKind) -> String {
        if !self.keeps_media || !asks(kind) {
            return String::new();
        }
        let of = if self.owed() == 1 { "a certificate" } else { "certificates" };
        let asked = format!("We need {of} of destruction for the defective {} of RMA {}", self.units(), self.rma);
        match kind {
            NoticeKind::ReturnDueToday => format!("{asked} today. If you need more time, reply to this letter before then."),
            NoticeKind::ReturnOverdue if self.replaces_dead.is_some() => format!("{asked}; it has not come in time."),
            NoticeKind::ReturnOverdue => {
                format!(
                    "{asked}; it has not come in time. A unit for which none comes may be charged. If you need more time, reply to this letter."
                )
            }
            NoticeKind::ReturnExtended => {
                format!("{asked}, and you have more time. This date takes the place of the one in earlier letters.")
            }
            _ => format!("{asked}."),
        }
    }
}

/// True for the letters that ask for the unit, or for its certificate.
fn asks(kind: NoticeKind) -> bool {
    matches!(
        kind,
        NoticeKind::Delivered
            | NoticeKind::ReturnDueSoon
            | NoticeKind::ReturnDueToday
            | NoticeKind::ReturnOverdue
            | NoticeKind::ReturnExtended
            | NoticeKind::ReturnInstructions
    )
}
