//! The console of operations and support, below `/c`: every list, record and move of the API as a page, and pages of its own where
//! people need more than one of them at once.
//!
//! A page asks the API in this program, with the person in place of a token (`desk`): what may be seen and done, every check of what was
//! entered, and what the audit says are the API's. Pages of their own read the store by the same actions.

mod calendars;
pub(super) mod deed;
mod desk;
pub(super) mod figures;
mod issue;
mod lists;
mod map;
mod programs;
mod record;
mod reports;
mod rma;
mod today;
pub(super) mod words;

use super::guard;
use crate::http::routes;
use actix_web::middleware::from_fn;
use actix_web::web::{ServiceConfig, scope};

/// The pages.
pub fn pages(app: &mut ServiceConfig) {
    app.service(
        scope("/c")
            .wrap(from_fn(desk::desk))
            .wrap(from_fn(guard::house))
            .service(today::show)
            .service(map::show)
            .service(map::sites)
            .service(map::reach)
            .service(today::live)
            .service(issue::show)
            .service(rma::show)
            .service(calendars::show)
            .service(programs::show)
            .service(reports::first)
            .service(reports::show)
            .configure(routes::again),
    );
    // The same lists as files.
    app.service(scope("/csv").wrap(from_fn(desk::file)).wrap(from_fn(guard::house)).configure(routes::again));
}
