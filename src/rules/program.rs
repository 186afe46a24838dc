//! The vendor's program as numbers. Read from `data/program.toml` by `reference::program`; every number of PROGRAM.md is here.

use super::clock::DueAt;
use super::deadline::Target;
use super::tier::{Region, Tier};
use chrono::{NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;
use std::collections::{BTreeMap, BTreeSet};

/// One version of the program.
#[derive(Debug, Clone, PartialEq)]
pub struct Program {
    /// Its name, e.g. `2026-01`.
    pub version: String,
    /// First day on which it is in force (UTC).
    pub effective_from: NaiveDate,
    /// The four tiers.
    pub tiers: BTreeMap<Tier, TierTerms>,
    /// Coverage hours by region (P3.2).
    pub coverage_hours: BTreeMap<Region, Window>,
    /// Countries whose make-up working days count as open (P3.4), ISO 3166-1 alpha-2.
    pub makeup_workdays: BTreeSet<String>,
    /// Gold Plus (P5).
    pub gold_plus: GoldPlusTerms,
    /// How long a service center takes that is asked for (P5.4).
    pub lead_times: LeadTimes,
    /// Reminders about a defective unit (P4.6).
    pub return_reminders: ReminderTerms,
    /// Couriers and their dispatches (P4.2).
    pub couriers: CourierTerms,
    /// Days after its delivery on which a replacement may be reported as dead on arrival (P4.6).
    pub doa_days: u32,
}

/// What one tier promises (P4).
#[derive(Debug, Clone, PartialEq)]
pub struct TierTerms {
    /// The replacement: shipped or delivered, and by when.
    pub replacement: Replacement,
    /// Business days for the defective unit.
    pub return_days: u32,
    /// When on the last day the unit is due.
    pub return_due: Due,
    /// From when on what starts the return counts as of the next day (P3.4).
    pub return_cut_off: Option<NaiveTime>,
    /// What the days for the return count from.
    pub return_counts_from: ReturnStart,
}

/// How the replacement goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replacement {
    /// Ships within business days of issue.
    Ships {
        /// How many.
        days: u32,
        /// When on the last day.
        due: Due,
        /// From when on an issue counts as of the next day (P3.4).
        cut_off: Option<NaiveTime>,
    },
    /// Ships within business hours of issue: those of the region's coverage hours (P3.2, P3.3).
    ShipsInHours {
        /// How many.
        hours: u32,
    },
    /// Is delivered by courier within elapsed hours of authorization.
    Delivered {
        /// How many.
        hours: u32,
    },
}

/// When on its day a deadline is due (P3.5); the closing time is the region's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// At the close of the region's coverage hours.
    CloseOfBusiness,
    /// At the end of the local day.
    EndOfDay,
}

/// The event from which the return counts (P4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReturnStart {
    /// The issue of the RMA.
    Issue,
    /// The delivery of the replacement.
    Delivery,
}

/// A daily window on some weekdays, wall clock of its zone (P3.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// The zone.
    pub zone: Tz,
    /// Opening time.
    pub opens: NaiveTime,
    /// Closing time, after `opens`.
    pub closes: NaiveTime,
    /// The open weekdays.
    pub weekdays: Vec<Weekday>,
}

/// Gold Plus (P5.2, P5.5).
#[derive(Debug, Clone, PartialEq)]
pub struct GoldPlusTerms {
    /// First day on which it is offered.
    pub offered_since: NaiveDate,
    /// The radius in statute miles by country.
    pub radius_miles_by_country: BTreeMap<String, f64>,
    /// The radius in statute miles elsewhere.
    pub radius_miles_elsewhere: f64,
    /// The country that a territory counts as, by its own code; empty where territories count as themselves.
    pub territories: BTreeMap<String, String>,
    /// Kilometers from the area of the postal code beyond which given coordinates are questioned (P5.3).
    pub question_beyond_km: f64,
    /// So many days before the last day of a contract with the four-hour option Gold Plus is offered (P5.5).
    pub four_hour_offer_days: u32,
}

/// How long it takes until a service center opens that is asked for (P5.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadTimes {
    /// By country.
    pub by_country: BTreeMap<String, LeadTime>,
    /// Elsewhere.
    pub elsewhere: LeadTime,
}

/// At least and at most so long (P5.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeadTime {
    /// No sooner than this, where the program says so.
    pub least: Option<Span>,
    /// This long at most.
    pub most: Span,
}

/// A span of the civil calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// Weeks of seven days.
    Weeks(u32),
    /// Months: the same day of a later month, or its last day where it has no such day.
    Months(u32),
}

/// Reminders about the defective unit (P4.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReminderTerms {
    /// Calendar days relative to the due day, ascending: negative before, 0 on it, positive after.
    pub days: Vec<i64>,
    /// Wall-clock time at which they go out, in the zone of the deadline.
    pub at: NaiveTime,
    /// The night, in which nobody is reminded but under Gold Plus.
    pub quiet: Quiet,
}

/// Hours of every local day in which no reminder goes out: from `from`, until `until`, over midnight where `from` is the later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet {
    /// The first time of day that is quiet.
    pub from: NaiveTime,
    /// The first time of day that no longer is.
    pub until: NaiveTime,
}

/// Couriers and their dispatches (P4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CourierTerms {
    /// Minutes in which a courier has to accept a dispatch; the next one is asked then.
    pub accept_within_minutes: u32,
    /// Hours for which the links of a dispatch work.
    pub links_valid_hours: u32,
}

impl Program {
    /// The terms of a tier; the loader has checked that all four are there.
    pub fn tier(&self, tier: Tier) -> Option<&TierTerms> {
        self.tiers.get(&tier)
    }
    /// The radius of a country in statute miles (P5.2); a territory that counts as its sovereign's country has the radius
    /// of that country.
    pub fn radius_miles(&self, country: &str) -> f64 {
        self.gold_plus.radius_miles(country)
    }
    /// The country that a country counts as (P5.2): a territory's sovereign where the program says so, else itself.
    pub fn home_of<'a>(&'a self, country: &'a str) -> &'a str {
        self.gold_plus.home_of(country)
    }
    /// Every country whose centers count for this one, and whose sites this one's centers count for (P5.2).
    pub fn counted_with(&self, country: &str) -> Vec<String> {
        self.gold_plus.counted_with(country)
    }
}

impl GoldPlusTerms {
    /// See [`Program::radius_miles`].
    pub fn radius_miles(&self, country: &str) -> f64 {
        self.radius_miles_by_country.get(self.home_of(country)).copied().unwrap_or(self.radius_miles_elsewhere)
    }
    /// See [`Program::home_of`].
    pub fn home_of<'a>(&'a self, country: &'a str) -> &'a str {
        self.territories.get(country).map_or(country, String::as_str)
    }
    /// See [`Program::counted_with`].
    pub fn counted_with(&self, country: &str) -> Vec<String> {
        let home = self.home_of(country);
        let territories = self.territories.iter().filter(|(_, sovereign)| *sovereign == home).map(|(territory, _)| territory.clone());
        std::iter::once(home.to_owned()).chain(territories).collect()
    }
}

impl Due {
    /// The due time with the closing time filled in.
    pub fn at(self, window: &Window) -> DueAt {
        match self {
            Self::CloseOfBusiness => DueAt::CloseOfBusiness(window.closes),
            Self::EndOfDay => DueAt::EndOfDay,
        }
    }
}

impl TierTerms {
    /// The target of the return's deadline.
    pub fn return_target(&self, window: &Window) -> Target {
        Target::BusinessDays { days: self.return_days, due: self.return_due.at(window), cut_off: self.return_cut_off }
    }
}

impl Replacement {
    /// The target of the replacement's deadline.
    pub fn target(self, window: &Window) -> Target {
        match self {
            Self::Ships { days, due, cut_off } => Target::BusinessDays { days, due: due.at(window), cut_off },
            Self::ShipsInHours { hours } => Target::BusinessHours {
                minutes: hours.saturating_mul(60),
                weekdays: window.weekdays.clone(),
                opens: window.opens,
                closes: Some(window.closes),
            },
            Self::Delivered { hours } => Target::Elapsed { hours },
        }
    }
}

/// All versions, ascending by `effective_from`.
#[derive(Debug, Clone, PartialEq)]
pub struct Programs(Vec<Program>);

impl Programs {
    /// Orders the versions; `None` when there are none.
    pub fn new(mut versions: Vec<Program>) -> Option<Self> {
        versions.sort_by_key(|p| p.effective_from);
        (!versions.is_empty()).then_some(Self(versions))
    }
    /// The version in force on `day`, `None` before the first.
    pub fn in_force(&self, day: NaiveDate) -> Option<&Program> {
        self.0.iter().rev().find(|p| p.effective_from <= day)
    }
    /// The version that an RMA is pinned to.
    pub fn version(&self, name: &str) -> Option<&Program> {
        self.0.iter().find(|p| p.version == name)
    }
    /// Every version, oldest first.
    pub fn all(&self) -> &[Program] {
        &self.0
    }
}

#[cfg(test)]
mod tests;
