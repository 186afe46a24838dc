//! Everything about one RMA in one place: what moves judge, letters tell, and screens show.

mod dead;
mod dispatch;
mod gather;
mod next;
mod stock;

use super::{ActionError, Context, Done, Scope};
use crate::rules::deadline::{Deadline, DeadlineKind, DeadlineState};
use crate::rules::moves::{self, DeadlineChange, RmaFacts, UnitFacts};
use crate::rules::notice::{
    LocalContact, Mailbox, Notice, NoticeDeadline, NoticeFacts, NoticeKind, NoticeLine, NoticeShipment, Place, Reason, ScannedUnit,
};
use crate::rules::number::{CaseNumber, RmaNumber};
use crate::rules::program::ReminderTerms;
use crate::rules::record::{Address, Courier, Organization, ServiceCenter, Site};
use crate::rules::reminder::{self, Awaited};
use crate::rules::rma::RmaState;
use crate::rules::sourcing::Asked;
use crate::rules::text::{PartNumber, SerialNumber};
use crate::rules::tier::Tier;
use crate::store::deadlines::Kept;
use crate::store::returns::ExpectedReturn;
use crate::store::rmas::{Moved, Names, Rma, RmaLine};
use crate::store::shipments::Shipment;
use crate::store::{self, Conn, Stand, StoreError, Stored, Ts};
use chrono_tz::Tz;
pub use dead::DeadLinks;
pub(super) use gather::Belongings;
pub use stock::LineUnit;

/// An RMA with all that belongs to it.
#[derive(Debug, Clone)]
pub struct Dossier {
    /// Its number.
    pub number: RmaNumber,
    /// Its row.
    pub rma: Rma,
    /// The codes and numbers of what it refers to.
    pub names: Names,
    /// The lines with part number and description.
    pub lines: Vec<(RmaLine, String, String)>,
    /// The units that stock has for the lines.
    pub units: Vec<LineUnit>,
    /// Replacements that were dead on arrival.
    pub dead: DeadLinks,
    /// The expected returns, in the order of the lines.
    pub returns: Vec<ExpectedReturn>,
    /// The shipment.
    pub shipment: Shipment,
    /// The deadlines.
    pub deadlines: Vec<Kept>,
    /// The customer.
    pub organization: Stand<Organization>,
    /// The site.
    pub site: Option<Stand<Site>>,
    /// The center that ships.
    pub center: Option<Stand<ServiceCenter>>,
    /// The courier.
    pub courier: Option<Stand<Courier>>,
    /// The zone of the contract: the customer's, where there is no site.
    pub contract_zone: Tz,
    /// How it stood when it was loaded: what the audit calls `before`.
    loaded: serde_json::Value,
}

fn gone(what: &str) -> StoreError {
    StoreError::Unreadable(format!("an RMA without its {what}"))
}

impl Dossier {
    /// The RMA with this number, if the actor may see it; its row stays locked for the rest of a write.
    pub fn lock(conn: &mut Conn, ctx: &Context, number: RmaNumber) -> Done<Self> {
        let rma = store::rmas::lock(conn, number.serial())?.ok_or(ActionError::NotFound("RMA"))?;
        Self::gather(conn, rma)?.seen_by(ctx)
    }

    /// The RMA with this number, if the actor may see it, for reading.
    pub fn read(conn: &mut Conn, ctx: &Context, number: RmaNumber) -> Done<Self> {
        let (rma, names) = store::rmas::find(conn, number.serial())?.ok_or(ActionError::NotFound("RMA"))?;
        Self::gather_named(conn, rma, names)?.seen_by(ctx)
    }

    fn seen_by(self, ctx: &Context) -> Done<Self> {
        let visible = match ctx.actor.scope {
            Scope::Courier(courier) => self.shipment.courier_id == Some(courier),
            scope => scope.sees(self.rma.organization_id),
        };
        if visible { Ok(self) } else { Err(ActionError::NotFound("RMA")) }
    }

    /// How the RMA stands, as the audit tells it.
    fn standing(&self) -> serde_json::Value {
        let deadline =
            |k: &Kept| serde_json::json!({"kind": k.deadline.basis.kind, "state": k.deadline.state, "due_at": k.deadline.due_at});
        serde_json::json!({
            "state": self.rma.state.0,
            "contact": self.rma.contact.as_ref().map(|c| &c.0),
            "returns": self.returns.iter().map(|r| r.state.0).collect::<Vec<_>>(),
            "deadlines": self.deadlines.iter().map(deadline).collect::<Vec<_>>(),
        })
    }

    /// Appends to the audit: how the RMA stood, how it stands now, and what was told.
    pub fn record(&self, conn: &mut Conn, ctx: &Context, action: &str, told: &serde_json::Value) -> Stored<()> {
        let mut after = self.standing();
        after["told"] = told.clone();
        ctx.record(conn, action, ("rma", &self.number.to_string()), Some(&self.loaded), Some(&after))
    }

    /// What the rules of moves see.
    pub fn facts(&self) -> Stored<RmaFacts> {
        let unit = |r: &ExpectedReturn| {
            let serial_number = SerialNumber::parse(&r.serial_number).map_err(|f| StoreError::Unreadable(f.detail))?;
            let replacement = self.lines.iter().find(|(line, ..)| line.id == r.rma_line_id);
            let replacement = replacement.and_then(|(line, ..)| line.replacement_serial_number.as_deref()).map(SerialNumber::parse);
            let replacement_serial_number = replacement.transpose().map_err(|f| StoreError::Unreadable(f.detail))?;
            Ok(UnitFacts {
                line: r.line,
                serial_number,
                replacement_serial_number,
                state: r.state.0,
                received_at: r.received_at.map(Ts::at),
            })
        };
        Ok(RmaFacts {
            state: self.rma.state.0,
            issued_at: self.rma.issued_at.at(),
            shipped_at: self.shipment.shipped_at.map(Ts::at),
            lines: self.returns.iter().map(unit).collect::<Stored<_>>()?,
            deadlines: self.deadlines.iter().map(|k| k.deadline.clone()).collect(),
        })
    }

    /// The local contact, as far as known.
    pub fn contact(&self) -> Stored<Option<LocalContact>> {
        self.rma.contact.as_ref().map(store::Json::read).transpose()
    }

    /// The reasons of the promise.
    pub fn reasons(&self) -> Stored<Vec<Reason>> {
        self.rma.reasons.read()
    }

    /// The centers that were asked for the replacement, with why they don't send it; nothing of RMAs of before there was stock.
    pub fn asked(&self) -> Stored<Vec<Asked>> {
        Ok(self.rma.sourcing.as_ref().map(store::Json::read).transpose()?.unwrap_or_default())
    }

    /// Stores the reasons of the promise as they stand now.
    pub fn set_reasons(&mut self, conn: &mut Conn, reasons: &[Reason]) -> Stored<()> {
        self.rma.reasons = store::Json::of(&reasons)?;
        store::rmas::set_reasons(conn, self.rma.id, &self.rma.reasons)
    }

    /// The zone in which the customer reads times.
    pub fn reader_zone(&self) -> Tz {
        self.site.as_ref().map_or(self.contract_zone, |s| s.record.zone)
    }

    /// Stores what became of deadlines; a return's clock that starts gets its reminders (P4.6).
    pub fn save_deadlines(&mut self, conn: &mut Conn, ctx: &Context, changes: Vec<DeadlineChange>) -> Done<()> {
        for change in changes {
            let Some(kept) = self.deadlines.iter_mut().find(|k| k.deadline.basis.kind == change.deadline.basis.kind) else { continue };
            kept.remind_at = first_reminder(ctx, (&self.rma.program_version, self.rma.delivered_tier.0), &change.deadline);
            kept.done_at = change.done_at.map(Ts::from);
            kept.deadline = change.deadline;
            store::deadlines::update(conn, kept)?;
        }
        Ok(())
    }

    /// Moves the RMA, by the state table.
    pub fn advance(&mut self, conn: &mut Conn, ctx: &Context, next: RmaState) -> Done<()> {
        match store::rmas::advance(conn, self.rma.id, next, ctx.ts())? {
            Moved::Advanced => self.rma.state = store::Word(next),
            Moved::Missing => return Err(ActionError::NotFound("RMA")),
            Moved::Clash(state) => return Err(moves::state_clash(state, next).into()),
        }
        if !next.is_open() {
            self.rma.ended_at = Some(ctx.ts());
        }
        Ok(())
    }

    /// Promises a letter to the customer.
    pub fn tell_customer(&self, conn: &mut Conn, ctx: &Context, kind: NoticeKind, suffix: &str, remark: Option<String>) -> Done<()> {
        self.tell_of_parcel(conn, ctx, kind, suffix, remark, Vec::new())
    }

    /// Promises a letter to the customer about what was scanned at the dock.
    pub fn tell_of_parcel(
        &self,
        conn: &mut Conn,
        ctx: &Context,
        kind: NoticeKind,
        suffix: &str,
        remark: Option<String>,
        scanned: Vec<ScannedUnit>,
    ) -> Done<()> {
        let contact = |c: &crate::rules::record::Contact| Mailbox { name: c.name.to_string(), email: c.email.clone() };
        let organization = &self.organization.record;
        let to = organization.contacts.iter().map(contact).collect();
        let notice = Notice {
            key: format!("rma/{}/{suffix}", self.number.stem()),
            kind,
            to,
            language: organization.language,
            zone: self.reader_zone(),
            facts: NoticeFacts { scanned, ..self.notice_facts(ctx, remark)? },
        };
        store::outbox::promise(conn, &notice, Some(self.rma.id), Some(self.rma.organization_id))?;
        Ok(())
    }

    /// What letters and papers say about the RMA as it stands.
    pub(super) fn notice_facts(&self, ctx: &Context, remark: Option<String>) -> Stored<NoticeFacts> {
        let deadline = |k: &Kept| NoticeDeadline {
            kind: k.deadline.basis.kind,
            state: k.deadline.state,
            due_at: k.deadline.due_at,
            zone: k.deadline.basis.zone,
            waits_for: k.deadline.basis.waits_for.clone(),
        };
        let shipment = self.shipment.shipped_at.map(|shipped_at| NoticeShipment {
            carrier: self.shipment.carrier.clone().unwrap_or_default(),
            tracking_number: self.shipment.tracking_number.clone(),
            shipped_at: Some(shipped_at.at()),
            delivered_at: self.shipment.delivered_at.map(Ts::at),
            received_by: self.shipment.received_by.clone(),
        });
        Ok(NoticeFacts {
            rma: Some(self.number),
            case: Some(CaseNumber::of(self.names.case).ok_or_else(|| gone("case"))?),
            organization: self.organization.record.name.to_string(),
            written_at: ctx.now,
            entitled_tier: self.rma.entitled_tier.0,
            delivered_tier: self.rma.delivered_tier.0,
            reasons: self.reasons()?,
            lines: self.notice_lines()?,
            ships_from: self.center.as_ref().map(|c| place(c.record.code.as_str(), c.record.name.as_str(), &c.record.address)),
            ship_to: self.site.as_ref().map(|s| place(s.record.code.as_str(), s.record.name.as_str(), &s.record.address)),
            contact: self.contact()?,
            receiving_notes: self.site.as_ref().and_then(|s| s.record.receiving_notes.as_ref()).map(ToString::to_string),
            deadlines: self.deadlines.iter().map(deadline).collect(),
            shipment,
            remark,
            scanned: Vec::new(),
            coverage: None,
            dispatch: None,
            // Who follows a courier's run sees it by the shipment: couriers may change.
            tracking: self.shipment.courier_id.map(|_| self.shipment.id.uuid()),
            sign_in: None,
            keeps_media: self.rma.keeps_media,
        })
    }

    fn notice_lines(&self) -> Stored<Vec<NoticeLine>> {
        let unreadable = |fault: crate::rules::text::TextFault| StoreError::Unreadable(fault.detail);
        let line = |((line, part, description), unit): (&(RmaLine, String, String), &ExpectedReturn)| {
            Ok(NoticeLine {
                line: line.line,
                serial_number: SerialNumber::parse(&line.serial_number).map_err(unreadable)?,
                part_number: PartNumber::parse(part).map_err(unreadable)?,
                part_description: description.clone(),
                replacement_serial_number: line
                    .replacement_serial_number
                    .as_deref()
                    .map(SerialNumber::parse)
                    .transpose()
                    .map_err(unreadable)?,
                returned: unit.state.0.is_back(),
                replaces_dead: self.dead.replaced_by_line(line.id).and_then(|(rma, _)| RmaNumber::of(rma)),
            })
        };
        // A letter about the whole RMA that is called off still names what it was about.
        let told = |((line, ..), _): &(&(RmaLine, String, String), &ExpectedReturn)| !line.void || self.rma.state.0 == RmaState::Cancelled;
        self.lines.iter().zip(&self.returns).filter(told).map(line).collect()
    }
}

/// When a deadline is first to be looked at, by the version of the program and the tier that is delivered: only running returns are.
pub(super) fn first_reminder(ctx: &Context, (program_version, tier): (&str, Tier), deadline: &Deadline) -> Option<Ts> {
    let (DeadlineKind::ReturnBy, DeadlineState::Running, Some(due_at), Some(started_at)) =
        (deadline.basis.kind, deadline.state, deadline.due_at, deadline.basis.reminds_since())
    else {
        return None;
    };
    let awaited = Awaited { started_at, due_at, zone: deadline.basis.zone, tier };
    reminder_terms(ctx, program_version).and_then(|terms| reminder::next(terms, &awaited, started_at)).map(Ts::from)
}

/// The reminders of the version that the RMA is pinned to; of the current one where the vendor has removed it.
pub(super) fn reminder_terms<'a>(ctx: &'a Context, program_version: &str) -> Option<&'a ReminderTerms> {
    let programs = &ctx.reference.programs;
    programs.version(program_version).or_else(|| programs.in_force(ctx.now.date_naive())).map(|p| &p.return_reminders)
}

/// A place as letters show it.
pub fn place(code: &str, name: &str, address: &Address) -> Place {
    let mut lines: Vec<String> = address.lines.iter().map(ToString::to_string).collect();
    let city = [Some(address.city.as_str()), address.region.as_ref().map(|r| r.as_str()), address.postal_code.as_ref().map(|p| p.as_str())];
    lines.push(city.into_iter().flatten().collect::<Vec<_>>().join(", "));
    let country = address.country.as_str();
    lines.push(crate::reference::countries::name(country).unwrap_or(country).to_owned());
    Place { code: code.to_owned(), name: name.to_owned(), address: lines }
}
