//! `/reports/…` about deadlines: figures that can be replayed as of an instant, and the rows that they count.

use super::call::Call;
use super::crud::owned;
use super::fields::{day, instant, word};
use super::lists::{self, ListBody, wants_csv};
use super::problem::{Problem, ProblemBody, Success};
use super::query::Query;
use super::report_view::{Group, ReportView, Row, dated, row, table_of};
use crate::actions::{Context, Done};
use crate::rules::refusal::Refusal;
use crate::rules::report::{CENTERS_MOST, Report};
use crate::rules::role::Permission;
use crate::rules::text::{Code, TextFault};
use crate::rules::tier::{Region, Tier};
use crate::rules::zone::Zone;
use crate::store::reports::{self, Filter, Only};
use crate::store::{Conn, Page, StoreError, Stored, Ts, centers};
use actix_web::web::Path;
use actix_web::{HttpResponse, get};
use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

/// The most groups of a report.
const MOST_MONTHS: usize = 60;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    pub(super) report: Report,
    pub(super) from: Option<NaiveDate>,
    pub(super) until: Option<NaiveDate>,
    pub(super) zone: Tz,
    pub(super) as_of: DateTime<Utc>,
    pub(super) tier: Option<Tier>,
    pub(super) region: Option<Region>,
    organization: Option<Code>,
    service_center: Option<Code>,
}

/// The parameters of a report, but for `group_by`.
const FILTERS: [&str; 8] = ["from", "until", "zone", "as_of", "tier", "region", "organization", "service_center"];

impl Asked {
    fn read(now: DateTime<Utc>, query: &Query, report: &str) -> Result<Self, Problem> {
        let report = word(report).map_err(|_| Problem::not_found("report"))?;
        let as_of = query.get("as_of", instant)?.unwrap_or(now);
        if as_of > now {
            return Err(Problem::parameter("as_of", "in_the_future", "must not lie in the future"));
        }
        let zone = query.get("zone", |text| text.parse().map_err(|_| TextFault::new("bad_zone", "must be an IANA time zone")))?;
        let zone = zone.unwrap_or(Tz::UTC);
        // Without a period: the last 30 days; of what is overdue, everything.
        let bounded = report != Report::ReturnsOverdue;
        let tomorrow = Zone::of(zone).day(as_of).succ_opt().filter(|_| bounded);
        let until = query.get("until", day)?.or(tomorrow);
        let month_before = until.filter(|_| bounded).and_then(|until| until.checked_sub_signed(TimeDelta::days(30)));
        let from = query.get("from", day)?.or(month_before);
        if from.is_some_and(|from| until.is_some_and(|until| until <= from)) {
            return Err(Problem::parameter("until", "empty_period", "must be later than from: the period ends before it"));
        }
        Ok(Self {
            report,
            from,
            until,
            zone,
            as_of,
            tier: query.get("tier", word)?,
            region: query.get("region", word)?,
            organization: query.get("organization", Code::parse)?,
            service_center: query.get("service_center", Code::parse)?,
        })
    }

    /// Gives the filter of a period to `page`, as far as the actor sees; nothing where a code is nobody's.
    fn with<T>(&self, conn: &mut Conn, ctx: &Context, page: impl FnOnce(&mut Conn, &Filter) -> Stored<Page<T>>) -> Done<Page<T>> {
        let center = match &self.service_center {
            None => None,
            Some(code) => match centers::id_of(conn, code.as_str())? {
                None => return Ok(Page { rows: Vec::new(), more: false }),
                known => known,
            },
        };
        let instant = |day: NaiveDate| Ts::from(Zone::of(self.zone).start_of_day(day));
        owned(conn, ctx, self.organization.as_ref(), |conn, organization| {
            let filter = Filter {
                kinds: self.report.kinds(),
                due_from: self.from.map(instant),
                due_before: self.until.map(instant),
                as_of: self.as_of.into(),
                organization,
                service_center: center,
                tier: self.tier,
                region: self.region,
            };
            Ok(page(conn, &filter)?)
        })
    }

    /// What it counts: what is in both numerator and denominator, and what in the denominator only.
    pub(super) fn counted(&self) -> Only {
        if self.report == Report::ReturnsOverdue { Only::Due } else { Only::Decided }
    }

    /// The address of the rows that are counted, the same ones at any time.
    pub(super) fn rows(&self) -> String {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        pairs.extend(self.from.map(|from| ("from", from.to_string())));
        pairs.extend(self.until.map(|until| ("until", until.to_string())));
        // A plus is a blank in a query.
        pairs.push(("zone", self.zone.name().replace('+', "%2B")));
        pairs.push(("as_of", self.as_of.format("%Y-%m-%dT%H:%M:%SZ").to_string()));
        pairs.extend(self.tier.map(|tier| ("tier", tier.to_string())));
        pairs.extend(self.region.map(|region| ("region", region.to_string())));
        pairs.extend(self.organization.as_ref().map(|code| ("organization", code.to_string())));
        pairs.extend(self.service_center.as_ref().map(|code| ("service_center", code.to_string())));
        let query: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("/api/v1/reports/{}/rows?{}", self.report, query.join("&"))
    }

    /// The same for each group of what is asked for.
    fn groups(&self, by: Option<&str>) -> Result<Vec<(String, Self)>, Problem> {
        match by {
            None => Ok(Vec::new()),
            Some("tier") => {
                let tiers = [Tier::Bronze, Tier::Silver, Tier::Gold, Tier::GoldPlus].into_iter();
                let tiers = tiers.filter(|tier| self.tier.is_none_or(|asked| asked == *tier));
                Ok(tiers.map(|tier| (tier.to_string(), Self { tier: Some(tier), ..self.clone() })).collect())
            }
            Some("month") => self.months(),
            // Which centers there are is read with the figures.
            Some("service_center") => Ok(Vec::new()),
            Some(_) => Err(Problem::parameter("group_by", "unknown_value", "must be month, tier or service_center")),
        }
    }

    /// The same for each service center that ships what is counted.
    fn centers(&self, conn: &mut Conn, ctx: &Context) -> Done<Vec<(String, Self)>> {
        let found = self.with(conn, ctx, |conn, filter| reports::centers(conn, filter, CENTERS_MOST))?;
        if found.more {
            let detail = format!("more than {CENTERS_MOST} service centers: ask for one region, or a shorter period");
            return Err(Refusal::refused("too_many_groups", "P3.5", detail).into());
        }
        let group = |code: String| {
            let center = Code::parse(&code).map_err(|fault| StoreError::Unreadable(fault.detail))?;
            Ok((code, Self { service_center: Some(center), ..self.clone() }))
        };
        found.rows.into_iter().map(group).collect()
    }

    fn months(&self) -> Result<Vec<(String, Self)>, Problem> {
        use chrono::Datelike;
        let (Some(mut from), Some(until)) = (self.from, self.until) else {
            return Err(Problem::parameter("group_by", "open_period", "months need from and until"));
        };
        let mut months = Vec::new();
        while from < until {
            if months.len() == MOST_MONTHS {
                return Err(Problem::parameter("group_by", "too_many_groups", format!("at most {MOST_MONTHS} months")));
            }
            let next = from.with_day(1).and_then(|first| first.checked_add_months(Months::new(1))).map_or(until, |next| next.min(until));
            months.push((from.format("%Y-%m").to_string(), Self { from: Some(from), until: Some(next), ..self.clone() }));
            from = next;
        }
        Ok(months)
    }
}

/// A report with the groups that are asked for, read and not yet counted.
#[derive(Debug, Clone)]
pub struct Ready {
    asked: Asked,
    groups: Vec<(String, Asked)>,
    by_center: bool,
}

impl Ready {
    /// Reads what a query string asks for.
    pub fn parse(now: DateTime<Utc>, query: &str, report: &str) -> Result<Self, Problem> {
        Self::read(now, &Query::parse(query, &[&FILTERS[..], &["group_by"]].concat())?, report)
    }
    fn read(now: DateTime<Utc>, query: &Query, report: &str) -> Result<Self, Problem> {
        let asked = Asked::read(now, query, report)?;
        let by = query.text("group_by");
        Ok(Self { groups: asked.groups(by)?, by_center: by == Some("service_center"), asked })
    }
    /// Counts it.
    pub fn count(&self, conn: &mut Conn, ctx: &Context) -> Done<ReportView> {
        let groups = if self.by_center { self.asked.centers(conn, ctx)? } else { self.groups.clone() };
        figures(conn, ctx, &self.asked, groups)
    }
}

/// A report about deadlines: `on-time-shipping`, `on-time-delivery`, `returns-overdue` or `breaches`.
#[utoipa::path(tag = "reports", operation_id = "report_deadlines", params(("report" = String, Path, description = "on-time-shipping, on-time-delivery, returns-overdue or breaches"),
    ("from" = Option<String>, Query, description = "Due on this day or later; 30 days before `until` when absent, but for returns-overdue"), ("until" = Option<String>, Query, description = "Due before this day; tomorrow when absent, but for returns-overdue"),
    ("zone" = Option<String>, Query, description = "Whose days these are, UTC when absent"), ("as_of" = Option<String>, Query, description = "As it stood at this instant, now when absent"),
    ("tier" = Option<String>, Query, description = "Only what was delivered as this tier"), ("region" = Option<String>, Query, description = "Only under contracts of this region"),
    ("organization" = Option<String>, Query, description = "Only of this organization"), ("service_center" = Option<String>, Query, description = "Only what ships from this center"),
    ("group_by" = Option<String>, Query, description = "month, tier or service_center: the figures of each as well")),
    responses((status = 200, description = "The figures; as CSV with `Accept: text/csv`", body = ReportView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/reports/{report}")]
pub async fn show(call: Call, report: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ReadOwn)?;
    let query = call.query(&[&FILTERS[..], &["group_by"]].concat())?;
    let ready = Ready::read(call.context().now, &query, &report)?;
    let view = call.read(move |conn, ctx| ready.count(conn, ctx));
    let view = view.await?;
    match wants_csv(&call) {
        true => Ok(Success::Ok.answer().content_type("text/csv; charset=utf-8").body(table_of(&view))),
        false => Ok(Success::Ok.answer().json(view)),
    }
}

fn figures(conn: &mut Conn, ctx: &Context, asked: &Asked, groups: Vec<(String, Asked)>) -> Done<ReportView> {
    let whole = asked.with(conn, ctx, |conn, filter| Ok(Page { rows: vec![ReportView::count(conn, asked, filter)?], more: false }))?;
    let mut view = whole.rows.into_iter().next().unwrap_or_else(|| Ok(ReportView::empty(asked)))?;
    for (name, asked) in groups {
        let of = asked
            .with(conn, ctx, |conn, filter| Ok(Page { rows: vec![Group::count(conn, name.clone(), &asked, filter)?], more: false }))?;
        view.groups.extend(of.rows);
    }
    Ok(view)
}

/// The rows that a report counted, by the instant they were due: its denominator, each with a word whether it is in the numerator.
#[utoipa::path(tag = "reports", operation_id = "list_report_rows", params(("report" = String, Path, description = "on-time-shipping, on-time-delivery, returns-overdue or breaches"),
    ("from" = Option<String>, Query, description = "As in the report"), ("until" = Option<String>, Query, description = "As in the report"),
    ("zone" = Option<String>, Query, description = "As in the report"), ("as_of" = Option<String>, Query, description = "As in the report"),
    ("tier" = Option<String>, Query, description = "As in the report"), ("region" = Option<String>, Query, description = "As in the report"),
    ("organization" = Option<String>, Query, description = "As in the report"), ("service_center" = Option<String>, Query, description = "As in the report"),
    ("limit" = Option<i64>, Query, description = "1 to 200, default 50"), ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
    responses((status = 200, description = "A page; all pages as CSV with `Accept: text/csv`", body = ListBody<Row>),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/reports/{report}/rows")]
pub async fn list_rows(call: Call, report: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ReadOwn)?;
    let query = call.list_query(&FILTERS)?;
    let asked = Asked::read(call.context().now, &query, &report)?;
    lists::answer_by(&call, &query, dated, move |conn, ctx, after, limit| {
        let page = asked.with(conn, ctx, |conn, filter| reports::page(conn, filter, asked.counted(), after, limit))?;
        Ok(page.map(|counted| row(&asked, counted)))
    })
    .await
}
