//! Reminders: never at night but under Gold Plus, and never many at once, whatever the clock did.

use crate::app::{TestApp, on_both_engines};
use crate::moves::kinds;
use crate::steps::{column, number_of_new, step};
use crate::world;
use chrono::{DateTime, Utc};

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
