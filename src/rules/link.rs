//! Signed single-purpose links: what couriers and customers do without logging in.
//!
//! A link names one dispatch (or the shipment that is tracked) and one purpose, and carries an HMAC-SHA256 of both. Nothing of
//! it is stored: whoever has the key can write the same link again, nobody else can write one.

use super::term::terms;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::fmt;
use uuid::Uuid;

terms! {
    /// What a link is for.
    Purpose, "purpose" {
        /// The courier takes the dispatch.
        Accept => "accept",
        /// The courier has the part.
        PickedUp => "picked_up",
        /// The part was handed over.
        Delivered => "delivered",
        /// Something is in the way.
        Problem => "problem",
        /// Looking only: where the replacement stands.
        Track => "track",
    }
}

/// Bytes of the signature that a link carries: 128 bits, as RFC 4868 cuts HMAC-SHA-256.
const SIGNATURE_BYTES: usize = 16;
/// A key of HMAC-SHA-256 is filled up with zeros to this length.
const BLOCK_BYTES: usize = 64;
/// Purpose, id, signature.
const LINK_BYTES: usize = 1 + 16 + SIGNATURE_BYTES;
/// Characters of a token to sign in by: an id and a signature in base64.
const SIGN_IN_CHARS: usize = (16 + SIGNATURE_BYTES).div_ceil(3) * 4 - 1;

/// What a link is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// For what.
    pub purpose: Purpose,
    /// The dispatch; for [`Purpose::Track`] the shipment.
    pub about: Uuid,
}

/// Signs links and checks them. The key is the server's own and is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Signer([u8; BLOCK_BYTES]);

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer(…)")
    }
}

/// What a signature is for: a signature of one use is worth nothing for another.
#[derive(Debug, Clone, Copy)]
enum Use {
    Link,
    Form,
    SignIn,
    Page,
}

impl Use {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Link => b"swapline link 1",
            Self::Form => b"swapline form 1",
            Self::SignIn => b"swapline sign-in 1",
            Self::Page => b"swapline page 1",
        }
    }
}

impl Signer {
    /// With this key.
    pub fn new(key: [u8; 32]) -> Self {
        let mut block = [0; BLOCK_BYTES];
        block.iter_mut().zip(key).for_each(|(place, byte)| *place = byte);
        Self(block)
    }

    fn mac(&self, of: Use, link: Link) -> Hmac<Sha256> {
        let mut mac = self.labeled(of);
        mac.update(&[code(link.purpose)]);
        mac.update(link.about.as_bytes());
        mac
    }

    fn labeled(&self, of: Use) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new(&self.0.into());
        mac.update(of.label());
        mac
    }

    /// The token of a link to sign in by: 43 characters. What it is good for, and whether it still is, is kept with its id.
    pub fn sign_in_token(&self, id: Uuid) -> String {
        let mut mac = self.labeled(Use::SignIn);
        mac.update(id.as_bytes());
        let signature = mac.finalize().into_bytes();
        URL_SAFE_NO_PAD.encode(id.as_bytes().iter().chain(signature.iter().take(SIGNATURE_BYTES)).copied().collect::<Vec<u8>>())
    }

    /// The id that a token to sign in by was written for, `None` if it isn't ours. Compares in constant time.
    pub fn read_sign_in(&self, token: &str) -> Option<Uuid> {
        let bytes = URL_SAFE_NO_PAD.decode(Some(token).filter(|t| t.len() == SIGN_IN_CHARS)?).ok()?;
        let (id, signature) = bytes.split_at_checked(16)?;
        let mut mac = self.labeled(Use::SignIn);
        mac.update(id);
        mac.verify_truncated_left(signature).ok().filter(|()| signature.len() == SIGNATURE_BYTES)?;
        Uuid::from_slice(id).ok()
    }

    /// What the forms of a page send back: bound to the cookie that the page was shown with, so that no other site can know it.
    pub fn page(&self, cookie: &str) -> String {
        let mut mac = self.labeled(Use::Page);
        mac.update(cookie.as_bytes());
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    }

    /// True if a form comes from a page that was shown with this cookie. Compares in constant time.
    pub fn is_page_of(&self, cookie: &str, form: &str) -> bool {
        let mut mac = self.labeled(Use::Page);
        mac.update(cookie.as_bytes());
        URL_SAFE_NO_PAD.decode(form).is_ok_and(|bytes| mac.verify_slice(&bytes).is_ok())
    }

    /// The link's token: 44 characters that stay whole in a line of mail.
    pub fn token(&self, link: Link) -> String {
        let mut bytes = vec![code(link.purpose)];
        bytes.extend_from_slice(link.about.as_bytes());
        bytes.extend(self.mac(Use::Link, link).finalize().into_bytes().iter().take(SIGNATURE_BYTES));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What the token was written for, `None` if it isn't ours. Compares in constant time.
    pub fn read(&self, token: &str) -> Option<Link> {
        // Decoding is refused early for what can't be one: nobody sends a megabyte through base64.
        let bytes = URL_SAFE_NO_PAD.decode(token.get(..LINK_BYTES.div_ceil(3) * 4).filter(|t| t.len() == token.len())?).ok()?;
        let (head, signature) = bytes.split_at_checked(LINK_BYTES - SIGNATURE_BYTES)?;
        let (purpose, about) = head.split_first()?;
        let link = Link { purpose: purpose_of(*purpose)?, about: Uuid::from_slice(about).ok()? };
        self.mac(Use::Link, link).verify_truncated_left(signature).ok().filter(|()| signature.len() == SIGNATURE_BYTES)?;
        Some(link)
    }

    /// What the link's form sends back: only who has seen the page can have it.
    pub fn form(&self, link: Link) -> String {
        URL_SAFE_NO_PAD.encode(self.mac(Use::Form, link).finalize().into_bytes())
    }

    /// True if a form comes from the link's page. Compares in constant time.
    pub fn is_form_of(&self, link: Link, form: &str) -> bool {
        URL_SAFE_NO_PAD.decode(form).is_ok_and(|bytes| self.mac(Use::Form, link).verify_slice(&bytes).is_ok())
    }
}

fn code(purpose: Purpose) -> u8 {
    match purpose {
        Purpose::Accept => 1,
        Purpose::PickedUp => 2,
        Purpose::Delivered => 3,
        Purpose::Problem => 4,
        Purpose::Track => 5,
    }
}

fn purpose_of(number: u8) -> Option<Purpose> {
    use super::term::Term;
    Purpose::ALL.iter().copied().find(|purpose| code(*purpose) == number)
}

#[cfg(test)]
mod tests;
