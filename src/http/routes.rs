//! Every endpoint, on one screen.

use super::{cases, deadlines, letters, moves, organizations, rmas, shipments};
use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints below `/api/v1`.
#[rustfmt::skip]
pub fn v1(api: &mut ServiceConfig<'_>) {
    api // customers and what they have
        .service(organizations::list).service(organizations::add).service(organizations::show).service(organizations::replace).service(organizations::remove)
        
        
        
        
        // cases and RMAs
        .service(cases::list).service(cases::open).service(cases::show).service(cases::verify)
        .service(rmas::list).service(rmas::issue).service(rmas::show)
        .service(rmas::list_deadlines).service(rmas::list_events).service(rmas::list_letters)
        .service(moves::contact).service(moves::ship_replacement).service(moves::deliver_replacement)
        .service(moves::return_shipped).service(moves::return_received).service(moves::cancel).service(moves::close)
        .service(moves::export_hold).service(moves::export_release)
        // across RMAs
        .service(shipments::list).service(shipments::show)
        .service(deadlines::list)
        .service(letters::list).service(letters::retry);
}
