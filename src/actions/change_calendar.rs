//! Adding a holiday or striking one (P3.4): from then on, and for RMAs that are promised already only if that is asked for.

use super::dossier::Dossier;
use super::{Context, Done};
use crate::reference::countries;
use crate::rules::calendar::{Calendar, Calendars, ChangeKind, Changed, DayChange, DaysOf, Edition};
use crate::rules::deadline::{self, Deadline, DeadlineKind, DeadlineState};
use crate::rules::moves::DeadlineChange;
use crate::rules::notice::NoticeKind;
use crate::rules::number::RmaNumber;
use crate::rules::record::ServiceCenter;
use crate::rules::refusal::Refusal;
use crate::rules::text::{Code, Line};
use crate::store::calendar_changes::{self, Made};
use crate::store::deadlines::{self, Filter, Kept};
use crate::store::numbers::{self, Series};
use crate::store::{Conn, Ts, centers};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Most RMAs that one change may move: each is locked, and its customer gets a letter.
const MOVED_MOST: usize = 1_000;
/// Deadlines that are looked at in one piece.
const PIECE: i64 = 500;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Whose day.
    pub days_of: DaysOf,
    /// The day.
    pub day: NaiveDate,
    /// Added or struck.
    pub kind: ChangeKind,
    /// The holiday, or why it is struck.
    pub name: Line,
    /// Whether open deadlines of RMAs that are promised already follow.
    pub move_running: bool,
}

/// A running deadline that the change makes another.
#[derive(Debug, Clone, PartialEq)]
pub struct Move {
    /// Its RMA.
    pub rma: RmaNumber,
    /// What is due.
    pub kind: DeadlineKind,
    /// When, before.
    pub was: DateTime<Utc>,
    /// When, if it follows; `None` where the days can't be counted any more.
    pub due_at: Option<DateTime<Utc>>,
    /// True if it can't follow: it would be over at once.
    pub stays: bool,
}

/// What a change did.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The change.
    pub made: Made,
    /// The running deadlines that it would move, or has moved, by their instant.
    pub moves: Vec<Move>,
    /// True if they were moved.
    pub moved: bool,
}

/// Makes a change, and finds the running deadlines that it moves, if they are to follow.
pub fn change_calendar(conn: &mut Conn, ctx: &Context, ask: &Ask) -> Done<Outcome> {
    known(conn, ask)?;
    let number = numbers::next(conn, Series::CalendarChange)?;
    if number > calendar_changes::MOST {
        return Err(Refusal::refused("too_many_changes", "P3.4", format!("there are {} changes: no more are kept", number - 1)).into());
    }
    let change = DayChange { number, days_of: ask.days_of.clone(), day: ask.day, kind: ask.kind, name: ask.name.to_string() };
    // Nowhere on earth is it an earlier day.
    let calendar = as_it_stands(conn, ctx, &ask.days_of)?;
    change.check(calendar.as_deref(), (ctx.now - TimeDelta::hours(12)).date_naive())?;
    let made = Made { change, at: ctx.ts(), by: ctx.actor.name.clone() };
    calendar_changes::insert(conn, &made)?;
    let subject = made.change.days_of.to_string();
    let told = serde_json::json!({"number": number, "day": ask.day, "kind": ask.kind, "name": ask.name, "move_running": ask.move_running});
    ctx.record::<(), _>(conn, "calendar_changed", ("calendar", &subject), None, Some(&told))?;
    let calendars = ctx.calendars(conn)?;
    let moves = moves(conn, ctx, &made.change, &calendars)?;
    if ask.move_running {
        follow(conn, ctx, &made.change, &calendars)?;
    }
    Ok(Outcome { made, moves, moved: ask.move_running })
}

/// The calendar of a place as it stands now, with every change. A region has none of its own.
pub fn as_it_stands(conn: &mut Conn, ctx: &Context, days_of: &DaysOf) -> Done<Option<Arc<Calendar>>> {
    let calendars = ctx.calendars(conn)?;
    let (country, subdivision) = match days_of {
        DaysOf::Region(_) => return Ok(None),
        DaysOf::Country(country) => (country.clone(), None),
        DaysOf::Subdivision(country, subdivision) => (country.clone(), Some(subdivision.clone())),
        DaysOf::ServiceCenter(code) => match center(conn, code)? {
            Some(center) => (center.address.country, center.subdivision),
            None => return Ok(None),
        },
    };
    let key = calendars.of(country.as_str(), subdivision.as_ref().map(|s| s.as_str())).key.clone();
    let wider = subdivision.map(|subdivision| DaysOf::Subdivision(country.clone(), subdivision));
    let days_of = [Some(DaysOf::Country(country)), wider, Some(days_of.clone())].into_iter().flatten().collect();
    Ok(Some(calendars.edition(&key, &Edition { days_of, revision: calendars.revision(), also: Vec::new() })))
}

fn center(conn: &mut Conn, code: &Code) -> Done<Option<ServiceCenter>> {
    let filter = centers::Filter { code: Some(code.to_string()), country: None };
    Ok(centers::page(conn, &filter, None, 1)?.rows.pop().map(|stand| stand.record))
}

fn known(conn: &mut Conn, ask: &Ask) -> Done<()> {
    let no = |what: String| Err(Refusal::input("unknown_place", "/days_of", what).into());
    match &ask.days_of {
        DaysOf::Region(_) => Ok(()),
        DaysOf::Country(country) | DaysOf::Subdivision(country, _) => match countries::exists(country.as_str()) {
            true => Ok(()),
            false => no(format!("there is no country {country}")),
        },
        DaysOf::ServiceCenter(code) => match centers::id_of(conn, code.as_str())? {
            Some(_) => Ok(()),
            None => no(format!("there is no service center {code}")),
        },
    }
}

/// The running deadlines that would be due at another instant, by their instant.
fn moves(conn: &mut Conn, ctx: &Context, change: &DayChange, calendars: &Changed<'_>) -> Done<Vec<Move>> {
    // What is due before the day begins anywhere on earth is over by then.
    let due_from = change.day.and_time(NaiveTime::MIN).and_utc() - TimeDelta::hours(14);
    let filter = Filter { state: Some(DeadlineState::Running), due_from: Some(due_from.into()), ..Filter::default() };
    let (mut moves, mut after) = (Vec::new(), None);
    loop {
        let page = deadlines::page(conn, &filter, after, PIECE)?;
        moves.extend(page.rows.iter().filter_map(|kept| moved(kept, ctx, change, calendars)));
        after = page.rows.last().and_then(|kept| Some((Ts::from(kept.deadline.due_at?), kept.id)));
        if !page.more {
            return Ok(moves);
        }
    }
}

fn concerned(deadline: &Deadline, change: &DayChange) -> bool {
    deadline.basis.edition.days_of.contains(&change.days_of)
}

/// What would be over at once stays as promised: nobody is late by a day that was open only afterwards.
fn over_at_once(after: &Deadline, ctx: &Context) -> bool {
    after.due_at.is_some_and(|due| due <= ctx.now)
}

fn moved(kept: &Kept, ctx: &Context, change: &DayChange, calendars: &Changed<'_>) -> Option<Move> {
    let was = kept.deadline.due_at.filter(|_| concerned(&kept.deadline, change))?;
    let after = deadline::follow(&kept.deadline, change.number, calendars);
    let stays = over_at_once(&after, ctx);
    (after.due_at != Some(was)).then_some(Move {
        rma: RmaNumber::of(kept.rma)?,
        kind: kept.deadline.basis.kind,
        was,
        due_at: after.due_at,
        stays,
    })
}

/// Has every open deadline of the place follow, those that wait or stand still too, and tells the customers whose dates moved.
fn follow(conn: &mut Conn, ctx: &Context, change: &DayChange, calendars: &Changed<'_>) -> Done<()> {
    let mut concerns: BTreeSet<i64> = BTreeSet::new();
    for state in [DeadlineState::Running, DeadlineState::Waiting, DeadlineState::Paused] {
        let filter = Filter { state: Some(state), ..Filter::default() };
        let mut after = None;
        loop {
            let page = deadlines::page_by_age(conn, &filter, after, PIECE)?;
            concerns.extend(page.rows.iter().filter(|kept| concerned(&kept.deadline, change)).map(|kept| kept.rma));
            after = page.rows.last().map(|kept| kept.id);
            if concerns.len() > MOVED_MOST {
                let detail = format!("more than {MOVED_MOST} RMAs would follow; make the change without move_running");
                return Err(Refusal::refused("too_many_moves", "P3.4", detail).at("/move_running").into());
            }
            if !page.more {
                break;
            }
        }
    }
    for number in concerns.into_iter().filter_map(RmaNumber::of) {
        follow_one(conn, ctx, change, calendars, number)?;
    }
    Ok(())
}

fn follow_one(conn: &mut Conn, ctx: &Context, change: &DayChange, calendars: &Changed<'_>, number: RmaNumber) -> Done<()> {
    let mut dossier = Dossier::lock(conn, ctx, number)?;
    let open = |kept: &&Kept| kept.deadline.state.is_open() && concerned(&kept.deadline, change);
    let follow = |kept: &Kept| {
        let deadline = deadline::follow(&kept.deadline, change.number, calendars);
        let moves = deadline.due_at != kept.deadline.due_at;
        let stays = moves && over_at_once(&deadline, ctx);
        (!stays).then_some((moves, DeadlineChange { deadline, done_at: None }))
    };
    let followed: Vec<(bool, DeadlineChange)> = dossier.deadlines.iter().filter(open).filter_map(follow).collect();
    let moved = followed.iter().any(|(moved, _)| *moved);
    dossier.save_deadlines(conn, ctx, followed.into_iter().map(|(_, change)| change).collect())?;
    let told = serde_json::json!({"calendar_change": change.number});
    dossier.record(conn, ctx, "calendar_followed", &told)?;
    if moved {
        let suffix = format!("deadline-moved/{}", change.number);
        dossier.tell_customer(conn, ctx, NoticeKind::DeadlineMoved, &suffix, Some(remark(change)))?;
    }
    Ok(())
}

fn remark(change: &DayChange) -> String {
    let day = change.day.format("%A, %B %-d, %Y");
    match change.kind {
        ChangeKind::Add => format!("{day} is a holiday now: {}.", change.name),
        ChangeKind::Strike => format!("{day} is no holiday any more: {}.", change.name),
    }
}
