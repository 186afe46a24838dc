//! What may be sent in place of a part: a newer revision, or a part that was approved as its substitute.

use super::keep::get;
use super::keep::parts::Parts;
use super::{ActionError, Context, Done};
use crate::rules::record::Part;
use crate::rules::refusal::Refusal;
use crate::rules::sourcing::Acceptable;
use crate::rules::stock::Fit;
use crate::rules::text::PartNumber;
use crate::store::{Conn, Stand, parts, substitutes};

/// The substitutes of a part: newer revisions first.
pub fn of_part(conn: &mut Conn, ctx: &Context, part: &str) -> Done<Vec<Acceptable>> {
    let part = get::<Parts>(conn, ctx, part)?;
    Ok(substitutes::of_parts(conn, &[part.id])?.into_iter().map(|s| s.acceptable).collect())
}

/// Lets a part be sent in place of another one; said again, it may stand in in another way.
pub fn set_substitute(conn: &mut Conn, ctx: &Context, part: &str, substitute: &PartNumber, fit: Fit) -> Done<Vec<Acceptable>> {
    let stand = get::<Parts>(conn, ctx, part)?;
    let unknown = || Refusal::input("unknown_part", "/part_number", format!("there is no part {substitute}"));
    let other = parts::id_of(conn, substitute.as_str())?.ok_or_else(unknown)?;
    if other == stand.id || fit == Fit::Same {
        return Err(Refusal::input("same_part", "/part_number", "a part doesn't stand in for itself").into());
    }
    let before = substitutes::of_parts(conn, &[stand.id])?;
    if i64::try_from(before.len()).unwrap_or(i64::MAX) >= substitutes::MOST && !before.iter().any(|s| s.id == other) {
        return Err(Refusal::input("too_many", "/part_number", format!("a part has {} substitutes at most", substitutes::MOST)).into());
    }
    touch(conn, ctx, &stand, None)?;
    substitutes::save(conn, stand.id, other, fit)?;
    let told = serde_json::json!({"substitute": substitute, "fit": fit});
    ctx.record::<(), _>(conn, "substitute_set", ("part", stand.record.number.as_str()), None, Some(&told))?;
    of_part(conn, ctx, part)
}

/// Takes it back, if the part still has version `was` (any, without one).
pub fn remove_substitute(conn: &mut Conn, ctx: &Context, part: &str, was: Option<i32>, substitute: &str) -> Done<()> {
    let stand = get::<Parts>(conn, ctx, part)?;
    touch(conn, ctx, &stand, was)?;
    let other = parts::id_of(conn, &substitute.to_ascii_uppercase())?.ok_or(ActionError::NotFound("substitute"))?;
    if !substitutes::remove(conn, stand.id, other)? {
        return Err(ActionError::NotFound("substitute"));
    }
    let told = serde_json::json!({"substitute": substitute.to_ascii_uppercase()});
    ctx.record::<_, ()>(conn, "substitute_removed", ("part", stand.record.number.as_str()), Some(&told), None)?;
    Ok(())
}

/// What may be sent for a part belongs to it: its version goes on.
fn touch(conn: &mut Conn, ctx: &Context, part: &Stand<Part>, was: Option<i32>) -> Done<()> {
    match was.is_none_or(|was| was == part.version) && parts::touch(conn, part.id, part.version, ctx.ts())? {
        true => Ok(()),
        false => Err(ActionError::Changed("part")),
    }
}
