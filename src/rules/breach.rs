//! Who had the time of an RMA (P3.5): the whole from the verified defect to the end is cut into segments that add up to it.

use super::term::terms;
use chrono::{DateTime, Utc};

terms! {
    /// A part of the way of an RMA, by whose hands it was in.
    Segment, "segment" {
        /// From the verified defect to the issue of the RMA.
        Authorization => "authorization",
        /// From the issue until the clock starts: a contact is named, and accepts delivery.
        Customer => "customer",
        /// From then until the replacement leaves, holds included.
        Stock => "stock",
        /// From then until it is delivered.
        Courier => "courier",
    }
}

/// What is recorded about the way of one RMA to the end of one of its deadlines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    /// When the last of its defects was verified; the issue, where that isn't known.
    pub verified_at: Option<DateTime<Utc>>,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// When the deadline's clock started.
    pub started_at: Option<DateTime<Utc>>,
    /// When the replacement left.
    pub shipped_at: Option<DateTime<Utc>>,
    /// When the deadline's thing was done, or as of when it isn't.
    pub ended_at: DateTime<Utc>,
}

/// The seconds of each segment, in order. They add up to the time from the verified defect to the end, whatever was recorded: what
/// has not happened by the end lasts until the end, and nothing ends before what it follows.
pub fn cut(way: &Way) -> [(Segment, i64); 4] {
    let start = way.verified_at.unwrap_or(way.issued_at).min(way.issued_at).min(way.ended_at);
    let after = |at: Option<DateTime<Utc>>, before: DateTime<Utc>| at.unwrap_or(way.ended_at).clamp(before, way.ended_at);
    let issued = after(Some(way.issued_at), start);
    let started = after(way.started_at, issued);
    let shipped = after(way.shipped_at, started);
    let seconds = |from: DateTime<Utc>, to: DateTime<Utc>| (to - from).num_seconds();
    [
        (Segment::Authorization, seconds(start, issued)),
        (Segment::Customer, seconds(issued, started)),
        (Segment::Stock, seconds(started, shipped)),
        (Segment::Courier, seconds(shipped, way.ended_at)),
    ]
}

/// The segment that a breach is attributed to: the longest; of equals the later one, which was nearer to the miss.
pub fn attributed(cut: &[(Segment, i64); 4]) -> Segment {
    cut.iter().max_by_key(|(_, seconds)| *seconds).map_or(Segment::Stock, |(segment, _)| *segment)
}

#[cfg(test)]
mod tests;
