use super::*;
use crate::rules::term::Term;

#[test]
fn p4_2_the_courier_gets_the_dispatch_and_its_end_and_nothing_else() {
    let theirs: Vec<NoticeKind> = NoticeKind::ALL.iter().copied().filter(|k| k.is_for_courier()).collect();
    assert_eq!(theirs, [NoticeKind::CourierDispatch, NoticeKind::CourierCancelled, NoticeKind::CourierReminder]);
    assert!(theirs.iter().all(|k| !k.is_for_operations()) && NoticeKind::DispatchAlert.is_for_operations());
}

#[test]
fn p4_2_a_contact_is_kept_with_name_number_and_consent() {
    let contact = LocalContact { name: "Front Desk".into(), phone: "+19545550142".into(), accepts_delivery: false };
    let stored = serde_json::to_string(&contact).unwrap();
    assert_eq!(stored, r#"{"name":"Front Desk","phone":"+19545550142","accepts_delivery":false}"#);
    assert_eq!(serde_json::from_str::<LocalContact>(&stored).unwrap(), contact);
    // Consent is never assumed.
    assert!(serde_json::from_str::<LocalContact>(r#"{"name":"Front Desk","phone":"+19545550142"}"#).is_err());
}
