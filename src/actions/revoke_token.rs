//! Revoking a bearer token. Its row stays: the audit names it.

use super::{ActionError, Context, Done};
use crate::store::tokens::{self, Named};
use crate::store::{Conn, Id};

/// Revokes a token; one that is revoked already stays as it is.
pub fn revoke_token(conn: &mut Conn, ctx: &Context, id: Id) -> Done<()> {
    let found = tokens::page(conn, Some(id), None, 1)?.rows.pop();
    let Named { token, organization, courier } = found.ok_or(ActionError::NotFound("token"))?;
    if tokens::revoke(conn, id, ctx.ts())? {
        let before = serde_json::json!({"label": token.label, "role": token.role.0, "organization": organization, "courier": courier});
        ctx.record::<_, ()>(conn, "revoked", ("token", &id.to_string()), Some(&before), None)?;
    }
    Ok(())
}
