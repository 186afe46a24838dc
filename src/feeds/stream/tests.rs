use super::*;

const SHAPE: Shape = Shape { reads: &["id*", "n*", "note"], writes: &["id", "twice"] };

fn doubled(input: &str) -> Result<(String, Vec<String>, Count), String> {
    let (mut output, mut faults) = (Vec::new(), Vec::new());
    let work = |row: &Row<'_>, cells: &mut Vec<String>| {
        let n: i64 = row.read(1, |text| text.parse().map_err(|_| TextFault::new("bad_number", "is no number")))?;
        cells.extend([row.text(0)?.to_owned(), (n * 2).to_string()]);
        Ok(())
    };
    let count = run(SHAPE, input.as_bytes(), &mut output, work, |fault| faults.push(fault.to_string())).map_err(|e| e.to_string())?;
    Ok((String::from_utf8(output).unwrap(), faults, count))
}

#[test]
fn rows_are_worked_on_one_by_one_and_bad_ones_are_told_by_line() {
    let (text, faults, count) = doubled("n,other,id\n1,x,a\n\nx,y,b\n3,\"z,\n\",\"c,d\"\n4\n").unwrap();
    assert_eq!(text, "id,twice\na,2\n\"c,d\",6\n");
    assert_eq!(faults, ["line 4, column n: is no number (bad_number)", "line 7: has 1 cells, the header has 3 (wrong_cell_count)"]);
    assert_eq!(count, Count { good: 2, bad: 2 });
}

#[test]
fn a_header_must_have_its_columns() {
    assert_eq!(doubled("id,m\n").unwrap_err(), "line 1, column n: the header must have this column (missing_column)");
    assert!(doubled("").unwrap_err().contains("missing_header"));
    assert!(doubled("id,id,n\n").unwrap_err().contains("duplicate_column"));
}
