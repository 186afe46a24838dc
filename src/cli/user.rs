//! `swapline user`: who may sign in. Links are printed, for whoever runs the command to hand on; nothing is mailed.

use super::{context, open, say, word};
use crate::actions::ActionError;
use crate::actions::disable_person::disable_person;
use crate::actions::invite_person::{Ask, Way, invite_person};
use crate::actions::reset_person::reset_person;
use crate::app;
use crate::clock::Clock;
use crate::config::Config;
use crate::rules::role::Role;
use crate::rules::text::{Code, Email, Line};
use crate::store::sign_in::LinkRow;
use crate::store::{Db, Id, people};
use anyhow::anyhow;
use chrono_tz::Tz;
use clap::{Args, Subcommand};

/// What to do with people.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Make an account and print the link to enter by for the first time
    Add(AddArgs),
    /// Take password and second factor away, end every session, and print a new link
    Reset(WhoArgs),
    /// Keep somebody out from now on
    Disable(WhoArgs),
    /// List everybody: address, role, organization, state
    List,
}

/// Who is added.
#[derive(Debug, Args)]
pub struct AddArgs {
    /// The address that they sign in with
    #[arg(long, value_parser = Email::parse)]
    pub email: Email,
    /// What they may do; couriers have links and don't sign in
    #[arg(long, value_parser = word::<Role>())]
    pub role: Role,
    /// Their name; else the front of the address
    #[arg(long, value_parser = Line::parse)]
    pub name: Option<Line>,
    /// The organization of a customer
    #[arg(long, value_name = "CODE", value_parser = Code::parse)]
    pub organization: Option<Code>,
    /// A customer who may invite colleagues
    #[arg(long)]
    pub administrator: bool,
    /// The time zone that pages are shown in
    #[arg(long, value_name = "NAME", default_value = "UTC")]
    pub zone: Tz,
}

/// Whose account.
#[derive(Debug, Args)]
pub struct WhoArgs {
    /// The address that they sign in with
    #[arg(long, value_parser = Email::parse)]
    pub email: Email,
}

/// Does it.
pub async fn run(config: &Config, command: UserCommand) -> anyhow::Result<()> {
    let db = open(config).await?;
    match command {
        UserCommand::Add(args) => add(config, &db, args).await,
        UserCommand::Reset(args) => {
            let (ctx, id) = (context(config, "user reset")?, id_of(&db, &args.email).await?);
            let made = db.write(move |conn| reset_person(conn, &ctx, id, Way::Hand)).await.map_err(told)?;
            print_link(config, &db, &made.1).await
        }
        UserCommand::Disable(args) => {
            let (ctx, id) = (context(config, "user disable")?, id_of(&db, &args.email).await?);
            db.write(move |conn| disable_person(conn, &ctx, id).map(drop)).await.map_err(told)?;
            say::note("disabled; every session has ended");
            Ok(())
        }
        UserCommand::List => list(&db).await,
    }
}

async fn add(config: &Config, db: &Db, args: AddArgs) -> anyhow::Result<()> {
    let front = args.email.as_str().split('@').next().unwrap_or_default();
    let name = match args.name {
        Some(name) => name,
        None => Line::parse(front).map_err(|fault| anyhow!(fault.detail))?,
    };
    let AddArgs { email, role, organization, administrator, zone, .. } = args;
    let ask = Ask { email, name, role, organization, administrator, zone };
    let ctx = context(config, "user add")?;
    let made = db.write(move |conn| invite_person(conn, &ctx, &ask, Way::Hand)).await.map_err(told)?;
    print_link(config, db, &made.1).await
}

async fn id_of(db: &Db, email: &Email) -> anyhow::Result<Id> {
    let key = email.to_string();
    let found = db.read(move |conn| people::by_email(conn, &key)).await?;
    Ok(found.ok_or_else(|| anyhow!("nobody has the address {email}"))?.id)
}

/// The link is all that goes to stdout, so that scripts can take it.
async fn print_link(config: &Config, db: &Db, link: &LinkRow) -> anyhow::Result<()> {
    let keys = app::keys(db, &Clock::System).await?;
    let base = config.http.public_url.clone().unwrap_or_else(|| format!("http://{}", config.listen));
    say::note(format_args!("it works once, until {}:", link.expires_at.at().format("%F %T UTC")));
    say::out(format_args!("{base}/sign-in/link/{}", keys.sign_in_token(link.id.uuid())))?;
    Ok(())
}

async fn list(db: &Db) -> anyhow::Result<()> {
    let mut after = None;
    loop {
        let page = db.read(move |conn| people::page(conn, None, None, after, 200)).await?;
        after = page.rows.last().map(|named| named.person.id);
        for people::Named { person, organization } in page.rows {
            let state = match (person.disabled_at, person.confirmed_at) {
                (Some(_), _) => "disabled",
                (None, None) => "invited",
                (None, Some(_)) => "active",
            };
            let organization = organization.unwrap_or_else(|| "-".to_owned());
            say::out(format_args!("{}\t{}\t{organization}\t{state}", person.email, person.role.0))?;
        }
        if !page.more {
            return Ok(());
        }
    }
}

/// A refusal by the option that it is about.
fn told(error: ActionError) -> anyhow::Error {
    match error {
        ActionError::Refused(refusals) => {
            let option = |field: Option<&str>| field.map_or_else(String::new, |f| format!("--{}: ", f.trim_start_matches('/')));
            let each = refusals.iter().map(|r| format!("{}{} ({})", option(r.field.as_deref()), r.detail, r.code));
            anyhow!(each.collect::<Vec<_>>().join("; "))
        }
        ActionError::Exists(_) => anyhow!("the address has an account already"),
        other => other.into(),
    }
}
