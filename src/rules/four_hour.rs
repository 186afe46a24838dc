//! The older "four-hour service center" option of Gold (P5.5): honored until the contract is renewed, not sold any more.

use super::notice::Reason;
use super::record::Contract;
use super::refusal::Refusal;
use super::tier::Tier;
use super::zone::{Zone, local_day};
use chrono::{DateTime, Days, NaiveDate, Utc};

/// The code of the reason in a promise that honors the option.
pub const HONORED: &str = "four_hour_service_center";

/// The tier as which a contract is delivered where the site allows: what it is, or Gold Plus where Gold has the option.
pub fn delivered_as(tier: Tier, four_hour: bool) -> Tier {
    if four_hour && tier == Tier::Gold { Tier::GoldPlus } else { tier }
}

/// Why a contract of Gold is delivered like Gold Plus.
pub fn honored() -> Reason {
    let detail = "the contract has the older four-hour service center option of Gold: it is honored, with delivery as under Gold Plus, \
                  until the contract is renewed";
    Reason { code: HONORED.into(), rule: "P5.5".into(), detail: detail.into() }
}

/// Refuses what would sell the option (P5.5): another tier than Gold, a first day on or after the day since which there is Gold
/// Plus, or a contract that has it being made longer without being renewed.
pub fn check(contract: &Contract, before: Option<&Contract>, offered_since: NaiveDate) -> Result<(), Refusal> {
    if !contract.four_hour_service_center {
        return Ok(());
    }
    let refuse = |code, field: &str, detail: String| Err(Refusal::refused(code, "P5.5", detail).at(field));
    if contract.tier != Tier::Gold {
        return refuse(
            "four_hour_needs_gold",
            "/tier",
            format!("the four-hour service center option is one of Gold, not of {}", contract.tier),
        );
    }
    if contract.starts_on >= offered_since {
        let detail = format!("the four-hour service center option is not sold since {offered_since}; Gold Plus takes its place");
        return refuse("four_hour_not_sold", "/four_hour_service_center", detail);
    }
    if before.is_some_and(|before| before.four_hour_service_center && contract.ends_on > before.ends_on) {
        let detail =
            "a contract with the four-hour service center option is not made longer: renew it, with Gold Plus in place of the option";
        return refuse("four_hour_not_extended", "/ends_on", detail.into());
    }
    Ok(())
}

/// What a contract is renewed as.
#[derive(Debug, Clone, PartialEq)]
pub struct Renewal {
    /// The contract before, perhaps ending earlier.
    pub before: Contract,
    /// The contract from then on: without the option.
    pub after: Contract,
}

/// The new contract that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct RenewalAsk {
    /// Its number.
    pub number: super::text::ContractNumber,
    /// Its tier; as before where none is named.
    pub tier: Option<Tier>,
    /// Its first day; the day after the last one of the contract before where none is named.
    pub starts_on: Option<NaiveDate>,
    /// Its last day.
    pub ends_on: NaiveDate,
    /// True if it should have the option, which is refused.
    pub four_hour: bool,
}

/// Renews a contract (P5.5). One that begins while the contract before is still running ends that one the day before: the
/// option is honored until then.
pub fn renew(contract: &Contract, ask: &RenewalAsk) -> Result<Renewal, Vec<Refusal>> {
    let mut refusals = Vec::new();
    let day_after = contract.ends_on.succ_opt().unwrap_or(contract.ends_on);
    let starts_on = ask.starts_on.unwrap_or(day_after);
    if ask.four_hour {
        let detail = "a renewed contract can't have the four-hour service center option; Gold Plus takes its place";
        refusals.push(Refusal::refused("four_hour_not_sold", "P5.5", detail).at("/four_hour_service_center"));
    }
    if starts_on <= contract.starts_on {
        let detail = format!("the contract that is renewed started on {} only", contract.starts_on);
        refusals.push(Refusal::input("starts_too_early", "/starts_on", detail));
    } else if starts_on > day_after {
        let detail = format!("the contract that is renewed ends on {}: a renewal leaves no gap", contract.ends_on);
        refusals.push(Refusal::input("gap_in_cover", "/starts_on", detail));
    }
    if ask.ends_on < starts_on {
        refusals.push(Refusal::input("ends_before_start", "/ends_on", "a contract ends on or after the day it starts"));
    }
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let ended = starts_on.pred_opt().unwrap_or(starts_on).min(contract.ends_on);
    let before = Contract { ends_on: ended, ..contract.clone() };
    let (number, tier) = (ask.number.clone(), ask.tier.unwrap_or(contract.tier));
    let after = Contract { number, tier, starts_on, ends_on: ask.ends_on, four_hour_service_center: false, ..contract.clone() };
    Ok(Renewal { before, after })
}

/// When Gold Plus is offered for a contract with the option: so many days before its last day, local to it.
pub fn offer_at(contract: &Contract, days_ahead: u32) -> Option<DateTime<Utc>> {
    let from = contract.ends_on.checked_sub_days(Days::new(u64::from(days_ahead))).unwrap_or(contract.ends_on);
    contract.four_hour_service_center.then(|| Zone::of(contract.zone).start_of_day(from))
}

/// True while an offer still makes sense: until the contract is over.
pub fn may_offer(contract: &Contract, now: DateTime<Utc>) -> bool {
    contract.four_hour_service_center && local_day(contract.zone, now) <= contract.ends_on
}

#[cfg(test)]
mod tests;
