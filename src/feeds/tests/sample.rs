//! The sample network in `data/sample/` is whole: no faults, nothing named that isn't there, and it shows what its README says.

use super::*;
use crate::rules::coverage::{Center, Coverage, Verdict, check};
use crate::rules::position::{Method, Point, Position};
use std::collections::HashSet;
use std::path::PathBuf;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/sample")
}

/// The rows of a sample file, which must have no faults.
fn rows<R: Feed>() -> Vec<R> {
    let path = folder().join(R::NAME).with_extension("csv");
    let file = std::fs::File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let reading = read::<R>(file, Limits::default());
    assert_eq!(reading.faults, [], "{}", R::NAME);
    reading.rows.into_iter().map(|numbered| numbered.row).collect()
}

fn set<'a, R>(rows: &'a [R], name: impl Fn(&'a R) -> &'a str) -> HashSet<&'a str> {
    rows.iter().map(name).collect()
}

#[test]
fn everything_that_the_sample_names_is_in_it() {
    let organizations = rows::<organizations::Row>();
    let contracts = rows::<contracts::Row>();
    let parts = rows::<parts::Row>();
    let sites = rows::<sites::Row>();
    let couriers = rows::<couriers::Row>();
    let names = set(&organizations, |o| o.code.as_str());
    let models: HashSet<&str> = parts.iter().flat_map(|p| p.fits_models.iter().map(|m| m.as_str())).collect();
    for contract in &contracts {
        assert!(names.contains(contract.organization.as_str()), "{}", contract.number);
    }
    for site in &sites {
        assert!(names.contains(site.organization.as_str()), "{}", site.code);
    }
    for appliance in rows::<appliances::Row>() {
        let serial = &appliance.serial_number;
        assert!(names.contains(appliance.organization.as_str()) && models.contains(appliance.model.as_str()), "{serial}");
        let own_site = |code| sites.iter().any(|s| &s.code == code && s.organization == appliance.organization);
        assert!(appliance.site.as_ref().is_none_or(own_site), "{serial}");
        for number in &appliance.contracts {
            assert!(contracts.iter().any(|c| &c.number == number && c.organization == appliance.organization), "{serial}: {number}");
        }
    }
    let known = set(&couriers, |c| c.code.as_str());
    let centers = rows::<service_centers::Row>();
    assert!(centers.iter().flat_map(|c| &c.couriers).all(|code| known.contains(code.as_str())));
    assert_eq!((centers.len(), centers.iter().filter(|c| c.couriers.is_empty()).count()), (250, 1));
}

#[test]
fn the_sample_shows_every_tier_and_every_exception() {
    let (contracts, parts) = (rows::<contracts::Row>(), rows::<parts::Row>());
    let appliances = rows::<appliances::Row>();
    for tier in [Tier::Bronze, Tier::Silver, Tier::Gold, Tier::GoldPlus] {
        assert!(contracts.iter().any(|c| c.tier == tier), "{tier}");
    }
    assert!(parts.iter().any(|p| p.excluded_from_gold_plus) && parts.iter().any(|p| p.export_controlled));
    assert!(parts.iter().any(|p| p.excluded_from_maintenance));
    // P1: nothing virtual is under contract.
    assert!(appliances.iter().filter(|a| a.kind == ApplianceKind::Virtual).all(|a| a.contracts.is_empty()));
    assert!(appliances.iter().any(|a| a.kind == ApplianceKind::Virtual) && appliances.iter().any(|a| a.end_of_maintenance_on.is_some()));
}

#[test]
fn nobody_in_the_sample_can_be_called_or_written_to() {
    let (organizations, couriers, sites) = (rows::<organizations::Row>(), rows::<couriers::Row>(), rows::<sites::Row>());
    let emails = organizations.iter().map(|o| o.contacts[0].email.as_str()).chain(couriers.iter().map(|c| c.email.as_str()));
    for email in emails {
        assert!(email.ends_with(".example.com") || email.ends_with(".example.org"), "{email}");
    }
    let phones = organizations.iter().filter_map(|o| o.contacts[0].phone.as_ref()).chain(couriers.iter().map(|c| &c.phone));
    for phone in phones.chain(sites.iter().filter_map(|s| s.contact.as_ref().map(|c| &c.phone))) {
        let text = phone.as_str();
        let north_american = text.len() == 12 && text.starts_with("+1") && text.get(5..10) == Some("55501");
        let elsewhere = ["+442079460", "+6125550"].iter().any(|range| text.starts_with(range));
        assert!(north_american || elsewhere, "{text} is not in a range that is kept free");
    }
    assert!(
        organizations.iter().all(|o| o.name.as_str().ends_with("(sample)")) && sites.iter().all(|s| s.name.as_str().ends_with("(sample)"))
    );
    assert!(couriers.iter().all(|c| c.name.as_str().ends_with("(sample)")));
    assert!(rows::<service_centers::Row>().iter().all(|c| c.name.as_str().ends_with("(sample)")));
}

/// Coverage of a position on a day of 2026, before the two centers of 2027 open.
fn coverage(position: &Position, country: &str) -> Coverage {
    let center = |c: service_centers::Row| Center {
        code: c.code,
        country: c.address.country.to_string(),
        point: c.point,
        opens_on: c.opens_on,
        closes_on: c.closes_on,
    };
    let centers: Vec<Center> = rows::<service_centers::Row>().into_iter().map(center).collect();
    let limit = if country == "US" { 70.0 } else { 50.0 };
    check(Some(position), country, limit, &centers, chrono::NaiveDate::from_ymd_opt(2026, 6, 1).unwrap())
}

#[test]
fn p5_2_the_sample_sites_lie_in_and_out_of_range_as_the_readme_says() {
    let sites = rows::<sites::Row>();
    let of = |code: &str| {
        let site = sites.iter().find(|s| s.code.as_str() == code).unwrap();
        coverage(&Position::given(site.position.unwrap()), site.address.country.as_str())
    };
    for (code, center) in [
        ("HARBOR-FLL", "SC-MIA"),
        ("MESETA-MAD", "SC-MAD"),
        ("NORTHGATE-LON", "SC-LHR"),
        ("AURORA-SAO", "SC-GRU"),
        ("KAEDE-TYO", "SC-HND"),
        ("KAEDE-OSA", "SC-KIX"),
        ("REDGUM-SYD", "SC-SYD"),
    ] {
        let coverage = of(code);
        assert_eq!((coverage.verdict, coverage.nearest().map(|c| c.center.as_str())), (Verdict::Eligible, Some(center)), "{code}");
    }
    assert_eq!(of("HARBOR-EYW").verdict, Verdict::OutOfRange);
    assert_eq!(of("NORTHGATE-INV").verdict, Verdict::OutOfRange);
    let canberra = of("REDGUM-CBR");
    assert_eq!((canberra.verdict, canberra.opening.map(|c| c.center.to_string())), (Verdict::OutOfRange, Some("SC-CBR".to_owned())));
}

#[test]
fn p5_3_a_postal_code_is_enough_in_atlanta_and_too_coarse_in_toledo() {
    let sites = rows::<sites::Row>();
    for (code, latitude, longitude, verdict) in
        [("HARBOR-ATL", 33.752, -84.389, Verdict::Eligible), ("MESETA-TOL", 39.858, -4.022, Verdict::ConfirmPosition)]
    {
        let site = sites.iter().find(|s| s.code.as_str() == code).unwrap();
        assert!(site.position.is_none() && site.address.postal_code.is_some());
        // The center of the postal code's area and its radius, as the gazetteer has them.
        let position = Position::located(Point::new(latitude, longitude).unwrap(), Method::PostalCode, 2_000.0);
        assert_eq!(coverage(&position, site.address.country.as_str()).verdict, verdict, "{code}");
    }
    let nowhere = sites.iter().find(|s| s.code.as_str() == "HARBOR-NEW").unwrap();
    assert!(nowhere.position.is_none() && nowhere.address.postal_code.is_none());
}

#[test]
fn the_readme_names_every_appliance() {
    let readme = std::fs::read_to_string(folder().join("README.md")).unwrap();
    for appliance in rows::<appliances::Row>() {
        assert!(readme.contains(appliance.serial_number.as_str()), "{}", appliance.serial_number);
    }
}
