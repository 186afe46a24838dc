//! The second factor: six digits of an app, one time step each (RFC 6238), and the codes for who has lost the phone.

use totp_rs::{Builder, Secret, Totp};

/// Bytes of a secret (RFC 4226 recommends 160 bits).
pub const SECRET_BYTES: usize = 20;
/// Codes for who has lost the phone.
pub const RECOVERY_CODES: usize = 10;
/// Without letters and digits that are taken for others.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A second factor.
#[derive(Debug, Clone)]
pub struct Factor(Totp);

impl Factor {
    /// Of this secret in base 32; `account` and `issuer` are what the app shows.
    pub fn new(secret: &str, issuer: &str, account: &str) -> Option<Self> {
        let secret = Secret::try_from_base32(secret).ok()?;
        // A colon parts issuer and account in the address that the app reads.
        let (issuer, account) = (issuer.replace(':', " "), account.replace(':', " "));
        // SHA-1, six digits, 30 seconds, one step of slack: what every app knows.
        Builder::new().with_secret(secret).with_account_name(account).with_issuer(Some(issuer)).build().ok().map(Self)
    }

    /// The address that an app reads as a QR code.
    pub fn url(&self) -> Option<String> {
        self.0.to_url().ok()
    }

    /// The step of a code that is good at this second and later than `last`: no code is good twice.
    pub fn step(&self, code: &str, at: i64, last: Option<i64>) -> Option<i64> {
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let step = i64::try_from(self.0.check(&digits, u64::try_from(at).ok()?)?).ok()?;
        last.is_none_or(|last| step > last).then_some(step)
    }

    /// The code at this second.
    pub fn code(&self, at: u64) -> String {
        self.0.generate(at).to_string()
    }
}

/// Random bytes as a secret in base 32.
pub fn secret(random: [u8; SECRET_BYTES]) -> String {
    Secret::from(random).to_base32()
}

/// A recovery code of 50 random bits, such as `k7vqm-3xwdp`.
pub fn recovery_code(random: [u8; 10]) -> String {
    let letter = |byte: u8| LETTERS.get(usize::from(byte) % LETTERS.len()).copied().map_or('a', char::from);
    let (front, back) = random.split_at(5);
    let half = |bytes: &[u8]| bytes.iter().map(|byte| letter(*byte)).collect::<String>();
    format!("{}-{}", half(front), half(back))
}

/// A recovery code as it is compared, however it was typed; `None` if it can't be one.
pub fn typed_recovery_code(text: &str) -> Option<String> {
    let letters: String = text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    (letters.len() == 10).then(|| letters.split_at(5)).map(|(front, back)| format!("{front}-{back}"))
}

#[cfg(test)]
mod tests;
