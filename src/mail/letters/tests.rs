use super::*;
use crate::mail::samples;
use crate::rules::deadline::{DeadlineKind, DeadlineState, WaitsFor};
use crate::rules::term::Term;
use crate::rules::text::SerialNumber;
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
            // List numbers and dashes are markup in HTML.
            let line = line.trim().trim_start_matches(['1', '2', '3', '.', '-', ' ']);
            assert!(html.contains(&squeeze(line)), "{kind}: the HTML lacks: {line}");
        }
        let about = if *kind == NoticeKind::CoverageChanged { "SITE-1" } else { "R10000017-" };
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
fn p4_2_a_calendar_entry_is_the_same_for_the_same_key_only() {
    let notice = samples::notice(NoticeKind::CourierDispatch);
    let file = |notice: &Notice| String::from_utf8(letter(notice).attachments.remove(0).bytes).unwrap();
    let uid = |text: &str| text.lines().find(|l| l.starts_with("UID:")).unwrap().to_owned();
    let first = file(&notice);
    assert_eq!(first, file(&notice));
    let other = file(&Notice { key: "rma/R10000017/courier-dispatch/2".into(), ..notice.clone() });
    assert_ne!(uid(&first), uid(&other));
    assert!(first.contains("METHOD:PUBLISH\r\n") && first.contains("DTSTART:20261124T153000Z\r\n"));
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
