use super::*;
use crate::rules::calendar::Calendars as _;
use chrono::NaiveDate;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::io::Read as _;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Provenance {
    file: Vec<Entry>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    path: String,
    what: String,
    source: String,
    version: String,
    license: String,
    attribution: String,
    derived_by: String,
    sha256: String,
    /// Of a table, without its header.
    rows: Option<usize>,
}

fn data() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data")
}

fn walk(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(data()).unwrap().to_str().unwrap().replace('\\', "/");
        match (path.is_dir(), name.as_str()) {
            (true, "sample") | (false, "PROVENANCE.toml") => {}
            (true, name) if name.ends_with("__pycache__") => {}
            (true, _) => walk(&path, found),
            (false, _) => drop(found.insert(name)),
        }
    }
}

#[test]
fn every_data_file_has_its_provenance() {
    let listed = provenance();
    let mut found = BTreeSet::new();
    walk(&data(), &mut found);
    let named: BTreeSet<String> = listed.iter().map(|f| f.path.clone()).collect();
    assert_eq!(named, found, "left: data/PROVENANCE.toml, right: the folder");
    assert_eq!(named.len(), listed.len(), "a file is listed twice");
    for file in &listed {
        assert!(!file.what.is_empty() && !file.source.is_empty() && !file.license.is_empty(), "{}", file.path);
        assert_eq!(file.source == "own", file.derived_by.is_empty(), "{}: what is not our own names its script", file.path);
        assert_eq!(file.source == "own", file.version.is_empty(), "{}: what is not our own names its version", file.path);
    }
    let notice = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("NOTICE")).unwrap();
    let flat = notice.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "GeoNames",
        "Royal Mail copyright and database right",
        "OpenStreetMap contributors",
        "Vacanza Team",
        "Unicode, Inc.",
        "Google Corp.",
    ] {
        assert!(flat.contains(words), "NOTICE lacks {words}");
    }
    assert!(listed.iter().any(|f| f.attribution.contains("GeoNames")));
}

fn provenance() -> Vec<Entry> {
    let text = std::fs::read_to_string(data().join("PROVENANCE.toml")).unwrap();
    toml::from_str::<Provenance>(&text).unwrap().file
}

/// `data/derive/provenance.py` writes what this test compares.
#[test]
fn every_data_file_is_the_one_that_its_provenance_describes() {
    for file in provenance() {
        let content = std::fs::read(data().join(&file.path)).unwrap();
        let sum: String = Sha256::digest(&content).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(sum, file.sha256, "{}", file.path);
        let text = match file.path.ends_with(".gz") {
            true => {
                let mut text = Vec::new();
                flate2::read::MultiGzDecoder::new(content.as_slice()).read_to_end(&mut text).unwrap();
                text
            }
            false => content,
        };
        let table = file.path.trim_end_matches(".gz").ends_with(".csv");
        let rows = table.then(|| csv::Reader::from_reader(text.as_slice()).into_records().map(Result::unwrap).count());
        assert_eq!(rows, file.rows, "{}", file.path);
    }
}

/// A derived file is made by a script of the list, from the version of the package that the script insists on.
#[test]
fn every_derived_file_names_its_script_and_its_pinned_package() {
    let files = provenance();
    for file in files.iter().filter(|file| file.source != "own") {
        assert!(files.iter().any(|f| f.path == file.derived_by && f.source == "own"), "{}: {}", file.path, file.derived_by);
        let script = std::fs::read_to_string(data().join(&file.derived_by)).unwrap();
        let (registry, package) = file.source.split_once(' ').unwrap();
        let sign = match registry {
            "npm" => "@",
            "Debian" => "=",
            _ => "==",
        };
        let pin = format!("{package}{sign}{}", file.version);
        assert!(script.contains(&pin), "{} doesn't say {pin}", file.derived_by);
        assert!(script.contains(&format!("PINNED = \"{}\"", file.version)), "{} doesn't insist on {pin}", file.derived_by);
    }
}

#[test]
fn the_embedded_reference_is_whole() {
    let reference = Reference::embedded().unwrap();
    let day = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
    assert_eq!(reference.programs.in_force(day).unwrap().version, "2026-01");
    assert_eq!(reference.calendars.of("US", None).key, "US");
    let there = reference.gazetteer.locate("US", Some("FL"), Some("Fort Lauderdale"), Some("33309")).unwrap();
    assert_eq!(reference.zones.at(there.point), Some(chrono_tz::America::New_York));
}

#[test]
fn a_program_file_that_is_not_there_is_named() {
    let error = Reference::load(Some(Path::new("/nowhere/program.toml"))).unwrap_err();
    assert!(error.to_string().starts_with("cannot read the program file /nowhere/program.toml: "), "{error}");
}
