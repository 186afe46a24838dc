//! `POST /reports/what-if`: which contracts would gain or lose Gold Plus by another network. Nothing is stored.

use super::address::{PositionBody, Stated};
use super::body::Faults;
use super::call::Call;
use super::fields::{Bounded, Degrees};
use super::problem::{Problem, ProblemBody, Success};
use crate::actions::what_if::{Answer, SHOWN, Shift, contracts_of, what_if};
use crate::rules::coverage::{Coverage, METERS_PER_MILE};
use crate::rules::refusal::Refusal;
use crate::rules::role::Permission;
use crate::rules::text::{Code, Country};
use crate::rules::tier::Tier;
use crate::rules::what_if::Changes;
use actix_web::{HttpResponse, post};
use chrono::{DateTime, Utc};
use deserr::Deserr;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What would be another: at most 100 changes in all.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct WhatIfBody {
    /// Centers that would be there.
    #[deserr(default)]
    #[schema(value_type = Vec<AddBody>, required = false, max_items = 100)]
    add: Bounded<AddBody, 0, 100>,
    /// Centers that would be elsewhere.
    #[deserr(default, rename = "move")]
    #[schema(rename = "move", value_type = Vec<MoveBody>, required = false, max_items = 100)]
    moves: Bounded<MoveBody, 0, 100>,
    /// Codes of centers that would be gone.
    #[deserr(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 100)]
    close: Bounded<Code, 0, 100>,
    /// Other radii.
    #[deserr(default)]
    radius_miles: Option<RadiusBody>,
    /// How many months of RMAs are looked at, 1 to 36; 12 when absent.
    #[deserr(default)]
    #[schema(example = 12, minimum = 1, maximum = 36)]
    months: Option<u32>,
}

/// A center that would be there.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct AddBody {
    /// What to call it; `NEW-1`, `NEW-2`, … where nothing is given.
    #[deserr(default)]
    #[schema(value_type = Option<String>, example = "NEW-KEYS")]
    code: Option<Code>,
    /// Its country, ISO 3166-1 alpha-2.
    #[schema(value_type = String, example = "US")]
    country: Country,
    /// Where it would be.
    #[schema(value_type = PositionBody)]
    position: Stated,
}

/// A center that would be elsewhere.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct MoveBody {
    /// Its code.
    #[schema(value_type = String, example = "SC-FLL")]
    code: Code,
    /// Where it would be.
    #[schema(value_type = PositionBody)]
    position: Stated,
}

/// Other radii, in statute miles.
#[derive(Debug, Clone, Copy, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct RadiusBody {
    /// In the United States.
    #[deserr(default, rename = "US")]
    #[schema(rename = "US", value_type = Option<f64>, example = 80)]
    us: Option<Degrees>,
    /// Elsewhere.
    #[deserr(default)]
    #[schema(value_type = Option<f64>, example = 60)]
    other: Option<Degrees>,
}

/// What would be another.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WhatIfView {
    /// The version of the program.
    #[schema(example = "2026-01")]
    pub program_version: String,
    /// When it was judged.
    pub as_of: DateTime<Utc>,
    /// Who would gain Gold Plus.
    pub gained: ShiftsView,
    /// Who would lose it.
    pub lost: ShiftsView,
    /// What the RMAs of the last months would have done.
    pub rmas: PastView,
}

/// Contracts that gain or lose Gold Plus at some of their sites.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ShiftsView {
    /// How many contracts.
    pub contracts: usize,
    /// How many appliances.
    pub appliances: i64,
    /// How many rows there are in all.
    pub total: usize,
    /// The first 200, by contract and site.
    pub items: Vec<ShiftView>,
}

/// A contract at one site.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ShiftView {
    /// The contract's number.
    pub contract: String,
    /// The code of its organization.
    pub organization: String,
    /// The site's code.
    pub site: String,
    /// How many of the contract's appliances are there.
    pub appliances: i64,
    /// As it is.
    pub now: ReachView,
    /// As it would be.
    pub then: ReachView,
}

/// The coverage of a site.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReachView {
    /// The verdict.
    #[schema(example = "out_of_range")]
    pub verdict: String,
    /// The nearest open center.
    pub service_center: Option<String>,
    /// Its distance in statute miles.
    pub distance_miles: Option<f64>,
    /// How far it may be.
    pub limit_miles: f64,
}

/// What RMAs would have done.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PastView {
    /// From when on they were issued.
    pub since: DateTime<Utc>,
    /// How many.
    pub looked_at: usize,
    /// True where there were more than 200,000.
    pub truncated: bool,
    /// How many were delivered by each tier.
    pub delivered: BTreeMap<String, usize>,
    /// How many would have been.
    pub what_if: BTreeMap<String, usize>,
    /// How many would have been delivered by another tier.
    pub changed_total: usize,
    /// The latest 200 of them.
    pub changed: Vec<ChangedView>,
}

/// An RMA that would have been delivered by another tier.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChangedView {
    /// Its number.
    pub rma: String,
    /// The code of its site.
    pub site: String,
    /// The tier by which it was delivered.
    pub delivered_tier: String,
    /// The tier by which it would have been.
    pub what_if_tier: String,
}

impl WhatIfBody {
    fn changes(&self) -> Result<(Changes, u32), Refusal> {
        let months = self.months.unwrap_or(12);
        if !(1..=36).contains(&months) {
            return Err(Refusal::input("bad_months", "/months", "must lie between 1 and 36"));
        }
        let mut add = Vec::new();
        for (number, body) in (1..).zip(&self.add.0) {
            let named = || Code::parse(&format!("NEW-{number}")).map_err(|f| Refusal::input(f.code, "/add", f.detail));
            let code = body.code.clone().map_or_else(named, Ok)?;
            add.push((code, body.country.to_string(), body.position.0));
        }
        let radius = |of: fn(RadiusBody) -> Option<Degrees>| self.radius_miles.and_then(of).map(|miles| miles.0);
        let changes = Changes {
            add,
            moves: self.moves.0.iter().map(|body| (body.code.clone(), body.position.0)).collect(),
            close: self.close.0.clone(),
            us_miles: radius(|r| r.us),
            other_miles: radius(|r| r.other),
        };
        Ok((changes, months))
    }
}

fn thousandths(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0 + 0.0
}

fn reach(coverage: &Coverage) -> ReachView {
    let near = coverage.nearest();
    ReachView {
        verdict: coverage.verdict.to_string(),
        service_center: near.map(|c| c.center.to_string()),
        distance_miles: near.map(|c| thousandths(c.meters / METERS_PER_MILE)),
        limit_miles: coverage.limit_miles,
    }
}

fn shifts(all: Vec<Shift>) -> ShiftsView {
    let (contracts, appliances, total) = (contracts_of(&all), all.iter().map(|s| s.appliances).sum(), all.len());
    let item = |s: Shift| ShiftView {
        now: reach(&s.now),
        then: reach(&s.then),
        contract: s.contract,
        organization: s.organization,
        site: s.site,
        appliances: s.appliances,
    };
    ShiftsView { contracts, appliances, total, items: all.into_iter().take(SHOWN).map(item).collect() }
}

fn view(answer: Answer, as_of: DateTime<Utc>) -> WhatIfView {
    let past = answer.past;
    let counted = |by: BTreeMap<Tier, usize>| by.into_iter().map(|(tier, count)| (tier.to_string(), count)).collect();
    let changed_total = past.changed.len();
    let changed = past.changed.into_iter().take(SHOWN).map(|(rma, site, was, other)| ChangedView {
        rma: rma.to_string(),
        site,
        delivered_tier: was.to_string(),
        what_if_tier: other.to_string(),
    });
    let rmas = PastView {
        since: answer.since,
        looked_at: past.looked_at,
        truncated: past.truncated,
        delivered: counted(past.delivered),
        what_if: counted(past.what_if),
        changed_total,
        changed: changed.collect(),
    };
    WhatIfView { program_version: answer.program_version, as_of, gained: shifts(answer.gained), lost: shifts(answer.lost), rmas }
}

/// Tells which contracts would gain or lose Gold Plus by another network, and what the RMAs of the last months would have done.
/// Nothing is stored.
#[utoipa::path(tag = "reports", operation_id = "what_if",
    params(("dry_run" = Option<bool>, Query, description = "Makes no difference here")), request_body = WhatIfBody,
    responses((status = 200, description = "What would be another", body = WhatIfView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/reports/what-if")]
pub async fn ask(call: Call) -> Result<HttpResponse, Problem> {
    call.allow(Permission::PlanNetwork)?;
    call.query(&["dry_run"])?.flag("dry_run")?;
    let body: WhatIfBody = call.body()?;
    let answer = call.read(move |conn, ctx| {
        let (changes, months) = body.changes()?;
        Ok(view(what_if(conn, ctx, &changes, months)?, ctx.now))
    });
    Ok(Success::Ok.answer().json(answer.await?))
}
