//! The pages' own files. Their names hold a hash of what is in them, so browsers keep them for good and never an old one.

use crate::http::problem::{Problem, Success};
use crate::reference::outlines::{finer, gzip, outlines};
use actix_web::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, HeaderName, VARY};
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, get};
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
    css_of("map", include_str!("assets/map.css")),
    script_of("courier", include_str!("assets/courier.js")),
    script_of("house", include_str!("assets/house.js")),
    script_of("map", include_str!("assets/map.js")),
    Asset { stem: "mark", ending: "svg", kind: "image/svg+xml", text: include_str!("assets/mark.svg") },
];

fn hash(text: &str) -> String {
    Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Each file with its name, and compressed.
static NAMED: LazyLock<Vec<(String, &Asset, Vec<u8>)>> = LazyLock::new(|| {
    let name = |asset: &Asset| format!("{}-{}.{}", asset.stem, hash(asset.text), asset.ending);
    ASSETS.iter().map(|asset| (name(asset), asset, gzip(asset.text))).collect()
});

fn named(stem: &str, ending: &str) -> &'static str {
    NAMED.iter().find(|(_, asset, _)| asset.stem == stem && asset.ending == ending).map_or("", |(name, ..)| name)
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

/// The name of the style sheet of the map.
pub fn map_css() -> &'static str {
    named("map", "css")
}

/// The name of the script of the map.
pub fn map_js() -> &'static str {
    named("map", "js")
}

static FINER_NAME: LazyLock<String> = LazyLock::new(|| format!("land-{}.svg", hash(&finer().svg)));

/// The name of the same for who looks closer.
pub fn finer_land() -> &'static str {
    &FINER_NAME
}

static LAND_NAME: LazyLock<String> = LazyLock::new(|| format!("land-{}.svg", hash(&outlines().svg)));

/// The name of what the map lies on.
pub fn land() -> &'static str {
    &LAND_NAME
}

/// What the map lies on.
#[get("/land-{hash}.svg")]
pub async fn land_file(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let named = |name: &str| request.path().ends_with(name);
    let drawn = match (named(land()), named(finer_land())) {
        (true, _) => outlines(),
        (_, true) => finer(),
        _ => return Err(Problem::not_found("file")),
    };
    Ok(answer(&request, "image/svg+xml", &drawn.svg, &drawn.gzip))
}

/// A file, compressed for whoever takes it so.
fn answer(request: &HttpRequest, kind: &'static str, text: &'static str, gzip: &'static [u8]) -> HttpResponse {
    let accepted = request.headers().get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes = |coding: &str| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        name.trim() == "gzip" && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    };
    let mut answer = Success::Ok.answer();
    answer.content_type(kind).insert_header(FOREVER).insert_header((VARY, "accept-encoding"));
    match accepted.split(',').any(takes) && !gzip.is_empty() {
        true => answer.insert_header((CONTENT_ENCODING, "gzip")).body(gzip),
        false => answer.body(text),
    }
}

const FOREVER: (HeaderName, &str) = (CACHE_CONTROL, "public, max-age=31536000, immutable");

/// One of the files.
#[get("/{name}")]
pub async fn file(request: HttpRequest, name: Path<String>) -> Result<HttpResponse, Problem> {
    let (_, asset, gzip) = NAMED.iter().find(|(own, ..)| *own == *name).ok_or_else(|| Problem::not_found("file"))?;
    Ok(answer(&request, asset.kind, asset.text, gzip))
}
