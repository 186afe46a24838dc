use super::*;
use proptest::prelude::*;

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_600_000 + minute * 60, 0).unwrap()
}

fn minutes(way: &Way) -> [i64; 4] {
    cut(way).map(|(_, seconds)| seconds / 60)
}

const NOTHING: Option<i64> = None;

fn way(verified: Option<i64>, started: Option<i64>, shipped: Option<i64>, ended: i64) -> Way {
    Way { verified_at: verified.map(at), issued_at: at(0), started_at: started.map(at), shipped_at: shipped.map(at), ended_at: at(ended) }
}

#[test]
fn p3_5_the_time_of_an_rma_is_cut_where_it_changes_hands() {
    let table = [
        (way(Some(-10), Some(60), Some(90), 300), [10, 60, 30, 210], Segment::Courier),
        // Not left yet: it lies where it is; a ship-by deadline ends with the departure.
        (way(Some(-10), Some(0), NOTHING, 300), [10, 0, 300, 0], Segment::Stock),
        (way(Some(-10), Some(0), Some(300), 300), [10, 0, 300, 0], Segment::Stock),
        // Nobody accepts: everything since the issue is the customer's.
        (way(Some(-10), NOTHING, NOTHING, 300), [10, 300, 0, 0], Segment::Customer),
        (way(Some(-900), Some(0), Some(10), 300), [900, 0, 10, 290], Segment::Authorization),
        (way(NOTHING, Some(0), Some(10), 300), [0, 0, 10, 290], Segment::Courier),
        // What happened after the instant of a report hadn't happened then.
        (way(Some(-10), Some(60), Some(400), 300), [10, 60, 240, 0], Segment::Stock),
        // Of equals the later.
        (way(Some(-100), Some(0), Some(100), 200), [100, 0, 100, 100], Segment::Courier),
        // A record that contradicts the others takes nothing away.
        (way(Some(50), Some(-60), Some(-30), 300), [0, 0, 0, 300], Segment::Courier),
    ];
    for (way, expected, whose) in table {
        assert_eq!((minutes(&way), attributed(&cut(&way))), (expected, whose), "{way:?}");
    }
}

proptest! {
    #[test]
    fn p3_5_the_segments_add_up_to_the_whole(verified in prop::option::of(-9_000..9_000_i64), started in prop::option::of(-9_000..9_000_i64),
        shipped in prop::option::of(-9_000..9_000_i64), ended in -9_000..9_000_i64) {
        let way = way(verified, started, shipped, ended);
        let whole = way.ended_at - way.verified_at.unwrap_or(way.issued_at).min(way.issued_at).min(way.ended_at);
        let cut = cut(&way);
        prop_assert_eq!(cut.iter().map(|(_, seconds)| seconds).sum::<i64>(), whole.num_seconds());
        prop_assert!(cut.iter().all(|(_, seconds)| *seconds >= 0));
    }
}
