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
        (28.12, -15.43, Some("ES")),
        (35.889, -5.316, Some("ES")),
        (-37.07, -12.31, Some("SH")),
        (42.66, 21.16, Some("XK")),
        (30.0, -45.0, None),
    ];
    for (latitude, longitude, expected) in table {
        assert_eq!(Borders.country_at(Point::new(latitude, longitude).unwrap()), expected, "{latitude} {longitude}");
    }
}

#[test]
fn p5_3_a_position_near_a_border_is_not_said_to_be_abroad() {
    let elsewhere = |latitude, longitude, meters, country: &str| {
        Borders.elsewhere(Point::new(latitude, longitude).unwrap(), meters, |code| code == country)
    };
    // Windsor, a few kilometers beyond the river from Detroit.
    assert_eq!(elsewhere(42.28, -83.0, 500.0, "US"), Some("CA"));
    assert_eq!(elsewhere(42.28, -83.0, 20_000.0, "US"), None, "it may be on the other side as well");
    assert_eq!(elsewhere(42.28, -83.0, 500.0, "CA"), None);
    // In the bridge's lane between both.
    let middle = [0.0, 0.001, 0.002, 0.003, 0.004, 0.005].map(|north| elsewhere(42.309 + north, -83.0735, 2_000.0, "US"));
    assert_eq!(middle, [None; 6]);
    assert_eq!(elsewhere(30.0, -45.0, 500.0, "US"), None, "the high seas are nobody's");
    // Kosovo has no code of ISO 3166-1, so no address can name it.
    assert_eq!(elsewhere(42.66, 21.16, 500.0, "RS"), None);
    assert_eq!(elsewhere(18.40, -66.06, 500.0, "US"), Some("PR"));
    assert_eq!(elsewhere(90.0, 0.0, 500.0, "US"), None);
}
