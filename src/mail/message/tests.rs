use super::*;
use crate::mail::samples;
use crate::rules::notice::NoticeKind;
use crate::rules::term::Term;
use mail_parser::{MessageParser, MimeHeaders};

const DATE: &str = "2026-11-24T15:31:07Z";

fn bytes(notice: &Notice) -> Vec<u8> {
    compose(notice, &samples::sender(), samples::at(DATE)).unwrap().formatted()
}

fn parsed(bytes: &[u8]) -> mail_parser::Message<'_> {
    MessageParser::default().parse(bytes).unwrap()
}

/// The header lines, unfolded.
fn headers(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let head = text.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ").replace("\r\n\t", " ");
    head.split("\r\n").map(str::to_owned).collect()
}

#[test]
fn headers_are_complete_and_say_that_a_machine_wrote() {
    let raw = bytes(&samples::notice(NoticeKind::RmaIssued));
    let said: Vec<String> = headers(&raw).into_iter().filter(|h| !h.starts_with("Content-Type")).collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_letter_is_text_and_html_as_alternatives() {
    let raw = bytes(&samples::notice(NoticeKind::RmaIssued));
    let message = parsed(&raw);
    assert!(headers(&raw).iter().any(|h| h.starts_with("Content-Type: multipart/alternative")));
    let letter = letters::render(&samples::notice(NoticeKind::RmaIssued), &samples::sender()).unwrap();
    assert_eq!(message.body_text(0).unwrap().replace("\r\n", "\n").trim_end(), letter.text.trim_end());
    assert_eq!(message.body_html(0).unwrap().replace("\r\n", "\n").trim_end(), letter.html.trim_end());
    assert_eq!(message.attachment_count(), 0);
}

#[test]
fn p4_2_a_dispatch_carries_its_calendar_entry_beside_the_alternatives() {
    let notice = samples::notice(NoticeKind::CourierDispatch);
    let raw = bytes(&notice);
    let message = parsed(&raw);
    assert!(headers(&raw).iter().any(|h| h.starts_with("Content-Type: multipart/mixed")));
    assert!(message.body_text(0).is_some() && message.body_html(0).is_some());
    let file = message.attachment(0).unwrap();
    assert_eq!(file.attachment_name(), Some("R10000017.ics"));
    let kind = file.content_type().unwrap();
    assert_eq!((kind.ctype(), kind.subtype(), kind.attribute("method")), ("text", Some("calendar"), Some("REQUEST")));
    let letter = letters::render(&notice, &samples::sender()).unwrap();
    assert_eq!(file.contents(), letter.attachments[0].bytes);
}

#[test]
fn the_message_id_depends_on_the_key_alone() {
    let notice = samples::notice(NoticeKind::Delivered);
    let id = |notice: &Notice| parsed(&bytes(notice)).message_id().unwrap().to_owned();
    let mut reworded = notice.clone();
    reworded.facts.remark = Some("something else".into());
    reworded.to.push(samples::mailbox("Second Shift", "second@customer.example"));
    assert_eq!(id(&notice), id(&reworded));
    assert_ne!(id(&notice), id(&Notice { key: format!("{}0", notice.key), ..notice.clone() }));
}

#[test]
fn keys_of_any_shape_give_ids_of_one_shape() {
    for key in ["", "rma/R10000017/issued", "a b", "a.b", "a/b", "..", "<x>\r\nBcc: y", "é", &"k".repeat(500)] {
        let id = key_id(key);
        assert!(id.len() <= 90 && !id.starts_with('.') && !id.ends_with('.') && !id.contains(".."), "{id}");
        assert!(id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.'), "{id}");
    }
    assert_ne!(key_id("a/b"), key_id("a.b"));
}

#[test]
fn several_readers_are_all_named_and_too_many_are_cut() {
    let mut notice = samples::notice(NoticeKind::Shipped);
    notice.to = (0..30).map(|n| samples::mailbox("Shift", &format!("shift{n}@customer.example"))).collect();
    let message = compose(&notice, &samples::sender(), samples::at(DATE)).unwrap();
    assert_eq!(message.envelope().to().len(), READERS_MAX);
    notice.to.clear();
    assert!(matches!(compose(&notice, &samples::sender(), samples::at(DATE)), Err(ComposeError::NoReader)));
}

#[test]
fn nobodys_name_can_start_a_header() {
    let nasty = [
        "Desk\r\nBcc: evil@example.com",
        "Desk\nX-Evil: 1",
        "Desk\r\n\r\n<html>",
        "\" <evil@example.com>, \"",
        "Desk\0\u{7}\u{85}\u{2028}X-Evil: 1",
        "מוקד\u{202E} קדמי\r\n\tX-Evil: 1",
        &format!("{}\r\nX-Evil: 1", "é".repeat(200)),
        &"=?utf-8?q?=0D=0AX-Evil:_1?= ".repeat(4),
    ];
    for name in nasty {
        for kind in [NoticeKind::RmaIssued, NoticeKind::CourierDispatch] {
            let mut notice = samples::notice(kind);
            notice.to[0].name = name.into();
            notice.key = format!("rma/{name}");
            notice.facts.organization = name.into();
            notice.facts.lines[0].part_description = name.into();
            let mut sender = samples::sender();
            sender.mailbox.name = name.into();
            sender.reply_to.as_mut().unwrap().name = name.into();
            let message = compose(&notice, &sender, samples::at(DATE)).unwrap();
            let raw = message.formatted();
            let names: Vec<String> = headers(&raw).iter().map(|h| h.split(':').next().unwrap().to_ascii_lowercase()).collect();
            let known = [
                "from",
                "to",
                "subject",
                "date",
                "message-id",
                "references",
                "auto-submitted",
                "x-auto-response-suppress",
                "reply-to",
                "mime-version",
                "content-type",
            ];
            assert!(names.iter().all(|n| known.contains(&n.as_str())), "{names:?}");
            assert_eq!(names.len(), known.len(), "{names:?}");
            let parsed = parsed(&raw);
            let to: Vec<_> = parsed.to().unwrap().iter().filter_map(|a| a.address()).collect();
            assert_eq!(to, [notice.to[0].email.as_str()]);
            assert_eq!(message.envelope().to().len(), 1);
            assert!(raw.split(|b| *b == b'\n').all(|line| line.len() <= 998 && line.last().is_none_or(|b| *b == b'\r')));
        }
    }
}

#[test]
fn a_name_of_another_script_survives() {
    let mut notice = samples::notice(NoticeKind::Closed);
    notice.to[0].name = "受付デスク".into();
    let raw = bytes(&notice);
    assert_eq!(parsed(&raw).to().unwrap().first().unwrap().name(), Some("受付デスク"));
}

#[test]
fn absurd_dates_do_not_stop_a_letter() {
    let notice = samples::notice(NoticeKind::Closed);
    for date in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
        assert!(compose(&notice, &samples::sender(), date).is_ok());
    }
}

#[test]
fn every_kind_can_be_composed_and_parsed() {
    for kind in NoticeKind::ALL {
        let raw = bytes(&samples::notice(*kind));
        let about = match kind {
            NoticeKind::CoverageChanged | NoticeKind::CoverageEnding => "SITE-1",
            NoticeKind::FourHourOffer => "K-0815",
            NoticeKind::SignInLink | NoticeKind::Invitation | NoticeKind::PasswordReset => "Example Networks Support",
            _ => "R10000017-3",
        };
        assert!(parsed(&raw).subject().unwrap().contains(about), "{kind}");
    }
}
