use super::*;

#[test]
fn neighbors_are_one_rectangle() {
    let row = [true, true, false, true];
    assert_eq!(runs(&row, 3), [Dark { x: 0, y: 3, width: 2 }, Dark { x: 3, y: 3, width: 1 }]);
    assert_eq!(svg_path(&runs(&row, 3), 1), "M0 3h2v1h-2zM3 3h1v1h-1z");
}

#[test]
fn a_number_is_thirteen_signs_of_code_128_and_the_smallest_qr_code() {
    let number = RmaNumber::of(10_000_017).unwrap();
    // Start, eleven characters and the check sign of 11 modules, the stop sign of 13.
    assert_eq!(Bars::of(number).unwrap().width(), 13 * 11 + 13);
    assert_eq!(Squares::of(number).unwrap().width(), 21);
}

#[test]
fn the_longest_number_fits() {
    let number = RmaNumber::of(99_999_999).unwrap();
    assert!(Bars::of(number).unwrap().width() <= 200 && Squares::of(number).unwrap().width() <= 29);
}
