//! Letters over a real SMTP server: STARTTLS, AUTH, and what it says when it refuses. `tests/services.sh` starts it.

use chrono::{DateTime, Utc};
use mail_parser::{MessageParser, MimeHeaders};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use swapline::mail::letters::Sender;
use swapline::mail::links::Links;
use swapline::mail::message::compose;
use swapline::mail::transport::{Cause, SendError, Sent, Settings, SmtpSettings, TlsMode, Transport};
use swapline::rules::deadline::{DeadlineKind, DeadlineState};
use swapline::rules::notice::{LocalContact, Mailbox, Notice, NoticeDeadline, NoticeFacts, NoticeKind, NoticeLine, Place};
use swapline::rules::number::{CaseNumber, RmaNumber};
use swapline::rules::text::{Email, PartNumber, SerialNumber};
use swapline::rules::tier::{Language, Tier};

pub fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: these tests need a mail server; run `bash tests/run`"))
}

pub fn settings() -> SmtpSettings {
    SmtpSettings {
        host: variable("SWAPLINE_TEST_SMTP_HOST"),
        port: variable("SWAPLINE_TEST_SMTP_PORT").parse().unwrap(),
        tls: TlsMode::StartTls,
        extra_root_ca: Some(variable("SWAPLINE_TEST_SMTP_CA").into()),
        credentials: Some((variable("SWAPLINE_TEST_SMTP_USER"), variable("SWAPLINE_TEST_SMTP_PASSWORD"))),
        hello_name: Some("swapline.example".into()),
        timeout_seconds: 20,
        pool_size: 2,
    }
}

fn transport(settings: SmtpSettings) -> Transport {
    Transport::open(&Settings::Smtp(settings)).unwrap()
}

fn mailbox(name: &str, email: &str) -> Mailbox {
    Mailbox { name: name.into(), email: Email::parse(email).unwrap() }
}

fn sender() -> Sender {
    Sender {
        mailbox: mailbox("Example Networks Support", "rma@vendor.example"),
        reply_to: None,
        phone: None,
        operations: None,
        links: Links::Off,
    }
}

fn now() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-11-24T15:30:00Z").unwrap().to_utc()
}

/// A notice whose key, and so whose Message-ID, is this test's own.
pub fn notice(kind: NoticeKind, key: &str, to: &str) -> Notice {
    let place =
        |name: &str| Place { code: "X-1".into(), name: name.into(), address: vec!["1 Harbor Street".into(), "United States".into()] };
    let due = NoticeDeadline {
        kind: DeadlineKind::DeliverBy,
        state: DeadlineState::Running,
        due_at: Some(now() + chrono::TimeDelta::hours(4)),
        zone: chrono_tz::America::New_York,
        waits_for: vec![],
    };
    Notice {
        key: key.into(),
        kind,
        to: vec![mailbox("受付 Front Desk", to)],
        language: Language::English,
        zone: chrono_tz::America::New_York,
        facts: NoticeFacts {
            rma: RmaNumber::of(10_000_017),
            case: CaseNumber::of(10_000_012),
            organization: "Société d’Exemple".into(),
            written_at: now(),
            entitled_tier: Tier::GoldPlus,
            delivered_tier: Tier::GoldPlus,
            reasons: vec![],
            lines: vec![NoticeLine {
                line: 1,
                serial_number: SerialNumber::parse("SN-4711").unwrap(),
                part_number: PartNumber::parse("PSU-450").unwrap(),
                part_description: "Power supply".into(),
                replacement_serial_number: None,
                returned: false,
                replaces_dead: None,
            }],
            ships_from: Some(place("Service Center")),
            ship_to: Some(place("Data Center")),
            contact: Some(LocalContact { name: "Front Desk".into(), phone: "+12395550123".into(), accepts_delivery: true }),
            // A line that starts with a dot, and one longer than a line of mail may be.
            receiving_notes: Some(format!(".\n.dot\n{}", "ä".repeat(400))),
            deadlines: vec![due],
            shipment: None,
            remark: None,
            scanned: Vec::new(),
            coverage: None,
            dispatch: None,
            tracking: None,
            sign_in: None,
            keeps_media: false,
        },
    }
}

/// Waits for the delivered file that has this Message-ID.
fn delivered(message_id: &str) -> Vec<u8> {
    let folder = PathBuf::from(variable("SWAPLINE_TEST_MAILDIR"));
    let until = Instant::now() + Duration::from_secs(20);
    while Instant::now() < until {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            let parsed = MessageParser::default().parse(&bytes).unwrap();
            if parsed.message_id() == Some(message_id) {
                return bytes;
            }
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("{message_id} was not delivered");
}

async fn sent(transport: &Transport, notice: &Notice) -> Vec<u8> {
    let message = compose(notice, &sender(), now()).unwrap();
    let formatted = message.formatted();
    let id = MessageParser::default().parse(&formatted).unwrap().message_id().unwrap().to_owned();
    assert_eq!(transport.send(&message, &notice.key).await, Ok(Sent::Accepted));
    tokio::task::spawn_blocking(move || delivered(&id)).await.unwrap()
}

async fn refused(settings: SmtpSettings, to: &str) -> SendError {
    let message = compose(&notice(NoticeKind::Closed, "smtp/refused", to), &sender(), now()).unwrap();
    let error = transport(settings).send(&message, "smtp/refused").await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains('@'), "an error must not name anybody: {error:?}");
    error
}

#[tokio::test]
async fn a_letter_arrives_with_its_headers_and_both_bodies() {
    let bytes = sent(&transport(settings()), &notice(NoticeKind::RmaIssued, "smtp/issued", "desk@customer.example")).await;
    let message = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(message.subject(), Some("RMA R10000017-3 issued for case C10000012"));
    assert_eq!(message.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
    assert_eq!(message.header_raw("Envelope-To").map(str::trim), Some("desk@customer.example"));
    assert_eq!(message.header_raw("Return-Path").map_or("<rma@vendor.example>", str::trim), "<rma@vendor.example>");
    assert_eq!(message.date().unwrap().to_timestamp(), now().timestamp());
    let to = message.to().unwrap().first().unwrap();
    assert_eq!((to.name(), to.address()), (Some("受付 Front Desk"), Some("desk@customer.example")));
    assert_eq!(message.from().unwrap().first().unwrap().address(), Some("rma@vendor.example"));
    assert!(message.body_text(0).unwrap().contains("Société d’Exemple") && message.body_html(0).unwrap().contains("Société d’Exemple"));
    assert_eq!(message.attachment_count(), 0);
    let received = message.header_raw("Received").unwrap();
    assert!(received.contains("esmtpsa") && received.contains("TLS"), "neither encrypted nor authenticated: {received}");
}

#[tokio::test]
async fn p4_2_a_dispatch_arrives_with_its_calendar_entry() {
    let notice = notice(NoticeKind::CourierDispatch, "smtp/dispatch", "dispatch@courier.example");
    let bytes = sent(&transport(settings()), &notice).await;
    let message = MessageParser::default().parse(&bytes).unwrap();
    let file = message.attachment(0).unwrap();
    assert_eq!(file.attachment_name(), Some("R10000017.ics"));
    let calendar = String::from_utf8(file.contents().to_vec()).unwrap();
    assert!(calendar.contains("\r\nDTEND:20261124T193000Z\r\n") && calendar.ends_with("END:VCALENDAR\r\n"), "{calendar}");
    let text = message.body_text(0).unwrap();
    assert!(text.contains("\n  .dot") && text.contains(&"ä".repeat(400)), "{text}");
}

#[tokio::test]
async fn many_letters_share_a_few_connections() {
    let transport = transport(settings());
    let sends = (0..20).map(|n| {
        let (transport, key) = (transport.clone(), format!("smtp/many/{n}"));
        tokio::spawn(async move {
            let message = compose(&notice(NoticeKind::Shipped, &key, "many@customer.example"), &sender(), now()).unwrap();
            transport.send(&message, &key).await
        })
    });
    for send in sends.collect::<Vec<_>>() {
        assert_eq!(send.await.unwrap(), Ok(Sent::Accepted));
    }
}

#[tokio::test]
async fn a_wrong_password_is_the_settings_fault_and_for_now() {
    let mut wrong = settings();
    wrong.credentials = Some((variable("SWAPLINE_TEST_SMTP_USER"), "wrong".into()));
    assert_eq!(refused(wrong, "desk@customer.example").await, SendError::Transient { cause: Cause::Login(535) });
}

#[tokio::test]
async fn a_refused_reader_is_for_good_and_one_put_off_is_for_now() {
    assert_eq!(refused(settings(), "nobody@refused.example").await, SendError::Permanent { status: 550 });
    assert_eq!(refused(settings(), "desk@later.example").await, SendError::Transient { cause: Cause::Busy(451) });
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_ends_the_talk() {
    let stranger = SmtpSettings { extra_root_ca: None, ..settings() };
    assert_eq!(refused(stranger, "desk@customer.example").await, SendError::Transient { cause: Cause::Tls });
    // The name in the certificate counts, not only who signed it.
    let other_name = SmtpSettings { host: "127.0.0.1".into(), ..settings() };
    assert_eq!(refused(other_name, "desk@customer.example").await, SendError::Transient { cause: Cause::Tls });
}

#[tokio::test]
async fn a_closed_port_is_for_now() {
    let closed = SmtpSettings { port: 1, ..settings() };
    assert_eq!(refused(closed, "desk@customer.example").await, SendError::Transient { cause: Cause::Unreachable });
}
