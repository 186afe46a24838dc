//! Where letters go: an SMTP server, a folder of `.eml` files, or memory for tests.
//!
//! Knows finished messages and their keys. Its errors say whether to try again, and hold neither an address nor a word
//! of a letter, so they can be logged and stored as they are.

use crate::rules::posting::Fault;
use crate::rules::term::terms;
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

mod folder;
mod memory;

pub use folder::file_name;
pub use memory::{Kept, Memory};

/// The most connections that settings can ask for.
const POOL_MAX: u32 = 100;

terms! {
    /// How the connection to the SMTP server is protected.
    TlsMode, "TLS mode" {
        /// Not at all: for a relay on the same machine.
        None => "none",
        /// Plain at first, TLS before anything is said; refused where the server can't (port 587).
        StartTls => "starttls",
        /// TLS from the first byte (port 465).
        Tls => "tls",
    }
}

/// How to reach an SMTP server.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpSettings {
    /// Its name; with TLS it must be in the server's certificate.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: TlsMode,
    /// A PEM file with a root certificate to trust beside the public ones.
    pub extra_root_ca: Option<PathBuf>,
    /// User name and password; both or neither.
    pub credentials: Option<(String, String)>,
    /// The name to greet the server with; this machine's name if `None`.
    pub hello_name: Option<String>,
    /// The longest that sending one letter may take, at least 1.
    pub timeout_seconds: u64,
    /// The most connections at once, from 1 to 100.
    pub pool_size: u32,
}

impl fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the credentials: settings end up in logs.
        let credentials = self.credentials.as_ref().map(|_| "(hidden)");
        f.debug_struct("SmtpSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("tls", &self.tls)
            .field("extra_root_ca", &self.extra_root_ca)
            .field("credentials", &credentials)
            .field("timeout_seconds", &self.timeout_seconds)
            .field("pool_size", &self.pool_size)
            .finish_non_exhaustive()
    }
}

/// Which transport, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settings {
    /// An SMTP server.
    Smtp(SmtpSettings),
    /// A folder of `.eml` files.
    Folder(PathBuf),
}

/// A transport could not be set up from its settings.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The file with the root certificate can't be read.
    #[error("cannot read the root certificate {path}")]
    RootCaUnreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file has no certificate that can be used.
    #[error("{path} holds no usable certificate in PEM form")]
    RootCaUnusable {
        /// The file.
        path: PathBuf,
    },
    /// TLS is impossible with these settings.
    #[error("TLS cannot be set up for the mail server {host}")]
    Tls {
        /// The server's name.
        host: String,
    },
    /// The folder can't be made.
    #[error("cannot make the mail folder {path}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// What became of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// A server took it over.
    Accepted,
    /// It lies in this file.
    Written(PathBuf),
    /// It is in memory.
    Kept,
}

/// Why a letter was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// This letter will never go; somebody has to look at it.
    #[error("the mail server refused the letter for good ({status})")]
    Permanent {
        /// The server's three-digit answer, 5xx.
        status: u16,
    },
    /// Trying again later makes sense.
    #[error("not sent for now: {cause}")]
    Transient {
        /// What stood in the way.
        cause: Cause,
    },
}

/// What stood in the way of a letter for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The server answered 4xx.
    Busy(u16),
    /// The server refused user name or password: letters wait until the settings are put right, none is lost.
    Login(u16),
    /// The server can't be reached.
    Unreachable,
    /// The connection broke.
    Broken,
    /// It took longer than allowed.
    Timeout,
    /// No trusted encryption.
    Tls,
    /// The server's words make no sense, or it lacks what the settings ask for.
    Protocol,
    /// The folder can't be written.
    Folder(io::ErrorKind),
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy(status) => write!(f, "the mail server put it off ({status})"),
            Self::Login(status) => write!(f, "the mail server refused the login ({status})"),
            Self::Unreachable => f.write_str("the mail server can't be reached"),
            Self::Broken => f.write_str("the connection to the mail server broke"),
            Self::Timeout => f.write_str("the mail server took too long"),
            Self::Tls => f.write_str("no trusted TLS connection to the mail server"),
            Self::Protocol => f.write_str("the mail server does not speak as the settings expect"),
            Self::Folder(kind) => write!(f, "the mail folder can't be written ({kind})"),
        }
    }
}

impl SendError {
    /// True if the letter should be tried again.
    pub fn is_transient(self) -> bool {
        matches!(self, Self::Transient { .. })
    }

    /// What the failure is about.
    pub fn fault(self) -> Fault {
        match self {
            Self::Permanent { .. } => Fault::Refused,
            Self::Transient { cause: Cause::Unreachable | Cause::Login(_) | Cause::Tls } => Fault::Server,
            Self::Transient { cause: Cause::Timeout | Cause::Broken | Cause::Protocol | Cause::Busy(421) } => Fault::Talk,
            Self::Transient { cause: Cause::Busy(_) | Cause::Folder(_) } => Fault::Letter,
        }
    }
}

/// A way for letters to leave. Cheap to clone; clones share connections and memory.
#[derive(Clone)]
pub enum Transport {
    /// To an SMTP server, over pooled connections.
    Smtp(Smtp),
    /// Into a folder.
    Folder(PathBuf),
    /// Into memory.
    Memory(Memory),
}

/// A pool of connections to one server.
#[derive(Clone)]
pub struct Smtp {
    pool: AsyncSmtpTransport<Tokio1Executor>,
    /// lettre bounds the idle connections only; this bounds the open ones.
    slots: Arc<Semaphore>,
    limit: Duration,
}

impl Transport {
    /// Sets a transport up. A folder is made where it is missing; a server is not called yet.
    pub fn open(settings: &Settings) -> Result<Self, SetupError> {
        match settings {
            Settings::Smtp(smtp) => Smtp::open(smtp).map(Self::Smtp),
            Settings::Folder(path) => match std::fs::create_dir_all(path) {
                Ok(()) => Ok(Self::Folder(path.clone())),
                Err(source) => Err(SetupError::Folder { path: path.clone(), source }),
            },
        }
    }

    /// Sends a message; `key` is the notice's and names the file in a folder. Sending the same letter again is harmless
    /// there (same file), and recognizable elsewhere (same Message-ID).
    pub async fn send(&self, message: &Message, key: &str) -> Result<Sent, SendError> {
        match self {
            Self::Smtp(smtp) => smtp.send(message).await,
            Self::Folder(path) => folder::write(path, key, message.formatted()).await,
            Self::Memory(memory) => memory.keep(message, key),
        }
    }
}

impl Smtp {
    fn open(settings: &SmtpSettings) -> Result<Self, SetupError> {
        let limit = Duration::from_secs(settings.timeout_seconds.max(1));
        let size = settings.pool_size.clamp(1, POOL_MAX);
        let slots = usize::try_from(size).unwrap_or(1);
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port)
            .tls(tls(settings)?)
            .timeout(Some(limit))
            .pool_config(PoolConfig::new().max_size(size));
        if let Some((user, password)) = &settings.credentials {
            builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
        }
        if let Some(name) = &settings.hello_name {
            builder = builder.hello_name(ClientId::Domain(name.clone()));
        }
        Ok(Self { pool: builder.build(), slots: Arc::new(Semaphore::new(slots)), limit })
    }

    async fn send(&self, message: &Message) -> Result<Sent, SendError> {
        // Never closed; without a slot the letter would only wait for a connection instead.
        let _slot = self.slots.acquire().await;
        // lettre's timeout is for each network step; this one is for the letter, against a server that only dribbles.
        match tokio::time::timeout(self.limit, self.pool.send_raw(message.envelope(), &message.formatted())).await {
            Ok(Ok(_)) => Ok(Sent::Accepted),
            Ok(Err(error)) => Err(judge(&error)),
            Err(_) => Err(SendError::Transient { cause: Cause::Timeout }),
        }
    }
}

fn tls(settings: &SmtpSettings) -> Result<Tls, SetupError> {
    if settings.tls == TlsMode::None {
        return Ok(Tls::None);
    }
    let mut builder = TlsParameters::builder(settings.host.clone());
    if let Some(path) = &settings.extra_root_ca {
        let pem = std::fs::read(path).map_err(|source| SetupError::RootCaUnreadable { path: path.clone(), source })?;
        let unusable = || SetupError::RootCaUnusable { path: path.clone() };
        if !pem.windows(27).any(|w| w == b"-----BEGIN CERTIFICATE-----") {
            return Err(unusable());
        }
        builder = builder.add_root_certificate(Certificate::from_pem(&pem).map_err(|_| unusable())?);
    }
    let parameters = builder.build().map_err(|_| SetupError::Tls { host: settings.host.clone() })?;
    Ok(match settings.tls {
        TlsMode::StartTls => Tls::Required(parameters),
        _ => Tls::Wrapper(parameters),
    })
}

/// Tells for good from for now. A refused login is for now: it says nothing about the letter, and every letter would be
/// lost to a mistyped password otherwise.
fn judge(error: &lettre::transport::smtp::Error) -> SendError {
    let transient = |cause| SendError::Transient { cause };
    match error.status().map(u16::from) {
        Some(status @ (454 | 530 | 534 | 535 | 538)) => transient(Cause::Login(status)),
        Some(status) if error.is_permanent() => SendError::Permanent { status },
        Some(status) => transient(Cause::Busy(status)),
        None if error.is_timeout() => transient(Cause::Timeout),
        None if error.is_tls() || io_kind(error) == Some(io::ErrorKind::InvalidData) => transient(Cause::Tls),
        None if error.is_response() || error.is_client() => transient(Cause::Protocol),
        None if io_kind(error).is_some_and(breaks) => transient(Cause::Broken),
        None => transient(Cause::Unreachable),
    }
}

/// True for what happens to a connection that was there.
fn breaks(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(kind, BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
}

/// The kind of the network error behind an error. TLS reports what it can't accept as invalid data.
fn io_kind(error: &lettre::transport::smtp::Error) -> Option<io::ErrorKind> {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return Some(error.kind());
        }
        source = error.source();
    }
    None
}

#[cfg(test)]
mod tests;
