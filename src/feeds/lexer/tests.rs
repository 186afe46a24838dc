use super::*;
use proptest::prelude::*;

/// Lines, cells, and whether the record had flaws.
fn records(input: &[u8], cell_bytes: usize) -> Vec<(u64, Vec<String>, Vec<Flaw>)> {
    let mut lexer = Lexer::new(input, cell_bytes).unwrap();
    let (mut record, mut all) = (Record::default(), Vec::new());
    while lexer.read(&mut record).unwrap() {
        let cells = (0..record.cells).map(|i| String::from_utf8_lossy(record.cell(i)).into_owned()).collect();
        all.push((record.line, cells, record.flaws.clone()));
    }
    all
}

fn cells(input: &str) -> Vec<Vec<String>> {
    records(input.as_bytes(), 10_000).into_iter().map(|(_, cells, _)| cells).collect()
}

#[test]
fn line_ends_of_every_kind_end_a_record_once() {
    for end in ["\n", "\r\n", "\r"] {
        let input = format!("a,b{end}c,d{end}{end}e,f");
        let lines: Vec<u64> = records(input.as_bytes(), 10).iter().map(|r| r.0).collect();
        assert_eq!(lines, [1, 2, 3, 4], "{end:?}");
        assert_eq!(cells(&input), [vec!["a", "b"], vec!["c", "d"], vec![""], vec!["e", "f"]]);
    }
}

#[test]
fn quotes_hold_commas_breaks_and_doubled_quotes() {
    assert_eq!(cells("\"a,b\",\"c\r\nd\",\"e\"\"f\",\"\"\r\ng"), [vec!["a,b", "c\nd", "e\"f", ""], vec!["g"]]);
    assert_eq!(records(b"\"1\n2\n3\",x\ny", 10).iter().map(|r| r.0).collect::<Vec<_>>(), [1, 4], "the line a record begins on");
}

#[test]
fn a_byte_order_mark_is_dropped_once_and_only_at_the_start() {
    assert_eq!(cells("\u{FEFF}\"a\",b"), [vec!["a", "b"]]);
    assert_eq!(cells("\u{FEFF}\u{FEFF}a"), [vec!["\u{FEFF}a"]]);
    assert_eq!(cells("\u{FEFF}"), Vec::<Vec<String>>::new());
    assert_eq!(cells("ab"), [vec!["ab"]]);
}

#[test]
fn quotes_out_of_place_are_flaws_with_their_line() {
    let flaw =
        |input: &str| records(input.as_bytes(), 100).into_iter().flat_map(|r| r.2).map(|f| (f.cell, f.line, f.kind)).collect::<Vec<_>>();
    assert_eq!(flaw("a,5\" disk\n"), [(1, 1, FlawKind::StrayQuote)]);
    assert_eq!(flaw("x\n\"a\"b,c\n"), [(0, 2, FlawKind::StrayQuote)]);
    assert_eq!(flaw("a, \"b\"\n"), [(1, 1, FlawKind::StrayQuote)]);
    assert_eq!(flaw("x\na,\"b\nc\nd"), [(1, 2, FlawKind::UnclosedQuote)]);
    assert_eq!(flaw("a,\"\"\n"), []);
    assert_eq!(flaw("a,\"b\""), []);
}

#[test]
fn a_huge_cell_is_cut_and_reading_goes_on() {
    let input = format!("a,{},b\n\"{}\",c\nd", "x".repeat(100_000), "y".repeat(100_000));
    let all = records(input.as_bytes(), 10);
    assert_eq!(all[0].1, ["a", "xxxxxxxxxx", "b"]);
    assert_eq!(all[0].2, [Flaw { cell: 1, line: 1, kind: FlawKind::TooLong }]);
    assert_eq!(all[1].1, ["yyyyyyyyyy", "c"]);
    assert_eq!(all[2], (3, vec!["d".to_owned()], vec![]));
}

#[test]
fn a_line_of_a_million_commas_is_counted_but_not_kept() {
    let input = format!("{}\nnext", "x,".repeat(1_000_000));
    let mut lexer = Lexer::new(input.as_bytes(), 10).unwrap();
    let mut record = Record::default();
    assert!(lexer.read(&mut record).unwrap());
    assert_eq!((record.cells, record.ends.len(), record.bytes.len()), (1_000_001, MAX_CELLS, MAX_CELLS));
    assert!(lexer.read(&mut record).unwrap());
    assert_eq!((record.line, record.cell(0)), (2, &b"next"[..]));
}

/// A reader that gives one byte at a time and is interrupted between them.
struct Drip<'a>(&'a [u8], bool);
impl Read for Drip<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.1 = !self.1;
        if self.1 {
            return Err(io::Error::from(io::ErrorKind::Interrupted));
        }
        self.0.read(buffer.get_mut(..1).unwrap_or_default())
    }
}

#[test]
fn input_may_come_in_drips() {
    let mut lexer = Lexer::new(Drip("\u{FEFF}a,\"b\"\"\r\nc\"\r\nd".as_bytes(), false), 10).unwrap();
    let mut record = Record::default();
    assert!(lexer.read(&mut record).unwrap());
    assert_eq!((record.cell(0), record.cell(1)), (&b"a"[..], &b"b\"\nc"[..]));
    assert!(lexer.read(&mut record).unwrap());
    assert_eq!((record.line, record.cell(0)), (3, &b"d"[..]));
    assert!(!lexer.read(&mut record).unwrap());
    assert!(!lexer.read(&mut record).unwrap(), "the end stays the end");
}

proptest! {
    #[test]
    fn reads_what_the_csv_crate_writes(rows in prop::collection::vec(prop::collection::vec("[a-z\",\n é=]{0,6}", 1..5), 0..8)) {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let all = records(&writer.into_inner().unwrap(), 10_000);
        prop_assert!(all.iter().all(|r| r.2.is_empty()));
        prop_assert_eq!(all.into_iter().map(|r| r.1).collect::<Vec<_>>(), rows);
    }

    #[test]
    fn agrees_with_the_csv_crate_wherever_it_finds_no_flaw(input in "[ab\",\n\r]{0,24}") {
        let ours = records(input.as_bytes(), 10_000);
        prop_assume!(ours.iter().all(|r| r.2.is_empty()));
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(input.as_bytes());
        let unify = |cell: &str| cell.replace("\r\n", "\n").replace('\r', "\n");
        let theirs: Vec<Vec<String>> = reader.records().map(|r| r.unwrap().iter().map(unify).collect()).collect();
        // The csv crate skips empty lines itself; we leave that to the reader, which skips blank records too.
        let skip = |rows: Vec<Vec<String>>| rows.into_iter().filter(|r| r.len() != 1 || !r[0].is_empty()).collect::<Vec<_>>();
        prop_assert_eq!(skip(ours.into_iter().map(|r| r.1).collect()), skip(theirs));
    }
}
