//! Reminders: never at night but under Gold Plus, and never many at once, whatever the clock did.

use crate::app::{TestApp, on_both_engines};
use crate::moves::kinds;
use crate::steps::{column, number_of_new, step};
use crate::{couriers, world};
use chrono::{DateTime, TimeDelta, Utc};
use swapline::jobs::sweep;
use swapline::store::{Conn, outbox};

/// Moves the clock to an instant and runs the jobs twice, as two nodes might.
async fn at(app: &TestApp, at: &str) {
    let at: DateTime<Utc> = at.parse().unwrap();
    app.pass(at - app.desk.clock.now());
    app.run_jobs().await;
    app.run_jobs().await;
}

/// The last letter about an RMA, and how many there are.
async fn last(app: &TestApp, number: &str) -> (usize, String) {
    let kinds = kinds(app, number).await;
    (kinds.len(), kinds.last().unwrap().clone())
}

on_both_engines!(p4_6_no_reminder_goes_out_at_night_but_under_gold_plus, |app| {
    world::fill(&app).await;
    let silver = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    let gold_plus = number_of_new(&app, "GP-1", &["PSU-450"], Some(world::front_desk())).await;
    for (number, serial) in [(&silver, "SILVER-1"), (&gold_plus, "GP-1")] {
        step(&app, number, "ship", serial).await;
        step(&app, number, "deliver", serial).await;
    }
    app.run_jobs().await;
    let (plain, urgent) = (last(&app, &silver).await.0, last(&app, &gold_plus).await.0);
    // Both are due at the end of Thursday, December 3 in Fort Lauderdale. The service is off until half past eleven that night.
    at(&app, "2026-12-04T04:30:00Z").await;
    assert_eq!(last(&app, &gold_plus).await, (urgent + 1, "return_due_today".to_owned()));
    assert_eq!(last(&app, &silver).await, (plain, "delivered".to_owned()), "nobody is woken");
    at(&app, "2026-12-04T12:59:59Z").await;
    assert_eq!(last(&app, &silver).await, (plain, "delivered".to_owned()), "a second before eight");
    // At eight it is overdue already, and the letter says so.
    at(&app, "2026-12-04T13:00:00Z").await;
    assert_eq!(last(&app, &silver).await, (plain + 1, "return_overdue".to_owned()));
    assert_eq!(last(&app, &gold_plus).await, (urgent + 1, "return_due_today".to_owned()));
    let stem = silver.split('-').next().unwrap();
    let keys = column(&app.get(&format!("/api/v1/rmas/{silver}/letters")).await.body, "key");
    assert_eq!(keys.last().unwrap(), &format!("rma/{stem}/return-reminder/2"));
    // The series goes on as planned.
    at(&app, "2026-12-05T14:00:00Z").await;
    assert_eq!(last(&app, &silver).await, (plain + 2, "return_overdue".to_owned()));
    assert_eq!(last(&app, &gold_plus).await, (urgent + 2, "return_overdue".to_owned()));
});

/// Issues RMAs for eight units of four customers' appliances, delivers them, and posts what was promised.
async fn eight_delivered(app: &TestApp) -> Vec<String> {
    let mut numbers = Vec::new();
    for serial in ["SILVER-1", "GOLD-1", "BRONZE-1", "GP-FAR"] {
        for part in ["PSU-450", "FAN-2"] {
            let number = number_of_new(app, serial, &[part], Some(world::front_desk())).await;
            step(app, &number, "ship", serial).await;
            step(app, &number, "deliver", serial).await;
            numbers.push(number);
        }
    }
    app.run_jobs().await;
    numbers
}

/// The keys of the letters that were sent after the first `known` ones.
fn sent_after(app: &TestApp, known: usize) -> Vec<String> {
    app.memory.letters().into_iter().skip(known).map(|letter| letter.key).collect()
}

on_both_engines!(p4_6_a_clock_that_jumps_a_week_and_back_makes_no_flood, |app| {
    world::fill(&app).await;
    couriers::with_couriers(&app, "SC-FLL", &["COURIER-1", "COURIER-2"]).await;
    let numbers = eight_delivered(&app).await;
    // The day before the first reminder; nobody has accepted this dispatch a week later.
    at(&app, "2026-11-30T15:00:00Z").await;
    let dispatched = number_of_new(&app, "GP-1", &["PSU-450"], Some(world::front_desk())).await;
    app.run_jobs().await;
    let known = app.memory.letters().len();
    // A week on, two of the four reminders' times have passed, and the third one's: one letter for each RMA.
    at(&app, "2026-12-07T15:00:00Z").await;
    let mut sent = sent_after(&app, known);
    let of = |number: &String, suffix: &str| format!("rma/{}/{suffix}", number.split('-').next().unwrap());
    let mut expected: Vec<String> = numbers.iter().map(|number| of(number, "return-reminder/3")).collect();
    // Of the courier: the next one is asked, without a reminder of what is over.
    expected.extend(["dispatch/1/cancelled", "dispatch/1/alert", "dispatch/2"].map(|suffix| of(&dispatched, suffix)));
    sent.sort();
    expected.sort();
    assert_eq!(sent, expected);
    // And back: nothing is told again, neither at once nor while the same week passes once more.
    let known = app.memory.letters().len();
    for day in ["2026-11-30T15:00:00Z", "2026-12-01T15:00:00Z", "2026-12-03T15:00:00Z", "2026-12-05T15:00:00Z", "2026-12-07T15:00:00Z"] {
        at(&app, day).await;
        let sent = sent_after(&app, known);
        assert!(sent.iter().all(|key| *key == of(&dispatched, "dispatch/2/alert")), "{day}: {sent:?}");
    }
    at(&app, "2026-12-10T15:00:00Z").await;
    let last = sent_after(&app, known).into_iter().filter(|key| key.ends_with("return-reminder/4")).count();
    assert_eq!(last, 8, "the series goes on");
});

on_both_engines!(p4_6_what_was_promised_by_a_clock_that_went_back_is_sent_at_once, |app| {
    world::fill(&app).await;
    app.pass(TimeDelta::days(7));
    let number = number_of_new(&app, "SILVER-1", &["PSU-450"], None).await;
    // A poster had taken it, and was gone when the clock was put right.
    let now = app.desk.clock.now();
    let lease = move |conn: &mut Conn| outbox::lease(conn, now.into(), (now + TimeDelta::seconds(60)).into(), 1);
    assert_eq!(app.desk.db.write(lease).await.unwrap().len(), 1);
    app.pass(-TimeDelta::days(7));
    app.run_jobs().await;
    assert_eq!(kinds(&app, &number).await, ["rma_issued"]);
    assert_eq!(app.memory.letters().len(), 1);
});

on_both_engines!(p4_6_reminders_that_could_not_be_sent_collapse_into_the_last, |app| {
    world::fill(&app).await;
    let numbers = eight_delivered(&app).await;
    let known = app.memory.letters().len();
    // Every reminder is promised on its day, and no mail leaves for two weeks.
    for day in ["2026-12-01T14:00:00Z", "2026-12-03T14:00:00Z", "2026-12-05T14:00:00Z", "2026-12-10T14:00:00Z"] {
        app.pass(day.parse::<DateTime<Utc>>().unwrap() - app.desk.clock.now());
        sweep::sweep(&app.desk).await.unwrap();
    }
    // One unit comes back meanwhile: it isn't asked for any more.
    step(&app, &numbers[0], "return-received", "SILVER-1").await;
    app.run_jobs().await;
    let mut sent = sent_after(&app, known);
    let stem = |number: &String| number.split('-').next().unwrap().to_owned();
    let mut expected: Vec<String> = numbers[1..].iter().map(|number| format!("rma/{}/return-reminder/4", stem(number))).collect();
    sent.sort();
    expected.sort();
    assert_eq!(sent.iter().filter(|key| key.contains("reminder")).collect::<Vec<_>>(), expected.iter().collect::<Vec<_>>());
    assert_eq!(sent.len(), 8);
    let superseded = app.get("/api/v1/letters?state=superseded").await.expect(200);
    assert_eq!(superseded["items"].as_array().unwrap().len(), 7 * 3 + 4);
    assert!(column(&superseded, "key").iter().all(|key| key.contains("/return-reminder/")));
});
