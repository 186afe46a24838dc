//! What operations looks at first (P4): the RMAs that lose a day or miss their hours next.

use super::dossier::Dossier;
use super::{Context, Done};
use crate::rules::number::RmaNumber;
use crate::rules::radar::{self, Risk};
use crate::store::{Conn, Id, Page, deadlines};
use chrono::{DateTime, Utc};

/// Most RMAs that the radar sees, the ones that are due first. A desk that has more on hand than that has other worries.
const MOST: i64 = 10_000;

/// Where a page of the radar ends: the instant of the last row, and its RMA.
pub type Mark = (DateTime<Utc>, i64);

/// A page of the RMAs whose replacement hasn't left or arrived, by what they lose next.
pub fn scan_radar(
    conn: &mut Conn,
    ctx: &Context,
    organization: Option<Id>,
    after: Option<Mark>,
    limit: i64,
) -> Done<Page<(Dossier, Risk)>> {
    let calendars = ctx.calendars(conn)?;
    let mut found: Vec<(Mark, Risk)> = Vec::new();
    for kept in deadlines::of_replacements(conn, organization, MOST)? {
        let deadline = &kept.deadline;
        if let Some(risk) = radar::risk(&deadline.basis, deadline.state, deadline.due_at, &calendars, ctx.now) {
            found.push(((risk.at, kept.rma), risk));
        }
    }
    found.retain(|(mark, _)| after.is_none_or(|after| *mark > after));
    found.sort_by_key(|(mark, _)| *mark);
    let keep = usize::try_from(limit).unwrap_or(0);
    let more = found.len() > keep;
    let mut rows = Vec::new();
    for ((_, serial), risk) in found.into_iter().take(keep) {
        if let Some(number) = RmaNumber::of(serial) {
            rows.push((Dossier::read(conn, ctx, number)?, risk));
        }
    }
    Ok(Page { rows, more })
}
