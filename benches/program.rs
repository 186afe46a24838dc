//! The built program as a whole: `swapline coverage` over a million sites against reading and writing the same table, and
//! how soon `swapline serve` answers and how much memory it then holds.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "a bench prints figures, and stops where it can't go on"
)]

mod measure;

use measure::{grouped, heading, random};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const SITES: usize = 1_000_000;
const RUNS: usize = 3;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    heading("seconds");
    coverage(folder.path());
    start(folder.path());
}

fn swapline(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_swapline"));
    command.current_dir(folder).env_clear().env("SWAPLINE_LOG__FILTER", "warn");
    command
}

/// The same table through the csv crate, row by row, and through the program; by turns, the fastest of each counts.
fn coverage(folder: &Path) {
    tables(folder);
    let (sites, copy) = (folder.join("sites.csv"), folder.join("copy.csv"));
    let (mut floor, mut whole, mut small, mut large) = (f64::INFINITY, f64::INFINITY, 0, 0);
    for _ in 0..RUNS {
        let started = Instant::now();
        let mut reader = csv::Reader::from_path(&sites).unwrap();
        let mut writer = csv::Writer::from_path(&copy).unwrap();
        writer.write_byte_record(reader.byte_headers().unwrap()).unwrap();
        let mut row = csv::ByteRecord::new();
        while reader.read_byte_record(&mut row).unwrap() {
            writer.write_byte_record(&row).unwrap();
        }
        writer.flush().unwrap();
        floor = floor.min(started.elapsed().as_secs_f64());
        let (seconds, kilobytes) = judge(folder, "sites.csv");
        (whole, large) = (whole.min(seconds), large.max(kilobytes));
        small = small.max(judge(folder, "some.csv").1);
    }
    println!("{:<36} {floor:>14.2}", "csv crate: read and write 1,000,000");
    println!(
        "{:<36} {whole:>14.2} {:<30} {:>7.2} x  goal: 2 x",
        "swapline coverage, 1,000,000 sites",
        "the same without any check",
        whole / floor
    );
    println!("{:<36} {:>11} MB {:<30}", "  its memory at most", large / 1_024, format!("with a tenth of the rows {} MB", small / 1_024));
}

fn tables(folder: &Path) {
    let mut random = random();
    let mut place = |from: f64, to: f64| from + (to - from) * random(1_000_000_000) as f64 / 1e9;
    let mut write = |name: &str, rows: usize, head: &str, row: &mut dyn FnMut(usize, f64, f64) -> String| {
        let mut file = std::io::BufWriter::new(std::fs::File::create(folder.join(name)).unwrap());
        writeln!(file, "{head}").unwrap();
        for index in 0..rows {
            writeln!(file, "{}", row(index, place(33.0, 41.0), place(-115.0, -85.0))).unwrap();
        }
    };
    let site = |index: usize, latitude: f64, longitude: f64| format!("site-{index},US,{latitude:.6},{longitude:.6},25,,,");
    let head = "id,country,latitude,longitude,radius_m,postal_code,city,region";
    write("sites.csv", SITES, head, &mut |i, north, east| site(i, north, east));
    write("some.csv", SITES / 10, head, &mut |i, north, east| site(i, north, east));
    let head = "id,name,country,latitude,longitude,tz,opens_on,closes_on";
    write("centers.csv", 250, head, &mut |i, north, east| format!("SC-{i},Center,US,{north:.6},{east:.6},America/Chicago,2015-03-16,"));
}

/// Seconds of the whole process, and its memory at most in kilobytes.
fn judge(folder: &Path, sites: &str) -> (f64, u64) {
    let started = Instant::now();
    let arguments = ["coverage", "--sites", sites, "--out", "judged.csv", "--centers", "centers.csv"];
    let mut child = swapline(folder).args(arguments).stderr(Stdio::null()).spawn().unwrap();
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        most = most.max(kilobytes(&child, "VmHWM:"));
        std::thread::sleep(Duration::from_millis(5));
    }
    (started.elapsed().as_secs_f64(), most)
}

fn kilobytes(child: &Child, field: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    line.and_then(|line| line.split_whitespace().next()).and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// From the start of the process to the first answer, on a database that is there already; the fastest of several.
fn start(folder: &Path) {
    let (mut soonest, mut resident) = (f64::INFINITY, 0);
    for run in 0..=RUNS * 3 {
        let started = Instant::now();
        let mut serve = swapline(folder);
        serve.args(["serve"]).env("SWAPLINE_LISTEN", "127.0.0.1:0").env("SWAPLINE_LOG__FILTER", "info");
        let mut child = serve.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        // Kept open: the program goes on writing to it.
        let mut said = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let address = said.find_map(|line| address(&line)).unwrap();
        let answered = answers(&address);
        let seconds = started.elapsed().as_secs_f64();
        // The first one makes the database.
        if answered && run > 0 {
            soonest = soonest.min(seconds);
            resident = resident.max(kilobytes(&child, "VmRSS:"));
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    println!("{:<36} {:>11.0} ms {:<30} {:>9}  goal: 150 ms", "swapline serve, to the first answer", soonest * 1e3, "", "");
    println!("{:<36} {:>11} MB {:<30} {:>9}  goal: 80 MB", "  resident then", grouped(resident as f64 / 1_024.0), "", "");
}

fn address(line: &str) -> Option<String> {
    let at = line.find("http://").or_else(|| line.find("127.0.0.1:"))?;
    let rest = line.get(at..)?.trim_start_matches("http://");
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ':')).unwrap_or(rest.len());
    rest.get(..end).filter(|found| found.contains(':')).map(str::to_owned)
}

fn answers(address: &str) -> bool {
    use std::io::Read;
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    let mut request = String::new();
    write!(request, "GET /healthz HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).unwrap();
    answer.starts_with(b"HTTP/1.1 200")
}
