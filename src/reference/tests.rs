use super::*;
use crate::rules::calendar::Calendars as _;
use chrono::NaiveDate;
use std::collections::BTreeSet;

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
    license: String,
    attribution: String,
    derived_by: String,
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
    let text = std::fs::read_to_string(data().join("PROVENANCE.toml")).unwrap();
    let listed: Provenance = toml::from_str(&text).unwrap();
    let mut found = BTreeSet::new();
    walk(&data(), &mut found);
    let named: BTreeSet<String> = listed.file.iter().map(|f| f.path.clone()).collect();
    assert_eq!(named, found, "left: data/PROVENANCE.toml, right: the folder");
    assert_eq!(named.len(), listed.file.len(), "a file is listed twice");
    for file in &listed.file {
        assert!(!file.what.is_empty() && !file.source.is_empty() && !file.license.is_empty(), "{}", file.path);
        let script = file.derived_by.split(',').next().unwrap();
        assert!(script.is_empty() || named.contains(script), "{}: {script}", file.path);
    }
    let notice = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("NOTICE")).unwrap();
    let flat = notice.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in ["GeoNames", "Royal Mail copyright and database right", "OpenStreetMap contributors", "Vacanza Team", "Unicode, Inc."] {
        assert!(flat.contains(words), "NOTICE lacks {words}");
    }
    assert!(listed.file.iter().any(|f| f.attribution.contains("GeoNames")));
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
