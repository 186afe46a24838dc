//! What holds for every clock, whatever the zone, the calendar and the pauses (P3).

use super::*;
use crate::rules::clock;
use chrono::{Days, FixedOffset, NaiveDate};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

/// The embedded calendars with one holiday more.
struct OneMore(NaiveDate);

impl Calendars for OneMore {
    fn of(&self, country: &str, subdivision: Option<&str>) -> Arc<Calendar> {
        let mut calendar = Calendar { table: Default::default(), ..(*Embedded.of(country, subdivision)).clone() };
        calendar.holidays.entry(self.0).or_insert(Holiday { name: "One more".into(), estimated: false });
        Arc::new(calendar)
    }
}

/// A basis that runs, in whole seconds, as the service's clock gives them.
fn running() -> impl Strategy<Value = Basis> {
    let whole = |at: DateTime<Utc>| DateTime::from_timestamp(at.timestamp(), 0).unwrap();
    any_basis().prop_filter_map("waits or is paused", move |mut basis| {
        basis.starts_at = Some(whole(basis.starts_at?));
        for hold in &mut basis.holds {
            (hold.from, hold.to) = (whole(hold.from), Some(whole(hold.to?)));
        }
        (compute(basis.clone(), &Embedded).state == DeadlineState::Running).then_some(basis)
    })
}

/// What a step says was counted: days, or seconds.
fn counted(step: &Step) -> i64 {
    let words: Vec<&str> = step.counted.split(' ').collect();
    let unit = |word: &str| match word {
        "business" | "s" => 1,
        "min" => 60,
        "h" => 3_600,
        other => panic!("{other}"),
    };
    words
        .chunks(2)
        .filter(|pair| pair.len() == 2 && !pair[0].starts_with("day"))
        .map(|pair| pair[0].parse::<i64>().unwrap() * unit(pair[1]))
        .sum()
}

fn target(basis: &Basis) -> i64 {
    match basis.target {
        Target::Elapsed { hours } => i64::from(hours) * 3_600,
        Target::BusinessDays { days, .. } => days.into(),
        Target::BusinessHours { minutes, .. } => i64::from(minutes) * 60,
    }
}

/// When so much is over from an instant on, whatever units the deadline itself is in.
fn rest(basis: &Basis, from: DateTime<Utc>, left: i64, holds: &[Hold]) -> DateTime<Utc> {
    let (zone, calendar) = (Zone::of(basis.zone), Embedded.by_key(&basis.calendar));
    match &basis.target {
        Target::Elapsed { .. } => from + TimeDelta::seconds(left),
        Target::BusinessDays { due, .. } => {
            clock::business_days(from, DayCount::new(left.try_into().unwrap(), *due), zone, &calendar, holds).unwrap().0
        }
        Target::BusinessHours { weekdays, opens, closes, .. } => {
            let mut schedule = Schedule::new(zone.clone(), weekdays, *opens, *closes, Some(calendar)).unwrap();
            schedule.due_at(from, TimeDelta::seconds(left), holds).unwrap()
        }
    }
}

/// An instant between the start and the due instant, and what the steps counted before it; for days, only after day 0 has
/// begun, and the day of the instant is counted as a whole.
fn split(basis: &Basis, steps: &[Step], at: u64) -> Option<(DateTime<Utc>, i64)> {
    let days = matches!(basis.target, Target::BusinessDays { .. });
    let step = &steps[usize::try_from(at).unwrap() % steps.len()];
    if days && step.note.contains("after the cut-off") {
        return None;
    }
    let inside = i64::try_from(at / 64).unwrap() % (step.to - step.from).num_seconds().max(1);
    let before: i64 = steps.iter().take_while(|s| s.from != step.from || s.to != step.to).map(counted).sum();
    let partly = if days { counted(step) } else { inside.min(counted(step)) };
    Some((step.from + TimeDelta::seconds(inside), before + partly))
}

fn fixed(hours: i32) -> Zone {
    Zone::fixed(FixedOffset::east_opt(hours * 3_600).unwrap()).unwrap()
}

proptest! {
    /// P3.3, P3.4: the sum of what the steps counted is the target.
    #[test]
    fn p3_4_what_the_steps_counted_is_the_target(basis in running()) {
        let deadline = compute(basis, &Embedded);
        prop_assert_eq!(deadline.steps.iter().map(counted).sum::<i64>(), target(&deadline.basis), "{:#?}", deadline.steps);
        // Nothing is counted that did not pass, and no hold counts.
        for step in &deadline.steps {
            let whole = matches!(deadline.basis.target, Target::BusinessDays { .. });
            prop_assert!(whole || counted(step) == 0 || TimeDelta::seconds(counted(step)) == step.to - step.from, "{:?}", step);
            prop_assert!(step.rule != "P4.5" || counted(step) == 0, "{:?}", step);
        }
    }

    /// P3.4: a holiday more never makes a deadline earlier.
    #[test]
    fn p3_4_a_holiday_more_is_never_earlier(basis in running(), after in 0_u64..40) {
        let day = Zone::of(basis.zone).day(basis.starts_at.unwrap()) + Days::new(after);
        let (plain, more) = (compute(basis.clone(), &Embedded), compute(basis, &OneMore(day)));
        prop_assert_eq!(more.state, DeadlineState::Running);
        prop_assert!(plain.due_at <= more.due_at, "{:?} {:?}", plain.due_at, more.due_at);
    }

    /// P3.3, P3.4: what is left at any instant, counted from there, ends at the same instant.
    #[test]
    fn p3_3_a_clock_may_be_split_at_any_instant(basis in running(), at in any::<u64>()) {
        let basis = Basis { holds: Vec::new(), ..basis };
        let deadline = compute(basis.clone(), &Embedded);
        let Some((from, before)) = split(&basis, &deadline.steps, at) else { return Ok(()) };
        prop_assert_eq!(Some(rest(&basis, from, target(&basis) - before, &[])), deadline.due_at, "from {} {}", from, before);
    }

    /// P4.5: a pause moves a deadline by exactly what it covered.
    #[test]
    fn p4_5_a_pause_moves_the_clock_by_what_it_covered(basis in running(), at in any::<u64>(), seconds in 1_i64..1_000_000) {
        let basis = Basis { holds: Vec::new(), ..basis };
        let plain = compute(basis.clone(), &Embedded);
        let Some((from, _)) = split(&basis, &plain.steps, at) else { return Ok(()) };
        let hold = Hold { from, to: Some(from + TimeDelta::seconds(seconds)), reason: "papers".into() };
        let paused = compute(Basis { holds: vec![hold.clone()], ..basis.clone() }, &Embedded);
        let covered = covered(&basis, &hold, paused.due_at.unwrap())?;
        let start = day_or_instant(&basis);
        prop_assert_eq!(paused.due_at, Some(rest(&basis, start, target(&basis) + covered, &[])), "{:?}", hold);
        prop_assert!(paused.due_at >= plain.due_at);
    }

    /// P3.3, P3.4: on clocks without changes, what is shifted with its zone is due as much later or earlier.
    #[test]
    fn p3_3_shifting_zone_and_start_shifts_the_deadline(basis in running(), from in -12_i32..=14, to in -12_i32..=14) {
        let calendar = Embedded.by_key(&basis.calendar);
        let start = basis.starts_at.unwrap();
        let shift = TimeDelta::hours((from - to).into());
        match &basis.target {
            Target::Elapsed { .. } => {}
            Target::BusinessDays { days, due, cut_off } => {
                let count = DayCount { days: *days, due: *due, cut_off: *cut_off };
                let due = |start, zone| clock::business_days(start, count, &zone, &calendar, &[]).unwrap().0;
                prop_assert_eq!(due(start, fixed(from)) + shift, due(start + shift, fixed(to)));
            }
            Target::BusinessHours { minutes, weekdays, opens, closes } => {
                let due = |start, zone| {
                    let schedule = Schedule::new(zone, weekdays, *opens, *closes, Some(Arc::clone(&calendar)));
                    schedule.unwrap().due_at(start, TimeDelta::minutes((*minutes).into()), &[]).unwrap()
                };
                prop_assert_eq!(due(start, fixed(from)) + shift, due(start + shift, fixed(to)));
            }
        }
    }
}

/// Where the count begins: the start or, where it counts as of the next day, that day.
fn day_or_instant(basis: &Basis) -> DateTime<Utc> {
    let (start, zone) = (basis.starts_at.unwrap(), Zone::of(basis.zone));
    match basis.target {
        Target::BusinessDays { cut_off, .. } => zone.start_of_day(clock::day_zero(start, cut_off, zone)).max(start),
        _ => start,
    }
}

/// What a hold covers of a clock that runs until `due`: seconds, or open days that it touches.
fn covered(basis: &Basis, hold: &Hold, due: DateTime<Utc>) -> Result<i64, TestCaseError> {
    let (zone, calendar, to) = (Zone::of(basis.zone), Embedded.by_key(&basis.calendar), hold.to.unwrap());
    Ok(match &basis.target {
        Target::Elapsed { .. } => (to - hold.from).num_seconds(),
        Target::BusinessHours { weekdays, opens, closes, .. } => {
            let mut schedule = Schedule::new(zone.clone(), weekdays, *opens, *closes, Some(calendar)).unwrap();
            schedule.open_between(hold.from, to).unwrap().num_seconds()
        }
        Target::BusinessDays { .. } => {
            let zero = zone.day(day_or_instant(basis));
            // The due instant of the end of a day is the midnight after it.
            let last = zone.day(due - TimeDelta::microseconds(1));
            let held = |day: &NaiveDate| {
                let (from, until) = (zone.start_of_day(*day), zone.start_of_day(*day + Days::new(1)));
                from < until && calendar.closed(*day).is_none() && hold.from < until && to > from
            };
            let days = zero.iter_days().skip(1).take_while(|day| *day < last);
            i64::try_from(days.filter(held).count()).unwrap()
        }
    })
}
