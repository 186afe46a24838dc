use super::*;

/// Rows of `#` and blanks.
fn shown(dots: &Dots) -> Vec<String> {
    let row = |bytes: &[u8]| {
        bytes.iter().map(|b| format!("{b:08b}")).collect::<String>().replace('1', "#").replace('0', " ").trim_end().to_owned()
    };
    dots.bytes.chunks(dots.row).map(row).collect()
}

#[test]
fn a_letter_is_drawn_upright_on_its_base_line() {
    let dots = line("L", 20, 10).unwrap();
    let rows = shown(&dots);
    assert_eq!(rows.len(), 20);
    let filled: Vec<usize> = (0..20).filter(|row| !rows[*row].is_empty()).collect();
    let (top, foot) = (filled[0], *filled.last().unwrap());
    assert!(top <= 5 && (13..=16).contains(&foot), "{rows:#?}");
    assert!(rows[foot].trim().len() > rows[top].trim().len(), "the foot of an L is wider than its stem: {rows:#?}");
    assert!(!dots.respelled);
}

#[test]
fn every_script_of_the_fonts_leaves_dots_and_no_more_than_there_is_room_for() {
    for text in ["Αθήνα", "Київ", "東京都", "ğ"] {
        let dots = line(text, 34, 91).unwrap();
        assert!(dots.bytes.iter().any(|byte| *byte != 0) && !dots.respelled, "{text}");
        assert_eq!(dots.bytes.len(), dots.row * 34);
    }
    assert!(line(&"東".repeat(500), 34, 91).unwrap().row <= 91);
    assert!(line("서울", 34, 91).unwrap().respelled);
    assert_eq!(line("", 34, 91).unwrap().bytes, Vec::<u8>::new());
}
