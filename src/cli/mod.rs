//! The commands, one file each: arguments in, an exit code out.
//!
//! Knows what people type and read at a terminal; what is done is known to the actions. Exit codes: 0 done, 1 not done (the
//! reason stands on stderr), 2 the command line makes no sense.

pub mod batch;
pub mod carrier;
pub mod coverage;
pub mod demo;
pub mod distance;
pub mod due;
pub mod import;
pub mod locate;
pub mod migrate;
pub mod say;
pub mod serve;
pub mod token;
pub mod user;

use crate::actions::{Actor, Context};
use crate::clock::Clock;
use crate::config::{Config, DatabaseUrl, MailTransport, Sources, VARIABLE};
use crate::reference::Reference;
use crate::rules::term::Term;
use crate::store::{Conn, Db, migrate as migrations};
use anyhow::{Context as _, bail};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

/// Maintenance logistics for vendors of network hardware: entitlement, RMAs, and deadlines that explain themselves.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
pub struct Cli {
    /// The settings file; else the one that SWAPLINE_CONFIG names, else swapline.toml where it is there
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// Where the settings come from.
    pub fn sources(&self) -> Sources {
        let named = || std::env::var_os(VARIABLE).filter(|name| !name.is_empty()).map(PathBuf::from);
        Sources::of_process(self.config.clone().or_else(named))
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the API, post letters and watch deadlines until told to stop
    Serve,
    /// Load the sample network into a database of its own, play one RMA of each tier, then serve it
    Demo(DemoArgs),
    /// Bring the database's schema up to date
    Migrate,
    /// Import a CSV file: the whole file, or nothing of it
    Import(import::ImportArgs),
    /// Work out the deadlines of a CSV table
    #[command(subcommand)]
    Due(due::DueCommand),
    /// Geodesic distances: id,lat1,lon1,lat2,lon2 to id,meters,miles
    Distance(batch::Pipe),
    /// Country and time zone of points: id,lat,lon to id,country,tz
    Locate(batch::Pipe),
    /// Would Gold Plus reach the sites of a CSV table?
    Coverage(coverage::CoverageArgs),
    /// Create bearer tokens for the API
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// People who may sign in
    #[command(subcommand)]
    User(user::UserCommand),
    /// Carriers whose tracking events are believed
    #[command(subcommand)]
    Carrier(carrier::CarrierCommand),
}

/// How to run the demonstration. It keeps away from the database and the mail server of the settings.
#[derive(Debug, Clone, Args)]
pub struct DemoArgs {
    /// The demonstration's own database
    #[arg(long, value_name = "URL", default_value = "sqlite://swapline-demo.db", value_parser = DatabaseUrl::parse)]
    pub database: DatabaseUrl,
    /// Where its letters are written
    #[arg(long, value_name = "FOLDER", default_value = "swapline-demo-mail")]
    pub mail_folder: PathBuf,
    /// Where it listens; else where the settings say
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// Seconds of its clock in a second
    #[arg(long, value_name = "N", default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub clock_factor: u32,
}

impl DemoArgs {
    /// The settings of the demonstration: never the database, mail server or address of a real installation.
    pub fn settings(&self, mut config: Config) -> Config {
        config.database.url = self.database.clone();
        config.mail.transport = MailTransport::Folder;
        config.mail.folder = self.mail_folder.clone();
        config.listen = self.listen.unwrap_or(config.listen);
        config
    }
}

/// Runs a command.
pub async fn run(command: Command, config: Config) -> anyhow::Result<ExitCode> {
    let done = |()| ExitCode::SUCCESS;
    match command {
        Command::Serve => serve::run(config).await.map(done),
        Command::Demo(args) => demo::run(args.settings(config), args).await.map(done),
        Command::Migrate => migrate::run(&config).await.map(done),
        Command::Import(args) => import::run(&config, args).await,
        Command::Due(command) => due::run(&command),
        Command::Distance(pipe) => distance::run(&pipe),
        Command::Locate(pipe) => locate::run(&pipe),
        Command::Coverage(args) => coverage::run(&config, args).await,
        Command::Carrier(carrier::CarrierCommand::Add { code }) => carrier::add(&config, code).await.map(done),
        Command::User(command) => user::run(&config, command).await.map(done),
        Command::Token(token::TokenCommand::Create(args)) => token::create(&config, args).await.map(done),
    }
}

/// Opens the database with its schema up to date: SQLite's is brought there, PostgreSQL's must be there, because whoever runs
/// several nodes decides when it changes.
pub async fn open(config: &Config) -> anyhow::Result<Db> {
    let url = config.database.url.clone();
    let pool_size = config.database.pool_size;
    let shown = url.to_string();
    let opened = tokio::task::spawn_blocking(move || {
        if url.is_postgres() {
            let pending = migrations::pending(&mut Conn::open(url.as_str())?)?;
            if pending > 0 {
                bail!("{pending} migrations are pending: run `swapline migrate` first");
            }
        } else {
            for name in migrations::up(url.as_str())? {
                tracing::info!(migration = name, "schema brought up to date");
            }
        }
        Ok(Db::open(url.as_str(), pool_size)?)
    });
    opened.await?.with_context(|| format!("database {shown}"))
}

/// The circumstances of a command: who runs it may do everything, and the audit names the command.
pub fn context(config: &Config, command: &str) -> anyhow::Result<Context> {
    let reference = Reference::load(config.program.file.as_deref()).context("reference data")?;
    Ok(Context { actor: Actor::program(&format!("command:{command}")), now: Clock::System.now(), reference, request_id: None })
}

/// Reads a word of a vocabulary; clap lists them all in help and in its complaint.
fn word<T: Term + Send + Sync>() -> impl TypedValueParser<Value = T> {
    let words = PossibleValuesParser::new(T::ALL.iter().map(|term| term.as_str()));
    words.try_map(|word| T::parse(&word).ok_or_else(|| format!("is no {}", T::NAME)))
}

#[cfg(test)]
mod tests;
