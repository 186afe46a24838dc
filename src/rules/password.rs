//! Passwords: which are good enough, and how they are kept: as Argon2id hashes, never as they are.
//!
//! Hashing takes memory and a good part of a second on purpose: callers keep it off the threads that answer requests.

use super::text::TextFault;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use std::fmt;

/// The shortest, in characters. There is no rule about which characters: length is what counts (NIST SP 800-63B).
pub const SHORTEST: usize = 12;
/// The longest, in characters.
pub const LONGEST: usize = 128;
/// The most bytes of anything that is compared with a hash.
const BYTES_MOST: usize = LONGEST * 4;

/// A hash of no password that anybody has: what is compared where there is no account, so that it takes the same time.
pub const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c3dhcGxpbmUtbm9ib2R5IQ$HzmpptZN6ZLuSBBPMlbB1W0wTWI5w4nRXYvpjYGQnPs";

/// A password that is good enough to be chosen.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

impl Password {
    /// Parses what somebody chose; `email` and `name` are who chose it.
    pub fn choose(text: &str, email: &str, name: &str) -> Result<Self, TextFault> {
        let chars = text.chars().count();
        if chars < SHORTEST {
            return Err(TextFault::new("too_short", format!("must have at least {SHORTEST} characters")));
        }
        if chars > LONGEST {
            return Err(TextFault::new("too_long", format!("must have at most {LONGEST} characters")));
        }
        if text.chars().any(char::is_control) {
            return Err(TextFault::new("control_character", "must not contain control characters"));
        }
        let same = |other: &str| !other.is_empty() && text.trim().to_lowercase() == other.trim().to_lowercase();
        if same(email) || same(name) {
            return Err(TextFault::new("is_email", "must not be your email address or your name"));
        }
        let mut each = text.chars();
        if each.next().is_some_and(|first| each.all(|c| c == first)) {
            return Err(TextFault::new("one_character", "must not be one character over and over"));
        }
        Ok(Self(text.to_owned()))
    }

    /// Its hash, as a PHC string. Slow; `None` only where the machine has no memory for it.
    pub fn hash(&self, salt: &[u8; 16]) -> Option<String> {
        argon2()?.hash_password_with_salt(self.0.as_bytes(), salt).ok().map(|hash| hash.to_string())
    }
}

/// 19 MiB, two passes, one lane: what OWASP asks for, at least.
fn argon2() -> Option<Argon2<'static>> {
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19_456, 2, 1, None).ok()?))
}

/// True if the text is the password of a hash. Slow, for a wrong one as for the right one. Without a hash it is never right, and
/// takes as long.
pub fn is_password(text: &str, hash: Option<&str>) -> bool {
    // What is too long to have been chosen is compared all the same, cut short.
    let cut = text.as_bytes().get(..BYTES_MOST).unwrap_or(text.as_bytes());
    let verified = PasswordHash::new(hash.unwrap_or(NOBODY)).is_ok_and(|known| Argon2::default().verify_password(cut, &known).is_ok());
    verified && hash.is_some() && cut.len() == text.len()
}

#[cfg(test)]
mod tests;
