use super::*;
use crate::rules::term::Term;

#[test]
fn p1_the_four_tiers_from_least_to_most() {
    // Tier, word, title, whether the replacement is sent first (P4).
    let table = [
        (Tier::Bronze, "bronze", "Bronze", false),
        (Tier::Silver, "silver", "Silver", true),
        (Tier::Gold, "gold", "Gold", true),
        (Tier::GoldPlus, "gold_plus", "Gold Plus", true),
    ];
    assert_eq!(table.map(|(tier, ..)| tier).as_slice(), Tier::ALL);
    assert!(Tier::ALL.is_sorted(), "the highest of several is the greatest");
    for (tier, word, title, advance) in table {
        assert_eq!((tier.as_str(), tier.title(), tier.is_advance_exchange()), (word, title, advance));
        assert_eq!(Tier::parse(word), Some(tier));
    }
}

#[test]
fn p1_severities_go_from_one_to_four() {
    let table = [(i64::MIN, None), (-1, None), (0, None), (1, Some(1)), (4, Some(4)), (5, None), (65_537, None), (i64::MAX, None)];
    for (level, expected) in table {
        assert_eq!(Severity::new(level).map(Severity::level), expected, "{level}");
    }
}

/// Every word is spelled as listed, read back, and the same in JSON.
fn words<T: Term + serde::Serialize + serde::de::DeserializeOwned>(expected: &[&str]) {
    assert_eq!(T::ALL.iter().map(|t| t.as_str()).collect::<Vec<_>>(), expected, "{}", T::NAME);
    for (term, word) in T::ALL.iter().zip(expected) {
        assert_eq!(T::parse(word), Some(*term));
        assert_eq!(serde_json::to_string(term).unwrap(), format!("\"{word}\""));
        assert_eq!(serde_json::from_str::<T>(&format!("\"{word}\"")).unwrap(), *term);
    }
    for stranger in ["", " ", "Bronze", "BRONZE", "bronze ", "platinum", "gold-plus", "\0"] {
        assert_eq!(T::parse(stranger), None, "{stranger:?}");
    }
}

#[test]
fn p1_regions_languages_and_kinds_are_spelled_as_sold() {
    words::<Tier>(&["bronze", "silver", "gold", "gold_plus"]);
    words::<Region>(&[
        "north_america",
        "latin_america",
        "caribbean",
        "europe",
        "middle_east",
        "africa",
        "asia",
        "australia_new_zealand",
        "japan",
    ]);
    words::<Language>(&["en", "es", "pt", "fr", "de", "zh", "ko", "ja"]);
    words::<ApplianceKind>(&["physical", "virtual"]);
    words::<Channel>(&["phone", "web"]);
}
