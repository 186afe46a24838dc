//! The papers of a return: who gets them and when, what the letters carry, and that machines read what is printed.

use crate::app::{TestApp, on_both_engines};
use crate::moves::{actions, kinds};
use crate::steps::{act, column, number_of_new, step, text};
use crate::world;
use chrono::TimeDelta;
use mail_parser::{MessageParser, MimeHeaders};
use reqwest::Method;
use serde_json::json;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use swapline::print::papers::Papers;
use swapline::rules::notice::{LocalContact, NoticeFacts, NoticeKind, NoticeLine, Place};
use swapline::rules::number::{CaseNumber, RmaNumber};
use swapline::rules::role::Role;
use swapline::rules::text::{PartNumber, SerialNumber};
use swapline::rules::tier::Tier;
use swapline::store::{Conn, StoreError, outbox, rmas};

fn label(number: &str) -> String {
    format!("/api/v1/rmas/{number}/return-label")
}

on_both_engines!(p4_6_papers_are_had_from_the_issue_until_the_unit_is_back, |app| {
    world::fill(&app).await;
    let customer = app.make_token(Role::Customer, Some("ACME"), None).await;
    let stranger = app.make_token(Role::Customer, Some("OTHER"), None).await;
    let number = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    for (path, accept, kind) in [
        (label(&number), "*/*", "application/pdf"),
        (label(&number), "text/html", "text/html; charset=utf-8"),
        (label(&number), "application/zpl", "application/zpl; charset=utf-8"),
        (format!("{}?format=html", label(&number)), "application/pdf", "text/html; charset=utf-8"),
        (format!("/api/v1/rmas/{number}/packing-slip"), "application/pdf", "application/pdf"),
        (format!("/api/v1/rmas/{number}/packing-slip?format=html"), "*/*", "text/html; charset=utf-8"),
    ] {
        let read = |token: &str| app.bare(Method::GET, &path).token(token).header("accept", accept).send();
        let paper = read(&customer).await;
        assert_eq!((paper.status.as_u16(), paper.header("content-type")), (200, Some(kind)), "{path}: {}", paper.text);
        assert!(paper.header("content-disposition").unwrap().starts_with(&format!("inline; filename=\"{number}-")), "{path}");
        let starts: &[u8] = if kind.contains("pdf") {
            b"%PDF-"
        } else if kind.contains("html") {
            b"<!doctype html>"
        } else {
            b"^XA\n^CI28"
        };
        assert!(paper.bytes.starts_with(starts), "{path}");
        assert_eq!(paper.bytes, read(&app.operations).await.bytes, "{path} is the same for everybody");
        read(&stranger).await.problem(404, "not_found");
    }
    let html = app.get(&format!("{}?format=html", label(&number))).await;
    assert!(html.text.contains("the day in our letter about the delivery"), "{}", html.text);
    assert!(html.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
    assert!(!html.text.contains("http://") && !html.text.contains("https://") && !html.text.contains("<script"), "loads nothing");
    app.get(&format!("{}?format=png", label(&number))).await.problem(400, "bad_format");
    app.get(&format!("/api/v1/rmas/{number}/packing-slip?format=zpl")).await.problem(400, "bad_format");
    app.bare(Method::GET, &label(&number)).token(&customer).header("accept", "image/png").send().await.problem(406, "not_acceptable");
    for name in ["ship", "deliver"] {
        step(&app, &number, name, "SILVER-1").await;
    }
    let html = app.get(&format!("{}?format=html", label(&number))).await;
    assert!(html.text.contains("Thursday, December 3, 2026"), "{}", html.text);
    step(&app, &number, "return-received", "SILVER-1").await;
    app.get(&label(&number)).await.problem(409, "nothing_expected_back");
    let off = number_of_new(&app, "GOLD-1", &["PSU-450"], None).await;
    step(&app, &off, "cancel", "GOLD-1").await;
    app.get(&label(&off)).await.problem(409, "nothing_expected_back");
    act(&app, &app.operations, &off, "return-instructions", json!({})).await.problem(409, "nothing_expected_back");
});

/// Names and contents.
type Files = Vec<(String, Vec<u8>)>;

/// The files of the letters that were sent, by the end of their keys.
fn files(app: &TestApp) -> Vec<(String, Files)> {
    let of = |letter: &swapline::mail::transport::Kept| {
        let message = MessageParser::default().parse(&letter.bytes).unwrap();
        let files = message.attachments().map(|a| (a.attachment_name().unwrap_or_default().to_owned(), a.contents().to_vec())).collect();
        (letter.key.rsplit_once('/').unwrap().1.to_owned(), files)
    };
    app.memory.letters().iter().map(of).collect()
}

on_both_engines!(p4_6_the_letter_that_asks_for_the_unit_carries_its_papers, |app| {
    world::fill(&app).await;
    let bronze = number_of_new(&app, "BRONZE-1", &["PSU-450"], None).await;
    let silver = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    app.run_jobs().await;
    let sent = files(&app);
    let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    let both = |number: &str| [format!("{number}-return-label.pdf"), format!("{number}-packing-slip.pdf")];
    assert_eq!((names(&sent[0].1), names(&sent[1].1)), (both(&bronze).to_vec(), vec![]), "Bronze sends first, Silver is asked later");
    for name in ["ship", "deliver"] {
        step(&app, &silver, name, "SILVER-1").await;
    }
    app.run_jobs().await;
    let sent = files(&app);
    assert_eq!((sent[2].0.as_str(), sent[3].0.as_str()), ("shipped", "delivered"));
    assert_eq!((names(&sent[2].1), names(&sent[3].1)), (vec![], both(&silver).to_vec()));
    // What was attached is what is fetched, whenever it is.
    app.pass(TimeDelta::hours(5));
    assert_eq!(sent[3].1[0].1, app.get(&label(&silver)).await.bytes);
    assert_eq!(sent[3].1[1].1, app.get(&format!("/api/v1/rmas/{silver}/packing-slip")).await.bytes);
});

on_both_engines!(p4_6_instructions_are_sent_again_on_request_and_found_later, |app| {
    world::fill(&app).await;
    let customer = app.make_token(Role::Customer, Some("ACME"), None).await;
    let number = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    for name in ["ship", "deliver"] {
        step(&app, &number, name, "SILVER-1").await;
    }
    let again = || act(&app, &customer, &number, "return-instructions", json!({}));
    act(&app, &customer, &number, "return-instructions?dry_run=true", json!({})).await.expect(200);
    assert_eq!(kinds(&app, &number).await.len(), 3, "a rehearsal promises nothing");
    for _ in 0..5 {
        assert_eq!(again().await.expect(200)["number"], json!(number));
        app.pass(TimeDelta::minutes(1));
    }
    let refused = again().await;
    refused.problem(422, "too_many_return_instructions");
    assert_eq!(refused.body["errors"][0]["rule"], "P4.6");
    // The first one is a day old on the minute: there is room for one more, and no second.
    app.pass(TimeDelta::hours(24) - TimeDelta::minutes(5));
    again().await.expect(200);
    again().await.problem(422, "too_many_return_instructions");
    app.run_jobs().await;
    let keys = column(&app.get(&format!("/api/v1/rmas/{number}/letters")).await.body, "key");
    let key = |n: u32| format!("rma/{}/return-instructions/{n}", number.split('-').next().unwrap());
    assert_eq!(keys[3..], (1..=6).map(key).collect::<Vec<_>>());
    assert_eq!(files(&app).last().unwrap().1.len(), 2);
    assert_eq!(actions(&app, &number).await.iter().filter(|a| *a == "return_instructions_sent").count(), 6);
    let serial = RmaNumber::parse(&number).unwrap().serial();
    let read = move |conn: &mut Conn| {
        let rma = rmas::find(conn, serial)?.unwrap().0.id;
        outbox::sent(conn, rma, &[NoticeKind::Delivered, NoticeKind::ReturnInstructions])
    };
    let told = app.desk.db.read::<_, StoreError>(read).await.unwrap();
    assert_eq!(told.iter().map(|t| t.kind.0).filter(|k| *k == NoticeKind::ReturnInstructions).count(), 6);
    assert_eq!((told[0].kind.0, told[0].promised_at.at()), (NoticeKind::Delivered, "2026-11-25T19:00:00Z".parse().unwrap()));
    assert!(told.iter().all(|t| t.sent_at.is_some()));
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_requests_at_once_send_five_letters() {
    for engine in [crate::app::Engine::Sqlite, crate::app::Engine::Postgres] {
        let app = TestApp::start(engine).await;
        world::fill(&app).await;
        let number = number_of_new(&app, "BRONZE-1", &["PSU-450"], None).await;
        let all = (0..50).map(|_| act(&app, &app.operations, &number, "return-instructions", json!({})));
        let answers = futures_util::future::join_all(all).await;
        assert_eq!(answers.iter().filter(|a| a.status == 200).count(), 5, "{engine:?}");
        assert!(answers.iter().all(|a| a.status == 200 || a.body["code"] == "too_many_return_instructions"));
    }
}

/// Runs a program of Debian's; the tests need poppler-utils and zbar-tools, which `bash tests/run` installs.
fn run(program: &str, arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|e| panic!("{program}: {e}; run `bash tests/run`"));
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{program} {arguments:?}: {}", output.status);
    output.stdout
}

fn pdf_text(pdf: &[u8]) -> String {
    String::from_utf8(run("pdftotext", &["-layout", "-", "-"], pdf)).unwrap()
}

/// What a reader of codes finds in a picture.
fn read_codes(folder: &Path, name: &str, picture: &[u8]) -> Vec<String> {
    let path = folder.join(name);
    std::fs::write(&path, picture).unwrap();
    let found = run("zbarimg", &["-q", "-Sdisable", "-Scode128.enable", "-Sqrcode.enable", path.to_str().unwrap()], &[]);
    let mut codes: Vec<String> = String::from_utf8(found).unwrap().lines().map(str::to_owned).collect();
    codes.sort();
    codes
}

fn place(code: &str, name: &str, address: &[&str]) -> Place {
    Place { code: code.into(), name: name.into(), address: address.iter().map(|l| (*l).into()).collect() }
}

fn facts(from: Place, dock: Place, contact: &str) -> NoticeFacts {
    NoticeFacts {
        rma: RmaNumber::of(10_000_017),
        case: CaseNumber::of(10_000_012),
        organization: "Example Airlines".into(),
        written_at: "2026-11-25T19:00:00Z".parse().unwrap(),
        entitled_tier: Tier::Gold,
        delivered_tier: Tier::Gold,
        reasons: Vec::new(),
        lines: vec![NoticeLine {
            line: 1,
            serial_number: SerialNumber::parse("SN-4711").unwrap(),
            part_number: PartNumber::parse("PSU-450").unwrap(),
            part_description: "Power supply".into(),
            replacement_serial_number: None,
            returned: false,
            replaces_dead: None,
        }],
        ships_from: Some(dock),
        ship_to: Some(from),
        contact: Some(LocalContact { name: contact.into(), phone: "+48221234567".into(), accepts_delivery: true }),
        receiving_notes: None,
        deadlines: Vec::new(),
        shipment: None,
        remark: None,
        scanned: Vec::new(),
        coverage: None,
        dispatch: None,
        tracking: None,
        sign_in: None,
        keeps_media: false,
    }
}

fn of(from: Place, dock: Place, contact: &str) -> Papers {
    Papers::of(&facts(from, dock, contact), chrono_tz::Europe::Warsaw, "Vendor").unwrap()
}

fn abroad() -> Papers {
    let from = place("LDZ-1", "Serwerownia Łódź", &["ul. Żeromskiego 1", "Łódź, 90-001", "Poland"]);
    let dock = place("SC-TYO", "東京サービスセンター", &["丸の内1丁目9番1号", "千代田区, 東京都, 100-0005", "Japan"]);
    of(from, dock, "Αθήνα Київ")
}

#[test]
fn a_pdf_reader_finds_the_names_as_they_are_written() {
    for pdf in [abroad().label_pdf().unwrap(), abroad().slip_pdf().unwrap()] {
        let text = pdf_text(&pdf);
        for words in [
            "Serwerownia Łódź (LDZ-1)",
            "ul. Żeromskiego 1",
            "東京サービスセンター",
            "千代田区, 東京都, 100-0005",
            "Αθήνα Київ",
            "R10000017-3",
        ] {
            assert!(text.contains(words), "{words} is missing:\n{text}");
        }
        assert!(!text.contains("spelled in Latin letters"), "{text}");
        let about = String::from_utf8(run("pdfinfo", &["-"], &pdf)).unwrap();
        assert!(
            about.contains("Pages:           1") && about.contains("for RMA R10000017-3") && !about.contains("CreationDate"),
            "{about}"
        );
        let fonts = String::from_utf8(run("pdffonts", &["-"], &pdf)).unwrap();
        assert!(fonts.lines().skip(2).all(|font| font.contains("yes yes yes")), "embedded, as subsets, with their characters: {fonts}");
    }
}

#[test]
fn a_name_in_another_script_is_spelled_in_latin_letters_with_a_word_about_it() {
    let papers = of(place("CAI", "القاهرة", &["Cairo", "Egypt"]), place("SEL", "서울 센터", &["South Korea"]), "दिल्ली");
    for pdf in [papers.label_pdf().unwrap(), papers.slip_pdf().unwrap()] {
        let text = pdf_text(&pdf);
        assert!(text.contains("seoul senteo (SEL)") && text.contains("Some names are spelled in Latin letters here"), "{text}");
        assert!(!text.contains('\u{FFFD}'), "{text}");
    }
    // Browsers have more fonts.
    assert!(papers.label_html().unwrap().contains("القاهرة") && papers.slip_html().unwrap().contains("서울 센터"));
}

#[test]
fn scanners_read_the_number_on_every_sheet() {
    let folder = tempfile::tempdir().unwrap();
    let both = ["CODE-128:R10000017-3".to_owned(), "QR-Code:R10000017-3".to_owned()];
    let long = "W".repeat(400);
    let crowded = of(place("S", &long, &[&long, &long]), place("D", &long, &[&long]), &long);
    for (name, papers) in [("abroad", abroad()), ("crowded", crowded)] {
        for (sheet, pdf) in [("label", papers.label_pdf().unwrap()), ("slip", papers.slip_pdf().unwrap())] {
            // As label printers have it, and as an office printer does.
            for dots in ["203", "300"] {
                let picture = run("pdftoppm", &["-r", dots, "-gray", "-singlefile", "-"], &pdf);
                assert_eq!(read_codes(folder.path(), "sheet.pgm", &picture), both, "{name} {sheet} at {dots}");
            }
        }
        for html in [papers.label_html().unwrap(), papers.slip_html().unwrap()] {
            let mut codes: Vec<String> =
                drawings(&html).iter().flat_map(|picture| read_codes(folder.path(), "drawing.pgm", picture)).collect();
            codes.sort();
            assert_eq!(codes, both, "{name}");
        }
    }
}

/// The drawings of a page as pictures: each `svg` has a box and one path of rectangles, `M x y h w v height h -w z`.
fn drawings(html: &str) -> Vec<Vec<u8>> {
    let attribute = |text: &str, name: &str| text.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let number = |text: &str| text.parse::<i32>().unwrap();
    let mut pictures = Vec::new();
    for svg in html.split("<svg").skip(1) {
        let bounds: Vec<i32> = attribute(svg, "viewBox").split(' ').map(number).collect();
        let [left, top, width, height] = bounds[..] else { panic!("{bounds:?}") };
        let mut dark = vec![false; usize::try_from(width * height).unwrap()];
        for rectangle in attribute(svg, " d").split('M').skip(1) {
            let numbers: Vec<i32> = rectangle.split([' ', 'h', 'v', 'z']).filter(|n| !n.is_empty()).map(number).collect();
            let [x, y, wide, high, _] = numbers[..] else { panic!("{rectangle}") };
            for (row, column) in (y..y + high).flat_map(|row| (x..x + wide).map(move |column| (row, column))) {
                dark[usize::try_from((row - top) * width + column - left).unwrap()] = true;
            }
        }
        let scale = 4;
        let mut picture = format!("P5 {} {} 255\n", width * scale, height * scale).into_bytes();
        for (row, column) in (0..height * scale).flat_map(|row| (0..width * scale).map(move |column| (row, column))) {
            picture.push(if dark[usize::try_from(row / scale * width + column / scale).unwrap()] { 0 } else { 255 });
        }
        pictures.push(picture);
    }
    pictures
}

#[test]
fn the_label_printer_gets_the_number_as_both_codes() {
    let zpl = abroad().label_zpl().unwrap();
    assert!(zpl.contains("^BCN,120,Y,N,N^FDR10000017-3^FS") && zpl.contains("^BQN,2,6^FDQA,R10000017-3^FS"), "{zpl}");
    assert!(zpl.contains("^GFA,") && !zpl.contains("spelled in Latin letters"), "names are drawn where printers lack fonts: {zpl}");
    assert!(text(&json!(zpl)).starts_with("^XA\n^CI28\n"));
}
