//! Offering Gold Plus before a contract with the older four-hour option of Gold ends (P5.5).

use super::keep::{Keep, contracts::Contracts};
use super::renew_contract::{OfferedSite, offer};
use super::{Context, Done};
use crate::rules::four_hour::may_offer;
use crate::rules::notice::{Mailbox, Notice, NoticeFacts, NoticeKind, Reason};
use crate::rules::record::{Contact, Contract};
use crate::rules::tier::Tier;
use crate::store::{Conn, Id, contracts, organizations, outbox};

/// Promises the offers that are due, at most `limit`; how many contracts were looked at.
pub fn offer_gold_plus(conn: &mut Conn, ctx: &Context, limit: i64) -> Done<usize> {
    let due = contracts::to_offer(conn, ctx.ts(), limit)?;
    for (id, number, organization) in &due {
        let contract = Contracts::find(conn, ctx, number)?.map(|stand| stand.record);
        let renewed = contracts::renewal_of(conn, *id)?.is_some();
        if let Some(contract) = contract.filter(|contract| !renewed && may_offer(contract, ctx.now)) {
            let sites = offer(conn, ctx, *id)?;
            tell(conn, ctx, &contract, *organization, &sites)?;
        }
        contracts::set_offered(conn, *id)?;
    }
    Ok(due.len())
}

fn site(offered: &OfferedSite) -> Reason {
    let detail = match (offered.service.tier, offered.service.reasons.first()) {
        (Tier::GoldPlus, _) => format!("site {}: Gold Plus reaches it", offered.site),
        (_, Some(reason)) => format!("site {}: Gold for now, as {}", offered.site, reason.detail),
        (_, None) => format!("site {}: Gold for now", offered.site),
    };
    Reason { code: "site".into(), rule: "P5.2".into(), detail }
}

/// Promises the letter; its key keeps it from being promised twice for one last day.
fn tell(conn: &mut Conn, ctx: &Context, contract: &Contract, owner: Id, sites: &[OfferedSite]) -> Done<()> {
    let Some(organization) = organizations::get(conn, owner)? else { return Ok(()) };
    let customer = organization.record;
    let contact = |c: &Contact| Mailbox { name: c.name.to_string(), email: c.email.clone() };
    let (number, last) = (&contract.number, contract.ends_on.format("%A, %B %-d, %Y"));
    let notice = Notice {
        key: format!("contract/{number}/four-hour-offer/{}", contract.ends_on),
        kind: NoticeKind::FourHourOffer,
        to: customer.contacts.iter().map(contact).collect(),
        language: customer.language,
        zone: contract.zone,
        facts: NoticeFacts {
            rma: None,
            case: None,
            organization: customer.name.to_string(),
            written_at: ctx.now,
            entitled_tier: contract.tier,
            delivered_tier: Tier::GoldPlus,
            reasons: sites.iter().map(site).collect(),
            lines: Vec::new(),
            ships_from: None,
            ship_to: None,
            contact: None,
            receiving_notes: None,
            deadlines: Vec::new(),
            shipment: None,
            remark: Some(format!("Contract {number} ends on {last}")),
            scanned: Vec::new(),
            coverage: None,
            dispatch: None,
            tracking: None,
            sign_in: None,
            keeps_media: false,
        },
    };
    outbox::promise(conn, &notice, None, Some(owner))?;
    Ok(())
}
