//! The pages' own files. Their names hold a hash of what is in them, so browsers keep them for good and never an old one.

use crate::http::problem::{Problem, Success};
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Path;
use actix_web::{HttpResponse, get};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// A file of ours.
struct Asset {
    stem: &'static str,
    ending: &'static str,
    kind: &'static str,
    text: &'static str,
}

const fn css_of(stem: &'static str, text: &'static str) -> Asset {
    Asset { stem, ending: "css", kind: "text/css; charset=utf-8", text }
}

const fn script_of(stem: &'static str, text: &'static str) -> Asset {
    Asset { stem, ending: "js", kind: "text/javascript; charset=utf-8", text }
}

const ASSETS: &[Asset] = &[
    css_of("courier", include_str!("assets/courier.css")),
    css_of("house", include_str!("assets/house.css")),
    script_of("courier", include_str!("assets/courier.js")),
    script_of("house", include_str!("assets/house.js")),
    Asset { stem: "mark", ending: "svg", kind: "image/svg+xml", text: include_str!("assets/mark.svg") },
];

/// Each file with its name.
static NAMED: LazyLock<Vec<(String, &Asset)>> = LazyLock::new(|| {
    let name = |asset: &Asset| {
        let hash: String = Sha256::digest(asset.text).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        format!("{}-{hash}.{}", asset.stem, asset.ending)
    };
    ASSETS.iter().map(|asset| (name(asset), asset)).collect()
});

fn named(stem: &str, ending: &str) -> &'static str {
    NAMED.iter().find(|(_, asset)| asset.stem == stem && asset.ending == ending).map_or("", |(name, _)| name)
}

/// The name of the style sheet.
pub fn css() -> &'static str {
    named("courier", "css")
}

/// The name of the style sheet of the pages behind the sign-in.
pub fn house_css() -> &'static str {
    named("house", "css")
}

/// The name of the script.
pub fn js() -> &'static str {
    named("courier", "js")
}

/// The name of the script of the pages behind the sign-in.
pub fn house_js() -> &'static str {
    named("house", "js")
}

/// The name of the picture that stands for all pages.
pub fn icon() -> &'static str {
    named("mark", "svg")
}

/// One of the files.
#[get("/{name}")]
pub async fn file(name: Path<String>) -> Result<HttpResponse, Problem> {
    let (_, asset) = NAMED.iter().find(|(own, _)| *own == *name).ok_or_else(|| Problem::not_found("file"))?;
    let forever = (CACHE_CONTROL, "public, max-age=31536000, immutable");
    Ok(Success::Ok.answer().content_type(asset.kind).insert_header(forever).body(asset.text))
}
