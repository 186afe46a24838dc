//! Between a browser and the API: who is signed in asks in place of a token, a form becomes a request, and what the API answers
//! becomes a page.

use super::{calendars, deed, issue, lists, record};
use crate::actions::person::actor;
use crate::http::call::Asker;
use crate::http::problem::{Problem, like};
use crate::web::house::{self, Frame};
use crate::web::member::Member;
use crate::web::posted::Posted;
use actix_web::body::{BoxBody, MessageBody, to_bytes_limited};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{ACCEPT, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, IF_MATCH, LOCATION};
use actix_web::http::{Method, Uri};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse, HttpResponseBuilder};
use askama::Template;
use serde_json::Value;

/// The largest answer of the API that becomes a page: a page of a list is far smaller.
const ANSWER_MOST: usize = 4 << 20;
const KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// What was asked for, after it was turned into a request to the API.
struct Asked {
    member: Member,
    /// The form that was sent, if one was.
    form: Option<Posted>,
    path: String,
    query: String,
    /// A script asked, which reads the API's answers itself.
    script: bool,
}

/// The middleware of pages.
pub(super) async fn desk(mut request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse<BoxBody>, Error> {
    let asked = match ask(&mut request).await {
        Ok(asked) => asked,
        Err(error) => return Ok(request.error_response(error)),
    };
    let answer = match next.call(request).await {
        Ok(answer) => answer.map_into_boxed_body(),
        Err(error) => return Err(error),
    };
    let (request, answer) = answer.into_parts();
    let kind = text(answer.headers(), &CONTENT_TYPE).unwrap_or_default().to_owned();
    // Pages of their own, papers, and what a script asked for, go on as they are.
    if asked.script || !(kind.starts_with("application/json") || kind.starts_with("application/problem+json") || kind.is_empty()) {
        return Ok(ServiceResponse::new(request, answer));
    }
    let page = page(&asked, answer).await;
    Ok(ServiceResponse::new(request, page))
}

/// The middleware of lists as files.
pub(super) async fn file(mut request: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse<BoxBody>, Error> {
    if let Err(error) = ask(&mut request).await {
        return Ok(request.error_response(error));
    }
    request.headers_mut().insert(ACCEPT, HeaderValue::from_static("text/csv"));
    let name: String =
        request.path().trim_start_matches("/csv/").chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let mut answer = next.call(request).await?.map_into_boxed_body();
    if let Ok(saved) = HeaderValue::from_str(&format!("attachment; filename=\"{name}.csv\"")) {
        answer.headers_mut().insert(CONTENT_DISPOSITION, saved);
    }
    Ok(answer)
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Lets the person in, and makes the API's request of a form.
async fn ask(request: &mut ServiceRequest) -> Result<Asked, Error> {
    let member = request.extract::<Member>().await?;
    request.extensions_mut().insert(Asker { actor: actor(&member.person), id: member.session.id });
    let script = text(request.headers(), &ACCEPT).is_some_and(|accept| accept.starts_with("application/json"));
    let mut asked = Asked { path: request.path().to_owned(), query: request.query_string().to_owned(), member, form: None, script };
    if request.method() == Method::POST {
        let form = request.extract::<Posted>().await?;
        let body = deed::body(form.fields()).to_string();
        let method = match form.text("method") {
            "PUT" => Method::PUT,
            "DELETE" => Method::DELETE,
            _ => Method::POST,
        };
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, value) in [(KEY, form.text("key")), (IF_MATCH, form.text("version"))] {
            if let (false, Ok(value)) = (value.is_empty(), HeaderValue::from_str(value)) {
                headers.insert(name, value);
            }
        }
        request.head_mut().method = method;
        request.set_payload(Payload::from(body.into_bytes()));
        asked.form = Some(form);
    } else {
        asked.query = without_empty(request);
    }
    Ok(asked)
}

/// The query without the filters that were left empty, which the API would take for words; the request has it, too, from now on.
fn without_empty(request: &mut ServiceRequest) -> String {
    let kept: Vec<&str> = request.query_string().split('&').filter(|pair| !pair.is_empty() && !pair.ends_with('=')).collect();
    let query = kept.join("&");
    let whole = if query.is_empty() { request.path().to_owned() } else { format!("{}?{query}", request.path()) };
    if let Ok(uri) = whole.parse::<Uri>() {
        request.match_info_mut().get_mut().update(&uri);
        request.head_mut().uri = uri;
    }
    query
}

/// What the API answered, for people.
async fn page(asked: &Asked, answer: HttpResponse) -> HttpResponse {
    let (went_well, same) = (answer.status().is_success(), like(&answer));
    let (location, version) =
        (text(answer.headers(), &LOCATION).map(str::to_owned), text(answer.headers(), &HeaderName::from_static("etag")).map(str::to_owned));
    let Ok(Ok(bytes)) = to_bytes_limited(answer.into_body(), ANSWER_MOST).await else {
        return asked.member.failed(&Problem::unavailable("the answer is too large for a page"));
    };
    let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    if !went_well {
        return again(asked, &body, same);
    }
    if let Some(form) = asked.form.as_ref().filter(|_| asked.path == "/c/calendar-changes" && asked.query == "dry_run=true") {
        return calendars::preview(&asked.member, form, &body);
    }
    if let Some(form) = asked.form.as_ref().filter(|_| !asked.query.contains("dry_run=true")) {
        let made = location.as_deref().and_then(|l| l.rsplit('/').next()).unwrap_or_default();
        let next = form.text("next").replace("{made}", made);
        return house::go(crate::rules::sign_in::next(&next), &[]);
    }
    if asked.path == "/c/calls" {
        return issue::preview(&asked.member, &body);
    }
    match body.get("items") {
        Some(Value::Array(items)) => lists::page(&asked.member, &asked.path, &asked.query, items, body["next_cursor"].as_str()),
        _ => record::page(&asked.member, &asked.path, &body, version.as_deref()),
    }
}

/// A field of a form that is shown again, with what is wrong with it.
struct Field {
    name: String,
    label: String,
    value: String,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "console_again.html")]
struct Again {
    p: Frame,
    action: String,
    /// What goes back as it came.
    kept: Vec<(String, String)>,
    fields: Vec<Field>,
    /// What is wrong with no field in particular: a sentence, and the rule that says so.
    faults: Vec<(String, Option<String>)>,
}

/// What was refused, with everything that was entered, to be sent again.
fn again(asked: &Asked, problem: &Value, answer: HttpResponseBuilder) -> HttpResponse {
    let detail = |fault: &Value| crate::web::sentence(fault["detail"].as_str().unwrap_or_default());
    let all: Vec<&Value> = problem["errors"].as_array().into_iter().flatten().collect();
    let (mut kept, mut fields) = (Vec::new(), Vec::new());
    for (name, value) in asked.form.iter().flat_map(Posted::fields).filter(|(name, _)| *name != "form") {
        let pointer = name.split(':').next().unwrap_or(name);
        if !pointer.starts_with('/') {
            kept.push((name.to_owned(), value.to_owned()));
            continue;
        }
        let error = all.iter().find(|fault| fault["field"] == pointer).map(|fault| detail(fault));
        fields.push(Field { name: name.to_owned(), label: super::words::label(pointer), value: value.to_owned(), error });
    }
    let shown = |fault: &&&Value| !fields.iter().any(|field| field.name.split(':').next() == fault["field"].as_str());
    let mut faults: Vec<(String, Option<String>)> =
        all.iter().filter(shown).map(|fault| (detail(fault), fault["rule"].as_str().map(str::to_owned))).collect();
    if faults.is_empty() && fields.iter().all(|field| field.error.is_none()) {
        faults.push((crate::web::sentence(problem["detail"].as_str().or(problem["title"].as_str()).unwrap_or("It did not work")), None));
    }
    let title = if asked.form.is_some() { "Not done yet" } else { "That can't be shown" };
    let action = if asked.query.is_empty() { asked.path.clone() } else { format!("{}?{}", asked.path, asked.query) };
    let page = Again { p: Frame::of(&asked.member, title, ""), action, kept, fields, faults };
    house::html(&page, answer)
}
