//! The form of a site: its address as the country writes it.

use super::look::Looked;
use crate::actions::keep::Keep;
use crate::actions::keep::sites::{Sites, zone_of};
use crate::actions::{ActionError, Context, Done};
use crate::http::problem::{Problem, Success};
use crate::reference::address_forms::{self, Part};
use crate::reference::countries;
use crate::rules::number::RmaNumber;
use crate::rules::position::Grade;
use crate::rules::record::Site;
use crate::rules::role::Permission;
use crate::rules::text::Code;
use crate::store::{Conn, Stand, organizations, sites};
use crate::web::house::{self, Frame};
use crate::web::member::{Member, encoded};
use crate::web::portal::own;
use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, HttpResponseBuilder, get};
use askama::Template;
use std::collections::BTreeMap;

/// A field: its name in the API, what it is called, what is in it.
struct Field {
    id: &'static str,
    name: &'static str,
    label: &'static str,
    value: String,
    required: bool,
    autocomplete: &'static str,
    error: Option<String>,
}

/// What a form is about, and what was entered into it.
#[derive(Debug, Clone, Default)]
pub(super) struct Entered {
    /// The site that is corrected; a new one without.
    pub code: Option<String>,
    /// Every field by its name.
    pub fields: BTreeMap<String, String>,
    /// What is wrong with a field, by its name.
    pub errors: BTreeMap<String, String>,
    /// The RMA that keeps the address as it is (P4.3).
    pub blocked: Option<String>,
}

#[derive(Template)]
#[template(path = "my_site.html")]
struct Page {
    p: Frame,
    /// Where the form goes when it is saved.
    save: String,
    code: Option<String>,
    next: String,
    key: String,
    version: String,
    /// What goes back as it came.
    kept: Vec<(&'static str, String)>,
    country: String,
    countries: Vec<(&'static str, &'static str)>,
    name: Field,
    address: Vec<Field>,
    others: Vec<Field>,
    blocked: Option<String>,
    looked: Option<Looked>,
    script: &'static str,
}

const LINES: [(&str, &str); 5] = [
    ("/address/lines/0", "Street and number"),
    ("/address/lines/1", "More of the address"),
    ("/address/lines/2", "More of the address, line 3"),
    ("/address/lines/3", "More of the address, line 4"),
    ("/address/lines/4", "More of the address, line 5"),
];

/// The form of a new site, in the country of the address (`?country=ES`) or of the organization.
#[get("/sites/new")]
pub async fn register(member: Member, asked: Query<BTreeMap<String, String>>) -> HttpResponse {
    let found = async {
        let organization = own(&member)?;
        member.allow(Permission::WriteSites)?;
        let own = member.shared.db.read(move |conn| organizations::get(conn, organization)).await?;
        let own = own.ok_or_else(|| Problem::from(ActionError::NotFound("organization")))?;
        Ok::<_, Problem>(own.record.country.to_string())
    };
    let own = match found.await {
        Ok(own) => own,
        Err(problem) => return member.failed(&problem),
    };
    let mut fields = asked.into_inner();
    let country = fields.remove("country").map(|code| code.to_ascii_uppercase()).filter(|code| countries::exists(code)).unwrap_or(own);
    let entered = Entered { fields: BTreeMap::from([("/address/country".to_owned(), country)]), ..Default::default() };
    page(&member, entered, None, Success::Ok.answer())
}

/// The form of a site that is registered.
#[get("/sites/{code}")]
pub async fn correct(member: Member, code: Path<String>, asked: Query<BTreeMap<String, String>>) -> HttpResponse {
    let found = async {
        own(&member)?;
        member.allow(Permission::WriteSites)?;
        let ctx = member.context();
        Ok::<_, Problem>(member.shared.db.read(move |conn| gather(conn, &ctx, &code)).await?)
    };
    let mut entered = match found.await {
        Ok(entered) => entered,
        Err(problem) => return member.failed(&problem),
    };
    let country = asked.get("country").map(|code| code.to_ascii_uppercase()).filter(|code| countries::exists(code));
    if let (Some(country), None) = (country, &entered.blocked) {
        entered.fields.insert("/address/country".to_owned(), country);
    }
    page(&member, entered, None, Success::Ok.answer())
}

fn gather(conn: &mut Conn, ctx: &Context, code: &str) -> Done<Entered> {
    // What can't be a code is nobody's.
    let code = Code::parse(code).map_err(|_| ActionError::NotFound(Sites::KIND))?;
    let stand = Sites::find(conn, ctx, code.as_str())?.ok_or(ActionError::NotFound(Sites::KIND))?;
    let blocked = sites::open_rma(conn, stand.id)?.and_then(RmaNumber::of).map(|rma| rma.to_string());
    Ok(Entered { code: Some(stand.record.code.to_string()), fields: fields(ctx, &stand), blocked, errors: BTreeMap::new() })
}

/// What a site has, by the names of the fields.
fn fields(ctx: &Context, stand: &Stand<Site>) -> BTreeMap<String, String> {
    let site = &stand.record;
    let mut fields = BTreeMap::from([
        ("version".to_owned(), format!("\"{}\"", stand.version)),
        ("/name".to_owned(), site.name.to_string()),
        ("/address/city".to_owned(), site.address.city.to_string()),
        ("/address/country".to_owned(), site.address.country.to_string()),
    ]);
    let mut put = |name: &str, text: Option<String>| {
        if let Some(text) = text {
            fields.insert(name.to_owned(), text);
        }
    };
    for ((name, _), line) in LINES.iter().zip(&site.address.lines) {
        put(name, Some(line.to_string()));
    }
    put("/address/region", site.address.region.as_ref().map(ToString::to_string));
    put("/address/postal_code", site.address.postal_code.as_ref().map(ToString::to_string));
    put("/subdivision", site.subdivision.as_ref().map(ToString::to_string));
    put("/contact/name", site.contact.as_ref().map(|contact| contact.name.to_string()));
    put("/contact/phone", site.contact.as_ref().map(|contact| contact.phone.to_string()));
    put("/receiving_notes", site.receiving_notes.as_ref().map(ToString::to_string));
    let given = site.position.filter(|position| position.grade == Grade::Given);
    put("/position/latitude:number", given.map(|position| position.point.latitude().to_string()));
    put("/position/longitude:number", given.map(|position| position.point.longitude().to_string()));
    // A zone that follows from the position follows it on; one that somebody chose stays.
    let chosen = zone_of(&ctx.reference, site.position.as_ref(), None) != site.zone;
    put("/zone", chosen.then(|| site.zone.name().to_owned()));
    fields
}

/// The page, with what was found about the address, if it was looked up.
pub(super) fn page(member: &Member, entered: Entered, looked: Option<Looked>, answer: HttpResponseBuilder) -> HttpResponse {
    let text = |name: &str| entered.fields.get(name).cloned().unwrap_or_default();
    let field = |id, name: &'static str, label, required, autocomplete| {
        let error = entered.errors.get(name.split(':').next().unwrap_or(name)).cloned();
        Field { id, name, label, value: text(name), required, autocomplete, error }
    };
    let country = text("/address/country");
    let key = Some(text("key")).filter(|key| !key.is_empty()).unwrap_or_else(crate::web::posted::key);
    let code = entered.code.as_deref().map(encoded);
    let title = entered.code.as_ref().map_or_else(|| "Register a site".to_owned(), |code| format!("Site {code}"));
    let kept = ["/subdivision", "/zone"].into_iter().map(|name| (name, text(name))).filter(|(_, text)| !text.is_empty()).collect();
    let page = Page {
        p: Frame::of(member, &title, "/my/sites"),
        save: code.as_ref().map_or_else(|| "/c/sites".to_owned(), |code| format!("/c/sites/{code}")),
        next: code.as_ref().map_or_else(|| "/my/sites/{made}".to_owned(), |code| format!("/my/sites/{code}")),
        version: text("version"),
        key,
        kept,
        countries: countries::all().collect(),
        name: field("name", "/name", "What you call the site", true, "off"),
        address: address(&country, &field),
        others: vec![
            field("latitude", "/position/latitude:number", "Latitude, if you know it", false, "off"),
            field("longitude", "/position/longitude:number", "Longitude, if you know it", false, "off"),
            field("person", "/contact/name", "Who is there", false, "name"),
            field("phone", "/contact/phone", "Their telephone, with its country code", false, "tel"),
            field("notes", "/receiving_notes", "What a courier should know", false, "off"),
        ],
        blocked: entered.blocked,
        code: entered.code,
        country,
        looked,
        script: crate::web::assets::house_js(),
    };
    house::html(&page, answer)
}

/// The fields of an address in the order of the country; a part that the country doesn't have is there if something is in it.
fn address(country: &str, field: &impl Fn(&'static str, &'static str, &'static str, bool, &'static str) -> Field) -> Vec<Field> {
    let form = address_forms::of(country);
    let absent = [Part::Region, Part::PostalCode].into_iter().filter(|part| !form.parts.contains(part));
    let mut all = Vec::new();
    for part in form.parts.iter().copied() {
        all.extend(fields_of(part, form.label(part), field));
    }
    for part in absent {
        all.extend(fields_of(part, form.label(part), field).into_iter().filter(|field| !field.value.is_empty()));
    }
    all
}

fn fields_of(
    part: Part,
    label: &'static str,
    field: &impl Fn(&'static str, &'static str, &'static str, bool, &'static str) -> Field,
) -> Vec<Field> {
    const IDS: [&str; 5] = ["line1", "line2", "line3", "line4", "line5"];
    match part {
        Part::City => vec![field("city", "/address/city", label, true, "address-level2")],
        Part::Region => vec![field("region", "/address/region", label, false, "address-level1")],
        Part::PostalCode => vec![field("code", "/address/postal_code", label, false, "postal-code")],
        Part::Lines => {
            let lines = IDS.into_iter().zip(LINES).enumerate();
            let lines = lines.map(|(n, (id, (name, label)))| field(id, name, label, n == 0, "off"));
            lines.enumerate().filter(|(n, field)| *n < 2 || !field.value.is_empty()).map(|(_, field)| field).collect()
        }
    }
}
