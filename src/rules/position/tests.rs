use super::*;

#[test]
fn p5_3_a_point_lies_on_the_earth() {
    let table = [
        (26.2, -80.15, None),
        (90.0, 180.0, None),
        (-90.0, -180.0, None),
        (90.000_001, 0.0, Some("bad_latitude")),
        (0.0, -180.000_001, Some("bad_longitude")),
        (f64::NAN, 0.0, Some("bad_latitude")),
        (0.0, f64::NAN, Some("bad_longitude")),
        (f64::INFINITY, 0.0, Some("bad_latitude")),
        (0.0, f64::NEG_INFINITY, Some("bad_longitude")),
    ];
    for (latitude, longitude, code) in table {
        assert_eq!(Point::new(latitude, longitude).err().map(|f| f.code), code, "{latitude} {longitude}");
    }
}

#[test]
fn p5_3_a_point_from_json_is_looked_at_too() {
    let point = Point::new(26.2, -80.15).unwrap();
    let json = serde_json::to_string(&point).unwrap();
    assert_eq!(json, r#"{"latitude":26.2,"longitude":-80.15}"#);
    assert_eq!(serde_json::from_str::<Point>(&json).unwrap(), point);
    assert!(serde_json::from_str::<Point>(r#"{"latitude":91.0,"longitude":0.0}"#).is_err());
    assert_eq!(Position::given(point).radius_meters, 0.0);
}
