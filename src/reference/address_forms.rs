//! How addresses are written: which parts an address of a country has, in which order, and what people there call them.
//!
//! For the forms in which people enter one. What is stored has the same members everywhere.

/// A part of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Street, number, building.
    Lines,
    /// City.
    City,
    /// State, province or region.
    Region,
    /// Postal code.
    PostalCode,
}

/// How a country writes its addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressForm {
    /// The parts, in the order in which they are written.
    pub parts: &'static [Part],
    city: &'static str,
    region: &'static str,
    postal_code: &'static str,
}

use Part::{City, Lines, PostalCode, Region};

const CODE_CITY: &[Part] = &[Lines, PostalCode, City];
const CODE_CITY_REGION: &[Part] = &[Lines, PostalCode, City, Region];
const CITY_CODE: &[Part] = &[Lines, City, PostalCode];
const CITY_CODE_REGION: &[Part] = &[Lines, City, PostalCode, Region];
const CITY_REGION: &[Part] = &[Lines, City, Region];
const CITY_REGION_CODE: &[Part] = &[Lines, City, Region, PostalCode];
const CITY: &[Part] = &[Lines, City];
/// The largest part first, the building last.
const FROM_LARGE: &[Part] = &[PostalCode, Region, City, Lines];
const FROM_LARGE_WITHOUT_REGION: &[Part] = &[PostalCode, City, Lines];

impl AddressForm {
    const fn new(parts: &'static [Part], region: &'static str, postal_code: &'static str) -> Self {
        Self { parts, city: "City", region, postal_code }
    }
    const fn city(self, city: &'static str) -> Self {
        Self { city, ..self }
    }
    /// What people call a part.
    pub fn label(&self, part: Part) -> &'static str {
        match part {
            Lines => "Street and number",
            City => self.city,
            Region => self.region,
            PostalCode => self.postal_code,
        }
    }
}

/// The form of a country, by its upper-case code.
pub fn of(country: &str) -> AddressForm {
    let (code, region) = ("Postal code", "State, province or region");
    match country {
        "US" | "PR" | "GU" | "VI" | "AS" | "MP" => AddressForm::new(CITY_REGION_CODE, "State", "ZIP code"),
        "CA" => AddressForm::new(CITY_REGION_CODE, "Province", code),
        "AU" => AddressForm::new(CITY_REGION_CODE, "State or territory", "Postcode").city("Suburb or town"),
        "BR" => AddressForm::new(CITY_REGION_CODE, "State", "Postal code (CEP)"),
        "MX" => AddressForm::new(CODE_CITY_REGION, "State", code),
        "MY" => AddressForm::new(CODE_CITY_REGION, "State", "Postcode"),
        "ES" | "AR" => AddressForm::new(CODE_CITY_REGION, "Province", code),
        "IT" => AddressForm::new(CODE_CITY_REGION, "Province", "Postal code (CAP)"),
        "IN" => AddressForm::new(CITY_CODE_REGION, "State", "PIN code"),
        "ID" | "TH" => AddressForm::new(CITY_REGION_CODE, "Province", code),
        "VN" => AddressForm::new(CITY_REGION_CODE, "Province", code).city("District or city"),
        "GB" | "IM" | "JE" | "GG" | "GI" | "FK" => AddressForm::new(CITY_CODE, "County", "Postcode").city("Town or city"),
        "IE" => AddressForm::new(&[Lines, City, Region, PostalCode], "County", "Eircode").city("Town or city"),
        "NZ" | "ZA" => AddressForm::new(CITY_CODE, region, if country == "NZ" { "Postcode" } else { code }).city("Town or city"),
        "SG" => AddressForm::new(CITY_CODE, region, code).city("City (Singapore)"),
        "JP" => AddressForm::new(FROM_LARGE, "Prefecture", code).city("City or ward"),
        "CN" => AddressForm::new(FROM_LARGE, "Province", code),
        "KR" => AddressForm::new(FROM_LARGE, "Province or metropolitan city", code).city("City, county or district"),
        "TW" => AddressForm::new(FROM_LARGE_WITHOUT_REGION, region, code).city("City or county"),
        "RU" | "UA" | "KZ" => AddressForm::new(&[Lines, City, Region, PostalCode], "Region", code),
        "TR" => AddressForm::new(CODE_CITY_REGION, "Province", code).city("District"),
        "EG" => AddressForm::new(CITY_REGION_CODE, "Governorate", code),
        "CO" | "CL" | "PE" => AddressForm::new(CITY_REGION_CODE, if country == "CO" { "Department" } else { "Region" }, code),
        // No postal codes are in use.
        "HK" => AddressForm::new(CITY_REGION, "Hong Kong Island, Kowloon or New Territories", code).city("District"),
        "AE" => AddressForm::new(CITY_REGION, "Emirate", code),
        "MO" | "QA" | "AO" | "AG" | "AW" | "BS" | "BZ" | "BJ" | "BW" | "BF" | "BI" | "CM" | "CF" | "KM" | "CG" | "CD" | "CI" | "DJ"
        | "DM" | "GQ" | "ER" | "FJ" | "GA" | "GM" | "GD" | "GY" | "KI" | "ML" | "MR" | "NR" | "RW" | "KN" | "ST" | "SC" | "SL" | "SB"
        | "SR" | "TL" | "TG" | "TK" | "TO" | "TV" | "UG" | "VU" | "YE" | "ZW" => AddressForm::new(CITY, region, code),
        "DE" | "AT" | "CH" | "LI" => AddressForm::new(CODE_CITY, region, "Postal code (PLZ)"),
        "NL" | "BE" | "FR" | "PT" | "DK" | "SE" | "NO" | "FI" | "IS" | "PL" | "CZ" | "SK" | "HU" | "SI" | "HR" | "GR" | "LU" | "EE"
        | "LV" | "LT" | "RO" | "BG" | "RS" | "IL" => AddressForm::new(CODE_CITY, region, code),
        // Where nothing is known, there is a place for everything.
        _ => AddressForm::new(CODE_CITY_REGION, region, code),
    }
}

#[cfg(test)]
mod tests;
