use super::*;

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_600_000 + second, 0).unwrap()
}

#[test]
fn p3_5_how_a_deadline_stood_follows_from_its_instants() {
    // Due at 100: (done, void, as of, expected).
    let table = [
        (None, None, 99, Standing::NotDueYet),
        (None, None, 100, Standing::NotDueYet),
        (None, None, 101, Standing::Missed),
        (Some(100), None, 200, Standing::Met),
        (Some(101), None, 200, Standing::Missed),
        // Before it was done it wasn't.
        (Some(90), None, 80, Standing::NotDueYet),
        (Some(90), None, 90, Standing::Met),
        (Some(150), None, 120, Standing::Missed),
        (None, Some(50), 200, Standing::Void),
        (None, Some(150), 120, Standing::Missed),
        (None, Some(150), 150, Standing::Void),
    ];
    for (done, void, as_of, expected) in table {
        assert_eq!(standing(at(100), done.map(at), void.map(at), at(as_of)), expected, "{done:?} {void:?} {as_of}");
    }
}

#[test]
fn p4_6_every_day_overdue_has_one_age() {
    let day = 86_400;
    for (late, days) in
        [(-5, 0), (0, 0), (1, 1), (day, 1), (day + 1, 2), (7 * day, 7), (7 * day + 1, 8), (60 * day, 60), (60 * day + 1, 61)]
    {
        assert_eq!(days_overdue(at(0), at(late)), days, "{late}");
        let of = AGES.iter().filter(|(_, first, last)| {
            let (from, before) = due_between(*first, *last, at(late));
            from.is_none_or(|from| at(0) >= from) && at(0) < before
        });
        let expected = AGES.iter().filter(|(_, first, last)| days >= *first && last.is_none_or(|last| days <= last));
        assert_eq!(of.collect::<Vec<_>>(), expected.collect::<Vec<_>>(), "{late}");
    }
}

#[test]
fn p3_5_more_breaches_than_are_attributed_are_refused_with_a_hint() {
    assert_eq!(attributable(BREACHES_MOST), Ok(()));
    let refusal = attributable(BREACHES_MOST + 1).unwrap_err();
    assert_eq!(refusal.code, "too_many_breaches");
    assert!(refusal.detail.contains("200001") && refusal.detail.contains("shorter period"), "{}", refusal.detail);
}
