//! The settings of a running program: one struct, from defaults, then a file, then the environment.
//!
//! Knows every key, its default and its bounds; knows nothing of what is done with them. `config.example.toml` documents
//! the same keys for people, and a test compares the two.

mod check;
mod load;
mod text;

pub use load::{ConfigError, FILE, Sources, VARIABLE};
pub use text::{DatabaseUrl, Secret};

use crate::mail::transport::TlsMode;
use crate::rules::term::terms;
use serde::{Deserialize, Serialize};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// Every setting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the server listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where records are kept.
    pub database: Database,
    /// What the vendor promises.
    pub program: Program,
    /// How letters leave.
    pub mail: Mail,
    /// Limits of the server.
    pub http: Http,
    /// What runs by itself.
    pub jobs: Jobs,
    /// What the program tells about itself, on stderr.
    pub log: Log,
}

/// Where records are kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// `sqlite://file` or `postgres://…`.
    pub url: DatabaseUrl,
    /// Connections at most (SQLite: readers), 1 to 1,000.
    pub pool_size: u32,
}

/// What the vendor promises.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// The vendor's own program file; the one in the binary if `None`.
    pub file: Option<PathBuf>,
}

terms! {
    /// How letters leave.
    MailTransport, "mail transport" {
        /// Into a folder, one `.eml` file each.
        Folder => "folder",
        /// To an SMTP server.
        Smtp => "smtp",
    }
}

/// How letters leave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Where to.
    pub transport: MailTransport,
    /// The folder, for `transport = "folder"`; made when it is missing.
    pub folder: PathBuf,
    /// The sender, as `Name <address>`.
    pub from: String,
    /// Where answers go; to the sender if `None`.
    pub reply_to: Option<String>,
    /// Who is told when a courier's run needs somebody; whoever gets answers if `None`.
    pub operations: Option<String>,
    /// The server, for `transport = "smtp"`.
    pub smtp: Smtp,
}

/// How to reach an SMTP server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// Its name; needed for `transport = "smtp"`.
    pub host: Option<String>,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: TlsMode,
    /// The user to log in as; with a password or not at all.
    pub username: Option<String>,
    /// The password.
    pub password: Option<Secret>,
    /// A PEM file with a root certificate to trust beside the public ones.
    pub ca_file: Option<PathBuf>,
    /// The longest that sending one letter may take, 1 to 600.
    pub timeout_seconds: u64,
    /// Connections at most, 1 to 100.
    pub pool_size: u32,
}

/// Limits of the server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// Bytes of a request's body at most, 1,024 to 16,777,216.
    pub body_bytes: usize,
    /// Threads that answer requests, at most 1,024; 0 is one for each core.
    pub workers: usize,
    /// Requests of one token in a minute at most; 0 is no limit.
    pub requests_per_minute: u32,
    /// How long requests under way may take when the program is told to stop, at most 3,600.
    pub shutdown_seconds: u64,
    /// True where a proxy stands in front, whose X-Forwarded-For tells from where a request comes.
    pub behind_proxy: bool,
    /// False where staff may sign in without a second factor, because something in front has asked for one.
    pub staff_needs_factor: bool,
    /// The address of this server as couriers and customers reach it; letters have no links if `None`.
    pub public_url: Option<String>,
}

/// What runs by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jobs {
    /// Between two looks for letters to post, 1 to 3,600.
    pub post_seconds: u64,
    /// Between two looks for reminders due and deadlines missed, 1 to 3,600.
    pub sweep_seconds: u64,
    /// Tries before a letter is stuck, 1 to 100; never before two days after it was promised.
    pub attempts: u32,
    /// Letters or deadlines taken at once, 1 to 1,000.
    pub batch: u32,
}

terms! {
    /// How log lines are written.
    LogFormat, "log format" {
        /// For people.
        Text => "text",
        /// For machines: a JSON object a line.
        Json => "json",
    }
}

/// What the program tells about itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// Which lines, e.g. `info` or `warn,swapline::jobs=debug`.
    pub filter: String,
    /// How.
    pub format: LogFormat,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            database: Database { url: DatabaseUrl::default(), pool_size: 8 },
            program: Program { file: None },
            mail: Mail::default(),
            http: Http {
                body_bytes: 65_536,
                workers: 0,
                requests_per_minute: 6_000,
                shutdown_seconds: 15,
                behind_proxy: false,
                staff_needs_factor: true,
                public_url: None,
            },
            jobs: Jobs { post_seconds: 5, sweep_seconds: 15, attempts: 12, batch: 100 },
            log: Log { filter: "info".to_owned(), format: LogFormat::Text },
        }
    }
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            transport: MailTransport::Folder,
            folder: PathBuf::from("mail"),
            from: "Swapline <swapline@localhost>".to_owned(),
            reply_to: None,
            operations: None,
            smtp: Smtp {
                host: None,
                port: 587,
                tls: TlsMode::StartTls,
                username: None,
                password: None,
                ca_file: None,
                timeout_seconds: 30,
                pool_size: 4,
            },
        }
    }
}

#[cfg(test)]
mod tests;
