//! "Look it up": where an address is, and whether Gold Plus reaches it, before anything is kept.

use super::form::{Entered, page};
use super::verdict;
use crate::actions::check_site::{Answer, check_site};
use crate::actions::keep::Keep;
use crate::actions::keep::sites::Sites;
use crate::actions::{ActionError, Context, Done};
use crate::http::problem::{Problem, Success};
use crate::http::sites::check::{self, CheckView};
use crate::rules::number::RmaNumber;
use crate::rules::role::Permission;
use crate::rules::text::Code;
use crate::store::{Conn, sites};
use crate::web::console::{deed, words};
use crate::web::member::Member;
use crate::web::portal::own;
use crate::web::posted::Posted;
use actix_web::{HttpResponse, post};
use serde_json::{Value, json};

/// Longest text of a field that is shown again.
const TEXT_MOST: usize = 2_000;

/// What was found.
pub(super) struct Looked {
    pub verdict: &'static str,
    pub tone: &'static str,
    /// How the address was found, and how exactly.
    pub located: String,
    pub point: Option<String>,
    pub nearest: Option<String>,
    pub margin: Option<String>,
    pub reasons: Vec<(String, String)>,
}

/// Looks an address up.
#[post("/sites/look")]
pub async fn look_up(member: Member, posted: Posted) -> HttpResponse {
    let text = |value: &str| value.trim().chars().take(TEXT_MOST).collect::<String>();
    let code = Some(posted.text("site")).filter(|code| !code.is_empty()).map(str::to_owned);
    let wanted = |name: &str| name.starts_with('/') || matches!(name, "key" | "version");
    let fields = posted.fields().filter(|(name, _)| wanted(name)).map(|(name, value)| (name.to_owned(), text(value))).collect();
    let mut entered = Entered { code, fields, ..Default::default() };
    let found = async {
        own(&member)?;
        member.allow(Permission::CheckCoverage)?;
        let (ctx, code) = (member.context(), entered.code.clone());
        let work = move |conn: &mut Conn| blocked(conn, &ctx, code.as_deref());
        Ok::<_, Problem>(member.shared.db.read(work).await?)
    };
    match found.await {
        Ok(blocked) => entered.blocked = blocked,
        Err(problem) => return member.failed(&problem),
    }
    match ask(&member, &posted).await {
        Ok(looked) => page(&member, entered, Some(looked), Success::Ok.answer()),
        Err(problem) if problem.errors().is_empty() => member.failed(&problem),
        Err(problem) => {
            for fault in problem.errors() {
                let field = if fault.field == "/country" { "/address/country" } else { &fault.field };
                entered.errors.insert(field.to_owned(), crate::web::sentence(&fault.detail));
            }
            page(&member, entered, None, problem.answer())
        }
    }
}

/// The RMA that keeps the address of this site as it is.
fn blocked(conn: &mut Conn, ctx: &Context, code: Option<&str>) -> Done<Option<String>> {
    let Some(code) = code else { return Ok(None) };
    // What can't be a code is nobody's.
    let code = Code::parse(code).map_err(|_| ActionError::NotFound(Sites::KIND))?;
    let stand = Sites::find(conn, ctx, code.as_str())?.ok_or(ActionError::NotFound(Sites::KIND))?;
    Ok(sites::open_rma(conn, stand.id)?.and_then(RmaNumber::of).map(|rma| rma.to_string()))
}

/// Asks as `POST /sites/check` does.
async fn ask(member: &Member, posted: &Posted) -> Result<Looked, Problem> {
    let wanted = posted.fields().filter(|(name, _)| name.starts_with("/address/") || name.starts_with("/position/"));
    let mut sent = deed::body(wanted);
    let country = sent["address"].as_object_mut().and_then(|address| address.remove("country")).unwrap_or_default();
    if !country.is_null() {
        sent["country"] = country;
    }
    if sent["address"].is_null() {
        sent["address"] = json!({});
    }
    if let Value::Object(members) = &mut sent {
        members.retain(|_, value| !value.is_null());
    }
    let place = check::read(sent.to_string().as_bytes())?;
    let ctx = member.context();
    let answer = member.shared.db.read(move |conn| check_site(conn, &ctx, &place)).await?;
    Ok(looked(answer))
}

fn looked(answer: Answer) -> Looked {
    let (said, tone) = verdict(Some(answer.coverage.verdict));
    let view = CheckView::from(answer);
    let position = &view.position;
    let located = match position.method.as_deref() {
        None => "We know neither the postal code nor the city.".to_owned(),
        Some("given") => "By the coordinates that you gave.".to_owned(),
        Some(method) => {
            let miles = position.radius_meters / crate::rules::coverage::METERS_PER_MILE;
            format!("By its {}, to within {miles:.1} miles.", words::label(method).to_lowercase())
        }
    };
    let margin = view.margin_miles.map(|margin| match margin < 0.0 {
        true => format!("{:.1} miles too far (the limit is {} miles)", -margin, view.limit_miles),
        false => format!("{margin:.1} miles to spare (the limit is {} miles)", view.limit_miles),
    });
    Looked {
        verdict: said,
        tone,
        located,
        point: position.latitude.zip(position.longitude).map(|(latitude, longitude)| format!("{latitude:.4}, {longitude:.4}")),
        nearest: view.nearest.map(|near| format!("{}, {:.1} miles away", near.service_center, near.distance_miles)),
        margin,
        reasons: view.reasons.into_iter().map(|reason| (crate::web::sentence(&reason.detail), reason.rule)).collect(),
    }
}
