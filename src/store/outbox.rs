//! Letters that are promised (P4.6): written in the transaction of what they tell, posted later, each once.

use super::conn::on;
use super::schema::{outbox, rmas};
use super::{Conn, Id, Json, Page, Stored, Ts, Word};
use crate::rules::notice::{Notice, NoticeKind};
use crate::rules::posting::LONGEST_PAUSE;
use crate::rules::term::terms;
use diesel::prelude::*;

terms! {
    /// Where a letter stands.
    LetterState, "letter state" {
        /// Promised; will be posted.
        Queued => "queued",
        /// Accepted by the mail server.
        Sent => "sent",
        /// Given up after many tries, or refused for good: somebody has to look.
        Stuck => "stuck",
        /// Never sent: a later letter made it pointless before it left.
        Superseded => "superseded",
    }
}

/// A letter's row.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = outbox, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
#[expect(missing_docs, reason = "columns; see migrations/")]
pub struct LetterRow {
    pub id: Id,
    pub key: String,
    pub rma_id: Option<Id>,
    pub organization_id: Option<Id>,
    pub kind: Word<NoticeKind>,
    pub state: Word<LetterState>,
    pub notice: Json,
    pub attempts: i32,
    pub next_at: Ts,
    pub leased_until: Option<Ts>,
    pub promised_at: Ts,
    pub sent_at: Option<Ts>,
    pub message_id: Option<String>,
    pub delivered_to: Option<String>,
    pub last_error: Option<String>,
    pub urgency: i16,
}

/// Promises a letter; false if one with this key is promised already. `organization` is whose customers may read it.
pub fn promise(conn: &mut Conn, notice: &Notice, rma: Option<Id>, organization: Option<Id>) -> Stored<bool> {
    let at = Ts::from(notice.facts.written_at);
    let row = LetterRow {
        id: Id::new(),
        key: notice.key.clone(),
        rma_id: rma,
        organization_id: organization,
        kind: Word(notice.kind),
        state: Word(LetterState::Queued),
        notice: Json::of(notice)?,
        attempts: 0,
        next_at: at,
        leased_until: None,
        promised_at: at,
        sent_at: None,
        message_id: None,
        delivered_to: None,
        last_error: None,
        urgency: notice.kind.urgency().rank(),
    };
    let promised = on!(conn, c => diesel::insert_into(outbox::table).values(&row).on_conflict(outbox::key).do_nothing().execute(c))?;
    if let (1, Some(rma)) = (promised, rma) {
        supersede(conn, rma, row.id, notice.kind.supersedes(), at)?;
    }
    Ok(promised == 1)
}

/// Letters of these kinds that still wait, and that no poster has in its hands, are not sent any more.
fn supersede(conn: &mut Conn, rma: Id, by: Id, kinds: &[NoticeKind], now: Ts) -> Stored<()> {
    if kinds.is_empty() {
        return Ok(());
    }
    let kinds: Vec<Word<NoticeKind>> = kinds.iter().copied().map(Word).collect();
    on!(conn, c => diesel::update(outbox::table
        .filter(outbox::rma_id.eq(rma))
        .filter(outbox::kind.eq_any(&kinds))
        .filter(outbox::id.ne(by))
        .filter(outbox::state.eq(Word(LetterState::Queued)))
        .filter(outbox::leased_until.is_null().or(outbox::leased_until.lt(now))))
        .set(outbox::state.eq(Word(LetterState::Superseded))).execute(c))?;
    Ok(())
}

/// Leases letters that are due until `until`, the most urgent ones first: no other poster takes them before. Counts the attempt.
/// What would wait for longer than anything does was put off by a clock that has gone back since: it is due.
pub fn lease(conn: &mut Conn, now: Ts, until: Ts, limit: i64) -> Stored<Vec<LetterRow>> {
    let o = diesel::alias!(outbox as o);
    let (no_pause, no_lease) = (Ts::from(now.at() + LONGEST_PAUSE), Ts::from(until.at() + LONGEST_PAUSE));
    macro_rules! due {
        () => {
            o.filter(o.field(outbox::state).eq(Word(LetterState::Queued)))
                .filter(o.field(outbox::next_at).le(now).or(o.field(outbox::next_at).gt(no_pause)))
                .filter(
                    o.field(outbox::leased_until)
                        .is_null()
                        .or(o.field(outbox::leased_until).lt(now))
                        .or(o.field(outbox::leased_until).gt(no_lease)),
                )
                .order((o.field(outbox::urgency), o.field(outbox::next_at)))
                .limit(limit)
                .select(o.field(outbox::id))
        };
    }
    macro_rules! take {
        ($c:expr, $ids:expr) => {
            diesel::update(outbox::table.filter(outbox::id.eq_any($ids)))
                .set((outbox::leased_until.eq(Some(until)), outbox::attempts.eq(outbox::attempts + 1)))
                .returning(LetterRow::as_returning())
                .get_results($c)
        };
    }
    let mut rows = match conn {
        Conn::Pg(c) => take!(c, due!().for_update().skip_locked())?,
        Conn::Sqlite(c) => take!(c, due!())?,
    };
    rows.sort_by_key(|r| (r.urgency, r.next_at, r.id));
    Ok(rows)
}

/// Marks a letter as sent.
pub fn mark_sent(conn: &mut Conn, id: Id, at: Ts, message_id: &str, delivered_to: &str) -> Stored<()> {
    on!(conn, c => diesel::update(outbox::table.find(id)).set((
        outbox::state.eq(Word(LetterState::Sent)), outbox::sent_at.eq(Some(at)), outbox::message_id.eq(Some(message_id)),
        outbox::delivered_to.eq(Some(delivered_to)), outbox::leased_until.eq(None::<Ts>), outbox::last_error.eq(None::<String>),
    )).execute(c))?;
    Ok(())
}

/// Marks a try that failed: again at `next_at`, or stuck.
pub fn mark_failed(conn: &mut Conn, id: Id, next_at: Option<Ts>, error: &str) -> Stored<()> {
    let state = if next_at.is_some() { LetterState::Queued } else { LetterState::Stuck };
    on!(conn, c => diesel::update(outbox::table.find(id)).set((
        outbox::state.eq(Word(state)), outbox::last_error.eq(Some(error)), outbox::leased_until.eq(None::<Ts>),
    )).execute(c))?;
    if let Some(at) = next_at {
        on!(conn, c => diesel::update(outbox::table.find(id)).set(outbox::next_at.eq(at)).execute(c))?;
    }
    Ok(())
}

/// Gives a leased letter back as if it had not been tried: what failed was not about it.
pub fn release(conn: &mut Conn, id: Id, error: &str) -> Stored<()> {
    on!(conn, c => diesel::update(outbox::table.filter(outbox::id.eq(id)).filter(outbox::state.eq(Word(LetterState::Queued)))).set((
        outbox::attempts.eq(outbox::attempts - 1), outbox::leased_until.eq(None::<Ts>), outbox::last_error.eq(Some(error)),
    )).execute(c))?;
    Ok(())
}

/// A letter that was promised: when, and when it left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
#[expect(missing_docs, reason = "columns; see migrations/")]
pub struct Promised {
    pub kind: Word<NoticeKind>,
    pub promised_at: Ts,
    pub sent_at: Option<Ts>,
}

/// The letters of these kinds that were promised about an RMA, the first one first; `sent_at` is empty until one has left. With
/// `rules::instruction::instructs` it tells when the customer was told how to return the unit (P4.6).
pub fn sent(conn: &mut Conn, rma: Id, kinds: &[NoticeKind]) -> Stored<Vec<Promised>> {
    let kinds: Vec<Word<NoticeKind>> = kinds.iter().copied().map(Word).collect();
    Ok(on!(conn, c => outbox::table
        .filter(outbox::rma_id.eq(rma))
        .filter(outbox::kind.eq_any(&kinds))
        .order(outbox::id)
        .select((outbox::kind, outbox::promised_at, outbox::sent_at))
        .load(c))?)
}

/// Puts a stuck letter back into the queue; false if it isn't stuck.
pub fn requeue(conn: &mut Conn, id: Id, now: Ts) -> Stored<bool> {
    let changed = on!(conn, c => diesel::update(outbox::table.filter(outbox::id.eq(id)).filter(outbox::state.eq(Word(LetterState::Stuck))))
        .set((outbox::state.eq(Word(LetterState::Queued)), outbox::attempts.eq(0), outbox::next_at.eq(now))).execute(c))?;
    Ok(changed == 1)
}

/// Which letters are wanted.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "filters by column")]
pub struct Filter {
    pub id: Option<Id>,
    pub rma: Option<Id>,
    pub organization: Option<Id>,
    pub state: Option<LetterState>,
}

/// A page of letters with the number of their RMA, oldest first.
pub fn page(conn: &mut Conn, filter: &Filter, after: Option<Id>, limit: i64) -> Stored<Page<(LetterRow, Option<i64>)>> {
    let rows = on!(conn, c => {
        let mut q = outbox::table.left_join(rmas::table.on(outbox::rma_id.eq(rmas::id.nullable())))
            .select((LetterRow::as_select(), rmas::number.nullable())).into_boxed();
        if let Some(id) = filter.id { q = q.filter(outbox::id.eq(id)); }
        if let Some(rma) = filter.rma { q = q.filter(outbox::rma_id.eq(rma)); }
        if let Some(organization) = filter.organization { q = q.filter(outbox::organization_id.eq(organization)); }
        if let Some(state) = filter.state { q = q.filter(outbox::state.eq(Word(state))); }
        if let Some(after) = after { q = q.filter(outbox::id.gt(after)); }
        q.order(outbox::id).limit(limit + 1).load(c)
    })?;
    Ok(Page::of(rows, limit))
}
