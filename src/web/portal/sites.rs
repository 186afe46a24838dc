//! `/my/sites`: the registered addresses, each with whether Gold Plus reaches it, and the form in which one is registered or corrected.
//!
//! "Look it up" asks as `POST /sites/check` does and keeps nothing; saving is the API's.

mod form;
mod look;

use super::own;
use crate::actions::Done;
use crate::actions::dossier::place;
use crate::http::problem::{Problem, Success};
use crate::rules::coverage::Verdict;
use crate::rules::record::Site;
use crate::store::{Conn, Id, Stand, certificates, sites};
use crate::web::house::{self, Frame};
use crate::web::member::{Member, encoded};
use actix_web::{HttpResponse, get};
use askama::Template;
pub use form::{correct, register};
pub use look::look_up;

/// Sites on the page; the rest is in the list of the API.
const SITES: i64 = 100;

struct Row {
    to: String,
    code: String,
    name: String,
    address: String,
    verdict: (&'static str, &'static str),
}

#[derive(Template)]
#[template(path = "my_sites.html")]
struct Page {
    p: Frame,
    sites: Vec<Row>,
    more: bool,
}

/// The page.
#[get("/sites")]
pub async fn list(member: Member) -> HttpResponse {
    let found = async {
        let organization = own(&member)?;
        Ok::<_, Problem>(member.shared.db.read(move |conn| gather(conn, organization)).await?)
    };
    match found.await {
        Ok((sites, more)) => house::html(&Page { p: Frame::of(&member, "Your sites", "/my/sites"), sites, more }, Success::Ok.answer()),
        Err(problem) => member.failed(&problem),
    }
}

fn gather(conn: &mut Conn, organization: Id) -> Done<(Vec<Row>, bool)> {
    let filter = sites::Filter { organization: Some(organization), ..Default::default() };
    let page = sites::page(conn, &filter, None, SITES)?;
    let row = |stand: Stand<Site>| {
        let certificate = certificates::current(conn, stand.id)?;
        let Site { code, name, address, .. } = stand.record;
        Ok(Row {
            to: format!("/my/sites/{}", encoded(code.as_str())),
            address: place(code.as_str(), name.as_str(), &address).address.join(", "),
            verdict: verdict(certificate.map(|certificate| certificate.verdict)),
            code: code.to_string(),
            name: name.to_string(),
        })
    };
    Ok((page.rows.into_iter().map(row).collect::<Done<_>>()?, page.more))
}

/// A verdict in words for customers, and its color.
fn verdict(verdict: Option<Verdict>) -> (&'static str, &'static str) {
    match verdict {
        Some(Verdict::Eligible) => ("Gold Plus reaches it", "good"),
        Some(Verdict::OutOfRange) => ("Too far for Gold Plus", "bad"),
        Some(Verdict::NoCenterInCountry) => ("No service center in the country", "bad"),
        Some(Verdict::ConfirmPosition) => ("Please confirm where it is", "wait"),
        Some(Verdict::PositionUnknown) => ("We can't find it", "wait"),
        None => ("Not judged yet", ""),
    }
}
