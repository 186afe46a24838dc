use super::*;

#[test]
fn a_point_has_its_zone() {
    let table = [
        (26.20, -80.15, "America/New_York"),
        (40.417, -3.703, "Europe/Madrid"),
        (35.690, 139.692, "Asia/Tokyo"),
        (-33.87, 151.21, "Australia/Sydney"),
        (28.652, 77.231, "Asia/Kolkata"),
        (90.0, 180.0, "Etc/GMT-12"),
        (-90.0, -180.0, "Antarctica/McMurdo"),
    ];
    for (latitude, longitude, zone) in table {
        let found = Zones.at(Point::new(latitude, longitude).unwrap());
        assert_eq!(found.map(|z| z.name()), Some(zone), "{latitude} {longitude}");
    }
}

#[test]
fn every_zone_of_the_areas_has_rules() {
    let without: Vec<&String> = Vec::new();
    let finder = EmbeddedFinder::new();
    let unknown: Vec<String> = finder.timezonenames().iter().filter(|n| n.parse::<Tz>().is_err()).map(|n| n.to_string()).collect();
    assert_eq!(unknown.iter().collect::<Vec<_>>(), without);
}
