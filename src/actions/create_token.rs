//! Creating a bearer token. It is shown once; only its hash is stored.

use super::{Context, Done};
use crate::rules::refusal::Refusal;
use crate::rules::role::Role;
use crate::rules::text::{Code, Line};
use crate::store::tokens::{self, Token};
use crate::store::{Conn, Id, Word, couriers, organizations};
use sha2::{Digest, Sha256};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Ask {
    /// What the token is for: the audit names it.
    pub label: Line,
    /// Its role.
    pub role: Role,
    /// The organization, for customers.
    pub organization: Option<Code>,
    /// The courier, for couriers.
    pub courier: Option<Code>,
}

/// A secret of 256 random bits, as `swl_` and 64 hexadecimal digits. Made outside the transaction, which may run twice.
pub fn secret() -> String {
    let bits: [u8; 32] = rand::random();
    format!("swl_{}", hex(&bits))
}

/// What is stored of a secret. One round of SHA-256 suffices: there is nothing to guess in 256 random bits.
pub fn hash(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Stores a token for `secret`.
pub fn create_token(conn: &mut Conn, ctx: &Context, ask: &Ask, secret: &str) -> Done<Token> {
    let scoped = |given: bool, role: Role, field: &'static str| match (ask.role == role, given) {
        (true, false) => Err(Refusal::input("required", field, format!("a {role} token needs it"))),
        (false, true) => Err(Refusal::input("not_allowed", field, format!("a {} token can't have it", ask.role))),
        _ => Ok(()),
    };
    super::keep::all(vec![
        scoped(ask.organization.is_some(), Role::Customer, "/organization"),
        scoped(ask.courier.is_some(), Role::Courier, "/courier"),
    ])?;
    let organization_id = match &ask.organization {
        Some(code) => Some(super::keep::resolve(
            organizations::id_of(conn, code.as_str())?,
            "unknown_organization",
            "/organization",
            "organization",
            code.as_str(),
        )?),
        None => None,
    };
    let courier_id = match &ask.courier {
        Some(code) => {
            Some(super::keep::resolve(couriers::id_of(conn, code.as_str())?, "unknown_courier", "/courier", "courier", code.as_str())?)
        }
        None => None,
    };
    let token = Token {
        id: Id::new(),
        hash: hash(secret),
        label: ask.label.to_string(),
        role: Word(ask.role),
        organization_id,
        courier_id,
        created_at: ctx.ts(),
        revoked_at: None,
    };
    tokens::insert(conn, &token)?;
    let after = serde_json::json!({"label": ask.label, "role": ask.role, "organization": ask.organization, "courier": ask.courier});
    ctx.record::<(), _>(conn, "created", ("token", &token.id.to_string()), None, Some(&after))?;
    Ok(token)
}
