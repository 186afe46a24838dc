//! The pages for people: what couriers do by the links of their letters and customers follow, without a login; and what is behind
//! the sign-in.
//!
//! Plain HTML that works without JavaScript. Shows what the store has and hands what people send to the actions, as `http` does;
//! status codes are `http::problem`'s here too.

pub mod assets;
pub mod console;
pub mod courier;
pub mod guard;
pub mod house;
pub mod member;
pub mod portal;
pub mod posted;
pub mod sign_in;

use actix_web::middleware::from_fn;
use actix_web::web::{ServiceConfig, scope};

/// The pages.
pub fn pages(app: &mut ServiceConfig) {
    app.service(scope("/assets").wrap(from_fn(guard::guard)).service(assets::land_file).service(assets::file));
    sign_in::pages(app);
    console::pages(app);
    portal::pages(app);
    app.service(scope("/d").wrap(from_fn(guard::guard)).service(courier::show).service(courier::act));
}

/// With a capital at the beginning and a stop at the end.
fn sentence(text: &str) -> String {
    let mut chars = text.trim_end_matches('.').chars();
    chars.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), chars.as_str()))
}
