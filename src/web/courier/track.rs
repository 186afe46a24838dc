//! The page that customers and operations follow a courier's run on. It names the courier and nobody else, and no address.

use super::page::{Common, StepView, deadline, due, instant};
use crate::actions::show_dispatch::Run;
use crate::http::Shared;
use crate::http::problem::{Problem, Success};
use crate::mail::words;
use crate::rules::rma::RmaState;
use crate::store::Ts;
use crate::web::house;
use actix_web::HttpResponse;
use askama::Template;
use chrono::{DateTime, TimeDelta, Utc};

/// How long the page can be seen after the run has ended.
const SHOWN_AFTERWARDS: TimeDelta = TimeDelta::days(3);

#[derive(Template)]
#[template(path = "page_track.html")]
struct Tracked {
    p: Common,
    due: Vec<(String, String)>,
    late: bool,
    steps: Vec<StepView>,
    courier: Option<String>,
}

/// The page, or that its time is over.
pub(super) fn answer(shared: &Shared, run: &Run, now: DateTime<Utc>) -> Result<HttpResponse, Problem> {
    let (dossier, shipment) = (&run.dossier, &run.dossier.shipment);
    let ended = shipment.delivered_at.or(dossier.rma.ended_at).map(Ts::at);
    if ended.is_some_and(|at| now >= at + SHOWN_AFTERWARDS) {
        return Err(Problem::gone("link_expired", "this link has expired"));
    }
    let zone = dossier.reader_zone();
    let due_at = deadline(dossier.deadlines.iter().map(|k| &k.deadline));
    let at = |ts: Option<Ts>| ts.map(|ts| instant(ts, zone));
    let open = matches!(dossier.rma.state.0, RmaState::Issued | RmaState::Shipped);
    let steps = vec![
        StepView { label: "Courier sent for", at: at(run.sent_at) },
        StepView { label: "Courier takes the run", at: at(run.accepted_at) },
        StepView { label: "On its way", at: at(shipment.shipped_at) },
        StepView { label: "Delivered", at: at(shipment.delivered_at) },
    ];
    let title = match dossier.rma.state.0 {
        RmaState::Cancelled => "This run is cancelled",
        RmaState::Issued | RmaState::Shipped if run.has_problem => "Held up; we look into it",
        RmaState::Issued if run.accepted_at.is_some() => "A courier fetches your replacement",
        RmaState::Issued => "Your replacement is being prepared",
        RmaState::Shipped => "Your replacement is on its way",
        _ => "Your replacement is delivered",
    };
    let page = Tracked {
        p: Common::of(shared, format!("RMA {}", dossier.number), title),
        due: if open { due(due_at, zone) } else { Vec::new() },
        late: open && due_at.is_some_and(|(at, _)| at < now),
        steps,
        courier: run.courier.as_deref().map(words::line),
    };
    Ok(house::html(&page, Success::Ok.answer()))
}
