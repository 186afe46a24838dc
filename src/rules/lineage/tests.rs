use super::*;

fn serial(text: &str) -> SerialNumber {
    SerialNumber::parse(text).unwrap()
}

fn line(from: &str, to: Option<&str>, whole_unit: bool) -> LineFacts {
    LineFacts { serial_number: serial(from), replacement: to.map(serial), whole_unit, void: false }
}

#[test]
fn p4_only_a_whole_unit_takes_the_place_of_the_appliance() {
    let of = |lines: &[LineFacts]| succession(&serial("A"), &[], lines).unwrap();
    let follows = Some(Succession { from: serial("A"), to: serial("B") });
    assert_eq!(of(&[line("A", Some("P-1"), false)]), None, "a power supply");
    assert_eq!(of(&[line("A", Some("B"), true)]), follows);
    assert_eq!(of(&[line("A", Some("P-1"), false), line("A", Some("B"), true)]), follows, "beside a component");
    assert_eq!(of(&[LineFacts { void: true, ..line("A", Some("B"), true) }]), None, "a line that was called off");
    assert_eq!(of(&[line("A", None, true)]), None, "nothing was sent");
    assert_eq!(of(&[line("A", Some("A"), true)]), None, "the same unit, repaired");
}

#[test]
fn p4_units_are_followed_in_order() {
    let second = [line("B", Some("C"), true)];
    assert_eq!(succession(&serial("A"), &[], &second).unwrap_err().code, "earlier_rma_open");
    let follows = Some(Succession { from: serial("B"), to: serial("C") });
    assert_eq!(succession(&serial("B"), &[serial("A")], &second).unwrap(), follows);
    assert_eq!(succession(&serial("B"), &[serial("A")], &[line("A", Some("D"), true)]).unwrap(), None, "A is followed already");
}
