use super::papers::Papers;
use super::samples;
use crate::rules::notice::NoticeFacts;
use chrono_tz::America::New_York;
use std::path::PathBuf;

fn all() -> [(&'static str, Papers); 3] {
    let of = |facts: NoticeFacts| samples::papers(&facts, New_York);
    [("plain", of(samples::facts())), ("abroad", of(samples::abroad())), ("hostile", of(samples::hostile()))]
}

/// Every sheet as a file, to be looked at: `SWAPLINE_SHOW=folder cargo test --lib print::tests`.
#[test]
fn every_sheet_is_made_the_same_twice() {
    let folder = std::env::var_os("SWAPLINE_SHOW").map(PathBuf::from);
    for ((name, papers), (_, again)) in all().into_iter().zip(all()) {
        let sheets = [
            ("label.pdf", papers.label_pdf().unwrap(), again.label_pdf().unwrap()),
            ("slip.pdf", papers.slip_pdf().unwrap(), again.slip_pdf().unwrap()),
            ("label.html", papers.label_html().unwrap().into_bytes(), again.label_html().unwrap().into_bytes()),
            ("slip.html", papers.slip_html().unwrap().into_bytes(), again.slip_html().unwrap().into_bytes()),
            ("label.zpl", papers.label_zpl().unwrap().into_bytes(), again.label_zpl().unwrap().into_bytes()),
        ];
        for (sheet, bytes, same) in sheets {
            assert!(bytes == same, "{name} {sheet} differs");
            // Small enough for any mailbox.
            assert!(bytes.len() < 150_000, "{name} {sheet} has {} bytes", bytes.len());
            if let Some(folder) = &folder {
                std::fs::write(folder.join(format!("{name}-{sheet}")), bytes).unwrap();
            }
        }
    }
}
