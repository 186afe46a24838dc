//! Opening a support case (P2, as far as RMAs need it).

use super::{ActionError, Context, Done};
use crate::rules::number::CaseNumber;
use crate::rules::refusal::Refusal;
use crate::rules::text::{Note, SerialNumber};
use crate::rules::tier::{Channel, Severity};
use crate::store::cases::{self, Case};
use crate::store::{Conn, Id, StoreError, Word, appliances, lineage, numbers};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The appliance.
    pub serial_number: SerialNumber,
    /// 1 to 4.
    pub severity: Severity,
    /// How it came in.
    pub channel: Channel,
    /// What is wrong.
    pub summary: Note,
}

/// Opens a case. Severity 1 is taken by phone only (P2).
pub fn open_case(conn: &mut Conn, ctx: &Context, ask: &Ask) -> Done<CaseNumber> {
    if ask.severity.level() == 1 && ask.channel != Channel::Phone {
        return Err(Refusal::refused("severity_1_by_phone_only", "P2", "a severity 1 case is taken by phone only").at("/channel").into());
    }
    let appliance = appliances::find(conn, &ask.serial_number)?;
    if appliance.is_none()
        && let Some(present) = lineage::present_of(conn, ask.serial_number.as_str(), ctx.actor.scope.organization())?
    {
        let detail = format!("{} was exchanged for {present}, which has its contracts", ask.serial_number);
        return Err(Refusal::refused("serial_number_replaced", "P4", detail).at("/serial_number").into());
    }
    let appliance = appliance
        .ok_or_else(|| Refusal::input("unknown_appliance", "/serial_number", format!("there is no appliance {}", ask.serial_number)))?;
    let (organization_id, ..) = appliances::links(conn, appliance.id)?.ok_or(ActionError::NotFound("appliance"))?;
    let number = numbers::next(conn, numbers::Series::Case)?;
    let case_number = CaseNumber::of(number).ok_or_else(|| StoreError::Other("the series of case numbers is used up".into()))?;
    let case = Case {
        id: Id::new(),
        number,
        organization_id,
        appliance_id: appliance.id,
        severity: ask.severity.level(),
        channel: Word(ask.channel),
        summary: ask.summary.to_string(),
        opened_at: ctx.ts(),
        opened_by: ctx.actor.name.clone(),
    };
    cases::insert(conn, &case)?;
    let after = serde_json::json!({"serial_number": ask.serial_number, "severity": ask.severity.level(), "channel": ask.channel, "summary": ask.summary});
    ctx.record::<(), _>(conn, "opened", ("case", &case_number.to_string()), None, Some(&after))?;
    Ok(case_number)
}
