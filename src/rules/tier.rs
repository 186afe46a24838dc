//! What is sold (P1): tiers, regions, languages, severities, channels.

use super::term::terms;

terms! {
    /// The four tiers of Appliance Maintenance (P1), from least to most.
    Tier, "tier" {
        /// Return for analysis; a replacement ships within 10 business days.
        Bronze => "bronze",
        /// Advance exchange, overnight.
        Silver => "silver",
        /// As Silver, with coverage around the clock.
        Gold => "gold",
        /// A courier within four hours.
        GoldPlus => "gold_plus",
    }
}

terms! {
    /// The regions of the coverage hours (P3.2).
    Region, "region" {
        /// North America.
        NorthAmerica => "north_america",
        /// Latin America.
        LatinAmerica => "latin_america",
        /// The Caribbean.
        Caribbean => "caribbean",
        /// Europe.
        Europe => "europe",
        /// The Middle East.
        MiddleEast => "middle_east",
        /// Africa.
        Africa => "africa",
        /// Asia without Japan.
        Asia => "asia",
        /// Australia and New Zealand.
        AustraliaNewZealand => "australia_new_zealand",
        /// Japan.
        Japan => "japan",
    }
}

terms! {
    /// The eight languages of the program (P1), as BCP 47 tags.
    Language, "language" {
        /// English.
        English => "en",
        /// Spanish.
        Spanish => "es",
        /// Portuguese.
        Portuguese => "pt",
        /// French.
        French => "fr",
        /// German.
        German => "de",
        /// Mandarin.
        Mandarin => "zh",
        /// Korean.
        Korean => "ko",
        /// Japanese.
        Japanese => "ja",
    }
}

terms! {
    /// Whether an appliance is a thing that a courier can carry (P1).
    ApplianceKind, "appliance kind" {
        /// Hardware.
        Physical => "physical",
        /// A virtual appliance: can't be under Appliance Maintenance.
        Virtual => "virtual",
    }
}

terms! {
    /// How a case came in (P2).
    Channel, "channel" {
        /// By phone: the only way for severity 1.
        Phone => "phone",
        /// By the web.
        Web => "web",
    }
}

/// Severity 1 (worst) to 4 (P1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Severity(i16);

impl Severity {
    /// The severity of a number from 1 to 4.
    pub fn new(level: i64) -> Option<Self> {
        i16::try_from(level).ok().filter(|l| (1..=4).contains(l)).map(Self)
    }
    /// 1 to 4.
    pub fn level(self) -> i16 {
        self.0
    }
}

impl Tier {
    /// The tier as people write it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Bronze => "Bronze",
            Self::Silver => "Silver",
            Self::Gold => "Gold",
            Self::GoldPlus => "Gold Plus",
        }
    }
    /// True where the replacement is sent before the defective unit is back (P4).
    pub fn is_advance_exchange(self) -> bool {
        self != Self::Bronze
    }
}

#[cfg(test)]
mod tests;
