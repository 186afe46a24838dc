use super::*;
use serde_json::json;

#[test]
fn a_month_without_anything_has_no_column_and_no_share() {
    let groups = [
        json!({"group": "2026-10", "numerator": 0, "denominator": 0, "ratio": null, "rows": "/api/v1/reports/breaches/rows?x"}),
        json!({"group": "2026-11", "numerator": 3, "denominator": 4, "ratio": 0.75, "rows": "/api/v1/reports/breaches/rows?y"}),
    ];
    let columns = Columns::of(&groups, "Breaches").columns;
    assert_eq!(columns.iter().map(|column| column.height).collect::<Vec<_>>(), [0, HIGH * 3 / 4]);
    assert_eq!(columns[1].says, "2026-11: 75.0 % (3 of 4)");
    let bars = Bar::shares(&groups, false);
    assert_eq!((bars[0].figures[0].as_str(), bars[1].length.as_str()), ("–", "75.0"));
    assert_eq!(bars[1].rows.as_deref(), Some("/c/reports/breaches/rows?y"));
}

#[test]
fn sixty_months_stay_in_the_picture_and_small_shares_are_seen() {
    let groups: Vec<Value> = (0..60).map(|n| json!({"group": format!("m{n}"), "numerator": 1, "denominator": 50, "ratio": 0.02})).collect();
    let all = Columns::of(&groups, "Breaches");
    assert!(all.columns.iter().all(|column| column.x >= LEFT && column.x + column.width <= WIDTH && column.height == HIGH * 2 / 5));
    assert_eq!(all.columns.iter().filter(|column| column.name.is_some()).count(), NAMES);
    assert_eq!(all.lines[2], (TOP, "5 %".to_owned()));
}

#[test]
fn counts_are_measured_by_the_largest() {
    let ages = [json!({"days": "1-7", "count": 2}), json!({"days": ">60", "count": 8})];
    assert_eq!(Bar::counts(&ages, "days").iter().map(|bar| bar.length.as_str()).collect::<Vec<_>>(), ["25", "100"]);
    assert_eq!(Bar::counts(&[json!({"days": "1-7", "count": 0})], "days")[0].length, "0");
    assert_eq!(span(90_061), "1 d 1 h");
}
