//! `swapline token`: the first token has to come from somewhere.

use super::{context, open, say, word};
use crate::actions::ActionError;
use crate::actions::create_token::{self, Ask};
use crate::config::Config;
use crate::rules::role::Role;
use crate::rules::text::{Code, Line};
use anyhow::anyhow;
use clap::{Args, Subcommand};

/// What to do with tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Create a token and print it: it can't be shown again
    Create(CreateArgs),
}

/// Which token.
#[derive(Debug, Args)]
pub struct CreateArgs {
    /// What it may do
    #[arg(long, value_parser = word::<Role>())]
    pub role: Role,
    /// The organization whose things it sees (role customer)
    #[arg(long, value_name = "CODE", value_parser = Code::parse, conflicts_with = "courier")]
    pub organization: Option<Code>,
    /// The courier whose dispatches it sees (role courier)
    #[arg(long, value_name = "CODE", value_parser = Code::parse)]
    pub courier: Option<Code>,
    /// What it is for: the audit names it
    #[arg(long, value_name = "TEXT", default_value = "made at the command line", value_parser = Line::parse)]
    pub label: Line,
}

/// Creates a token. Its secret is all that goes to stdout, so that scripts can take it.
pub async fn create(config: &Config, args: CreateArgs) -> anyhow::Result<()> {
    let db = open(config).await?;
    let ctx = context(config, "token create")?;
    let ask = Ask { label: args.label, role: args.role, organization: args.organization, courier: args.courier };
    let secret = create_token::secret();
    let made = {
        let (ask, secret) = (ask.clone(), secret.clone());
        db.write(move |conn| create_token::create_token(conn, &ctx, &ask, &secret)).await
    };
    let token = made.map_err(|error| match error {
        ActionError::Refused(refusals) => {
            let each = refusals.iter().map(|r| format!("{}: {} ({})", option(r.field.as_deref()), r.detail, r.code));
            anyhow!(each.collect::<Vec<_>>().join("; "))
        }
        other => other.into(),
    })?;
    say::note(format_args!("token {} for {} ({}); it is shown once, only its hash is stored:", token.id, ask.role, ask.label));
    say::out(secret)?;
    Ok(())
}

/// The option that a field is at the command line.
fn option(field: Option<&str>) -> String {
    field.map_or_else(|| "token".to_owned(), |pointer| format!("--{}", pointer.trim_start_matches('/')))
}
