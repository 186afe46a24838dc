mod sample;

use super::*;
use crate::rules::tier::{ApplianceKind, Language, Tier};
use proptest::prelude::*;

const CONTRACTS: &str = "number,organization,region,tier,starts_on,ends_on,zone\n";
const COURIERS: &str = "code,name,email,phone\n";

fn faults<R: Feed>(input: impl AsRef<[u8]>) -> Vec<(u64, Option<String>, &'static str)> {
    read::<R>(input.as_ref(), Limits::default()).faults.into_iter().map(|f| (f.line, f.column, f.code)).collect()
}

fn at(line: u64, column: &str, code: &'static str) -> (u64, Option<String>, &'static str) {
    (line, (!column.is_empty()).then(|| column.to_owned()), code)
}

fn courier(code: &str) -> String {
    format!("{code},Swift Courier,desk@example.com,+12025550100\n")
}

#[test]
fn p4_1_a_contract_is_read_into_rules_types() {
    let input = format!(
        "\u{FEFF}{CONTRACTS}\r\nc-1, acme ,Europe,Gold Plus,2024-01-01,2030-12-31,Europe/Madrid\r\n,,,,,,\r\nC-2,ACME,japan,bronze,2024-01-01,2024-01-01,"
    );
    let reading = read::<contracts::Row>(input.as_bytes(), Limits::default());
    assert_eq!(reading.faults, []);
    let [first, second] = reading.rows.as_slice() else { panic!("two rows") };
    assert_eq!(
        (first.line, first.row.number.as_str(), first.row.organization.as_str(), first.row.tier),
        (3, "C-1", "ACME", Tier::GoldPlus)
    );
    assert_eq!(first.row.zone, Some(chrono_tz::Europe::Madrid));
    assert_eq!((second.line, second.row.zone, second.row.starts_on == second.row.ends_on), (5, None, true));
}

#[test]
fn every_fault_of_a_row_is_told_with_its_column() {
    let input = format!("{CONTRACTS},A B,moon,platinum,2024-02-30,1889-01-01,Mars\nC-1,ACME,europe,gold,2025-01-01,2024-12-31,\n");
    assert_eq!(
        faults::<contracts::Row>(input),
        [
            at(2, "number", "empty"),
            at(2, "organization", "bad_character"),
            at(2, "region", "unknown_word"),
            at(2, "tier", "unknown_word"),
            at(2, "starts_on", "bad_date"),
            at(2, "ends_on", "date_out_of_range"),
            at(2, "zone", "unknown_zone"),
            at(3, "ends_on", "ends_before_start"),
        ]
    );
}

#[test]
fn the_header_is_judged_before_the_rows() {
    assert_eq!(
        faults::<couriers::Row>("Code,name,e-mail,code\nCR-1,Swift,x@example.com,CR-1\n"),
        [
            at(1, "email", "missing_column"),
            at(1, "phone", "missing_column"),
            at(1, "", "unknown_column"),
            at(1, "code", "duplicate_column")
        ]
    );
    assert_eq!(faults::<couriers::Row>(courier("CR-1")), [at(1, "", "missing_header")], "no header at all");
    assert_eq!(faults::<couriers::Row>("code;name;email;phone\n"), [at(1, "", "missing_header")], "semicolons");
    assert_eq!(faults::<couriers::Row>(b"\xFF\xFEc\0o\0d\0e\0"), [at(1, "", "missing_header")], "UTF-16");
    assert_eq!(faults::<couriers::Row>("code,name,email,phone,\n"), [at(1, "", "unnamed_column")]);
    assert_eq!(faults::<couriers::Row>("code,name,email,phone,\"x\n"), [at(1, "", "unclosed_quote"), at(1, "", "unknown_column")]);
    for empty in ["", "\n\n", "\u{FEFF}", " \r\n,,,\r\n"] {
        assert_eq!(faults::<couriers::Row>(empty), [at(1, "", "empty_file")], "{empty:?}");
    }
    assert_eq!(faults::<couriers::Row>(COURIERS), [], "a header alone is an empty list");
    assert_eq!(faults::<couriers::Row>(format!("{}{}", "code,name,email,phone", ",x".repeat(1_000_000))).len(), 253);
}

#[test]
fn columns_may_stand_in_any_order() {
    let reading =
        read::<couriers::Row>(&b"Phone,EMAIL,Code,language,name\n+12025550100,a@example.com,cr-1,pt-BR,Swift\n"[..], Limits::default());
    assert_eq!(reading.faults, []);
    assert_eq!((reading.rows[0].row.code.as_str(), reading.rows[0].row.language), ("CR-1", Language::Portuguese));
}

#[test]
fn rows_of_another_width_are_faults_and_the_rest_is_read() {
    let input = format!("{COURIERS}CR-1,Swift\n{}CR-3,a,b,c,d\n", courier("CR-2"));
    assert_eq!(faults::<couriers::Row>(&input), [at(2, "", "ragged_row"), at(4, "", "ragged_row")]);
    assert_eq!(read::<couriers::Row>(input.as_bytes(), Limits::default()).rows.len(), 1);
}

#[test]
fn a_key_that_stands_twice_names_its_first_line() {
    let input = format!("{COURIERS}{}\n{}cr-1,,,\n", courier("CR-1"), courier(" cr-1"));
    let reading = read::<couriers::Row>(input.as_bytes(), Limits::default());
    assert_eq!(reading.faults[0].detail, "stands already on line 2");
    assert_eq!(
        reading.faults.iter().map(|f| (f.line, f.code)).collect::<Vec<_>>(),
        [(4, "duplicate"), (5, "duplicate"), (5, "empty"), (5, "empty"), (5, "empty")]
    );
}

#[test]
fn hostile_cells_are_faults_not_panics() {
    let input = [
        COURIERS.as_bytes(),
        b"CR-1,Sw\0ift,desk@example.com,+12025550100\n",
        b"CR-2,Sw\x1bift,desk@example.com,+1202\x07\n",
        b"CR-3,\"two\nlines\",desk@example.com,+12025550100\n",
        b"CR-4,\xC3\x28,desk@example.com,+12025550100\n",
        "CR-5,\u{202E}tfiwS,a@b\r\nBcc: x,+12025550100\n".as_bytes(),
    ];
    assert_eq!(
        faults::<couriers::Row>(input.concat()),
        [
            at(2, "name", "control_character"),
            at(3, "name", "control_character"),
            at(3, "phone", "control_character"),
            at(4, "name", "control_character"),
            at(6, "name", "not_utf8"),
            at(7, "", "ragged_row"),
            at(8, "", "ragged_row"),
        ]
    );
}

#[test]
fn an_unclosed_quote_never_swallows_rows_in_silence() {
    let header = "code,organization,name,address_1,city,country,receiving_notes\n";
    let site = |code: &str, note: &str| format!("{code},ACME,Depot,1 Main St,Tampa,US,{note}\n");
    let input = [header, &site("S-1", "\"Ring the bell"), &site("S-2", "Dock 2"), &site("S-3", "")].concat();
    assert_eq!(faults::<sites::Row>(input), [at(2, "receiving_notes", "unclosed_quote")]);
    // Two of them make a pair, which a lenient reader takes for one long note.
    let input = [header, &site("S-1", "\"Ring the bell"), &site("S-2", "\"Dock 2"), &site("S-3", "fine")].concat();
    assert_eq!(faults::<sites::Row>(input), [at(3, "receiving_notes", "stray_quote")]);
}

#[test]
fn p5_3_a_position_has_both_coordinates_and_a_contact_both_parts() {
    let header = "code,organization,name,address_1,city,country,latitude,longitude,contact_name,contact_phone\n";
    let row = |code: &str, rest: &str| format!("{code},ACME,Depot,1 Main St,Tampa,us,{rest}\n");
    let input = [
        header,
        &row("S-1", "27.9,-82.5,Front Desk,+12025550100"),
        &row("S-2", ",,,"),
        &row("S-3", "27.9,,,+12025550100"),
        &row("S-4", "91,-181,,"),
        &row("S-5", "north,1e5,Front Desk,12025550100"),
    ]
    .concat();
    assert_eq!(
        faults::<sites::Row>(&input),
        [
            at(4, "longitude", "half_a_pair"),
            at(4, "contact_name", "half_a_pair"),
            at(5, "latitude", "bad_latitude"),
            at(5, "longitude", "bad_longitude"),
            at(6, "latitude", "bad_number"),
            at(6, "longitude", "bad_number"),
            at(6, "contact_phone", "bad_phone"),
        ]
    );
    let rows = read::<sites::Row>(input.as_bytes(), Limits::default()).rows;
    assert_eq!(rows[0].row.position.map(|p| (p.latitude(), p.longitude())), Some((27.9, -82.5)));
    assert_eq!((rows[0].row.address.country.as_str(), rows[1].row.position, rows[1].row.contact.clone()), ("US", None, None));
}

#[test]
fn p1_an_appliance_is_physical_unless_said_otherwise() {
    let input = "serial_number,organization,model,kind,contracts\nSN1,A,NX-1,,\nSN2,A,VX,Virtual,C-1|C-2\nSN3,A,NX-1,ghost,C-1|C-1\n";
    let reading = read::<appliances::Row>(input.as_bytes(), Limits::default());
    assert_eq!(reading.rows.iter().map(|r| r.row.kind).collect::<Vec<_>>(), [ApplianceKind::Physical, ApplianceKind::Virtual]);
    assert_eq!(reading.rows[1].row.contracts.len(), 2);
    assert_eq!(faults::<appliances::Row>(input), [at(4, "kind", "unknown_word"), at(4, "contracts", "duplicate_item")]);
}

#[test]
fn p4_4_flags_of_parts_are_false_when_empty() {
    let input =
        "part_number,description,fits_models,excluded_from_gold_plus,export_controlled\nPSU-450,Power,NX-1|NX-2,YES,\nFAN,Fan,,x,0\n";
    let reading = read::<parts::Row>(input.as_bytes(), Limits::default());
    let row = &reading.rows[0].row;
    assert_eq!(
        (row.excluded_from_gold_plus, row.excluded_from_maintenance, row.export_controlled, row.fits_models.len()),
        (true, false, false, 2)
    );
    assert_eq!(faults::<parts::Row>(input), [at(3, "fits_models", "empty"), at(3, "excluded_from_gold_plus", "bad_boolean")]);
}

#[test]
fn p5_4_a_center_closes_after_it_opens() {
    let header = "code,name,city,country,latitude,longitude,zone,opens_on,closes_on,couriers\n";
    let row = |dates: &str| format!("SC-1,Center,Tampa,US,27.9,-82.5,America/New_York,{dates}\n");
    assert_eq!(
        faults::<service_centers::Row>([header, &row("2015-03-16,2015-03-16,")].concat()),
        [at(2, "closes_on", "closes_before_opening")]
    );
    let reading = read::<service_centers::Row>([header, &row("2015-03-16,,CR-1|CR-2")].concat().as_bytes(), Limits::default());
    assert_eq!((reading.faults.len(), reading.rows[0].row.couriers.len(), reading.rows[0].row.address.lines.len()), (0, 2, 0));
}

#[test]
fn p1_an_organization_without_a_language_gets_english() {
    let input = "code,name,region,country,language,contact_name,contact_email\nA,A (sample),europe,ES,,Front Desk,a@example.com\n";
    let reading = read::<organizations::Row>(input.as_bytes(), Limits::default());
    assert_eq!((reading.faults.len(), reading.rows[0].row.language), (0, Language::English));
}

#[test]
fn reading_stops_at_its_limits_and_says_so() {
    let many = format!("{COURIERS}{}", "x\n".repeat(5_000));
    let list = faults::<couriers::Row>(&many);
    assert_eq!((list.len(), list.last()), (1_001, Some(&at(1_002, "", "too_many_faults"))));
    let limits = Limits { rows: 2, cell_bytes: 20, ..Limits::default() };
    let input = format!("{COURIERS}{}{}{}", courier("CR-1"), courier("CR-2"), courier("CR-3"));
    let reading = read::<couriers::Row>(input.as_bytes(), limits);
    assert_eq!((reading.rows.len(), reading.faults.len(), reading.faults[0].line, reading.faults[0].code), (2, 1, 4, "too_many_rows"));
    let long = format!("{COURIERS}CR-1,{},desk@example.com,+12025550100\n{}", "x".repeat(1_000_000), courier("CR-2"));
    assert_eq!(faults::<couriers::Row>(&long), [at(2, "name", "too_long")]);
    assert_eq!(read::<couriers::Row>(long.as_bytes(), Limits::default()).rows.len(), 1);
}

#[test]
fn a_file_that_breaks_off_says_where() {
    struct Broken(std::io::Cursor<String>);
    impl std::io::Read for Broken {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            match self.0.read(buffer)? {
                0 => Err(std::io::Error::other("the disk is gone")),
                n => Ok(n),
            }
        }
    }
    let input = Broken(std::io::Cursor::new(format!("{COURIERS}{}CR-2,Sw", courier("CR-1"))));
    let reading = read::<couriers::Row>(input, Limits::default());
    assert_eq!((reading.rows.len(), reading.faults[0].code, reading.faults[0].line), (1, "unreadable", 3));
}

#[test]
fn a_hundred_thousand_rows_are_read() {
    let rows = (0..100_000).map(|n| format!("SN{n},ACME,NX-{},physical,S-{},C-1|C-2,2030-01-01\n", n % 5, n % 100)).collect::<String>();
    let input = format!("serial_number,organization,model,kind,site,contracts,end_of_maintenance_on\n{rows}");
    let reading = read::<appliances::Row>(input.as_bytes(), Limits::default());
    assert_eq!((reading.rows.len(), reading.faults.len(), reading.rows[99_999].line), (100_000, 0, 100_001));
}

#[test]
fn faults_read_as_sentences() {
    let reading = read::<couriers::Row>(format!("{COURIERS}CR-1,,desk@example.com,+12025550100\nx\n").as_bytes(), Limits::default());
    assert_eq!(reading.faults[0].to_string(), "line 2, column name: must not be empty (empty)");
    assert_eq!(reading.faults[1].to_string(), "line 3: the header has 4 cells, this line has 1 (ragged_row)");
}

/// Reads `input` as every feed; the total of faults that no user should ever see.
fn read_as_everything(input: &[u8]) -> usize {
    fn of<R: Feed>(input: &[u8]) -> usize {
        let header = columns::<R>().collect::<Vec<_>>().join(",");
        let with_header = [header.as_bytes(), b"\n", input].concat();
        let readings = [read::<R>(input, Limits::default()), read::<R>(with_header.as_slice(), Limits::default())];
        readings.iter().flat_map(|r| &r.faults).filter(|f| f.code == "undeclared_column").count()
    }
    of::<organizations::Row>(input)
        + of::<contracts::Row>(input)
        + of::<parts::Row>(input)
        + of::<sites::Row>(input)
        + of::<appliances::Row>(input)
        + of::<couriers::Row>(input)
        + of::<service_centers::Row>(input)
}

#[test]
fn no_feed_reads_a_column_that_it_does_not_declare() {
    for width in [5, 6, 7, 9, 14, 16] {
        assert_eq!(read_as_everything(["x"; 16][..width].join(",").as_bytes()), 0);
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_as_everything(&bytes);
    }

    #[test]
    fn bytes_that_look_like_csv_never_panic(text in "([a-z0-9,\"|@+. -]|\\r|\\n|\\PC|\\x00){0,200}") {
        read_as_everything(text.as_bytes());
    }
}
