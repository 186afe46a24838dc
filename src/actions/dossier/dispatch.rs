//! Sending for couriers (P4.2): dispatches, what changes them, and the letters that go with them.

use super::{Dossier, gone};
use crate::actions::{Context, Done};
use crate::rules::dispatch::{self, DispatchState, next_sequence};
use crate::rules::notice::{Mailbox, Notice, NoticeDispatch, NoticeKind};
use crate::rules::program::CourierTerms;
use crate::rules::record::Courier;
use crate::rules::rma::RmaState;
use crate::store::dispatches::Dispatch;
use crate::store::{self, Conn, Id, Stand, StoreError, Stored, Ts, Word};
use chrono::TimeDelta;

impl Dossier {
    /// Tells the courier where to go and by when; every change of what it was told is a dispatch of its own, and takes the place
    /// of the one before, whose links end. What a courier has done already stays done. Nothing without a courier.
    pub fn dispatch(&mut self, conn: &mut Conn, ctx: &Context) -> Done<()> {
        let Some(courier) = self.courier.clone() else { return Ok(()) };
        let earlier = store::dispatches::of_shipment(conn, self.shipment.id)?;
        let before = earlier.iter().rfind(|d| d.state.0.is_open()).cloned();
        if let Some(before) = &before {
            self.end(conn, ctx, before, DispatchState::Superseded)?;
        }
        let last = earlier.iter().rfind(|d| d.courier_id == courier.id).map(|d| (d.sequence, d.state.0));
        let kept = before.filter(|d| d.courier_id == courier.id);
        let (accepted_at, picked_up_at) = kept.map_or((None, None), |d| (d.accepted_at, d.picked_up_at));
        let terms = self.courier_terms(ctx)?;
        let accept_by = dispatch::accept_by(&terms, ctx.now);
        let state = match (accepted_at, picked_up_at) {
            (_, Some(_)) => DispatchState::PickedUp,
            (Some(_), None) => DispatchState::Accepted,
            (None, None) => DispatchState::Sent,
        };
        self.shipment.dispatches = self.shipment.dispatches.saturating_add(1);
        store::shipments::update(conn, &self.shipment)?;
        let new = Dispatch {
            id: Id::new(),
            shipment_id: self.shipment.id,
            number: self.shipment.dispatches,
            courier_id: courier.id,
            state: Word(state),
            sequence: next_sequence(last),
            sent_at: ctx.ts(),
            accept_by: accept_by.into(),
            reminded_at: None,
            look_at: (state == DispatchState::Sent).then(|| Ts::from(dispatch::remind_at(ctx.now, accept_by))),
            links_expire_at: (ctx.now + TimeDelta::hours(terms.links_valid_hours.into())).into(),
            accepted_at,
            picked_up_at,
            ended_at: None,
            problem_at: None,
            problem: None,
            latitude: None,
            longitude: None,
            accuracy_meters: None,
        };
        store::dispatches::insert(conn, &new)?;
        self.tell_courier(conn, ctx, (&courier, &new), NoticeKind::CourierDispatch, None)
    }

    /// The dispatch in force.
    pub fn open_dispatch(&self, conn: &mut Conn) -> Stored<Option<Dispatch>> {
        // Most RMAs have no courier: they are not asked about.
        match self.shipment.dispatches {
            0 => Ok(None),
            _ => Ok(store::dispatches::of_shipment(conn, self.shipment.id)?.into_iter().rfind(|d| d.state.0.is_open())),
        }
    }

    /// Moves the open dispatch along with the RMA: whoever recorded that the part left or arrived, the courier's links show it.
    pub fn dispatch_follows(&self, conn: &mut Conn, ctx: &Context, next: DispatchState) -> Done<()> {
        let Some(open) = self.open_dispatch(conn)? else { return Ok(()) };
        match next.may_follow(open.state.0) {
            true => self.move_dispatch(conn, ctx, open, next).map(drop),
            false => Ok(()),
        }
    }

    /// Moves a dispatch to a state that its table allows.
    pub fn move_dispatch(&self, conn: &mut Conn, ctx: &Context, mut dispatch: Dispatch, next: DispatchState) -> Done<Dispatch> {
        dispatch.state = Word(next);
        dispatch.look_at = None;
        match next {
            DispatchState::Accepted => dispatch.accepted_at = Some(ctx.ts()),
            DispatchState::PickedUp => dispatch.picked_up_at = Some(ctx.ts()),
            _ => {}
        }
        if !next.is_open() {
            dispatch.ended_at = Some(ctx.ts());
        }
        store::dispatches::update(conn, &dispatch)?;
        let told = serde_json::json!({"dispatch": dispatch.number, "problem": dispatch.problem});
        self.record(conn, ctx, &format!("dispatch_{next}"), &told)?;
        Ok(dispatch)
    }

    /// Calls the courier off: the dispatch's links end, and its calendar entry goes.
    pub fn call_off(&self, conn: &mut Conn, ctx: &Context, why: &str) -> Done<()> {
        let Some(open) = self.open_dispatch(conn)? else { return Ok(()) };
        let courier = store::couriers::get(conn, open.courier_id)?.ok_or_else(|| gone("courier"))?;
        self.end(conn, ctx, &open, DispatchState::Cancelled)?;
        self.tell_courier(conn, ctx, (&courier, &open), NoticeKind::CourierCancelled, Some(why.to_owned()))
    }

    fn end(&self, conn: &mut Conn, ctx: &Context, dispatch: &Dispatch, state: DispatchState) -> Done<()> {
        self.move_dispatch(conn, ctx, dispatch.clone(), state).map(drop)
    }

    /// Reminds the courier that it has not answered.
    pub fn remind_courier(&self, conn: &mut Conn, ctx: &Context, dispatch: &Dispatch) -> Done<()> {
        let Some(courier) = &self.courier else { return Ok(()) };
        self.tell_courier(conn, ctx, (courier, dispatch), NoticeKind::CourierReminder, None)
    }

    fn tell_courier(
        &self,
        conn: &mut Conn,
        ctx: &Context,
        (courier, dispatch): (&Stand<Courier>, &Dispatch),
        kind: NoticeKind,
        remark: Option<String>,
    ) -> Done<()> {
        let suffix = match kind {
            NoticeKind::CourierCancelled => "/cancelled",
            NoticeKind::CourierReminder => "/reminder",
            _ => "",
        };
        let mut facts = self.notice_facts(ctx, remark)?;
        facts.dispatch = Some(NoticeDispatch {
            id: dispatch.id.uuid(),
            number: dispatch.number,
            courier: courier.record.code.clone(),
            courier_name: courier.record.name.to_string(),
            // A cancellation is the entry's next version.
            sequence: dispatch.sequence.saturating_add(i32::from(kind == NoticeKind::CourierCancelled)),
            accept_by: (dispatch.state.0 == DispatchState::Sent).then(|| dispatch.accept_by.at()),
            links_expire_at: dispatch.links_expire_at.at(),
        });
        let notice = Notice {
            key: format!("rma/{}/dispatch/{}{suffix}", self.number.stem(), dispatch.number),
            kind,
            to: vec![Mailbox { name: courier.record.name.to_string(), email: courier.record.email.clone() }],
            language: courier.record.language,
            zone: self.reader_zone(),
            facts,
        };
        store::outbox::promise(conn, &notice, Some(self.rma.id), None)?;
        Ok(())
    }

    /// Tells operations that a dispatch needs somebody. `suffix` names the occasion.
    pub fn alert(&self, conn: &mut Conn, ctx: &Context, suffix: &str, why: String) -> Done<()> {
        self.tell_operations(conn, ctx, NoticeKind::DispatchAlert, suffix, why)
    }

    /// Tells operations that the replacement's part is short (P4, P4.2).
    pub fn alert_stock(&self, conn: &mut Conn, ctx: &Context, why: String) -> Done<()> {
        self.tell_operations(conn, ctx, NoticeKind::StockAlert, "stock-alert", why)
    }

    fn tell_operations(&self, conn: &mut Conn, ctx: &Context, kind: NoticeKind, suffix: &str, why: String) -> Done<()> {
        let notice = Notice {
            key: format!("rma/{}/{suffix}", self.number.stem()),
            kind,
            to: Vec::new(),
            language: self.organization.record.language,
            zone: self.reader_zone(),
            facts: self.notice_facts(ctx, Some(why))?,
        };
        store::outbox::promise(conn, &notice, Some(self.rma.id), None)?;
        Ok(())
    }

    /// True while the replacement has not left.
    pub fn awaits_pick_up(&self) -> bool {
        self.rma.state.0 == RmaState::Issued
    }

    /// The couriers' terms of the version that the RMA is pinned to; of the current one where the vendor has removed it.
    fn courier_terms(&self, ctx: &Context) -> Stored<CourierTerms> {
        let programs = &ctx.reference.programs;
        let program = programs.version(&self.rma.program_version).or_else(|| programs.in_force(ctx.now.date_naive()));
        program.map(|p| p.couriers).ok_or_else(|| StoreError::Other("no program is in force".to_owned()))
    }
}
