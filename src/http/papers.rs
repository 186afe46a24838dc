//! The papers of a return: label and packing slip, and the letter that carries them.

use super::call::{Call, Reply};
use super::moves::EmptyBody;
use super::problem::{Problem, ProblemBody, Success};
use super::rma_view::{self, RmaView};
use super::rmas::number;
use crate::actions::send_instructions;
use crate::print::PrintError;
use crate::print::papers::Papers;
use crate::rules::number::RmaNumber;
use crate::rules::refusal::Refusal;
use crate::rules::role::Permission;
use crate::rules::term::terms;
use crate::rules::text::TextFault;
use actix_web::http::header::{ACCEPT, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, VARY};
use actix_web::web::{Path, block};
use actix_web::{HttpResponse, get, post};

terms! {
    /// How a paper is wanted.
    Format, "format" {
        /// To print.
        Pdf => "pdf",
        /// To look at and print.
        Html => "html",
        /// For label printers.
        Zpl => "zpl",
    }
}

impl Format {
    fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Html => "text/html",
            Self::Zpl => "application/zpl",
        }
    }
}

/// `format` where it is given, else the first of the kinds on offer that `Accept` names, the most wanted first; PDF where it names none.
fn wanted(call: &Call, offer: &'static [Format]) -> Result<Format, Problem> {
    let query = call.query(&["format"])?;
    let known = |text: &str| {
        let found = offer.iter().copied().find(|format| format.to_string() == text);
        found.ok_or_else(|| {
            TextFault::new("bad_format", format!("must be one of {}", offer.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")))
        })
    };
    match query.get("format", known)? {
        Some(format) => Ok(format),
        None => accepted(call.header(ACCEPT.as_str()).unwrap_or_default(), offer).ok_or_else(Problem::not_acceptable),
    }
}

fn accepted(accept: &str, offer: &[Format]) -> Option<Format> {
    let mut best: Option<(f32, Format)> = None;
    for range in accept.split(',').map(str::trim).filter(|range| !range.is_empty()) {
        let mut parts = range.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
        let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |q| q.parse::<f32>().ok()).unwrap_or(0.0);
        let format = offer.iter().copied().find(|format| {
            let media = format.media_type();
            kind == "*/*" || kind == media || kind.strip_suffix("/*").is_some_and(|main| media.starts_with(&format!("{main}/")))
        });
        if let Some(format) = format
            && weight > best.map_or(0.0, |(most, _)| most)
        {
            best = Some((weight, format));
        }
    }
    match accept.trim().is_empty() {
        true => offer.first().copied(),
        false => best.map(|(_, format)| format),
    }
}

async fn answer(
    call: Call,
    number: RmaNumber,
    (name, format): (&str, Format),
    draw: impl FnOnce(&Papers) -> Result<Vec<u8>, PrintError> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    let (facts, zone) = call.read(move |conn, ctx| send_instructions::papers(conn, ctx, number)).await?;
    let vendor = call.shared.sender.mailbox.name.clone();
    // Drawing takes some milliseconds: not on the threads that answer, and after the database is given back.
    let drawn = block(move || Papers::of(&facts, zone, &vendor).map(|papers| draw(&papers)).transpose()).await;
    let bytes = drawn.map_err(|_| Problem::unavailable("the server is stopping"))??;
    let bytes = bytes.ok_or_else(|| crate::actions::ActionError::from(nothing()))?;
    let kind = match format {
        Format::Pdf => "application/pdf",
        Format::Html => "text/html; charset=utf-8",
        Format::Zpl => "application/zpl; charset=utf-8",
    };
    let mut response = Success::Ok.answer();
    response.content_type(kind).insert_header((VARY, "Accept"));
    response.insert_header((CONTENT_DISPOSITION, format!("inline; filename=\"{number}-{name}.{format}\"")));
    if format == Format::Html {
        // The page has its own style and nothing else; names in it can't add anything.
        response.insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"));
    }
    Ok(response.body(bytes))
}

/// What the rule says before; asked again by the papers themselves.
fn nothing() -> Refusal {
    Refusal::clash("nothing_expected_back", "P4.6", "no unit is expected back on this RMA")
}

/// The return label, with the RMA number as Code 128 and QR.
#[utoipa::path(tag = "rmas", operation_id = "show_return_label", params(("number" = String, Path),
    ("format" = Option<String>, Query, description = "`pdf`, `html` or `zpl`; without it the `Accept` header decides, and PDF is the default")),
    responses((status = 200, description = "4 by 6 inches or A6, by the country's paper; ZPL is UTF-8 for 203 dots an inch",
            content((Vec<u8> = "application/pdf"), (String = "text/html"), (String = "application/zpl"))),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/rmas/{number}/return-label")]
pub async fn return_label(call: Call, raw: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ReadOwn)?;
    let format = wanted(&call, &[Format::Pdf, Format::Html, Format::Zpl])?;
    let draw = move |papers: &Papers| match format {
        Format::Pdf => papers.label_pdf(),
        Format::Html => papers.label_html().map(String::into_bytes),
        Format::Zpl => papers.label_zpl().map(String::into_bytes),
    };
    answer(call, number(&raw)?, ("return-label", format), draw).await
}

/// The packing slip, to put into the box.
#[utoipa::path(tag = "rmas", operation_id = "show_packing_slip", params(("number" = String, Path),
    ("format" = Option<String>, Query, description = "`pdf` or `html`; without it the `Accept` header decides, and PDF is the default")),
    responses((status = 200, description = "Letter or A4, by the country's paper", content((Vec<u8> = "application/pdf"), (String = "text/html"))),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[get("/rmas/{number}/packing-slip")]
pub async fn packing_slip(call: Call, raw: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::ReadOwn)?;
    let format = wanted(&call, &[Format::Pdf, Format::Html])?;
    let draw = move |papers: &Papers| match format {
        Format::Html => papers.slip_html().map(String::into_bytes),
        Format::Pdf | Format::Zpl => papers.slip_pdf(),
    };
    answer(call, number(&raw)?, ("packing-slip", format), draw).await
}

/// Sends the return instructions with label and packing slip to the customer again.
#[utoipa::path(tag = "rmas", operation_id = "send_return_instructions", params(("number" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
    ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored or sent")),
    request_body = EmptyBody, responses((status = 200, description = "As it is then", body = RmaView),
        (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
#[post("/rmas/{number}/return-instructions")]
pub async fn return_instructions(call: Call, raw: Path<String>) -> Result<HttpResponse, Problem> {
    call.allow(Permission::AnswerRmas)?;
    call.body::<EmptyBody>()?;
    let number = number(&raw)?;
    call.write(move |conn, ctx| Ok(Reply::ok(rma_view::rma(send_instructions::send_instructions(conn, ctx, number)?)?))).await
}

#[cfg(test)]
mod tests;
