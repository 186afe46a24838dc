//! Reports about deadlines as the API shows them.

use super::lists::Listed;
use super::reports::Asked;
use crate::feeds::table;
use crate::rules::breach::{Segment, Way, attributed, cut};
use crate::rules::number::RmaNumber;
use crate::rules::refusal::Refusal;
use crate::rules::report::{AGES, Report, Standing, attributable, days_overdue, standing};
use crate::rules::term::Term;
use crate::store::reports::{self, Counted, Filter, Only, Tally};
use crate::store::{Conn, Id, Stored, Ts};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// Breaches are attributed one by one, so many at once.
const BATCH: i64 = 1_000;

/// The figures of a report.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReportView {
    /// Which report.
    #[schema(example = "on-time-shipping")]
    report: String,
    /// What is counted, in words.
    definition: String,
    /// The first day of the period; null without a beginning.
    from: Option<NaiveDate>,
    /// The day after the period; null without an end.
    until: Option<NaiveDate>,
    /// Whose days these are.
    #[schema(example = "UTC")]
    zone: String,
    /// As it stood at this instant.
    as_of: DateTime<Utc>,
    /// How many of the denominator the report is about.
    numerator: i64,
    /// Out of how many.
    denominator: i64,
    /// Their ratio; null if there is nothing to divide by.
    ratio: Option<f64>,
    /// What was due in the period, and is not counted.
    excluded: Vec<Excluded>,
    /// The numerator by days overdue, in `returns-overdue`.
    ages: Option<Vec<Age>>,
    /// The numerator by whose hands had the time, in `breaches`.
    segments: Option<Vec<Attributed>>,
    /// The figures of each group that was asked for.
    pub(super) groups: Vec<Group>,
    /// Exactly the rows of the denominator.
    rows: String,
}

/// What is not counted.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Excluded {
    /// `void` or `not_due_yet`.
    #[schema(example = "void")]
    reason: String,
    /// How many.
    count: i64,
}

/// Overdue returns of one age.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Age {
    /// Days overdue.
    #[schema(example = "8-14")]
    days: String,
    /// How many.
    count: i64,
}

/// Breaches that are attributed to one segment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Attributed {
    /// `authorization`, `customer`, `stock` or `courier`.
    #[schema(example = "stock")]
    segment: String,
    /// How many breaches are attributed to it.
    count: i64,
    /// Its seconds over all breaches, whoever they are attributed to.
    seconds: i64,
}

/// The figures of one group.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Group {
    /// The month, the tier or the service center.
    #[schema(example = "2026-11")]
    group: String,
    /// As in the report.
    numerator: i64,
    /// As in the report.
    denominator: i64,
    /// As in the report.
    ratio: Option<f64>,
    /// Its rows.
    rows: String,
}

/// To the millionth.
pub(super) fn ratio(numerator: i64, denominator: i64) -> Option<f64> {
    let million = i128::from(numerator) * 1_000_000;
    let millionths = million.checked_add(i128::from(denominator) / 2)?.checked_div(i128::from(denominator))?;
    Some(f64::from(i32::try_from(millionths).ok()?) / 1_000_000.0)
}

impl Asked {
    /// The numerator and the denominator of a tally.
    fn figures(&self, tally: &Tally) -> (i64, i64) {
        match self.report {
            Report::OnTimeShipping | Report::OnTimeDelivery => (tally.met, tally.met + tally.missed),
            Report::ReturnsOverdue => (tally.overdue, tally.due),
            Report::Breaches => (tally.missed, tally.met + tally.missed),
        }
    }
}

impl Group {
    /// Counts one group.
    pub fn count(conn: &mut Conn, group: String, asked: &Asked, filter: &Filter) -> Stored<Self> {
        let (numerator, denominator) = asked.figures(&reports::tally(conn, filter)?);
        Ok(Self { group, numerator, denominator, ratio: ratio(numerator, denominator), rows: asked.rows() })
    }
}

impl ReportView {
    /// The report where there is nothing to see.
    pub fn empty(asked: &Asked) -> Self {
        let excluded = [Standing::Void, Standing::NotDueYet].map(|reason| Excluded { reason: reason.to_string(), count: 0 });
        Self {
            report: asked.report.to_string(),
            definition: asked.report.definition().to_owned(),
            from: asked.from,
            until: asked.until,
            zone: asked.zone.name().to_owned(),
            as_of: asked.as_of,
            numerator: 0,
            denominator: 0,
            ratio: None,
            excluded: excluded.into(),
            ages: (asked.report == Report::ReturnsOverdue)
                .then(|| AGES.iter().map(|(days, ..)| Age { days: (*days).to_owned(), count: 0 }).collect()),
            segments: (asked.report == Report::Breaches).then(|| segments(&[(0, 0); 4])),
            groups: Vec::new(),
            rows: asked.rows(),
        }
    }

    /// Counts what a filter leaves, or refuses it.
    pub fn count(conn: &mut Conn, asked: &Asked, filter: &Filter) -> Stored<Result<Self, Refusal>> {
        let mut view = Self::empty(asked);
        let tally = reports::tally(conn, filter)?;
        if view.segments.is_some()
            && let Err(refusal) = attributable(tally.missed)
        {
            return Ok(Err(refusal));
        }
        (view.numerator, view.denominator) = asked.figures(&tally);
        view.ratio = ratio(view.numerator, view.denominator);
        let waits = if asked.report == Report::ReturnsOverdue { tally.not_due } else { tally.not_due_yet };
        for (excluded, count) in view.excluded.iter_mut().zip([tally.void, waits]) {
            excluded.count = count;
        }
        for (age, count) in view.ages.iter_mut().flatten().zip(tally.ages) {
            age.count = count;
        }
        if view.segments.is_some() {
            view.segments = Some(attribute(conn, asked, filter)?);
        }
        Ok(Ok(view))
    }
}

fn segments(sums: &[(i64, i64); 4]) -> Vec<Attributed> {
    let of = |(segment, (count, seconds)): (&Segment, &(i64, i64))| Attributed {
        segment: segment.to_string(),
        count: *count,
        seconds: *seconds,
    };
    Segment::ALL.iter().zip(sums).map(of).collect()
}

/// Attributes every breach, a batch at a time.
fn attribute(conn: &mut Conn, asked: &Asked, filter: &Filter) -> Stored<Vec<Attributed>> {
    let (mut sums, mut after) = ([(0, 0); 4], None);
    loop {
        let page = reports::page(conn, filter, Only::Missed, after, BATCH)?;
        for counted in &page.rows {
            let cut = cut(&way(asked, counted));
            let whose = attributed(&cut);
            for (sum, (segment, seconds)) in sums.iter_mut().zip(cut) {
                sum.0 += i64::from(segment == whose);
                sum.1 += seconds;
            }
        }
        match page.rows.last() {
            Some(last) if page.more => after = Some((last.due_at, last.id)),
            _ => return Ok(segments(&sums)),
        }
    }
}

fn way(asked: &Asked, counted: &Counted) -> Way {
    Way {
        verified_at: counted.verified_at.map(Ts::at),
        issued_at: counted.issued_at.at(),
        started_at: counted.starts_at.map(Ts::at),
        shipped_at: counted.shipped_at.map(Ts::at),
        ended_at: counted.done_at.map(Ts::at).filter(|done| *done <= asked.as_of).unwrap_or(asked.as_of),
    }
}

/// A deadline that a report counted.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Row {
    /// Its RMA.
    #[schema(example = "R10000017-3")]
    rma: String,
    /// `ship_by`, `deliver_by` or `return_by`.
    #[schema(example = "ship_by")]
    kind: String,
    /// Whose RMA it is.
    organization: String,
    /// The center that ships.
    service_center: Option<String>,
    /// The tier that is delivered.
    #[schema(example = "silver")]
    tier: String,
    /// When its clock started.
    starts_at: Option<DateTime<Utc>>,
    /// When it was due.
    due_at: DateTime<Utc>,
    /// When it was done, if it was by the instant of the report.
    done_at: Option<DateTime<Utc>>,
    /// `met` or `missed`, as it stood.
    #[schema(example = "missed")]
    standing: String,
    /// True if it is in the numerator.
    in_numerator: bool,
    /// Days overdue, in `returns-overdue`.
    days_overdue: Option<i64>,
    /// The segment that it is attributed to, for what was missed in `breaches`.
    attributed_to: Option<String>,
    /// Seconds by segment, for what was missed in `breaches`: they add up to the time since the defect was verified.
    segments: Option<Vec<SegmentSeconds>>,
    #[serde(skip)]
    key: String,
}

/// The seconds of one segment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SegmentSeconds {
    /// `authorization`, `customer`, `stock` or `courier`.
    #[schema(example = "stock")]
    segment: String,
    /// How long it was.
    seconds: i64,
}

impl Listed for Row {
    const COLUMNS: &'static [&'static str] = &[
        "rma",
        "kind",
        "organization",
        "service_center",
        "tier",
        "starts_at",
        "due_at",
        "done_at",
        "standing",
        "in_numerator",
        "days_overdue",
        "attributed_to",
        "segments",
    ];
    fn key(&self) -> String {
        self.key.clone()
    }
}

/// Reads the key of a row.
pub fn dated(key: &str) -> Option<(Ts, Id)> {
    use chrono::Datelike;
    let (micros, id) = key.split_once(' ')?;
    let at = DateTime::from_timestamp_micros(micros.parse().ok()?)?;
    (1970..=9999).contains(&at.year()).then_some((at.into(), Id::parse(id)?))
}

/// A row as it is shown.
pub fn row(asked: &Asked, counted: Counted) -> Row {
    let due_at = counted.due_at.at();
    let done_at = counted.done_at.map(Ts::at).filter(|done| *done <= asked.as_of);
    let standing = standing(due_at, done_at, None, asked.as_of);
    let in_numerator = match asked.report {
        Report::OnTimeShipping | Report::OnTimeDelivery => standing == Standing::Met,
        Report::ReturnsOverdue => done_at.is_none(),
        Report::Breaches => standing == Standing::Missed,
    };
    let days = (asked.report == Report::ReturnsOverdue && in_numerator).then(|| days_overdue(due_at, asked.as_of));
    let parts = (asked.report == Report::Breaches && in_numerator).then(|| cut(&way(asked, &counted)));
    let part = |(segment, seconds): (Segment, i64)| SegmentSeconds { segment: segment.to_string(), seconds };
    Row {
        rma: RmaNumber::of(counted.rma).map_or_else(|| counted.rma.to_string(), |number| number.to_string()),
        kind: counted.kind.to_string(),
        organization: counted.organization,
        service_center: counted.service_center,
        tier: counted.tier.to_string(),
        starts_at: counted.starts_at.map(Ts::at),
        due_at,
        done_at,
        standing: standing.to_string(),
        in_numerator,
        days_overdue: days,
        attributed_to: parts.as_ref().map(|parts| attributed(parts).to_string()),
        segments: parts.map(|parts| parts.into_iter().map(part).collect()),
        key: format!("{} {}", due_at.timestamp_micros(), counted.id),
    }
}

/// The figures as a table: one line for the whole, one for each group, age and segment.
pub fn table_of(view: &ReportView) -> Vec<u8> {
    let text = |value: Option<f64>| value.map_or_else(String::new, |ratio| ratio.to_string());
    let excluded = |index: usize| view.excluded.get(index).map_or_else(String::new, |e| e.count.to_string());
    let line = |figure: String, numbers: [String; 5], rows: &str| {
        let mut cells = vec![view.report.clone(), figure];
        cells.extend([view.from, view.until].map(|day| day.map_or_else(String::new, |day| day.to_string())));
        cells.push(view.as_of.format("%Y-%m-%dT%H:%M:%SZ").to_string());
        cells.extend(numbers);
        cells.push(rows.to_owned());
        cells
    };
    let whole = [view.numerator.to_string(), view.denominator.to_string(), text(view.ratio), excluded(0), excluded(1)];
    let mut lines = vec![line("total".to_owned(), whole, &view.rows)];
    let part =
        |count: i64| [count.to_string(), view.denominator.to_string(), text(ratio(count, view.denominator)), String::new(), String::new()];
    lines.extend(view.ages.iter().flatten().map(|age| line(format!("age {}", age.days), part(age.count), "")));
    lines.extend(view.segments.iter().flatten().map(|of| line(format!("segment {}", of.segment), part(of.count), "")));
    for group in &view.groups {
        let numbers = [group.numerator.to_string(), group.denominator.to_string(), text(group.ratio), String::new(), String::new()];
        lines.push(line(format!("group {}", group.group), numbers, &group.rows));
    }
    let header = ["report", "figure", "from", "until", "as_of", "numerator", "denominator", "ratio", "void", "not_due_yet", "rows"];
    // Memory is written to: that doesn't fail.
    [table::header(&header), table::encode(lines)].into_iter().flatten().flatten().collect()
}
