//! `swapline carrier`: whose tracking events are believed.

use super::{context, open, say};
use crate::actions::create_token::hex;
use crate::config::Config;
use crate::rules::text::Code;
use crate::store::carriers;
use clap::Subcommand;

/// What to do with carriers.
#[derive(Debug, Subcommand)]
pub enum CarrierCommand {
    /// Make the secret that is shared with a carrier and print it; a new one takes the place of the one before
    Add {
        /// The carrier, as in the address of its webhook
        #[arg(value_parser = Code::parse)]
        code: Code,
    },
}

/// Makes a secret. It is all that goes to stdout, so that scripts can take it.
pub async fn add(config: &Config, code: Code) -> anyhow::Result<()> {
    let db = open(config).await?;
    let ctx = context(config, "carrier add")?;
    let bits: [u8; 32] = rand::random();
    let secret = hex(&bits);
    let (kept, name) = (secret.clone(), code.clone());
    db.write(move |conn| carriers::keep(conn, name.as_str(), &kept, ctx.ts())).await?;
    say::note(format_args!("the secret of carrier {code}; events go to /api/v1/webhooks/carriers/{code}:"));
    say::out(secret)?;
    Ok(())
}
