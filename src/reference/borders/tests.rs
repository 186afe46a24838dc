use super::*;

#[test]
fn p5_2_a_point_is_in_the_country_whose_code_it_has() {
    let table = [
        (26.20, -80.15, Some("US")),
        (18.40, -66.06, Some("PR")),
        (13.48, 144.79, Some("GU")),
        (22.30, 114.17, Some("HK")),
        (4.92, -52.31, Some("GF")),
        (48.85, 2.35, Some("FR")),
        (-41.29, 174.78, Some("NZ")),
        (30.0, -45.0, None),
    ];
    for (latitude, longitude, expected) in table {
        assert_eq!(Borders.country_at(Point::new(latitude, longitude).unwrap()), expected, "{latitude} {longitude}");
    }
}
