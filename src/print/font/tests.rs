use super::*;

fn all(text: &str) -> Spelled {
    spell(text).unwrap()
}

#[test]
fn alphabets_and_asian_signs_are_shown_as_they_are_written() {
    for text in [
        "Łódź",
        "Αθήνα",
        "Київ",
        "Şişli, İstanbul",
        "Thị trấn Sa Pa",
        "Þórshöfn",
        "東京都千代田区",
        "ひらがな カタカナ・ー",
        "北京市朝阳区",
        "€ 1 – „x“ …",
    ] {
        assert_eq!(all(text), Spelled { text: text.into(), respelled: false });
    }
    // The same city, its marks as characters of their own.
    assert_eq!(all("Lo\u{301}dz\u{301}").text, "Lódź");
    assert_eq!(all("a\u{200D}b\u{FE0F}").text, "ab");
}

#[test]
fn what_the_fonts_lack_is_spelled_in_latin_letters_and_said() {
    for (text, near) in [("القاهرة", "lqhr@"), ("दिल्ली", "dillii"), ("תל אביב", "tl 'byb"), ("서울특별시", "seoulteugbyeolsi")]
    {
        let spelled = all(text);
        assert_eq!((spelled.text.to_lowercase().as_str(), spelled.respelled), (near, true), "{text}");
    }
    assert_eq!(all("\u{E000}").text, "?");
}

#[test]
fn a_line_is_as_wide_as_its_characters() {
    let one = shape("M", Weight::Regular).unwrap().width;
    assert!(one > 0.8 && one < 0.95, "{one}");
    assert!((shape("MMMM", Weight::Regular).unwrap().width - 4.0 * one).abs() < 1e-4);
    let mixed = shape("SC-TYO 東京 1", Weight::Bold).unwrap();
    assert_eq!(mixed.runs.iter().map(|r| r.text.as_str()).collect::<Vec<_>>(), ["SC-TYO ", "東京", " 1"]);
    assert!((mixed.runs[1].width - 2.0).abs() < 0.1);
}

proptest::proptest! {
    /// Every glyph stands for a character of its own font, whatever comes.
    #[test]
    fn no_text_shows_a_missing_glyph(text in "\\PC*|.*") {
        for weight in [Weight::Regular, Weight::Bold] {
            for run in shape(&text, weight).unwrap().runs {
                assert!(run.glyphs.iter().all(|g| g.glyph_id != GlyphId::new(0)), "{text:?}");
                assert_eq!(run.glyphs.len(), run.text.chars().count());
            }
        }
    }
}
