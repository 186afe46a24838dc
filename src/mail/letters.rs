//! A notice becomes a letter: subject, text, HTML and attachments. Pure; the words are in `templates/`.
//!
//! Every kind has one text and one HTML template that say the same. English is the only language so far, whatever
//! [`Notice::language`] asks for.

use super::invite;
use super::links::Links;
use super::view::{Return, View};
use crate::print::PrintError;
use crate::print::papers::Papers;
use crate::rules::instruction::instructs;
use crate::rules::notice::{Mailbox, Notice, NoticeKind};
use askama::Template;

/// Who writes: the vendor as readers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// The `From` line; the name also signs the letter, and the address's domain ends every Message-ID.
    pub mailbox: Mailbox,
    /// Where answers go, if not to `mailbox`.
    pub reply_to: Option<Mailbox>,
    /// A number to call, shown under the letter.
    pub phone: Option<String>,
    /// Who reads the letters to operations; whoever gets answers if `None`.
    pub operations: Option<Mailbox>,
    /// What becomes of links.
    pub links: Links,
}

impl Sender {
    /// The same without links that work: for whoever may read a letter and not act on it.
    pub fn without_links(&self) -> Self {
        Self { links: self.links.withheld(), ..self.clone() }
    }
    /// Who gets the letter.
    pub fn readers(&self, notice: &Notice) -> Vec<Mailbox> {
        match notice.kind.is_for_operations() {
            true => vec![self.operations.as_ref().or(self.reply_to.as_ref()).unwrap_or(&self.mailbox).clone()],
            false => notice.to.clone(),
        }
    }
    /// The domain of the sender's address.
    pub fn domain(&self) -> &str {
        self.mailbox.email.as_str().rsplit_once('@').map_or("localhost", |(_, domain)| domain)
    }
}

/// A file that goes with a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// ASCII, made by us, e.g. `R10000017.ics`.
    pub file_name: String,
    /// The MIME type with its parameters.
    pub content_type: &'static str,
    /// The content.
    pub bytes: Vec<u8>,
}

/// A finished letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// One line, with the RMA number or the site's code.
    pub subject: String,
    /// The plain text, lines end in `\n`.
    pub text: String,
    /// The same as HTML, complete and without anything to load.
    pub html: String,
    /// Files.
    pub attachments: Vec<Attachment>,
}

/// A template could not be filled in, or a file not be made; no input is known that does it.
#[derive(Debug, thiserror::Error)]
#[error("the letter {kind} could not be written")]
pub struct RenderError {
    /// Which letter.
    pub kind: NoticeKind,
    #[source]
    source: PrintError,
}

/// Writes the letter of a notice with its files. Same notice and sender: same letter, byte for byte.
pub fn render(notice: &Notice, sender: &Sender) -> Result<Letter, RenderError> {
    let failed = |source| RenderError { kind: notice.kind, source };
    let attachments = match notice.kind {
        NoticeKind::CourierDispatch | NoticeKind::CourierCancelled => {
            invite::of(notice, sender, &View::of(notice, sender)).into_iter().collect()
        }
        _ => papers(notice, sender).map_err(failed)?,
    };
    Ok(Letter { attachments, ..write(notice, sender)? })
}

/// Writes the letter of a notice without its files, which take longer than its words.
pub fn write(notice: &Notice, sender: &Sender) -> Result<Letter, RenderError> {
    let view = View::of(notice, sender);
    let (text, html) = words(notice.kind, &view).map_err(|source| RenderError { kind: notice.kind, source: source.into() })?;
    Ok(Letter { subject: view.subject, text: tidy(&text), html, attachments: Vec::new() })
}

/// The papers of the return, where the letter asks for the unit and there is somewhere to send it (P4.6).
fn papers(notice: &Notice, sender: &Sender) -> Result<Vec<Attachment>, PrintError> {
    let facts = &notice.facts;
    let (Some(rma), true) = (facts.rma, instructs(notice.kind, facts.delivered_tier)) else { return Ok(Vec::new()) };
    let Some(papers) = Papers::of(facts, notice.zone, &sender.mailbox.name) else { return Ok(Vec::new()) };
    let pdf = |name: &str, bytes| Attachment { file_name: format!("{rma}-{name}.pdf"), content_type: "application/pdf", bytes };
    Ok(vec![pdf("return-label", papers.label_pdf()?), pdf("packing-slip", papers.slip_pdf()?)])
}

/// Takes the blanks off line ends and leaves at most one empty line in a row: templates may then be laid out freely.
fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut empty = true;
    for line in text.lines().map(str::trim_end) {
        if !(line.is_empty() && empty) {
            tidied.push_str(line);
            tidied.push('\n');
        }
        empty = line.is_empty();
    }
    tidied.truncate(tidied.trim_end().len());
    tidied.push('\n');
    tidied
}

/// Ties every kind to its two templates; a kind without them doesn't compile.
macro_rules! templates {
    ($($kind:ident: $text:literal, $html:literal;)+) => {
        fn words(kind: NoticeKind, l: &View) -> askama::Result<(String, String)> {
            match kind { $(NoticeKind::$kind => {
                #[derive(Template)]
                #[template(path = $text)]
                struct Text<'a> { l: &'a View }
                #[derive(Template)]
                #[template(path = $html)]
                struct Html<'a> { l: &'a View }
                Ok((Text { l }.render()?, Html { l }.render()?))
            })+ }
        }
    };
}

templates! {
    RmaIssued: "rma_issued.txt", "rma_issued.html";
    Shipped: "shipped.txt", "shipped.html";
    Delivered: "delivered.txt", "delivered.html";
    ReturnDueSoon: "return_due_soon.txt", "return_due_soon.html";
    ReturnDueToday: "return_due_today.txt", "return_due_today.html";
    ReturnOverdue: "return_overdue.txt", "return_overdue.html";
    ReturnInstructions: "return_instructions.txt", "return_instructions.html";
    ReturnReceived: "return_received.txt", "return_received.html";
    ReturnPartial: "return_partial.txt", "return_partial.html";
    ReturnWrong: "return_wrong.txt", "return_wrong.html";
    ReturnParcel: "return_parcel.txt", "return_parcel.html";
    ReturnExtended: "return_extended.txt", "return_extended.html";
    ChargeConfirmed: "charge_confirmed.txt", "charge_confirmed.html";
    ChargeReversed: "charge_reversed.txt", "charge_reversed.html";
    Closed: "closed.txt", "closed.html";
    Cancelled: "cancelled.txt", "cancelled.html";
    LineCancelled: "line_cancelled.txt", "line_cancelled.html";
    CoverageChanged: "coverage_changed.txt", "coverage_changed.html";
    CoverageEnding: "coverage_ending.txt", "coverage_ending.html";
    FourHourOffer: "four_hour_offer.txt", "four_hour_offer.html";
    DeadlineMoved: "deadline_moved.txt", "deadline_moved.html";
    CourierDispatch: "courier_dispatch.txt", "courier_dispatch.html";
    CourierCancelled: "courier_cancelled.txt", "courier_cancelled.html";
    CourierReminder: "courier_reminder.txt", "courier_reminder.html";
    DispatchAlert: "dispatch_alert.txt", "dispatch_alert.html";
    StockAlert: "stock_alert.txt", "stock_alert.html";
    SignInLink: "sign_in_link.txt", "sign_in_link.html";
    Invitation: "invitation.txt", "invitation.html";
    PasswordReset: "password_reset.txt", "password_reset.html";
}

#[cfg(test)]
mod tests;
