//! Replays the corpus of the fuzz targets (`fuzz/`): what broke something once doesn't break it again.

#[path = "../../fuzz/inputs.rs"]
mod inputs;

use std::path::Path;

/// The most that the corpus may take in the repository.
const LIMIT_BYTES: usize = 300_000;

/// What a fuzz target does with an input.
type Target = fn(&[u8]);

#[test]
fn the_corpus_of_every_target_replays() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let targets: [(&str, Target); 5] = [
        ("feeds", inputs::feeds),
        ("stream", inputs::stream),
        ("program", inputs::program),
        ("calendars", inputs::calendars),
        ("texts", inputs::texts),
    ];
    let names = |folder: &str| {
        let mut names: Vec<String> =
            std::fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    let mut written: Vec<String> = targets.iter().map(|(name, _)| format!("{name}.rs")).collect();
    written.sort();
    assert_eq!(names("targets"), written);
    let mut bytes = 0;
    for (target, run) in targets {
        let inputs = names(&format!("corpus/{target}"));
        assert!(!inputs.is_empty(), "{target}");
        for input in inputs {
            let data = std::fs::read(root.join("corpus").join(target).join(&input)).unwrap();
            bytes += data.len();
            let replayed = std::panic::catch_unwind(|| run(&data));
            assert!(replayed.is_ok(), "{target}: {input}");
        }
    }
    assert!(bytes < LIMIT_BYTES, "{bytes}");
}
