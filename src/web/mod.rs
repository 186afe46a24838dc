//! The pages for people, without a login: what couriers do by the links of their letters, and what customers follow.
//!
//! Plain HTML that works without JavaScript. Shows what the store has and hands what people send to the actions, as `http` does;
//! status codes are `http::problem`'s here too.

pub mod assets;
pub mod courier;
pub mod guard;

use actix_web::middleware::from_fn;
use actix_web::web::{ServiceConfig, scope};

/// The pages.
pub fn pages(app: &mut ServiceConfig) {
    app.service(scope("/assets").wrap(from_fn(guard::guard)).service(assets::file));
    app.service(scope("/d").wrap(from_fn(guard::guard)).service(courier::show).service(courier::act));
}
