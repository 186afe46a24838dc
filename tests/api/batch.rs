//! The batch commands of the built binary: tables in, tables out, faults by line.

use std::io::Write;
use std::process::{Command, Output, Stdio};

pub fn swapline(args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_swapline"))
        .args(args)
        .current_dir(std::env::temp_dir())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_owned());
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    output
}

fn told(output: &Output) -> (String, String, Option<i32>) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr), output.status.code())
}

#[test]
fn p3_4_due_days_are_the_days_of_the_calendar() {
    let input = "id,country,subdivision,tz,event_at,business_days\n\
        1,US,,America/New_York,2026-11-25T14:00:00-05:00,1\n\
        2,US,FL,America/New_York,2026-11-25T14:00:00-05:00,1\n\
        3,CA,BC,America/Vancouver,2026-12-01T12:00:00Z,2\n\
        4,US,,America/New_York,2033-12-30T12:00:00Z,5\n";
    let (out, err, code) = told(&swapline(&["due", "days", "--in", "-", "--out", "-"], input));
    assert_eq!(
        out,
        "id,due_on,due_at\n1,2026-11-27,2026-11-28T05:00:00Z\n2,2026-11-30,2026-12-01T05:00:00Z\n3,2026-12-03,2026-12-04T07:00:00Z\n"
    );
    assert!(err.starts_with("line 5: the holidays of calendar US are not known for 2034 (not_countable)\n"), "{err}");
    assert_eq!(code, Some(1));
}

#[test]
fn p3_4_a_folder_of_calendars_replaces_the_built_in_ones() {
    let folder = tempfile::tempdir().unwrap();
    let holidays = "country,subdiv,date,estimated,name\nAA,,2026-06-01,0,One\nAA,S,2026-06-02,0,Two\nBB,,2026-01-01,0,New Year\n";
    std::fs::write(folder.path().join("holidays.csv"), holidays).unwrap();
    std::fs::write(folder.path().join("weekends.csv"), "country,subdiv,from_date,weekend_days\nBB,,1900-01-01,Fri Sat\n").unwrap();
    // 2026-05-29 is a Friday.
    let input = "id,country,subdivision,tz,event_at,business_days\n\
        national,AA,,UTC,2026-05-29T10:00:00Z,1\nown,AA,S,UTC,2026-05-29T10:00:00Z,2\nother,AA,T,UTC,2026-05-29T10:00:00Z,1\n\
        friday,BB,,UTC,2026-05-28T10:00:00Z,1\n";
    let args = ["due", "days", "--in", "-", "--out", "-", "--calendars", folder.path().to_str().unwrap()];
    let (out, err, code) = told(&swapline(&args, input));
    let days: Vec<&str> = out.lines().skip(1).map(|line| line.rsplit_once(',').unwrap().0).collect();
    assert_eq!(days, ["national,2026-06-02", "own,2026-06-03", "other,2026-06-02", "friday,2026-05-31"]);
    assert_eq!((err.as_str(), code), ("", Some(0)));
}

#[test]
fn p3_3_due_hours_count_inside_windows() {
    let input = "id,tz,weekdays,open,close,holiday_calendar,start_at,hours\n\
        1,America/New_York,Mon Tue Wed Thu Fri,08:00,21:00,US,2026-11-25T20:00:00-05:00,4\n\
        2,+10:00,Mon Tue Wed Thu Fri Sat Sun,00:00,24:00,,2026-11-25T20:00:00Z,4\n\
        3,Europe/London,Mon,09:00,08:00,,2026-11-25T20:00:00Z,4\n";
    let (out, err, code) = told(&swapline(&["due", "hours", "--in", "-", "--out", "-"], input));
    assert_eq!(out, "id,due_at\n1,2026-11-27T16:00:00Z\n2,2026-11-26T00:00:00Z\n");
    assert!(err.starts_with("line 4, column close: must be later than the opening (closes_before_opening)\n"), "{err}");
    assert_eq!(code, Some(1));
}

#[test]
fn p5_2_distances_and_places_of_points() {
    let (out, _, code) = told(&swapline(&["distance", "--in", "-", "--out", "-"], "id,lat1,lon1,lat2,lon2\na,52.5,13.4,48.85,2.35\n"));
    assert_eq!((out.as_str(), code), ("id,meters,miles\na,879035.3878,546.2072669\n", Some(0)));
    let (out, _, code) = told(&swapline(&["locate", "--in", "-", "--out", "-"], "id,lat,lon\na,52.5,13.4\nb,18.4,-66.06\n"));
    assert_eq!((out.as_str(), code), ("id,country,tz\na,DE,Europe/Berlin\nb,PR,America/Puerto_Rico\n", Some(0)));
}

#[test]
fn p5_2_sites_are_judged_by_the_centers_of_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let centers = folder.path().join("centers.csv");
    let rows = "id,name,country,latitude,longitude,tz,opens_on,closes_on\nSC-FLL,Here,US,26.07,-80.15,America/New_York,2015-03-16,\n\
        SC-OLD,Gone,US,26.20,-80.15,America/New_York,2015-03-16,2020-01-01\nSC-PAR,There,FR,48.85,2.35,Europe/Paris,2015-03-16,\n";
    std::fs::write(&centers, rows).unwrap();
    let input = "id,country,latitude,longitude,radius_m,postal_code,city,region\n1,US,26.20,-80.15,,,,\n2,US,,,,33309,,\n\
        3,FR,48.85,3.35,80000,,,\n4,FR,43.30,5.37,,,,\n5,DE,52.5,13.4,,,,\n6,US,,,,,,\n";
    let args = ["coverage", "--sites", "-", "--out", "-", "--centers", centers.to_str().unwrap()];
    let (out, err, code) = told(&swapline(&args, input));
    let cells: Vec<Vec<&str>> = out.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let told: Vec<[&str; 4]> = cells.iter().map(|row| [row[0], row[1], row[2], row[6]]).collect();
    assert_eq!(
        told,
        [
            ["1", "eligible", "SC-FLL", "given"],
            ["2", "eligible", "SC-FLL", "postal_code"],
            ["3", "confirm_position", "SC-PAR", "given"],
            ["4", "out_of_range", "SC-PAR", "given"],
            ["5", "no_center_in_country", "", "given"],
            ["6", "position_unknown", "", "none"],
        ]
    );
    assert_eq!((err.as_str(), code), ("", Some(0)));
}

#[test]
fn p5_2_a_center_that_stands_twice_in_the_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let centers = folder.path().join("centers.csv");
    std::fs::write(&centers, "id,country,latitude,longitude\nSC-A,US,26.07,-80.15\nSC-B,US,26.07,-80.15\nSC-A,US,40,-80\n").unwrap();
    let args = ["coverage", "--sites", "-", "--out", "-", "--centers", centers.to_str().unwrap()];
    let (out, err, code) = told(&swapline(&args, "id,country\n"));
    assert!(err.contains("line 4, column id: stands in the file before (duplicate)"), "{err}");
    assert_eq!((out.as_str(), code), ("", Some(1)));
}

#[test]
fn nobody_reading_on_is_no_failure() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_swapline"))
        .args(["distance", "--in", "-", "--out", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    let _closed = stdin.write_all("id,lat1,lon1,lat2,lon2\n".as_bytes());
    // The command ends before it has read all of it.
    let _closed = stdin.write_all("a,52.5,13.4,48.85,2.35\n".repeat(20_000).as_bytes());
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

/// The largest resident size, in kB, that a table of so many rows takes.
#[cfg(target_os = "linux")]
fn peak_kb(rows: usize) -> u64 {
    let mut child = Command::new(env!("CARGO_BIN_EXE_swapline"))
        .args(["distance", "--in", "-", "--out", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut stdin, mut stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let reader = std::thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()));
    stdin.write_all(b"id,lat1,lon1,lat2,lon2\n").unwrap();
    for row in 0..rows {
        writeln!(stdin, "{row},{}.5,13.4,48.85,{}.35", row % 80, row % 170).unwrap();
    }
    // All but what the pipes hold has been worked on; the program waits for more.
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    drop(stdin);
    assert!(child.wait().unwrap().success());
    reader.join().unwrap().unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn memory_does_not_grow_with_the_table() {
    let (small, large) = (peak_kb(5_000), peak_kb(50_000));
    assert!(large < small + 4_096, "{small} kB for 5,000 rows, {large} kB for 50,000");
}

#[test]
fn a_table_may_be_written_over_the_one_that_is_read_and_a_bad_header_destroys_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("table.csv");
    let name = file.to_str().unwrap();
    std::fs::write(&file, "id,lat1,lon1,lat2,lon2\na,52.5,13.4,48.85,2.35\n").unwrap();
    let (_, err, code) = told(&swapline(&["distance", "--in", name, "--out", name], ""));
    assert_eq!((err.as_str(), code), ("", Some(0)));
    let written = "id,meters,miles\na,879035.3878,546.2072669\n";
    assert_eq!(std::fs::read_to_string(&file).unwrap(), written);
    let (_, err, code) = told(&swapline(&["distance", "--in", "-", "--out", name], "id,lat1\n"));
    assert!(err.contains("missing_column"), "{err}");
    assert_eq!((std::fs::read_to_string(&file).unwrap().as_str(), code), (written, Some(1)));
}
