use super::*;

fn line(cells: &[&str]) -> String {
    String::from_utf8(encode([cells.iter().map(|c| (*c).to_owned()).collect()]).unwrap()).unwrap()
}

#[test]
fn cells_that_a_spreadsheet_would_run_get_an_apostrophe() {
    for cell in ["=1+1", "@SUM(A1)", "\t=1", "+cmd|' /C calc'!A0", "-2+3", "+", "-", "=", "  =1+1", "-1.2.3", "+1(2)", "＝1+1", "-A1"] {
        assert_eq!(guard(cell.to_owned()), format!("'{cell}"));
    }
    assert_eq!(guard("\r=1".to_owned()), "'\r=1");
}

#[test]
fn numbers_phones_and_ordinary_text_stay_as_they_are() {
    for cell in ["-80.15", "+5", "+34911234567", "+44 20 7946 0123", "-.5", "", "  ", "a=b", "Front Desk", "2026-11-24", "'quoted'"] {
        assert_eq!(guard(cell.to_owned()), cell);
    }
}

#[test]
fn rows_are_quoted_where_needed_and_end_in_crlf() {
    assert_eq!(String::from_utf8(header(&["code", "name"]).unwrap()).unwrap(), "code,name\r\n");
    assert_eq!(line(&["A", "b,c", "d\"e", "f\ng", ""]), "A,\"b,c\",\"d\"\"e\",\"f\ng\",\r\n");
    assert_eq!(line(&[""]), "\"\"\r\n", "a lone empty cell is not a blank line");
    assert!(encode([]).unwrap().is_empty());
}

#[test]
fn what_is_written_can_be_imported() {
    let mut file = header(&["code", "name", "email", "phone", "language"]).unwrap();
    for n in 0..3 {
        let row = [format!("CR-{n}"), "Swift, \"the\" courier".into(), "desk@example.com".into(), "+1 202 555 0100".into(), "es".into()];
        file.extend(encode([row.to_vec()]).unwrap());
    }
    let reading = crate::feeds::read::<crate::feeds::couriers::Row>(file.as_slice(), crate::feeds::Limits::default());
    assert_eq!(reading.faults, []);
    assert_eq!(reading.rows.iter().map(|r| (r.line, r.row.name.as_str())).next_back(), Some((4, "Swift, \"the\" courier")));
}
