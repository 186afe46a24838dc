//! `/sign-in/link/{token}`: what the links of letters to people open. GET shows and changes nothing, so that mail scanners do no
//! harm; POST acts, once.

use super::{again, answer, fault, frame, let_in, ok};
use crate::actions::ActionError;
use crate::actions::use_sign_in_link::{Entered, look_at_link, use_sign_in_link};
use crate::http::problem::Problem;
use crate::rules::password::Password;
use crate::rules::role::Role;
use crate::rules::sign_in::LinkPurpose;
use crate::rules::text::{Email, Line};
use crate::store::Id;
use crate::store::people::Person;
use crate::web::house::{self, Frame, Place, html};
use crate::web::member::Visitor;
use crate::web::posted::Posted;
use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use askama::Template;

/// What a link asks for.
struct Asks {
    /// A name and an address: the first account.
    identity: bool,
    /// A password.
    password: bool,
    /// The password may be left out.
    optional: bool,
}

#[derive(Template)]
#[template(path = "house_link.html")]
struct Link {
    p: Frame,
    asks: Asks,
    /// Whose link it is, for password managers; empty for the first account.
    email: String,
    name: String,
    button: &'static str,
    lead: &'static str,
}

/// A link that can be used now.
struct Open {
    id: Id,
    purpose: LinkPurpose,
    person: Option<Person>,
}

async fn open(visitor: &Visitor, token: &str) -> Result<Option<Open>, Problem> {
    let Some(id) = visitor.shared.door.signer.read_sign_in(token).map(Id::from) else { return Ok(None) };
    let ctx = visitor.context();
    let found = visitor.shared.db.read(move |conn| look_at_link(conn, &ctx, id)).await?;
    Ok(found.map(|(link, person)| Open { id, purpose: link.purpose.0, person }))
}

fn gone(visitor: &Visitor) -> HttpResponse {
    let lines = ["Each link works once, and not for long. This one was used, has ended, or was cut off."];
    let ask = Place { path: "/sign-in/ask", label: "Ask for a new one" };
    house::note(frame(visitor, "This link doesn't work any more"), &lines, Some(ask), Problem::gone("link_expired", "").answer())
}

impl Open {
    fn asks(&self) -> Asks {
        let customer = self.person.as_ref().is_some_and(|person| person.role.0 == Role::Customer);
        Asks {
            identity: self.purpose == LinkPurpose::Setup,
            password: self.purpose != LinkPurpose::SignIn,
            optional: self.purpose == LinkPurpose::Invitation && customer,
        }
    }

    fn page(&self, p: Frame, name: &str, email: &str) -> Link {
        let (button, lead) = match self.purpose {
            LinkPurpose::Setup => ("Make the account", "This is the first account: it may do everything, and invites the others."),
            LinkPurpose::SignIn => ("Sign in", "One press, and you are in."),
            LinkPurpose::Invitation => ("Enter", "Welcome. Choose how you will sign in from now on."),
            LinkPurpose::Reset => ("Set the password", "Wherever you are signed in now, you will be signed out."),
        };
        let email = self.person.as_ref().map_or(email, |person| person.email.as_str()).to_owned();
        Link { p, asks: self.asks(), email, name: name.to_owned(), button, lead }
    }

    fn title(&self) -> &'static str {
        match self.purpose {
            LinkPurpose::Setup => "Set up",
            LinkPurpose::SignIn => "Sign in",
            LinkPurpose::Invitation => "Your account",
            LinkPurpose::Reset => "Choose a new password",
        }
    }
}

/// The page with the button.
#[get("/link/{token}")]
pub async fn show(visitor: Visitor, token: Path<String>) -> HttpResponse {
    match open(&visitor, &token).await {
        Ok(Some(open)) => html(&open.page(frame(&visitor, open.title()), "", ""), answer(&visitor, ok())),
        Ok(None) => gone(&visitor),
        Err(problem) => house::failed(&visitor.shared, &problem),
    }
}

/// Does what the link is for.
#[post("/link/{token}")]
pub async fn act(visitor: Visitor, token: Path<String>, posted: Posted) -> HttpResponse {
    acted(&visitor, &token, &posted).await.unwrap_or_else(|problem| house::failed(&visitor.shared, &problem))
}

async fn acted(visitor: &Visitor, token: &str, posted: &Posted) -> Result<HttpResponse, Problem> {
    let Some(open) = open(visitor, token).await? else { return Ok(gone(visitor)) };
    let (first, chosen) = match read(&open, posted) {
        Ok(read) => read,
        Err(said) => {
            let page = open.page(frame(visitor, open.title()).error(said), posted.text("name"), posted.text("email"));
            return Ok(html(&page, answer(visitor, again())));
        }
    };
    let password_hash = match chosen {
        Some(chosen) => Some(visitor.shared.door.hash(chosen).await?),
        None => None,
    };
    let entrance = visitor.entrance();
    let (entered, ctx, new, id) = (Entered { password_hash, first }, visitor.context(), entrance.clone(), open.id);
    match visitor.shared.db.write(move |conn| use_sign_in_link(conn, &ctx, id, &entered, &new)).await {
        Ok(session) => Ok(let_in(&visitor.shared, &session, &entrance, "/")),
        Err(ActionError::NotFound(_)) => Ok(gone(visitor)),
        Err(error) => Err(error.into()),
    }
}

type Read = (Option<(Line, Email)>, Option<Password>);

/// What was entered, or a sentence about what is wrong with it.
fn read(open: &Open, posted: &Posted) -> Result<Read, String> {
    let asks = open.asks();
    let first = match asks.identity {
        true => Some((
            Line::parse(posted.text("name")).map_err(|f| fault("Your name", &f))?,
            Email::parse(posted.text("email")).map_err(|f| fault("The email address", &f))?,
        )),
        false => None,
    };
    let text = posted.text("password");
    if !asks.password || (asks.optional && text.is_empty()) {
        return Ok((first, None));
    }
    let (name, email) = match (&open.person, &first) {
        (Some(person), _) => (person.name.as_str(), person.email.as_str()),
        (None, Some((name, email))) => (name.as_str(), email.as_str()),
        (None, None) => ("", ""),
    };
    let chosen = Password::choose(text, email, name).map_err(|f| fault("The password", &f))?;
    Ok((first, Some(chosen)))
}
