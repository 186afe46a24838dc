use super::*;
use crate::rules::number::RmaNumber;
use crate::rules::term::Term;
use crate::rules::text::{Code, PartNumber};

fn unit(state: StockState) -> StockUnit {
    StockUnit {
        serial_number: SerialNumber::parse("RP-1").unwrap(),
        part_number: PartNumber::parse("PSU-1").unwrap(),
        service_center: Code::parse("SC-1").unwrap(),
        state,
        note: None,
        rma: state.has_line().then(|| RmaNumber::of(10_000_017).unwrap()),
    }
}

fn codes(judged: Result<(), Vec<Refusal>>) -> Vec<&'static str> {
    judged.err().unwrap_or_default().into_iter().map(|r| r.code).collect()
}

#[test]
fn p4_by_hand_a_unit_moves_between_shelf_quarantine_and_written_off_and_nowhere_else() {
    for before in StockState::ALL {
        for after in StockState::ALL {
            let after_unit = StockUnit { rma: None, ..unit(*after) };
            let expected: &[&str] = match (before.has_line(), after.has_line()) {
                (true, _) => &["unit_in_use"],
                (false, true) => &["bad_stock_state"],
                (false, false) => &[],
            };
            assert_eq!(codes(may_change(Some(&unit(*before)), &after_unit)), expected, "{before} to {after}");
        }
    }
    assert_eq!(codes(may_change(None, &unit(StockState::Received))), [""; 0]);
    let other = StockUnit { part_number: PartNumber::parse("PSU-2").unwrap(), ..unit(StockState::Received) };
    assert_eq!(codes(may_change(Some(&unit(StockState::Received)), &other)), ["part_fixed"]);
}

#[test]
fn p4_what_leaves_is_free_or_the_rmas_own_and_fits_its_line() {
    let serial = SerialNumber::parse("RP-1").unwrap();
    let judged = |supply, unit, fits, own| may_leave(&serial, supply, unit, fits, own).err().map(|r| r.code);
    use StockState::{Quarantined, Received, Reserved, Shipped, WrittenOff};
    use Supply::{Backordered, Untracked};
    assert_eq!(judged(Supply::Reserved, Some(Reserved), true, true), None);
    assert_eq!(judged(Supply::Reserved, Some(Reserved), true, false), Some("unit_in_use"));
    assert_eq!(judged(Supply::Reserved, Some(Received), true, false), None, "another unit from the shelf");
    assert_eq!(judged(Supply::Reserved, Some(Received), false, false), Some("wrong_part"));
    assert_eq!(judged(Supply::Reserved, None, false, false), Some("unit_not_in_stock"));
    assert_eq!(judged(Backordered, None, false, false), None, "it came in just now");
    assert_eq!(judged(Untracked, None, false, false), None);
    for state in [Quarantined, WrittenOff] {
        assert_eq!(judged(Untracked, Some(state), true, false), Some("unit_not_fit"));
    }
    assert_eq!(judged(Untracked, Some(Shipped), true, false), Some("unit_in_use"));
}
