//! Every endpoint, on one screen.

use super::{
    appliances, calendars, calls, cases, center_requests, certificates, charges, contracts, couriers, deadlines, dispatch_list, dispatches,
    dock, gaps, letters, lineage, models, moves, organizations, papers, parts, people, renewals, reports, returns, rmas, service_centers,
    shipments, sites, stock, stock_units, tokens, webhooks, what_if,
};
use utoipa_actix_web::service_config::ServiceConfig;

/// The same endpoints below another path, without their description.
pub fn again(app: &mut actix_web::web::ServiceConfig) {
    v1(&mut ServiceConfig::new(app));
}

/// The endpoints below `/api/v1`.
#[rustfmt::skip]
pub fn v1(api: &mut ServiceConfig<'_>) {
    api // customers and what they have
        .service(organizations::list).service(organizations::add).service(organizations::show).service(organizations::replace).service(organizations::remove)
        .service(contracts::list).service(contracts::add).service(contracts::show).service(contracts::replace).service(contracts::remove)
        .service(contracts::list_appliances).service(renewals::renew)
        .service(appliances::list).service(appliances::add).service(appliances::show).service(appliances::replace).service(appliances::remove)
        .service(lineage::show)
        .service(sites::check::check)
        .service(sites::list).service(sites::add).service(sites::show).service(sites::replace).service(sites::remove)
        .service(certificates::list).service(certificates::report).service(what_if::ask).service(gaps::report)
        // the catalog and the network
        .service(models::list).service(models::add).service(models::show).service(models::replace).service(models::remove)
        .service(parts::list).service(parts::add).service(parts::show).service(parts::replace).service(parts::remove)
        .service(service_centers::list).service(service_centers::add).service(service_centers::show).service(service_centers::replace).service(service_centers::remove)
        .service(center_requests::list).service(center_requests::add).service(center_requests::show).service(center_requests::open).service(center_requests::take_back)
        .service(couriers::list).service(couriers::add).service(couriers::show).service(couriers::replace).service(couriers::remove)
        .service(stock_units::list).service(stock_units::add).service(stock_units::show).service(stock_units::replace).service(stock_units::remove)
        .service(stock::levels).service(stock::list_substitutes).service(stock::set_substitute_of).service(stock::remove_substitute_of)
        .service(calendars::show).service(calendars::list).service(calendars::add)
        // cases and RMAs
        .service(cases::list).service(cases::open).service(cases::show).service(cases::verify)
        .service(calls::take).service(rmas::list).service(rmas::issue).service(rmas::show)
        .service(rmas::list_deadlines).service(rmas::list_events).service(rmas::list_letters)
        .service(moves::contact).service(moves::ship_replacement).service(moves::deliver_replacement)
        .service(moves::return_shipped).service(moves::return_received).service(moves::cancel).service(moves::close)
        .service(moves::export_hold).service(moves::export_release)
        .service(returns::extend).service(returns::dead_on_arrival).service(returns::cancel_one).service(returns::destruction)
        .service(charges::propose).service(charges::list).service(charges::list_candidates).service(charges::show)
        .service(charges::confirm).service(charges::decline)
        .service(dock::list).service(dock::scan_parcel).service(dock::dispose_of)
        .service(papers::return_label).service(papers::packing_slip).service(papers::return_instructions)
        // across RMAs
        .service(shipments::list).service(shipments::show)
        .service(dispatches::accept).service(dispatches::pick_up).service(dispatches::deliver).service(dispatches::problem).service(dispatches::show_proof)
        .service(dispatch_list::list).service(dispatch_list::cancel)
        .service(deadlines::list)
        .service(letters::list).service(letters::retry)
        // carriers, by their signature
        .service(webhooks::carrier)
        // reports about deadlines, after those below /reports that have a name of their own
        .service(reports::show).service(reports::list_rows)
        // who may ask
        .service(people::list).service(people::invite).service(people::show).service(people::list_sessions)
        .service(people::disable).service(people::reset)
        .service(tokens::list).service(tokens::add).service(tokens::show).service(tokens::revoke);
}
