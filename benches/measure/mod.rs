//! What the benches share: the best of several runs, a peer that answers in the same run, one line a figure.
#![allow(dead_code, reason = "no bench needs all of it")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Runs of which the fastest counts: what else the machine does only ever makes one slower.
const RUNS: usize = 7;

/// Seconds of the fastest of seven runs, after one that isn't counted.
pub fn best(mut run: impl FnMut()) -> f64 {
    run();
    let time = |run: &mut dyn FnMut()| {
        let started = Instant::now();
        run();
        started.elapsed().as_secs_f64()
    };
    (0..RUNS).map(|_| time(&mut run)).fold(f64::INFINITY, f64::min)
}

/// Numbers below a bound, the same in every run (xorshift64*).
pub fn random() -> impl FnMut(u64) -> u64 {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    move |below| {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) % below
    }
}

/// Gives rows to a script of `peers/`; its own seconds and what it answers to be compared. Says so where it can't run.
pub fn peer(name: &str, script: &str, rows: &str) -> Option<(f64, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers").join(script);
    let python = std::env::var("SWAPLINE_BENCH_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let program = if script.ends_with(".py") { python.as_str() } else { "perl" };
    let child = Command::new(program).arg(path).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        println!("    {name} is not here: run bash benches/run.sh");
        return None;
    };
    // A peer that ends at once leaves its input unread.
    let _unread = child.stdin.take().unwrap().write_all(rows.as_bytes());
    let out = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    let answer = text.trim().split_once(' ').and_then(|(seconds, check)| Some((seconds.parse().ok()?, check.to_owned())));
    if answer.is_none() {
        println!("    {name} did not answer: {}", String::from_utf8_lossy(&out.stderr).lines().last().unwrap_or_default());
    }
    answer
}

/// The head of the table.
pub fn heading(unit: &str) {
    println!("{:<36} {:>14} {:<30} {:>9}", "what", unit, "against", "ratio");
}

/// A figure, and its ratio to the peer's.
pub fn report(what: &str, figure: f64, against: Option<(&str, f64)>, goal: &str) {
    let (name, ratio) = match against {
        Some((name, there)) => (format!("{name} {}", grouped(there)), format!("{:.1} x", figure / there)),
        None => (String::new(), String::new()),
    };
    println!("{what:<36} {:>14} {name:<30} {ratio:>9}  {goal}", grouped(figure));
}

/// `1234567.8` as `1,234,568`.
pub fn grouped(figure: f64) -> String {
    let digits = format!("{figure:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
