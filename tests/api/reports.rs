//! Reports about deadlines: figures, the rows behind them, and the same again as of an earlier instant.

use crate::app::{TestApp, on_both_engines};
use crate::steps::{act, column, move_body, number_of_new, step};
use crate::world::{self, front_desk};
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use serde_json::{Value, json};
use swapline::rules::role::Role;

const NAMES: [&str; 4] = ["on-time-shipping", "on-time-delivery", "returns-overdue", "breaches"];
const NOVEMBER: &str = "from=2026-11-01&until=2026-12-31";

async fn report(app: &TestApp, name: &str, query: &str) -> Value {
    let view = app.get(&format!("/api/v1/reports/{name}?{query}")).await.expect(200);
    follow(app, &app.operations, &view).await;
    view
}

/// Follows the link of a report, page by page: exactly the rows of its figures are there.
async fn follow(app: &TestApp, token: &str, view: &Value) {
    let link = view["rows"].as_str().unwrap();
    let (mut path, mut rows) = (format!("{link}&limit=2"), Vec::new());
    loop {
        let page = app.bare(Method::GET, &path).token(token).send().await.expect(200);
        rows.extend(page["items"].as_array().unwrap().clone());
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("{link}&limit=2&cursor={cursor}");
    }
    let counted = rows.iter().filter(|row| row["in_numerator"] == json!(true)).count();
    assert_eq!((json!(counted), json!(rows.len())), (view["numerator"].clone(), view["denominator"].clone()), "{link}");
    for group in view["groups"].as_array().into_iter().flatten() {
        let page = app.bare(Method::GET, group["rows"].as_str().unwrap()).token(token).send().await.expect(200);
        assert_eq!(json!(page["items"].as_array().unwrap().len()), group["denominator"], "{group}");
    }
}

fn figures(view: &Value) -> (i64, i64, i64, i64) {
    let number = |value: &Value| value.as_i64().unwrap();
    let excluded = |index: usize| number(&view["excluded"][index]["count"]);
    (number(&view["numerator"]), number(&view["denominator"]), excluded(0), excluded(1))
}

async fn go_to(app: &TestApp, at: &str) {
    let at: DateTime<Utc> = at.parse().unwrap();
    app.pass(at - app.desk.clock.now());
}

/// Seven RMAs of November 25, in each way that one can go.
async fn seven(app: &TestApp) {
    world::fill(app).await;
    let in_time = number_of_new(app, "SILVER-1", &["PSU-450"], None).await;
    let late = number_of_new(app, "SILVER-1", &["FAN-2"], None).await;
    // Never ships; is cancelled; has until December.
    number_of_new(app, "GOLD-1", &["PSU-450"], None).await;
    let off = number_of_new(app, "GOLD-1", &["FAN-2"], None).await;
    number_of_new(app, "BRONZE-1", &["PSU-450"], None).await;
    // One contact accepts half an hour after the issue, the other one at once; the runs take two and five hours.
    let quick = number_of_new(app, "GP-1", &["PSU-450"], None).await;
    let slow = number_of_new(app, "ES-1", &["PSU-450"], Some(front_desk())).await;
    app.pass(TimeDelta::minutes(30));
    act(app, &app.operations, &quick, "contact", move_body("contact", "")).await.expect(200);
    for (number, serial) in [(&in_time, "SILVER-1"), (&quick, "GP-1"), (&slow, "ES-1")] {
        step(app, number, "ship", serial).await;
    }
    app.pass(TimeDelta::hours(2));
    step(app, &quick, "deliver", "GP-1").await;
    step(app, &in_time, "deliver", "SILVER-1").await;
    step(app, &off, "cancel", "GOLD-1").await;
    app.pass(TimeDelta::minutes(150));
    step(app, &slow, "deliver", "ES-1").await;
    go_to(app, "2026-11-30T12:00:00Z").await;
    app.run_jobs().await;
    step(app, &late, "ship", "SILVER-1").await;
    step(app, &late, "deliver", "SILVER-1").await;
}

on_both_engines!(p3_5_reports_count_what_was_in_time_and_lead_to_their_rows, |app| {
    seven(&app).await;
    let shipping = report(&app, "on-time-shipping", NOVEMBER).await;
    assert_eq!(figures(&shipping), (1, 3, 1, 1), "{shipping}");
    assert_eq!(shipping["ratio"], json!(0.333_333));
    assert_eq!((&shipping["as_of"], &shipping["zone"]), (&json!("2026-11-30T12:00:00Z"), &json!("UTC")));
    let delivery = report(&app, "on-time-delivery", NOVEMBER).await;
    assert_eq!((figures(&delivery), &delivery["ratio"]), ((1, 2, 0, 0), &json!(0.5)));

    let breaches = report(&app, "breaches", NOVEMBER).await;
    assert_eq!(figures(&breaches), (3, 5, 1, 1));
    let counts: Vec<i64> = breaches["segments"].as_array().unwrap().iter().map(|s| s["count"].as_i64().unwrap()).collect();
    assert_eq!(counts, [0, 0, 2, 1], "two never left the stock in time, one run took too long");
    let rows = app.get(breaches["rows"].as_str().unwrap()).await.expect(200);
    let slow = rows["items"].as_array().unwrap().iter().find(|row| row["organization"] == "OTHER").unwrap();
    assert_eq!((&slow["attributed_to"], &slow["in_numerator"]), (&json!("courier"), &json!(true)));
    let seconds: Vec<i64> = slow["segments"].as_array().unwrap().iter().map(|s| s["seconds"].as_i64().unwrap()).collect();
    assert_eq!(seconds, [0, 0, 1_800, 16_200], "half an hour to the pick-up, four and a half to the delivery");

    // Without a period: the last 30 days. A period in which nothing was due has no ratio.
    assert_eq!(report(&app, "on-time-shipping", "").await["numerator"], 1);
    let none = report(&app, "on-time-shipping", "from=2020-01-01&until=2020-02-01").await;
    assert_eq!((figures(&none), &none["ratio"]), ((0, 0, 0, 0), &Value::Null));
    // Due on November 27 at 21:00 in New York, which is the 28th in UTC.
    assert_eq!(report(&app, "on-time-shipping", "from=2026-11-28&until=2026-11-29").await["denominator"], 3);
    assert_eq!(report(&app, "on-time-shipping", "from=2026-11-28&until=2026-11-29&zone=America/New_York").await["denominator"], 0);
    // Filters.
    for (filter, expected) in [
        ("tier=silver", (1, 2)),
        ("tier=bronze", (0, 0)),
        ("region=north_america", (1, 3)),
        ("region=japan", (0, 0)),
        ("organization=ACME", (1, 3)),
        ("organization=NOBODY", (0, 0)),
        ("service_center=SC-FLL", (1, 3)),
        ("service_center=SC-MAD", (0, 0)),
        ("service_center=NOWHERE", (0, 0)),
    ] {
        let view = report(&app, "on-time-shipping", &format!("{NOVEMBER}&{filter}")).await;
        assert_eq!((figures(&view).0, figures(&view).1), expected, "{filter}");
    }
    let by_month = report(&app, "breaches", &format!("{NOVEMBER}&group_by=month")).await;
    assert_eq!(by_month["groups"][0]["group"], "2026-11");
    assert_eq!((&by_month["groups"][0]["numerator"], &by_month["groups"][1]["denominator"]), (&json!(3), &json!(0)));
    let by_tier = report(&app, "breaches", &format!("{NOVEMBER}&group_by=tier")).await;
    let tiers: Vec<i64> = by_tier["groups"].as_array().unwrap().iter().map(|group| group["numerator"].as_i64().unwrap()).collect();
    assert_eq!(tiers, [0, 1, 1, 1]);
});

on_both_engines!(p3_5_reports_are_grouped_by_the_center_that_ships, |app| {
    seven(&app).await;
    for (name, expected) in [
        ("on-time-shipping", vec![("SC-FLL", 1, 3)]),
        ("on-time-delivery", vec![("SC-FLL", 1, 1), ("SC-MAD", 0, 1)]),
        ("breaches", vec![("SC-FLL", 2, 4), ("SC-MAD", 1, 1)]),
    ] {
        let view = report(&app, name, &format!("{NOVEMBER}&group_by=service_center")).await;
        let groups = view["groups"].as_array().unwrap().iter();
        let groups: Vec<_> =
            groups.map(|g| (g["group"].as_str().unwrap(), g["numerator"].as_i64().unwrap(), g["denominator"].as_i64().unwrap())).collect();
        assert_eq!(groups, expected, "{name}");
        let sum: (i64, i64) = groups.iter().fold((0, 0), |sum, group| (sum.0 + group.1, sum.1 + group.2));
        assert_eq!(sum, (figures(&view).0, figures(&view).1), "{name}");
    }
    let one = report(&app, "breaches", &format!("{NOVEMBER}&group_by=service_center&service_center=SC-MAD")).await;
    assert_eq!((one["groups"].as_array().unwrap().len(), &one["groups"][0]["group"]), (1, &json!("SC-MAD")));
    assert_eq!(report(&app, "breaches", "from=2020-01-01&until=2020-02-01&group_by=service_center").await["groups"], json!([]));
    let customer = app.make_token(Role::Customer, Some("OTHER"), None).await;
    let own = app
        .bare(Method::GET, &format!("/api/v1/reports/breaches?{NOVEMBER}&group_by=service_center"))
        .token(&customer)
        .send()
        .await
        .expect(200);
    assert_eq!((own["groups"].as_array().unwrap().len(), &own["groups"][0]["group"]), (1, &json!("SC-MAD")));
});

on_both_engines!(p3_5_a_report_is_replayed_as_of_an_earlier_instant, |app| {
    seven(&app).await;
    // Before anything was decided, but what had left by then; nothing was cancelled yet.
    let early = format!("{NOVEMBER}&as_of=2026-11-25T20:00:00Z");
    assert_eq!(figures(&report(&app, "on-time-shipping", &early).await), (1, 1, 0, 4));
    assert_eq!(figures(&report(&app, "on-time-delivery", &early).await), (0, 0, 0, 2));
    // Before there was anything.
    assert_eq!(figures(&report(&app, "on-time-shipping", &format!("{NOVEMBER}&as_of=2026-11-25T18:00:00Z")).await), (0, 0, 0, 0));
    // The late one had not left on the 29th: it was missed all the same.
    let before = format!("{NOVEMBER}&as_of=2026-11-29T12:00:00Z");
    let then = report(&app, "breaches", &before).await;
    assert_eq!(figures(&then), (3, 5, 1, 1));
    let now = report(&app, "breaches", NOVEMBER).await;
    assert_ne!(then["segments"], now["segments"], "it has taken longer since");
    go_to(&app, "2027-01-31T12:00:00Z").await;
    app.run_jobs().await;
    assert_eq!(report(&app, "breaches", &before).await, then, "the same at any time");
    assert_eq!(figures(&report(&app, "breaches", NOVEMBER).await), (4, 6, 1, 0));
});

on_both_engines!(p4_6_overdue_returns_are_counted_by_age, |app| {
    seven(&app).await;
    // Of Bronze they count from the issue, else from the delivery: four are due on December 3, one on December 7.
    assert_eq!(figures(&report(&app, "returns-overdue", "").await), (0, 0, 0, 5));
    let ages = |view: &Value| view["ages"].as_array().unwrap().iter().map(|age| age["count"].as_i64().unwrap()).collect::<Vec<_>>();
    for (at, expected) in [
        ("2026-12-09T12:00:00Z", [5, 0, 0, 0, 0]),
        ("2026-12-14T12:00:00Z", [1, 4, 0, 0, 0]),
        ("2026-12-25T12:00:00Z", [0, 0, 5, 0, 0]),
        ("2027-01-15T12:00:00Z", [0, 0, 0, 5, 0]),
        ("2027-03-01T12:00:00Z", [0, 0, 0, 0, 5]),
    ] {
        go_to(&app, at).await;
        let view = report(&app, "returns-overdue", "").await;
        assert_eq!((ages(&view), figures(&view)), (expected.to_vec(), (5, 5, 0, 0)), "{at}");
    }
    // One comes back: overdue no more, and still so on the days before.
    let rows = app.get("/api/v1/reports/returns-overdue/rows?organization=OTHER").await.expect(200);
    assert_eq!(rows["items"][0]["days_overdue"], 88);
    step(&app, &column(&rows, "rma")[0], "return-received", "ES-1").await;
    assert_eq!(figures(&report(&app, "returns-overdue", "").await), (4, 5, 0, 0));
    let before = report(&app, "returns-overdue", "as_of=2027-01-15T12:00:00Z").await;
    assert_eq!((ages(&before), figures(&before)), (vec![0, 0, 0, 5, 0], (5, 5, 0, 0)));
});

on_both_engines!(a_report_shows_a_customer_its_own_and_comes_as_a_table, |app| {
    seven(&app).await;
    let customer = app.make_token(Role::Customer, Some("OTHER"), None).await;
    let ask = |token: String, path: String| {
        let app = &app;
        async move { app.bare(Method::GET, &path).token(&token).send().await }
    };
    for (name, expected) in NAMES.into_iter().zip([(0, 0), (0, 1), (0, 0), (1, 1)]) {
        let own = ask(customer.clone(), format!("/api/v1/reports/{name}?{NOVEMBER}")).await.expect(200);
        assert_eq!((figures(&own).0, figures(&own).1), expected, "{name}");
        follow(&app, &customer, &own).await;
        let others = ask(customer.clone(), format!("/api/v1/reports/{name}?{NOVEMBER}&organization=ACME")).await.expect(200);
        assert_eq!(figures(&others), (0, 0, 0, 0), "{name}");
        follow(&app, &customer, &others).await;
    }
    let courier = app.make_token(Role::Courier, None, Some("COURIER-1")).await;
    assert_eq!(ask(courier, "/api/v1/reports/breaches".to_owned()).await.status, 403);

    let table = |path: String| app.bare(Method::GET, &path).token(&app.operations).header("accept", "text/csv").send();
    let csv = table(format!("/api/v1/reports/breaches?{NOVEMBER}&group_by=tier")).await;
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    let lines: Vec<&str> = csv.text.lines().collect();
    assert_eq!(lines[0], "report,figure,from,until,as_of,numerator,denominator,ratio,void,not_due_yet,rows");
    assert!(lines[1].starts_with("breaches,total,2026-11-01,2026-12-31,2026-11-30T12:00:00Z,3,5,0.6,1,1,/api/v1/reports/"), "{}", lines[1]);
    assert!(lines[4].starts_with("breaches,segment stock,") && lines[6].starts_with("breaches,group bronze,"), "{}", csv.text);
    assert_eq!(table(format!("/api/v1/reports/breaches/rows?{NOVEMBER}")).await.text.lines().count(), 6);

    for (query, code) in [
        ("from=2026-11-01&until=2026-11-01", "empty_period"),
        ("as_of=2027-01-01T00:00:00Z", "in_the_future"),
        ("zone=Mars/Olympus", "bad_zone"),
        ("tier=platinum", "unknown_value"),
        ("group_by=day", "unknown_value"),
        ("from=2000-01-01&group_by=month", "too_many_groups"),
        ("limit=3", "unknown_parameter"),
    ] {
        app.get(&format!("/api/v1/reports/breaches?{query}")).await.problem(400, code);
    }
    app.get("/api/v1/reports/returns-overdue?group_by=month").await.problem(400, "open_period");
    assert_eq!(app.get("/api/v1/reports/nonsense").await.status, 404);
});
