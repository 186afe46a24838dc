//! Support's finding about a part: defective and to be replaced, or not (P4.1).

use super::{ActionError, Context, Done};
use crate::rules::number::CaseNumber;
use crate::rules::refusal::Refusal;
use crate::rules::text::{Note, PartNumber};
use crate::store::cases::{self, Verification};
use crate::store::{Conn, Id, parts};

/// The finding.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Whether the part has to be replaced.
    pub replacement_needed: bool,
    /// The part.
    pub part_number: PartNumber,
    /// What failed: a stable word such as `power_supply`.
    pub failure_code: String,
    /// What was seen.
    pub note: Option<Note>,
}

/// Adds a finding to a case. The latest one about a part counts.
pub fn verify_defect(conn: &mut Conn, ctx: &Context, number: CaseNumber, ask: &Ask) -> Done<()> {
    let case =
        cases::lock(conn, number.serial())?.filter(|c| ctx.actor.scope.sees(c.organization_id)).ok_or(ActionError::NotFound("case"))?;
    let part = parts::find(conn, &ask.part_number)?;
    let part = part.ok_or_else(|| Refusal::input("part_unknown", "/part_number", format!("there is no part {}", ask.part_number)))?;
    let verification = Verification {
        id: Id::new(),
        case_id: case.id,
        part_id: part.id,
        replacement_needed: ask.replacement_needed,
        failure_code: ask.failure_code.clone(),
        note: ask.note.as_ref().map(ToString::to_string),
        verified_at: ctx.ts(),
        verified_by: ctx.actor.name.clone(),
    };
    cases::insert_verification(conn, &verification)?;
    let after =
        serde_json::json!({"part_number": ask.part_number, "replacement_needed": ask.replacement_needed, "failure_code": ask.failure_code});
    ctx.record::<(), _>(conn, "verified", ("case", &number.to_string()), None, Some(&after))?;
    Ok(())
}
