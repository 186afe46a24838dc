//! How people come in: what signs and protects their cookies, from where they come, and the few passwords that are compared at
//! once.

use super::problem::Problem;
use crate::rules::link::Signer;
use crate::rules::password::{self, Password};
use actix_web::HttpRequest;
use actix_web::http::header::{COOKIE, HOST, HeaderMap, ORIGIN};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The longest that a password waits for its turn.
const TURN: Duration = Duration::from_secs(10);
/// Passwords that are compared at once, at most: each takes 19 MiB.
const AT_ONCE_MOST: usize = 4;
/// The longest value of a cookie of ours.
const COOKIE_MOST: usize = 100;

/// The door.
#[derive(Debug)]
pub struct Door {
    /// Signs links, and binds forms to cookies.
    pub signer: Signer,
    /// The address of this server, as browsers know it.
    origin: Option<String>,
    /// True where browsers come by TLS.
    secure: bool,
    behind_proxy: bool,
    staff_needs_factor: bool,
    turns: Arc<Semaphore>,
}

/// True for an address of the machine itself: what browsers trust without TLS.
fn is_local(url: &str) -> bool {
    let host = url.strip_prefix("http://").map(|rest| rest.split('/').next().unwrap_or(rest));
    let name = host.map(|host| host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit())).map_or(host, |(n, _)| n));
    name.is_some_and(|name| matches!(name, "localhost" | "127.0.0.1" | "[::1]"))
}

impl Door {
    /// `public_url` is the address that browsers know; without one, it is `listens_at`.
    pub fn new(signer: Signer, public_url: Option<&str>, listens_at: std::net::SocketAddr, behind_proxy: bool) -> Self {
        let secure = public_url.map_or_else(|| !listens_at.ip().is_loopback(), |url| !is_local(url));
        // Without the path: pages for people are at the root of their host.
        let origin = public_url.and_then(|url| url.split_once("://")).map(|(scheme, rest)| {
            let host = rest.split('/').next().unwrap_or(rest);
            format!("{scheme}://{host}")
        });
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            signer,
            origin,
            secure,
            behind_proxy,
            staff_needs_factor: true,
            turns: Arc::new(Semaphore::new(cores.clamp(1, AT_ONCE_MOST))),
        }
    }

    /// With what the house asks of its staff.
    pub fn with_factor(self, staff_needs_factor: bool) -> Self {
        Self { staff_needs_factor, ..self }
    }

    /// True unless the house leaves it to its staff whether they have a second factor.
    pub fn staff_needs_factor(&self) -> bool {
        self.staff_needs_factor
    }

    /// True where browsers come by TLS.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// A cookie's name. With TLS it has the prefix that keeps other hosts and plain connections from setting it.
    fn cookie_name(&self, name: &str) -> String {
        if self.secure { format!("__Host-{name}") } else { name.to_owned() }
    }

    /// The cookie of this name, if the browser sent one that can be ours.
    pub fn cookie(&self, headers: &HeaderMap, name: &str) -> Option<String> {
        let name = self.cookie_name(name);
        let sent = headers.get_all(COOKIE).filter_map(|value| value.to_str().ok());
        let mut all = sent.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let (_, value) = all.find(|(n, _)| *n == name)?;
        let good = value.len() <= COOKIE_MOST && !value.is_empty() && value.bytes().all(|b| b.is_ascii_alphanumeric());
        good.then(|| value.to_owned())
    }

    /// The header that sets a cookie until the browser is closed; an empty value takes it away.
    pub fn set_cookie(&self, name: &str, value: &str) -> String {
        let (name, secure) = (self.cookie_name(name), if self.secure { "; Secure" } else { "" });
        let ends = if value.is_empty() { "; Max-Age=0" } else { "" };
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{ends}")
    }

    /// True unless the browser says that another site sent the form.
    pub fn is_own(&self, headers: &HeaderMap) -> bool {
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
        if let Some(site) = text("sec-fetch-site") {
            return matches!(site, "same-origin" | "none");
        }
        let Some(origin) = text(ORIGIN.as_str()) else { return true };
        let host = text(HOST.as_str()).unwrap_or_default();
        self.origin.as_deref() == Some(origin) || (!host.is_empty() && origin.split_once("://").is_some_and(|(_, from)| from == host))
    }

    /// From where a request comes, for counting. Behind a proxy it is what the proxy says, which is the last word of the header.
    pub fn address(&self, request: &HttpRequest) -> String {
        let forwarded = || {
            let last = request.headers().get_all("x-forwarded-for").last()?.to_str().ok()?;
            last.rsplit(',').next().map(|address| address.trim().chars().take(64).collect())
        };
        let peer = || request.peer_addr().map(|peer| network(peer.ip()));
        Some(()).filter(|()| self.behind_proxy).and_then(|()| forwarded()).or_else(peer).unwrap_or_default()
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit, Problem> {
        let turn = tokio::time::timeout(TURN, Arc::clone(&self.turns).acquire_owned()).await;
        turn.ok().and_then(Result::ok).ok_or_else(|| Problem::unavailable("too many people are signing in; please try again"))
    }

    /// True if the text is the password of a hash; takes as long without one.
    pub async fn is_password(&self, text: String, hash: Option<String>) -> Result<bool, Problem> {
        let turn = self.turn().await?;
        // The turn is over when the work is, not when nobody waits for it any more.
        let work = tokio::task::spawn_blocking(move || (password::is_password(&text, hash.as_deref()), drop(turn)).0);
        work.await.map_err(|_| Problem::unavailable("the password could not be compared"))
    }

    /// The hash of a password that was chosen.
    pub async fn hash(&self, chosen: Password) -> Result<String, Problem> {
        let (turn, salt): (_, [u8; 16]) = (self.turn().await?, rand::random());
        let work = tokio::task::spawn_blocking(move || (chosen.hash(&salt), drop(turn)).0);
        work.await.ok().flatten().ok_or_else(|| Problem::unavailable("the password could not be kept"))
    }
}

/// An address as it is counted: of IPv6 the network, in which one subscriber has every address.
fn network(ip: std::net::IpAddr) -> String {
    match ip.to_canonical() {
        std::net::IpAddr::V4(ip) => ip.to_string(),
        std::net::IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests;
