//! A letter becomes an Internet message (RFC 5322): headers, addresses and MIME parts. Pure.
//!
//! Everything that varies goes through lettre's typed headers, after control characters were taken out: nobody's name
//! can start a header of its own.

use super::letters::{self, Attachment, Letter, Sender};
use super::words;
use crate::rules::notice::{Mailbox, Notice};
use crate::rules::text::{Email, TextFault};
use chrono::{DateTime, Utc};
use lettre::Message;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment as FilePart, Mailboxes, MultiPart, SinglePart};
use sha2::{Digest, Sha256};
use std::time::SystemTime;

/// The most readers of one letter; a notice with more keeps the first ones.
pub const READERS_MAX: usize = 20;

/// A message could not be made. Says which step, never an address or a word of the letter.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// The words could not be written.
    #[error(transparent)]
    Render(#[from] letters::RenderError),
    /// An address that mail can't carry.
    #[error("an address of the letter is not one that mail can carry")]
    Address,
    /// Nobody to write to.
    #[error("the letter has no reader")]
    NoReader,
    /// A MIME type or header was refused.
    #[error("the letter could not be put into a message")]
    Build,
}

/// Reads an address as people write it: `Swapline <swapline@example.com>`, or the address alone.
pub fn read_mailbox(text: &str) -> Result<Mailbox, TextFault> {
    let fault = || TextFault::new("bad_mailbox", "must look like Swapline <swapline@example.com>");
    let read: lettre::message::Mailbox = text.trim().parse().map_err(|_| fault())?;
    let email = Email::parse(read.email.as_ref()).map_err(|_| fault())?;
    Ok(Mailbox { name: read.name.unwrap_or_default(), email })
}

/// Writes the letter of a notice and puts it into a message; `date` goes into the Date header.
pub fn compose(notice: &Notice, sender: &Sender, date: DateTime<Utc>) -> Result<Message, ComposeError> {
    let letter = letters::render(notice, sender)?;
    message(notice, &letter, sender, date)
}

/// Puts a letter into a message. The Message-ID depends on the notice's key alone, so a letter that is sent twice after
/// a crash is recognizable as one; all letters of an RMA refer to one root, so mail programs keep them together.
pub fn message(notice: &Notice, letter: &Letter, sender: &Sender, date: DateTime<Utc>) -> Result<Message, ComposeError> {
    let readers = sender.readers(notice).iter().take(READERS_MAX).map(mailbox).collect::<Result<Vec<_>, _>>()?;
    if readers.is_empty() {
        return Err(ComposeError::NoReader);
    }
    let mut builder = Message::builder()
        .from(mailbox(&sender.mailbox)?)
        .mailbox(lettre::message::header::To::from(Mailboxes::from_iter(readers)))
        .subject(words::line(&letter.subject))
        .date(SystemTime::from(words::sayable(date)))
        .message_id(Some(format!("<{}@{}>", key_id(&notice.key), sender.domain())))
        .references(format!("<{}@{}>", thread(notice), sender.domain()))
        .raw_header(fixed("Auto-Submitted", "auto-generated"))
        // Exchange ignores Auto-Submitted; without this line every absence note comes back to operations.
        .raw_header(fixed("X-Auto-Response-Suppress", "OOF, AutoReply"));
    if let Some(reply_to) = &sender.reply_to {
        builder = builder.reply_to(mailbox(reply_to)?);
    }
    let separator = separator(notice, letter);
    let words = MultiPart::alternative()
        .boundary(format!("words-{separator}"))
        .singlepart(SinglePart::plain(letter.text.clone()))
        .singlepart(SinglePart::html(letter.html.clone()));
    let body = match letter.attachments.is_empty() {
        true => words,
        false => {
            let mut mixed = MultiPart::mixed().boundary(format!("files-{separator}")).multipart(words);
            for file in &letter.attachments {
                mixed = mixed.singlepart(file_part(file)?);
            }
            mixed
        }
    };
    builder.multipart(body).map_err(|_| ComposeError::Build)
}

/// What keeps the letters of one thing together in mail programs: an RMA, or a site.
fn thread(notice: &Notice) -> String {
    match (&notice.facts.rma, &notice.facts.coverage) {
        (Some(rma), _) => rma.stem(),
        (None, Some(change)) => key_id(&format!("site/{}", change.site)),
        (None, None) => key_id(&notice.key),
    }
}

/// The local part that stands for a key in Message-IDs and calendar UIDs: its readable characters, and a hash that keeps
/// keys apart which look the same without the others.
pub(super) fn key_id(key: &str) -> String {
    let readable: String = key.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '.' }).take(64).collect();
    let mut id = String::new();
    for word in readable.split('.').filter(|w| !w.is_empty()) {
        id.push_str(word);
        id.push('.');
    }
    id.push_str(&short_hash(&[key]));
    id
}

/// Separates the MIME parts. A hash of what it separates: the same letter gives the same bytes, and no text can hold
/// the separator of the letter that it is part of.
fn separator(notice: &Notice, letter: &Letter) -> String {
    short_hash(&[&notice.key, &letter.text, &letter.html])
}

/// 16 hexadecimal digits of the SHA-256 of all texts.
fn short_hash(texts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for text in texts {
        hasher.update(text.as_bytes());
        hasher.update([0]);
    }
    hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn mailbox(to: &Mailbox) -> Result<lettre::message::Mailbox, ComposeError> {
    let name = words::line(&to.name);
    let address = to.email.as_str().parse().map_err(|_| ComposeError::Address)?;
    Ok(lettre::message::Mailbox::new((!name.is_empty()).then_some(name), address))
}

fn fixed(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

fn file_part(file: &Attachment) -> Result<SinglePart, ComposeError> {
    let content_type = ContentType::parse(file.content_type).map_err(|_| ComposeError::Build)?;
    Ok(FilePart::new(words::line(&file.file_name)).body(file.bytes.clone(), content_type))
}

#[cfg(test)]
mod tests;
