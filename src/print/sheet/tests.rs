use super::*;

#[test]
fn long_lines_break_between_words_and_long_words_anywhere() {
    assert_eq!(wrap("one two three", 45.0, 10.0, Weight::Regular).unwrap(), ["one two", "three"]);
    let signs = "東京都千代田区丸の内";
    let lines = wrap(signs, 41.0, 10.0, Weight::Regular).unwrap();
    assert_eq!(lines.concat(), signs);
    assert!(lines.iter().all(|line| line.chars().count() <= 4), "{lines:?}");
    assert_eq!(wrap("", 10.0, 10.0, Weight::Regular).unwrap(), Vec::<String>::new());
    // Narrower than any character: one each, and no end without.
    assert_eq!(wrap("abc", 0.1, 10.0, Weight::Regular).unwrap(), ["a", "b", "c"]);
}

#[test]
fn a_block_shrinks_and_then_ends_in_an_ellipsis() {
    let mut sheet = Sheet::new(200.0, 200.0);
    let area = Area { x: 0.0, y: 0.0, width: 100.0, height: 30.0 };
    let small = sheet.block(area, (20.0, 6.0), &["one".into(), "two".into()]).unwrap();
    assert!(small <= 30.0);
    let many: Vec<String> = (0..40).map(|n| format!("line {n}")).collect();
    assert!(sheet.block(area, (20.0, 6.0), &many).unwrap() <= 30.0);
    let Some(Mark::Text { shaped, .. }) = sheet.marks.last() else { panic!() };
    assert!(shaped.runs.iter().any(|run| run.text.ends_with('…')));
}

proptest::proptest! {
    #[test]
    fn nothing_is_lost_in_a_wrap(text in "[a-zA-Z0-9 é東]{0,60}", width in 1.0_f32..200.0) {
        let joined = wrap(&text, width, 10.0, Weight::Bold).unwrap().concat().replace(' ', "");
        assert_eq!(joined, text.replace(' ', ""));
    }
}
