//! The pages' own files. Their names hold a hash of what is in them, so browsers keep them for good and never an old one.

use crate::http::problem::{Problem, Success};
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Path;
use actix_web::{HttpResponse, get};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

const CSS: &str = include_str!("assets/courier.css");
const HOUSE_CSS: &str = include_str!("assets/house.css");
const JS: &str = include_str!("assets/courier.js");
const HOUSE_JS: &str = include_str!("assets/house.js");

static CSS_NAME: LazyLock<String> = LazyLock::new(|| name("courier", CSS, "css"));
static HOUSE_CSS_NAME: LazyLock<String> = LazyLock::new(|| name("house", HOUSE_CSS, "css"));
static JS_NAME: LazyLock<String> = LazyLock::new(|| name("courier", JS, "js"));
static HOUSE_JS_NAME: LazyLock<String> = LazyLock::new(|| name("house", HOUSE_JS, "js"));

fn name(stem: &str, text: &str, ending: &str) -> String {
    let hash: String = Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{stem}-{hash}.{ending}")
}

/// The name of the style sheet.
pub fn css() -> &'static str {
    &CSS_NAME
}

/// The name of the style sheet of the pages behind the sign-in.
pub fn house_css() -> &'static str {
    &HOUSE_CSS_NAME
}

/// The name of the script.
pub fn js() -> &'static str {
    &JS_NAME
}

/// The name of the script of the pages behind the sign-in.
pub fn house_js() -> &'static str {
    &HOUSE_JS_NAME
}

/// One of the files.
#[get("/{name}")]
pub async fn file(name: Path<String>) -> Result<HttpResponse, Problem> {
    let (text, kind) = match name.as_str() {
        name if name == css() => (CSS, "text/css; charset=utf-8"),
        name if name == house_css() => (HOUSE_CSS, "text/css; charset=utf-8"),
        name if name == js() => (JS, "text/javascript; charset=utf-8"),
        name if name == house_js() => (HOUSE_JS, "text/javascript; charset=utf-8"),
        _ => return Err(Problem::not_found("file")),
    };
    Ok(Success::Ok.answer().content_type(kind).insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable")).body(text))
}
