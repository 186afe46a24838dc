use super::*;
use crate::mail::samples;
use crate::rules::deadline::{DeadlineKind, DeadlineState, WaitsFor};
use crate::rules::notice::NoticeDispatch;
use crate::rules::term::Term;
use crate::rules::text::{Code, SerialNumber};
use crate::rules::tier::Tier;

fn letter(notice: &Notice) -> Letter {
    render(notice, &samples::sender()).unwrap()
}

/// The letter as one text for a snapshot.
fn shown(letter: &Letter) -> String {
    let mut shown = format!("Subject: {}\n\n{}", letter.subject, letter.text);
    for file in &letter.attachments {
        // What is no text is looked at in `print`.
        let content = std::str::from_utf8(&file.bytes).unwrap_or_default().replace("\r\n", "\n");
        shown.push_str(&format!("\n[{} · {}]\n{content}", file.file_name, file.content_type));
    }
    shown
}

#[test]
fn p4_every_kind_reads_as_agreed() {
    for kind in NoticeKind::ALL {
        insta::assert_snapshot!(kind.as_str(), shown(&letter(&samples::notice(*kind))));
    }
}

#[test]
fn html_letters_read_as_agreed() {
    for kind in [NoticeKind::RmaIssued, NoticeKind::CourierDispatch] {
        insta::assert_snapshot!(format!("{kind}_html"), letter(&samples::notice(kind)).html);
    }
}

/// HTML without its tags, for comparing words.
fn words_of(html: &str) -> String {
    let mut words = String::new();
    let mut depth = 0;
    for c in html.chars() {
        match c {
            '<' => depth += 1,
            '>' => {
                depth -= 1;
                words.push(' ');
            }
            c if depth == 0 => words.push(c),
            _ => {}
        }
    }
    words.replace("&#39;", "'")
}

#[test]
fn text_and_html_say_the_same() {
    for kind in NoticeKind::ALL {
        let letter = letter(&samples::notice(*kind));
        let squeeze = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
        let html = squeeze(&words_of(&letter.html));
        for line in letter.text.lines().filter(|l| !l.is_empty()) {
            // A link is a button there.
            if line.trim().starts_with("https://") {
                assert!(letter.html.contains(&format!("href=\"{}\"", line.trim())), "{kind}: the HTML lacks: {line}");
                continue;
            }
            // List numbers and dashes are markup in HTML.
            let line = line.trim().trim_start_matches(['1', '2', '3', '.', '-', ' ']);
            assert!(html.contains(&squeeze(line)), "{kind}: the HTML lacks: {line}");
        }
        let about = match kind {
            NoticeKind::CoverageChanged | NoticeKind::CoverageEnding => "SITE-1",
            NoticeKind::FourHourOffer => "K-0815",
            NoticeKind::SignInLink | NoticeKind::Invitation | NoticeKind::PasswordReset => "Example Networks Support",
            _ => "R10000017-",
        };
        assert!(letter.subject.contains(about), "{kind}: {}", letter.subject);
    }
}

#[test]
fn p4_bronze_sends_the_unit_now_and_by_a_date() {
    let mut notice = samples::notice(NoticeKind::RmaIssued);
    notice.facts.entitled_tier = Tier::Bronze;
    notice.facts.delivered_tier = Tier::Bronze;
    notice.facts.reasons.clear();
    notice.facts.deadlines = vec![
        samples::deadline(DeadlineKind::ShipBy, DeadlineState::Running, Some("2026-12-10T02:00:00Z"), &[]),
        samples::deadline(DeadlineKind::ReturnBy, DeadlineState::Running, Some("2026-12-03T05:00:00Z"), &[]),
    ];
    insta::assert_snapshot!("rma_issued_bronze", shown(&letter(&notice)));
}

#[test]
fn p4_2_an_issued_letter_says_what_the_clock_waits_for() {
    let mut notice = samples::notice(NoticeKind::RmaIssued);
    notice.facts.delivered_tier = Tier::GoldPlus;
    notice.facts.reasons = vec![samples::reason("contact_missing", "P4.2", "The four hours start once we know who receives the courier.")];
    notice.facts.contact = None;
    notice.facts.deadlines[0] =
        samples::deadline(DeadlineKind::DeliverBy, DeadlineState::Waiting, None, &[WaitsFor::Contact, WaitsFor::ContactAccepts]);
    let letter = letter(&notice);
    insta::assert_snapshot!("rma_issued_waiting", shown(&letter));
}

#[test]
fn p4_5_a_paused_clock_is_on_hold_and_a_void_one_is_not_named() {
    let mut notice = samples::notice(NoticeKind::RmaIssued);
    notice.facts.deadlines = vec![
        samples::deadline(DeadlineKind::ShipBy, DeadlineState::Paused, None, &[]),
        samples::deadline(DeadlineKind::DeliverBy, DeadlineState::Void, Some("2026-11-24T19:30:00Z"), &[]),
    ];
    let text = letter(&notice).text;
    assert!(text.contains("Replacement ships by:\n    on hold for now"), "{text}");
    assert!(!text.contains("at your door"), "{text}");
}

#[test]
fn times_are_in_the_readers_zone() {
    let mut notice = samples::notice(NoticeKind::RmaIssued);
    notice.zone = chrono_tz::Asia::Tokyo;
    assert!(letter(&notice).text.contains("Thursday, November 26, 2026, 11:00 (JST, UTC+09:00)"));
}

#[test]
fn p4_2_the_courier_reads_the_instant_in_both_zones_where_they_differ() {
    let mut notice = samples::notice(NoticeKind::CourierDispatch);
    notice.zone = chrono_tz::America::Chicago;
    let letter = letter(&notice);
    assert!(
        letter.text.contains("  Tuesday, November 24, 2026, 13:30 (CST, UTC-06:00)\n  which is Tuesday, November 24, 2026, 14:30 (EST")
    );
    assert!(letter.subject.contains("13:30"), "{}", letter.subject);
}

#[test]
fn p4_2_every_letter_about_a_run_brings_the_next_version_of_one_calendar_entry() {
    let notice = samples::notice(NoticeKind::CourierDispatch);
    let file = |notice: &Notice| String::from_utf8(letter(notice).attachments.remove(0).bytes).unwrap();
    let uid = |text: &str| text.lines().find(|l| l.starts_with("UID:")).unwrap().to_owned();
    let first = file(&notice);
    assert_eq!(first, file(&notice));
    let mut changed = Notice { key: "rma/R10000017/dispatch/2".into(), ..notice.clone() };
    changed.facts.dispatch = Some(NoticeDispatch { number: 2, ..samples::dispatch(1) });
    let changed = letter(&changed);
    assert!(changed.subject.starts_with("Changed dispatch for RMA R10000017-") && changed.text.contains("takes the place of"));
    let changed = String::from_utf8(changed.attachments[0].bytes.clone()).unwrap();
    assert_eq!(uid(&first), uid(&changed));
    assert!(first.contains("SEQUENCE:0\r\n") && changed.contains("SEQUENCE:1\r\n") && changed.contains("METHOD:REQUEST\r\n"));
    let off = file(&samples::notice(NoticeKind::CourierCancelled));
    assert_eq!(uid(&first), uid(&off));
    assert!(off.contains("METHOD:CANCEL\r\n") && off.contains("STATUS:CANCELLED\r\n"), "{off}");
    // Another courier's calendar has an entry of its own.
    let mut other = notice.clone();
    other.facts.dispatch = Some(NoticeDispatch { courier: Code::parse("COURIER-2").unwrap(), ..samples::dispatch(0) });
    assert_ne!(uid(&first), uid(&file(&other)));
    // RFC 5546 wants to know who asks whom.
    assert!(first.contains("ORGANIZER;CN=") && first.contains(":mailto:dispatch@courier.example"), "{first}");
    assert!(first.contains("METHOD:REQUEST\r\n") && first.contains("DTSTART:20261124T153000Z\r\n"));
    assert!(first.contains("DTEND:20261124T193000Z\r\n") && first.lines().all(|l| l.len() <= 76), "{first}");
}

#[test]
fn p4_2_a_late_dispatch_still_has_an_entry_that_ends_after_it_begins() {
    let mut notice = samples::notice(NoticeKind::CourierDispatch);
    notice.facts.written_at = samples::at("2026-11-24T20:00:00Z");
    let text = String::from_utf8(letter(&notice).attachments.remove(0).bytes).unwrap();
    assert!(text.contains("DTSTART:20261124T191500Z") && text.contains("DTEND:20261124T193000Z"), "{text}");
    notice.facts.deadlines.clear();
    let without = letter(&notice);
    assert!(without.attachments.is_empty() && !without.text.contains("calendar"), "{}", without.text);
}

#[test]
fn p4_6_letters_for_a_dead_unit_say_what_it_replaces_and_never_speak_of_charging() {
    for kind in [NoticeKind::RmaIssued, NoticeKind::ReturnOverdue] {
        let mut notice = samples::notice(kind);
        let plain = letter(&notice);
        notice.facts.lines[0].replaces_dead = crate::rules::number::RmaNumber::of(10_000_016);
        let dead = letter(&notice);
        for (plain, dead) in [(plain.text, dead.text), (plain.html, dead.html)] {
            assert!(!plain.contains("dead") && !dead.contains("may be charged"), "{dead}");
            assert!(dead.contains("sent by RMA R10000016-1; we never charge for it"), "{dead}");
        }
    }
}

#[test]
fn p4_6_letters_to_who_keeps_media_ask_for_a_certificate_and_never_for_the_unit() {
    use NoticeKind::{Delivered, ReturnDueSoon, ReturnDueToday, ReturnExtended, ReturnInstructions, ReturnOverdue};
    for kind in NoticeKind::ALL {
        let mut notice = samples::notice(*kind);
        notice.facts.keeps_media = true;
        let letter = letter(&notice);
        assert!(letter.attachments.iter().all(|file| !file.file_name.contains("return")), "{kind}: no label, no slip");
        for words in [letter.text.to_lowercase(), words_of(&letter.html).to_lowercase(), letter.subject.to_lowercase()] {
            for never in [
                "please send it back",
                "due back",
                "how to return",
                "return label",
                "still to come back",
                "return the defective",
                "pack it",
            ] {
                assert!(!words.contains(never), "{kind}: {never}: {words}");
            }
        }
        if matches!(kind, Delivered | ReturnDueSoon | ReturnDueToday | ReturnOverdue | ReturnExtended | ReturnInstructions) {
            assert!(letter.subject.contains("of destruction"), "{kind}: {}", letter.subject);
            assert!(letter.text.contains("Reply to this letter with the certificate"), "{kind}: {}", letter.text);
        }
    }
    let mut notice = samples::notice(NoticeKind::ReturnOverdue);
    notice.facts.keeps_media = true;
    insta::assert_snapshot!("return_overdue_kept_media", shown(&letter(&notice)));
    assert_eq!(words_of(&letter(&notice).html).contains("may be charged"), letter(&notice).text.contains("may be charged"));
}

#[test]
fn p4_6_a_letter_for_several_units_says_units() {
    let mut notice = samples::notice(NoticeKind::ReturnOverdue);
    notice.facts.lines.push(samples::line(2, "SN-4712", "FAN-80", "Fan module"));
    let letter = letter(&notice);
    assert!(letter.subject.ends_with("the defective units are overdue"), "{}", letter.subject);
    assert!(letter.text.contains("The defective units of RMA R10000017-") && letter.text.contains("Please return them now"));
}

#[test]
fn letters_without_optional_facts_still_make_sense() {
    for kind in NoticeKind::ALL {
        let mut notice = samples::notice(*kind);
        notice.to = vec![];
        let facts = &mut notice.facts;
        (facts.ships_from, facts.ship_to, facts.contact, facts.receiving_notes) = (None, None, None, None);
        (facts.shipment, facts.remark) = (None, None);
        facts.deadlines.clear();
        facts.lines.clear();
        facts.reasons.clear();
        let letter = render(&notice, &Sender { phone: None, reply_to: None, ..samples::sender() }).unwrap();
        assert!(letter.text.starts_with("Hello,\n"), "{}", letter.text);
        assert!(!letter.text.contains(" .") && !letter.text.contains("None"), "{kind}: {}", letter.text);
    }
}

/// Fills every free text of a notice with the same hostile one.
fn hostile(kind: NoticeKind, text: &str) -> Notice {
    let mut notice = samples::notice(kind);
    notice.to[0].name = text.into();
    let facts = &mut notice.facts;
    facts.organization = text.into();
    facts.reasons = vec![samples::reason(text, text, text)];
    facts.lines[0].part_description = text.into();
    for place in [&mut facts.ships_from, &mut facts.ship_to].into_iter().flatten() {
        place.code = text.into();
        place.name = text.into();
        place.address = vec![text.into(); 3];
    }
    if let Some(contact) = &mut facts.contact {
        contact.name = text.into();
        contact.phone = text.into();
    }
    facts.receiving_notes = Some(text.into());
    let mut shipment = samples::shipment(true);
    shipment.carrier = text.into();
    shipment.tracking_number = Some(text.into());
    shipment.received_by = Some(text.into());
    facts.shipment = Some(shipment);
    facts.remark = Some(text.into());
    notice
}

#[test]
fn hostile_texts_are_escaped_and_kept_on_one_line() {
    let nasty = [
        "<script>alert('x')</script>&\"",
        "Desk\r\nBcc: evil@example.com\r\n\r\nBEGIN:VEVENT",
        "\u{202E}ksed tnorf\u{2066}\u{0}\u{7}",
        "{{ l.rma }} {% endblock %}",
        "מוקד קדמי",
    ];
    let long = "x".repeat(200);
    for kind in NoticeKind::ALL {
        for text in nasty.iter().copied().chain([long.as_str()]) {
            let letter = render(&hostile(*kind, text), &samples::sender()).unwrap();
            assert!(!letter.html.contains("<script") && !letter.html.contains("&\""), "{}", letter.html);
            assert!(!letter.html.contains('\u{202E}') && !letter.text.contains('\u{202E}'));
            assert!(!letter.subject.contains(['\r', '\n']) && !letter.text.contains('\r'));
            assert!(!letter.text.lines().any(|l| l.starts_with("Bcc:")), "{}", letter.text);
            for file in letter.attachments.iter().filter(|file| file.content_type.starts_with("text/calendar")) {
                let calendar = String::from_utf8(file.bytes.clone()).unwrap();
                assert_eq!(calendar.lines().filter(|l| l.starts_with("BEGIN:")).count(), 2, "{calendar}");
                assert_eq!(calendar.matches('\r').count(), calendar.matches("\r\n").count());
            }
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn no_text_stops_a_letter(text in ".{0,300}", kind in 0..NoticeKind::ALL.len()) {
        let notice = hostile(NoticeKind::ALL[kind], &text);
        assert!(render(&notice, &samples::sender()).is_ok());
    }
}

#[test]
fn p4_6_a_wrong_return_names_both_serial_numbers() {
    let mut notice = samples::notice(NoticeKind::ReturnWrong);
    notice.facts.lines[0].serial_number = SerialNumber::parse("SN-0001").unwrap();
    let text = letter(&notice).text;
    assert!(text.contains("Came back: SN-9999") && text.contains("SN-0001"), "{text}");
}

#[test]
fn p4_2_a_letter_that_is_only_shown_has_no_link_that_works() {
    for kind in [NoticeKind::CourierDispatch, NoticeKind::CourierReminder, NoticeKind::DispatchAlert, NoticeKind::RmaIssued] {
        let mut notice = samples::notice(kind);
        notice.facts.tracking = Some(uuid::Uuid::from_u128(3));
        assert!(letter(&notice).text.contains("https://rma.vendor.example/d/"), "{kind}");
        let shown = render(&notice, &samples::sender().without_links()).unwrap();
        assert!(shown.text.contains("(this link is in the letter itself only)"), "{kind}: {}", shown.text);
        for text in [&shown.text, &shown.html] {
            assert!(!text.contains("/d/") && !text.contains("href=\"https"), "{kind}: {text}");
        }
        let off = render(&notice, &Sender { links: Links::Off, ..samples::sender() }).unwrap();
        assert!(!off.text.contains("/d/") && !off.text.contains("link is in the letter"), "{kind}: {}", off.text);
    }
}

#[test]
fn p4_2_a_dispatch_that_is_accepted_does_not_ask_for_it_again() {
    let mut notice = samples::notice(NoticeKind::CourierDispatch);
    notice.facts.dispatch = Some(NoticeDispatch { accept_by: None, ..samples::dispatch(1) });
    let letter = letter(&notice);
    assert!(!letter.text.contains("You take this run") && letter.text.contains("You have the part:"), "{}", letter.text);
}

#[test]
fn letters_to_operations_go_to_whom_the_settings_name() {
    let notice = samples::notice(NoticeKind::DispatchAlert);
    let operations = samples::mailbox("Duty Desk", "duty@vendor.example");
    let sender = samples::sender();
    let reads = |sender: &Sender| sender.readers(&notice).into_iter().map(|m| m.email.to_string()).collect::<Vec<_>>();
    assert_eq!(reads(&Sender { operations: Some(operations), ..sender.clone() }), ["duty@vendor.example"]);
    assert_eq!(reads(&sender), ["operations@vendor.example"], "whoever gets answers");
    assert_eq!(reads(&Sender { reply_to: None, ..sender }), ["rma@vendor.example"]);
}
