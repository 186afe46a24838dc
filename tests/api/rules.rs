//! Rules that need what is remembered: an action decides them, so they are tested with a database.

use crate::app::{TestApp, on_both_engines};
use crate::world::{self, issued, verified_case};
use serde_json::json;
use swapline::actions::ActionError;
use swapline::actions::cancel_rma::cancel_rma;
use swapline::actions::keep::{self, Put, sites::Sites};
use swapline::rules::number::RmaNumber;
use swapline::rules::position::{Point, Position};
use swapline::rules::record::Site;
use swapline::rules::text::{Line, Note};

/// Changes the site FLL-1; what became of it, or rule, code and sentence of the refusal.
async fn changed(app: &TestApp, change: fn(&mut Site)) -> Result<Put, (String, String, String)> {
    let ctx = app.context();
    let put = app.desk.db.write(move |conn| {
        let mut site = keep::get::<Sites>(conn, &ctx, "FLL-1")?.record;
        change(&mut site);
        keep::put::<Sites>(conn, &ctx, site)
    });
    put.await.map_err(|error| match error {
        ActionError::Refused(refusals) => {
            let [refusal] = refusals.as_slice() else { panic!("{refusals:?}") };
            (refusal.rule.unwrap_or_default().to_owned(), refusal.code.to_owned(), refusal.detail.clone())
        }
        other => panic!("{other}"),
    })
}

fn move_street(site: &mut Site) {
    site.address.lines = vec![Line::parse("1 Other Street").unwrap()];
}

fn move_position(site: &mut Site) {
    site.position = Some(Position::given(Point::new(26.3, -80.1).unwrap()));
}

fn rename(site: &mut Site) {
    site.name = Line::parse("Another name").unwrap();
}

on_both_engines!(p4_3_an_address_is_fixed_while_an_rma_goes_there, |app| {
    world::fill(&app).await;
    let rma = issued(&app, "SILVER-1", "PSU-450", None).await;
    let number = rma["number"].as_str().unwrap().to_owned();
    let why = format!("RMA {number} goes to this address: it can't change until that RMA is closed or cancelled");
    let changes: [fn(&mut Site); 2] = [move_street, move_position];
    for change in changes {
        assert_eq!(changed(&app, change).await, Err(("P4.3".into(), "site_has_open_rma".into(), why.clone())));
    }
    assert_eq!(changed(&app, rename).await, Ok(Put::Changed));
    let (ctx, number) = (app.context(), RmaNumber::parse(&number).unwrap());
    app.desk.db.write(move |conn| cancel_rma(conn, &ctx, number, &Note::parse("not needed").unwrap())).await.unwrap();
    assert_eq!(changed(&app, move_street).await, Ok(Put::Changed));
});

on_both_engines!(p5_1_an_address_may_be_updated_while_nothing_goes_there, |app| {
    world::fill(&app).await;
    let changes: [fn(&mut Site); 2] = [move_street, move_position];
    for change in changes {
        assert_eq!(changed(&app, change).await, Ok(Put::Changed));
        assert_eq!(changed(&app, change).await, Ok(Put::Same));
    }
});

on_both_engines!(p2_severity_1_is_taken_by_phone_only, |app| {
    world::fill(&app).await;
    for (severity, channel, status) in [(1, "phone", 201), (1, "web", 422), (2, "web", 201), (2, "phone", 201), (4, "web", 201)] {
        let body = json!({"serial_number": "GOLD-1", "severity": severity, "channel": channel, "summary": "It does not work."});
        let answer = app.post("/api/v1/cases", body).await;
        assert_eq!(answer.status.as_u16(), status, "{severity} {channel}: {}", answer.text);
        if status == 422 {
            assert_eq!(answer.faults(), [("/channel".to_owned(), "severity_1_by_phone_only".to_owned())]);
        }
    }
});

on_both_engines!(p4_1_a_part_asked_for_twice_is_refused_and_not_a_fault_of_the_server, |app| {
    world::fill(&app).await;
    let case = verified_case(&app, "GOLD-1", &["PSU-450"]).await;
    let body = world::rma_body(&case, "GOLD-1", &["PSU-450", "PSU-450"], None);
    app.post_once("/api/v1/rmas", "twice", body).await.problem(422, "part_asked_twice");
});
