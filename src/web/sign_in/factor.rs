//! The second factor: asked for after the password, or set up.

use super::enter::wanted;
use super::{again, answer, frame, let_in, ok, refused};
use crate::actions::ActionError;
use crate::actions::enroll_totp::{enroll_totp, offer_totp};
use crate::actions::person::Entrance;
use crate::actions::prove_factor::prove_factor;
use crate::http::problem::Problem;
use crate::rules::sign_in::{Stage, next};
use crate::rules::totp::{Factor, RECOVERY_CODES, recovery_code, secret};
use crate::store::people::Person;
use crate::store::sessions::Session;
use crate::web::house::{self, Frame, html};
use crate::web::member::{SESSION, Visitor};
use crate::web::posted::Posted;
use actix_web::http::header::SET_COOKIE;
use actix_web::web::Query;
use actix_web::{HttpResponse, HttpResponseBuilder, get, post};
use askama::Template;
use qrcode::{Color, EcLevel, QrCode};
use std::collections::HashMap;

type Parameters = Result<Query<HashMap<String, String>>, actix_web::Error>;

#[derive(Template)]
#[template(path = "house_code.html")]
struct Code {
    p: Frame,
    next: String,
}

#[derive(Template)]
#[template(path = "house_enroll.html")]
struct Enroll {
    p: Frame,
    next: String,
    /// For who can't scan: in groups of four.
    secret: String,
    url: String,
    qr: Option<Qr>,
}

/// A QR code as the path of an SVG.
struct Qr {
    width: usize,
    path: String,
}

#[derive(Template)]
#[template(path = "house_recovery.html")]
struct Recovery {
    p: Frame,
    next: String,
    codes: Vec<String>,
}

/// Light modules around a QR code, which readers need.
const QUIET: usize = 4;

impl Qr {
    fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let (colors, width) = (code.to_colors(), code.width());
        let row = |(y, row): (usize, &[Color])| {
            let (mut path, mut x) = (String::new(), 0);
            // Neighbors in one piece: drawn apart, they would show hairlines between them.
            for run in row.chunk_by(|left, right| left == right) {
                if run.first() == Some(&Color::Dark) {
                    path.push_str(&format!("M{} {}h{n}v1h-{n}z", x + QUIET, y + QUIET, n = run.len()));
                }
                x += run.len();
            }
            path
        };
        let path = colors.chunks(width).enumerate().map(row).collect();
        Some(Self { width: width + 2 * QUIET, path })
    }
}

/// The form for the code.
#[get("/code")]
pub async fn show_code(visitor: Visitor, parameters: Parameters) -> HttpResponse {
    if visitor.at(Stage::Code).is_none() {
        return house::go("/sign-in", &[]);
    }
    html(&Code { p: frame(&visitor, "Your code"), next: wanted(&parameters) }, ok())
}

/// Takes the code.
#[post("/code")]
pub async fn act_code(visitor: Visitor, posted: Posted) -> HttpResponse {
    let Some((halfway, _)) = visitor.at(Stage::Code).cloned() else { return house::go("/sign-in", &[]) };
    let next = next(posted.text("next")).to_owned();
    let entrance = Entrance::new(&visitor.user_agent);
    let (ctx, address, new) = (visitor.context(), visitor.address.clone(), entrance.clone());
    let code: String = posted.text("code").chars().take(100).collect();
    let proved = visitor.shared.db.write(move |conn| prove_factor(conn, &ctx, &halfway, &code, &address, &new)).await;
    match proved {
        Ok(Some(session)) => let_in(&visitor.shared, &session, &entrance, &next),
        Ok(None) => {
            let no = "That code doesn't fit. Each is good once and for half a minute; after too many tries wait a quarter of an hour.";
            html(&Code { p: frame(&visitor, "Your code").error(no), next }, again())
        }
        Err(ActionError::NotFound(_)) => house::go("/sign-in", &[]),
        Err(error) => house::failed(&visitor.shared, &error.into()),
    }
}

/// Who may set the factor up: staff before they are let in, customers whenever they like.
fn enrolling(visitor: &Visitor) -> Option<&(Session, Person)> {
    visitor.at(Stage::Enroll).or_else(|| visitor.at(Stage::Full)).filter(|(_, person)| !person.has_factor())
}

/// The code for the app, and the form for its first code.
#[get("/second-factor")]
pub async fn show_enroll(visitor: Visitor, parameters: Parameters) -> HttpResponse {
    let next = wanted(&parameters);
    page(&visitor, next, None, ok()).await.unwrap_or_else(|problem| house::failed(&visitor.shared, &problem))
}

async fn page(visitor: &Visitor, next: String, error: Option<&str>, status: HttpResponseBuilder) -> Result<HttpResponse, Problem> {
    let Some((_, person)) = enrolling(visitor) else { return Ok(house::go("/account", &[])) };
    let (id, fresh) = (person.id, secret(rand::random()));
    let offered = visitor.shared.db.write(move |conn| offer_totp(conn, id, &fresh)).await;
    let secret = match offered {
        Ok(secret) => secret,
        Err(error) => {
            refused(error)?;
            return Ok(house::go("/account", &[]));
        }
    };
    let factor = Factor::new(&secret, &visitor.shared.sender.mailbox.name, &person.email);
    let url = factor.and_then(|factor| factor.url()).unwrap_or_default();
    let letters: Vec<char> = secret.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|four| four.iter().collect()).collect();
    let p = frame(visitor, "Set up your second factor");
    let p = error.map_or(p.clone(), |error| p.error(error));
    Ok(html(&Enroll { p, next, secret: groups.join(" "), qr: Qr::of(&url), url }, answer(visitor, status)))
}

/// Takes the first code of the app, and shows the codes for who loses the phone: this once.
#[post("/second-factor")]
pub async fn act_enroll(visitor: Visitor, posted: Posted) -> HttpResponse {
    enrolled(&visitor, &posted).await.unwrap_or_else(|problem| house::failed(&visitor.shared, &problem))
}

async fn enrolled(visitor: &Visitor, posted: &Posted) -> Result<HttpResponse, Problem> {
    let Some((session, _)) = enrolling(visitor).cloned() else { return Ok(house::go("/account", &[])) };
    let next = next(posted.text("next")).to_owned();
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| recovery_code(rand::random())).collect();
    let entrance = Entrance::new(&visitor.user_agent);
    let (ctx, new, kept) = (visitor.context(), entrance.clone(), codes.clone());
    let code: String = posted.text("code").chars().take(100).collect();
    let done = visitor.shared.db.write(move |conn| enroll_totp(conn, &ctx, &session, &code, &kept, &new)).await;
    match done {
        Ok(Some(_)) => {
            let door = &visitor.shared.door;
            let p = Frame::outside(&visitor.shared, "Keep these codes", String::new());
            let mut status = ok();
            status.append_header((SET_COOKIE, door.set_cookie(SESSION, &entrance.secret)));
            Ok(html(&Recovery { p, next, codes }, status))
        }
        Ok(None) => {
            page(visitor, next, Some("That code doesn't fit. Is the clock of your phone right? Enter the one that shows now."), again())
                .await
        }
        Err(ActionError::NotFound(_)) => Ok(house::go("/sign-in", &[])),
        Err(error) => Err(error.into()),
    }
}
